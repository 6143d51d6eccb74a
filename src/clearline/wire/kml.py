"""Read and write KML 2.3 (OGC 12-007r2): placemarks, as features.

    Point, LineString, Polygon with its holes    as they are, longitude first
    MultiGeometry of polygons                    one area of several parts
    a Point with a Polygon                       the polygon alone
    gx:Track                                     a path with the time at each position
    TimeSpan, TimeStamp                          window; a folder's for all in it
    extrude over ground or sea level             altitudes from the ground up
    ExtendedData                                 every property, under its own name

An altitude that is not extruded is where something is drawn, not what it takes up; it
is left out, with a note, and the notice then holds for all altitudes. Edges are
geodesics, as programs draw them.

Written, a circle or a sector is a point with its outline drawn beside it, and its
numbers stand in ExtendedData. They count only if the same outline is drawn from them
again: where somebody moved it, the outline counts, and a note says so.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from clearline.model.errors import BadInput
from clearline.model.instants import parse_instant, write_instant
from clearline.wire.features import BadFeature
from clearline.wire.geojson import Wrong
from clearline.wire.told import (
    Feature,
    Json,
    Told,
    as_text,
    feature,
    from_text,
    instant_text,
    words,
)
from clearline.wire.xml import Element, NotXml, Part, read_parts, refuse, written

Ring = Sequence[tuple[float, float]]
"""Positions, lon lat, degrees, closed."""

Draw = Callable[[Json, Json], Sequence[Ring]]
"""Draws the outline of a point's circle or sector from geometry and properties."""

_ROUNDED: Final = "radius_m", "bearing_deg", "range_m"
_GEOMETRIES: Final = (
    *("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry"),
    *("gx:Track", "gx:MultiTrack", "Model"),
)
_PARTS: Final = frozenset({"Placemark", "NetworkLink", "GroundOverlay"})
_MODES: Final = {"relativeToGround": "AGL", "absolute": "AMSL"}
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_DECIMALS: Final = 7
_DECEMBER: Final = 12


def split_kml(data: bytes, draw: Draw) -> Iterator[Told | BadFeature]:
    """Yield what each placemark tells, and what is wrong with those that tell nothing.

    Args:
        data: The document.
        draw: Draws what was written as an outline, to see whether it was changed.

    Raises:
        NotXml: It is no KML, or asks for more than to be read.
    """
    is_empty = True
    for part in read_parts(data, _PARTS):
        is_empty = False
        yield _told(part, draw)
    if is_empty and b"kml" not in data[:4_096].lower():
        raise refuse("It is no KML.", "Check which file it is.")


def _told(part: Part, draw: Draw) -> Told | BadFeature:
    one = part.element
    name = _id(one)
    if one.name != "Placemark":
        return BadFeature(
            f"a {one.name} points to something elsewhere, which is not fetched.",
            next="Save what it shows as placemarks.",
            line=one.line,
            id=name or None,
        )
    try:
        return _read(part, name, draw)
    except Wrong as wrong:
        return BadFeature(wrong.what, next=wrong.next, line=one.line, id=name or None)


def _id(one: Element) -> str:
    """Return its own id, the name we wrote, or what it is called."""
    data = _extended(one)
    return data.get("id") or one.attributes.get("id", "") or one.said("name")


def _read(part: Part, name: str, draw: Draw) -> Told:
    one, notes = part.element, list[str]()
    said = {key: from_text(key, text) for key, text in _extended(one).items()}
    said.pop("id", None)
    is_ours = "start" in said
    shape = _only(one)
    geometry, more = _geometry(shape, notes)
    if any(key in said for key in _ROUNDED) and (middle := _middle(shape)):
        if _same(draw(middle, said), _rings_of(geometry)):
            geometry = middle
        else:
            notes.append("Its outline was changed: that counts, not its numbers.")
            said = {key: value for key, value in said.items() if key not in _ROUNDED}
    if geometry is None:
        said.setdefault("name", one.said("name") or "a place without a name")
    for key in ("start", "end"):
        if said.get(key) == "null":
            said[key] = None
    properties: Json = {**_window(part), **more, **said}
    if not is_ours:
        properties.setdefault("label", one.said("name"))
        if text := one.said("description"):
            properties.setdefault("description", text)
    return Told(one.line, feature(name, geometry, properties), tuple(notes))


