"""Hold extents: which part of the world something takes up, and when.

    Extent = footprint x altitude band x window + buffers

    Footprint   Point, Circle, Sector, Unlocated    (`model.places`)
                Corridor       within a half width of a path; with passages, only
                               where it can be *when*
                Polygon        one ring, holes allowed
                MultiPolygon   several polygons that share no inside

All positions are WGS 84, longitude before latitude. Every edge is a geodesic.
The inside of a ring is the smaller of the two parts it cuts the Earth into,
whichever way round it is written, so the antimeridian and the poles are ordinary
places. What cannot be meant (`model.rings`) is refused when it is made.
"""

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import TypeAlias

import msgspec

from clearline.model.errors import BadInput
from clearline.model.instants import Duration, Instant, Window, utc, write_instant
from clearline.model.places import (
    Circle,
    Interval,
    Point,
    Position,
    Sector,
    Unlocated,
)

_NOTHING = timedelta(0)


class NotAnExtent(BadInput):
    """Refuse what takes up no part of the world that anybody can mean."""


class Passage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say when a movement passes one position of its path.

    Attributes:
        eta: When it is expected there, UTC.
        early_for: How much earlier it may come.
        late_for: How much later it may come.
        dwell_for: How long it stays at least.
        overstay_for: How much longer than that it may stay.
    """

    eta: Instant
    early_for: Duration = _NOTHING
    late_for: Duration = _NOTHING
    dwell_for: Duration = _NOTHING
    overstay_for: Duration = _NOTHING

    @property
    def arrives_from(self) -> Instant:
        """Return the first instant at which it may be there."""
        return self.eta - self.early_for

    @property
    def arrives_by(self) -> Instant:
        """Return the last instant at which it may arrive."""
        return self.eta + self.late_for

    @property
    def leaves_from(self) -> Instant:
        """Return the first instant at which it may go on."""
        return self.arrives_from + self.dwell_for

    @property
    def leaves_by(self) -> Instant:
        """Return the last instant at which it may still be there."""
        return self.arrives_by + self.dwell_for + self.overstay_for


class Corridor(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="corridor"):
    """Hold everything within a half width of a path of geodesic legs.

    Attributes:
        path: At least two positions.
        half_width_m: Zero or more.
        passages: When each position of the path is passed, one for each, or none:
            then the whole corridor is taken up for the whole window. Between two
            positions the earliest and the latest instant run evenly.
        precision_m: How far the corridor meant may reach beyond this one.
    """

    path: tuple[Position, ...]
    half_width_m: float
    passages: tuple[Passage, ...] = ()
    precision_m: float = 0.0


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

    def rings(self) -> Iterator[tuple[Position, ...]]:
        """Yield every ring, the outer one first."""
        yield self.outer
        yield from self.holes


class MultiPolygon(
    msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="multi_polygon"
):
    """Hold several polygons as one area; no two share any inside.

    Attributes:
        parts: At least one.
        precision_m: How far the area meant may reach beyond this one.
    """

    parts: tuple[Polygon, ...]
    precision_m: float = 0.0


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


def span(passages: tuple[Passage, ...]) -> Window:
    """Return the window from the first possible arrival to the last departure."""
    return Window(
        start=utc(passages[0].arrives_from),
        end=utc(passages[-1].leaves_by) + timedelta(microseconds=1),
    )
