"""What was said back against what was sent, element by element."""

import msgspec
import pytest

from clearline.geo.reading import read_place
from clearline.geo.voice import keys
from clearline.geo.writing import said_forms
from clearline.model.instants import Window, parse_instant
from clearline.model.places import Interval, NamedOrigin, Position
from clearline.model.readback import (
    ElementKind,
    ElementOutcome,
    NotAnElement,
    ReadbackElement,
    ReadbackResult,
)
from clearline.rules.readback import compare_readback
from unit.geo.founding import ORIGINS

START = parse_instant("2016-09-17T13:55:00Z")
END = parse_instant("2016-09-17T14:56:00Z")


def place(text, name="where"):
    """Return a place sent with its value."""
    (reading,) = read_place(text, ORIGINS)
    return ReadbackElement(
        name=name, kind=ElementKind.PLACE, text=text, place=reading.place
    )


def heard(text, kind=ElementKind.PLACE, name="where"):
    """Return an element of which only words are known."""
    return ReadbackElement(name=name, kind=kind, text=text)


def compare_one(sent, said):
    """Compare one element and return its result."""
    (result,) = compare_readback([sent], [said], ORIGINS).elements
    return result


AIRFIELD = place("35.2854 N 40.1760 E")


@pytest.mark.parametrize(
    "text",
    [
        "35.2854 N 40.1760 E",
        "N 35 17 07 E 40 10 34",
        "37S FV 069 053",
        "37sfv0694005327",
        "tree seven sierra, foxtrot victor, zero six niner, zero fife tree",
        "three five decimal two eight five north four zero decimal one seven six east",
        "the airfield",
    ],
)
def test_a_place_matches_in_any_form(text):
    """A place sent in degrees may come back in any form that is the same place."""
    result = compare_one(AIRFIELD, heard(text))
    assert result.outcome is ElementOutcome.MATCHES
    assert result.say_again == ""


def test_another_square_letter_is_another_place():
    """Foxtrot uniform for foxtrot victor is 100 km off, and is said again spelled."""
    result = compare_one(place("37S FV 069 053"), heard("37S FU 069 053"))
    assert result.outcome is ElementOutcome.DIFFERS
    assert result.off_by.least == pytest.approx(100_000, rel=0.001)
    assert result.off_by_unit == "m"
    assert "another 100 km square" in result.why
    assert result.say_again == (
        "Negative. where, I say again: 37S FV 069 053 (tree seven sierra, foxtrot "
        "victor, zero six niner, zero fife tree). Read it back."
    )


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("9 km due south of the airfield", "9 km due south of Deir ez-Zor"),
        ("35.2854 N 40.1760 E", "35.2854, 40.1760"),
        ("35.2854 N 40.1760 E", "35 N 40 E"),
        ("35.2854 N 40.1760 E", "069 053"),
        ("35.2854 N 40.1760 E", "over there"),
    ],
)
def test_a_place_that_can_be_several_or_none_does_not_match(sent, said):
    """The rival origin, the swapped order, the coarse and the incomplete are asked."""
    result = compare_one(place(sent), heard(said))
    assert result.outcome is ElementOutcome.CANNOT_TELL
    assert result.say_again.startswith("Say again where.")


def test_a_place_that_is_wrong_whichever_was_meant_differs():
    """Both readings of what was heard lie elsewhere: it differs, by an interval."""
    result = compare_one(AIRFIELD, heard("9 km due south of Deir ez-Zor"))
    assert result.outcome is ElementOutcome.DIFFERS
    assert result.off_by.least < 5_000.0
    assert result.off_by.most == pytest.approx(9_000, abs=10)


def test_a_place_that_is_right_whichever_was_meant_matches():
    """Two gates of one name, 20 m apart, are one place to a reading of 71 m."""
    gates = [
        NamedOrigin(name="Gate", position=Position(lon=40.176 + i * 2e-4, lat=35.2854))
        for i in range(2)
    ]
    sent = place("37S FV 069 053")
    (result,) = compare_readback([sent], [heard("Gate")], gates).elements
    assert result.outcome is ElementOutcome.MATCHES


def test_what_was_sent_unclearly_cannot_be_read_back():
    """Words sent without a value that can be two places are sent again."""
    result = compare_one(heard("9 km south of Deir ez-Zor"), AIRFIELD)
    assert result.outcome is ElementOutcome.CANNOT_TELL
    assert "What was sent can be 2 places" in result.why


def test_words_nobody_can_place_are_read_back_as_words():
    """A STOP about "the mill" is read back right by saying the mill, and not else."""
    mill = heard("the mill on the north bank")
    assert compare_one(mill, heard("The mill, on the north bank")).outcome is (
        ElementOutcome.MATCHES
    )
    assert compare_one(mill, heard("37S FV 069 053")).outcome is ElementOutcome.DIFFERS


def test_the_same_vague_words_come_back_right():
    """A sector read back in the same words is the same sector."""
    sent = place("3 to 6 km southwest of the airfield")
    assert compare_one(sent, heard(sent.text)).outcome is ElementOutcome.MATCHES


