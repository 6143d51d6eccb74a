"""Ring for a STOP or HOLD said by telephone: proven, as a HOLD, or at one's own desk.

| who says it                      | what follows                                     |
|----------------------------------|--------------------------------------------------|
| enrolled number and right PIN    | STOP or HOLD, by that person                     |
| enrolled number, no or wrong PIN | HOLD in its desk's name, and its own desk is rung |
| any other number                 | this node's duty desk is rung to call back       |
"""

import hashlib
from concurrent.futures import Future
from contextlib import suppress
from typing import Final

from msgspec.structs import replace

from clearline.geo.reading import read_place
from clearline.model.calls import CallId, Card, Kind, Precedence
from clearline.model.commands import RaiseCall
from clearline.model.errors import BadInput, ClearlineError
from clearline.model.notices import NoticeId
from clearline.model.parties import Actor, Desk, DeskId, Medium, Strength
from clearline.model.places import Place
from clearline.picture.picture import View
from clearline.rules.coded import Word
from clearline.rules.refusals import UnknownDesk, refuse
from clearline.service.calling import Address, AddressBook, CameIn, Said
from clearline.service.phones.asking import Ask, Looking, do, raised
from clearline.service.phones.callers import Callers
from clearline.service.phones.heard import Heard
from clearline.service.phones.proven import Known, Prover
from clearline.service.ports import Chance

STOP_WITHIN_S: Final = 2.0
"""How long somebody who says STOP waits to hear its number, seconds."""

_LONGEST_HEARD: Final = 400
_ALONE: Final = 1


class Stops:
    """Raise what somebody on a telephone asks to stop."""

    def __init__(  # noqa: PLR0913 (what it is made of, by name)
        self,
        *,
        ask: Ask,
        looking: Looking,
        prover: Prover,
        callers: Callers,
        addresses: AddressBook,
        chance: Chance,
        duty_desk: DeskId | None,
    ) -> None:
        """Raise through `ask`.

        Args:
            ask: Gives a command to the writer.
            looking: Opens a view of what stands, for a moment.
            prover: Knows who speaks.
            callers: Keeps who raised which call from which number.
            addresses: Says whether a telephone that rang can be written to.
            chance: What ids are drawn from where a message has none.
            duty_desk: Rung where nobody else would call back; the first desk of the
                log with none above it where nothing is said.
        """
        self._ask = ask
        self._looking = looking
        self._prover = prover
        self._callers = callers
        self._addresses = addresses
        self._chance = chance
        self._duty_desk = duty_desk

    def stop(self, heard: Heard) -> Said:
        """Ring for a STOP or HOLD.

        Raises:
            ClearlineError: It came from an unknown number, and no desk can be rung.
        """
        if not heard.enrolled:
            return self.at_desk(heard)
        known = self._prover.prove(heard)
        try:
            asked = self._asked(heard, known)
            written = do(self._ask, asked, STOP_WITHIN_S)
        except ClearlineError as error:
            self._also_ring(heard, f"Nothing was raised: {error.what}")
            return heard.reply("not_raised", why=f"{error.what} {error.next}")
        calls = raised(written)
        heard.calls.extend(call.call for call in calls)
        at = self._told_at(heard, known)
        for call in calls:
            self._callers.keep(call.call, at)
        numbers = ", ".join(str(call.number) for call in calls)
        if known.person is None:
            self._also_ring(heard, f"HOLD {numbers} rings for it.")
            if known.later is not None:
                known.later.add_done_callback(
                    lambda done: self._prove_late(heard, done)
                )
            answer = heard.reply("heard_hold", numbers=numbers)
        else:
            answer = heard.reply("raised", kind=asked.kind, numbers=numbers)
        return answer if written.is_durable else _and(answer, heard.reply("unrecorded"))

    def at_desk(self, heard: Heard) -> Said:
        """Ring a desk to call back about a STOP that nobody proved."""
        self.ring_own_desk(heard, "Nothing was raised for it.")
        return heard.reply("heard_desk")

    def call_back(self, heard: Heard, key: str) -> Said:
        """Have somebody's own desk call back; an unknown number is only helped."""
        if not heard.enrolled:
            return heard.reply("help")
        return heard.reply(key, numbers=self.ring_own_desk(heard, ""))

    def _also_ring(self, heard: Heard, why: str) -> None:
        """Ring the desk that calls back; what was said of the call holds without."""
        with suppress(ClearlineError):
            self.ring_own_desk(heard, why)

    def ring_own_desk(self, heard: Heard, why: str) -> str:
        """Ring the desk that calls back; return the number of its call.

        While one still rings for the same words from the same number, it rings once.

        Raises:
            ClearlineError: There is none, or the writer refused.
        """
        came, meaning = heard.came, heard.meaning
        words = _cut(meaning.masked.strip() or "a missed call", _LONGEST_HEARD)
        who = ", ".join(one.person for one in heard.enrolled) or "unknown"
        card = Card(
            what=f"Call back {came.address} ({came.medium}, {who}). Unproven: {words}",
            why=why,
        )
        with self._looking() as view:
            desk = self._own_desk(view, heard)
            for call in view.open_calls():
                if call.kind is Kind.QUERY and call.card.what == card.what:
                    return str(call.number)
        by = Actor(
            party=desk.party,
            desk=desk.id,
            strength=Strength.HEARD,
            device=f"{came.medium} switchboard",
        )
        asked = RaiseCall(
            call=CallId(f"{self._id(came)}-back"),
            kind=Kind.QUERY,
            by=by,
            to_desk=desk.id,
            card=card,
            precedence=Precedence.IMMEDIATE if meaning.has_stop else None,
        )
        calls = raised(do(self._ask, asked, STOP_WITHIN_S))
        heard.calls.extend(call.call for call in calls)
        return ", ".join(str(call.number) for call in calls)

    def _prove_late(self, heard: Heard, done: "Future[Known]") -> None:
        """Raise the STOP whose PIN took longer to look up than a HOLD could wait."""
        if done.cancelled() or done.exception() is not None:
            return
        known = done.result()
        if known.person is None or heard.meaning.word is not Word.STOP:
            return
        with suppress(ClearlineError):  # the HOLD rings, and a desk calls back
            asked = self._asked(heard, known)
            asked = replace(asked, call=CallId(f"{asked.call}-proven"))
            for call in raised(do(self._ask, asked)):
                self._callers.keep(call.call, self._told_at(heard, known))

    def _told_at(self, heard: Heard, known: Known) -> Address:
        """Say where the caller is told how it stands: in writing, if it can be."""
        own = [a for a in heard.enrolled if a.person == known.person]
        at = (own or list(heard.enrolled))[0]
        if heard.came.medium is not Medium.VOICE:
            return at
        written = self._addresses.whose(Medium.SMS, at.address)
        return next((a for a in written if a.person == at.person), at)

    def _asked(self, heard: Heard, known: Known) -> RaiseCall:
        is_stop = heard.meaning.word is Word.STOP and known.person is not None
        with self._looking() as view:
            by = _actor(view, heard, known)
            card = _card(view, heard, by, known)
        return RaiseCall(
            call=self._id(heard.came),
            kind=Kind.STOP if is_stop else Kind.HOLD,
            by=by,
            card=card,
        )

    def _own_desk(self, view: View, heard: Heard) -> Desk:
        """Find who calls back: the caller's own desk, or the one above one alone.

        Where everybody above is alone too, the highest of them: another party's desk
        is told nothing of whose number it is while the caller's own has one above.
        """
        for address in heard.enrolled:
            person = view.persons.get(address.person)
            desk = view.desks.get(person.desk) if person else None
            above = None
            while desk is not None and _is_alone(view, desk):
                desk = view.desks.get(desk.under) if desk.under else None
                above = desk or above
            own = desk or above
            if own is not None:
                return own
        named = view.desks.get(self._duty_desk) if self._duty_desk else None
        tops = (desk for desk in view.desks.values() if desk.under is None)
        found = named or next(tops, None)
        if found is None:
            raise refuse(
                UnknownDesk,
                "There is no desk on this line that could call back.",
                "Use voice now.",
            )
        return found

    def _id(self, came: CameIn) -> CallId:
        """Make an id that the same message makes again."""
        if not came.id:
            return CallId(f"phone-{self._chance.draw(8).hex()}")
        of = f"{came.medium}\n{came.address}\n{came.id}"
        digest = hashlib.sha256(of.encode("utf-8", "replace")).hexdigest()
        return CallId(f"phone-{digest[:16]}")


