"""Say how near and how far two footprints can be.

A distance between two vague places is an interval: from the nearest pair of
points to the farthest. `precision_m` is no part of it; whoever judges adds it.

Points, circles and full rings are exact: the nearest and the farthest point of a
circle lie on the geodesic through its centre. The outlines of other sectors are
searched (`outlines`) until the answer is certain to `error_m`.

Sectors that reach beyond `WIDEST_M` get the bounds of the triangle inequality:
never wrong, and wide.
"""

import math
from typing import NamedTuple, TypeAlias

from clearline.geo.geodesy import destination, distance_m, inverse
from clearline.geo.outlines import corners, lowest
from clearline.model.places import (
    FARTHEST_M,
    Circle,
    Footprint,
    Interval,
    Point,
    Position,
    Sector,
    Unlocated,
)

WIDEST_M = 1_000_000.0
"""Range up to which sectors are measured rather than bounded, metres."""

Located: TypeAlias = Point | Circle | Sector

_FULL_TURN_DEG = 360.0
_TOUCH_M = 1e-6
_TOUCH_DEG = 1e-9


def located(footprint: Footprint) -> Located | None:
    """Return a footprint that is somewhere, or nothing for an unlocated name."""
    return None if isinstance(footprint, Unlocated) else footprint


def error_m(first: Located, second: Located) -> float:
    """Return the greatest error of either end of `separation`, metres.

    1 m or 0.01 % of the reach where one side is a sector, 5 m or 0.1 % where both
    are, a hundredth of a millimetre where none is.
    """
    reaches = [f.range_m.most for f in (first, second) if isinstance(f, Sector)]
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


def is_inside(position: Position, area: Located) -> bool:
    """Say whether a position lies in an area, edges included.

    Inside a point is only that point. The area's precision adds nothing.
    """
    match area:
        case Point(position=centre):
            return distance_m(position, centre) <= _TOUCH_M
        case Circle(centre=centre, radius_m=radius_m):
            return distance_m(position, centre) <= radius_m + _TOUCH_M
        case Sector(origin=origin, bearing_deg=bearings, range_m=ranges):
            range_m, bearing_deg = inverse(origin, position)
            if not ranges.least - _TOUCH_M <= range_m <= ranges.most + _TOUCH_M:
                return False
            if range_m <= _TOUCH_M:
                return True
            turned_deg = (bearing_deg - bearings.least) % _FULL_TURN_DEG
            touch_deg = _TOUCH_DEG + math.degrees(_TOUCH_M / range_m)
            return (
                turned_deg <= bearings.width + touch_deg
                or turned_deg >= _FULL_TURN_DEG - touch_deg
            )


def middle(footprint: Located) -> Position:
    """Return the position in the middle of a footprint, for lists and drawings.

    For a ring that is its origin, which need not lie in it.
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


def reach_from_middle_m(footprint: Located) -> float:
    """Return the greatest distance from the middle to any part, metres."""
    centre = Point(position=middle(footprint), precision_m=0.0)
    return separation(centre, footprint).most


class _Shrunk(NamedTuple):
    """A footprint with everything that is round about a centre taken off."""

    shape: Point | Sector
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
        case _:
            return _Shrunk(footprint, 0.0, 0.0)


def _between(a: Point | Sector, b: Point | Sector) -> Interval:
    """Return the separation of points and sectors that are no rings."""
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


def _anchor(footprint: Point | Sector) -> Position:
    return footprint.position if isinstance(footprint, Point) else footprint.origin


def _reach_m(footprint: Point | Sector) -> float:
    return 0.0 if isinstance(footprint, Point) else footprint.range_m.most


def _is_beyond_measure(a: Point | Sector, b: Point | Sector) -> bool:
    """Say whether a sector is too wide, or an antipode too near, to be measured."""
    reaches_m = _reach_m(a) + _reach_m(b)
    apart_m = distance_m(_anchor(a), _anchor(b))
    return (
        max(_reach_m(a), _reach_m(b)) > WIDEST_M
        or apart_m + reaches_m > FARTHEST_M - WIDEST_M
    )


def _clamped(least_m: float, most_m: float) -> Interval:
    least_m = max(0.0, least_m)
    return Interval(least=least_m, most=max(least_m, min(most_m, FARTHEST_M)))


def _overlap(a: Point | Sector, b: Point | Sector) -> bool:
    """Say whether one holds a corner of the other; if so they overlap."""
    return any(is_inside(corner, b) for corner in corners(a)) or any(
        is_inside(corner, a) for corner in corners(b)
    )
