"""Judge pairs of packed pieces, compiled.

An extent is packed once (`geo.packing`) into pieces: a point, a stretch of a path
no longer than its width asks for, or a whole area. Everything an exact test needs
of one piece lies in one row of `PIECE`, two cache lines; its vertices lie together
in one array for all pieces, and so do the clocks of what moves.

    pieces    (n,)   PIECE
    vertices  (v, 3) float64   ECEF metres, WGS 84, on the ellipsoid. A piece owns
                               rows [first, first + count). Rings are closed (first
                               row repeated) and parted by one row of NaN; inside
                               is what an odd number of rings surrounds.
    clocks    (c, 2) int64     for a moving path only: earliest and latest presence
                               at each of its vertices, microseconds since 1970,
                               row clock + k for vertex first + k

Two extents are judged by their pairs of pieces: they conflict where any pair does,
and their separation is the least over all pairs.
"""

import math
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from clearline.geo.codes import APART, BAND_UNSURE, CLOSE, NEAR, PLACE_UNSURE
from clearline.geo.ellipsoid import chord, compiled, lean
from clearline.geo.nearest import bare_reach, nearest

PATH: Final = 0
"""A point (one vertex) or a chain of legs, swollen by `radius_m`."""
AREA: Final = 1
"""Closed rings, inside included."""

PIECE: Final = np.dtype(
    [
        ("x_m", "f8"),  # centre of a cap that holds the piece, ECEF, on the ellipsoid
        ("y_m", "f8"),
        ("z_m", "f8"),
        # From there to its farthest part, radius, buffer and precision included;
        # never too small: chord(a, b) > sum of reaches means apart for certain.
        ("reach_m", "f8"),
        ("radius_m", "f8"),  # radius or half width
        ("buffer_m", "f8"),
        ("precision_m", "f8"),
        ("from_us", "i8"),  # [from, until), microseconds since 1970, no buffer in it
        ("until_us", "i8"),
        ("buffer_us", "i8"),
        ("first", "i8"),  # first row in vertices
        ("clock", "i8"),  # first row in clocks; -1: there for the whole window
        ("count", "i4"),  # rows in vertices
        ("extent", "i4"),  # number of the extent it is a piece of
        ("floor_mm", "i4"),  # above its own datum
        ("ceiling_mm", "i4"),
        # Everything it may reach above mean sea level: the interval an index may use
        # for every datum.
        ("least_mm", "i4"),
        ("most_mm", "i4"),
        ("datum", "i1"),
        ("kind", "i1"),  # PATH or AREA
    ],
    align=True,
)

Pieces: TypeAlias = NDArray[np.void]
Vertices: TypeAlias = NDArray[np.float64]
Clocks: TypeAlias = NDArray[np.int64]

ANY_DATUM: Final = 0
"""The datum of a piece that takes up all altitudes. The others: `geo.altitudes`."""

CLOSE_M: Final = 0.05


@lean
def judge(
    pa: Any, va: Any, ca: Any, i: int, pb: Any, vb: Any, cb: Any, j: int
) -> tuple[int, float]:
    """Judge one pair of pieces exactly: what holds, and their separation, metres.

    Args:
        pa: Pieces (n,) PIECE, with their vertices `va` and clocks `ca`.
        va: Vertices of `pa`.
        ca: Clocks of `pa`.
        i: Which of them.
        pb: Pieces of the other side.
        vb: Vertices of `pb`.
        cb: Clocks of `pb`.
        j: Which of them.

    Returns:
        `APART` and infinity, or a sum of `NEAR`, `BAND_UNSURE`, `PLACE_UNSURE`,
        `CLOSE` and the separation of the footprints (radius and half width taken
        off, buffers not), zero where they overlap. Symmetric.
    """
    if not windows_meet(pa[i], pb[j]):
        return APART, math.inf
    bands = bands_meet(pa[i], pb[j])
    if bands == 0:
        return APART, math.inf
    a, b = pa[i], pb[j]
    between = chord((a.x_m, a.y_m, a.z_m), (b.x_m, b.y_m, b.z_m))
    if between > a.reach_m + b.reach_m:
        return APART, math.inf
    radii_m = a.radius_m + b.radius_m
    limit_m = radii_m + a.buffer_m + b.buffer_m
    unsure_m = a.precision_m + b.precision_m
    within_m = limit_m + unsure_m + CLOSE_M
    apart, _, _, _, _ = nearest(pa, va, ca, i, pb, vb, cb, j, within_m)
    if apart > within_m:
        return APART, math.inf
    code = bands
    if apart > limit_m:
        code += PLACE_UNSURE
    # What touches is within any limit, and no closer look can change that.
    if apart > 0.0 and (
        abs(apart - limit_m) <= CLOSE_M or abs(apart - limit_m - unsure_m) <= CLOSE_M
    ):
        code += CLOSE
    return code, max(0.0, apart - radii_m)


