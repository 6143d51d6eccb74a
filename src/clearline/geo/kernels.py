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

from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

PATH: Final = 0
"""A point (one vertex) or a chain of legs, swollen by `radius_m`."""
AREA: Final = 1
"""Closed rings, inside included."""

PIECE: Final = np.dtype(
    [
        ("x_m", "f8"),  # centre of a cap that holds the piece, ECEF, on the ellipsoid
        ("y_m", "f8"),
        ("z_m", "f8"),
        ("reach_m", "f8"),  # from there to its farthest part, radius, buffer and
        # precision included; never too small, so: chord(a, b) > sum of reaches
        # means apart for certain
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
        ("least_mm", "i4"),  # everything it may reach above mean sea level: the
        ("most_mm", "i4"),  # interval an index may use for every datum
        ("datum", "i1"),
        ("kind", "i1"),  # PATH or AREA
    ],
    align=True,
)

Pieces = NDArray[np.void]
Vertices = NDArray[np.float64]
Clocks = NDArray[np.int64]

# What `judge` answers: a sum of these.
APART: Final = 0
"""They do not meet."""
NEAR: Final = 1
"""Footprints within both buffers, bands and windows may meet."""
BAND_UNSURE: Final = 2
"""Whether the altitude bands meet cannot be told."""
PLACE_UNSURE: Final = 4
"""Beyond the buffers, but within what the places' precision leaves open."""
CLOSE: Final = 8
"""Within `CLOSE_M` of a limit: `geo.meeting.certify` decides."""

CLOSE_M: Final = 0.05


@njit(cache=True, nogil=True)
def windows_meet(pa: Any, i: int, pb: Any, j: int) -> bool:
    """Say whether two windows meet once widened by both buffers."""
    widen = pa[i].buffer_us + pb[j].buffer_us
    return (
        pa[i].from_us < pb[j].until_us + widen
        and pb[j].from_us < pa[i].until_us + widen
    )


@njit(cache=True, nogil=True)
def judge(
    pa: Any, va: Any, ca: Any, i: int, pb: Any, vb: Any, cb: Any, j: int
) -> tuple[int, float]:
    """Judge one pair of pieces exactly: what holds, and their separation, metres.

    Args:
        pa: Pieces (n,) PIECE, with their vertices `va` and clocks `ca`.
        i: Which of them.
        pb: Pieces of the other side, with `vb` and `cb`.
        j: Which of them.

    Returns:
        `APART` and infinity, or a sum of `NEAR`, `BAND_UNSURE`, `PLACE_UNSURE`,
        `CLOSE` and the separation of the footprints (radius and half width taken
        off, buffers not), zero where they overlap. Symmetric.
    """
    raise NotImplementedError


@njit(cache=True, nogil=True)
def contact(
    pa: Any, va: Any, ca: Any, i: int, pb: Any, vb: Any, cb: Any, j: int, limit_m: float
) -> tuple[int, int]:
    """Return when both may be within `limit_m`, `[first, last)`, microseconds.

    Windows are widened, each by its own buffer. `(0, 0)` where never.
    """
    raise NotImplementedError
