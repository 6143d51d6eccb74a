"""Say how each act changes a call.

Nothing is decided here and no clock is read: an act carries its verdicts and the
clocks that wait after it, so that a newer release never changes what stood.
"""

from collections.abc import Callable
from typing import Any, Final, cast

from msgspec.structs import replace

from clearline.model.calls import (
    Acknowledgement,
    Answer,
    Answered,
    Attempt,
    Call,
    Ending,
    Outcome,
    Passed,
    SaidBack,
    Telling,
    Why,
)
from clearline.model.entries import (
    Acknowledged,
    AcknowledgementWithdrawn,
    AnswerGiven,
    AttemptReported,
    CallAct,
    CallEnded,
    CallRaised,
    Ceased,
    ClosedBy,
    DeskTold,
    HeardFrom,
    HoldRenewed,
    PassedOn,
    Rang,
    ReadBack,
    Received,
    Shown,
)
from clearline.model.instants import Instant
from clearline.model.links import URGENT
from clearline.model.parties import PersonId

OVERDUE: Final = frozenset(
    {Why.NOT_READ_BACK, Why.NOT_PASSED_ON, Why.NOT_CEASED, Why.NOT_ANSWERED}
)
"""Rings that say a step was due; its clock starts anew with them."""


ASIDE: Final = frozenset({Why.PEER_SILENT, Why.NOT_TAKEN})
"""Rings of the caller's own people, beside the ladder and without moving it."""


def begin(at: Instant, act: CallRaised) -> Call:
    """Make the call that `act` raised at `at`."""
    return Call(
        id=act.call,
        number=act.number,
        kind=act.kind,
        precedence=act.precedence,
        raised_by=act.by,
        to_party=act.to_party,
        to_desk=act.to_desk,
        card=act.card,
        ladder=act.ladder,
        raised_at=at,
        said_at=act.said_at,
        of=act.of,
        passed_from=act.passed_from,
        has_below=act.has_below,
        repeats=act.repeats,
        ends_at=act.ends_at,
        is_far=act.is_far,
        kept_from=act.kept_from,
        clocks=act.clocks,
        changed_at=at,
    )


def change(call: Call, at: Instant, act: CallAct) -> Call:
    """Bring `call` to where `act`, decided at `at`, leaves it."""
    facts = _CHANGES[type(act)](call, at, act)
    if call.is_far and _is_word_of_theirs(call, act):
        facts["spoke_at"] = at
    return replace(call, clocks=act.clocks, changed_at=at, **facts)


def _is_word_of_theirs(call: Call, act: CallAct) -> bool:
    """Say whether the other side says that somebody there saw or did something."""
    if isinstance(act, Shown):
        return act.desk == call.to_desk
    by = getattr(act, "by", None)
    return by is not None and by.party == call.to_party


def _rang(call: Call, at: Instant, act: Rang) -> dict[str, Any]:
    rung_again = {(made.person, made.medium) for made in act.attempts}
    facts: dict[str, Any] = {
        "rings": call.rings + 1,
        "ringing": act.attempts
        + tuple(
            made
            for made in call.ringing
            if (made.person, made.medium) not in rung_again
        ),
    }
    if act.why is Why.REVIEW:
        return facts | {"reviewed_at": at}  # one ring aside; the ladder stays put
    if act.why in ASIDE:
        return facts
    facts |= {
        "rung": act.rung,
        "round": act.round,
        "rang_at": at,
        "is_ringing": True,
        "standby_until": None,  # due, or overtaken by what it rings for
    }
    if act.why in OVERDUE:
        facts["step_at"] = at
    return facts


def _reported(call: Call, at: Instant, act: AttemptReported) -> dict[str, Any]:
    """A ring that failed reached nobody; nobody is spared another one for it."""
    is_failed = act.outcome is Outcome.FAILED
    return _heard_from(call, at, act) if is_failed else {}


def _heard_from(
    call: Call, at: Instant, act: HeardFrom | AttemptReported
) -> dict[str, Any]:
    del at
    return {"ringing": tuple(made for made in call.ringing if made.id != act.attempt)}


def _acknowledged(call: Call, at: Instant, act: Acknowledged) -> dict[str, Any]:
    held = Acknowledgement(by=act.by, at=at)
    return {
        "acknowledgements": (*call.acknowledgements, held),
        "holders": (*_without(call, act.by.person), held),
        "is_ringing": False,
        "ringing": (),
        "step_at": at if not call.holders or call.is_ringing else call.step_at,
    }


