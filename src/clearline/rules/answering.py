"""Decide what follows from what the called side says: I have it, I cannot, done.

An acknowledgement counts only from a person on the called side who is known
surely enough; anything else is kept as heard and silences that one ring. Nothing
a person says ends the ringing of a STOP but an acknowledgement, and nothing that
takes the last acknowledgement away leaves the call silent.
"""

from collections.abc import Callable, Sequence
from typing import Final

from clearline.geo.origins import asked_before, with_asked
from clearline.model.calls import (
    ACKNOWLEDGING,
    ANSWERS,
    LONGEST_STANDBY,
    RESPONSES,
    Answer,
    Call,
    CallId,
    Ending,
    Kind,
    Telling,
    UnableReason,
    Why,
)
from clearline.model.commands import (
    Acknowledge,
    Close,
    GiveAnswer,
    PassOn,
    RaiseCall,
    RenewHold,
    ReportCeased,
    SayBack,
    WithdrawAcknowledgement,
)
from clearline.model.entries import (
    Acknowledged,
    AcknowledgementWithdrawn,
    Act,
    AnswerGiven,
    Ceased,
    ClosedBy,
    HeardFrom,
    HoldRenewed,
    PassedOn,
    ReadBack,
)
from clearline.model.instants import Duration, Instant, write_instant
from clearline.model.parties import Actor, DeskId, Strength
from clearline.model.places import NameAsked, NamedOrigin
from clearline.model.readback import ElementKind, ReadbackElement
from clearline.picture.picture import Picture
from clearline.rules.escalation import ring_anew, ring_desk, ring_on
from clearline.rules.raising import HOLD_AT_MOST, free_id, open_call
from clearline.rules.readback import compare_readback
from clearline.rules.refusals import (
    NotProven,
    NotYourCall,
    UnknownCall,
    UnknownDesk,
    UnknownPerson,
    WrongAnswer,
    WrongOrder,
    over,
    refuse,
)
from clearline.rules.release import answer_release, below
from clearline.rules.turn import Turn

_BINDING: Final = frozenset({Kind.STOP, Kind.HOLD})
_ROGERED: Final = frozenset({Kind.WARN, Kind.LINE_CHECK})


def acknowledge(picture: Picture, asked: Acknowledge, now: Instant) -> tuple[Act, ...]:
    """Let a person have the call; doing it twice changes nothing.

    Raises:
        UnknownCall, CallIsOver: There is nothing to have.
        NotYourCall, UnknownPerson, NotProven: This one cannot have it.
    """
    turn = _turn(picture, asked.call, now)
    if asked.by.strength not in ACKNOWLEDGING:
        return _heard(turn, asked)
    require_called_side(picture, turn.call, asked.by)
    have(turn, asked.by, asked)
    return tuple(turn.acts)


def withdraw(
    picture: Picture, asked: WithdrawAcknowledgement, now: Instant
) -> tuple[Act, ...]:
    """Take a mistaken acknowledgement back; ring again if nobody else has it.

    Raises:
        UnknownCall, CallIsOver: There is nothing to take back.
        WrongOrder: This person does not hold the call.
    """
    turn = _turn(picture, asked.call, now)
    if asked.by.person is None or not turn.call.holds(asked.by.person):
        raise refuse(
            WrongOrder,
            f"You do not hold call {turn.call.number}.",
            "Only an acknowledgement that stands can be withdrawn.",
        )
    let_go(picture, turn, asked.by, asked.why)
    return tuple(turn.acts)


def let_go(picture: Picture, turn: Turn, by: Actor, why: str) -> None:
    """Take a holder away, and ring at once where that leaves nobody."""
    turn.do(AcknowledgementWithdrawn(call=turn.call.id, by=by, why=why))
    if turn.call.holders or turn.call.has_ceased_at is not None:
        return
    ring_anew(picture, turn, Why.LET_GO)
    turn.tell(
        Telling.ACKNOWLEDGEMENT_WITHDRAWN,
        "Nobody has this any more. Everybody is rung again.",
    )


