"""Hold a scenario: an incident to replay, as one document says it.

    Scenario = story, sources, facts
             + clock, places, events, beats    what happened      (`model.beats`)
             + cast, responses                 who plays          (`model.cast`)
             + with_line                       what the line does instead
             + what_if, adverse                what may be changed, and the worst of it
             + limits                          where the line would not have helped
             + must_find, must_not_find        what a replay has to say, and never says

A document says nothing about who was killed by fewer events: what the line
changes is told in events and seconds alone.
"""

import re
from enum import StrEnum
from typing import NewType, TypeAlias

import msgspec

from clearline.model.beats import (
    AsRecorded,
    Beat,
    BeatId,
    DayClock,
    Events,
    Offset,
    PlaceId,
    ToldPlace,
)
from clearline.model.calls import Kind, Precedence
from clearline.model.cast import Basis, Cast, DeclaredDecision, ResponseModel
from clearline.model.facts import Fact, FactId, Source, SourceId, Unfit
from clearline.model.parties import DeskId, Medium, PersonId, Role
from clearline.model.places import FactStatus

FORMAT = "clearline-scenario/1"
"""The one version of the document read today."""

ActId = NewType("ActId", str)
AssumptionId = NewType("AssumptionId", str)
KnobId = NewType("KnobId", str)
AdverseId = NewType("AdverseId", str)
LimitId = NewType("LimitId", str)
ExpectationId = NewType("ExpectationId", str)


