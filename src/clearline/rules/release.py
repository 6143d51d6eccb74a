"""Decide whether a RELEASE lifts what it proposes to lift.

One person of each side: the proposer's of the party that raised the STOP or HOLD,
the confirming one of the other side. Where the proposing desk is kept by one
person alone, its second is the called desk's or a neutral's person, who must have
called back. Unconfirmed it lifts nothing.
"""

from clearline.model.calls import Answer, Call, Ending, Telling
from clearline.model.commands import GiveAnswer
from clearline.model.entries import Act, AnswerGiven
from clearline.model.instants import Instant
from clearline.model.parties import Actor, Standing, Strength
from clearline.picture.picture import Picture
from clearline.rules.raising import RELEASING
from clearline.rules.refusals import NotProven, NotYourCall, UnknownPerson, refuse
from clearline.rules.turn import Turn


def answer_release(picture: Picture, turn: Turn, asked: GiveAnswer) -> tuple[Act, ...]:
    """Confirm a RELEASE or refuse it; UNABLE and STANDBY leave it open.

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
    turn.end(Ending.CLOSED)
    return (*turn.acts, *_lift(picture, turn.call, turn.now))


def _lift(picture: Picture, release: Call, now: Instant) -> tuple[Act, ...]:
    """End the lifted call and every call it was handed down as."""
    acts: list[Act] = []
    lifted = picture.calls.get(release.of) if release.of else None
    waiting = [lifted] if lifted is not None else []
    while waiting:
        call = waiting.pop()
        turn = Turn(call, now)
        turn.end(Ending.RELEASED, by_call=release.id)
        turn.tell_both(Telling.RELEASED, f"Call {call.number} is released.")
        acts += turn.acts
        below = (picture.calls.get(passed.child) for passed in call.passed)
        waiting += [child for child in below if child is not None]
    return tuple(acts)


def _require_second(picture: Picture, release: Call, by: Actor) -> None:
    person = picture.persons.get(by.person) if by.person else None
    if person is None or person.desk != by.desk:
        raise refuse(
            UnknownPerson,
            f"No person {by.person!r} belongs to the desk {by.desk!r}.",
            "Sign in as a member of the desk that was called.",
        )
    if by.strength not in RELEASING:
        raise refuse(
            NotProven,
            f"A RELEASE is not confirmed by {by.strength}.",
            "Sign in, or call the other desk back.",
        )
    proposer = release.raised_by
    party = picture.parties.get(by.party)
    desk = picture.desks.get(proposer.desk)
    is_alone = desk is not None and desk.is_single_handed
    is_other_side = by.party == release.to_party and by.party != proposer.party
    is_neutral = party is not None and party.standing is Standing.NEUTRAL
    if not is_other_side and not (is_alone and is_neutral):
        raise refuse(
            NotYourCall,
            f"{by.party} is not the other side of RELEASE {release.number}.",
            f"It waits for one person of {release.to_party}.",
        )
    if is_alone and by.strength is not Strength.CALL_BACK:
        raise refuse(
            NotProven,
            f"{proposer.desk} is kept by one person alone.",
            "Call that desk back on its known number, then confirm.",
        )