def _actor(view: View, heard: Heard, known: Known) -> Actor:
    """Say who acts: the person, or the desk the number is enrolled at."""
    person = view.persons.get(known.person or heard.enrolled[0].person)
    desk = view.desks.get(person.desk) if person else None
    if person is None or desk is None:
        raise refuse(
            UnknownDesk,
            "The number is enrolled for somebody who is on this line no more.",
            "Use voice now, and have the number enrolled anew.",
        )
    return Actor(
        party=desk.party,
        desk=desk.id,
        strength=known.strength,
        person=known.person,
        device=heard.came.medium.value,
    )


def _card(view: View, heard: Heard, by: Actor, known: Known) -> Card:
    """Fill the card from a site's number and from free words."""
    number, words = heard.meaning.number, heard.meaning.rest
    if known.person is None and heard.meaning.secret and not number:
        number = heard.meaning.secret  # no PIN of theirs: it may be the site
    why = "" if known.person else "Heard from an enrolled number without its PIN."
    notice = view.notices.get(NoticeId(number)) if number else None
    if notice is not None and notice.owner == by.party:
        told = notice.revision
        return Card(where=told.where, where_again=told.where_again, what=words, why=why)
    if number and known.person is not None:
        words = f"Site {number}, which is not on file here. {words}".strip()
    return Card(where=_place(view, heard.meaning.rest), what=words, why=why)


def _place(view: View, words: str) -> Place | None:
    """Read a place where the words are one and can mean nothing else."""
    try:
        readings = read_place(words, tuple(view.origins.values()))
    except BadInput:
        return None
    return readings[0].place if len(readings) == 1 else None


def _is_alone(view: View, desk: Desk) -> bool:
    return desk.is_single_handed or len(view.members_of(desk.id)) <= _ALONE


def _and(first: Said, second: Said) -> Said:
    return Said(
        text=f"{first.text} {second.text}", spoken=f"{first.spoken} {second.spoken}"
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
