"""What a node's key files keep, and what they refuse."""

import os
import stat

import pytest

from clearline.adapters.chance import SystemChance
from clearline.adapters.keys import (
    KeyExposed,
    NodeKeyMissing,
    has_key,
    load_key,
    load_verifier,
    make_key,
)
from clearline.ledger.keys import KeyDamaged
from clearline.model.errors import BadInput
from clearline.service.ports import StoreRefused

ORIGIN = "north.example/clearline/live"


@pytest.fixture
def keys(tmp_path):
    """Make a key and return its folder."""
    make_key(tmp_path / "keys", ORIGIN, SystemChance())
    return tmp_path / "keys"


def mode(path):
    """Return a path's permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


def test_a_key_is_read_back_as_it_was_made(tmp_path):
    """The key a node made on first start is the one it signs with afterwards."""
    made = make_key(tmp_path / "keys", ORIGIN, SystemChance())
    assert load_key(tmp_path / "keys").verifier == made.verifier
    assert load_verifier(tmp_path / "keys" / "log.vkey") == made.verifier
    assert has_key(tmp_path / "keys")
    assert not has_key(tmp_path)


def test_two_nodes_do_not_share_a_key(tmp_path):
    """Keys are drawn, not derived from the origin."""
    one = make_key(tmp_path / "one", ORIGIN, SystemChance())
    two = make_key(tmp_path / "two", ORIGIN, SystemChance())
    assert one.verifier != two.verifier


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277])
def test_modes_hold_whatever_the_umask_says(tmp_path, umask):
    """The private key is the node's alone, the public one may be read by all."""
    before = os.umask(umask)
    try:
        make_key(tmp_path / "keys", ORIGIN, SystemChance())
    finally:
        os.umask(before)
    assert mode(tmp_path / "keys") == 0o700
    assert mode(tmp_path / "keys" / "log.key") == 0o600
    assert mode(tmp_path / "keys" / "log.vkey") == 0o644
    assert {item.name for item in (tmp_path / "keys").iterdir()} == {
        "log.key",
        "log.vkey",
    }


@pytest.mark.parametrize("bad", [0o640, 0o604, 0o660, 0o644, 0o666, 0o601])
def test_a_key_others_could_read_is_refused(keys, bad):
    """A private key open to others is not used, and the error says what to do."""
    (keys / "log.key").chmod(bad)
    with pytest.raises(KeyExposed, match="chmod 0600"):
        load_key(keys)


@pytest.mark.parametrize("bad", [0o750, 0o705, 0o777])
def test_a_key_folder_others_could_enter_is_refused(keys, bad):
    """A folder in which others could replace the key is refused as well."""
    keys.chmod(bad)
    with pytest.raises(KeyExposed, match="chmod 0700"):
        load_key(keys)


@pytest.mark.parametrize("file", ["log.key", "log.vkey"])
def test_every_flipped_bit_shows(keys, file):
    """No bit of either file can flip without the key being refused."""
    path = keys / file
    whole = path.read_bytes()
    for bit in range(len(whole) * 8):
        spoiled = bytearray(whole)
        spoiled[bit // 8] ^= 1 << bit % 8
        path.write_bytes(spoiled)
        with pytest.raises(KeyDamaged):
            load_key(keys)


@pytest.mark.parametrize("file", ["log.key", "log.vkey"])
@pytest.mark.parametrize("part", ["", "half", "twice"])
def test_a_file_cut_short_or_doubled_is_refused(keys, file, part):
    """A key file that is not exactly what was written is damaged."""
    path = keys / file
    whole = path.read_bytes()
    path.write_bytes(
        {"": b"", "half": whole[: len(whole) // 2], "twice": whole * 2}[part]
    )
    with pytest.raises(KeyDamaged):
        load_key(keys)


def test_a_missing_public_file_is_written_again(keys):
    """The public half is in the private file, so it is handed out again."""
    (keys / "log.vkey").unlink()
    key = load_key(keys)
    assert load_verifier(keys / "log.vkey") == key.verifier


def test_a_missing_key_is_not_made_anew(keys):
    """Where a key was, none is made in its place in silence."""
    (keys / "log.key").unlink()
    with pytest.raises(NodeKeyMissing):
        load_key(keys)
    assert not has_key(keys)


@pytest.mark.parametrize(
    "origin", ["north.example/clearline", "live", "a b/live", "a+b/live", "/x/", ""]
)
def test_an_origin_that_names_no_realm_gets_no_key(tmp_path, origin):
    """A key's name ends in live, exercise or model, and can stand in a note."""
    with pytest.raises(BadInput):
        make_key(tmp_path / "keys", origin, SystemChance())
    assert not has_key(tmp_path / "keys")


def test_a_verifier_that_is_not_there_is_named(tmp_path):
    """Reading a key that is not there says which file."""
    with pytest.raises(StoreRefused, match=r"nowhere\.vkey"):
        load_verifier(tmp_path / "nowhere.vkey")
