"""Bring what is known of a channel to where an act about its check leaves it."""

from msgspec.structs import replace

from clearline.model.calls import Call, Ending, Kind
from clearline.model.entries import Acknowledged, CallAct, CallEnded, CallRaised
from clearline.model.instants import Instant
from clearline.model.linetests import (
    BY_WORD,
    KEPT,
    Channel,
    LineOutcome,
    LineTest,
)
from clearline.model.parties import Medium, PersonId, Strength

_BY_PHONE = frozenset({Strength.CODE, Strength.PIN, Strength.CALL_BACK})


def medium_checked(call: Call) -> Medium | None:
    """Say which medium a line check is about; nothing for any other call."""
    if call.kind is not Kind.LINE_CHECK or call.passed_from is not None:
        return None
    media = call.ladder.rungs[0].media
    return media[0] if len(media) == 1 else None


def channel_after(
    before: Channel | None, medium: Medium, call: Call, act: CallAct, at: Instant
) -> Channel:
    """Return the channel after an act about a check; `call` as it was before."""
    channel = before or Channel(desk=call.to_desk, medium=medium)
    match act:
        case CallRaised():
            return replace(channel, under_way=call.id)
        case Acknowledged():
            outcome = LineOutcome.GOOD
            if medium in BY_WORD and act.attempt is None:
                is_by_phone = act.by.strength in _BY_PHONE
                outcome = outcome if is_by_phone else LineOutcome.ELSEWHERE
            done = _test(call, outcome, at, act.by.person)
        case CallEnded(ending=Ending.MISSED):
            done = _test(call, LineOutcome.MISSED, None, None)
        case CallEnded() if channel.under_way == call.id:
            return replace(channel, under_way=None)  # closed, and nobody answered
        case _:
            return channel
    tests = (*channel.tests, done)[-KEPT:]
    return replace(channel, tests=tests, under_way=None)


def _test(
    call: Call, outcome: LineOutcome, at: Instant | None, by: PersonId | None
) -> LineTest:
    rung = dict.fromkeys(made.person for made in call.ringing)
    return LineTest(
        call=call.id,
        from_desk=call.raised_by.desk,
        raised_at=call.raised_at,
        outcome=outcome,
        took=None if at is None else at - call.raised_at,
        by=by,
        rung=tuple(rung),
    )
