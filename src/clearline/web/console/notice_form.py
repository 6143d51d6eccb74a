"""Read the form of a notice: the fields of its kind, its place, its extent.

    where       one line: a place, as told; with a radius, a circle about it
                several lines: a route in their order, or the corners of an area
    stops       of a movement: where, when, for how long, one row each

What cannot be read is a fault at its own field, said together with what the rules find
wrong. Nothing is guessed: a place of two meanings is asked about, one row at a time.
"""

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Any, Final

import msgspec

from clearline.geo.reading import read_place
from clearline.model.errors import BadInput
from clearline.model.faults import Fault
from clearline.model.instants import Duration, Instant, parse_instant
from clearline.model.notice_details import (
    AccessState,
    Bearer,
    Mode,
    NoticeKind,
    Post,
    SiteFunction,
)
from clearline.model.notice_life import Attached
from clearline.model.passages import Passage
from clearline.model.places import Circle, Place, Point, Position, Reading
from clearline.model.rings import NotAnExtent
from clearline.model.shapes import Corridor, Polygon
from clearline.web.console.labels import _
from clearline.web.console.pages import Visit
from clearline.wire.forms.notices import NoticeGiven

Shape = Corridor | Polygon
STOPS: Final = 4
CONTACTS: Final = 4
_LONGEST_PLACE: Final = 2_000
_LEAST_CORNERS: Final = 3
_YES: Final = {"yes": True, "no": False}


class As(StrEnum):
    """Name what the lines of a place are."""

    TOLD = "told"
    ROUTE = "route"
    AREA = "area"


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """Describe one field of a kind.

    Attributes:
        path: Where it stands in the details: `admin.pcode`.
        label: English, in the catalogues.
        form: `text`, `number`, `whole`, `yes`, `list` or `choice`.
        words: What a choice is of.
    """

    path: str
    label: str
    form: str = "text"
    words: tuple[StrEnum, ...] = ()


def _text(path: str, label: str) -> Field:
    return Field(path=path, label=label)


def _yes(path: str, label: str) -> Field:
    return Field(path=path, label=label, form="yes")


def _choice(path: str, label: str, words: type[StrEnum]) -> Field:
    return Field(path=path, label=label, form="choice", words=tuple(words))


_AREA: Final = (
    Field(
        path="admin.names", label=_("district, from the widest, by commas"), form="list"
    ),
    _text("admin.pcode", _("its code (P-code)")),
)

FIELDS: Final[dict[NoticeKind, tuple[Field, ...]]] = {
    NoticeKind.SITE: (
        _text("name_en", _("name")),
        _text("name_local", _("name in the local script")),
        _choice("function", _("what it is for"), SiteFunction),
        _yes("is_function_now", _("in use for that now")),
        _text("organisation", _("organisation")),
        _text("operator", _("who runs it")),
        _text("occupants", _("about how many people")),
        *_AREA,
        Field(path="measured.accuracy_m", label=_("may be off, metres"), form="number"),
        _text("measured.method", _("how the position was found")),
        _text("measured.by", _("who found it")),
        _yes("marking.is_seen_by_day", _("marking seen by day")),
        _yes("marking.is_seen_by_night", _("marking seen at night")),
        _text("marking.says", _("what the marking is")),
        _text("ref", _("own number")),
    ),
    NoticeKind.MOVEMENT: (
        _choice("mode", _("moves by"), Mode),
        _text("organisation", _("organisation")),
        _text("purpose", _("purpose")),
        _text("cargo", _("cargo")),
        Field(path="people", label=_("how many people"), form="whole"),
        _yes("armed_escort", _("armed people with it")),
        _text("escort_by", _("who escorts")),
        Field(path="vehicles", label=_("vehicles, by commas"), form="list"),
        _text("ref", _("own number")),
    ),
    NoticeKind.ACTIVITY: (
        _text("type", _("a word for it: strike, clearance, exercise")),
        _text("ref", _("own number")),
    ),
    NoticeKind.POSITION: (
        _text("unit", _("unit")),
        _text("ref", _("own number")),
    ),
    NoticeKind.AREA: (
        _text("code", _("what it is called on maps and on the air")),
        _text("established_by", _("who established it")),
        _text("status", _("a word for it: no-strike, restricted, ceasefire")),
        _choice("access", _("how open it is"), AccessState),
        _text("residents", _("about how many live there")),
        *_AREA,
    ),
}
"""What is asked of each kind, in the order it is asked."""

