"""Encrypt for a browser and sign for its push service.

    RFC 8291   keys agreed between us and the browser
    RFC 8188   aes128gcm, one record
    RFC 8292   VAPID: a token that says who posts

Sixty lines over `cryptography`, held against the vectors of the three documents and
against another implementation in the tests: decision 0021 says why.
"""

import base64
import binascii
import json
from typing import Final
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from clearline.model.errors import BadInput
from clearline.model.instants import Duration, Instant

MOST_BYTES: Final = 3993
"""How long a message may be: 4096 bytes with everything around it (RFC 8291 4)."""

TOKEN_FOR: Final = Duration(hours=12)
"""How long a token holds; a service refuses more than 24 hours (RFC 8292 2)."""

_CURVE: Final = ec.SECP256R1()
_RECORD: Final = 4096
_LAST: Final = b"\x02"
_AUTH_BYTES: Final = 16


class NotASubscription(BadInput):
    """Refuse what no browser gave us to push to."""


class PushKeys(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a browser's keys: its P-256 point and its secret, base64url."""

    p256dh: str
    auth: str


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """Hold where a browser is pushed to, as its `toJSON` gives it (Push API 8)."""

    endpoint: str
    keys: PushKeys


def read_subscription(text: str) -> Subscription:
    """Read what a browser gave.

    Raises:
        NotASubscription: It is something else, or its keys are none.
    """
    try:
        found = msgspec.json.decode(text, type=Subscription)
        _point(unb64(found.keys.p256dh))
        if len(unb64(found.keys.auth)) != _AUTH_BYTES:
            raise _not_one("its secret is not 16 bytes")
    except (msgspec.DecodeError, ValueError, binascii.Error) as error:
        raise _not_one(str(error)) from error
    return found


def encrypt(
    message: bytes, keys: PushKeys, *, salt: bytes, ours: ec.EllipticCurvePrivateKey
) -> bytes:
    """Encrypt a message for a browser (RFC 8291 3.4, RFC 8188 2).

    Args:
        message: At most `MOST_BYTES`.
        keys: The browser's.
        salt: 16 bytes, new for every message.
        ours: A key made for this message alone.
    """
    theirs = unb64(keys.p256dh)
    our_point = _bytes_of(ours.public_key())
    agreed = ours.exchange(ec.ECDH(), _point(theirs))
    ikm = _hkdf(agreed, unb64(keys.auth), b"WebPush: info\x00" + theirs + our_point, 32)
    key = _hkdf(ikm, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _hkdf(ikm, salt, b"Content-Encoding: nonce\x00", 12)
    sealed = AESGCM(key).encrypt(nonce, message + _LAST, None)
    head = salt + _RECORD.to_bytes(4, "big") + bytes([len(our_point)]) + our_point
    return head + sealed


def vapid(
    endpoint: str, contact: str, key: ec.EllipticCurvePrivateKey, now: Instant
) -> str:
    """Return the `Authorization` of a post to an endpoint (RFC 8292 2, 3)."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + TOKEN_FOR).timestamp()),
        "sub": contact,
    }
    head = {"typ": "JWT", "alg": "ES256"}
    signed = ".".join(b64(json.dumps(part).encode()) for part in (head, claims))
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(SHA256())))
    signature = b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={public_key(key)}"


def make_key(seed: bytes) -> ec.EllipticCurvePrivateKey:
    """Make a P-256 key from 40 drawn bytes (FIPS 186-5 A.2.1)."""
    return ec.derive_private_key(int.from_bytes(seed, "big") % (_ORDER - 1) + 1, _CURVE)


def public_key(key: ec.EllipticCurvePrivateKey) -> str:
    """Write a key's point as browsers take it: uncompressed, base64url."""
    return b64(_bytes_of(key.public_key()))


def b64(data: bytes) -> str:
    """Write base64url without padding (RFC 7515 appendix C)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Read base64url, padded or not."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _point(data: bytes) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, data)


def _bytes_of(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def _not_one(why: str) -> NotASubscription:
    return NotASubscription(
        f"This is no push subscription: {why}.",
        state="Nothing was kept; nobody is pushed to.",
        next="Give what the browser's PushSubscription.toJSON() gives, whole.",
    )
