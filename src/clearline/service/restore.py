"""Build the picture again when a node starts, what rings first.

    1  duty snapshot + the entries after it  -> calls, ladders, watches: rings leave
    2  notices snapshot + the entries after  -> notices
    3  whereabouts snapshot + what they moved -> what is where

A snapshot is checked against its own digest and against the log: the commitment of
the last entry it stands for must be the log's. On any mismatch it is dropped and
the whole log is folded; that is slower and never wrong.
"""

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from clearline.model.entries import Entry
from clearline.picture.picture import OF_NOTICES, Picture
from clearline.picture.snapshot import (
    DUTY,
    NOTICES,
    SnapshotMismatch,
    read_snapshot,
    write_snapshot,
)
from clearline.service.log import Log
from clearline.service.ports import Snapshot, Store, StoreRefused
from clearline.wire.entries import read_entry

if TYPE_CHECKING:
    from clearline.picture.coarse import Coarse
    from clearline.picture.whereabouts import Whereabouts
    from clearline.picture.whereabouts_snapshot import Kept

WHEREABOUTS: Final = "whereabouts"
"""The snapshot of what is where, as packed arrays."""

PARTS: Final = {"duty": DUTY, "notices": NOTICES}
"""The snapshots a node keeps: which shelves each holds."""


def restore_duty(log: Log, store: Store) -> Picture:
    """Build everything but notices; the picture counts every entry.

    Raises:
        LostCertainty: An entry of the log cannot be read or is not what was signed.
    """
    with _uncollected():
        picture = _from_snapshot(store, "duty")
        picture.has_notices = log.size == 0
        for entry in _entries(log, picture.size):
            picture.fold(entry)
        picture.settle()
    return picture


def restore_notices(log: Log, store: Store, picture: Picture) -> None:
    """Add the notices to a picture that was restored without them."""
    with _uncollected():
        loading = _from_snapshot(store, "notices")
        for size, entry in enumerate(_entries(log, loading.size), loading.size):
            if isinstance(entry.act, OF_NOTICES):
                loading.size = size
                loading.fold(entry)
    for name in NOTICES:
        setattr(picture, name, getattr(loading, name))
    picture.has_notices = True
    picture.index_notices()
    gc.freeze()  # what stands is kept for good; no collection walks it again


@contextmanager
def _uncollected() -> Iterator[None]:
    """Build what is kept for good without walking it over and over meanwhile."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def restore(log: Log, store: Store) -> Picture:
    """Build the whole picture."""
    picture = restore_duty(log, store)
    restore_notices(log, store, picture)
    return picture


def take_snapshots(store: Store, picture: Picture, size: int) -> None:
    """Keep both parts of a picture as it stood after `size` durable entries.

    May run in a thread of its own while the writer goes on. Without notices there
    is nothing to keep yet.

    Raises:
        StoreRefused: The disk refused; the older snapshots stay.
    """
    if not size or not picture.has_notices:
        return
    last = _commitment(store, size)
    for name, shelves in PARTS.items():
        data = write_snapshot(picture, shelves, size, last)
        digest = hashlib.sha256(data).digest()
        store.save_snapshot(Snapshot(name=name, size=size, digest=digest, data=data))


def restore_whereabouts(log: Log, store: Store, picture: Picture) -> "Whereabouts":
    """Say where everything stands: from its snapshot, or packed anew.

    Only what is durable is entered. It follows the picture from then on.
    """
    # They load compiled code, or compile it, which nothing that rings waits for.
    from clearline.geo.warm import warm  # noqa: PLC0415
    from clearline.picture.whereabouts import Whereabouts  # noqa: PLC0415
    from clearline.picture.whereabouts_snapshot import (  # noqa: PLC0415
        read_whereabouts,
        resume,
    )

    warm()
    with _uncollected():
        snapshot = store.snapshot(WHEREABOUTS)
        if snapshot is not None:
            try:
                last, kept = read_whereabouts(snapshot.data)
                _require_same(store, last, kept.size)
                return resume(kept, picture)
            except SnapshotMismatch:
                with suppress(StoreRefused):
                    store.drop_snapshot(WHEREABOUTS)
        return Whereabouts(picture, log.size)


def restore_told(picture: Picture, size: int) -> "Coarse":
    """Say what is told less than exactly after `size` entries; nothing follows yet."""
    from clearline.picture.coarse import Coarse  # noqa: PLC0415 (the same)

    coarse = Coarse()
    with _uncollected():
        coarse.load(picture.notices.dump_at(size))
    gc.freeze()
    return coarse


def keep_whereabouts(store: Store, kept: "Kept") -> None:
    """Keep a copy of what is where for a quick start.

    Raises:
        StoreRefused: The disk refused; the older one stays.
    """
    from clearline.picture.whereabouts_snapshot import (  # noqa: PLC0415 (the same)
        write_whereabouts,
    )

    if not kept.size:
        return
    data = write_whereabouts(kept, _commitment(store, kept.size))
    digest = hashlib.sha256(data).digest()
    store.save_snapshot(
        Snapshot(name=WHEREABOUTS, size=kept.size, digest=digest, data=data)
    )


def _from_snapshot(store: Store, name: str) -> Picture:
    """Read a snapshot; an empty picture where there is none that fits."""
    picture = Picture()
    try:
        snapshot = store.snapshot(name)  # the store holds it against its digest
        if snapshot is not None:
            last = read_snapshot(snapshot.data, picture)
            _require_same(store, last, picture.size)
    except SnapshotMismatch:
        with suppress(StoreRefused):  # it is looked through again at every start
            store.drop_snapshot(name)
        return Picture()
    return picture


def _require_same(store: Store, last: bytes, size: int) -> None:
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
