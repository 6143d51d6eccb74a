"""Make any act, command or entry, from the fields of its own type.

A new act type needs nothing here: its fields say what can stand in them. Only
values that refuse some combinations (a window that ends before it starts) have a
maker of their own in `MADE`.
"""

import datetime as dt
import enum
import functools
import types
import typing
from collections.abc import Callable
from typing import Any, Final

import msgspec
from hypothesis import reject
from hypothesis import strategies as st

from clearline.model.annotation import (
    Apart,
    ApartKind,
    Holds,
    Referent,
    Sentence,
    SourceText,
)
from clearline.model.calls import LONGEST_WAIT, SHORTEST_WAIT, Ladder, Line, Rung
from clearline.model.case_acts import CASE_ACTS
from clearline.model.commands import Command
from clearline.model.control_acts import CONTROL_ACTS
from clearline.model.entries import CALL_ACTS, Act, Entry, Realm
from clearline.model.errors import BadInput
from clearline.model.instants import Duration, Window
from clearline.model.notices import Revision
from clearline.model.parties import Actor, DeskId, PartyId, PersonId, Role, Strength
from clearline.model.places import (
    BearingAndRange,
    Circle,
    Corridor,
    Interval,
    MultiPolygon,
    NamedOrigin,
    North,
    Point,
    Polygon,
    Position,
    Sector,
    Unlocated,
    clockwise,
)
from clearline.model.readback import ElementKind, ReadbackElement
from clearline.model.watchplans import (
    OffsetChange,
    Override,
    OverrideId,
    Rotation,
    ZoneClocks,
)
from clearline.wire.entries import Unwritable, write_entry

ACTS: Final[tuple[type, ...]] = typing.get_args(Act)
"""Every act type."""

COMMANDS: Final[tuple[type, ...]] = typing.get_args(Command)
"""Every command type."""

NAMES: Final = ("north", "south", "duty", "stop-1", "south-ops")
"""Ids that are met again, so that what is made refers to something."""


@functools.cache
def texts() -> st.SearchStrategy[str]:
    """Any text that can be said in UTF-8, control characters and all."""
    known = st.sampled_from([*NAMES, "", "\0", "\x1b[2J", "\u202eSTOP", '{"sealed":1}'])
    return known | st.text(st.characters(codec="utf-8"), max_size=12)


@functools.cache
def instants() -> st.SearchStrategy[dt.datetime]:
    """Any instant of the years 1 to 9999, UTC."""
    return st.datetimes(timezones=st.just(dt.UTC))


@functools.cache
def durations() -> st.SearchStrategy[dt.timedelta]:
    """Any span there is, most of them ordinary."""
    ordinary = st.integers(1, 10**10).map(lambda some: Duration(microseconds=some))
    return ordinary | st.timedeltas()


def numbers(least: float | None = None, most: float | None = None) -> Any:
    """Any ordinary number."""
    return st.floats(least, most, allow_nan=False, allow_infinity=False)


def _intervals(least: float, most: float) -> st.SearchStrategy[Interval]:
    ends = st.tuples(numbers(least, most), numbers(least, most))
    return ends.map(lambda two: Interval(least=min(two), most=max(two)))


def _windows() -> st.SearchStrategy[Window]:
    ends = st.tuples(instants(), instants()).filter(lambda two: two[0] != two[1])
    return ends.map(lambda two: Window(start=min(two), end=max(two)))


@st.composite
def _ladders(draw: st.DrawFn) -> Ladder:
    waits = {
        field.name: draw(_spans(SHORTEST_WAIT, LONGEST_WAIT))
        for field in msgspec.structs.fields(Ladder)
        if field.name != "rungs"
    }
    afters = _spans(Duration(0), waits["repeat_after"])
    rungs = st.tuples(anything(Rung), afters).map(
        lambda made: msgspec.structs.replace(made[0], after=made[1])
    )
    some = draw(st.lists(rungs, min_size=1, max_size=3))
    return Ladder(rungs=tuple(some), **waits)


def _spans(least: dt.timedelta, most: dt.timedelta) -> st.SearchStrategy[dt.timedelta]:
    return st.timedeltas(least, most)


def _elements() -> st.SearchStrategy[ReadbackElement]:
    """An element whose value is of its kind, or that has only words."""
    names = texts().filter(str.strip)

    def of_kind(kind: ElementKind) -> st.SearchStrategy[ReadbackElement]:
        value = {
            ElementKind.PLACE: "place",
            ElementKind.INSTANT: "at",
            ElementKind.WINDOW: "window",
            ElementKind.NUMBER: "number",
        }.get(kind)
        known = {}
        if value is not None:
            hints = typing.get_type_hints(ReadbackElement)
            known[value] = anything(hints[value])
        return st.builds(
            ReadbackElement,
            name=names,
            kind=st.just(kind),
            text=texts(),
            unit=texts(),
            **known,
        )

    return st.sampled_from(list(ElementKind)).flatmap(of_kind)