@lean
def windows_meet(a: Any, b: Any) -> bool:
    """Say whether the windows of two pieces meet once widened by both buffers."""
    widen = a.buffer_us + b.buffer_us
    return bool(a.from_us < b.until_us + widen and b.from_us < a.until_us + widen)


@lean
def bands_meet(a: Any, b: Any) -> int:
    """Return whether two altitude bands meet: 0, `NEAR`, or `NEAR + BAND_UNSURE`.

    Bands of one datum are compared as they are, ends included. Those of unlike
    datums are compared above mean sea level, each somewhere within `least_mm` and
    `most_mm`: apart where they can never meet, sure where they always do.
    """
    if a.datum == ANY_DATUM or b.datum == ANY_DATUM:  # noqa: PLR1714 (quicker)
        return NEAR
    if a.datum == b.datum:
        is_met = a.floor_mm <= b.ceiling_mm and b.floor_mm <= a.ceiling_mm
        return NEAR if is_met else 0
    if a.least_mm > b.most_mm or b.least_mm > a.most_mm:
        return 0
    if _surely_below(a, b) and _surely_below(b, a):
        return NEAR
    return NEAR + BAND_UNSURE


@lean
def bands_of(pa: Any, i: int, pb: Any, j: int) -> int:
    """Return `bands_meet` of two pieces by their rows."""
    return bands_meet(pa[i], pb[j])


@lean
def _surely_below(a: Any, b: Any) -> bool:
    """Say whether the floor of a lies at or below the ceiling of b, come what may."""
    highest_floor = np.int64(a.floor_mm) + a.most_mm - a.ceiling_mm
    lowest_ceiling = np.int64(b.ceiling_mm) + b.least_mm - b.floor_mm
    return bool(highest_floor <= lowest_ceiling)


@compiled
def judge_pairs(
    pa: Any, va: Any, ca: Any, rows_a: Any, pb: Any, vb: Any, cb: Any, rows_b: Any
) -> tuple[Any, Any]:
    """Judge many pairs of pieces: `rows_a[k]` of one side with `rows_b[k]`.

    Returns:
        What `judge` answers: codes (k,) int8 and separations (k,) float64.
    """
    codes = np.empty(len(rows_a), np.int8)
    apart_m = np.empty(len(rows_a), np.float64)
    for k in range(len(rows_a)):
        code, apart_m[k] = judge(pa, va, ca, rows_a[k], pb, vb, cb, rows_b[k])
        codes[k] = code
    return codes, apart_m


@lean
def nearest_pair(
    pa: Any, va: Any, ca: Any, pb: Any, vb: Any, cb: Any, is_banded: bool
) -> tuple[float, int, int, int, float, int, float]:
    """Find where two extents come nearest while both are there, over all pieces.

    Args:
        pa: All pieces of one extent.
        va: Their vertices.
        ca: Their clocks.
        pb: All pieces of the other.
        vb: Their vertices.
        cb: Their clocks.
        is_banded: Whether only pieces count whose altitude bands may meet.

    Returns:
        The separation of the footprints in metres, infinity where they are never
        there at one time; the piece of each; and the edge and share of each, as
        `geo.nearest.Nearest`.
    """
    best, best_i, best_j = math.inf, 0, 0
    ka, f, kb, g = 0, 0.0, 0, 0.0
    for i in range(len(pa)):
        for j in range(len(pb)):
            a, b = pa[i], pb[j]
            if not windows_meet(a, b) or (is_banded and bands_meet(a, b) == 0):
                continue
            radii_m = a.radius_m + b.radius_m
            between = chord((a.x_m, a.y_m, a.z_m), (b.x_m, b.y_m, b.z_m))
            # A chord is never longer than its arc, so this is never too much.
            least_m = between - bare_reach(a) - bare_reach(b) - radii_m
            if least_m > best:
                continue
            found = nearest(pa, va, ca, i, pb, vb, cb, j, best + radii_m)
            apart_m = max(0.0, found[0] - radii_m)
            if apart_m < best:
                best, best_i, best_j = apart_m, i, j
                _, ka, f, kb, g = found
    return best, best_i, best_j, ka, f, kb, g