def answer(picture: Picture, asked: GiveAnswer, now: Instant) -> tuple[Act, ...]:
    """Answer a call with CPDLC semantics.

    STANDBY never stops the escalation of a STOP or HOLD; where it says until when,
    anything else rings again then, and the caller is told. UNABLE frees the person
    from the call and rings on at once where that leaves nobody. The answer to a
    RELEASE lifts or refuses to lift.

    Raises:
        WrongAnswer: The kind of call does not admit it, or its reason is missing.
        UnknownCall, CallIsOver, NotYourCall, UnknownPerson, NotProven,
        ReleaseRefused: As their names say.
    """
    turn = _turn(picture, asked.call, now)
    _require_admitted(turn.call, asked)
    _require_promise(asked, turn.now)
    if turn.call.kind is Kind.RELEASE and asked.answer is not Answer.STANDBY:
        return answer_release(picture, turn, asked)
    _require_proven(asked.by)
    require_called_side(picture, turn.call, asked.by)
    _ANSWERING[asked.answer](picture, turn, asked)
    return tuple(turn.acts)


def say_back(picture: Picture, asked: SayBack, now: Instant) -> tuple[Act, ...]:
    """Compare what was said back with what was sent, element by element.

    Raises:
        UnknownCall, CallIsOver, NotYourCall, UnknownPerson, NotProven: As named.
    """
    turn = _turn(picture, asked.call, now)
    _require_proven(asked.by)
    require_called_side(picture, turn.call, asked.by)
    is_rogered = turn.call.kind in _ROGERED
    if not is_rogered:
        have(turn, asked.by)
    origins = with_asked(tuple(picture.origins.values()), asked.asked)
    sent = elements_of(turn.call)
    if asked.is_by_keys:
        sent = tuple(element for element in sent if element.name != "what")
    result = compare_readback(sent, asked.said, origins)
    turn.do(ReadBack(call=asked.call, by=asked.by, said=asked.said, result=result))
    if not result.is_match and turn.call.has_read_back_at is None:
        ring_anew(picture, turn, Why.READBACK_DIFFERS)
        differing = " ".join(part.why for part in result.elements if part.say_again)
        turn.tell(Telling.READBACK_DIFFERS, f"{differing} Everybody is rung again.")
    elif is_rogered:
        have(turn, asked.by)  # and is over: only what was understood is
    return tuple(turn.acts)


def names_asked(
    call: Call, said: Sequence[ReadbackElement], known: Sequence[NamedOrigin]
) -> tuple[NameAsked, ...]:
    """Ask a gazetteer beforehand what comparing a readback needs to know of names.

    Args:
        call: What went out.
        said: What was said back.
        known: The origins of the log, and the gazetteer beside them.
    """
    return asked_before(
        lambda origins: compare_readback(elements_of(call), said, origins), known
    )


def elements_of(call: Call) -> tuple[ReadbackElement, ...]:
    """List what of a call must come back right: its word, number, place, thing."""
    card = call.card
    elements = [
        ReadbackElement(name="kind", kind=ElementKind.TEXT, text=call.kind.value),
        ReadbackElement(
            name="number",
            kind=ElementKind.NUMBER,
            text=str(call.number),
            number=float(call.number),
        ),
    ]
    if card.where is not None:
        elements.append(
            ReadbackElement(
                name="where",
                kind=ElementKind.PLACE,
                text=card.where.text,
                place=card.where,
            )
        )
    if card.what:
        elements.append(
            ReadbackElement(name="what", kind=ElementKind.TEXT, text=card.what)
        )
    return tuple(elements)


def pass_on(picture: Picture, asked: PassOn, now: Instant) -> tuple[Act, ...]:
    """Pass a call on to a desk below one's own, where it rings as a call itself.

    One's own is the desk that was called, or that of whoever passes it on: a ladder
    may reach a floor that stands above both the called desk and the acting one.

    Raises:
        UnknownDesk: The desk lies below neither.
        WrongOrder: A RELEASE or line check, which only the desk called answers.
        UnknownCall, CallIsOver, NotYourCall, UnknownPerson, NotProven: As named.
    """
    turn = _turn(picture, asked.call, now)
    _require_proven(asked.by)
    require_called_side(picture, turn.call, asked.by)
    call, desk = turn.call, picture.desks.get(asked.to_desk)
    own = (call.to_desk, asked.by.desk)
    if desk is None or not any(picture.is_under(desk.id, above) for above in own):
        raise refuse(
            UnknownDesk,
            f"The desk {asked.to_desk!r} lies neither below the desk that was called "
            "nor below yours.",
            "Pass it on to a desk of your own tree, or raise a call to the other.",
        )
    if call.kind in (Kind.RELEASE, Kind.LINE_CHECK):
        raise refuse(
            WrongOrder,
            f"Call {call.number} is a {call.kind}; it is answered and not passed on.",
            "Answer it, or have somebody who can answer it called.",
        )
    if _is_below(picture, call, desk.id):
        return ()  # it rings there already, or somebody there has it
    child = free_id(picture, f"{call.id}/{desk.id}")
    passed = PassedOn(call=call.id, by=asked.by, to_desk=desk.id, child=child)
    if call.kind in _ROGERED:
        turn.do(passed)  # before it is over: nothing about a call comes after its end
        have(turn, asked.by)
    else:
        have(turn, asked.by)
        turn.do(passed)
    again = RaiseCall(
        call=child,
        kind=call.kind,
        by=asked.by,
        card=call.card,
        precedence=call.precedence,
        said_at=call.said_at,
    )
    handed = open_call(picture, again, desk, now, above=turn.call)
    return (*turn.acts, *handed.acts)


