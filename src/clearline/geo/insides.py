"""Say whether a position lies inside a footprint."""

import math
from collections.abc import Sequence
from itertools import pairwise

from clearline.geo.geodesy import distance_m, inverse
from clearline.geo.outlines import Drawn, chains, corners, lowest
from clearline.model.places import (
    Circle,
    Corridor,
    MultiPolygon,
    Point,
    Polygon,
    Position,
    Sector,
)

_FULL_TURN_DEG = 360.0
_TOUCH_M = 1e-6
_TOUCH_DEG = 1e-9
_PATH_M = 0.5


def is_inside(position: Position, area: Point | Circle | Sector | Drawn) -> bool:
    """Say whether a position lies in an area, edges included.

    Inside a point is only that point, and a corridor is told from what lies beside
    it to `_PATH_M`. The area's precision adds nothing.
    """
    match area:
        case Point(position=centre):
            return distance_m(position, centre) <= _TOUCH_M
        case Circle(centre=centre, radius_m=radius_m):
            return distance_m(position, centre) <= radius_m + _TOUCH_M
        case Sector():
            return _is_inside_sector(position, area)
        case Corridor(half_width_m=half_width_m):
            point = Point(position=position, precision_m=0.0)
            return lowest(point, area, distance_m, _PATH_M) <= half_width_m + _TOUCH_M
        case Polygon():
            return _is_inside_polygon(position, area)
        case MultiPolygon(parts=parts):
            return any(_is_inside_polygon(position, part) for part in parts)


def reach_of(area: Drawn) -> float:
    """Return a length that no part of an area lies farther from its first corner."""
    anchor = next(corners(area))
    most_m = max(distance_m(anchor, corner) for corner in corners(area))
    legs = (leg for chain in chains(area) for leg in pairwise(chain))
    return most_m + max(distance_m(*leg) for leg in legs) / 2


def _is_inside_sector(position: Position, area: Sector) -> bool:
    ranges, bearings = area.range_m, area.bearing_deg
    range_m, bearing_deg = inverse(area.origin, position)
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


def _is_inside_polygon(position: Position, area: Polygon) -> bool:
    """Say whether a position lies inside a polygon: seen from there, it goes round.

    Walking round a ring, the bearing from the position turns once if it lies
    inside and comes back to where it was if not. Seen from the far side of the
    Earth every ring goes round; that side is left out by its distance.
    """
    if distance_m(position, area.outer[0]) > reach_of(area):
        return False
    turns = [_turns(position, ring) for ring in area.rings()]
    if any(turn is None for turn in turns):
        return True  # on an edge, of a hole too
    return turns[0] != 0 and not any(turns[1:])


def _turns(position: Position, ring: Sequence[Position]) -> int | None:
    """Return how often a ring goes round a position; nothing if it lies on it."""
    seen = [inverse(position, corner) for corner in ring]
    if any(range_m <= _TOUCH_M for range_m, _ in seen):
        return None
    turned_deg = 0.0
    for (_, start_deg), (_, end_deg) in pairwise([*seen, seen[0]]):
        turn_deg = (end_deg - start_deg + 180.0) % _FULL_TURN_DEG - 180.0
        if abs(turn_deg) >= _FULL_TURN_DEG / 2 - _TOUCH_DEG:
            return None
        turned_deg += turn_deg
    return round(turned_deg / _FULL_TURN_DEG)
