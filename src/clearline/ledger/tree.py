"""Hash a growing log into one root, and prove what it holds.

    root(7) = H( H(H(0,1), H(2,3)), H(H(4,5), 6) )

    peaks of a frontier of size 7:   [0,4)     [4,6)   [6,7)
                                       o         o       o

The tree is that of RFC 6962 section 2.1, the same as RFC 9162 section 2.1.1 with
SHA-256: a leaf is hashed behind the byte 0x00, two children behind 0x01, and a
tree of `n` leaves splits at the largest power of two below `n`.

A `Frontier` holds only the roots of the complete subtrees along the right edge,
largest first. It is a value: appending returns another one, so that a batch that
fails leaves nothing moved.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

import msgspec

from clearline.model.errors import BadInput, LostCertainty

HASH_BYTES = 32
"""Length of every hash here, bytes."""

MAX_SIZE = 2**63 - 1
"""Largest tree we speak of: what a signed 64-bit integer elsewhere can hold."""

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""Root of the tree without leaves (RFC 6962 section 2.1)."""

Subtree = Callable[[int, int], bytes]
"""Answer the hash of the complete subtree over the leaves `[start, end)`.

It is only ever asked for complete subtrees: `end - start` is a power of two and
divides `start`.
"""

_NOTHING_TAKEN = "Nothing was taken as proven."
_ASK_AGAIN = "Fetch the proof again from its log; if it still fails, keep both."


class ProofRefused(LostCertainty):
    """Refuse a proof: it does not show what it was brought to show."""


class InclusionRefused(ProofRefused):
    """Refuse an inclusion proof."""


class ConsistencyRefused(ProofRefused):
    """Refuse a consistency proof."""


class NoSuchRange(BadInput):
    """Refuse to prove about leaves a tree of that size does not have."""


