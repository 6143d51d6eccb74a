"""Hand what was decided to couriers: rings, and what people are told.

    writer --hear--> heard --one thread--> Rung --> a lane for each medium
                                                      |  most urgent first,
                                                      |  one for each person first
                                        codes, book --+  a thread of its own
                                                      v
                                                   courier

`hear` only appends; nothing here makes the writer wait. A courier that blocks or
fails holds up its own lane and no other. No ring waits for a disk: addresses and
codes are in memory.

Whatever was decided is handed over at least once:

| if we stop                            | then, after the next start               |
|---------------------------------------|------------------------------------------|
| before an attempt is in the log       | nothing rang; what is due rings          |
| before it was heard, or handed over   | the node rings anew what was ringing     |
| after handing over, before its report | it rings anew: twice rather than never   |
| with a ring about a HOLD's end out    | that ring goes out again                 |
| before a caller was told              | told how each open STOP and HOLD stands  |

An attempt that cannot be handed over, or whose call somebody had before its turn
came, is reported as failed with the reason, so that none goes untold and the ladder
goes on.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from clearline.model.calls import Outcome
from clearline.model.errors import ClearlineError
from clearline.model.parties import Medium, PersonId
from clearline.picture.picture import View
from clearline.service.calling import (
    Address,
    AddressBook,
    Codes,
    Courier,
    Message,
    Ring,
    Switchboard,
    Words,
)
from clearline.service.phrases import ENGLISH
from clearline.service.reports import Reports
from clearline.service.rung import Order, Rung, ToLetGo, ToRing, ToTell
from clearline.service.waitlist import TOLD, Waitlist, rank_of
from clearline.service.words import recorded_words, ring_words, told_words
from clearline.service.writer import Written

ANSWERED: Final = frozenset({Medium.SMS, Medium.VOICE, Medium.EMAIL})
"""By what a code may come back; no other medium is given one to pass around."""

NO_ADDRESS: Final = "no address of this medium is entered for this person"
NO_COURIER: Final = "this node has no courier for this medium"
HAD_BEFORE: Final = "not rung: somebody had the call before its turn came"
RUNG_SINCE: Final = "not rung: a newer ring of this call took its place"

CATCH_UP_S: Final = 0.05
"""How long a second card waits while others' first ones are still being sorted."""

_SILENT: Final = Words(language=ENGLISH, subject="", short="", text="", spoken="")
_STOP_WITHIN_S: Final = 2.0


