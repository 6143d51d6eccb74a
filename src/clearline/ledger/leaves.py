"""Read the leaves of a log from every place they stand in, and grow its tree.

    row: commitment ---.
    row: salt+envelope --> three copies of one leaf hash --> a tree for each reading
    tile ---------------'

A full tile's worth of leaves is taken at a time. Where the copies of a leaf are
not all alike, that is kept as a dispute; a signed root settles it later.
"""

from collections.abc import Callable, Sequence
from enum import Enum

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


class Reading(Enum):
    """Name which of a leaf's copies a tree is grown over."""

    AS_STORED = "the commitment, always"
    TIES_TO_STORED = "what two of three say, else the commitment"
    TIES_TO_OTHERS = "what two of three say, else the content or the tile"
    AS_TILED = "the tile, always, and the commitment where there is none"


class Lead(Enum):
    """Name which copy of a leaf two of three speak for."""

    STORED = "stored"
    OTHERS = "others"
    NOBODY = "nobody"


class Dispute(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a stretch of leaves, `[start, end)`, whose copies are not all alike.

    Attributes:
        is_missing: There is no stored commitment.
        content_differs: The content leads to another commitment.
        tile_differs: The tile holds another leaf hash than the commitment's.
        others_differ: Content and tile are both there and differ as well.
        lead: Which copy two of three speak for.
    """

    start: int
    end: int
    is_missing: bool
    content_differs: bool
    tile_differs: bool
    others_differ: bool
    lead: Lead

    def stored_holds(self, reading: Reading) -> bool:
        """Say whether the commitment is right, if a reading's root is."""
        if reading is Reading.AS_TILED:
            return not self.tile_differs
        if reading is Reading.AS_STORED or self.lead is Lead.STORED:
            return True
        return self.lead is Lead.NOBODY and reading is Reading.TIES_TO_STORED


class Leaf(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold the copies of one leaf hash; `None` for one that is not to be had.

    Attributes:
        stored: From the commitment.
        derived: From the content the commitment was made from.
        tiled: From the tile.
    """

    stored: bytes | None
    derived: bytes | None
    tiled: bytes | None

    def lead(self) -> Lead:
        """Say which copy two of three speak for."""
        if self.stored is not None and self.stored in (self.derived, self.tiled):
            return Lead.STORED
        if self.derived is not None and self.derived == self.tiled:
            return Lead.OTHERS
        return Lead.NOBODY

    def read(self, reading: Reading) -> bytes | None:
        """Return the leaf hash as a reading has it."""
        others = self.derived or self.tiled
        if reading is Reading.AS_STORED:
            return self.stored
        if reading is Reading.AS_TILED:
            return self.tiled or self.stored
        lead = self.lead()
        if lead is Lead.STORED or self.stored is None:
            return self.stored or others
        if lead is Lead.NOBODY and reading is Reading.TIES_TO_STORED:
            return self.stored
        return others or self.stored

    def dispute(self, index: int) -> Dispute | None:
        """Say how the copies differ; nothing where they do not."""
        stored, derived, tiled = self.stored, self.derived, self.tiled
        found = Dispute(
            start=index,
            end=index + 1,
            is_missing=stored is None,
            content_differs=_differ(stored, derived),
            tile_differs=_differ(stored, tiled),
            others_differ=_differ(derived, tiled),
            lead=self.lead(),
        )
        is_one = found.is_missing or found.content_differs or found.tile_differs
        return found if is_one else None


class Tree:
    """Grow one tree over one reading of the leaves, as far as it is whole."""

    def __init__(self, reading: Reading, marks: set[int]) -> None:
        self.reading = reading
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
        self.trees = tuple(Tree(reading, marks) for reading in Reading)
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

        A size that is a lie costs nothing: where no tile helps, all trees are
        broken off and the rest is jumped over.
        """
        while self.size < size:
            is_pointless = not any(tree.is_whole for tree in self.trees)
            if is_pointless and not self._stored and size - self._start >= TILE_WIDTH:
                jump = (size - self._start) // TILE_WIDTH * TILE_WIDTH
                self._dispute_missing(self._start, self._start + jump)
                self._start += jump
            else:
                self.put(None, None)

    def settle(self) -> None:
        """Take in what was put in last, against the tile it was copied to."""
        count = len(self._stored)
        tiled = self._tile() if count == TILE_WIDTH else [None] * count
        leaves = [
            Leaf(stored=stored, derived=derived, tiled=tile)
            for stored, derived, tile in zip(
                self._stored, self._derived, tiled, strict=True
            )
        ]
        for tree in self.trees:
            tree.grow([leaf.read(tree.reading) for leaf in leaves])
        for index, leaf in enumerate(leaves, self._start):
            dispute = leaf.dispute(index)
            if dispute is not None:
                self._add(dispute)
        self._start += count
        self._stored, self._derived = [], []

    def root_as_stored(self) -> bytes | None:
        """Return the root over the stored commitments, if none is missing."""
        return self.trees[0].root()

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

    def _dispute_missing(self, start: int, end: int) -> None:
        nothing = Leaf(stored=None, derived=None, tiled=None)
        dispute = nothing.dispute(start)
        if dispute is not None:
            self._add(msgspec.structs.replace(dispute, end=end))

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


def _differ(one: bytes | None, other: bytes | None) -> bool:
    return one is not None and other is not None and one != other
