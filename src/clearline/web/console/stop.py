"""Send STOP in two actions, and show on a board what becomes of it.

Nothing here asks the disk, a place or a permission before it rings: an empty form is a
STOP to every other party. The form carries the call's id, so twice is once.
"""

from collections.abc import Iterator
from typing import Any, Final

from clearline.model.calls import Answer, Call, Kind
from clearline.model.parties import Desk
from clearline.web.console.board import Row, board, name_of, row_of, standing
from clearline.web.console.pages import Form, Gone, Page, Shown, Visit
from clearline.web.console.proving import evidence, signs
from clearline.web.endpoints import CALLING, OPEN, Answered
from clearline.web.refusals import BadRequest, not_there
from clearline.wire.forms.calls import CallGiven, CardGiven, Raised

_KINDS: Final = (Kind.STOP, Kind.HOLD)
_OTHER_KINDS: Final = (Kind.WARN, Kind.QUERY, Kind.LINE_CHECK, Kind.RELEASE)


async def _see(visit: Visit) -> Shown:
    known = visit.asking.known
    if known is None:
        return Shown(template="stop_by_voice.html")
    about = next(
        (row for row in board(visit) if row.call.id == visit.query("about")), None
    )
    return Shown(
        template="stop.html",
        has={"desks": _desks(visit), "about": about},
    )


def _desks(visit: Visit) -> list[Desk]:
    with visit.looking() as view:
        return [
            desk
            for desk in view.desks.values()
            if desk.party != visit.caller.party and desk.under is None
        ]


async def _send(visit: Visit) -> Gone:
    kind = Kind.HOLD if visit.said("kind") == Kind.HOLD else Kind.STOP
    once = visit.said("once") or visit.once()
    given = CallGiven(
        kind=kind,
        id=f"stop-{once}"[:120],
        to_desk=visit.said("to") or None,
        card=CardGiven(
            where=visit.said("where") or None,
            what=visit.said("what"),
            why=visit.said("why"),
        ),
    )
    answered: Answered = await visit.do("raiseCall", given)
    raised: Raised = answered.body
    group = raised.calls[0].id.partition(":")[0]
    return Gone(to=f"/stop/{group}")


async def _board(visit: Visit) -> Shown:
    group = visit.part("group")
    calls = [
        call
        for call in standing(visit)
        if call.id == group or call.id.startswith(f"{group}:")
    ]
    if not calls:
        raise not_there("STOP")
    return Shown(
        template="stop_board.html",
        has={
            "sent": [_sent(visit, call) for call in calls],
            "kind": calls[0].kind,
            "raised_at": calls[0].raised_at,
            "card": calls[0].card,
            "is_durable": all(
                row.is_durable for call in calls if (row := row_of(visit, call))
            ),
        },
    )


def _sent(visit: Visit, call: Call) -> dict[str, Any]:
    """Say, for one party, how far a STOP has come and when each step was."""
    node = visit.service.node
    row: Row | None = row_of(visit, call)
    with node.writer.gate:
        view = node.picture
        first = call.acknowledgements[0] if call.acknowledgements else None
        return {
            "call": call,
            "row": row,
            "steps": tuple(_reached(call)),
            "who": name_of(view, first.by.person, first.by.device) if first else "",
        }


def _reached(call: Call) -> Iterator[tuple[str, Any]]:
    """Give each step of a STOP and when it was reached; nothing where it was not."""
    wilco = [one.at for one in call.answers if one.answer is Answer.WILCO]
    acknowledged = call.acknowledgements[0].at if call.acknowledgements else None
    yield "sent", call.raised_at
    yield "received", call.received_at or (call.raised_at if not call.is_far else None)
    yield "acknowledged", acknowledged
    yield "read back", call.has_read_back_at
    yield "WILCO", wilco[0] if wilco else None
    yield "passed on", call.has_passed_on_at
    yield "ceased", call.has_ceased_at


# --- every other call ---------------------------------------------------------


async def _new(visit: Visit) -> Shown:
    of = [
        call
        for call in standing(visit)
        if call.is_in_force and call.raised_by.party == visit.caller.party
    ]
    with visit.looking() as view:
        desks = [one for one in view.desks.values() if one.id != visit.caller.desk]
    return Shown(
        template="new_call.html",
        has={
            "kinds": _OTHER_KINDS,
            "desks": desks,
            "of": of,
            "kind": visit.query("kind") or Kind.WARN,
            "wanted_of": visit.query("of"),
            "wanted_to": visit.query("to"),
            "wanted_what": visit.query("what"),
            "signs": signs(visit),
        },
    )


async def _raise(visit: Visit) -> str:
    try:
        kind = Kind(visit.said("kind"))
    except ValueError as error:
        raise BadRequest(
            f"{visit.said('kind')!r} is no kind of call.",
            state="Nothing was raised.",
            next="Choose one of those on the page.",
        ) from error
    given = CallGiven(
        kind=kind,
        id=f"call-{visit.said('once') or visit.once()}"[:120],
        to_desk=visit.said("to") or None,
        card=CardGiven(
            where=visit.said("where") or None,
            what=visit.said("what"),
            why=visit.said("why"),
        ),
        of=visit.said("of") or None if kind is Kind.RELEASE else None,
        evidence=evidence(visit) if kind is Kind.RELEASE else None,
    )
    answered: Answered = await visit.do("raiseCall", given)
    return f"/calls/{answered.body.calls[0].id}"


async def _voice(visit: Visit) -> Shown:
    """Show the words of a STOP by telephone; a browser keeps them for a dead link."""
    del visit
    return Shown(template="stop_by_voice.html")


PAGES: Final = (
    Page(path="/stop", see=_see, may=OPEN),
    Page(path="/voice", see=_voice, may=OPEN),
    Page(path="/stop/{group}", see=_board, may=CALLING),
    Page(path="/call", see=_new, may=CALLING),
)
FORMS: Final = (
    Form(path="/stop", do=_send, on=_see, may=CALLING),
    Form(path="/call", do=_raise, on=_new, may=CALLING),
)
