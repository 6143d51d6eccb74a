"""Say who rings next, and when.

    RINGING --acknowledged--> HELD --read back, passed on, ceased--> SETTLED
       | due                    | a step is due, or the readback differs,
       |                        | or nobody holds it any more
       '----> next rung <-------'      past the last rung --> all of them again,
                                                              caller told

All rungs reached so far ring in parallel: a new rung adds people, it never lets
anybody off. Who is rung is found at each ring, among those who have the watch
then; the rungs, their delays and media are frozen in the call. Nothing here reads
a clock. Whatever is due either rings somebody or tells the caller, and often both.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from clearline.model.calls import (
    Attempt,
    AttemptId,
    Call,
    ClockName,
    Ending,
    Kind,
    Rung,
    Telling,
    Why,
)
from clearline.model.entries import Act, HoldRenewed, Rang
from clearline.model.instants import Duration, Instant, Window, write_instant
from clearline.model.parties import DeskId, Medium, Person, PersonId
from clearline.picture.picture import Picture, ring_key
from clearline.rules.clocks import HOLD_FOR
from clearline.rules.planned import planned
from clearline.rules.turn import Turn

_OVERDUE: Final[dict[ClockName, tuple[Why, Telling, str]]] = {
    ClockName.READ_BACK: (
        Why.NOT_READ_BACK,
        Telling.NOT_READ_BACK,
        "It was acknowledged and not read back. Everybody is rung again.",
    ),
    ClockName.PASS_ON: (
        Why.NOT_PASSED_ON,
        Telling.NOT_PASSED_ON,
        "It was read back and not passed on. Everybody is rung again.",
    ),
    ClockName.CEASE: (
        Why.NOT_CEASED,
        Telling.NOT_CEASED,
        "It was passed on and no effect is reported. Everybody is rung again.",
    ),
    ClockName.ANSWER: (
        Why.NOT_ANSWERED,
        Telling.NOT_ANSWERED,
        "It was acknowledged and not answered. Everybody is rung again.",
    ),
}
"""What happens when a step somebody undertook is overdue."""


_MOMENT: Final = Duration(microseconds=1)


class _Found(NamedTuple):
    """Hold whom a ring reaches, and which desks had nobody on watch."""

    attempts: tuple[Attempt, ...]
    unwatched: tuple[DeskId, ...]


def advance(picture: Picture, call: Call, now: Instant) -> tuple[Act, ...]:
    """Bring a call to where it must stand at `now`.

    Doing it twice with the same `now` changes nothing the second time. After a
    long silence each clock rings once, not once for every time it was missed.

    Args:
        picture: Who is on the line and who has the watch.
        call: The call as it stands.
        now: Node time, UTC; one before the call's last change counts as that.

    Returns:
        The acts to write, in order; none if nothing is due.
    """
    turn = Turn(call, now)
    while (due := _earliest_due(turn)) is not None:
        _expire(picture, turn, due)
    return tuple(turn.acts)


def _earliest_due(turn: Turn) -> ClockName | None:
    for clock in turn.call.clocks:
        if clock.due_at <= turn.now:
            return clock.name
    return None


def _expire(picture: Picture, turn: Turn, due: ClockName) -> None:
    match due:
        case ClockName.RING:
            ring_on(picture, turn)
        case (
            ClockName.READ_BACK | ClockName.PASS_ON | ClockName.CEASE | ClockName.ANSWER
        ):
            why, telling, text = _OVERDUE[due]
            ring_anew(picture, turn, why)
            turn.tell(telling, text)
        case ClockName.CLOSE:
            turn.tell(
                Telling.NOT_CLOSED,
                "It has ceased and both sides have not yet said it is over.",
            )
        case ClockName.REVIEW:
            _review(picture, turn)
        case ClockName.END:
            _end_of_hold(picture, turn)
        case ClockName.VOID:
            turn.tell_both(
                Telling.VOID,
                "The release was not confirmed in time and is void. "
                "The call it would have lifted stands.",
            )
            turn.end(Ending.VOID)
        case ClockName.DEADLINE:
            _deadline(turn)
        case ClockName.PEER:
            ring_own(picture, turn, Why.PEER_SILENT)
            turn.tell(Telling.PEER_SILENT, _silence(turn.call))


def _silence(call: Call) -> str:
    if call.received_at is None:
        return (
            "Their node has not said that it received this. It is sent again and "
            "again; your own people are rung. Use voice now."
        )
    return (
        f"Their node has held this since {write_instant(call.received_at)} and has "
        "said nothing since: nobody there is known to have seen it. Your own people "
        "are rung. Use voice now."
    )


def ring_on(picture: Picture, turn: Turn, why: Why | None = None) -> None:
    """Ring the next rung, or everybody again where every rung has been rung."""
    call, last = turn.call, len(turn.call.ladder.rungs)
    if call.rung < last:
        reached = call.rung + 1
        _ring(
            picture, turn, why or Why.NEXT_RUNG, reached, call.round, newest=call.rung
        )
        return
    _ring(picture, turn, why or Why.REPEATED, last, call.round + 1, newest=last)
    if not call.holders:
        turn.tell(
            Telling.NOBODY_HAS_THIS,
            "Everybody on the ladder has been rung and nobody has this. "
            "Ringing goes on; use voice as well.",
        )


def ring_anew(picture: Picture, turn: Turn, why: Why) -> None:
    """Ring everybody reached so far at once, however lately they were rung.

    Whoever has the call is rung too, from wherever they took it: what is overdue is
    theirs. The ladder goes on from where it stood.
    """
    _ring(picture, turn, why, max(1, turn.call.rung), turn.call.round, newest=0)


def ring_desk(picture: Picture, turn: Turn, desk: DeskId, why: Why) -> bool:
    """Ring one more desk now, beside the ladder and without moving it.

    Returns:
        Whether there was anybody to ring; if not, nothing was done.
    """
    rung = Rung(desk=desk, after=Duration(0))
    people, _ = _people(picture, rung, turn.now)
    if not any(person.media for person in people):
        return False
    found = _attempts(picture, turn, (rung,), 0)
    _write(turn, why, turn.call.rung, turn.call.round, found)
    return True


def ring_own(picture: Picture, turn: Turn, why: Why) -> None:
    """Ring the caller's own people: the line to the other side is in doubt."""
    ring_desk(picture, turn, turn.call.raised_by.desk, why)


