"""Pack extents into arrays, once, for the compiled judges and the index.

What a piece is stands in `geo.kernels`. Here every footprint becomes rows of
positions: a point and a circle one position with a radius, a corridor its path, a
polygon its closed rings, a sector the outline it has (its arcs become chords that
leave them by a quarter of a metre, or by 1 in 400,000 where that is more).
"""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from struct import Struct
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from clearline.geo.altitudes import CODES, PackedBand, pack_band, pack_bands
from clearline.geo.cutting import (
    SHAPE,
    STRAIGHT_M,
    cut,
    lay_out,
    long_edges,
    to_lon_lat,
    to_vertices,
)
from clearline.geo.geodesy import cut_points, destination
from clearline.geo.kernels import AREA, PATH, PIECE, Clocks, Pieces, Vertices
from clearline.geo.microseconds import microseconds
from clearline.geo.passing import rows
from clearline.model.extents import Corridor, Datum, Extent, MultiPolygon, Polygon
from clearline.model.instants import FOREVER, Duration, Instant, Window
from clearline.model.places import Circle, Point, Position, Sector, Unlocated


class Geoid(Protocol):
    """Look up how high the geoid lies above the ellipsoid."""

    def heights_m(self, lon_lat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (n, 2) metres, least and most, for (n, 2) degrees, WGS 84."""


class Packed(NamedTuple):
    """Extents as arrays; `pieces["extent"]` counts the extents in order given."""

    pieces: Pieces
    vertices: Vertices
    clocks: Clocks


GEOID_SLOPE: Final = 3e-4
"""More than the geoid rises against the ellipsoid in a metre, anywhere."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# Shorter pieces are found no more truly: half as long are twice as many on both sides,
# and of four pairs one is near. Longer ones are not worth looking for about a town.
_CUT_M: Final = 8_000.0
_FULL_TURN_DEG: Final = 360.0
_CHORD_M: Final = 0.25
_CHORD: Final = 2.5e-6

_NONE: Final = Packed(np.empty(0, PIECE), np.empty((0, 3)), np.empty((0, 2), np.int64))
# One SHAPE as bytes: three times as quick as a row of an array.
_SHAPE_ROW: Final = Struct("4d5q6i2b6x")


def pack(
    extents: Iterable[Extent], *, geoid: Geoid | None = None, first_extent: int = 0
) -> Packed:
    """Pack extents in order; an unlocated one gets no piece.

    A path is cut so that a piece is at most 8 km long, or as long as its half width
    and buffer are wide.

    Args:
        extents: Any extents.
        geoid: Narrows how far bands above the ellipsoid may lie from sea level.
        first_extent: The number the first of them gets.
    """
    flat = _Flat()
    for number, extent in enumerate(extents, first_extent):
        flat.add(extent, number)
    return pack_shapes(*flat.arrays(), geoid=geoid)


class Plain(NamedTuple):
    """Hold many plain shapes, a row for each, as they come out of a file.

    Attributes:
        extents: (n,) int64: their numbers, ascending.
        kind: (n,) int8: `PATH` or `AREA`, the latter one closed ring.
        lengths: (n, 3) float64 metres: radius or half width, buffer, precision.
        times: (n, 3) int64 microseconds: start and end since 1970, and the buffer.
        bands: (n, 2) float64 metres: floor and ceiling.
        datums: What they are measured from; `None` for all altitudes.
        counts: (n,) int64: positions.
        degrees: (v, 2) float64: longitude and latitude of all of them.
    """

    extents: NDArray[np.int64]
    kind: NDArray[np.int8]
    lengths: NDArray[np.float64]
    times: NDArray[np.int64]
    bands: NDArray[np.float64]
    datums: Sequence[Datum | None]
    counts: NDArray[np.int64]
    degrees: NDArray[np.float64]


def pack_plain(
    plain: Plain,
    others: Iterable[tuple[int, Extent]] = (),
    *,
    geoid: Geoid | None = None,
) -> Packed:
    """Pack plain shapes, and other extents among them by their numbers."""
    flat = _Flat()
    for number, extent in others:
        flat.add(extent, number)
    shapes, degrees, clocks = flat.arrays()
    rows = np.zeros(len(plain.kind) + len(shapes), SHAPE)
    rows[len(plain.kind) :] = shapes
    rows["first"][len(plain.kind) :] += len(plain.degrees)
    some = rows[: len(plain.kind)]
    radius_m, buffer_m, precision_m = plain.lengths.T
    some["radius_m"], some["buffer_m"] = radius_m, buffer_m
    some["precision_m"] = precision_m
    some["cut_m"] = np.maximum(_CUT_M, np.minimum(radius_m + buffer_m, STRAIGHT_M))
    some["from_us"], some["until_us"], some["buffer_us"] = plain.times.T
    some["first"] = np.cumsum(plain.counts) - plain.counts
    some["clock"], some["count"] = -1, plain.counts
    some["extent"], some["kind"] = plain.extents, plain.kind
    bands = pack_bands(plain.bands[:, 0], plain.bands[:, 1], plain.datums)
    for name, column in zip(PackedBand._fields, bands, strict=True):
        some[name] = column
    order = np.argsort(rows["extent"], kind="stable")
    degrees = np.concatenate([plain.degrees, degrees])
    return pack_shapes(rows[order], degrees, clocks, geoid=geoid)


def pack_shapes(
    shapes: NDArray[np.void],
    degrees: NDArray[np.float64],
    clocks: Clocks,
    *,
    geoid: Geoid | None = None,
) -> Packed:
    """Pack what is laid out flat already: (n,) SHAPE, (v, 2) degrees, (c, 2) clocks."""
    vertices = np.empty((len(degrees), 3))
    is_long, n, rows, ticks = lay_out(shapes, degrees, vertices, clocks, *_NONE)
    if is_long:
        shapes, vertices, clocks = _straightened(shapes, degrees, vertices, clocks)
        n, rows, ticks = cut(shapes, vertices, clocks, *_NONE)
    # An array made on bytes: numpy takes ten times as long to find them for PIECE.
    pieces = np.ndarray(n, PIECE, bytearray(n * PIECE.itemsize))
    packed = Packed(pieces, np.empty((rows, 3)), np.empty((ticks, 2), np.int64))
    cut(shapes, vertices, clocks, *packed)
    if geoid is not None:
        _lower_to_sea_level(packed.pieces, geoid)
    return packed


def cut_m(margin_m: float) -> float:
    """Return how long a piece of a path may be that has such a margin, metres."""
    return max(_CUT_M, min(margin_m, STRAIGHT_M))


def instant(at_us: int) -> Instant:
    """Return the instant so many microseconds after the start of 1970.

    Before the year 1 it is the start of the year 1; from `FOREVER` on, `FOREVER`.
    """
    return _EPOCH + Duration(microseconds=min(max(int(at_us), _FIRST_US), _LAST_US))


def window(first_us: int, end_us: int) -> Window:
    """Return the window `[first, end)` of microseconds since 1970."""
    return Window(start=instant(first_us), end=instant(end_us))


_FIRST_US: Final = microseconds(datetime(1, 1, 1, tzinfo=UTC))
_LAST_US: Final = microseconds(FOREVER)


class _Flat:
    """Lay extents out flat: rows of shapes, degrees and clocks."""

    def __init__(self) -> None:
        self._shapes = bytearray()
        self._degrees: list[float] = []
        self._clocks: list[int] = []
        self._extent: Extent
        self._number = 0

    def arrays(self) -> tuple[NDArray[np.void], NDArray[np.float64], Clocks]:
        """Return shapes, (n, 2) degrees and (c, 2) microseconds."""
        return (
            np.frombuffer(self._shapes, SHAPE),
            np.array(self._degrees, np.float64).reshape(-1, 2),
            np.array(self._clocks, np.int64).reshape(-1, 2),
        )

    def add(self, extent: Extent, number: int) -> None:
        """Lay out one extent."""
        self._extent, self._number = extent, number
        _ADDERS[type(extent.footprint)](self, extent.footprint)

    def _close(self, kind: int, first: int, radius_m: float, clock: int = -1) -> None:
        """Write the row of the shape whose degrees start at `first`."""
        extent = self._extent
        precision_m: float = extent.footprint.precision_m  # type: ignore[union-attr]
        self._shapes += _SHAPE_ROW.pack(
            radius_m,
            extent.buffer_m,
            precision_m,
            cut_m(radius_m + extent.buffer_m),
            microseconds(extent.window.start),
            microseconds(extent.window.end),
            round(extent.buffer_s * 1e6),
            first,
            clock,
            len(self._degrees) // 2 - first,
            self._number,
            *pack_band(extent.band),
            kind,
        )

    def _line(self, path: Iterable[Position], half_width_m: float) -> None:
        first = len(self._degrees) // 2
        for at in path:
            self._degrees += (at.lon, at.lat)
        self._close(PATH, first, half_width_m)

    def _rings(self, rings: Iterable[Sequence[Position]]) -> None:
        first = len(self._degrees) // 2
        for ring in rings:
            if len(self._degrees) // 2 > first:
                self._degrees += (math.nan, math.nan)
            for at in ring:
                self._degrees += (at.lon, at.lat)
            self._degrees += (ring[0].lon, ring[0].lat)
        self._close(AREA, first, 0.0)

    def point(self, point: Point) -> None:
        self._line((point.position,), 0.0)

    def circle(self, circle: Circle) -> None:
        self._line((circle.centre,), circle.radius_m)

    def corridor(self, corridor: Corridor) -> None:
        if not corridor.passages:
            self._line(corridor.path, corridor.half_width_m)
            return
        first, clock = len(self._degrees) // 2, len(self._clocks) // 2
        for at, earliest_us, latest_us in rows(corridor):
            self._degrees += (at.lon, at.lat)
            self._clocks += (earliest_us, latest_us)
        self._close(PATH, first, corridor.half_width_m, clock)

    def polygon(self, polygon: Polygon) -> None:
        self._rings(polygon.rings())

    def multi_polygon(self, area: MultiPolygon) -> None:
        for part in area.parts:
            self._rings(part.rings())

    def sector(self, sector: Sector) -> None:
        bearings, ranges = sector.bearing_deg, sector.range_m
        if bearings.width >= _FULL_TURN_DEG and ranges.least == 0.0:
            self._line((sector.origin,), ranges.most)
        elif bearings.width >= _FULL_TURN_DEG and ranges.width > 0.0:
            arcs = _arc(sector, ranges.most), _arc(sector, ranges.least)
            self._rings(arc[:-1] for arc in arcs)
        elif bearings.width == 0.0:
            ends = (ranges.least, ranges.most) if ranges.width else (ranges.least,)
            self._line(
                (destination(sector.origin, bearings.least, end) for end in ends), 0.0
            )
        elif ranges.width == 0.0:
            self._line(_arc(sector, ranges.most), 0.0)
        else:
            inner = _arc(sector, ranges.least) if ranges.least else [sector.origin]
            self._rings([_arc(sector, ranges.most) + inner[::-1]])

    def unlocated(self, _: Unlocated) -> None:
        """Lay out nothing: it is nowhere yet."""


_ADDERS: Final[dict[type, Callable[[_Flat, Any], None]]] = {
    Point: _Flat.point,
    Circle: _Flat.circle,
    Sector: _Flat.sector,
    Corridor: _Flat.corridor,
    Polygon: _Flat.polygon,
    MultiPolygon: _Flat.multi_polygon,
    Unlocated: _Flat.unlocated,
}


def _arc(sector: Sector, range_m: float) -> list[Position]:
    """Return positions on an arc of a sector, both ends among them."""
    leaves_m = max(_CHORD_M, _CHORD * range_m)
    step_deg = _FULL_TURN_DEG / 12
    if leaves_m < range_m:
        step_deg = min(
            step_deg, math.degrees(2.0 * math.acos(1.0 - leaves_m / range_m))
        )
    bearings = sector.bearing_deg
    steps = max(1, math.ceil(bearings.width / step_deg))
    return [
        destination(
            sector.origin, bearings.least + bearings.width * step / steps, range_m
        )
        for step in range(steps + 1)
    ]


def _straightened(
    shapes: NDArray[np.void],
    degrees: NDArray[np.float64],
    vertices: Vertices,
    clocks: Clocks,
) -> tuple[NDArray[np.void], Vertices, Clocks]:
    """Cut every edge that is too long on its geodesic, clocks with it."""
    rows = long_edges(shapes, vertices)
    edges, shares, lon_lat = cut_points(degrees[rows], degrees[rows + 1], STRAIGHT_M)
    after = rows[edges]
    # How many rows were put in before each shape's first row, and within it.
    ends = shapes["first"] + shapes["count"]
    before = np.searchsorted(after, shapes["first"])
    within = np.searchsorted(after, ends - 1) - before
    longer = np.zeros_like(shapes)
    longer[:] = shapes
    longer["first"] += before
    longer["count"] += within.astype(np.int32)
    degrees = np.insert(degrees, after + 1, lon_lat, axis=0)
    longer, clocks = _with_clocks(longer, shapes, clocks, after, shares)
    return longer, to_vertices(degrees), clocks


def _with_clocks(
    longer: NDArray[np.void],
    shapes: NDArray[np.void],
    clocks: Clocks,
    after: NDArray[np.int64],
    shares: NDArray[np.float64],
) -> tuple[NDArray[np.void], Clocks]:
    """Put clocks in for the rows put in, evenly along each leg, rounded outward."""
    moving = np.flatnonzero(shapes["clock"] >= 0)
    if len(moving) == 0:
        return longer, clocks
    # Moving shapes own clocks in the order of their rows, one for each row.
    owner = moving[np.searchsorted(shapes["first"][moving], after, side="right") - 1]
    is_timed = (after >= shapes["first"][owner]) & (
        after < shapes["first"][owner] + shapes["count"][owner]
    )
    after, shares, owner = after[is_timed], shares[is_timed], owner[is_timed]
    at = shapes["clock"][owner] + after - shapes["first"][owner]
    later = shares[:, None] * (clocks[at + 1] - clocks[at])
    put_in = clocks[at] + np.column_stack(
        (np.floor(later[:, 0]), np.ceil(later[:, 1]))
    ).astype(np.int64)
    longer["clock"][moving] += np.searchsorted(at, shapes["clock"][moving])
    return longer, np.insert(clocks, at + 1, put_in, axis=0)


def _lower_to_sea_level(pieces: Pieces, geoid: Geoid) -> None:
    """Narrow what pieces above the ellipsoid may reach above mean sea level."""
    rows = np.flatnonzero(pieces["datum"] == CODES[Datum.WGS84])
    if len(rows) == 0:
        return
    some = pieces[rows]
    height_m = geoid.heights_m(to_lon_lat(some["x_m"], some["y_m"], some["z_m"]))
    slack_m = GEOID_SLOPE * some["reach_m"]
    lower_mm = np.floor(-(height_m[:, 1] + slack_m) * 1e3)
    upper_mm = np.ceil(-(height_m[:, 0] - slack_m) * 1e3)
    pieces["least_mm"][rows] = some["floor_mm"] + lower_mm.astype(np.int32)
    pieces["most_mm"][rows] = some["ceiling_mm"] + upper_mm.astype(np.int32)
