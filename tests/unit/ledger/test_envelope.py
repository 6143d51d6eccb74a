"""Envelopes are DSSE, with one signature, and committed to behind a salt."""

import base64
import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from clearline.ledger.envelope import (
    PAYLOAD_TYPE,
    EnvelopeMalformed,
    EnvelopeRefused,
    SaltMalformed,
    commitment,
    open_envelope,
    seal_envelope,
)
from unit.ledger.made_log import b64, drawn, flip, payload, signer

PAYLOAD = payload(1)
KEY = signer()
ENVELOPE = seal_envelope(PAYLOAD, KEY)


def rewritten(**changes):
    """Write the envelope again with some of it changed."""
    parts = json.loads(ENVELOPE) | changes
    return json.dumps({k: v for k, v in parts.items() if v is not None}).encode()


def with_signature(**changes):
    """Write the envelope again with its signature's fields changed."""
    signature = json.loads(ENVELOPE)["signatures"][0] | changes
    kept = {k: v for k, v in signature.items() if v is not None}
    return rewritten(signatures=[kept])


def test_an_envelope_is_opened_to_its_exact_payload():
    """The bytes that come out are the bytes that went in."""
    assert open_envelope(ENVELOPE, [KEY.verifier]) == PAYLOAD


def test_an_envelope_has_the_shape_dsse_gives_it():
    """A reader who knows DSSE and nothing of us can check it."""
    parts = json.loads(ENVELOPE)
    assert list(parts) == ["payload", "payloadType", "signatures"]
    assert base64.b64decode(parts["payload"]) == PAYLOAD
    (signature,) = parts["signatures"]
    kind = parts["payloadType"].encode()
    message = b" ".join(
        (b"DSSEv1", str(len(kind)).encode(), kind, str(len(PAYLOAD)).encode(), PAYLOAD)
    )
    key = Ed25519PublicKey.from_public_bytes(KEY.verifier.public)
    key.verify(base64.b64decode(signature["sig"]), message)


def test_an_empty_payload_and_a_long_one_are_signed_alike():
    """Length stands in what is signed, so no two payloads run together."""
    for data in (b"", b"x", b"x" * 100_000):
        assert open_envelope(seal_envelope(data, KEY), [KEY.verifier]) == data


def test_a_foreign_writer_is_read():
    """Other order, white space, URL-safe base64, no key id, fields unknown."""
    parts = json.loads(ENVELOPE)
    urlsafe = base64.urlsafe_b64encode(base64.b64decode(parts["payload"])).decode()
    sig = base64.b64decode(parts["signatures"][0]["sig"])
    foreign = json.dumps(
        {
            "new": {"a": 1},
            "signatures": [{"sig": base64.urlsafe_b64encode(sig).decode(), "x": 1}],
            "payloadType": PAYLOAD_TYPE,
            "payload": urlsafe,
        },
        indent=2,
    ).encode()
    assert open_envelope(foreign, [KEY.verifier]) == PAYLOAD
    assert open_envelope(with_signature(keyid=""), [KEY.verifier]) == PAYLOAD


def test_the_key_id_only_narrows_the_choice():
    """A key id never makes a signature good, and a wrong one does not either."""
    other = signer(seed="two")
    with pytest.raises(EnvelopeRefused):
        open_envelope(ENVELOPE, [other.verifier])
    with pytest.raises(EnvelopeRefused):
        open_envelope(with_signature(keyid=other.id_hex), [other.verifier])
    with pytest.raises(EnvelopeRefused):
        open_envelope(ENVELOPE, [])
    assert open_envelope(ENVELOPE, [other.verifier, KEY.verifier]) == PAYLOAD


def test_no_flipped_bit_changes_what_is_read():
    """A flipped bit is refused, or lies in the key id, which nobody vouches for."""
    opened = 0
    for bit in range(8 * len(ENVELOPE)):
        try:
            assert open_envelope(flip(ENVELOPE, bit), [KEY.verifier]) == PAYLOAD
        except (EnvelopeMalformed, EnvelopeRefused):
            continue
        assert b"keyid" not in flip(ENVELOPE, bit)
        opened += 1
    assert opened < 8 * len(b"keyid")


@pytest.mark.parametrize(
    "envelope",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        ENVELOPE[:-1],
        ENVELOPE + ENVELOPE,
        b"\xef\xbb\xbf" + ENVELOPE,
        ENVELOPE.replace(b'"payload":', b'"payload":"","payload":'),
        ENVELOPE.replace(b'{"payload"', b'{"payload":"AA==","payload"'),
        ENVELOPE.replace(b'"sig":', b'"sig":"","sig":'),
        rewritten(payload=None),
        rewritten(payload=1),
        rewritten(payload="e30"),
        rewritten(payload="e30=\n"),
        rewritten(payloadType=None),
        rewritten(payloadType=""),
        rewritten(payloadType="application/json"),
        rewritten(payloadType=PAYLOAD_TYPE.upper()),
        rewritten(signatures=None),
        rewritten(signatures=[]),
        rewritten(signatures=json.loads(ENVELOPE)["signatures"] * 2),
        rewritten(signatures={}),
        with_signature(sig=None),
        with_signature(sig=1),
        with_signature(sig="!"),
        with_signature(keyid=1),
        rewritten(new="\ud800"),
        ENVELOPE[:-1] + b',"new":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    ],
)
def test_what_is_no_envelope_of_ours_is_refused(envelope):
    """One payload, our type, exactly one signature, each name once."""
    with pytest.raises(EnvelopeMalformed):
        open_envelope(envelope, [KEY.verifier])


@pytest.mark.parametrize("sig", ["", b64(bytes(64)), b64(bytes(63)), b64(bytes(65))])
def test_what_is_no_signature_is_refused(sig):
    """A signature that is short, long or of zeroes is none."""
    with pytest.raises(EnvelopeRefused):
        open_envelope(with_signature(sig=sig), [KEY.verifier])


def test_a_signature_over_another_type_is_refused():
    """What was signed as something else cannot be passed off as an entry."""
    kind = b"application/vnd.other+json"
    message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(PAYLOAD), PAYLOAD)
    with pytest.raises(EnvelopeRefused):
        open_envelope(with_signature(sig=b64(KEY.sign(message))), [KEY.verifier])


def test_a_commitment_is_a_plain_hash_behind_a_salt():
    """Anyone can compute it with nothing but SHA-256."""
    salt = drawn("salt")
    assert commitment(salt, ENVELOPE) == hashlib.sha256(salt + ENVELOPE).digest()
    assert commitment(drawn("other"), ENVELOPE) != commitment(salt, ENVELOPE)


@pytest.mark.parametrize("salt", [b"", bytes(31), bytes(33)])
def test_a_salt_of_another_length_is_refused(salt):
    """With a salt of any length, one commitment could be opened in two ways."""
    with pytest.raises(SaltMalformed):
        commitment(salt, ENVELOPE)
