"""Separations with known answers, the founding ones first."""

import pytest

from clearline.geo.containment import is_within
from clearline.geo.geodesy import bearing_deg, destination, distance_m
from clearline.geo.insides import is_inside
from clearline.geo.separation import (
    error_m,
    located,
    middle,
    reach_from_middle_m,
    separation,
)
from clearline.model.places import (
    ALL_ROUND,
    FARTHEST_M,
    Circle,
    Interval,
    Point,
    Position,
    Sector,
    Unlocated,
    clockwise,
    exactly,
)

AIRFIELD = Position(lon=40.1760, lat=35.2854)
CITY = Position(lon=40.1500, lat=35.3333)


def point(position):
    """Return an exact point."""
    return Point(position=position, precision_m=0.0)


def sector(from_deg, to_deg, least_m, most_m, origin=AIRFIELD):
    """Return a sector of an origin."""
    return Sector(
        origin=origin,
        bearing_deg=clockwise(from_deg, to_deg),
        range_m=Interval(least=least_m, most=most_m),
    )


PLANNED = sector(202.5, 247.5, 3_000.0, 6_000.0)
SOUTH_OF_AIRFIELD = destination(AIRFIELD, 180.0, 9_000.0)
SOUTH_OF_CITY = destination(CITY, 180.0, 9_000.0)


def test_nine_kilometres_south_of_the_airfield_lies_outside():
    """The told point lies 4.1 to 8.7 km from the planned band, and outside it."""
    apart = separation(point(SOUTH_OF_AIRFIELD), PLANNED)
    assert apart.least == pytest.approx(4_149.6, abs=1.0)
    assert apart.most == pytest.approx(8_698.9, abs=1.0)
    assert not is_inside(SOUTH_OF_AIRFIELD, PLANNED)


def test_along_one_bearing_the_range_is_narrower():
    """Against 225 degrees alone the told point lies 6.4 to 7.2 km away."""
    apart = separation(point(SOUTH_OF_AIRFIELD), sector(225, 225, 3_000.0, 6_000.0))
    assert apart.least == pytest.approx(6_374.4, abs=1.0)
    assert apart.most == pytest.approx(7_198.3, abs=1.0)


def test_nine_kilometres_south_of_the_city_lies_inside():
    """From the city the same words fall in the band: 4.4 km at 213 degrees."""
    assert is_inside(SOUTH_OF_CITY, PLANNED)
    assert distance_m(AIRFIELD, SOUTH_OF_CITY) == pytest.approx(4_380, abs=1.0)
    assert bearing_deg(AIRFIELD, SOUTH_OF_CITY) == pytest.approx(212.7, abs=0.05)
    assert separation(point(SOUTH_OF_CITY), PLANNED).least == 0.0


def test_circles_are_exact():
    """A circle is as near and as far as its centre, less and plus its radius."""
    a = Circle(centre=AIRFIELD, radius_m=1_000.0)
    b = Circle(centre=CITY, radius_m=500.0)
    between = distance_m(AIRFIELD, CITY)
    apart = separation(a, b)
    assert apart.least == pytest.approx(between - 1_500.0, abs=1e-6)
    assert apart.most == pytest.approx(between + 1_500.0, abs=1e-6)
    assert separation(a, a) == Interval(least=0.0, most=2_000.0)


def test_a_ring_keeps_its_hole():
    """Something in the hole of a ring is as far from it as the hole leaves room."""
    ring = Sector(
        origin=AIRFIELD, bearing_deg=ALL_ROUND, range_m=Interval(least=3e3, most=6e3)
    )
    inside_the_hole = Circle(centre=destination(AIRFIELD, 90, 500), radius_m=400.0)
    apart = separation(ring, inside_the_hole)
    assert apart.least == pytest.approx(3_000 - 900, abs=1e-6)
    assert apart.most == pytest.approx(6_000 + 900, abs=1e-6)
    assert not is_inside(AIRFIELD, ring)
    smaller = Sector(
        origin=AIRFIELD, bearing_deg=ALL_ROUND, range_m=Interval(least=1e3, most=2e3)
    )
    assert separation(ring, smaller).least == pytest.approx(1_000.0, abs=1e-6)


def test_sectors_that_face_each_other_along_an_edge():
    """Two bands of one origin, 3 km apart over their whole arc, are 3 km apart."""
    outer = sector(210, 240, 9_000.0, 12_000.0)
    apart = separation(PLANNED, outer)
    assert apart.least == pytest.approx(3_000.0, abs=error_m(PLANNED, outer))


def test_sectors_that_cross_without_holding_a_corner_touch():
    """Two thin crossing sectors overlap though neither holds a corner of the other."""
    south = sector(179, 181, 3_000.0, 6_000.0)
    there = destination(destination(AIRFIELD, 180.0, 4_500.0), 270.0, 2_000.0)
    east = sector(89, 91, 500.0, 3_500.0, origin=there)
    assert separation(south, east).least == 0.0


def test_a_bounded_effort_still_encloses_the_truth():
    """Long concentric edges exhaust the search; the interval is wide, not wrong."""
    near = sector(10, 350, 200_000.0, 400_000.0)
    far = sector(10, 350, 900_000.0, 950_000.0)
    apart = separation(near, far)
    assert 400_000.0 <= apart.least <= 500_000.0 + error_m(near, far)
    assert apart.most >= 1_345_000.0


def test_what_is_too_wide_to_measure_is_bounded():
    """Sectors beyond 1,000 km get what the triangle inequality allows."""
    wide = sector(0, 90, 0.0, 5_000_000.0)
    apart = separation(wide, point(destination(AIRFIELD, 270.0, 6_000_000.0)))
    assert apart.least == pytest.approx(1_000_000.0, abs=1.0)
    assert apart.most == pytest.approx(11_000_000.0, abs=1.0)


