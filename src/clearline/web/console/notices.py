"""File a notice, see before it goes what it says and meets; read and answer notices.

    kind -> where -> when -> what -> who sees it --look over--> file
                                                      |
                 how it was read, what it would meet, what was not checked

Filing is kept back by no place, no time, or a choice nobody made. Nobody is told but
the desks named, and coarsely unless somebody agreed to more.
"""

from typing import Any, Final
from urllib.parse import quote

import msgspec

from clearline.geo.reading import read_place
from clearline.model.errors import BadInput, ClearlineError
from clearline.model.instants import Instant, Window, parse_instant
from clearline.model.notices import (
    LEGAL_LINE,
    Disposition,
    NoticeKind,
    Precision,
)
from clearline.model.parties import DeskId
from clearline.model.places import Place, Reading
from clearline.model.screenings import Verdict
from clearline.web.console.pages import Form, Page, Shown, Visit
from clearline.web.console.sheet import heard
from clearline.web.endpoints import LOOKING, SIGNED_IN, Answered
from clearline.web.refusals import BadRequest
from clearline.wire.forms.conflicts import PlanGiven, ScreeningShown
from clearline.wire.forms.notices import (
    AnswerToNotice,
    Confirmation,
    LookedOver,
    NoticeGiven,
    Withdrawal,
)

ANSWERS: Final = (
    Disposition.ACKNOWLEDGED,
    Disposition.QUERIED,
    Disposition.NOT_OBJECTED,
    Disposition.OBJECTED,
)


async def _new(visit: Visit) -> Shown:
    return await _shown(visit)


async def _shown(visit: Visit, **more: Any) -> Shown:
    with visit.looking() as view:
        desks = [one for one in view.desks.values() if one.party != visit.caller.party]
    return Shown(
        template="new_notice.html",
        has={
            "kinds": tuple(NoticeKind),
            "desks": desks,
            "precisions": tuple(Precision),
            "legal": LEGAL_LINE,
            "readings": (),
            "looked": None,
            "screening": None,
            "named": visit.said("id"),
            **more,
        },
    )


# --- filing -------------------------------------------------------------------------


def _readings(visit: Visit) -> tuple[Reading, ...]:
    with visit.looking() as view:
        own = tuple(view.origins.values())
    try:
        return read_place(visit.said("where")[:2_000], visit.service.known(own))
    except BadInput:
        return ()


def _where(visit: Visit, readings: tuple[Reading, ...]) -> str | Place:
    """Return the place meant: the reading chosen, or the words as they stand."""
    choice = visit.said("choice")
    if choice.isdecimal() and 0 < int(choice) <= len(readings):
        return readings[int(choice) - 1].place
    return visit.said("where")


def _instant(visit: Visit, name: str) -> Instant | None:
    """Read a time of the form; it is UTC, whatever the machine's own zone is."""
    text = visit.said(name)
    if not text:
        return None
    try:
        return parse_instant(text if text.endswith("Z") else f"{text}Z")
    except BadInput as error:
        raise BadRequest(
            f"{text!r} is no time: {error.what}",
            state="Nothing was filed.",
            next="Give it in UTC, as 2026-03-01T14:00.",
        ) from error


def _given(visit: Visit, readings: tuple[Reading, ...]) -> NoticeGiven:
    tells = visit.all_said("tells")
    said = {
        "id": visit.said("id") or None,
        "what": visit.said("what"),
        "where_again": visit.said("where_again") or None,
        "buffer_m": _metres(visit.said("buffer_m")),
        "tells": tells,
        "consents": [
            {
                "desk": desk,
                "precision": visit.said(f"precision.{desk}") or "coarse",
                "by": visit.said("agreed"),
                "source": visit.said("agreed_how"),
            }
            for desk in tells
        ],
        "details": {"kind": visit.said("kind") or NoticeKind.ACTIVITY.value},
    }
    try:
        given = msgspec.convert(said, NoticeGiven)
    except msgspec.ValidationError as error:
        raise BadRequest(
            f"The form cannot be taken: {error}.",
            state="Nothing was filed.",
            next="Correct what it names.",
        ) from error
    return msgspec.structs.replace(
        given,
        where=_where(visit, readings) or None,
        start=_instant(visit, "start"),
        end=_instant(visit, "end"),
    )


