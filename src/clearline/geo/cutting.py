"""Cut shapes into packed pieces, compiled.

Shapes come in as they stand, one row each, with their vertices in one array; they
leave as pieces (`geo.kernels`), each with a cap that surely holds it. Areas and
points stay whole. A path is cut so that no piece is longer than its shape's
`cut_m`; legs shorter than that share a piece. New vertices lie on the geodesic to a
millimetre, because no leg is longer than `LEG_M` (`geo.packing` sees to it).
"""

import math
from typing import Any, Final

import numpy as np

from clearline.geo.edges import on_edge
from clearline.geo.ellipsoid import (
    compiled,
    distance,
    from_degrees,
    lean,
    scaled,
    to_degrees,
)
from clearline.geo.nearest import is_gap, vertex

STRAIGHT_M: Final = 25_000.0
"""Longest edge an exact judge is given, metres."""
LEG_M: Final = 50_000.0
"""Longest leg of a path that stands still which is cut here, metres: on it a place
found along the chord is 0.2 mm beside the geodesic, but 5 cm from where it would be
at that time."""

SHAPE: Final = np.dtype(
    [
        ("radius_m", "f8"),
        ("buffer_m", "f8"),
        ("precision_m", "f8"),
        ("cut_m", "f8"),  # longest piece of a path
        ("from_us", "i8"),
        ("until_us", "i8"),
        ("buffer_us", "i8"),
        ("first", "i8"),
        ("clock", "i8"),
        ("count", "i4"),
        ("extent", "i4"),
        ("floor_mm", "i4"),
        ("ceiling_mm", "i4"),
        ("least_mm", "i4"),
        ("most_mm", "i4"),
        ("datum", "i1"),
        ("kind", "i1"),
    ],
    align=True,
)
"""A shape before it is cut: the fields of `PIECE` that do not depend on cutting."""

# Plain 0 would be a type of its own, for which everything is compiled once more.
_ZERO: Final[Any] = np.int64(0)
_SLACK: Final = 1e-6
_SLACK_M: Final = 1e-3


@compiled
def to_vertices(lon_lat: Any) -> Any:
    """Return (n, 3) ECEF metres for (n, 2) degrees; NaN stays NaN."""
    vertices = np.empty((len(lon_lat), 3), np.float64)
    _place(lon_lat, vertices)
    return vertices


@lean
def lay_out(
    shapes: Any, lon_lat: Any, vertices: Any, clocks: Any,
    pieces: Any, piece_vertices: Any, piece_clocks: Any,
) -> tuple[bool, int, int, int]:  # fmt: skip
    """Write vertices for (n, 2) degrees, and count what cutting them will make.

    Returns:
        Whether an edge has to be cut first (`long_edges`), and what `cut` returns.
    """
    _place(lon_lat, vertices)
    for shape in shapes:
        most_m = _longest_m(shape)
        for k in range(shape.first, shape.first + shape.count - 1):
            if _edge_m(vertices, k) > most_m:
                return True, 0, 0, 0
    n, rows, ticks = cut(shapes, vertices, clocks, pieces, piece_vertices, piece_clocks)
    return False, n, rows, ticks


@lean
def _place(lon_lat: Any, vertices: Any) -> None:
    for k in range(len(lon_lat)):
        p = from_degrees(lon_lat[k, 0], lon_lat[k, 1])
        vertices[k, 0], vertices[k, 1], vertices[k, 2] = p


@lean
def _longest_m(shape: Any) -> float:
    """Return how long an edge of a shape may be before it is cut by PROJ."""
    return LEG_M if shape.kind == 0 and shape.clock < 0 else STRAIGHT_M


@lean
def _edge_m(vertices: Any, k: int) -> float:
    """Return the length of the edge from a row on; zero beside a gap."""
    p, q = vertex(vertices, k), vertex(vertices, k + 1)
    return 0.0 if is_gap(p) or is_gap(q) else distance(p, q)


@compiled
def to_lon_lat(x_m: Any, y_m: Any, z_m: Any) -> Any:
    """Return (n, 2) degrees, longitude first, for points on the ellipsoid."""
    lon_lat = np.empty((len(x_m), 2), np.float64)
    for k in range(len(x_m)):
        lon_lat[k, 0], lon_lat[k, 1] = to_degrees((x_m[k], y_m[k], z_m[k]))
    return lon_lat


@compiled
def long_edges(shapes: Any, vertices: Any) -> Any:
    """Return the rows from which an edge starts that is too long to be cut here."""
    is_long = np.zeros(len(vertices), np.bool_)
    for shape in shapes:
        for k in range(shape.first, shape.first + shape.count - 1):
            is_long[k] = _edge_m(vertices, k) > _longest_m(shape)
    return np.flatnonzero(is_long)


