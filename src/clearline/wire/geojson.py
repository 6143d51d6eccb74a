"""Build an extent from what a GeoJSON feature says (`wire.features` has the format)."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, Final, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from clearline.model.extents import (
    HIGHEST_M,
    LOWEST_M,
    AltitudeBand,
    Corridor,
    Datum,
    Extent,
    MultiPolygon,
    Polygon,
    Shape,
)
from clearline.model.instants import FOREVER, Duration, Instant, Window, utc
from clearline.model.passages import Pace, Passage
from clearline.model.places import (
    ALL_ROUND,
    Circle,
    Interval,
    Point,
    Position,
    Sector,
    Unlocated,
    clockwise,
)
from clearline.wire.planar import planar_path, planar_ring

ALWAYS: Final[Instant] = datetime(1, 1, 1, tzinfo=UTC)
"""The start of a window that always held."""

_FULL_TURN_DEG: Final = 360.0
_FEWEST: Final = 4


class Edges(StrEnum):
    """Say what runs between two positions."""

    GEODESIC = "geodesic"
    PLANAR = "planar"


class Wrong(Exception):
    """Carry what is wrong with a feature to where its line is known."""

    def __init__(self, what: str, next: str) -> None:  # noqa: A002 (the house's word)
        super().__init__(what)
        self.what, self.next = what, next


_Numbers: TypeAlias = list[float]


class PointGeometry(msgspec.Struct, tag="Point", gc=False):
    """Hold a Point as it stands."""

    coordinates: _Numbers
    radius_m: "_Length | None" = None


class LineGeometry(msgspec.Struct, tag="LineString", gc=False):
    """Hold a LineString as it stands."""

    coordinates: list[_Numbers]
    half_width_m: "_Length | None" = None


class PolygonGeometry(msgspec.Struct, tag="Polygon", gc=False):
    """Hold a Polygon as it stands."""

    coordinates: list[list[_Numbers]]


class MultiPolygonGeometry(msgspec.Struct, tag="MultiPolygon", gc=False):
    """Hold a MultiPolygon as it stands."""

    coordinates: list[list[list[_Numbers]]]


_Geometry: TypeAlias = (
    PointGeometry | LineGeometry | PolygonGeometry | MultiPolygonGeometry
)
_Aware: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
_Length: TypeAlias = Annotated[float, msgspec.Meta(ge=0.0)]
_Two: TypeAlias = tuple[float, float]


class _Passed(msgspec.Struct, forbid_unknown_fields=True):
    eta: _Aware
    early_s: _Length = 0.0
    late_s: _Length = 0.0
    dwell_s: _Length = 0.0
    overstay_s: _Length = 0.0


class Properties(msgspec.Struct, gc=False):
    """Hold the properties of a feature as they stand."""

    start: _Aware | UnsetType | None = UNSET
    end: _Aware | UnsetType | None = UNSET
    radius_m: _Length | None = None
    half_width_m: _Length | None = None
    floor_m: float | None = None
    ceiling_m: float | None = None
    datum: Datum | None = None
    buffer_m: _Length | None = None
    buffer_s: _Length | None = None
    precision_m: _Length | None = None
    edges: Edges | None = None
    passages: list[_Passed] | None = None
    fastest_mps: _Length | None = None
    slowest_mps: _Length | None = None
    bearing_deg: _Two | None = None
    range_m: _Two | None = None
    name: str | None = None


class Found(msgspec.Struct, tag="Feature", tag_field="type", gc=False):
    """Hold a feature as it stands."""

    geometry: _Geometry | UnsetType | None = UNSET
    properties: Properties | None = None
    id: str | int | float | None = None
    # Margins in the wrong place would be passed over in silence.
    radius_m: Any = UNSET
    half_width_m: Any = UNSET
    buffer_m: Any = UNSET
    buffer_s: Any = UNSET


class Keys(msgspec.Struct, gc=False):
    """Hold the names of properties."""

    properties: dict[str, msgspec.Raw] | None = None


class _Name(msgspec.Struct):
    id: str | int | float | None = None


NOT_JSON: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What the decoder raises; the last where brackets nest by the thousand."""
_FEATURE: Final = msgspec.json.Decoder(Found)
_KEYS: Final = msgspec.json.Decoder(Keys)
_NAME: Final = msgspec.json.Decoder(_Name)
KNOWN: Final = frozenset(Properties.__struct_fields__)
"""Every property that is read."""
_NARROW: Final = tuple(
    name
    for name in Properties.__struct_fields__
    if name not in {"name", "edges", "passages", "bearing_deg", "range_m"}
)


