"""Believe what a store holds only as far as it was signed."""

import binascii
from collections.abc import Callable, Iterator
from typing import Protocol

import msgspec

from clearline.ledger.checkpoint import Checkpoint, open_checkpoint
from clearline.ledger.envelope import commitment
from clearline.ledger.keys import VerifierKey
from clearline.ledger.proof import LogProof
from clearline.ledger.receipt import Receipt, write_receipt
from clearline.ledger.tiles import (
    TILE_WIDTH,
    Edge,
    TileName,
    read_edge,
    subtree_of_tiles,
)
from clearline.ledger.tree import frontier_of, hash_leaf, inclusion_proof
from clearline.model.errors import BadInput, LostCertainty
from clearline.service.log_faults import (
    EntryDamaged,
    WrongKey,
    differs,
    missing_high_water,
    shorter,
)
from clearline.service.ports import Row


class StoredLog(Protocol):
    """Read a log; every `service.ports.Store` can."""

    def size(self) -> int:
        """Say how many rows the log has."""

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        """Read rows `[start, stop)` in order."""

    def checkpoint(self) -> bytes | None:
        """Read the newest signed checkpoint."""

    def tile(self, level: int, number: int) -> bytes | None:
        """Read a complete hash tile, or nothing where there is none."""


class _Carried(msgspec.Struct, frozen=True, gc=False):
    payload: str


_carried = msgspec.json.Decoder(_Carried)


def recover(
    store: StoredLog, key: VerifierKey, kept: bytes | None
) -> tuple[Edge, bytes] | None:
    """Find where a stored log ends, and make sure it is the one that was signed.

    Reads the tiles on the right edge and the entries after them: some hundred
    reads, however long the log. What lies further back is held against the tree
    when it is read, and by `verify`.

    Args:
        store: What keeps the log.
        key: The log's key.
        kept: The newest checkpoint kept apart, if there is one.

    Returns:
        The tree's right edge and the newest signed checkpoint; nothing where no
        log was ever begun.

    Raises:
        WrongKey: A checkpoint was signed with another key.
        LogShorter: The store holds less than was acknowledged.
        LogDiffers: The store holds something else than was signed.
        HighWaterMissing: Nothing says how far the log had come.
    """
    note = store.checkpoint()
    high = None if kept is None else _believed(kept, key, "high-water checkpoint")
    if note is None:
        if high is not None and high.size:
            raise shorter(0, high)
        return None
    head = _believed(note, key, "head")
    edge = _read_edge(store, head)
    if high is None:
        raise missing_high_water(head)
    if high.size > head.size:
        raise shorter(head.size, high)
    subtree = subtree_of_tiles(head.size, tiles_below(edge, store))
    if frontier_of(high.size, subtree).root() != high.root:
        raise differs(
            f"The first {high.size} entries are not those whose checkpoint was kept "
            "apart"
        )
    return edge, note


def tiles_below(edge: Edge, store: StoredLog) -> Callable[[TileName], bytes]:
    """Answer for the tiles of a log: stored ones, and the open ones of its edge."""

    def tile(name: TileName) -> bytes:
        level = name.level or 0
        if name.width == TILE_WIDTH:
            return _full_tile(store, level, name.number)
        return edge.open[level]

    return tile


def receipt_for(index: int, edge: Edge, note: bytes, store: StoredLog) -> bytes:
    """Write a receipt for an entry, against the checkpoint at an edge's size.

    Raises:
        NoSuchRange: There is no such entry.
        EntryDamaged: The entry is not the one that was signed.
    """
    subtree = subtree_of_tiles(edge.size, tiles_below(edge, store))
    hashes = inclusion_proof(index, edge.size, subtree)
    rows = list(store.rows(index, index + 1))
    if not rows:
        raise EntryDamaged(index, "it cannot be read")
    payload_in_tree(index, rows[0], subtree(index, index + 1))
    return write_receipt(
        Receipt(
            envelope=rows[0].envelope or b"",
            salt=rows[0].salt or b"",
            proof=LogProof(index=index, hashes=hashes, checkpoint=note),
        )
    )


def payload_in_tree(index: int, row: Row, leaf: bytes) -> bytes:
    """Return a row's payload, if the row is what stands in the tree.

    Raises:
        EntryDamaged: It is not.
    """
    if row.salt is None or row.envelope is None:
        raise EntryDamaged(index, "its content is not here")
    if hash_leaf(row.commitment) != leaf:
        raise EntryDamaged(index, "its commitment is not the one in the tree")
    if commitment(row.salt, row.envelope) != row.commitment:
        raise EntryDamaged(index, "its bytes do not fit its commitment")
    return binascii.a2b_base64(_carried.decode(row.envelope).payload)


def _read_edge(store: StoredLog, head: Checkpoint) -> Edge:
    size = store.size()
    if head.size != size:
        raise differs(f"The head is signed for {head.size} entries, not {size}")
    last = size - size % TILE_WIDTH
    leaves = [hash_leaf(row.commitment) for row in store.rows(last, size)]
    edge = read_edge(size, lambda *name: _full_tile(store, *name), leaves)
    if edge.root() != head.root:
        raise differs(f"The entries do not lead to the root signed at {size}")
    return edge


def _full_tile(store: StoredLog, level: int, number: int) -> bytes:
    tile = store.tile(level, number)
    if tile is None:
        raise differs(f"The hash tile {level}/{number} is missing")
    return tile


def _believed(note: bytes, key: VerifierKey, which: str) -> Checkpoint:
    try:
        return open_checkpoint(note, [key])
    except (BadInput, LostCertainty) as error:
        raise WrongKey(
            f"The log's {which} is not signed with the key {key}: {error.what}",
            state="The log was not opened; nothing was changed.",
            next="Put back the key this log was signed with; if the key is "
            "right, the checkpoint is damaged: run `clearline verify`.",
        ) from error