@lean
def cut(
    shapes: Any, vertices: Any, clocks: Any,
    pieces: Any, piece_vertices: Any, piece_clocks: Any,
) -> tuple[int, int, int]:  # fmt: skip
    """Cut every shape; where there is no room for pieces, only count what it makes.

    Returns:
        How many pieces, vertices and rows of clocks there are.
    """
    is_counting = len(pieces) == 0
    n, rows, ticks = _ZERO, _ZERO, _ZERO
    for s in range(len(shapes)):
        shape = shapes[s]
        last = shape.first + shape.count - 1
        start, k, share, length = rows, shape.first, 0.0, 0.0
        # Invariant: rows [start, rows) are the piece being made, `length` long.
        while True:
            if not is_counting:
                _copy(shape, vertices, clocks, k, share, piece_vertices, rows,
                      piece_clocks, ticks)  # fmt: skip
            rows, ticks = rows + 1, ticks + (shape.clock >= 0)
            if k == last:
                break
            if shape.kind == 1:
                k += 1
                continue
            leg = distance(vertex(vertices, k), vertex(vertices, k + 1))
            parts = max(1.0, math.ceil(leg / shape.cut_m))
            step = leg / parts
            if length > 0.0 and length + step > shape.cut_m:
                # The piece ends here; the next one starts at the same place.
                if not is_counting:
                    _close(shape, pieces, n, piece_vertices, piece_clocks, start, rows,
                           ticks)  # fmt: skip
                n, start, length = n + 1, rows, 0.0
                continue
            length += step
            share += 1.0 / parts
            if share > 1.0 - 0.5 / parts:
                k, share = k + 1, 0.0
        if not is_counting:
            _close(shape, pieces, n, piece_vertices, piece_clocks, start, rows, ticks)
        n += 1
    return n, rows, ticks


@lean
def _copy(
    shape: Any, vertices: Any, clocks: Any, k: int, share: float,
    piece_vertices: Any, row: int, piece_clocks: Any, tick: int,
) -> None:  # fmt: skip
    """Write the vertex at a share of a leg, and its clock."""
    p = vertex(vertices, k)
    if share > 0.0:
        p = on_edge(p, vertex(vertices, k + 1), share)
    piece_vertices[row, 0], piece_vertices[row, 1], piece_vertices[row, 2] = p
    if shape.clock >= 0:
        at = shape.clock + k - shape.first
        for side in range(2):
            passed_us = clocks[at, side]
            if share > 0.0:
                later_us = share * float(clocks[at + 1, side] - passed_us)
                # Outward, so that no instant is lost.
                passed_us += math.floor(later_us) if side == 0 else math.ceil(later_us)
            piece_clocks[tick, side] = passed_us


@lean
def _close(
    shape: Any, pieces: Any, n: int, vertices: Any, clocks: Any,
    start: int, end: int, ticks: int,
) -> None:  # fmt: skip
    """Write the row of a piece whose vertices are [start, end)."""
    x, y, z, rows = 0.0, 0.0, 0.0, 0
    for k in range(start, end):
        p = vertex(vertices, k)
        if not is_gap(p):
            x, y, z, rows = x + p[0], y + p[1], z + p[2], rows + 1
    centre = vertex(vertices, start) if end - start == 1 else scaled((x, y, z))
    bare_m = 0.0
    for k in range(start, end):
        p = vertex(vertices, k)
        if not is_gap(p):
            bare_m = max(bare_m, distance(centre, p))
    piece = pieces[n]
    piece.x_m, piece.y_m, piece.z_m = centre
    slack_m = _SLACK_M + _SLACK * bare_m if end - start > 1 else 0.0
    piece.reach_m = (
        bare_m + slack_m + shape.radius_m + shape.buffer_m + shape.precision_m
    )
    piece.radius_m, piece.buffer_m = shape.radius_m, shape.buffer_m
    piece.precision_m = shape.precision_m
    piece.from_us, piece.until_us = shape.from_us, shape.until_us
    piece.buffer_us = shape.buffer_us
    piece.first, piece.count = start, end - start
    piece.clock = -1
    if shape.clock >= 0:
        piece.clock = ticks - (end - start)
        piece.from_us = clocks[piece.clock, 0]
        piece.until_us = clocks[ticks - 1, 1] + 1
    piece.extent, piece.kind, piece.datum = shape.extent, shape.kind, shape.datum
    piece.floor_mm, piece.ceiling_mm = shape.floor_mm, shape.ceiling_mm
    piece.least_mm, piece.most_mm = shape.least_mm, shape.most_mm
