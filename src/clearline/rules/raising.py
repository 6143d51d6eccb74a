"""Decide what follows when somebody raises a call.

STOP and HOLD are never refused to anybody the line knows: with no desk named, or
one nobody knows, they go to every other party, and where there is none to the desk at
the top of the caller's own. A RELEASE is a call of its own: it
is proposed here, and lifts nothing until the other side confirms it in time.

A call is known by the id its caller gave it. The same call said again changes
nothing; another one under an id that is taken is refused, and a STOP or HOLD rings
all the same, under an id next to it.
"""

from typing import Final

from msgspec.structs import replace

from clearline.model.calls import (
    LONGEST_WAIT,
    Call,
    CallId,
    Ending,
    Kind,
    Ladder,
    Telling,
    Why,
)
from clearline.model.commands import RaiseCall
from clearline.model.entries import Act, CallRaised
from clearline.model.errors import BadInput
from clearline.model.instants import Duration, Instant
from clearline.model.parties import Desk, DeskId, Strength
from clearline.picture.picture import Picture, stop_key
from clearline.rules.agreements import cannot_win
from clearline.rules.cards import cut_card, require_short
from clearline.rules.clocks import HOLD_FOR
from clearline.rules.escalation import ring_anew
from clearline.rules.ladders import PRECEDENCES, ladder_for
from clearline.rules.refusals import (
    IdTaken,
    NotProven,
    NotYourCall,
    ReleaseRefused,
    UnknownCall,
    UnknownDesk,
    WrongOrder,
    over,
    refuse,
)
from clearline.rules.turn import Turn

HOLD_AT_MOST: Final = LONGEST_WAIT
"""How far ahead the end of a HOLD may lie; what binds longer is a STOP."""

RELEASE_FOR: Final = Duration(minutes=10)
"""How long after its proposal a RELEASE can be confirmed."""

ANSWER_WITHIN: Final = Duration(minutes=5)
"""When a QUERY or line check is due where the caller gives no deadline."""

RELEASING: Final = frozenset({Strength.PASSKEY, Strength.PASSWORD, Strength.CALL_BACK})
"""How surely both persons of a RELEASE must be known."""

_URGENT: Final = frozenset({Kind.STOP, Kind.HOLD})


def raise_call(picture: Picture, asked: RaiseCall, now: Instant) -> tuple[Act, ...]:
    """Raise a call, or several where a STOP names no desk.

    Raises:
        UnknownDesk: The desk is not on the line, for a kind other than STOP, HOLD.
        IdTaken: The id is another call's, for a kind other than STOP, HOLD.
        WrongOrder: A QUERY or line check to be answered never, or at once.
        ReleaseRefused: A RELEASE that is late, doubled, or lifts nothing.
        NotYourCall: A RELEASE by a party that did not raise what it would lift.
        NotProven: A RELEASE by somebody not known surely enough.
        CardTooLong: For a kind other than STOP, HOLD, which is cut instead.
    """
    if asked.kind in _URGENT:
        asked = replace(asked, card=cut_card(asked.card))
    else:
        require_short(asked.card)
    if asked.kind is Kind.RELEASE:
        return _raise_release(picture, asked, now)
    _require_answerable(asked)
    desk = picture.desks.get(asked.to_desk) if asked.to_desk else None
    if desk is not None:
        return _raise_at(picture, asked, desk, now)
    if asked.kind not in _URGENT:
        raise _no_desk(asked)
    others = _every_other(picture, asked) or _own_top(picture, asked)
    if not others:
        raise refuse(
            UnknownDesk,
            "No desk is on this line yet, so there is nobody to ring.",
            "Use voice now; then enter your desk and the other side's.",
        )
    acts: list[Act] = []
    for count, other in enumerate(others):
        one = replace(asked, call=CallId(f"{asked.call}:{other.id}"))
        acts += _raise_at(picture, one, other, now, count=count)
    return tuple(acts)


def ends_at(asked: RaiseCall, now: Instant) -> Instant | None:
    """Say when a call of this kind ends by itself, or its answer is due.

    A HOLD is not refused for its length: one of nothing gets the usual length, one
    without an end the longest there is.
    """
    match asked.kind:
        case Kind.HOLD:
            asked_for = asked.ends_in or HOLD_FOR
            length = asked_for if asked_for > Duration(0) else HOLD_FOR
            return now + min(length, HOLD_AT_MOST)
        case Kind.QUERY | Kind.LINE_CHECK:
            return now + (asked.ends_in or ANSWER_WITHIN)
        case Kind.RELEASE:
            return min(asked.said_at or now, now) + RELEASE_FOR
        case Kind.STOP | Kind.WARN:
            return None


