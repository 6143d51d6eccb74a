"""Ring people by voice, and take calls that come in, over a SIP trunk.

    ring --dial--> answered --card, keys--> switchboard --answer, spoken-->
             |
             +-- busy, no answer --> NO ANSWER; the ladder rings anew
             +-- no such number  --> FAILED, in the trunk's words
             '-- dead trunk      --> again, by the queue's clock, then FAILED

That somebody picked up is *delivered* and no more: a mailbox picks up too. One line
is kept for calls that come in, so that nobody who rings here is told that we are
ringing others. Voice is optional: without its programs it says so and is not set up.
"""

import queue
import re
import shutil
import threading
import time
from pathlib import Path
from typing import Final, Protocol

from msgspec.structs import replace

from clearline.adapters.couriers.backlog import Item
from clearline.adapters.couriers.baresip import PROGRAM, Event, Line, LineDead
from clearline.adapters.couriers.queue import Carried, Later, Queue, Refused
from clearline.adapters.couriers.voice_speech import SPEAKER, CannotSpeak, speak
from clearline.adapters.couriers.voice_talk import CallerTalk, RingTalk, Step
from clearline.adapters.settings import Voice
from clearline.model.calls import AttemptId, Outcome
from clearline.model.parties import Medium
from clearline.service.calling import (
    AddressBook,
    CameIn,
    CourierStanding,
    CourierState,
    Message,
    Ring,
    Switchboard,
)
from clearline.service.phones.replies import DEFAULT
from clearline.service.ports import Chance, Clock

KEY_WITHIN_S: Final = 10.0
"""How long somebody has to press the next key, after what was spoken."""

TALK_FOR_S: Final = 600.0
"""How long one talk lasts at most."""

NOT_INSTALLED: Final = f"voice not installed: apt-get install baresip-core {SPEAKER}"

SILENT_FOR_S: Final = 20.0
"""How long a trunk may take to say that it rings, before it counts as dead."""

_BUSY: Final = frozenset({"486", "600"})
_NO_ANSWER: Final = frozenset({"408", "480", "487", "603"})
_NO_NUMBER: Final = frozenset({"404", "410", "484", "604"})
_LOOK_S: Final = 0.5
_PHONE: Final = re.compile(r"\+?[0-9]{3,20}|[a-z][a-z0-9.-]{0,30}")
_USER: Final = re.compile(r"sips?:([^@;>]*)@")


class Talk(Protocol):
    """Lead a talk by keys."""

    def begin(self) -> Step:
        """Say the first thing."""

    def key(self, key: str) -> Step:
        """Take a key."""

    def answered(self, spoken: str) -> Step:
        """Speak what the switchboard answered."""

    def silence(self) -> Step:
        """Take that nothing was pressed."""

    def hung_up(self) -> str | None:
        """Say what was pressed before somebody hung up."""