def _ring(  # noqa: PLR0913 (where the ladder stands after it, by name)
    picture: Picture, turn: Turn, why: Why, reached: int, round_: int, *, newest: int
) -> None:
    """Ring the first `reached` rungs; go on while nobody is there.

    Args:
        picture: Who is on the line and who has the watch.
        turn: The call.
        why: Why it rings.
        reached: How many rungs ring.
        round_: How many times the ladder has wrapped.
        newest: People of the rungs before this one are left alone if rung lately.
    """
    rungs = turn.call.ladder.rungs
    found = _attempts(picture, turn, rungs[:reached], newest)
    while not found.attempts and reached < len(rungs):
        reached += 1
        found = _attempts(picture, turn, rungs[:reached], reached - 1)
    if not found.attempts:  # everybody there is was rung a moment ago: once more
        found = _attempts(picture, turn, rungs[:reached], 0)
    _write(turn, why, reached, round_, found)
    if not found.attempts:
        turn.tell(
            Telling.NOBODY_TO_RING,
            "The ladder leads to nobody who can be rung. Use voice now.",
        )


def _write(turn: Turn, why: Why, reached: int, round_: int, found: _Found) -> None:
    turn.do(
        Rang(
            call=turn.call.id,
            why=why,
            rung=reached,
            round=round_,
            attempts=found.attempts,
            nobody_on_watch=found.unwatched,
        )
    )


def _attempts(
    picture: Picture, turn: Turn, rungs: tuple[Rung, ...], newest: int
) -> _Found:
    """Find whom to ring: the newest rung, and whoever was not rung lately."""
    call, now = turn.call, turn.now
    lately = {
        (made.person, made.medium)
        for made in call.ringing
        if made.at + call.ladder.repeat_after > now and made.rung < newest
    }
    ways: dict[tuple[PersonId, Medium], tuple[int, Person]] = {}
    unwatched: dict[DeskId, None] = {}
    for number, rung in enumerate(rungs):
        people, is_watched = _people(picture, rung, now)
        if not is_watched:
            unwatched[rung.desk] = None
        for person, medium in _ways(call, people, rung):
            ways.setdefault((person.id, medium), (number, person))
    for person in _holders(picture, call):
        for medium in person.media:
            ways.setdefault((person.id, medium), (len(rungs) - 1, person))
    due = [(way, found) for way, found in ways.items() if way not in lately]
    attempts = tuple(
        Attempt(
            id=AttemptId(f"{call.id}.{call.rings + 1}.{count}"),
            person=person.id,
            desk=person.desk,
            medium=medium,
            rung=number,
            at=now,
            joins=_joins(picture, call, person, medium),
        )
        for count, ((_, medium), (number, person)) in enumerate(due, 1)
    )
    return _Found(attempts, tuple(unwatched))