def extent_of(data: bytes, edges: Edges) -> tuple[str, Extent]:
    """Return the name and the extent of one feature.

    Raises:
        Wrong: It says something that cannot be read.
        BadInput: It says something that cannot be meant.
        msgspec.MsgspecError: It is no feature.
    """
    found = _FEATURE.decode(data)
    _require_no_near_misses(_KEYS.decode(data).properties or {})
    _require_in_properties(found)
    return _id(found.id), _extent(
        found.geometry, found.properties or Properties(), edges
    )


def name_of(data: bytes) -> str | None:
    """Return the name of a feature that cannot be read, if that much can be."""
    try:
        name = _NAME.decode(data).id
    except NOT_JSON:
        return None
    return None if name is None else str(name)


def _id(name: str | float | None) -> str:
    if name is None or name == "":
        raise Wrong("it has no `id`.", "Give each feature an `id` of its own.")
    return (
        name
        if isinstance(name, str)
        else f"{name:g}"
        if isinstance(name, float)
        else str(name)
    )


def _require_no_near_misses(names: Iterable[str]) -> None:
    for name in names:
        if name not in KNOWN and (meant := nearly(name)):
            raise Wrong(
                f"the property `{name}` is not read; `{meant}` would be.",
                f"Write `{meant}`, or give it another name if it is something else.",
            )


@cache
def nearly(name: str) -> str | None:
    """Return the property that a name comes too near to, of those that matter."""
    letters = re.sub("(metres|meters|seconds|[^a-z])", "", name.lower())
    for known in _NARROW:
        bare = re.sub("_(m|s|mps)$", "", known).replace("_", "")
        if letters in {bare, known.replace("_", "")}:
            return known
    return None


def _require_in_properties(found: Found) -> None:
    for name in ("radius_m", "half_width_m", "buffer_m", "buffer_s"):
        if getattr(found, name) is not UNSET:
            raise Wrong(
                f"`{name}` stands beside `properties`, where it is not read.",
                "Put it into `properties`.",
            )


def _extent(
    geometry: _Geometry | UnsetType | None, p: Properties, edges: Edges
) -> Extent:
    if geometry is UNSET:
        raise Wrong("it has no `geometry`.", "Give one, or `null` for nowhere yet.")
    if p.start is UNSET or p.end is UNSET:
        name = "start" if p.start is UNSET else "end"
        raise Wrong(
            f"it has no `{name}`.",
            "Give `start` and `end`; `null` as end holds until withdrawn.",
        )
    passages = tuple(_passage(passed) for passed in p.passages or ())
    return Extent(
        footprint=_shape(geometry, p, p.edges or edges, passages),
        window=Window(
            start=ALWAYS if p.start is None else utc(p.start),
            end=FOREVER if p.end is None else utc(p.end),
        ),
        band=_band(p),
        buffer_m=p.buffer_m or 0.0,
        buffer_s=p.buffer_s or 0.0,
    )


def _band(p: Properties) -> AltitudeBand | None:
    if p.datum is None:
        return None
    return AltitudeBand(
        floor_m=LOWEST_M if p.floor_m is None else p.floor_m,
        ceiling_m=HIGHEST_M if p.ceiling_m is None else p.ceiling_m,
        datum=p.datum,
    )


def _passage(p: _Passed) -> Passage:
    return Passage(
        eta=utc(p.eta),
        early_for=Duration(seconds=p.early_s),
        late_for=Duration(seconds=p.late_s),
        dwell_for=Duration(seconds=p.dwell_s),
        overstay_for=Duration(seconds=p.overstay_s),
    )


