"""A courier's hands: addresses that hang hold one each, and never all there are."""

import threading
from contextlib import contextmanager

from clearline.adapters.chance import SystemChance
from clearline.adapters.clock import SystemClock
from clearline.adapters.couriers.queue import Carried, Queue
from clearline.model.calls import AttemptId, CallId, Kind, Outcome, Precedence
from clearline.model.parties import DeskId, Medium, PersonId
from clearline.service.calling import Ring, Words
from couriers import KeepingSwitchboard

PATIENCE_S = 30.0


def ring(address: str, call: str = "s1") -> Ring:
    """Make a STOP's ring to an address."""
    return Ring(
        attempt=AttemptId(f"{call} {address}"),
        call=CallId(call),
        number=1,
        kind=Kind.STOP,
        precedence=Precedence.FLASH,
        person=PersonId(address),
        desk=DeskId("ops"),
        medium=Medium.WEBHOOK,
        address=address,
        code="",
        words=Words(language="en", subject="", short="", text="", spoken=""),
    )


class Hangs:
    """Hang at every address that is called dead, until the test is over."""

    def __init__(self) -> None:
        self.is_over = threading.Event()
        self.hanging: list[str] = []
        self._lock = threading.Lock()

    def __call__(self, item) -> Carried:
        """Carry at once, or hang."""
        if item.address.startswith("dead"):
            with self._lock:
                self.hanging.append(item.address)
            self.is_over.wait(PATIENCE_S)
        return Carried(outcome=Outcome.DELIVERED)


@contextmanager
def carrying(hands: int, spare: int):
    """Run a queue, and let what hangs go on at the end."""
    carry, board = Hangs(), KeepingSwitchboard()
    queue = Queue(
        Medium.WEBHOOK,
        carry,
        clock=SystemClock(),
        chance=SystemChance(),
        hands=hands,
        spare=spare,
    )
    queue.start(board)
    try:
        yield queue, carry, board
    finally:
        carry.is_over.set()
        assert queue.wait_until_idle(PATIENCE_S)
        queue.stop()


def is_delivered(board, address: str) -> bool:
    """Say whether the ring to an address was reported as delivered."""
    return Outcome.DELIVERED in board.outcomes(f"s1 {address}")


def test_addresses_that_hang_keep_no_other_from_being_rung() -> None:
    """Twelve receivers hang on two hands: the thirteenth is rung all the same."""
    with carrying(hands=2, spare=16) as (queue, carry, board):
        for number in range(12):
            queue.put(ring(f"dead-{number}"))
        queue.put(ring("alive"))
        board.wait_for(lambda kept: is_delivered(kept, "alive"), PATIENCE_S)
        assert len(set(carry.hanging)) == 12


def test_an_address_that_hangs_takes_one_hand_however_often_it_is_rung() -> None:
    """Ten STOPs to one that hangs: one is in hand, and the others are served."""
    with carrying(hands=2, spare=0) as (queue, carry, board):
        for number in range(10):
            queue.put(ring("dead", call=f"s{number}"))
        for number in range(10):
            queue.put(ring(f"alive-{number}"))
        board.wait_for(
            lambda kept: all(is_delivered(kept, f"alive-{n}") for n in range(10)),
            PATIENCE_S,
        )
        assert carry.hanging == ["dead"]


def test_with_a_hand_free_nobody_else_is_called() -> None:
    """One that hangs leaves the second hand to all others; no spare one comes."""
    with carrying(hands=2, spare=4) as (queue, carry, board):
        queue.put(ring("dead"))
        for number in range(50):
            queue.put(ring(f"alive-{number}"))
        board.wait_for(
            lambda kept: all(is_delivered(kept, f"alive-{n}") for n in range(50)),
            PATIENCE_S,
        )
        assert carry.hanging == ["dead"]
