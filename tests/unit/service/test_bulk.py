"""Many plans against many notices: every pair, in order, with what cannot be told."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from clearline.bench.workload import Kind, Workload
from clearline.geo.meeting import meet
from clearline.model.extents import Corridor, Extent
from clearline.model.instants import FOREVER, Window
from clearline.model.passages import Passage
from clearline.model.places import Circle, Position, Unlocated
from clearline.model.screenings import Verdict
from clearline.service.bulk import Notices, Row
from clearline.service.intake import parcel_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE, EAST = Position(lon=40.0, lat=35.0), Position(lon=40.2, lat=35.0)


def _hours(start, end):
    return Window(start=NOON + timedelta(hours=start), end=NOON + timedelta(hours=end))


def _screen(notices, plans, at_once=1_000):
    held = Notices()
    parcels = [parcel_of(notices)] if notices else []
    assert list(held.file(parcels))[-1:] == ([len(notices)] if notices else [])
    starts = range(0, len(plans), at_once)
    some = list(held.screen(parcel_of(plans[at : at + at_once]) for at in starts))
    assert sum(len(one.parcel.ids) for one in some) == len(plans)
    lines = b"".join(one.rows for one in some).splitlines()
    return [msgspec.json.decode(line, type=Row) for line in lines]


@pytest.mark.parametrize("kind", list(Kind))
def test_bulk_says_what_pair_by_pair_says(kind):
    """Every pair of a drawn workload comes out as their plain meeting has it."""
    drawn = Workload(kind, seed=5)
    notices = [(f"n{at}", one) for at, one in enumerate(drawn.notices(400))]
    # Plans where notices are, so that something meets.
    plans = [
        (f"p{at}", msgspec.structs.replace(extent, buffer_m=2e3, buffer_s=2e4))
        for at, (_, extent) in enumerate(notices[::13])
    ]
    rows = _screen(notices, plans, at_once=7)
    needed = {
        (plan, notice): told.separation_m
        for plan, one in plans
        for notice, other in notices
        if (told := meet(one, other)).is_conflict
    }
    found = {(row.plan, row.notice): row.separation_m for row in rows}
    assert len(found) == len(rows) > len(plans)
    assert found.keys() == needed.keys()
    assert all(found[pair] == pytest.approx(needed[pair], abs=0.01) for pair in found)
    order = [int(row.plan[1:]) for row in rows]
    assert order == sorted(order)


def test_a_row_says_what_the_contract_says():
    """The row of a pair, field by field, as a machine reads it."""
    notice = Extent(
        footprint=Circle(centre=HERE, radius_m=100.0),
        window=Window(start=NOON, end=FOREVER),
        buffer_m=50.0,
    )
    plan = Extent(
        footprint=Circle(centre=HERE, radius_m=10.0), window=_hours(0, 1), buffer_s=60
    )
    (row,) = _screen([("n", notice)], [("p", plan)])
    assert msgspec.json.decode(msgspec.json.encode(row)) == {
        "plan": "p",
        "notice": "n",
        "verdict": "conflict",
        "separation_m": 0.0,
        "overlap_start": "2026-03-01T12:00:00Z",
        "overlap_end": "2026-03-01T13:01:00Z",
        "why": "The footprints overlap.",
    }
    (row,) = _screen([("n", notice)], [("p", notice)])
    assert row.overlap_end is None, "neither ends until it is withdrawn"


def test_the_overlap_with_something_that_moves_is_when_it_is_near():
    """A convoy is near a place for minutes, not for all the hours of its way."""
    convoy = Extent(
        footprint=Corridor(
            path=(HERE, EAST),
            half_width_m=50.0,
            passages=(
                Passage(eta=NOON),
                Passage(eta=NOON + timedelta(hours=1), late_for=timedelta(minutes=1)),
            ),
        ),
        window=_hours(0, 1.1),
    )
    gate = Extent(footprint=Circle(centre=HERE, radius_m=100.0), window=_hours(-1, 9))
    (row,) = _screen([("gate", gate)], [("convoy", convoy)])
    assert row.overlap_start == "2026-03-01T12:00:00Z"
    assert row.overlap_end < "2026-03-01T12:02:00Z"


def test_what_is_nowhere_located_cannot_be_told():
    """A name may be anywhere in its hours; a plan that is a name is told once."""
    hill = Extent(footprint=Unlocated(name="the hill"), window=_hours(0, 1))
    gate = Extent(footprint=Circle(centre=HERE, radius_m=9.0), window=_hours(0, 2))
    late = msgspec.structs.replace(gate, window=_hours(1, 2))
    rows = _screen(
        [("hill", hill), ("gate", gate)],
        [("now", gate), ("late", late), ("lost", hill)],
    )
    told = [(row.plan, row.notice, row.verdict) for row in rows]
    assert told == [
        ("now", "gate", Verdict.CONFLICT),
        ("now", "hill", Verdict.CANNOT_TELL),
        ("late", "gate", Verdict.CONFLICT),
        ("lost", None, Verdict.CANNOT_TELL),
    ]
    assert rows[1].separation_m is None
    assert "the hill" in rows[1].why


def test_nothing_against_nothing_is_nothing():
    """Empty files are no error, and no conflict."""
    assert _screen([], []) == []
    gate = Extent(footprint=Circle(centre=HERE, radius_m=9.0), window=_hours(0, 2))
    assert _screen([], [("p", gate)]) == []
    assert _screen([("n", gate)], []) == []
