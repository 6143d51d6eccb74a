"""Show one call as four steps: have it, read it back, answer it, act on it."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec

from clearline.geo.separation import middle
from clearline.geo.voice import spell
from clearline.geo.writing import from_two_origins
from clearline.model.calls import (
    ANSWERS,
    RESPONSES,
    Answer,
    Call,
    Kind,
    UnableReason,
)
from clearline.model.conflicts import ConflictId
from clearline.model.errors import ClearlineError
from clearline.model.instants import Duration, Instant, Window
from clearline.model.parties import Desk
from clearline.model.places import Place, Unlocated
from clearline.rules.answering import elements_of
from clearline.rules.conflicts import BY_THE_LINE
from clearline.web.console.approach import approach
from clearline.web.console.board import Row, name_of, row_of, standing
from clearline.web.console.pages import Form, Page, Shown, Visit
from clearline.web.console.proving import evidence, signs
from clearline.web.endpoints import CALLING, LOOKING, SIGNED_IN
from clearline.web.refusals import BadRequest, not_there
from clearline.wire.forms.calls import (
    Acknowledging,
    AnswerOf,
    CeasedAt,
    Closing,
    EntriesOf,
    PassingOn,
    ReadBackDone,
    Renewing,
    SaidOf,
    SayingBack,
    ShownAt,
    Withdrawing,
)
from clearline.wire.forms.conflicts import PlanGiven, ScreeningShown

_FINEST_M: Final = 1.0
_NEAR_M: Final = 1_000.0
_NEXT: Final = Duration(hours=1)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a place as it is read out: figures, spelled, and from two named places."""

    place: Place
    spelled: str
    bearings: tuple[str, ...]


async def _see(visit: Visit) -> Shown:
    call = _call(visit)
    row = row_of(visit, call)
    if row is None:
        raise not_there("call")
    return Shown(
        template="call.html",
        has={
            "row": row,
            "call": call,
            "told": tuple(_told(visit, one) for one in _places(call)),
            "elements": elements_of(call),
            "answers": _answers(call),
            "reasons": tuple(UnableReason),
            "steps": _steps(row),
            "below": _below(visit, call),
            "desks": _others(visit),
            "names": _names(visit, call),
            "rungs": _rungs(visit, call),
            "children": [one for one in standing(visit) if one.passed_from == call.id],
            "entries": await _entries(visit, call),
            "back": call.said_back[-1] if call.said_back else None,
            "can_release": _can_release(visit, call),
            "touched": await _touched(visit, row),
            "signs": signs(visit, call=call.id) if call.kind is Kind.RELEASE else "",
            "passed_to": {one.to_desk for one in call.passed},
            "conflict": (conflict := _conflict_of(visit, call)),
            "approach": await approach(visit, conflict) if conflict else None,
        },
    )


def _call(visit: Visit) -> Call:
    """Find the call of the path, as recorded or as it rings; else it is not there."""
    wanted = visit.part("call")
    for call in standing(visit):
        if call.id == wanted:
            return call
    raise not_there("call")


def _places(call: Call) -> list[Place]:
    return [one for one in (call.card.where, call.card.where_again) if one is not None]


def _told(visit: Visit, place: Place) -> Told:
    """Say a place as numbers are read back: spelled, and from two named places."""
    with visit.looking() as view:
        own = tuple(view.origins.values())
    origins = visit.service.known(own)
    bearings: tuple[str, ...] = ()
    if not isinstance(place.footprint, Unlocated):
        off_m = max(place.precision_m or 0.0, _FINEST_M)
        bearings = from_two_origins(middle(place.footprint), origins, off_m)
    return Told(place=place, spelled=spell(place.text), bearings=bearings)


def _answers(call: Call) -> tuple[Answer, ...]:
    admitted = ANSWERS[RESPONSES[call.kind]]
    return tuple(answer for answer in Answer if answer in admitted)


