"""Lift one's own STOP or HOLD from a telephone, by call-back.

    RELEASE PIN 17      -->  a code goes to the number enrolled for that person
    482913 RELEASE      -->  the RELEASE of call 17 is proposed, known by call-back

Whoever only forges the number never hears the code. What is proposed lifts nothing
before the other side confirms it.
"""

from collections.abc import Callable
from typing import Final

from clearline.model.calls import AttemptId, Call, CallId, Kind
from clearline.model.commands import RaiseCall
from clearline.model.errors import BadInput
from clearline.model.instants import Duration, parse_instant, write_instant
from clearline.model.parties import Medium, PersonId, Strength
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
_LIFTED: Final = (Kind.STOP, Kind.HOLD)


class Lifting:
    """Propose a RELEASE for somebody on a telephone."""

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
        at = self._enrolled(heard, person)
        now = write_instant(self._clock.read().at)
        attempt = AttemptId(f"{_RELEASE} {now} {call.id}")
        code = self._codes.make(attempt, call.id, person)
        names: dict[str, object] = {"kind": call.kind, "number": call.number}
        text = heard.reply("release_sent", code=code, **names).text
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
            )
        )
        return heard.reply("release_calling", **names)

    def _propose(self, heard: Heard, person: PersonId, known: Known) -> Said:
        kind, _, rest = (known.attempt or "").partition(" ")
        if kind != _RELEASE:
            raise _no_code()
        sent_at, _, call = rest.partition(" ")
        now = self._clock.read().at
        if now - parse_instant(sent_at) > RELEASE_WITHIN:
            raise _no_code()
        if not self._codes.use(heard.meaning.secret):
            raise _no_code()
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
