"""Find where and when two legs come nearest if something passes along them, compiled.

A moving thing is somewhere on its leg at share f during [earliest(f), latest(f)],
both running evenly along the leg. Two of them can be at f and g at one time where

    earliest_a(f) <= latest_b(g) + widen    and    earliest_b(g) <= latest_a(f) + widen

which cuts the square of all f and g to a convex polygon. Over it the square of the
distance is convex, so its least value lies where its slope is nothing, or on one of
the six lines that bound the polygon. A thing that stands still all the time is the
same with an earliest and a latest that never change.

Times are float64 microseconds, counted from near the legs' own time so that none is
lost to rounding.
"""

import math
from typing import Final, TypeAlias

from clearline.geo.edges import dot
from clearline.geo.ellipsoid import Vector, lean

Clock: TypeAlias = tuple[float, float, float, float]
"""Earliest at the start and at the end of a leg, latest at the start and the end."""

Bounds: TypeAlias = tuple[float, float, float, float, float, float]

_MARGIN_US: Final = 1.0
"""Rounding of times; in favour of meeting."""
_PARALLEL: Final = 1e-9
_SQUARE: Final = 4
_LINES: Final = 6


@lean
def shares_between(clock: Clock, start: float, end: float) -> tuple[float, float]:
    """Return the shares of a leg that may be passed in [start, end]; none: 1, 0."""
    e0, e1, l0, l1 = clock
    if e0 > end or l1 < start:
        return 1.0, 0.0
    least = 0.0 if l0 >= start else (start - l0) / (l1 - l0)
    most = 1.0 if e1 <= end else (end - e0) / (e1 - e0)
    return least, most


@lean
def nearest_shares(
    u: Vector, v: Vector, w: Vector, clock_a: Clock, clock_b: Clock, widen: float
) -> tuple[bool, float, float]:
    """Find the shares at which legs w + f u and g v come nearest at one time.

    Returns:
        Whether there is any such time, and the shares f and g.
    """
    bounds = _bounds(clock_a, clock_b, widen)
    uu, vv, uv, uw, vw = dot(u, u), dot(v, v), dot(u, v), dot(u, w), dot(v, w)
    slope = uu * vv - uv * uv
    if slope > _PARALLEL * uu * vv:
        f, g = (uv * vw - vv * uw) / slope, (uu * vw - uv * uw) / slope
        if 0.0 <= f <= 1.0 and 0.0 <= g <= 1.0 and _is_within(bounds, f, g):
            return True, f, g
    best, best_f, best_g = math.inf, 0.0, 0.0
    for number in range(_LINES):
        f, g, df, dg = _line(number, bounds)
        least, most = _part(number, f, g, df, dg, bounds)
        if not least <= most:
            continue
        # The offset there is o + s d; its square is least at s = -o.d / d.d.
        o = (
            w[0] + f * u[0] - g * v[0],
            w[1] + f * u[1] - g * v[1],
            w[2] + f * u[2] - g * v[2],
        )
        d = df * u[0] - dg * v[0], df * u[1] - dg * v[1], df * u[2] - dg * v[2]
        dd = dot(d, d)
        s = least if dd == 0.0 else min(most, max(least, -dot(o, d) / dd))
        apart = dot(o, o) + s * (2.0 * dot(o, d) + s * dd)
        if apart < best:
            best, best_f, best_g = apart, f + s * df, g + s * dg
    return best < math.inf, min(1.0, max(0.0, best_f)), min(1.0, max(0.0, best_g))


@lean
def _bounds(clock_a: Clock, clock_b: Clock, widen: float) -> Bounds:
    """Return both bounds on f and g as p f + q g <= r."""
    ea0, ea1, la0, la1 = clock_a
    eb0, eb1, lb0, lb1 = clock_b
    return (
        ea1 - ea0, lb0 - lb1, widen + _MARGIN_US + lb0 - ea0,
        la0 - la1, eb1 - eb0, widen + _MARGIN_US + la0 - eb0,
    )  # fmt: skip


@lean
def _is_within(bounds: Bounds, f: float, g: float) -> bool:
    p1, q1, r1, p2, q2, r2 = bounds
    return p1 * f + q1 * g <= r1 and p2 * f + q2 * g <= r2


@lean
def _line(number: int, bounds: Bounds) -> tuple[float, float, float, float]:
    """Return a point of one of the six lines, and its direction in f and g.

    The first four bound the square; the others are where a bound is just kept.
    NaN where that is nowhere in particular.
    """
    if number < _SQUARE:
        along = number < 2  # noqa: PLR2004 (f = 0 and f = 1, along g)
        f, g = (float(number), 0.0) if along else (0.0, float(number - 2))
        return f, g, (0.0 if along else 1.0), (1.0 if along else 0.0)
    p, q, r = bounds[:3] if number == _SQUARE else bounds[3:]
    pq = p * p + q * q
    if pq == 0.0:
        return math.nan, math.nan, 0.0, 0.0
    size = math.sqrt(pq)
    return p * r / pq, q * r / pq, -q / size, p / size


@lean
def _part(
    number: int, f: float, g: float, df: float, dg: float, bounds: Bounds
) -> tuple[float, float]:
    """Return the part of a line, by its length, that lies within all bounds."""
    p1, q1, r1, p2, q2, r2 = bounds
    least, most = _clipped(-df, f, -math.inf, math.inf)
    least, most = _clipped(df, 1.0 - f, least, most)
    least, most = _clipped(-dg, g, least, most)
    least, most = _clipped(dg, 1.0 - g, least, most)
    if number != _SQUARE:
        least, most = _clipped(p1 * df + q1 * dg, r1 - p1 * f - q1 * g, least, most)
    if number != _SQUARE + 1:
        least, most = _clipped(p2 * df + q2 * dg, r2 - p2 * f - q2 * g, least, most)
    return least, most


@lean
def _clipped(
    slope: float, room: float, least: float, most: float
) -> tuple[float, float]:
    """Keep of [least, most] the numbers s for which slope * s <= room."""
    if slope > 0.0:
        return least, min(most, room / slope)
    if slope < 0.0:
        return max(least, room / slope), most
    return (least, most) if room >= 0.0 else (1.0, 0.0)
