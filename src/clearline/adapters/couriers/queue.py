"""Run a courier's backlog: hands that carry, a retry clock, and what became of it.

    carry returns SENT or DELIVERED    --> reported
    carry raises Refused               --> reported as failed, never tried again
    carry raises Later, or breaks      --> tried again, later and later, with jitter
    tried for too long                 --> reported as failed; the ladder rings anew

Each hand is a thread, and one address is never in more than one hand. Where addresses
may lie anywhere, many that hang at once would still hold every hand: spare hands then
come for as long as something waits and no hand comes free, twice as many each half
second. Whatever a gateway does, `put` returns at once. What waits
when the process dies is in the log as attempts, and rings again after it.
"""

import threading
from collections.abc import Callable
from typing import Final

import msgspec

from clearline.adapters.couriers.backlog import Backlog, Item, Job
from clearline.model.calls import AttemptId, Outcome
from clearline.model.instants import Duration, Instant
from clearline.model.parties import Medium
from clearline.service.calling import (
    CourierStanding,
    CourierState,
    Message,
    Ring,
    Switchboard,
)
from clearline.service.ports import Chance, Clock

RING_FOR: Final = Duration(seconds=60)
"""How long one ring is tried; the ladder has rung anew by then."""

TELL_FOR: Final = Duration(minutes=30)
"""How long a message is tried."""

DEAD_AFTER: Final = Duration(seconds=60)
"""After how long of nothing but failures a courier counts as dead."""

TOO_MANY: Final = "not sent: too much of its kind waits; the ladder rings anew"
RUNG_SINCE: Final = "not sent: a newer ring of this call took its place"
LET_GO: Final = "not sent: somebody had the call before its turn came"

_FIRST_S: Final = 1.0
_LONGEST_S: Final = 15.0
_LONGEST_LOOK_S: Final = 3600.0
_STOP_WITHIN_S: Final = 2.0
_HANGS_S: Final = 0.5
"""After how long without a free hand, and with something waiting, spare ones come."""


class Refused(Exception):
    """Say that what was to be carried never can be."""


class Later(Exception):
    """Say that carrying may succeed later."""

    def __init__(self, why: str, after: Duration | None = None) -> None:
        """Keep why, and how long the gateway asks to wait."""
        super().__init__(why)
        self.after = after


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """Say how far something was carried."""

    outcome: Outcome = Outcome.SENT
    detail: str = ""


