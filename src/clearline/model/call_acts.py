"""Hold the acts of calls: raised, rung, answered, read back, passed on, ended."""

from typing import Final, TypeAlias, get_args

import msgspec

from clearline.model.calls import (
    Answer,
    Attempt,
    AttemptId,
    CallId,
    Card,
    Clock,
    Ending,
    Kind,
    Ladder,
    Outcome,
    Precedence,
    Telling,
    UnableReason,
    Why,
)
from clearline.model.instants import Instant
from clearline.model.parties import Actor, DeskId, Evidence, PartyId
from clearline.model.readback import ReadbackElement, ReadbackResult


class _CallAct(msgspec.Struct, frozen=True, kw_only=True):
    """Be the root of every act about a call.

    Attributes:
        call: Which call.
        clocks: What that call waits for after this act.
    """

    call: CallId
    clocks: tuple[Clock, ...] = ()


class CallRaised(_CallAct, frozen=True, kw_only=True):
    """Raise a call, with its ladder frozen in.

    Attributes:
        kept_from: Desks that may not see it.
    """

    number: int
    kind: Kind
    precedence: Precedence
    by: Actor
    to_party: PartyId
    to_desk: DeskId
    card: Card
    ladder: Ladder
    said_at: Instant | None = None
    of: CallId | None = None
    passed_from: CallId | None = None
    has_below: bool = True
    repeats: CallId | None = None
    ends_at: Instant | None = None
    kept_from: tuple[DeskId, ...] = ()
    evidence: Evidence | None = None
    is_far: bool = False


class Rang(_CallAct, frozen=True, kw_only=True):
    """Ring people.

    Attributes:
        rung: How many rungs of the ladder have now been rung.
        round: How many times the ladder has wrapped.
        nobody_on_watch: Desks where all members were rung for want of a watch.
    """

    why: Why
    rung: int
    round: int
    attempts: tuple[Attempt, ...]
    nobody_on_watch: tuple[DeskId, ...] = ()


class AttemptReported(_CallAct, frozen=True, kw_only=True):
    """Keep what a courier says became of an attempt."""

    attempt: AttemptId
    outcome: Outcome
    detail: str = ""


class HeardFrom(_CallAct, frozen=True, kw_only=True):
    """Keep words from a number nobody proved to be theirs; stops that ring only."""

    attempt: AttemptId
    number: str
    words: str


class Received(_CallAct, frozen=True, kw_only=True):
    """Say that the other side's node holds the call durably."""

    node: str


class Shown(_CallAct, frozen=True, kw_only=True):
    """Say that a device showed the call."""

    device: str
    desk: DeskId


class Acknowledged(_CallAct, frozen=True, kw_only=True):
    """Say that a person has the call."""

    by: Actor
    attempt: AttemptId | None = None


class AcknowledgementWithdrawn(_CallAct, frozen=True, kw_only=True):
    """Take a mistaken acknowledgement back."""

    by: Actor
    why: str = ""


class AnswerGiven(_CallAct, frozen=True, kw_only=True):
    """Answer a call.

    Attributes:
        until: With STANDBY: when an answer is promised by, and it rings again.
    """

    by: Actor
    answer: Answer
    reason: UnableReason | None = None
    whom: DeskId | None = None
    detail: str = ""
    evidence: Evidence | None = None
    until: Instant | None = None


class ReadBack(_CallAct, frozen=True, kw_only=True):
    """Read a call's content back, compared element by element."""

    by: Actor
    said: tuple[ReadbackElement, ...]
    result: ReadbackResult


class PassedOn(_CallAct, frozen=True, kw_only=True):
    """Pass a call on down one's own tree of desks."""

    by: Actor
    to_desk: DeskId
    child: CallId


class Ceased(_CallAct, frozen=True, kw_only=True):
    """Report that what the call asked to stop has stopped."""

    by: Actor
    ceased_at: Instant
    detail: str = ""


class ClosedBy(_CallAct, frozen=True, kw_only=True):
    """Say, for one party, that the call is over."""

    by: Actor
    party: PartyId
    why: str = ""


class HoldRenewed(_CallAct, frozen=True, kw_only=True):
    """Give a HOLD a later end."""

    by: Actor
    ends_at: Instant


class DeskTold(_CallAct, frozen=True, kw_only=True):
    """Tell a desk, unasked, how a call stands; most often the caller's."""

    desk: DeskId
    telling: Telling
    text: str


class CallEnded(_CallAct, frozen=True, kw_only=True):
    """End a call: nothing is waited for any more.

    Attributes:
        by_call: The RELEASE or STOP that ended it, if one did.
    """

    ending: Ending
    by_call: CallId | None = None


CallAct: TypeAlias = (
    CallRaised
    | Rang
    | AttemptReported
    | HeardFrom
    | Received
    | Shown
    | Acknowledged
    | AcknowledgementWithdrawn
    | AnswerGiven
    | ReadBack
    | PassedOn
    | Ceased
    | ClosedBy
    | HoldRenewed
    | DeskTold
    | CallEnded
)

CALL_ACTS: Final = get_args(CallAct)
"""The types of every act about a call, for `isinstance`."""
