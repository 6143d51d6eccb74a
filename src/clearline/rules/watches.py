"""Decide what follows when somebody takes the watch or leaves it.

A shift change is an act of two people: the one who leaves writes down what the next
has to know, and both sign. Who takes the watch later says that they have read it. Open
calls are taken one by one; a call that only the leaver had acknowledged, and that
nobody took, rings again at once.
"""

from typing import Final

from clearline.model.calls import ACKNOWLEDGING, CallId
from clearline.model.commands import LeaveWatch, TakeWatch
from clearline.model.entries import Acknowledged, Act, WatchLeft, WatchTaken
from clearline.model.instants import Duration, Instant, write_instant
from clearline.model.parties import Actor, Person, Role, Watch
from clearline.picture.picture import Picture
from clearline.rules.answering import let_go
from clearline.rules.refusals import (
    NotProven,
    UnknownCall,
    UnknownPerson,
    WrongOrder,
    refuse,
)
from clearline.rules.turn import Turn

HOUR: Final = Duration(hours=1)
LONGEST_WATCH: Final = 24 * HOUR
"""How far ahead the end of a watch may lie."""


def take_watch(picture: Picture, asked: TakeWatch, now: Instant) -> tuple[Act, ...]:
    """Let a member of a desk have its watch in a role, `[now, until)`.

    Raises:
        UnknownPerson: The person does not belong to the desk.
        NotProven: Nobody is known to have said this.
        WrongOrder: The end does not lie ahead, or farther than `LONGEST_WATCH`, or
            the person lacks the role.
    """
    person = _member(picture, asked.by)
    _require_role(person, asked.role)
    watch = _watch(asked.by, asked, now)
    handed = picture.handovers.get(person.desk)
    is_of_it = handed is not None and handed.at == asked.has_read
    return (WatchTaken(watch=watch, has_read=asked.has_read if is_of_it else None),)


def leave_watch(picture: Picture, asked: LeaveWatch, now: Instant) -> tuple[Act, ...]:
    """Let somebody leave the watch, with or without somebody who takes over.

    Raises:
        UnknownPerson, NotProven: One of the two does not belong to the desk or is
            not known surely enough.
        UnknownCall: A call named as taken is not one the leaver holds.
        WrongOrder: The leaver does not have the watch, hands it to themselves, or
            to somebody who lacks a role it is kept in.
    """
    leaver = _member(picture, asked.by)
    held = [
        watch
        for watch in picture.watches.get(leaver.desk) or ()
        if watch.person == leaver.id and watch.until > now
    ]
    if not held:
        raise refuse(
            WrongOrder,
            f"{leaver.id} does not have the watch at {leaver.desk}.",
            "Nothing needs to be handed over.",
        )
    taken = _taken_over(picture, asked, leaver, held, now)
    left = WatchLeft(
        desk=leaver.desk,
        person=leaver.id,
        by=asked.by,
        to=asked.to.person if asked.to else None,
        taken=asked.taken,
        notes=asked.notes,
    )
    staying = tuple(
        watch
        for watch in picture.watches.get(leaver.desk) or ()
        if watch.person != leaver.id
    )
    handed = _hand_over(picture, asked, leaver, (*staying, *taken), now)
    return (*(WatchTaken(watch=watch) for watch in taken), left, *handed)


def _taken_over(
    picture: Picture,
    asked: LeaveWatch,
    leaver: Person,
    held: list[Watch],
    now: Instant,
) -> tuple[Watch, ...]:
    """List the watches the incoming person takes, each until its own end."""
    if asked.to is None:
        return ()
    incoming = _member(picture, asked.to, at=leaver)
    if incoming.id == leaver.id:
        raise refuse(
            WrongOrder,
            f"{leaver.id} cannot hand the watch over to themselves.",
            "Name who takes over, or leave with nobody; a new watch is taken as one.",
        )
    for watch in held:
        _require_role(incoming, watch.role)
    return tuple(
        Watch(
            desk=watch.desk,
            person=incoming.id,
            role=watch.role,
            since=now,
            until=watch.until,
        )
        for watch in held
    )


def _hand_over(
    picture: Picture,
    asked: LeaveWatch,
    leaver: Person,
    watches: tuple[Watch, ...],
    now: Instant,
) -> tuple[Act, ...]:
    """Move the calls taken to the incoming person; let the others ring again.

    They ring whoever has the watch once the leaver is gone, the incoming one
    included, and every member where nobody has.
    """
    theirs = [call for call in picture.open_calls() if call.holds(leaver.id)]
    _require_theirs(asked, {call.id for call in theirs})
    picture = picture.as_watched(leaver.desk, watches)
    acts: list[Act] = []
    for call in theirs:
        turn = Turn(call, now)
        if asked.to is not None and call.id in asked.taken:
            turn.do(Acknowledged(call=call.id, by=asked.to))
        let_go(picture, turn, asked.by, "left the watch")
        acts += turn.acts
    return tuple(acts)


def _require_theirs(asked: LeaveWatch, theirs: set[CallId]) -> None:
    strange = [call for call in asked.taken if call not in theirs]
    if strange or (asked.taken and asked.to is None):
        raise refuse(
            UnknownCall,
            f"These calls cannot be taken over: {', '.join(asked.taken)}.",
            "Name an incoming person and only open calls the leaver holds.",
        )


def _member(picture: Picture, by: Actor, at: Person | None = None) -> Person:
    person = picture.persons.get(by.person) if by.person else None
    if person is None or person.desk != by.desk or (at and at.desk != person.desk):
        raise refuse(
            UnknownPerson,
            f"No person {by.person!r} belongs to the desk {by.desk!r}.",
            "Only members of a desk take its watch or leave it.",
        )
    if by.strength not in ACKNOWLEDGING:
        raise refuse(
            NotProven,
            f"Nobody is known to have said this: it came as {by.strength}.",
            "Sign in, or use a PIN.",
        )
    return person


def _require_role(person: Person, role: Role) -> None:
    if role not in person.roles:
        raise refuse(
            WrongOrder,
            f"{person.id} is not entered as {role}.",
            "Enter the role with the person first, or take the watch in another.",
        )


def _watch(by: Actor, asked: TakeWatch, now: Instant) -> Watch:
    if asked.until <= now or by.person is None:
        raise refuse(
            WrongOrder,
            f"The watch would end at {write_instant(asked.until)}, which is past.",
            "Give an end that lies ahead.",
        )
    if asked.until - now > LONGEST_WATCH:
        raise refuse(
            WrongOrder,
            f"The watch would end at {write_instant(asked.until)}, more than "
            f"{LONGEST_WATCH // HOUR} hours ahead: nobody keeps one so long, and a "
            "forgotten one rings whoever has gone home.",
            f"Give an end within {LONGEST_WATCH // HOUR} hours; take it anew then.",
        )
    return Watch(
        desk=by.desk,
        person=by.person,
        role=asked.role,
        since=now,
        until=asked.until,
    )
