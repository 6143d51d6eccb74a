"""Show the watch: what rings, what is next, and every fact the map shows."""

from typing import Final

import msgspec

from clearline.model.calls import Kind
from clearline.model.instants import Instant
from clearline.model.places import Place
from clearline.web.console.board import Turn, board, standing, upcoming
from clearline.web.console.pages import Page, Shown, Visit
from clearline.web.endpoints import LOOKING


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one thing the map shows, as the table beside it says it."""

    label: str
    kind: str
    to: str
    place: Place
    at: Instant
    is_open: bool


async def _see(visit: Visit) -> Shown:
    rows = board(visit)
    return Shown(
        template="watch.html",
        has={
            "mine": [row for row in rows if row.turn is not Turn.WAITING],
            "waiting": [row for row in rows if row.turn is Turn.WAITING],
            "coming": upcoming(visit, rows),
            "facts": facts(visit),
            "checks": _checks(visit),
        },
    )


def facts(visit: Visit) -> list[Fact]:
    """List everything the map shows of calls: those open, and STOPs still in force."""
    return [
        Fact(
            label=f"{call.kind} {call.number}",
            kind=call.kind,
            to=f"/calls/{call.id}",
            place=call.card.where,
            at=call.raised_at,
            is_open=call.is_open,
        )
        for call in standing(visit)
        if call.card.where is not None and (call.is_open or call.is_in_force)
    ]


def _checks(visit: Visit) -> dict[str, object]:
    """Say how the last line checks went, for a desk on which nothing rings."""
    desk = visit.caller.desk
    with visit.looking() as view:
        lines = [
            line
            for line in view.lines.values()
            if desk in (line.from_desk, line.to_desk)
        ]
        calls = [view.calls.get(one.checked_by) for one in lines if one.checked_by]
        checked = [call for call in calls if call is not None]
        good = [call for call in checked if call.acknowledgements]
        last = max((call.raised_at for call in checked), default=None)
    return {
        "lines": len(lines),
        "last": last,
        "good": len(good),
        "checked": len(checked),
        "next": min((line.next_at for line in lines), default=None),
        "kind": Kind.LINE_CHECK,
    }


PAGES: Final = (Page(path="/", see=_see, may=LOOKING),)
FORMS: Final = ()
