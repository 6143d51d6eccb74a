"""Say a call as a screen or other software sees it.

What is shown is derived from the call as it stood after one entry, and from nothing
else, so that the feed, the list and the page say the same.
"""

from clearline.model.calls import (
    Call,
)
from clearline.wire.forms.calls import CallShown, Phase


def shown(
    call: Call, *, is_durable: bool = True, times: int = 1, last_minute: int = 0
) -> CallShown:
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
        source_last_minute=last_minute,
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
