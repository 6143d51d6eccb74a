"""Take what people say by telephone, message and mailbox, and say what to answer.

    came in --coded--> STOP, HOLD       ring at once; how surely it is known is said
                       1 to 7           an answer to what rings here
                       QUERY, a missed call, words nobody proved: own desk calls back
                       a missed call: the line itself rings back, too
                       RELEASE          a code to the enrolled number, and back
                       STATUS, HELP

| who says STOP                    | what follows                                     |
|----------------------------------|--------------------------------------------------|
| enrolled number and right PIN    | STOP, by that person                             |
| enrolled number, no or wrong PIN | HOLD in its desk's name, and its own desk is rung |
| any other number                 | this node's duty desk is rung to call back       |

A number proves nothing: numbers can be forged. A right PIN counts only from a number
enrolled for its person, and so does a ring's code. Wrong ones are counted for each
number; the lock that follows is never looked at for STOP and HOLD. Nothing that is
said here ends the ringing of a call but a proven acknowledgement.
"""

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

from clearline.model.calls import Call, Outcome
from clearline.model.commands import Enter, ReportAttempt
from clearline.model.entries import DeskTold, WordsHeard
from clearline.model.errors import ClearlineError
from clearline.model.instants import Duration
from clearline.model.parties import DeskId, Medium
from clearline.model.places import NamedOrigin
from clearline.rules.coded import Word, read_message
from clearline.service.beside import seal_words
from clearline.service.calling import AddressBook, CameIn, Codes, Message, Ring, Said
from clearline.service.phones.answers import Answers
from clearline.service.phones.asking import Ask, Looking
from clearline.service.phones.callers import Callers, Tellings
from clearline.service.phones.convoys import STATES, Convoys
from clearline.service.phones.heard import Heard, language_of, spoken
from clearline.service.phones.lifting import Lifting
from clearline.service.phones.proven import Pins, Prover, Tries, media_of
from clearline.service.phones.replies import say
from clearline.service.phones.ringing_back import RingingBack
from clearline.service.phones.sites import Sites
from clearline.service.phones.stops import Stops
from clearline.service.ports import Chance, Clock
from clearline.service.writer import Written

REMEMBERED: Final = 10_000
"""How many messages and numbers are remembered, against repeats and loops."""

REPLIES_WITHIN: Final = Duration(minutes=10)
MOST_REPLIES: Final = 10
"""How many replies one number gets in that time, but to STOP and HOLD."""

SHORTEST_NUMBER: Final = 7
"""Digits; shorter numbers, and names, belong to machines and are not answered."""

_MOST_LINES: Final = 4

_ORDINARY: Final = frozenset({Word.WHO, Word.WITHDRAW, *STATES})
"""Words a sentence may begin with that goes on to ask for a STOP."""


