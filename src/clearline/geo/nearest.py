"""Find where two packed pieces come nearest, compiled.

Three cases, and a piece's place in the pair never matters to the answer:

    two paths, one of them moving    leg by leg, at one time (`movers`)
    near each other                  both are laid into the plane that touches the
                                     Earth in the middle of the smaller one; what
                                     is nearest there is then measured in space
    anything else                    edge by edge, anywhere on Earth (`edges`)

A path against an area may move too: only the part of each leg that can be passed
during the area's window counts.
"""

import math
from typing import Any, Final, TypeAlias

import numpy as np

from clearline.geo.edges import (
    NEAR_M,
    Flat,
    between_edges,
    measured,
    minus,
    nearest_in_plane,
    on_edge,
)
from clearline.geo.ellipsoid import (
    MINOR_M,
    Plane,
    Vector,
    chord,
    compiled,
    distance,
    flat,
    lean,
    plane_at,
)
from clearline.geo.movers import Clock, nearest_shares, shares_between

Nearest: TypeAlias = tuple[float, int, float, int, float]
"""Distance in metres (infinity: never at one time); the edge of each piece, by the
row of its first vertex, with the share of it, where that is reached."""

_BEYOND_M: Final = 1.0
"""What is farther apart than asked for by more than this is not measured again."""
_BULGE_M: Final = 100.0
"""More than two edges of 50 km rise over their chords together."""
_WIDE_M: Final = 1_000_000.0
_QUARTER_M: Final = 8_500_000.0
"""Chord of 83 degrees."""


@lean
def nearest(  # noqa: PLR0911 (one for each case)
    pa: Any, va: Any, ca: Any, i: int,
    pb: Any, vb: Any, cb: Any, j: int,
    within_m: float,
) -> Nearest:  # fmt: skip
    """Find where the base shapes of two pieces come nearest while both are there.

    Radii and half widths are not taken off. What lies farther apart than
    `within_m` may come out as infinity.
    """
    a, b = pa[i], pb[j]
    if a.clock >= 0 or b.clock >= 0:
        if a.kind == b.kind:
            return _of_movers(a, va, ca, b, vb, cb)
        if a.kind == 0:
            return _of_mover_and_area(a, va, ca, b, vb, within_m)
        apart, kb, g, ka, f = _of_mover_and_area(b, vb, cb, a, va, within_m)
        return apart, ka, f, kb, g
    if a.count == 1 and b.count == 1:
        apart = distance(vertex(va, a.first), vertex(vb, b.first))
        return apart, a.first, 0.0, b.first, 0.0
    if a.kind == 0 and b.kind == 0 and _run_apart(a, va, b, vb, within_m):
        return math.inf, a.first, 0.0, b.first, 0.0
    bare_a, bare_b = bare_reach(a), bare_reach(b)
    at_a, at_b = (a.x_m, a.y_m, a.z_m), (b.x_m, b.y_m, b.z_m)
    if max(bare_a, bare_b) + chord(at_a, at_b) < NEAR_M:
        plane = plane_at(at_a if bare_a <= bare_b else at_b)
        apart, ka, f, kb, g = _in_plane(
            plane, a.first, a.count, va, b.first, b.count, vb, within_m
        )
    else:
        apart, ka, f, kb, g = _in_space(
            a.first, a.count, va, b.first, b.count, vb, within_m
        )
    if apart > 0.0 and _is_one_inside(a, va, b, vb):
        return 0.0, ka, f, kb, g
    return apart, ka, f, kb, g


@lean
def vertex(vertices: Any, k: int) -> Vector:
    """Return one row as it is."""
    return vertices[k, 0], vertices[k, 1], vertices[k, 2]


@lean
def is_gap(p: Vector) -> bool:
    """Say whether a row parts two rings."""
    return math.isnan(p[0])


@lean
def bare_reach(piece: Any) -> float:
    """Return how far the vertices of a piece lie from the centre of its cap."""
    return float(piece.reach_m - piece.radius_m - piece.buffer_m - piece.precision_m)


@lean
def legs_of(piece: Any) -> tuple[int, int, int]:
    """Return the first row, how many edges start from there on, and the last row."""
    return piece.first, max(1, piece.count - 1), piece.first + piece.count - 1


