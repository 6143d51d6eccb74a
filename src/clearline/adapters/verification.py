"""Verify whatever somebody holds of a log: a folder, a file, an export, a receipt.

| what lies there | what is looked at |
|---|---|
| a node's data folder | all entries, tiles, head; high water; both key files; pages |
| a ledger.sqlite | all entries, tiles, head; pages |
| a written-out folder | all bundles, tiles, head; disclosed contents; the key file |
| a receipt | that one entry, its way to the head |

Nothing is changed, and a key from outside is what makes the result worth having:
whoever could rewrite a folder could also have put a key of their own into it.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from clearline.adapters.data_folder import DataFolder
from clearline.adapters.high_water import HighWaterFile
from clearline.adapters.keys import VERIFIER_FILE, check_key, has_key, load_verifier
from clearline.adapters.sqlite import LEDGER_FILE
from clearline.adapters.sqlite_copy import SqliteCopy
from clearline.adapters.static_copy import (
    CHECKPOINT_FILE,
    FileFault,
    StaticCopy,
)
from clearline.ledger.audit import audit
from clearline.ledger.checkpoint import Checkpoint, open_checkpoint
from clearline.ledger.keys import VerifierKey
from clearline.ledger.receipt import KeyMissing, Proven, verify_receipt
from clearline.ledger.report import Report
from clearline.ledger.tiles import subtree_of_tiles
from clearline.ledger.tree import frontier_of
from clearline.model.errors import BadInput, ClearlineError, LostCertainty
from clearline.service.log_stored import recover, tiles_below
from clearline.service.ports import StoreRefused

Kind = Literal["data folder", "ledger file", "written-out log", "receipt"]
Progress = Callable[[int, int], None]

KEY_FROM_INSIDE = (
    "No key was given, so the one lying beside the log was used: this shows damage, "
    "not a log rewritten together with its key. Compare the key aloud with its owner."
)
"""What has to be said where the key came from the same place as the log."""

_SQLITE = b"SQLite format 3\x00"


class NothingToVerify(BadInput):
    """Refuse a path that holds nothing of a log."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a verification has found.

    Attributes:
        kind: What lay there.
        path: Where.
        key: The key it was verified with; the first, where there are several.
        origin: The log's name; empty where it cannot be read.
        size: Entries in the log, or in the log a receipt leads to.
        root: Its root, 32 bytes; `None` where it cannot be had.
        report: The walk over all entries; `None` for a receipt or where the
            file cannot be opened at all.
        proven: What a receipt has proven.
        files: What is wrong with files.
        caveats: Sentences about what this does not show.
    """

    kind: Kind
    path: str
    key: VerifierKey | None
    origin: str
    size: int
    root: bytes | None
    report: Report | None = None
    proven: Proven | None = None
    files: tuple[FileFault, ...] = ()
    caveats: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Say whether nothing is wrong."""
        return not self.files and (self.report is None or self.report.ok)

    @property
    def first_bad(self) -> int | None:
        """Return the first entry that is, or may be, touched; `None` for none."""
        touched = [fault.start for fault in self.files if fault.start < fault.end]
        if self.report is not None and self.report.first_bad is not None:
            touched.append(self.report.first_bad.start)
        return min(touched, default=None)


