"""Keep a node's log in one SQLite file.

    write frames --> fsync the journal --> the head has moved --> (pages move on)
         |                  |                     |
     nothing of it     all or nothing          all of it

What stands under each step is what the next start finds if the machine stops
there; COMMIT returns after the second. Durability is SQLite's own: WAL with
`synchronous=FULL`, one transaction a batch, the head swapped against the size
and epoch this writer believes in, so that two writers can never fork a log.

Trusted for: keeping what it was given, or saying that it did not. An attacker who
holds the file can drop a tail (shown by the high-water file) and read whatever is
not sealed by others; they can change nothing that `verify` does not find.
"""

import contextlib
import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias, TypedDict

import apsw

from clearline.adapters.at_the_door import require_digests, require_place
from clearline.adapters.ballast import BALLAST_BYTES, Ballast
from clearline.adapters.files import SYSTEM_DISK, Disk
from clearline.adapters.queries import queries
from clearline.adapters.sqlite_faults import LedgerDamaged, damaged, named
from clearline.adapters.sqlite_file import PATIENCE_MS, open_to_write
from clearline.model.errors import LostCertainty
from clearline.service.ports import DiskFull, Row, Snapshot, StoredTile, StoreRefused

LEDGER_FILE = "ledger.sqlite"
"""Name of the log's file in a data folder."""

SNAPSHOT_PART_BYTES = 2**22
"""How much of a snapshot is written at once, bytes; appends pass in between."""

BALLAST_EVERY = 64
"""After how many batches without ballast to look whether there is room again."""

_ROWS_AT_ONCE = 1024
_SQL = queries("ledger")

_Values: TypeAlias = "Mapping[str, apsw.SQLiteValue] | Sequence[apsw.SQLiteValue]"


class WriterFenced(LostCertainty):
    """Stop, because somebody else has moved the log's head."""


