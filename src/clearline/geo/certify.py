"""Decide what lies within centimetres of a limit, by Karney's geodesics.

The compiled judges are good to a few millimetres, and say when that is not enough.
Here the same question is asked again of PROJ, which is good to nanometres, about
those edges alone that could matter. It takes a tenth of a millisecond or so; of
pairs near enough to be judged, one in some thousands comes here.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from clearline.geo.codes import APART, CLOSE, PLACE_UNSURE
from clearline.geo.edges import on_edge
from clearline.geo.ellipsoid import to_degrees
from clearline.geo.geodesy import arrival, distance_m, inverse
from clearline.geo.kernels import AREA
from clearline.geo.nearest import edges_within, nearest, vertex
from clearline.model.places import Position

if TYPE_CHECKING:
    from clearline.geo.packing import Packed

_MEAN_RADIUS_M = 6_371_000.0
_ENOUGH_M = 1e-7
_MOST_STEPS = 40
_DOUBT_M = 1.0
"""More than the compiled search errs; edges farther than this beyond the nearest
cannot be it."""


def certify(a: "Packed", i: int, b: "Packed", j: int, code: int) -> tuple[int, float]:
    """Judge once more a pair of pieces that `judge` called `CLOSE`.

    Args:
        a: Pieces of one side.
        i: Which of them.
        b: Pieces of the other side.
        j: Which of them.
        code: What `geo.kernels.judge` answered.

    Returns:
        The code without `CLOSE`, and the separation, metres; `APART` and infinity
        where they are apart after all.
    """
    one, other = a.pieces[i], b.pieces[j]
    radii_m = float(one["radius_m"] + other["radius_m"])
    limit_m = radii_m + float(one["buffer_m"] + other["buffer_m"])
    unsure_m = float(one["precision_m"] + other["precision_m"])
    apart_m = certain_distance_m(a, i, b, j)
    if apart_m > limit_m + unsure_m:
        return APART, math.inf
    sure = code & ~(CLOSE | PLACE_UNSURE)
    code = sure | PLACE_UNSURE if apart_m > limit_m else sure
    return code, max(0.0, apart_m - radii_m)


def certain_distance_m(a: "Packed", i: int, b: "Packed", j: int) -> float:
    """Return the least distance of two base shapes by Karney's method, metres.

    What the compiled search found to touch, touches: it is wrong by a millimetre or
    two at most. Two paths that move are measured where it found them nearest.
    """
    apart_m, ka, f, kb, g = nearest(*a, i, *b, j, math.inf)
    one, other = a.pieces[i], b.pieces[j]
    if apart_m == 0.0 or math.isinf(apart_m):
        return float(apart_m)
    is_moving = one["clock"] >= 0 or other["clock"] >= 0
    if is_moving and AREA not in (one["kind"], other["kind"]):
        return distance_m(passing(a, i, ka, f), passing(b, j, kb, g))
    ends = edges_within(*a, i, *b, j, apart_m + _DOUBT_M)
    return min(
        _edges_apart_m(_Edge(*four[:2]), _Edge(*four[2:]))
        for four in ([_position(end) for end in pair] for pair in ends)
    )


def passing(packed: "Packed", i: int, k: int, share: float) -> Position:
    """Return where something is at a share of the leg from row k."""
    piece = packed.pieces[i]
    last = piece["first"] + piece["count"] - 1
    start = vertex(packed.vertices, k)
    end = vertex(packed.vertices, min(k + 1, last))
    return _position(on_edge(start, end, share))


def _position(at: Sequence[float]) -> Position:
    lon, lat = to_degrees((at[0], at[1], at[2]))
    return Position(lon=lon, lat=lat)


class _Edge:
    """A geodesic with its length and its bearing at the start."""

    def __init__(self, start: Position, end: Position) -> None:
        self.start, self.end = start, end
        self.length_m, self.bearing_deg = inverse(start, end)

    def off(self, at: Position) -> tuple[float, float]:
        """Return how far a position lies from the edge, and how far to its right.

        The second is counted from the geodesic that goes on past both ends.
        """
        if self.length_m == 0.0:
            apart_m = distance_m(self.start, at)
            return apart_m, apart_m
        along_m = self._along_m(at)
        foot, _ = arrival(self.start, self.bearing_deg, along_m)
        aside_m = self._aside_m(at, along_m)
        if 0.0 <= along_m <= self.length_m:
            return distance_m(foot, at), aside_m
        return min(distance_m(self.start, at), distance_m(self.end, at)), aside_m

    def _along_m(self, at: Position) -> float:
        """Return how far along the geodesic a position lies, by steps."""
        along_m = 0.0
        for _ in range(_MOST_STEPS):
            on, bearing_deg = arrival(self.start, self.bearing_deg, along_m)
            apart_m, towards_deg = inverse(on, at)
            angle, turn = (
                apart_m / _MEAN_RADIUS_M,
                math.radians(towards_deg - bearing_deg),
            )
            # The leg of a right triangle on a sphere; each step is off by the
            # little that the ellipsoid is not one.
            step_m = _MEAN_RADIUS_M * math.atan2(
                math.sin(angle) * math.cos(turn), math.cos(angle)
            )
            along_m += step_m
            if abs(step_m) < _ENOUGH_M:
                break
        return along_m

    def _aside_m(self, at: Position, along_m: float) -> float:
        on, bearing_deg = arrival(self.start, self.bearing_deg, along_m)
        apart_m, towards_deg = inverse(on, at)
        return apart_m * math.sin(math.radians(towards_deg - bearing_deg))


def _edges_apart_m(a: _Edge, b: _Edge) -> float:
    """Return the distance of two edges; zero where they cross or touch."""
    offs = [a.off(b.start), a.off(b.end), b.off(a.start), b.off(a.end)]
    if a.length_m and b.length_m:
        (_, c), (_, d), (_, p), (_, q) = offs
        if c * d < 0.0 and p * q < 0.0:
            return 0.0
    return min(apart_m for apart_m, _ in offs)
