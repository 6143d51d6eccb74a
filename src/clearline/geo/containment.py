"""Say whether one footprint lies, as a whole, within a margin of another."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from clearline.geo.geodesy import destination, distance_m
from clearline.geo.insides import is_inside
from clearline.geo.outlines import Drawn, lowest
from clearline.geo.separation import (
    WIDEST_M,
    Located,
    error_m,
    middle,
    reach_from_middle_m,
    separation,
)
from clearline.model.places import (
    ALL_ROUND,
    Circle,
    Corridor,
    Interval,
    MultiPolygon,
    Point,
    Polygon,
    Position,
    Sector,
)

_FULL_TURN_DEG = 360.0
_TOUCH_DEG = 1e-9
_MOST_CUTS = 8


def is_within(inner: Located, outer: Located, margin_m: float) -> bool:
    """Say whether all of one footprint surely lies within `margin_m` of another.

    Exact for points, for circular outer areas and for sectors of one origin. A
    route or an area lies within another of as many corners if each corner does.
    A sector within a sector is halved until each cell, counted whole, lies within;
    where one still does not after `_MOST_CUTS` halvings the answer is no, and
    everything else is taken as the circle about it: a close case is never called
    inside. Nor is anything that reaches beyond `WIDEST_M`.
    """
    if isinstance(inner, Drawn) and _is_same(inner, outer, margin_m):
        return True
    match outer:
        case Circle(centre=centre, radius_m=radius_m):
            return _farthest_m(centre, inner) <= radius_m + margin_m
        case Point(position=position):
            return _farthest_m(position, inner) <= margin_m
        case Sector():
            if isinstance(inner, Drawn):
                return _is_deep_within(inner, outer, margin_m)
            return _is_within_sector(inner, outer, margin_m)
        case Corridor() | Polygon() | MultiPolygon():
            return _is_deep_within(inner, outer, margin_m)


def _is_same(inner: Drawn, outer: Located, margin_m: float) -> bool:
    """Say whether two are drawn alike: corner for corner within a margin.

    A geodesic between two positions stays as near to another as their ends are. An
    area may begin at any corner and go round either way; a route may not.
    """
    match inner, outer:
        case Corridor(path=a), Corridor(path=b):
            margin_m += outer.half_width_m - inner.half_width_m
            return len(a) == len(b) and _are_near(a, b, margin_m)
        case Polygon(outer=a, holes=()), Polygon(outer=b, holes=()) if len(a) == len(b):
            starts = range(len(b))
            ways = ((*b[k:], *b[:k]) for k in starts)
            return any(
                _are_near(a, way, margin_m) or _are_near(a, way[::-1], margin_m)
                for way in ways
            )
        case _:
            return inner == outer


def _are_near(a: Sequence[Position], b: Sequence[Position], margin_m: float) -> bool:
    return all(distance_m(p, q) <= margin_m for p, q in zip(a, b, strict=True))


def _is_deep_within(inner: Located, outer: Sector | Drawn, margin_m: float) -> bool:
    """Say whether the circle about one footprint lies within another."""
    if isinstance(inner, Point):
        return separation(inner, outer).least <= margin_m
    if isinstance(outer, Corridor):
        margin_m += outer.half_width_m
    centre = middle(inner)
    reach_m = reach_from_middle_m(inner)
    if reach_m <= margin_m:
        point = Point(position=centre, precision_m=0.0)
        return separation(point, outer).least + reach_m <= margin_m
    if isinstance(outer, Corridor) or not is_inside(centre, outer):
        return False
    return _off_edge_m(centre, outer) + margin_m >= reach_m


def _off_edge_m(position: Position, area: Sector | Drawn) -> float:
    """Return how far a position lies from the outline of an area."""
    point = Point(position=position, precision_m=0.0)
    return lowest(point, area, distance_m, error_m(point, area))


def _farthest_m(position: Position, footprint: Located) -> float:
    return separation(Point(position=position, precision_m=0.0), footprint).most


def _is_within_sector(
    inner: Point | Circle | Sector, outer: Sector, margin_m: float
) -> bool:
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
    if area.bearing_deg.width >= _FULL_TURN_DEG:
        return separation(Point(position=position, precision_m=0.0), area).least
    return _off_edge_m(position, area)
