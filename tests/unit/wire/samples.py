"""Make payloads of every act type, with every fixed word, the same in every run.

    python -m unit.wire.samples > tests/unit/wire/stored/RELEASE.jsonl

Run once for a release, and never again for that one: what is stored is what that
release wrote. The first of a type is as full as it can be; those after it turn each
of its fixed words, and each kind of object it may hold, once round.
"""

import enum
import sys
import types
import typing
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from clearline.model.annotation import Apart, Referent, Sentence, SourceText
from clearline.model.claims import Claim, Need, Question, QuestionId
from clearline.model.entries import Act, Entry, Realm
from clearline.model.extents import AltitudeBand, Corridor, Datum, MultiPolygon, Polygon
from clearline.model.facts import Comparator, Measure, Source, ToldTime
from clearline.model.instants import Window
from clearline.model.passages import Pace, Passage
from clearline.model.places import (
    FactStatus,
    Interval,
    Place,
    PlaceFormat,
    Position,
    Unlocated,
)
from clearline.model.readback import ElementKind, ReadbackElement
from clearline.model.watchplans import Override, Rotation, ZoneClocks
from clearline.wire.entries import write_entry

AT = datetime(2016, 9, 17, 13, 55, tzinfo=UTC)
NAME = PlaceFormat.NAME
MOST_WORDS = 40
"""More than any fixed word has values."""

PLAIN = {
    str: "said",
    int: 1,
    float: 1.5,
    bool: True,
    datetime: AT,
    timedelta: timedelta(seconds=90),
    msgspec.Raw: msgspec.Raw(
        b'{"type":"wall_stepped","v":1,"realm":"live","at":"2016-09-17T13:55:00Z",'
        b'"act":{"by_s":1.5}}'
    ),
}
WINDOW = Window(start=AT, end=AT + timedelta(hours=1))
HILL = Place(footprint=Unlocated(name="the hill"), text="the hill", format=NAME)
ELEMENTS = (
    ReadbackElement(name="where", kind=ElementKind.PLACE, text="said", place=HILL),
    ReadbackElement(name="at", kind=ElementKind.INSTANT, text="said", at=AT),
    ReadbackElement(name="until", kind=ElementKind.WINDOW, text="said", window=WINDOW),
    ReadbackElement(
        name="range", kind=ElementKind.NUMBER, text="said", number=1.5, unit="km"
    ),
    ReadbackElement(name="what", kind=ElementKind.TEXT, text="said"),
)

RING = tuple(
    Position(lon=lon, lat=lat) for lon, lat in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0))
)
SHAPES = {
    Corridor: Corridor(
        path=RING[:2],
        half_width_m=1.5,
        passages=(
            Passage(eta=AT + timedelta(minutes=2), early_for=timedelta(seconds=90)),
            Passage(
                eta=AT + timedelta(minutes=40),
                late_for=timedelta(seconds=90),
                dwell_for=timedelta(seconds=90),
                overstay_for=timedelta(seconds=90),
            ),
        ),
        precision_m=1.5,
        pace=Pace(fastest_mps=1.5e2, slowest_mps=1.5),
    ),
    Polygon: Polygon(outer=RING, precision_m=1.5),
    MultiPolygon: MultiPolygon(parts=(Polygon(outer=RING),), precision_m=1.5),
}
GROUND = Interval(least=1.5, most=1.5)


def _measure(turn: int) -> Measure:
    comparator = sample(Comparator, turn)
    most = 2.5 if comparator is Comparator.BETWEEN else None
    return Measure(value=1.5, unit="said", comparator=comparator, most=most)


def _claim(turn: int) -> Claim:
    statuses = (FactStatus.STATED, FactStatus.INFERRED, FactStatus.UNVERIFIED)
    fields = {
        field.name: sample(field.type, turn) for field in msgspec.structs.fields(Claim)
    }
    return Claim(**{**fields, "id": "own", "status": statuses[turn % 3]})


def _whole(kind: type, **fixed: Any) -> Callable[[int], Any]:
    """Make a value of which some fields hold together only as given."""

    def make(turn: int) -> Any:
        fields = {f.name: sample(f.type, turn) for f in msgspec.structs.fields(kind)}
        return kind(**{**fields, **fixed})

    return make


