"""Hold the keys that sign and verify, and read and write them as text.

    north.example/clearline/live+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k
    '---------- name ----------' '-- id -' '---- base64(0x01 || public key) --------'

A verifier key is written as C2SP signed-note ("Verifier keys") says; the private
line is the same behind `PRIVATE+KEY+`, with the seed in place of the public key.
The only algorithm is Ed25519 (RFC 8032), signature type 0x01: signed-note asks
for no more kinds than a design needs.
"""

import hashlib
from functools import lru_cache

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from clearline.ledger.text64 import NotBase64, decode64, encode64
from clearline.model.errors import BadInput, LostCertainty

ED25519 = b"\x01"
"""Signature type of a plain Ed25519 signature (C2SP signed-note)."""

KEY_BYTES = 32
"""Length of an Ed25519 public key and of its seed, bytes (RFC 8032 section 5.1.5)."""

SIGNATURE_BYTES = 64
"""Length of an Ed25519 signature, bytes (RFC 8032 section 5.1.6)."""

_PRIVATE = "PRIVATE+KEY+"
_LAST_ASCII_CONTROL = 0x1F

_FIELD = 2**255 - 19
# The y coordinates of the eight points whose order divides the cofactor, and
# those that name one of them unreduced. With such a key one signature fits many
# messages, so whoever publishes it could deny anything.
_SMALL_ORDER_Y = frozenset(
    (
        0,
        1,
        _FIELD - 1,
        _FIELD,
        _FIELD + 1,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    )
)


class KeyMalformed(BadInput):
    """Refuse a text or a file that is not a key."""


class KeyDamaged(LostCertainty):
    """Stop on a key whose private and public halves do not belong together."""


class VerifierKey(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a public key and the name it signs under.

    Attributes:
        name: The key's name; for a log's key also the log's origin.
        public: The Ed25519 public key, 32 bytes (RFC 8032 section 5.1.5).

    Raises:
        KeyMalformed: The name cannot stand in a note, or the key is no key.
    """

    name: str
    public: bytes

    def __post_init__(self) -> None:
        require_name(self.name)
        if len(self.public) != KEY_BYTES:
            raise _malformed(f"The public key of {self.name} is not 32 bytes long.")
        if int.from_bytes(self.public, "little") % 2**255 in _SMALL_ORDER_Y:
            raise _malformed(
                f"The public key of {self.name} is a point of small order, under "
                "which one signature fits many messages."
            )

    @property
    def id(self) -> bytes:
        """Return the key's id, 4 bytes (C2SP signed-note, "Signatures")."""
        named = self.name.encode() + b"\n" + ED25519 + self.public
        return hashlib.sha256(named).digest()[:4]

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Say whether `signature` is this key's over `message` (RFC 8032)."""
        if len(signature) != SIGNATURE_BYTES:
            return False
        try:
            _public_key(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{encode64(ED25519 + self.public)}"


class SignerKey:
    """Hold a private key, its name and its public half.

    It never shows its seed, except in `private_line`.
    """

    __slots__ = ("_private", "_seed", "id_hex", "verifier")

    def __init__(self, *, name: str, seed: bytes) -> None:
        require_name(name)
        if len(seed) != KEY_BYTES:
            raise _malformed(f"The seed of {name} is not 32 bytes long.")
        self._seed = seed
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._private.public_key().public_bytes_raw()
        self.verifier = VerifierKey(name=name, public=public)
        self.id_hex = self.verifier.id.hex()

    @property
    def name(self) -> str:
        """Return the name the key signs under."""
        return self.verifier.name

    def sign(self, message: bytes) -> bytes:
        """Sign a message; 64 bytes (RFC 8032 section 5.1.6)."""
        return self._private.sign(message)

    def private_line(self) -> str:
        """Write the private key as one line of text. Whoever reads it can sign."""
        data = encode64(ED25519 + self._seed)
        return f"{_PRIVATE}{self.name}+{self.id_hex}+{data}"

    def __repr__(self) -> str:
        return f"SignerKey({self.verifier})"


def require_name(name: str) -> None:
    """Refuse a name that cannot stand in a note's signature line.

    It must not be empty and hold no Unicode space and no plus (C2SP signed-note,
    "Format"), nor an ASCII control character, which no note may hold.

    Raises:
        KeyMalformed: The name is not fit.
    """
    is_fit = bool(name) and not any(
        char.isspace() or char == "+" or ord(char) <= _LAST_ASCII_CONTROL
        for char in name
    )
    if not is_fit or not _is_utf8(name):
        raise _malformed(f"{name!r} cannot be the name of a key.")


def parse_verifier_key(text: str) -> VerifierKey:
    """Read a verifier key written as C2SP signed-note ("Verifier keys") says.

    Raises:
        KeyMalformed: The text is no key, its id is not that of its name and
            key, or it is of another kind than Ed25519.
    """
    name, id_hex, public = _parse_line(text)
    key = VerifierKey(name=name, public=public)
    if key.id.hex() != id_hex:
        raise _malformed(f"The id {id_hex} is not that of the key named {name}.")
    return key


def parse_signer_key(text: str) -> SignerKey:
    """Read a private key from the line `SignerKey.private_line` writes.

    Raises:
        KeyMalformed: The text is no private key.
        KeyDamaged: Its id is not that of its seed: a bit has flipped.
    """
    if not text.startswith(_PRIVATE):
        raise _malformed("The text is not a private key.")
    name, id_hex, seed = _parse_line(text.removeprefix(_PRIVATE))
    key = SignerKey(name=name, seed=seed)
    if key.id_hex != id_hex:
        raise _damaged(name)
    return key


def write_key_file(key: SignerKey) -> str:
    """Write both halves of a key as the two lines of a key file."""
    return f"{key.verifier}\n{key.private_line()}\n"


def parse_key_file(text: str) -> SignerKey:
    """Read a key file: the public line, then the private line.

    Raises:
        KeyMalformed: The text is not two such lines.
        KeyDamaged: The two halves do not belong together: a bit has flipped.
    """
    lines = text.split("\n")
    if len(lines) != 3 or lines[2]:  # noqa: PLR2004 (two lines, each ended)
        raise _malformed("A key file is two lines, the public and the private one.")
    signer = parse_signer_key(lines[1])
    if parse_verifier_key(lines[0]) != signer.verifier:
        raise _damaged(signer.name)
    return signer


def _parse_line(text: str) -> tuple[str, str, bytes]:
    """Cut `name+id+data` apart and take the type byte off the data."""
    parts = text.split("+", 2)
    if len(parts) != 3:  # noqa: PLR2004 (name, id, data)
        raise _malformed("A key is a name, an id and base64, joined by plus signs.")
    name, id_hex, encoded = parts
    try:
        data = decode64(encoded)
    except NotBase64 as error:
        raise _malformed(f"The key named {name} does not end in base64.") from error
    if data[:1] != ED25519 or len(data) != 1 + KEY_BYTES:
        raise _malformed(f"The key named {name} is not an Ed25519 key of type 0x01.")
    return name, id_hex, data[1:]


@lru_cache(maxsize=256)
def _public_key(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _malformed(what: str) -> KeyMalformed:
    return KeyMalformed(
        what,
        state="No key was taken.",
        next="Give the whole line: name, id and base64, joined by plus signs.",
    )


def _damaged(name: str) -> KeyDamaged:
    return KeyDamaged(
        f"The halves of the key named {name} do not belong together.",
        state="Nothing was signed with it; the file it came from is damaged.",
        next="Put the key back from its backup, or change keys and say so.",
    )
