"""Keys are read and written as C2SP signed-note says, and show their damage."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from clearline.ledger.keys import (
    ED25519,
    KeyDamaged,
    KeyMalformed,
    SignerKey,
    VerifierKey,
    parse_key_file,
    parse_signer_key,
    parse_verifier_key,
    write_key_file,
)
from unit.ledger.made_log import b64, drawn, flip, signer

PUBLISHED = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
"""The example key of C2SP signed-note, "Verifier keys"."""


def test_the_published_key_is_read_and_written_back():
    """A key nobody here made comes out as it went in."""
    key = parse_verifier_key(PUBLISHED)
    assert key.name == "example.com/foo"
    assert key.id.hex() == "530d903a"
    assert str(key) == PUBLISHED


def test_a_signature_fits_its_message_alone():
    """Another message, another key, a shorter signature: all are refused."""
    key, other = signer(), signer(seed="two")
    signature = key.sign(b"words")
    assert key.verifier.verify(b"words", signature)
    assert not key.verifier.verify(b"word", signature)
    assert not other.verifier.verify(b"words", signature)
    assert not key.verifier.verify(b"words", signature[:-1])
    assert not key.verifier.verify(b"words", b"")


def test_signing_is_that_of_rfc_8032():
    """The first test vector of RFC 8032 section 7.1 comes out."""
    seed = bytes.fromhex(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    )
    key = SignerKey(name="rfc8032", seed=seed)
    assert key.verifier.public.hex() == (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    )
    assert key.sign(b"").hex() == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )


def test_a_private_key_never_shows_itself():
    """Printing or logging a key by mistake gives its public half."""
    key = signer()
    assert b64(ED25519 + drawn("key", "one")) in key.private_line()
    for shown in (repr(key), str(key)):
        assert b64(ED25519 + drawn("key", "one")) not in shown
        assert str(key.verifier) in shown


def test_a_key_file_is_read_back():
    """Both halves in one file: the key that was written is the key read."""
    key = signer()
    text = write_key_file(key)
    assert text.split("\n")[0] == str(key.verifier)
    assert parse_key_file(text).private_line() == key.private_line()
    assert parse_signer_key(key.private_line()).verifier == key.verifier


def test_every_flipped_bit_in_a_key_file_shows():
    """Whatever bit flips, the file is refused; no other key comes out of it."""
    data = write_key_file(signer("n.example/live")).encode()
    for bit in range(8 * len(data)):
        text = flip(data, bit).decode("utf-8", "replace")
        with pytest.raises((KeyMalformed, KeyDamaged)):
            parse_key_file(text)


def test_every_cut_of_a_key_file_shows():
    """A file that ends early is refused wherever it ends."""
    text = write_key_file(signer("n.example/live"))
    for end in range(len(text)):
        with pytest.raises((KeyMalformed, KeyDamaged)):
            parse_key_file(text[:end])


def test_two_keys_in_one_file_are_refused():
    """The public line has to be that of the private one."""
    one, two = signer(), signer(seed="two")
    with pytest.raises(KeyDamaged):
        parse_key_file(f"{one.verifier}\n{two.private_line()}\n")


@pytest.mark.parametrize(
    "name", ["", "a b", "a+b", "a\nb", "a\u00a0b", "a\u2003b", "a\x01b", "\ud800"]
)
def test_a_name_that_no_note_can_carry_is_refused(name):
    """A name has no space, no plus and no control character, and is not empty."""
    with pytest.raises(KeyMalformed):
        VerifierKey(name=name, public=signer().verifier.public)
    with pytest.raises(KeyMalformed):
        SignerKey(name=name, seed=drawn("seed"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com/foo",
        PUBLISHED + "=",
        PUBLISHED.replace("530d903a", "530d903b"),
        PUBLISHED.replace("530d903a", "530D903A"),
        PUBLISHED.replace("example.com/foo", "example.com/fop"),
        PUBLISHED.replace("example.com/foo", ""),
        PUBLISHED.replace("+530d903a", ""),
        PUBLISHED + "\n",
        " " + PUBLISHED,
        PUBLISHED[:-4],
        "PRIVATE+KEY+" + PUBLISHED,
    ],
)
def test_a_text_that_is_no_key_is_refused(text):
    """Any change to a key's line is seen."""
    with pytest.raises(KeyMalformed):
        parse_verifier_key(text)


@pytest.mark.parametrize("kind", [b"\x00", b"\x02", b"\x04", b"\xff"])
def test_other_kinds_of_keys_are_refused(kind):
    """Only plain Ed25519 keys are known here, so no two kinds can be confused."""
    key = signer().verifier
    data = b64(kind + key.public)
    with pytest.raises(KeyMalformed):
        parse_verifier_key(f"{key.name}+{key.id.hex()}+{data}")


@pytest.mark.parametrize(
    "y",
    [
        0,
        1,
        2**255 - 20,
        2**255 - 19,
        2**255 - 18,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    ],
)
@pytest.mark.parametrize("sign", [0, 2**255])
def test_a_key_under_which_anything_verifies_is_refused(y, sign):
    """Nobody can publish a key that lets them deny what they signed."""
    with pytest.raises(KeyMalformed):
        VerifierKey(name="n", public=(y + sign).to_bytes(32, "little"))


def test_why_such_keys_are_refused():
    """Under the identity as a key, one signature fits two messages."""
    identity = (1).to_bytes(32, "little")
    key = Ed25519PublicKey.from_public_bytes(identity)
    key.verify(identity + bytes(32), b"yes")
    key.verify(identity + bytes(32), b"no")


def test_the_published_key_material_is_as_long_as_it_must_be():
    """A key is one type byte and 32 bytes; one more or less is refused."""
    name, key_id, data = PUBLISHED.split("+", 2)
    raw = base64.b64decode(data)
    for changed in (raw[:-1], raw + b"\x00", raw[:1]):
        with pytest.raises(KeyMalformed):
            parse_verifier_key(f"{name}+{key_id}+{b64(changed)}")


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_key_of_another_length_is_not_built(size):
    """Whichever way a key is made, it has 32 bytes."""
    with pytest.raises(KeyMalformed):
        VerifierKey(name="n", public=bytes(size))
    with pytest.raises(KeyMalformed):
        SignerKey(name="n", seed=bytes(size))
