"""Say what RFC 6962 section 2.1 says, as slowly and plainly as it does.

This is the oracle the fast tree is held against: nothing here is shared with it.
"""

import hashlib


def mth(leaves: list[bytes]) -> bytes:
    """Return the Merkle Tree Hash of a list of entries (section 2.1)."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """Return the audit path of entry `m` (section 2.1.1)."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def proof(m: int, leaves: list[bytes]) -> list[bytes]:
    """Return the consistency proof from the first `m` entries (section 2.1.2)."""
    return subproof(m, leaves, is_whole=True)


def subproof(m: int, leaves: list[bytes], *, is_whole: bool) -> list[bytes]:
    """Return `SUBPROOF(m, D[n], b)` (section 2.1.2)."""
    if m == len(leaves):
        return [] if is_whole else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], is_whole=is_whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], is_whole=False), mth(leaves[:k])]


def split(n: int) -> int:
    """Return the largest power of two smaller than `n`."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k
