"""Hemispheres in the languages of the line."""

import pytest

from clearline.geo.plain import NoReading, plain
from clearline.geo.reading import read_place
from clearline.geo.tongues import in_english


@pytest.mark.parametrize(
    "text",
    [
        "35.2854° с.ш. 40.1760° в.д.",
        "35,2854° с. ш., 40,1760° в. д.",
        "35.2854 северной широты, 40.1760 восточной долготы",
        "35.2854 пн.ш. 40.1760 сх.д.",
        "35.2854 північної широти 40.1760 східної довготи",
        "٣٥٫٢٨٥٤ شمالاً، ٤٠٫١٧٦٠ شرقاً",
        "خط العرض ٣٥٫٢٨٥٤ شمالاً وخط الطول ٤٠٫١٧٦٠ شرقاً",
        "۳۵٫۲۸۵۴ شمالی ۴۰٫۱۷۶۰ شرقی",
        "35.2854 צפון 40.1760 מזרח",
        "35.2854 Nord, 40.1760 Est",
    ],
)
def test_hemispheres_are_read_in_their_language(text):
    """A coordinate is the same in every language that has words for it here."""
    (reading,) = read_place(text)
    position = reading.place.footprint.position
    assert (position.lat, position.lon) == (35.2854, 40.176)
    assert reading.place.text == text


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("10 ю.ш. 20 з.д.", -10.0, -20.0),
        ("10 جنوباً 20 غرباً", -10.0, -20.0),
        ("10 דרום 20 מערב", -10.0, -20.0),
        ("10 Sud 20 Ouest", -10.0, -20.0),
        ("10 пд.ш. 20 зх.д.", -10.0, -20.0),
    ],
)
def test_south_and_west_are_never_north_and_east(text, lat, lon):
    """The other two hemispheres are read too."""
    (reading,) = read_place(text)
    position = reading.place.footprint.position
    assert (position.lat, position.lon) == (lat, lon)


def test_degrees_minutes_and_seconds_have_words():
    """Parts of an angle in words are marks."""
    (reading,) = read_place(
        "35 градусов 17 минут 07 секунд с.ш., 40 градусов 10 минут 34 секунды в.д."
    )
    position = reading.place.footprint.position
    assert (round(position.lat, 4), round(position.lon, 4)) == (35.2853, 40.1761)


def test_o_is_west_in_french_and_east_in_german():
    """The letter O is two readings, one on either side of Greenwich."""
    east, west = read_place("48.85 N 2.35 O")
    assert east.place.footprint.position.lon == 2.35
    assert west.place.footprint.position.lon == -2.35


def test_other_words_stay_as_they_are():
    """Only whole words of a coordinate are turned; names are left alone."""
    for text in ("Северодонецк", "شمال سيناء الجديدة2", "the northern gate", "Estonia"):
        assert in_english(plain(text)).count(" N ") == 0
    assert in_english("Северодонецк") == "Северодонецк"
    assert in_english("Estonia") == "Estonia"
    with pytest.raises(NoReading):
        read_place("10 с.ш. 20 ю.ш.")