class SqliteStore:
    """Keep a log in one SQLite file; the contract is `service.ports.Store`.

    One thread appends while others read: writing and reading go through
    connections of their own. Whoever opens the file to write becomes its only
    writer; one opened earlier is refused from then on.
    """

    def __init__(
        self,
        path: Path,
        *,
        vfs: str | None = None,
        disk: Disk = SYSTEM_DISK,
        ballast_bytes: int = BALLAST_BYTES,
        page_checksums: bool = True,
    ) -> None:
        """Open the file, making it on first start.

        Args:
            path: Where it lies, or is to lie; the folder is there.
            vfs: SQLite's file layer, for test equipment; `None` for the system's.
            disk: What syncs the folder's names; the system's own.
            ballast_bytes: Room to hold for a full disk; 0 for none.
            page_checksums: Whether a new file carries a checksum on each page,
                where this SQLite can do that.

        Raises:
            StoreRefused: The disk refused.
            LedgerDamaged: The file is no sound SQLite file.
            BadInput: The file is something else, or of a newer release.
        """
        self.path = path
        self._size = 0
        self._epoch = 0
        self._without_ballast = 0
        self._holds_erased = True  # who was killed before may have left a journal
        self._ballast = Ballast(path.parent, ballast_bytes)
        self._writing = threading.Lock()
        self._reading = threading.Lock()
        self._saving = threading.Lock()
        try:
            self._open(path, vfs, disk, page_checksums=page_checksums)
        except DiskFull:
            if not self._ballast.give_up():
                raise
            self._without_ballast = 1
            self._open(path, vfs, disk, page_checksums=page_checksums)
        if ballast_bytes and not self._without_ballast:
            self._ballast.take()

    @property
    def has_ballast(self) -> bool:
        """Say whether room is still held for a full disk."""
        return self._ballast.is_held

    def size(self) -> int:
        """Say how many rows the log has."""
        return self._size

    def append(
        self,
        first: int,
        rows: Sequence[Row],
        *,
        tiles: Sequence[StoredTile],
        checkpoint: bytes,
        sealed: Mapping[bytes, tuple[bytes, bytes] | None],
    ) -> None:
        """Write one batch and return only when it would survive power loss.

        A first refusal for want of room frees the ballast and tries once more.

        What is erased goes in the same transaction as the entry that says so: its
        page is overwritten with zeroes (`secure_delete`), and the journal that still
        holds it is emptied before this returns, or after a later batch if somebody
        is reading. What the file system or the disk keeps of old blocks is theirs.

        Raises:
            BatchOutOfPlace: `first` is not where the log ends.
            SealedMismatch: A sealed part does not have its digest.
            StoreRefused: The disk refused; the log is as it was.
            WriterFenced: Another writer has opened this log since.
            LedgerDamaged: The file contradicts itself.
        """
        require_place(first, self._size)
        require_digests(sealed)
        batch = _Batch(
            rows=[
                (first + offset, row.commitment, row.salt, row.envelope)
                for offset, row in enumerate(rows)
            ],
            tiles=[(tile.level, tile.number, tile.hashes) for tile in tiles],
            sealed=[(digest, *part) for digest, part in sealed.items() if part],
            erased=[{"digest": digest} for digest, part in sealed.items() if not part],
            head={
                "first": first,
                "size": first + len(rows),
                "checkpoint": checkpoint,
                "epoch": self._epoch,
            },
        )
        with self._writing:
            try:
                self._commit(batch)
            except DiskFull:
                if not self._ballast.give_up():
                    raise
                self._without_ballast = 1
                self._commit(batch)
            self._size = first + len(rows)
            self._retake_ballast()
            if batch["erased"] or self._holds_erased:
                self._holds_erased = not self._empties_journal()

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        """Read rows `[start, stop)` in order.

        Raises:
            LedgerDamaged: A row the head counts is not there.
        """
        stop = min(stop, self._size)
        for begin in range(start, stop, _ROWS_AT_ONCE):
            end = min(begin + _ROWS_AT_ONCE, stop)
            found = self._read("read_entries", {"start": begin, "stop": end})
            if len(found) != end - begin:
                raise _missing_rows(begin, end, len(found))
            for _, commitment, salt, envelope in found:
                yield Row(commitment=commitment, salt=salt, envelope=envelope)

    def checkpoint(self) -> bytes | None:
        """Read the newest signed checkpoint."""
        head = self._read("read_head")
        checkpoint: bytes | None = head[0][1]
        return checkpoint

    def tile(self, level: int, number: int) -> bytes | None:
        """Read a complete hash tile, or nothing where it is not complete."""
        found = self._read("read_tile", {"level": level, "number": number})
        return bytes(found[0][0]) if found else None

    def sealed(self, digest: bytes) -> tuple[bytes, bytes] | None:
        """Read a sealed part, (salt, bytes), or nothing where it was erased.

        Raises:
            LedgerDamaged: The bytes no longer have the digest.
        """
        found = self._read("read_sealed", {"digest": digest})
        if not found:
            return None
        salt, content = found[0]
        if hashlib.sha256(salt + content).digest() != digest:
            raise damaged(f"The sealed part {digest.hex()} has changed on disk.")
        return bytes(salt), bytes(content)

    def sealed_digests(self) -> tuple[bytes, ...]:
        """List the digests of all sealed parts that lie here."""
        return tuple(bytes(row[0]) for row in self._read("sealed_digests"))

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Keep a snapshot in place of the older one of that name.

        It is written in parts, each its own transaction, so that an append
        waits for one part at most.
        """
        with self._saving:
            with self._write("sweeping old snapshots") as db:
                db.execute(_SQL["sweep_snapshot_parts"])
                generation = _number(db, "next_generation")
            for part, at in enumerate(
                range(0, len(snapshot.data), SNAPSHOT_PART_BYTES)
            ):
                content = snapshot.data[at : at + SNAPSHOT_PART_BYTES]
                with self._write("saving a part of a snapshot") as db:
                    db.execute(_SQL["save_snapshot_part"], (generation, part, content))
            with self._write("saving a snapshot") as db:
                db.execute(
                    _SQL["save_snapshot"],
                    (snapshot.name, snapshot.size, snapshot.digest, generation),
                )
            with self._write("sweeping old snapshots") as db:
                db.execute(_SQL["sweep_snapshot_parts"])

    def snapshot(self, name: str) -> Snapshot | None:
        """Read the snapshot of that name; a damaged one counts as none."""
        try:
            found = self._read("read_snapshot", {"name": name})
            if not found:
                return None
            size, digest, generation = found[0]
            parts = self._read("read_snapshot_parts", {"generation": generation})
        except LostCertainty:
            return None
        data = b"".join(part[0] for part in parts)
        if hashlib.sha256(data).digest() != digest:
            return None
        return Snapshot(name=name, size=size, digest=bytes(digest), data=data)

    def drop_snapshot(self, name: str) -> None:
        """Throw a snapshot away."""
        with self._saving, self._write("dropping a snapshot") as db:
            db.execute(_SQL["drop_snapshot"], {"name": name})
            db.execute(_SQL["sweep_snapshot_parts"])

    def local(self, key: str) -> bytes | None:
        """Read a value that is not log.

        Raises:
            LedgerDamaged: The value has changed on disk.
        """
        found = self._read("read_local", {"key": key})
        if not found:
            return None
        value, digest = found[0]
        if _local_digest(key, value) != digest:
            raise damaged(f"The local value {key!r} has changed on disk.")
        return bytes(value)

    def keep_local(self, key: str, value: bytes) -> None:
        """Keep a value that is not log, durably."""
        with self._write(f"keeping the local value {key!r}") as db:
            db.execute(_SQL["keep_local"], (key, value, _local_digest(key, value)))

    def close(self) -> None:
        """Let go of the disk; doing it twice does nothing."""
        with self._writing, self._reading:
            self._reader.close()
            with contextlib.suppress(apsw.Error):
                self._writer.close()

    def _open(
        self, path: Path, vfs: str | None, disk: Disk, *, page_checksums: bool
    ) -> None:
        self._writer, self.has_page_checksums = open_to_write(
            path, vfs=vfs, page_checksums=page_checksums
        )
        try:
            self._start(path, disk)
        except BaseException:
            self._writer.close()
            raise

    def _start(self, path: Path, disk: Disk) -> None:
        """Become the writer and open a second connection to read through."""
        with named(f"opening {path}", "Nothing was opened."):
            disk.sync_folder(path.parent)
            with _transaction(self._writer):
                self._epoch = _number(self._writer, "take_epoch")
            self._size = _number(self._writer, "read_head")
            self._reader = apsw.Connection(
                str(path),
                flags=apsw.SQLITE_OPEN_READONLY,
                vfs=self._writer.open_vfs,
            )
            self._reader.set_busy_timeout(PATIENCE_MS)
        last = self._read("last_entry")[0][0]
        if (-1 if last is None else last) != self._size - 1:
            raise damaged(
                f"The head counts {self._size} entries; the last entry found is "
                f"{'none' if last is None else last}."
            )

    def _retake_ballast(self) -> None:
        """Look once in a while whether there is room again for what was given up."""
        if self._without_ballast:
            self._without_ballast += 1
            if not self._without_ballast % BALLAST_EVERY and self._ballast.take():
                self._without_ballast = 0

    def _commit(self, batch: "_Batch") -> None:
        """Write a batch in one transaction, or leave the log as it was."""
        first = batch["head"]["first"]
        state = f"Nothing of the batch counts; the log stands at {first} entries."
        db = self._writer
        try:
            with named("appending to the log", state), _transaction(db):
                db.execute(_SQL["move_head"], batch["head"])
                if db.changes() != 1:
                    raise _fenced(self.path)
                db.executemany(_SQL["append_entry"], batch["rows"])
                db.executemany(_SQL["append_tile"], batch["tiles"])
                db.executemany(_SQL["keep_sealed"], batch["sealed"])
                db.executemany(_SQL["erase_sealed"], batch["erased"])
        except StoreRefused as refused:
            if not self._overwrite_remains():
                refused.state += (
                    " Should the process end before the next write succeeds, the"
                    " next start finds the batch whole or not at all."
                )
            raise

    def _overwrite_remains(self) -> bool:
        """Overwrite what a refused batch left in the journal, if the disk lets us.

        Its frames may lie there complete and only lack their fsync; a process
        killed now would find them again at its next start.
        """
        try:
            self._writer.execute(_SQL["note_refusal"], {"epoch": self._epoch})
        except apsw.Error:
            return False
        return True

    def _empties_journal(self) -> bool:
        """Empty the journal of what is erased, unless somebody reads through it."""
        self._writer.set_busy_timeout(0)  # no batch waits for a reader
        try:
            self._writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except apsw.Error:
            return False
        finally:
            self._writer.set_busy_timeout(PATIENCE_MS)
        return True

    @contextlib.contextmanager
    def _write(self, doing: str) -> Iterator[apsw.Connection]:
        state = "Nothing of it was written; the log is as it was."
        with self._writing, named(doing, state), _transaction(self._writer):
            yield self._writer

    def _read(self, name: str, values: _Values = ()) -> list[tuple[Any, ...]]:
        state = "Nothing was changed."
        with self._reading, named(f"reading the log ({name})", state):
            return self._reader.execute(_SQL[name], values).fetchall()


class _Batch(TypedDict):
    """Hold the values one transaction writes, as SQLite takes them."""

    head: dict[str, Any]
    rows: list[tuple[int, bytes, bytes | None, bytes | None]]
    tiles: list[tuple[int, int, bytes]]
    sealed: list[tuple[bytes, bytes, bytes]]
    erased: list[dict[str, bytes]]


@contextlib.contextmanager
def _transaction(db: apsw.Connection) -> Iterator[None]:
    """Commit on leaving; roll back on any error, a failed COMMIT's included."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(apsw.Error):
            if db.in_transaction:
                db.execute("ROLLBACK")
        raise


def _number(db: apsw.Connection, name: str) -> int:
    row = db.execute(_SQL[name]).fetchone()
    if row is None:
        raise damaged("The log's file has no head.")
    return int(row[0])


def _local_digest(key: str, value: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\x00" + value).digest()


def _fenced(path: Path) -> WriterFenced:
    return WriterFenced(
        f"Another writer has opened {path} since we did.",
        state="Nothing of the batch was written; this node no longer writes.",
        next="Find the other process, end one of the two, and start again.",
    )


def _missing_rows(start: int, stop: int, found: int) -> LedgerDamaged:
    return damaged(
        f"Of the entries {start} to {stop - 1}, {stop - start - found} are missing."
    )
