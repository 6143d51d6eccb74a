"""Node time never goes back, and a jump of the wall clock is told."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from clearline.adapters.clock import SystemClock, WatchedClock, kernel_error_s
from clearline.service.ports import Reading

START = datetime(2016, 9, 17, 13, 55, tzinfo=UTC)


class MovedClock:
    """A clock whose node time and wall time are moved by hand."""

    def __init__(self):
        self.elapsed_s = 0.0
        self.apart_s = 0.0

    def read(self):
        """Read both times."""
        at = START + timedelta(seconds=self.elapsed_s)
        wall = at + timedelta(seconds=self.apart_s)
        return Reading(at=at, wall=wall, error_s=None)


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
    clock = WatchedClock(SystemClock(not_before=ahead))
    assert clock.read().at >= ahead
    step = clock.step()
    assert step is not None
    assert step.by_s == pytest.approx(-3600, abs=5)


@pytest.mark.parametrize("hours", [1, -1])
def test_an_hours_jump_is_told_once(hours):
    """A jump is told with its size and sign, and node time does not move."""
    clock = MovedClock()
    watched = WatchedClock(clock)
    assert watched.step() is None
    clock.elapsed_s, clock.apart_s = 10, hours * 3600
    step = watched.step()
    assert step is not None
    assert (step.at, step.by_s) == (START + timedelta(seconds=10), hours * 3600)
    assert step.wall == step.at + timedelta(hours=hours)
    assert watched.step() is None
    clock.apart_s = 0
    back = watched.step()
    assert back is not None
    assert back.by_s == -hours * 3600


@pytest.mark.parametrize("apart_s", [0.0, 0.5, 1.0, -1.0])
def test_a_second_or_less_is_no_step(apart_s):
    """What a clock is corrected by every day is not told."""
    clock = MovedClock()
    watched = WatchedClock(clock)
    clock.apart_s = apart_s
    assert watched.step() is None


def test_a_slow_drift_is_told_when_it_has_come_to_more_than_a_second():
    """Small corrections add up; together they are a step like any other."""
    clock = MovedClock()
    watched = WatchedClock(clock)
    told = []
    for tenth in range(1, 26):
        clock.apart_s = tenth / 10
        step = watched.step()
        if step is not None:
            told.append(step.by_s)
    assert told == [pytest.approx(1.1), pytest.approx(1.1)]


def test_the_clocks_error_is_known_or_said_to_be_unknown():
    """The kernel's figure is a number of seconds, or there is none."""
    error_s = kernel_error_s()
    assert error_s is None or 0 <= error_s < 3600