class VoiceCourier:
    """Ring by voice; the contract is `service.calling.Courier`."""

    medium: Medium = Medium.VOICE

    def __init__(
        self, settings: Voice, *, addresses: AddressBook, clock: Clock, chance: Chance
    ) -> None:
        """Use these settings; no process runs before `start`.

        Args:
            settings: The trunk; without a server nobody is rung.
            addresses: Says which language is spoken with whom.
            clock: What tells node time.
            chance: Where jitter comes from.
        """
        self._settings = settings
        self._addresses = addresses
        self._clock = clock
        self.queue = Queue(
            Medium.VOICE,
            self._carry,
            clock=clock,
            chance=chance,
            hands=settings.lines,
        )
        self._switchboard: Switchboard | None = None
        self._stopping = threading.Event()
        self._gone: set[AttemptId] = set()
        self._in = Line(settings, settings.port, is_registered=True)
        self._lines = [
            Line(settings, 0, is_registered=False) for _ in range(settings.lines)
        ]
        self._free: queue.Queue[Line] = queue.Queue()
        for line in self._lines:
            self._free.put(line)
        self._taking = threading.Thread(target=self._take_calls, daemon=True)

    # --- the contract -------------------------------------------------------------

    def start(self, switchboard: Switchboard) -> None:
        """Begin to carry, and to take calls."""
        self._switchboard = switchboard
        self.queue.start(switchboard)
        if not self._why_not():
            self._taking.start()

    def ring(self, ring: Ring) -> None:
        """Take a ring; returns at once."""
        self.queue.put(ring)

    def tell(self, message: Message) -> None:
        """Take a message; it is spoken to whoever picks up. Returns at once."""
        self.queue.put(message)

    def let_go(self, attempt: AttemptId) -> None:
        """Stop ringing; a talk that has begun goes on."""
        self._gone.add(attempt)
        self.queue.let_go(attempt)

    def test(self) -> CourierState:
        """See whether the programs run and the trunk took us in; ten seconds."""
        if not self._why_not():
            try:
                self._in.ensure()
            except LineDead as error:
                self.queue.note(str(error))
            else:
                until = time.monotonic() + KEY_WITHIN_S / 2
                while self._settings.register and not self._in.is_registered:
                    if time.monotonic() > until:
                        break
                    self._in.ask_registered()
                    self._stopping.wait(_LOOK_S / 5)
        return self.state()

    def state(self) -> CourierState:
        """Say how it stands, without asking anybody."""
        state, why_not = self.queue.state(), self._why_not()
        if why_not:
            return replace(state, standing=CourierStanding.NOT_SET_UP, trouble=why_not)
        if state.standing is not CourierStanding.READY:
            return state
        if self._settings.register and not self._in.is_registered:
            why = self._in.register_said or "not registered at the trunk yet"
            return replace(state, standing=CourierStanding.TROUBLED, trouble=why)
        return state

    def stop(self) -> None:
        """Hang up and end every process."""
        self._stopping.set()
        self.queue.stop()
        for line in (self._in, *self._lines):
            line.stop()

    def _why_not(self) -> str:
        if not self._settings.server:
            return "no trunk is named in the section [voice] of the settings"
        is_here = shutil.which(PROGRAM) and shutil.which(SPEAKER)
        return "" if is_here else NOT_INSTALLED

    # --- out ------------------------------------------------------------------------

    def _carry(self, item: Item) -> Carried:
        """Make one call from its dialling to its end.

        Raises:
            Later: The trunk is dead, or no line is.
            Refused: The number is none, or nothing is set up.
        """
        if why_not := self._why_not():
            raise Refused(why_not)
        if _PHONE.fullmatch(item.address) is None:
            raise Refused(f"{item.address!r} is no telephone number")
        line = self._free.get()
        try:
            line.ensure()
            line.forget()
            line.dial(item.address)
            self._wait_for_answer(line, item)
            if isinstance(item, Ring) and self._switchboard is not None:
                self._switchboard.report(item, Outcome.DELIVERED, "picked up")
            self._talk(line, _talk_of(item), item)
            return Carried(outcome=Outcome.DELIVERED, detail="picked up")
        except _NotReached as reached:
            return Carried(outcome=Outcome.NO_ANSWER, detail=str(reached))
        except (LineDead, CannotSpeak) as error:
            raise Later(str(error)) from error
        finally:
            line.hang_up()
            self._free.put(line)

    def _wait_for_answer(self, line: Line, item: Item) -> None:
        """Wait until somebody picks up.

        Raises:
            _NotReached: Busy, nobody, or somebody else has it by now.
            Later, Refused: As `_carry`.
        """
        attempt = item.attempt if isinstance(item, Ring) else None
        begun, is_ringing = time.monotonic(), False
        until = begun + self._settings.ring_s
        while (left := until - time.monotonic()) > 0:
            if not is_ringing and time.monotonic() - begun > SILENT_FOR_S:
                raise Later("the trunk says nothing")
            if attempt is not None and attempt in self._gone:
                raise _NotReached("let go: somebody had the call")
            if self._stopping.is_set():
                raise _NotReached("the node is stopping")
            event = _next(line, min(left, _LOOK_S))
            if event is not None and event.kind == "established":
                return
            if event is not None and event.kind == "closed":
                raise _closed(event.detail)
            is_ringing = is_ringing or event is not None
        raise _NotReached("nobody picked up")

    # --- in -------------------------------------------------------------------------

    def _take_calls(self) -> None:
        """Take every call that comes in, one at a time."""
        while not self._stopping.is_set():
            try:
                self._in.ensure()
                if not self._in.is_registered:
                    self._in.ask_registered()
                event = _next(self._in, _LOOK_S)
                if event is not None and event.kind == "incoming":
                    self._take_call(_number(event.peer))
            except Exception as error:  # noqa: BLE001 (whatever breaks, the next call is taken)
                if not self._stopping.is_set():
                    self.queue.note(str(error) or repr(error))
                    self._in.hang_up()
                    self._stopping.wait(_LOOK_S)

    def _take_call(self, number: str) -> None:
        enrolled = self._addresses.whose(Medium.VOICE, number)
        language = enrolled[0].language if enrolled else DEFAULT
        self._in.accept()
        while (event := _next(self._in, KEY_WITHIN_S)) is not None:
            if event.kind == "closed":
                self._say(number, "", None)
                return
            if event.kind == "established":
                self._talk_with(self._in, CallerTalk(language), number, language, None)
                break
        self._in.hang_up()

    # --- talking ----------------------------------------------------------------------

    def _talk(self, line: Line, talk: Talk | None, item: Item) -> None:
        if talk is None:
            seconds = self._speak(line, item.words.spoken, item.words.language)
            _wait_closed(line, seconds + 1.0)
            return
        ring = item if isinstance(item, Ring) else None
        self._talk_with(line, talk, item.address, item.words.language, ring)

    def _talk_with(
        self,
        line: Line,
        talk: Talk,
        number: str,
        language: str,
        ring: Ring | None,
    ) -> None:
        """Lead a talk to its end; what was pressed before hanging up is said too."""
        until = time.monotonic() + TALK_FOR_S
        step, patience = talk.begin(), KEY_WITHIN_S
        while time.monotonic() < until:
            if step.words is not None:
                step = talk.answered(self._say(number, step.words, ring))
                continue
            if step.speak:
                patience = self._speak(line, step.speak, language) + KEY_WITHIN_S
            if step.is_over:
                _wait_closed(line, patience - KEY_WITHIN_S + 1.0)
                return
            event = _next(line, patience)
            if event is None:
                step = talk.silence()
            elif event.kind == "key" and event.detail:
                step = talk.key(event.detail)
            elif event.kind == "closed":
                words = talk.hung_up()
                if words is not None:
                    self._say(number, words, ring)
                return
            else:
                step = Step()

    def _speak(self, line: Line, text: str, language: str) -> float:
        path = Path(line.folder) / f"say-{time.monotonic_ns()}.wav"
        seconds = speak(text, language, path)
        line.play(path)
        return seconds

    def _say(self, number: str, words: str, ring: Ring | None) -> str:
        if self._switchboard is None:
            return ""
        came = CameIn(
            medium=Medium.VOICE,
            address=number,
            words=words,
            at=self._clock.read().at,
            attempt=ring.attempt if ring else None,
            call=ring.call if ring else None,
            raw=words.encode(),
        )
        return self._switchboard.came_in(came).spoken