def _extended(one: Element) -> dict[str, str]:
    """Return ExtendedData: Data by name, and SimpleData of a schema."""
    found: dict[str, str] = {}
    data = one.child("ExtendedData")
    if data is None:
        return found
    for each in data.all("Data"):
        value = each.child("value")
        found[each.attributes.get("name", "")] = value.text if value else ""
    for each in data.within("SimpleData"):
        found[each.attributes.get("name", "")] = each.text
    found.pop("", None)
    return found


def _only(one: Element) -> Element | None:
    found = [each for each in one.children if each.name in _GEOMETRIES]
    if len(found) > 1:
        raise Wrong("it has several geometries.", "Give each a placemark of its own.")
    return found[0] if found else None


def _geometry(one: Element | None, notes: list[str]) -> tuple[Json | None, Json]:
    """Return the geometry of a placemark, and the properties that complete it."""
    if one is None:
        return None, {}
    match one.name:
        case "Point":
            (at, *_) = _positions(one)
            return {"type": "Point", "coordinates": at[:2]}, _band(one, notes)
        case "LineString" | "LinearRing":
            path = [at[:2] for at in _positions(one)]
            return {"type": "LineString", "coordinates": path}, _band(one, notes)
        case "Polygon":
            return (
                {"type": "Polygon", "coordinates": _polygon(one)},
                _band(one, notes),
            )
        case "MultiGeometry":
            return _several(one, notes)
        case "gx:Track":
            return _track(one)
        case _:
            raise Wrong(
                f"a {one.name} is not read.",
                "Give a Point, LineString, Polygon, MultiGeometry or gx:Track.",
            )


def _several(one: Element, notes: list[str]) -> tuple[Json, Json]:
    parts = [each for each in one.children if each.name in _GEOMETRIES]
    polygons = [each for each in parts if each.name == "Polygon"]
    points = [each for each in parts if each.name == "Point"]
    if len(parts) == 1:
        geometry, more = _geometry(parts[0], notes)
        if geometry is not None:
            return geometry, more
    if not polygons or len(polygons) + min(len(points), 1) < len(parts):
        raise Wrong(
            "its MultiGeometry mixes what cannot be one notice.",
            "Give each geometry a placemark of its own.",
        )
    if len(polygons) == 1:
        return (
            {"type": "Polygon", "coordinates": _polygon(polygons[0])},
            _band(polygons[0], notes),
        )
    return (
        {"type": "MultiPolygon", "coordinates": [_polygon(each) for each in polygons]},
        _band(polygons[0], notes),
    )


def _middle(one: Element | None) -> Json | None:
    """Return the point beside a drawn outline, if there is one."""
    if one is None or one.name != "MultiGeometry":
        return None
    point = one.child("Point")
    if point is None:
        return None
    return {"type": "Point", "coordinates": _positions(point)[0][:2]}


def _polygon(one: Element) -> list[list[list[float]]]:
    rings = []
    for name in ("outerBoundaryIs", "innerBoundaryIs"):
        for boundary in one.all(name):
            rings += [_ring(ring) for ring in boundary.all("LinearRing")]
    return rings


def _ring(one: Element) -> list[list[float]]:
    return [at[:2] for at in _positions(one)]


def _positions(one: Element) -> list[list[float]]:
    """Return positions, lon lat and sometimes altitude (clause 16.10)."""
    found = [_position(words_) for words_ in one.said("coordinates").split()]
    if not found:
        raise Wrong(f"its {one.name} has no coordinates.", "Give longitude,latitude.")
    return found


def _position(text: str) -> list[float]:
    try:
        numbers = [float(number) for number in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) < 2:  # noqa: PLR2004 (longitude and latitude)
        raise Wrong(
            f"{text[:40]!r} is no position.",
            "Write longitude,latitude without blanks in between.",
        )
    return numbers


