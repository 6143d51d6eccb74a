"""Read and write Cursor on Target events (MITRE, CoT base schema 2.0), as features.

    point                     a position; `ce` is how far it may be off
    shape/ellipse             a circle; of an ellipse the circle around it
    link point=..., polyline  an area where it closes, a route where it does not
    start, stale              the window
    contact, remarks          what it is called, and what is said of it

Elevation is where something is drawn, not what it takes up: it is kept as a number and
the notice holds for all altitudes. Edges are geodesics.

Written, an event says of itself what TAK can draw, and carries the feature whole in
its detail. That counts only if the same would be drawn from it again: where somebody
moved it, or changed its times, what is drawn counts, and a note says so. No affiliation
is ever written: a notice is a marker or a drawing, and never friend or foe.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from clearline.model.errors import ClearlineError
from clearline.model.instants import Duration, Instant, parse_instant
from clearline.wire.features import BadFeature
from clearline.wire.geojson import NOT_JSON, Wrong
from clearline.wire.told import Feature, Json, Told, feature, taken_apart
from clearline.wire.xml import Element, read_parts, refuse, written

Ring = Sequence[tuple[float, float]]
"""Positions, lon lat, degrees, closed."""

Draw = Callable[[Json, Json], Sequence[Ring]]
"""Draws the outline of a point's circle or sector from geometry and properties."""

UNKNOWN_M: Final = 9_999_999.0
"""What stands for a number nobody knows (schema, `ce`, `le` and `hae`)."""

LONGEST_STALE: Final = Duration(days=365)
"""How far ahead `stale` is put for what holds until it is withdrawn."""

MARKER: Final = "b-m-p-s-m"
CIRCLE: Final = "u-d-c-c"
DRAWING: Final = "u-d-f"
ROUTE: Final = "b-m-r"

_OURS: Final = "__clearline"
_CLOSED: Final = frozenset({"u-d-r"})
_DECLARATION: Final = re.compile(rb"<\?xml[^>]{0,200}\?>")
_DECIMALS: Final = 7
_TRIANGLE: Final = 3


def split_cot(data: bytes, draw: Draw) -> Iterator[Told | BadFeature]:
    """Yield what each event tells, and what is wrong with those that tell nothing.

    Events may follow each other without anything around them, as they do on the wire.

    Args:
        data: One event or several.
        draw: Draws what was written as an outline, to see whether it was changed.

    Raises:
        NotXml: It is no CoT, or asks for more than to be read.
    """
    is_empty = True
    data = _DECLARATION.sub(b"", data.removeprefix(b"\xef\xbb\xbf"))
    for part in read_parts(b"<events>" + data + b"</events>", frozenset({"event"})):
        is_empty = False
        if (told := _told(part.element, draw)) is not None:
            yield told
    if is_empty:
        raise refuse("There is no event in it.", "Check which file it is.")


def _told(one: Element, draw: Draw) -> Told | BadFeature | None:
    name = one.attributes.get("uid", "")
    try:
        return _read(one, name, draw)
    except Wrong as wrong:
        return BadFeature(wrong.what, next=wrong.next, line=one.line, id=name or None)


def _read(one: Element, name: str, draw: Draw) -> Told | None:
    detail = one.child("detail") or Element(name="detail", attributes={}, line=one.line)
    notes: list[str] = []
    geometry, more = _geometry(one, detail, notes)
    start, stale = _at(one, "start"), _at(one, "stale")
    drawn: Json = {"start": start, "end": stale, **more}
    ours = detail.child(_OURS)
    if ours is not None:
        if "part" in ours.attributes:
            return None  # the first one carries all of it
        kept = _kept(ours)
        if _is_as_drawn(_as_event(kept, draw), one, geometry, drawn):
            return Told(one.line, ours.text.encode())
        notes.append("It was changed in TAK: what is drawn counts.")
        words = {
            key: value
            for key, value in kept.properties.items()
            if key not in _DRAWN_WORDS
        }
        return Told(one.line, feature(name, geometry, words | drawn), tuple(notes))
    contact = detail.child("contact")
    properties = drawn | {
        "label": contact.attributes.get("callsign", "") if contact else "",
        "description": detail.said("remarks"),
        "cot_type": one.attributes.get("type", ""),
    }
    said = {key: value for key, value in properties.items() if value != ""}
    return Told(one.line, feature(name, geometry, said), tuple(notes))


_DRAWN_WORDS: Final = frozenset(
    {
        *("radius_m", "half_width_m", "bearing_deg", "range_m", "precision_m"),
        *("passages", "fastest_mps", "slowest_mps", "start", "end", "edges"),
    }
)


