"""Hold places: where something is, and the words it was told in.

    Place = footprint + text as told + format + method (+ the origin it hangs on)

    Footprint   Point       a position and how far it may be off
                Circle      everything within a radius
                Sector      between two bearings and two ranges of an origin
                Unlocated   a name nobody can put on a map yet

A vague place stays vague: "3 to 6 km southwest of" is a `Sector`, never a point
in its middle. All positions are WGS 84, all bearings degrees clockwise from true
north, all lengths metres along the ellipsoid.

`precision_m` always means the same: the place really meant may lie this far
outside the footprint written here, in any direction, and no farther.
"""

import math
from enum import StrEnum
from typing import TypeAlias

import msgspec

from clearline.model.errors import BadInput

FARTHEST_M = 20_003_932.0
"""Longest geodesic on WGS 84, metres: half a meridian, rounded up."""


class NotAPlace(BadInput):
    """Refuse numbers that describe no place on Earth."""


def _refuse(what: str, next_step: str) -> NotAPlace:
    return NotAPlace(what, state="No place was made.", next=next_step)


class Position(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one position on the WGS 84 ellipsoid, degrees.

    The meridian opposite Greenwich is always written +180, so that equal places
    are equal values; nothing else is ever wrapped or clamped.

    Attributes:
        lon: Longitude, east positive, in (-180, 180].
        lat: Latitude, north positive, in [-90, 90].
    """

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (-90.0 <= self.lat <= 90.0):  # noqa: PLR2004 (the poles)
            raise _refuse(
                f"A latitude of {self.lat} degrees does not exist.",
                "Give a latitude from -90 to 90; check whether the two were swapped.",
            )
        if not (-180.0 <= self.lon <= 180.0):  # noqa: PLR2004 (the antimeridian)
            raise _refuse(
                f"A longitude of {self.lon} degrees does not exist.",
                "Give a longitude from -180 to 180.",
            )
        # Adding zero turns -0.0 into 0.0, which would print as another hemisphere.
        lon = 180.0 if self.lon == -180.0 else self.lon + 0.0  # noqa: PLR2004
        msgspec.structs.force_setattr(self, "lon", lon)
        msgspec.structs.force_setattr(self, "lat", self.lat + 0.0)


class Interval(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a closed interval `[least, most]` of finite numbers.

    Attributes:
        least: Lower end, inside.
        most: Upper end, inside, not below `least`.
    """

    least: float
    most: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.least) and math.isfinite(self.most)):
            raise _refuse(
                f"The interval {self.least} to {self.most} is not finite.",
                "Give two ordinary numbers.",
            )
        if self.least > self.most:
            raise _refuse(
                f"The interval runs from {self.least} down to {self.most}.",
                "Give the smaller number first.",
            )

    @property
    def middle(self) -> float:
        """Return the number halfway between both ends."""
        return (self.least + self.most) / 2

    @property
    def width(self) -> float:
        """Return how far the ends lie apart."""
        return self.most - self.least

    def holds(self, value: float) -> bool:
        """Say whether `value` lies inside; both ends do."""
        return self.least <= value <= self.most


def exactly(value: float) -> Interval:
    """Return the interval that holds `value` alone."""
    return Interval(least=value, most=value)


def clockwise(from_deg: float, to_deg: float) -> Interval:
    """Return the bearings passed when turning clockwise from one to the other.

    The lower end is brought into [0, 360); the upper end then lies at most 360
    above it, so an interval across north reads 337.5 to 382.5. Equal bearings
    give that single bearing, not a full turn.
    """
    least = from_deg % 360.0
    if least >= 360.0:  # noqa: PLR2004 (a hair below zero rounds up to a full turn)
        least = 0.0
    return Interval(least=least, most=least + (to_deg - from_deg) % 360.0)


ALL_ROUND = Interval(least=0.0, most=360.0)
"""Every bearing."""


def _require_precision(precision_m: float) -> None:
    if not (0.0 <= precision_m <= FARTHEST_M):
        raise _refuse(
            f"A precision of {precision_m} m means nothing.",
            "Give the precision in metres, zero or more.",
        )


def _require_polar(bearing_deg: Interval, range_m: Interval) -> None:
    if not (0.0 <= bearing_deg.least < 360.0) or bearing_deg.width > 360.0:  # noqa: PLR2004 (a full turn)
        raise _refuse(
            f"The bearings {bearing_deg.least} to {bearing_deg.most} degrees do "
            f"not start within one turn or go round more than once.",
            "Start in [0, 360) and turn clockwise by at most 360 degrees.",
        )
    if range_m.least < 0.0 or range_m.most > FARTHEST_M:
        raise _refuse(
            f"The ranges {range_m.least} to {range_m.most} m do not fit on Earth.",
            "Give ranges from 0 to 20,003 km, in metres.",
        )


class Point(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="point"):
    """Hold a position that is known to within `precision_m`.

    Attributes:
        position: WGS 84.
        precision_m: Greatest distance from there to the place meant.
    """

    position: Position
    precision_m: float

    def __post_init__(self) -> None:
        _require_precision(self.precision_m)


