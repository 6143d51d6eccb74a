r"""Write a log out as plain files anyone can fetch, and read such a folder.

    DIR/checkpoint                 the signed head, written last
    DIR/log.vkey                   the key it is verified with; compare it aloud
    DIR/tile/0/000 ...             hash tiles        (C2SP tlog-tiles)
    DIR/tile/entries/000 ...       entry bundles: 32-byte commitments
    DIR/content/000.jsonl ...      what may be disclosed, one entry a line:
    {"index":5,"salt":"<base64>","envelope":"{\"payload\":...}"}

Without `content` the folder shows that a log exists, how long it is and that it
only grows, and not one word of what it says. Sealed parts are never written out.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from clearline.adapters.files import refusals, write_whole
from clearline.adapters.keys import VERIFIER_FILE
from clearline.adapters.sqlite_copy import SqliteCopy
from clearline.ledger.audit import AuditRow
from clearline.ledger.checkpoint import (
    Checkpoint,
    open_checkpoint,
    parse_checkpoint,
)
from clearline.ledger.keys import VerifierKey
from clearline.ledger.note import unchecked_text
from clearline.ledger.text64 import NotBase64, decode64, encode64
from clearline.ledger.tiles import (
    TILE_WIDTH,
    Edge,
    TileMalformed,
    TileName,
    bundles_of,
    grow,
    parse_bundle,
    split_tile,
    subtree_of_tiles,
    tiles_of,
    write_bundle,
)
from clearline.ledger.tree import HASH_BYTES, frontier_of, hash_leaf
from clearline.model.errors import BadInput, ClearlineError, LostCertainty
from clearline.service.log_stored import recover, tiles_below
from clearline.service.ports import Row

CHECKPOINT_FILE = "checkpoint"
"""Name of the signed head in a written-out log."""

CONTENT_FOLDER = "content"
"""Name of the folder of disclosed entries."""

Progress = Callable[[int, int], None]
Discloses = Callable[[int], bool]


class OtherLogThere(BadInput):
    """Refuse to write a log into a folder that holds another."""


class CannotExport(LostCertainty):
    """Refuse to write out a log that is not whole."""


class FileFault(msgspec.Struct, frozen=True, kw_only=True):
    """Say what is wrong with a file, and which entries it may touch.

    Attributes:
        file: Its path, below what is looked at.
        what: A sentence.
        start: First entry it may touch.
        end: First entry it no longer touches; equal to `start` if it touches none.
    """

    file: str
    what: str
    start: int = 0
    end: int = 0


class _Content(msgspec.Struct, frozen=True, kw_only=True):
    index: int
    salt: str
    envelope: str


def write_static(
    source: SqliteCopy,
    folder: Path,
    *,
    key: VerifierKey,
    discloses: Discloses,
    progress: Progress | None = None,
) -> Checkpoint:
    """Write a log out; a folder that holds an earlier state of it is brought up.

    Args:
        source: The log.
        folder: Where to; made if need be.
        key: The log's key.
        discloses: Says of an index whether the entry's content is written.
        progress: Hears how many bundles are done, and of how many.

    Raises:
        OtherLogThere: The folder holds another log, or something else.
        CannotExport: An entry is not the one in the tree.
        LostCertainty: The log is not the one its head was signed for.
        StoreRefused: The disk refused.
    """
    note = source.checkpoint()
    found = recover(source, key, note)
    if found is None:
        raise _nothing_to_write()
    edge, note = found
    head = open_checkpoint(note, [key])
    _require_same_log(folder, key, source, edge)
    _put(folder / VERIFIER_FILE, f"{key}\n".encode())
    tile = tiles_below(edge, source)
    for name in tiles_of(head.size):
        _put(folder / name.path, tile(name))
    done = 0
    for name in bundles_of(head.size):
        first = name.number * TILE_WIDTH
        rows = list(source.rows(first, first + name.width))
        leaves = b"".join(hash_leaf(row.commitment) for row in rows)
        level0 = TileName(level=0, number=name.number, width=name.width)
        if leaves != tile(level0):
            raise _not_whole(first, first + name.width)
        _put(folder / name.path, write_bundle([row.commitment for row in rows]))
        _put_content(folder, name, rows, discloses)
        done += name.width
        if progress is not None:
            progress(done, head.size)
    _put(folder / CHECKPOINT_FILE, note)
    return head


class StaticCopy:
    """Look at a log that was written out."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; nothing is read yet."""
        self.path = folder
        self._faults: list[FileFault] = []
        self._edge: Edge | None = None

    def checkpoint(self) -> bytes | None:
        """Return the signed head; nothing where there is none."""
        return _read(self.path / CHECKPOINT_FILE)

    def size(self) -> int:
        """Return the size the head states; 0 where it cannot be read."""
        try:
            return parse_checkpoint(unchecked_text(self.checkpoint() or b"")).size
        except ClearlineError:
            return 0

    def audit_rows(self) -> Iterator[AuditRow]:
        """Read every row that can be read, by rising index."""
        edge: Edge | None = Edge()
        for name in bundles_of(self.size()):
            first = name.number * TILE_WIDTH
            contents = self._contents(name)
            try:
                entries = parse_bundle(_read(self.path / name.path) or b"", name.width)
                leaves = [*map(hash_leaf, entries)]
            except TileMalformed as error:
                self._fault(name.path, error.what, first, first + name.width)
                entries, leaves = (), self._tiled(name)
            for index, data in enumerate(entries, first):
                salt, envelope = contents.get(index, (None, None))
                yield AuditRow(
                    index=index, commitment=data, salt=salt, envelope=envelope
                )
            edge = grow(edge, leaves)[0] if edge is not None and leaves else None
        self._edge = edge

    def tile(self, level: int, number: int) -> bytes | None:
        """Read a full hash tile; nothing where it is not there."""
        return _read(self.path / TileName(level=level, number=number).path)

    def faults(self) -> Iterator[FileFault]:
        """Say what is wrong with files beside entries and full tiles.

        To be asked after `audit_rows` was walked over.
        """
        yield from self._faults
        for name in tiles_of(self.size()):
            if name.width < TILE_WIDTH:
                yield from self._partial_faults(name)

    def close(self) -> None:
        """Let go of nothing: files are closed when read."""

    def _tiled(self, name: TileName) -> list[bytes]:
        """Read the leaves of a spoiled bundle from the tile above it."""
        level0 = TileName(level=0, number=name.number, width=name.width)
        try:
            return [*split_tile(_read(self.path / level0.path) or b"", name.width)]
        except TileMalformed:
            return []

    def _partial_faults(self, name: TileName) -> Iterator[FileFault]:
        """Hold a partial tile, hash by hash, against what the entries give."""
        level = name.level or 0
        span = TILE_WIDTH**level
        first = name.number * TILE_WIDTH
        stored = _read(self.path / name.path)
        wrong = list(range(name.width))
        if stored is None:
            what = "The partial tile is missing."
        elif self._edge is None:
            return  # an entry is missing, which was said; nothing settles the rest
        elif len(stored) == name.width * HASH_BYTES:
            what = "The partial tile was changed, or an entry below it."
            pairs = zip(
                split_tile(stored, name.width),
                split_tile(self._edge.open[level], name.width),
                strict=True,
            )
            wrong = [at for at, (one, other) in enumerate(pairs) if one != other]
        else:
            what = f"The partial tile does not hold {name.width} hashes."
        if wrong:
            yield FileFault(
                file=name.path,
                what=what,
                start=(first + min(wrong)) * span,
                end=(first + max(wrong) + 1) * span,
            )

    def _contents(self, name: TileName) -> dict[int, tuple[bytes, bytes]]:
        """Read the contents disclosed beside one bundle."""
        path = content_path(name.number)
        whole = _read(self.path / path)
        first = name.number * TILE_WIDTH
        found: dict[int, tuple[bytes, bytes]] = {}
        for line in (whole or b"").splitlines(keepends=True):
            try:
                content = msgspec.json.decode(line, type=_Content)
                salt = decode64(content.salt)
                is_as_written = msgspec.json.encode(content) + b"\n" == line
            except (msgspec.MsgspecError, UnicodeDecodeError, NotBase64):
                is_as_written = False
            if not is_as_written or content.index in found:
                what = f"Line {len(found) + 1} is not what was written."
                self._fault(path, what, first, first + name.width)
                continue
            found[content.index] = (salt, content.envelope.encode())
        for index in sorted(found):
            if not first <= index < first + name.width:
                what = f"It holds entry {index}, which belongs elsewhere."
                self._fault(path, what, first, first + name.width)
        return found

    def _fault(self, file: str, what: str, start: int, end: int) -> None:
        self._faults.append(FileFault(file=file, what=what, start=start, end=end))


