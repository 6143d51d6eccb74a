"""Open the SQLite file a log lies in: to write it, or only to look.

The file carries `application_id` "CLRL" and in `user_version` the number of the
newest migration it has seen; `sql/ledger_NNNN.sql` are the migrations, in order.
Where SQLite's checksum layer is at hand, each page carries a checksum
(https://www.sqlite.org/cksumvfs.html), so that a flipped bit is found when read.
"""

import contextlib
import os
import threading
from importlib import resources
from pathlib import Path

import apsw
from apsw import sqlite_extra

from clearline.adapters.files import PRIVATE, refusals
from clearline.adapters.queries import script
from clearline.adapters.sqlite_faults import damaged, named
from clearline.model.errors import BadInput, BrokenPromise

APPLICATION_ID = 0x434C524C
"""What marks a SQLite file as ours: "CLRL"."""

OLDEST_SQLITE = (3, 51, 3)
"""Oldest SQLite we trust; before it, a reset of the journal could lose a commit."""

PATIENCE_MS = 1_000
"""How long to wait for another program's lock, milliseconds."""

CHECKSUM_VFS = "cksmvfs"
"""SQLite's layer that checks a checksum on each page."""

_CHECKSUM_BYTES = 8
_RESERVED_AT = 20
_HEADER_BYTES = 100
_loading = threading.Lock()


class SqliteTooOld(BrokenPromise):
    """Refuse to keep a log with a SQLite that is known to lose commits."""


class NotALedger(BadInput):
    """Refuse a file that is not a log of ours."""


class NewerLedger(BadInput):
    """Refuse a log written by a newer release."""


class JournalUnreadable(BadInput):
    """Refuse to look at a journal where its index cannot be built."""


class ChecksumsUnavailable(BrokenPromise):
    """Refuse to write a file whose page checksums we could not keep right."""


def open_to_write(
    path: Path, *, vfs: str | None, page_checksums: bool
) -> tuple[apsw.Connection, bool]:
    """Open a log's file for its writer, making or migrating it if needed.

    Args:
        path: Where it lies, or is to lie; the folder is there.
        vfs: SQLite's file layer; `None` for the system's own.
        page_checksums: Whether a new file gets a checksum on each page.

    Returns:
        The connection, and whether its pages carry checksums.

    Raises:
        SqliteTooOld: This SQLite is known to lose commits.
        NotALedger: The file is something else.
        NewerLedger: A newer release wrote it.
        ChecksumsUnavailable: Its pages carry checksums we could not keep.
        StoreRefused: The disk refused.
        LedgerDamaged: The file is no sound SQLite file.
    """
    require_sqlite()
    with named(f"opening {path}", "Nothing was opened."):
        is_new = _is_empty(path)
        has_checksums = page_checksums if is_new else _has_checksums(path)
        if vfs is None and has_checksums:
            vfs = checksum_vfs()
            if vfs is None and not is_new:
                raise _no_checksums(path)
            has_checksums = vfs is not None
        if is_new:
            _make_private(path)
        db = apsw.Connection(str(path), vfs=vfs)
        try:
            _prepare(db, path, with_checksums=is_new and has_checksums)
        except BaseException:
            db.close()
            raise
    return db, has_checksums


def open_to_read(path: Path) -> apsw.Connection:
    """Open a log's file to look at it; only its journal's index may be rebuilt.

    Page checksums are not enforced, so that sound rows of a damaged page can
    still be read and told from others; `verify` asks for them separately.

    Raises:
        NotALedger: The file is something else.
        NewerLedger: A newer release wrote it.
        JournalUnreadable: Its journal needs an index, and the disk takes no writes.
        StoreRefused: The disk refused.
        LedgerDamaged: The file is no sound SQLite file.
    """
    require_sqlite()
    checksum_vfs()
    journal = path.with_name(f"{path.name}-wal")
    with named(f"opening {path}", "Nothing was changed."):
        if not journal.exists():
            return _look(path, "&immutable=1")
        try:
            return _look(path, "")
        except apsw.CantOpenError as error:
            if journal.stat().st_size:
                raise _journal_unreadable(path) from error
            return _look(path, "&immutable=1")


def open_to_copy(path: Path, source: Path) -> apsw.Connection:
    """Open an empty file that the pages of another are copied into, one by one.

    Pages that still lie in the source's journal have no checksum yet; it is worked
    out as they are written here. The layer does so once it has seen a first page that
    asks for it, and a copy larger than the cache writes other pages before that one:
    so the first page is written before anything is copied.
    """
    checksum_vfs()
    db = apsw.Connection(str(path))
    if _has_checksums(source):
        db.reserve_bytes(reserve=_CHECKSUM_BYTES)
        db.pragma("user_version", 1)
    return db


