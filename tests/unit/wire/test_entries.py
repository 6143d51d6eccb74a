"""How an entry becomes bytes: names that stay, text that can be said."""

import json

import msgspec
import pytest

from clearline.model.calls import CallId, Card, Kind
from clearline.model.commands import RaiseCall
from clearline.model.entries import (
    AcknowledgementWithdrawn,
    CallRaised,
    Entry,
    NodeStarted,
    Rang,
    Realm,
)
from clearline.model.parties import Actor, DeskId, PartyId, Strength
from clearline.wire.entries import (
    NAMES,
    READERS,
    UnreadableEntry,
    read_entry,
    sayable,
    write_entry,
)
from phone import NOON

BY = Actor(party=PartyId("north"), desk=DeskId("n"), strength=Strength.DEVICE_ONLY)


def test_an_act_is_named_after_what_it_is() -> None:
    """Names are words with underscores, each of one act, each with a reader."""
    assert NAMES[CallRaised] == "call_raised"
    assert NAMES[Rang] == "rang"
    assert NAMES[AcknowledgementWithdrawn] == "acknowledgement_withdrawn"
    assert len(set(NAMES.values())) == len(NAMES)
    assert {(name, 1) for name in NAMES.values()} <= set(READERS)


def test_what_is_not_known_is_left_out_and_not_said_as_nothing() -> None:
    """A clock nobody can judge, and a recording on time, take no room in the entry."""
    payload = write_entry(Entry(at=NOON, realm=Realm.LIVE, act=NodeStarted(size=3)))
    assert payload == WHOLE
    with_null = payload.replace(b'"act"', b'"clock_error_s":null,"act"')
    assert read_entry(with_null) == read_entry(payload)


WHOLE = (
    b'{"type":"node_started","v":1,"realm":"live","at":"2026-03-01T12:00:00Z",'
    b'"act":{"size":3}}'
)


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (b"", "cannot be read"),
        (b"[]", "cannot be read"),
        (b'{"type":"node_started"}', "cannot be read"),
        (b"\xff", "cannot be read"),
        (WHOLE.replace(b"node_started", b"of_tomorrow"), "unknown here"),
        (WHOLE.replace(b"00Z", b"00"), "timezone"),
        (WHOLE.replace(b"live", b"dress"), "dress"),
    ],
)
def test_what_means_nothing_is_named_with_its_reason(payload: bytes, says: str) -> None:
    """Whoever starts a node on such a log reads what is wrong with the entry."""
    with pytest.raises(UnreadableEntry, match=says):
        read_entry(payload)


def test_half_a_character_becomes_the_sign_for_one() -> None:
    """Text from a broken client is mended wherever it stands in a command."""
    said = RaiseCall(
        call=CallId("stop-\ud800"),
        kind=Kind.STOP,
        by=msgspec.structs.replace(BY, device="\udfff"),
        card=Card(what="four \ud83d\ude90 and \ud83d", why="plain"),
    )
    mended = sayable(said)
    assert mended.call == "stop-\ufffd"
    assert mended.by.device == "\ufffd"
    assert mended.card.what == "four \U0001f690 and \ufffd"
    assert (mended.kind, mended.card.why) == (Kind.STOP, "plain")
    assert json.loads(msgspec.json.encode(mended))["call"] == "stop-\ufffd"


def test_what_can_be_said_stays_as_it_is() -> None:
    """Mending changes nothing that was whole."""
    said = RaiseCall(
        call=CallId("stop-1"), kind=Kind.STOP, by=BY, card=Card(what="العربية \0 🚐")
    )
    assert sayable(said) == said
