"""Laws of reading and writing places."""

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clearline.geo.alphabets import ALPHABETS
from clearline.geo.angles import METRES_A_DEGREE
from clearline.geo.geodesy import destination, distance_m
from clearline.geo.reading import read_place
from clearline.geo.voice import hear, spell
from clearline.geo.writing import (
    write_all,
    write_ddm,
    write_decimal,
    write_dms,
    write_geo,
    write_mgrs,
    write_packed,
    write_utm,
)
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


@given(positions(), PRECISIONS)
@example(Position(lon=59.9999999, lat=0.99999999), 1_800.0)
def test_degrees_and_minutes_come_back(position, precision_m):
    """Degrees and minutes written anywhere read as that place, within precision."""
    assert_comes_back(position, precision_m, write_ddm(position, precision_m))


@given(positions(), PRECISIONS)
@example(Position(lon=9.9999999, lat=-9.9999999), 31.0)
@example(Position(lon=180.0, lat=-90.0), 0.1)
def test_packed_figures_come_back(position, precision_m):
    """Packed figures written anywhere read as that place, within their precision."""
    assert_comes_back(position, precision_m, write_packed(position, precision_m))


@given(positions(), PRECISIONS)
@example(Position(lon=-1e-9, lat=-1e-9), 100.0)
@example(Position(lon=180.0, lat=90.0), 0.02)
def test_geo_uris_come_back(position, precision_m):
    """geo: URIs written anywhere read as that place, with their uncertainty."""
    assert_comes_back(position, precision_m, write_geo(position, precision_m))


@given(positions(south=-80.0, north=83.999999), st.floats(0.02, 10_000.0))
@example(Position(lon=6.0, lat=60.0), 1.0)
@example(Position(lon=-1e-9, lat=-1e-9), 1.0)
@example(Position(lon=180.0, lat=0.0), 1_000.0)
@example(Position(lon=179.9999999, lat=-79.999999), 10_000.0)
def test_utm_comes_back(position, precision_m):
    """UTM written anywhere it reaches reads as that one place, within precision."""
    text = write_utm(position, precision_m)
    assert text is not None
    assert_comes_back(position, precision_m, text)


@given(positions(), PRECISIONS)
@settings(max_examples=25)
def test_what_is_written_again_stays_where_it_was(position, precision_m):
    """Form after form, a place moves no farther than both readings' precisions."""
    for text in write_all(position, precision_m).values():
        first = only(text).place.footprint
        for again in write_all(first.position, first.precision_m).values():
            second = only(again).place.footprint
            moved_m = distance_m(first.position, second.position)
            assert moved_m <= first.precision_m + second.precision_m + 0.01


SCRIPTS = (
    "٠١٢٣٤٥٦٧٨٩",
    "۰۱۲۳۴۵۶۷۸۹",
    "०१२३४५६७८९",
    "０１２３４５６７８９",
    "᠐᠑᠒᠓᠔᠕᠖᠗᠘᠙",
)


@given(positions(), st.floats(1.0, 5_000.0), st.sampled_from(SCRIPTS))
@settings(max_examples=40)
def test_digits_of_every_script_are_the_same(position, precision_m, digits):
    """Every form reads the same in Arabic-Indic, Persian, Devanagari and any digits."""
    for text in write_all(position, precision_m).values():
        other = text.translate(str.maketrans("0123456789", digits))
        assert only(other).place.footprint == only(text).place.footprint


@given(positions(south=-89.0, north=89.0), st.floats(1.0, 500.0), st.data())
def test_marks_of_links_come_back(position, precision_m, data):
    """A mark in a link of any map is where it was set, whatever order it is in."""
    lat, lon = f"{position.lat:.6f}", f"{position.lon:.6f}"
    del precision_m
    link = data.draw(
        st.sampled_from(
            [
                f"https://www.google.com/maps?q={lat},{lon}",
                f"https://www.google.com/maps/place/A/@1,1,3z/data=!3d{lat}!4d{lon}",
                f"https://www.openstreetmap.org/?mlat={lat}&mlon={lon}",
                f"https://www.bing.com/maps?sp=point.{lat}_{lon}_A",
                f"https://maps.apple.com/?ll={lat},{lon}&q=A",
                f"https://yandex.com/maps/?pt={lon},{lat}",
            ]
        )
    )
    point = only(link).place.footprint
    assert point.precision_m == 10.0
    assert distance_m(point.position, position) <= 0.2


