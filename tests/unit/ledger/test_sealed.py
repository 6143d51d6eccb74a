"""Sealed parts can be erased, and nothing else can."""

import hashlib

import pytest

from clearline.ledger.header import read_header
from clearline.ledger.sealed import (
    SealBroken,
    SealedPart,
    SealMalformed,
    find_sealed,
    open_seal,
    read_erasure,
    seal,
    sealed_json,
)
from unit.ledger.made_log import b64, drawn, flip, payload, sealed_part

PART = sealed_part("a name and a number")
DIGEST = seal(PART)


def test_a_seal_is_a_plain_hash_behind_a_salt():
    """Anyone can compute it with nothing but SHA-256."""
    assert hashlib.sha256(PART.salt + PART.data).digest() == DIGEST
    assert open_seal(DIGEST, PART) == b"a name and a number"


def test_the_same_words_are_sealed_differently_each_time():
    """Without the salt nobody can find the words by guessing."""
    assert seal(SealedPart(salt=drawn("other"), data=PART.data)) != DIGEST


@pytest.mark.parametrize(
    "part",
    [
        SealedPart(salt=PART.salt, data=flip(PART.data, 0)),
        SealedPart(salt=flip(PART.salt, 0), data=PART.data),
        SealedPart(salt=PART.salt[:-1], data=PART.salt[-1:] + PART.data),
        SealedPart(salt=PART.salt + PART.data[:1], data=PART.data[1:]),
        SealedPart(salt=b"", data=PART.salt + PART.data),
        SealedPart(salt=PART.salt, data=b""),
    ],
)
def test_another_part_does_not_fit(part):
    """Changed words, a changed salt, or a border moved between them: refused."""
    with pytest.raises(SealBroken):
        open_seal(DIGEST, part)


@pytest.mark.parametrize("salt", [b"", bytes(31), bytes(33)])
def test_a_salt_of_another_length_seals_nothing(salt):
    """A salt has 32 bytes."""
    with pytest.raises(SealMalformed):
        seal(SealedPart(salt=salt, data=b"x"))


def test_sealed_parts_are_found_at_any_depth():
    """Wherever an act names a sealed part, it is found."""
    other = drawn("other")
    act = {
        "a": sealed_json(DIGEST),
        "b": [1, [{"c": sealed_json(other)}], None, True, "sealed"],
        "sealed": {"d": sealed_json(DIGEST)},
    }
    assert sorted(find_sealed(act)) == sorted([DIGEST, other, DIGEST])


@pytest.mark.parametrize(
    "act",
    [
        {},
        {"a": {"sealed": True}},
        {"a": {"sealed": 1}},
        {"a": {"sealed": None}},
        {"a": {"sealed": "x", "other": 1}},
        {"a": "sealed"},
    ],
)
def test_what_only_looks_like_a_sealed_part_is_none(act):
    """A sealed part is an object with that one name and a string."""
    assert list(find_sealed(act)) == []


@pytest.mark.parametrize("text", ["", "x", b64(bytes(31)), b64(DIGEST) + "\n"])
def test_a_seal_that_is_no_digest_is_refused(text):
    """A name that nothing can be kept under is a mistake of the writer."""
    with pytest.raises(SealMalformed):
        list(find_sealed({"a": {"sealed": text}}))


def test_an_erasing_entry_is_read():
    """Which part, of which entry, by which rule and whom."""
    act = {"entry": 3, "part": b64(DIGEST), "rule": "after the window", "person": "p1"}
    erasure = read_erasure(read_header(payload(0, type="sealed_erased", act=act)))
    assert erasure is not None
    assert (erasure.entry, erasure.part) == (3, DIGEST)
    assert (erasure.rule, erasure.person) == ("after the window", "p1")
    assert read_erasure(read_header(payload(0, act=act))) is None