class Switchboard:
    """Take what comes in; the contract is `service.calling.Switchboard`."""

    def __init__(  # noqa: PLR0913 (what it is made of, by name)
        self,
        *,
        ask: Ask,
        looking: Looking,
        addresses: AddressBook,
        codes: Codes,
        pins: Pins,
        tries: Tries,
        callers: Callers,
        clock: Clock,
        chance: Chance,
        tell: Callable[[Message], None],
        duty_desk: DeskId | None = None,
        known: Callable[[Sequence[NamedOrigin]], Sequence[NamedOrigin]] = tuple,
    ) -> None:
        """Ask `ask` for what is said, and look at what stands through `looking`.

        Args:
            ask: Gives a command to the writer.
            looking: Opens a view of what stands, for a moment.
            addresses: Who is enrolled under which number.
            codes: The one-time codes of rings.
            pins: Whose PIN is which.
            tries: How many were wrong, from where.
            callers: Who raised which call from which number.
            clock: What tells node time.
            chance: What ids are drawn from.
            tell: Gives a message to a courier.
            duty_desk: The desk rung for what nobody proved; the first desk of the
                log with none above it where nothing is said.
            known: Adds to the origins of the log those known beside it.
        """
        self._ask = ask
        self._chance = chance
        self._looking = looking
        self._callers = callers
        self._clock = clock
        self._prover = Prover(addresses, codes, pins, tries)
        self._stops = Stops(
            ask=ask,
            looking=looking,
            prover=self._prover,
            callers=callers,
            addresses=addresses,
            chance=chance,
            duty_desk=duty_desk,
        )
        self._sites = Sites(ask, looking)
        self._convoys = Convoys(ask, looking)
        self._lifting = Lifting(
            ask=ask,
            looking=looking,
            codes=codes,
            addresses=addresses,
            clock=clock,
            tell=tell,
        )
        self._answers = Answers(ask, looking, codes, self._lifting, known)
        self._tellings = Tellings(callers, addresses, tell)
        self._ringing_back = RingingBack(clock, tell)
        self._lock = threading.Lock()
        self._taken: OrderedDict[tuple[str, str, str], None] = OrderedDict()
        self._replied: OrderedDict[tuple[str, str], list[float]] = OrderedDict()
        self.trouble: Exception | None = None

    def stop(self) -> None:
        """Look at no more PINs."""
        self._prover.stop()

    # --- what couriers call -------------------------------------------------------

    def report(self, ring: Ring, outcome: Outcome, detail: str = "") -> None:
        """Keep what became of a ring; returns at once."""
        self._ask(
            ReportAttempt(
                call=ring.call, attempt=ring.attempt, outcome=outcome, detail=detail
            )
        )

    def came_in(self, came: CameIn) -> Said:
        """Take what somebody said, do what it allows, and say what to answer.

        The same message, by its medium's own id, is taken once and answered once.
        An empty text means that nothing is said back.
        """
        if self._is_repeat(came):
            return Said(text="", spoken="")
        enrolled = self._prover.enrolled(came)
        heard = Heard(
            came=came,
            meaning=read_message(came.words),
            enrolled=enrolled,
            language=language_of(came.words, enrolled),
        )
        try:
            answer = self._take(heard)
        except ClearlineError as error:
            answer = heard.reply("refused", why=f"{error.what} {error.next}")
        except Exception as error:  # noqa: BLE001 (a fault of ours never cuts a line)
            self.trouble = error
            key = "rings_anyway" if heard.calls else "not_raised"
            answer = heard.reply(key, why="A fault of ours.")
        self._keep_words(heard)
        if not self._may_reply(heard):
            return Said(text="", spoken=answer.spoken)
        return answer

    def hear(self, written: Written) -> None:
        """Tell whoever raised a call by telephone how it stands, as that changes."""
        tellings = [
            (entry.at, entry.act)
            for entry in written.entries
            if isinstance(entry.act, DeskTold)
        ]
        if not tellings:
            return
        with self._looking() as view:
            for at, act in tellings:
                call = view.calls.get(act.call)
                if call is not None:
                    self._tellings.tell(view, call, act, at)

    def _keep_words(self, heard: Heard) -> None:
        """Keep the first words by their hash; nobody waits for that."""
        if not heard.came.words:
            return
        words, beside = seal_words(heard.meaning.masked, self._chance)
        act = WordsHeard(
            medium=heard.came.medium,
            words=words,
            enrolled=tuple(one.person for one in heard.enrolled),
            calls=tuple(heard.calls),
        )
        self._ask(Enter(act=act), beside)

    # --- what is said -------------------------------------------------------------

    def _take(self, heard: Heard) -> Said:  # noqa: PLR0911 (one for each thing said)
        meaning, has_words = heard.meaning, bool(heard.came.words.strip())
        if meaning.is_urgent:
            return self._stops.stop(heard)
        if not has_words and heard.came.medium is Medium.VOICE:
            self._ringing_back.ring_back(heard)
            return self._stops.call_back(heard, "missed")
        match meaning.word:
            case Word.QUERY:
                return self._stops.call_back(heard, "queried")
            case Word.HELP | Word.NOTHING if meaning.has_stop:
                return self._stops.at_desk(heard)
            case word if meaning.has_stop and word in _ORDINARY:
                return self._stop_among(heard)
            case Word.HELP:
                return heard.reply("help")
            case _ if not heard.enrolled or not has_words:
                return heard.reply("help")
            case Word.STATUS:
                return self._status(heard)
            case _:
                return self._answer(heard)

    def _stop_among(self, heard: Heard) -> Said:
        """Ring a desk for a STOP in a sentence that begins like something else.

        What it begins with is done as well, where a PIN came with it.
        """
        if heard.meaning.secret and heard.enrolled:
            with contextlib.suppress(ClearlineError):
                self._answer(heard)
        return self._stops.at_desk(heard)

    def _answer(self, heard: Heard) -> Said:
        known = self._prover.prove(heard)
        if heard.meaning.word in (Word.WHO, Word.WITHDRAW):
            return self._sites.take(heard, known)
        if heard.meaning.word in STATES:
            return self._convoys.take(heard, known)
        if heard.meaning.word is Word.RELEASE and known.person is not None:
            return self._lifting.lift(heard, known.person, known)
        return self._answers.take(heard, known)

    def _status(self, heard: Heard) -> Said:
        calls = [
            call
            for medium in media_of(heard.came.medium)
            for call in self._callers.calls_from(medium, heard.came.address)
        ]
        with self._looking() as view:
            found = [c for c in map(view.calls.get, calls) if c is not None]
            lines = [_stands(heard, call) for call in found if call.is_open]
            lines = lines or [_stands(heard, call) for call in found[:1]]
        text = " ".join(lines[:_MOST_LINES]) or say(heard.language, "status_none")
        return Said(text=text, spoken=spoken(text))

    # --- repeats and loops ----------------------------------------------------------

    def _is_repeat(self, came: CameIn) -> bool:
        if not came.id:
            return False
        key = (came.medium.value, came.address, came.id)
        with self._lock:
            if key in self._taken:
                return True
            self._taken[key] = None
            while len(self._taken) > REMEMBERED:
                self._taken.popitem(last=False)
        return False

    def _may_reply(self, heard: Heard) -> bool:
        """Say whether a reply goes out: machines get none, and nobody gets a flood."""
        came = heard.came
        digits = sum(c.isdigit() for c in came.address)
        is_machine = came.medium is Medium.SMS and digits < SHORTEST_NUMBER
        if is_machine:
            return False
        if heard.meaning.is_urgent or came.medium is Medium.VOICE:
            return True
        now = self._clock.read().at.timestamp()
        key = (came.medium.value, came.address)
        since = now - REPLIES_WITHIN.total_seconds()
        with self._lock:
            lately = [at for at in self._replied.pop(key, []) if at > since]
            may = len(lately) < MOST_REPLIES
            self._replied[key] = [*lately, now] if may else lately
            while len(self._replied) > REMEMBERED:
                self._replied.popitem(last=False)
        return may


def _stands(heard: Heard, call: Call) -> str:
    """Say in a line how a call stands."""
    names: dict[str, object] = {"kind": call.kind, "number": call.number}
    if not call.is_open:
        return say(heard.language, "status_over", ending=call.ending, **names)
    if call.has_ceased_at is not None:
        return say(heard.language, "status_ceased", **names)
    if call.holders:
        desk = call.holders[0].by.desk
        return say(heard.language, "status_has", desk=desk, **names)
    return say(heard.language, "status_nobody", count=call.rings, **names)
