"""Say a call as a screen or other software sees it.

What is shown is derived from the call as it stood after one entry, and from nothing
else, so that the feed, the list and the page say the same.
"""

from enum import StrEnum

import msgspec

from clearline.model.calls import (
    Acknowledgement,
    Answered,
    Attempt,
    Call,
    CallId,
    Card,
    Clock,
    Ending,
    Kind,
    Passed,
    Precedence,
    SaidBack,
)
from clearline.model.instants import Instant
from clearline.model.parties import Actor, DeskId, PartyId


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


def shown(call: Call, *, is_durable: bool = True, times: int = 1) -> CallShown:
    """Say a call as it is shown."""
    return CallShown(
        id=call.id,
        number=call.number,
        kind=call.kind,
        precedence=call.precedence,
        phase=phase_of(call),
        is_durable=is_durable,
        is_open=call.is_open,
        is_ringing=call.is_ringing,
        is_in_force=call.is_in_force,
        raised_by=call.raised_by,
        raised_at=call.raised_at,
        said_at=call.said_at,
        to_party=call.to_party,
        to_desk=call.to_desk,
        card=call.card,
        of=call.of,
        passed_from=call.passed_from,
        repeats=call.repeats,
        times=times,
        ends_at=call.ends_at,
        round=call.round,
        rings=call.rings,
        ringing=call.ringing,
        holders=call.holders,
        answers=call.answers,
        said_back=call.said_back,
        passed=call.passed,
        has_read_back_at=call.has_read_back_at,
        has_passed_on_at=call.has_passed_on_at,
        has_ceased_at=call.has_ceased_at,
        closed_by=call.closed_by,
        ending=call.ending,
        ended_by=call.ended_by,
        clocks=call.clocks,
        changed_at=call.changed_at,
    )


def phase_of(call: Call) -> Phase:
    """Say in a word where a call stands: how far it has come, or that nobody has it."""
    if not call.is_open:
        return Phase.OVER
    if call.has_ceased_at is not None:
        return Phase.CEASED
    if not call.holders:
        return Phase.NOBODY_HAS_THIS if call.round else Phase.RINGING
    if call.has_passed_on_at is not None:
        return Phase.PASSED_ON
    return Phase.READ_BACK if call.has_read_back_at is not None else Phase.HELD
