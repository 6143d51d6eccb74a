"""Show every channel to every desk, how its last check went, and start checks."""

from typing import Final

from clearline.model.calls import Call, Kind
from clearline.model.linetests import ChannelStands, Stands
from clearline.model.parties import DeskId
from clearline.web.console.board import standing
from clearline.web.console.pages import Form, Page, Shown, Visit
from clearline.web.endpoints import LOOKING, SIGNED_IN, Answered
from clearline.wire.forms.line import CheckGiven, ChecksCalled, LineMatrix

_NEWEST: Final = 12


async def _see(visit: Visit) -> Shown:
    matrix: LineMatrix = await visit.do("lineMatrix")
    with visit.looking() as view:
        names = {str(one.id): one.name for one in view.desks.values()}
        names |= {str(one.id): one.pseudonym for one in view.persons.values()}
        others = [one for one in view.desks.values() if one.id != visit.caller.desk]
    return Shown(
        template="lines.html",
        has={
            "desks": _by_desk(matrix.items),
            "numbers": visit.service.desk_numbers.every(),
            "dead": [one for one in matrix.items if one.stands is Stands.DEAD],
            "checks": _checks(visit),
            "others": others,
            "names": names,
            "trip": trip_s,
        },
    )


def _by_desk(rows: tuple[ChannelStands, ...]) -> dict[DeskId, list[ChannelStands]]:
    """Gather the channels of each desk, in the order of its phone card."""
    found: dict[DeskId, list[ChannelStands]] = {}
    for one in rows:
        found.setdefault(one.desk, []).append(one)
    return {
        desk: sorted(channels, key=lambda one: one.place)
        for desk, channels in found.items()
    }


def _checks(visit: Visit) -> list[Call]:
    """List the newest checks this desk may see."""
    found = [one for one in standing(visit) if one.kind is Kind.LINE_CHECK]
    return sorted(found, key=lambda one: one.raised_at, reverse=True)[:_NEWEST]


def trip_s(call: Call) -> float | None:
    """Return how long a check took until somebody had it, seconds."""
    if not call.acknowledgements:
        return None
    return (call.acknowledgements[0].at - call.raised_at).total_seconds()


async def _check(visit: Visit) -> str:
    """Check every channel of a desk; each rings by that medium and no other."""
    given = CheckGiven(to_desk=visit.said("to") or "-")
    answered: Answered = await visit.do("checkLine", given)
    called: ChecksCalled = answered.body
    calls = [one.call for one in called.items if one.call is not None]
    return f"/calls/{calls[0]}" if len(calls) == 1 else "/lines"


PAGES: Final = (Page(path="/lines", see=_see, may=LOOKING),)
FORMS: Final = (
    Form(path="/lines/check", do=_check, on=_see, may=SIGNED_IN, is_once=True),
)