def _is_below(picture: Picture, call: Call, desk: DeskId) -> bool:
    """Say whether `call` was passed on to `desk` and something is waited for there."""
    children = below(picture, call)
    return any(child.is_open and child.to_desk == desk for child in children)


def report_ceased(
    picture: Picture, asked: ReportCeased, now: Instant
) -> tuple[Act, ...]:
    """Keep the report that what the call asked to stop has stopped.

    Raises:
        WrongOrder: The call asks nothing to stop, or the instant lies ahead.
        UnknownCall, CallIsOver, NotYourCall, UnknownPerson, NotProven: As named.
    """
    turn = _turn(picture, asked.call, now)
    ceased_at = asked.ceased_at or turn.now
    at = write_instant(ceased_at.replace(microsecond=0))
    if turn.call.kind not in _BINDING or ceased_at > turn.now:
        raise refuse(
            WrongOrder,
            f"Call {turn.call.number} is a {turn.call.kind} and the effect is "
            f"reported for {at}.",
            "Report an effect of a STOP or HOLD, at the instant it was seen or before.",
        )
    _require_proven(asked.by)
    require_called_side(picture, turn.call, asked.by)
    have(turn, asked.by)
    turn.do(
        Ceased(call=asked.call, by=asked.by, ceased_at=ceased_at, detail=asked.detail)
    )
    turn.tell(Telling.CEASED, f"Reported as ceased at {at}.")
    if turn.call.passed_from is not None and turn.call.kind is Kind.STOP:
        turn.end(Ending.CLOSED)  # one party's own desks need no second side
    return tuple(turn.acts)


def close(picture: Picture, asked: Close, now: Instant) -> tuple[Act, ...]:
    """Say for one party that a call is over; it ends once both have said so.

    A STOP that has ended this way still binds until it is released. A WARN, QUERY
    or line check is over when its caller says so.

    Raises:
        WrongOrder: A STOP that has not ceased, or a HOLD, which ends otherwise.
        NotProven: It was only heard, from nobody the line knows.
        UnknownCall, CallIsOver, NotYourCall: As named.
    """
    turn = _turn(picture, asked.call, now)
    call, party = turn.call, asked.by.party
    _require_closable(call)
    _require_from_a_desk(asked.by)
    sides = {call.raised_by.party, call.to_party}
    if party not in sides or (call.kind is not Kind.STOP and party != _caller(call)):
        raise refuse(
            NotYourCall,
            f"{party} cannot close call {call.number}.",
            "Its caller and, for a STOP, the party called close it.",
        )
    if party in call.closed_by:
        return ()
    turn.do(ClosedBy(call=call.id, by=asked.by, party=party, why=asked.why))
    if call.kind is not Kind.STOP or sides <= set(turn.call.closed_by):
        turn.end(Ending.CLOSED)
    return tuple(turn.acts)


