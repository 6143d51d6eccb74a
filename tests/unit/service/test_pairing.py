"""Two people compare eight digits, and whoever stands in between has one guess."""

import json
from itertools import count

import pytest
from msgspec.structs import replace

from clearline.ledger.keys import SignerKey
from clearline.ledger.text64 import encode64
from clearline.service.pairing import (
    Accepting,
    Card,
    CommitmentBroken,
    Inviting,
    PairingBroken,
    peer_of,
)


def card(party: str, seed: int = 1) -> Card:
    """Make a card of a node."""
    origin = f"{party}.example/clearline/live"
    return Card(
        v=1,
        origin=origin,
        party=party,
        name=party.title(),
        key=str(SignerKey(name=origin, seed=bytes([seed]) * 32).verifier),
        certificate=encode64(f"certificate {party} {seed}".encode()),
        url=f"https://{party}.example:8444",
    )


def nonce(number: int) -> bytes:
    """Make a nonce that a test can name."""
    return number.to_bytes(32)


def meet(accepting: Accepting, inviting: Inviting):
    """Let two sides exchange, with nobody in between."""
    last, theirs = accepting.take(inviting.show(accepting.commit()))
    return theirs, inviting.take(last)


def test_both_sides_see_the_same_code_and_each_others_keys():
    """What is pinned is what the other side showed."""
    at_south, at_north = meet(
        Accepting(card("south"), nonce(1)), Inviting(card("north"), nonce(2))
    )
    assert at_south.code == at_north.code
    assert at_south.theirs == card("north")
    assert at_north.theirs == card("south")
    pinned = peer_of(at_north.theirs, ours="north", veil=bytes(32))
    assert (pinned.party, pinned.key) == ("south", card("south").key)


def test_the_code_has_eight_digits_of_which_none_is_wasted():
    """10^8 codes: more than 2^26, where 2^20 is the least that was asked."""
    codes = {
        meet(Accepting(card("south"), nonce(n)), Inviting(card("north"), nonce(0)))[
            0
        ].code
        for n in range(300)
    }
    assert len(codes) == 300
    assert all(len(code) == 9 and code[4] == " " for code in codes)
    assert {code[0] for code in codes} == set("0123456789")


def test_whoever_stands_between_gets_two_codes_that_differ():
    """He shows each side a card of his own; he cannot steer either code."""
    middle = (card("south", 7), card("north", 7))
    south, north = Accepting(card("south"), nonce(1)), Inviting(card("north"), nonce(2))
    to_north, to_south = (
        Accepting(middle[0], nonce(3)),
        Inviting(middle[1], nonce(4)),
    )
    last, at_south = south.take(to_south.show(south.commit()))
    to_south.take(last)
    last, _ = to_north.take(north.show(to_north.commit()))
    at_north = north.take(last)
    assert at_south.code != at_north.code


def test_nobody_can_choose_a_nonce_after_seeing_the_other_one():
    """A commitment is held: grinding for a code is caught before there is one."""
    north = Inviting(card("north"), nonce(2))
    bound = Accepting(card("south", 7), nonce(3))
    shown = north.show(bound.commit())
    wished = "0000"
    for guess in count(4):
        last, agreed = Accepting(card("south", 7), nonce(guess)).take(shown)
        if agreed.code.startswith(wished[:1]):
            break
    with pytest.raises(CommitmentBroken):
        north.take(last)


@pytest.mark.parametrize(
    "changed",
    [
        {"v": 2},
        {"origin": "other.example/clearline/live"},
        {"origin": "nothing"},
        {"key": "no key"},
        {"certificate": ""},
        {"certificate": "%"},
        {"party": ""},
        {"party": "a@b"},
        {"url": "http://south.example"},
    ],
)
def test_what_shows_no_node_is_refused(changed):
    """A card must hold together before anybody is asked to compare."""
    wrong = replace(card("south"), **changed)
    with pytest.raises(PairingBroken):
        meet(Accepting(wrong, nonce(1)), Inviting(card("north"), nonce(2)))


@pytest.mark.parametrize("line", [b"", b"{}", b"\xff", b"[1]", b'{"commit":1}'])
def test_garbage_is_refused(line):
    """Whatever a scanner sends is no commitment."""
    with pytest.raises(PairingBroken):
        Inviting(card("north"), nonce(2)).show(line)


def test_every_part_of_what_is_shown_changes_the_code():
    """Nothing that is pinned can be exchanged under the same digits."""
    plain = meet(Accepting(card("south"), nonce(1)), Inviting(card("north"), nonce(2)))
    for changed in (
        {"url": "https://elsewhere.example:1"},
        {"name": "Nord"},
        {"certificate": encode64(b"another")},
        {"party": "west"},
    ):
        other = replace(card("north"), **changed)
        seen = meet(Accepting(card("south"), nonce(1)), Inviting(other, nonce(2)))
        assert seen[0].code == seen[1].code != plain[0].code
    assert json.loads(Accepting(card("south"), nonce(1)).commit()).keys() == {"commit"}
