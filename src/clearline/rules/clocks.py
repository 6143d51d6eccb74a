"""Say what a call waits for, and until when.

    STOP        ring .. read back .. passed on .. ceased .. close
    HOLD        ring .. read back .. passed on .. ceased     + review, end
    RELEASE     ring .. answer                               + void
    QUERY       ring .. answer                               + deadline
    WARN        ring
    LINE CHECK  ring                                         + deadline

A STOP or HOLD to a desk behind another party's node also waits for that node's
receipt: `peer`. A desk with no desk below it passes nothing on: there `ceased`
follows the readback.
A STANDBY that promises an answer by an instant moves `answer` there, and the next
`ring` of what nobody has yet: a question rings again when what was promised is due, and
not before. STOP and HOLD ring on whatever was promised.
`ring` waits as long as people are being rung. Of the steps after it only the next
one waits, from the moment the one before was done, or from the last ring that
said it was overdue. What stands behind the `+` waits from the beginning.

The one promise: an open call always waits for something, and the end of every
wait rings somebody or tells the caller (`escalation.advance`). Durations come
from the ladder frozen into the call; nothing here reads a clock.
"""

from typing import Final, assert_never

from clearline.model.calls import Call, Clock, ClockName, Kind
from clearline.model.instants import Duration, Instant
from clearline.model.links import URGENT

HOLD_FOR: Final = Duration(minutes=15)
"""How long a HOLD binds unless it is renewed, raised to STOP or released."""

PEER_SPEAKS_WITHIN: Final = Duration(seconds=30)
"""How long a peer's node may hold a STOP and say of nobody there that they saw it."""

PEER_SILENT_AFTER: Final = Duration(seconds=5)
"""How long a STOP or HOLD waits for the receipt of another party's node."""

STEPS: Final[dict[Kind, tuple[ClockName, ...]]] = {
    Kind.STOP: (
        ClockName.READ_BACK,
        ClockName.PASS_ON,
        ClockName.CEASE,
        ClockName.CLOSE,
    ),
    Kind.HOLD: (ClockName.READ_BACK, ClockName.PASS_ON, ClockName.CEASE),
    Kind.RELEASE: (ClockName.ANSWER,),
    Kind.QUERY: (ClockName.ANSWER,),
    Kind.WARN: (),
    Kind.LINE_CHECK: (),
}
"""What follows the acknowledgement of each kind of call, in order."""

ENDS: Final[dict[Kind, ClockName]] = {
    Kind.HOLD: ClockName.END,
    Kind.RELEASE: ClockName.VOID,
    Kind.QUERY: ClockName.DEADLINE,
    Kind.LINE_CHECK: ClockName.DEADLINE,
}
"""What `ends_at` means for each kind of call that has one."""


def waiting(call: Call) -> tuple[Clock, ...]:
    """List every clock of `call`, earliest first; none once it has ended."""
    if not call.is_open:
        return ()
    clocks = [*_ringing(call), *_step(call), *_ending(call), *_peer(call)]
    return tuple(sorted(clocks, key=lambda clock: clock.due_at))


def next_step(call: Call) -> ClockName | None:
    """Name the step that is next for a call somebody holds, or nothing."""
    for step in STEPS[call.kind]:
        if not _is_done(call, step):
            return step
    return None


def _is_done(call: Call, step: ClockName) -> bool:
    has_ceased = call.has_ceased_at is not None
    match step:
        case ClockName.READ_BACK:
            return has_ceased or call.has_read_back_at is not None
        case ClockName.PASS_ON:
            is_leaf = not call.has_below  # whoever has it there is who acts
            return has_ceased or is_leaf or call.has_passed_on_at is not None
        case ClockName.CEASE:
            return has_ceased
        case ClockName.CLOSE | ClockName.ANSWER:
            return False  # these end the call
        case _:
            raise AssertionError(step)


def _ringing(call: Call) -> list[Clock]:
    """The next rung, or the next round once every rung has been rung."""
    if not call.is_ringing:
        return []
    ladder, since = call.ladder, call.rang_at or call.raised_at
    wait = (
        ladder.rungs[call.rung].after
        if call.rung < len(ladder.rungs)
        else ladder.repeat_after
    )
    due_at = since + wait
    # Where somebody heard it and promised an answer, it rings when that is due.
    return [Clock(name=ClockName.RING, due_at=call.standby_until or due_at)]


def _step(call: Call) -> list[Clock]:
    """The step waited for; CLOSE waits even with nobody left holding the call."""
    step = next_step(call)
    if step is None or call.step_at is None:
        return []
    if not call.holders and step is not ClockName.CLOSE:
        return []  # it rings; there is nobody to be late
    due_at = call.step_at + _allowed(call, step)
    promised = call.standby_until if step is ClockName.ANSWER else None
    return [Clock(name=step, due_at=promised or due_at)]


def _allowed(call: Call, step: ClockName) -> Duration:
    ladder = call.ladder
    match step:
        case ClockName.READ_BACK:
            return ladder.read_back_for
        case ClockName.PASS_ON:
            return ladder.pass_on_for
        case ClockName.CEASE:
            return ladder.cease_for
        case ClockName.ANSWER:
            return ladder.answer_for
        case ClockName.CLOSE:
            return ladder.close_for
        case (
            ClockName.RING
            | ClockName.REVIEW
            | ClockName.END
            | ClockName.VOID
            | ClockName.DEADLINE
            | ClockName.PEER
        ):
            raise AssertionError(step)
        case _:
            assert_never(step)


def _ending(call: Call) -> list[Clock]:
    """The clock that has been running since the call was raised."""
    name = ENDS.get(call.kind)
    if name is None or call.ends_at is None:
        return []
    if name is not ClockName.END:
        if name is ClockName.DEADLINE and _is_past(call, call.ends_at):
            return []  # told once; ringing and the answer's clock go on
        return [Clock(name=name, due_at=call.ends_at)]
    review_at = call.ends_at - call.ladder.review_before
    reviewed = call.reviewed_at
    if reviewed is not None and reviewed >= review_at:
        review_at = reviewed + call.ladder.repeat_after
    clocks = [Clock(name=ClockName.END, due_at=call.ends_at)]
    if review_at < call.ends_at:
        clocks.append(Clock(name=ClockName.REVIEW, due_at=review_at))
    return clocks


def _peer(call: Call) -> list[Clock]:
    """A word of the node a STOP or HOLD was sent to, while nobody has it.

    First its receipt; after that, that somebody there saw it or did anything.
    """
    is_waiting = call.is_far and call.kind in URGENT and call.spoke_at is None
    if not is_waiting or call.holders or call.has_ceased_at is not None:
        return []
    due_at = call.raised_at + PEER_SILENT_AFTER
    if call.received_at is not None:
        due_at = call.received_at + PEER_SPEAKS_WITHIN
    if call.told_silent_at is not None:
        due_at = max(due_at, call.told_silent_at + call.ladder.repeat_after)
    return [Clock(name=ClockName.PEER, due_at=due_at)]


def _is_past(call: Call, at: Instant) -> bool:
    return call.told_unanswered_at is not None and call.told_unanswered_at >= at
