"""Refuse rings and paths that nobody can mean.

Positions are laid into the plane that touches the ellipsoid in their middle, from
the centre of curvature: there geodesics are straight, to 2 mm within 50 km of the
middle and `_straight_m` farther out. In that plane a ring is looked at as on paper:
does it cross itself, has it any area, do its holes lie inside it. Touching is no
harm: what is inside stays clear.

A ring cuts the Earth in two, and its inside is the smaller part; that is only clear
as long as all of it lies within `_WIDEST_DEG` of its middle.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

from clearline.model.errors import BadInput
from clearline.model.positions import Position

MAJOR_M: Final = 6_378_137.0
"""Equatorial radius of the ellipsoid, metres, WGS 84 (NGA.STND.0036, table 3.1)."""
FLATTENING: Final = 1 / 298.257223563
"""The same source."""

MOST_POSITIONS: Final = 10_000
"""Most positions a path or an area may have."""
LONGEST_EDGE_M: Final = 5_000_000.0
"""Longest edge of a ring, metres."""
LONGEST_LEG_M: Final = 15_000_000.0
"""Longest leg of a path, metres: near the opposite of a position, ways are many."""

_MINOR_M: Final = MAJOR_M * (1 - FLATTENING)
_E2: Final = FLATTENING * (2 - FLATTENING)
_WIDEST_DEG: Final = 40.0
_WIDEST: Final = math.cos(math.radians(_WIDEST_DEG))
_THINNEST_M: Final = 1e-3

Ring: TypeAlias = Sequence[Position]
_Flat: TypeAlias = tuple[float, float]
_Vector: TypeAlias = tuple[float, float, float]


class NotAnExtent(BadInput):
    """Refuse what takes up no part of the world that anybody can mean."""


def refuse(what: str, next_step: str) -> NotAnExtent:
    """Make the error for what is no extent."""
    return NotAnExtent(what, state="No extent was made.", next=next_step)


def require_path(path: Ring) -> None:
    """Refuse a path without length, or with a leg too long to have one way.

    Raises:
        NotAnExtent: It says which leg, and where it runs.
    """
    _require_count(path, 2, "A path", "two positions")
    if all(position == path[0] for position in path):
        raise refuse(
            f"Every position of the path is {say(path[0])}: it leads nowhere.",
            "Give a circle, or another position.",
        )
    for p, q in pairwise(path):
        _require_short(p, q, LONGEST_LEG_M, "leg")


def require_rings(outer: Ring, holes: Sequence[Ring]) -> None:
    """Refuse rings that do not bound one area with holes.

    Raises:
        NotAnExtent: It says what is wrong, and where.
    """
    rings = (outer, *holes)
    _require_count([at for ring in rings for at in ring], 0, "An area", "")
    for number, ring in enumerate(rings):
        name = _name(number)
        _require_count(ring, 3, name, "three positions")
        for p, q in pairwise((*ring, ring[0])):
            if p == q:
                raise refuse(
                    f"{name} has {say(p)} twice in a row.",
                    "Give each position once; the last leads back to the first.",
                )
            _require_short(p, q, LONGEST_EDGE_M, "edge")
    normals = [[_normal(at) for at in ring] for ring in rings]
    plane = _Plane(outer, normals[0])
    flat = [plane.ring(*both) for both in zip(rings, normals, strict=True)]
    error_m = _straight_m(flat[0])
    _require_no_crossing(plane, rings, flat, error_m)
    _require_area(flat, error_m)
    _require_holes_inside(rings, flat, error_m)


def length_m(p: Position, q: Position) -> float:
    """Return about how far apart two positions are, metres.

    By their chord: off by 0.001 % at 1,000 km, and by less than 1 % anywhere.
    """
    chord_m = math.dist(_at(_normal(p)), _at(_normal(q)))
    return 2.0 * MAJOR_M * math.asin(min(1.0, chord_m / (2.0 * MAJOR_M)))


def say(position: Position) -> str:
    """Write a position for a sentence."""
    lat = f"{abs(position.lat):.5f} {'N' if position.lat >= 0 else 'S'}"
    return f"{lat} {abs(position.lon):.5f} {'E' if position.lon >= 0 else 'W'}"


def _name(number: int) -> str:
    return "The outer ring" if number == 0 else f"Hole {number}"


def _require_count(positions: Ring, least: int, name: str, words: str) -> None:
    if len(positions) < least:
        raise refuse(
            f"{name} of {len(positions)} positions bounds nothing.",
            f"Give at least {words}.",
        )
    if len(positions) > MOST_POSITIONS:
        raise refuse(
            f"{name} of {len(positions)} positions is too long.",
            f"Give at most {MOST_POSITIONS}: leave out some, or cut it into parts.",
        )


def _require_short(p: Position, q: Position, longest_m: float, word: str) -> None:
    if abs(p.lon - q.lon) < 20.0 and abs(p.lat - q.lat) < 20.0:  # noqa: PLR2004 (most)
        return
    length_m = MAJOR_M * math.acos(max(-1.0, min(1.0, _dot(_normal(p), _normal(q)))))
    if length_m > longest_m:
        raise refuse(
            f"The {word} from {say(p)} to {say(q)} is {length_m / 1000:,.0f} km long.",
            "Check both longitudes: a sign or half a turn (180 degrees) may be wrong. "
            "If it is meant, put a position in between.",
        )


class _Plane:
    """The plane that touches the ellipsoid in the middle of a ring."""

    def __init__(self, ring: Ring, normals: Sequence[_Vector]) -> None:
        x, y, z = (math.fsum(axis) for axis in zip(*normals, strict=True))
        length = math.sqrt(x * x + y * y + z * z)
        if length < 1e-9 * len(ring):
            raise _too_wide(ring)
        self.up = up = (x / length, y / length, z / length)
        if any(_dot(up, normal) < _WIDEST for normal in normals):
            raise _too_wide(ring)
        self.origin = _at(up)
        self.radius_m = _MINOR_M / (1.0 - _E2 * up[2] * up[2])
        side = (0.0, 0.0, 1.0) if abs(up[2]) < 0.9 else (1.0, 0.0, 0.0)  # noqa: PLR2004
        east = _cross(side, up)
        length = math.sqrt(_dot(east, east))
        self.east = (east[0] / length, east[1] / length, east[2] / length)
        self.north = _cross(up, self.east)

    def ring(self, ring: Ring, normals: Sequence[_Vector]) -> list[_Flat]:
        """Return where the positions of a ring fall; `normals` are theirs."""
        (ux, uy, uz), (ex, ey, ez), (nx, ny, nz) = self.up, self.east, self.north
        ox, oy, oz = self.origin
        flat = []
        for position, (px, py, pz) in zip(ring, normals, strict=True):
            across_m = MAJOR_M / math.sqrt(1.0 - _E2 * pz * pz)
            x, y, z = (
                across_m * px - ox,
                across_m * py - oy,
                across_m * (1.0 - _E2) * pz - oz,
            )
            height_m = self.radius_m + ux * x + uy * y + uz * z
            if height_m < 0.1 * self.radius_m:
                raise refuse(
                    f"{say(position)} lies too far from the rest.",
                    "Check its sign and its longitude.",
                )
            by = self.radius_m / height_m
            flat.append(
                (by * (ex * x + ey * y + ez * z), by * (nx * x + ny * y + nz * z))
            )
        return flat

    def position(self, at: _Flat) -> Position:
        """Return about where a point of the plane lies."""
        x, y, z = (
            self.radius_m * up + at[0] * east + at[1] * north
            for up, east, north in zip(self.up, self.east, self.north, strict=True)
        )
        return Position(
            lon=math.degrees(math.atan2(y, x)),
            lat=math.degrees(math.atan2(z, math.hypot(x, y))),
        )


def _too_wide(ring: Ring) -> NotAnExtent:
    return refuse(
        f"The ring that starts at {say(ring[0])} reaches more than "
        f"{_WIDEST_DEG:.0f} degrees from its middle, so nobody can tell its inside.",
        "Check its signs and longitudes, or cut it into parts.",
    )


def _normal(position: Position) -> _Vector:
    """Return the direction straight up at a position."""
    lon, lat = math.radians(position.lon), math.radians(position.lat)
    across = math.cos(lat)
    return across * math.cos(lon), across * math.sin(lon), math.sin(lat)


def _at(normal: _Vector) -> _Vector:
    """Return the point of the ellipsoid that has this normal, ECEF metres."""
    x, y, z = normal
    across_m = MAJOR_M / math.sqrt(1.0 - _E2 * z * z)
    return across_m * x, across_m * y, across_m * (1.0 - _E2) * z


def _dot(a: _Vector, b: _Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _cross(a: _Vector, b: _Vector) -> _Vector:
    return (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )


def _straight_m(ring: Sequence[_Flat]) -> float:
    """Return how far a geodesic of a ring may run from its straight edge, metres."""
    size_m = max(abs(coordinate) for at in ring for coordinate in at)
    return 0.005 + 0.002 * (size_m / 50_000.0) ** 3


def _require_area(flat: Sequence[Sequence[_Flat]], error_m: float) -> None:
    areas_m2, lengths_m = zip(*(_measure(ring) for ring in flat), strict=True)
    for number, (area_m2, length_m) in enumerate(zip(areas_m2, lengths_m, strict=True)):
        if area_m2 <= (_THINNEST_M + error_m) * length_m / 2:
            raise refuse(
                f"{_name(number)} has no area: its positions lie on one line.",
                "Check them, or give a corridor along that line.",
            )
    if areas_m2[0] - sum(areas_m2[1:]) <= (_THINNEST_M + error_m) * lengths_m[0] / 2:
        raise refuse("The holes leave nothing of the area.", "Check the holes.")


def _measure(ring: Sequence[_Flat]) -> tuple[float, float]:
    """Return the area a ring goes round, and its length."""
    doubled_m2 = length_m = 0.0
    ax, ay = ring[-1]
    for bx, by in ring:
        doubled_m2 += ax * by - bx * ay
        length_m += math.hypot(bx - ax, by - ay)
        ax, ay = bx, by
    return abs(doubled_m2) / 2, length_m


def _is_convex(ring: Sequence[_Flat]) -> bool:
    """Say whether a ring turns to one side all along, and once round in all."""
    (ax, ay), (bx, by) = ring[-2], ring[-1]
    ux, uy = bx - ax, by - ay
    side, changes, was_east = 0.0, 0, ux > 0.0
    for cx, cy in ring:
        vx, vy = cx - bx, cy - by
        turn = ux * vy - uy * vx
        if turn * side < 0.0 or turn == 0.0:
            return False
        side = turn
        # Once round, the edges lead east, then west, then east again.
        changes += (vx > 0.0) != was_east
        ux, uy, bx, by, was_east = vx, vy, cx, cy, vx > 0.0
    return changes <= 2  # noqa: PLR2004 (there and back)


class _Edge(NamedTuple):
    """One edge in the plane, its box, and where it came from."""

    west: float
    east: float
    south: float
    north: float
    start: _Flat
    end: _Flat
    ring: int
    number: int


def _edges(flat: Sequence[Sequence[_Flat]]) -> list[_Edge]:
    """Return all edges of all rings, the one that begins farthest west first."""
    edges = []
    for ring, positions in enumerate(flat):
        ends = (*positions[1:], positions[0])
        for number, (p, q) in enumerate(zip(positions, ends, strict=True)):
            west, east = (p[0], q[0]) if p[0] < q[0] else (q[0], p[0])
            south, north = (p[1], q[1]) if p[1] < q[1] else (q[1], p[1])
            edges.append(_Edge(west, east, south, north, p, q, ring, number))
    return sorted(edges)


def _require_no_crossing(
    plane: _Plane,
    rings: Sequence[Ring],
    flat: Sequence[Sequence[_Flat]],
    error_m: float,
) -> None:
    """Sweep from west to east, comparing edges whose boxes meet."""
    if len(flat) == 1 and _is_convex(flat[0]):
        return
    edges = _edges(flat)
    for k, edge in enumerate(edges):
        for m in range(k + 1, len(edges)):
            other = edges[m]
            if other.west > edge.east:
                break
            if other.south > edge.north or other.north < edge.south:
                continue
            at = _crossing(edge, other, error_m)
            if at is not None:
                raise _crossed(rings, edge, other, plane.position(at))


def _crossing(a: _Edge, b: _Edge, error_m: float) -> _Flat | None:
    """Return where two edges cross, if each end lies clear of the other edge."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = a.start, a.end, b.start, b.end
    ux, uy, vx, vy = bx - ax, by - ay, dx - cx, dy - cy
    turn = ux * vy - uy * vx
    if turn == 0.0:
        return None
    wx, wy = ax - cx, ay - cy
    f, g = (vx * wy - vy * wx) / turn, (ux * wy - uy * wx) / turn
    if not (0.0 < f < 1.0 and 0.0 < g < 1.0):
        return None
    clear_m = abs(turn) * min(
        min(g, 1 - g) / math.hypot(ux, uy), min(f, 1 - f) / math.hypot(vx, vy)
    )
    return (ax + f * ux, ay + f * uy) if clear_m > error_m else None


