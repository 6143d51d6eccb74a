"""The door: names, refusals and plain characters."""

import pytest

from clearline.geo.plain import plain
from clearline.geo.reading import NoReading, UnknownName, read_name, read_place
from clearline.model.errors import BadInput
from clearline.model.places import PlaceFormat, Point, Unlocated
from unit.geo.founding import AIRFIELD, ORIGINS


def test_the_name_of_an_origin_is_its_position():
    """A bare name that is known is read as that origin; a shared one as each."""
    (reading,) = read_place("the airfield", ORIGINS)
    assert reading.place.footprint == Point(position=AIRFIELD.position, precision_m=0.0)
    assert reading.place.format is PlaceFormat.NAME
    assert len(read_place("Deir ez-Zor", ORIGINS)) == 2


def test_an_unknown_name_is_refused_and_can_be_kept():
    """Nobody locates Kroum hill: reading refuses it, and it may be filed as a name."""
    text = "points 1 and 2 on Kroum hill"
    with pytest.raises(UnknownName, match="file it as a name") as refusal:
        read_place(text, ORIGINS)
    assert refusal.value.text == text
    place = read_name(text)
    assert place.footprint == Unlocated(name=text)
    assert place.text == text
    assert place.precision_m is None


@pytest.mark.parametrize("text", ["", "   ", "\u200f"])
def test_nothing_is_no_place(text):
    """An empty text is refused, as a place and as a name."""
    with pytest.raises(NoReading, match="empty"):
        read_place(text)
    with pytest.raises(NoReading, match="empty"):
        read_name(text)


def test_a_refusal_answers_three_questions():
    """A refusal is bad input: what happened, what holds, what to do."""
    with pytest.raises(BadInput) as refusal:
        read_place("hello")
    assert refusal.value.what.startswith("'hello' is no form of place")
    assert refusal.value.state.startswith("No place was made")
    assert "35.2854 N 40.1760 E" in refusal.value.next


@pytest.mark.parametrize(
    ("told", "characters"),
    [
        ("３５．２８", "35.28"),  # noqa: RUF001 (full-width digits are the point)
        ("٣٥٫٢٨", "35.28"),  # noqa: RUF001 (an Arabic decimal separator)
        ("۳۵", "35"),
        ("35º 17′ 07″", "35° 17' 07\""),  # noqa: RUF001 (primes)
        ("3–6 km", "3-6 km"),  # noqa: RUF001 (an en dash is the point)
        ("  a \t b\n c ", "a b c"),
        ("''", '"'),
    ],
)
def test_characters_are_made_plain(told, characters):
    """Digits of every script and the look-alikes of marks become plain ones."""
    assert plain(told) == characters