def renew_hold(picture: Picture, asked: RenewHold, now: Instant) -> tuple[Act, ...]:
    """Give a HOLD a later end, wherever it was handed down; either side may.

    Raises:
        WrongOrder: The call is no HOLD, or the new end is not later, or too far
            ahead.
        NotProven: It was only heard, from nobody the line knows.
        UnknownCall, CallIsOver, NotYourCall: As named.
    """
    turn = _turn(picture, asked.call, now)
    call = turn.call
    if asked.by.party not in {call.raised_by.party, call.to_party}:
        raise refuse(
            NotYourCall,
            f"{asked.by.party} is on neither side of call {call.number}.",
            "Ask one of the two desks to renew it.",
        )
    _require_from_a_desk(asked.by)
    _require_later(turn, asked.ends_in)
    acts: list[Act] = []
    ends_at, waiting = turn.now + asked.ends_in, [call]
    while waiting:
        held = waiting.pop()
        waiting += below(picture, held)
        if held.is_open and held.ends_at is not None and held.ends_at < ends_at:
            turn = Turn(held, now)
            turn.do(HoldRenewed(call=held.id, by=asked.by, ends_at=ends_at))
            acts += turn.acts
    return tuple(acts)


def _require_later(turn: Turn, ends_in: Duration) -> None:
    call = turn.call
    if (
        call.kind is Kind.HOLD
        and call.ends_at is not None
        and ends_in <= HOLD_AT_MOST
        and ends_in > call.ends_at - turn.now
    ):
        return
    raise refuse(
        WrongOrder,
        f"Call {call.number} is a {call.kind} and cannot be given an end in {ends_in}.",
        "Renew a HOLD, to an end later than the one it has and at most "
        f"{HOLD_AT_MOST} ahead; what has to bind longer is a STOP.",
    )


# --- what an answer does ----------------------------------------------------------
def _wilco(picture: Picture, turn: Turn, asked: GiveAnswer) -> None:
    del picture
    have(turn, asked.by)
    _given(turn, asked)


def _roger(picture: Picture, turn: Turn, asked: GiveAnswer) -> None:
    del picture
    _given(turn, asked)
    have(turn, asked.by)


def _unable(picture: Picture, turn: Turn, asked: GiveAnswer) -> None:
    _given(turn, asked)
    turn.tell(Telling.UNABLE, f"UNABLE: {asked.reason}. {asked.detail}".strip())
    if turn.call.has_ceased_at is not None:
        return
    if asked.whom is not None and ring_desk(picture, turn, asked.whom, Why.UNABLE):
        return
    if not turn.call.holders:
        ring_on(picture, turn, Why.UNABLE)


def _standby(picture: Picture, turn: Turn, asked: GiveAnswer) -> None:
    del picture
    _given(turn, asked)
    if asked.until is not None:
        turn.tell(
            Telling.ANSWERED,
            f"STANDBY until {write_instant(asked.until)}. {asked.detail}".strip(),
        )
        if turn.call.kind in _ROGERED:
            return  # heard and not taken: it rings again then
    if turn.call.kind not in _BINDING:
        have(turn, asked.by)


def _affirm_or_not(picture: Picture, turn: Turn, asked: GiveAnswer) -> None:
    del picture
    have(turn, asked.by)
    _given(turn, asked)
    turn.tell(Telling.ANSWERED, f"{asked.answer}. {asked.detail}".strip())
    turn.end(Ending.CLOSED)


_ANSWERING: Final[dict[Answer, Callable[[Picture, Turn, GiveAnswer], None]]] = {
    Answer.WILCO: _wilco,
    Answer.ROGER: _roger,
    Answer.UNABLE: _unable,
    Answer.STANDBY: _standby,
    Answer.AFFIRM: _affirm_or_not,
    Answer.NEGATIVE: _affirm_or_not,
}


def _given(turn: Turn, asked: GiveAnswer) -> None:
    turn.do(
        AnswerGiven(
            call=asked.call,
            by=asked.by,
            answer=asked.answer,
            reason=asked.reason,
            whom=asked.whom,
            detail=asked.detail,
            evidence=asked.evidence,
            until=asked.until,
        )
    )


def have(turn: Turn, by: Actor, asked: Acknowledge | None = None) -> None:
    """Acknowledge, unless this person has it already; end what needs no more."""
    call = turn.call
    if by.person is not None and call.holds(by.person) and not call.is_ringing:
        return
    is_first = not call.holders
    attempt = asked.attempt if asked else None
    turn.do(Acknowledged(call=call.id, by=by, attempt=attempt))
    if is_first:
        turn.tell(Telling.HELD, f"{by.person} at {by.desk} has this.")
    if call.kind in _ROGERED:
        turn.end(Ending.CLOSED)


