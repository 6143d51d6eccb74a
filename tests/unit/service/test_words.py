"""A call in words: whole in a letter, and what matters of it in one short message."""

import re
import string
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from clearline.model.calls import Card, Kind, Telling
from clearline.model.places import (
    Circle,
    Interval,
    Place,
    PlaceFormat,
    Point,
    Position,
    Sector,
    Unlocated,
)
from clearline.service.phrases import known, languages, phrases
from clearline.service.words import (
    About,
    digits,
    recorded_words,
    ring_words,
    told_words,
)
from clearline.wire.gsm import segments
from phone import Line

HERE = Position(lon=40.176, lat=35.2854)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def place(footprint, text="35.2854N 40.1760E"):
    """Tell a place."""
    return Place(footprint=footprint, text=text, format=PlaceFormat.DECIMAL)


def about(card=None, kind=Kind.STOP, **more):
    """Raise a call and gather what is said around it."""
    line = Line()
    line.raises(kind, card=card or Card())
    return About(call=line.call(), desk="North Ops", party="North", **more)


POINT = place(Point(position=HERE, precision_m=5.0))
WHOLE = Card(
    where=POINT,
    where_again=place(Point(position=HERE, precision_m=5.0), "37S FV 06949 05337"),
    what="Shelling of the hospital\u2019s north wing",
    why="we see impacts",
    confidence=3,
)


def test_a_stop_is_one_short_message():
    """Word, number, sender, both encodings, what, and how to answer: 160 characters."""
    words = ring_words(about(WHOLE), "en", "481516")
    assert words.short == (
        "STOP 1. from North Ops. 37S FV 0694 0532. 35.2854N 40.1760E. Shelling of "
        "the hospital's north wing. we see impacts. Reply 481516 1=have it 2=unable"
    )
    assert len(words.short) <= 160
    assert segments(words.short) == 1


def test_in_arabic_a_stop_is_one_short_message_too():
    """Seventy units hold word, number, place and how to answer."""
    words = ring_words(about(WHOLE, times=3, is_durable=False), "ar-SY", "481516")
    assert words.language == "ar"
    assert segments(words.short) == 1
    for part in ("STOP", "37S FV 0694 0532", "481516 1=", "غير مسجل"):
        assert part in words.short


def test_the_letter_has_the_five_lines_whole():
    """Nothing of the card is left out of the letter, nor how to answer."""
    assert ring_words(about(WHOLE, times=3), "en", "481516").text == (
        "STOP 1, FLASH\n"
        "Stop now what is named below. Verify afterwards.\n"
        "\n"
        "1 From: North Ops, North\n"
        "2 Where: 35.2854N 40.1760E\n"
        "  MGRS 37S FV 0694 0532\n"
        "  latitude, longitude 35.2854 N 40.1760 E (WGS 84)\n"
        "  may lie up to 5 m from there\n"
        "  told again as: 37S FV 06949 05337\n"
        "3 What: Shelling of the hospital\u2019s north wing\n"
        "4 Why: we see impacts\n"
        "5 Confidence: 3 of 3, seen by the caller\n"
        "\n"
        "Raised 2026-03-01T12:00:00Z.\n"
        "It stands for 3 open calls of the same sender about the same place.\n"
        "\n"
        "Answer with 481516 1 if you have it, with 481516 2 if you are unable. "
        "Nothing without the code counts as an answer.\n"
    )


def test_a_stop_with_nothing_but_its_sender_is_said():
    """An empty card rings as well as a full one."""
    words = ring_words(about(), "en", "481516")
    assert words.short == ("STOP 1. from North Ops. Reply 481516 1=have it 2=unable")
    assert words.text.count("not said") == 4


def test_not_yet_recorded_stands_in_every_length():
    """Whoever reads or hears it knows that it is in no record yet."""
    words = ring_words(about(WHOLE, is_durable=False), "en", "481516")
    for said in (words.subject, words.short, words.text, words.spoken.upper()):
        assert "NOT YET RECORDED" in said


def test_a_voice_says_digits_and_letters_one_by_one():
    """Number and place are spelled, the place twice."""
    spoken = ring_words(about(WHOLE), "en", "481516").spoken
    spelled = "tree seven sierra, foxtrot victor, zero six niner fower"
    assert spoken.startswith("STOP. Number wun. From North Ops.")
    assert spoken.count(spelled) == 2
    assert "481516" not in spoken
    assert digits("12 B", "ar") == "واحد اثنان, bravo"