def _lines() -> st.SearchStrategy[Line]:
    hints = typing.get_type_hints(Line)
    fields = {name: anything(hints[name]) for name in Line.__struct_fields__}
    fields["every"] = _spans(Duration(minutes=1), Duration(weeks=1))
    return st.builds(Line, **fields)


@st.composite
def _source_texts(draw: st.DrawFn) -> SourceText:
    """Sentences one after the other, what stands apart, and what lost its referent."""
    digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
    ends = sorted(draw(st.sets(st.integers(1, 10_000), max_size=4)))
    sentences = []
    for number, end in enumerate(ends, start=1):
        holds = tuple(draw(st.lists(st.sampled_from(Holds), max_size=2)))
        because = draw(texts().filter(bool)) if holds == (Holds.CONTEXT,) else ""
        start = draw(st.integers(ends[number - 2] if number > 1 else 0, end - 1))
        sentences.append(
            Sentence(
                number=number,
                start=start,
                end=end,
                sha256=draw(digests),
                holds=holds,
                because=because,
            )
        )
    spans = st.tuples(st.integers(0, 100), st.integers(1, 100))
    apart = [
        Apart(
            kind=draw(st.sampled_from(ApartKind)),
            start=start,
            end=start + more,
            mark=draw(texts()),
        )
        for start, more in draw(st.lists(spans, max_size=2))
    ]
    lost = [Referent(sentence=1, words=draw(texts()))] if sentences else []
    return SourceText(
        title=draw(texts()),
        sha256=draw(digests),
        length=10_000,
        sentences=tuple(sentences),
        apart=tuple(apart),
        unresolved=tuple(lost),
    )


def _revisions() -> st.SearchStrategy[Revision]:
    hints = typing.get_type_hints(Revision)
    fields = {name: anything(hints[name]) for name in Revision.__struct_fields__}
    plain = {"shape": st.none(), "band": st.none(), "buffer_s": st.just(0.0)}
    return st.builds(Revision, **(fields | plain | {"buffer_m": _PRECISION}))


def _ring(lon: float, lat: float, size: float = 0.1) -> tuple[Position, ...]:
    """Three corners about a place; shapes everywhere are of `of_extents`."""
    corners = ((0.0, 0.0), (size, 0.0), (0.0, size))
    return tuple(Position(lon=lon + x, lat=lat + y) for x, y in corners)


_PLACES = ((40.0, 35.0), (179.9, -0.05), (10.0, 89.5))
_RINGS = [_ring(*place) for place in _PLACES]
_POLYGONS = [
    *(Polygon(outer=ring) for ring in _RINGS),
    Polygon(outer=_RINGS[0], holes=(_ring(40.02, 35.02, 0.03),), precision_m=50.0),
]
_CORRIDORS = [Corridor(path=ring, half_width_m=500.0) for ring in _RINGS]
_MULTI_POLYGONS = [
    MultiPolygon(parts=(_POLYGONS[k], Polygon(outer=_ring(41.0 + k, 36.0))))
    for k in range(4)
]


_BEARINGS = st.builds(clockwise, numbers(0.0, 359.9), numbers(0.0, 359.9))
_PRECISION = numbers(0.0, 1e6)
_NAMED = texts().filter(str.strip)

MADE: Final[dict[type, Callable[[], st.SearchStrategy[Any]]]] = {
    Window: _windows,
    Ladder: _ladders,
    Line: _lines,
    SourceText: _source_texts,
    Revision: _revisions,
    ReadbackElement: _elements,
    Interval: lambda: _intervals(-1e9, 1e9),
    Position: lambda: st.builds(
        Position, lon=numbers(-180.0, 180.0), lat=numbers(-90.0, 90.0)
    ),
    Point: lambda: st.builds(
        Point, position=anything(Position), precision_m=_PRECISION
    ),
    Circle: lambda: st.builds(
        Circle,
        centre=anything(Position),
        radius_m=numbers(0.1, 1e6),
        precision_m=_PRECISION,
    ),
    Sector: lambda: st.builds(
        Sector,
        origin=anything(Position),
        bearing_deg=_BEARINGS,
        range_m=_intervals(0.0, 1e6),
        precision_m=_PRECISION,
    ),
    Corridor: lambda: st.sampled_from(_CORRIDORS),
    Polygon: lambda: st.sampled_from(_POLYGONS),
    MultiPolygon: lambda: st.sampled_from(_MULTI_POLYGONS),
    Unlocated: lambda: st.builds(Unlocated, name=_NAMED),
    NamedOrigin: lambda: st.builds(
        NamedOrigin,
        name=_NAMED,
        position=anything(Position),
        kind=texts(),
        source=texts(),
        aliases=anything(tuple[str, ...]),
        precision_m=_PRECISION,
    ),
    BearingAndRange: lambda: st.builds(
        BearingAndRange,
        origin=anything(NamedOrigin),
        bearing_deg=_BEARINGS,
        range_m=_intervals(0.0, 1e6),
        north=st.sampled_from(list(North)),
        is_north_said=st.booleans(),
        bearing_precision_deg=numbers(0.0, 180.0),
        range_precision_m=_PRECISION,
    ),
    ZoneClocks: lambda: st.sampled_from(_ZONES),
    Rotation: lambda: st.sampled_from(_ROTATIONS),
    Override: lambda: st.sampled_from(_OVERRIDES),
}
"""Values that refuse some combinations of what their fields allow."""


