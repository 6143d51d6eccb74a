"""Hold positions, intervals, and what is told by one of them.

    Position    WGS 84, degrees
    Interval    least and most of a number
    Point       a position and how far it may be off
    Circle      everything within a radius
    Sector      between two bearings and two ranges of an origin
    Unlocated   a name nobody can put on a map yet

All bearings are degrees clockwise from true north, all lengths metres along the
ellipsoid. What a place is stands in `model.places`, which gives all of this on.
"""

import math

import msgspec

from clearline.model.errors import BadInput

FARTHEST_M = 20_003_932.0
"""Longest geodesic on WGS 84, metres: half a meridian, rounded up."""


class NotAPlace(BadInput):
    """Refuse numbers that describe no place on Earth."""


def refuse(what: str, next_step: str) -> NotAPlace:
    """Make the error for numbers that are no place."""
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
            raise refuse(
                f"A latitude of {self.lat} degrees does not exist.",
                "Give a latitude from -90 to 90; check whether the two were swapped.",
            )
        if not (-180.0 <= self.lon <= 180.0):  # noqa: PLR2004 (the antimeridian)
            raise refuse(
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
            raise refuse(
                f"The interval {self.least} to {self.most} is not finite.",
                "Give two ordinary numbers.",
            )
        if self.least > self.most:
            raise refuse(
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


def require_precision(precision_m: float) -> None:
    """Refuse a precision that is no length on Earth."""
    if not (0.0 <= precision_m <= FARTHEST_M):
        raise refuse(
            f"A precision of {precision_m} m means nothing.",
            "Give the precision in metres, zero or more.",
        )


def require_polar(bearing_deg: Interval, range_m: Interval) -> None:
    """Refuse bearings that go round more than once, and ranges beyond the Earth."""
    if not (0.0 <= bearing_deg.least < 360.0) or bearing_deg.width > 360.0:  # noqa: PLR2004 (a full turn)
        raise refuse(
            f"The bearings {bearing_deg.least} to {bearing_deg.most} degrees do "
            f"not start within one turn or go round more than once.",
            "Start in [0, 360) and turn clockwise by at most 360 degrees.",
        )
    if range_m.least < 0.0 or range_m.most > FARTHEST_M:
        raise refuse(
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
        require_precision(self.precision_m)


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
        require_precision(self.precision_m)
        if not (0.0 < self.radius_m <= FARTHEST_M):
            raise refuse(
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
        require_precision(self.precision_m)
        require_polar(self.bearing_deg, self.range_m)


class Unlocated(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="unlocated"):
    """Hold a name that nobody can put on a map yet; it may still be filed.

    Attributes:
        name: The name as told. Whatever is compared with it: *cannot tell*.
    """

    name: str

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise refuse("An empty name names nothing.", "Give the name as told.")
