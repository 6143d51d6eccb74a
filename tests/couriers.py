"""Stand in for couriers and for the switchboard: they keep what they are given."""

import threading
from collections import defaultdict

from clearline.model.calls import AttemptId, Outcome
from clearline.model.parties import Medium, PersonId
from clearline.service.calling import (
    Address,
    CameIn,
    CourierStanding,
    CourierState,
    Message,
    Ring,
    Said,
    Switchboard,
)


class KeepingSwitchboard:
    """Keep what is reported and what came in; the contract is `Switchboard`."""

    def __init__(self, answer: Said | None = None) -> None:
        """Answer everything that comes in with `answer`."""
        self.reports: list[tuple[Ring, Outcome, str]] = []
        self.came: list[CameIn] = []
        self.answer = answer or Said(text="Heard.", spoken="Heard.")
        self._changed = threading.Condition()

    def report(self, ring: Ring, outcome: Outcome, detail: str = "") -> None:
        """Keep it."""
        with self._changed:
            self.reports.append((ring, outcome, detail))
            self._changed.notify_all()

    def came_in(self, came: CameIn) -> Said:
        """Keep it and say the answer."""
        with self._changed:
            self.came.append(came)
            self._changed.notify_all()
        return self.answer

    def outcomes(self, attempt: str) -> list[Outcome]:
        """List what was reported of an attempt."""
        return [said for ring, said, _ in self.reports if ring.attempt == attempt]

    def wait_for(self, is_so, seconds: float = 20.0) -> None:
        """Wait until something holds of what was kept; fail if it does not come."""
        with self._changed:
            assert self._changed.wait_for(lambda: is_so(self), seconds), (
                f"It never came. Reported: {self.reports}. Came in: {self.came}."
            )


class KeepingCourier:
    """Keep rings and messages; deliver nothing. The contract is `Courier`."""

    def __init__(self, medium: Medium) -> None:
        """Carry `medium`, in memory."""
        self.medium = medium
        self.rings: list[Ring] = []
        self.messages: list[Message] = []
        self.gone: list[AttemptId] = []
        self.switchboard: Switchboard | None = None

    def start(self, switchboard: Switchboard) -> None:
        """Remember whom to tell."""
        self.switchboard = switchboard

    def ring(self, ring: Ring) -> None:
        """Keep it."""
        self.rings.append(ring)

    def tell(self, message: Message) -> None:
        """Keep it."""
        self.messages.append(message)

    def let_go(self, attempt: AttemptId) -> None:
        """Keep it."""
        self.gone.append(attempt)

    def test(self) -> CourierState:
        """Be ready."""
        return self.state()

    def state(self) -> CourierState:
        """Be ready."""
        return CourierState(medium=self.medium, standing=CourierStanding.READY)

    def stop(self) -> None:
        """Do nothing more."""


class BlockedCourier(KeepingCourier):
    """Take a ring and never come back, until let out."""

    def __init__(self, medium: Medium) -> None:
        """Block from the first ring on."""
        super().__init__(medium)
        self.is_in = threading.Event()
        self.may_go = threading.Event()

    def ring(self, ring: Ring) -> None:
        """Block."""
        super().ring(ring)
        self.is_in.set()
        self.may_go.wait()


class FaultyCourier(KeepingCourier):
    """Raise whatever is asked of it."""

    def ring(self, ring: Ring) -> None:
        """Break."""
        raise RuntimeError(f"no {ring.medium} today")


class Book:
    """Keep addresses; the contract is `AddressBook`."""

    def __init__(self) -> None:
        """Start empty."""
        self._of: dict[tuple[str, Medium], list[Address]] = defaultdict(list)

    def enter(
        self, person: str, medium: Medium, address: str, language: str = "en"
    ) -> None:
        """Enter an address."""
        one = Address(
            person=PersonId(person), medium=medium, address=address, language=language
        )
        self._of[person, medium].append(one)

    def of(self, person: PersonId, medium: Medium) -> tuple[Address, ...]:
        """List a person's addresses of a medium."""
        return tuple(self._of.get((person, medium), ()))

    def whose(self, medium: Medium, address: str) -> tuple[Address, ...]:
        """List who is enrolled under an address."""
        return tuple(
            one
            for book in list(self._of.values())
            for one in book
            if (one.medium, one.address) == (medium, address)
        )


class CountingCodes:
    """Give each attempt the next number; the contract is `Codes`."""

    def __init__(self) -> None:
        """Start at 100001."""
        self._of: dict[AttemptId, str] = {}
        self._whose: dict[str, tuple] = {}
        self._used: set[str] = set()
        self._lock = threading.Lock()

    def make(self, attempt, call, person) -> str:
        """Make the code of an attempt, the same when asked again."""
        with self._lock:
            if attempt not in self._of:
                code = f"{100_001 + len(self._of)}"
                self._of[attempt] = code
                self._whose[code] = (attempt, call, person)
            return self._of[attempt]

    def whose(self, code):
        """Say which attempt a code belongs to."""
        return self._whose.get(code)

    def use(self, code) -> bool:
        """Use a code up."""
        with self._lock:
            is_new = code in self._whose and code not in self._used
            self._used.add(code)
        return is_new
