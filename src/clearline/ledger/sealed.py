"""Keep what must be erasable beside the log, and its digest within.

    act                                      beside the entry
    {"note": {"sealed": "<base64>"}}  --->   salt (32 bytes), the part's bytes
              '- SHA-256(salt || bytes) -'

Erasing takes the salt and the bytes away and leaves the digest, which without
the salt tells nothing about them. The log verifies as before. An entry of type
`sealed_erased` says what was erased, by which rule and by whom.
"""

import hashlib
from collections.abc import Iterator

import msgspec

from clearline.ledger.header import Header
from clearline.ledger.strict_json import Json
from clearline.ledger.text64 import NotBase64, decode64, encode64
from clearline.model.errors import BadInput, LostCertainty

SEAL_SALT_BYTES = 32
"""Length of the salt in front of a sealed part, bytes."""

ERASED_TYPE = "sealed_erased"
"""Type of the entry that says a sealed part was erased."""

_SEALED = "sealed"
_DIGEST_BYTES = 32


class SealMalformed(BadInput):
    """Refuse a salt, a digest or an erasing entry that is not one."""


class SealBroken(LostCertainty):
    """Stop at a sealed part whose bytes are not those its entry names."""


class SealedPart(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a sealed part as it lies beside its entry.

    Attributes:
        salt: 32 random bytes, of this part alone.
        data: The part's bytes.
    """

    salt: bytes
    data: bytes


class Erasure(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say what an erasing entry erased.

    Attributes:
        entry: Index of the entry that holds the part.
        part: The part's digest, 32 bytes.
        rule: By which rule it was erased.
        person: Who erased it.
    """

    entry: int
    part: bytes
    rule: str
    person: str


class _ErasedAct(msgspec.Struct, frozen=True, kw_only=True):
    entry: int
    part: str
    rule: str
    person: str


def seal(part: SealedPart) -> bytes:
    """Return the digest an entry carries for a part: SHA-256(salt || bytes).

    Raises:
        SealMalformed: The salt is not 32 bytes long.
    """
    if len(part.salt) != SEAL_SALT_BYTES:
        raise _malformed(f"The salt is {len(part.salt)} bytes long, not 32.")
    return hashlib.sha256(part.salt + part.data).digest()


def open_seal(digest: bytes, part: SealedPart) -> bytes:
    """Check a sealed part against the digest its entry carries; return its bytes.

    Raises:
        SealBroken: The part is not the one that was sealed.
    """
    if len(part.salt) != SEAL_SALT_BYTES or seal(part) != digest:
        raise SealBroken(
            f"The sealed part {encode64(digest)} is not what its entry names.",
            state="The part is damaged or exchanged; the entry itself stands.",
            next="Bring the part back from a backup; it needs its salt as well.",
        )
    return part.data


def sealed_json(digest: bytes) -> dict[str, Json]:
    """Write a digest as it stands in an act."""
    return {_SEALED: encode64(digest)}


def find_sealed(act: Json) -> Iterator[bytes]:
    """Yield the digest of every sealed part an act names, at any depth.

    A sealed part is an object whose only name is `sealed` and whose value is a
    string. They come in no order that means anything; twice if named twice.

    Raises:
        SealMalformed: Such a string is not a digest in base64.
    """
    waiting = [act]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            digest = value.get(_SEALED)
            if len(value) == 1 and isinstance(digest, str):
                yield _digest(digest)
            else:
                waiting.extend(value.values())


def read_erasure(header: Header) -> Erasure | None:
    """Read what an entry erased; nothing where it is of another type.

    Raises:
        SealMalformed: The entry is an erasing one and cannot be read.
    """
    if header.type != ERASED_TYPE:
        return None
    try:
        act = msgspec.convert(header.act, _ErasedAct)
    except msgspec.ValidationError as error:
        raise _malformed(f"The erasing entry cannot be read ({error}).") from error
    return Erasure(
        entry=act.entry, part=_digest(act.part), rule=act.rule, person=act.person
    )


def _digest(text: str) -> bytes:
    try:
        digest = decode64(text)
    except NotBase64 as error:
        raise _malformed(f"{text[:60]!r} is not a digest in base64.") from error
    if len(digest) != _DIGEST_BYTES:
        raise _malformed(f"The digest {text[:60]!r} is not 32 bytes long.")
    return digest


def _malformed(what: str) -> SealMalformed:
    return SealMalformed(
        what,
        state="No sealed part was taken from it.",
        next="Write a part as {'sealed': base64 of 32 bytes}, its salt beside it.",
    )
