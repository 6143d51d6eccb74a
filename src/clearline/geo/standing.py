"""Keep what stands, packed and indexed, and find what meets it.

    file      rows go to those of a withdrawn extent of the same shape, or to the end
              of the pools, and into the index
    withdraw  out of the index at once; its rows wait for the next of that shape
    tidy      a pool that is full and half of whose rows wait is closed up instead of
              made longer: what comes and goes for years takes no more room than
              twice the most that ever stood together
    meet      the index proposes, `geo.kernels.judge` decides; one row for each pair
              of extents, however many of their pieces meet

An extent is known by the number it was given; a withdrawn one's is given again.
Readers may run beside each other (each with a `Desk` of its own), not beside a writer.
"""

import math
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from clearline.geo.certify import certify
from clearline.geo.codes import APART, CLOSE, NEAR
from clearline.geo.ellipsoid import lean
from clearline.geo.index import ENTRY, Grid, Index, enter, leave, look
from clearline.geo.kernels import PIECE, bands_meet, judge, judge_pairs, windows_meet
from clearline.geo.packing import Packed

MEETING: Final = np.dtype(
    [
        ("asked", "i4"),  # number of the extent asked about, as packed
        ("extent", "i4"),  # number of the one that stands
        ("code", "i8"),  # of the gravest pair of pieces: `graver`
        ("separation_m", "f8"),  # least of any pair of pieces
    ]
)

_ROOM: Final = 256
_MOST_ROOM: Final = 1 << 16
_NEARBY_M: Final = 8_192.0
_NEARBY_US: Final = 4 * 3_600_000_000

Shape = tuple[int, int, int]
"""How many pieces, vertices and clocks an extent has."""


class Desk(NamedTuple):
    """Hold what one reader writes on while it looks."""

    entry: NDArray[np.void]
    found: NDArray[np.int32]
    seen: NDArray[np.int32]


