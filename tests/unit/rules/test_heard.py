"""Times and numbers as people say them."""

import pytest

from clearline.model.instants import FOREVER, Duration, Window, parse_instant
from clearline.rules.heard import Unclear, read_instant, read_number, read_window

START = parse_instant("2016-09-17T13:55:00Z")
END = parse_instant("2016-09-17T14:56:00Z")
WINDOW = Window(start=START, end=END)


@pytest.mark.parametrize(
    "text",
    [
        "2016-09-17T13:55:00Z",
        "2016-09-17 16:55:00+03:00",
        "2016-09-17T13:55Z",
        "171355ZSEP16",
        "17 1355Z Sep 2016",
        "171655C SEP 16",
        "1355Z",
        "13:55 zulu",
        "1355 hours Z",
        "13:55 UTC",
        "16:55+03:00",
        "1655 UTC+3",
        "1655C",
        "0855R",
        "13:55:00Z",
        "one three fife fife zulu",
        "One Three Five Five Zulu",
    ],
)
def test_an_instant_in_any_form(text):
    """Every usual way of saying 13:55 UTC is that instant."""
    assert read_instant(text, near=END).at == START


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1355Z", Duration(minutes=1)),
        ("13:55:00Z", Duration(seconds=1)),
        ("2016-09-17T13:55Z", Duration(minutes=1)),
        ("2016-09-17T13:55:00Z", Duration(seconds=1)),
        ("171355ZSEP16", Duration(minutes=1)),
    ],
)
def test_an_instant_knows_the_unit_it_was_said_to(text, unit):
    """What was said to the minute is not known to the second."""
    assert read_instant(text, near=START).unit == unit


def test_a_time_of_day_takes_the_nearest_day():
    """Just after midnight, 2359Z is the day before."""
    midnight = parse_instant("2016-09-18T00:01:00Z")
    assert read_instant("2359Z", midnight).at == parse_instant("2016-09-17T23:59:00Z")
    assert read_instant("0002Z", midnight).at == parse_instant("2016-09-18T00:02:00Z")
    evening = parse_instant("2016-09-17T22:00:00Z")
    assert read_instant("0100C", evening).at == evening


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1355", "does not say its zone"),
        ("13:55", "does not say its zone"),
        ("1355 local", "is no time"),
        ("1355J", "local time"),
        ("1355 UTC+31", "no zone"),
        ("2561Z", "no time 2561Z"),
        ("321355ZSEP16", "no time"),
        ("171355ZXYZ16", "no month"),
        ("2016-09-17T13:55:00", "no zone"),
        ("2016-13-17T13:55:00Z", "not an instant"),
        ("2016-09-17T13:55 nonsense", "not an instant"),
        ("soon", "is no time"),
        ("", "Nothing usable"),
    ],
)
def test_what_is_open_is_asked(text, why):
    """No zone, no date, no such hour: it is asked for, never supplied."""
    with pytest.raises(Unclear, match=why) as question:
        read_instant(text, near=START)
    assert question.value.next


def test_a_time_of_day_alone_has_no_date():
    """With nothing to compare with, or with FOREVER, the date is asked for."""
    with pytest.raises(Unclear, match="no date"):
        read_instant("1355Z")
    with pytest.raises(Unclear, match="no date"):
        read_instant("1355Z", near=FOREVER)


@pytest.mark.parametrize(
    "text",
    [
        "2016-09-17T13:55:00Z/2016-09-17T14:56:00Z",
        "1355Z to 1456Z",
        "from 1355Z until 1456Z",
        "between 1355Z and 1456Z",
        "1355 to 1456 zulu",
        "1655C-1756C",
        "1355Z / 1456Z",
        "one three fife fife to one fower fife six zulu",
        "171355ZSEP16 to 171456ZSEP16",
    ],
)
def test_a_window_in_any_form(text):
    """Both ends are read; a zone said once at the end holds for both."""
    assert read_window(text, near=WINDOW).window == WINDOW


@pytest.mark.parametrize(
    "text", ["1355Z until withdrawn", "1355Z until further notice", "1355Z no end"]
)
def test_a_window_without_an_end_says_so(text):
    """Until withdrawn is the explicit end FOREVER, against any window."""
    for near in (WINDOW, Window(start=START, end=FOREVER)):
        assert read_window(text, near).window == Window(start=START, end=FOREVER)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1355Z", "start and an end"),
        ("1355Z to 1456Z to 1500Z", "start and an end"),
        ("1355Z to soon", "no time"),
        ("1355 to 1456", "zone"),
        ("171456ZSEP16 to 171355ZSEP16", "not after its start"),
    ],
)
def test_a_window_with_something_open_is_asked_for(text, why):
    """A missing or impossible end is asked for."""
    with pytest.raises(Unclear, match=why):
        read_window(text, near=WINDOW)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("37", 37, ""),
        ("three seven", 37, ""),
        ("tree seven", 37, ""),
        ("thirty seven", 37, ""),
        ("thirty-seven.", 37, ""),
        ("3 7", 37, ""),
        ("niner", 9, ""),
        ("zero", 0, ""),
        ("fifteen", 15, ""),
        ("fifty", 50, ""),
        ("one hundred and six", 106, ""),
        ("hundred", 100, ""),
        ("fife hundred", 500, ""),
        ("one tousand two hundred thirty four", 1234, ""),
        ("37 thousand", 37_000, ""),
        ("six decimal fife km", 6.5, "km"),
        ("6.5 kilometres", 6.5, "km"),
        ("minus 3", -3, ""),
        ("-3 m", -3, "m"),
        ("9 km", 9, "km"),
        ("niner nautical miles", 9, "nm"),
        ("15 minutes", 15, "min"),
        ("20 feet", 20, "ft"),
        ("37 aircraft", 37, "aircraft"),
    ],
)
def test_a_number_in_figures_or_words(text, number, unit):
    """Figures, spoken digits and words give the number, and its unit if said."""
    heard = read_number(text)
    assert (heard.number, heard.unit) == (number, unit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "many",
        "1,500",
        "twenty twenty",
        "twenty fifteen",
        "two two hundred",
        "three thousand five thousand",
        "decimal five",
        "six decimal fifteen",
        "six decimal",
        "9" * 20,
    ],
)
def test_a_number_that_is_none_or_two_is_asked_for(text):
    """What is no number, or may be two, is asked for digit by digit."""
    with pytest.raises(Unclear):
        read_number(text)
