"""Raise and answer calls from the command line: `clearline call ...`."""

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from clearline.cli import Switch
from clearline.cli.connection import HERE, At
from clearline.model.calls import Answer, Card, Kind, UnableReason
from clearline.model.instants import parse_instant
from clearline.model.links import at_home, is_at
from clearline.model.parties import Actor
from clearline.model.placechecks import PlaceVerdict
from clearline.model.places import Point, Unlocated
from clearline.wire.forms.calls import CallGiven, CallShown, CardGiven, EntryOf

NOT_RECORDED = "RINGING, NOT YET RECORDED"


def call_raise(  # noqa: PLR0913 (the card's own lines)
    kind: Kind = Kind.STOP,
    to: str | None = None,
    *,
    where: str = "",
    where_again: str = "",
    what: str = "",
    why: str = "",
    confidence: Literal[1, 2, 3] | None = None,
    of: str | None = None,
    minutes: float | None = None,
    at: At = HERE,
) -> int:
    """Raise a call; with nothing given, a STOP to every other party.

    Exit code: 0 if it rings and is recorded; 3 if it rings and is not recorded yet.

    Parameters
    ----------
    kind
        `stop`, `hold`, `release`, `warn`, `query` or `line-check`.
    to
        The desk it is for; a STOP or HOLD without one rings every other party.
    where
        The place, in words or figures.
    where_again
        The same place in a second encoding.
    what
        What is to stop.
    why
        What you see.
    confidence
        1 told by others, 2 in between, 3 seen yourself.
    of
        The STOP or HOLD a RELEASE lifts, or the HOLD a STOP takes over.
    minutes
        Length of a HOLD, or time to answer a QUERY.
    """
    card = CardGiven(
        where=where or None,
        where_again=where_again or None,
        what=what,
        why=why,
        confidence=confidence,
    )
    ends_in_s = None if minutes is None else minutes * 60
    given = CallGiven(kind=kind, to_desk=to, card=card, of=of, ends_in_s=ends_in_s)
    with at.connect() as client:
        said = client.raise_call(given)
    if at.json:
        print(msgspec.json.encode(said).decode())
    else:
        for call in said.calls:
            print(_line(call))
        for line in _understood(said.calls[0].card) if said.calls else ():
            print(line)
        if "to_desk" in said.left_out:
            rung = ", ".join(call.to_desk for call in said.calls)
            print(f"NO DESK {to!r} IS KNOWN HERE. It rings at {rung} instead.")
        if not said.is_durable:
            print(NOT_RECORDED)
    return 0 if said.is_durable else 3


def call_list(*, every: Switch = False, at: At = HERE) -> int:
    """List the calls your desk may see that are open, newest first.

    Parameters
    ----------
    every
        Also those that are over.
    """
    with at.connect() as client:
        for call in client.every_call(is_open=None if every else True):
            at.say(call, _line(call))
    return 0


def call_show(call: str, *, at: At = HERE) -> int:
    """Show a call and every entry about it.

    Parameters
    ----------
    call
        Its id.
    """
    with at.connect() as client:
        found, entries = client.call(call), tuple(client.entries(call))
    if at.json:
        said = {"call": found, "entries": entries}
        print(msgspec.json.encode(said).decode())
        return 0
    print(_line(found))
    if found.card.where is not None:
        print(f"  where  {found.card.where.text}")
    for name, text in (("what", found.card.what), ("why", found.card.why)):
        if text:
            print(f"  {name:<6} {text}")
    for one in entries:
        print(
            f"  {one.index:>8}  {one.at:%H:%M:%S}Z  {one.act:<18} {_said(one)}".rstrip()
        )
    return 0


def call_acknowledge(call: str, *, at: At = HERE) -> int:
    """Say that you have a call. This is neither agreement nor a promise.

    Parameters
    ----------
    call
        Its id.
    """
    with at.connect() as client:
        return _done(client.acknowledge(call).call, at)


def call_withdraw(call: str, *, why: str = "", at: At = HERE) -> int:
    """Take your acknowledgement back; if nobody else has the call, it rings again.

    Parameters
    ----------
    call
        Its id.
    why
        Why, in a word.
    """
    with at.connect() as client:
        return _done(client.withdraw(call, why).call, at)


def call_answer(  # noqa: PLR0913 (an answer's own parts)
    call: str,
    answer: Answer,
    *,
    reason: UnableReason | None = None,
    detail: str = "",
    whom: str | None = None,
    until: str | None = None,
    at: At = HERE,
) -> int:
    """Answer a call in fixed words.

    Parameters
    ----------
    call
        Its id.
    answer
        `WILCO`, `UNABLE`, `STANDBY`, `AFFIRM`, `NEGATIVE`, `ROGER`.
    reason
        Required with UNABLE.
    detail
        Required with the reasons "unclear" and "other".
    whom
        With "need authority": the desk that has it.
    until
        With STANDBY: when an answer is promised by, `2026-03-01T14:40Z`.
    """
    promised = parse_instant(until) if until else None
    with at.connect() as client:
        done = client.answer(call, answer, reason, detail, whom, until=promised)
    return _done(done.call, at)


