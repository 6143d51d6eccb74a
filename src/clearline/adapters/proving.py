"""Prove an entry, or write a log out, from what lies on disk.

The node may be running: everything is read at one moment, and nothing is changed.
Before anything leaves, what is read is held against the signed head.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clearline.adapters.data_folder import DataFolder
from clearline.adapters.keys import load_verifier
from clearline.adapters.sqlite_copy import SqliteCopy
from clearline.adapters.static_copy import Discloses, Progress, write_static
from clearline.ledger.checkpoint import Checkpoint
from clearline.ledger.keys import VerifierKey
from clearline.model.errors import BadInput
from clearline.service.log_stored import receipt_for, recover


class NoLogThere(BadInput):
    """Refuse a path where no node has kept a log."""


def prove_entry(path: Path, index: int) -> bytes:
    """Write a receipt for an entry against the newest checkpoint.

    Args:
        path: A node's data folder, or its ledger.sqlite with `keys` beside it.
        index: The entry's index, from 0.

    Raises:
        NoLogThere: No node has kept a log there.
        NoSuchRange: The log has no such entry.
        LostCertainty: The log is not what was signed.
        StoreRefused: The disk refused.
    """
    with opened_log(path) as (copy, key):
        found = recover(copy, key, copy.checkpoint())
        if found is None:
            raise _no_log(path)
        return receipt_for(index, *found, copy)


def export_log(
    path: Path,
    folder: Path,
    *,
    discloses: Discloses,
    progress: Progress | None = None,
) -> Checkpoint:
    """Write a log out; see `static_copy.write_static`.

    Raises:
        NoLogThere: No node has kept a log there.
        OtherLogThere: The folder holds another log, or something else.
        LostCertainty: The log is not what was signed.
        StoreRefused: The disk refused.
    """
    with opened_log(path) as (copy, key):
        return write_static(
            copy, folder, key=key, discloses=discloses, progress=progress
        )


@contextmanager
def opened_log(path: Path) -> Iterator[tuple[SqliteCopy, VerifierKey]]:
    """Open a log on disk to read from, with the key it is signed with.

    Raises:
        NoLogThere: No node has kept a log there.
    """
    folder = DataFolder(path=path if path.is_dir() else path.parent)
    ledger = folder.ledger if path.is_dir() else path
    if not ledger.is_file() or not folder.verifier.is_file():
        raise _no_log(path)
    key = load_verifier(folder.verifier)
    copy = SqliteCopy(ledger)
    try:
        yield copy, key
    finally:
        copy.close()


def _no_log(path: Path) -> NoLogThere:
    return NoLogThere(
        f"No node has kept a log at {path}.",
        state="Nothing was written.",
        next="Name the node's data folder with --data.",
    )
