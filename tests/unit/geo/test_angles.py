"""Latitudes and longitudes as people write them."""

import pytest

from clearline.geo.plain import NoReading
from clearline.geo.reading import read_place
from clearline.model.places import PlaceFormat, Position

HERE = Position(lon=40.1760, lat=35.2854)


def positions(text):
    """Return (lat, lon, format, precision) of every reading."""
    return [
        (
            round(r.place.footprint.position.lat, 4),
            round(r.place.footprint.position.lon, 4),
            r.place.format,
            r.place.precision_m,
        )
        for r in read_place(text)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "35.2854 N 40.1760 E",
        "40.1760 E 35.2854 N",
        "35.2854N,40.1760E",
        "35.2854 N, 40.1760 E",
        "N35.2854 E40.1760",
        "N 35.2854, E 40.1760",
        "35.2854° N / 40.1760° E",
        "35.2854 north 40.1760 east",
        "35.2854 N; 40.1760 E;",
        "lat 35.2854 lon 40.1760",
        "lat: 35.2854, long: 40.1760",
        "Longitude = 40.1760 E; latitude = 35.2854 N",
        "35,2854 N 40,1760 E",
        "٣٥.٢٨٥٤ N ٤٠.١٧٦٠ E",
        "\u200e35.2854\u00a0N  40.1760 E\u200f",
    ],
)
def test_decimal_degrees(text):
    """Named decimal degrees have one reading, in any order and script of digits."""
    assert positions(text) == [(35.2854, 40.176, PlaceFormat.DECIMAL, 11.13)]


@pytest.mark.parametrize(
    "text",
    [
        "35°17'07\"N 40°10'34\"E",
        "35° 17′ 07″ N, 40° 10′ 34″ E",  # noqa: RUF001 (primes)
        "35 17 07 N 40 10 34 E",
        "N35 17 07 E40 10 34",
        "35-17-07N 040-10-34E",
        "35:17:07N 40:10:34E",
        "35 deg 17 min 07 sec N 40 deg 10 min 34 sec E",
        "35º17’07’’N 40º10’34’’E",  # noqa: RUF001 (typed quotes)
    ],
)
def test_degrees_minutes_seconds(text):
    """DMS in any marks has one reading, within a second."""
    assert positions(text) == [(35.2853, 40.1761, PlaceFormat.DMS, 30.92)]


def test_decimals_of_seconds_and_minutes():
    """The last part may have decimals, and they set the precision."""
    ((lat, lon, form, precision_m),) = positions("35°17'07.4\"N 40°10'33.6\"E")
    assert (lat, lon, form, precision_m) == (35.2854, 40.176, PlaceFormat.DMS, 3.09)
    ((lat, lon, form, precision_m),) = positions("35°17.12'N 40°10.56'E")
    assert (lat, lon, form, precision_m) == (35.2853, 40.176, PlaceFormat.DDM, 18.55)


@pytest.mark.parametrize(
    ("text", "precision_m"),
    [
        ("35 N 40 E", 111_320.0),
        ("35.3 N 40.2 E", 11_132.0),
        ("35.29 N 40.18 E", 1_113.2),
        ("35.29 N 40.1760 E", 1_113.2),
        ("35 17 N 40 10 E", 1_855.33),
        ("35.285400000000001 N 40.176000000000002 E", 0.01),
    ],
)
def test_precision_is_one_unit_of_the_coarser_last_digit(text, precision_m):
    """A two-decimal latitude is within 1.1 km; nothing is finer than a centimetre."""
    assert positions(text)[0][3] == precision_m


