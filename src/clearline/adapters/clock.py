"""Tell the time, and say when the wall clock jumps.

Node time is the wall time at start plus what has elapsed since, never backwards.
Due times are node time, so a jump of the wall clock moves labels and no ring.
Elapsed time counts while the machine sleeps (CLOCK_BOOTTIME).
"""

import ctypes
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import cast

import msgspec

from clearline.model.instants import Duration, Instant
from clearline.service.ports import Clock, Reading

STEP_AFTER = Duration(seconds=1)
"""How far the wall clock may part from node time before that is a step."""

_ELAPSED = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
_TIME_ERROR = 5


class SystemClock:
    """Tell node time and wall time; the contract is `service.ports.Clock`."""

    def __init__(self, *, not_before: Instant | None = None) -> None:
        """Start node time at the wall clock.

        Args:
            not_before: Node time of the newest entry in the log. Where the wall
                clock lies before it, node time goes on from there.
        """
        wall = datetime.now(UTC)  # noqa: TID251 (the one place that asks)
        self._start = wall if not_before is None else max(wall, not_before)
        self._started_ns = time.clock_gettime_ns(_ELAPSED)

    def read(self) -> Reading:
        """Read node time and wall time at one moment."""
        elapsed_ns = time.clock_gettime_ns(_ELAPSED) - self._started_ns
        return Reading(
            at=self._start + timedelta(microseconds=elapsed_ns // 1000),
            wall=datetime.now(UTC),  # noqa: TID251 (the one place that asks)
            error_s=kernel_error_s(),
        )


class WallStep(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say that the wall clock jumped against node time.

    Attributes:
        at: Node time when it was noticed.
        wall: What the wall clock said then.
        by_s: How far it jumped, seconds; negative is backwards.
    """

    at: Instant
    wall: Instant
    by_s: float


class WatchedClock:
    """Read another clock, and remember each step of its wall clock.

    Steps are measured against what was last reported, so a slow drift is
    reported too, once it has come to more than `STEP_AFTER`.
    """

    def __init__(self, clock: Clock) -> None:
        """Watch a clock from now on."""
        self._clock = clock
        self._apart = Duration()

    def read(self) -> Reading:
        """Read node time and wall time at one moment."""
        return self._clock.read()

    def step(self) -> WallStep | None:
        """Say whether the wall clock has jumped since this was last asked."""
        now = self._clock.read()
        apart = now.wall - now.at
        moved = apart - self._apart
        if abs(moved) <= STEP_AFTER:
            return None
        self._apart = apart
        return WallStep(at=now.at, wall=now.wall, by_s=moved.total_seconds())


class _NtpTime(ctypes.Structure):
    """Lay out `struct ntptimeval` of ntp_gettime(3), with room to spare."""

    _fields_ = (
        ("seconds", ctypes.c_long),
        ("microseconds", ctypes.c_long),
        ("most_error_us", ctypes.c_long),
        ("likely_error_us", ctypes.c_long),
        ("rest", ctypes.c_long * 8),
    )


def kernel_error_s() -> float | None:
    """Ask the kernel how far the wall clock may be off, seconds.

    The figure is `maxerror` of ntp_gettime(3), kept by whatever disciplines the
    clock; `None` where nothing does, or where the system cannot be asked.
    """
    ask = _ntp_gettime()
    if ask is None:
        return None
    found = _NtpTime()
    if ask(ctypes.byref(found)) in (-1, _TIME_ERROR):
        return None
    return float(found.most_error_us) / 1e6


@lru_cache(maxsize=1)
def _ntp_gettime() -> Callable[..., int] | None:
    try:
        return cast("Callable[..., int]", ctypes.CDLL(None).ntp_gettime)
    except (OSError, AttributeError):
        return None