def _band(one: Element, notes: list[str]) -> Json:
    """Return the altitudes of what is extruded; say what is left out otherwise."""
    mode = one.said("altitudeMode") or one.said("gx:altitudeMode") or "clampToGround"
    if mode == "clampToGround":
        return {}
    heights = [
        float(text.split(",")[2])
        for each in one.within("coordinates")
        for text in each.text.split()
        if text.count(",") >= 2  # noqa: PLR2004 (the third is the altitude)
    ]
    datum = _MODES.get(mode)
    if datum is None or one.said("extrude") != "1" or not heights:
        notes.append(
            f"Its altitude ({mode}) is where it is drawn, not what it takes up: it is "
            "taken for all altitudes."
        )
        return {}
    ceiling = {"ceiling_m": max(heights), "datum": datum}
    return ceiling | {"floor_m": 0.0} if datum == "AGL" else ceiling


def _track(one: Element) -> tuple[Json, Json]:
    whens = [each.text.strip() for each in one.all("when")]
    spots = [each.text.split() for each in one.all("gx:coord")]
    if len(whens) != len(spots) or len(spots) < 2:  # noqa: PLR2004 (a way)
        raise Wrong(
            f"its track has {len(whens)} times and {len(spots)} positions.",
            "Give as many times as positions, two or more.",
        )
    path = [_position(",".join(spot))[:2] for spot in spots]
    etas = [_instant(when, is_end=False) for when in whens]
    ends: Json = {"start": etas[0]}
    if etas[0] == etas[-1]:
        raise Wrong("its track takes no time.", "Give the time at each position.")
    last = parse_instant(etas[-1]) + timedelta(microseconds=1)
    ends["end"] = write_instant(last)
    passages = [{"eta": eta} for eta in etas]
    return {"type": "LineString", "coordinates": path}, ends | {"passages": passages}


def _window(part: Part) -> Json:
    """Return its window, or that of what it stands in; nothing where nobody says."""
    for one in (part.element, *reversed(part.above)):
        if (span := one.child("TimeSpan")) is not None:
            begin, end = span.said("begin"), span.said("end")
            return {
                "start": _instant(begin, is_end=False) if begin else None,
                "end": _instant(end, is_end=True) if end else None,
            }
        if (stamp := one.child("TimeStamp")) is not None and stamp.said("when"):
            return {"start": _instant(stamp.said("when"), is_end=False)}
    return {}


def _instant(text: str, *, is_end: bool) -> str:
    """Read a time of KML; a year, month or day ends where the next one begins, UTC."""
    if found := _DATE.fullmatch(text):
        year, month, day = (int(one) if one else 0 for one in found.groups())
        try:
            at = datetime(year, month or 1, day or 1, tzinfo=UTC)
            return write_instant(_after(at, month, day) if is_end else at)
        except (ValueError, OverflowError):
            raise Wrong(f"{text!r} is no date.", "Write it as 2026-03-01.") from None
    try:
        return write_instant(parse_instant(text))
    except ValueError:
        raise Wrong(f"{text!r} is no instant.", "Write it with its zone.") from None
    except BadInput as error:
        raise Wrong(
            f"its time: {error.what}", "Write it as 2026-03-01T06:00:00Z, zone and all."
        ) from error


def _after(at: datetime, month: int, day: int) -> datetime:
    if day:
        return at + timedelta(days=1)
    if month and month < _DECEMBER:
        return at.replace(month=month + 1)
    return at.replace(year=at.year + 1, month=1)


def _rings_of(geometry: Json | None) -> list[Ring]:
    if geometry is None or geometry["type"] != "Polygon":
        return []
    return [[(at[0], at[1]) for at in ring] for ring in geometry["coordinates"]]


def _same(one: Sequence[Ring], other: Sequence[Ring]) -> bool:
    """Say whether two outlines are the same, however their numbers were written."""
    return [_rounded(ring) for ring in one] == [_rounded(ring) for ring in other]


