"""Laws of the ways out of a conflict: each one given is one, and it is the least."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from msgspec.structs import replace

from clearline.geo.meeting import meet
from clearline.model.conflicts import WayOutKind
from clearline.model.extents import Corridor, Extent
from clearline.model.instants import Window
from clearline.model.places import Circle, Position
from clearline.rules.ways_out import ways_out
from properties.of_extents import pairs

LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@given(pairs())
def test_no_way_out_that_is_given_still_meets(pair):
    """A party that takes a way out meets the other no more, whatever their shapes."""
    own, other = pair
    for way in ways_out(own, other, LONG_AGO):
        for changed in _taken(own, way):
            assert not meet(changed, other).is_conflict, way


def test_two_circles_have_all_three_ways_and_each_is_the_least():
    """What is asked of a planner is no more than it takes."""
    own = _circle(40.0, NOON, NOON + 3 * HOUR)
    other = _circle(40.01, NOON + HOUR, NOON + 2 * HOUR)
    ways = {way.says: way for way in ways_out(own, other, LONG_AGO)}
    later, earlier, edge, pause = ways.values()
    assert (later.by_s, earlier.by_s) == (7_200.0, -7_200.0)
    assert pause.pause == Window(start=NOON + HOUR, end=NOON + 2 * HOUR)
    nearer = _taken(own, replace(edge, by_m=edge.by_m - 3.0))
    assert all(meet(one, other).is_conflict for one in nearer)


def test_nothing_is_shifted_into_the_past():
    """A way out that cannot be taken any more is none."""
    own = _circle(40.0, NOON, NOON + 3 * HOUR)
    other = _circle(40.01, NOON + HOUR, NOON + 2 * HOUR)
    kinds = [way.by_s for way in ways_out(own, other, NOON - HOUR)]
    assert -7_200.0 not in kinds


@pytest.mark.parametrize(
    ("lasts", "said"),
    [
        (timedelta(minutes=90), "Shift it 90 min later"),
        (timedelta(hours=5, minutes=10), "Shift it 5 h 10 min later"),
        (timedelta(days=3, minutes=5), "Shift it 3 d 0 h 5 min later"),
    ],
)
def test_a_shift_is_said_as_people_say_times(lasts, said):
    """Nobody counts in thousands of minutes."""
    own = _circle(40.0, NOON, NOON + HOUR)
    other = _circle(40.01, NOON, NOON + lasts)
    assert any(way.says.startswith(said) for way in ways_out(own, other, NOON - HOUR))


def _circle(lon, start, end):
    centre = Position(lon=lon, lat=35.0)
    return Extent(
        footprint=Circle(centre=centre, radius_m=1_000.0),
        window=Window(start=start, end=end),
    )


def _taken(own, way):
    """What is left of an extent once a way out is taken."""
    match way.kind:
        case WayOutKind.SHIFT_TIME:
            by = timedelta(seconds=way.by_s)
            footprint = own.footprint
            if isinstance(footprint, Corridor):
                passages = tuple(replace(p, eta=p.eta + by) for p in footprint.passages)
                footprint = replace(footprint, passages=passages)
            window = Window(start=own.window.start + by, end=own.window.end + by)
            return [replace(own, window=window, footprint=footprint)]
        case WayOutKind.PAUSE:
            before = (own.window.start, way.pause.start)
            after = (way.pause.end, own.window.end)
            return [
                replace(own, window=Window(start=start, end=end))
                for start, end in (before, after)
                if start < end
            ]
        case WayOutKind.MOVE_EDGE if isinstance(own.footprint, Circle):
            smaller = own.footprint.radius_m - way.by_m
            if smaller <= 0.0:
                return []
            return [replace(own, footprint=replace(own.footprint, radius_m=smaller))]
        case _:
            return []
