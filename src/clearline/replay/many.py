"""Play a day in many draws, on as many processes as there are; the order is kept.

Draw number 17 is the same draw whoever plays it: its luck comes from the seed and
its number. So the result does not depend on how the work was shared.
"""

import gc
import multiprocessing
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Final, Self

from clearline.model.errors import BrokenPromise
from clearline.model.scenarios import Scenario
from clearline.replay.chance import Draws
from clearline.replay.performance import Ran, lean

CHUNK: Final = 50
"""How many draws one process takes at a time."""

Progress = Callable[[int, int], None]


class PlayerLost(BrokenPromise):
    """Admit that a process that played draws is gone."""


def play_draws(scenario: Scenario, seed: int, start: int, stop: int) -> list[Ran]:
    """Play draws `[start, stop)` of a day, without a log."""
    performance = lean(scenario, is_counted_only=True)
    ran: list[Ran] = []
    for number in range(start, stop):
        ran.append(performance.play(Draws(seed, number)))
        performance.take_back()
    if not gc.isenabled():
        gc.collect()
    return ran


class Troupe:
    """Hold the processes that play, and what they were asked for."""

    def __init__(self, workers: int, progress: Progress) -> None:
        """Play in `workers` processes, or here if there is one.

        Args:
            workers: How many; 1 or more.
            progress: Is told how many draws are done, of how many asked for.
        """
        self._pool = (
            ProcessPoolExecutor(
                workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_settle_in,
            )
            if workers > 1
            else None
        )
        self._progress = progress
        self._asked = 0
        self._done = 0

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the processes go; what was not yet begun is not played."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def ask(self, scenario: Scenario, seed: int, runs: int) -> "Wanted":
        """Ask for draws `[0, runs)` of a day; they may be under way at once."""
        self._asked += runs
        parts = [(start, min(start + CHUNK, runs)) for start in range(0, runs, CHUNK)]
        if self._pool is None:
            return Wanted(self, [_Later(scenario, seed, *part) for part in parts])
        return Wanted(
            self,
            [self._pool.submit(play_draws, scenario, seed, *part) for part in parts],
        )

    def done(self, draws: int) -> None:
        """Take note of draws that were played."""
        self._done += draws
        self._progress(self._done, self._asked)


def _settle_in() -> None:
    """Get ready to play: the asking process alone is stopped from the keyboard.

    What a draw made is left to reference counts; nothing in it goes in circles.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.disable()


class _Later:
    """Play a part of the draws when its result is wanted."""

    def __init__(self, scenario: Scenario, seed: int, start: int, stop: int) -> None:
        """Keep what to play."""
        self._what = (scenario, seed, start, stop)

    def result(self) -> list[Ran]:
        """Play it."""
        return play_draws(*self._what)


class Wanted:
    """Hold draws that were asked for."""

    def __init__(
        self, troupe: Troupe, parts: "Sequence[Future[list[Ran]] | _Later]"
    ) -> None:
        """Wait for `parts`, in order."""
        self._troupe = troupe
        self._parts = parts

    def all(self) -> list[Ran]:
        """Return every draw, in order of their numbers.

        Raises:
            PlayerLost: A process that played ended before it was done.
        """
        ran: list[Ran] = []
        try:
            for part in self._parts:
                played = part.result()
                self._troupe.done(len(played))
                ran += played
        except BrokenProcessPool as error:
            raise PlayerLost(
                "A process that played draws was ended from outside.",
                state="No result is given; what was there before is still there.",
                next="Look whether memory ran out, or play in one: --workers 1.",
            ) from error
        return ran
