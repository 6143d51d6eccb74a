"""Build the picture again when a node starts, what rings first.

    1  duty snapshot + the entries after it  -> calls, ladders, watches: rings leave
    2  notices snapshot + the entries after  -> notices

A snapshot is checked against its own digest and against the log: the commitment of
the last entry it stands for must be the log's. On any mismatch it is dropped and
the whole log is folded; that is slower and never wrong.
"""

import hashlib
from collections.abc import Iterator
from typing import Final

from clearline.model.entries import Entry
from clearline.picture.picture import NOTICE_ACTS, Picture
from clearline.picture.snapshot import (
    SnapshotMismatch,
    read_duty,
    read_notices,
    write_duty,
    write_notices,
)
from clearline.service.log import Log
from clearline.service.ports import Snapshot, Store
from clearline.wire.entries import read_entry

DUTY: Final = "duty"
NOTICES: Final = "notices"

SNAPSHOT_EVERY: Final = 20_000
"""After how many entries a running node takes the next snapshots."""


def restore_duty(log: Log, store: Store) -> Picture:
    """Build everything but notices; the picture counts every entry.

    Raises:
        LostCertainty: An entry of the log cannot be read or is not what was signed.
    """
    picture = Picture()
    try:
        data = _sound(store, DUTY)
        if data is not None:
            _require_same(store, picture, read_duty(data, picture))
    except SnapshotMismatch:
        store.drop_snapshot(DUTY)
        picture = Picture()
    for entry in _entries(log, picture.size):
        picture.fold(entry, with_notices=False)
    picture.settle()
    return picture


def restore_notices(log: Log, store: Store, picture: Picture) -> None:
    """Add the notices to a picture that was restored without them."""
    loading = Picture()
    try:
        data = _sound(store, NOTICES)
        if data is not None:
            loading.size, last = read_notices(data, loading)
            _require_same(store, loading, last)
    except SnapshotMismatch:
        store.drop_snapshot(NOTICES)
        loading = Picture()
    for size, entry in enumerate(_entries(log, loading.size), loading.size):
        if isinstance(entry.act, NOTICE_ACTS):
            loading.size = size
            loading.fold(entry)
    picture.notices = loading.notices


def restore(log: Log, store: Store) -> Picture:
    """Build the whole picture."""
    picture = restore_duty(log, store)
    restore_notices(log, store, picture)
    return picture


def take_snapshots(log: Log, store: Store, picture: Picture) -> None:
    """Keep both parts of a picture all of which is durable.

    Raises:
        StoreRefused: The disk refused; the older snapshots stay.
    """
    if picture.size != log.size or not picture.size:
        return
    last = _commitment(store, picture.size)
    for name, data in (
        (DUTY, write_duty(picture, last)),
        (NOTICES, write_notices(picture, last)),
    ):
        digest = hashlib.sha256(data).digest()
        store.save_snapshot(
            Snapshot(name=name, size=picture.size, digest=digest, data=data)
        )


def _sound(store: Store, name: str) -> bytes | None:
    snapshot = store.snapshot(name)
    if snapshot is None:
        return None
    if hashlib.sha256(snapshot.data).digest() != snapshot.digest:
        raise SnapshotMismatch(
            "A snapshot's bytes have changed on disk.",
            state="The log is not touched by this.",
            next="Nothing to do; the picture is folded from the log.",
        )
    return snapshot.data


def _require_same(store: Store, picture: Picture, last: bytes) -> None:
    size = picture.size
    if size and (size > store.size() or _commitment(store, size) != last):
        raise SnapshotMismatch(
            f"A snapshot stands for {size} entries of another log.",
            state="The log is not touched by this.",
            next="Nothing to do; the picture is folded from the log.",
        )


def _commitment(store: Store, size: int) -> bytes:
    (row,) = store.rows(size - 1, size)
    return row.commitment


def _entries(log: Log, start: int) -> Iterator[Entry]:
    return (read_entry(payload) for _, payload in log.read(start, log.size))
