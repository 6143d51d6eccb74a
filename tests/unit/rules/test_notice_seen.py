"""What one viewer may know of another's notice."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from clearline.geo.cells import box_of
from clearline.model.extents import Corridor, Polygon
from clearline.model.instants import Duration, Window
from clearline.model.notice_acts import NoticeTold
from clearline.model.notice_commands import AmendNotice, FileNotice, RouteNotice
from clearline.model.notice_details import PositionDetails, Request
from clearline.model.notice_life import NoticeTelling, Routing
from clearline.model.notice_seen import Cell, NoticeSeen
from clearline.model.notices import (
    LEGAL_LINE,
    Consent,
    NoticeId,
    NoticeKind,
    Precision,
)
from clearline.model.parties import DeskId, PartyId
from clearline.model.places import (
    Circle,
    Interval,
    Point,
    Position,
    Sector,
    Unlocated,
)
from clearline.rules.disclosure import Viewer, notice_for, telling_for
from notice_forms import AT, SITE, a_site
from phone import NOON, Line

CLINIC = NoticeId("clinic")
SOUTH_OPS = DeskId("south-ops")


def filed(**more: Any) -> Line:
    """A line on which lina has filed a clinic."""
    line = Line()
    line.do(FileNotice(notice=CLINIC, by=line.actor("lina"), revision=a_site(**more)))
    return line


def seen(line: Line, desk: str, party: str, **more: bool) -> NoticeSeen | None:
    """Look at the clinic from a desk."""
    viewer = Viewer(desk=DeskId(desk), party=PartyId(party), **more)
    notice = line.picture.notices.get(CLINIC)
    assert notice is not None
    return notice_for(line.picture, viewer, notice, line.now)


def consent(precision: Precision) -> dict[str, object]:
    """Let south-ops know it with a precision."""
    return {
        "consents": (
            Consent(desk=SOUTH_OPS, precision=precision, by="lina", source="a form"),
        )
    }


def test_its_owner_sees_all_of_it() -> None:
    """Everything filed, who was told what, and who has not read it."""
    own = seen(filed(), "north-ops", "north")
    assert own is not None
    assert own.is_own
    assert own.revision is not None
    assert own.revision.details == SITE
    assert own.unread == ("south-air",)


@pytest.mark.parametrize("desk", ["monitor-ops", "south-hq"])
def test_nobody_else_knows_that_there_is_one(desk: str) -> None:
    """Not a third party, and not the desk above the one that was told."""
    party = "monitor" if desk == "monitor-ops" else "south"
    assert seen(filed(), desk, party) is None


def test_coarse_is_what_nobody_gave_a_precision_for() -> None:
    """A cell and whole hours, in fixed words; none of the owner's own."""
    coarse = seen(filed(), "south-ops", "south")
    assert coarse is not None
    assert coarse.level is Precision.COARSE
    assert coarse.cell == Cell(
        west=40.102354145, south=35.5, east=40.22517912, north=35.6
    )
    assert coarse.window == Window(start=NOON, end=NOON + Duration(days=90, hours=1))
    assert coarse.says == "health"
    said = msgspec.json.encode(coarse).decode()
    assert "mill" not in said
    assert "56789" not in said


def test_a_desk_below_knows_what_the_desk_told_knows() -> None:
    """Who would shoot sits below who was written to."""
    line = filed(**consent(Precision.EXACT))
    exact = seen(line, "south-air", "south")
    assert exact is not None
    assert exact.revision is not None
    assert exact.revision.where == a_site().where


def test_existence_is_a_desk_to_call() -> None:
    """No kind, no place, no time, no word of what it is."""
    there = seen(filed(**consent(Precision.EXISTENCE)), "south-ops", "south")
    assert there is not None
    assert (there.call, there.legal) == ("north-ops", LEGAL_LINE)
    said = (there.kind, there.window, there.cell, there.says, there.revision)
    assert said == (None, None, None, "", None)