def verify_path(
    path: Path,
    *,
    keys: Sequence[VerifierKey] = (),
    seen: bytes | None = None,
    progress: Progress | None = None,
) -> Verdict:
    """Verify what lies at a path.

    Args:
        path: A data folder, a ledger file, a written-out folder or a receipt.
        keys: The log's keys, from outside; without them, one lying beside the
            log is taken, except for a receipt.
        seen: A checkpoint of the log that was seen before, a note.
        progress: Hears how many entries are done, and of how many.

    Raises:
        NothingToVerify: There is nothing of a log.
        KeyMissing: A key is needed and there is none.
        BadInput: What was given is malformed, or of another log.
        LostCertainty: A receipt does not hold, or the checkpoint seen before is
            signed by nobody we were given.
        StoreRefused: The disk refused.
    """
    kind = kind_of(path)
    if kind == "receipt":
        return _verify_receipt(path, keys, seen)
    inside = _key_inside(path, kind)
    trusted = tuple(keys) or _believed_inside(inside)
    try:
        copy = _open(path, kind)
    except LostCertainty as error:
        return _unreadable(path, kind, trusted, error)
    try:
        report = audit(
            copy.audit_rows(),
            checkpoint=copy.checkpoint(),
            keys=trusted,
            seen=seen,
            find_tile=copy.tile,
            find_sealed=copy.sealed if isinstance(copy, SqliteCopy) else None,
            progress=progress,
        )
        files = [*_faults_of(copy), *_faults_beside(path, kind, copy, trusted, inside)]
    finally:
        copy.close()
    caveats = report.caveats if keys else (*report.caveats, KEY_FROM_INSIDE)
    return Verdict(
        kind=kind,
        path=str(path),
        key=trusted[0],
        origin=report.origin,
        size=report.size,
        root=report.root,
        report=report,
        files=tuple(files),
        caveats=caveats,
    )


def kind_of(path: Path) -> Kind:
    """Say what of a log lies at a path.

    Raises:
        NothingToVerify: Nothing of a log does.
    """
    if path.is_dir():
        if (path / CHECKPOINT_FILE).exists():
            return "written-out log"
        if DataFolder(path=path).has_log:
            return "data folder"
    elif path.is_file():
        with path.open("rb") as file:
            head = file.read(len(_SQLITE))
        if head == _SQLITE or path.name == LEDGER_FILE:
            return "ledger file"
        if head.lstrip().startswith(b"{"):
            return "receipt"
    raise NothingToVerify(
        f"{path} holds nothing of a log."
        if path.exists()
        else f"There is nothing at {path}.",
        state="Nothing was verified.",
        next="Name a node's data folder, its ledger.sqlite, a folder written by "
        "`clearline ledger export`, or a receipt.",
    )


def _open(path: Path, kind: Kind) -> SqliteCopy | StaticCopy:
    if kind == "written-out log":
        return StaticCopy(path)
    return SqliteCopy(DataFolder(path=path).ledger if kind == "data folder" else path)


def _verify_receipt(
    path: Path, keys: Sequence[VerifierKey], seen: bytes | None
) -> Verdict:
    proven = verify_receipt(path.read_bytes(), keys)
    head = proven.checkpoint
    files: list[FileFault] = []
    caveats = [f"This is about entry {proven.index} alone, not about the whole log."]
    if seen is not None:
        before = open_checkpoint(seen, keys)
        if before.origin != head.origin or before.size != head.size:
            caveats.append(
                f"The checkpoint seen before, at size {before.size}, cannot be "
                f"compared with one receipt, at size {head.size}."
            )
        elif before.root != head.root:
            what = f"Another checkpoint was signed at size {head.size}. Keep both."
            files.append(FileFault(file=path.name, what=what, end=head.size))
    return Verdict(
        kind="receipt",
        path=str(path),
        key=keys[0],
        origin=head.origin,
        size=head.size,
        root=head.root,
        proven=proven,
        files=tuple(files),
        caveats=tuple(caveats),
    )


def _unreadable(
    path: Path, kind: Kind, keys: tuple[VerifierKey, ...], error: LostCertainty
) -> Verdict:
    """Say that a file cannot be opened, and how many entries that may touch."""
    folder = DataFolder(path=path if kind == "data folder" else path.parent)
    head, faults = _high_water(folder, keys)
    lost = 0 if head is None else head.size
    opened = FileFault(file=LEDGER_FILE, what=error.what, end=lost)
    bound = (
        f"By the high-water file up to {lost} entries are touched."
        if head is not None
        else "How many entries are touched cannot be said."
    )
    return Verdict(
        kind=kind,
        path=str(path),
        key=keys[0] if keys else None,
        origin="" if head is None else head.origin,
        size=0,
        root=None,
        files=(opened, *faults),
        caveats=(bound,),
    )


