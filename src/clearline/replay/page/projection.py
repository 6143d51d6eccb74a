"""Lay positions flat on a small drawing, and outline what is located.

The plane is azimuthal equidistant about one position: distances and bearings from
there are true; elsewhere, within the tens of kilometres drawn here, they are off by
less than a line's width. North is up at that position.
"""

import math
from collections.abc import Iterator
from typing import Final, NamedTuple

from clearline.geo.geodesy import destination, inverse
from clearline.model.places import Circle, Point, Position, Sector

_ARC_STEP_DEG: Final = 3.0
_FULL_TURN_DEG: Final = 360.0


class Flat(NamedTuple):
    """A position in the plane: metres east and north of the centre."""

    east_m: float
    north_m: float


def flatten(centre: Position, position: Position) -> Flat:
    """Return where a position lies in the plane about a centre."""
    distance, bearing = inverse(centre, position)
    turned = math.radians(bearing)
    return Flat(distance * math.sin(turned), distance * math.cos(turned))


def rings(footprint: Point | Circle | Sector) -> list[list[Position]]:
    """Return the outlines of a footprint without its precision, each a closed ring.

    A point has one ring of one position. What goes all the way round has an outer
    ring and, where it has a hole, an inner one.
    """
    match footprint:
        case Point(position=position):
            return [[position]]
        case Circle(centre=centre, radius_m=radius_m):
            return [list(_arc(centre, 0.0, _FULL_TURN_DEG, radius_m))]
        case Sector(origin=origin, bearing_deg=bearings, range_m=ranges):
            outer = list(_arc(origin, bearings.least, bearings.width, ranges.most))
            inner = list(_arc(origin, bearings.least, bearings.width, ranges.least))
            if bearings.width < _FULL_TURN_DEG:
                return [[*outer, *reversed(inner)]]
            return [outer, inner] if ranges.least > 0 else [outer]


def _arc(
    origin: Position, from_deg: float, width_deg: float, range_m: float
) -> Iterator[Position]:
    if range_m == 0:
        yield origin
        return
    steps = max(1, math.ceil(width_deg / _ARC_STEP_DEG)) if width_deg else 0
    for step in range(steps + 1):
        turned = from_deg + (width_deg * step / steps if steps else 0.0)
        yield destination(origin, turned % _FULL_TURN_DEG, range_m)
