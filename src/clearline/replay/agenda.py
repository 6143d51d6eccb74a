"""Keep what is going to happen in a run, and when."""

import heapq
from collections.abc import Callable

from clearline.model.instants import Instant

Doing = Callable[[], None]


class Agenda:
    """Hold what people and couriers are about to do, earliest first.

    What falls on one instant happens in the order it was put down.
    """

    def __init__(self) -> None:
        """Start with nothing."""
        self._waiting: list[tuple[Instant, int, Doing]] = []
        self._count = 0

    def put(self, at: Instant, doing: Doing) -> None:
        """Let something happen at `at`."""
        self._count += 1
        heapq.heappush(self._waiting, (at, self._count, doing))

    def next_at(self) -> Instant | None:
        """Say when something happens next, or nothing."""
        return self._waiting[0][0] if self._waiting else None

    def clear(self) -> None:
        """Let go of whatever did not come to happen."""
        self._waiting.clear()

    def take(self) -> Doing:
        """Take what happens next."""
        return heapq.heappop(self._waiting)[2]
