"""Say what goes next of what waits: most urgent first, one for each before seconds.

    STOP, HOLD, what anybody is told, then FLASH, IMMEDIATE, PRIORITY, ROUTINE

Within a rank everybody who waits has a turn before anybody has a second one, in
the order they came (start-time fair queueing, Goyal, Vin and Cheng 1996, with every
item of the same length). Nothing here reads a clock or starts a thread.
"""

import heapq
from collections.abc import Callable, Hashable, Iterable
from typing import Final, Generic, NamedTuple, TypeVar

from clearline.model.calls import Kind, Precedence

T = TypeVar("T")

Rank = tuple[int, int]

_KINDS: Final = {Kind.STOP: 0, Kind.HOLD: 1}
_PRECEDENCES: Final = {one: place for place, one in enumerate(Precedence)}

TOLD: Final[Rank] = (2, 0)
"""Where what somebody is told stands: behind every STOP and HOLD that rings."""


def rank_of(kind: Kind, precedence: Precedence) -> Rank:
    """Say how early a ring goes: STOP first, then HOLD, then by precedence."""
    return (_KINDS.get(kind, 3), _PRECEDENCES[precedence])


def in_turn(items: Iterable[T], whose: Callable[[T], Hashable]) -> list[T]:
    """Order items so that everybody's first goes before anybody's second."""
    had: dict[Hashable, int] = {}
    turns: list[tuple[int, int, T]] = []
    for came, item in enumerate(items):
        owner = whose(item)
        turn = had[owner] = had.get(owner, -1) + 1
        turns.append((turn, came, item))
    turns.sort(key=lambda one: one[:2])
    return [item for _, _, item in turns]


class _Waiting(NamedTuple, Generic[T]):
    """Hold an item and where it stands."""

    came: int
    rank: Rank
    whose: Hashable
    item: T


class _Line:
    """Hold one rank's line: (turn, came, key), whose turn it is, everybody's next."""

    def __init__(self) -> None:
        self.heap: list[tuple[int, int, Hashable]] = []
        self.next_turn: dict[Hashable, int] = {}
        self.turn = 0


class Waitlist(Generic[T]):
    """Hold what waits; every operation takes logarithmic time."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._waiting: dict[Hashable, _Waiting[T]] = {}
        self._lines: dict[Rank, _Line] = {}
        self._came = 0

    def put(self, key: Hashable, item: T, *, rank: Rank, whose: Hashable) -> T | None:
        """Let `item` wait; one that waits under the same key gives it its place.

        Args:
            key: What names the item.
            item: What waits.
            rank: Lower ones go first.
            whose: Who takes turns with others.

        Returns:
            What waited under the key before, if anything did.
        """
        before = self._waiting.get(key)
        if before is not None and (before.rank, before.whose) == (rank, whose):
            self._waiting[key] = before._replace(item=item)
            return before.item
        self.drop(key)
        line = self._lines.setdefault(rank, _Line())
        self._came += 1
        turn = max(line.turn, line.next_turn.get(whose, 0))
        line.next_turn[whose] = turn + 1
        heapq.heappush(line.heap, (turn, self._came, key))
        self._waiting[key] = _Waiting(self._came, rank, whose, item)
        return before.item if before else None

    def take(self) -> T | None:
        """Take what goes next, or nothing."""
        for rank in sorted(self._lines):
            line = self._lines[rank]
            while line.heap:
                turn, came, key = heapq.heappop(line.heap)
                found = self._waiting.get(key)
                if found is not None and found.came == came:
                    line.turn = turn
                    del self._waiting[key]
                    return found.item
            del self._lines[rank]
        return None

    def drop(self, key: Hashable) -> T | None:
        """Let something wait no longer; what it was, or nothing."""
        found = self._waiting.pop(key, None)
        if found is None:
            return None
        self._lines[found.rank].next_turn[found.whose] -= 1
        return found.item

    def __len__(self) -> int:
        """Count what waits."""
        return len(self._waiting)
