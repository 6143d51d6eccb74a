"""Find where two edges come nearest, compiled.

An edge is a geodesic of at most some ten kilometres; a point is an edge without
length. Answers name a place on each edge by its share of it, 0 at the start and 1
at the end, so that whoever asks can measure there, or ask what time it is there.

Two edges that do not cross come nearest at an end of one of them. That holds in a
plane and on anything that curves outward everywhere, as the ellipsoid does.
"""

import math
from typing import Final, TypeAlias

from clearline.geo.ellipsoid import (
    Vector,
    chord,
    distance,
    flat,
    lean,
    lifted,
    plane_at,
)

NEAR_M: Final = 20_000.0
"""Up to here from its centre a plane is used to find what is nearest."""

Flat: TypeAlias = tuple[float, float]
Between: TypeAlias = tuple[float, float, float]


@lean
def nearest_in_plane(a: Flat, b: Flat, c: Flat, d: Flat) -> Between:
    """Find where the edges a-b and c-d of one plane come nearest.

    Returns:
        The square of their distance, zero where they cross, and the share of each.
    """
    ux, uy, vx, vy = b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]
    wx, wy = a[0] - c[0], a[1] - c[1]
    uu, vv = ux * ux + uy * uy, vx * vx + vy * vy
    turn = ux * vy - uy * vx
    if turn != 0.0:
        f, g = (vx * wy - vy * wx) / turn, (ux * wy - uy * wx) / turn
        if 0.0 <= f <= 1.0 and 0.0 <= g <= 1.0:
            return 0.0, f, g
    uw, vw, uv = ux * wx + uy * wy, vx * wx + vy * wy, ux * vx + uy * vy
    best, best_f, best_g = math.inf, 0.0, 0.0
    for end in range(2):  # from c, then d, to the first edge
        f = 0.0 if uu == 0.0 else min(1.0, max(0.0, (end * uv - uw) / uu))
        px, py = wx + f * ux - end * vx, wy + f * uy - end * vy
        apart = px * px + py * py
        if apart < best:
            best, best_f, best_g = apart, f, float(end)
    for end in range(2):  # from a, then b, to the second
        g = 0.0 if vv == 0.0 else min(1.0, max(0.0, (end * uv + vw) / vv))
        px, py = wx + end * ux - g * vx, wy + end * uy - g * vy
        apart = px * px + py * py
        if apart < best:
            best, best_f, best_g = apart, float(end), g
    return best, best_f, best_g


@lean
def on_edge(a: Vector, b: Vector, share: float) -> Vector:
    """Return the point at a share of an edge, on the ellipsoid."""
    if share == 0.0:
        return a
    if share == 1.0:
        return b
    return lifted(
        (
            a[0] + share * (b[0] - a[0]),
            a[1] + share * (b[1] - a[1]),
            a[2] + share * (b[2] - a[2]),
        )
    )


@lean
def from_edge(p: Vector, a: Vector, b: Vector) -> tuple[float, float]:
    """Measure how far a point lies from an edge of at most 50 km.

    Returns:
        The distance, metres, and the share of the edge where it is reached.
    """
    tx, ty, tz = b[0] - a[0], b[1] - a[1], b[2] - a[2]
    tt = tx * tx + ty * ty + tz * tz
    if tt == 0.0:
        return distance(p, a), 0.0
    share, q = 0.0, a
    # The chord lies below the edge, which the second round puts right.
    for _ in range(2):
        along = (p[0] - q[0]) * tx + (p[1] - q[1]) * ty + (p[2] - q[2]) * tz
        share = min(1.0, max(0.0, share + along / tt))
        q = on_edge(a, b, share)
    return distance(p, q), share


@lean
def shares_in_space(u: Vector, v: Vector, w: Vector) -> tuple[float, float]:
    """Return where the straight edges w + f u and g v in space come nearest."""
    uu, vv, uv = dot(u, u), dot(v, v), dot(u, v)
    uw, vw = dot(u, w), dot(v, w)
    slope = uu * vv - uv * uv
    f = 0.0
    if slope > 0.0:
        f = min(1.0, max(0.0, (uv * vw - vv * uw) / slope))
    g = 0.0 if vv == 0.0 else (vw + f * uv) / vv
    if g < 0.0 or g > 1.0 or vv == 0.0:
        g = min(1.0, max(0.0, g))
        f = 0.0 if uu == 0.0 else min(1.0, max(0.0, (g * uv - uw) / uu))
    return f, g


@lean
def dot(a: Vector, b: Vector) -> float:
    """Return the product of two directions: squares of length, where they are one."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@lean
def minus(a: Vector, b: Vector) -> Vector:
    """Return the way from b to a."""
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


@lean
def between_edges(a: Vector, b: Vector, c: Vector, d: Vector) -> Between:
    """Measure how near two edges of at most 50 km come, anywhere on Earth.

    Returns:
        The distance, metres, and the share of each edge where it is reached.
    """
    f, g = shares_in_space(minus(b, a), minus(d, c), minus(a, c))
    p, q = on_edge(a, b, f), on_edge(c, d, g)
    if chord(p, q) < NEAR_M:
        plane = plane_at(p)
        apart, f, g = nearest_in_plane(
            flat(plane, a), flat(plane, b), flat(plane, c), flat(plane, d)
        )
        if apart == 0.0:
            return 0.0, f, g
    apart, g = from_edge(a, c, d)
    best, best_f, best_g = apart, 0.0, g
    apart, g = from_edge(b, c, d)
    if apart < best:
        best, best_f, best_g = apart, 1.0, g
    apart, f = from_edge(c, a, b)
    if apart < best:
        best, best_f, best_g = apart, f, 0.0
    apart, f = from_edge(d, a, b)
    if apart < best:
        best, best_f, best_g = apart, f, 1.0
    return best, best_f, best_g


@lean
def measured(a: Vector, b: Vector, f: float, c: Vector, d: Vector, g: float) -> float:
    """Measure what `nearest_in_plane` found, without the plane's error."""
    if f in (0.0, 1.0):
        return from_edge(on_edge(a, b, f), c, d)[0]
    return from_edge(on_edge(c, d, g), a, b)[0]
