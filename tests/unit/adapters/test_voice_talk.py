"""A talk by keys, without a telephone: what is pressed becomes one message."""

import pytest

from clearline.adapters.couriers.voice_talk import CallerTalk, RingTalk
from clearline.geo.voice import keys
from clearline.model.calls import Kind


def pressed(talk, keyed):
    """Press keys one after the other; return what goes to the switchboard."""
    talk.begin()
    said = [talk.key(key).words for key in keyed]
    return [words for words in said if words is not None]


def test_a_stop_is_read_back_by_keys():
    """Which call, its number, its place letter by letter, then the code."""
    talk = RingTalk("STOP. Number 1 7.", "482913", "en", Kind.STOP)
    place = keys("37S FV 069 053")
    assert place == "37738069053"
    assert pressed(talk, f"4117#{place}#482913#") == [
        "482913 4 STOP 17 37738069053",
    ]


def test_a_hold_without_a_place_is_read_back_by_keys():
    """Where no place was said only hash is pressed."""
    talk = RingTalk("HOLD. Number 3.", "482913", "en", Kind.HOLD)
    assert pressed(talk, "423##482913#") == ["482913 4 HOLD 3"]


def test_a_wrong_key_is_pressed_anew():
    """A star begins the figures of one question anew, and no other."""
    talk = RingTalk("STOP. Number 1 7.", "482913", "en", Kind.STOP)
    assert pressed(talk, "4118*17#99*35#482*482913#") == ["482913 4 STOP 17 35"]


def test_only_a_stop_or_hold_is_read_back():
    """Nothing else has to be: 4 is then asked again, and begins nothing."""
    talk = RingTalk("WARN.", "482913", "en", Kind.WARN)
    assert "standby" in talk.begin().speak
    assert "read it back" not in talk.begin().speak
    assert talk.key("4").words is None
    assert pressed(talk, "1482913#") == ["482913 1"]


@pytest.mark.parametrize("keyed", ["4", "41", "4117#", "4117#377#"])
def test_a_readback_that_was_not_finished_says_nothing(keyed):
    """Half a readback is none; hanging up says nothing for anybody."""
    talk = RingTalk("STOP.", "482913", "en", Kind.STOP)
    pressed(talk, keyed)
    assert talk.hung_up() is None


@pytest.mark.parametrize("key", ["6", "7"])
def test_a_release_is_answered_with_the_pin(key):
    """The code of the ring is never asked for, nor said: it would lift nothing."""
    talk = RingTalk("RELEASE. Number 1 8.", "482913", "en", Kind.RELEASE)
    assert "6 to confirm" in talk.begin().speak
    asked = talk.key(key).speak
    assert "PIN" in asked
    assert "4 8 2" not in asked
    talk = RingTalk("RELEASE. Number 1 8.", "482913", "en", Kind.RELEASE)
    assert pressed(talk, f"{key}7391#") == [f"7391 {key}"]


def test_whoever_is_rung_back_hears_the_menu_of_the_line():
    """First why it rings, then what can be pressed; STOP is one key away."""
    talk = CallerTalk("en", "You rang.")
    assert talk.begin().speak.startswith("You rang. Deconfliction line.")
    assert pressed(talk, "11207#4821#") == ["STOP 4821 1207"]


def test_nobody_who_was_rung_back_is_a_missed_call():
    """Hanging up on our call rings nothing back: two machines would go on for ever."""
    assert CallerTalk("en").hung_up() == ""
    assert CallerTalk("en", "You rang.").hung_up() is None
    begun = CallerTalk("en", "You rang.")
    begun.key("1")
    assert begun.hung_up() == "STOP"


def test_a_release_is_asked_for_and_its_code_given_by_keys():
    """4, the call's number, the PIN; then, in any talk of theirs, 5 and the code."""
    talk = CallerTalk("en")
    offered = talk.begin().speak
    assert "Press 4 for lifting" in offered
    assert pressed(CallerTalk("en"), "417#4821#") == ["RELEASE 4821 17"]
    assert pressed(CallerTalk("en"), "5482*482913#") == ["482913 RELEASE"]
    assert "number of the call" in CallerTalk("en").key("4").speak
    assert "code" in CallerTalk("en").key("5").speak


@pytest.mark.parametrize("keyed", ["4", "417#", "417#48", "5", "5482"])
def test_a_release_that_was_begun_is_not_asked_for_by_hanging_up(keyed):
    """Half of it lifts nothing, and is no missed call to be rung back."""
    talk = CallerTalk("en")
    pressed(talk, keyed)
    assert talk.hung_up() is None