def _withdrawn(
    call: Call, at: Instant, act: AcknowledgementWithdrawn
) -> dict[str, Any]:
    del at
    return {"holders": _without(call, act.by.person)}


def _answered(call: Call, at: Instant, act: AnswerGiven) -> dict[str, Any]:
    given = Answered(
        by=act.by,
        at=at,
        answer=act.answer,
        reason=act.reason,
        whom=act.whom,
        detail=act.detail,
        until=act.until,
    )
    facts: dict[str, Any] = {"answers": (*call.answers, given)}
    if act.until is not None and call.kind not in URGENT:
        facts |= {"standby_until": act.until, "ringing": ()}
    if act.answer is Answer.UNABLE:
        facts["holders"] = _without(call, act.by.person)
    elif act.answer in (Answer.AFFIRM, Answer.NEGATIVE):
        facts |= {"step_at": at, "is_ringing": False, "ringing": ()}
    return facts


def _read_back(call: Call, at: Instant, act: ReadBack) -> dict[str, Any]:
    back = SaidBack(by=act.by, at=at, said=act.said, result=act.result)
    facts: dict[str, Any] = {"said_back": (*call.said_back, back)}
    if act.result.is_match and call.has_read_back_at is None:
        facts |= _step_done(at) | {"has_read_back_at": at}
    return facts


def _passed_on(call: Call, at: Instant, act: PassedOn) -> dict[str, Any]:
    passed = Passed(by=act.by, at=at, to_desk=act.to_desk, child=act.child)
    facts: dict[str, Any] = {"passed": (*call.passed, passed)}
    if call.has_passed_on_at is None:
        facts |= _step_done(at) | {"has_passed_on_at": at}
    return facts


def _ceased(call: Call, at: Instant, act: Ceased) -> dict[str, Any]:
    del call, act
    return _step_done(at) | {"has_ceased_at": at}


def _closed_by(call: Call, at: Instant, act: ClosedBy) -> dict[str, Any]:
    del at
    return {"closed_by": (*call.closed_by, act.party)}


def _renewed(call: Call, at: Instant, act: HoldRenewed) -> dict[str, Any]:
    del call, at
    return {"ends_at": act.ends_at}


def _told(call: Call, at: Instant, act: DeskTold) -> dict[str, Any]:
    del call
    if act.telling is Telling.NOT_ANSWERED:
        return {"told_unanswered_at": at}
    if act.telling is Telling.NOT_CLOSED:
        return {"step_at": at}
    if act.telling is Telling.PEER_SILENT:
        return {"told_silent_at": at}
    return {}


def _received(call: Call, at: Instant, act: Received) -> dict[str, Any]:
    del act
    return {} if call.received_at else {"received_at": at}


def _noted(call: Call, at: Instant, act: CallAct) -> dict[str, Any]:
    del call, at, act
    return {}


def _ended(call: Call, at: Instant, act: CallEnded) -> dict[str, Any]:
    del call
    facts: dict[str, Any] = {
        "ending": act.ending,
        "ended_by": act.by_call,
        "is_ringing": False,
        "ringing": (),
    }
    if act.ending is Ending.RELEASED:
        facts["released_at"] = at
    return facts


def _step_done(at: Instant) -> dict[str, Any]:
    return {"step_at": at, "is_ringing": False, "ringing": ()}


def _without(call: Call, person: PersonId | None) -> tuple[Acknowledgement, ...]:
    return tuple(held for held in call.holders if held.by.person != person)


def is_live(call: Call, attempt: Attempt) -> bool:
    """Say whether `attempt` still rings for `call`."""
    return call.is_open and call.is_ringing and attempt in call.ringing


_CHANGES: Final = cast(
    "dict[type, Callable[[Call, Instant, Any], dict[str, Any]]]",
    {
        Rang: _rang,
        AttemptReported: _reported,
        HeardFrom: _heard_from,
        Received: _received,
        Shown: _noted,
        Acknowledged: _acknowledged,
        AcknowledgementWithdrawn: _withdrawn,
        AnswerGiven: _answered,
        ReadBack: _read_back,
        PassedOn: _passed_on,
        Ceased: _ceased,
        ClosedBy: _closed_by,
        HoldRenewed: _renewed,
        DeskTold: _told,
        CallEnded: _ended,
    },
)
