"""Keep who is rung and who is told, from everything that was decided.

    Rang      --> ring each attempt that joined no other ring
    DeskTold  --> tell whoever has the watch at that desk, by what can be read
    any act that stops the ringing  --> let its attempts go
    RecordedLate --> tell whoever was rung by a call not yet recorded

A fold of its own over what was heard: it holds the open calls and who is on the
line, reads no clock, starts no thread and waits for nobody. A joined attempt is not
rung; the ring it joined counts one more.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from clearline.model.calls import (
    Attempt,
    Call,
    CallId,
    Kind,
    Telling,
)
from clearline.model.entries import (
    CALL_ACTS,
    AttemptReported,
    CallAct,
    CallRaised,
    DeskSet,
    DeskTold,
    HeardFrom,
    PartySet,
    PersonSet,
    Rang,
    RecordedLate,
    WatchLeft,
    WatchTaken,
)
from clearline.model.instants import Instant
from clearline.model.parties import Desk, DeskId, Medium, Person, PersonId
from clearline.picture.calls import begin, change
from clearline.picture.picture import Picture, RingKey, View, ring_key
from clearline.service.told import READABLE, readers
from clearline.service.words import About
from clearline.service.writer import Written

_LINE_ACTS: Final = (PartySet, DeskSet, PersonSet, WatchTaken, WatchLeft)
_UP_AGAIN: Final = "The node was down and is up again. What was ringing rings anew."
_KEPT_OF_ONE: Final = 3
"""How many rings of one person by one medium are let go with the newest."""


class ToRing(msgspec.Struct, frozen=True, kw_only=True):
    """Hold an attempt to hand over; the call stands as it did when it rang."""

    call: Call
    attempt: Attempt


class ToTell(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a person is told.

    Attributes:
        telling: What; nothing where they are told that the call is recorded now.
        text: The same in a sentence, as it stands in the log.
    """

    call: Call
    person: PersonId
    desk: DeskId
    medium: Medium
    telling: Telling | None = None
    text: str = ""


class ToLetGo(msgspec.Struct, frozen=True, kw_only=True):
    """Hold an attempt that rings no longer."""

    attempt: Attempt


Order = ToRing | ToTell | ToLetGo


class _Out(msgspec.Struct):
    """Hold what is out for one open call.

    Attributes:
        rings: The newest rings of each person by each medium, oldest first.
        keys: What it counts for, where it is a STOP.
    """

    rings: dict[tuple[PersonId, Medium], list[Attempt]] = msgspec.field(
        default_factory=dict
    )
    keys: set[RingKey] = msgspec.field(default_factory=set)


