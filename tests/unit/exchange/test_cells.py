"""Cells are read as people write them, and nothing is guessed."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from clearline.exchange.cells import (
    Unfit,
    end_of,
    read_choice,
    read_number,
    read_when,
    read_whole,
    read_yes_no,
    read_zone,
)
from clearline.exchange.layouts import (
    LAYOUTS,
    column,
    kind_of,
    known_heading,
)
from clearline.model.notices import NoticeKind

EEST = timezone(timedelta(hours=3))


@pytest.mark.parametrize(
    ("text", "number"),
    [("12.5", 12.5), ("٣٥٫٣٣", 35.33), ("35,33", 35.33), ("-4", -4.0), ("۱۲", 12.0)],
)
def test_digits_of_every_script_are_digits(text, number):
    """Whoever types Arabic digits is not made to type others."""
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["1,234,567", "12 km", "", "1e9999", "nan", "=1+1"])
def test_what_is_no_number_is_not_made_one(text):
    """A thousand is not taken for a decimal."""
    with pytest.raises(Unfit):
        read_number(text)


def test_a_part_of_a_person_is_none():
    """Whole numbers are whole."""
    assert read_whole("6") == 6
    with pytest.raises(Unfit):
        read_whole("6.5")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-01 06:00", "2026-03-01T03:00:00+00:00"),
        ("٢٠٢٦-٠٣-٠١ ٠٦:٠٠", "2026-03-01T03:00:00+00:00"),
        ("2026-03-01T06:00Z", "2026-03-01T06:00:00+00:00"),
        ("2026-03-01 06:00+01:00", "2026-03-01T05:00:00+00:00"),
        ("010600ZMAR26", "2026-03-01T06:00:00+00:00"),
        ("010600C MAR 2026", "2026-03-01T03:00:00+00:00"),
        ("2026-03-01", "2026-02-28T21:00:00+00:00"),
    ],
)
def test_a_time_is_an_instant_of_its_zone(text, at):
    """A zone in the cell goes before that of the row."""
    assert read_when(text, EEST).at.isoformat() == at


@pytest.mark.parametrize(
    ("text", "zone", "says"),
    [
        ("2026-03-01 06:00", None, "no time zone"),
        ("03/04/2026", EEST, "which is the day"),
        ("2026-02-30", EEST, "no time"),
        ("tomorrow", EEST, "no time"),
        ("2026-10-25 02:30", "Europe/Berlin", "came twice"),
        ("2026-03-29 02:30", "Europe/Berlin", "never came"),
        ("310600ZFEB26", EEST, "date-time group"),
        ("010600ZXXX26", EEST, "date-time group"),
    ],
)
def test_a_time_that_could_be_two_is_asked_about(text, zone, says):
    """An hour off is a convoy at the wrong place."""
    found = read_zone(zone) if isinstance(zone, str) else zone
    with pytest.raises(Unfit) as caught:
        read_when(text, found)
    assert says in caught.value.what


def test_a_day_as_an_end_ends_at_its_last_midnight_there():
    """The last day of a notice belongs to it."""
    end = end_of(read_when("2026-06-01", EEST), EEST)
    assert end == datetime(2026, 6, 1, 21, tzinfo=UTC)


@pytest.mark.parametrize("text", ["Mars/Olympus", "UTC+25", "../etc/passwd", ""])
def test_a_zone_nobody_knows_is_none(text):
    """A name is no path."""
    with pytest.raises(Unfit):
        read_zone(text)


@pytest.mark.parametrize(
    ("text", "is_so"), [("yes", True), ("نعم", True), ("NO", False), ("لا", False)]
)
def test_yes_and_no_in_the_words_people_use(text, is_so):
    """Either language is an answer."""
    assert read_yes_no(text) is is_so


def test_a_word_of_a_list_in_either_language():
    """What is not on it is said with what is."""
    label = column(NoticeKind.SITE, "function")
    assert read_choice("Health", label) == read_choice("صحة", label) == "health"
    with pytest.raises(Unfit, match="castle"):
        read_choice("castle", label)


def test_every_heading_names_one_column_in_either_language():
    """A sheet in Arabic is read as one in English."""
    for kind, columns in LAYOUTS.items():
        for one in columns:
            for text in (one.key, one.en, one.ar, one.heading, one.en.upper()):
                assert known_heading(kind, text) == one.key
        assert kind_of([one.ar for one in columns]) is kind
        assert len({one.key for one in columns}) == len(columns)