def _as_event(kept: Feature, draw: Draw) -> "Event":
    outline = draw(kept.geometry, kept.properties) if kept.geometry else ()
    return Event(
        id=kept.id,
        geometry=kept.geometry,
        properties=kept.properties,
        outline=outline[0] if outline else (),
    )


def _is_as_drawn(kept: "Event", one: Element, geometry: Json, drawn: Json) -> bool:
    """Say whether an event still shows what it carries."""
    if kept.geometry is None:
        return False
    try:
        written_at = parse_instant(one.attributes.get("time", ""))
        _, shown, more = next(iter(_shown(kept, written_at)))
    except ClearlineError:
        return False
    return _numbers(shown, more) == _numbers(geometry, drawn)


def _kept(ours: Element) -> Feature:
    try:
        return taken_apart(ours.text.encode())
    except NOT_JSON:
        raise Wrong(
            "what clearline wrote into its detail is damaged.",
            "Take that element out, or get the event again.",
        ) from None


def _at(one: Element, name: str) -> str:
    text = one.attributes.get(name, "")
    if not text:
        raise Wrong(f"it has no `{name}`.", "An event says start and stale.")
    try:
        return _milliseconds(parse_instant(text))
    except ClearlineError as error:
        raise Wrong(
            f"its `{name}`: {error.what}", "Write it as 2026-03-01T06:00:00Z."
        ) from None


def _geometry(
    one: Element, detail: Element, notes: list[str]
) -> tuple[Json, dict[str, Any]]:
    path = _path(detail)
    if path:
        is_closed = len(path) > _TRIANGLE and path[0] == path[-1]
        if not is_closed and one.attributes.get("type") in _CLOSED:
            path, is_closed = [*path, path[0]], True
        if is_closed:
            return {"type": "Polygon", "coordinates": [path]}, {}
        return {"type": "LineString", "coordinates": path}, {}
    at = _point(one)
    ellipse = next(detail.within("ellipse"), None)
    point = {"type": "Point", "coordinates": at}
    if ellipse is None:
        precision_m = _metres(one.child("point"), "ce")
        if precision_m is None:
            notes.append("Nobody says how far its position may be off.")
        return point, {"precision_m": precision_m} if precision_m else {}
    major, minor = (_metres(ellipse, name) for name in ("major", "minor"))
    if not major or not minor:
        raise Wrong("its ellipse has no size.", "Give `major` and `minor` in metres.")
    if major != minor:
        notes.append("An ellipse is taken as the circle around it.")
    return point, {"radius_m": max(major, minor)}


def _point(one: Element) -> list[float]:
    point = one.child("point")
    said = point.attributes if point is not None else {}
    try:
        return [float(said["lon"]), float(said["lat"])]
    except (KeyError, ValueError):
        raise Wrong("it has no point that can be read.", "Give lat and lon.") from None


def _path(detail: Element) -> list[list[float]]:
    """Return the positions of a drawing or a route, lon lat."""
    line = next(detail.within("polyline"), None)
    if line is not None:
        spots = [f"{one['lat']},{one['lon']}" for one in _vertices(line)]
        found = [_spot(spot) for spot in spots]
        is_open = line.attributes.get("closed", "false").lower() != "true"
        return found if is_open or not found else [*found, found[0]]
    points = [one.attributes.get("point", "") for one in detail.all("link")]
    return [_spot(point) for point in points if point]


def _vertices(line: Element) -> list[dict[str, str]]:
    found = [one.attributes for one in line.all("vertex")]
    if not all({"lat", "lon"} <= set(one) for one in found):
        raise Wrong("a vertex lacks lat or lon.", "Give both.")
    return found


def _spot(text: str) -> list[float]:
    try:
        lat, lon = (float(number) for number in text.split(",")[:2])
    except ValueError:
        raise Wrong(f"{text[:40]!r} is no position.", "Write lat,lon.") from None
    return [lon, lat]


def _metres(one: Element | None, name: str) -> float | None:
    """Return a length; nothing where it stands for one that nobody knows."""
    try:
        length_m = float(one.attributes[name]) if one is not None else UNKNOWN_M
    except (KeyError, ValueError):
        return None
    return length_m if 0.0 <= length_m < UNKNOWN_M - 1.0 else None


class Event(Feature, kw_only=True):
    """Hold a feature to be written as an event.

    Attributes:
        title: What it is called on a screen.
        says: What stands beside it.
        outline: The ring drawn for a sector.
    """

    title: str = ""
    says: str = ""
    outline: Ring = ()


def write_cot(events: Iterable[Event], now: Instant) -> bytes:
    """Write events, each on a line of its own; what is nowhere is left out."""
    return b"".join(line for one in events for line in cot_lines(one, now))


