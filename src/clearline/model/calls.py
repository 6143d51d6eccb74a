"""Hold calls: what is said in an emergency, who is rung, what came back.

A `Call` is what the entries of the log add up to for one call. Nothing here
decides: who rings next is `rules.escalation`, what an act may do is
`rules.calling`, how an act changes a call is `picture.calls`.
"""

from enum import StrEnum
from typing import NewType

import msgspec
from msgspec.structs import force_setattr

from clearline.model.errors import BadInput
from clearline.model.instants import Duration, Instant, utc
from clearline.model.parties import (
    Actor,
    DeskId,
    Medium,
    PartyId,
    PersonId,
    Role,
    Strength,
)
from clearline.model.places import Place
from clearline.model.readback import ReadbackElement, ReadbackResult

CallId = NewType("CallId", str)
AttemptId = NewType("AttemptId", str)


class Kind(StrEnum):
    """Name what a call asks for."""

    STOP = "STOP"
    HOLD = "HOLD"
    RELEASE = "RELEASE"
    WARN = "WARN"
    QUERY = "QUERY"
    LINE_CHECK = "LINE CHECK"


class Precedence(StrEnum):
    """Name how urgent a call is (ACP 121)."""

    FLASH = "FLASH"
    IMMEDIATE = "IMMEDIATE"
    PRIORITY = "PRIORITY"
    ROUTINE = "ROUTINE"


class Response(StrEnum):
    """Name what a call must be answered with (ICAO Doc 4444 Appendix 5)."""

    WILCO_UNABLE = "W/U"
    AFFIRM_NEGATIVE = "A/N"
    ROGER = "R"


class Answer(StrEnum):
    """Name an answer to a call (ICAO Doc 4444 Appendix 5)."""

    WILCO = "WILCO"
    UNABLE = "UNABLE"
    STANDBY = "STANDBY"
    AFFIRM = "AFFIRM"
    NEGATIVE = "NEGATIVE"
    ROGER = "ROGER"


class UnableReason(StrEnum):
    """Name why somebody cannot do what a call asks."""

    NOT_OURS = "not ours"
    CANNOT_REACH_THEM = "cannot reach them"
    IN_CONTACT = "in contact"
    NEED_AUTHORITY = "need authority"
    UNCLEAR = "unclear"
    OTHER = "other"


class ClockName(StrEnum):
    """Name what a call waits for."""

    RING = "ring"
    READ_BACK = "read back"
    PASS_ON = "passed on"  # noqa: S105 (no secret: a step of a call)
    CEASE = "ceased"
    ANSWER = "answer"
    CLOSE = "close"
    REVIEW = "review"
    END = "end"
    VOID = "void"
    DEADLINE = "deadline"
    PEER = "peer"


class Telling(StrEnum):
    """Name what a caller is told without asking."""

    NOBODY_HAS_THIS = "nobody has this"
    NOBODY_TO_RING = "nobody to ring"
    HELD = "somebody has this"
    NOT_READ_BACK = "not read back"
    READBACK_DIFFERS = "readback differs"
    NOT_PASSED_ON = "not passed on"
    NOT_CEASED = "not ceased"
    NOT_ANSWERED = "not answered"
    UNABLE = "unable"
    ACKNOWLEDGEMENT_WITHDRAWN = "acknowledgement withdrawn"
    NOT_CLOSED = "not closed"
    ANSWERED = "answered"
    CEASED = "ceased"
    RELEASED = "released"
    REFUSED = "refused"
    REVIEW = "review"
    LAPSED = "lapsed"
    VOID = "void"
    MISSED = "missed"
    LINE_CANNOT_WIN = "line cannot win"
    PEER_SILENT = "peer silent"
    RECEIVED_THERE = "received there"
    NOT_TAKEN = "not taken there"
    HELD_BY_PHONE = "held by telephone elsewhere"
    CONFLICT_STANDS = "how a conflict stands"


