"""Laws of the separation of places."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from clearline.geo.containment import is_within
from clearline.geo.geodesy import destination, distance_m
from clearline.geo.separation import (
    error_m,
    is_inside,
    middle,
    reach_from_middle_m,
    separation,
)
from clearline.model.places import (
    FARTHEST_M,
    Interval,
    Point,
    Sector,
)
from properties.of_places import (
    bearings,
    intervals,
    neighbours,
    parts_of,
    positions,
    sectors,
)


@given(neighbours())
@settings(max_examples=40)
def test_separation_is_symmetric(pair):
    """How far A is from B is how far B is from A, to the last bit."""
    first, second = pair
    assert separation(first, second) == separation(second, first)


@given(st.data(), neighbours())
@settings(max_examples=40)
def test_no_two_parts_lie_outside_the_interval(data, pair):
    """Wherever in each footprint one looks, the distance lies in the interval."""
    first, second = pair
    apart = separation(first, second)
    error = error_m(first, second)
    for _ in range(5):
        length_m = distance_m(data.draw(parts_of(first)), data.draw(parts_of(second)))
        assert apart.least - error <= length_m <= apart.most + error


def edges(sector, count=240):
    """Sample a sector's outline densely: positions, and the widest gap between them."""
    turns = [i / count for i in range(count + 1)]
    bearing, reach = sector.bearing_deg, sector.range_m
    for share in turns:
        for range_m in (reach.least, reach.most):
            yield destination(
                sector.origin, bearing.least + share * bearing.width, range_m
            )
        for bearing_deg in (bearing.least, bearing.most):
            yield destination(
                sector.origin, bearing_deg, reach.least + share * reach.width
            )


@given(
    sectors(widest_m=15_000.0),
    st.floats(0.0, 360.0),
    st.floats(0.0, 40_000.0),
)
@settings(max_examples=40)
def test_separation_agrees_with_a_dense_sampling(sector, bearing_deg, range_m):
    """The interval is the one a slow sampling of the outline finds."""
    here = destination(sector.origin, bearing_deg, range_m)
    point = Point(position=here, precision_m=0.0)
    lengths = [distance_m(here, position) for position in edges(sector)]
    least = 0.0 if is_inside(here, sector) else min(lengths)
    gap_m = (
        max(
            sector.range_m.most * math.radians(sector.bearing_deg.width),
            sector.range_m.width,
        )
        / 240
    )
    apart = separation(point, sector)
    assert least - gap_m - 1.0 <= apart.least <= least + 1.0
    assert max(lengths) - 1.0 <= apart.most <= max(lengths) + gap_m + 1.0


@given(sectors(), st.data())
@settings(max_examples=40)
def test_widening_never_loses_anything(sector, data):
    """A wider sector is never farther at its nearest nor nearer at its farthest."""
    wider = Sector(
        origin=sector.origin,
        bearing_deg=Interval(
            least=sector.bearing_deg.least,
            most=sector.bearing_deg.least
            + min(359.9, sector.bearing_deg.width + data.draw(st.floats(0.0, 90.0))),
        ),
        range_m=Interval(
            least=sector.range_m.least * data.draw(st.floats(0.0, 1.0)),
            most=sector.range_m.most + data.draw(st.floats(0.0, 5_000.0)),
        ),
    )
    near = destination(sector.origin, data.draw(st.floats(0.0, 360.0)), 9_000.0)
    point = Point(position=near, precision_m=0.0)
    narrow, wide = separation(point, sector), separation(point, wider)
    error = error_m(point, wider)
    assert wide.least <= narrow.least + error
    assert wide.most >= narrow.most - error


@given(sectors(), st.data())
@settings(max_examples=100)
def test_parts_of_a_sector_are_inside(sector, data):
    """What lies between the bearings and ranges is inside, and at distance zero."""
    position = data.draw(parts_of(sector))
    assert is_inside(position, sector)
    assert separation(Point(position=position, precision_m=0.0), sector).least <= 1.0


@given(positions(), bearings(), intervals(1_000.0, 20_000.0), st.floats(1.0, 5_000.0))
@settings(max_examples=40)
def test_what_lies_beyond_is_outside(origin, bearing, reach, beyond_m):
    """What lies beyond the greatest range is outside, by as much as it lies beyond."""
    sector = Sector(origin=origin, bearing_deg=bearing, range_m=reach)
    there = destination(origin, bearing.middle, reach.most + beyond_m)
    assert not is_inside(there, sector)
    least = separation(Point(position=there, precision_m=0.0), sector).least
    assert abs(least - beyond_m) <= 1.0 or least < beyond_m


@given(st.data(), neighbours(), st.floats(0.1, 2.0))
@settings(max_examples=40)
def test_within_means_no_part_is_farther(data, pair, share):
    """A margin that some part exceeds is never called enough."""
    inner, outer = pair
    margin_m = share * separation(inner, outer).most
    parts = [data.draw(parts_of(inner)) for _ in range(3)]
    farthest_m = max(
        separation(Point(position=part, precision_m=0.0), outer).least for part in parts
    )
    if farthest_m > margin_m + error_m(inner, outer):
        assert not is_within(inner, outer, margin_m)


@given(neighbours())
@settings(max_examples=40)
def test_everything_is_within_enough(pair):
    """A margin larger than the greatest distance, and half of it again, is enough."""
    inner, outer = pair
    assert is_within(inner, outer, 1.5 * separation(inner, outer).most + 1.0)


@given(sectors())
@settings(max_examples=40)
def test_a_middle_reaches_everything(sector):
    """The reach from the middle is at least the distance to any corner."""
    reach_m = reach_from_middle_m(sector)
    for bearing_deg in (sector.bearing_deg.least, sector.bearing_deg.most):
        corner = destination(sector.origin, bearing_deg, sector.range_m.most)
        assert distance_m(middle(sector), corner) <= reach_m + 1.0


@given(sectors(widest_m=5e6), st.floats(1_000_001.0, 5e6), sectors())
@settings(max_examples=30)
def test_great_sectors_get_true_bounds(shape, reach_m, second):
    """Sectors too wide to measure still hold their corners' distances."""
    first = Sector(
        origin=shape.origin,
        bearing_deg=shape.bearing_deg,
        range_m=Interval(least=0.0, most=reach_m),
    )
    apart = separation(first, second)
    a = destination(first.origin, first.bearing_deg.least, first.range_m.most)
    b = destination(second.origin, second.bearing_deg.least, second.range_m.most)
    assert 0.0 <= apart.least <= distance_m(a, b) + 1.0
    assert distance_m(a, b) - 1.0 <= apart.most <= FARTHEST_M
