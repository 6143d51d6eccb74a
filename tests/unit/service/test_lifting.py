"""A RELEASE answered by telephone: by call-back, with the PIN, and no other way."""

import re

import pytest

from clearline.model.calls import CallId, Ending, Kind
from clearline.model.commands import RaiseCall
from clearline.model.entries import AnswerGiven
from clearline.model.parties import DeskId, Medium, Strength
from clearline.service.calling import Address, CameIn
from clearline.service.words import About, ring_words
from telephones import AMALS, BASIL, BASILS, LINA, STRANGERS, Exchange


@pytest.fixture
def line():
    """Set up a node on which north's STOP is to be lifted, and Basil is rung for it."""
    exchange = Exchange()
    exchange.stop, _ = exchange.ring_basil()
    exchange.ask(
        RaiseCall(
            call=CallId("release-1"),
            kind=Kind.RELEASE,
            by=exchange.actor(LINA),
            of=exchange.stop.id,
            to_desk=DeskId("south-ops"),
        )
    ).result(0)
    (exchange.release,) = exchange.calls(Kind.RELEASE)
    exchange.told.clear()
    return exchange


def is_lifted(line):
    """Say whether the STOP binds no more."""
    return not line.node.picture.calls.get(line.stop.id).is_in_force


def sent_code(line):
    """Read the code that went out last, and where to."""
    message = line.told[-1]
    assert (message.address, message.person) == (BASILS, BASIL)
    return re.search(r"\d{6}", message.words.text).group()


def pressed_on_a_ring(line, words, *, number=BASILS, attempt=None):
    """Press keys on the call that rang Basil's own number about the RELEASE."""
    rings = line.node.picture.calls.get(line.release.id).ringing
    ring = next(made for made in rings if made.medium is Medium.VOICE)
    came = CameIn(
        medium=Medium.VOICE,
        address=number,
        words=words,
        at=line.clock.at,
        attempt=attempt or ring.id,
        call=line.release.id,
    )
    return line.switchboard.came_in(came).text


def test_it_is_confirmed_by_a_code_that_goes_out_and_back(line):
    """PIN and 6: a code to the enrolled number; back from there it lifts the STOP."""
    said = line.says(f"7391 6 {line.release.number}", BASILS)
    assert "to your own number" in said
    assert not is_lifted(line)
    line.says(f"{sent_code(line)} 6", BASILS)
    (given,) = line.done(AnswerGiven)
    assert (given.by.person, given.by.strength) == (BASIL, Strength.CALL_BACK)
    assert is_lifted(line)
    assert line.node.picture.calls.get(line.stop.id).ending is Ending.RELEASED


def test_it_is_confirmed_in_the_call_that_rings_ones_own_number(line):
    """Rung by voice at the enrolled number, 6 and the PIN: that is a call-back."""
    pressed_on_a_ring(line, "7391 6")
    (given,) = line.done(AnswerGiven)
    assert given.by.strength is Strength.CALL_BACK
    assert is_lifted(line)
    assert line.told == []


def test_it_is_refused_in_the_same_way(line):
    """7 in place of 6: the STOP stands, and both sides are told."""
    pressed_on_a_ring(line, "7391 7")
    assert line.node.picture.calls.get(line.release.id).ending is Ending.REFUSED
    assert not is_lifted(line)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("6", BASILS),
        ("0000 6 {n}", BASILS),
        ("7391 6 {n}", AMALS),
        ("7391 6 {n}", STRANGERS),
        ("4821 6 {n}", AMALS),
    ],
)
def test_nobody_else_lifts_anything(line, words, number):
    """No PIN, a wrong one, another's telephone, the proposer's own side."""
    line.says(words.format(n=line.release.number), number)
    codes = {re.search(r"\d{6}", m.words.text) for m in line.told}
    for code in filter(None, codes):
        line.says(f"{code.group()} 6", number)
    assert not is_lifted(line)


def test_the_code_of_the_ring_alone_lifts_nothing(line):
    """Whoever sees the message on somebody's telephone cannot lift a STOP with it."""
    made = next(
        one
        for one in line.node.picture.calls.get(line.release.id).ringing
        if one.medium is Medium.SMS
    )
    code = line.codes.make(made.id, line.release.id, BASIL)
    said = line.says(f"{code} 6", BASILS)
    assert "PIN 6" in said
    assert line.done(AnswerGiven) == []
    assert not is_lifted(line)


@pytest.mark.parametrize("attempt", ["release-1.9.9", "STOP-0.1.1"])
def test_a_talk_on_another_ring_is_no_call_back(line, attempt):
    """Only the ring about this RELEASE, to this person, counts as calling back."""
    pressed_on_a_ring(line, f"7391 6 {line.release.number}", attempt=attempt)
    assert not is_lifted(line)


def test_the_code_is_good_once_for_its_person_and_for_ten_minutes(line):
    """From another number, too late, or a second time, it confirms nothing."""
    line.says(f"7391 6 {line.release.number}", BASILS)
    code = sent_code(line)
    line.says(f"{code} 6", AMALS)
    assert not is_lifted(line)
    line.wait(601)
    line.says(f"{code} 6", BASILS)
    assert not is_lifted(line)


def test_whoever_is_written_to_is_told_how_it_is_confirmed(line):
    """The short message of a RELEASE says PIN and 6, and no code that does nothing."""
    about = About(call=line.release, desk="North Ops", party="North")
    words = ring_words(about, "en", "482913")
    assert f"PIN 6 {line.release.number}" in words.short
    assert "482913" not in words.short
    assert "482913" not in words.text


def pressed_in_the_menu(line, words):
    """Press keys in a talk that Basil's number began, as the voice courier says it."""
    came = CameIn(medium=Medium.VOICE, address=BASILS, words=words, at=line.clock.at)
    return line.switchboard.came_in(came).text


def test_with_a_voice_alone_a_release_is_proposed_in_the_menu():
    """The code is called to their own number, led into the menu, where 5 takes it."""
    line = Exchange()
    line.addresses.drop(Address(person=BASIL, medium=Medium.SMS, address=BASILS))
    pressed_in_the_menu(line, "HOLD 7391")
    (hold,) = line.calls(Kind.HOLD)
    line.told.clear()
    pressed_in_the_menu(line, f"RELEASE 7391 {hold.number}")
    message = line.told[-1]
    assert (message.medium, message.asks) == (Medium.VOICE, True)
    assert "press 5" in message.words.text
    assert line.calls(Kind.RELEASE) == []
    pressed_in_the_menu(line, f"{sent_code(line)} RELEASE")
    (release,) = line.calls(Kind.RELEASE)
    assert release.of == hold.id
    assert release.raised_by.strength is Strength.CALL_BACK