class Why(StrEnum):
    """Name why somebody was rung."""

    RAISED = "raised"
    NEXT_RUNG = "next rung"
    REPEATED = "repeated"
    NOT_READ_BACK = "not read back"
    READBACK_DIFFERS = "readback differs"
    NOT_PASSED_ON = "not passed on"
    NOT_CEASED = "not ceased"
    NOT_ANSWERED = "not answered"
    UNABLE = "unable"
    LET_GO = "nobody holds it any more"
    REVIEW = "review"
    RESTARTED = "the node came up again"
    PEER_SILENT = "peer silent"
    NOT_TAKEN = "not taken there"


class Ending(StrEnum):
    """Name how a call ended."""

    CLOSED = "closed"
    RELEASED = "released"
    LAPSED = "lapsed"
    VOID = "void"
    MISSED = "missed"
    REFUSED = "refused"
    RAISED_TO_STOP = "raised to STOP"


class Outcome(StrEnum):
    """Name what a courier reports of an attempt."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    NO_ANSWER = "no answer"


class Rung(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one step of a ladder: whom to ring and how long to wait first.

    Attributes:
        desk: Whose people are rung.
        roles: Which roles on watch; empty for everyone on watch.
        has_members: Ring every member of the desk, on watch or not; with `roles`
            those who have one of them, or every member where nobody has.
        media: Which media; empty for all a person has.
        after: How long after the rung before it; the first one rings at once.
    """

    desk: DeskId
    after: Duration
    roles: tuple[Role, ...] = ()
    has_members: bool = False
    media: tuple[Medium, ...] = ()


class BadLadder(BadInput):
    """Refuse a ladder on which a call would not ring, or not stop to."""


SHORTEST_WAIT = Duration(seconds=1)
"""Nothing of a call is waited for less; a shorter wait would ring without an end."""

LONGEST_STANDBY = Duration(hours=4)
"""A STANDBY promises an answer within this; a longer one is silence."""

LONGEST_WAIT = Duration(days=1)
"""Nothing of a call is waited for longer; a longer wait is silence."""


