"""Say what becomes of a notice: how far it is, who looked through it, who was told.

planned -> departed -> at stop, delayed, diverted -> arrived -> how it went
through a desk: received, returned with what to correct, forwarded to a recipient
"""

from typing import Any, Final
from urllib.parse import quote

from clearline.model.errors import BadInput
from clearline.model.instants import Instant, parse_instant
from clearline.model.notice_details import NoticeKind
from clearline.model.notice_life import (
    Facilitation,
    MovementState,
    Routed,
    Routing,
)
from clearline.model.notice_seen import NoticeSeen
from clearline.model.parties import DeskId
from clearline.web.console.pages import Form, See, Visit
from clearline.web.endpoints import SIGNED_IN
from clearline.web.refusals import BadRequest
from clearline.wire.forms.conflicts import DisclosedShown
from clearline.wire.forms.notices import MovementGiven, OutcomeGiven, RouteGiven

REPORTED: Final = (
    MovementState.DEPARTED,
    MovementState.AT_STOP,
    MovementState.DELAYED,
    MovementState.DIVERTED,
    MovementState.ARRIVED,
)
"""What people say of a movement; the rest a clock says."""


async def life_of(visit: Visit, seen: NoticeSeen) -> dict[str, Any]:
    """Return what a page says and asks of a notice's life, as this caller may."""
    notice, person = seen.notice, visit.caller.person is not None
    is_own = notice is not None and seen.owner == visit.caller.party
    goes_on = notice is not None and not notice.is_over
    moves = is_own and seen.kind is NoticeKind.MOVEMENT and person
    told: tuple[DisclosedShown, ...] = ()
    if is_own:
        answered = await visit.do("listDisclosuresOf", notice=seen.id)
        told = answered.items
    is_through = notice is not None and notice.revision.through == DeskId(
        visit.caller.desk
    )
    return {
        "moved": seen.moves,
        "routed": notice.routed if notice is not None else (),
        "told": told,
        "states": REPORTED if moves and goes_on else (),
        "outcomes": tuple(Facilitation) if moves and goes_on else (),
        "outcome": notice.outcome if notice is not None else None,
        "onward": _onward(seen) if is_through and goes_on and person else (),
        "is_through": is_through and goes_on and person,
    }


def _onward(seen: NoticeSeen) -> tuple[DeskId, ...]:
    """Name the desks a notice is for to which it was not forwarded yet."""
    if seen.notice is None:
        return ()
    routed: tuple[Routed, ...] = seen.notice.routed
    gone = {
        one.to
        for one in routed
        if one.routing is Routing.FORWARDED and one.revision == seen.number
    }
    return tuple(desk for desk in seen.notice.revision.tells if desk not in gone)


def life_forms(see: See) -> tuple[Form, ...]:
    """Return the forms of a notice's page that say what becomes of it."""
    return tuple(
        Form(path=f"/notices/{{notice}}/{path}", do=do, on=see, may=SIGNED_IN)
        for path, do in (("life", _report), ("outcome", _outcome), ("route", _route))
    )


async def _report(visit: Visit) -> str:
    given = MovementGiven(
        state=_word(MovementState, visit.said("state")),
        where=visit.said("where") or None,
        expected_at=_instant(visit.said("expected")),
        detail=visit.said("detail"),
    )
    await visit.do("reportMovement", given, notice=visit.part("notice"))
    return _back(visit)


async def _outcome(visit: Visit) -> str:
    outcome = _word(Facilitation, visit.said("outcome"))
    given = OutcomeGiven(outcome=outcome, detail=visit.said("detail"))
    await visit.do("stateOutcome", given, notice=visit.part("notice"))
    return _back(visit)


async def _route(visit: Visit) -> str:
    given = RouteGiven(
        routing=_word(Routing, visit.said("routing")),
        to=visit.said("to") or None,
        why=visit.said("why"),
    )
    await visit.do("routeNotice", given, notice=visit.part("notice"))
    return _back(visit)


def _word(words: Any, said: str) -> Any:
    try:
        return words(said)
    except ValueError as error:
        raise BadRequest(
            "That is no choice of this page.",
            state="Nothing was recorded.",
            next="Choose one of those on the page.",
        ) from error


def _instant(said: str) -> Instant | None:
    if not said:
        return None
    try:
        return parse_instant(f"{said.removesuffix('Z').replace(' ', 'T')}Z")
    except BadInput as error:
        raise BadRequest(
            f"{said!r} is no time.",
            state="Nothing was recorded.",
            next="Give it in UTC, as 2026-03-01T14:00.",
        ) from error


def _back(visit: Visit) -> str:
    return f"/notices/{quote(visit.part('notice'))}"