def test_what_it_is_told_unasked_says_no_more_than_it_may_know() -> None:
    """No clock, which says to the second when it begins; nor that it moves."""
    line = filed(**consent(Precision.EXISTENCE))
    notice = line.picture.notices.get(CLINIC)
    assert notice is not None
    told = NoticeTold(
        notice=CLINIC,
        revision=1,
        desk=SOUTH_OPS,
        telling=NoticeTelling.CHANGED,
        text="It is delayed.",
        clocks=notice.clocks,
    )
    own = seen(line, "north-ops", "north")
    other = seen(line, "south-ops", "south")
    assert own is not None
    assert other is not None
    assert telling_for(own, told) == told
    said = telling_for(other, told)
    assert said.clocks == ()
    assert said.text == "Something about it has changed: call north-ops."


def test_no_recipient_learns_who_else_is_told() -> None:
    """Its own consent and its own desk are all that a recipient sees of them."""
    others = (
        Consent(desk=SOUTH_OPS, precision=Precision.EXACT, by="lina", source="a form"),
    )
    line = filed(
        tells=(SOUTH_OPS, DeskId("monitor-ops")),
        consents=(*others, Consent(desk=DeskId("monitor-ops"), by="a ministry")),
    )
    said = msgspec.json.encode(seen(line, "south-ops", "south")).decode()
    assert "monitor" not in said
    assert "ministry" not in said


def test_until_it_is_forwarded_only_its_way_knows() -> None:
    """The desk it goes through sees it; a recipient does once it is forwarded."""
    line = filed(through=DeskId("monitor-ops"))
    assert seen(line, "south-ops", "south") is None
    assert seen(line, "monitor-ops", "monitor") is not None
    line.do(
        RouteNotice(
            notice=CLINIC,
            by=line.actor("observer"),
            routing=Routing.FORWARDED,
            to=SOUTH_OPS,
        )
    )
    assert seen(line, "south-ops", "south") is not None


def test_a_position_is_its_owners_alone() -> None:
    """Whoever is named as told, or on its way, knows nothing of it."""
    line = filed(
        details=PositionDetails(unit="a patrol"),
        tells=(),
        window=Window(start=NOON, end=NOON + Duration(hours=3)),
    )
    assert seen(line, "south-ops", "south") is None
    own = seen(line, "north-ops", "north")
    assert own is not None
    assert own.kind is NoticeKind.POSITION


def test_who_was_dropped_hears_that_it_no_longer_holds() -> None:
    """And nothing of what holds instead."""
    line = filed(**consent(Precision.EXACT))
    line.do(
        AmendNotice(
            notice=CLINIC,
            by=line.actor("lina"),
            revision=a_site(tells=(), details=replace(SITE, request=Request.AMEND)),
        )
    )
    gone = seen(line, "south-ops", "south")
    assert gone is not None
    assert gone.is_withdrawn
    assert (gone.level, gone.revision) == (Precision.EXISTENCE, None)


def test_an_auditor_sees_what_a_desk_of_their_party_was_told() -> None:
    """As much as that desk, and no more."""
    audited = seen(filed(), "south-hq", "south", is_auditor=True)
    assert audited is not None
    assert audited.level is Precision.COARSE


def test_a_cell_says_no_more_near_an_edge() -> None:
    """A place that reaches over an edge takes up one cell like any other."""
    near = Position(lon=40.1999, lat=35.5)
    wide = Circle(centre=near, radius_m=5_000.0)
    assert box_of(wide) == box_of(Point(position=near, precision_m=1.0))


def test_what_is_drawn_takes_up_the_cells_it_spans() -> None:
    """Also over the antimeridian; what nobody located takes up none."""
    path = (Position(lon=179.95, lat=0.05), Position(lon=-179.95, lat=0.05))
    road = box_of(Corridor(path=path, half_width_m=10.0))
    assert road is not None
    assert (road.west, road.east) == (179.9, 180.1)
    ring = (AT, Position(lon=40.3, lat=35.5678), Position(lon=40.3, lat=35.6))
    middle = Position(lon=40.24, lat=35.58)
    assert box_of(Polygon(outer=ring)) == box_of(
        Point(position=middle, precision_m=0.0)
    )
    assert box_of(Unlocated(name="the hill")) is None


def test_a_bearing_and_range_lies_where_it_points() -> None:
    """Not where it is measured from."""
    south = Sector(
        origin=Position(lon=40.05, lat=35.55),
        bearing_deg=Interval(least=180.0, most=180.0),
        range_m=Interval(least=9_000.0, most=9_000.0),
    )
    found = box_of(south)
    assert found is not None
    assert found.south == 35.4
