"""Read the leaves of a log from every place they stand in, and grow its tree.

    row: commitment ---.
    row: salt+envelope --> three readings of one leaf hash --> two trees
    tile ---------------'       as stored | as two of three say

A full tile's worth of leaves is taken at a time. Where the readings of a leaf are
not all alike, that is kept as a dispute; a signed root settles it later.
"""

from collections.abc import Callable, Sequence

import msgspec

from clearline.ledger.report import Fault, Findings
from clearline.ledger.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    Edge,
    FullTile,
    TileMalformed,
    grow,
    split_tile,
)
from clearline.ledger.tree import EMPTY_ROOT

FindTile = Callable[[int, int], bytes | None]
"""Answer the stored full tile of a level and number, or nothing."""

MAX_DISPUTES = 10_000
"""Most stretches of leaves whose copies differ that are kept to be settled."""


class Dispute(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a stretch of leaves, `[start, end)`, whose copies are not all alike.

    Attributes:
        is_missing: There is no stored commitment.
        content_differs: The content leads to another commitment.
        tile_differs: The tile holds another leaf hash than the commitment's.
        tile_is_outvoted: So does the reading two of three speak for.
        stored_is_outvoted: That reading is not the stored commitment.
    """

    start: int
    end: int
    is_missing: bool
    content_differs: bool
    tile_differs: bool
    tile_is_outvoted: bool
    stored_is_outvoted: bool


class Tree:
    """Grow one tree over one reading of the leaves, as far as it is whole."""

    def __init__(self, marks: set[int]) -> None:
        self._marks = marks
        self._edge: Edge | None = Edge()
        self.upper: list[FullTile] = []
        self.roots: dict[int, bytes] = {0: EMPTY_ROOT}

    @property
    def is_whole(self) -> bool:
        """Say whether every leaf so far was to be had."""
        return self._edge is not None

    def break_off(self) -> None:
        """Note that a leaf is missing: no later root can be had."""
        self._edge = None

    def root(self) -> bytes | None:
        """Return the root over all leaves so far, if every one was to be had."""
        return None if self._edge is None else self._edge.root()

    def grow(self, leaves: Sequence[bytes | None]) -> None:
        """Put leaves on the right, keeping the root at every mark passed."""
        if self._edge is None:
            return
        known = [leaf for leaf in leaves if leaf is not None]
        start, whole = self._edge.size, len(known) == len(leaves)
        if not whole:
            known = known[: leaves.index(None)]
        done = 0
        for mark in sorted(m for m in self._marks if start < m <= start + len(known)):
            self._grow(known[done : mark - start])
            self.roots[mark] = self._edge.root()
            done = mark - start
        self._grow(known[done:])
        if not whole:
            self.break_off()

    def _grow(self, leaves: Sequence[bytes]) -> None:
        if self._edge is not None and leaves:
            self._edge, full = grow(self._edge, leaves)
            self.upper.extend(tile for tile in full if tile.level > 0)


class Leaves:
    """Read every leaf from the places it stands in, a full tile's worth at a time."""

    def __init__(
        self, find_tile: FindTile | None, marks: set[int], findings: Findings
    ) -> None:
        self._find_tile = find_tile
        self._findings = findings
        self._start = 0
        self._stored: list[bytes | None] = []
        self._derived: list[bytes | None] = []
        self.as_stored = Tree(marks)
        self.as_voted = Tree(marks)
        self.disputes: list[Dispute] = []

    @property
    def size(self) -> int:
        """Return how many leaves were put in so far."""
        return self._start + len(self._stored)

    def put(self, stored: bytes | None, derived: bytes | None) -> None:
        """Put one leaf in: its hash from the commitment, and from the content."""
        self._stored.append(stored)
        self._derived.append(derived)
        if len(self._stored) == TILE_WIDTH:
            self.settle()

    def skip_to(self, size: int) -> None:
        """Put leaves in of which only tiles may know, up to `size` of them.

        A size that is a lie costs nothing: where no tile helps, both trees are
        broken off and the rest is jumped over.
        """
        while self.size < size:
            is_pointless = not self.as_voted.is_whole and not self._stored
            if is_pointless and size - self._start >= TILE_WIDTH:
                jump = (size - self._start) // TILE_WIDTH * TILE_WIDTH
                self._dispute_missing(self._start, self._start + jump)
                self._start += jump
            else:
                self.put(None, None)

    def settle(self) -> None:
        """Take in what was put in last, against the tile it was copied to."""
        count = len(self._stored)
        tiled = self._tile() if count == TILE_WIDTH else [None] * count
        leaves = list(zip(self._stored, self._derived, tiled, strict=True))
        voted = [_vote(*leaf) for leaf in leaves]
        self.as_stored.grow(self._stored)
        self.as_voted.grow(voted)
        for at, (leaf, vote) in enumerate(zip(leaves, voted, strict=True)):
            if leaf[0] is None or leaf[1] != leaf[0] or leaf[2] != leaf[0]:
                self._dispute(self._start + at, leaf, vote)
        self._start += count
        self._stored, self._derived = [], []

    def root_as_stored(self) -> bytes | None:
        """Return the root over the stored commitments, if none is missing."""
        return self.as_stored.root()

    def stored_tile(self, level: int, number: int) -> bytes | None:
        """Read a full tile that has to be there; say so where it is not."""
        if self._find_tile is None:
            return None
        tile = self._find_tile(level, number)
        if tile is not None:
            return tile
        span = 1 << ((level + 1) * TILE_HEIGHT)
        self._findings.add(
            Fault.TILE_MISSING,
            number * span,
            (number + 1) * span,
            f"The full tile {number} of level {level} is not there.",
        )
        return None

    def _tile(self) -> list[bytes | None]:
        number = self._start // TILE_WIDTH
        nothing: list[bytes | None] = [None] * TILE_WIDTH
        tile = self.stored_tile(0, number)
        if tile is None:
            return nothing
        try:
            return list(split_tile(tile, TILE_WIDTH))
        except TileMalformed as error:
            end = self._start + TILE_WIDTH
            self._findings.add(Fault.TILE, self._start, end, error.what)
            return nothing

    def _dispute(
        self,
        index: int,
        leaf: tuple[bytes | None, bytes | None, bytes | None],
        vote: bytes | None,
    ) -> None:
        stored, derived, tiled = leaf
        dispute = Dispute(
            start=index,
            end=index + 1,
            is_missing=stored is None,
            content_differs=derived is not None and derived != stored,
            tile_differs=tiled is not None and tiled != stored,
            tile_is_outvoted=tiled is not None and tiled != vote,
            stored_is_outvoted=vote != stored,
        )
        if dispute.is_missing or dispute.content_differs or dispute.tile_differs:
            self._add(dispute)

    def _dispute_missing(self, start: int, end: int) -> None:
        self._add(
            Dispute(
                start=start,
                end=end,
                is_missing=True,
                content_differs=False,
                tile_differs=False,
                tile_is_outvoted=False,
                stored_is_outvoted=False,
            )
        )

    def _add(self, dispute: Dispute) -> None:
        """Keep a dispute, joined to the one before where they are alike."""
        last = self.disputes[-1] if self.disputes else None
        if last is not None and last.end == dispute.start:
            joined = msgspec.structs.replace(dispute, start=last.start)
            if joined == msgspec.structs.replace(last, end=dispute.end):
                self.disputes[-1] = joined
                return
        if len(self.disputes) < MAX_DISPUTES:
            self.disputes.append(dispute)
        else:
            self._findings.left_out += 1


def _vote(
    stored: bytes | None, derived: bytes | None, tiled: bytes | None
) -> bytes | None:
    """Return the leaf hash most of the copies speak for.

    Where only two copies are there and differ, it is the one that is not
    stored: the tree over what is stored is grown anyway.
    """
    if stored is not None and stored in (derived, tiled):
        return stored
    return derived or tiled or stored
