"""Between two named origins, and halfway."""

import pytest

from clearline.geo.geodesy import distance_m
from clearline.geo.plain import NoReading, UnknownName
from clearline.geo.reading import read_place
from clearline.model.places import Circle, NamedOrigin, PlaceFormat, Point, Position
from unit.geo.founding import AIRFIELD, CITY, ORIGINS

BOTH = "Deir ez-Zor airfield and Deir ez-Zor city"


@pytest.mark.parametrize(
    "text", [f"between {BOTH}", f"Somewhere between {BOTH}.", f"in between {BOTH}"]
)
def test_between_is_a_circle_with_both_on_its_edge(text):
    """Nobody says which road: all from where neither lies beyond the other."""
    (reading,) = read_place(text, ORIGINS)
    circle = reading.place.footprint
    assert isinstance(circle, Circle)
    for end in (AIRFIELD, CITY):
        apart_m = distance_m(circle.centre, end.position)
        assert apart_m == pytest.approx(circle.radius_m, abs=0.01)
    assert reading.place.format is PlaceFormat.BETWEEN
    assert "circle whose diameter" in reading.understood


def test_halfway_is_the_middle():
    """Halfway is a point, within a tenth of the distance."""
    (reading,) = read_place(f"halfway between {BOTH}", ORIGINS)
    point = reading.place.footprint
    assert isinstance(point, Point)
    apart_m = distance_m(AIRFIELD.position, CITY.position)
    assert point.precision_m == pytest.approx(apart_m / 10, abs=0.01)
    assert distance_m(point.position, CITY.position) == pytest.approx(apart_m / 2)


def test_each_two_origins_of_the_names_are_a_reading():
    """A shared name leaves a choice; the same place twice is none of them."""
    gate = NamedOrigin(name="Gate", position=Position(lon=40.3, lat=35.3))
    readings = read_place("between Deir ez-Zor and the gate", [*ORIGINS, gate])
    assert len(readings) == 2
    assert "from reading 2" in readings[0].understood


def test_a_name_may_have_an_and_of_its_own():
    """The names are parted where both sides are known."""
    hills = NamedOrigin(name="Tell and Hajin", position=Position(lon=40.3, lat=35.3))
    (reading,) = read_place("between Tell and Hajin and the city", [*ORIGINS, hills])
    assert "Between Tell and Hajin and Deir ez-Zor (city)" in reading.understood


def test_what_is_no_pair_is_refused():
    """One place twice, or a name nobody knows, is asked about."""
    with pytest.raises(NoReading, match="one place twice"):
        read_place("between the city and the city", ORIGINS)
    with pytest.raises(UnknownName, match="No origin called 'Raqqa'"):
        read_place("between the city and Raqqa", ORIGINS)
