"""Sum up the draws of a day: distributions, delays, break-even, limits."""

from collections.abc import Sequence
from typing import Final

import msgspec

from clearline.model.cast import Step
from clearline.model.scenarios import Limit, Scenario
from clearline.replay.counting import Counted, count, still_to_come
from clearline.replay.findings import ended_at_s, first_raise
from clearline.replay.performance import Ran
from clearline.replay.result import (
    AsRecorded,
    BreakEven,
    DelayShown,
    Distribution,
    LimitShown,
    Medians,
    StillToCome,
)
from clearline.replay.statistics import distribution, median, percentile, share

_CURVE_STEPS: Final = 32

NEVER: Final = {
    "acknowledged": "In so many draws nobody ever acknowledged.",
    "right_role": "In so many draws nobody who may order it ever had it.",
    "stopped": "In so many draws nothing was stopped in the time played.",
    "told": "In so many draws the caller never had to be told so.",
    "delay": "In so many draws it never came so far.",
}


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """Hold the draws of one day: what people did, and what events fell."""

    scenario: Scenario
    ran: tuple[Ran, ...]
    counted: tuple[Counted, ...]


def drawn(scenario: Scenario, seed: int, ran: Sequence[Ran]) -> Drawn:
    """Draw the events of each draw beside what people did in it."""
    counted = (count(scenario, seed, number, one) for number, one in enumerate(ran))
    return Drawn(scenario=scenario, ran=tuple(ran), counted=tuple(counted))


def acknowledged(draws: Drawn) -> Distribution:
    """Sum up how soon a person acknowledged."""
    values = [ran.acknowledged_s for ran in draws.ran]
    return distribution(values, never_says=NEVER["acknowledged"])


def right_role(draws: Drawn) -> Distribution:
    """Sum up how soon somebody who may order it had it."""
    values = [ran.right_role_s for ran in draws.ran]
    return distribution(values, never_says=NEVER["right_role"])


def stopped(draws: Drawn) -> Distribution:
    """Sum up how soon the desk that acts had ceased."""
    values = [ran.stopped_s for ran in draws.ran]
    return distribution(values, never_says=NEVER["stopped"])


def told_nobody(draws: Drawn) -> Distribution:
    """Sum up how soon the caller was told that nobody has it."""
    values = [ran.told_nobody_s for ran in draws.ran]
    return distribution(values, never_says=NEVER["told"])


def events_after_call(draws: Drawn) -> Distribution:
    """Sum up the events from the call until they were stopped."""
    values = [float(counted.after_call) for counted in draws.counted]
    return distribution(values, never_says="")


def events_after_call_recorded(draws: Drawn) -> Distribution:
    """Sum up the same draws' events with nobody stopping them."""
    values = [float(counted.after_call_recorded) for counted in draws.counted]
    return distribution(values, never_says="")


def events_fell(draws: Drawn) -> Distribution:
    """Sum up the events of the whole day."""
    values = [float(counted.fell) for counted in draws.counted]
    return distribution(values, never_says="")


def medians(draws: Drawn, runs: int) -> Medians:
    """Return the medians of the first `runs` draws."""
    ran, counted = draws.ran[:runs], draws.counted[:runs]
    return Medians(
        acknowledged_s=median([one.acknowledged_s for one in ran]),
        right_role_s=median([one.right_role_s for one in ran]),
        stopped_s=median([one.stopped_s for one in ran]),
        events_after_call=median([float(one.after_call) for one in counted]),
        events_fell=median([float(one.fell) for one in counted]),
        never_stopped=share([one.stopped_s is None for one in ran]),
    )


# --- the six delays -------------------------------------------------------------------

_DELAYS: Final = (
    (Step.NOTICE, "from the first event until somebody calls"),
    (Step.REACH, "from the call until the first of the chain acknowledges"),
    (Step.UNDERSTAND, "from then until it is read back right"),
    (Step.AUTHORITY, "from then until somebody who may order it has it"),
    (Step.BELIEF, "from then until the order is given"),
    (Step.PROPAGATION, "from then until the desk that acts has ceased"),
)