def content_path(number: int) -> str:
    """Return the path of the disclosed entries beside a bundle."""
    bundle = TileName(level=None, number=number).path
    return f"{CONTENT_FOLDER}/{bundle.removeprefix('tile/entries/')}.jsonl"


def _put_content(
    folder: Path, name: TileName, rows: list[Row], discloses: Discloses
) -> None:
    lines = [
        msgspec.json.encode(
            _Content(
                index=index, salt=encode64(row.salt), envelope=row.envelope.decode()
            )
        )
        for index, row in enumerate(rows, name.number * TILE_WIDTH)
        if row.salt is not None and row.envelope is not None and discloses(index)
    ]
    if lines:
        _put(folder / content_path(name.number), b"\n".join([*lines, b""]))


def _put(path: Path, data: bytes) -> None:
    """Write a file unless it is there already, byte for byte."""
    if _read(path) == data:
        return
    with refusals(f"making {path.parent}", "The export is not whole; do it again."):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, data)


def _read(path: Path) -> bytes | None:
    with refusals(f"reading {path}", "Nothing was changed."):
        return path.read_bytes() if path.is_file() else None


def _require_same_log(
    folder: Path, key: VerifierKey, source: SqliteCopy, edge: Edge
) -> None:
    """Refuse a folder that holds anything but an earlier state of this log."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if _read(folder / VERIFIER_FILE) != f"{key}\n".encode():
        raise _other_log(folder)
    note = _read(folder / CHECKPOINT_FILE)
    if note is None:
        return
    try:
        head = open_checkpoint(note, [key])
        subtree = subtree_of_tiles(edge.size, tiles_below(edge, source))
        is_same = frontier_of(head.size, subtree).root() == head.root
    except ClearlineError as error:
        raise _other_log(folder) from error
    if not is_same:
        raise _other_log(folder)


def _other_log(folder: Path) -> OtherLogThere:
    return OtherLogThere(
        f"{folder} is not empty, and holds no earlier state of this log.",
        state="Nothing was written.",
        next="Name a new folder, or one this log was written out to before.",
    )


def _nothing_to_write() -> BadInput:
    return BadInput(
        "The file holds no log yet.",
        state="Nothing was written.",
        next="Start the node once; then its log has begun.",
    )


def _not_whole(start: int, end: int) -> CannotExport:
    return CannotExport(
        f"The entries {start} to {end - 1} are not those in the tree.",
        state="The export was stopped; its checkpoint was not written.",
        next="Run `clearline verify` on the folder and bring the log back first.",
    )
