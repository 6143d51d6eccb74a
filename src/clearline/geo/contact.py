"""Say from when to when two pieces may be within a distance, compiled.

For two legs passed at certain times, the instants at which they can be within a
distance are one span: both the legs and the times allowed are convex, and so is
what they share. It is found from one instant inside, by halving outward to both ends
until a microsecond is left. Pieces are the sum of their legs; an area is the sum of
its edges, passed at any time of its window, and its inside.

Times are float64 microseconds after `base`; windows are widened, each by its own
buffer.
"""

import math
from typing import Any, TypeAlias

from clearline.geo.edges import minus, on_edge, shares_in_space
from clearline.geo.ellipsoid import Vector, chord, distance, lean
from clearline.geo.kernels import bands_meet, windows_meet
from clearline.geo.movers import Clock, nearest_shares, shares_between
from clearline.geo.nearest import (
    bare_reach,
    clock_of,
    holds,
    is_gap,
    legs_of,
    nearest,
    vertex,
)

Span: TypeAlias = tuple[float, float]
"""First and last instant, both inside; the first is later where there is none."""

Leg: TypeAlias = tuple[Vector, Vector, Clock, float]
"""Both ends, when it is passed, and its buffer in microseconds."""


@lean
def contact(
    pa: Any, va: Any, ca: Any, i: int,
    pb: Any, vb: Any, cb: Any, j: int,
    limit_m: float,
) -> tuple[int, int]:  # fmt: skip
    """Return when both base shapes may be within `limit_m` of each other.

    Args:
        pa: Pieces of one side, with their vertices and clocks.
        va: As for `geo.kernels.judge`.
        ca: The same.
        i: Which of them.
        pb: Pieces of the other side.
        vb: The same.
        cb: The same.
        j: Which of them.
        limit_m: Greatest distance of the base shapes: radii are part of it.

    Returns:
        `[first, last)`, microseconds since 1970; `(0, 0)` where never.
    """
    a, b = pa[i], pb[j]
    base = max(a.from_us - a.buffer_us, b.from_us - b.buffer_us)
    if a.clock < 0 and b.clock < 0:
        until = min(a.until_us + a.buffer_us, b.until_us + b.buffer_us)
        if until <= base or nearest(pa, va, ca, i, pb, vb, cb, j, limit_m)[0] > limit_m:
            return 0, 0
        return base, until
    first, last = _of_pieces(a, va, ca, b, vb, cb, base, limit_m)
    if first > last:
        return 0, 0
    return base + math.floor(first), base + math.ceil(last) + 1


@lean
def contact_of_all(
    pa: Any, va: Any, ca: Any,
    pb: Any, vb: Any, cb: Any,
    within_m: float, is_banded: bool,
) -> tuple[int, int]:  # fmt: skip
    """Return when two extents may be within a distance of each other, all in all.

    Args:
        pa: All pieces of one extent.
        va: Their vertices.
        ca: Their clocks.
        pb: All pieces of the other.
        vb: Their vertices.
        cb: Their clocks.
        within_m: Greatest separation of the footprints: radii are no part of it.
        is_banded: Whether only pieces count whose altitude bands may meet.

    Returns:
        `[first, last)` over all pairs of pieces; `(0, 0)` where never.
    """
    first, last = 0, 0
    for i in range(len(pa)):
        for j in range(len(pb)):
            a, b = pa[i], pb[j]
            radii_m = a.radius_m + b.radius_m
            between = chord((a.x_m, a.y_m, a.z_m), (b.x_m, b.y_m, b.z_m))
            if between - bare_reach(a) - bare_reach(b) > within_m + radii_m:
                continue
            if not windows_meet(a, b) or (is_banded and bands_meet(a, b) == 0):
                continue
            start, end = contact(pa, va, ca, i, pb, vb, cb, j, within_m + radii_m)
            if start < end:
                first = start if first == last else min(first, start)
                last = max(last, end)
    return first, last


