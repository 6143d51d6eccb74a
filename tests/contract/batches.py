"""Build batches a store can be given; deterministic, and not signed."""

import hashlib

from clearline.service.ports import Row, StoredTile


def row(number: int) -> Row:
    """Build the row of one entry; the same number gives the same row."""
    salt = hashlib.sha256(b"salt %d" % number).digest()
    envelope = b'{"payload":"%d"}' % number
    return Row(
        commitment=hashlib.sha256(salt + envelope).digest(),
        salt=salt,
        envelope=envelope,
    )


def rows(first: int, count: int) -> list[Row]:
    """Build the rows of `count` entries from index `first` on."""
    return [row(number) for number in range(first, first + count)]


def tile(number: int, level: int = 0) -> StoredTile:
    """Build a hash tile whose content tells its place."""
    hashes = hashlib.sha256(b"%d/%d" % (level, number)).digest() * 256
    return StoredTile(level=level, number=number, hashes=hashes)


def part(words: bytes) -> tuple[bytes, tuple[bytes, bytes]]:
    """Seal a part: its digest, and (salt, bytes)."""
    salt = hashlib.sha256(b"part salt" + words).digest()
    return hashlib.sha256(salt + words).digest(), (salt, words)
