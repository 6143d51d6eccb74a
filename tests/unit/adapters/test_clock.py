"""Node time never goes back, and a jump of the wall clock is told."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from clearline.adapters.clock import SystemClock, kernel_error_s

START = datetime(2016, 9, 17, 13, 55, tzinfo=UTC)


def test_node_time_starts_at_the_wall_and_goes_on():
    """Node time is wall time at start plus what has elapsed, never backwards."""
    clock = SystemClock()
    readings = [clock.read() for _ in range(1000)]
    assert all(a.at <= b.at for a, b in pairwise(readings))
    assert abs(readings[0].at - readings[0].wall) < timedelta(seconds=1)
    assert readings[0].at.tzinfo is UTC


def test_node_time_does_not_start_before_the_newest_entry():
    """A wall clock set back over a restart does not take node time back."""
    ahead = datetime.now(UTC) + timedelta(hours=1)  # noqa: TID251 (against the real one)
    clock = SystemClock(not_before=ahead)
    assert clock.read().at >= ahead


def test_the_clocks_error_is_known_or_said_to_be_unknown():
    """The kernel's figure is a number of seconds, or there is none."""
    error_s = kernel_error_s()
    assert error_s is None or 0 <= error_s < 3600
