"""Run a writer: take what is asked in batches, and go to the earliest due instant.

One thread owns the writer. Whatever was asked while the disk was busy goes into
the next batch, so a batch forms by itself under load and nobody waits for company
without it. A STOP goes to the front, and before the next batch of what is due.

Every source has its turn: of what waits, each source's first goes before any source's
second, and a batch takes only so much of one. Ten thousand STOPs of one desk are all
taken, and another desk's STOP, or somebody's "I have it", goes in the next batch.

Whoever asks hears: once the writer has stopped, for whatever reason, everything that
was asked and not answered is, and so is everything asked later.
"""

import threading
from collections import Counter
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from typing import Final

from clearline.ledger.sealed import SealedPart
from clearline.model.calls import Kind
from clearline.model.commands import Command, HearPeer, RaiseCall
from clearline.model.errors import ClearlineError
from clearline.model.instants import Duration, Instant
from clearline.model.links import is_urgent_message
from clearline.service.ports import Clock
from clearline.service.waitlist import Waitlist
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


MOST_OF_ONE: Final = 64
"""How many commands of one source a batch takes."""

MOST_URGENT: Final = 192
"""How many STOPs and HOLDs a batch takes; the rest is for "I have it" and all else."""

_ONE: Final = (0, 0)
"""The one rank there is: a line each for what is urgent and what is not."""

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
        self._asked: Waitlist[Asked] = Waitlist()
        self._urgent: Waitlist[Asked] = Waitlist()
        self._came = count()
        self._wake = threading.Condition()
        self._is_stopping = False
        self._has_news = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self.failed: BaseException | None = None
        self.cycled_at: Instant | None = None

    def look_again(self) -> None:
        """Look what is due, though nobody asked: more is known than before."""
        with self._wake:
            self._has_news = True
            self._wake.notify()

    def start(self) -> None:
        """Start; the first thing done is whatever is due."""
        self._thread.start()

    def ask(
        self,
        command: Command,
        sealed: tuple[SealedPart, ...] = (),
        request: str | None = None,
    ) -> "Future[Written]":
        """Ask for a command; the future ends once it is known what followed.

        It cannot be cancelled: what is asked is decided, whoever still listens.

        Args:
            command: What is asked.
            sealed: Parts its entries name, lying beside them.
            request: Digest of the request it came in, where that had a key.
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

        asked = Asked(command=command, reply=reply, sealed=sealed, request=request)
        with self._wake:
            self._answers.add(answer)
            if self._is_over:
                reply(stopped(self.failed or ASKED_TO))
            else:
                line = self._urgent if _is_urgent(command) else self._asked
                line.put(next(self._came), asked, rank=_ONE, whose=source_of(command))
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
        next_at = self._writer.run_due(self._write_between)
        while True:
            batch, is_last = self._take(next_at)
            if batch:
                self._writer.write(batch)
            elif is_last:
                return
            next_at = self._writer.run_due(self._write_between)
            self.cycled_at = self._clock.read().at
            self._keep_aside()

    def _write_between(self) -> None:
        """Write what came while something that was due was being done."""
        with self._wake:
            batch = self._batch()
        if batch:
            self._writer.write(batch)
            self.cycled_at = self._clock.read().at

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
            has_some = self._urgent or self._asked or self._is_stopping
            if not (has_some or self._has_news):
                self._wake.wait(self._seconds_until(next_at))
            self._has_news = False
            return self._batch(), self._is_stopping

    def _batch(self) -> list[Asked]:
        """Take a batch: STOPs first, never so many that nothing else goes."""
        batch = _some_of(self._urgent, MOST_URGENT)
        if self._may_take():
            batch += _some_of(self._asked, MOST_AT_ONCE - len(batch))
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


def _some_of(line: Waitlist[Asked], most: int) -> list[Asked]:
    """Take what is next, no more than `MOST_OF_ONE` of any source."""
    batch: list[Asked] = []
    had: Counter[Hashable] = Counter()
    while len(batch) < most and (asked := line.take()) is not None:
        batch.append(asked)
        source = source_of(asked.command)
        had[source] += 1
        if had[source] >= MOST_OF_ONE:
            break  # others had as many turns; whoever comes now goes next
    return batch


def source_of(command: Command) -> Hashable:
    """Say who asks, as far as turns go: a desk's STOPs, a person, a peer, couriers."""
    if isinstance(command, HearPeer):
        return ("peer", command.peer)
    by = getattr(command, "by", None)
    if isinstance(command, RaiseCall):
        return ("desk", command.by.desk)
    if by is not None:
        return ("person", by.desk, by.person, by.device)
    return type(command).__name__


def _is_urgent(command: Command) -> bool:
    if isinstance(command, HearPeer):
        return is_urgent_message(command.told.says)
    return isinstance(command, RaiseCall) and command.kind in (Kind.STOP, Kind.HOLD)