@pytest.mark.parametrize(
    "text",
    ["35.2854, 40.1760", "35.2854 40.1760", "35,2854 40,1760", "+35.2854 +40.1760"],
)
def test_bare_numbers_that_fit_both_ways_are_two_readings(text):
    """Latitude first is the convention and comes first; swapped is offered too."""
    assert [p[:2] for p in positions(text)] == [(35.2854, 40.176), (40.176, 35.2854)]
    first, second = read_place(text)
    assert "latitude first, which the text does not say" in first.understood
    assert "692.9 km from reading 2" in first.understood
    assert "longitude first" in second.understood


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("120.5, 35.2", 35.2, 120.5),
        ("35.2, 120.5", 35.2, 120.5),
        ("-33.9, 151.2", -33.9, 151.2),
        ("035.5, 40.1", 40.1, 35.5),
        ("35.5, 040.1", 35.5, 40.1),
    ],
)
def test_bare_numbers_that_fit_one_way_are_one_reading(text, lat, lon):
    """Beyond 90, or padded to three digits, a number can only be a longitude."""
    ((read_lat, read_lon, *_),) = positions(text)
    assert (read_lat, read_lon) == (lat, lon)
    assert "as the numbers fit no other way" in read_place(text)[0].understood


def test_equal_numbers_are_one_reading():
    """Exchanging equal numbers changes nothing, so there is nothing to choose."""
    assert len(positions("35.5, 35.5")) == 1


def test_a_hemisphere_left_out_is_asked_for():
    """With one hemisphere named, the other is offered both ways."""
    assert [p[:2] for p in positions("35.28 N 40.17")] == [
        (35.28, 40.17),
        (35.28, -40.17),
    ]
    assert [p[:2] for p in positions("35.28, 40.17 W")] == [
        (35.28, -40.17),
        (-35.28, -40.17),
    ]


def test_degree_marks_part_bare_coordinates():
    """Without letters, the second degree mark begins the second coordinate."""
    assert [p[:2] for p in positions("35°17'07\" 140°10'")] == [(35.2853, 140.1667)]
    assert [p[:2] for p in positions("35°17'07\" -140°10'")] == [(35.2853, -140.1667)]


def test_a_sign_says_the_hemisphere():
    """A minus is south or west; beside it, a bare number is north or east."""
    assert positions("lat -35.28 lon 40.17")[0][:2] == (-35.28, 40.17)
    assert positions("-35 17 07, 140 10 34")[0][:2] == (-35.2853, 140.1761)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("91 N 40 E", "cannot be a latitude and a longitude"),
        ("35 N 181 E", "cannot be a latitude and a longitude"),
        ("100, 120", "cannot be a latitude and a longitude"),
        ("35.28 N 40.17 N", "Both numbers are called a latitude"),
        ("35 60 00 N 40 E", "go up to 59"),
        ("35 17 60 N 40 E", "go up to 59"),
        ("35.5 17 N 40 E", "last part"),
        ("-35.28 S 40.17 E", "both a sign and a hemisphere"),
        ("N 35.28 S 40.17 E", "one latitude and one longitude"),
        ("lat 35.28 E lon 40.17 N", "both a latitude and a longitude"),
        ("35' 17° N 40 E", "mixed up"),
        ("' 35 N 40 E", "mixed up"),
        ("35 +17 N 40 E", "middle of a coordinate"),
        ("35.28-40.17", "hyphen"),
        ("35,28", "comma"),
        ("35,28,40,17", "comma"),
        ("35 17 07 12 N 40 E", "has 4 numbers"),
        ("35.28", "one latitude and one longitude"),
        ("35.28 N", "one latitude and one longitude"),
        ("35 17 07 40 10", "one latitude and one longitude"),
        ("N N", "no form"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(text, why):
    """Coordinates that contradict themselves are refused, and the reason is theirs."""
    with pytest.raises(NoReading, match=why):
        read_place(text)


def test_what_is_understood_has_the_digits_given():
    """The sentence shows whole degrees for whole degrees, and no digit more."""
    (reading,) = read_place("35 N 40 E")
    assert reading.understood.startswith("35° N, 40° E, as named; within 111,320 m.")


def test_the_words_are_kept():
    """The text as told stands in the place unchanged, odd digits and all."""
    text = " ٣٥.٢٨٥٤ N ٤٠.١٧٦٠ E"
    assert read_place(text)[0].place.text == text


def test_a_single_order_has_no_distance_note():
    """One reading has nothing to be compared with."""
    assert "reading" not in read_place("35.2854 N 40.1760 E")[0].understood
