"""Find what may meet among a million pieces in a few microseconds, compiled.

A piece (`geo.kernels`) lies in a cap: a point of the ellipsoid and a reach. Where two
caps, two windows or two bands of altitude are apart, so are the pieces. The index
looks for the others, and may only ever propose too many, never too few:

    where   Think of the Earth as a die. A point belongs to the face of the axis it
            lies farthest along; its cell there is named by its other *two* ECEF
            coordinates. No coordinate of two points differs by more than their
            distance: everything within d of a point lies in the cells within d of
            it, on every face a ball of that radius touches. The poles and the
            antimeridian are nowhere in particular, and no angle is ever computed.
    size    A piece lies in one cell only, that of its centre, on the lowest of
            eight floors whose cells are as wide as it reaches; each floor's are
            four times as wide as those below. A query looks as far as it reaches
            itself and the farthest reaching piece of the floor does.
    when    The same in time: a piece lies in the bucket of its start, among those of
            a length its window fits in (half an hour, 8 hours, 128 hours, ever).
    cell    (floor, length, bucket, face, column, row) in one whole number, looked up
            in a hash table. It owns a run of entries, 32 bytes each, in one pool; a
            run that is full moves to one twice as long. Taking out moves the run's
            last entry into the gap.

Entries are rounded outward: metres in float32, seconds, and steps of 2 m altitude.
A query that would look into more cells than there are looks through all of them.
All functions run without the GIL: readers may not run beside a writer.
"""

import math
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from clearline.geo.altitudes import CODES, UNKNOWN_GROUND_M
from clearline.geo.ellipsoid import lean
from clearline.model.extents import Datum

ENTRY: Final = np.dtype(
    [
        ("x_m", "f4"),
        ("y_m", "f4"),
        ("z_m", "f4"),
        ("reach_m", "f4"),  # with what rounding to float32 may take
        ("from_s", "i4"),  # buffers included, since 1970-01-01, clamped
        ("until_s", "i4"),
        ("least", "i2"),  # altitude, steps of 2 m, clamped
        ("most", "i2"),
        ("piece", "i4"),  # of a free run: the next free run of that length
    ]
)