def _holders(picture: Picture, call: Call) -> Iterator[Person]:
    """Find whoever has the call; they may stand on no rung of its ladder."""
    for held in call.holders:
        person = picture.persons.get(held.by.person) if held.by.person else None
        if person is not None:
            yield person


def _people(
    picture: Picture, rung: Rung, now: Instant
) -> tuple[tuple[Person, ...], bool]:
    """Find whom a rung means now, and whether anybody there has the watch.

    Somebody who has the watch and no medium at all keeps nobody else from being rung.
    """
    if rung.has_members:
        members = picture.members_of(rung.desk)
        meant = tuple(one for one in members if set(rung.roles) & set(one.roles))
        return meant or members, True
    watching = picture.on_watch(rung.desk, rung.roles, now)
    if any(person.media for person in watching):
        return watching, True
    return _planned_first(picture, rung.desk, now), False


def _planned_first(picture: Picture, desk: DeskId, now: Instant) -> tuple[Person, ...]:
    """List every member of a desk, those first who are planned for its watch now."""
    members, plan = picture.members_of(desk), picture.plans.get(desk)
    if plan is None:
        return members
    moment = Window(start=now, end=now + _MOMENT)
    now_planned = {one.person for one in planned(picture, plan, moment)}
    return tuple(sorted(members, key=lambda one: one.id not in now_planned))


def _ways(
    call: Call, people: tuple[Person, ...], rung: Rung
) -> Iterator[tuple[Person, Medium]]:
    """List how a rung rings people: by its media, or by all where they have none.

    A line check tries the one medium it is about: an answer on another would say
    that a dead line is alive.
    """
    for person in people:
        media = [medium for medium in person.media if medium in rung.media]
        if not media and not (rung.media and call.kind is Kind.LINE_CHECK):
            media = list(person.media)
        for medium in media:
            yield person, medium


def _joins(
    picture: Picture, call: Call, person: Person, medium: Medium
) -> AttemptId | None:
    if call.kind is not Kind.STOP:
        return None
    key = ring_key(call, person.id, medium)
    ringing = picture.ringing_for(key, other_than=call.id)
    return ringing.id if ringing else None


def _review(picture: Picture, turn: Turn) -> None:
    """Ring both desks about a HOLD that is about to end."""
    call = turn.call
    desks = dict.fromkeys((call.to_desk, call.raised_by.desk))
    rungs = tuple(Rung(desk=desk, after=Duration(0)) for desk in desks)
    found = _attempts(picture, turn, rungs, 0)
    _write(turn, Why.REVIEW, call.rung, call.round, found)
    turn.tell_both(
        Telling.REVIEW,
        "The HOLD is about to end: renew it, raise it to STOP, or let it.",
    )


def _end_of_hold(picture: Picture, turn: Turn) -> None:
    """Let a HOLD lapse, unless it hands down what still binds above it."""
    above, now = _binding_above(picture, turn), turn.now
    if above is None:
        had = (
            "It had been acknowledged."
            if turn.call.acknowledgements
            else "Nobody ever acknowledged it."
        )
        turn.tell_both(Telling.LAPSED, f"The HOLD has ended and binds nobody. {had}")
        turn.end(Ending.LAPSED)
        return
    ends_at = above.ends_at or now + HOLD_FOR
    turn.do(HoldRenewed(call=turn.call.id, by=above.raised_by, ends_at=ends_at))
    turn.tell_both(
        Telling.REVIEW,
        f"The HOLD goes on: it hands down {above.kind} {above.number}, which binds.",
    )


def _binding_above(picture: Picture, turn: Turn) -> Call | None:
    """Find what a handed-down HOLD still serves: the HOLD above, or its STOP."""
    passed_from = turn.call.passed_from
    above = picture.calls.get(passed_from) if passed_from else None
    if above is not None and above.ending is Ending.RAISED_TO_STOP and above.ended_by:
        above = picture.calls.get(above.ended_by)
    if above is None or not above.is_in_force:
        return None
    return above if above.ends_at is None or above.ends_at > turn.now else None


def _deadline(turn: Turn) -> None:
    if turn.call.kind is Kind.LINE_CHECK:
        turn.tell(Telling.MISSED, "Nobody answered the line check in time.")
        turn.end(Ending.MISSED)
        return
    goes_on = "Ringing goes on." if turn.call.is_ringing else "Somebody has it."
    turn.tell(
        Telling.NOT_ANSWERED,
        f"No answer came by the deadline. Silence is not a no. {goes_on}",
    )