@given(positions(), st.floats(0.72, 7_000.0))
@example(Position(lon=6.0, lat=60.0), 1.0)
@example(Position(lon=9.0, lat=75.0), 1.0)
@example(Position(lon=0.0, lat=84.0), 1.0)
@example(Position(lon=0.0, lat=90.0), 1.0)
@example(Position(lon=179.9999999, lat=-89.9999999), 7_000.0)
@example(Position(lon=180.0, lat=0.0), 1.0)
@example(Position(lon=-1e-9, lat=-1e-9), 7_000.0)
def test_grid_references_come_back(position, precision_m):
    """MGRS written anywhere, the poles too, reads as that cell within precision."""
    text = write_mgrs(position, precision_m)
    assert text is not None
    assert_comes_back(position, precision_m, text)


@given(positions(), st.floats(0.72, 50_000.0), st.sampled_from([*ALPHABETS.values()]))
def test_what_is_spelled_is_heard(position, precision_m, alphabet):
    """A place spelled in any alphabet, and written down again, is the same."""
    written = write_all(position, precision_m)
    for name in ("mgrs", "packed", "ddm", "dms"):
        if text := written.get(name):
            assert hear(spell(text, alphabet)) == text


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
    *("UTM", "zone", "37 north", "606940", "3905328", "mE", "mN", "ZAH", "±", "+/-"),
    *("geo:", "https://", "www.google.com/maps", "?q=", "@", ";u=", "%2C", "#map=15/"),
    *("mils", "Soviet", "6400", "35-83", "by", "halfway between", "near", "area\n"),
    *("\n", "1. ", "route:\n", "с.ш.", "شرقا", "O", "WGS84", "ED50", "ft", "км"),
    *("9 km", "au sud-ouest de", "al norte del", "к югу от", "на північ від", "южнее"),
    *(
        "كم",
        "شمال شرق",
        "بين",
        " و",
        'ק"מ',
        "דרומית ל-",
        "בין",
        "entre",
        "между",
        " и ",
    ),
    *("à mi-chemin", "plein", "environ", "примерно", "حوالي", "до", "إلى", "d'", "du"),
    *("351707N", "0401034E", "+35.2854", "/", "2,5", "1,500", "m", "yards"),
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
    assert len({reading.understood for reading in readings}) == len(readings)


@given(st.text(alphabet="0123456789 .,-NSEW°'km/tofrae", max_size=500))
@example("2NNr00")
@example("between " * 60)
@example("a of " * 100)
@example("9 km south of " + "x, 1 km " * 60)
@example("south of " + " ,9" * 150)
@example("1 " * 250)
@example("1-" * 250)
@example("(" * 500)
@example("± 1 m" * 100)
@example("WGS84 " * 80)
@example("с.ш. " * 90)
@example("entre " * 80)
@example("между а и " * 50)
@example("بين و و" * 70)
@example("9 km au sud de " * 33)
@example("de 3 à 6 à " * 45)
@example("9 км к югу от города " * 23)
@example("9 كم شمال شرق " * 35)
@example("widthlatitude" * 38)
@example("5 to 5 to 5 " * 40)
@example("https://" + "a." * 240 + "com/")
@example("https://www.google.com/maps?" + "q=1,1&" * 600)
@example("https://www.google.com/maps/" + "!3d1!4d1" * 400)
@example("https://www.google.com/maps/" + "%D0" * 1_000)
@example("geo:1,1" + ";a=b" * 900)
@example("\n".join(["35.2854 N 40.1760 E"] * 200))
@example("area\n" + "\n".join(["35.2854, 40.1760", "35.3, 40.2"] * 99))
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