class Placemark(Feature, kw_only=True):
    """Hold a feature to be written as a placemark.

    Attributes:
        title: What it is called on a map.
        says: What stands in its balloon.
        outline: Rings drawn for a circle or a sector, the outer one first.
    """

    title: str = ""
    says: str = ""
    outline: tuple[Ring, ...] = ()


def write_kml(placemarks: Iterable[Placemark], *, name: str, says: str) -> bytes:
    """Write a document; `says` stands at its top, for everybody who opens it."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>',
        f"<name>{written(name)}</name>",
        f"<description>{written(says)}</description>",
        *(_written(one) for one in placemarks),
        "</Document></kml>",
        "",
    ]
    return "\n".join(lines).encode()


def _written(one: Placemark) -> str:
    properties = one.properties
    outline = [_rounded(ring) for ring in one.outline]
    start, end = (instant_text(properties.get(key)) for key in ("start", "end"))
    ends = {"start": start or "null", "end": end or "null"}
    data = {"id": as_text(one.id), **dict(words(properties)), **ends}
    span = (f"<begin>{start}</begin>" if start else "") + (
        f"<end>{end}</end>" if end else ""
    )
    return (
        f"<Placemark><name>{written(one.title)}</name>"
        f"<description>{written(one.says)}</description>"
        f"{f'<TimeSpan>{span}</TimeSpan>' if span else ''}<ExtendedData>"
        + "".join(
            f'<Data name="{written(key)}"><value>{written(text)}</value></Data>'
            for key, text in data.items()
        )
        + f"</ExtendedData>{_drawn(one.geometry, outline, properties)}</Placemark>"
    )


def _rounded(ring: Ring) -> Ring:
    return [(round(lon, _DECIMALS), round(lat, _DECIMALS)) for lon, lat in ring]


def _drawn(geometry: Json | None, outline: Sequence[Ring], said: Json) -> str:
    if geometry is None:
        return ""
    height = _height(said)
    if outline:
        point = _simple("Point", [geometry["coordinates"]], None)
        return f"<MultiGeometry>{point}{_area(outline, height)}</MultiGeometry>"
    coordinates: Any = geometry["coordinates"]
    match geometry["type"]:
        case "Point":
            return _simple("Point", [coordinates], height)
        case "LineString":
            return _simple("LineString", coordinates, height)
        case "Polygon":
            return _area(coordinates, height)
        case _:
            areas = "".join(_area(each, height) for each in coordinates)
            return f"<MultiGeometry>{areas}</MultiGeometry>"


def _height(said: Json) -> tuple[str, float] | None:
    """Return mode and height of what reaches from the ground up."""
    modes = {datum: mode for mode, datum in _MODES.items()}
    mode, ceiling_m = modes.get(said.get("datum", "")), said.get("ceiling_m")
    return (mode, ceiling_m) if mode and ceiling_m is not None else None


def _simple(kind: str, path: Ring, height: tuple[str, float] | None) -> str:
    # A Point knows no `tessellate`.
    mode = _mode(height) if height or kind != "Point" else ""
    return f"<{kind}>{mode}{_coordinates(path, height)}</{kind}>"


def _area(rings: Sequence[Ring], height: tuple[str, float] | None) -> str:
    outer, *holes = (
        f"<LinearRing>{_coordinates(ring, height)}</LinearRing>" for ring in rings
    )
    inner = "".join(f"<innerBoundaryIs>{one}</innerBoundaryIs>" for one in holes)
    return (
        f"<Polygon>{_mode(height)}<outerBoundaryIs>{outer}</outerBoundaryIs>"
        f"{inner}</Polygon>"
    )


def _mode(height: tuple[str, float] | None) -> str:
    if height is None:
        return "<tessellate>1</tessellate>"
    return f"<extrude>1</extrude><altitudeMode>{height[0]}</altitudeMode>"


def _coordinates(path: Ring, height: tuple[str, float] | None) -> str:
    up = f",{height[1]!r}" if height else ""
    spots = " ".join(f"{at[0]!r},{at[1]!r}{up}" for at in path)
    return f"<coordinates>{spots}</coordinates>"


__all__ = [
    "NotXml",
    "Placemark",
    "split_kml",
    "write_kml",
]
