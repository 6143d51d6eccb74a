"""Hold what happened on a day: its clock, its places, its events, its beats.

T0 is the first event. Every time of a day is an offset from it, written `T+mm:ss`;
which instant T0 was is a reading of the clock, and rival readings stand side by
side.

    T-20:00   notice      what was told, and where it was said to be
    T+00:00   first_event
    T+29:00   call        the first call to stop
    T+56:00   reached     somebody who could stop it had it
    T+61:00   last_event

Events are strikes or rounds, never people.
"""

import math
import re
from enum import StrEnum
from typing import NewType, TypeAlias

import msgspec

from clearline.model.facts import FactId, SourceId, Unfit
from clearline.model.instants import Duration, Instant
from clearline.model.parties import DeskId, PersonId
from clearline.model.places import FactStatus, Interval, Position

ReadingId = NewType("ReadingId", str)
PlaceId = NewType("PlaceId", str)
BeatId = NewType("BeatId", str)
PartId = NewType("PartId", str)

Offset: TypeAlias = Duration
"""A span from T0, the first event; negative before it."""

_OFFSET = re.compile(r"T([+-])(?:([0-9]{1,3}):)?([0-9]{1,3}):([0-9]{2})")


def parse_offset(text: str) -> Offset:
    """Read `T+mm:ss` or `T+hh:mm:ss`, or the same with a minus before T0.

    Raises:
        Unfit: The text is no offset, or its seconds or minutes pass 59.
    """
    found = _OFFSET.fullmatch(text)
    if found:
        sign, hours, minutes, seconds = found.groups()
        if int(seconds) < 60 and (hours is None or int(minutes) < 60):  # noqa: PLR2004 (a clock's face)
            span = Duration(
                hours=int(hours or 0), minutes=int(minutes), seconds=int(seconds)
            )
            return span if sign == "+" else -span
    raise Unfit("at", found=f"`{text}`", expected="an offset such as `T+29:00`")


def write_offset(offset: Offset) -> str:
    """Write an offset as `T+mm:ss`, minutes past 59 where there are that many."""
    sign = "-" if offset < Duration(0) else "+"
    minutes, seconds = divmod(round(abs(offset).total_seconds()), 60)
    return f"T{sign}{minutes:02d}:{seconds:02d}"


