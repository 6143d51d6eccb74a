"""Walk the outlines of footprints, and search two of them for an extreme.

A sector is its outline of up to four edges, two arcs and two radial geodesics; a
path its legs, an area the edges of its rings.
Moving along an edge by one metre changes a distance by at most one metre, so the
middle of a stretch bounds all of it: stretches are halved, most promising first,
until none can hold anything better by more than the tolerance. This is
Piyavskii's method; it needs no luck and no starting guess. The step on arcs is
safe because the ellipsoid is curved outward everywhere: an arc is never longer
than range times angle.
"""

import heapq
import math
from collections.abc import Callable, Iterator, Sequence
from itertools import count, pairwise
from typing import NamedTuple, TypeAlias

from clearline.geo.geodesy import destination, inverse
from clearline.model.places import (
    Corridor,
    MultiPolygon,
    Point,
    Polygon,
    Position,
    Sector,
)

Drawn: TypeAlias = Corridor | Polygon | MultiPolygon
"""What is drawn through positions. A corridor's outline is its path."""
Outlined: TypeAlias = Point | Sector | Drawn

_FULL_TURN_DEG = 360.0
_MOST_STRETCHES = 20_000


class Edge(NamedTuple):
    """One edge of an outline, walked in steps of at most one metre per metre."""

    at: Callable[[float], Position]
    length_m: float


class _Stretch(NamedTuple):
    """A stretch of one edge."""

    edge: Edge
    start_m: float
    length_m: float

    def middle(self) -> Position:
        return self.edge.at(self.start_m + self.length_m / 2)

    def halves(self) -> "tuple[_Stretch, _Stretch]":
        half_m = self.length_m / 2
        return (
            _Stretch(self.edge, self.start_m, half_m),
            _Stretch(self.edge, self.start_m + half_m, half_m),
        )


def lowest(
    a: Outlined,
    b: Outlined,
    measure: Callable[[Position, Position], float],
    tolerance_m: float,
) -> float:
    """Return the lowest value of a measure over both outlines, within a tolerance.

    `measure` must change by at most one for each metre either end moves. Stops
    early where it comes within the tolerance of zero. Where `_MOST_STRETCHES` have
    not settled it (long edges that keep one distance), the answer is the lowest
    value still possible, so that an interval made of it is wide and not wrong.
    """
    order = count()  # breaks ties, so that stretches are never compared
    edges_a, edges_b, ends_b = outline(a), outline(b), list(corners(b))
    best = min(measure(p, q) for p in corners(a) for q in ends_b)
    queue: list[tuple[float, int, _Stretch, _Stretch]] = []

    def consider(on_a: _Stretch, on_b: _Stretch) -> None:
        nonlocal best
        value = measure(on_a.middle(), on_b.middle())
        best = min(best, value)
        bound = value - (on_a.length_m + on_b.length_m) / 2
        if bound < best - tolerance_m:
            heapq.heappush(queue, (bound, next(order), on_a, on_b))

    for edge_a in edges_a:
        for edge_b in edges_b:
            consider(_whole(edge_a), _whole(edge_b))
    for _ in range(_MOST_STRETCHES):
        if not queue or 0.0 <= best <= tolerance_m:
            return best
        bound, _, on_a, on_b = heapq.heappop(queue)
        if bound >= best - tolerance_m:
            return best
        for nearer_a, nearer_b in _halved(on_a, on_b):
            consider(nearer_a, nearer_b)
    return min(best, queue[0][0]) if queue else best


def chains(footprint: Drawn) -> list[Sequence[Position]]:
    """Return the path of a corridor, or every ring of an area, closed."""
    match footprint:
        case Corridor(path=path):
            return [path]
        case Polygon():
            return [(*ring, ring[0]) for ring in footprint.rings()]
        case MultiPolygon(parts=parts):
            return [chain for part in parts for chain in chains(part)]


def outline(footprint: Outlined) -> list[Edge]:
    """Return the edges of a footprint; a point is one edge without length."""
    if isinstance(footprint, Point):
        position = footprint.position
        return [Edge(lambda _: position, 0.0)]
    if not isinstance(footprint, Sector):
        drawn = chains(footprint)
        return [_leg(p, q) for chain in drawn for p, q in pairwise(chain)]
    bearings, ranges = footprint.bearing_deg, footprint.range_m
    edges = [_arc(footprint, ranges.most)]
    if ranges.width > 0.0:
        edges.append(_arc(footprint, ranges.least))
        if bearings.width < _FULL_TURN_DEG:
            edges.append(_radial(footprint, bearings.least))
            edges.append(_radial(footprint, bearings.most))
    return edges


def corners(footprint: Outlined) -> Iterator[Position]:
    """Yield every corner, each at least once."""
    if isinstance(footprint, Drawn):
        for chain in chains(footprint):
            yield from chain
        return
    for edge in outline(footprint):
        yield edge.at(0.0)
        yield edge.at(edge.length_m)


def _arc(sector: Sector, range_m: float) -> Edge:
    length_m = range_m * math.radians(sector.bearing_deg.width)
    least_deg = sector.bearing_deg.least

    def at(walked_m: float) -> Position:
        turned_deg = math.degrees(walked_m / range_m) if range_m else 0.0
        return destination(sector.origin, least_deg + turned_deg, range_m)

    return Edge(at, length_m)


def _radial(sector: Sector, bearing_deg: float) -> Edge:
    least_m = sector.range_m.least

    def at(walked_m: float) -> Position:
        return destination(sector.origin, bearing_deg, least_m + walked_m)

    return Edge(at, sector.range_m.width)


def _leg(start: Position, end: Position) -> Edge:
    length_m, bearing_deg = inverse(start, end)

    def at(walked_m: float) -> Position:
        # The ends are given back as they are, so that what touches touches.
        if walked_m in (0.0, length_m):
            return end if walked_m else start
        return destination(start, bearing_deg, walked_m)

    return Edge(at, length_m)


def _halved(a: _Stretch, b: _Stretch) -> list[tuple[_Stretch, _Stretch]]:
    """Halve the longer of two stretches."""
    if a.length_m >= b.length_m:
        return [(half, b) for half in a.halves()]
    return [(a, half) for half in b.halves()]


def _whole(edge: Edge) -> _Stretch:
    return _Stretch(edge, 0.0, edge.length_m)