def cot_lines(one: Event, now: Instant) -> list[bytes]:
    """Write one feature as the event, or events, that TAK can draw it by."""
    if one.geometry is None:
        return []
    lines = []
    for number, (kind, geometry, drawn) in enumerate(_shown(one, now)):
        mark = f' part="{number + 1}"' if number else ""
        whole = (
            feature(str(one.id), one.geometry, one.properties).decode()
            if number == 0
            else ""
        )
        uid = str(one.id) if number == 0 else f"{one.id}.{number + 1}"
        lines.append(
            f'<event version="2.0" uid="{written(uid)}" type="{kind}" how="h-g-i-g-o" '
            f'time="{_milliseconds(now)}" start="{drawn["start"]}" '
            f'stale="{drawn["end"]}">'
            f"{_written_point(geometry, drawn)}<detail>"
            f'<contact callsign="{written(one.title)}"/>'
            f"<remarks>{written(one.says)}</remarks>"
            f"{_written_shape(kind, geometry, drawn, uid)}"
            f"<{_OURS}{mark}>{written(whole)}</{_OURS}></detail></event>\n"
        )
    return [line.encode() for line in lines]


_Part = tuple[str, Json, float | None]


def _shown(one: Event, now: Instant) -> Iterator[tuple[str, Json, Json]]:
    """Yield what TAK is shown of a feature: type, geometry, and what completes it."""
    start, stale = _span(one.properties, now)
    for kind, geometry, radius_m in _parts(one):
        drawn: Json = {"start": start, "end": stale}
        if radius_m is not None:
            drawn["radius_m"] = radius_m
        elif kind == MARKER and one.properties.get("precision_m"):
            drawn["precision_m"] = one.properties["precision_m"]
        yield kind, geometry, drawn


def _parts(one: Event) -> list[_Part]:
    """Return what is drawn: type, geometry, and the radius of a circle."""
    geometry = one.geometry or {}
    coordinates: Any = geometry["coordinates"]
    match geometry["type"]:
        case "Point" if one.outline and not one.properties.get("radius_m"):
            ring = [list(at) for at in one.outline]
            return [(DRAWING, {"type": "Polygon", "coordinates": [ring]}, None)]
        case "Point":
            radius_m = one.properties.get("radius_m")
            return [(CIRCLE if radius_m else MARKER, geometry, radius_m)]
        case "LineString":
            return [(ROUTE, geometry, None)]
        case "Polygon":
            outer = {"type": "Polygon", "coordinates": coordinates[:1]}
            return [(DRAWING, outer, None)]
        case _:
            return [
                (DRAWING, {"type": "Polygon", "coordinates": part[:1]}, None)
                for part in coordinates
            ]


def _span(properties: Json, now: Instant) -> tuple[str, str]:
    start, end = properties.get("start"), properties.get("end")
    begins = parse_instant(start) if start is not None else now
    latest = max(now, begins) + LONGEST_STALE
    ends = min(parse_instant(end), latest) if end is not None else latest
    return _milliseconds(begins), _milliseconds(ends)


def _milliseconds(at: Instant) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _written_point(geometry: Json, drawn: Json) -> str:
    at: Any = geometry["coordinates"]
    while isinstance(at[0], list | tuple):
        at = at[0]
    ce = drawn.get("precision_m", 0.0 if geometry["type"] == "Point" else UNKNOWN_M)
    return (
        f'<point lat="{at[1]!r}" lon="{at[0]!r}" hae="{UNKNOWN_M}" ce="{ce!r}" '
        f'le="{UNKNOWN_M}"/>'
    )


def _written_shape(kind: str, geometry: Json, drawn: Json, uid: str) -> str:
    if kind == CIRCLE:
        radius_m = drawn["radius_m"]
        size = f'major="{radius_m!r}" minor="{radius_m!r}" angle="360"'
        return f"<shape><ellipse {size}/></shape>"
    coordinates: Any = geometry["coordinates"]
    if kind == ROUTE:
        return "".join(
            f'<link uid="{written(uid)}.{number}" type="b-m-p-w" relation="c" '
            f'point="{at[1]!r},{at[0]!r}"/>'
            for number, at in enumerate(coordinates, 1)
        )
    if kind == DRAWING:
        return "".join(f'<link point="{at[1]!r},{at[0]!r}"/>' for at in coordinates[0])
    return ""


def _numbers(geometry: Json, drawn: Json) -> list[object]:
    """Return what two drawings are compared by, however their numbers were written."""
    spots: list[object] = [geometry["type"], drawn["start"], drawn["end"]]

    def walk(some: Any) -> None:
        if isinstance(some[0], list | tuple):
            for one in some:
                walk(one)
        else:
            spots.extend(round(number, _DECIMALS) for number in some[:2])

    walk(geometry["coordinates"])
    names = ("radius_m", "precision_m")
    return [*spots, *(round(drawn.get(name) or 0.0, 3) for name in names)]
