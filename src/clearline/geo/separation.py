"""Say how near and how far two footprints can be.

A distance between two vague places is an interval: from the nearest pair of
points to the farthest. `precision_m` is no part of it; whoever judges adds it.

Points, circles and full rings are exact: the nearest and the farthest point of a
circle lie on the geodesic through its centre. The outlines of other sectors, of
routes and of areas are searched (`outlines`) until the answer is certain to
`error_m`.

What reaches beyond `WIDEST_M`, or has too many edges, gets the bounds of the
triangle inequality: never wrong, and wide.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from clearline.geo.geodesy import destination, distance_m
from clearline.geo.insides import is_inside, reach_of
from clearline.geo.outlines import Drawn, Outlined, chains, corners, lowest
from clearline.model.places import (
    FARTHEST_M,
    Circle,
    Corridor,
    Footprint,
    Interval,
    Point,
    Position,
    Sector,
    Unlocated,
)

WIDEST_M = 1_000_000.0
"""Range up to which footprints are measured rather than bounded, metres."""
MOST_PAIRS = 250_000
"""Pairs of edges up to which outlines are measured rather than bounded."""

Located: TypeAlias = Point | Circle | Sector | Drawn

_FULL_TURN_DEG = 360.0


def located(footprint: Footprint) -> Located | None:
    """Return a footprint that is somewhere, or nothing for an unlocated name."""
    return None if isinstance(footprint, Unlocated) else footprint


def error_m(first: Located, second: Located) -> float:
    """Return the greatest error of either end of `separation`, metres.

    1 m or 0.01 % of the reach where one side has an outline to search, 5 m or 0.1 %
    where both have, a hundredth of a millimetre where none has.
    """
    reaches = [
        _reach_m(f) for f in (first, second) if not isinstance(f, Point | Circle)
    ]
    match len(reaches):
        case 0:
            return 1e-5
        case 1:
            return max(1.0, 1e-4 * reaches[0])
        case _:
            return max(5.0, 1e-3 * max(reaches))


def separation(first: Located, second: Located) -> Interval:
    """Return the least and the greatest distance between two footprints, metres.

    Symmetric; zero at the lower end where they touch or overlap. Each end is a
    distance that two of their points really have, and at most `error_m` inside
    the true one, except where the triangle inequality had to answer.
    """
    a, b = sorted((_shrunk(first), _shrunk(second)), key=repr)
    apart = _between(a.shape, b.shape)
    # Swollen back: each hole keeps the other side out, each radius lets it nearer.
    least_m = max(
        apart.least - a.radius_m - b.radius_m,
        a.hole_m - apart.most - b.radius_m,
        b.hole_m - apart.most - a.radius_m,
    )
    return _clamped(least_m, apart.most + a.radius_m + b.radius_m)


def separations(shapes: Sequence[Located]) -> list[list[Interval]]:
    """Return the separation of each of several footprints from each, measured once."""
    nothing = Interval(least=0.0, most=0.0)
    rows = [[nothing] * len(shapes) for _ in shapes]
    for i, one in enumerate(shapes):
        for j in range(i):
            rows[i][j] = rows[j][i] = separation(one, shapes[j])
    return rows


def middle(footprint: Located) -> Position:
    """Return the position in the middle of a footprint, for lists and drawings.

    For a ring that is its origin, for a route or an area the mean of its corners;
    neither need lie in it.
    """
    match footprint:
        case Point(position=position):
            return position
        case Circle(centre=centre):
            return centre
        case Sector(origin=origin, bearing_deg=bearings, range_m=ranges):
            if bearings.width >= _FULL_TURN_DEG:
                return origin
            return destination(origin, bearings.middle, ranges.middle)
        case _:
            return _mean(list(corners(footprint)))


def reach_from_middle_m(footprint: Located) -> float:
    """Return the greatest distance from the middle to any part, metres."""
    centre = Point(position=middle(footprint), precision_m=0.0)
    return separation(centre, footprint).most


class _Shrunk(NamedTuple):
    """A footprint with everything that is round about a centre taken off."""

    shape: Outlined
    radius_m: float
    hole_m: float


def _shrunk(footprint: Located) -> _Shrunk:
    match footprint:
        case Circle(centre=centre, radius_m=radius_m):
            return _Shrunk(Point(position=centre, precision_m=0.0), radius_m, 0.0)
        case Sector(origin=origin, bearing_deg=bearings, range_m=ranges) if (
            bearings.width >= _FULL_TURN_DEG
        ):
            around = Point(position=origin, precision_m=0.0)
            return _Shrunk(around, ranges.most, ranges.least)
        case Corridor(half_width_m=half_width_m):
            return _Shrunk(footprint, half_width_m, 0.0)
        case _:
            return _Shrunk(footprint, 0.0, 0.0)


def _between(a: Outlined, b: Outlined) -> Interval:
    """Return the separation of outlines; those of corridors are their paths."""
    if isinstance(a, Point) and isinstance(b, Point):
        apart_m = distance_m(a.position, b.position)
        return Interval(least=apart_m, most=apart_m)
    if _is_beyond_measure(a, b):
        apart_m = distance_m(_anchor(a), _anchor(b))
        reaches_m = _reach_m(a) + _reach_m(b)
        return _clamped(apart_m - reaches_m, apart_m + reaches_m)
    tolerance_m = error_m(a, b)
    most = -lowest(a, b, lambda p, q: -distance_m(p, q), tolerance_m)
    if _overlap(a, b):
        return _clamped(0.0, most)
    least = lowest(a, b, distance_m, tolerance_m)
    return _clamped(0.0 if least <= tolerance_m else least, most)


def _anchor(footprint: Located) -> Position:
    match footprint:
        case Point(position=position):
            return position
        case Circle(centre=centre):
            return centre
        case Sector(origin=origin):
            return origin
        case _:
            return next(corners(footprint))


def _reach_m(footprint: Located) -> float:
    """Return a length that no part lies farther from the anchor than."""
    match footprint:
        case Point():
            return 0.0
        case Circle(radius_m=radius_m):
            return radius_m
        case Sector(range_m=ranges):
            return ranges.most
        case _:
            return reach_of(footprint)


def _edges(footprint: Outlined) -> int:
    if isinstance(footprint, Drawn):
        return sum(len(chain) - 1 for chain in chains(footprint))
    return 1


def _is_beyond_measure(a: Outlined, b: Outlined) -> bool:
    """Say whether outlines are too wide, too long, or too near an antipode."""
    if _edges(a) * _edges(b) > MOST_PAIRS:
        return True
    apart_m = distance_m(_anchor(a), _anchor(b))
    reaches_m = _reach_m(a) + _reach_m(b)
    return (
        max(_reach_m(a), _reach_m(b)) > WIDEST_M
        or apart_m + reaches_m > FARTHEST_M - WIDEST_M
    )


def _clamped(least_m: float, most_m: float) -> Interval:
    least_m = max(0.0, least_m)
    return Interval(least=least_m, most=max(least_m, min(most_m, FARTHEST_M)))


def _overlap(a: Outlined, b: Outlined) -> bool:
    """Say whether one holds a corner of the other; if so they overlap.

    A path holds nothing; where one crosses anything the search finds it.
    """
    return _holds_a_corner(b, a) or _holds_a_corner(a, b)


def _holds_a_corner(area: Outlined, other: Outlined) -> bool:
    return not isinstance(area, Corridor) and any(
        is_inside(corner, area) for corner in corners(other)
    )


def _mean(positions: Sequence[Position]) -> Position:
    """Return the middle of positions: the mean of their directions from the centre."""
    x = y = z = 0.0
    for at in positions:
        lon, lat = math.radians(at.lon), math.radians(at.lat)
        x += math.cos(lat) * math.cos(lon)
        y += math.cos(lat) * math.sin(lon)
        z += math.sin(lat)
    return Position(
        lon=math.degrees(math.atan2(y, x)),
        lat=math.degrees(math.atan2(z, math.hypot(x, y))),
    )
