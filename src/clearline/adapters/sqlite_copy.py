"""Look at a log's SQLite file without changing it, damaged as it may be.

Everything is read in one transaction, so that a node may go on appending while
its log is looked at. What cannot be read is left out, and whoever walks over the
rows sees the gap: damage in one page never hides the entries on the others.
"""

import contextlib
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import apsw

from clearline.adapters.queries import queries
from clearline.adapters.sqlite_faults import named
from clearline.adapters.sqlite_file import open_to_read
from clearline.ledger.audit import AuditRow
from clearline.ledger.sealed import SealedPart
from clearline.service.ports import Row

_SQL = queries("ledger")
_AT_ONCE = 1024
_SOUND = "ok"

_Found = tuple[Any, ...]
_Values = Mapping[str, int | bytes]


class SqliteCopy:
    """Hold a log's file open to look at it."""

    def __init__(self, path: Path) -> None:
        """Open the file and stay at the moment it shows now.

        Raises:
            NotALedger: The file is something else.
            NewerLedger: A newer release wrote it.
            StoreRefused: The disk refused.
            LedgerDamaged: The file is no sound SQLite file.
        """
        self.path = path
        self._db = open_to_read(path)
        with named(f"reading {path}", "Nothing was changed."):
            self._db.execute("BEGIN")

    def size(self) -> int:
        """Return the size the head states; 0 where it cannot be read."""
        head = self._try("read_head")
        size = head[0][0] if head else 0
        return size if isinstance(size, int) else 0

    def checkpoint(self) -> bytes | None:
        """Return the newest signed checkpoint; nothing where it is unreadable."""
        head = self._try("read_head")
        return _bytes(head[0][1]) if head else None

    def audit_rows(self) -> Iterator[AuditRow]:
        """Read every row that can be read, by rising index."""
        start, end = 0, self.size()
        while True:
            try:
                found = self._run("entries_from", {"start": start, "count": _AT_ONCE})
            except apsw.Error:
                # Nearby pages are read one by one; a lying head ends the search.
                if start >= end:
                    return
                yield from self._rows_between(start, start + _AT_ONCE)
                start += _AT_ONCE
                continue
            rows = list(_audit_rows(found))
            yield from rows
            if len(found) < _AT_ONCE or not rows:
                return
            start = rows[-1].index + 1

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        """Read rows `[start, stop)` in order, as `service.ports.Store` does."""
        for row in self._rows_between(start, stop):
            yield Row(commitment=row.commitment, salt=row.salt, envelope=row.envelope)

    def tile(self, level: int, number: int) -> bytes | None:
        """Read a full hash tile; nothing where it is unreadable or not there."""
        found = self._try("read_tile", {"level": level, "number": number})
        return _bytes(found[0][0]) if found else None

    def sealed(self, digest: bytes) -> SealedPart | None:
        """Read a sealed part; nothing where it is unreadable or erased."""
        found = self._try("read_sealed", {"digest": digest})
        if not found:
            return None
        salt, data = (_bytes(value) for value in found[0])
        return SealedPart(salt=salt or b"", data=data or b"")

    def faults(self) -> Iterator[str]:
        """Say what is wrong with the file apart from its entries and tiles."""
        yield from self._loose_values()
        with contextlib.suppress(apsw.Error):
            self._db.pragma("checksum_verification", 1)
        try:
            told = [str(row[0]) for row in self._db.execute("PRAGMA integrity_check")]
        except apsw.Error as error:
            yield f"A page of the file is not what was written into it ({error})."
        else:
            yield from (f"SQLite finds: {line}." for line in told if line != _SOUND)
        finally:
            with contextlib.suppress(apsw.Error):
                self._db.pragma("checksum_verification", 0)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _rows_between(self, start: int, stop: int) -> Iterator[AuditRow]:
        """Read rows; where a page cannot be read, those on the other pages."""
        if start >= stop:
            return
        try:
            yield from _audit_rows(
                self._run("read_entries", {"start": start, "stop": stop})
            )
        except apsw.Error:
            if stop - start > 1:
                middle = (start + stop) // 2
                yield from self._rows_between(start, middle)
                yield from self._rows_between(middle, stop)

    def _loose_values(self) -> Iterator[str]:
        """Hold what is not log against its own digests."""
        for key, value, digest in self._try("all_local"):
            whole = (
                str(key).encode("utf-8", "replace") + b"\x00" + (_bytes(value) or b"")
            )
            if hashlib.sha256(whole).digest() != digest:
                yield f"The local value {key!r} is not what was written."
        for name, digest, generation in self._try("all_snapshots"):
            parts = self._try("read_snapshot_parts", {"generation": generation})
            whole = b"".join(_bytes(part[0]) or b"" for part in parts)
            if hashlib.sha256(whole).digest() != digest:
                yield f"The snapshot {name!r} is not what was written; it is not used."

    def _try(self, name: str, values: _Values | None = None) -> list[_Found]:
        try:
            return self._run(name, values)
        except apsw.Error:
            return []

    def _run(self, name: str, values: _Values | None = None) -> list[_Found]:
        return self._db.execute(_SQL[name], values or {}).fetchall()


def _audit_rows(found: list[_Found]) -> Iterator[AuditRow]:
    for index, commitment, salt, envelope in found:
        if isinstance(index, int) and isinstance(commitment, bytes):
            yield AuditRow(
                index=index,
                commitment=commitment,
                salt=_bytes(salt),
                envelope=_bytes(envelope),
            )


def _bytes(value: object) -> bytes | None:
    return value if isinstance(value, bytes) else None