def open_call(  # noqa: PLR0913 (a call's own particulars, named)
    picture: Picture,
    asked: RaiseCall,
    desk: Desk,
    now: Instant,
    *,
    count: int = 0,
    above: Call | None = None,
    ladder: Ladder | None = None,
) -> Turn:
    """Raise one call at one desk and ring its first rung.

    Args:
        picture: What stands.
        asked: What is asked, under an id nothing has.
        desk: Where it rings.
        now: Node time.
        count: How many calls the same decision raises before it.
        above: The call this one hands down; both end at the same instant.
        ladder: Instead of the desk's own.
    """
    # Whatever its caller says of it, a STOP or HOLD is never less than FLASH.
    precedence = PRECEDENCES[asked.kind]
    if asked.kind not in _URGENT:
        precedence = asked.precedence or precedence
    earlier = picture.same_stop(stop_key(asked.by.desk, desk.id, asked.card))
    ladder = ladder or ladder_for(picture, desk.id, precedence)
    # who is rung may pass it on; what was handed down goes further down only
    reached = {desk.id} if above else {desk.id, *(r.desk for r in ladder.rungs)}
    act = CallRaised(
        call=asked.call,
        number=picture.next_number() + count,
        kind=asked.kind,
        precedence=precedence,
        by=asked.by,
        to_party=desk.party,
        to_desk=desk.id,
        card=asked.card,
        ladder=ladder,
        said_at=asked.said_at,
        of=asked.of,
        passed_from=above.id if above else None,
        has_below=picture.has_below(reached),
        repeats=earlier if asked.kind is Kind.STOP and not above else None,
        ends_at=above.ends_at if above else ends_at(asked, now),
        kept_from=asked.kept_from,
        evidence=asked.evidence,
        is_far=picture.peer_of(desk.party) is not None,
    )
    turn = Turn.start(act, now)
    ring_anew(picture, turn, Why.RAISED)
    return turn


def _raise_at(
    picture: Picture, asked: RaiseCall, desk: Desk, now: Instant, *, count: int = 0
) -> tuple[Act, ...]:
    call = _own_id(picture, asked, desk)
    if call is None:
        return ()  # said again: merged by id, nothing changes
    asked = replace(asked, call=call)
    turn = open_call(picture, asked, desk, now, count=count)
    if asked.kind in _URGENT:
        for text in cannot_win(picture, desk.party, asked.by.party, now):
            turn.tell(Telling.LINE_CANNOT_WIN, text)
    return (*turn.acts, *_take_over_hold(picture, asked, desk, now))


def free_id(picture: Picture, wanted: str) -> CallId:
    """Return `wanted`, or the first id next to it that nothing here is known by."""
    call, count = CallId(wanted), 1
    while picture.waiting_for(call) is not None:
        count += 1
        call = CallId(f"{wanted}~{count}")
    return call


def _own_id(picture: Picture, asked: RaiseCall, desk: Desk) -> CallId | None:
    """Return the id a call is raised under, or nothing where it has been raised."""
    taken, call = [], asked.call
    while (known := picture.waiting_for(call)) is not None:
        if isinstance(known, Call) and _is_again(known, asked, desk):
            return None
        taken.append(call)
        call = CallId(f"{asked.call}~{len(taken) + 1}")
    if taken and asked.kind not in _URGENT:
        raise id_taken(asked.call)
    return call


def _is_again(known: Call, asked: RaiseCall, desk: Desk) -> bool:
    """Say whether `asked` is the call that is known, said once more."""
    return (
        known.kind is asked.kind
        and known.to_desk == desk.id
        and known.raised_by.party == asked.by.party
        and known.raised_by.desk == asked.by.desk
        and known.card == asked.card
        and known.of == asked.of
    )


def id_taken(name: str) -> BadInput:
    """Refuse an id that something else has."""
    return refuse(
        IdTaken,
        f"This node already knows something else by the id {name!r}.",
        "Give it an id of its own, made at random.",
    )


def _take_over_hold(
    picture: Picture, asked: RaiseCall, desk: Desk, now: Instant
) -> tuple[Act, ...]:
    """End the HOLD that a STOP takes over; an unknown one is no reason to wait.

    Only the party that raised it, at the desk where it binds: any other STOP leaves
    the HOLD as it is, beside it.
    """
    hold = picture.calls.get(asked.of) if asked.of else None
    if asked.kind is not Kind.STOP or hold is None or not hold.is_open:
        return ()
    is_theirs = hold.raised_by.party == asked.by.party and hold.to_desk == desk.id
    if hold.kind is not Kind.HOLD or not is_theirs:
        return ()
    turn = Turn(hold, now)
    turn.end(Ending.RAISED_TO_STOP, by_call=asked.call)
    return tuple(turn.acts)


