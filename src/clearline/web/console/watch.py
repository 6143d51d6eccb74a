"""Show the watch: what rings, what is next, and every fact the map shows."""

from itertools import islice
from typing import Final

import msgspec

from clearline.geo.writing import write_decimal, write_mgrs
from clearline.model.calls import Kind
from clearline.model.instants import Instant
from clearline.model.places import Position
from clearline.web.console.board import Turn, board, standing
from clearline.web.console.coming import HOURS, age_of, coming, strip
from clearline.web.console.pages import Page, Shown, Visit
from clearline.web.endpoints import LOOKING
from clearline.web.mapped import facts_of
from clearline.wire.forms.mapped import MapFeature, MapShown, OnMap

_FINEST_M: Final = 1.0


MOST_FACTS: Final = 200
"""How many things the table beside the map lists, what needs somebody first."""


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one thing the map shows, as the table beside it says it.

    Attributes:
        id: What the map calls it.
        told: The place in the words it was told in, where the viewer may know them.
        mgrs: The same as a grid, no finer than it may be off; empty where nobody
            knows, or may know.
        off_m: How far it may be off, or reaches, metres.
        age: How old what is known of it is: `fresh`, `old`, `last-known`.
    """

    id: str
    of: OnMap
    told: str
    mgrs: str
    latlon: str
    off_m: float | None
    age: str


async def _see(visit: Visit) -> Shown:
    rows = board(visit)
    service, viewer = visit.service, visit.caller.viewer()
    maps, now = visit.asking.shared.maps, visit.now
    shown = await visit.asking.aside(lambda: maps.map_for(service, viewer, now))
    on_map = [one.properties for one in shown.features]
    return Shown(
        template="watch.html",
        has={
            "mine": [row for row in rows if row.turn is not Turn.WAITING],
            "waiting": [row for row in rows if row.turn is Turn.WAITING],
            "coming": coming(visit, rows, on_map),
            "strip": strip(visit, rows, on_map),
            "hours": HOURS,
            "facts": facts(visit, shown),
            "shown": shown,
            "checks": _checks(visit),
        },
    )


def facts(visit: Visit, shown: MapShown) -> list[Fact]:
    """List what the map shows, conflicts first, then calls, then notices."""
    told = {
        f"call {call.id}": call.card.where.text
        for call in standing(visit)
        if call.card.where is not None
    }
    listed = islice(facts_of(shown), MOST_FACTS)
    return [_fact(one, told.get(one.id, ""), shown.as_of) for one in listed]


def _fact(feature: MapFeature, told: str, now: Instant) -> Fact:
    of = feature.properties
    off_m = of.radius_m or of.half_width_m
    at = Position(lon=of.at[0], lat=of.at[1]) if of.at else None
    fine_m = max(off_m, _FINEST_M)
    return Fact(
        id=feature.id,
        of=of,
        told=told or of.says,
        mgrs=(write_mgrs(at, fine_m) or "") if at else "",
        latlon=write_decimal(at, fine_m) if at else "",
        off_m=off_m or None,
        age=age_of(of, now),
    )


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