class Dispatch:
    """Stand between the writer and the couriers; give `hear` to the writer."""

    def __init__(
        self,
        *,
        couriers: Mapping[Medium, Courier],
        book: AddressBook,
        codes: Codes,
        switchboard: Switchboard,
    ) -> None:
        """Hand over to `couriers`; nothing runs before `start`.

        Args:
            couriers: The courier of each medium this node has.
            book: Where persons are reached, in memory.
            codes: Makes an attempt's code without waiting for a disk.
            switchboard: Hears what became of rings, and what comes in.
        """
        self._couriers = couriers
        self._book = book
        self._codes = codes
        self._reports = Reports(switchboard)
        self._heard: deque[Written] = deque()
        self._wake = threading.Condition()
        self._is_stopping = False
        self._is_busy = False
        self._caught_up = threading.Event()
        self._caught_up.set()
        self._rung: Rung | None = None
        self._thread = threading.Thread(target=self._run, name="dispatch", daemon=True)
        self._lanes = {
            medium: _Lane(
                courier,
                begin=self._begin,
                hand_over=self._hand_over,
                leave=self._not_handed_over,
                caught_up=self._caught_up,
            )
            for medium, courier in couriers.items()
        }
        self.trouble: Exception | None = None

    def hear(self, written: Written) -> None:
        """Take what was decided; returns at once. The writer calls it."""
        with self._wake:
            self._heard.append(written)
            self._is_busy = True
            self._caught_up.clear()
            self._wake.notify_all()

    def start(self, view: View) -> None:
        """Start couriers and lanes.

        Args:
            view: What stands; read before this returns and never again. It must
                hold nothing that `hear` is given, now or later.
        """
        self._rung = Rung(view)
        for lane in self._lanes.values():
            lane.start()
        for order in tuple(self._rung.still_out()):
            self._sort(order)
        self._thread.start()

    def stop(self) -> None:
        """Stop handing over, then stop the couriers."""
        with self._wake:
            self._is_stopping = True
            self._wake.notify_all()
        if self._thread.ident is not None:
            self._thread.join(_STOP_WITHIN_S)
        for lane in self._lanes.values():
            lane.stop()
        for courier in self._couriers.values():
            try:
                courier.stop()
            except Exception as error:  # noqa: BLE001 (one medium stops no other)
                self.trouble = error

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait until all that was heard is handed over; whether it was in time."""
        with self._wake:
            if not self._wake.wait_for(lambda: not self._is_busy, seconds):
                return False
        return all(lane.wait_until_idle(seconds) for lane in self._lanes.values())

    def waiting(self, medium: Medium) -> int:
        """Count what was decided and not yet taken by the courier of a medium."""
        return len(self._lanes[medium].waiting) if medium in self._lanes else 0

    # --- sorting ----------------------------------------------------------------

    def _run(self) -> None:
        while (written := self._next()) is not None:
            try:
                self._take(written)
            except Exception as error:  # noqa: BLE001 (a fault of ours leaves one out)
                self.trouble = error

    def _next(self) -> Written | None:
        with self._wake:
            if not self._heard:
                self._is_busy = False
                self._caught_up.set()
                self._wake.notify_all()
            self._wake.wait_for(lambda: self._heard or self._is_stopping)
            return None if self._is_stopping else self._heard.popleft()

    def _take(self, written: Written) -> None:
        if self._rung is not None:
            for order in self._rung.hear(written):
                self._sort(order)

    def _sort(self, order: Order) -> None:
        """Put an order into the lane of its medium."""
        medium = order.medium if isinstance(order, ToTell) else order.attempt.medium
        lane = self._lanes.get(medium)
        if isinstance(order, ToLetGo):
            self._reports.forget(order.attempt.id)
        if lane is not None:
            lane.put(order)
        elif isinstance(order, ToRing):
            self._fail(order, NO_COURIER)

    # --- handing over, each lane in its own thread --------------------------------

    def _begin(self, courier: Courier) -> None:
        """Start a courier; one that takes its time holds up its own lane alone."""
        try:
            courier.start(self._reports)
        except Exception as error:  # noqa: BLE001 (one medium stops no other)
            self.trouble = error

    def _hand_over(self, order: Order) -> None:
        match order:
            case ToRing():
                self._ring(order)
            case ToTell():
                self._tell(order)
            case ToLetGo():
                self._couriers[order.attempt.medium].let_go(order.attempt.id)

    def _ring(self, order: ToRing) -> None:
        """Hand a ring over, once for each address of the person."""
        rung, made = self._rung, order.attempt
        if rung is None or not rung.still_rings(order):
            self._fail(order, HAD_BEFORE)
            return
        addresses = self._addresses(made.medium, order)
        if not addresses:
            self._fail(order, NO_ADDRESS)
            return
        code = self._code(order)
        rings = [self._ring_at(order, rung, address, code) for address in addresses]
        self._reports.expect(made.id, [ring.address for ring in rings])
        for ring in rings:
            try:
                self._couriers[made.medium].ring(ring)
            except Exception as error:  # noqa: BLE001 (one medium stops no other)
                self.trouble = error
                self._reports.report(ring, Outcome.FAILED, f"the courier: {error!r}")

    def _ring_at(self, order: ToRing, rung: Rung, address: Address, code: str) -> Ring:
        about = rung.about(order)
        return msgspec.structs.replace(
            _bare(order),
            address=address.address,
            code=code,
            words=ring_words(about, address.language, code),
            times=about.times,
            is_durable=about.is_durable,
        )

    def _addresses(self, medium: Medium, order: ToRing | ToTell) -> tuple[Address, ...]:
        """List where a person is reached; a peer is reached under its desk's id."""
        made = order.attempt if isinstance(order, ToRing) else order
        found = self._book.of(made.person, medium)
        if not found and medium is Medium.LINK:
            desk = Address(person=made.person, medium=medium, address=made.desk)
            return (desk,)
        return found

    def _code(self, order: ToRing) -> str:
        """Make the attempt's code; without one it can be answered with the PIN."""
        made = order.attempt
        if made.medium not in ANSWERED:
            return ""
        try:
            return self._codes.make(made.id, order.call.id, made.person)
        except ClearlineError as error:
            self.trouble = error
            return ""

    def _tell(self, order: ToTell) -> None:
        rung = self._rung
        if rung is None:
            return
        about = rung.about(order)
        for address in self._addresses(order.medium, order):
            if order.telling is None:
                words = recorded_words(about, address.language)
            else:
                words = told_words(about, address.language, order.telling, order.text)
            self._couriers[order.medium].tell(
                Message(
                    call=order.call.id,
                    person=order.person,
                    desk=order.desk,
                    medium=order.medium,
                    address=address.address,
                    words=words,
                )
            )

    def _fail(self, order: ToRing, why: str) -> None:
        self._reports.report(_bare(order), Outcome.FAILED, why)

    def _not_handed_over(self, order: Order, error: Exception | None) -> None:
        """Report an attempt that a lane did not hand over."""
        self.trouble = error or self.trouble
        if isinstance(order, ToRing):
            self._fail(order, f"a fault of ours: {error!r}" if error else RUNG_SINCE)