class Assumption(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold something a play takes for granted, and which knobs vary it."""

    id: AssumptionId
    text: str
    status: Basis
    reason: str
    sources: tuple[SourceId, ...] = ()
    varied_by: tuple[KnobId, ...] = ()


class _Act(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="does"):
    """Be the root of what the line does.

    Attributes:
        at: When, from T0; empty where it is drawn.
        stands_for: The recorded beats it takes the place of.
        assumes: What must hold for it to happen.
    """

    id: ActId
    says: str
    assumes: tuple[AssumptionId, ...]
    at: Offset | None = None
    stands_for: tuple[BeatId, ...] = ()
    facts: tuple[FactId, ...] = ()


class CheckPlace(_Act, frozen=True, kw_only=True, gc=False, tag="check_place"):
    """Compare the place about to be told with the place meant."""

    told: PlaceId
    meant: PlaceId


class CheckSite(_Act, frozen=True, kw_only=True, gc=False, tag="check_site"):
    """Compare where something is about to be done with a site that was notified."""

    planned: PlaceId
    site: PlaceId


class TellNotice(_Act, frozen=True, kw_only=True, gc=False, tag="tell_notice"):
    """Tell desks of something planned, and have the place read back.

    Attributes:
        start: Start of the window told, from T0.
        end: End of it, outside.
    """

    by: PersonId
    what: str
    where: PlaceId
    start: Offset
    end: Offset
    tells: tuple[DeskId, ...]


class CheckReceipts(_Act, frozen=True, kw_only=True, gc=False, tag="check_receipts"):
    """See which desks that must know have read a notice, before it matters.

    Attributes:
        desks: Every desk that must have read it.
        unread: Those of them that had not, as far as known.
    """

    desks: tuple[DeskId, ...]
    unread: tuple[DeskId, ...]


class CardText(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold the lines of a call's card; each may be empty, who calls never is.

    Attributes:
        confidence: 1 (told by others) to 3 (seen by the caller).
    """

    where: PlaceId | None = None
    what: str = ""
    why: str = ""
    confidence: int | None = None

    def __post_init__(self) -> None:
        if self.confidence not in {None, 1, 2, 3}:
            raise Unfit(
                "confidence", found=str(self.confidence), expected="1, 2 or 3, or none"
            )


class Raise(_Act, frozen=True, kw_only=True, gc=False, tag="raise"):
    """Raise a call.

    Attributes:
        medium: What the caller raises it with.
        language: The language the caller speaks, as a tag of BCP 47.
        right_desks: Desks whose people can order what the call asks.
        right_roles: Their roles that can.
    """

    call: Kind
    precedence: Precedence
    by: PersonId
    to: DeskId
    medium: Medium
    language: str
    card: CardText
    right_desks: tuple[DeskId, ...]
    right_roles: tuple[Role, ...]


Act: TypeAlias = CheckPlace | CheckSite | TellNotice | CheckReceipts | Raise


class WithLine(msgspec.Struct, frozen=True, kw_only=True):
    """Hold the same day with the line: what it does, and what that assumes."""

    says: str
    assumes: tuple[AssumptionId, ...]
    acts: tuple[Act, ...]


class Knob(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Name one value that may be changed, and how far.

    Its default and its type are those of the value it changes.

    Attributes:
        changes: Path to the value: field names and ids joined by dots.
        unit: What the value is counted in, or what it is: `s`, `T+mm:ss`, `true or
            false`.
        least: Lower end of its range, as text; numbers and offsets only.
        most: Upper end.
        choices: Every value it may take, where it is neither.
    """

    id: KnobId
    title: str
    changes: str
    unit: str
    reason: str
    least: str = ""
    most: str = ""
    choices: tuple[str, ...] = ()


class Setting(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Turn one knob."""

    knob: KnobId
    value: str


class AdverseCast(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold people and media at their worst, as settings of knobs."""

    id: AdverseId
    title: str
    reason: str
    settings: tuple[Setting, ...]


class Limit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say where the line would not have helped, and why.

    Attributes:
        within_s: The time there would have been, where known.
    """

    id: LimitId
    text: str
    reason: str
    status: FactStatus
    sources: tuple[SourceId, ...]
    within_s: float | None = None
    facts: tuple[FactId, ...] = ()


class Play(StrEnum):
    """Name the parts of a replay in which something can be found."""

    AS_RECORDED = "as_recorded"
    PLACE_CHECK = "place_check"
    WITH_LINE = "with_line"
    ADVERSE = "adverse"


class Finding(StrEnum):
    """Name what a replay can find. A replay says all it finds, by these names."""

    CLOCK_CONTESTED = "clock_contested"
    """The day's clock has more than one reading."""
    PERSON_NOT_ROLE = "person_not_role"
    """A recorded call waited for one person while others were there."""
    WORDS_LOST = "words_lost"
    """A recorded call ended and nothing it said was passed on."""
    SILENT_WAIT = "silent_wait"
    """A caller waited while nobody was rung and the caller was not told so."""
    ANSWER_WITHOUT_MEANING = "answer_without_meaning"
    """A message was answered by something that is no answer."""
    NEVER_CALLED = "never_called"
    """No call to stop was made."""
    TOLD_PLACE_DIFFERS = "told_place_differs"
    """The place about to be told does not meet the place meant."""
    RIVAL_ORIGIN_FITS = "rival_origin_fits"
    """The same words from a rival origin meet the place meant."""
    PLACES_MATCH = "places_match"
    """Where something is planned and a notified site are one place."""
    PLACE_UNLOCATED = "place_unlocated"
    """A check could not tell, because nobody can locate a place."""
    UNREAD_BEFORE_START = "unread_before_start"
    """A desk that must know had not read a notice in time."""
    NOBODY_HAS_THIS = "nobody_has_this"
    """The caller was told that nobody has the call."""
    ROLE_REACHED = "role_reached"
    """Somebody who may order what the call asks acknowledged it."""
    WORDS_KEPT = "words_kept"
    """The caller hung up, and the call went on ringing."""
    STOPPED_BEFORE_RECORD = "stopped_before_record"
    """In the median draw events ended before the record's end."""
    WINDOW_TOO_SHORT = "window_too_short"
    """In more than half of the draws the time of some limit is not enough."""
    DECIDES_FASTER_THAN_LINE = "decides_faster_than_line"
    """A party decides faster than the line can answer, by its own word."""
    BARE_CLEAR = "bare_clear"
    """A verdict of nothing found without what was not checked. Never allowed."""
    FALSE_POINT = "false_point"
    """A position for a place nobody located. Never allowed."""
    INTENT_DECIDED = "intent_decided"
    """A verdict on intent. Never allowed."""
    DEATHS_AVOIDED = "deaths_avoided"
    """A count of people. Never allowed."""


class Holds(StrEnum):
    """Say how a value of the result is compared."""

    IS = "is"
    IS_NOT = "is_not"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Expectation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say what a replay has to find, or must never find.

    Either a `finding` in a play, or a value of the machine-readable result.

    Attributes:
        requirements: Requirements it shows, `R1` to `R40`.
        play: Where it is looked for.
        adverse: Which adverse cast, where `play` is `adverse`.
        finding: What is found.
        look_at: Path into the result of `replay --json`, joined by dots.
        holds: How the value there compares with `value`.
        value: What it compares with, as text.
    """

    id: ExpectationId
    says: str
    requirements: tuple[str, ...]
    play: Play
    adverse: AdverseId | None = None
    finding: Finding | None = None
    look_at: str = ""
    holds: Holds | None = None
    value: str = ""

    def __post_init__(self) -> None:
        for requirement in self.requirements:
            if not re.fullmatch(r"R([1-9]|[1-3][0-9]|40)", requirement):
                raise Unfit(
                    "requirements", found=f"`{requirement}`", expected="`R1` to `R40`"
                )
        has_value = bool(self.look_at and self.holds and self.value)
        if has_value == (self.finding is not None):
            raise Unfit(
                "finding",
                found="neither or both of a finding and a value",
                expected="`finding`, or `look_at`, `holds` and `value` together",
            )
        if (self.adverse is not None) != (self.play is Play.ADVERSE):
            raise Unfit(
                "play",
                found=f"`{self.play}`, which does not go with `adverse`",
                expected="`adverse` beside `play: adverse`, and nowhere else",
            )


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one incident to replay.

    Attributes:
        format: Always `clearline-scenario/1`.
        name: What it is called on the command line.
        story: The day in a few sentences, in words of our own, taking no side.
        legal: The line that stands on every page made from it.
        record: The case file it draws facts, sources, places and clock readings
            from; empty where it has them itself.
    """

    format: str
    name: str
    title: str
    story: str
    legal: str
    clock: DayClock
    cast: Cast
    responses: tuple[ResponseModel, ...]
    events: Events
    beats: tuple[Beat, ...]
    as_recorded: AsRecorded
    with_line: WithLine
    assumptions: tuple[Assumption, ...]
    what_if: tuple[Knob, ...]
    adverse: tuple[AdverseCast, ...]
    limits: tuple[Limit, ...]
    must_find: tuple[Expectation, ...]
    must_not_find: tuple[Expectation, ...]
    record: str = ""
    sources: tuple[Source, ...] = ()
    facts: tuple[Fact, ...] = ()
    places: tuple[ToldPlace, ...] = ()
    decision_times: tuple[DeclaredDecision, ...] = ()

    def __post_init__(self) -> None:
        if self.format != FORMAT:
            raise Unfit("format", found=f"`{self.format}`", expected=f"`{FORMAT}`")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.name):
            raise Unfit(
                "name",
                found=f"`{self.name}`",
                expected="lower-case letters, digits and single hyphens",
            )
