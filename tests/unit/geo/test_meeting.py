"""How two extents meet: known cases, told as they would be at a desk."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from clearline.geo.certify import certain_distance_m, certify
from clearline.geo.codes import APART, CLOSE, NEAR, PLACE_UNSURE
from clearline.geo.geodesy import destination, distance_m
from clearline.geo.kernels import judge, judge_pairs
from clearline.geo.meeting import meet, separation_m
from clearline.geo.packing import pack
from clearline.model.extents import AltitudeBand, Corridor, Extent, Polygon
from clearline.model.instants import FOREVER, Window
from clearline.model.passages import Passage, span
from clearline.model.places import Circle, Point, Position, Unlocated

SIX = datetime(2026, 3, 1, 6, tzinfo=UTC)
HERE = Position(lon=40.0, lat=35.0)


def minutes(count):
    """So many minutes."""
    return timedelta(minutes=count)


def between(start, end):
    """From so many minutes after six to so many."""
    return Window(start=SIX + minutes(start), end=SIX + minutes(end))


def circle(at, radius_m, window=None, **rest):
    """A circle, from six to seven unless said otherwise."""
    footprint = Circle(centre=at, radius_m=radius_m)
    return Extent(footprint=footprint, window=window or between(0, 60), **rest)


def convoy(path, etas, *, late=0, half_width_m=50.0, **rest):
    """A convoy at each position so many minutes after six."""
    passages = tuple(
        Passage(eta=SIX + minutes(eta), late_for=minutes(late)) for eta in etas
    )
    corridor = Corridor(path=path, half_width_m=half_width_m, passages=passages)
    return Extent(footprint=corridor, window=span(passages), **rest)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Position(lon=179.9, lat=10.0), Position(lon=-179.9, lat=10.0)),
        (Position(lon=0.0, lat=89.9), Position(lon=180.0, lat=89.9)),
        (Position(lon=-60.0, lat=-89.999), Position(lon=100.0, lat=-89.999)),
        (Position(lon=-0.1, lat=0.0), Position(lon=0.1, lat=0.0)),
    ],
)
def test_circles_across_a_seam_are_as_near_as_they_are(one, other):
    """Across the antimeridian and over the poles, the short way."""
    apart_m = distance_m(one, other)
    found = meet(circle(one, 50.0), circle(other, 30.0))
    assert found.separation_m == pytest.approx(apart_m - 80.0, abs=1e-3)


def test_a_polygon_round_the_pole_holds_the_pole():
    """Four positions at 80 north bound the pole; the pole lies inside."""
    cap = Polygon(outer=tuple(Position(lon=lon, lat=80.0) for lon in (0, 90, 180, -90)))
    area = Extent(footprint=cap, window=between(0, 60))
    for lon in (0.0, 45.0, -170.0):
        assert separation_m(area, circle(Position(lon=lon, lat=89.0), 1.0)) == 0.0
    assert separation_m(area, circle(Position(lon=0.0, lat=79.0), 1.0)) > 100_000.0


def test_inside_a_hole_one_is_as_far_as_its_edge():
    """What stands in the hole is not in the area, until its buffer reaches the edge."""
    centre = HERE
    outer = tuple(destination(centre, turn, 10_000.0) for turn in (45, 135, 225, 315))
    hole = tuple(destination(centre, turn, 5_000.0) for turn in (45, 135, 225, 315))
    area = Extent(
        footprint=Polygon(outer=outer, holes=(hole,)),
        window=between(0, 60),
        buffer_m=500.0,
    )
    inside = circle(centre, 500.0)
    found = meet(area, inside)
    assert found.separation_m == pytest.approx(5_000.0 * 0.5**0.5 - 500.0, abs=1.0)
    assert not found.is_conflict
    wider = circle(centre, 500.0, buffer_m=found.separation_m - 499.0)
    assert meet(area, wider).is_conflict


def test_two_convoys_on_one_road_at_different_hours_are_far_apart():
    """The road is not closed all day: half an hour behind at 60 km/h is 30 km."""
    path = (HERE, destination(HERE, 90.0, 60_000.0), destination(HERE, 90.0, 120_000.0))
    first, second = convoy(path, (0, 60, 120)), convoy(path, (30, 90, 150))
    found = meet(first, second)
    assert found.separation_m == pytest.approx(30_000.0 - 100.0, rel=1e-4)
    assert not found.is_conflict
    whole_road = Extent(
        footprint=Corridor(path=path, half_width_m=50.0), window=between(0, 150)
    )
    assert meet(whole_road, second).separation_m == 0.0


def test_late_convoys_may_catch_up():
    """If the first may be half an hour late, both may be in one place."""
    path = (HERE, destination(HERE, 90.0, 60_000.0))
    first, second = convoy(path, (0, 60), late=30), convoy(path, (30, 90))
    assert meet(first, second).is_conflict


def test_convoys_that_meet_head_on_meet_halfway():
    """Both 60 km/h, one hour apart: at half past, for as long as both widths last."""
    far = destination(HERE, 90.0, 60_000.0)
    east = convoy((HERE, far), (0, 60), buffer_m=450.0)
    west = convoy((far, HERE), (0, 60), buffer_m=450.0)
    found = meet(east, west)
    assert found.separation_m == 0.0
    assert found.is_conflict
    # A kilometre between the two footprints' middles is a minute at 120 km/h.
    half = timedelta(seconds=30)
    assert abs(found.contact.start - (SIX + minutes(30) - half)) < timedelta(seconds=1)
    assert abs(found.contact.end - (SIX + minutes(30) + half)) < timedelta(seconds=1)
    assert found.contact.start < found.closest_at < SIX + minutes(30)
    assert all(
        distance_m(at, destination(HERE, 90.0, 30_000.0)) < 1.0 for at in found.nearest
    )


def test_windows_are_half_open():
    """What ends at seven does not meet what starts at seven."""
    before, after = (
        circle(HERE, 10.0, between(0, 60)),
        circle(HERE, 10.0, between(60, 90)),
    )
    assert meet(before, after).separation_m is None
    assert not meet(before, after).is_conflict
    barely = Window(start=SIX, end=SIX + minutes(60) + timedelta(microseconds=1))
    assert meet(circle(HERE, 10.0, barely), after).is_conflict


def test_buffers_in_time_add_up():
    """Ten minutes apart, with five and a bit each: they meet, and say when."""
    before = circle(HERE, 10.0, between(0, 60), buffer_s=300.0)
    after = circle(HERE, 10.0, between(70, 90), buffer_s=301.0)
    found = meet(before, after)
    assert found.is_conflict
    assert found.contact.end - found.contact.start == timedelta(seconds=1)
    assert not meet(
        before, circle(HERE, 10.0, between(70, 90), buffer_s=300.0)
    ).is_conflict


def test_what_holds_for_ever_is_met_at_any_time():
    """A site until withdrawn, a plan in a hundred years, an end that stays for ever."""
    site = circle(HERE, 10.0, Window(start=SIX, end=FOREVER), buffer_s=3_600.0)
    later = SIX + timedelta(days=36_500)
    plan = circle(HERE, 10.0, Window(start=later, end=later + minutes(5)))
    assert meet(site, plan).contact == plan.window
    assert meet(site, site).contact.end == FOREVER


def test_a_name_nobody_can_place_cannot_be_told():
    """Unlocated is neither near nor apart."""
    nowhere = Extent(footprint=Unlocated(name="Kroum hill"), window=between(0, 60))
    found = meet(nowhere, circle(HERE, 10.0))
    assert found.is_unsure
    assert not found.is_conflict
    assert not found.is_located
    assert found.separation_m is None


def test_an_imprecise_place_leaves_it_open():
    """A point known to 1.1 km, 1 km outside the buffer: cannot be told."""
    point = Point(position=destination(HERE, 0.0, 2_000.0), precision_m=1_100.0)
    vague = Extent(footprint=point, window=between(0, 60))
    found = meet(vague, circle(HERE, 500.0, buffer_m=500.0))
    assert found.separation_m == pytest.approx(1_500.0, abs=1e-3)
    assert found.is_unsure
    assert not found.is_conflict
    assert found.contact == between(0, 60)
    assert not meet(vague, circle(HERE, 100.0, buffer_m=500.0)).is_unsure


def test_bands_apart_leave_no_contact():
    """Above each other they never meet, however near on the map."""
    low = AltitudeBand(floor_m=0.0, ceiling_m=100.0)
    high = AltitudeBand(floor_m=200.0, ceiling_m=300.0)
    found = meet(circle(HERE, 10.0, band=low), circle(HERE, 10.0, band=high))
    assert found.separation_m == 0.0
    assert not found.is_conflict
    assert not found.is_unsure


def test_neighbours_that_share_an_edge_touch():
    """Two areas with one edge in common meet, with no buffer at all."""
    a, b = Position(lon=40.0, lat=35.0), Position(lon=40.0, lat=35.1)
    west = Polygon(outer=(a, b, Position(lon=39.9, lat=35.05)))
    east = Polygon(outer=(a, b, Position(lon=40.1, lat=35.05)))
    found = meet(
        Extent(footprint=west, window=between(0, 60)),
        Extent(footprint=east, window=between(0, 60)),
    )
    assert found.separation_m == 0.0
    assert found.is_conflict


def test_areas_as_far_as_the_moon_of_the_map_are_measured_by_karney():
    """Nearly opposite places: a thousandth at most, here to the metre."""
    there = Position(lon=-140.3, lat=-34.8)
    found_m = separation_m(circle(HERE, 10.0), circle(there, 10.0))
    assert found_m == pytest.approx(distance_m(HERE, there) - 20.0, abs=1.0)


@pytest.mark.parametrize("more_m", [0.001, 0.03, -0.001, -0.03])
def test_what_is_close_is_certified(more_m):
    """Within 5 cm of the limit the judge says so, and Karney decides to the micrometre.

    An edge of 20 km, a circle beside it: the buffer reaches it by `more_m`, or not.
    """
    end = destination(HERE, 60.0, 20_000.0)
    line = Extent(
        footprint=Corridor(path=(HERE, end), half_width_m=100.0), window=between(0, 60)
    )
    at = destination(destination(HERE, 60.0, 9_000.0), 150.0, 3_000.0)
    bare = pack([circle(at, 200.0)])
    a = pack([line])
    exact_m = min(certain_distance_m(a, i, bare, 0) for i in range(len(a.pieces)))
    b = pack([circle(at, 200.0, buffer_m=exact_m - 300.0 + more_m)])
    codes = set()
    for i in range(len(a.pieces)):
        code, apart_m = judge(*a, i, *b, 0)
        if code & CLOSE:
            code, apart_m = certify(a, i, b, 0, code)
            assert apart_m == pytest.approx(exact_m - 300.0, abs=1e-5) or code == APART
            codes.add(code)
    assert (NEAR in codes) == (more_m > 0.0)


def test_precision_is_certified_too():
    """At the limit of what precision leaves open, a hair decides between two codes."""
    there = destination(HERE, 10.0, 1_000.0)
    exact_m = distance_m(HERE, there)
    for more_m, expected in ((0.001, NEAR | PLACE_UNSURE), (-0.001, APART)):
        point = Point(position=there, precision_m=exact_m - 600.0 + more_m)
        a = pack([Extent(footprint=point, window=between(0, 60))])
        b = pack([circle(HERE, 500.0, buffer_m=100.0)])
        code, _ = judge(*a, 0, *b, 0)
        # Two points are apart for certain where the chord is already too long.
        assert code & CLOSE or expected == APART
        assert (certify(a, 0, b, 0, code)[0] if code & CLOSE else code) == expected


def test_many_pairs_are_judged_as_one_is():
    """In bulk, the same codes and separations, in order."""
    packed = pack([circle(HERE, 10.0), circle(destination(HERE, 0.0, 500.0), 10.0,
                                              buffer_m=1_000.0)])  # fmt: skip
    rows, others = np.array([0, 0, 1]), np.array([0, 1, 1])
    codes, apart_m = judge_pairs(*packed, rows, *packed, others)
    assert codes.tolist() == [NEAR, NEAR, NEAR]
    assert apart_m.tolist() == pytest.approx([0.0, 480.0, 0.0], abs=1e-3)
