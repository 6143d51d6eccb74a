"""Laws of routes and areas as places: apart, inside, within, told in lines."""

from hypothesis import given, settings
from hypothesis import strategies as st

from clearline.geo.containment import is_within
from clearline.geo.geodesy import destination, distance_m
from clearline.geo.insides import is_inside
from clearline.geo.outlines import corners
from clearline.geo.reading import read_place
from clearline.geo.separation import (
    error_m,
    middle,
    reach_from_middle_m,
    separation,
)
from clearline.geo.writing import write_all
from clearline.model.places import (
    Circle,
    Corridor,
    MultiPolygon,
    Point,
    Polygon,
    Position,
)
from properties import of_extents, slow_meeting

DRAWN = Corridor | Polygon | MultiPolygon


@given(of_extents.neighbours(most_m=20_000.0))
@settings(max_examples=60)
def test_how_near_two_are_is_what_the_slow_reference_says(pair):
    """The least distance is the slow one, within the error that is stated."""
    one, other = pair
    slow_m = slow_meeting.separation_m(one, other)
    apart = separation(one, other)
    assert abs(apart.least - slow_m) <= error_m(one, other) + 0.01
    assert separation(other, one) == apart


@given(of_extents.neighbours(most_m=20_000.0))
@settings(max_examples=60)
def test_no_corner_lies_farther_than_the_greatest_distance(pair):
    """Whatever corners one takes, the greatest distance is no less than theirs."""
    one, other = pair
    most_m = separation(one, other).most + error_m(one, other)
    for p in _corners(one):
        for q in _corners(other):
            assert distance_m(p, q) <= most_m


def _corners(footprint):
    match footprint:
        case Point(position=position):
            return [position]
        case Circle(centre=centre, radius_m=radius_m):
            return [destination(centre, turn, radius_m) for turn in range(0, 360, 45)]
        case _:
            return list(corners(footprint))


@given(st.data(), of_extents.places(), of_extents.sizes(20_000.0))
@settings(max_examples=60)
def test_inside_is_what_going_round_says(data, centre, size_m):
    """A position clear of every edge is inside exactly where the slow reference is."""
    area = data.draw(of_extents.polygons(centre, size_m))
    away_m = data.draw(st.floats(0.0, 2.0)) * size_m
    here = destination(centre, data.draw(st.floats(0.0, 360.0)), away_m)
    edge_m = min(
        slow_meeting.nearest(edge, slow_meeting.Edge(*[(here.lon, here.lat)] * 2))[0]
        for body in slow_meeting.bodies(area)
        for edge in body.edges
    )
    if edge_m > 0.01:
        rings = [(*ring, ring[0]) for ring in area.rings()]
        slow = slow_meeting.is_inside((here.lon, here.lat), rings)
        assert is_inside(here, area) == slow


@given(of_extents.places(), of_extents.sizes(20_000.0), st.data())
@settings(max_examples=40)
def test_corners_and_edges_belong_to_an_area(centre, size_m, data):
    """Edges are inside, and so are the corners, a hole's too."""
    area = data.draw(of_extents.polygons(centre, size_m))
    assert all(is_inside(corner, area) for corner in corners(area))
    assert not is_inside(Position(lon=-centre.lon, lat=-centre.lat or 1.0), area) or (
        distance_m(centre, Position(lon=-centre.lon, lat=-centre.lat or 1.0))
        <= 4 * size_m
    )


@given(st.data(), of_extents.places(), of_extents.sizes(20_000.0))
@settings(max_examples=40)
def test_each_lies_within_itself_and_the_circle_about_it(data, centre, size_m):
    """A footprint lies within itself, and within the circle about its middle."""
    kinds = (of_extents.corridors, of_extents.polygons, of_extents.multi_polygons)
    drawn = data.draw(data.draw(st.sampled_from(kinds))(centre, size_m))
    assert is_within(drawn, drawn, 0.0)
    reach_m = reach_from_middle_m(drawn)
    about = Circle(centre=middle(drawn), radius_m=reach_m + error_m(drawn, drawn))
    assert is_within(drawn, about, 0.0)
    assert not is_within(about, drawn, 0.0) or isinstance(drawn, Polygon)


@given(st.data(), of_extents.places(), of_extents.sizes(20_000.0))
@settings(max_examples=40)
def test_what_is_within_has_no_part_outside(data, centre, size_m):
    """Whatever is called within an area has each of its corners there."""
    area = data.draw(of_extents.polygons(centre, size_m))
    start = destination(
        centre, data.draw(st.floats(0.0, 360.0)), data.draw(st.floats(0.0, size_m))
    )
    other = data.draw(of_extents.footprints(start, 0.3 * size_m))
    margin_m = data.draw(st.sampled_from([0.0, 0.2 * size_m]))
    if is_within(other, area, margin_m):
        for corner in _corners(other):
            point = Point(position=corner, precision_m=0.0)
            assert separation(point, area).least <= margin_m + error_m(point, area)


FORMS = ("decimal", "dms", "ddm", "packed", "mgrs", "utm", "geo")


@given(
    of_extents.places(),
    st.data(),
    st.floats(1.0, 500.0),
    st.sampled_from(FORMS),
)
@settings(max_examples=60)
def test_a_route_told_in_lines_comes_back(start, data, precision_m, form):
    """A route written line by line, in any form, is read with each corner in place."""
    path = data.draw(of_extents.paths(start, 20_000.0))
    written = [write_all(position, precision_m) for position in path]
    lines = [forms.get(form) or forms["geo"] for forms in written]
    (reading,) = read_place("\n".join(lines))
    route = reading.place.footprint
    assert isinstance(route, Corridor)
    assert len(route.path) == len(path)
    for told, meant in zip(route.path, path, strict=True):
        assert distance_m(told, meant) <= route.precision_m + 0.01
    assert route.precision_m >= precision_m * (1 - 1e-5) - 0.01