def _crossed(rings: Sequence[Ring], a: _Edge, b: _Edge, at: Position) -> NotAnExtent:
    first, second = sorted((a, b), key=lambda edge: (edge.ring, edge.number))
    one, other = (
        f"the edge from {say(rings[edge.ring][edge.number])} to "
        f"{say(rings[edge.ring][(edge.number + 1) % len(rings[edge.ring])])}"
        for edge in (first, second)
    )
    if first.ring == second.ring:
        what = (
            f"{_name(first.ring)} crosses itself near {say(at)}: {one} crosses {other}."
        )
    else:
        what = (
            f"{_name(first.ring)} and {_name(second.ring).lower()} cross near "
            f"{say(at)}: {one} crosses {other}."
        )
    return refuse(what, "Check the order of the positions.")


def _require_holes_inside(
    rings: Sequence[Ring], flat: Sequence[Sequence[_Flat]], error_m: float
) -> None:
    """Refuse a hole outside the outer ring, or inside another hole."""
    for number in range(1, len(rings)):
        for other in range(len(rings)):
            if other == number:
                continue
            is_inside = _lies_inside(flat[number], flat[other], error_m)
            if is_inside is not None and is_inside != (other == 0):
                where = (
                    "outside the outer ring" if other == 0 else f"inside hole {other}"
                )
                raise refuse(
                    f"Hole {number}, which starts at {say(rings[number][0])}, lies "
                    f"{where}.",
                    "Leave it out, or give what it is as a part of its own.",
                )


def _lies_inside(
    inner: Sequence[_Flat], outer: Sequence[_Flat], error_m: float
) -> bool | None:
    """Say whether a ring lies inside another, by its first position clear of it."""
    for at in inner:
        if _is_clear(at, outer, error_m):
            return _is_inside(at, outer)
    return None


def _is_clear(at: _Flat, ring: Sequence[_Flat], error_m: float) -> bool:
    for (ax, ay), (bx, by) in zip(ring, (*ring[1:], ring[0]), strict=True):
        ux, uy = bx - ax, by - ay
        share = ((at[0] - ax) * ux + (at[1] - ay) * uy) / (ux * ux + uy * uy)
        share = min(1.0, max(0.0, share))
        if math.hypot(at[0] - ax - share * ux, at[1] - ay - share * uy) <= error_m:
            return False
    return True


def _is_inside(at: _Flat, ring: Sequence[_Flat]) -> bool:
    is_inside = False
    ax, ay = ring[-1][0] - at[0], ring[-1][1] - at[1]
    for x, y in ring:
        bx, by = x - at[0], y - at[1]
        if (ay > 0.0) != (by > 0.0):
            is_inside ^= (ax * by - bx * ay > 0.0) == (by > ay)
        ax, ay = bx, by
    return is_inside
