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
from typing import TypeAlias

from clearline.geo.ellipsoid import Vector, lean

Clock: TypeAlias = tuple[float, float, float, float]
"""Earliest at the start and at the end of a leg, latest at the start and the end."""

_MARGIN_US = 1.0
"""Rounding of times; in favour of meeting."""


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
    (ux, uy, uz), (vx, vy, vz), (wx, wy, wz) = u, v, w
    ea0, ea1, la0, la1 = clock_a
    eb0, eb1, lb0, lb1 = clock_b
    # Both bounds as p f + q g <= r.
    p1, q1, r1 = ea1 - ea0, lb0 - lb1, widen + _MARGIN_US + lb0 - ea0
    p2, q2, r2 = la0 - la1, eb1 - eb0, widen + _MARGIN_US + la0 - eb0
    uu, vv = ux * ux + uy * uy + uz * uz, vx * vx + vy * vy + vz * vz
    uv, uw = ux * vx + uy * vy + uz * vz, ux * wx + uy * wy + uz * wz
    vw = vx * wx + vy * wy + vz * wz
    slope = uu * vv - uv * uv
    if slope > 1e-9 * uu * vv:
        f, g = (uv * vw - vv * uw) / slope, (uu * vw - uv * uw) / slope
        if (
            0.0 <= f <= 1.0
            and 0.0 <= g <= 1.0
            and p1 * f + q1 * g <= r1
            and p2 * f + q2 * g <= r2
        ):
            return True, f, g
    found, best, best_f, best_g = False, math.inf, 0.0, 0.0
    for line in range(6):
        # A point of the line, and its direction.
        if line == 0:
            f, g, df, dg = 0.0, 0.0, 0.0, 1.0
        elif line == 1:
            f, g, df, dg = 1.0, 0.0, 0.0, 1.0
        elif line == 2:  # noqa: PLR2004 (lines are counted)
            f, g, df, dg = 0.0, 0.0, 1.0, 0.0
        elif line == 3:  # noqa: PLR2004
            f, g, df, dg = 0.0, 1.0, 1.0, 0.0
        else:
            p, q, r = (p1, q1, r1) if line == 4 else (p2, q2, r2)  # noqa: PLR2004
            pq = p * p + q * q
            if pq == 0.0:
                continue
            size = math.sqrt(pq)
            f, g, df, dg = p * r / pq, q * r / pq, -q / size, p / size
        least, most = -math.inf, math.inf
        least, most = _clipped(-df, f, least, most)
        least, most = _clipped(df, 1.0 - f, least, most)
        least, most = _clipped(-dg, g, least, most)
        least, most = _clipped(dg, 1.0 - g, least, most)
        if line != 4:  # noqa: PLR2004
            least, most = _clipped(p1 * df + q1 * dg, r1 - p1 * f - q1 * g, least, most)
        if line != 5:  # noqa: PLR2004
            least, most = _clipped(p2 * df + q2 * dg, r2 - p2 * f - q2 * g, least, most)
        if least > most:
            continue
        # The offset there is o + s d; its square is least at s = -o.d / d.d.
        ox, oy, oz = (
            wx + f * ux - g * vx,
            wy + f * uy - g * vy,
            wz + f * uz - g * vz,
        )
        dx, dy, dz = df * ux - dg * vx, df * uy - dg * vy, df * uz - dg * vz
        dd = dx * dx + dy * dy + dz * dz
        s = least
        if dd > 0.0:
            s = min(most, max(least, -(ox * dx + oy * dy + oz * dz) / dd))
        ox, oy, oz = ox + s * dx, oy + s * dy, oz + s * dz
        apart = ox * ox + oy * oy + oz * oz
        if apart < best:
            found, best = True, apart
            best_f, best_g = f + s * df, g + s * dg
    return found, min(1.0, max(0.0, best_f)), min(1.0, max(0.0, best_g))


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
