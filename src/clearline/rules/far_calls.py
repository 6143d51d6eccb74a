"""Decide what follows from what a peer says of calls between it and us.

The same rules as for our own people, as an act of its party. A STOP or HOLD needs no
desk it names rightly, neither its own nor ours.
"""

from collections.abc import Callable
from typing import Any, Final, cast

from msgspec.structs import replace

from clearline.model.calls import LONGEST_STANDBY, Answer, CallId, Kind, Telling
from clearline.model.commands import (
    Acknowledge,
    Close,
    GiveAnswer,
    RaiseCall,
    RenewHold,
    ReportCeased,
    SayBack,
    WithdrawAcknowledgement,
)
from clearline.model.entries import Act, PassedOn, Shown
from clearline.model.errors import BadInput
from clearline.model.instants import Duration, Instant, write_instant
from clearline.model.links import (
    URGENT,
    Answers,
    CallSaid,
    Closes,
    Has,
    HasByPhone,
    HasNoMore,
    PassesOn,
    Renews,
    ReportsCeased,
    SaysBack,
    ShownThere,
    at_party,
)
from clearline.model.parties import Actor, Desk, DeskId
from clearline.rules import answering, raising
from clearline.rules.hearing import Hearing
from clearline.rules.refusals import (
    ReleaseRefused,
    UnknownDesk,
    WrongOrder,
    over,
    refuse,
)
from clearline.rules.release import is_confirmed_in_time, lift_late
from clearline.rules.turn import Turn

AHEAD_AT_MOST: Final = Duration(seconds=60)
"""How far ahead of our clock a peer's RELEASE may say it was proposed."""


def _call(at: Hearing, says: CallSaid) -> tuple[Act, ...]:
    """Raise a peer's call at our desk, by our own ladder.

    The desk is ours or the call goes to no other: a STOP that names none of ours
    rings the one at the top of our tree.
    """
    is_urgent = says.kind in URGENT
    by = _caller(at, says)
    desk = _desk_of_ours(at, says.to_desk, is_urgent=is_urgent)
    if says.kind is Kind.RELEASE and says.said_at > at.now + AHEAD_AT_MOST:
        raise refuse(
            ReleaseRefused,
            f"The RELEASE says it was proposed at {write_instant(says.said_at)}, "
            "which lies ahead.",
            "Set the clocks right, then propose it anew. The STOP stands.",
        )
    party = at.peer.party
    asked = RaiseCall(
        call=CallId(at_party(says.call, party)),
        kind=says.kind,
        by=by,
        to_desk=desk.id,
        card=says.card,
        precedence=says.precedence,
        said_at=says.said_at,
        of=CallId(at_party(says.of, party)) if says.of else None,
        ends_in=says.ends_in if says.kind is not Kind.RELEASE else None,
    )
    raised = raising.raise_call(at.picture, asked, at.now)
    return (*at.entered, *raised)


def _caller(at: Hearing, says: CallSaid) -> Actor:
    """Say who calls; a STOP from a desk we were not told of is no reason to wait."""
    try:
        return at.actor(says.by)
    except BadInput:
        if says.kind not in URGENT:
            raise
        desk = DeskId(at_party(says.by.desk, at.peer.party))
        return Actor(party=at.peer.party, desk=desk, strength=says.by.strength)


def _desk_of_ours(at: Hearing, name: DeskId, *, is_urgent: bool) -> Desk:
    ours = at.peer.ours
    desk = at.picture.desks.get(name)
    if desk is not None and desk.party == ours and desk.under is None:
        return desk
    tops = (d for d in at.picture.desks.values() if d.party == ours and not d.under)
    top = next(tops, None)
    if is_urgent and top is not None:
        return top
    raise refuse(
        UnknownDesk,
        f"There is no desk {name!r} here that may be called over the link.",
        "Name a desk this node has told of. Use voice if it is urgent.",
    )


def _shown(at: Hearing, says: ShownThere) -> tuple[Act, ...]:
    call = at.picture.calls.get(at.call(says.call))
    if call is None:
        return ()
    turn = Turn(call, at.now)
    turn.do(Shown(call=call.id, device="", desk=call.to_desk))
    return tuple(turn.acts)


def _has(at: Hearing, says: Has) -> tuple[Act, ...]:
    asked = Acknowledge(call=at.call(says.call), by=at.actor(says.by))
    return (*at.entered, *answering.acknowledge(at.picture, asked, at.now))


