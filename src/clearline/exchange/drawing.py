"""Draw circles and sectors as rings, for tools that know nothing else.

A ring has corners every 10 degrees of an arc, each exactly on it. So it lies a little
inside what it stands for, by at most four thousandths of the radius; the numbers stand
beside it and are what is taken in again.
"""

import math
from typing import Any, Final

from clearline.geo.geodesy import around
from clearline.model.places import Position

_STEP_DEG: Final = 10.0
_FULL_TURN_DEG: Final = 360.0

Ring = tuple[tuple[float, float], ...]


def draw(geometry: dict[str, Any], properties: dict[str, Any]) -> tuple[Ring, ...]:
    """Return the rings of a point's circle or sector, the outer one first, closed.

    Args:
        geometry: As GeoJSON has it, longitude first.
        properties: With `radius_m`, or `bearing_deg` and `range_m`, or neither.

    Returns:
        Nothing for what is drawn as it stands.
    """
    if geometry["type"] != "Point":
        return ()
    lon, lat = geometry["coordinates"][:2]
    centre = Position(lon=float(lon), lat=float(lat))
    if radius_m := properties.get("radius_m"):
        return (_arc(centre, 0.0, _FULL_TURN_DEG, float(radius_m)),)
    bearings, ranges = properties.get("bearing_deg"), properties.get("range_m")
    if not bearings or not ranges:
        return ()
    return _sector(centre, bearings, ranges)


def _sector(
    centre: Position, bearings: list[float], ranges: list[float]
) -> tuple[Ring, ...]:
    least_deg, most_deg = (float(one) for one in bearings)
    nearest_m, farthest_m = (float(one) for one in ranges)
    if farthest_m <= 0.0:
        return ()
    outer = _arc(centre, least_deg, most_deg, farthest_m)
    is_whole = most_deg - least_deg >= _FULL_TURN_DEG
    if nearest_m <= 0.0:
        tip = (centre.lon, centre.lat)
        return (outer,) if is_whole else ((*outer, tip, outer[0]),)
    inner = _arc(centre, least_deg, most_deg, nearest_m)
    if is_whole:
        return outer, inner
    return ((*outer, *reversed(inner), outer[0]),)


def _arc(centre: Position, from_deg: float, to_deg: float, range_m: float) -> Ring:
    steps = max(1, math.ceil((to_deg - from_deg) / _STEP_DEG))
    turned = [from_deg + (to_deg - from_deg) * k / steps for k in range(steps + 1)]
    ring = around(centre, turned, range_m)
    if to_deg - from_deg >= _FULL_TURN_DEG:
        ring[-1] = ring[0]
    return tuple(ring)
