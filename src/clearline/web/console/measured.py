"""Measure how long each step of a call took, against what the line is to reach.

    raised --acknowledged--> read back --> passed on --> ceased
           30 s              60 s          90 s          180 s     of a call, as frozen
    called --a person--> who may order it --> it stopped
           30 s          90 s                                       of a day replayed

A step that never came is not late but missing, and says so. What a model brought out
stands in a column of its own and is stamped.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from clearline.model.calls import Call, Kind
from clearline.model.instants import Duration, Instant
from clearline.replay.result import Replay
from clearline.rules.agreements import LEAST_REACH
from clearline.web.console.labels import _

RIGHT_ROLE: Final = Duration(seconds=90)
"""What the line is to reach: who may order it has it."""

STEPS: Final = (_("acknowledged"), _("read back"), _("passed on"), _("ceased"))
_MEASURED: Final = (Kind.STOP, Kind.HOLD)


class Delay(msgspec.Struct, frozen=True, kw_only=True):
    """Hold how long one step took.

    Attributes:
        took_s: From the step before; `None` where it has not come.
        most_s: What it is to take at most.
    """

    step: str
    took_s: float | None
    most_s: float

    @property
    def is_late(self) -> bool:
        """Say whether it came, and later than it should have."""
        return self.took_s is not None and self.took_s > self.most_s


class DayDelay(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one delay of a day: as recorded, and in the first draw of the model."""

    says: str
    most_s: float | None
    recorded_s: float | None
    line_s: float | None

    @property
    def is_late(self) -> bool:
        """Say whether it was later, as recorded, than the line is to be."""
        late = self.most_s is not None and self.recorded_s is not None
        return late and (self.recorded_s or 0.0) > (self.most_s or 0.0)


def delays(call: Call) -> tuple[Delay, ...]:
    """Measure the steps of one call, in order; each counts from the one before it."""
    return tuple(_delays(call))


def _delays(call: Call) -> Iterator[Delay]:
    ladder, before = call.ladder, call.raised_at
    first = call.acknowledgements[0].at if call.acknowledgements else None
    came: tuple[tuple[Instant | None, Duration], ...] = (
        (first, LEAST_REACH),
        (call.has_read_back_at, ladder.read_back_for),
        (call.has_passed_on_at, ladder.pass_on_for),
        (call.has_ceased_at, ladder.cease_for),
    )
    for step, (at, most) in zip(STEPS, came, strict=True):
        took = None if at is None else (at - before).total_seconds()
        yield Delay(step=step, took_s=took, most_s=most.total_seconds())
        before = at or before


def measured(calls: Iterable[Call]) -> list[tuple[Call, tuple[Delay, ...]]]:
    """Measure every STOP and HOLD, newest first."""
    found = [one for one in calls if one.kind in _MEASURED]
    found.sort(key=lambda one: one.raised_at, reverse=True)
    return [(one, delays(one)) for one in found]


def of_day(replay: Replay) -> tuple[DayDelay, ...]:
    """Measure a day: what the record tells apart, and what the model's first draw."""
    run, recorded = replay.with_line.first_run, replay.as_recorded
    return (
        DayDelay(
            says=_("until a person had the call"),
            most_s=LEAST_REACH.total_seconds(),
            recorded_s=None,
            line_s=run.acknowledged_s,
        ),
        DayDelay(
            says=_("until somebody who could stop it had it"),
            most_s=RIGHT_ROLE.total_seconds(),
            recorded_s=recorded.waited_s,
            line_s=run.right_role_s,
        ),
        DayDelay(
            says=_("until it stopped"),
            most_s=None,
            recorded_s=recorded.stopped_after_call_s,
            line_s=run.stopped_s,
        ),
    )