def _shape(
    geometry: _Geometry | None, p: Properties, edges: Edges, passages: Sequence[Any]
) -> Shape:
    _require_fitting(geometry, p)
    precision_m = p.precision_m or 0.0
    match geometry:
        case None:
            return Unlocated(name=p.name or "a place without a name")
        case PointGeometry():
            return _round(geometry, p, precision_m)
        case LineGeometry():
            return _corridor(geometry, p, edges, passages)
        case PolygonGeometry():
            return _polygon(geometry.coordinates, edges, precision_m)
        case MultiPolygonGeometry():
            parts = tuple(_polygon(part, edges, 0.0) for part in geometry.coordinates)
            return MultiPolygon(parts=parts, precision_m=precision_m)


def _require_fitting(geometry: _Geometry | None, p: Properties) -> None:
    """Refuse a property that would be passed over for this geometry."""
    for kind, names in (
        (PointGeometry, ("radius_m", "bearing_deg", "range_m")),
        (
            LineGeometry,
            ("half_width_m", "passages", "fastest_mps", "slowest_mps"),
        ),
    ):
        for name in names:
            if getattr(p, name) is not None and not isinstance(geometry, kind):
                raise Wrong(
                    f"`{name}` says nothing of its geometry.",
                    f"Leave it out, or give a {kind.__struct_config__.tag}.",
                )


def _round(
    point: PointGeometry, p: Properties, precision_m: float
) -> Point | Circle | Sector:
    at = _position(point.coordinates)
    radius_m = _one("radius_m", point.radius_m, p.radius_m)
    if p.bearing_deg is not None or p.range_m is not None:
        if p.bearing_deg is None or p.range_m is None or radius_m:
            raise Wrong(
                "a sector is not whole, or a circle as well.",
                "Give `bearing_deg` and `range_m`, or `radius_m`.",
            )
        return Sector(
            origin=at,
            bearing_deg=clockwise(*p.bearing_deg)
            if p.bearing_deg[1] - p.bearing_deg[0] < _FULL_TURN_DEG
            else ALL_ROUND,
            range_m=Interval(least=p.range_m[0], most=p.range_m[1]),
            precision_m=precision_m,
        )
    if radius_m:
        return Circle(centre=at, radius_m=radius_m, precision_m=precision_m)
    return Point(position=at, precision_m=precision_m)


def _corridor(
    line: LineGeometry, p: Properties, edges: Edges, passages: Sequence[Passage]
) -> Corridor:
    path = tuple(_position(at) for at in line.coordinates)
    if edges is Edges.PLANAR and path:
        if passages:
            raise Wrong(
                "what moves is told along geodesics.",
                "Leave `edges` out, or `passages`.",
            )
        path = planar_path(path)
    return Corridor(
        path=path,
        half_width_m=_one("half_width_m", line.half_width_m, p.half_width_m),
        passages=tuple(passages),
        precision_m=p.precision_m or 0.0,
        pace=_pace(p),
    )


def _pace(p: Properties) -> Pace | None:
    if p.fastest_mps is None:
        if p.slowest_mps is not None:
            raise Wrong(
                "`slowest_mps` says nothing without `fastest_mps`.",
                "Give both, or neither.",
            )
        return None
    return Pace(fastest_mps=p.fastest_mps, slowest_mps=p.slowest_mps or 0.0)


def _one(name: str, in_geometry: float | None, in_properties: float | None) -> float:
    """Return a length that may stand in two places, if they agree."""
    if None not in (in_geometry, in_properties) and in_geometry != in_properties:
        raise Wrong(
            f"its geometry says `{name}` {in_geometry}, its properties "
            f"{in_properties}.",
            "Give it once, in `properties`.",
        )
    return in_properties or in_geometry or 0.0


def _polygon(rings: list[list[_Numbers]], edges: Edges, precision_m: float) -> Polygon:
    if not rings:
        raise Wrong("a polygon has no ring.", "Give its outer ring first.")
    outer, *holes = (_ring(ring, edges) for ring in rings)
    return Polygon(outer=outer, holes=tuple(holes), precision_m=precision_m)