class Standing:
    """Hold the extents that stand.

    Attributes:
        index: Which pieces may meet what.
        pool: Pieces, vertices and clocks; rows of withdrawn extents among them.
        rows: (e, 6) int32: first row and rows in pieces, vertices, clocks.
    """

    def __init__(self, *, cell_m: float = 4_096.0, room: int = 1_024) -> None:
        """Start with nothing; `cell_m` and `room` (in pieces) as for `Index`."""
        self.index = Index(cell_m=cell_m, room=room)
        self.pool = Packed(
            pieces=np.zeros(room, PIECE),
            vertices=np.empty((2 * room, 3), np.float64),
            clocks=np.empty((1, 2), np.int64),
        )
        self.rows = np.zeros((room, 6), np.int32)
        self._ends: Shape = (0, 0, 0)
        self._numbers = 0
        self._is_live = np.zeros(room, np.bool_)
        self._live = 0
        self._spare: dict[Shape, list[int]] = {}
        self._spare_rows = [0, 0, 0, 0]  # of each pool, and numbers
        self._bare: list[int] = []  # numbers without rows, to be given again

    def __len__(self) -> int:
        """Count the extents that stand."""
        return self._live

    @property
    def nbytes(self) -> int:
        """Count the bytes in use, those of spare rows included."""
        used = zip(self.pool, self._ends, strict=True)
        return (
            sum(array[:end].nbytes for array, end in used)
            + self.rows[: self._numbers].nbytes
            + self.index.nbytes
        )

    def file(self, packed: Packed) -> int:
        """File one extent and return its number; one nowhere located has no pieces."""
        shape = (len(packed.pieces), len(packed.vertices), len(packed.clocks))
        number = self._rows_for(shape)
        first, entered = _put(number, self.rows, *self.index.grid, *self.pool, *packed)
        if entered < first + shape[0]:
            self.index.enter(self.pool.pieces, entered, first + shape[0])
        self._is_live[number] = True
        self._live += 1
        return number

    def _rows_for(self, shape: Shape) -> int:
        """Give a number with rows of a shape: a withdrawn one's, or new ones."""
        spare = self._spare.get(shape)
        if spare:
            self._note_spare(shape, -1)
            return spare.pop()
        if not self._has_room(shape):
            self._make_room(shape, 0 if self._bare else 1)
        number = self._bare.pop() if self._bare else self._numbers
        self.rows[number] = (
            self._ends[0], shape[0], self._ends[1], shape[1], self._ends[2], shape[2],
        )  # fmt: skip
        self._advance(shape, int(number == self._numbers))
        return number

    def file_all(self, packed: Packed, extents: int) -> range:
        """File extents packed together, numbered from 0, and return their numbers.

        Far quicker than one by one. Rows of each extent lie together, in order.
        """
        shape = (len(packed.pieces), len(packed.vertices), len(packed.clocks))
        self._make_room(shape, extents)
        first, (piece, vertex, clock) = self._numbers, self._ends
        if shape[0]:
            _copy(self.pool, packed, piece, vertex, clock, first)
        stop = first + extents
        self.rows[first:stop] = _rows_of(packed, extents) + np.array(
            [piece, 0, vertex, 0, clock, 0], np.int32
        )
        self._advance(shape, extents)
        self.index.enter(self.pool.pieces, piece, piece + shape[0])
        self._is_live[first:stop] = True
        self._live += extents
        return range(first, stop)

    def withdraw(self, number: int) -> None:
        """Take an extent out."""
        shape = _take_out(number, self.rows, self.pool.pieces, *self.index.grid)
        self._spare.setdefault(shape, []).append(number)
        self._note_spare(shape, 1)
        self._is_live[number] = False
        self._live -= 1

    def numbers(self) -> NDArray[np.int64]:
        """Return the numbers of what stands, ascending."""
        return np.flatnonzero(self._is_live[: self._numbers])

    def copy(self) -> tuple[Packed, int]:
        """Return everything that stands, numbered from 0 in order, and how many.

        What `file_all` takes: a snapshot of this is read back in a second or two.
        """
        numbers = self.numbers()
        packed, rows = self._gathered(numbers)
        packed.pieces["extent"] = np.repeat(np.arange(len(numbers)), rows[:, 1])
        return packed, len(numbers)

    def packed(self, number: int) -> Packed:
        """Return the rows of one extent, as `pack` would give them, numbered 0."""
        piece, pieces, vertex, vertices, clock, clocks = map(int, self.rows[number])
        own = self.pool.pieces[piece : piece + pieces].copy()
        own["first"] -= vertex
        own["clock"][own["clock"] >= 0] -= clock
        own["extent"] = 0
        return Packed(
            pieces=own,
            vertices=self.pool.vertices[vertex : vertex + vertices],
            clocks=self.pool.clocks[clock : clock + clocks],
        )

    def desk(self) -> Desk:
        """Set a desk for one reader; good until something is filed."""
        return Desk(
            entry=np.zeros(1, ENTRY),
            found=np.empty(self.index.grid.slots.size + 1, np.int32),
            seen=np.zeros(len(self.rows), np.int32),
        )

    def meet(self, asked: Packed, desk: Desk | None = None) -> NDArray[np.void]:
        """Find every pair of an extent asked about and one that stands that meet.

        Args:
            asked: Packed extents; the pieces of each lie together.
            desk: What to write on; one's own where several threads read.

        Returns:
            (m,) MEETING, in the order asked about, none of them `CLOSE`: what lay
            within centimetres of a limit was decided by `geo.certify`.
        """
        desk = desk or self.desk()
        arrays = (*self.index.grid, *self.pool, *asked, *desk)
        parts: list[NDArray[np.void]] = []
        room, at = min(_MOST_ROOM, _ROOM * len(asked.pieces)), 0
        while at < len(asked.pieces):
            some = _meetings(room)
            count, at_next, is_close = _meet(at, some, *arrays)
            if at_next == at:
                room *= 4
                continue
            found = some[:count]
            parts.append(self._certified(asked, found) if is_close else found)
            at = at_next
        return parts[0] if len(parts) == 1 else np.concatenate([_meetings(0), *parts])

    def _certified(self, asked: Packed, meetings: NDArray[np.void]) -> NDArray[np.void]:
        """Decide the pairs that were too close to a limit for the judge."""
        for at in np.flatnonzero(meetings["code"] & CLOSE):
            row = meetings[at]
            own = asked.pieces["extent"] == row["asked"]
            plan = asked._replace(pieces=asked.pieces[own])
            row["code"], row["separation_m"] = certain(
                plan, self.packed(int(row["extent"]))
            )
        met: NDArray[np.void] = meetings[meetings["code"] != APART]
        return met

    def _has_room(self, shape: Shape) -> bool:
        """Say whether one extent more fits without a look at every pool."""
        piece, vertex, clock = self._ends
        return (
            piece + shape[0] <= len(self.pool.pieces)
            and vertex + shape[1] <= len(self.pool.vertices)
            and clock + shape[2] <= len(self.pool.clocks)
            and self._numbers < len(self.rows)
        )

    def _make_room(self, shape: Shape, numbers: int) -> None:
        """Make room for so many rows; close the pools up rather than let them grow."""
        arrays: tuple[NDArray[Any], ...] = (*self.pool, self.rows)
        ends = (*self._ends, self._numbers)
        needed = (*shape, numbers)
        if any(
            end + more > len(array) and 2 * spare >= end > 0
            for array, end, more, spare in zip(
                arrays, ends, needed, self._spare_rows, strict=True
            )
        ):
            self._tidy()
        grown = []
        for array, end, more in zip(self.pool, self._ends, shape, strict=True):
            grown.append(_grown(array, end, more))
        self.pool = Packed(*grown)
        self.rows = _grown(self.rows, self._numbers, numbers)
        longer = len(self.rows) - len(self._is_live)
        if longer:
            self._is_live = np.append(self._is_live, np.zeros(longer, np.bool_))

    def _tidy(self) -> None:
        """Close up the rows of what stands; numbers stay, and so does the index."""
        numbers = self.numbers()
        old_rows, _ = _closed(self.rows[numbers, 0], self.rows[numbers, 1])
        packed, rows = self._gathered(numbers)
        for array, kept in zip(self.pool, packed, strict=True):
            array[: len(kept)] = kept
        pieces, vertices, clocks = packed
        self._ends = (len(pieces), len(vertices), len(clocks))
        grid = self.index.grid
        slots = grid.slots[old_rows]
        grid.slots[:] = -1
        grid.slots[: len(slots)] = slots
        grid.entries["piece"][slots] = np.arange(len(slots))
        self.rows[: self._numbers] = 0
        self.rows[numbers] = rows
        self._bare = np.flatnonzero(~self._is_live[: self._numbers]).tolist()
        self._spare = {}
        self._spare_rows = [0, 0, 0, 0]

    def _gathered(self, numbers: NDArray[np.int64]) -> tuple[Packed, NDArray[np.int32]]:
        """Return the rows of some extents closed up, and where each one's lie then."""
        rows = self.rows[numbers]
        at = [_closed(rows[:, part], rows[:, part + 1]) for part in (0, 2, 4)]
        (kept_p, pieces_at), (kept_v, vertices_at), (kept_c, clocks_at) = at
        pieces = self.pool.pieces[kept_p]
        pieces["first"] += np.repeat(vertices_at - rows[:, 2], rows[:, 1])
        shift = np.repeat(clocks_at - rows[:, 4], rows[:, 1])
        pieces["clock"] += np.where(pieces["clock"] >= 0, shift, 0)
        for part, starts in ((0, pieces_at), (2, vertices_at), (4, clocks_at)):
            rows[:, part] = starts
        return Packed(
            pieces=pieces,
            vertices=self.pool.vertices[kept_v],
            clocks=self.pool.clocks[kept_c],
        ), rows

    def _note_spare(self, shape: Shape, by: int) -> None:
        for at, count in enumerate((*shape, 1)):
            self._spare_rows[at] += by * count

    def _advance(self, shape: Shape, extents: int) -> None:
        piece, vertex, clock = self._ends
        self._ends = (piece + shape[0], vertex + shape[1], clock + shape[2])
        self._numbers += extents


