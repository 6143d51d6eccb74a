"""Say which rings surely bound an area, compiled: what `model.rings` would allow.

A ring is looked at as there, in the plane that touches the ellipsoid in its middle,
but only where that is plain: within half a degree, far from the poles and from the
antimeridian, of at most 64 positions, no edge of it within centimetres of another.
Of all others this says nothing.
"""

import math
from typing import Any, Final

import numpy as np

from clearline.geo.edges import Flat
from clearline.geo.ellipsoid import compiled, flat, from_degrees, lean, plane_at, scaled

_MOST: Final = 64
_WIDEST_DEG: Final = 0.5
_FARTHEST_LAT: Final = 80.0
_CLEAR_M: Final = 0.05
"""Edges nearer to one another than this are not told apart here. `model.rings` sees
a crossing from 5 mm on, and the planes differ by less."""


@compiled
def surely_simple(lon_lat: Any, counts: Any) -> Any:
    """Say of each closed ring whether it surely bounds one area.

    Args:
        lon_lat: (v, 2) degrees, ring after ring, the first position repeated.
        counts: (n,) positions of each.

    Returns:
        (n,) bool; `False` says nothing.
    """
    is_simple = np.zeros(len(counts), np.bool_)
    ring = np.empty((_MOST + 1, 2), np.float64)
    first = 0
    for k in range(len(counts)):
        count = counts[k]
        if 4 <= count <= _MOST and _lay(lon_lat, first, count, ring):  # noqa: PLR2004
            is_simple[k] = _has_area(ring, count) and _is_clear(ring, count)
        first += count
    return is_simple


@lean
def _lay(lon_lat: Any, first: int, count: int, ring: Any) -> bool:
    """Lay a ring into the plane in its middle; say whether that is plain."""
    lon, lat = lon_lat[first, 0], lon_lat[first, 1]
    x, y, z = 0.0, 0.0, 0.0
    for k in range(first, first + count):
        if (
            abs(lon_lat[k, 0] - lon) > _WIDEST_DEG
            or abs(lon_lat[k, 1] - lat) > _WIDEST_DEG
            or abs(lon_lat[k, 1]) > _FARTHEST_LAT
        ):
            return False
        p = from_degrees(lon_lat[k, 0], lon_lat[k, 1])
        x, y, z = x + p[0], y + p[1], z + p[2]
    plane = plane_at(scaled((x, y, z)))
    for k in range(count):
        at = from_degrees(lon_lat[first + k, 0], lon_lat[first + k, 1])
        ring[k, 0], ring[k, 1] = flat(plane, at)
    return True


@lean
def _has_area(ring: Any, count: int) -> bool:
    """Say whether a ring is wider than a hair, and each edge longer than one."""
    doubled_m2, length_m = 0.0, 0.0
    for k in range(count - 1):
        ax, ay, bx, by = ring[k, 0], ring[k, 1], ring[k + 1, 0], ring[k + 1, 1]
        edge_m = math.hypot(bx - ax, by - ay)
        if edge_m < _CLEAR_M:
            return False
        doubled_m2 += ax * by - bx * ay
        length_m += edge_m
    return abs(doubled_m2) > 2.0 * _CLEAR_M * length_m


@lean
def _is_clear(ring: Any, count: int) -> bool:
    """Say whether every edge keeps clear of all others but at their common end."""
    last = count - 2
    for i in range(last + 1):
        a, b = _corner(ring, i), _corner(ring, i + 1)
        if not _turns(a, b, _corner(ring, 1 if i == last else i + 2)):
            return False
        for j in range(i + 2, last + 1):
            if i == 0 and j == last:
                continue  # they meet where the ring closes
            c, d = _corner(ring, j), _corner(ring, j + 1)
            if not (_is_beside(a, b, c, d) or _is_beside(c, d, a, b)):
                return False
    return True


@lean
def _corner(ring: Any, k: int) -> Flat:
    return ring[k, 0], ring[k, 1]


@lean
def _turns(a: Flat, b: Flat, c: Flat) -> bool:
    """Say whether b-c leads on from a-b, and not back along it."""
    ux, uy, vx, vy = b[0] - a[0], b[1] - a[1], c[0] - b[0], c[1] - b[1]
    if ux * vx + uy * vy > 0.0:
        return True
    # Back along it within a hair of the shorter of the two.
    turn, longer2 = abs(ux * vy - uy * vx), max(ux * ux + uy * uy, vx * vx + vy * vy)
    return turn > _CLEAR_M * math.sqrt(longer2)


@lean
def _is_beside(a: Flat, b: Flat, c: Flat, d: Flat) -> bool:
    """Say whether c and d lie clear on one side of the line through a and b."""
    ux, uy = b[0] - a[0], b[1] - a[1]
    most = _CLEAR_M * math.hypot(ux, uy)
    from_c = ux * (c[1] - a[1]) - uy * (c[0] - a[0])
    from_d = ux * (d[1] - a[1]) - uy * (d[0] - a[0])
    return (from_c > most and from_d > most) or (from_c < -most and from_d < -most)