@lean
def clock_of(piece: Any, clocks: Any, k: int, k1: int, base: int) -> Clock:
    """Return when a leg may be passed, microseconds after `base`."""
    if piece.clock < 0:
        start, end = float(piece.from_us - base), float(piece.until_us - base - 1)
        return start, start, end, end
    row, row1 = piece.clock + k - piece.first, piece.clock + k1 - piece.first
    return (
        float(clocks[row, 0] - base),
        float(clocks[row1, 0] - base),
        float(clocks[row, 1] - base),
        float(clocks[row1, 1] - base),
    )


@lean
def _run_apart(a: Any, va: Any, b: Any, vb: Any, within_m: float) -> bool:
    """Say whether every leg of one path is clear of every leg of the other.

    Most paths in a crowd are told apart here, before any of them is laid into a
    plane: two legs are clear where one lies on one side of the other's line.
    """
    first_a, legs_a, last_a = legs_of(a)
    first_b, legs_b, last_b = legs_of(b)
    for ka in range(first_a, first_a + legs_a):
        p, p1 = vertex(va, ka), vertex(va, min(ka + 1, last_a))
        for kb in range(first_b, first_b + legs_b):
            q, q1 = vertex(vb, kb), vertex(vb, min(kb + 1, last_b))
            if not _is_aside(p, p1, q, q1, within_m) and not _is_aside(
                q, q1, p, p1, within_m
            ):
                return False
    return True


@lean
def _is_aside(a: Vector, b: Vector, c: Vector, d: Vector, within_m: float) -> bool:
    """Say whether the edge c-d lies on one side of a-b's line, beyond a distance.

    The line is cut out of the Earth by the plane through a, b and the Earth's
    centre; an edge of 25 km swings by less than 0.1 m to a side of that.
    """
    nx, ny, nz = (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )
    most = (within_m + _BEYOND_M) * math.sqrt(nx * nx + ny * ny + nz * nz)
    from_c = nx * c[0] + ny * c[1] + nz * c[2]
    from_d = nx * d[0] + ny * d[1] + nz * d[2]
    return (from_c > most and from_d > most) or (from_c < -most and from_d < -most)


@lean
def _of_movers(a: Any, va: Any, ca: Any, b: Any, vb: Any, cb: Any) -> Nearest:
    """Find where two paths come nearest at one time, leg by leg."""
    widen = float(a.buffer_us + b.buffer_us)
    base = max(a.from_us, b.from_us)
    first_a, legs_a, last_a = legs_of(a)
    first_b, legs_b, last_b = legs_of(b)
    best, best_a, best_f, best_b, best_g = math.inf, first_a, 0.0, first_b, 0.0
    for ka in range(first_a, first_a + legs_a):
        ka1 = min(ka + 1, last_a)
        p, p1 = vertex(va, ka), vertex(va, ka1)
        clock_a = clock_of(a, ca, ka, ka1, base)
        for kb in range(first_b, first_b + legs_b):
            kb1 = min(kb + 1, last_b)
            q, q1 = vertex(vb, kb), vertex(vb, kb1)
            clock_b = clock_of(b, cb, kb, kb1, base)
            is_met, f, g = nearest_shares(
                minus(p1, p), minus(q1, q), minus(p, q), clock_a, clock_b, widen
            )
            if is_met:
                apart = distance(on_edge(p, p1, f), on_edge(q, q1, g))
                if apart < best:
                    best, best_a, best_f, best_b, best_g = apart, ka, f, kb, g
    return best, best_a, best_f, best_b, best_g


@lean
def _in_plane(
    plane: Plane,
    first_a: int, count_a: int, va: Any,
    first_b: int, count_b: int, vb: Any,
    within_m: float,
) -> Nearest:  # fmt: skip
    best_a, best_f, best_b, best_g = first_a, 0.0, first_b, 0.0
    best, most = math.inf, within_m + _BEYOND_M
    last_a, last_b = first_a + count_a - 1, first_b + count_b - 1
    a0 = flat(plane, vertex(va, first_a))
    for ka in range(first_a, max(last_a, first_a + 1)):
        a1 = flat(plane, vertex(va, min(ka + 1, last_a)))
        if math.isnan(a0[0] + a1[0]):
            a0 = a1
            continue
        b0 = flat(plane, vertex(vb, first_b))
        for kb in range(first_b, max(last_b, first_b + 1)):
            b1 = flat(plane, vertex(vb, min(kb + 1, last_b)))
            if _may_be_within(most, a0, a1, b0, b1):
                apart, f, g = nearest_in_plane(a0, a1, b0, b1)
                if apart == 0.0:
                    return 0.0, ka, f, kb, g
                if apart < best:
                    best, best_a, best_f, best_b, best_g = apart, ka, f, kb, g
                    most = min(most, math.sqrt(best))
            b0 = b1
        a0 = a1
    if 0.0 < best < math.inf:
        best = measured(
            vertex(va, best_a), vertex(va, min(best_a + 1, last_a)), best_f,
            vertex(vb, best_b), vertex(vb, min(best_b + 1, last_b)), best_g,
        )  # fmt: skip
    return best, best_a, best_f, best_b, best_g


