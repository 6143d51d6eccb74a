"""Say what goes to a peer next, and when it goes again.

    a STOP or HOLD    at once, then after 0.25, 0.5, 1, 2, 4, 8, 15, 15 ... seconds
    everything else   one after the other, in order; again after 1, 2, 4 ... 60 s

A STOP never waits for what was said before it, nor for a try that has not come back.
Nothing here reads a clock, and nothing is ever given up: what has a receipt is done.
"""

from collections.abc import Hashable
from typing import Final

import msgspec

from clearline.model.instants import Duration, Instant

FIRST_AGAIN: Final = Duration(milliseconds=250)
"""How soon a STOP without a receipt is sent again."""

LAST_AGAIN: Final = Duration(seconds=15)
"""How late, at most, a STOP without a receipt is sent again."""

_MOST_DOUBLED: Final = 10

FIRST_AGAIN_SLOW: Final = Duration(seconds=1)
LAST_AGAIN_SLOW: Final = Duration(seconds=60)


class _Waiting(msgspec.Struct, kw_only=True):
    """Hold one thing without a receipt."""

    is_urgent: bool
    due_at: Instant
    tries: int = 0


class Sending:
    """Hold everything one peer has not receipted yet, in the order it was said."""

    def __init__(self) -> None:
        """Start with nothing to say."""
        self._waiting: dict[Hashable, _Waiting] = {}

    def __len__(self) -> int:
        """Count what has no receipt."""
        return len(self._waiting)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._waiting

    def add(self, key: Hashable, *, is_urgent: bool, now: Instant) -> None:
        """Take something to say; doing it twice changes nothing."""
        self._waiting.setdefault(key, _Waiting(is_urgent=is_urgent, due_at=now))

    def done(self, key: Hashable) -> None:
        """Take a receipt."""
        self._waiting.pop(key, None)

    def tries(self, key: Hashable) -> int:
        """Count how often something was sent."""
        waiting = self._waiting.get(key)
        return waiting.tries if waiting else 0

    def hurry(self, now: Instant) -> None:
        """Send everything anew at once: the peer has just been reached."""
        for waiting in self._waiting.values():
            waiting.tries, waiting.due_at = 0, min(waiting.due_at, now)

    def due(self, now: Instant, most: int) -> list[Hashable]:
        """Say what goes now, at most `most`, a STOP first; it counts as sent."""
        found = [key for key, waiting in self._open() if waiting.due_at <= now][:most]
        for key in found:
            waiting = self._waiting[key]
            waiting.due_at = now + again_after(
                waiting.tries, is_urgent=waiting.is_urgent
            )
            waiting.tries += 1
        return found

    def next_at(self) -> Instant | None:
        """Say when something goes next, if ever."""
        return min((waiting.due_at for _, waiting in self._open()), default=None)

    def _open(self) -> list[tuple[Hashable, _Waiting]]:
        """List every STOP and HOLD, and the first of everything else."""
        urgent = [item for item in self._waiting.items() if item[1].is_urgent]
        rest = (item for item in self._waiting.items() if not item[1].is_urgent)
        first = next(rest, None)
        return urgent if first is None else [*urgent, first]


def again_after(tries: int, *, is_urgent: bool) -> Duration:
    """Say how long to wait after try number `tries`, counted from 0."""
    first, last = (
        (FIRST_AGAIN, LAST_AGAIN) if is_urgent else (FIRST_AGAIN_SLOW, LAST_AGAIN_SLOW)
    )
    again: Duration = first * 2 ** min(tries, _MOST_DOUBLED)
    return min(last, again)
