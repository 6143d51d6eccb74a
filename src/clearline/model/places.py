"""Hold places: where something is, and the words it was told in.

    Place = footprint + text as told + format + method (+ the origin it hangs on)

    Footprint   Point         a position and how far it may be off
                Circle        everything within a radius
                Sector        between two bearings and two ranges of an origin
                Corridor      along a path: a route
                Polygon       inside a ring: an area; MultiPolygon several of them
                Unlocated     a name nobody can put on a map yet

A vague place stays vague: "3 to 6 km southwest of" is a `Sector`, never a point
in its middle. All positions are WGS 84, all bearings degrees clockwise from true
north, all lengths metres along the ellipsoid.

`precision_m` always means the same: the place really meant may lie this far
outside the footprint written here, in any direction, and no farther.
"""

from enum import StrEnum

import msgspec

from clearline.model.positions import (
    ALL_ROUND,
    FARTHEST_M,
    Circle,
    Interval,
    NotAPlace,
    Point,
    Position,
    Sector,
    Unlocated,
    clockwise,
    exactly,
    refuse,
    require_polar,
    require_precision,
)
from clearline.model.shapes import Corridor, Footprint, MultiPolygon, Polygon

__all__ = [
    "ALL_ROUND",
    "FARTHEST_M",
    "BearingAndRange",
    "Circle",
    "Corridor",
    "FactStatus",
    "Footprint",
    "Interval",
    "MultiPolygon",
    "NamedOrigin",
    "North",
    "NotAPlace",
    "Place",
    "PlaceFormat",
    "Point",
    "Polygon",
    "Position",
    "Reading",
    "Sector",
    "Unlocated",
    "clockwise",
    "exactly",
]


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
        require_precision(self.precision_m)
        if not self.name.strip():
            raise refuse("An origin needs a name.", "Say which place is meant.")

    @property
    def label(self) -> str:
        """Name the origin with its kind, for a sentence."""
        kind = self.kind.strip()
        if not kind or kind.casefold() in self.name.casefold():
            return self.name
        return f"{self.name} ({kind})"


class NameAsked(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold what a gazetteer said of one name, asked before it was needed.

    Attributes:
        phrase: The phrase asked for; empty where rivals were.
        rivals_of: The origin whose rivals were asked for.
        found: What it said, in its order.
    """

    phrase: str = ""
    rivals_of: NamedOrigin | None = None
    found: tuple[NamedOrigin, ...] = ()


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
        require_polar(self.bearing_deg, self.range_m)
        require_precision(self.range_precision_m)
        if not (0.0 <= self.bearing_precision_deg <= 180.0):  # noqa: PLR2004 (half a turn)
            raise refuse(
                f"A bearing precision of {self.bearing_precision_deg} degrees "
                f"means nothing.",
                "Give it in degrees, from 0 to 180.",
            )


class PlaceFormat(StrEnum):
    """Name the way a place was told."""

    DECIMAL = "decimal"
    DMS = "dms"
    DDM = "ddm"
    PACKED = "packed"
    """Degrees, minutes and seconds run together, as in 351707N0401034E."""
    MGRS = "mgrs"
    UTM = "utm"
    GEO = "geo"
    """A `geo:` URI (RFC 5870)."""
    MAP_LINK = "map_link"
    BEARING_RANGE = "bearing_range"
    BETWEEN = "between"
    """Between two named origins, or halfway."""
    LINES = "lines"
    """Several lines, a position each: a route, or an area."""
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
        altitude_m: Metres above the WGS 84 ellipsoid, where that was told with the
            place; what it takes up in height is said by an extent.
    """

    footprint: Footprint
    text: str
    format: PlaceFormat
    method: str = ""
    told_from: BearingAndRange | None = None
    altitude_m: float | None = None

    @property
    def precision_m(self) -> float | None:
        """Return how far beyond its footprint it may lie; `None` if unlocated."""
        if isinstance(self.footprint, Unlocated):
            return None
        return self.footprint.precision_m

    @property
    def origin(self) -> str | None:
        """Name the origin it was told from, if any."""
        return self.told_from.origin.label if self.told_from else None


class Reading(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one possible understanding of a text.

    Attributes:
        place: What the text says, read this way.
        understood: One sentence that says how it was read and what was assumed.
        lines: For a place told in several lines, the reading of each.
    """

    place: Place
    understood: str
    lines: "tuple[Reading, ...]" = ()