class ClockReading(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one reading of when the day's events began and ended.

    Attributes:
        text: The times as the source gives them.
        zone: The zone the source named or the reading assumes.
        start: T0 by this reading, UTC.
        end: The last event by this reading, UTC.
    """

    id: ReadingId
    text: str
    zone: str
    start: Instant
    end: Instant
    sources: tuple[SourceId, ...]
    status: FactStatus
    reason: str = ""

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise Unfit("end", found="no span", expected="an instant after `start`")


class DayClock(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold every reading of the day's clock, none of them thrown away.

    Attributes:
        headline: The reading shown first and played.
        says: Why there is more than one, or why one is enough.
        readings: Every reading; from the record, where the scenario has one.
    """

    headline: ReadingId
    says: str
    readings: tuple[ClockReading, ...] = ()


class AtPoint(
    msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="shape", tag="point"
):
    """Put a place at a position, WGS 84 degrees, longitude before latitude.

    Attributes:
        precision_m: How far the place meant may lie from there.
    """

    lon: float
    lat: float
    precision_m: float

    def __post_init__(self) -> None:
        Position(lon=self.lon, lat=self.lat)
        if not 0 <= self.precision_m < math.inf:
            raise Unfit(
                "precision_m", found=str(self.precision_m), expected="metres, 0 or more"
            )


class FromOrigin(
    msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="shape", tag="from"
):
    """Put a place between two bearings and two ranges of a named origin.

    Attributes:
        bearing_deg: True, clockwise; `most` may pass 360 to cross north.
        range_m: Along the ellipsoid, both ends inside.
    """

    origin: PlaceId
    bearing_deg: Interval
    range_m: Interval

    def __post_init__(self) -> None:
        bearing = self.bearing_deg
        if not 0 <= bearing.least < 360 or bearing.width > 360:  # noqa: PLR2004 (a full turn)
            raise Unfit(
                "bearing_deg",
                found=f"{bearing.least:g} to {bearing.most:g}",
                expected="a start in [0, 360) and at most one turn",
            )
        if self.range_m.least < 0:
            raise Unfit(
                "range_m",
                found=f"{self.range_m.least:g}",
                expected="metres, 0 or more",
            )


class SameAs(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    gc=False,
    tag_field="shape",
    tag="same_as",
):
    """Say that two places are one, because somebody says so."""

    place: PlaceId


class Nowhere(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    gc=False,
    tag_field="shape",
    tag="unlocated",
):
    """Say that nobody can put this name on a map; it is never given a point."""

    because: str


Where: TypeAlias = AtPoint | FromOrigin | SameAs | Nowhere


class ToldPlace(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a place of the day: its words, and where they put it, if anywhere.

    Attributes:
        name: As people say it.
        kind: What it is, in a word: `airfield`, `city`, `hill`.
        text: What the place reader is given; in the words it is told in.
        where: What those words come to; checked against the place reader.
        rivals: Other origins that go by the same name.
    """

    id: PlaceId
    name: str
    kind: str
    text: str
    where: Where
    sources: tuple[SourceId, ...]
    status: FactStatus
    aliases: tuple[str, ...] = ()
    rivals: tuple[PlaceId, ...] = ()
    facts: tuple[FactId, ...] = ()
    reason: str = ""


class Spread(StrEnum):
    """Say how events whose times nobody gives are placed within their part."""

    EVEN = "even"
    RANDOM = "random"


class Split(StrEnum):
    """Say how a number nobody split is shared among parts without a count."""

    BY_DURATION = "by_duration"
    """Each event falls into a part with the part's share of their time."""
    UNIFORM = "uniform"
    """Every admissible split is alike."""


class EventPart(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold the events of a stretch of the day, `[start, end)`.

    The very last event of the day stands at the end of the last part.

    Attributes:
        count: How many, where known; otherwise drawn within `least` and `most`.
        at: Every one of their times, where known.
    """

    id: PartId
    start: Offset
    end: Offset
    count: int | None = None
    least: int = 0
    most: int | None = None
    at: tuple[Offset, ...] = ()
    facts: tuple[FactId, ...] = ()

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise Unfit("end", found="no span", expected="an offset after `start`")
        for field, value in (
            ("count", self.count),
            ("least", self.least),
            ("most", self.most),
        ):
            if value is not None and value < 0:
                raise Unfit(field, found=str(value), expected="0 or more")
        if self.most is not None and self.most < self.least:
            raise Unfit(
                "most", found=str(self.most), expected=f"at least {self.least}, `least`"
            )
        if self.at and self.count != len(self.at):
            raise Unfit(
                "at",
                found=f"{len(self.at)} times beside a count of {self.count}",
                expected="as many times as `count` says",
            )


class Events(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold what went on until somebody stopped it: strikes, rounds; never people.

    Attributes:
        one: The word for one of them.
        many: The word for several.
        start: The first event, which is T0.
        end: The last event.
        carried_out_by: The desk whose ceasing ends them.
        parts: Stretches with a count or bounds of their own, in order and without
            gaps; none where nothing is known but the total.
        reason: What is assumed about their times.
    """

    one: str
    many: str
    total: int
    start: Offset
    end: Offset
    carried_out_by: DeskId
    spread: Spread
    split: Split
    reason: str
    facts: tuple[FactId, ...]
    parts: tuple[EventPart, ...] = ()

    def __post_init__(self) -> None:
        if self.total < 1:
            raise Unfit("total", found=str(self.total), expected="1 or more")
        if self.start != Duration(0):
            raise Unfit(
                "start", found=write_offset(self.start), expected="`T+00:00`, by T0"
            )
        if self.end < self.start:
            raise Unfit(
                "end", found=write_offset(self.end), expected="an offset after `start`"
            )


class BeatKind(StrEnum):
    """Name what happens in a beat."""

    NOTE = "note"
    NOTICE = "notice"
    DOUBT = "doubt"
    FIRST_EVENT = "first_event"
    CALL = "call"
    HANG_UP = "hang_up"
    HOLD = "hold"
    MESSAGE = "message"
    ANSWER = "answer"
    REACHED = "reached"
    PASSED_ON = "passed_on"
    LAST_EVENT = "last_event"


class Beat(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one thing that happened, as recorded.

    Attributes:
        at: When, from T0; empty where nobody says.
        when: When in words, where there is no offset or it needs one.
        is_about: Whether the offset is only near.
        says: What happened, in words of our own.
        by: Who did it.
        to: Who took it.
        asks_for: Whom the caller wanted, if somebody else took it.
        status: How well the beat stands, its time included.
        facts: What it rests on; never empty.
    """

    id: BeatId
    kind: BeatKind
    says: str
    status: FactStatus
    facts: tuple[FactId, ...]
    at: Offset | None = None
    when: str = ""
    is_about: bool = False
    by: PersonId | None = None
    to: PersonId | None = None
    asks_for: PersonId | None = None
    place: PlaceId | None = None

    def __post_init__(self) -> None:
        if not self.facts:
            raise Unfit("facts", found="no fact", expected="at least one fact id")
        if self.at is None and not self.when:
            raise Unfit(
                "at", found="no time", expected="`at`, or `when` in words if unknown"
            )


class AsRecorded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Point at the beats between which the recorded wait is measured.

    Attributes:
        call: The first call to stop; empty where none was ever made.
        reached: When somebody who could stop it had it; empty likewise.
        stopped: The last event.
        says: What those beats measure, and what they do not.
    """

    stopped: BeatId
    says: str
    call: BeatId | None = None
    reached: BeatId | None = None
