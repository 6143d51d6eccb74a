"""Sign a payload into an envelope, open it again, and commit to it.

    {"payload":"<base64>","payloadType":"application/vnd.clearline.entry+json",
     "signatures":[{"keyid":"<8 hex digits>","sig":"<base64>"}]}      (one line)

The envelope is DSSE 1.0.2. It has exactly one signature, the node's own, Ed25519
over `PAE(payloadType, payload)`. Its bytes are kept as they were signed: the log
holds `SHA-256(salt || envelope)` as its entry's data, so that the log verifies
for whoever is shown nothing, and for whoever is shown everything.
"""

import hashlib
from collections.abc import Iterable

import msgspec

from clearline.ledger.keys import SignerKey, VerifierKey
from clearline.ledger.strict_json import NotStrictJson, read_object
from clearline.ledger.text64 import NotBase64, decode64_either, encode64
from clearline.model.errors import BadInput, LostCertainty

PAYLOAD_TYPE = "application/vnd.clearline.entry+json"
"""What the payload of every envelope here is."""

SALT_BYTES = 32
"""Length of the salt in front of an envelope's commitment, bytes."""

_HEAD = b"DSSEv1 %d %s " % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode())
_OPEN = b'{"payload":"'
_MIDDLE = b'","payloadType":"%s","signatures":[{"keyid":"' % PAYLOAD_TYPE.encode()
_SIG = b'","sig":"'
_CLOSE = b'"}]}'


class EnvelopeMalformed(BadInput):
    """Refuse bytes that are not one of our envelopes."""


class EnvelopeRefused(LostCertainty):
    """Refuse an envelope that none of the given keys has signed."""


class SaltMalformed(BadInput):
    """Refuse to commit with a salt of the wrong length."""


class _Signature(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    sig: str
    keyid: str = ""


class _Envelope(
    msgspec.Struct, frozen=True, kw_only=True, gc=False, rename={"kind": "payloadType"}
):
    payload: str
    kind: str
    signatures: tuple[_Signature, ...]


_decoder = msgspec.json.Decoder(_Envelope)


def seal_envelope(payload: bytes, signer: SignerKey) -> bytes:
    """Sign a payload and return its envelope, one line of JSON, no newline.

    Args:
        payload: The exact bytes to sign; UTF-8 JSON, one object.
        signer: The node's key.
    """
    signature = signer.sign(_HEAD + b"%d %s" % (len(payload), payload))
    body, sig = encode64(payload).encode(), encode64(signature).encode()
    keyid = signer.id_hex.encode()
    return b"".join((_OPEN, body, _MIDDLE, keyid, _SIG, sig, _CLOSE))


def open_envelope(envelope: bytes, keys: Iterable[VerifierKey]) -> bytes:
    """Check an envelope's signature and return the payload it covers.

    Follows DSSE protocol 1.0.2: base64 of either alphabet is taken, unknown
    fields are ignored, the key id only narrows which keys are tried, and what
    is returned are the very bytes the signature was checked over. Stricter
    than DSSE: exactly one signature, and no name twice in one object, where
    readers would differ in which one they see.

    Args:
        envelope: The envelope's bytes.
        keys: Keys the caller trusts, from outside the envelope.

    Raises:
        EnvelopeMalformed: The bytes are not an envelope of our kind.
        EnvelopeRefused: None of the keys has signed it.
    """
    parsed, payload, signature = _parse(envelope)
    message = _HEAD + b"%d %s" % (len(payload), payload)
    keyid = parsed.signatures[0].keyid
    for key in keys:
        if keyid in ("", key.id.hex()) and key.verify(message, signature):
            return payload
    raise EnvelopeRefused(
        f"The envelope is not signed by a key we were given (it names {keyid!r}).",
        state="Its payload was not read.",
        next="Get the signer's verifier key from its owner and compare it aloud.",
    )


def commitment(salt: bytes, envelope: bytes) -> bytes:
    """Commit to an envelope: `SHA-256(salt || envelope)`, the log entry's data.

    Args:
        salt: 32 random bytes, of this entry alone.
        envelope: The envelope's bytes as they were signed.

    Raises:
        SaltMalformed: The salt is not 32 bytes long.
    """
    if len(salt) != SALT_BYTES:
        raise SaltMalformed(
            f"The salt is {len(salt)} bytes long, not {SALT_BYTES}.",
            state="Nothing was committed to.",
            next="Take 32 random bytes, or the salt as it was stored.",
        )
    return hashlib.sha256(salt + envelope).digest()


def _parse(envelope: bytes) -> tuple[_Envelope, bytes, bytes]:
    """Read an envelope without trusting it: parsed, payload, signature."""
    try:
        read_object(envelope)
        parsed = _decoder.decode(envelope)
    except (NotStrictJson, msgspec.MsgspecError) as error:
        raise _malformed(f"it is not the JSON of an envelope ({error})") from error
    if parsed.kind != PAYLOAD_TYPE:
        raise _malformed(f"its payloadType is {parsed.kind!r}")
    if len(parsed.signatures) != 1:
        raise _malformed(f"it has {len(parsed.signatures)} signatures, not one")
    try:
        payload = decode64_either(parsed.payload)
        signature = decode64_either(parsed.signatures[0].sig)
    except NotBase64 as error:
        raise _malformed("its payload or signature is not base64") from error
    return parsed, payload, signature


def _malformed(why: str) -> EnvelopeMalformed:
    return EnvelopeMalformed(
        f"The bytes are not one of our envelopes: {why}.",
        state="Nothing was taken from them.",
        next="Fetch the entry again from the log it belongs to.",
    )
