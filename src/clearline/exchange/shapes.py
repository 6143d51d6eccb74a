"""Make notices of what a file of shapes tells, and tell notices as features.

    kind        site, movement, activity or area; what says none is what was asked for
    what        the owner's words          place        the place as told, in words
    label       what a map calls it        place_again  the same in another form

and everything that is said of its kind, under flat names (`exchange.fields`). A file
says nothing of who is told: whoever imports it does. Positions are taken in and never
told by a file.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from clearline.exchange.fields import Unbuilt, built, flat, paths
from clearline.exchange.formats import FileFormat, split
from clearline.exchange.sheets import Mistake
from clearline.exchange.taking import Taken, Taking, several
from clearline.geo.reading import NoReading, UnknownName, read_name, read_place
from clearline.geo.writing import write_decimal
from clearline.model.errors import BadInput
from clearline.model.extents import Corridor, Extent, MultiPolygon, Polygon
from clearline.model.instants import FOREVER, write_instant
from clearline.model.notices import NoticeKind, Revision
from clearline.model.places import (
    Circle,
    Place,
    PlaceFormat,
    Point,
    Position,
    Sector,
    Unlocated,
)
from clearline.wire.features import BadFeature
from clearline.wire.geojson import (
    KNOWN,
    NOT_JSON,
    Edges,
    Wrong,
    extent_of,
    write_feature,
)
from clearline.wire.told import Feature, Told, feature, taken_apart

OWN: Final = frozenset(
    {
        *("kind", "what", "place", "place_again", "label", "description", "legal_note"),
        *("status", "revision", "owner", "precision", "call", "says", "cot_type"),
        *("styleUrl", "name"),
    }
)
"""Properties that are read besides where, when and what is said of a kind."""

_LABELS: Final = {
    NoticeKind.SITE: "name_en",
    NoticeKind.AREA: "code",
    NoticeKind.ACTIVITY: "",
    NoticeKind.MOVEMENT: "",
    NoticeKind.POSITION: "",
}


def take_shapes(data: bytes, form: FileFormat, taking: Taking) -> Iterator[Taken]:
    """Make notices of what a file of shapes tells, in order.

    Raises:
        NotXml, NotUnpacked, NotFeatures: It is not what it should be, as a whole.
    """
    # What runs between two corners of GeoJSON from elsewhere is straight (RFC 7946);
    # every other format, and whatever we write, says or means geodesics.
    is_json = form in (FileFormat.GEOJSON, FileFormat.NDJSON)
    edges = Edges.PLANAR if is_json else Edges.GEODESIC
    for one in split(data, form):
        if isinstance(one, BadFeature):
            yield Taken(
                row=one.line,
                ref=one.id or "",
                mistakes=(
                    Mistake(
                        row=one.line, ref=one.id or "", what=one.what, next=one.next
                    ),
                ),
            )
        else:
            yield _take(one, edges, taking)


def _take(told: Told, edges: Edges, taking: Taking) -> Taken:
    name = ""
    try:
        plain = taken_apart(told.feature)
        name = "" if plain.id is None else str(plain.id)
        return _taken(told, plain, edges, taking)
    except _Mistaken as error:
        column, what, next_step = error.args
    except (Wrong, BadInput) as error:
        column, what, next_step = "", error.what, error.next
    except NOT_JSON as error:
        column, what, next_step = "", f"It is no feature: {error}.", "Correct it."
    mistake = Mistake(row=told.line, column=column, ref=name, what=what, next=next_step)
    return Taken(row=told.line, ref=name, mistakes=(mistake,), notes=told.notes)


class _Mistaken(Exception):
    """Carry a mistake with the property it is about."""


def _taken(told: Told, plain: Feature, edges: Edges, taking: Taking) -> Taken:
    notes = list(told.notes)
    said = plain.properties
    kind = _kind(said, taking)
    set_ = {key: text for key, text in taking.sets.items() if not said.get(key)}
    said = {**said, **set_}
    ends = _ends(kind, said, taking, notes)
    data = feature(str(plain.id), plain.geometry, {**said, **ends})
    _, extent = extent_of(data, edges)
    where, shape = _where(said, extent, taking, notes)
    again = _again(said, taking)
    details = _details(kind, said, str(plain.id))
    notes += _unread(kind, said)
    tells = taking.tells if kind is not NoticeKind.POSITION else ()
    revision = Revision(
        number=1,
        what=_what(said),
        where=where,
        where_again=again,
        shape=shape,
        band=extent.band,
        window=extent.window,
        buffer_m=extent.buffer_m,
        buffer_s=extent.buffer_s,
        tells=tuple(one.desk for one in tells),
        consents=tells,
        details=details,
    )
    return Taken(
        row=told.line,
        ref=str(plain.id or ""),
        kind=kind,
        revision=revision,
        notes=tuple(notes),
        is_start_said="start" not in ends,
        is_end_said="end" not in ends,
    )


def _kind(said: Mapping[str, Any], taking: Taking) -> NoticeKind:
    word = said.get("kind")
    if word is None:
        return taking.kind
    try:
        return NoticeKind(word)
    except ValueError:
        raise _Mistaken(
            "kind",
            f"{word!r} is no kind of notice.",
            f"Write one of {', '.join(NoticeKind)}.",
        ) from None


def _ends(
    kind: NoticeKind, said: Mapping[str, Any], taking: Taking, notes: list[str]
) -> dict[str, str | None]:
    """Return the ends of a window that are not said."""
    found: dict[str, str | None] = {}
    if "start" not in said:
        found["start"] = write_instant(taking.now)
    if "end" not in said or (said["end"] is None and "kind" not in said):
        # Every notice expires; a file of another tool never says "until withdrawn".
        end = taking.ends_at(kind, taking.now)
        found["end"] = write_instant(end)
        notes.append(f"It says no end: {end:%Y-%m-%d %H:%M} UTC is taken.")
    return found


def _where(
    said: Mapping[str, Any], extent: Extent, taking: Taking, notes: list[str]
) -> tuple[Place, Corridor | Polygon | MultiPolygon | None]:
    """Return the place told, and the shape where it is more than that place."""
    shape = extent.footprint
    text = _text(said, "place")
    if isinstance(shape, Unlocated):
        name = text or shape.name
        place = Place(
            footprint=Unlocated(name=name),
            text=name,
            format=PlaceFormat.NAME,
            method="kept as a name; not located",
        )
        return place, None
    read = _read(text, taking, notes) if text else None
    if isinstance(shape, Corridor | Polygon | MultiPolygon):
        if read is not None and not isinstance(read.footprint, Unlocated):
            return read, shape
        return _drawn(shape, text), shape
    if read is not None and read.footprint == shape:
        return read, None
    return _drawn(shape, text), None


def _read(text: str, taking: Taking, notes: list[str]) -> Place | None:
    try:
        readings = read_place(text, taking.origins)
    except (UnknownName, NoReading):
        notes.append(f"The words {text[:60]!r} were kept; the drawing says where.")
        return None
    if len(readings) > 1:
        notes.append(f"The words {text[:60]!r} can mean several; the drawing decides.")
        return None
    return readings[0].place


def _drawn(shape: Any, text: str) -> Place:
    """Return the place a drawing is, in words where there are none."""
    at = first_position(shape)
    words = text or write_decimal(at, getattr(shape, "precision_m", 0.0) or 1.0)
    still = (
        Point(position=at, precision_m=shape.precision_m)
        if isinstance(shape, Corridor)
        else shape
    )
    return Place(
        footprint=still,
        text=words,
        format=PlaceFormat.GEOMETRY,
        method="taken from a drawing",
    )


def first_position(shape: Any) -> Position:
    """Return a position of a located footprint, by which it can be pointed at."""
    match shape:
        case Point(position=at) | Circle(centre=at) | Sector(origin=at):
            return at
        case Corridor(path=path):
            return path[0]
        case Polygon(outer=outer):
            return outer[0]
        case _:
            found: Position = shape.parts[0].outer[0]
            return found


def _what(said: Mapping[str, Any]) -> str:
    """Return the words; those of another tool where they are no notice of ours."""
    if "kind" in said or "what" in said:
        return _text(said, "what")
    return _text(said, "description") or _text(said, "label")


def _again(said: Mapping[str, Any], taking: Taking) -> Place | None:
    text = _text(said, "place_again")
    if not text:
        return None
    try:
        readings = read_place(text, taking.origins)
    except UnknownName:
        return read_name(text)
    except BadInput as error:
        raise _Mistaken("place_again", error.what, error.next) from None
    if len(readings) > 1:
        raise _Mistaken("place_again", *several(readings))
    return readings[0].place


def _details(kind: NoticeKind, said: Mapping[str, Any], name: str) -> Any:
    words = {key: said[key] for key in paths(kind) if key in said}
    label = _LABELS[kind]
    if "kind" not in said:
        if label and said.get("label"):
            words.setdefault(label, said["label"])
        if "ref" in paths(kind):
            words.setdefault("ref", name)
    try:
        return built(kind, words)
    except Unbuilt as error:
        raise _Mistaken(
            error.key, f"It does not fit: {error.what}.", "Correct it, or leave it out."
        ) from None


def _unread(kind: NoticeKind, said: Mapping[str, Any]) -> list[str]:
    known = KNOWN | OWN | set(paths(kind))
    left = sorted(
        key for key in said if key not in known and said[key] not in (None, "")
    )
    if not left:
        return []
    return [f"Not taken, because no {kind} has it: {', '.join(left)[:200]}."]


def _text(said: Mapping[str, Any], key: str) -> str:
    value = said.get(key)
    return "" if value is None else str(value)


def told_feature(name: str, revision: Revision) -> Feature:
    """Tell a revision as a feature, every word that a file may carry."""
    whole = taken_apart(write_feature(name, revision.extent))
    said: dict[str, Any] = {
        "kind": revision.kind,
        "what": revision.what,
        "place": revision.where.text,
        "edges": Edges.GEODESIC,
        **flat(revision.details),
    }
    if revision.where_again is not None:
        said["place_again"] = revision.where_again.text
    if revision.window.end == FOREVER:
        said["end"] = None
    whole.properties = {**whole.properties, **said}
    return whole