def checksum_vfs() -> str | None:
    """Load SQLite's checksum layer once; answer its name, or nothing."""
    with _loading:
        if CHECKSUM_VFS not in apsw.vfs_names():
            if sqlite_extra.has("cksumvfs") != "extension":
                return None
            db = apsw.Connection(":memory:")
            sqlite_extra.load(db, "cksumvfs")
            db.close()
    return CHECKSUM_VFS


def require_sqlite() -> None:
    """Refuse a SQLite older than `OLDEST_SQLITE`.

    Raises:
        SqliteTooOld: It is older.
    """
    version = apsw.sqlite_lib_version()
    if tuple(int(part) for part in version.split(".")) < OLDEST_SQLITE:
        raise SqliteTooOld(
            f"SQLite {version} can lose a commit when its journal is reset.",
            state="Nothing was opened.",
            next="Install an apsw that brings SQLite 3.51.3 or newer.",
        )


def newest_version() -> int:
    """Return the number of the newest migration this release knows."""
    return len(_migrations())


def _look(path: Path, how: str) -> apsw.Connection:
    db = apsw.Connection(
        f"file:{_quoted(path)}?mode=ro{how}",
        flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI,
    )
    try:
        db.set_busy_timeout(PATIENCE_MS)
        db.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        with contextlib.suppress(apsw.IOError):
            # Of a damaged first page nothing is believed; `verify` tells.
            _require_ours(db, path)
        db.pragma("checksum_verification", 0)
    except BaseException:
        db.close()
        raise
    return db


def _prepare(db: apsw.Connection, path: Path, *, with_checksums: bool) -> None:
    db.set_busy_timeout(PATIENCE_MS)
    db.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
    _require_ours(db, path)
    if with_checksums:
        db.reserve_bytes(reserve=_CHECKSUM_BYTES)
    db.pragma("secure_delete", 1)
    if db.pragma("journal_mode", "wal") != "wal":
        raise damaged(f"The file {path} cannot be kept with a write-ahead journal.")
    db.pragma("synchronous", 2)
    db.pragma("fullfsync", 1)
    db.pragma("trusted_schema", 0)
    _migrate(db)


def _require_ours(db: apsw.Connection, path: Path) -> None:
    version, mark = db.pragma("user_version"), db.pragma("application_id")
    is_blank = (
        version == mark == 0
        and not db.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
    )
    if mark != APPLICATION_ID and not is_blank:
        raise NotALedger(
            f"{path} is a SQLite file, but not a log of ours.",
            state="Nothing was changed.",
            next="Name the data folder of a node, or its ledger.sqlite.",
        )
    if version > newest_version():
        raise NewerLedger(
            f"{path} has format {version}; this release knows {newest_version()}.",
            state="Nothing was changed.",
            next="Use a release at least as new as the one that wrote it.",
        )


def _migrate(db: apsw.Connection) -> None:
    """Bring the file to the newest format, each step whole or not at all."""
    for number, name in enumerate(_migrations(), start=1):
        if db.pragma("user_version") < number:
            db.execute("BEGIN IMMEDIATE")
            try:
                db.execute(script(name))
                db.pragma("application_id", APPLICATION_ID)
                db.pragma("user_version", number)
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise


def _migrations() -> list[str]:
    folder = resources.files("clearline.adapters").joinpath("sql")
    names = (item.name for item in folder.iterdir())
    return sorted(
        name.removesuffix(".sql") for name in names if name.startswith("ledger_")
    )


def _is_empty(path: Path) -> bool:
    return not path.exists() or path.stat().st_size == 0


def _has_checksums(path: Path) -> bool:
    """Read from the file's header whether its pages carry checksums.

    Byte 20 counts the bytes kept free at the end of each page
    (https://www.sqlite.org/fileformat2.html, section 1.3.4).
    """
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    return header[_RESERVED_AT : _RESERVED_AT + 1] == bytes((_CHECKSUM_BYTES,))


def _make_private(path: Path) -> None:
    with refusals(f"making {path}", "Nothing was opened."):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE))
        path.chmod(PRIVATE)


def _quoted(path: Path) -> str:
    return (
        str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    )


def _no_checksums(path: Path) -> ChecksumsUnavailable:
    return ChecksumsUnavailable(
        f"The pages of {path} carry checksums, and this SQLite cannot keep them.",
        state="Nothing was opened; writing without them would spoil the file.",
        next="Install the apsw wheel that brings cksumvfs, as the lock file says.",
    )


def _journal_unreadable(path: Path) -> JournalUnreadable:
    return JournalUnreadable(
        f"{path} has a journal, and here no index can be built to read it.",
        state="Nothing was changed; without its journal the log would look shorter.",
        next="Copy the whole folder to a disk that takes writes, and look there.",
    )