def hash_leaf(data: bytes) -> bytes:
    """Hash one entry's data as a leaf (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def hash_children(left: bytes, right: bytes) -> bytes:
    """Hash two neighbouring subtrees into their parent (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold the right edge of a tree: all that appending needs.

    Attributes:
        size: Leaves in the tree, at most `MAX_SIZE`.
        peaks: Roots of the complete subtrees the tree is made of, largest
            first; one for each bit set in `size`.

    Raises:
        NoSuchRange: `peaks` are not those a tree of `size` leaves has.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.size <= MAX_SIZE or len(self.peaks) != self.size.bit_count():
            raise NoSuchRange(
                f"A tree of {self.size} leaves does not have {len(self.peaks)} peaks.",
                state="No frontier was built.",
                next="Read the frontier again from stored tiles.",
            )

    def append(self, leaf_hash: bytes) -> "Frontier":
        """Return the frontier with one leaf more on the right."""
        return self.extend((leaf_hash,))

    def extend(self, leaf_hashes: Iterable[bytes]) -> "Frontier":
        """Return the frontier with these leaves on the right, in order.

        Costs one hash a leaf, amortised.
        """
        sha256 = hashlib.sha256
        peaks, size = list(self.peaks), self.size
        for leaf_hash in leaf_hashes:
            node, carry = leaf_hash, size
            while carry & 1:
                node = sha256(b"\x01" + peaks.pop() + node).digest()
                carry >>= 1
            peaks.append(node)
            size += 1
        return Frontier(size=size, peaks=tuple(peaks))

    def root(self) -> bytes:
        """Return the root over all leaves (RFC 6962 section 2.1)."""
        return _fold_right(self.peaks)


def frontier_of(size: int, subtree: Subtree) -> Frontier:
    """Read the frontier of a tree of `size` leaves from its stored hashes."""
    spans = _complete_spans(0, size)
    return Frontier(size=size, peaks=tuple(subtree(*span) for span in spans))


def inclusion_proof(index: int, size: int, subtree: Subtree) -> tuple[bytes, ...]:
    """Prove that leaf `index` is in the tree of `size` leaves.

    This is `PATH(index, D[0:size])` of RFC 6962 section 2.1.1.

    Args:
        index: The leaf, `0 <= index < size`.
        size: Leaves in the tree, at most `MAX_SIZE`.
        subtree: Where the hashes of complete subtrees come from.

    Returns:
        The hashes beside the way up, the leaf's own sibling first.

    Raises:
        NoSuchRange: The tree has no such leaf.
    """
    if not 0 <= index < size <= MAX_SIZE:
        raise _no_such_range(f"There is no leaf {index} in a tree of {size}.")
    start, end, beside = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((start, middle))
            start = middle
    return tuple(_range_hash(*span, subtree) for span in reversed(beside))


def consistency_proof(old: int, new: int, subtree: Subtree) -> tuple[bytes, ...]:
    """Prove that the tree of `old` leaves is the beginning of the tree of `new`.

    This is `PROOF(old, D[0:new])` of RFC 6962 section 2.1.2; empty where the
    two sizes are equal.

    Args:
        old: Leaves in the earlier tree, `0 < old <= new`. About the empty tree
            there is nothing to prove: every log begins with it.
        new: Leaves in the later tree, at most `MAX_SIZE`.
        subtree: Where the hashes of complete subtrees come from.

    Raises:
        NoSuchRange: The sizes are not in that order.
    """
    if not 0 < old <= new <= MAX_SIZE:
        raise _no_such_range(f"There is no consistency proof from {old} to {new}.")
    start, end, beside = 0, new, []
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((start, middle))
            start = middle
    if start > 0:
        beside.append((start, end))
    return tuple(_range_hash(*span, subtree) for span in reversed(beside))


def verify_inclusion(
    index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Check an inclusion proof; return in silence where it holds.

    The steps are those of RFC 9162 section 2.1.3.2.

    Args:
        index: The leaf the proof speaks of, `0 <= index < size`.
        size: Leaves in the tree, at most `MAX_SIZE`.
        leaf_hash: Hash of the leaf, 32 bytes.
        proof: Hashes beside the way up, the leaf's own sibling first.
        root: Root of the tree, 32 bytes, from a checkpoint already trusted.

    Raises:
        InclusionRefused: Anything about the proof is not as it has to be.
    """
    if not 0 <= index < size <= MAX_SIZE:
        raise _no_inclusion(f"There is no leaf {index} in a tree of {size}.")
    if not _are_hashes(leaf_hash, root, *proof):
        raise _no_inclusion("A hash of the proof is not 32 bytes long.")
    fn, sn, node = index, size - 1, leaf_hash
    for beside in proof:
        if sn == 0:
            raise _no_inclusion("The proof is longer than the way to the root.")
        if fn & 1 or fn == sn:
            node = hash_children(beside, node)
            fn, sn = _skip_missing(fn, sn)
        else:
            node = hash_children(node, beside)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise _no_inclusion("The proof ends before it reaches the root.")
    if node != root:
        raise _no_inclusion(f"The proof of leaf {index} leads to another root.")


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Check that one tree is the beginning of another; return in silence if so.

    The steps are those of RFC 9162 section 2.1.4.2.

    Args:
        old: Leaves in the earlier tree, `0 < old <= new`.
        new: Leaves in the later tree, at most `MAX_SIZE`.
        proof: The proof's hashes; none where the sizes are equal.
        old_root: Root of the earlier tree, 32 bytes.
        new_root: Root of the later tree, 32 bytes.

    Raises:
        ConsistencyRefused: Anything about the proof is not as it has to be.
    """
    if not 0 < old <= new <= MAX_SIZE:
        raise _not_consistent(f"Nothing can be proven from size {old} to {new}.")
    if not _are_hashes(old_root, new_root, *proof):
        raise _not_consistent("A hash of the proof is not 32 bytes long.")
    if old == new:
        if proof or old_root != new_root:
            raise _not_consistent(f"Two trees of size {old} have different roots.")
        return
    if not proof:
        raise _not_consistent("The proof is empty.")
    _climb(old, new, proof, old_root, new_root)


def _climb(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Follow a consistency proof up both trees (RFC 9162 section 2.1.4.2)."""
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    trailing = (~(old - 1) & old).bit_length() - 1
    fn, sn = (old - 1) >> trailing, (new - 1) >> trailing
    old_node = new_node = path[0]
    for beside in path[1:]:
        if sn == 0:
            raise _not_consistent("The proof is longer than the way to the root.")
        if fn & 1 or fn == sn:
            old_node = hash_children(beside, old_node)
            new_node = hash_children(beside, new_node)
            fn, sn = _skip_missing(fn, sn)
        else:
            new_node = hash_children(new_node, beside)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise _not_consistent("The proof ends before it reaches the root.")
    if old_node != old_root:
        raise _not_consistent(f"The proof leads to another root at size {old}.")
    if new_node != new_root:
        raise _not_consistent(f"The proof leads to another root at size {new}.")


def _skip_missing(fn: int, sn: int) -> tuple[int, int]:
    """Pass the levels on which the right edge has no sibling."""
    while fn and not fn & 1:
        fn, sn = fn >> 1, sn >> 1
    return fn, sn


def _split(width: int) -> int:
    """Return the largest power of two below `width`, which is at least 2."""
    return 1 << ((width - 1).bit_length() - 1)


def _complete_spans(start: int, end: int) -> list[tuple[int, int]]:
    """Cut `[start, end)` into complete subtrees, leftmost and largest first.

    `start` is a multiple of the largest power of two not above `end - start`.
    """
    spans = []
    while start < end:
        width = 1 << ((end - start).bit_length() - 1)
        spans.append((start, start + width))
        start += width
    return spans


def _range_hash(start: int, end: int, subtree: Subtree) -> bytes:
    """Return `MTH(D[start:end])` of RFC 6962 section 2.1."""
    return _fold_right([subtree(*span) for span in _complete_spans(start, end)])


def _fold_right(peaks: Sequence[bytes]) -> bytes:
    """Hash subtrees, largest first, into the root above them."""
    if not peaks:
        return EMPTY_ROOT
    node = peaks[-1]
    for peak in reversed(peaks[:-1]):
        node = hash_children(peak, node)
    return node


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)


def _no_such_range(what: str) -> NoSuchRange:
    return NoSuchRange(
        what,
        state="Nothing was proven.",
        next="Ask about leaves below the tree's size, the earlier size first.",
    )


def _no_inclusion(what: str) -> InclusionRefused:
    return InclusionRefused(what, state=_NOTHING_TAKEN, next=_ASK_AGAIN)


def _not_consistent(what: str) -> ConsistencyRefused:
    return ConsistencyRefused(what, state=_NOTHING_TAKEN, next=_ASK_AGAIN)