WITH_CONTACTS: Final = frozenset({NoticeKind.SITE, NoticeKind.MOVEMENT})
POSTS: Final = (Post.FIELD, Post.FIELD, Post.HEADQUARTERS, Post.HEADQUARTERS)
BEARERS: Final = tuple(Bearer)


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what the form says, and what of it cannot be read.

    Attributes:
        readings: What the place may mean, where it is one.
        is_unclear: Whether it means several things and nobody said which.
    """

    given: NoticeGiven | None
    faults: tuple[Fault, ...]
    readings: tuple[Reading, ...] = ()
    is_unclear: bool = False


def kind_of(visit: Visit) -> NoticeKind:
    """Return the kind chosen; an activity where nobody chose."""
    said = visit.said("kind") or visit.query("kind")
    known = {one.value: one for one in NoticeKind}
    return known.get(said, NoticeKind.ACTIVITY)


def read_form(visit: Visit, attached: tuple[Attached, ...] = ()) -> Taken:
    """Read the whole form, its files kept already; slow where a gazetteer is asked."""
    return _Form(visit, attached).read()


class _Form:
    """Read one form, and gather what is wrong with it."""

    def __init__(self, visit: Visit, attached: tuple[Attached, ...]) -> None:
        self._visit, self._attached = visit, attached
        self._faults: list[Fault] = []
        with visit.looking() as view:
            self._known = visit.service.known(tuple(view.origins.values()))

    def read(self) -> Taken:
        visit, kind = self._visit, kind_of(self._visit)
        lines = visit.said("where")[:_LONGEST_PLACE].splitlines()
        lines = [line.strip() for line in lines if line.strip()]
        where: str | Place | None = visit.said("where")[:_LONGEST_PLACE] or None
        readings: tuple[Reading, ...] = ()
        shape: Shape | None = None
        stops: list[dict[str, Any]] = []
        if kind is NoticeKind.MOVEMENT and list(self._rows()):
            shape, stops, first = self._route_of_stops()
            where = where or first
        elif visit.said("as") in (As.ROUTE, As.AREA):
            shape = self._shape(lines)
            where = lines[0] if lines and shape is None else None
        else:
            readings = self._readings("where", str(where or ""))
            where = self._chosen(readings, where)
        given = self._given(kind, where, shape, stops)
        is_unclear = len(readings) > 1 and not visit.said("choice")
        return Taken(
            given=given if not self._faults else None,
            faults=tuple(self._faults),
            readings=readings,
            is_unclear=is_unclear,
        )

    # --- the place ------------------------------------------------------------------

    def _readings(self, field: str, text: str) -> tuple[Reading, ...]:
        if not text:
            return ()
        try:
            return read_place(text, self._known)
        except BadInput as error:
            if field != "where":  # a place nobody can read may be filed as words
                self._wrong(field, error.what, error.next)
            return ()

    def _chosen(
        self, readings: Sequence[Reading], where: str | Place | None
    ) -> str | Place | None:
        """Return the reading chosen, as wide as was said; else the words themselves."""
        choice, radius_m = self._visit.said("choice"), self._number("radius_m")
        place = None
        if choice.isdecimal() and 0 < int(choice) <= len(readings):
            place = readings[int(choice) - 1].place
        elif len(readings) == 1 and radius_m:
            place = readings[0].place
        if place is None or not radius_m:
            return place or where
        footprint = place.footprint
        if not isinstance(footprint, Point):
            self._wrong("radius_m", _("There is no point for a circle."), "")
            return where
        circle = Circle(
            centre=footprint.position,
            radius_m=radius_m,
            precision_m=footprint.precision_m,
        )
        return msgspec.structs.replace(place, footprint=circle)

    def _position(self, field: str, text: str) -> Position | None:
        """Read one position of a route or an area."""
        readings = self._readings(field, text)
        if len(readings) > 1:
            several = ", ".join(one.understood for one in readings[:3])
            self._wrong(field, f"It can mean several things: {several}.", "")
        if len(readings) != 1:
            return None
        footprint = readings[0].place.footprint
        if isinstance(footprint, Point):
            return footprint.position
        self._wrong(field, "It is no single position.", "Give figures or a grid.")
        return None

    def _shape(self, lines: Sequence[str]) -> Shape | None:
        """Make a route or an area of the lines, in their order."""
        found = [self._position("where", line) for line in lines]
        path = tuple(one for one in found if one is not None)
        if len(path) != len(lines):
            return None
        half_m = self._number("half_width_m")
        if self._visit.said("as") == As.ROUTE:
            return self._made(lambda: Corridor(path=path, half_width_m=half_m), "where")
        if len(path) < _LEAST_CORNERS:
            self._wrong(
                "where", "An area needs three corners.", "Give one on each line."
            )
            return None
        return self._made(lambda: Polygon(outer=path), "where")

    def _made(self, make: Callable[[], Shape], field: str) -> Shape | None:
        try:
            return make()
        except (NotAnExtent, BadInput) as error:
            self._wrong(field, error.what, error.next)
            return None

    # --- a movement's stops -----------------------------------------------------------

    def _rows(self) -> Iterator[int]:
        """Name the rows somebody wrote into."""
        said = self._visit.said
        yield from (
            number
            for number in range(rows_of(self._visit))
            if any(said(f"stop.{part}.{number}") for part in ("where", "at", "name"))
        )

    def _route_of_stops(self) -> tuple[Shape | None, list[dict[str, Any]], str | None]:
        """Make a corridor of the stops, with the times at which each is passed."""
        path: list[Position] = []
        passages: list[Passage] = []
        stops: list[dict[str, Any]] = []
        rows = list(self._rows())
        said = self._visit.said
        margin = Duration(minutes=self._number("late_min"))
        for number in rows:
            field = f"stop.{number}"
            place = said(f"stop.where.{number}")
            if not place:
                self._wrong(field, "It has no place.", "Give one, or empty the row.")
            at = self._position(field, place) if place else None
            eta = self._instant(f"stop.at.{number}", field)
            if at is None:
                continue
            if name := said(f"stop.name.{number}"):
                stops.append({"at": len(path), "name": name})
            path.append(at)
            if eta is not None:
                stays = Duration(minutes=self._number(f"stop.stays.{number}", field))
                passages.append(
                    Passage(eta=eta, early_for=margin, late_for=margin, dwell_for=stays)
                )
        if passages and len(passages) != len(path):
            self._wrong("stops", "Some stops have a time and some have none.", "")
        first = said(f"stop.where.{rows[0]}") or None
        if self._faults or len(path) < 2:  # noqa: PLR2004 (a leg has two ends)
            return None, [], first
        half_m = self._number("half_width_m")
        corridor = self._made(
            lambda: Corridor(
                path=tuple(path), half_width_m=half_m, passages=tuple(passages)
            ),
            "stops",
        )
        return corridor, stops, first

    # --- all of it --------------------------------------------------------------------

    def _given(
        self,
        kind: NoticeKind,
        where: str | Place | None,
        shape: Shape | None,
        stops: list[dict[str, Any]],
    ) -> NoticeGiven | None:
        visit, tells = self._visit, self._visit.all_said("tells")
        details = self._details(kind)
        if stops:
            details["stops"] = stops
        contacts, phones = self._contacts(kind)
        if contacts:
            details["contacts"] = contacts
        said = {
            "id": visit.said("id") or None,
            "what": visit.said("what"),
            "where_again": visit.said("where_again") or None,
            "buffer_m": self._number("buffer_m"),
            "tells": tells,
            "consents": [
                {
                    "desk": desk,
                    "precision": visit.said(f"precision.{desk}") or "coarse",
                    "by": visit.said("agreed"),
                    "source": visit.said("agreed_how"),
                }
                for desk in tells
            ],
            "details": {"kind": kind.value, **details},
            "personal": {"phones": phones} if phones else None,
        }
        start, end = self._instant("start"), self._instant("end")
        try:
            given = msgspec.convert(said, NoticeGiven)
        except msgspec.ValidationError as error:
            self._wrong("form", f"The form cannot be taken: {error}.", "")
            return None
        return msgspec.structs.replace(
            given,
            where=where,
            shape=shape,
            start=start,
            end=end,
            attached=self._attached,
        )

    def _details(self, kind: NoticeKind) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for field in FIELDS[kind]:
            value = self._value(kind, field)
            if value in (None, "", []):
                continue
            inside, name = made, field.path
            if "." in name:
                outer, _dot, name = name.partition(".")
                inside = made.setdefault(outer, {})
            inside[name] = value
        return made

    def _value(self, kind: NoticeKind, field: Field) -> Any:
        name = f"{kind.value}.{field.path}"
        text = self._visit.said(name)
        match field.form:
            case "yes":
                return _YES.get(text)
            case "number" | "whole":
                number = self._number(name) if text else None
                return (
                    number if number is None or field.form == "number" else int(number)
                )
            case "list":
                parts = [one.strip() for one in text.split(",") if one.strip()]
                is_vehicles = field.path == "vehicles"
                return [{"type": one} for one in parts] if is_vehicles else parts
            case _:
                return text

    def _contacts(self, kind: NoticeKind) -> tuple[list[dict[str, Any]], list[str]]:
        """Return who can be reached and, in the same order, by which number."""
        if kind not in WITH_CONTACTS:
            return [], []
        contacts, phones = [], []
        for number, post in enumerate(POSTS):
            phone = self._visit.said(f"contact.number.{number}")
            if not phone:
                continue
            bearer = self._visit.said(f"contact.bearer.{number}") or Bearer.MOBILE.value
            always = bool(self._visit.said(f"contact.always.{number}"))
            contacts.append(
                {"bearer": bearer, "post": post.value, "is_day_and_night": always}
            )
            phones.append(phone)
        return contacts, phones

    def _number(self, name: str, field: str = "") -> float:
        text = self._visit.said(name)
        try:
            return max(0.0, float(text)) if text else 0.0
        except ValueError:
            self._wrong(field or name, f"{text!r} is no number.", "Give it as figures.")
            return 0.0

    def _instant(self, name: str, field: str = "") -> Instant | None:
        """Read a time of the form; it is UTC, whatever the machine's own zone is."""
        text = self._visit.said(name)
        if not text:
            return None
        try:
            return parse_instant(f"{text.removesuffix('Z').replace(' ', 'T')}Z")
        except BadInput:
            right = "Give it in UTC, as 2026-03-01T14:00."
            self._wrong(field or name, f"{text!r} is no time.", right)
            return None

    def _wrong(self, field: str, wrong: str, right: str) -> None:
        self._faults.append(Fault(field=field, wrong=wrong, right=right))


