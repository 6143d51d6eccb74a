"""Hold facts with where they come from and how well they stand.

    Source   who says it, of what kind, leaning which way
    Fact     what is said, by whom (outermost first), how well it stands
    Rival    another version of the same fact, kept beside it

Nothing is overwritten and no version wins: a contested fact carries every version
with its own sources. What a line's record could have settled is kept apart from
what no record settles, such as intent.
"""

import math
from enum import StrEnum
from typing import NewType

import msgspec

from clearline.model.edtf import NotEdtf, read_edtf
from clearline.model.errors import BadInput
from clearline.model.grades import Reliability
from clearline.model.instants import Instant, write_instant
from clearline.model.places import FactStatus

SourceId = NewType("SourceId", str)
FactId = NewType("FactId", str)


class Unfit(BadInput):
    """Refuse a value that does not fit its field, and name the field.

    Attributes:
        field: The field at fault, as the document spells it.
        found: What stands there, as the end of a sentence.
        expected: What would fit, as the end of a sentence.
    """

    def __init__(self, field: str, *, found: str, expected: str) -> None:
        """Keep field, finding and expectation apart for whoever shows a place."""
        super().__init__(
            f"{field}: found {found}.",
            state="Nothing was taken.",
            next=f"Expected {expected}.",
        )
        self.field = field
        self.found = found
        self.expected = expected


class SourceKind(StrEnum):
    """Name what kind of thing a source is."""

    ENCYCLOPAEDIA = "encyclopaedia"
    PRESS = "press"
    OFFICIAL = "official"
    INVESTIGATION = "investigation"
    ORGANISATION = "organisation"
    STANDARD = "standard"
    PERSON = "person"
    MODEL = "model"
    """Our own reasoning or assumption, said as such."""


class Source(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold who says something.

    Attributes:
        date: When it was said, as precisely as known: `2016-11-29`, `2016-11`.
        leaning: Whose side it speaks for, or `none known`.
        is_recalled: Remembered and not read again; what rests on it alone is
            `unverified`.
        note: Anything a reader must know to weigh it.
        reliability: How far it is relied on; for each claim that rests on it.
        graded: Why; required for any grade but *cannot be judged*.
    """

    id: SourceId
    title: str
    date: str
    kind: SourceKind
    leaning: str
    is_recalled: bool = False
    note: str = ""
    reliability: Reliability = Reliability.F
    graded: str = ""

    def __post_init__(self) -> None:
        if self.reliability is not Reliability.F and not self.graded:
            raise Unfit(
                "reliability",
                found=f"`{self.reliability}` without `graded`",
                expected="why it is relied on so far, under `graded`",
            )


class Comparator(StrEnum):
    """Say how a number is meant."""

    EXACTLY = "exactly"
    ABOUT = "about"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    BETWEEN = "between"


class Measure(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a number with its unit and how it is meant.

    Attributes:
        value: The number; the lower end for `between`.
        most: The upper end, for `between` alone.
    """

    value: float
    unit: str
    comparator: Comparator = Comparator.EXACTLY
    most: float | None = None

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise Unfit("value", found=str(self.value), expected="a finite number")
        is_between = self.comparator is Comparator.BETWEEN
        if is_between and (self.most is None or not self.most > self.value):
            raise Unfit(
                "comparator",
                found="`between` without a greater `most`",
                expected="`most` above `value`",
            )
        if self.most is not None and not is_between:
            raise Unfit(
                "most",
                found=f"`most` beside `{self.comparator}`",
                expected="`most` only with `comparator: between`",
            )


class ToldTime(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Keep a time as a source told it, beside how we read it.

    Attributes:
        text: The time as the source gives it.
        zone: The zone the source named or the reading assumes; with `start` only.
        start: Our reading, UTC; `None` where the text names no instant.
        end: End of the span told, UTC, if it was one.
        edtf: The days it may mean, in the part of EDTF that `model.edtf` reads;
            empty where it names instants or nothing.
    """

    text: str
    zone: str = ""
    start: Instant | None = None
    end: Instant | None = None
    edtf: str = ""

    def __post_init__(self) -> None:
        if self.edtf:
            try:
                read_edtf(self.edtf)
            except NotEdtf as error:
                raise Unfit(
                    "edtf",
                    found=f"`{self.edtf}`",
                    expected="a date such as `2016-09-17`, `2016-09-2X`, `2014-09/..`",
                ) from error
        if self.start is not None and not self.zone:
            raise Unfit(
                "zone",
                found="an instant without it",
                expected="the zone it was read in",
            )
        if self.end is not None and (self.start is None or self.end <= self.start):
            raise Unfit(
                "end",
                found=write_instant(self.end),
                expected="an instant after `start`",
            )


class Modality(StrEnum):
    """Say in what voice a source says something."""

    STATED = "stated"
    CONDITIONAL = "conditional"
    HEARSAY = "hearsay"
    QUOTED = "quoted"


class Flag(StrEnum):
    """Name a mark that stays on a fact."""

    BETTER_SOURCE_NEEDED = "better_source_needed"
    UNRESOLVED_REFERENT = "unresolved_referent"
    MISPLACED_CITATION = "misplaced_citation"


class Rival(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold another version of a fact, with sources and status of its own.

    Attributes:
        attribution: Who is said to have said it, outermost first.
    """

    text: str
    sources: tuple[SourceId, ...]
    status: FactStatus
    measure: Measure | None = None
    time: ToldTime | None = None
    attribution: tuple[str, ...] = ()
    reason: str = ""


class Fact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one thing that is said about the day.

    Attributes:
        text: What is said, in words of our own.
        sources: Who says it; never empty.
        attribution: Who is said to have said it, outermost first.
        reason: Why it has its status; required for `inferred`.
        rests_on: Facts an inference follows from.
        rivals: Every other version; required for `contested`.
        settled_by: What a record would have settled it, or `never`; required for
            `contested`.
        sentences: Sentences of the founding text it comes from, counted from 1.
    """

    id: FactId
    text: str
    sources: tuple[SourceId, ...]
    status: FactStatus
    measure: Measure | None = None
    time: ToldTime | None = None
    attribution: tuple[str, ...] = ()
    modality: Modality = Modality.STATED
    flags: tuple[Flag, ...] = ()
    reason: str = ""
    rests_on: tuple[FactId, ...] = ()
    rivals: tuple[Rival, ...] = ()
    settled_by: str = ""
    sentences: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.sources:
            raise Unfit("sources", found="no source", expected="at least one source id")
        if self.status is FactStatus.INFERRED and not self.reason:
            raise Unfit(
                "status",
                found="`inferred` without a `reason`",
                expected="the `reason` it follows by",
            )
        if self.status is FactStatus.CONTESTED and not self.rivals:
            raise Unfit(
                "status",
                found="`contested` without `rivals`",
                expected="every other version under `rivals`",
            )
        if self.status is FactStatus.CONTESTED and not self.settled_by:
            raise Unfit(
                "status",
                found="`contested` without `settled_by`",
                expected="what record would settle it, or `never`",
            )