def _steps(row: Row) -> dict[str, str]:
    """Say of each of the four steps whether it is done, is next, or comes later."""
    call = row.call
    done = {
        "have": bool(call.holders) or call.has_ceased_at is not None,
        "read_back": call.has_read_back_at is not None,
        "answer": any(one.answer is not Answer.STANDBY for one in call.answers),
        "act": call.has_ceased_at is not None,
    }
    states, is_next = {}, call.is_open
    for name, is_done in done.items():
        states[name] = "done" if is_done else ("next" if is_next else "later")
        is_next = is_next and is_done
    return states


def _below(visit: Visit, call: Call) -> list[Desk]:
    with visit.looking() as view:
        own = (call.to_desk, visit.caller.desk)
        return [
            desk
            for desk in view.desks.values()
            if any(view.is_under(desk.id, above) for above in own)
        ]


def _others(visit: Visit) -> list[Desk]:
    with visit.looking() as view:
        return [desk for desk in view.desks.values() if desk.id != visit.caller.desk]


def _names(visit: Visit, call: Call) -> dict[str, str]:
    """Name everybody who did something on a call, and every desk."""
    with visit.service.node.writer.gate:
        view = visit.service.node.picture
        actors = [call.raised_by]
        actors += [one.by for one in call.acknowledgements]
        actors += [one.by for one in call.answers]
        actors += [one.by for one in call.said_back]
        actors += [one.by for one in call.passed]
        persons = {one.person for one in actors} | {one.person for one in call.ringing}
        named = {str(one): name_of(view, one) for one in persons if one}
        return named | {str(desk.id): desk.name for desk in view.desks.values()}


def _rungs(visit: Visit, call: Call) -> list[dict[str, Any]]:
    """Say the ladder as it was frozen: who is rung by now, and who is next."""
    with visit.looking() as view:
        names = {desk.id: desk.name for desk in view.desks.values()}
    return [
        {
            "desk": names.get(rung.desk, rung.desk),
            "after": round(rung.after.total_seconds()),
            "everybody": rung.has_members,
            "roles": rung.roles,
            "is_rung": at <= call.rung,
            "is_next": at == call.rung + 1,
        }
        for at, rung in enumerate(call.ladder.rungs)
    ]


async def _entries(visit: Visit, call: Call) -> list[dict[str, Any]]:
    """List what happened, in the order of the log, newest first."""
    found: EntriesOf = await visit.do("listCallEntries", call=call.id)
    with visit.looking() as view:
        return [
            {
                "index": one.index,
                "act": one.act,
                "at": one.at,
                "who": name_of(
                    view,
                    one.says.get("by", {}).get("person"),
                    one.says.get("by", {}).get("device", ""),
                ),
                "is_ours": "text" in one.says,
                "says": one.says.get("text")
                or one.says.get("why")
                or one.says.get("answer")
                or one.says.get("detail")
                or "",
            }
            for one in reversed(found.items)
        ]


async def _touched(visit: Visit, row: Row) -> ScreeningShown | None:
    """Say what of ours lies near what is to stop, in the next hour; at once.

    Nothing where the call asks for no stop, went to somebody else, or says no place.
    """
    call, place = row.call, row.call.card.where
    is_urgent = call.kind in (Kind.STOP, Kind.HOLD) and row.is_called and call.is_open
    if not is_urgent or place is None or isinstance(place.footprint, Unlocated):
        return None
    plan = PlanGiven(
        where=place,
        window=Window(start=visit.now, end=visit.now + _NEXT),
        buffer_m=_NEAR_M,
    )
    try:
        found: ScreeningShown = await visit.do("screen", plan)
    except ClearlineError:
        return None  # the call itself waits for nothing
    return found


def _conflict_of(visit: Visit, call: Call) -> ConflictId | None:
    """Find the conflict a WARN rings for; only the line itself raises those."""
    if call.kind is not Kind.WARN or call.raised_by.device != BY_THE_LINE:
        return None
    with visit.looking() as view:
        return next(
            (one.id for one in view.conflicts.values() if call.id in one.calls), None
        )