def instant(text, at=None, name="at"):
    """Return an instant, heard or sent."""
    return ReadbackElement(name=name, kind=ElementKind.INSTANT, text=text, at=at)


@pytest.mark.parametrize(
    ("said", "outcome", "off_s"),
    [
        ("1355Z", ElementOutcome.MATCHES, None),
        ("1655 charlie", ElementOutcome.MATCHES, None),
        ("13:55:01Z", ElementOutcome.DIFFERS, 1.0),
        ("1356Z", ElementOutcome.DIFFERS, 60.0),
        ("1255Z", ElementOutcome.DIFFERS, 3600.0),
        ("1655", ElementOutcome.CANNOT_TELL, None),
    ],
)
def test_instants(said, outcome, off_s):
    """An instant matches to the unit it was said to; without a zone it is asked."""
    result = compare_one(instant("1355Z", START), instant(said))
    assert result.outcome is outcome
    assert result.off_by == (
        None if off_s is None else Interval(least=off_s, most=off_s)
    )


def test_an_hour_off_is_said_with_its_direction():
    """The sentence says how far off, and to which side."""
    result = compare_one(instant("1355Z", START), instant("1255Z"))
    assert result.why == (
        "It was said back as 2016-09-17T12:55:00Z, 3600 s before what was sent."
    )


def test_half_a_minute_is_within_the_minute_said():
    """Sent to the second and read back to the minute, it matches within the minute."""
    half_past = parse_instant("2016-09-17T13:55:30Z")
    sent = instant("13:55:30Z", half_past)
    assert compare_one(sent, instant("1355Z")).outcome is ElementOutcome.MATCHES
    assert compare_one(sent, instant("1354Z")).outcome is ElementOutcome.DIFFERS


def test_values_on_both_sides_are_compared_exactly():
    """Where both sides carry instants, a second off is off."""
    later = parse_instant("2016-09-17T13:55:01Z")
    result = compare_one(instant("1355Z", START), instant("1355Z", later))
    assert result.outcome is ElementOutcome.DIFFERS


def window(text, value=None):
    """Return a window, heard or sent."""
    return ReadbackElement(
        name="window", kind=ElementKind.WINDOW, text=text, window=value
    )


@pytest.mark.parametrize(
    ("said", "outcome", "why"),
    [
        ("1355Z to 1456Z", ElementOutcome.MATCHES, "the same"),
        ("1355Z to 1546Z", ElementOutcome.DIFFERS, "The end was said back"),
        ("1345Z to 1456Z", ElementOutcome.DIFFERS, "The start was said back"),
        ("1355Z until withdrawn", ElementOutcome.DIFFERS, "The end was said back"),
        ("1355Z", ElementOutcome.CANNOT_TELL, "start and an end"),
    ],
)
def test_windows(said, outcome, why):
    """Both ends of a window must come back."""
    sent = window("1355Z to 1456Z", Window(start=START, end=END))
    result = compare_one(sent, window(said))
    assert result.outcome is outcome
    assert why in result.why


def number(text, value=None, unit=""):
    """Return a number, heard or sent."""
    return ReadbackElement(
        name="count", kind=ElementKind.NUMBER, text=text, number=value, unit=unit
    )


@pytest.mark.parametrize(
    ("sent", "said", "outcome"),
    [
        (number("37"), "three seven", ElementOutcome.MATCHES),
        (number("37", 37.0), "tree seven", ElementOutcome.MATCHES),
        (number("15"), "fifty", ElementOutcome.DIFFERS),
        (number("9 km", 9.0, "kilometres"), "niner km", ElementOutcome.MATCHES),
        (number("9 km"), "9 nautical miles", ElementOutcome.DIFFERS),
        (number("9 km"), "niner", ElementOutcome.CANNOT_TELL),
        (number("9 km"), "five", ElementOutcome.DIFFERS),
        (number("9 km"), "several", ElementOutcome.CANNOT_TELL),
    ],
)
def test_numbers(sent, said, outcome):
    """Numbers match in figures or spoken digits, with the same unit."""
    assert compare_one(sent, number(said)).outcome is outcome


def test_a_number_says_how_far_off_it_is():
    """Fifteen and fifty differ by thirty-five, and fifteen is spelled."""
    result = compare_one(number("15"), number("fifty"))
    assert result.off_by == Interval(least=35.0, most=35.0)
    assert "15 (wun fife)" in result.say_again


def test_texts_match_by_their_words():
    """Case, accents and punctuation do not matter; words and their order do."""
    sent = heard("Stop: artillery, north bank!", ElementKind.TEXT, "what")
    same = heard("STOP ARTILLERY north bánk", ElementKind.TEXT, "what")
    other = heard("stop artillery south bank", ElementKind.TEXT, "what")
    assert compare_one(sent, same).outcome is ElementOutcome.MATCHES
    assert compare_one(sent, other).outcome is ElementOutcome.DIFFERS


