"""Tell the time.

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

from clearline.model.instants import Instant
from clearline.service.ports import Reading

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
