"""Say what a courier carries, what comes back, and what a courier has to promise.

    decided --dispatch--> Ring, Message --courier--> a person
    a person --courier--> CameIn --switchboard--> command, and Said back to them

A courier never acknowledges anything. It carries words both ways and reports what
became of a ring; whether somebody has a call is decided from the ring's one-time
code, or from the person's PIN, and by nothing else.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

import msgspec

from clearline.model.calls import AttemptId, CallId, Kind, Outcome, Precedence
from clearline.model.instants import Instant
from clearline.model.parties import DeskId, Medium, PersonId

SHORT_CHARACTERS = 160
"""How long a short text may be: one SMS of GSM 03.38 characters."""


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one content in the lengths that media need, in one language.

    Attributes:
        language: BCP 47 tag.
        subject: A line, for a mailbox or a notification.
        short: At most `SHORT_CHARACTERS`.
        text: Whole, plain text, lines of any length.
        spoken: For a voice: numbers digit by digit, places spelled.
    """

    language: str
    subject: str
    short: str
    text: str
    spoken: str


class Ring(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one attempt as a courier carries it.

    Attributes:
        number: The call's spoken number.
        address: Telephone number (E.164), mailbox, URL or subscription.
        code: The attempt's one-time code, digits.
        times: How many open STOPs of the same source and place it stands for.
        is_durable: Whether the call is recorded; if not, the words say so.
    """

    attempt: AttemptId
    call: CallId
    number: int
    kind: Kind
    precedence: Precedence
    person: PersonId
    desk: DeskId
    medium: Medium
    address: str
    code: str
    words: Words
    times: int = 1
    is_durable: bool = True


class Enclosed(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a file of plain text that goes with a message; by e-mail alone."""

    name: str
    text: str


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what somebody is told without being asked to answer.

    Attributes:
        asks: Whether whoever picks up is then led through the menu of the line, as
            if they had called it. For a voice alone.
        name: What makes it the same message when it is sent again; its words, where
            this is empty.
        became: Is told what became of it, from any thread, and returns at once. By
            e-mail alone.
    """

    call: CallId | None
    person: PersonId
    desk: DeskId
    medium: Medium
    address: str
    words: Words
    asks: bool = False
    name: str = ""
    enclosed: Enclosed | None = None
    became: Callable[[Outcome, str], None] | None = None


class CameIn(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what came in over a medium.

    Attributes:
        address: Where it says it came from; proves nothing.
        words: What was said or written, or the digits pressed.
        attempt: The ring it answers, where the medium knows that.
        call: The call that ring is of; the ladder may have rung anew meanwhile.
        id: The medium's own id of it, so that a repeat is known; may be empty.
        raw: The bytes as they came, where there are any; kept by their hash.
    """

    medium: Medium
    address: str
    words: str
    at: Instant
    attempt: AttemptId | None = None
    call: CallId | None = None
    id: str = ""
    raw: bytes = b""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what is said back to whoever came in.

    Attributes:
        text: For a screen or a short message.
        spoken: For a voice.
        is_over: Whether nothing more is expected of them.
        keys: What each key of a telephone would mean now, for a voice menu.
    """

    text: str
    spoken: str
    is_over: bool = True
    keys: tuple[tuple[str, str], ...] = ()


class Switchboard(Protocol):
    """Take what couriers report and what comes in."""

    def report(self, ring: Ring, outcome: Outcome, detail: str = "") -> None:
        """Keep what became of a ring; returns at once."""

    def came_in(self, came: CameIn) -> Said:
        """Take what somebody said, do what it allows, and say what to answer.

        It waits for the writer: at most the disk's 50 ms for a STOP or HOLD.
        """


class CourierStanding(StrEnum):
    """Say whether a courier can carry anything now."""

    NOT_SET_UP = "not set up"
    READY = "ready"
    TROUBLED = "troubled"
    DEAD = "dead"


class CourierState(msgspec.Struct, frozen=True, kw_only=True):
    """Say how a courier stands.

    Attributes:
        waiting: Rings and messages it has not delivered or given up yet.
        worked_at: When its gateway last took something.
        trouble: What it last said where it did not.
    """

    medium: Medium
    standing: CourierStanding
    waiting: int = 0
    worked_at: Instant | None = None
    trouble: str = ""


class Courier(Protocol):
    """Carry rings and messages over one medium.

    Each ring is delivered at least once, or reported as failed. It has a queue and
    a retry clock of its own and never makes its caller wait. A STOP's ring goes
    before everything else in the queue.
    """

    medium: Medium

    def start(self, switchboard: Switchboard) -> None:
        """Begin to carry; what comes in goes to the switchboard."""

    def ring(self, ring: Ring) -> None:
        """Take a ring; returns at once, whatever the gateway does.

        One attempt rings at each address a person has of the medium, so the same
        attempt may come several times, with another address each time.
        """

    def tell(self, message: Message) -> None:
        """Take a message; returns at once."""

    def let_go(self, attempt: AttemptId) -> None:
        """Stop ringing: somebody has the call, or it is over."""

    def test(self) -> CourierState:
        """Ask the gateway whether it is there; at most ten seconds."""

    def state(self) -> CourierState:
        """Say how it stands, without asking anybody; returns at once."""

    def stop(self) -> None:
        """Stop carrying; what is waiting stays in the log as attempts."""


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Hold where a person is reached by a medium; never in the log.

    Attributes:
        place: The first is tried first; dead ones sink.
        language: BCP 47 tag of what is written or spoken there.
    """

    person: PersonId
    medium: Medium
    address: str
    place: int = 0
    language: str = "en"


class AddressBook(Protocol):
    """Keep where persons are reached."""

    def of(self, person: PersonId, medium: Medium) -> tuple[Address, ...]:
        """List a person's addresses of a medium, the first to try first."""

    def whose(self, medium: Medium, address: str) -> tuple[Address, ...]:
        """List who is enrolled under an address: several people may share one."""


class Codes(Protocol):
    """Keep the one-time codes of attempts."""

    def make(self, attempt: AttemptId, call: CallId, person: PersonId) -> str:
        """Make and keep a code, six digits, that no open attempt has."""

    def whose(self, code: str) -> tuple[AttemptId, CallId, PersonId] | None:
        """Say which attempt a code belongs to, used or not; nothing if unknown."""

    def use(self, code: str) -> bool:
        """Use a code up; whether it was still unused."""
