"""Make places coarse: the cell of a fixed grid a place lies in, and how far it reaches.

    rows      a tenth of a degree of latitude, counted from the south pole
    columns   as many as keep a cell no wider than it is high, counted from 180 W
    told as   a circle of 8 km round the middle of the cell: it covers all of it
    reach     how far the place may stick out of its cell, in a few steps

A cell follows from the place alone. What moves within it, or grows within a step,
is told as before. A path is told as every cell it runs through. Nothing near the
border of a cell is told any other way than in its middle.
"""

import math
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple, assert_never

from clearline.geo.geodesy import destination, inverse
from clearline.model.notice_seen import Cell as Box
from clearline.model.notices import CellsTold
from clearline.model.places import NotAPlace
from clearline.model.positions import (
    Circle,
    Point,
    Position,
    Sector,
    Unlocated,
)
from clearline.model.rings import length_m
from clearline.model.shapes import Corridor, Footprint, MultiPolygon, Polygon

COVERS_M: Final = 8_000.0
"""Radius of the circle that covers any cell, metres."""

STEPS_M: Final = (
    2_000.0,
    5_000.0,
    10_000.0,
    20_000.0,
    50_000.0,
    100_000.0,
    200_000.0,
    500_000.0,
    1_000_000.0,
    5_000_000.0,
    20_000_000.0,
)
"""What a reach is rounded up to, metres."""

_CELL_NAME: Final = re.compile(r"([0-9]{4})-([0-9]{4})")
_PER_DEG: Final = 10
_ROWS: Final = 180 * _PER_DEG
_SAMPLED_M: Final = 5_000.0
_CHORD: Final = 1.01  # what `length_m` may be short by
_DECIMALS: Final = 9
_HALF_TURN_DEG: Final = 180.0
_TURN_DEG: Final = 360.0


class Cell(NamedTuple):
    """Name one cell: its row from the south pole, its column from 180 W."""

    row: int
    column: int

    @property
    def name(self) -> str:
        """Return its name, as people are told it."""
        return f"{self.row:04d}-{self.column:04d}"

    @property
    def middle(self) -> Position:
        """Return the position in its middle."""
        lat = (self.row + 0.5) / _PER_DEG - 90.0
        lon = (self.column + 0.5) * 360.0 / _columns(self.row) - 180.0
        return Position(lon=lon, lat=lat)


class Coarse(NamedTuple):
    """Hold what may be told of a place coarsely.

    Attributes:
        cells: Every cell it lies in, ordered; none where nobody located it.
        reach_m: How far it may stick out of them: one of `STEPS_M`.
    """

    cells: tuple[Cell, ...]
    reach_m: float

    def circles(self) -> tuple[Circle, ...]:
        """Return circles that hold all of it, wherever in its cells it lies."""
        radius_m = COVERS_M + self.reach_m
        return tuple(
            Circle(centre=cell.middle, radius_m=radius_m) for cell in self.cells
        )


def cell_of(position: Position) -> Cell:
    """Return the cell a position lies in; its southern and western edges are inside."""
    row = min(_ROWS - 1, _floor((position.lat + 90.0) * _PER_DEG))
    count = _columns(row)
    return Cell(row, _floor((position.lon + 180.0) * count / 360.0) % count)


def coarse_of(footprint: Footprint, buffer_m: float = 0.0) -> Coarse:
    """Return what may be told of a place coarsely.

    Args:
        footprint: The place.
        buffer_m: Its margin, metres.
    """
    parts = list(_parts(footprint))
    cells = sorted({cell_of(anchor) for anchor, _ in parts})
    reach_m = max((reach for _, reach in parts), default=0.0) + buffer_m
    return Coarse(tuple(cells), _step(reach_m))


def cells_told(coarse: Coarse) -> CellsTold:
    """Write what may be told of a place coarsely as it is told to another node."""
    names = tuple(cell.name for cell in coarse.cells)
    return CellsTold(cells=names, reach_m=coarse.reach_m)


def coarse_told(told: CellsTold) -> Coarse:
    """Read what another node told of a place coarsely.

    Raises:
        NotAPlace: The grid has no such cell, or a reach no such step.
    """
    cells = tuple(_named(name) for name in told.cells)
    if told.reach_m not in (0.0, *STEPS_M):
        raise _not_told(f"a reach of {told.reach_m} m")
    return Coarse(cells, told.reach_m)


def _named(name: str) -> Cell:
    found = _CELL_NAME.fullmatch(name)
    if found is None:
        raise _not_told(f"the cell {name!r}")
    row, column = map(int, found.groups())
    if row >= _ROWS or column >= _columns(row):
        raise _not_told(f"the cell {name!r}")
    return Cell(row, column)