def _bare(order: ToRing) -> Ring:
    """Make a ring that says nothing yet and goes nowhere."""
    call, made = order.call, order.attempt
    return Ring(
        attempt=made.id,
        call=call.id,
        number=call.number,
        kind=call.kind,
        precedence=call.precedence,
        person=made.person,
        desk=made.desk,
        medium=made.medium,
        address="",
        code="",
        words=_SILENT,
    )


class _Lane:
    """Hand over what goes by one medium, in a thread of its own."""

    def __init__(
        self,
        courier: Courier,
        *,
        begin: Callable[[Courier], None],
        hand_over: Callable[[Order], None],
        leave: Callable[[Order, Exception | None], None],
        caught_up: threading.Event,
    ) -> None:
        """Hand over to `courier`; nothing runs before `start`.

        Args:
            courier: Who carries.
            begin: Starts it.
            hand_over: Hands an order over to it.
            leave: Is given what was not handed over, and why.
            caught_up: Whether everything that was heard is sorted.
        """
        self.waiting: Waitlist[Order] = Waitlist()
        self._courier = courier
        self._begin = begin
        self._hand_over = hand_over
        self._leave = leave
        self._wake = threading.Condition()
        self._let_go: deque[Order] = deque()
        self._caught_up = caught_up
        self._served: set[PersonId] = set()
        self._is_stopping = False
        self._is_busy = False
        self._thread = threading.Thread(
            target=self._run, name=f"to {courier.medium}", daemon=True
        )

    def start(self) -> None:
        """Start its thread."""
        self._thread.start()

    def stop(self) -> None:
        """Hand nothing more over; a courier that blocks is left behind."""
        with self._wake:
            self._is_stopping = True
            self._wake.notify_all()
        if self._thread.ident is not None:
            self._thread.join(_STOP_WITHIN_S)

    def put(self, order: Order) -> None:
        """Let an order wait for its turn; letting go needs none."""
        with self._wake:
            before: Order | None = None
            match order:
                case ToRing(call=call, attempt=made):
                    before = self.waiting.put(
                        ("ring", call.id, made.person),
                        order,
                        rank=rank_of(call.kind, call.precedence),
                        whose=made.person,
                    )
                case ToTell(call=call):
                    key = ("tell", call.id, order.person, order.telling)
                    self.waiting.put(key, order, rank=TOLD, whose=order.person)
                case ToLetGo():
                    self._let_go.append(order)
            self._is_busy = True
            self._wake.notify_all()
        if before is not None:
            self._leave(before, None)

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait until nothing waits; whether that was in time."""
        with self._wake:
            return self._wake.wait_for(lambda: not self._is_busy, seconds)

    def _run(self) -> None:
        self._begin(self._courier)
        while (order := self._next()) is not None:
            self._let_others_first(order)
            try:
                self._hand_over(order)
            except Exception as error:  # noqa: BLE001 (a fault leaves one out, not all)
                self._leave(order, error)

    def _let_others_first(self, order: Order) -> None:
        """Hold somebody's second card back while others' first are being sorted.

        Words take longer to make than a call to sort: in a flood, making everybody's
        hundredth would keep the last call's people waiting for their first.
        """
        if isinstance(order, ToRing):
            if order.attempt.person in self._served:
                self._caught_up.wait(CATCH_UP_S)
            self._served.add(order.attempt.person)

    def _next(self) -> Order | None:
        with self._wake:
            while not self._is_stopping:
                if self._let_go:
                    return self._let_go.popleft()
                if (order := self.waiting.take()) is not None:
                    return order
                self._is_busy = False
                self._served.clear()
                self._wake.notify_all()
                self._wake.wait()
            return None
