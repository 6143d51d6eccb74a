"""Say exactly how two extents meet: how near, in which altitudes, from when to when.

    separation   least distance between the footprints while both may be there, with
                 radius and half width and without buffers; zero where they overlap
    conflict     separation at most the sum of both buffers, altitude bands that
                 meet, and windows that meet, each widened by its own buffer

Something that moves is only where it can be at the time, so two convoys on one road
at different hours are far apart. All answers are symmetric. Distances come from the
compiled judges (a few millimetres off at most up to 100 km, 0.003 % beyond); within
five centimetres of a limit, and beyond 1,000 km, Karney's method is asked.

For bulk and for what stands there are `geo.kernels` and `geo.standing`; this is the
same for one pair, with everything that can be said about it. Compiled code is loaded
on first use, because most commands screen nothing.
"""

import math
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from clearline.geo.geodesy import distance_m
from clearline.model.extents import Extent
from clearline.model.instants import Instant, Window
from clearline.model.places import Position, Unlocated

if TYPE_CHECKING:
    from clearline.geo.packing import Geoid, Packed

_FAR_M = 1_000_000.0


class Bands(StrEnum):
    """Say whether two altitude bands meet."""

    MEET = "meet"
    APART = "apart"
    CANNOT_TELL = "cannot tell"
    """Their datums are unlike, and what lies between them is not known."""


class Meeting(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold how two extents meet.

    Attributes:
        separation_m: Least distance of the footprints while both may be there;
            `None` where they never are at one time, or one of them is nowhere yet.
        limit_m: Sum of both buffers.
        unsure_m: Sum of both precisions: how much nearer they may really be.
        bands: Whether their altitudes meet.
        contact: From the first to the last instant at which they may be within
            `limit_m`, windows widened by their buffers; `None` where never.
        closest_at: First instant at which they may be as near as that, to 5 cm.
        nearest: Where on the first and the second that is: on the path or edge,
            before radius and half width.
        is_located: Whether both are somewhere.
    """

    separation_m: float | None
    limit_m: float
    unsure_m: float = 0.0
    bands: Bands = Bands.MEET
    contact: Window | None = None
    closest_at: Instant | None = None
    nearest: tuple[Position, Position] | None = None
    is_located: bool = True

    @property
    def is_conflict(self) -> bool:
        """Say whether they surely conflict, taking both places as written."""
        return self._is_within(self.limit_m) and self.bands is Bands.MEET

    @property
    def is_unsure(self) -> bool:
        """Say whether they may conflict and it cannot be told."""
        if not self.is_located:
            return True
        return (
            self._is_within(self.limit_m + self.unsure_m)
            and self.bands is not Bands.APART
            and not self.is_conflict
        )

    def _is_within(self, limit_m: float) -> bool:
        return self.separation_m is not None and self.separation_m <= limit_m


def meet(first: Extent, second: Extent, *, geoid: "Geoid | None" = None) -> Meeting:
    """Say how two extents meet.

    Args:
        first: One extent.
        second: The other.
        geoid: Compares altitudes above the ellipsoid and above the sea more
            narrowly than to 110 m.
    """
    limit_m = first.buffer_m + second.buffer_m
    if isinstance(first.footprint, Unlocated) or isinstance(
        second.footprint, Unlocated
    ):
        return Meeting(separation_m=None, limit_m=limit_m, is_located=False)
    from clearline.geo.packing import pack  # noqa: PLC0415 (loads compiled code)

    return _met(pack([first], geoid=geoid), pack([second], geoid=geoid), limit_m)


def separation_m(first: Extent, second: Extent) -> float | None:
    """Return the least distance of two footprints while both may be there, metres.

    Returns:
        `None` where they never are at one time, or one of them is nowhere yet.
    """
    return meet(first, second).separation_m


def _met(a: "Packed", b: "Packed", limit_m: float) -> Meeting:
    from clearline.geo import contact, kernels, packing  # noqa: PLC0415 (the same)
    from clearline.geo.certify import passing  # noqa: PLC0415 (the same)

    is_banded = True
    found = kernels.nearest_pair(*a, *b, is_banded)
    if math.isinf(found[0]):
        is_banded = False
        found = kernels.nearest_pair(*a, *b, is_banded)
    apart_m, i, j, ka, f, kb, g = found
    unsure_m = float(a.pieces["precision_m"][i] + b.pieces["precision_m"][j])
    if math.isinf(apart_m):
        return Meeting(separation_m=None, limit_m=limit_m, unsure_m=unsure_m)
    nearest = passing(a, i, ka, f), passing(b, j, kb, g)
    limits_m = limit_m, limit_m + unsure_m
    if any(abs(apart_m - reach_m) <= kernels.CLOSE_M for reach_m in limits_m):
        apart_m = _certain_m(a, i, b, j)
    elif apart_m > _FAR_M:
        apart_m = max(0.0, distance_m(*nearest) - _radii_m(a, i, b, j))
    within_m = limits_m[0] if apart_m <= limits_m[0] else limits_m[1]
    # A hair more, so that what is certified to be near is not found to be apart.
    hair_m = kernels.CLOSE_M
    first, last = contact.contact_of_all(*a, *b, within_m + hair_m, is_banded)
    closest, _ = contact.contact_of_all(*a, *b, apart_m + hair_m, is_banded)
    return Meeting(
        separation_m=apart_m,
        limit_m=limit_m,
        unsure_m=unsure_m,
        bands=_BANDS[kernels.bands_of(a.pieces, i, b.pieces, j)],
        contact=packing.window(first, last) if apart_m <= within_m else None,
        closest_at=packing.instant(closest),
        nearest=nearest,
    )


_BANDS = {0: Bands.APART, 1: Bands.MEET, 3: Bands.CANNOT_TELL}
"""By what `geo.kernels.bands_meet` answers."""


def _certain_m(a: "Packed", i: int, b: "Packed", j: int) -> float:
    from clearline.geo.certify import certain_distance_m  # noqa: PLC0415 (the same)

    return max(0.0, certain_distance_m(a, i, b, j) - _radii_m(a, i, b, j))


def _radii_m(a: "Packed", i: int, b: "Packed", j: int) -> float:
    return float(a.pieces["radius_m"][i] + b.pieces["radius_m"][j])