def _not_told(what: str) -> NotAPlace:
    return NotAPlace(
        f"It is told as {what}, which the grid does not have.",
        state="Nothing was kept of it.",
        next="Let both nodes run the same release; use voice meanwhile.",
    )


def box_of(footprint: Footprint) -> Box | None:
    """Return the box over the cells a place lies in, for a map; none if unlocated.

    It says no more than the cells do: how far the place reaches out of them is not
    drawn.
    """
    return box_over(coarse_of(footprint))


def box_over(coarse: Coarse) -> Box | None:
    """Return the box over some cells, for a map; none where there are none."""
    boxes = [_box(cell) for cell in coarse.cells]
    if not boxes:
        return None
    if max(box[0] for box in boxes) - min(box[0] for box in boxes) > _HALF_TURN_DEG:
        boxes = [  # they lie on both sides of the antimeridian
            (west + _TURN_DEG, south, east + _TURN_DEG, north)
            if west < 0
            else (west, south, east, north)
            for west, south, east, north in boxes
        ]
    wests, souths, easts, norths = zip(*boxes, strict=True)
    return Box(west=min(wests), south=min(souths), east=max(easts), north=max(norths))


def _box(cell: Cell) -> tuple[float, float, float, float]:
    """Return the edges of a cell: west, south, east, north, degrees."""
    south, count = cell.row / _PER_DEG - 90.0, _columns(cell.row)
    west, east = (
        _neat((cell.column + step) * _TURN_DEG / count - _HALF_TURN_DEG)
        for step in (0, 1)
    )
    return west, _neat(south), east, _neat(south + 1.0 / _PER_DEG)


def _neat(degrees: float) -> float:
    return round(degrees, _DECIMALS)


def _parts(footprint: Footprint) -> Iterator[tuple[Position, float]]:
    """Yield positions of a place, and how far it reaches from each of them."""
    match footprint:
        case Unlocated():
            return
        case Point(position=position, precision_m=precision_m):
            yield position, precision_m
        case Circle(centre=centre, radius_m=radius_m, precision_m=precision_m):
            yield centre, radius_m + precision_m
        case Sector():
            yield _of_sector(footprint)
        case Corridor():
            reach_m = footprint.half_width_m + footprint.precision_m + _SAMPLED_M / 2
            for position in _along(footprint.path):
                yield position, reach_m
        case Polygon():
            yield _of_ring(footprint.outer, footprint.precision_m)
        case MultiPolygon(parts=parts, precision_m=precision_m):
            for part in parts:
                yield _of_ring(part.outer, precision_m)
        case _:
            assert_never(footprint)


def _of_sector(sector: Sector) -> tuple[Position, float]:
    """Take a sector by the middle of its bearings and ranges."""
    ranges, bearings = sector.range_m, sector.bearing_deg
    anchor = destination(sector.origin, bearings.middle, ranges.middle)
    across_m = ranges.most * math.radians(bearings.width) / 2
    return anchor, ranges.width / 2 + across_m + sector.precision_m


def _of_ring(ring: tuple[Position, ...], precision_m: float) -> tuple[Position, float]:
    """Take an area by the middle of its corners."""
    anchor = _middle(ring)
    farthest_m = max(length_m(anchor, corner) for corner in ring)
    return anchor, farthest_m * _CHORD + precision_m


def _middle(positions: tuple[Position, ...]) -> Position:
    sums = [0.0, 0.0, 0.0]
    for at in positions:
        lon, lat = math.radians(at.lon), math.radians(at.lat)
        sums[0] += math.cos(lat) * math.cos(lon)
        sums[1] += math.cos(lat) * math.sin(lon)
        sums[2] += math.sin(lat)
    lat = math.atan2(sums[2], math.hypot(sums[0], sums[1]))
    return Position(
        lon=math.degrees(math.atan2(sums[1], sums[0])), lat=math.degrees(lat)
    )


def _along(path: tuple[Position, ...]) -> Iterator[Position]:
    """Yield positions of a path no farther apart than `_SAMPLED_M`."""
    yield path[0]
    for start, end in pairwise(path):
        long_m, bearing = inverse(start, end)
        parts = max(1, math.ceil(long_m / _SAMPLED_M))
        for part in range(1, parts):
            yield destination(start, bearing, long_m * part / parts)
        yield end


def _columns(row: int) -> int:
    """Count the columns of a row, by its edge that is nearer to the equator."""
    nearest = min(abs(row / _PER_DEG - 90.0), abs((row + 1) / _PER_DEG - 90.0))
    return max(1, math.ceil(360 * _PER_DEG * math.cos(math.radians(nearest))))


def _step(reach_m: float) -> float:
    return next((step for step in STEPS_M if reach_m <= step), STEPS_M[-1])


def _floor(value: float) -> int:
    """Round down, but for what only rounding made less than whole."""
    return math.floor(round(value, _DECIMALS))
