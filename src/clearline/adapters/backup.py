"""Copy a data folder while its node runs, and hold a copy against itself.

    TO.part/    copied aside --> verified --> fsync --> renamed to TO
    TO/         a data folder like any other, and backup.json beside it

| part | how it is copied |
|---|---|
| `ledger.sqlite`, `local.sqlite` | SQLite's own backup in one step: one moment |
| `high-water` | written anew from the copied ledger, so never ahead of it |
| `keys/`, `tls/`, `links/`, `layers/`, settings | as they lie there |
| `attachments/` | after the ledger, so that none it names is missing |
| `own/` | the node's own log: the same, a moment later |

What stops in the middle leaves `TO.part`, which the next backup clears away; `TO` is
there whole and verified, or not at all. A reader holds one moment of the log open
while it is copied; the node goes on writing meanwhile.
"""

import contextlib
import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import apsw
import msgspec

from clearline.adapters.attachments import FOLDER as ATTACHMENTS
from clearline.adapters.attachments import kept_in
from clearline.adapters.data_folder import DataFolder
from clearline.adapters.fence import AlreadyRunning, Fence
from clearline.adapters.files import (
    PRIVATE,
    PRIVATE_FOLDER,
    SYSTEM_DISK,
    make_private_folder,
    refusals,
    write_whole,
)
from clearline.adapters.high_water import HighWaterFile
from clearline.adapters.local import LOCAL_FILE
from clearline.adapters.settings import SETTINGS_FILE
from clearline.adapters.sqlite_copy import SqliteCopy
from clearline.adapters.sqlite_faults import named
from clearline.adapters.sqlite_file import open_to_copy, open_to_read
from clearline.adapters.verification import verify_path
from clearline.model.errors import BadInput, LostCertainty
from clearline.model.instants import Instant

MANIFEST: Final = "backup.json"
FORMAT: Final = 1
OWN: Final = "own"
"""Where a node's own log lies (`service.own`)."""

_FOLDERS: Final = ("keys", "tls", "links", "layers")
_STATE: Final = "Nothing stands where the backup was to be; the node is untouched."

Progress = Callable[[int, int], None]


class BackupThere(BadInput):
    """Refuse to write a backup over something that is there."""


class NotABackup(BadInput):
    """Refuse a folder that is no backup of a node, or not of this release."""


class BackupUnsound(LostCertainty):
    """Stop, because a copy is not what was signed, or not what was written."""


