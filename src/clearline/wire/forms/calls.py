"""Hold the API's forms of calls: to raise one, to answer one, to show one."""

from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from clearline.model.calls import (
    Acknowledgement,
    Answer,
    Answered,
    Attempt,
    CallId,
    Card,
    Clock,
    Ending,
    Kind,
    Passed,
    Precedence,
    SaidBack,
    UnableReason,
)
from clearline.model.instants import Instant
from clearline.model.parties import Actor, DeskId, Evidence, PartyId
from clearline.model.places import Place
from clearline.model.readback import ReadbackElement, ReadbackResult
from clearline.model.sources import Source


class Phase(StrEnum):
    """Say in a word where a call stands."""

    RINGING = "RINGING"
    NOBODY_HAS_THIS = "NOBODY HAS THIS"
    HELD = "HELD"
    READ_BACK = "READ BACK"
    PASSED_ON = "PASSED ON"
    CEASED = "CEASED"
    OVER = "OVER"


class CallShown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a call as it is shown.

    Attributes:
        number: The spoken number.
        phase: Where it stands, in a word; a call may be rung again while it is held.
        is_durable: Whether it is recorded; if not, it rings from memory.
        is_ringing: Whether rings go on by themselves.
        is_in_force: Whether a STOP or HOLD still binds.
        times: How many open STOPs of the same source and place say the same.
        source_last_minute: How many STOPs and HOLDs the desk that raised it raised in
            the last minute; 0 where that was not looked at.
        clocks: What it waits for, and when that is due.
    """

    id: CallId
    number: int
    kind: Kind
    precedence: Precedence
    phase: Phase
    is_durable: bool
    is_open: bool
    is_ringing: bool
    is_in_force: bool
    raised_by: Actor
    raised_at: Instant
    said_at: Instant | None
    to_party: PartyId
    to_desk: DeskId
    card: Card
    of: CallId | None
    passed_from: CallId | None
    repeats: CallId | None
    times: int
    source_last_minute: int = 0
    ends_at: Instant | None
    round: int
    rings: int
    ringing: tuple[Attempt, ...]
    holders: tuple[Acknowledgement, ...]
    answers: tuple[Answered, ...]
    said_back: tuple[SaidBack, ...]
    passed: tuple[Passed, ...]
    has_read_back_at: Instant | None
    has_passed_on_at: Instant | None
    has_ceased_at: Instant | None
    closed_by: tuple[PartyId, ...]
    ending: Ending | None
    ended_by: CallId | None
    clocks: tuple[Clock, ...]
    changed_at: Instant | None


class Sources(msgspec.Struct, frozen=True, kw_only=True):
    """List the desks whose STOPs and HOLDs are open, the busiest first."""

    items: tuple[Source, ...]


MOST_LISTED = 200
MOST_ENTRIES = 1_000


Text = Annotated[str, Meta(max_length=4_000)]


Named = Annotated[str, Meta(min_length=1, max_length=128)]


Seconds = Annotated[float, Meta(gt=0, le=10_000_000)]


class CardGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Fill in the card, as far as there is time.

    Attributes:
        where: The place in words or figures, as told, or one that was read before.
            Words that can be read in several ways, or in none, are kept as words.
        where_again: The same place in a second encoding.
        confidence: 1 told by others, 2 in between, 3 seen by the caller.
    """

    where: Text | Place | None = None
    where_again: Text | Place | None = None
    what: Text = ""
    why: Text = ""
    confidence: Annotated[int, Meta(ge=1, le=3)] | None = None


class CallGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Raise a call.

    Attributes:
        id: Drawn by the caller, so that saying it again changes nothing; without one
            the idempotency key stands for it.
        to_desk: Where to; for a STOP or HOLD nothing means every other party.
        said_at: When it was first said, by the caller's clock.
        of: The STOP or HOLD a RELEASE lifts, or the HOLD a STOP takes over.
        ends_in_s: Length of a HOLD, or time to answer a QUERY or LINE CHECK.
        evidence: The person's passkey over this act; never needed for STOP or HOLD.
    """

    kind: Kind = Kind.STOP
    id: Named | None = None
    to_desk: Named | None = None
    card: CardGiven = CardGiven()
    precedence: Precedence | None = None
    said_at: Instant | None = None
    of: Named | None = None
    ends_in_s: Seconds | None = None
    evidence: Evidence | None = None


class Raised(msgspec.Struct, frozen=True, kw_only=True):
    """Say what was raised.

    Attributes:
        is_durable: Whether it is recorded. If not, it RINGS and is NOT YET RECORDED.
        first: Index of its first entry, where it is recorded.
        left_out: Fields of a STOP or HOLD that could not be read or are not known: it
            rings without them, and what stood on the card rings along as it was sent.
            With `to_desk` nobody here knows that desk, and everybody was rung.
    """

    calls: tuple[CallShown, ...]
    is_durable: bool
    first: int | None
    left_out: tuple[str, ...] = ()


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """Say how the call stands after an act.

    Attributes:
        has_changed: Whether anything followed; saying it twice changes nothing.
        first: Index of the first entry that followed.
    """

    call: CallShown
    has_changed: bool
    first: int | None


class Calls(msgspec.Struct, frozen=True, kw_only=True):
    """List calls by number, newest first.

    Attributes:
        next: Give this as `after` for those before them; empty at the end.
    """

    items: tuple[CallShown, ...]
    next: str


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """Choose which calls to list."""

    is_open: bool | None = None
    kind: Kind | None = None
    after: str = ""
    limit: Annotated[int, Meta(ge=1, le=MOST_LISTED)] = 50


class ShownAt(msgspec.Struct, frozen=True, kw_only=True):
    """Report that a device showed the call."""

    device: Annotated[str, Meta(max_length=200)] = ""


class Acknowledging(msgspec.Struct, frozen=True, kw_only=True):
    """Say "I have it"."""

    attempt: Named | None = None


class Withdrawing(msgspec.Struct, frozen=True, kw_only=True):
    """Take an acknowledgement back."""

    why: Text = ""


class AnswerOf(msgspec.Struct, frozen=True, kw_only=True):
    """Answer a call.

    Attributes:
        reason: Required with UNABLE.
        whom: With "need authority": the desk that has it.
        detail: Required with "unclear" and "other".
        evidence: The person's passkey over this act, for AFFIRM to a RELEASE.
        until: With STANDBY: when an answer is promised by, and it rings again.
    """

    answer: Answer
    reason: UnableReason | None = None
    whom: Named | None = None
    detail: Text = ""
    evidence: Evidence | None = None
    until: Instant | None = None


class SaidOf(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one thing said back, in the words heard."""

    name: Named
    text: Text


class SayingBack(msgspec.Struct, frozen=True, kw_only=True):
    """Read the call's content back, element by element."""

    said: Annotated[tuple[SaidOf, ...], Meta(max_length=50)]


class ReadBackDone(msgspec.Struct, frozen=True, kw_only=True):
    """Say how a readback compared."""

    call: CallShown
    is_match: bool
    result: ReadbackResult


class ToReadBack(msgspec.Struct, frozen=True, kw_only=True):
    """List what has to come back right."""

    elements: tuple[ReadbackElement, ...]


class PassingOn(msgspec.Struct, frozen=True, kw_only=True):
    """Pass a call on to a desk below."""

    to_desk: Named


class CeasedAt(msgspec.Struct, frozen=True, kw_only=True):
    """Report that what the call asked to stop has stopped; now unless said."""

    ceased_at: Instant | None = None
    detail: Text = ""


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """Say, for one's own party, that a call is over."""

    why: Text = ""


class Renewing(msgspec.Struct, frozen=True, kw_only=True):
    """Give a HOLD a later end, counted from now."""

    ends_in_s: Seconds


class EntryOf(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one entry about a call.

    Attributes:
        act: The type of the act, as in the log.
        says: The act itself, as in the log.
    """

    index: int
    act: str
    at: Instant
    says: dict[str, Any]


class Paging(msgspec.Struct, frozen=True, kw_only=True):
    """Choose how much of a long list comes at once."""

    after: str = ""
    limit: Annotated[int, Meta(ge=1, le=MOST_ENTRIES)] = MOST_ENTRIES


class EntriesOf(msgspec.Struct, frozen=True, kw_only=True):
    """List the entries about a call, in the order of the log.

    Attributes:
        next: Give this as `after` for those that follow; empty at the end.
    """

    items: tuple[EntryOf, ...]
    next: str = ""
