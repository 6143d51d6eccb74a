"""Say whether one footprint lies, as a whole, within a margin of another."""

import math
from typing import NamedTuple

from clearline.geo.geodesy import destination, distance_m
from clearline.geo.outlines import lowest
from clearline.geo.separation import (
    WIDEST_M,
    Located,
    error_m,
    is_inside,
    separation,
)
from clearline.model.places import (
    ALL_ROUND,
    Circle,
    Interval,
    Point,
    Position,
    Sector,
)

_FULL_TURN_DEG = 360.0
_TOUCH_DEG = 1e-9
_MOST_CUTS = 8


def is_within(inner: Located, outer: Located, margin_m: float) -> bool:
    """Say whether all of one footprint surely lies within `margin_m` of another.

    Exact for points, for circular outer areas and for sectors of one origin.
    Otherwise `inner` is halved until each cell, counted whole, lies within. Where
    one still does not after `_MOST_CUTS` halvings the answer is no: a close case is
    never called inside. Nor is anything that reaches beyond `WIDEST_M`.
    """
    match outer:
        case Circle(centre=centre, radius_m=radius_m):
            return _farthest_m(centre, inner) <= radius_m + margin_m
        case Point(position=position):
            return _farthest_m(position, inner) <= margin_m
        case Sector():
            return _is_within_sector(inner, outer, margin_m)


def _farthest_m(position: Position, footprint: Located) -> float:
    return separation(Point(position=position, precision_m=0.0), footprint).most


def _is_within_sector(inner: Located, outer: Sector, margin_m: float) -> bool:
    if isinstance(inner, Point):
        return separation(inner, outer).least <= margin_m
    if isinstance(inner, Circle):
        inner = Sector(
            origin=inner.centre,
            bearing_deg=ALL_ROUND,
            range_m=Interval(least=0.0, most=inner.radius_m),
        )
    if inner.origin == outer.origin and _holds(outer, inner):
        return True
    if max(inner.range_m.most, outer.range_m.most) > WIDEST_M:
        return False
    whole = _Cell(
        inner.origin,
        inner.bearing_deg.least,
        inner.bearing_deg.width,
        inner.range_m.least,
        inner.range_m.width,
    )
    return _is_covered(whole, outer, margin_m, _MOST_CUTS)


def _holds(outer: Sector, inner: Sector) -> bool:
    """Say whether a sector of the same origin lies in another."""
    if not (
        outer.range_m.least <= inner.range_m.least
        and inner.range_m.most <= outer.range_m.most
    ):
        return False
    if outer.bearing_deg.width >= _FULL_TURN_DEG:
        return True
    turned_deg = (inner.bearing_deg.least - outer.bearing_deg.least) % _FULL_TURN_DEG
    return turned_deg + inner.bearing_deg.width <= outer.bearing_deg.width + _TOUCH_DEG


class _Cell(NamedTuple):
    """A part of a sector, between two bearings and two ranges."""

    origin: Position
    bearing_deg: float
    width_deg: float
    range_m: float
    length_m: float

    def middle(self) -> Position:
        return destination(
            self.origin,
            self.bearing_deg + self.width_deg / 2,
            self.range_m + self.length_m / 2,
        )

    def across_m(self) -> float:
        """Return the length of its outer arc, or a little more."""
        return (self.range_m + self.length_m) * math.radians(self.width_deg)

    def halves(self) -> "tuple[_Cell, _Cell]":
        if self.length_m >= self.across_m():
            half_m = self.length_m / 2
            return (
                self._replace(length_m=half_m),
                self._replace(range_m=self.range_m + half_m, length_m=half_m),
            )
        half_deg = self.width_deg / 2
        return (
            self._replace(width_deg=half_deg),
            self._replace(bearing_deg=self.bearing_deg + half_deg, width_deg=half_deg),
        )


def _is_covered(cell: _Cell, area: Sector, margin_m: float, cuts: int) -> bool:
    """Say whether a cell, or else each of its parts, lies whole within a margin."""
    off_m = _off_m(cell.middle(), area)
    if off_m > margin_m:
        return False
    if off_m + (cell.length_m + cell.across_m()) / 2 <= margin_m:
        return True
    return cuts > 0 and all(
        _is_covered(half, area, margin_m, cuts - 1) for half in cell.halves()
    )


def _off_m(position: Position, area: Sector) -> float:
    """Return how far outside an area a position lies."""
    if is_inside(position, area):
        return 0.0
    point = Point(position=position, precision_m=0.0)
    if area.bearing_deg.width >= _FULL_TURN_DEG:
        return separation(point, area).least
    return lowest(point, area, distance_m, error_m(point, area))
