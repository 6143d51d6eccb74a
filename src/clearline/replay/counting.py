"""Count a draw's events: how many fell after the call, with the line and without.

Events know nothing of people and people nothing of events, so a draw's events are
drawn apart from what people did in it.
"""

from bisect import bisect_left

import msgspec

from clearline.model.scenarios import Scenario
from clearline.replay.chance import Draws
from clearline.replay.occurrences import draw_times
from clearline.replay.performance import Ran


class Counted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold the events of one draw.

    Attributes:
        times_s: When each would fall if nobody stopped them, seconds from T0.
        after_call: How many fall from the call until they are stopped.
        after_call_recorded: How many would, if nobody stopped them.
        fell: How many fall that day with the line.
    """

    times_s: tuple[float, ...]
    after_call: int
    after_call_recorded: int
    fell: int


def count(scenario: Scenario, seed: int, number: int, ran: Ran) -> Counted:
    """Draw and count the events of draw `number`."""
    times = draw_times(scenario.events, Draws(seed, number))
    before_call = len(times)
    until_stop = len(times)
    if ran.called_at_s is not None:
        before_call = bisect_left(times, ran.called_at_s)
        if ran.stopped_s is not None:
            until_stop = bisect_left(times, ran.called_at_s + ran.stopped_s)
    return Counted(
        times_s=times,
        after_call=until_stop - before_call,
        after_call_recorded=len(times) - before_call,
        fell=until_stop,
    )


def still_to_come(counted: Counted, ran: Ran, after_s: float) -> int:
    """Count the events from `after_s` seconds after the call on."""
    if ran.called_at_s is None:
        return 0
    since = ran.called_at_s + after_s
    return len(counted.times_s) - bisect_left(counted.times_s, since)