_FLOORS: Final = 8
_SPANS: Final = 4
_HOUR_US: Final = 3_600_000_000
_SPAN_US: Final = (_HOUR_US // 2, 8 * _HOUR_US, 128 * _HOUR_US)
_EVER: Final = 3
_BUCKETS: Final = 1 << 23
_SIDE: Final = 1 << 14
_FACES: Final = 6
_NEVER: Final = -1
_RADIUS_M: Final = 6_378_138.0

# Rounding to float32 moves a point by less than 0.5 m; squares of 10^7 m keep 7 digits.
_SLACK_M: Final = 1.0
_SLACK: Final = 1e-6
_STEP_MM: Final = 2_000

# Two bands above the ground meet wherever each owner believes the ground to be.
_ABOVE_GROUND: Final = CODES[Datum.AGL]
_LOW_GROUND_MM: Final = int(UNKNOWN_GROUND_M.least * 1000)
_HIGH_GROUND_MM: Final = int(UNKNOWN_GROUND_M.most * 1000)

# What `tally` counts.
_CELLS: Final = 0  # cells ever named in the table, empty ones too
_END: Final = 1  # entries of the pool ever given out
_PIECES: Final = 2
_FREE: Final = 3  # from here: first free run of 1, 2, 4, 8 … entries
_LENGTHS: Final = 29
_NOTHING: Final = -1


class Grid(NamedTuple):
    """Hold an index as arrays; `Index` below keeps them large enough.

    Attributes:
        keys: (t,) int64, t a power of two: cells by hash; -1 where none.
        runs: (t, 3) int32: first entry, entries, and length of the run as a power
            of two (-1: it has none).
        entries: (e,) ENTRY.
        slots: (p,) int32: where the entry of each piece lies; -1: nowhere.
        spans: (8, 4, 3) int64: pieces, first and last bucket, of floor and length.
        reaches: (8, 4) float64: the farthest reach of any piece there, metres.
        widths: (8,) float64: width of the cells of each floor, metres.
        tally: counts, and the heads of the lists of free runs.
    """

    keys: NDArray[np.int64]
    runs: NDArray[np.int32]
    entries: NDArray[np.void]
    slots: NDArray[np.int32]
    spans: NDArray[np.int64]
    reaches: NDArray[np.float64]
    widths: NDArray[np.float64]
    tally: NDArray[np.int64]


@lean
def enter(grid: Any, pieces: Any, start: int, stop: int) -> int:
    """Enter pieces `[start, stop)`, none of which is in; stop where room runs out.

    Returns:
        The first piece not entered; `stop` when all are in.
    """
    tally = grid.tally
    for at in range(start, stop):
        if 2 * (tally[_CELLS] + 1) > grid.keys.size:
            return at
        floor, span, bucket = _shelf(grid.widths, pieces[at])
        cell = _cell_of(grid, pieces[at], floor, span, bucket)
        if not _has_room(grid, cell):
            return at
        here = grid.spans[floor, span]
        here[0] += 1
        here[1], here[2] = min(here[1], bucket), max(here[2], bucket)
        far = grid.reaches[floor, span]
        grid.reaches[floor, span] = max(far, pieces[at].reach_m)
        slot = grid.runs[cell, 0] + grid.runs[cell, 1]
        grid.runs[cell, 1] += 1
        _write(grid.entries[slot], pieces[at], at)
        grid.slots[at] = slot
        tally[_PIECES] += 1
    return stop


@lean
def leave(grid: Any, pieces: Any, start: int, stop: int) -> None:
    """Take pieces `[start, stop)` out; those that are not in stay out."""
    for at in range(start, stop):
        gap = grid.slots[at]
        if gap == _NOTHING:
            continue
        floor, span, bucket = _shelf(grid.widths, pieces[at])
        cell = _find(grid.keys, _key_of(grid.widths, pieces[at], floor, span, bucket))
        last = grid.runs[cell, 0] + grid.runs[cell, 1] - 1
        if gap != last:
            grid.entries[gap] = grid.entries[last]
            grid.slots[grid.entries[gap].piece] = gap
        grid.runs[cell, 1] -= 1
        if grid.runs[cell, 1] == 0:
            _release(grid, cell)
        grid.slots[at] = _NOTHING
        grid.spans[floor, span, 0] -= 1
        grid.tally[_PIECES] -= 1


@lean
def look(grid: Any, asked: Any, entry: Any, found: Any) -> int:
    """Find every piece whose cap, window and band may meet those of `asked`.

    Args:
        grid: The index.
        asked: One PIECE; it need not be in the index.
        entry: (1,) ENTRY to work in.
        found: (p + 1,) int32, longer than there are pieces: their numbers are put
            here.

    Returns:
        How many were found; each once, in no order.
    """
    _write(entry[0], asked, 0)
    ask = entry[0]
    count, cells = 0, 0
    for floor in range(_FLOORS):
        for span in range(_SPANS):
            if grid.spans[floor, span, 0]:
                cells += _cells_near(grid, asked, floor, span)
    if cells > grid.tally[_CELLS]:
        for cell in range(grid.keys.size):
            if grid.runs[cell, 1]:
                count = _test(grid, cell, ask, found, count)
        return count
    for floor in range(_FLOORS):
        for span in range(_SPANS):
            if grid.spans[floor, span, 0]:
                count = _look_at(grid, asked, ask, floor, span, found, count)
    return count


@lean
def _look_at(
    grid: Any, asked: Any, ask: Any, floor: int, span: int, found: Any, count: int
) -> int:
    """Look into every cell of one floor and length that may hold something near."""
    width = grid.widths[floor]
    far = asked.reach_m + grid.reaches[floor, span] + _SLACK_M
    first, last = _buckets(grid, asked, floor, span)
    for face in range(_FACES):
        u, v, is_touched = _on_face(asked, face, far)
        if not is_touched:
            continue
        low_v, high_v = _column(v - far, width), _column(v + far, width)
        for column in range(_column(u - far, width), _column(u + far, width) + 1):
            for row in range(low_v, high_v + 1):
                for bucket in range(first, last + 1):
                    key = _key(floor, span, bucket, face, column, row)
                    cell = _find(grid.keys, key)
                    if grid.keys[cell] == key:
                        count = _test(grid, cell, ask, found, count)
    return count


@lean
def _cells_near(grid: Any, asked: Any, floor: int, span: int) -> int:
    """Count the cells `_look_at` would look for."""
    width = grid.widths[floor]
    far = asked.reach_m + grid.reaches[floor, span] + _SLACK_M
    first, last = _buckets(grid, asked, floor, span)
    cells = 0
    for face in range(_FACES):
        u, v, is_touched = _on_face(asked, face, far)
        if is_touched:
            columns = _column(u + far, width) - _column(u - far, width) + 1
            rows = _column(v + far, width) - _column(v - far, width) + 1
            cells += columns * rows * max(0, last - first + 1)
    return cells


@lean
def _test(grid: Any, cell: int, ask: Any, found: Any, count: int) -> int:
    """Add the pieces of one cell that may meet what is asked about.

    Most do not, and which do cannot be foreseen: every number is written down, and
    the next one over it unless it counts. That is three times as fast as deciding.
    """
    start = grid.runs[cell, 0]
    for at in range(start, start + grid.runs[cell, 1]):
        entry = grid.entries[at]
        dx, dy, dz = entry.x_m - ask.x_m, entry.y_m - ask.y_m, entry.z_m - ask.z_m
        reach = entry.reach_m + ask.reach_m
        found[count] = entry.piece
        count += (
            (entry.from_s <= ask.until_s)
            & (entry.until_s >= ask.from_s)
            & (entry.least <= ask.most)
            & (entry.most >= ask.least)
            & (dx * dx + dy * dy + dz * dz <= reach * reach)
        )
    return count


@lean
def _write(entry: Any, piece: Any, number: int) -> None:
    """Write what a cell keeps of a piece, rounded outward."""
    entry.x_m, entry.y_m, entry.z_m = piece.x_m, piece.y_m, piece.z_m
    entry.reach_m = piece.reach_m * (1.0 + _SLACK) + _SLACK_M
    entry.from_s = _seconds((piece.from_us - piece.buffer_us) // 1_000_000)
    entry.until_s = _seconds(-((-piece.until_us - piece.buffer_us) // 1_000_000))
    least_mm, most_mm = np.int64(piece.least_mm), np.int64(piece.most_mm)
    if piece.datum == _ABOVE_GROUND:
        least_mm = min(least_mm, piece.floor_mm + _LOW_GROUND_MM)
        most_mm = max(most_mm, piece.ceiling_mm + _HIGH_GROUND_MM)
    entry.least = max(-32_768, min(32_767, least_mm // _STEP_MM))
    entry.most = max(-32_768, min(32_767, -(-most_mm // _STEP_MM)))
    entry.piece = number


@lean
def _seconds(value: int) -> int:
    """Bring seconds since 1970 into 32 bits (1901 to 2038), for comparing only.

    What lies beyond either end stays a candidate of everything that does.
    """
    return max(-(1 << 31), min((1 << 31) - 1, value))


# --- which cell ---------------------------------------------------------------


@lean
def _shelf(widths: Any, piece: Any) -> tuple[int, int, int]:
    """Return floor, length and bucket of a piece."""
    floor = 0
    while floor < _FLOORS - 1 and widths[floor] < piece.reach_m:
        floor += 1
    start = piece.from_us - piece.buffer_us
    lasts = piece.until_us + piece.buffer_us - start
    span = 0
    while span < _EVER and lasts > _SPAN_US[span]:
        span += 1
    return floor, span, _bucket(start, span)


@lean
def _bucket(at_us: int, span: int) -> int:
    """Return the bucket of an instant; before 1731 and after 2209 the outermost."""
    if span == _EVER:
        return 0
    return max(0, min(_BUCKETS - 1, at_us // _SPAN_US[span] + _BUCKETS // 2))


@lean
def _buckets(grid: Any, asked: Any, floor: int, span: int) -> tuple[int, int]:
    """Return the first and last bucket in which something meets the window asked."""
    start = asked.from_us - asked.buffer_us
    end = asked.until_us + asked.buffer_us
    if span == _EVER:
        return 0, 0
    return (
        max(grid.spans[floor, span, 1], _bucket(start - _SPAN_US[span], span)),
        min(grid.spans[floor, span, 2], _bucket(end, span)),
    )


@lean
def _column(metres: float, width_m: float) -> int:
    """Return the column or row of a coordinate, kept on the Earth."""
    return math.floor(max(-_RADIUS_M, min(_RADIUS_M, metres)) / width_m)


@lean
def _face(piece: Any) -> int:
    """Return the face of the axis a centre lies farthest along: +x -x +y -y +z -z."""
    x, y, z = abs(piece.x_m), abs(piece.y_m), abs(piece.z_m)
    if x >= y and x >= z:
        return 0 if piece.x_m >= 0.0 else 1
    if y >= z:
        return 2 if piece.y_m >= 0.0 else 3
    return 4 if piece.z_m >= 0.0 else 5


@lean
def _on_face(piece: Any, face: int, far_m: float) -> tuple[float, float, bool]:
    """Return the two coordinates of a face, and whether a ball touches the face."""
    if face < 2:  # noqa: PLR2004 (the faces of the first axis)
        along, u, v = piece.x_m, piece.y_m, piece.z_m
    elif face < 4:  # noqa: PLR2004 (of the second)
        along, u, v = piece.y_m, piece.x_m, piece.z_m
    else:
        along, u, v = piece.z_m, piece.x_m, piece.y_m
    if face % 2:
        along = -along
    return u, v, along + far_m >= max(abs(u), abs(v)) - far_m


@lean
def _key(floor: int, span: int, bucket: int, face: int, column: int, row: int) -> int:
    """Name a cell by one whole number of 59 bits."""
    key = ((floor * _SPANS + span) * _BUCKETS + bucket) * 8 + face
    return (key * _SIDE + column + _SIDE // 2) * _SIDE + row + _SIDE // 2


@lean
def _key_of(widths: Any, piece: Any, floor: int, span: int, bucket: int) -> int:
    face, width = _face(piece), widths[floor]
    u, v, _ = _on_face(piece, face, 0.0)
    return _key(floor, span, bucket, face, _column(u, width), _column(v, width))


@lean
def _find(keys: Any, key: int) -> int:
    """Return where a key stands in the table, or where it would."""
    mixed = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)
    mask = keys.size - 1
    at = np.int64(mixed >> np.uint64(32)) & mask
    while keys[at] != key and keys[at] != _NEVER:
        at = (at + 1) & mask
    return int(at)


@lean
def _cell_of(grid: Any, piece: Any, floor: int, span: int, bucket: int) -> int:
    """Return the cell of a piece about to enter; name it if it is new."""
    key = _key_of(grid.widths, piece, floor, span, bucket)
    cell = _find(grid.keys, key)
    if grid.keys[cell] == _NEVER:
        grid.keys[cell] = key
        grid.runs[cell, 2] = _NOTHING
        grid.tally[_CELLS] += 1
    return cell


# --- runs of entries ----------------------------------------------------------


@lean
def _has_room(grid: Any, cell: int) -> bool:
    """Make room for one entry more in a cell; say whether there was any."""
    first, count, power = grid.runs[cell]
    if power != _NOTHING and count < (1 << power):
        return True
    taken = _take(grid, power + 1)
    if taken == _NOTHING:
        return False
    for k in range(count):
        grid.entries[taken + k] = grid.entries[first + k]
        grid.slots[grid.entries[taken + k].piece] = taken + k
    if power != _NOTHING:
        _release(grid, cell)
    grid.runs[cell, 0], grid.runs[cell, 1], grid.runs[cell, 2] = taken, count, power + 1
    return True


@lean
def _take(grid: Any, power: int) -> int:
    """Take a run of 2^power entries out of the pool; -1 where it has none."""
    tally = grid.tally
    run = tally[_FREE + power]
    if run != _NOTHING:
        tally[_FREE + power] = grid.entries[run].piece
        return int(run)
    if tally[_END] + (1 << power) > grid.entries.size:
        return _NOTHING
    tally[_END] += 1 << power
    return int(tally[_END] - (1 << power))


@lean
def _release(grid: Any, cell: int) -> None:
    """Give a cell's run back to the pool."""
    first, power = grid.runs[cell, 0], grid.runs[cell, 2]
    grid.entries[first].piece = grid.tally[_FREE + power]
    grid.tally[_FREE + power] = first
    grid.runs[cell, 1], grid.runs[cell, 2] = 0, _NOTHING


@lean
def _move_cells(old: Any, new: Any) -> None:
    """Enter every cell that holds something into another table."""
    for cell in range(old.keys.size):
        if old.runs[cell, 1]:
            at = _find(new.keys, old.keys[cell])
            new.keys[at] = old.keys[cell]
            for part in range(3):
                new.runs[at, part] = old.runs[cell, part]
            new.tally[_CELLS] += 1


class Index:
    """Keep a grid, and make it larger when it is full.

    Pieces are known by their row in the caller's array of PIECE, which must keep
    them unchanged while they are in.
    """

    def __init__(self, *, cell_m: float = 4_096.0, room: int = 1_024) -> None:
        """Start with nothing.

        Args:
            cell_m: Width of the smallest cells, metres, at least 1,024: about as
                wide as what is asked about reaches; smaller where it is crowded.
            room: How many pieces to make room for at first.
        """
        side = max(1_024.0, cell_m)
        spans = np.zeros((_FLOORS, _SPANS, 3), np.int64)
        spans[:, :, 1] = _BUCKETS
        spans[:, :, 2] = -1
        tally = np.full(_FREE + _LENGTHS, _NOTHING, np.int64)
        tally[:_FREE] = 0
        size = 1 << max(2, (2 * room - 1).bit_length())
        self.grid = Grid(
            keys=np.full(size, _NEVER, np.int64),
            runs=np.zeros((size, 3), np.int32),
            entries=np.empty(2 * room, ENTRY),
            slots=np.full(room, _NOTHING, np.int32),
            spans=spans,
            reaches=np.zeros((_FLOORS, _SPANS)),
            widths=np.array([side * 4.0**floor for floor in range(_FLOORS)]),
            tally=tally,
        )
        self._entry = np.zeros(1, ENTRY)
        self._found = np.empty(room + 1, np.int32)

    def __len__(self) -> int:
        """Count the pieces that are in."""
        return int(self.grid.tally[_PIECES])

    @property
    def nbytes(self) -> int:
        """Count the bytes set aside."""
        return sum(array.nbytes for array in self.grid)

    def enter(self, pieces: NDArray[np.void], start: int, stop: int) -> None:
        """Enter rows `[start, stop)` of `pieces`, none of which is in."""
        if stop > self.grid.slots.size:
            self._make_slots(pieces.size)
        at = enter(self.grid, pieces, start, stop)
        while at < stop:
            self._make_room()
            at = enter(self.grid, pieces, at, stop)

    def leave(self, pieces: NDArray[np.void], start: int, stop: int) -> None:
        """Take rows `[start, stop)` of `pieces` out."""
        leave(self.grid, pieces, start, min(stop, self.grid.slots.size))

    def look(self, asked: NDArray[np.void], at: int) -> NDArray[np.int32]:
        """Return every piece that may meet row `at` of `asked`."""
        count = look(self.grid, asked[at], self._entry, self._found)
        return self._found[:count].copy()

    def _make_slots(self, size: int) -> None:
        slots = np.full(size, _NOTHING, np.int32)
        slots[: self.grid.slots.size] = self.grid.slots
        self.grid = self.grid._replace(slots=slots)
        self._found = np.empty(size + 1, np.int32)

    def _make_room(self) -> None:
        """Enlarge whichever of table and pool is full."""
        grid = self.grid
        if 2 * (grid.tally[_CELLS] + 1) > grid.keys.size:
            held = int(np.count_nonzero(grid.runs[:, 1]))
            size = grid.keys.size * (2 if 4 * held > grid.keys.size else 1)
            self.grid = grid._replace(
                keys=np.full(size, _NEVER, np.int64),
                runs=np.zeros((size, 3), np.int32),
            )
            grid.tally[_CELLS] = 0
            _move_cells(grid, self.grid)
        else:
            entries = np.empty(2 * grid.entries.size, ENTRY)
            entries[: grid.entries.size] = grid.entries
            self.grid = grid._replace(entries=entries)