@lean
def _of_pieces(
    a: Any, va: Any, ca: Any, b: Any, vb: Any, cb: Any, base: int, limit_m: float
) -> Span:
    """Return the span over all pairs of legs."""
    first_a, legs_a, last_a = legs_of(a)
    first_b, legs_b, last_b = legs_of(b)
    first, last = math.inf, -math.inf
    for ka in range(first_a, first_a + legs_a):
        p, p1 = vertex(va, ka), vertex(va, min(ka + 1, last_a))
        if is_gap(p) or is_gap(p1):
            continue
        clock = clock_of(a, ca, ka, min(ka + 1, last_a), base)
        leg_a = (p, p1, clock, float(a.buffer_us))
        if b.kind == 1:
            start, end = _inside(leg_a, b, vb, base)
            if start <= end:
                first, last = min(first, start), max(last, end)
        for kb in range(first_b, first_b + legs_b):
            q, q1 = vertex(vb, kb), vertex(vb, min(kb + 1, last_b))
            if is_gap(q) or is_gap(q1):
                continue
            clock = clock_of(b, cb, kb, min(kb + 1, last_b), base)
            leg_b = (q, q1, clock, float(b.buffer_us))
            if a.kind == 1:
                start, end = _inside(leg_b, a, va, base)
                if start <= end:
                    first, last = min(first, start), max(last, end)
            start, end = _of_legs(leg_a, leg_b, limit_m)
            if start <= end:
                first, last = min(first, start), max(last, end)
    return first, last


@lean
def _of_legs(a: Leg, b: Leg, limit_m: float) -> Span:
    """Return when two legs are within a distance, halving outward from one instant."""
    (p, p1, clock_a, widen_a), (q, q1, clock_b, widen_b) = a, b
    is_met, f, g = nearest_shares(
        minus(p1, p), minus(q1, q), minus(p, q), clock_a, clock_b, widen_a + widen_b
    )
    if not is_met or distance(on_edge(p, p1, f), on_edge(q, q1, g)) > limit_m:
        return math.inf, -math.inf
    met = max(
        clock_a[0] + f * (clock_a[1] - clock_a[0]) - widen_a,
        clock_b[0] + g * (clock_b[1] - clock_b[0]) - widen_b,
    )
    first = max(clock_a[0] - widen_a, clock_b[0] - widen_b)
    last = min(clock_a[3] + widen_a, clock_b[3] + widen_b)
    return _last_away(a, b, limit_m, met, first), _last_away(a, b, limit_m, met, last)


@lean
def _last_away(a: Leg, b: Leg, limit_m: float, met: float, end: float) -> float:
    """Return the instant farthest from `met` towards `end` at which both are near."""
    if _are_near_at(a, b, limit_m, end):
        return end
    while abs(end - met) > 1.0:
        middle = 0.5 * (met + end)
        if _are_near_at(a, b, limit_m, middle):
            met = middle
        else:
            end = middle
    return met


@lean
def _are_near_at(a: Leg, b: Leg, limit_m: float, at: float) -> bool:
    """Say whether two legs can be within a distance at one instant."""
    (p, p1, clock_a, widen_a), (q, q1, clock_b, widen_b) = a, b
    f0, f1 = shares_between(clock_a, at - widen_a, at + widen_a)
    g0, g1 = shares_between(clock_b, at - widen_b, at + widen_b)
    if f0 > f1 or g0 > g1:
        return False
    p, p1 = on_edge(p, p1, f0), on_edge(p, p1, f1)
    q, q1 = on_edge(q, q1, g0), on_edge(q, q1, g1)
    f, g = shares_in_space(minus(p1, p), minus(q1, q), minus(p, q))
    return distance(on_edge(p, p1, f), on_edge(q, q1, g)) <= limit_m


@lean
def _inside(leg: Leg, area: Any, vertices: Any, base: int) -> Span:
    """Return when a leg may be inside an area, as far as an end of it tells.

    What enters or leaves in between crosses an edge, which counts as one.
    """
    p, p1, clock, widen = leg
    start = float(area.from_us - base) - area.buffer_us
    end = float(area.until_us - base - 1) + area.buffer_us
    f0, f1 = shares_between(clock, start - widen, end + widen)
    first, last = math.inf, -math.inf
    if f0 > f1:
        return first, last
    if holds(area, vertices, on_edge(p, p1, f0)):
        come = max(start, clock[0] + f0 * (clock[1] - clock[0]) - widen)
        gone = min(end, clock[2] + f0 * (clock[3] - clock[2]) + widen)
        first, last = come, gone
    if holds(area, vertices, on_edge(p, p1, f1)):
        come = max(start, clock[0] + f1 * (clock[1] - clock[0]) - widen)
        gone = min(end, clock[2] + f1 * (clock[3] - clock[2]) + widen)
        first, last = min(first, come), max(last, gone)
    return first, last