class Rung:
    """Hold the open calls, who is on the line, and what is out."""

    def __init__(self, view: View) -> None:
        """Begin with what stands; `view` is read here and never again."""
        self.calls: dict[CallId, Call] = {}
        self.unrecorded: set[CallId] = set()
        self._out: dict[CallId, _Out] = {}
        self._counted: dict[RingKey, set[CallId]] = {}
        self._line = _line_of(view)
        for call in view.open_calls():
            self.calls[call.id] = call
            for made in call.ringing:
                self._note(call, made)

    def still_out(self) -> Iterator[Order]:
        """Return what may not have left before the node went down.

        What was ringing is rung anew by the node when it comes up. A ring about a
        HOLD's end is not: it rings once, beside the ladder, and so goes out again.
        What callers were last told may be lost, so each is told how it stands.
        """
        for call in self.calls.values():
            for made in () if call.is_ringing else call.ringing:
                if made.joins is None and made.medium is not Medium.SCREEN:
                    yield ToRing(call=call, attempt=made)
            if call.kind in (Kind.STOP, Kind.HOLD):
                stands = Telling.HELD if call.holders else Telling.NOBODY_HAS_THIS
                told = DeskTold(
                    call=call.id,
                    desk=call.raised_by.desk,
                    telling=stands,
                    text=_UP_AGAIN,
                )
                yield from self._tell(call, told, call.changed_at or call.raised_at)

    def hear(self, written: Written) -> Iterator[Order]:
        """Take in what was decided and say what has to be done, in order."""
        for entry in written.entries:
            act = entry.act
            if isinstance(act, CALL_ACTS):
                if not written.is_durable:
                    self.unrecorded.add(act.call)
                yield from self._hear_of_call(act, entry.at)
            elif isinstance(act, RecordedLate):
                yield from self._recorded(act)
            elif isinstance(act, _LINE_ACTS):
                self._line.fold(entry)

    def still_rings(self, order: ToRing) -> bool:
        """Say whether an attempt has to be handed over yet."""
        call = self.calls.get(order.call.id)
        return call is not None and any(
            made.id == order.attempt.id for made in call.ringing
        )

    def about(self, order: ToRing | ToTell) -> About:
        """Gather what has to be said around the call of an order."""
        call = self.calls.get(order.call.id, order.call)
        raising = self._line.desks.get(call.raised_by.desk)
        party = self._line.parties.get(call.raised_by.party)
        return About(
            call=call,
            desk=raising.name if raising else call.raised_by.desk,
            party=party.name if party else call.raised_by.party,
            times=self._times(order) if isinstance(order, ToRing) else 1,
            is_durable=call.id not in self.unrecorded,
            is_outside=self._is_outside(call, order),
        )

    def person(self, person: PersonId) -> Person | None:
        """Look a person up."""
        return self._line.persons.get(person)

    # --- calls ----------------------------------------------------------------

    def _hear_of_call(self, act: CallAct, at: Instant) -> Iterator[Order]:
        before = self.calls.get(act.call)
        if isinstance(act, CallRaised):
            after = begin(at, act)
        elif before is None:
            return  # about a call that is over, or whose raising nobody showed us
        else:
            after = change(before, at, act)
        self.calls[after.id] = after
        yield from self._let_go(after, act)
        if isinstance(act, Rang):
            for made in act.attempts:
                self._note(after, made)
                if made.joins is None and made.medium is not Medium.SCREEN:
                    yield ToRing(call=after, attempt=made)
        elif isinstance(act, DeskTold):
            yield from self._tell(after, act, at)
        if not after.is_open:
            self._forget(after.id)

    def _let_go(self, call: Call, act: CallAct) -> Iterator[Order]:
        """Let go what rings no longer; a newer ring lets nothing go."""
        out = self._out.get(call.id)
        if out is None or isinstance(act, Rang):
            return
        if isinstance(act, HeardFrom | AttemptReported):
            yield from self._let_one_go(call, out, act)
        elif not call.ringing:
            for made in (one for rings in out.rings.values() for one in rings):
                yield ToLetGo(attempt=made)
            self._uncount(call.id, out)
            del self._out[call.id]

    def _let_one_go(
        self, call: Call, out: _Out, act: HeardFrom | AttemptReported
    ) -> Iterator[Order]:
        """Let one ring go where it was heard from; a failed one has gone already."""
        if any(made.id == act.attempt for made in call.ringing):
            return
        for rings in out.rings.values():
            for made in [one for one in rings if one.id == act.attempt]:
                rings.remove(made)
                if isinstance(act, HeardFrom):
                    yield ToLetGo(attempt=made)

    def _note(self, call: Call, made: Attempt) -> None:
        out = self._out.setdefault(call.id, _Out())
        if call.kind is Kind.STOP:
            key = ring_key(call, made.person, made.medium)
            out.keys.add(key)
            self._counted.setdefault(key, set()).add(call.id)
        if made.joins is None and made.medium is not Medium.SCREEN:
            rings = out.rings.setdefault((made.person, made.medium), [])
            rings.append(made)
            del rings[:-_KEPT_OF_ONE]

    def _uncount(self, call: CallId, out: _Out) -> None:
        for key in out.keys:
            counted = self._counted.get(key, set())
            counted.discard(call)
            if not counted:
                self._counted.pop(key, None)

    def _forget(self, call: CallId) -> None:
        del self.calls[call]
        self.unrecorded.discard(call)
        if (out := self._out.pop(call, None)) is not None:
            self._uncount(call, out)

    def _times(self, order: ToRing) -> int:
        if order.call.kind is not Kind.STOP:
            return 1
        made = order.attempt
        key = ring_key(order.call, made.person, made.medium)
        return max(1, len(self._counted.get(key, ())))

    # --- telling ----------------------------------------------------------------

    def _tell(self, call: Call, act: DeskTold, at: Instant) -> Iterator[Order]:
        """Tell whoever has the watch, or every member where nobody has it."""
        for person, medium in readers(self._line, call, act.desk, at):
            yield ToTell(
                call=call,
                person=person.id,
                desk=act.desk,
                medium=medium,
                telling=act.telling,
                text=act.text,
            )

    def _recorded(self, act: RecordedLate) -> Iterator[Order]:
        """Tell those who read "not yet recorded" that it is; nothing rings again."""
        for name in act.calls:
            call, out = self.calls.get(name), self._out.get(name)
            if name not in self.unrecorded or call is None or out is None:
                continue
            self.unrecorded.discard(name)
            for (person, medium), rings in out.rings.items():
                if medium in READABLE and rings:
                    yield ToTell(
                        call=call, person=person, desk=rings[-1].desk, medium=medium
                    )

    def _is_outside(self, call: Call, order: ToRing | ToTell) -> bool:
        desk = order.attempt.desk if isinstance(order, ToRing) else order.desk
        own: Desk | None = self._line.desks.get(desk)
        inside = (call.raised_by.party, call.to_party)
        return own is None or own.party not in inside


def _line_of(view: View) -> Picture:
    """Begin a picture of who is on the line, which goes on by itself."""
    line = Picture()
    for party in view.parties.values():
        line.keep(line.parties, party.id, party)
    members: dict[DeskId, tuple[PersonId, ...]] = {}
    for person in view.persons.values():
        line.keep(line.persons, person.id, person)
        members[person.desk] = (*members.get(person.desk, ()), person.id)
    for desk, those in members.items():
        line.keep(line.members, desk, those)
    for one in view.desks.values():
        line.keep(line.desks, one.id, one)
        line.keep(line.watches, one.id, view.watches.get(one.id) or ())
    line.settle()
    return line