class CopiedFile(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a file of a backup was when it was written."""

    length: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Say what a backup holds.

    Attributes:
        size: Entries of the log it holds.
        root: Root of the tree at that size, hex.
        files: By their path in the folder; the manifest itself is not among them.
    """

    format: int
    origin: str
    size: int
    root: str
    made_at: Instant
    files: dict[str, CopiedFile]


def back_up(
    data: Path, to: Path, *, now: Instant, progress: Progress | None = None
) -> Manifest:
    """Copy a data folder to `to`, which is not there yet; verified when it returns.

    Args:
        data: The data folder; its node may be running.
        to: The folder to make.
        now: The wall clock's time, for the manifest.
        progress: Hears how many entries are verified, and of how many.

    Raises:
        BackupThere: Something is there already.
        BackupUnsound: What was copied is not what was signed.
        StoreRefused: The disk refused.
    """
    if to.exists() or to.is_symlink():
        raise BackupThere(
            f"{to} is there already.",
            state="Nothing was written.",
            next="Name a folder that is not there yet; each backup has its own.",
        )
    aside = to.with_name(f"{to.name}.part")
    with refusals(f"writing {aside}", _STATE):
        shutil.rmtree(aside, ignore_errors=True)
        to.parent.mkdir(parents=True, exist_ok=True)
    make_private_folder(aside)
    try:
        with _stays_as_it_runs(data):
            _copy(data, aside)
        manifest = _verified(aside, now, progress)
        with refusals(f"writing {to}", _STATE):
            for path in sorted(aside.rglob("*")):
                sync = SYSTEM_DISK.sync_folder if path.is_dir() else SYSTEM_DISK.sync
                sync(path)
            SYSTEM_DISK.sync_folder(aside)
            SYSTEM_DISK.rename(aside, to)
            SYSTEM_DISK.sync_folder(to.parent)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return manifest


def check_backup(path: Path, progress: Progress | None = None) -> Manifest:
    """Hold a backup against its manifest, and its log against its signatures.

    Raises:
        NotABackup: It is none, or a later release wrote it.
        BackupUnsound: A file is missing or changed, or the log does not verify.
        StoreRefused: The disk refused.
    """
    try:
        content = (path / MANIFEST).read_bytes()
        manifest = msgspec.json.decode(content, type=Manifest)
    except (OSError, msgspec.DecodeError) as error:
        raise _no_backup(path, str(error)) from error
    if manifest.format != FORMAT:
        raise _no_backup(path, f"its format is {manifest.format}")
    for name, wanted in manifest.files.items():
        file = path / name
        if ".." in Path(name).parts or Path(name).is_absolute() or file.is_symlink():
            raise _no_backup(path, f"it names {name!r}")
        if not file.is_file() or _measured(file) != wanted:
            raise _unsound(path, f"{name} is missing, or not what was written")
    verdict = verify_path(path, progress=progress)
    if not verdict.ok or (verdict.origin, verdict.size) != (
        manifest.origin,
        manifest.size,
    ):
        raise _unsound(path, "its log does not verify")
    return manifest


@contextlib.contextmanager
def _stays_as_it_runs(data: Path) -> Iterator[None]:
    """Keep a node from starting while its files are copied, where none runs."""
    fence = None
    with contextlib.suppress(AlreadyRunning):
        fence = Fence(data)
    try:
        yield
    finally:
        if fence is not None:
            fence.let_go()


def _copy(data: Path, aside: Path) -> None:
    source, made = DataFolder(path=data), DataFolder(path=aside)
    with refusals(f"copying {data}", _STATE):
        for name in _FOLDERS:
            if (data / name).is_dir():
                shutil.copytree(data / name, aside / name)
                (aside / name).chmod(PRIVATE_FOLDER)
        if (data / SETTINGS_FILE).exists():
            shutil.copy(data / SETTINGS_FILE, aside / SETTINGS_FILE)
    if (data / LOCAL_FILE).exists():
        _copy_database(data / LOCAL_FILE, aside / LOCAL_FILE)
    _copy_database(source.ledger, made.ledger)
    copy = SqliteCopy(made.ledger)
    try:
        checkpoint = copy.checkpoint()
    finally:
        copy.close()
    if checkpoint is not None:
        HighWaterFile(made.high_water).keep(checkpoint)
    if (data / ATTACHMENTS).is_dir():
        make_private_folder(aside / ATTACHMENTS)
        with refusals(f"copying {data / ATTACHMENTS}", _STATE):
            for path in kept_in(data):
                shutil.copy(path, aside / ATTACHMENTS / path.name)
    if DataFolder(path=data / OWN).has_log:
        make_private_folder(aside / OWN)
        _copy(data / OWN, aside / OWN)


def _copy_database(source: Path, made: Path) -> None:
    """Copy a database as it stands at one moment, page by page, checksums and all."""
    with refusals(f"making {made}", _STATE):
        made.touch(mode=PRIVATE)
    with named(f"copying {source}", _STATE):
        reading = (
            apsw.Connection(str(source), flags=apsw.SQLITE_OPEN_READWRITE)
            if source.name == LOCAL_FILE
            else open_to_read(source)
        )
        try:
            writing = open_to_copy(made, source)
            try:
                with writing.backup("main", reading, "main") as backup:
                    backup.step(-1)
            finally:
                writing.close()
        finally:
            reading.close()


def _verified(aside: Path, now: Instant, progress: Progress | None) -> Manifest:
    verdict = verify_path(aside, progress=progress)
    if not verdict.ok or verdict.root is None or verdict.origin is None:
        raise _unsound(aside, "its log does not verify")
    own = aside / OWN
    if own.is_dir() and not verify_path(own).ok:
        raise _unsound(own, "the node's own log does not verify")
    with refusals(f"reading {aside}", _STATE):
        for left in ("-wal", "-shm"):  # of looking at it
            for path in aside.rglob(f"*{left}"):
                path.unlink()
        files = {
            str(path.relative_to(aside)): _measured(path)
            for path in sorted(aside.rglob("*"))
            if path.is_file()
        }
    manifest = Manifest(
        format=FORMAT,
        origin=verdict.origin,
        size=verdict.size,
        root=verdict.root.hex(),
        made_at=now,
        files=files,
    )
    content = msgspec.json.format(msgspec.json.encode(manifest))
    write_whole(aside / MANIFEST, content, mode=PRIVATE)
    return manifest


def _measured(path: Path) -> CopiedFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return CopiedFile(length=path.stat().st_size, sha256=digest)


def _no_backup(path: Path, why: str) -> NotABackup:
    return NotABackup(
        f"{path} is no backup that can be read: {why}.",
        state="Nothing was changed.",
        next="Give the folder that `clearline backup` made.",
    )


def _unsound(path: Path, why: str) -> BackupUnsound:
    return BackupUnsound(
        f"The backup at {path} cannot be relied on: {why}.",
        state="Nothing was put in place; the node's own folder is untouched.",
        next="Look with `clearline verify`, and take another backup.",
    )
