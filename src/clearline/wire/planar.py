"""Turn edges that are straight on a map of longitude and latitude into geodesics.

RFC 7946 §3.1.1 draws the edge between two positions straight in degrees; ours are
geodesics. At 35 degrees north the two part by 147 m on 100 km. So a planar edge is
halved, its new positions on the straight line in degrees, until no part runs more
than `_APART_M` beside its geodesic.

That is measured on a sphere, which is 0.6 m off on 100 km: together less than 1 m.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from clearline.model.places import Position
from clearline.model.rings import refuse, say

_APART_M: Final = 0.3
_LONGEST_M: Final = 100_000.0
_RADIUS_M: Final = 6_371_009.0
_HALF_TURN_DEG: Final = 180.0
_MOST_HALVINGS: Final = 16


def planar_path(path: Sequence[Position]) -> tuple[Position, ...]:
    """Return a path of geodesics that follows a planar one to 1 m.

    Raises:
        NotAnExtent: An edge goes half way round the Earth or farther.
    """
    followed = [path[0]]
    for k in range(1, len(path)):
        followed += _followed(path[k - 1], path[k])
    return tuple(followed)


def planar_ring(ring: Sequence[Position]) -> tuple[Position, ...]:
    """Return a ring of geodesics that follows a planar one to 1 m.

    Neither repeats its first position at the end.
    """
    return planar_path((*ring, ring[0]))[:-1]


def _followed(start: Position, end: Position) -> Iterator[Position]:
    """Yield the positions after `start`, up to and with `end`."""
    if abs(end.lon - start.lon) >= _HALF_TURN_DEG:
        raise refuse(
            f"On a flat map the edge from {say(start)} to {say(end)} goes "
            f"{abs(end.lon - start.lon):.0f} degrees round the Earth.",
            "Cut it at the antimeridian (RFC 7946 §3.1.9), or say that edges are "
            "geodesic: then it takes the short way.",
        )
    yield from _halved(start, end, _MOST_HALVINGS)


def _halved(start: Position, end: Position, halvings: int) -> Iterator[Position]:
    if halvings == 0 or _is_straight(start, end):
        yield end
        return
    middle = _between(start, end, 0.5)
    yield from _halved(start, middle, halvings - 1)
    yield from _halved(middle, end, halvings - 1)


def _between(start: Position, end: Position, share: float) -> Position:
    return Position(
        lon=start.lon + share * (end.lon - start.lon),
        lat=start.lat + share * (end.lat - start.lat),
    )


def _is_straight(start: Position, end: Position) -> bool:
    """Say whether a planar edge keeps to its great circle.

    Asked at three places, because an edge across the equator swings to both sides
    and meets its great circle halfway.
    """
    a, b = _up(start), _up(end)
    nx, ny, nz = (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )
    sine = math.sqrt(nx * nx + ny * ny + nz * nz)
    if sine * _RADIUS_M < _APART_M:
        return True
    if sine * _RADIUS_M > _LONGEST_M or a[0] * b[0] + a[1] * b[1] + a[2] * b[2] < 0.0:
        return False
    for share in (0.25, 0.5, 0.75):
        x, y, z = _up(_between(start, end, share))
        if abs(x * nx + y * ny + z * nz) * _RADIUS_M > _APART_M * sine:
            return False
    return True


def _up(position: Position) -> tuple[float, float, float]:
    lon, lat = math.radians(position.lon), math.radians(position.lat)
    across = math.cos(lat)
    return across * math.cos(lon), across * math.sin(lon), math.sin(lat)