def _no_desk(asked: RaiseCall) -> BadInput:
    if not asked.to_desk:
        return refuse(
            UnknownDesk,
            "This kind of call goes to one desk, and none is named.",
            "Name the desk the call is for.",
        )
    return refuse(
        UnknownDesk,
        f"There is no desk {asked.to_desk!r} on this line.",
        "Name the desk the call is for.",
    )


def _require_answerable(asked: RaiseCall) -> None:
    """Refuse a deadline that has passed or never comes, where it is one."""
    is_deadline = asked.kind in (Kind.QUERY, Kind.LINE_CHECK)
    if not is_deadline or asked.ends_in is None:
        return
    if not Duration(0) < asked.ends_in <= LONGEST_WAIT:
        raise refuse(
            WrongOrder,
            f"A {asked.kind} cannot be answered within {asked.ends_in}.",
            f"Give it some time, at most {LONGEST_WAIT}.",
        )


def _every_other(picture: Picture, asked: RaiseCall) -> list[Desk]:
    """List the top desk of every other party that has one."""
    tops: dict[str, Desk] = {}
    for desk in picture.desks.values():
        if desk.under is None and desk.party != asked.by.party:
            tops.setdefault(desk.party, desk)
    return list(tops.values())


def _own_top(picture: Picture, asked: RaiseCall) -> list[Desk]:
    """List the top desk of the caller's own party: it knows whom to call by voice."""
    desks = picture.desks.values()
    own = (d for d in desks if d.party == asked.by.party and d.under is None)
    return list(own)[:1]


def _raise_release(picture: Picture, asked: RaiseCall, now: Instant) -> tuple[Act, ...]:
    known = picture.waiting_for(asked.call)
    if known is not None:
        if isinstance(known, Call) and _is_same_release(known, asked):
            return ()
        raise id_taken(asked.call)
    lifted = _what_it_lifts(picture, asked)
    _require_timely(asked, now)
    if asked.by.person is None or asked.by.strength not in RELEASING:
        raise refuse(
            NotProven,
            "A RELEASE needs a person who signed in with a passkey or password, or was "
            "called back.",
            "Sign in so, or ask the other desk to call you back.",
        )
    desk = picture.desks.get(DeskId(lifted.to_desk))
    if desk is None:
        raise refuse(
            UnknownDesk,
            f"There is no desk {lifted.to_desk!r} on this line any more.",
            "Enter the desk again, then propose the release.",
        )
    return tuple(open_call(picture, asked, desk, now).acts)


def _is_same_release(known: Call, asked: RaiseCall) -> bool:
    return (
        known.kind is Kind.RELEASE
        and known.of == asked.of
        and known.raised_by.party == asked.by.party
    )


def _what_it_lifts(picture: Picture, asked: RaiseCall) -> Call:
    lifted = picture.calls.get(asked.of) if asked.of else None
    if lifted is None:
        raise refuse(
            UnknownCall,
            f"The RELEASE names no call this node knows: {asked.of!r}.",
            "Give the id of the STOP or HOLD to lift.",
        )
    if lifted.kind not in _URGENT or not lifted.is_in_force:
        raise over(lifted)
    if lifted.passed_from is not None:
        raise refuse(
            NotYourCall,
            f"Call {lifted.number} was handed down from another; it is lifted with "
            "that one and never alone.",
            "Propose to release the call it came from.",
        )
    if lifted.raised_by.party != asked.by.party:
        raise refuse(
            NotYourCall,
            f"Call {lifted.number} was raised by {lifted.raised_by.party}; only that "
            "party can propose to lift it.",
            "Ask them to propose the release; you then confirm it.",
        )
    if lifted.to_party == asked.by.party and lifted.raised_by.desk != asked.by.desk:
        raise refuse(
            NotYourCall,
            f"Call {lifted.number} was raised within {asked.by.party}, by the desk "
            f"{lifted.raised_by.desk!r}.",
            "That desk proposes to lift it; another person of the party confirms it.",
        )
    for call in picture.open_calls():
        if call.kind is Kind.RELEASE and call.of == lifted.id:
            raise refuse(
                ReleaseRefused,
                f"A RELEASE of call {lifted.number} is already proposed and waits "
                "to be confirmed.",
                "Wait for the other side, or for it to become void.",
            )
    return lifted


def _require_timely(asked: RaiseCall, now: Instant) -> None:
    if asked.said_at is not None and now - asked.said_at > RELEASE_FOR:
        raise refuse(
            ReleaseRefused,
            f"The RELEASE was said {now - asked.said_at} ago and is void after "
            f"{RELEASE_FOR}.",
            "Propose it anew, now. The STOP stands.",
        )