def test_people_of_neither_party_read_a_number_and_whom_to_call():
    """No place, no reason, nothing of the card leaves the two parties."""
    words = ring_words(about(WHOLE, is_outside=True), "en", "481516")
    for said in (words.subject, words.short, words.text, words.spoken):
        assert not re.search(r"FV|35\.28|foxtrot|[Ss]hell|impacts", said)
    assert "Call North Ops" in words.text
    assert "STOP 1" in words.short


def test_duplicates_are_counted():
    """A ring that stands for others says for how many."""
    assert "x7" in ring_words(about(WHOLE, times=7), "en", "481516").short
    assert "x" not in ring_words(about(times=1), "en", "481516").subject


@pytest.mark.parametrize(
    ("footprint", "said"),
    [
        (Circle(centre=HERE, radius_m=500.0), "within 500 m"),
        (
            Sector(
                origin=HERE,
                bearing_deg=Interval(least=202.5, most=247.5),
                range_m=Interval(least=3000.0, most=6000.0),
            ),
            "bearing 202.5 - 247.5 degrees true, 3.0 to 6.0 km",
        ),
        (Unlocated(name="the old mill"), "nobody could put this on a map"),
    ],
)
def test_vague_places_stay_vague(footprint, said):
    """A sector is no point, and a name nobody can locate says so."""
    words = ring_words(about(Card(where=place(footprint, "3-6 km SW"))), "en", "1")
    assert said in words.text
    if not isinstance(footprint, Circle):
        assert "3-6 km SW" in words.short
        assert "FV" not in words.text


def test_a_place_is_whole_or_left_out():
    """Half a place is another place, so none is ever cut."""
    desk = about(WHOLE, times=9_999, is_durable=False)
    for language in languages():
        short = ring_words(desk, language, "481516").short
        assert "37S" not in short or "37S FV 0694 0532" in short


NASTY = st.text(max_size=200)


@given(
    what=NASTY,
    why=NASTY,
    desk=NASTY,
    told=NASTY,
    language=st.sampled_from(["en", "ar", "xx"]),
    is_durable=st.booleans(),
    times=st.integers(1, 10_000),
)
def test_whatever_people_write_one_message_says_how_to_answer(
    what, why, desk, told, language, **how
):
    """Any text in any language stays one message, on one line, with its code."""
    card = Card(where=place(Unlocated(name="x"), told), what=what, why=why)
    words = ring_words(
        replace(
            about(card, **how),
            desk=desk,
        ),
        language,
        "481516",
    )
    assert segments(words.short) == 1
    assert len(words.short) <= 160
    assert "481516" in words.short
    for said in (words.short, words.subject):
        assert len(said.splitlines()) == 1


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_phrase_with_the_same_names(language):
    """A language is whole: no phrase is missing and none forgets a value."""
    english, other = phrases("en"), phrases(language)
    assert english.keys() == other.keys()
    names = string.Formatter().parse
    for key, phrase in english.items():
        wanted = {name for _, name, _, _ in names(phrase) if name}
        assert {name for _, name, _, _ in names(other[key]) if name} == wanted, key
    for kind in Kind:
        assert f"kind.{kind}" in other
        assert f"ask.{kind}" in other
    for telling in Telling:
        assert f"telling.{telling}" in other


def test_a_language_nobody_has_written_is_english():
    """Somebody is told in English rather than not at all."""
    assert known("ps-AF") == "en"
    assert known("AR") == "ar"


def test_what_a_desk_is_told_says_the_call_and_the_telling():
    """A telling is a short message and a letter with its sentence."""
    words = told_words(about(), "en", Telling.NOBODY_HAS_THIS, "Use voice as well.")
    assert words.short == "STOP 1: nobody has this"
    assert "Use voice as well." in words.text
    assert segments(told_words(about(), "ar", Telling.NOBODY_HAS_THIS, "").short) == 1


def test_being_recorded_is_told_as_such():
    """Whoever read *not yet recorded* reads that it is now."""
    assert recorded_words(about(), "en").short == "STOP 1 is now recorded"