_ZONES: Final = tuple(
    ZoneClocks(
        zone=zone,
        changes=(
            OffsetChange(at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), offset_s=offset_s),
            OffsetChange(at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC), offset_s=7200),
        ),
        until=dt.datetime(2036, 1, 1, tzinfo=dt.UTC),
    )
    for zone, offset_s in (("Mars/Olympus", 3600), ("Mars/Tharsis", -43_200))
)
_ROTATIONS: Final = tuple(
    Rotation(
        name=name,
        role=Role.DUTY_OFFICER,
        persons=(PersonId("duty"), PersonId("director")),
        zone=zone,
        first=dt.datetime(2026, 2, 1, 8),  # noqa: DTZ001 (what a wall clock says)
        shift_for=dt.timedelta(hours=hours),
        until=until,
    )
    for name, zone, hours, until in (
        ("days", "Mars/Olympus", 12, None),
        ("weeks", "Mars/Tharsis", 168, dt.datetime(2026, 3, 5, 8)),  # noqa: DTZ001
        ("nowhere", "Mars/Unknown", 1, None),
    )
)
_OVERRIDES: Final = tuple(
    Override(
        id=OverrideId(name),
        since=dt.datetime(2026, 3, 1, 13, tzinfo=dt.UTC),
        until=dt.datetime(2026, 3, 2, 13, tzinfo=dt.UTC),
        by=Actor(
            party=PartyId("south"), desk=DeskId("south-ops"), strength=Strength.PIN
        ),
        person=person,
        instead_of=instead_of,
        role=Role.DUTY_OFFICER,
    )
    for name, person, instead_of in (
        ("one", PersonId("duty"), None),
        ("two", None, PersonId("duty")),
        ("three", PersonId("lina"), PersonId("director")),
    )
)


@functools.cache
def anything(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type, built from what its fields say."""
    kind = getattr(kind, "__supertype__", kind)  # a NewType is what it is new of
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return st.one_of([anything(one) for one in typing.get_args(kind)])
    if origin is typing.Annotated:
        return anything(typing.get_args(kind)[0])
    if origin is tuple:
        first, last = typing.get_args(kind)
        assert last is Ellipsis, kind
        return st.lists(anything(first), max_size=3).map(tuple)
    if kind in _PLAIN:
        return _PLAIN[kind]()
    if issubclass(kind, enum.Enum):
        return st.sampled_from(list(kind))
    return st.deferred(MADE.get(kind, lambda: _struct(kind)))


_PLAIN: Final[dict[Any, Callable[[], st.SearchStrategy[Any]]]] = {
    type(None): st.none,
    str: texts,
    bool: st.booleans,
    int: lambda: st.integers(-(2**62), 2**62),
    float: numbers,
    dt.datetime: instants,
    dt.timedelta: durations,
    msgspec.Raw: lambda: entries(st.sampled_from(_SAID).flatmap(anything)).map(_raw),
}

_SAID: Final = (*CASE_ACTS, *CONTROL_ACTS, *CALL_ACTS)
"""Acts that are carried from one log into another."""


def _raw(entry: Entry) -> msgspec.Raw:
    try:
        return msgspec.Raw(write_entry(entry))
    except Unwritable:
        reject()


def _struct(kind: type) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(kind, include_extras=True)
    fields = {
        field.name: anything(hints[field.name])
        for field in msgspec.structs.fields(kind)
    }
    return st.builds(_made_or_passed_over(kind), **fields)


def _made_or_passed_over(kind: type) -> Callable[..., Any]:
    """Make a value, or pass over fields that contradict each other."""

    def make(**fields: Any) -> Any:
        try:
            return kind(**fields)
        except BadInput:
            reject()

    return make


def acts() -> st.SearchStrategy[Any]:
    """Any act of any type."""
    return st.sampled_from(ACTS).flatmap(anything)


def entries(act: st.SearchStrategy[Any] | None = None) -> st.SearchStrategy[Entry]:
    """Any entry; where it was recorded later than decided, it says when."""

    def with_times(times: list[dt.datetime]) -> st.SearchStrategy[Entry]:
        return st.builds(
            Entry,
            at=st.just(min(times)),
            recorded_at=st.just(max(times)) if len(times) > 1 else st.none(),
            realm=st.sampled_from(list(Realm)),
            clock_error_s=st.none() | numbers(0.0, 1e6),
            request=st.none() | texts(),
            act=acts() if act is None else act,
        )

    return st.lists(instants(), min_size=1, max_size=2).flatmap(with_times)