def call_read_back(call: str, said: tuple[str, ...] = (), *, at: At = HERE) -> int:
    """Read a call back, element by element; without any, say what is wanted.

    Exit code: 0 if every element came back right; 3 if one did not.

    Parameters
    ----------
    call
        Its id.
    said
        What was said back: `where="37S FV 048 031"`, `number=7`, `kind=STOP`.
    """
    with at.connect() as client:
        if not said:
            wanted = client.to_read_back(call)
            for element in wanted.elements:
                print(f"{element.name:<8} {element.text}")
            return 0
        pairs = dict(one.partition("=")[::2] for one in said)
        done = client.read_back(call, pairs)
    if at.json:
        print(msgspec.json.encode(done).decode())
    else:
        for came in done.result.elements:
            print(f"{came.name:<8} {came.outcome:<12} {came.why}")
    return 0 if done.is_match else 3


def call_pass_on(call: str, to: str, *, at: At = HERE) -> int:
    """Pass a call on to a desk below, where it rings as a call of its own.

    Parameters
    ----------
    call
        Its id.
    to
        The desk below.
    """
    with at.connect() as client:
        return _done(client.pass_on(call, to).call, at)


def call_ceased(call: str, *, detail: str = "", at: At = HERE) -> int:
    """Report that what a call asked to stop has stopped.

    Parameters
    ----------
    call
        Its id.
    detail
        What was seen.
    """
    with at.connect() as client:
        return _done(client.ceased(call, detail).call, at)


def call_close(call: str, *, why: str = "", at: At = HERE) -> int:
    """Say, for your party, that a call is over; a STOP still binds until released.

    Parameters
    ----------
    call
        Its id.
    why
        Why, in a word.
    """
    with at.connect() as client:
        return _done(client.close_call(call, why).call, at)


def call_renew(call: str, minutes: float, *, at: At = HERE) -> int:
    """Give a HOLD a later end, counted from now.

    Parameters
    ----------
    call
        Its id.
    minutes
        How long it binds from now on.
    """
    with at.connect() as client:
        return _done(client.renew(call, minutes * 60).call, at)


_SAID: Final = (
    "desk",
    "telling",
    "text",
    "why",
    "answer",
    "reason",
    "outcome",
    "detail",
)
"""What of an entry about a call is said behind its name, where it has it."""


def _said(entry: EntryOf) -> str:
    """Say what an entry is about: who was told what, why it rang, what was answered."""
    by = entry.says.get("by")
    person = by.get("person") if isinstance(by, dict) else None
    found = [entry.says.get(name) for name in _SAID]
    return ", ".join(str(one) for one in (person, *found) if one)


def _understood(card: Card) -> Iterator[str]:
    """Say what the places of a card are taken for, once it rings."""
    from clearline.geo.lengths import say_length  # noqa: PLC0415 (a STOP leaves first)
    from clearline.geo.writing import write_decimal  # noqa: PLC0415 (likewise)
    from clearline.rules.toldright import check_place  # noqa: PLC0415 (likewise)

    told = [place for place in (card.where, card.where_again) if place is not None]
    for place in told:
        at = place.footprint
        taken = "is an area"
        if isinstance(at, Unlocated):
            taken = "is no one place that can be read; it goes out as words"
        elif isinstance(at, Point):
            figures = write_decimal(at.position, at.precision_m)
            taken = f"is taken for {figures}, to {say_length(at.precision_m)}"
        yield f"  {place.text!r} {taken}."
    if card.where is not None and card.where_again is not None:
        check = check_place(card.where, card.where_again)
        if check.verdict is PlaceVerdict.DISAGREE:
            yield "  THE TWO PLACES DISAGREE. It rings with both: say now which holds."
            yield from (f"  {why}" for why in check.why)


def _done(call: CallShown, at: At) -> int:
    return at.say(call, _line(call))


def _name(who: Actor) -> str:
    """Name a person of this node; of another's, whose tag says nothing, the desk."""
    if who.person is None:
        return who.desk
    if is_at(who.person, who.party):
        return f"somebody at {at_home(who.desk, who.party)} ({who.party})"
    return who.person


def _line(call: CallShown) -> str:
    """Say a call in a line: what it is, between whom, where it stands."""
    times = f" x{call.times}" if call.times > 1 else ""
    names = " and ".join(_name(one.by) for one in call.holders)
    has = f", {names} {'has' if len(call.holders) == 1 else 'have'} it" if names else ""
    recorded = "" if call.is_durable else ", NOT YET RECORDED"
    return (
        f"{call.kind} {call.number}{times} {call.raised_by.desk} > {call.to_desk}: "
        f"{call.phase}{has}{recorded}  [{call.id}]"
    )
