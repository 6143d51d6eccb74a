"""A number that rang once is rung back by the line itself."""

import pytest

from clearline.model.calls import Kind
from clearline.model.parties import Medium
from telephones import AMALS, STRANGERS, Exchange


@pytest.fixture
def line():
    """Set up a node with two numbers enrolled."""
    return Exchange()


def backs(line):
    """List what rings back."""
    return [message for message in line.told if message.asks]


def test_a_hospital_that_rings_once_is_called_back(line):
    """Its number is dialled, in its language, and its own desk is rung besides."""
    line.says("", medium=Medium.VOICE)
    (back,) = backs(line)
    assert (back.address, back.medium) == (AMALS, Medium.VOICE)
    assert back.words.spoken.startswith("You rang")
    assert line.calls(Kind.QUERY)


def test_a_strangers_number_is_never_dialled(line):
    """Nobody makes the line call whom they like."""
    line.says("", STRANGERS, Medium.VOICE)
    assert backs(line) == []


def test_a_number_that_rings_again_and_again_is_rung_once_a_minute(line):
    """A telephone that redials does not fill the trunk."""
    for _ in range(5):
        line.says("", medium=Medium.VOICE)
    assert len(backs(line)) == 1
    line.wait(61)
    line.says("", medium=Medium.VOICE)
    assert len(backs(line)) == 2


def test_words_that_were_pressed_are_no_missed_call(line):
    """Whoever said something is answered, not rung back."""
    line.says("QUERY", medium=Medium.VOICE)
    line.says("STATUS", medium=Medium.VOICE)
    assert backs(line) == []