def _meetings(room: int) -> NDArray[np.void]:
    """Return room for so many; quicker than numpy makes it where that is little."""
    return np.ndarray(room, MEETING, bytearray(room * MEETING.itemsize))


def near_together(asked: Packed) -> Packed:
    """Order extents so that those near each other in space and time come together.

    What the index read for one is then at hand for the next: many are found in a
    third of the time. The pieces of each extent stay together, in their order.
    """
    pieces = asked.pieces
    starts = np.flatnonzero(np.diff(pieces["extent"], prepend=-1))
    firsts = pieces[starts]
    keys = [np.floor(firsts[name] / _NEARBY_M) for name in ("z_m", "y_m", "x_m")]
    order = np.lexsort([*keys, firsts["from_us"] // _NEARBY_US])
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    lengths = np.diff(starts, append=len(pieces))
    return asked._replace(
        pieces=pieces[np.argsort(np.repeat(rank, lengths), kind="stable")]
    )


@lean
def meet(
    grid: Any, pool: Any, asked: Any, start: int, desk: Any, meetings: Any
) -> tuple[int, int]:
    """Judge what the index proposes for pieces from `start` on, while room lasts.

    Returns:
        How many meetings were written, and the first piece not dealt with: never
        one in the midst of an extent.
    """
    count, whole = 0, 0
    pieces = asked.pieces
    begin = start
    for i in range(start, len(pieces)):
        number = pieces[i].extent
        if i == start or number != pieces[i - 1].extent:
            begin, whole = i, count
        near = look(grid, pieces[i], desk.entry, desk.found)
        for k in range(_worth_judging(pieces[i], pool, desk.found, near)):
            j = 0 + desk.found[k]  # 64 bits, as wherever else pieces are judged
            code, apart_m = judge(
                asked.pieces, asked.vertices, asked.clocks, i,
                pool.pieces, pool.vertices, pool.clocks, j,
            )  # fmt: skip
            if code == APART:
                continue
            other = pool.pieces[j].extent
            at = desk.seen[other]  # where it was written, if it was: look there
            if whole <= at < count and meetings[at].extent == other:
                meetings[at].code = graver(meetings[at].code, code)
                meetings[at].separation_m = min(meetings[at].separation_m, apart_m)
                continue
            if count == len(meetings):
                return whole, begin
            desk.seen[other] = count
            row = meetings[count]
            row.asked, row.extent = number, other
            row.code, row.separation_m = code, apart_m
            count += 1
    return count, len(pieces)


@lean
def _worth_judging(asked: Any, pool: Any, found: Any, count: int) -> int:
    """Keep of what was found what `judge` would not throw out at a glance.

    A crowd lies all over the memory, and every row is waited for. A loop that only
    glances has many rows under way at once; a loop that judges has one. It looks at
    the vertices too, for no reason but that they are at hand then.
    """
    kept = 0
    for k in range(count):
        piece = pool.pieces[found[k]]
        dx, dy, dz = (
            asked.x_m - piece.x_m,
            asked.y_m - piece.y_m,
            asked.z_m - piece.z_m,
        )
        far = asked.reach_m + piece.reach_m + 1e-3  # `judge` decides what is close
        found[kept] = found[k]
        kept += (
            (dx * dx + dy * dy + dz * dz <= far * far)
            & windows_meet(asked, piece)
            & (bands_meet(asked, piece) != 0)
            & (not math.isnan(pool.vertices[piece.first, 0]))
        )
    return kept


@lean
def graver(a: int, b: int) -> int:
    """Return what two pairs of pieces say of their extents together.

    One sure pair makes the extents sure; else the less doubtful pair speaks, and
    `CLOSE` stays where either was.
    """
    if NEAR in (a, b):
        return NEAR
    return min(a & ~CLOSE, b & ~CLOSE) | ((a | b) & CLOSE)


def certain(a: Packed, b: Packed) -> tuple[int, float]:
    """Judge two extents by all pairs of their pieces, with certainty.

    Returns:
        The code, never with `CLOSE`, and the separation, metres; `APART` and
        infinity where they do not meet.
    """
    best, least_m = APART, math.inf
    for i in range(len(a.pieces)):
        rows = np.arange(len(b.pieces))
        codes, all_apart_m = judge_pairs(*a, np.full(len(rows), i), *b, rows)
        for j in np.flatnonzero(codes != APART).tolist():
            code, apart_m = int(codes[j]), float(all_apart_m[j])
            if code & CLOSE:
                code, apart_m = certify(a, i, b, j, code)
            if code != APART:
                best = code if best == APART else graver(best, code)
                least_m = min(least_m, apart_m)
    return best, least_m


# What is called for one extent takes its arrays one by one: numba spends longer on
# finding out what a tuple of arrays is than these functions do on their work.


@lean
def _put(number: int, rows: Any, *arrays: Any) -> tuple[int, int]:
    """Put one extent into its rows of the pools, and into the index.

    Args:
        number: Its number.
        rows: As `Standing` keeps them.
        arrays: Of a `Grid`, the pool, and the extent as it was packed.

    Returns:
        Its first piece, and the first that found no room in the index.
    """
    grid, pool, packed = Grid(*arrays[:8]), Packed(*arrays[8:11]), Packed(*arrays[11:])
    row = rows[number]
    first, count = 0 + row[0], len(packed.pieces)  # 64 bits from here on
    if count == 0:
        return first, first
    shift = number - packed.pieces[0].extent
    _copy(pool, packed, first, 0 + row[2], 0 + row[4], 0 + shift)
    if first + count > grid.slots.size:
        return first, first
    return first, enter(grid, pool.pieces, first, first + count)


@lean
def _take_out(
    number: int, rows: Any, pieces: Any, *arrays: Any
) -> tuple[int, int, int]:
    """Take one extent out of the index; return how many rows of each it has."""
    row = rows[number]
    leave(Grid(*arrays), pieces, 0 + row[0], 0 + row[0] + row[1])
    return 0 + row[1], 0 + row[3], 0 + row[5]


@lean
def _meet(start: int, meetings: Any, *arrays: Any) -> tuple[int, int, bool]:
    """Do what `meet` does, and say whether any of it is `CLOSE`.

    Args:
        start: As `meet` takes it.
        meetings: The same.
        arrays: Of a `Grid`, the pool, what is asked about, and a desk.
    """
    grid, pool = Grid(*arrays[:8]), Packed(*arrays[8:11])
    asked, desk = Packed(*arrays[11:14]), Desk(*arrays[14:])
    count, stopped_at = meet(grid, pool, asked, start, desk, meetings)
    codes = 0
    for k in range(count):
        codes |= meetings[k].code
    return count, stopped_at, (codes & CLOSE) != 0


@lean
def _copy(
    pool: Any, packed: Any, piece: int, vertex: int, clock: int, shift: int
) -> None:
    """Copy packed rows into the pools, from the rows given on, and renumber them."""
    for k in range(len(packed.pieces)):
        row = pool.pieces[piece + k]
        pool.pieces[piece + k] = packed.pieces[k]
        row.first += vertex
        row.extent += shift
        if row.clock >= 0:
            row.clock += clock
    for k in range(len(packed.vertices)):
        for axis in range(3):
            pool.vertices[vertex + k, axis] = packed.vertices[k, axis]
    for k in range(len(packed.clocks)):
        pool.clocks[clock + k, 0] = packed.clocks[k, 0]
        pool.clocks[clock + k, 1] = packed.clocks[k, 1]


def _rows_of(packed: Packed, extents: int) -> NDArray[np.int32]:
    """Return where the rows of each extent lie, as `Standing.rows` keeps it."""
    pieces = packed.pieces
    starts = np.searchsorted(pieces["extent"], np.arange(extents + 1))
    rows = np.zeros((extents, 6), np.int32)
    rows[:, 0], rows[:, 1] = starts[:-1], np.diff(starts)
    vertices = np.append(pieces["first"], len(packed.vertices))[starts]
    rows[:, 2], rows[:, 3] = vertices[:-1], np.diff(vertices)
    # A piece that stands still has no clocks: those of the next that moves follow.
    clocks = np.where(pieces["clock"] < 0, len(packed.clocks), pieces["clock"])
    clocks = np.minimum.accumulate(np.append(clocks, len(packed.clocks))[::-1])[::-1]
    rows[:, 4], rows[:, 5] = clocks[starts[:-1]], np.diff(clocks[starts])
    return rows


def _grown(array: NDArray[Any], end: int, more: int) -> NDArray[Any]:
    """Return an array with room for so many rows more, twice as long if need be."""
    if end + more <= len(array):
        return array
    size = max(end + more, 2 * len(array))
    grown = np.empty((size, *array.shape[1:]), array.dtype)
    grown[:end] = array[:end]
    return grown


def _closed(
    firsts: NDArray[np.int32], counts: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows that runs cover, and where each run begins among them alone."""
    starts = np.cumsum(counts, dtype=np.int64) - counts
    rows = np.repeat(firsts - starts, counts) + np.arange(int(counts.sum()))
    return rows, starts