def _metres(text: str) -> float:
    try:
        return float(text or 0)
    except ValueError as error:
        raise BadRequest(
            f"{text!r} is no number of metres.",
            state="Nothing was filed.",
            next="Give the margin as figures, in metres.",
        ) from error


async def _do(visit: Visit) -> str | Shown:
    """Look over what is in the form; file it where that was pressed and it is clear."""
    readings = await visit.asking.aside(lambda: _readings(visit))
    given = _given(visit, readings)
    is_unclear = len(readings) > 1 and not visit.said("choice")
    if visit.said("file") and not is_unclear:
        answered: Answered = await visit.do("fileNotice", given)
        return f"/notices/{quote(answered.body.notice.id)}"
    looked: LookedOver = await visit.do("checkNotice", given)
    screening = None if is_unclear else await _screened(visit, given)
    return await _shown(
        visit,
        readings=tuple(heard(visit, one) for one in readings),
        is_unclear=is_unclear,
        looked=looked,
        screening=screening,
        met=_met(screening),
    )


def _met(screening: ScreeningShown | None) -> list[Any]:
    if screening is None:
        return []
    return [one for one in screening.met if one.verdict is not Verdict.NONE_FOUND]


async def _screened(visit: Visit, given: NoticeGiven) -> ScreeningShown | None:
    """Say what it would meet; nothing where place or time are not there yet."""
    if not given.where or given.end is None:
        return None
    start = given.start or visit.now
    try:
        plan = PlanGiven(
            where=given.where,
            window=Window(start=start, end=given.end),
            buffer_m=given.buffer_m,
        )
        found: ScreeningShown = await visit.do("screen", plan)
    except ClearlineError:
        return None
    return found


# --- one notice ---------------------------------------------------------------------


async def _see(visit: Visit) -> Shown:
    seen = await visit.do("readNotice", notice=visit.part("notice"))
    revision = seen.revision
    with visit.looking() as view:
        names = {one.id: one.name for one in view.desks.values()}
    return Shown(
        template="notice.html",
        has={
            "seen": seen,
            "where": _told(visit, revision.where) if revision else None,
            "names": names,
            "answers": ANSWERS,
            "may_answer": not seen.is_own and visit.caller.person is not None,
            "is_waiting": not seen.is_own and not _answered(visit, seen),
        },
    )


def _told(visit: Visit, place: Place) -> Any:
    return heard(visit, Reading(place=place, understood=""))


def _answered(visit: Visit, seen: Any) -> bool:
    desk = DeskId(visit.caller.desk)
    return any(
        one.desk == desk and one.disposition in ANSWERS for one in seen.dispositions
    )


async def _answer(visit: Visit) -> str:
    try:
        disposition = Disposition(visit.said("answer"))
    except ValueError as error:
        raise BadRequest(
            "That is no answer to a notice.",
            state="Nothing was answered.",
            next="Choose one of those on the page.",
        ) from error
    body = AnswerToNotice(disposition=disposition, detail=visit.said("detail"))
    await visit.do("answerNotice", body, notice=visit.part("notice"))
    return _back(visit)


async def _withdraw(visit: Visit) -> str:
    body = Withdrawal(why=visit.said("why"))
    await visit.do("withdrawNotice", body, notice=visit.part("notice"))
    return _back(visit)


async def _confirm(visit: Visit) -> str:
    await visit.do("confirmNotice", Confirmation(), notice=visit.part("notice"))
    return _back(visit)


def _back(visit: Visit) -> str:
    return f"/notices/{quote(visit.part('notice'))}"


PAGES: Final = (
    Page(path="/notices/new", see=_new, may=SIGNED_IN),
    Page(path="/notices/{notice}", see=_see, may=LOOKING),
)
FORMS: Final = (
    Form(path="/notices/new", do=_do, on=_new, may=SIGNED_IN),
    Form(path="/notices/{notice}/answer", do=_answer, on=_see, may=SIGNED_IN),
    Form(path="/notices/{notice}/withdraw", do=_withdraw, on=_see, may=SIGNED_IN),
    Form(path="/notices/{notice}/confirm", do=_confirm, on=_see, may=SIGNED_IN),
)
