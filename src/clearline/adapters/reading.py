"""Read the entries of a log from what lies on disk, each held against the tree."""

from collections.abc import Callable, Iterator
from pathlib import Path

from clearline.adapters.proving import NoLogThere, opened_log
from clearline.ledger.tiles import subtree_of_tiles
from clearline.model.entries import Entry
from clearline.service.log_stored import payload_in_tree, recover, tiles_below
from clearline.wire.entries import read_entry


def read_entries(
    path: Path, wants: Callable[[bytes], bool] = lambda _: True
) -> Iterator[tuple[int, Entry]]:
    """Yield the entries of a log with their index; the node may be running.

    Args:
        path: A node's data folder, or its ledger.sqlite with `keys` beside it.
        wants: Which of them, by their payload; all are held against the tree.

    Raises:
        NoLogThere: No node has kept a log there.
        LostCertainty: The log is not what was signed.
        StoreRefused: The disk refused.
    """
    with opened_log(path) as (copy, key):
        found = recover(copy, key, copy.checkpoint())
        if found is None:
            raise NoLogThere(
                f"The log at {path} was never begun.",
                state="Nothing was read.",
                next="Name the data folder of a node that has run.",
            )
        edge, _ = found
        subtree = subtree_of_tiles(edge.size, tiles_below(edge, copy))
        for index, row in enumerate(copy.rows(0, edge.size)):
            payload = payload_in_tree(index, row, subtree(index, index + 1))
            if wants(payload):
                yield index, read_entry(payload)
