"""Slow down whoever asks too often; a STOP or HOLD never passes here.

Each caller has a bucket that fills at a steady rate. Our own two dozen lines, because
the kept libraries read the clock themselves, and ours is an argument.
"""

from typing import Final

import msgspec

from clearline.model.instants import Instant
from clearline.web.refusals import TooMany

MOST_CALLERS: Final = 10_000
"""How many buckets are kept; the fullest, so the most idle, are forgotten first."""


class Rate(msgspec.Struct, frozen=True):
    """Say how often something may be asked: at once, and in the long run."""

    burst: float
    per_second: float


class Limits:
    """Keep a bucket for each caller and rate."""

    def __init__(self) -> None:
        """Start with every bucket full."""
        self._left: dict[tuple[str, Rate], tuple[float, Instant]] = {}

    def take(self, caller: str, rate: Rate, now: Instant) -> None:
        """Take one request from a caller's bucket.

        Raises:
            TooMany: The bucket is empty.
        """
        key = (caller, rate)
        left, at = self._left.get(key, (rate.burst, now))
        elapsed_s = max(0.0, (now - at).total_seconds())
        left = min(rate.burst, left + rate.per_second * elapsed_s)
        if left < 1.0:
            self._left[key] = (left, now)
            raise TooMany((1.0 - left) / rate.per_second)
        self._left[key] = (left - 1.0, now)
        if len(self._left) > MOST_CALLERS:
            self._forget_idle()

    def _forget_idle(self) -> None:
        by_time = sorted(self._left.items(), key=lambda one: one[1][1])
        self._left = dict(by_time[len(by_time) // 2 :])
