"""Hold extents: which part of the world something takes up, and when.

    Extent = footprint x altitude band x window + buffers

Footprints stand in `model.positions` (Point, Circle, Sector, Unlocated) and in
`model.shapes` (Corridor, Polygon, MultiPolygon), which are given on from here.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

import msgspec

from clearline.model.instants import (
    FOREVER,
    Duration,
    Instant,
    Window,
    write_instant,
)
from clearline.model.passages import Pace, Passage, span
from clearline.model.positions import Interval, Sector
from clearline.model.rings import refuse, say
from clearline.model.shapes import (
    Area,
    Corridor,
    Footprint,
    MultiPolygon,
    Polygon,
    require_length,
)

__all__ = [
    "HIGHEST_M",
    "LONGEST_BUFFER_S",
    "LOWEST_M",
    "WIDEST_SECTOR_M",
    "AltitudeBand",
    "Area",
    "Corridor",
    "Datum",
    "Extent",
    "MultiPolygon",
    "Pace",
    "Passage",
    "Polygon",
    "Shape",
    "ends_at",
    "span",
    "starts_at",
]

LOWEST_M = -12_000.0
"""Lowest altitude of a band, metres: below the deepest sea."""
HIGHEST_M = 1_000_000.0
"""Highest altitude of a band, metres."""
LONGEST_BUFFER_S = 366 * 86_400.0
"""Longest margin in time, seconds."""
WIDEST_SECTOR_M = 4_000_000.0
"""Farthest range of a sector that can still be compared with anything, metres."""

_TICK = timedelta(microseconds=1)

Shape: TypeAlias = Footprint
"""What an extent can take up on the ground: whatever a place can be."""


class Datum(StrEnum):
    """Say what an altitude is measured from."""

    AMSL = "AMSL"
    """Mean sea level: the EGM96 geoid."""
    WGS84 = "WGS84"
    """The ellipsoid."""
    AGL = "AGL"
    """The ground below."""
    FL = "FL"
    """The 1013.25 hPa surface: pressure altitude, in metres."""


class AltitudeBand(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a closed band of altitudes, metres above its datum.

    Attributes:
        floor_m: Lower end, inside.
        ceiling_m: Upper end, inside, not below the floor.
        datum: What both are measured from.
        ground_m: For AGL: elevation of the ground below, AMSL, where its owner
            states it; `None` where nobody does.
    """

    floor_m: float
    ceiling_m: float
    datum: Datum = Datum.AMSL
    ground_m: Interval | None = None

    def __post_init__(self) -> None:
        if not self.floor_m <= self.ceiling_m:
            raise refuse(
                f"The band from {self.floor_m} to {self.ceiling_m} m is upside down.",
                "Give the floor first; leave the band out for all altitudes.",
            )
        if self.floor_m < LOWEST_M or self.ceiling_m > HIGHEST_M:
            raise refuse(
                f"The band from {self.floor_m} to {self.ceiling_m} m leaves the "
                f"{LOWEST_M:,.0f} to {HIGHEST_M:,.0f} m we know.",
                "Give metres, not feet; leave the band out for all altitudes.",
            )
        if self.ground_m is not None and self.datum is not Datum.AGL:
            raise refuse(
                f"An elevation of the ground says nothing about a band {self.datum}.",
                "Leave it out.",
            )


class Extent(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold what something takes up: footprint, altitudes, window, and margins.

    Attributes:
        footprint: Where.
        window: When, `[start, end)`, UTC; `FOREVER` as end until withdrawn.
        band: At which altitudes; `None` for all of them.
        buffer_m: Margin all round the footprint, metres, zero or more.
        buffer_s: Margin before and after, seconds, zero or more.
    """

    footprint: Shape
    window: Window
    band: AltitudeBand | None = None
    buffer_m: float = 0.0
    buffer_s: float = 0.0

    def __post_init__(self) -> None:
        require_length("buffer", self.buffer_m)
        if not 0.0 <= self.buffer_s <= LONGEST_BUFFER_S:
            raise refuse(
                f"A buffer of {self.buffer_s} s means nothing.",
                "Give seconds, from zero to a year.",
            )
        if isinstance(self.footprint, Sector):
            _require_narrow(self.footprint)
        if isinstance(self.footprint, Corridor) and self.footprint.passages:
            _require_within(self.window, self.footprint.passages)


def starts_at(extent: Extent) -> Instant:
    """Return the beginning of an extent's window, its margin included."""
    return _shifted(extent.window.start, -extent.buffer_s)


def ends_at(extent: Extent) -> Instant:
    """Return the end of an extent's window, its margin included."""
    return _shifted(extent.window.end, extent.buffer_s)


def _shifted(at: Instant, by_s: float) -> Instant:
    """Move an instant, but not out of the years there are."""
    if at >= FOREVER:
        return FOREVER
    if not by_s:
        return at
    try:
        return min(FOREVER, at + Duration(seconds=by_s))
    except OverflowError:
        return FOREVER if by_s > 0 else datetime.min.replace(tzinfo=UTC)


def _require_narrow(sector: Sector) -> None:
    if sector.range_m.most > WIDEST_SECTOR_M:
        raise refuse(
            f"A sector that reaches {sector.range_m.most / 1000:,.0f} km from "
            f"{say(sector.origin)} cannot be compared with anything.",
            f"Give one of at most {WIDEST_SECTOR_M / 1000:,.0f} km, or a polygon.",
        )


def _require_within(window: Window, passages: tuple[Passage, ...]) -> None:
    passed = span(passages)
    if passed.start < window.start or passed.end > window.end + _TICK:
        raise refuse(
            f"The passages run from {write_instant(passed.start)} to "
            f"{write_instant(passages[-1].leaves_by)}, beyond the window from "
            f"{write_instant(window.start)} to {write_instant(window.end)}.",
            "Give a window that holds every passage, early and late.",
        )