class _NotReached(Exception):
    """Say that nobody was reached."""


def _talk_of(item: Item) -> Talk | None:
    language = item.words.language
    if isinstance(item, Ring):
        return RingTalk(item.words.spoken, item.code, language, item.kind)
    return CallerTalk(language, item.words.spoken) if item.asks else None


def _next(line: Line, within_s: float) -> Event | None:
    try:
        return line.events.get(timeout=within_s)
    except queue.Empty:
        return None


def _wait_closed(line: Line, within_s: float) -> None:
    until = time.monotonic() + within_s
    while (left := until - time.monotonic()) > 0:
        event = _next(line, left)
        if event is not None and event.kind == "closed":
            return


def _closed(detail: str) -> Exception:
    """Say what it means that a call was closed before anybody picked up."""
    code = detail.split(" ", maxsplit=1)[0]
    if code in _BUSY:
        return _NotReached("busy")
    if code in _NO_ANSWER:
        return _NotReached(f"nobody picked up: {detail}")
    if code in _NO_NUMBER:
        return Refused(f"the trunk said: {detail}")
    return Later(f"the trunk said: {detail or 'nothing'}")


def _number(peer: str) -> str:
    """Read the number of whoever calls, as it is enrolled."""
    found = _USER.match(peer)
    user = found[1] if found else peer
    return f"+{user}" if user.isdigit() and not user.startswith("0") else user
