"""Run a writer: take what is asked in batches, and go to the earliest due instant.

One thread owns the writer. Whatever was asked while the disk was busy goes into
the next batch, so a batch forms by itself under load and nobody waits for company
without it. A STOP goes to the front, and before the next batch of what is due.

Whoever asks hears: once the writer has stopped, for whatever reason, everything that
was asked and not answered is, and so is everything asked later.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from clearline.ledger.sealed import SealedPart
from clearline.model.calls import Kind
from clearline.model.commands import Command, HearPeer, RaiseCall
from clearline.model.errors import ClearlineError
from clearline.model.instants import Duration, Instant
from clearline.model.links import is_urgent_message
from clearline.service.ports import Clock
from clearline.service.writer import (
    MOST_AT_ONCE,
    Asked,
    Outcome,
    Writer,
    Written,
    stopped,
)

SNAPSHOT_EVERY: Final = 20_000
"""After how many entries a running node keeps the next snapshots."""

LOOK_EVERY: Final = Duration(milliseconds=10)
"""How often a disk that has not answered is looked at."""

HELD_BACK_FOR: Final = Duration(seconds=5)
"""How long commands that may wait do wait for the disk before they are refused."""


LONGEST_SLEEP: Final = Duration(seconds=1)
"""After how long a runner with nothing to do looks again: it shows that it lives."""


ASKED_TO: Final = "it was asked to."


class Runner:
    """Own a writer's thread; safe to ask from any other."""

    def __init__(
        self, writer: Writer, clock: Clock, keep: Callable[[int], None]
    ) -> None:
        """Run `writer` by `clock`; nothing happens before `start`.

        Args:
            writer: Whose thread this is.
            clock: What tells node time.
            keep: Keeps snapshots of the picture as it stood at a size; called in a
                thread of its own, every `SNAPSHOT_EVERY` entries.
        """
        self._keep = keep
        self._kept_at = writer.picture.size
        self._keeping: Future[None] | None = None
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="snapshots")
        self._writer = writer
        self._clock = clock
        self._answers: set[Future[Written]] = set()
        self._is_over = False
        self._asked: deque[Asked] = deque()
        self._urgent: deque[Asked] = deque()
        self._wake = threading.Condition()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self.failed: BaseException | None = None
        self.cycled_at: Instant | None = None

    def start(self) -> None:
        """Start; the first thing done is whatever is due."""
        self._thread.start()

    def ask(
        self, command: Command, sealed: tuple[SealedPart, ...] = ()
    ) -> "Future[Written]":
        """Ask for a command; the future ends once it is known what followed.

        It cannot be cancelled: what is asked is decided, whoever still listens.

        Args:
            command: What is asked.
            sealed: Parts its entries name, lying beside them.
        """
        answer: Future[Written] = Future()
        answer.set_running_or_notify_cancel()

        def reply(outcome: Outcome) -> None:
            self._answers.discard(answer)
            if answer.done():
                return  # everybody was told already that the writer has stopped
            if isinstance(outcome, ClearlineError):
                answer.set_exception(outcome)
            else:
                answer.set_result(outcome)

        asked = Asked(command=command, reply=reply, sealed=sealed)
        with self._wake:
            self._answers.add(answer)
            if self._is_over:
                reply(stopped(self.failed or ASKED_TO))
            elif _is_urgent(command):
                self._urgent.append(asked)
            else:
                self._asked.append(asked)
            self._wake.notify()
        return answer

    def stop(self) -> None:
        """Finish what was asked, then let go of the disk."""
        with self._wake:
            self._is_stopping = True
            self._wake.notify()
        if self._thread.ident is not None:
            self._thread.join()
        self._aside.shutdown()
        self._writer.close()
        self._answer_the_rest()

    def _run(self) -> None:
        try:
            self._run_until_stopped()
        except BaseException as error:
            self.failed = error  # certainty is lost; the process above must stop
            self._answer_the_rest()
            raise

    def _run_until_stopped(self) -> None:
        next_at = self._writer.run_due(self._write_urgent)
        while True:
            batch, is_last = self._take(next_at)
            if batch:
                self._writer.write(batch)
            elif is_last:
                return
            next_at = self._writer.run_due(self._write_urgent)
            self.cycled_at = self._clock.read().at
            self._keep_aside()

    def _write_urgent(self) -> None:
        """Write the STOPs that came while something else was being done."""
        with self._wake:
            batch = self._take_urgent()
        if batch:
            self._writer.write(batch)

    def _answer_the_rest(self) -> None:
        """Answer everything that was asked and never will be."""
        with self._wake:
            self._is_over = True
            rest = tuple(self._answers)
            self._answers.clear()
        for answer in rest:
            answer.set_exception(stopped(self.failed or ASKED_TO))

    def _take(self, next_at: Instant | None) -> tuple[list[Asked], bool]:
        """Wait for something to do, until something is due."""
        with self._wake:
            if not (self._urgent or self._asked or self._is_stopping):
                self._wake.wait(self._seconds_until(next_at))
            batch = self._take_urgent()
            while self._asked and len(batch) < MOST_AT_ONCE and self._may_take():
                batch.append(self._asked.popleft())
            return batch, self._is_stopping

    def _take_urgent(self) -> list[Asked]:
        batch: list[Asked] = []
        while self._urgent and len(batch) < MOST_AT_ONCE:
            batch.append(self._urgent.popleft())
        return batch

    def _may_take(self) -> bool:
        """Hold back what may wait while the disk owes an answer, but not for ever."""
        since = self._writer.waits_since
        if since is None or self._is_stopping:
            return True
        return self._clock.read().at - since > HELD_BACK_FOR

    def _keep_aside(self) -> None:
        """Start to keep snapshots, if it is time and none are being kept."""
        size = self._writer.picture.size
        is_idle = self._keeping is None or self._keeping.done()
        is_time = size - self._kept_at >= SNAPSHOT_EVERY
        if is_time and is_idle and self._writer.is_recording:
            self._kept_at = size
            self._keeping = self._aside.submit(self._keep, size)

    def _seconds_until(self, next_at: Instant | None) -> float | None:
        if not self._writer.is_recording:
            return LOOK_EVERY.total_seconds()
        if next_at is None:
            return None
        wait = next_at - self._clock.read().at
        return max(0.0, min(wait, LONGEST_SLEEP).total_seconds())


def _is_urgent(command: Command) -> bool:
    if isinstance(command, HearPeer):
        return is_urgent_message(command.told.says)
    return isinstance(command, RaiseCall) and command.kind in (Kind.STOP, Kind.HOLD)
