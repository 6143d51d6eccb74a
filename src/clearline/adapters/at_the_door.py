"""Check a batch before any store takes it."""

import hashlib
from collections.abc import Mapping

from clearline.model.errors import BadInput, BrokenPromise

_DIGEST_BYTES = 32


class BatchOutOfPlace(BrokenPromise):
    """Refuse a batch that does not begin where the log ends."""


class SealedMismatch(BadInput):
    """Refuse a sealed part whose bytes do not have its digest."""


def require_place(first: int, size: int) -> None:
    """Refuse a batch that leaves a gap or repeats an index.

    Raises:
        BatchOutOfPlace: `first` is not where the log ends.
    """
    if first != size:
        raise BatchOutOfPlace(
            f"A batch beginning at {first} does not fit a log of {size} entries.",
            state="Nothing of the batch was written.",
            next="Prepare the batch again from the log as it stands.",
        )


def require_digests(sealed: Mapping[bytes, tuple[bytes, bytes] | None]) -> None:
    """Refuse sealed parts that are not `SHA-256(salt || bytes)` of their digest.

    What is to be erased has no bytes to look at.

    Raises:
        SealedMismatch: One is not, or its salt is not 32 bytes long.
    """
    parts = ((digest, *part) for digest, part in sealed.items() if part)
    for digest, salt, content in parts:
        found = hashlib.sha256(salt + content).digest()
        if found != digest or len(salt) != _DIGEST_BYTES:
            raise SealedMismatch(
                f"A sealed part does not have the digest {digest.hex()}.",
                state="Nothing of the batch was written.",
                next="Seal the part again and name the digest that comes out.",
            )