def test_antipodes_are_bounded_by_half_a_meridian():
    """No separation exceeds the longest geodesic."""
    there = Position(lon=AIRFIELD.lon - 180.0, lat=-AIRFIELD.lat)
    apart = separation(PLANNED, Circle(centre=there, radius_m=9_000.0))
    assert apart.most <= FARTHEST_M
    assert apart.least > 19_900_000.0


@pytest.mark.parametrize(
    "origin",
    [
        Position(lon=180.0, lat=10.0),
        Position(lon=-179.99, lat=-65.0),
        Position(lon=30.0, lat=89.99),
        Position(lon=0.0, lat=-90.0),
        Position(lon=0.0, lat=0.0),
    ],
    ids=["antimeridian", "antimeridian south", "near pole", "pole", "null"],
)
def test_the_seams_of_the_map_are_ordinary(origin):
    """The founding answers hold to a percent wherever the airfield is put."""
    planned = sector(202.5, 247.5, 3_000.0, 6_000.0, origin=origin)
    told = destination(origin, 180.0, 9_000.0)
    apart = separation(point(told), planned)
    assert apart.least == pytest.approx(4_149.6, rel=0.01)
    assert apart.most == pytest.approx(8_698.9, rel=0.01)
    assert is_inside(destination(origin, 225.0, 4_500.0), planned)
    assert not is_inside(destination(origin, 45.0, 4_500.0), planned)


def test_inside_includes_the_edges():
    """A place on the edge of a sector is inside; a metre beyond, it is not."""
    for bearing in (202.5, 225.0, 247.5):
        assert is_inside(destination(AIRFIELD, bearing, 6_000.0), PLANNED)
        assert not is_inside(destination(AIRFIELD, bearing, 6_001.0), PLANNED)
    assert is_inside(AIRFIELD, sector(10, 20, 0.0, 100.0))


def test_north_is_no_edge():
    """A sector across north holds north."""
    north = sector(337.5, 22.5, 1_000.0, 2_000.0)
    for bearing in (337.5, 359.999, 0.0, 22.5):
        assert is_inside(destination(AIRFIELD, bearing, 1_500.0), north)
    assert not is_inside(destination(AIRFIELD, 180.0, 1_500.0), north)


def test_points_and_circles_hold_what_they_hold():
    """A point holds itself, a circle everything up to its radius."""
    assert is_inside(AIRFIELD, point(AIRFIELD))
    assert not is_inside(CITY, point(AIRFIELD))
    circle = Circle(centre=AIRFIELD, radius_m=6_000.0)
    assert is_inside(CITY, circle)
    assert not is_inside(CITY, Circle(centre=AIRFIELD, radius_m=5_000.0))


def test_within_a_margin():
    """One footprint is within another only as a whole, and by the margin given."""
    inner = sector(210, 240, 3_500.0, 5_500.0)
    assert is_within(inner, PLANNED, 0.0)
    assert not is_within(PLANNED, inner, 500.0)
    assert is_within(PLANNED, inner, 2_000.0)
    assert is_within(point(SOUTH_OF_CITY), PLANNED, 0.0)
    assert not is_within(point(SOUTH_OF_AIRFIELD), PLANNED, 4_000.0)
    assert is_within(point(SOUTH_OF_AIRFIELD), PLANNED, 4_200.0)
    assert is_within(PLANNED, Circle(centre=AIRFIELD, radius_m=6_000.0), 1.0)
    assert not is_within(PLANNED, Circle(centre=AIRFIELD, radius_m=5_000.0), 1.0)
    small = Circle(centre=SOUTH_OF_CITY, radius_m=200.0)
    assert is_within(small, PLANNED, 300.0)
    assert not is_within(Circle(centre=SOUTH_OF_CITY, radius_m=9e3), PLANNED, 300.0)


def test_a_ring_holds_every_sector_between_its_ranges():
    """Turning does not matter to a full ring."""
    ring = Sector(
        origin=AIRFIELD, bearing_deg=ALL_ROUND, range_m=Interval(least=2e3, most=7e3)
    )
    assert is_within(PLANNED, ring, 0.0)
    assert not is_within(ring, PLANNED, 1_000.0)
    elsewhere = sector(0, 20, 100.0, 300.0, origin=SOUTH_OF_CITY)
    assert is_within(elsewhere, ring, 300.0)


def test_what_is_too_wide_is_never_called_within():
    """Beyond what can be measured, nothing is said to lie inside."""
    wide = sector(0, 90, 0.0, 2_000_000.0, origin=CITY)
    assert not is_within(PLANNED, wide, 1_000_000.0)


def test_the_middle_and_its_reach():
    """The middle of a sector reaches its corners; that of a ring is its origin."""
    assert distance_m(AIRFIELD, middle(PLANNED)) == pytest.approx(4_500.0)
    assert reach_from_middle_m(PLANNED) == pytest.approx(2_522, abs=2.0)
    ring = Sector(origin=AIRFIELD, bearing_deg=ALL_ROUND, range_m=exactly(3_000.0))
    assert middle(ring) == AIRFIELD
    assert reach_from_middle_m(ring) == pytest.approx(3_000.0)
    assert middle(Circle(centre=CITY, radius_m=5.0)) == CITY


def test_a_name_is_nowhere():
    """An unlocated name has no shape to measure; everything else is itself."""
    assert located(Unlocated(name="Kroum hill")) is None
    assert located(PLANNED) is PLANNED
