"""Walk over a whole log, and say what is wrong with it and where.

    rows  -->  contents: signature, header, evidence, sealed parts   (content.py)
      |
      '---->  leaves --> root at the checkpoint's size == the signed root?
               |   |
               |   '---> root at the size seen before  == the root seen before?
               '-------> stored tiles, 256 leaves at a time

A leaf can be had from three places: the commitment as it is stored, the content
it was made from, and the tile it was copied into. A tree is grown over what is
stored, and over what two of the three speak for; the tree whose root was signed
settles which copy is damaged. Where none fits, all that is said is between which
indices the damage lies.

The walk never stops at the first bad entry. It is pure: rows, tiles and sealed
parts are handed in.
"""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from clearline.ledger.checkpoint import (
    Checkpoint,
    open_checkpoint,
    parse_checkpoint,
)
from clearline.ledger.content import Contents, FindSealed
from clearline.ledger.envelope import SALT_BYTES, commitment
from clearline.ledger.header import HeaderMalformed, realm_of
from clearline.ledger.keys import VerifierKey
from clearline.ledger.leaves import Dispute, FindTile, Lead, Leaves, Reading, Tree
from clearline.ledger.note import unchecked_text
from clearline.ledger.report import ABSENT_END, Fault, Findings, Report
from clearline.ledger.tiles import TILE_HEIGHT, TILE_WIDTH, FullTile, split_tile
from clearline.ledger.tree import HASH_BYTES, hash_leaf
from clearline.model.entries import Realm
from clearline.model.errors import BadInput, ClearlineError

Progress = Callable[[int, int], None]
"""Hear how many entries are done, and of how many."""

MAX_GAP = 1_000_000
"""Most rows believed missing in one place where no checkpoint says the size."""


class SeenElsewhere(BadInput):
    """Refuse to compare a log with a checkpoint of another log."""


class AuditRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one row of a log as it is stored.

    Attributes:
        index: The entry's index, from 0.
        commitment: The entry's data, 32 bytes.
        salt: 32 bytes; `None` where the content is not disclosed here.
        envelope: The signed bytes; `None` likewise.
    """

    index: int
    commitment: bytes
    salt: bytes | None
    envelope: bytes | None


def audit(  # noqa: PLR0913 (each is another thing that is looked at)
    rows: Iterable[AuditRow],
    *,
    checkpoint: bytes | None,
    keys: Iterable[VerifierKey],
    seen: bytes | None = None,
    find_tile: FindTile | None = None,
    find_sealed: FindSealed | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check a whole log and report; raise only over what was asked wrongly.

    Args:
        rows: All rows, by rising index.
        checkpoint: The log's newest checkpoint as a signed note; `None` where
            there is none, which is a problem of its own.
        keys: The log's verifier keys, from elsewhere: the one it signs with and
            older ones where it changed keys.
        seen: A checkpoint of the same log that was seen before.
        find_tile: Where the log's full tiles lie; `None` where it keeps none.
        find_sealed: Where its sealed parts lie; `None` where nobody may look.
        progress: Hears of every 256 entries that are done.

    Raises:
        SeenElsewhere: `seen` is of another log than `checkpoint`.
        ClearlineError: `seen` is no checkpoint, or no given key has signed it.
    """
    trusted = tuple(keys)
    findings = Findings()
    head = _Head(checkpoint, trusted, findings)
    before = None if seen is None else _open_seen(seen, trusted, head.origin)
    contents = Contents(
        keys=[key for key in trusted if key.name == head.origin] or trusted,
        realm=_realm_of(head.origin),
        find_sealed_part=find_sealed,
        findings=findings,
    )
    marks = {head.size} if before is None else {head.size, before.size}
    leaves = Leaves(find_tile, marks, findings)
    walk = _Walk(head, leaves, contents, findings, progress)
    for row in rows:
        walk.take(row)
    walk.finish(before)
    erased = contents.finish()
    first_bad = findings.first_bad()
    return Report(
        ok=first_bad is None and not findings.left_out,
        origin=head.origin,
        size=walk.size,
        root=leaves.root_as_stored(),
        checkpoint=head.signed,
        first_bad=first_bad,
        problems=findings.problems(),
        left_out=findings.left_out,
        erased=erased,
        realms=contents.realms,
        undisclosed=contents.undisclosed,
        evidence_checked=contents.evidence_checked,
        evidence_unchecked=contents.evidence_unchecked,
        caveats=(_end_caveat(before), *contents.caveats()),
    )


