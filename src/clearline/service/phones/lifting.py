"""Lift a STOP or HOLD from a telephone, by call-back: propose it, or confirm it.

    RELEASE PIN 17      -->  a code goes to the number enrolled for that person
    482913 RELEASE      -->  the RELEASE of call 17 is proposed, known by call-back

    PIN 6 18            -->  likewise, from the other side, about RELEASE 18
    482913 6            -->  RELEASE 18 is confirmed, and what it is of is lifted

    rung by voice at the enrolled number, 6 and the PIN pressed  -->  confirmed

Whoever only forges the number never hears the code; whoever only holds the telephone
does not know the PIN. What is proposed lifts nothing before the other side confirms.
"""

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from clearline.model.calls import Answer, AttemptId, Call, CallId, Kind
from clearline.model.commands import GiveAnswer, RaiseCall
from clearline.model.errors import BadInput
from clearline.model.instants import Duration, parse_instant, write_instant
from clearline.model.parties import Actor, Medium, PersonId, Strength
from clearline.picture.picture import View
from clearline.rules.refusals import UnknownCall, UnknownPerson, refuse
from clearline.service.calling import (
    SHORT_CHARACTERS,
    Address,
    AddressBook,
    Codes,
    Message,
    Said,
    Words,
)
from clearline.service.phones.asking import Ask, Looking, do, raised
from clearline.service.phones.heard import Heard, actor, spoken
from clearline.service.phones.proven import Known
from clearline.service.ports import Clock

RELEASE_WITHIN: Final = Duration(minutes=10)
"""How long the code of a RELEASE is good for."""

_RELEASE: Final = "release"
_CONFIRM: Final = "confirm"
_LIFTED: Final = (Kind.STOP, Kind.HOLD)


class Lifting:
    """Propose and confirm a RELEASE for somebody on a telephone."""

    def __init__(  # noqa: PLR0913 (what it is made of, by name)
        self,
        *,
        ask: Ask,
        looking: Looking,
        codes: Codes,
        addresses: AddressBook,
        clock: Clock,
        tell: Callable[[Message], None],
    ) -> None:
        """Ask the writer through `ask`; the code goes out by `tell`."""
        self._ask = ask
        self._looking = looking
        self._codes = codes
        self._addresses = addresses
        self._clock = clock
        self._tell = tell

    def lift(self, heard: Heard, person: PersonId, known: Known) -> Said:
        """Send the code to the enrolled number, or take it back and propose.

        Raises:
            ClearlineError: There is nothing to lift, or no number to send to.
        """
        if known.strength is Strength.CODE:
            return self._propose(heard, person, known)
        with self._looking() as view:
            by = actor(view, person, known.strength, heard.came)
            call = _own_call(view, by.party, heard.meaning.number)
        names: dict[str, object] = {"kind": call.kind, "number": call.number}
        self._send(heard, by, call, _RELEASE, "release_sent", names)
        return heard.reply("release_calling", **names)

    def confirm(
        self, heard: Heard, by: Actor, call: Call, known: Known, answer: Answer
    ) -> Said:
        """Confirm a RELEASE or refuse it, once its author is known by call-back.

        Raises:
            ClearlineError: It is not theirs to answer, or no number to send to.
        """
        names: dict[str, object] = {"kind": call.kind, "number": call.number}
        kind = (known.attempt or "").partition(" ")[0]
        is_back = known.strength is Strength.CODE and kind == _CONFIRM
        if is_back:
            self._take(heard, known)
        elif known.strength is Strength.CODE:
            return heard.reply("confirm_pin", **names)
        elif not _is_rung(call, heard, by):
            more = {"figure": heard.meaning.word.value, **names}
            self._send(heard, by, call, _CONFIRM, "confirm_sent", more)
            return heard.reply("confirm_calling", **names)
        by = replace(by, strength=Strength.CALL_BACK)
        detail = heard.meaning.rest
        do(self._ask, GiveAnswer(call=call.id, by=by, answer=answer, detail=detail))
        key = "confirmed" if answer is Answer.AFFIRM else "answered"
        return heard.reply(key, answer=answer, **names)

    def _send(  # noqa: PLR0913, PLR0917 (what the code is for, by name)
        self,
        heard: Heard,
        by: Actor,
        call: Call,
        what: str,
        key: str,
        names: dict[str, object],
    ) -> None:
        """Send a code to the number enrolled for a person."""
        person = by.person
        if person is None:
            raise _no_code()
        at = self._enrolled(heard, person)
        now = write_instant(self._clock.read().at)
        code = self._codes.make(AttemptId(f"{what} {now} {call.id}"), call.id, person)
        is_led = at.medium is Medium.VOICE and what == _RELEASE
        said = "release_voice" if is_led else key
        text = heard.reply(said, code=code, **names).text
        words = Words(
            language=heard.language,
            subject=text[:SHORT_CHARACTERS],
            short=text[:SHORT_CHARACTERS],
            text=text,
            spoken=spoken(text),
        )
        self._tell(
            Message(
                call=call.id,
                person=person,
                desk=by.desk,
                medium=at.medium,
                address=at.address,
                words=words,
                asks=is_led,
            )
        )

    def _propose(self, heard: Heard, person: PersonId, known: Known) -> Said:
        if not (known.attempt or "").startswith(f"{_RELEASE} "):
            raise _no_code()
        sent_at, call = self._take(heard, known)
        with self._looking() as view:
            by = actor(view, person, Strength.CALL_BACK, heard.came)
        asked = RaiseCall(
            call=CallId(f"{call}-release-{sent_at}"),
            kind=Kind.RELEASE,
            by=by,
            of=CallId(call),
        )
        numbers = (str(one.number) for one in raised(do(self._ask, asked)))
        return heard.reply("released", number=", ".join(numbers))

    def _take(self, heard: Heard, known: Known) -> tuple[str, str]:
        """Take a code back, once and in time; says when it was sent, for what call.

        Raises:
            UnknownCall: It is too old, or was taken before.
        """
        _, sent_at, call = (known.attempt or "").split(" ", 2)
        age = self._clock.read().at - parse_instant(sent_at)
        if age > RELEASE_WITHIN or not self._codes.use(heard.meaning.secret):
            raise _no_code()
        return sent_at, call

    def _enrolled(self, heard: Heard, person: PersonId) -> Address:
        """Find where the code goes: to a number enrolled before, and to no other."""
        media = [Medium.SMS, Medium.VOICE]
        if heard.came.medium is Medium.EMAIL:
            media.insert(0, Medium.EMAIL)
        for medium in media:
            for at in self._addresses.of(person, medium):
                return at
        raise refuse(
            UnknownPerson,
            "No number is enrolled for you that the code could be sent to.",
            "Ask the other desk to call you back.",
        )


def _is_rung(call: Call, heard: Heard, by: Actor) -> bool:
    """Say whether this is a talk on a ring of ours, to their own number, about it."""
    return heard.came.medium is Medium.VOICE and any(
        made.id == heard.came.attempt and made.person == by.person
        for made in call.ringing
    )


def _own_call(view: View, party: str, number: str) -> Call:
    for call in view.calls.values():
        is_own = call.raised_by.party == party and call.kind in _LIFTED
        if is_own and call.is_in_force and str(call.number) == number:
            return call
    raise refuse(
        UnknownCall,
        f"Your party has no STOP or HOLD {number} that binds.",
        "Send: RELEASE, PIN, the call's number.",
    )


def _no_code() -> BadInput:
    return refuse(
        UnknownCall,
        "That is not the code that lifts a call, or it is too old.",
        "Send: RELEASE, PIN, the call's number.",
    )
