"""Hold extents: which part of the world something takes up, and when.

    Extent = footprint x altitude band x window + buffers

    Footprint   Point, Circle, Sector, Unlocated    (`model.places`)
                Corridor       within a half width of a path; with passages, only
                               where it can be *when*, at the pace it may have
                Polygon        one ring, holes allowed
                MultiPolygon   several polygons as one area

All positions are WGS 84, longitude before latitude. Every edge is a geodesic.
The inside of a ring is the smaller of the two parts it cuts the Earth into,
whichever way round it is written, so the antimeridian and the poles are ordinary
places. What cannot be meant (`model.rings`) is refused when it is made.
"""

from collections.abc import Iterator
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
from clearline.model.passages import Pace, Passage, require_passages, span
from clearline.model.places import (
    FARTHEST_M,
    Circle,
    Interval,
    Point,
    Position,
    Sector,
    Unlocated,
)
from clearline.model.rings import refuse, require_path, require_rings, say

LOWEST_M = -12_000.0
"""Lowest altitude of a band, metres: below the deepest sea."""
HIGHEST_M = 1_000_000.0
"""Highest altitude of a band, metres."""
LONGEST_BUFFER_S = 366 * 86_400.0
"""Longest margin in time, seconds."""
WIDEST_SECTOR_M = 4_000_000.0
"""Farthest range of a sector that can still be compared with anything, metres."""

_TICK = timedelta(microseconds=1)


class Corridor(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="corridor"):
    """Hold everything within a half width of a path of geodesic legs.

    Attributes:
        path: At least two positions.
        half_width_m: Zero or more.
        passages: When each position of the path is passed, one for each, or none:
            then the whole corridor is taken up for the whole window.
        precision_m: How far the corridor meant may reach beyond this one.
        pace: How fast it may be in between. It is then anywhere on a leg that it can
            have reached from the last position and from where it still reaches the
            next in its time. `None`: the earliest and the latest instant run evenly
            from one position to the next; who may halt or hurry in between says so.
    """

    path: tuple[Position, ...]
    half_width_m: float
    passages: tuple[Passage, ...] = ()
    precision_m: float = 0.0
    pace: Pace | None = None

    def __post_init__(self) -> None:
        _require_length("half width", self.half_width_m)
        _require_length("precision", self.precision_m)
        require_path(self.path)
        if self.passages:
            require_passages(self.path, self.passages, self.pace)
        elif self.pace is not None:
            raise refuse(
                "A pace without times says nothing.",
                "Give the passages of the path as well, or leave the pace out.",
            )


class Polygon(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="polygon"):
    """Hold the inside of a ring, without the insides of its holes.

    Attributes:
        outer: At least three positions, the first not repeated at the end.
        holes: Rings inside `outer`, apart from each other; their edges belong to
            the polygon.
        precision_m: How far the area meant may reach beyond this one.
    """

    outer: tuple[Position, ...]
    holes: tuple[tuple[Position, ...], ...] = ()
    precision_m: float = 0.0

    def __post_init__(self) -> None:
        _require_length("precision", self.precision_m)
        require_rings(self.outer, self.holes)

    def rings(self) -> Iterator[tuple[Position, ...]]:
        """Yield every ring, the outer one first."""
        yield self.outer
        yield from self.holes


class MultiPolygon(
    msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="multi_polygon"
):
    """Hold several polygons as one area: what lies in any of them lies in it.

    Attributes:
        parts: At least one; they may touch and overlap.
        precision_m: How far the area meant may reach beyond this one. The parts'
            own is not looked at.
    """

    parts: tuple[Polygon, ...]
    precision_m: float = 0.0

    def __post_init__(self) -> None:
        _require_length("precision", self.precision_m)
        if not self.parts:
            raise refuse("An area without parts is nowhere.", "Give at least one part.")


Area: TypeAlias = Polygon | MultiPolygon
Shape: TypeAlias = (
    Point | Circle | Sector | Corridor | Polygon | MultiPolygon | Unlocated
)


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
        _require_length("buffer", self.buffer_m)
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


def _require_length(name: str, length_m: float) -> None:
    if not 0.0 <= length_m <= FARTHEST_M:
        raise refuse(
            f"A {name} of {length_m} m does not exist.",
            "Give metres, zero or more.",
        )


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