class _Head:
    """Hold what a log's checkpoint says, and whether anybody signed it.

    Even where nobody has, what it claims helps to find out where damage lies.
    """

    def __init__(
        self, note: bytes | None, keys: Sequence[VerifierKey], findings: Findings
    ) -> None:
        self.signed: Checkpoint | None = None
        self.claimed: Checkpoint | None = None
        self.fault = ""
        self._findings = findings
        if note is None:
            self.fault = "The log has no checkpoint."
            return
        try:
            self.claimed = parse_checkpoint(unchecked_text(note))
            self.signed = open_checkpoint(note, keys)
        except ClearlineError as error:
            self.fault = error.what

    @property
    def origin(self) -> str:
        return "" if self.claimed is None else self.claimed.origin

    @property
    def size(self) -> int:
        return 0 if self.claimed is None else self.claimed.size

    def end_after(self, size: int) -> int:
        """Return below which index the row after `size` others has to stand."""
        if self.claimed is None:
            return size + MAX_GAP
        return max(self.claimed.size, size + 1)


class _Walk:
    """Take rows in, keep them in order, and settle what the roots decide."""

    def __init__(
        self,
        head: _Head,
        leaves: Leaves,
        contents: Contents,
        findings: Findings,
        progress: Progress | None,
    ) -> None:
        self._head = head
        self._leaves = leaves
        self._contents = contents
        self._findings = findings
        self._progress = progress
        self.size = 0

    def take(self, row: AuditRow) -> None:
        """Take the next row in; one out of its place is said and left aside."""
        if not self.size <= row.index < self._head.end_after(self.size):
            what = f"A row with index {row.index} stands where {self.size} should."
            self._findings.add(Fault.ROW_ORDER, self.size, self.size + 1, what)
            return
        if row.index > self.size:
            self._contents.pass_over_missing()
            self._leaves.skip_to(row.index)
        self.size = row.index + 1
        self._leaves.put(*self._read(row))
        if self._progress is not None and not self.size % TILE_WIDTH:
            self._progress(self.size, max(self.size, self._head.size))

    def finish(self, before: Checkpoint | None) -> None:
        """Settle everything the whole log decides."""
        rows = self.size
        self._leaves.skip_to(self._head.size)
        self._leaves.settle()
        self.size = self._leaves.size
        if self._progress is not None:
            self._progress(self.size, self.size)
        tree = self._settled_tree()
        for dispute in self._leaves.disputes:
            self._tell(dispute, tree)
        self._check_upper_tiles(tree)
        sound = 0 if before is None else self._check_seen(before, tree)
        self._check_head(rows, tree, sound)

    def _read(self, row: AuditRow) -> tuple[bytes, bytes | None]:
        """Read a row's leaf from its commitment and from its content."""
        index, stored = row.index, hash_leaf(row.commitment)
        if len(row.commitment) != HASH_BYTES:
            what = f"The commitment is {len(row.commitment)} bytes long, not 32."
            self._findings.add(Fault.COMMITMENT, index, index + 1, what)
        if row.envelope is None and row.salt is None:
            self._contents.pass_over()
            return stored, None
        if row.envelope is None or row.salt is None or len(row.salt) != SALT_BYTES:
            what = "The row holds an envelope without its salt, or a salt alone."
            self._findings.add(Fault.ROW_HALF, index, index + 1, what)
        if row.envelope is None:
            self._contents.pass_over_missing()
            return stored, None
        self._contents.take(index, row.envelope)
        if row.salt is None or len(row.salt) != SALT_BYTES:
            return stored, None
        return stored, hash_leaf(commitment(row.salt, row.envelope))

    def _settled_tree(self) -> Tree | None:
        """Return the tree whose root is the checkpoint's, if there is one."""
        claimed, leaves = self._head.claimed, self._leaves
        if claimed is None:
            return None
        for tree in leaves.trees:
            if tree.roots.get(claimed.size) == claimed.root:
                return tree
        return None

    def _tell(self, dispute: Dispute, tree: Tree | None) -> None:
        """Say of one dispute which copy is damaged, as far as the root settles it."""
        holds = tree is not None and dispute.stored_holds(tree.reading)
        span = (dispute.start, dispute.end)
        if dispute.is_missing:
            what = f"The row with index {dispute.start} is not there."
            self._findings.add(Fault.ROW_MISSING, *span, what)
        elif tree is None:
            what = f"The copies of leaf {dispute.start} differ; no root settles it."
            self._findings.add(Fault.DISAGREEMENT, *span, what)
        elif not holds:
            was = "row" if dispute.lead is Lead.STORED else "commitment"
            what = f"The {was} of entry {dispute.start} was changed."
            self._findings.add(Fault.COMMITMENT, *span, what)
        elif dispute.content_differs:
            what = f"The content of entry {dispute.start} was changed, or its salt."
            self._findings.add(Fault.CONTENT, *span, what)
        if tree is not None and _is_tile_wrong(dispute, tree.reading, holds=holds):
            what = f"The tile over entry {dispute.start} was changed."
            self._findings.add(Fault.TILE, *span, what)

    def _check_upper_tiles(self, tree: Tree | None) -> None:
        """Compare the tiles above level 0 with those of the tree that holds."""
        for computed in (tree or self._leaves.trees[0]).upper:
            stored = self._leaves.stored_tile(computed.level, computed.number)
            if stored is not None and stored != computed.hashes:
                self._tell_tile(computed, stored, is_settled=tree is not None)

    def _tell_tile(
        self, computed: FullTile, stored: bytes, *, is_settled: bool
    ) -> None:
        below = 1 << (computed.level * TILE_HEIGHT)
        start = computed.number * TILE_WIDTH * below
        tile = f"The tile {computed.number} of level {computed.level}"
        fault = Fault.TILE if is_settled else Fault.DISAGREEMENT
        what = f"{tile} {'was changed' if is_settled else 'and the rows differ'}."
        if len(stored) != len(computed.hashes):
            self._findings.add(fault, start, start + TILE_WIDTH * below, what)
            return
        right = split_tile(computed.hashes, TILE_WIDTH)
        for at, node in enumerate(split_tile(stored, TILE_WIDTH)):
            if node != right[at]:
                first = start + at * below
                self._findings.add(fault, first, first + below, what)

    def _check_seen(self, before: Checkpoint, tree: Tree | None) -> int:
        """Compare the log with a checkpoint seen before.

        Returns:
            How many of the first entries are proven to be those seen before.
        """
        if before.size > self.size:
            what = (
                f"A checkpoint over {before.size} entries was seen before; "
                f"the log ends at {self.size}."
            )
            self._findings.add(Fault.ROW_MISSING, self.size, before.size, what)
        roots = [one.roots.get(before.size) for one in self._leaves.trees]
        is_sound = before.root in roots
        is_settled = tree is not None and before.size in tree.roots
        signed = self._head.signed
        has_twin = signed is not None and signed.size == before.size
        if (has_twin and signed != before) or (is_settled and not is_sound):
            what = (
                f"The first {before.size} entries are not those of the checkpoint "
                "seen before. Both are signed: keep both."
            )
            self._findings.add(Fault.SEEN, 0, before.size, what)
        return before.size if is_sound else 0

    def _check_head(self, rows: int, tree: Tree | None, sound: int) -> None:
        """Compare the log with its checkpoint; its first `sound` entries hold."""
        head = self._head
        if head.fault:
            self._findings.add(Fault.CHECKPOINT, 0, self.size, head.fault)
        if head.claimed is None:
            return
        if rows > head.size:
            what = f"The checkpoint covers only the first {head.size} entries."
            self._findings.add(Fault.NOT_COVERED, head.size, rows, what)
        if tree is None:
            what = (
                "The entries do not lead to the checkpoint's root, and nothing "
                "here settles which of them are wrong."
            )
            start = sound if sound < head.size else 0
            self._findings.add(Fault.ROOT, start, head.size, what)


def _is_tile_wrong(dispute: Dispute, reading: Reading, *, holds: bool) -> bool:
    """Say whether the tile is wrong, if a reading's root is right."""
    if holds:
        return dispute.tile_differs
    return dispute.others_differ and reading is not Reading.AS_TILED


def _open_seen(seen: bytes, keys: Sequence[VerifierKey], origin: str) -> Checkpoint:
    before = open_checkpoint(seen, keys)
    if origin and before.origin != origin:
        raise SeenElsewhere(
            f"The checkpoint seen before is of {before.origin}, the log is {origin}.",
            state="Nothing was compared.",
            next="Give a checkpoint of the same log.",
        )
    return before


def _realm_of(origin: str) -> Realm | None:
    try:
        return realm_of(origin)
    except HeaderMalformed:
        return None


def _end_caveat(before: Checkpoint | None) -> str:
    if before is None:
        return ABSENT_END
    return f"An absent end cannot be excluded beyond entry {before.size}."