class Ladder(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a desk's order of ringing and every delay of a call, frozen into it.

    Every delay lies between `SHORTEST_WAIT` and `LONGEST_WAIT`, and none between
    two rungs is longer than `repeat_after`, so that somebody is rung at least that
    often.

    Attributes:
        rungs: At least one; all rungs reached so far ring in parallel.
        repeat_after: How soon unanswered people are rung again.
        read_back_for: From acknowledgement until the content must be read back.
        pass_on_for: From readback until it must be passed on.
        cease_for: From passing on until the effect must be reported.
        answer_for: From acknowledgement until an answer is due.
        close_for: How often the caller is reminded that a call is not closed.
        review_before: How long before a HOLD ends both desks are rung.
    """

    rungs: tuple[Rung, ...]
    repeat_after: Duration = Duration(seconds=30)
    read_back_for: Duration = Duration(seconds=60)
    pass_on_for: Duration = Duration(seconds=90)
    cease_for: Duration = Duration(seconds=180)
    answer_for: Duration = Duration(seconds=60)
    close_for: Duration = Duration(minutes=15)
    review_before: Duration = Duration(minutes=2)

    def __post_init__(self) -> None:
        if not self.rungs:
            raise _bad_ladder("it has no rung, so nobody would ever be rung")
        for name in _WAITS:
            wait = getattr(self, name)
            if not SHORTEST_WAIT <= wait <= LONGEST_WAIT:
                raise _bad_ladder(f"{name} is {wait}, not between a second and a day")
        for number, rung in enumerate(self.rungs, 1):
            if not Duration(0) <= rung.after <= self.repeat_after:
                raise _bad_ladder(
                    f"rung {number} would ring {rung.after} after the one before it; "
                    f"unanswered people are rung again after {self.repeat_after}"
                )


_WAITS = (
    "repeat_after",
    "read_back_for",
    "pass_on_for",
    "cease_for",
    "answer_for",
    "close_for",
    "review_before",
)


def _bad_ladder(why: str) -> BadLadder:
    return BadLadder(
        f"The ladder cannot be used: {why}.",
        state="Nothing was recorded; the ladder before it holds.",
        next="Give at least one rung, and waits that ring neither never nor for ever.",
    )


class Card(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold the five lines of a STOP; only the first, who calls, is required.

    Who calls is the call's `raised_by`; the other four may all be empty.

    Attributes:
        where: The place, as far as the caller could say it.
        where_again: The same place in a second encoding.
        what: What is to stop.
        why: What the caller sees.
        confidence: 1 (told by others) to 3 (seen by the caller), or unknown; any
            other number says nothing and becomes unknown.
    """

    where: Place | None = None
    where_again: Place | None = None
    what: str = ""
    why: str = ""
    confidence: int | None = None

    def __post_init__(self) -> None:
        if self.confidence not in (None, 1, 2, 3):
            force_setattr(self, "confidence", None)


class Attempt(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one ring of one person on one medium.

    Attributes:
        joins: The attempt already ringing this person for the same source and
            place; the person is not dialled again, the card counts one more.
    """

    id: AttemptId
    person: PersonId
    desk: DeskId
    medium: Medium
    rung: int
    at: Instant
    joins: AttemptId | None = None


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say that a person has a call."""

    by: Actor
    at: Instant


class Answered(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say what a person answered.

    Attributes:
        until: With STANDBY: when an answer is promised by.
    """

    by: Actor
    at: Instant
    answer: Answer
    reason: UnableReason | None = None
    whom: DeskId | None = None
    detail: str = ""
    until: Instant | None = None


class SaidBack(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say what a person read back and how it compared."""

    by: Actor
    at: Instant
    said: tuple[ReadbackElement, ...]
    result: ReadbackResult


class Passed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say that a call was passed on down the desk's own tree."""

    by: Actor
    at: Instant
    to_desk: DeskId
    child: CallId


class Clock(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say what a call waits for and when that is due, node time."""

    name: ClockName
    due_at: Instant


class Call(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold everything the log says about one call, as it stands.

    Attributes:
        number: The call's spoken number, counted by the node that took it.
        of: The STOP or HOLD a RELEASE would lift, or the HOLD a STOP took over.
        passed_from: The call of the desk above that this one hands down.
        has_below: Whether those it rings have a desk below them to pass it on to.
        repeats: An earlier open STOP of the same source and place.
        is_far: Whether the desk called is reached through another party's node.
        said_at: When the caller says it was raised, by the caller's clock.
        rung: How many rungs have been rung so far.
        round: How many times the ladder has wrapped.
        rings: How often people were rung for it.
        rang_at: When the ladder last rang.
        is_ringing: Whether rings go on by themselves.
        ringing: The latest unanswered attempt per person and medium.
        holders: Acknowledgements that still stand.
        acknowledgements: Every acknowledgement there ever was.
        step_at: When the step now waited for became the next one.
        ends_at: End of a HOLD, voiding of a RELEASE, deadline of a QUERY or check.
        has_ceased_at: When the effect was reported.
        reviewed_at: When both desks were last rung about a HOLD's end.
        told_unanswered_at: When the caller was last told that no answer came.
        received_at: When the other side's node said that it holds the call.
        spoke_at: When the other side's node last said what anybody there did about it.
        told_silent_at: When the caller was last told that it says nothing.
        closed_by: Parties that said it is over.
        ended_by: The RELEASE that lifted it or the STOP that took it over, if any.
        kept_from: Desks that may not see it: one where somebody is under duress.
        standby_until: When the newest STANDBY promised an answer by: until then it
            does not ring, unless for another reason. A STOP or HOLD rings on.
        clocks: What waits, by the entry that last changed the call.
    """

    id: CallId
    number: int
    kind: Kind
    precedence: Precedence
    raised_by: Actor
    to_party: PartyId
    to_desk: DeskId
    card: Card
    ladder: Ladder
    raised_at: Instant
    said_at: Instant | None = None
    of: CallId | None = None
    passed_from: CallId | None = None
    has_below: bool = True
    repeats: CallId | None = None
    ends_at: Instant | None = None
    is_far: bool = False

    rung: int = 0
    round: int = 0
    rings: int = 0
    rang_at: Instant | None = None
    is_ringing: bool = True
    ringing: tuple[Attempt, ...] = ()
    holders: tuple[Acknowledgement, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    answers: tuple[Answered, ...] = ()
    said_back: tuple[SaidBack, ...] = ()
    passed: tuple[Passed, ...] = ()
    step_at: Instant | None = None
    has_read_back_at: Instant | None = None
    has_passed_on_at: Instant | None = None
    has_ceased_at: Instant | None = None
    reviewed_at: Instant | None = None
    told_unanswered_at: Instant | None = None
    received_at: Instant | None = None
    spoke_at: Instant | None = None
    told_silent_at: Instant | None = None
    closed_by: tuple[PartyId, ...] = ()
    released_at: Instant | None = None
    ending: Ending | None = None
    ended_by: CallId | None = None
    kept_from: tuple[DeskId, ...] = ()
    standby_until: Instant | None = None
    clocks: tuple[Clock, ...] = ()
    changed_at: Instant | None = None

    @property
    def is_open(self) -> bool:
        """Say whether anything is still waited for."""
        return self.ending is None

    @property
    def is_in_force(self) -> bool:
        """Say whether the caller's STOP or HOLD still binds those it reached."""
        if self.kind is Kind.STOP:
            return self.released_at is None
        return self.kind is Kind.HOLD and self.is_open and self.released_at is None

    @property
    def has_received(self) -> Acknowledgement | None:
        """Return the first acknowledgement there ever was, or nothing."""
        return self.acknowledgements[0] if self.acknowledgements else None

    def holds(self, person: PersonId) -> bool:
        """Say whether this person's acknowledgement still stands."""
        return any(held.by.person == person for held in self.holders)

    @property
    def due_at(self) -> Instant | None:
        """Return the earliest instant something is due, or nothing."""
        return min((clock.due_at for clock in self.clocks), default=None)


class BadLine(BadInput):
    """Refuse a line that would never be checked, or always."""


class Line(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a line that is checked: from a desk to a desk by a medium.

    Attributes:
        every: Between two checks; from a minute to a week, twice a day unless said.
        next_at: When the next check is due, node time.
        checked_by: The newest check called, if any.
        is_default: Whether nobody set it: it is checked because the channel is on.
    """

    from_desk: DeskId
    to_desk: DeskId
    medium: Medium
    next_at: Instant
    every: Duration = Duration(hours=12)
    checked_by: CallId | None = None
    is_default: bool = False

    def __post_init__(self) -> None:
        force_setattr(self, "next_at", utc(self.next_at))
        if not Duration(minutes=1) <= self.every <= Duration(weeks=1):
            raise BadLine(
                f"A line cannot be checked every {self.every}.",
                state="Nothing was recorded; the line is checked as before.",
                next="Check it at least once a week and not more than every minute.",
            )

    @property
    def key(self) -> str:
        """Name the line among all lines."""
        return f"{self.from_desk} {self.to_desk} {self.medium}"


RESPONSES: dict[Kind, Response] = {
    Kind.STOP: Response.WILCO_UNABLE,
    Kind.HOLD: Response.WILCO_UNABLE,
    Kind.RELEASE: Response.AFFIRM_NEGATIVE,
    Kind.WARN: Response.ROGER,
    Kind.QUERY: Response.AFFIRM_NEGATIVE,
    Kind.LINE_CHECK: Response.ROGER,
}
"""What each kind of call must be answered with."""

ANSWERS: dict[Response, frozenset[Answer]] = {
    Response.WILCO_UNABLE: frozenset({Answer.WILCO, Answer.UNABLE, Answer.STANDBY}),
    Response.AFFIRM_NEGATIVE: frozenset(
        {Answer.AFFIRM, Answer.NEGATIVE, Answer.STANDBY}
    ),
    Response.ROGER: frozenset({Answer.ROGER, Answer.UNABLE, Answer.STANDBY}),
}
"""Which answers each response attribute admits."""

ACKNOWLEDGING = frozenset(
    {
        Strength.PASSKEY,
        Strength.PASSWORD,
        Strength.CALL_BACK,
        Strength.PIN,
        Strength.CODE,
    }
)
"""How surely somebody must be known for "I have it" to count."""