def _heard(turn: Turn, asked: Acknowledge) -> tuple[Act, ...]:
    if asked.attempt is None:
        raise refuse(
            NotProven,
            "Nobody is known to have said this.",
            "Use the ring's code, a PIN, or sign in.",
        )
    turn.do(
        HeardFrom(
            call=asked.call,
            attempt=asked.attempt,
            number=asked.by.device,
            words=asked.words,
        )
    )
    return tuple(turn.acts)


# --- who may ----------------------------------------------------------------------
def _turn(picture: Picture, call: CallId, now: Instant) -> Turn:
    known = picture.calls.get(call)
    if known is None:
        raise refuse(
            UnknownCall,
            f"This node knows no call {call!r}.",
            "Check the id; a STOP that never arrived must be raised again.",
        )
    if not known.is_open:
        raise over(known)
    return Turn(known, now)


def require_called_side(picture: Picture, call: Call, by: Actor) -> None:
    """Let in the called party's persons, and those of every desk that is rung.

    That is each desk of its ladder, and each that somebody named as having authority.
    """
    person = picture.persons.get(by.person) if by.person else None
    if person is None or person.desk != by.desk:
        raise refuse(
            UnknownPerson,
            f"No person {by.person!r} belongs to the desk {by.desk!r}.",
            "Sign in as a member of the desk that was called.",
        )
    desk = picture.desks.get(person.desk)
    is_called = desk is not None and desk.party == call.to_party == by.party
    rung = {rung.desk for rung in call.ladder.rungs}
    rung |= {given.whom for given in call.answers if given.whom is not None}
    if not is_called and person.desk not in rung:
        raise refuse(
            NotYourCall,
            f"Call {call.number} went to {call.to_desk}, not to {by.desk}.",
            "Ask the called desk, or raise a call of your own.",
        )


def _require_proven(by: Actor) -> None:
    if by.strength not in ACKNOWLEDGING:
        raise refuse(
            NotProven,
            f"Nobody is known to have said this: it came as {by.strength}.",
            "Use the ring's code, a PIN, or sign in.",
        )


def _require_from_a_desk(by: Actor) -> None:
    """Let in whoever is known, and a device enrolled at a desk."""
    if by.strength is Strength.HEARD:
        raise refuse(
            NotProven,
            f"Nobody is known to have said this: it came as {by.strength}.",
            "Say it from a device of the desk, or use a PIN.",
        )


def _require_admitted(call: Call, asked: GiveAnswer) -> None:
    response = RESPONSES[call.kind]
    if asked.answer not in ANSWERS[response]:
        admitted = ", ".join(sorted(ANSWERS[response]))
        raise refuse(
            WrongAnswer,
            f"A {call.kind} is answered {response}; {asked.answer} is no answer to it.",
            f"Answer with one of: {admitted}.",
        )
    if asked.answer is not Answer.UNABLE:
        return
    needs_detail = {UnableReason.UNCLEAR, UnableReason.OTHER}
    if asked.reason is None or (asked.reason in needs_detail and not asked.detail):
        raise refuse(
            WrongAnswer,
            "UNABLE needs its reason, and 'unclear' and 'other' need a word on what.",
            "Give the reason; STOP goes on ringing meanwhile.",
        )


def _require_promise(asked: GiveAnswer, now: Instant) -> None:
    """Refuse an instant no STANDBY can promise an answer by."""
    until = asked.until
    if until is None or (
        asked.answer is Answer.STANDBY and now < until <= now + LONGEST_STANDBY
    ):
        return
    hours = LONGEST_STANDBY // Duration(hours=1)
    raise refuse(
        WrongAnswer,
        f"Nothing can be promised for {write_instant(until)}: a STANDBY, and nothing "
        f"else, says by when an answer comes, within {hours} hours.",
        "Give an instant ahead with STANDBY, or leave it out.",
    )


def _require_closable(call: Call) -> None:
    if call.kind is Kind.STOP and call.has_ceased_at is None:
        raise refuse(
            WrongOrder,
            f"STOP {call.number} has not been reported as ceased.",
            "Report that it ceased, or propose a RELEASE.",
        )
    if call.kind in (Kind.HOLD, Kind.RELEASE):
        raise refuse(
            WrongOrder,
            f"A {call.kind} is not closed by saying so.",
            "Release, renew or raise a HOLD; answer a RELEASE; or let it end.",
        )


def _caller(call: Call) -> str:
    return call.raised_by.party