@lean
def _may_be_within(most: float, a: Flat, b: Flat, c: Flat, d: Flat) -> bool:
    """Say whether two edges' boxes lie within a distance; never so beside a gap."""
    return (
        min(a[0], b[0]) - most <= max(c[0], d[0])
        and max(a[0], b[0]) + most >= min(c[0], d[0])
        and min(a[1], b[1]) - most <= max(c[1], d[1])
        and max(a[1], b[1]) + most >= min(c[1], d[1])
        and not math.isnan(c[0] + d[0])
    )


@lean
def _in_space(
    first_a: int, count_a: int, va: Any,
    first_b: int, count_b: int, vb: Any,
    within_m: float,
) -> Nearest:  # fmt: skip
    best_a, best_f, best_b, best_g = first_a, 0.0, first_b, 0.0
    best, most = math.inf, within_m + _BEYOND_M
    last_a, last_b = first_a + count_a - 1, first_b + count_b - 1
    for ka in range(first_a, max(last_a, first_a + 1)):
        a0, a1 = vertex(va, ka), vertex(va, min(ka + 1, last_a))
        if is_gap(a0) or is_gap(a1):
            continue
        for kb in range(first_b, max(last_b, first_b + 1)):
            b0, b1 = vertex(vb, kb), vertex(vb, min(kb + 1, last_b))
            if is_gap(b0) or is_gap(b1) or _are_beyond(most, a0, a1, b0, b1):
                continue
            apart, f, g = between_edges(a0, a1, b0, b1)
            if apart == 0.0:
                return 0.0, ka, f, kb, g
            if apart < best:
                best, best_a, best_f, best_b, best_g = apart, ka, f, kb, g
                most = min(most, best)
    return best, best_a, best_f, best_b, best_g


@lean
def _are_beyond(most: float, a: Vector, b: Vector, c: Vector, d: Vector) -> bool:
    """Say whether two edges are surely farther apart than `most`, by their chords."""
    wx, wy, wz = (
        a[0] + b[0] - c[0] - d[0],
        a[1] + b[1] - c[1] - d[1],
        (a[2] + b[2] - c[2] - d[2]),
    )
    apart = math.sqrt(wx * wx + wy * wy + wz * wz) - chord(a, b) - chord(c, d)
    # An arc is longer than its chord: what is `most` apart has a chord of this.
    quarter = min(most / MINOR_M, math.pi) / 2.0
    return 0.5 * apart > 2.02 * MINOR_M * math.sin(quarter) + _BULGE_M


@lean
def _is_one_inside(a: Any, va: Any, b: Any, vb: Any) -> bool:
    """Say whether one piece lies inside the other, given that no edges cross."""
    if b.kind == 1 and _begins_inside(a, va, b, vb):
        return True
    return a.kind == 1 and _begins_inside(b, vb, a, va)


@lean
def _begins_inside(a: Any, va: Any, area: Any, vertices: Any) -> bool:
    """Say whether a path, or any ring, starts inside an area."""
    is_start = True
    for k in range(a.first, a.first + a.count):
        p = vertex(va, k)
        if is_start and holds(area, vertices, p):
            return True
        is_start = is_gap(p)
    return False


@lean
def _of_mover_and_area(
    a: Any, va: Any, ca: Any, area: Any, vertices: Any, within_m: float
) -> Nearest:
    """Find where the part of a path comes nearest that is passed in a window."""
    best_a, best_f, best_b, best_g = a.first, 0.0, area.first, 0.0
    best, most = math.inf, within_m + _BEYOND_M
    first, legs, last = legs_of(a)
    for ka in range(first, first + legs):
        p, p1 = vertex(va, ka), vertex(va, min(ka + 1, last))
        f0, f1 = passed(a, ca, ka, min(ka + 1, last), area)
        if f0 > f1:
            continue
        a0, a1 = on_edge(p, p1, f0), on_edge(p, p1, f1)
        for kb in range(area.first, area.first + area.count - 1):
            b0, b1 = vertex(vertices, kb), vertex(vertices, kb + 1)
            if is_gap(b0) or is_gap(b1) or _are_beyond(most, a0, a1, b0, b1):
                continue
            apart, f, g = between_edges(a0, a1, b0, b1)
            if apart < best:
                best, best_a, best_b = apart, ka, kb
                best_f, best_g = f0 + f * (f1 - f0), g
                most = min(most, best)
        if best > 0.0 and holds(area, vertices, a0):
            return 0.0, ka, f0, best_b, best_g
    return best, best_a, best_f, best_b, best_g