def _ring(coordinates: list[_Numbers], edges: Edges) -> tuple[Position, ...]:
    """Return a ring without its closing position, and without repeated ones."""
    if len(coordinates) < _FEWEST or coordinates[0][:2] != coordinates[-1][:2]:
        raise Wrong(
            f"a ring of {len(coordinates)} positions is not closed.",
            "Give at least four, the last the same as the first (RFC 7946 §3.1.6).",
        )
    given = [_position(at) for at in coordinates]
    ring = tuple(p for p, q in pairwise(given) if p != q)
    return planar_ring(ring) if edges is Edges.PLANAR and ring else ring


def _position(coordinates: _Numbers) -> Position:
    if len(coordinates) < 2:  # noqa: PLR2004 (longitude and latitude)
        raise Wrong(
            f"a position of {len(coordinates)} numbers is none.",
            "Give longitude, then latitude.",
        )
    return Position(lon=coordinates[0], lat=coordinates[1])


def write_feature(name: str, extent: Extent) -> bytes:
    """Write an extent as one GeoJSON feature, edges geodesic, on one line.

    Read again it is the same extent; the elevation of the ground under a band is not
    written.
    """
    properties: dict[str, Any] = {
        "start": None if extent.window.start == ALWAYS else extent.window.start,
        "end": None if extent.window.end == FOREVER else extent.window.end,
    }
    if extent.band is not None:
        properties |= {
            "floor_m": extent.band.floor_m,
            "ceiling_m": extent.band.ceiling_m,
            "datum": extent.band.datum,
        }
    geometry, more = _written(extent.footprint)
    margins = {
        "buffer_m": extent.buffer_m,
        "buffer_s": extent.buffer_s,
        "precision_m": getattr(extent.footprint, "precision_m", 0.0),
    }
    properties |= more | {key: value for key, value in margins.items() if value}
    return msgspec.json.encode(
        {"type": "Feature", "id": name, "geometry": geometry, "properties": properties}
    )


def _written(  # noqa: PLR0911 (one for each shape)
    shape: Shape,
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """Return the geometry of a footprint, and the properties that complete it."""
    match shape:
        case Point(position=at):
            return _geometry("Point", _pair(at)), {}
        case Circle(centre=at, radius_m=radius_m):
            return _geometry("Point", _pair(at)), {"radius_m": radius_m}
        case Sector(origin=at, bearing_deg=bearings, range_m=ranges):
            return _geometry("Point", _pair(at)), {
                "bearing_deg": (bearings.least, bearings.most),
                "range_m": (ranges.least, ranges.most),
            }
        case Corridor(path=path, half_width_m=half_width_m, passages=passages):
            properties: dict[str, Any] = {"half_width_m": half_width_m}
            if passages:
                properties["passages"] = [_told(passage) for passage in passages]
            if shape.pace is not None:
                properties["fastest_mps"] = shape.pace.fastest_mps
                properties["slowest_mps"] = shape.pace.slowest_mps
            return _geometry("LineString", [_pair(at) for at in path]), properties
        case Polygon():
            return _geometry("Polygon", _closed(shape)), {}
        case MultiPolygon(parts=parts):
            return _geometry("MultiPolygon", [_closed(part) for part in parts]), {}
        case Unlocated(name=name):
            return None, {"name": name}


def _geometry(kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": kind, "coordinates": coordinates}


def _pair(at: Position) -> tuple[float, float]:
    return at.lon, at.lat


def _closed(polygon: Polygon) -> list[list[tuple[float, float]]]:
    return [[_pair(at) for at in (*ring, ring[0])] for ring in polygon.rings()]


def _told(passage: Passage) -> _Passed:
    return _Passed(
        eta=passage.eta,
        early_s=passage.early_for.total_seconds(),
        late_s=passage.late_for.total_seconds(),
        dwell_s=passage.dwell_for.total_seconds(),
        overstay_s=passage.overstay_for.total_seconds(),
    )
