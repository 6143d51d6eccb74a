"""Several lines are a route or an area, or one of them is named as the bad one."""

import pytest

from clearline.geo.lines import MOST_LINES
from clearline.geo.plain import NoReading
from clearline.geo.reading import read_place
from clearline.model.places import Corridor, PlaceFormat, Polygon
from unit.geo.founding import ORIGINS

A, B, C = "35.2854 N 40.1760 E", "35.2500 N 40.1500 E", "37S FV 027 010"


def only(*lines):
    """Read lines that must have one reading, and return it."""
    (reading,) = read_place("\n".join(lines), ORIGINS)
    return reading


def test_lines_in_order_are_a_route():
    """Each line is a position, in any form; the route is as coarse as the coarsest."""
    reading = only(A, "", f"  {B}  ", C)
    route = reading.place.footprint
    assert isinstance(route, Corridor)
    assert [round(p.lat, 2) for p in route.path] == [35.29, 35.25, 35.25]
    assert route.half_width_m == 0.0
    assert route.precision_m == 70.75
    assert reading.place.format is PlaceFormat.LINES
    assert [line.place.format for line in reading.lines] == [
        *(PlaceFormat.DECIMAL, PlaceFormat.DECIMAL, PlaceFormat.MGRS)
    ]
    assert "route in the order of the lines" in reading.understood


def test_a_line_may_be_a_bearing_or_a_name():
    """Whatever is read as a position can be a corner of a route."""
    reading = only("the airfield", "6 km at 215 true from the airfield")
    assert isinstance(reading.place.footprint, Corridor)


def test_a_closed_ring_is_an_area():
    """The last position being the first again makes an area of the others."""
    area = only(A, B, C, A).place.footprint
    assert isinstance(area, Polygon)
    assert len(area.outer) == 3


def test_the_first_line_may_say_what_it_is():
    """An area is closed where the heading says area; a closed route stays a route."""
    area = only("Area:", A, B, C)
    assert isinstance(area.place.footprint, Polygon)
    assert "closed from the last to the first" in area.understood
    assert isinstance(only("ROUTE", A, B, C, A).place.footprint, Corridor)


def test_there_and_back_is_a_route():
    """Two places and back again enclose nothing."""
    assert isinstance(only(A, B, A).place.footprint, Corridor)


@pytest.mark.parametrize(
    "numbers",
    [("1. ", "2. ", "3. "), ("1) ", "2) ", "3) "), ("WP 1: ", "WP 2: ", "WP 3: ")],
)
def test_numbers_of_lines_go(numbers):
    """Numbers that count the lines from one are no part of the positions."""
    reading = only(*(n + line for n, line in zip(numbers, (A, B, C), strict=True)))
    assert reading.place.footprint == only(A, B, C).place.footprint


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ((A, "35.25 N", C), "Line 2 cannot be read"),
        ((A, B, "37S 027 010"), "Line 3 cannot be read: Which 100 km square"),
        (("the mill", B), "Line 1 cannot be read"),
        ((A, "35.25, 40.15"), "Line 2 may be 2 places"),
        ((A, "within 5 km of the city"), "Line 2 is no position but an area"),
        (("1. " + A, "3. " + B), "Line 1 cannot be read"),
        ((A, A), "leads nowhere"),
        (("area", A, B), "three positions"),
        (("area", A), "three positions"),
    ],
)
def test_one_bad_line_is_named_and_nothing_is_guessed(lines, why):
    """A route without one of its corners is another route: all of it is refused."""
    with pytest.raises(NoReading, match=why) as refusal:
        read_place("\n".join(lines), ORIGINS)
    assert refusal.value.state == "No place was made."


def test_an_area_that_crosses_itself_is_refused():
    """A ring that crosses itself is no area, and the refusal says where."""
    text = "area\n35.0 N 40.0 E\n35.1 N 40.1 E\n35.1 N 40.0 E\n35.0 N 40.1 E"
    with pytest.raises(NoReading, match="crosses itself near"):
        read_place(text)


def test_lines_that_are_open_alike_are_read_alike():
    """Bare numbers in every line are two routes: latitude first, and swapped."""
    first, second = read_place("35.2854, 40.1760\n35.25, 40.15")
    assert [p.lat for p in first.place.footprint.path] == [35.2854, 35.25]
    assert [p.lat for p in second.place.footprint.path] == [40.176, 40.15]
    assert "from reading 2" in first.understood


def test_too_many_lines_are_refused():
    """More lines than a route told in words has are refused before they are read."""
    with pytest.raises(NoReading, match="lines are no route"):
        read_place("\n".join([A] * (MOST_LINES + 1)))
    with pytest.raises(NoReading, match="too long for a route"):
        read_place("\n".join(["x" * 500] * 100))
