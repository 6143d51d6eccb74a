"""Degrees leave in a sheet as they were told, and say no more than they said."""

import pytest

from clearline.exchange.handed_rows import _place
from clearline.model.places import Circle, Place, PlaceFormat, Point, Position
from notice_forms import a_site

COARSE = Position(lon=40.1, lat=35.3)


def left_as(footprint, text, **more):
    """Write the place of a site that was told in degrees."""
    where = Place(footprint=footprint, text=text, format=PlaceFormat.DECIMAL)
    return _place(a_site(where=where, where_again=None, **more), [])


@pytest.mark.parametrize("text", ["35.3 N 40.1 E", "35.3N 40.1E", "35.3° N, 40.1° E"])
def test_one_decimal_is_handed_out_as_one(text):
    """Eleven kilometres of doubt do not come back as a metre."""
    found = left_as(Point(position=COARSE, precision_m=11_132.0), text)
    assert found == {"latitude": "35.3", "longitude": "40.1"}


def test_a_circle_keeps_its_figures_beside_its_radius():
    """So a sheet that comes back unchanged amends nothing."""
    found = left_as(Circle(centre=COARSE, radius_m=80.0), "35.3 N 40.1 E")
    assert found == {"latitude": "35.3", "longitude": "40.1", "radius_m": "80"}


def test_south_and_west_have_their_sign():
    """A hemisphere is never lost."""
    at = Position(lon=-40.1, lat=-35.3)
    found = left_as(Point(position=at, precision_m=11_132.0), "35.3 S 40.1 W")
    assert found == {"latitude": "-35.3", "longitude": "-40.1"}


def test_words_that_are_no_longer_the_point_are_written_beside_it():
    """Where the two could differ both are given, to be compared."""
    found = left_as(Point(position=COARSE, precision_m=1.0), "35.4 N 40.1 E")
    assert found["latitude"] == "35.3000000"
    assert found["place"] == "35.4 N 40.1 E"