class Queue:
    """Carry what is put, most urgent first, with hands of its own."""

    def __init__(  # noqa: PLR0913 (what it is made of, by name)
        self,
        medium: Medium,
        carry: Callable[[Item], Carried],
        *,
        clock: Clock,
        chance: Chance,
        hands: int = 2,
        spare: int = 0,
        backlog: Backlog | None = None,
    ) -> None:
        """Carry with `carry`; nothing runs before `start`.

        Args:
            medium: Whose queue it is.
            carry: Carries one item; may take its time, within its own limits.
            clock: What tells node time.
            chance: Where jitter comes from.
            hands: How many items are carried at once.
            spare: How many more may be, while those in hand hang.
            backlog: Where what waits is kept; an empty one.
        """
        self._medium = medium
        self._carry = carry
        self._clock = clock
        self._chance = chance
        self._backlog = backlog or Backlog()
        self._wake = threading.Condition()
        self._is_stopping = False
        self._switchboard: Switchboard | None = None
        self._worked_at: Instant | None = None
        self._failing_since: Instant | None = None
        self._trouble = ""
        self._spare, self._spares, self._idle, self._freed = spare, 0, 0, 0
        self._foreman = threading.Thread(
            target=self._call_spares, name=f"{medium} foreman", daemon=True
        )
        self._hands = [
            threading.Thread(target=self._run, name=f"{medium} {n}", daemon=True)
            for n in range(hands)
        ]

    def start(self, switchboard: Switchboard) -> None:
        """Start the hands; what becomes of rings goes to `switchboard`."""
        self._switchboard = switchboard
        for hand in self._hands:
            hand.start()
        if self._spare:
            self._foreman.start()

    def stop(self) -> None:
        """Carry nothing more; a hand that a gateway holds is left behind."""
        with self._wake:
            self._is_stopping = True
            self._wake.notify_all()
        for hand in self._hands:
            if hand.ident is not None:
                hand.join(_STOP_WITHIN_S)

    def put(self, item: Item) -> None:
        """Take an item in; returns at once."""
        with self._wake:
            left = self._backlog.put(item, self._now())
            self._nudge()
        if left is not None:
            self._report(left.item, Outcome.FAILED, _why_left(left.item, item))

    def let_go(self, attempt: AttemptId) -> None:
        """Carry an attempt no more, where it is not carried already."""
        with self._wake:
            left = self._backlog.let_go(attempt)
        for job in left:
            self._report(job.item, Outcome.FAILED, LET_GO)

    def wake(self) -> None:
        """Look at the clock now."""
        with self._wake:
            self._wake.notify_all()

    def note(self, trouble: str) -> None:
        """Keep how the gateway last answered, an empty word where it is well."""
        with self._wake:
            self._note(trouble, self._now())

    def state(self) -> CourierState:
        """Say how it stands; returns at once."""
        with self._wake:
            return CourierState(
                medium=self._medium,
                standing=self._standing(self._now()),
                waiting=len(self._backlog),
                worked_at=self._worked_at,
                trouble=self._trouble,
            )

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait until nothing waits, rests or is in hand; whether that was in time."""
        with self._wake:
            return self._wake.wait_for(lambda: not len(self._backlog), seconds)

    # --- carrying -----------------------------------------------------------------

    def _nudge(self) -> None:
        """Wake a hand; where the foreman may wake in its stead, everybody."""
        if self._spare:
            self._wake.notify_all()
        else:
            self._wake.notify()

    def _call_spares(self) -> None:
        """Start spare hands while something waits and every hand hangs."""
        with self._wake:
            while not self._is_stopping:
                self._wake.wait_for(lambda: self._is_stopping or self._lacks_hands())
                if self._gets_hands(self._freed):
                    continue
                more = min(len(self._hands) + self._spares, self._spare - self._spares)
                for _ in range(more):
                    self._spares += 1
                    threading.Thread(
                        target=self._run_spare,
                        name=f"{self._medium} spare",
                        daemon=True,
                    ).start()

    def _gets_hands(self, freed: int) -> bool:
        """Wait a moment; whether a hand came free, or none is needed any more."""
        return self._wake.wait_for(
            lambda: (
                self._is_stopping or self._freed != freed or not self._lacks_hands()
            ),
            _HANGS_S,
        )

    def _lacks_hands(self) -> bool:
        is_possible = self._spares < self._spare
        return is_possible and not self._idle and self._backlog.has_ready

    def _run_spare(self) -> None:
        """Carry until nothing waits."""
        while (job := self._take()) is not None:
            self._carry_job(job)
        with self._wake:
            self._spares -= 1

    def _take(self) -> Job | None:
        with self._wake:
            return None if self._is_stopping else self._backlog.take(self._now())

    def _run(self) -> None:
        while (job := self._next()) is not None:
            self._carry_job(job)

    def _carry_job(self, job: Job) -> None:
        try:
            self._carry_and_report(job)
        finally:
            with self._wake:
                self._freed += 1

    def _carry_and_report(self, job: Job) -> None:
        try:
            carried = self._carry(job.item)
        except Refused as refused:
            self._give_up(job, str(refused), is_gateway_well=True)
        except Later as later:
            self._again(job, str(later), later.after)
        except Exception as error:  # noqa: BLE001 (whatever breaks, the hand goes on)
            self._again(job, f"{type(error).__name__}: {error}", None)
        else:
            self._done(job)
            self._report(job.item, carried.outcome, carried.detail)

    def _next(self) -> Job | None:
        with self._wake:
            while not self._is_stopping:
                now = self._now()
                if (job := self._backlog.take(now)) is not None:
                    self._nudge()  # there may be more, for another hand
                    return job
                self._idle += 1
                self._wake.wait(_seconds(self._backlog.next_at(), now))
                self._idle -= 1
            return None

    def _done(self, job: Job) -> None:
        with self._wake:
            self._backlog.done(job)
            self._note("", self._now())
            self._wake.notify_all()

    def _give_up(self, job: Job, why: str, *, is_gateway_well: bool) -> None:
        with self._wake:
            self._backlog.done(job)
            self._note("" if is_gateway_well else why, self._now())
            self._wake.notify_all()
        self._report(job.item, Outcome.FAILED, why)

    def _again(self, job: Job, why: str, after: Duration | None) -> None:
        """Let a job rest until it is tried again, or give it up."""
        with self._wake:
            now = self._now()
            wait = max(self._wait(job.tries), after or Duration(0))
            limit = RING_FOR if isinstance(job.item, Ring) else TELL_FOR
            if now + wait - job.put_at > limit:
                self._backlog.done(job)
                rests = False
            else:
                rests = self._backlog.later(job, now + wait)
            self._note(why, now)
            self._wake.notify_all()
        if not rests:
            self._report(job.item, Outcome.FAILED, why)

    def _wait(self, tries: int) -> Duration:
        """Return 1, 2, 4 … 15 s, each shortened by up to half, so that none march."""
        longest = min(_LONGEST_S, _FIRST_S * 2.0 ** min(tries - 1, 10))
        share = int.from_bytes(self._chance.draw(2), "big") / 0xFFFF
        return Duration(seconds=longest * (1 - share / 2))

    def _report(self, item: Item, outcome: Outcome, detail: str) -> None:
        if isinstance(item, Message):
            if item.became is not None:
                item.became(outcome, detail)
        elif self._switchboard is not None:
            self._switchboard.report(item, outcome, detail)

    # --- how it stands -----------------------------------------------------------

    def _note(self, trouble: str, now: Instant) -> None:
        self._trouble = trouble
        if trouble:
            self._failing_since = self._failing_since or now
        else:
            self._worked_at, self._failing_since = now, None

    def _standing(self, now: Instant) -> CourierStanding:
        if self._failing_since is None:
            return CourierStanding.READY
        if now - self._failing_since > DEAD_AFTER:
            return CourierStanding.DEAD
        return CourierStanding.TROUBLED

    def _now(self) -> Instant:
        return self._clock.read().at


def _why_left(left: Item, item: Item) -> str:
    return TOO_MANY if left is item else RUNG_SINCE


def _seconds(until: Instant | None, now: Instant) -> float:
    """Say how long to wait; no thread waits for ever."""
    if until is None:
        return _LONGEST_LOOK_S
    return min(_LONGEST_LOOK_S, max(0.0, (until - now).total_seconds()))
