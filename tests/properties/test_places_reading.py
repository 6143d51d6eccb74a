"""Laws of reading and writing places."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clearline.geo.angles import METRES_A_DEGREE
from clearline.geo.geodesy import destination, distance_m
from clearline.geo.reading import read_place
from clearline.geo.voice import hear, spell
from clearline.geo.writing import write_decimal, write_dms, write_mgrs
from clearline.model.errors import BadInput
from clearline.model.places import NamedOrigin, Point, Position, Unlocated
from properties.of_places import positions

PRECISIONS = st.floats(0.02, 50_000.0)
AIRFIELD = NamedOrigin(
    name="Deir ez-Zor", kind="airfield", position=Position(lon=40.1760, lat=35.2854)
)
CITY = NamedOrigin(
    name="Deir ez-Zor", kind="city", position=Position(lon=40.15, lat=35.3333)
)


def only(text, origins=()):
    """Read a text that must have one reading, and return it."""
    (reading,) = read_place(text, origins)
    return reading


def assert_comes_back(position, precision_m, text):
    """What was written reads as one point near enough, and no finer than deserved."""
    point = only(text).place.footprint
    assert isinstance(point, Point)
    assert distance_m(position, point.position) <= point.precision_m + 0.01
    assert point.precision_m >= precision_m * (1 - 1e-5) - 0.01


@given(positions(), PRECISIONS)
@example(Position(lon=180.0, lat=90.0), 100.0)
@example(Position(lon=-179.9999999, lat=-89.9999999), 10.0)
def test_decimal_degrees_come_back(position, precision_m):
    """Decimal degrees written anywhere read as that place, within their precision."""
    assert_comes_back(position, precision_m, write_decimal(position, precision_m))


@given(positions(), PRECISIONS)
@example(Position(lon=59.9999999, lat=0.99999999), 31.0)
def test_degrees_minutes_seconds_come_back(position, precision_m):
    """DMS written anywhere reads as that place, within its precision."""
    assert_comes_back(position, precision_m, write_dms(position, precision_m))


@given(positions(south=-80.0, north=83.999999), st.floats(0.71, 7_000.0))
@example(Position(lon=6.0, lat=60.0), 1.0)
@example(Position(lon=9.0, lat=75.0), 1.0)
@example(Position(lon=180.0, lat=0.0), 1.0)
@example(Position(lon=-1e-9, lat=-1e-9), 7_000.0)
def test_grid_references_come_back(position, precision_m):
    """MGRS written anywhere it reaches reads as that cell, within its precision."""
    text = write_mgrs(position, precision_m)
    assert text is not None
    assert_comes_back(position, precision_m, text)


@given(positions(south=-80.0, north=83.999999), st.floats(0.71, 7_000.0))
def test_what_is_spelled_is_heard(position, precision_m):
    """A grid reference spelled for voice and written down again is the same."""
    text = write_mgrs(position, precision_m)
    assert text is not None
    assert hear(spell(text)) == text


@given(
    st.floats(0.0, 90.0),
    st.sampled_from("NS"),
    st.floats(0.0, 180.0),
    st.sampled_from("EW"),
    st.integers(0, 8),
)
def test_a_reading_never_changes_hemisphere(lat, ns, lon, ew, decimals):
    """A named hemisphere is the one read, whatever the order and the rounding."""
    a, b = f"{lat:.{decimals}f} {ns}", f"{lon:.{decimals}f} {ew}"
    for text in (
        f"{a} {b}",
        f"{b}, {a}",
        f"{ns}{lat:.{decimals}f} {ew}{lon:.{decimals}f}",
    ):
        position = only(text).place.footprint.position
        assert position.lat * (1 if ns == "N" else -1) >= 0.0
        if abs(position.lon) < 180.0:
            assert position.lon * (1 if ew == "E" else -1) >= 0.0


@given(st.floats(-90.0, 90.0), st.floats(-180.0, 180.0))
def test_bare_numbers_are_never_chosen_for_anybody(lat, lon):
    """Two bare numbers that fit both ways come back as both, else as the one."""
    readings = read_place(f"{lat:.5f}, {lon:.5f}")
    found = {
        (r.place.footprint.position.lat, r.place.footprint.position.lon)
        for r in readings
    }
    here = Position(lon=round(lon, 5), lat=round(lat, 5))
    assert (here.lat, here.lon) in found
    fits_both = abs(round(lon, 5)) <= 90.0
    assert len(found) == (2 if fits_both and here.lat != here.lon else 1)


@given(positions(), st.integers(0, 360), st.integers(1, 900))
def test_bearing_and_range_is_the_geodesic(position, bearing_deg, range_km):
    """A bearing and range in figures is where the geodesic ends."""
    origin = NamedOrigin(name="Here", position=position)
    place = only(f"{bearing_deg} true/{range_km} km from Here", [origin]).place
    expected = destination(position, bearing_deg, range_km * 1000.0)
    assert distance_m(place.footprint.position, expected) < 1e-3
    assert place.precision_m >= 500.0


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text):
    """No text crashes the reader: it gives places with their words, or says why not."""
    assert_read_or_refused(text)


PIECES = [
    *"NSEWnsew°'\"+-,;:/. ",
    *("35", "35.2854", "035", "40", "40.176", "180", "181", "90", "0", "069", "053"),
    *("37S", "FV", "37SFV", "IO", "MGRS", "lat", "lon", "deg", "min"),
    *("km", "m", "NM", "of", "from", "to", "between", "and", "within", "about", "due"),
    *("south", "SW", "north-east", "NNW", "true", "magnetic", "grid", "variation"),
    *("the airfield", "Deir ez-Zor", "city", "٣٥", "e3", "999999999999", "0.0000001"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from(["", " "]))
def test_any_pieces_are_read_or_refused(pieces, between):
    """No jumble of the reader's own words crashes it or is read as no place."""
    assert_read_or_refused(between.join(pieces))


def assert_read_or_refused(text):
    """Whatever comes back is a located place that kept its words, or a refusal."""
    try:
        readings = read_place(text, [AIRFIELD, CITY])
    except BadInput:
        return
    assert readings
    for reading in readings:
        assert reading.place.text == text
        assert reading.understood
        assert not isinstance(reading.place.footprint, Unlocated)
        assert math.isfinite(reading.place.precision_m)


@given(st.text(alphabet="0123456789 .,-NSEW°'km/tofrae", max_size=500))
@example("2NNr00")
def test_long_texts_are_answered(text):
    """A long text of the right characters is answered too, and soon."""
    assert_read_or_refused(text)


def test_a_text_longer_than_a_place_is_refused():
    """A text longer than any place is refused before anything looks at it."""
    with pytest.raises(BadInput, match="too long"):
        read_place("3" * 501)


@given(positions(), st.integers(0, 5))
def test_precision_follows_the_digits(position, decimals):
    """Precision is one unit of the last digit: two decimals are within 1.1 km."""
    text = f"{abs(position.lat):.{decimals}f} N {abs(position.lon):.{decimals}f} E"
    precision_m = only(text).place.precision_m
    assert precision_m == pytest.approx(METRES_A_DEGREE / 10**decimals, abs=0.01)
