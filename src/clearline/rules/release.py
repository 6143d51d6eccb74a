"""Decide whether a RELEASE lifts what it proposes to lift.

One person of each side: the proposer's of the party that raised the STOP or HOLD,
the confirming one of the other side. A call within one party has no other side: then
the desk that raised it proposes, and another person of the party confirms. Where the
proposing desk is kept by one
person alone, its second is the called desk's or a neutral's person, who must have
called back. Unconfirmed it lifts nothing.
"""

from collections.abc import Iterator

from clearline.model.calls import Answer, Call, Ending, Kind, Telling
from clearline.model.commands import GiveAnswer
from clearline.model.entries import Act, AnswerGiven
from clearline.model.instants import Instant
from clearline.model.parties import Actor, Standing, Strength
from clearline.picture.picture import Picture
from clearline.rules.raising import RELEASING
from clearline.rules.refusals import (
    NotProven,
    NotYourCall,
    UnknownPerson,
    over,
    refuse,
)
from clearline.rules.turn import Turn


def answer_release(picture: Picture, turn: Turn, asked: GiveAnswer) -> tuple[Act, ...]:
    """Confirm a RELEASE or refuse it; STANDBY leaves it open.

    Where what it would lift has ended meanwhile, it lifts nothing and says so.

    Raises:
        NotYourCall, UnknownPerson, NotProven: This person cannot confirm it.
    """
    _require_second(picture, turn.call, asked.by)
    turn.do(
        AnswerGiven(
            call=asked.call,
            by=asked.by,
            answer=asked.answer,
            detail=asked.detail,
            evidence=asked.evidence,
        )
    )
    if asked.answer is Answer.NEGATIVE:
        turn.tell_both(
            Telling.REFUSED, "The release was refused. The call it would lift stands."
        )
        turn.end(Ending.REFUSED)
        return tuple(turn.acts)
    lifted = picture.calls.get(turn.call.of) if turn.call.of else None
    if lifted is None or not lifted.is_in_force:
        turn.tell_both(Telling.VOID, _nothing_to_lift(lifted))
        turn.end(Ending.VOID)
        return tuple(turn.acts)
    turn.end(Ending.CLOSED)
    return (*turn.acts, *_lift(picture, lifted, turn))


def is_confirmed_in_time(release: Call, said_at: Instant) -> bool:
    """Say whether a word said at `said_at` still confirms a RELEASE that is void here.

    Only one that went out to another party's node: whether it was confirmed in time
    is decided where it was confirmed, and that word may be late on its way.
    """
    is_void = release.kind is Kind.RELEASE and release.ending is Ending.VOID
    is_timely = release.ends_at is not None and said_at <= release.ends_at
    return is_void and release.is_far and is_timely


def lift_late(
    picture: Picture, release: Call, asked: GiveAnswer, now: Instant
) -> tuple[Act, ...]:
    """Lift what the other side confirmed in time and we heard of too late.

    Their people no longer stop: saying here that the call stands would be false.

    Raises:
        NotYourCall, UnknownPerson, NotProven: This person cannot confirm it.
        CallIsOver: What it would lift is over.
    """
    _require_second(picture, release, asked.by)
    lifted = picture.calls.get(release.of) if release.of else None
    if lifted is None or not lifted.is_in_force:
        raise over(lifted or release)
    return _lift(picture, lifted, Turn(release, now))


def below(picture: Picture, call: Call) -> Iterator[Call]:
    """Find the calls that `call` was handed down as, one step down."""
    children = (picture.calls.get(passed.child) for passed in call.passed)
    return (child for child in children if child is not None)


def _nothing_to_lift(lifted: Call | None) -> str:
    if lifted is None:
        return "Nothing is released: the call to lift is unknown here."
    beside = (
        f" Call {lifted.ended_by} took it over and stands."
        if lifted.ending is Ending.RAISED_TO_STOP
        else ""
    )
    return f"Nothing is released: call {lifted.number} is {lifted.ending}.{beside}"


def _lift(picture: Picture, lifted: Call, release: Turn) -> tuple[Act, ...]:
    """End the lifted call and every call it was handed down as.

    What a STOP took over is lifted with it, as far down as it had been handed.
    """
    acts: list[Act] = []
    waiting = [lifted]
    while waiting:
        call = waiting.pop()
        waiting += below(picture, call)
        held = picture.calls.get(call.of) if call.of else None
        if held is not None and held.ended_by == call.id:
            waiting.append(held)
        if not call.is_in_force:
            continue
        turn = Turn(call, release.now)
        turn.end(Ending.RELEASED, by_call=release.call.id)
        turn.tell_both(Telling.RELEASED, f"Call {call.number} is released.")
        acts += turn.acts
    return tuple(acts)


def _require_second(picture: Picture, release: Call, by: Actor) -> None:
    person = picture.persons.get(by.person) if by.person else None
    at = picture.desks.get(person.desk) if person else None
    if at is None or at.id != by.desk or at.party != by.party:
        raise refuse(
            UnknownPerson,
            f"No person {by.person!r} of {by.party} belongs to the desk {by.desk!r}.",
            "Sign in as a member of the desk that was called.",
        )
    if by.strength not in RELEASING:
        raise refuse(
            NotProven,
            f"A RELEASE is not confirmed by {by.strength}.",
            "Sign in with a passkey or password, or call the other desk back.",
        )
    proposer = release.raised_by
    party = picture.parties.get(by.party)
    desk = picture.desks.get(proposer.desk)
    is_alone = desk is not None and desk.is_single_handed
    is_inner = release.to_party == proposer.party
    is_another = (
        by.person != proposer.person if is_inner else by.party != proposer.party
    )
    is_neutral = party is not None and party.standing is Standing.NEUTRAL
    is_second = by.party == release.to_party or (is_alone and is_neutral)
    if not (is_another and is_second):
        raise refuse(
            NotYourCall,
            f"{by.person} of {by.party} is not the other side of RELEASE "
            f"{release.number}.",
            f"It waits for one{' other' if is_inner else ''} person of "
            f"{release.to_party}.",
        )
    if is_alone and by.strength is not Strength.CALL_BACK:
        raise refuse(
            NotProven,
            f"{proposer.desk} is kept by one person alone.",
            "Call that desk back on its known number, then confirm.",
        )
