"""Laws of what is told coarsely: it covers the place and says only its cell."""

from hypothesis import given
from hypothesis import strategies as st

from clearline.geo.cells import COVERS_M, STEPS_M, cell_of, coarse_of
from clearline.geo.geodesy import destination, distance_m, inverse
from clearline.model.extents import Corridor, MultiPolygon, Polygon
from clearline.model.places import Circle, Point, Position
from properties.of_extents import footprints, places, sizes
from properties.of_places import parts_of, positions

_SLACK_M = 60.0  # a ring's edges may bulge beyond its corners by this at 100 km


@given(places())
def test_a_cell_is_covered_by_its_circle(position):
    """Wherever a place lies, it lies within 8 km of the middle of its cell."""
    assert distance_m(cell_of(position).middle, position) <= COVERS_M


@given(positions(), st.floats(0.0, 360.0), sizes(30_000.0))
def test_two_places_of_one_cell_are_told_the_same(position, turn, size_m):
    """Nothing but the cell is told of a place: two in one cell cannot be told apart."""
    other = destination(position, turn, size_m)
    one = coarse_of(Point(position=position, precision_m=10.0))
    two = coarse_of(Point(position=other, precision_m=25.0))
    assert (one == two) == (cell_of(position) == cell_of(other))


@given(positions(), st.floats(1.0, 1_000.0), st.floats(1.0, 1_000.0))
def test_growing_within_a_step_shows_nothing(position, one_m, two_m):
    """An amendment of a radius within a step is told as before."""
    small, large = (
        coarse_of(Circle(centre=position, radius_m=size_m)) for size_m in (one_m, two_m)
    )
    assert small == large
    assert small.reach_m in STEPS_M


@given(st.data())
def test_what_is_told_coarsely_covers_the_place(data):
    """No part of a place lies outside what is told of it, so no conflict is missed."""
    centre = data.draw(places())
    footprint = data.draw(footprints(centre, data.draw(sizes())))
    part = data.draw(_parts_of(footprint))
    circles = coarse_of(footprint).circles()
    nearest_m = min(distance_m(one.centre, part) - one.radius_m for one in circles)
    assert nearest_m <= _SLACK_M


def test_the_same_number_names_the_same_cell_on_its_border():
    """A border belongs to one cell, whatever rounding does to its figures."""
    for tenths in range(-899, 900):
        lat = tenths / 10
        assert cell_of(Position(lon=10.0, lat=lat)).row == tenths + 900


@st.composite
def _parts_of(draw, footprint):
    """A position at the edge of a footprint, or inside it."""
    match footprint:
        case Corridor(path=path, half_width_m=half_width_m):
            on_it, bearing = draw(_between(path))
            side = draw(st.sampled_from([90.0, -90.0]))
            return destination(on_it, bearing + side, half_width_m)
        case Polygon(outer=outer):
            return draw(_between((*outer, outer[0])))[0]
        case MultiPolygon(parts=parts):
            return draw(_parts_of(draw(st.sampled_from(parts))))
        case _:
            return draw(parts_of(footprint))


@st.composite
def _between(draw, path):
    """A position on a leg of a path, and the bearing of the leg at its beginning."""
    at = draw(st.integers(0, len(path) - 2))
    length_m, bearing = inverse(path[at], path[at + 1])
    return destination(path[at], bearing, draw(st.floats(0.0, 1.0)) * length_m), bearing