@lean
def passed(a: Any, ca: Any, k: int, k1: int, b: Any) -> tuple[float, float]:
    """Return the shares of a leg of a that may be passed in b's widened window."""
    widen = float(a.buffer_us + b.buffer_us)
    end = float(b.until_us - b.from_us - 1)
    return shares_between(clock_of(a, ca, k, k1, b.from_us), -widen, end + widen)


@lean
def holds(area: Any, vertices: Any, p: Vector) -> bool:
    """Say whether a point lies inside an odd number of an area's rings.

    A ray from the point crosses what surrounds it an odd number of times. The plane
    touches the Earth at the point, so edges far away, which it bends, still cross
    the ray as often as they must. It has no place for what lies near a quarter turn
    away or farther; but no area is that wide (`model.rings`), so then the point is
    outside.
    """
    bare_m = bare_reach(area)
    if chord(p, (area.x_m, area.y_m, area.z_m)) > bare_m:
        return False
    is_wide = bare_m > _WIDE_M
    plane = plane_at(p)
    first, edges, _ = legs_of(area)
    is_inside = False
    ax, ay = 0.0, math.nan
    for k in range(first, first + edges + 1):
        q = vertex(vertices, k)
        if is_wide and chord(p, q) > _QUARTER_M:
            return False
        bx, by = flat(plane, q)
        # Beside a gap the coordinates are no numbers, and the edge does not count.
        if (ay > 0.0) != (by > 0.0) and not math.isnan(ay + by):
            is_inside ^= (ax * by - bx * ay > 0.0) == (by > ay)
        ax, ay = bx, by
    return is_inside


@compiled
def edges_within(
    pa: Any, va: Any, ca: Any, i: int,
    pb: Any, vb: Any, cb: Any, j: int,
    most_m: float,
) -> Any:  # fmt: skip
    """Return the pairs of edges that come within a distance, as what they end in.

    Of a leg that is passed at certain times only the part counts that is passed in
    the window of the other piece, which stands still.

    Returns:
        (k, 4, 3) ECEF metres: start and end of an edge of each.
    """
    count = _fill_edges(pa, va, ca, i, pb, vb, cb, j, most_m, np.empty((0, 4, 3)))
    found = np.empty((count, 4, 3), np.float64)
    _fill_edges(pa, va, ca, i, pb, vb, cb, j, most_m, found)
    return found


@lean
def _fill_edges(
    pa: Any, va: Any, ca: Any, i: int,
    pb: Any, vb: Any, cb: Any, j: int,
    most_m: float, found: Any,
) -> int:  # fmt: skip
    """Write as many pairs of edges as there is room for, and count them all."""
    a, b = pa[i], pb[j]
    first_a, legs_a, last_a = legs_of(a)
    first_b, legs_b, last_b = legs_of(b)
    n = 0
    for ka in range(first_a, first_a + legs_a):
        p0, p1, is_leg = _passed_part(a, va, ca, ka, min(ka + 1, last_a), b)
        if not is_leg:
            continue
        for kb in range(first_b, first_b + legs_b):
            q0, q1, is_leg = _passed_part(b, vb, cb, kb, min(kb + 1, last_b), a)
            if not is_leg or _are_beyond(most_m, p0, p1, q0, q1):
                continue
            if between_edges(p0, p1, q0, q1)[0] <= most_m:
                if n < len(found):
                    for end, at in enumerate((p0, p1, q0, q1)):
                        found[n, end, 0], found[n, end, 1], found[n, end, 2] = at
                n += 1
    return n


@lean
def _passed_part(
    a: Any, va: Any, ca: Any, k: int, k1: int, b: Any
) -> tuple[Vector, Vector, bool]:
    """Return the part of an edge that counts beside b, and whether there is any."""
    p, p1 = vertex(va, k), vertex(va, k1)
    if is_gap(p) or is_gap(p1):
        return p, p1, False
    if a.clock < 0:
        return p, p1, True
    f0, f1 = passed(a, ca, k, k1, b)
    return on_edge(p, p1, f0), on_edge(p, p1, f1), f0 <= f1