def _has_by_phone(at: Hearing, says: HasByPhone) -> tuple[Act, ...]:
    """Tell the desk that one of its own has it; it rings on, for nobody proved it here.

    Whoever called could say so of anybody, and would only harm their own call.
    """
    call = at.picture.calls.get(at.call(says.call))
    if call is None or not call.is_open or call.to_party != at.peer.ours:
        return ()
    turn = Turn(call, at.now)
    turn.tell(
        Telling.HELD_BY_PHONE,
        f"{says.pseudonym} has it, by telephone ({says.strength}), as "
        f"{at.peer.name} says. It rings on here until one of you has it.",
        call.to_desk,
    )
    return tuple(turn.acts)


def _has_no_more(at: Hearing, says: HasNoMore) -> tuple[Act, ...]:
    asked = WithdrawAcknowledgement(call=at.call(says.call), by=at.actor(says.by))
    return (*at.entered, *answering.withdraw(at.picture, asked, at.now))


def _answers(at: Hearing, says: Answers) -> tuple[Act, ...]:
    asked = GiveAnswer(
        call=at.call(says.call),
        by=at.actor(says.by),
        answer=says.answer,
        reason=says.reason,
        detail=says.detail,
        until=_still_promised(says.until, at.now),
    )
    call = at.picture.calls.get(asked.call)
    is_yes = says.answer is Answer.AFFIRM
    if call is not None and is_yes and is_confirmed_in_time(call, at.said_at):
        return (*at.entered, *lift_late(at.picture, call, asked, at.now))
    return (*at.entered, *answering.answer(at.picture, asked, at.now))


def _still_promised(until: Instant | None, now: Instant) -> Instant | None:
    """Return what a STANDBY that was under way for a while still promises."""
    if until is None or until <= now:
        return None
    return min(until, now + LONGEST_STANDBY)


def _says_back(at: Hearing, says: SaysBack) -> tuple[Act, ...]:
    """Compare what was read back there with what we sent.

    A call has a number at each node; theirs, rightly said, names ours.
    """
    call = at.call(says.call)
    known = at.picture.calls.get(call)
    if known is None:
        return ()
    said = tuple(
        replace(one, text=str(known.number), number=float(known.number))
        if one.name == "number" and one.text.strip() == str(says.number)
        else one
        for one in says.said
    )
    asked = SayBack(call=call, by=at.actor(says.by), said=said)
    return (*at.entered, *answering.say_back(at.picture, asked, at.now))


def _passes_on(at: Hearing, says: PassesOn) -> tuple[Act, ...]:
    """Keep that a call was passed on there; to whom is not ours to know."""
    call = at.picture.calls.get(at.call(says.call))
    by = at.actor(says.by)
    if call is None or by.person is None or call.kind not in URGENT:
        raise refuse(
            WrongOrder,
            "Nobody passes on what is no STOP or HOLD.",
            "Only a person passes on a STOP or HOLD.",
        )
    if not call.is_open:
        raise over(call)
    answering.require_called_side(at.picture, call, by)
    turn = Turn(call, at.now)
    answering.have(turn, by)
    below = CallId(f"{call.id}/{len(call.passed) + 1}@{at.peer.party}")
    turn.do(PassedOn(call=call.id, by=by, to_desk=call.to_desk, child=below))
    return (*at.entered, *turn.acts)


def _ceased(at: Hearing, says: ReportsCeased) -> tuple[Act, ...]:
    asked = ReportCeased(
        call=at.call(says.call),
        by=at.actor(says.by),
        ceased_at=min(says.ceased_at, at.now),  # their clock may be ahead of ours
        detail=says.detail,
    )
    return (*at.entered, *answering.report_ceased(at.picture, asked, at.now))


def _closes(at: Hearing, says: Closes) -> tuple[Act, ...]:
    asked = Close(call=at.call(says.call), by=at.actor(says.by), why=says.why)
    return (*at.entered, *answering.close(at.picture, asked, at.now))


def _renews(at: Hearing, says: Renews) -> tuple[Act, ...]:
    asked = RenewHold(
        call=at.call(says.call), by=at.actor(says.by), ends_in=says.ends_in
    )
    return (*at.entered, *answering.renew_hold(at.picture, asked, at.now))


OF_CALLS: Final = cast(
    "dict[type, Callable[[Hearing, Any], tuple[Act, ...]]]",
    {
        CallSaid: _call,
        ShownThere: _shown,
        Has: _has,
        HasByPhone: _has_by_phone,
        HasNoMore: _has_no_more,
        Answers: _answers,
        SaysBack: _says_back,
        PassesOn: _passes_on,
        ReportsCeased: _ceased,
        Closes: _closes,
        Renews: _renews,
    },
)