def rows_of(visit: Visit) -> int:
    """Say how many rows for stops the form has: one more than are written in."""
    rows = visit.said("rows")
    asked = min(int(rows), 40) if rows.isdecimal() else STOPS
    return asked + (2 if visit.said("more") else 0)


def at_fields(kind: NoticeKind, faults: Sequence[Fault]) -> dict[str, list[Fault]]:
    """Gather faults by the field of the form they belong to; the rest under `form`."""
    found: dict[str, list[Fault]] = {}
    for one in faults:
        found.setdefault(_input_of(kind, one.field), []).append(one)
    return found


_INPUTS: Final = (
    ("details.contacts", "contacts"),
    ("details.stops", "stops"),
    ("shape.passages", "stops"),
    ("consents", "tells"),
    ("tells", "tells"),
    ("attached", "attached"),
)


def _input_of(kind: NoticeKind, field: str) -> str:
    for begins, name in _INPUTS:
        if field.startswith(begins):
            return name
    if field == "shape":
        return "stops" if kind is NoticeKind.MOVEMENT else "where"
    if not field.startswith("details."):
        return field.removeprefix("window.")
    path = field.removeprefix("details.").partition("[")[0]
    names = [one.path for one in FIELDS[kind]]
    near = next((n for n in names if n == path or n.startswith(f"{path}.")), "")
    return f"{kind.value}.{near}" if near else "form"