def _question(turn: int) -> Question:
    asked = {"id": QuestionId("said"), "asks": "said"}
    if turn % 2:
        return Question(settled_by="never", because="said", **asked)
    return Question(settled_by="said", needs=(sample(Need, turn),), **asked)


CLAIMS: Final[dict[type, Callable[[int], Any]]] = {
    Measure: _measure,
    Claim: _claim,
    Question: _question,
    ToldTime: lambda _turn: ToldTime(
        text="said", zone="said", start=AT, end=AT + timedelta(hours=1), edtf="2016-09"
    ),
    Source: _whole(Source, graded="said"),
    Sentence: _whole(
        Sentence, number=1, start=0, end=9, sha256="a" * 64, because="", holds=()
    ),
    Apart: _whole(Apart, start=9, end=12, mark="[1]", belongs_to=1),
    Referent: _whole(Referent, sentence=1),
    SourceText: _whole(SourceText, sha256="b" * 64, length=12),
    Rotation: _whole(
        Rotation,
        first=AT.replace(tzinfo=None),
        shift_for=timedelta(hours=12),
        until=AT.replace(tzinfo=None) + timedelta(days=90),
    ),
    Override: _whole(Override, until=AT + timedelta(hours=1), instead_of="told"),
    ZoneClocks: _whole(ZoneClocks, until=AT + timedelta(days=90)),
}
"""Values that hold together only in some ways."""


def sample(kind: object, turn: int = 0) -> Any:  # noqa: C901, PLR0911 (one a kind)
    """Make a value of a type, as full as it can be; `turn` picks among its words."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return sample(parts[0], turn)
    if isinstance(kind, types.UnionType) or origin is typing.Union:
        some = [part for part in parts if part is not type(None)]
        return sample(some[turn % len(some)], turn)
    if origin is tuple:
        return (sample(parts[0], turn),)
    if isinstance(kind, typing.NewType):
        return sample(kind.__supertype__, turn)
    assert isinstance(kind, type), kind
    if kind is ReadbackElement:
        return ELEMENTS[turn % len(ELEMENTS)]
    if kind is Window:
        return WINDOW
    if kind in SHAPES:
        return SHAPES[kind]
    if kind is AltitudeBand:
        datum = sample(Datum, turn)
        ground_m = GROUND if datum is Datum.AGL else None
        return AltitudeBand(floor_m=1.5, ceiling_m=1.5, datum=datum, ground_m=ground_m)
    if kind in CLAIMS:
        return CLAIMS[kind](turn)
    if kind in PLAIN:
        return PLAIN[kind]
    if issubclass(kind, enum.Enum):
        members = list(kind)
        return members[turn % len(members)]
    fields = msgspec.structs.fields(kind)
    return kind(**{f.name: sample(f.type, turn) for f in fields})


def words_in(value: object) -> set[enum.Enum]:
    """Find the fixed words within a value, and the kinds of object as their tags."""
    if isinstance(value, enum.Enum):
        return {value}
    if isinstance(value, tuple):
        return set().union(*(words_in(one) for one in value))
    if isinstance(value, msgspec.Struct):
        inside = (getattr(value, name) for name in value.__struct_fields__)
        return {type(value)}.union(*(words_in(one) for one in inside))  # type: ignore[return-value]
    return set()


def turns(kind: type) -> list[Any]:
    """Make samples of an act until no turn brings a word that was not there yet."""
    seen: set[enum.Enum] = set()
    made = []
    for turn in range(MOST_WORDS):
        act = sample(kind, turn)
        words = words_in(act)
        if turn == 0 or words - seen:
            made.append(act)
        seen |= words
    return made


def payloads() -> list[bytes]:
    """Write payloads of every act type, in the order the types are listed."""
    acts = [act for kind in typing.get_args(Act) for act in turns(kind)]
    realms = list(Realm)
    return [
        write_entry(
            Entry(
                at=AT,
                realm=realms[number % len(realms)],
                act=act,
                clock_error_s=0.5,
                recorded_at=AT + timedelta(seconds=1),
            )
        )
        for number, act in enumerate(acts)
    ]


if __name__ == "__main__":
    sys.stdout.buffer.write(b"".join(payload + b"\n" for payload in payloads()))