class Circle(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="circle"):
    """Hold everything within `radius_m` of a centre.

    Attributes:
        centre: WGS 84.
        radius_m: Greater than zero.
        precision_m: How far the area meant may reach beyond this one.
    """

    centre: Position
    radius_m: float
    precision_m: float = 0.0

    def __post_init__(self) -> None:
        _require_precision(self.precision_m)
        if not (0.0 < self.radius_m <= FARTHEST_M):
            raise _refuse(
                f"A circle of {self.radius_m} m radius does not exist.",
                "Give a radius greater than zero, in metres.",
            )


class Sector(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="sector"):
    """Hold what lies between two bearings and two ranges of an origin.

    Attributes:
        origin: Where bearings and ranges are measured from, WGS 84.
        bearing_deg: Bearings at the origin, true, clockwise from `least` to
            `most`; `least` in [0, 360), `most` may pass 360 to cross north.
        range_m: Geodesic distance from the origin; both ends inside.
        precision_m: How far the area meant may reach beyond this one.
    """

    origin: Position
    bearing_deg: Interval
    range_m: Interval
    precision_m: float = 0.0

    def __post_init__(self) -> None:
        _require_precision(self.precision_m)
        _require_polar(self.bearing_deg, self.range_m)


class Unlocated(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="unlocated"):
    """Hold a name that nobody can put on a map yet; it may still be filed.

    Attributes:
        name: The name as told. Whatever is compared with it: *cannot tell*.
    """

    name: str

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise _refuse("An empty name names nothing.", "Give the name as told.")


Footprint: TypeAlias = Point | Circle | Sector | Unlocated


class FactStatus(StrEnum):
    """Say how well a stated fact stands."""

    STATED = "stated"
    INFERRED = "inferred"
    UNVERIFIED = "unverified"
    CONTESTED = "contested"


class NamedOrigin(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a named position that bearings and ranges are measured from.

    Two origins may share a name and differ in kind: the city and the airfield of
    Deir ez-Zor. They are *rivals*, and mistaking one for the other moves every
    place told from them.

    Attributes:
        name: As people say it, without its kind where that is a separate word.
        position: WGS 84.
        kind: One or more words for what it is: `city`, `airfield`, `bridge`.
        source: Who says it lies there.
        status: How well that stands.
        aliases: Other spellings of the name.
        precision_m: How far the origin meant may lie from `position`.
    """

    name: str
    position: Position
    kind: str = ""
    source: str = ""
    status: FactStatus = FactStatus.STATED
    aliases: tuple[str, ...] = ()
    precision_m: float = 0.0

    def __post_init__(self) -> None:
        _require_precision(self.precision_m)
        if not self.name.strip():
            raise _refuse("An origin needs a name.", "Say which place is meant.")

    @property
    def label(self) -> str:
        """Name the origin with its kind, for a sentence."""
        kind = self.kind.strip()
        if not kind or kind.casefold() in self.name.casefold():
            return self.name
        return f"{self.name} ({kind})"


class North(StrEnum):
    """Say which north a bearing was counted from."""

    TRUE = "true"
    MAGNETIC = "magnetic"
    GRID = "grid"


class BearingAndRange(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Keep how a place hangs on its origin, so that a rival can be tried.

    Attributes:
        origin: The origin the reading used.
        bearing_deg: True bearings at the origin, as in `Sector`.
        range_m: Metres from the origin.
        north: The north the text counted from.
        is_north_said: Whether the text said so; otherwise it was assumed.
        bearing_precision_deg: How far the bearing meant may lie beyond.
        range_precision_m: How far the range meant may lie beyond.
    """

    origin: NamedOrigin
    bearing_deg: Interval
    range_m: Interval
    north: North = North.TRUE
    is_north_said: bool = False
    bearing_precision_deg: float = 0.0
    range_precision_m: float = 0.0

    def __post_init__(self) -> None:
        _require_polar(self.bearing_deg, self.range_m)
        _require_precision(self.range_precision_m)
        if not (0.0 <= self.bearing_precision_deg <= 180.0):  # noqa: PLR2004 (half a turn)
            raise _refuse(
                f"A bearing precision of {self.bearing_precision_deg} degrees "
                f"means nothing.",
                "Give it in degrees, from 0 to 180.",
            )


class PlaceFormat(StrEnum):
    """Name the way a place was told."""

    DECIMAL = "decimal"
    DMS = "dms"
    DDM = "ddm"
    MGRS = "mgrs"
    BEARING_RANGE = "bearing_range"
    NAME = "name"
    GEOMETRY = "geometry"
    """Given as a shape with numbers, not read from words."""


class Place(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a place and the words it came in.

    Attributes:
        footprint: Where it is, as far as the words say.
        text: The words as told, never changed.
        format: The way they were told.
        method: How the footprint follows from the words, with what was assumed.
        told_from: Bearing, range and origin, where the place was told so.
    """

    footprint: Footprint
    text: str
    format: PlaceFormat
    method: str = ""
    told_from: BearingAndRange | None = None

    @property
    def precision_m(self) -> float | None:
        """Return how far beyond its footprint it may lie; `None` if unlocated."""
        match self.footprint:
            case Unlocated():
                return None
            case Point() | Circle() | Sector() as located:
                return located.precision_m

    @property
    def origin(self) -> str | None:
        """Name the origin it was told from, if any."""
        return self.told_from.origin.label if self.told_from else None


class Reading(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one possible understanding of a text.

    Attributes:
        place: What the text says, read this way.
        understood: One sentence that says how it was read and what was assumed.
    """

    place: Place
    understood: str