def delays(draws: Drawn, recorded: AsRecorded) -> tuple[DelayShown, ...]:
    """Sum up each delay apart, along the chain that brought the order in each draw."""
    act = first_raise(draws.scenario)
    is_fixed = act is None or act.at is not None
    shown = []
    for step, says in _DELAYS:
        values = [getattr(ran.delays, step) for ran in draws.ran]
        recorded_s, recorded_says = _in_record(step, recorded)
        shown.append(
            DelayShown(
                step=step,
                says=says,
                seconds=distribution(values, never_says=NEVER["delay"]),
                is_drawn=not (step is Step.NOTICE and is_fixed),
                recorded_s=recorded_s,
                recorded_says=recorded_says,
            )
        )
    return tuple(shown)


def _in_record(step: Step, recorded: AsRecorded) -> tuple[float | None, str]:
    """Say what the record has of a delay; it tells few of them apart."""
    if recorded.called_at_s is None:
        return None, "no call was made"
    if step is Step.NOTICE:
        return recorded.called_at_s, ""
    waited, stopped_s = recorded.waited_s, recorded.stopped_after_call_s
    if waited is None or stopped_s is None:
        return None, "not recorded"
    if step in {Step.REACH, Step.UNDERSTAND, Step.AUTHORITY}:
        return None, f"not told apart: {waited:g} s until somebody who could had it"
    left = stopped_s - waited
    return None, f"not told apart: {left:g} s from then to the last event"


# --- break-even -----------------------------------------------------------------------


def break_even(draws: Drawn) -> BreakEven:
    """Say how soon events must end after the call for anything to be otherwise."""
    end = draws.scenario.events.end.total_seconds()
    lefts = [
        None if ran.called_at_s is None else max(0.0, end - ran.called_at_s)
        for ran in draws.ran
    ]
    stop_s = median(lefts)
    if stop_s is None:
        return BreakEven(
            stop_s=None,
            reach_s=None,
            says="Nobody calls, so nothing changes.",
            curve=(),
        )
    rests = [
        ran.stopped_s - ran.acknowledged_s
        if ran.stopped_s is not None and ran.acknowledged_s is not None
        else None
        for ran in draws.ran
    ]
    rest = median(rests)
    reach_s = None if rest is None else round(max(0.0, stop_s - rest), 1)
    many = draws.scenario.events.many
    says = f"Changes the outcome only if the {many} end within {stop_s:g} s of the call"
    if reach_s is not None:
        says += (
            f"; in the median draw, only if somebody is reached within {reach_s:g} s"
        )
    return BreakEven(
        stop_s=stop_s, reach_s=reach_s, says=f"{says}.", curve=_curve(draws, stop_s)
    )


def _curve(draws: Drawn, span_s: float) -> tuple[StillToCome, ...]:
    """Count what is still to come, from the call to the break-even, in even steps."""
    points = []
    for step in range(_CURVE_STEPS + 1):
        after_s = span_s * step / _CURVE_STEPS
        left = sorted(
            float(still_to_come(counted, ran, after_s))
            for counted, ran in zip(draws.counted, draws.ran, strict=True)
        )
        points.append(
            StillToCome(
                stopped_s=round(after_s, 1),
                p05=percentile(left, 5, len(left)) or 0.0,
                p50=percentile(left, 50, len(left)) or 0.0,
                p95=percentile(left, 95, len(left)) or 0.0,
            )
        )
    return tuple(points)


# --- limits ---------------------------------------------------------------------------


def limits(draws: Drawn) -> tuple[LimitShown, ...]:
    """Hold each limit of the document against the draws, where it gives a time."""
    return tuple(_limit(draws, limit) for limit in draws.scenario.limits)


def _limit(draws: Drawn, limit: Limit) -> LimitShown:
    shown = LimitShown(
        id=limit.id,
        text=limit.text,
        reason=limit.reason,
        status=limit.status,
        sources=limit.sources,
        facts=limit.facts,
    )
    if limit.within_s is None:
        return shown
    act = first_raise(draws.scenario)
    is_from_call = act is None or act.at is not None
    took = [ran.stopped_s if is_from_call else ended_at_s(ran) for ran in draws.ran]
    too_late = share([at is None or at > limit.within_s for at in took])
    counted_from = "call" if is_from_call else "first event"
    return msgspec.structs.replace(
        shown,
        within_s=limit.within_s,
        counted_from=counted_from,
        too_late=too_late,
        draws_say=(
            f"In {too_late:.1%} of the draws nothing has ceased {limit.within_s:g} s "
            f"after the {counted_from}."
        ),
    )