def _can_release(visit: Visit, call: Call) -> bool:
    return (
        call.is_in_force
        and call.kind in (Kind.STOP, Kind.HOLD)
        and call.raised_by.party == visit.caller.party
        and call.passed_from is None
    )


# --- what the forms do --------------------------------------------------------


def _act(name: str, make: Callable[[Visit], Any]) -> Callable[[Visit], Awaitable[str]]:
    """Make a form do one operation on the call of its path, and show the call."""

    async def do(visit: Visit) -> str:
        await visit.do(name, make(visit), call=visit.part("call"))
        return _back_to(visit)

    return do


def _back_to(visit: Visit) -> str:
    return "/" if visit.said("back") == "/" else f"/calls/{visit.part('call')}"


def _answer_of(visit: Visit) -> AnswerOf:
    try:
        answer = Answer(visit.said("answer"))
        reason = UnableReason(visit.said("reason")) if visit.said("reason") else None
    except ValueError as error:
        raise BadRequest(
            "That is no answer to a call.",
            state="Nothing was answered.",
            next="Choose one of those on the page.",
        ) from error
    return AnswerOf(
        answer=answer,
        reason=reason if answer is Answer.UNABLE else None,
        whom=visit.said("whom") or None,
        detail=visit.said("detail"),
        until=_promised(visit) if answer is Answer.STANDBY else None,
        evidence=evidence(visit),
    )


def _promised(visit: Visit) -> Instant | None:
    """Return when a STANDBY promises an answer by, or nothing where it says nothing."""
    within = visit.said("within")
    return visit.now + Duration(minutes=int(within)) if within.isdecimal() else None


async def _read_back(visit: Visit) -> str:
    """Compare what was typed, or what was sent where the caller confirmed it."""
    call = _call(visit)
    is_confirmed = visit.said("confirmed") == "aloud"
    said = tuple(
        SaidOf(name=one.name, text=one.text if is_confirmed else heard)
        for one in elements_of(call)
        if (heard := visit.said(f"said.{one.name}")) or is_confirmed
    )
    done: ReadBackDone = await visit.do("readBack", SayingBack(said=said), call=call.id)
    return f"/calls/{call.id}" if done.is_match else f"/calls/{call.id}#readback"


async def _shown(visit: Visit) -> str:
    await visit.do("callShown", ShownAt(), call=visit.part("call"))
    return _back_to(visit)


def _minutes(visit: Visit) -> Renewing:
    try:
        minutes = float(visit.said("minutes") or "15")
    except ValueError as error:
        raise BadRequest(
            f"{visit.said('minutes')!r} is no number of minutes.",
            state="The HOLD ends as before.",
            next="Give minutes as figures.",
        ) from error
    return Renewing(ends_in_s=max(1.0, minutes * 60))


_ACTS: Final[dict[str, tuple[str, Callable[[Visit], Any]]]] = {
    "acknowledge": ("acknowledge", lambda _: Acknowledging()),
    "withdraw": (
        "withdrawAcknowledgement",
        lambda visit: Withdrawing(why=visit.said("why")),
    ),
    "answer": ("answer", _answer_of),
    "pass-on": ("passOn", lambda visit: PassingOn(to_desk=visit.said("desk") or "-")),
    "ceased": ("ceased", lambda visit: CeasedAt(detail=visit.said("detail"))),
    "close": ("close", lambda visit: Closing(why=visit.said("why"))),
    "renew": ("renewHold", _minutes),
}

PAGES: Final = (Page(path="/calls/{call:path}", see=_see, may=LOOKING),)
FORMS: Final = (
    *(
        Form(
            path=f"/calls/{{call:path}}/{path}",
            do=_act(name, make),
            on=_see,
            may=SIGNED_IN,
        )
        for path, (name, make) in _ACTS.items()
    ),
    Form(path="/calls/{call:path}/read-back", do=_read_back, on=_see, may=SIGNED_IN),
    Form(path="/calls/{call:path}/shown", do=_shown, on=_see, may=CALLING),
)