def test_a_text_in_another_script_is_not_empty():
    """Words of any script are compared as words."""
    sent = heard("أوقفوا النار", ElementKind.TEXT, "what")
    other = heard("أطلقوا النار", ElementKind.TEXT, "what")
    assert compare_one(sent, sent).outcome is ElementOutcome.MATCHES
    assert compare_one(sent, other).outcome is ElementOutcome.DIFFERS


def test_what_was_not_said_is_missing():
    """An element nobody said back, or only in silence, is missing."""
    for said in ([], [heard("  ")]):
        result = compare_readback([AIRFIELD], said, ORIGINS)
        assert result.elements[0].outcome is ElementOutcome.MISSING
        assert result.elements[0].said is None
        assert result.elements[0].say_again.startswith("Read back where.")
        assert not result.is_match


def test_a_value_without_words_is_not_silence():
    """An element keyed in, with no words, is compared by its value."""
    keyed = ReadbackElement(
        name="where", kind=ElementKind.PLACE, text="", place=AIRFIELD.place
    )
    assert compare_one(AIRFIELD, keyed).outcome is ElementOutcome.MATCHES


def test_said_twice_and_not_alike_is_asked_again():
    """A correction in mid-readback is no match until it is said once, clearly."""
    wrong, right = heard("37S FU 069 053"), heard("37S FV 069 053")
    (result,) = compare_readback([AIRFIELD], [wrong, right], ORIGINS).elements
    assert result.outcome is ElementOutcome.CANNOT_TELL
    assert "2 times, not alike" in result.why
    (result,) = compare_readback([AIRFIELD], [right, right], ORIGINS).elements
    assert result.outcome is ElementOutcome.MATCHES


def test_a_readback_matches_only_whole():
    """All elements right is a match; one wrong, missing or unclear is none."""
    sent = [AIRFIELD, number("37"), instant("1355Z", START)]
    right = [
        instant("1355 zulu"),
        heard("37S FV 069 053", name=" WHERE "),
        number("three seven"),
    ]
    assert compare_readback(sent, right, ORIGINS).is_match
    assert not compare_readback(sent, right[:2], ORIGINS).is_match
    assert not compare_readback([], [], ORIGINS).is_match


def test_what_was_never_sent_is_shown():
    """An element heard that nobody sent is listed, and does not decide anything."""
    result = compare_readback([number("37")], [number("37"), AIRFIELD], ORIGINS)
    assert result.not_sent == ("where",)
    assert result.is_match


def test_results_stand_in_the_order_sent():
    """Results come in the order sent, whatever the order heard."""
    sent = [number("37"), AIRFIELD]
    result = compare_readback(sent, [AIRFIELD, number("37")], ORIGINS)
    assert [element.name for element in result.elements] == ["count", "where"]


def test_two_elements_of_one_name_are_refused():
    """Names that cannot be told apart are refused before anything is compared."""
    with pytest.raises(NotAnElement, match="same name"):
        compare_readback([AIRFIELD, place("the city", name="WHERE ")], [], ORIGINS)


def test_an_element_carries_its_own_kind_of_value():
    """An element with another kind's value, or without a name, cannot be built."""
    with pytest.raises(NotAnElement, match="carries the value of a place"):
        ReadbackElement(name="x", kind=ElementKind.TEXT, text="x", place=AIRFIELD.place)
    with pytest.raises(NotAnElement, match="no name"):
        ReadbackElement(name=" ", kind=ElementKind.TEXT, text="x")


def test_a_result_survives_the_wire():
    """What the log keeps of a readback reads back the same."""
    result = compare_readback([AIRFIELD], [heard("37S FU 069 053")], ORIGINS)
    again = msgspec.json.decode(msgspec.json.encode(result), type=ReadbackResult)
    assert again == result
    assert again.is_match is False


@pytest.mark.parametrize(
    ("pressed", "is_match"),
    [
        ("37738069053", True),
        ("37738069054", False),
        ("37069053", False),
        ("069053", False),
        ("377", False),
    ],
)
def test_a_place_is_read_back_by_the_keys_of_a_telephone(pressed, is_match):
    """Every letter by its key; the figures alone, or one wrong key, are no match."""
    place = read_place("37S FV 069 053")[0].place
    sent = ReadbackElement(
        name="where", kind=ElementKind.PLACE, text=place.text, place=place
    )
    said = ReadbackElement(name="where", kind=ElementKind.PLACE, text=pressed)
    (found,) = compare_readback([sent], [said]).elements
    assert (found.outcome is ElementOutcome.MATCHES) is is_match


@pytest.mark.parametrize("form", [0, 1])
def test_the_keys_of_whatever_form_was_spoken_match(form):
    """A place told in degrees is spoken as a grid: its keys are what comes back."""
    place = read_place("35.2854N 40.1760E")[0].place
    sent = ReadbackElement(
        name="where", kind=ElementKind.PLACE, text=place.text, place=place
    )
    pressed = keys(said_forms(place)[form])
    said = ReadbackElement(name="where", kind=ElementKind.PLACE, text=pressed)
    (found,) = compare_readback([sent], [said]).elements
    assert found.outcome is ElementOutcome.MATCHES
    assert found.said == pressed