def _faults_of(copy: SqliteCopy | StaticCopy) -> Iterator[FileFault]:
    if isinstance(copy, StaticCopy):
        yield from copy.faults()
        return
    for what in copy.faults():
        yield FileFault(file=copy.path.name, what=what)


def _faults_beside(
    path: Path,
    kind: Kind,
    copy: SqliteCopy | StaticCopy,
    keys: tuple[VerifierKey, ...],
    inside: Path | None,
) -> Iterator[FileFault]:
    """Look at the files beside the log."""
    if kind == "data folder":
        folder = DataFolder(path=path)
        yield from _key_files(folder)
        if isinstance(copy, SqliteCopy):
            yield from _behind_high_water(folder, copy, keys)
    elif inside is not None and inside.exists():
        yield from _public_key_file(inside, keys)


def _key_files(folder: DataFolder) -> Iterator[FileFault]:
    """Look at both key files; a copy may well lack the private one."""
    try:
        if has_key(folder.keys):
            check_key(folder.keys, is_ours=False)
        elif folder.verifier.exists():
            load_verifier(folder.verifier)
    except StoreRefused:
        return  # whoever verifies may well not be allowed to read the private key
    except ClearlineError as error:
        yield FileFault(file="keys", what=error.what)


def _public_key_file(path: Path, keys: tuple[VerifierKey, ...]) -> Iterator[FileFault]:
    try:
        if load_verifier(path) in keys:
            return
        what = "It is not the key this was verified with."
    except ClearlineError as error:
        what = error.what
    yield FileFault(file=path.name, what=what)


def _behind_high_water(
    folder: DataFolder, copy: SqliteCopy, keys: tuple[VerifierKey, ...]
) -> Iterator[FileFault]:
    """Hold the log against the checkpoint kept apart from it."""
    high, faults = _high_water(folder, keys)
    yield from faults
    if high is None:
        return
    size = copy.size()
    if high.size > size:
        what = f"{high.size} entries were acknowledged; the log ends at {size}."
        yield FileFault(file=LEDGER_FILE, what=what, start=size, end=high.size)
        return
    try:
        found = recover(copy, keys[0], copy.checkpoint())
        edge = None if found is None else found[0]
    except ClearlineError:
        return  # the walk over the entries has said so, and where
    if edge is None:
        return
    subtree = subtree_of_tiles(edge.size, tiles_below(edge, copy))
    if frontier_of(high.size, subtree).root() != high.root:
        what = "The entries are not those whose checkpoint was kept apart."
        yield FileFault(file=LEDGER_FILE, what=what, end=high.size)


def _high_water(
    folder: DataFolder, keys: tuple[VerifierKey, ...]
) -> tuple[Checkpoint | None, list[FileFault]]:
    name = folder.high_water.name
    kept = HighWaterFile(folder.high_water)
    try:
        note = kept.read()
        if note is None:
            return None, [FileFault(file=name, what="The file is missing.")]
        high = open_checkpoint(note, keys)
    except ClearlineError as error:
        return None, [FileFault(file=name, what=error.what)]
    if kept.damage is None:
        return high, []
    what = f"{kept.damage} No entry is touched; starting the node renews it."
    return high, [FileFault(file=name, what=what)]


def _key_inside(path: Path, kind: Kind) -> Path | None:
    """Return where a key lies beside the log, if one may."""
    if kind == "data folder":
        return DataFolder(path=path).verifier
    if kind == "written-out log":
        return path / VERIFIER_FILE
    return DataFolder(path=path.parent).verifier


def _believed_inside(path: Path | None) -> tuple[VerifierKey, ...]:
    if path is None or not path.exists():
        raise KeyMissing(
            "No key was given, and none lies beside the log.",
            state="Nothing was verified.",
            next="Get the log's verifier key from its owner and give it with --key.",
        )
    return (load_verifier(path),)
