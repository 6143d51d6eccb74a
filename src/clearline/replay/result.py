"""Hold everything a replay says, as `replay --json` writes it and the page draws it.

    Replay = the document's own      scenario, sources, facts, places, changed
           + what was recorded       as_recorded, its ledger
           + place checks            made by the rules, before anything is sent
           + the day with the line   with_line: one run told whole, then many counted
           + what moves it           sensitivity, adverse, limits
           + what follows            findings, expectations, assumptions

Everything under `with_line`, `sensitivity` and `adverse` is a model's and carries
its stamp. Seconds are counted from T0 where a field is called `at_s`, and from the
call elsewhere. What is not known is `null`, with the reason beside it. No field
counts people.
"""

from enum import StrEnum
from typing import Final

import msgspec

from clearline.model.beats import ClockReading
from clearline.model.calls import Kind
from clearline.model.cast import Basis, PlayedMedium, ResponseModel
from clearline.model.facts import Fact, Source
from clearline.model.instants import Instant
from clearline.model.places import FactStatus, Footprint
from clearline.model.readback import ElementResult
from clearline.model.scenarios import Finding, Holds, Play

FORMAT: Final = "clearline-replay/1"
STAMP: Final = "MODEL"
"""Stands on every figure that a model brought out."""


class _Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Be the root of everything shown."""


# --- the document's own -----------------------------------------------------------


class ReadingShown(_Shown, frozen=True, kw_only=True):
    """Hold one reading of the day's clock.

    Attributes:
        is_headline: Whether it is the one played.
    """

    reading: ClockReading
    is_headline: bool


class ScenarioShown(_Shown, frozen=True, kw_only=True):
    """Hold what the day is.

    Attributes:
        t0: The first event by the headline reading, UTC.
        clock_says: Why there is more than one reading, or why one is enough.
        one: The word for one event.
        many: The word for several.
        digest: SHA-256 of the document, hex.
    """

    name: str
    title: str
    story: str
    legal: str
    t0: Instant
    clock_says: str
    readings: tuple[ReadingShown, ...]
    one: str
    many: str
    digest: str


class Change(_Shown, frozen=True, kw_only=True):
    """Hold one knob that was turned for this replay.

    Attributes:
        was: What the document says.
    """

    knob: str
    title: str
    was: str
    value: str


class PlaceShown(_Shown, frozen=True, kw_only=True):
    """Hold a place of the day, with a footprint only where somebody located it.

    Attributes:
        text: The words it is told in.
        footprint: Where those words put it; `None` where nobody can say.
        origin: Id of the place it is told from, if it is.
        same_as: Id of the place it is said to be, if it is.
        because: Why it is nowhere, if it is.
        reason: Why it has its status, or what its reading assumes.
    """

    id: str
    name: str
    kind: str
    text: str
    status: FactStatus
    sources: tuple[str, ...]
    footprint: Footprint | None = None
    origin: str | None = None
    same_as: str | None = None
    because: str = ""
    aliases: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    reason: str = ""


class Lane(_Shown, frozen=True, kw_only=True):
    """Hold one line of the timeline: a desk, the line itself, or the events.

    Attributes:
        id: A desk's id, `line` or `events`.
        party: The desk's party; empty for the other two.
    """

    id: str
    title: str
    party: str = ""


# --- what was recorded ------------------------------------------------------------


class RecordedStep(_Shown, frozen=True, kw_only=True):
    """Hold one beat as recorded.

    Attributes:
        at_s: Seconds from T0, where somebody says.
        earliest_s: Not before this, by the order of beats; `None` for no bound.
        latest_s: Not after this.
        when: When in words, where there is no offset or it needs one.
        entry: Its entry in the ledger of the recorded day.
    """

    beat: str
    kind: str
    lane: str
    says: str
    status: FactStatus
    facts: tuple[str, ...]
    at_s: float | None
    earliest_s: float | None
    latest_s: float | None
    when: str = ""
    is_about: bool = False
    by: str | None = None
    to: str | None = None
    asks_for: str | None = None
    place: str | None = None
    entry: int | None = None


class PartShown(_Shown, frozen=True, kw_only=True):
    """Hold a stretch of the events, `[start_s, end_s)` from T0.

    Attributes:
        count: How many, where known.
        least: At least so many, where not.
        times_s: Every one of their times, where known.
    """

    id: str
    start_s: float
    end_s: float
    count: int | None
    least: int
    times_s: tuple[float, ...] = ()


class AsRecorded(_Shown, frozen=True, kw_only=True):
    """Hold the day as it was recorded; nothing here is a model's.

    Attributes:
        called_at: The first call to stop, UTC, by the headline reading.
        called_at_s: The same, seconds from T0.
        waited_s: From that call until somebody who could stop it had it.
        events_while_waiting: How many events fell in that wait.
        stopped_after_call_s: From that call to the last event.
        unknown: For each of these that is `null`, why.
        says: What those figures measure, and what they do not.
    """

    called_at: Instant | None
    called_at_s: float | None
    is_about: bool
    waited_s: float | None
    events_total: int
    events_while_waiting: int | None
    stopped_after_call_s: float | None
    unknown: dict[str, str]
    says: str
    events_reason: str
    parts: tuple[PartShown, ...]
    steps: tuple[RecordedStep, ...]


# --- places checked before they are told --------------------------------------------


class RivalShown(_Shown, frozen=True, kw_only=True):
    """Hold the same words read from another origin.

    Attributes:
        of: Which side was read again: `told` or `meant`.
        origin: The other origin, with its kind.
        separation_m: Least and most from there to the other side, metres.
        falls_inside: Whether it meets the other side.
    """

    of: str
    origin: str
    separation_m: tuple[float, float]
    falls_inside: bool
    footprint: Footprint


class PlaceChecked(_Shown, frozen=True, kw_only=True):
    """Hold how a place told compares with the place meant, before it is sent.

    Attributes:
        act: The act of the document it belongs to; empty where there is none.
        at_s: When it is checked, from T0.
        told: The words told, or of what is planned.
        meant: The words of the place meant, or of the site notified.
        separation_m: Least and most between the two, metres, before precision;
            `None` where one of them is nowhere.
        precision_m: How far both together may be off.
        verdict: `agree`, `disagree` or `cannot_tell` by the rules; `not_checked`
            where no act of the day checks a place.
        is_same_by_account: Whether the document says that the two are one place.
        refused: What the line said when the notice was filed with it; empty where
            it was taken, or none was filed.
        not_checked: What this check says nothing about.
        status: The weaker of what the two places rest on.
    """

    act: str
    at_s: float | None
    told: str | None
    meant: str | None
    separation_m: tuple[float, float] | None
    precision_m: float | None
    verdict: str
    why: str
    assumption: str
    rival_origins: tuple[RivalShown, ...]
    is_same_by_account: bool = False
    told_place: str | None = None
    meant_place: str | None = None
    likely_slips: tuple[str, ...] = ()
    refused: str = ""
    not_checked: str = ""
    status: FactStatus | None = None


class ReceiptsChecked(_Shown, frozen=True, kw_only=True):
    """Hold which desks that must know had read a notice, by its dispositions.

    Attributes:
        before_start_s: How long before the first event this was seen.
    """

    act: str
    at_s: float
    desks: tuple[str, ...]
    unread: tuple[str, ...]
    before_start_s: float


# --- the day with the line ----------------------------------------------------------


class StepKind(StrEnum):
    """Name what happens in a step of a transcript."""

    CHECK = "check"
    NOTICE = "notice"
    CALL = "call"
    RAISED = "raised"
    RING = "ring"
    CARRIED = "carried"
    NOT_HEARD = "not heard"
    LOST = "lost"
    HEARD = "heard"
    ACKNOWLEDGED = "acknowledged"
    READ_BACK = "read back"
    ANSWERED = "answered"
    PASSED_ON = "passed on"
    CEASED = "ceased"
    TOLD = "told"
    CLOSED = "closed"
    HUNG_UP = "hung up"
    ENDED = "ended"
    REFUSED = "refused"


class TranscriptStep(_Shown, frozen=True, kw_only=True):
    """Hold one step of a run.

    Attributes:
        at_s: Seconds from T0.
        after_call_s: Seconds from the call, where it has been raised.
        lane: The desk it happens at, or `line`.
        who: The person's id, or `line`.
        entry: Its entry in the run's ledger; `None` for what a log does not hold
            (a ring nobody hears) or where the run keeps no ledger.
        call: The spoken number of the call it is about.
        readback: Element by element, where something was read back.
    """

    at_s: float
    after_call_s: float | None
    lane: str
    who: str
    kind: StepKind
    says: str
    entry: int | None = None
    call: int | None = None
    readback: tuple[ElementResult, ...] = ()


class RunShown(_Shown, frozen=True, kw_only=True):
    """Hold one run, told whole.

    Attributes:
        index: Which draw it is, from 0.
        events_s: The times of the day's events in this draw, from T0: a model's.
        fell: How many of them fell.
        stopped_at_s: When the acting desk ceased, from T0; `None` if never.
        is_signed: Whether the run was written by a real store, keys and ledger.
    """

    stamp: str
    index: int
    called_at_s: float | None
    acknowledged_s: float | None
    right_role_s: float | None
    stopped_s: float | None
    stopped_at_s: float | None
    events_s: tuple[float, ...]
    fell: int
    events_after_call: int
    is_signed: bool
    steps: tuple[TranscriptStep, ...]


class Bar(_Shown, frozen=True, kw_only=True, gc=False):
    """Count draws with a value in `[start, end)`; the last bar holds its end."""

    start: float
    end: float
    count: int


class Distribution(_Shown, frozen=True, kw_only=True):
    """Hold how one figure came out over all draws.

    A percentile is the smallest value that at least so many in a hundred draws do
    not exceed (nearest rank); a draw in which it never happened lies above all
    values, so a percentile that falls on one is `null`.

    Attributes:
        never: Draws in which it never happened.
        of: All draws.
        why: Why a percentile is `null`, where one is.
        curve: Percentiles 1, 5, 10, 25, 50, 75, 90, 95, 99 with their values.
        bars: A histogram of the draws in which it happened.
    """

    p50: float | None
    p95: float | None
    p99: float | None
    never: int
    of: int
    least: float | None
    most: float | None
    why: str = ""
    curve: tuple[tuple[int, float | None], ...] = ()
    bars: tuple[Bar, ...] = ()


class DelayShown(_Shown, frozen=True, kw_only=True):
    """Hold one of the six delays apart, along the chain that brought the order.

    Attributes:
        recorded_s: The same delay in the record, where it tells it apart.
        recorded_says: What the record has instead, where it does not.
        is_drawn: Whether a model draws it; otherwise the document fixes it.
    """

    step: str
    says: str
    seconds: Distribution
    is_drawn: bool
    recorded_s: float | None = None
    recorded_says: str = ""


class StillToCome(_Shown, frozen=True, kw_only=True, gc=False):
    """Hold how many events were still to come, had they ended so long after the call.

    Attributes:
        stopped_s: When they end, seconds after the call.
        p50: Events from then on, median over all draws.
    """

    stopped_s: float
    p05: float
    p50: float
    p95: float


class BreakEven(_Shown, frozen=True, kw_only=True):
    """Hold how soon events must end for anything to be otherwise.

    Attributes:
        stop_s: From the call to the last event: the median, where the call is drawn.
        reach_s: The same less the median from acknowledgement to ceasing: reached
            later than that, the median draw changes nothing.
        says: The sentence that says so.
    """

    stop_s: float | None
    reach_s: float | None
    says: str
    curve: tuple[StillToCome, ...]


class WithLine(_Shown, frozen=True, kw_only=True):
    """Hold the same day with the line: a model, over all draws.

    Attributes:
        acknowledged_s: From the call until a person acknowledges.
        right_role_s: Until somebody who may order what it asks has acknowledged.
        stopped_s: Until the desk that acts has ceased.
        events_after_call: Events from the call until then.
        events_after_call_recorded: The same draws with nobody stopping anything.
        events_fell: Events of the whole day, those before the call included.
        break_even_s: `break_even.stop_s`.
        horizon_s: What has not happened so long after T0 counts as never.
        signed_runs: How many runs had a real store, keys and ledger: the first.
        unsigned_says: What the other runs share with it, and what they leave out.
    """

    stamp: str
    says: str
    runs: int
    seed: int
    acknowledged_s: Distribution
    right_role_s: Distribution
    stopped_s: Distribution
    events_after_call: Distribution
    events_after_call_recorded: Distribution
    events_fell: Distribution
    break_even_s: float | None
    break_even: BreakEven
    delays: tuple[DelayShown, ...]
    receipts_checked: tuple[ReceiptsChecked, ...]
    first_run: RunShown
    horizon_s: float
    signed_runs: int
    unsigned_says: str


# --- what moves it ------------------------------------------------------------------


class Medians(_Shown, frozen=True, kw_only=True, gc=False):
    """Hold the medians of a set of draws; `None` where most never got there.

    Attributes:
        events_fell: Events of the whole day; comparable where the call itself moves.
        never_stopped: Share of draws in which nothing was ever stopped.
    """

    acknowledged_s: float | None
    right_role_s: float | None
    stopped_s: float | None
    events_after_call: float | None
    events_fell: float | None
    never_stopped: float


class KnobEnd(_Shown, frozen=True, kw_only=True):
    """Hold what comes out with one knob turned to one end, the same draws.

    Attributes:
        place_verdict: How the first place check comes out then, if it changes.
    """

    value: str
    medians: Medians
    place_verdict: str = ""


class KnobEffect(_Shown, frozen=True, kw_only=True):
    """Hold how far one knob moves the medians.

    Attributes:
        moves_stopped_s: Greatest change of the median of `stopped_s`; `None` where
            an end leaves most draws never stopped.
        moves_events: Greatest change of the median of `events_fell`.
        varies: Ids of the assumptions it varies.
    """

    knob: str
    title: str
    unit: str
    reason: str
    default: str
    ends: tuple[KnobEnd, ...]
    moves_stopped_s: float | None
    moves_events: float
    varies: tuple[str, ...] = ()


class Sensitivity(_Shown, frozen=True, kw_only=True):
    """Hold every knob at its ends, the one that moves most first.

    Attributes:
        runs: How many draws each end has: the first of those of `with_line`.
        base: The same draws with no knob turned.
    """

    stamp: str
    runs: int
    base: Medians
    knobs: tuple[KnobEffect, ...]


class AdverseDay(_Shown, frozen=True, kw_only=True):
    """Hold the day with people or media at their worst.

    Attributes:
        told_nobody_has_it: Share of draws in which the caller was told so.
        told_after_s: How soon after the call, where it was.
    """

    stamp: str
    id: str
    title: str
    reason: str
    settings: tuple[Change, ...]
    runs: int
    acknowledged_s: Distribution
    right_role_s: Distribution
    stopped_s: Distribution
    events_after_call: Distribution
    told_nobody_has_it: float
    told_after_s: Distribution
    first_run: RunShown


class LimitShown(_Shown, frozen=True, kw_only=True):
    """Hold where the line would not have helped, held against the draws.

    Attributes:
        within_s: The time there would have been, where known.
        counted_from: What that time is counted from: `call` or `first event`.
        too_late: Share of draws in which events had not ended within it.
        draws_say: The sentence that says so; empty without a time.
    """

    id: str
    text: str
    reason: str
    status: FactStatus
    sources: tuple[str, ...]
    facts: tuple[str, ...]
    within_s: float | None = None
    counted_from: str = ""
    too_late: float | None = None
    draws_say: str = ""


class DecisionShown(_Shown, frozen=True, kw_only=True):
    """Hold how fast a party says it decides, and what the line can promise.

    Attributes:
        line_can_win: `False` where no call can be acknowledged before.
    """

    id: str
    party: str
    action: str
    decides_in_s: float | None
    line_can_win: bool
    status: FactStatus
    facts: tuple[str, ...]
    reason: str


# --- what follows -------------------------------------------------------------------


class Found(_Shown, frozen=True, kw_only=True):
    """Hold one thing a replay found, by its name.

    Attributes:
        share: In which share of draws, where it is about draws.
        evidence: Beats, acts, limits or entries that show it.
    """

    play: Play
    finding: Finding
    says: str
    adverse: str | None = None
    share: float | None = None
    evidence: tuple[str, ...] = ()


class ExpectationShown(_Shown, frozen=True, kw_only=True):
    """Hold what the document says a replay has to find, or never may.

    Attributes:
        must: `True` if it has to be found, `False` if it never may.
        is_met: Whether it came out so.
        got: What came out.
    """

    id: str
    says: str
    requirements: tuple[str, ...]
    must: bool
    play: Play
    is_met: bool
    got: str
    adverse: str | None = None
    finding: Finding | None = None
    look_at: str = ""
    holds: Holds | None = None
    value: str = ""


class AssumptionShown(_Shown, frozen=True, kw_only=True):
    """Hold something taken for granted.

    Attributes:
        by: `document` or `replay`: who takes it for granted.
        varied_by: Knobs that vary it.
    """

    id: str
    text: str
    status: Basis
    reason: str
    by: str
    sources: tuple[str, ...] = ()
    varied_by: tuple[str, ...] = ()


class ReceiptKept(_Shown, frozen=True, kw_only=True):
    """Hold one entry's receipt, to be checked by anybody with the key.

    Attributes:
        file: Where it lies, from the folder of this replay.
        text: The receipt itself, JSON.
    """

    entry: int
    says: str
    file: str
    text: str


class LedgerKept(_Shown, frozen=True, kw_only=True):
    """Hold where a ledger of this replay lies and how to check it.

    Attributes:
        of: `as_recorded` or `with_line`.
        folder: Where it lies, from the folder of this replay.
        root: Root hash of all its entries, base64.
        checkpoint: The signed checkpoint, a note.
        vkey: The key it is checked with.
    """

    of: str
    folder: str
    origin: str
    size: int
    root: str
    checkpoint: str
    vkey: str
    receipts: tuple[ReceiptKept, ...]


class Played(_Shown, frozen=True, kw_only=True):
    """Hold the numbers people and media were drawn from."""

    call: Kind | None
    responses: tuple[ResponseModel, ...]
    media: tuple[PlayedMedium, ...]


class Replay(_Shown, frozen=True, kw_only=True):
    """Hold everything one replay says.

    Attributes:
        stamp: `MODEL`: what it says beyond the record is a model's.
        place_check: The first place check, or one that says there is none.
        place_checks: All of them.
    """

    format: str
    stamp: str
    scenario: ScenarioShown
    changed: tuple[Change, ...]
    as_recorded: AsRecorded
    place_check: PlaceChecked
    with_line: WithLine
    assumptions: tuple[AssumptionShown, ...]
    sensitivity: Sensitivity
    adverse: tuple[AdverseDay, ...]
    limits: tuple[LimitShown, ...]
    decision_times: tuple[DecisionShown, ...]
    findings: tuple[Found, ...]
    expectations: tuple[ExpectationShown, ...]
    place_checks: tuple[PlaceChecked, ...]
    places: tuple[PlaceShown, ...]
    lanes: tuple[Lane, ...]
    facts: tuple[Fact, ...]
    sources: tuple[Source, ...]
    played: Played
    ledgers: tuple[LedgerKept, ...]

    @property
    def is_as_expected(self) -> bool:
        """Say whether every expectation of the document was met."""
        return all(expected.is_met for expected in self.expectations)


def write_replay(replay: Replay) -> bytes:
    """Write a replay as JSON, UTF-8, one line; equal replays give equal bytes."""
    return msgspec.json.encode(replay) + b"\n"
