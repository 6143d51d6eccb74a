"""Turn what many draws say into curves and bars.

Points of curves are per cent of a square, x to the right and y downwards, so that a
drawing stretches while its lines and words keep their size.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from clearline.replay.page.packing import Draft, Mark, pack, rows
from clearline.replay.page.scales import (
    Line,
    LogLine,
    Tick,
    count_ticks,
    log_ticks,
    span_ticks,
)
from clearline.replay.page.words import number, span
from clearline.replay.result import (
    Bar,
    DelayShown,
    Distribution,
    KnobEffect,
    Replay,
    WithLine,
)

_QUARTERS: Final = (0, 25, 50, 75, 100)
_MARGIN: Final = 0.08

WIDE_PX: Final = 430.0
"""The shortest curve drawn beside another one."""


class Curve(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one curve: `points` for a polyline, per cent."""

    name: str
    points: str


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """Hold curves over an axis.

    Attributes:
        across: Ticks of the axis to the right.
        along: Ticks of the axis upwards, `at` from the bottom.
        area: A closed outline, empty for none.
        marks: Values pointed out above the curves, `rows` of them.
        says: What is seen, for who cannot see it.
    """

    across: tuple[Tick, ...]
    along: tuple[Tick, ...]
    curves: tuple[Curve, ...]
    marks: tuple[Mark, ...]
    rows: int
    says: str
    area: str = ""


class Block(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one bar of a histogram, per cent of the drawing."""

    at: float
    width: float
    height: float


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one histogram on an axis it shares with others."""

    name: str
    is_model_of: str
    blocks: tuple[Block, ...]
    p50: float | None
    says: str


class Histograms(msgspec.Struct, frozen=True, kw_only=True):
    """Hold histograms one below the other."""

    across: tuple[Tick, ...]
    counts: tuple[Counts, ...]


class Reach(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one bar of a row: from, middle and to, per cent; `None` where unknown.

    Attributes:
        goes_on: Whether its far end lies beyond all draws.
    """

    start: float | None
    middle: float | None
    end: float | None
    recorded: float | None = None
    goes_on: bool = False


def reached_chart(replay: Replay, least_px: float) -> Chart | None:
    """Draw by when after the call what share of draws had come so far."""
    with_line, recorded = replay.with_line, replay.as_recorded
    figures = (
        ("acknowledged", with_line.acknowledged_s),
        ("who may order it has it", with_line.right_role_s),
        ("stopped", with_line.stopped_s),
    )
    pointed = [
        (value, f"recorded {what}: {span(value)}")
        for value, what in (
            (recorded.waited_s, "wait"),
            (recorded.stopped_after_call_s, "end"),
        )
        if value is not None
    ]
    values = [
        value for _, figure in figures for _, value in figure.curve if value is not None
    ]
    if not values:
        return None
    line = _log_line([*values, *(value for value, _ in pointed)])
    marks = _pointed(pointed, line, least_px)
    return Chart(
        across=tuple(log_ticks(line, least_px)),
        along=tuple(Tick(at=q, label=f"{q}") for q in _QUARTERS),
        curves=tuple(
            Curve(name=name, points=_quantiles(figure, line))
            for name, figure in figures
        ),
        marks=marks,
        rows=rows(marks),
        says="; ".join(_say(name, figure) for name, figure in figures),
    )


def to_come_chart(replay: Replay, least_px: float) -> Chart | None:
    """Draw how many events were still to come against when they end."""
    even = replay.with_line.break_even
    if len(even.curve) < 2:  # noqa: PLR2004 (two points make a line)
        return None
    first, last = even.curve[0].stopped_s, even.curve[-1].stopped_s
    across = Line(start=first - _MARGIN * (last - first), end=last)
    along = Line(start=0.0, end=max(1.0, *(point.p95 for point in even.curve)))
    median = [(across.at(p.stopped_s), along.at(p.p50)) for p in even.curve]
    low = [(across.at(p.stopped_s), along.at(p.p05)) for p in even.curve]
    high = [(across.at(p.stopped_s), along.at(p.p95)) for p in even.curve]
    marks = _pointed(_stops(replay.with_line, across), across, least_px)
    many = replay.scenario.many
    return Chart(
        across=tuple(span_ticks(across, least_px)),
        along=tuple(count_ticks(along, 4, least_px)),
        curves=(Curve(name=f"{many} still to come, median", points=_points(median)),),
        area=_points([*low, *reversed(high)]),
        marks=marks,
        rows=rows(marks),
        says=(
            f"Ended {span(even.curve[0].stopped_s)} after the call, "
            f"{number(even.curve[0].p50)} {many} were still to come in the median; "
            f"ended {span(even.curve[-1].stopped_s)} after it, "
            f"{number(even.curve[-1].p50)}"
        ),
    )


def histograms(replay: Replay) -> Histograms | None:
    """Draw how many events fell from the call on, with the line and without a stop."""
    with_line = replay.with_line
    figures = (
        ("with the line", with_line.events_after_call),
        ("nobody stops anything", with_line.events_after_call_recorded),
    )
    ends = [bar.end for _, figure in figures for bar in figure.bars]
    if not ends:
        return None
    line = Line(start=0.0, end=max(ends))
    tallest = max(_density(bar, figure) for _, figure in figures for bar in figure.bars)
    return Histograms(
        across=tuple(count_ticks(line, 8, WIDE_PX)),
        counts=tuple(
            Counts(
                name=name,
                is_model_of=name,
                blocks=_blocks(figure, line, tallest),
                p50=None if figure.p50 is None else line.at(figure.p50),
                says=_say_counts(figure, replay.scenario.many),
            )
            for name, figure in figures
        ),
    )


def delay_reaches(
    delays: Sequence[DelayShown], least_px: float
) -> tuple[tuple[Reach, ...], tuple[Tick, ...]]:
    """Draw each delay from half of all draws to 99 of 100, on one logarithmic line."""
    values = [
        value
        for delay in delays
        for value in (delay.seconds.p50, delay.seconds.p99, delay.recorded_s)
        if value is not None and value > 0
    ]
    if not values:
        return tuple(_nothing() for _ in delays), ()
    line = _log_line(values)
    reaches = tuple(
        Reach(
            start=_at(line, delay.seconds.p50),
            middle=_at(line, delay.seconds.p95),
            end=_at(line, delay.seconds.p99),
            recorded=_at(line, delay.recorded_s),
            goes_on=delay.seconds.p50 is not None and delay.seconds.p99 is None,
        )
        for delay in delays
    )
    return reaches, tuple(log_ticks(line, least_px))


def knob_reaches(
    replay: Replay, least_px: float
) -> tuple[tuple[Reach, ...], tuple[Tick, ...]]:
    """Draw how far each knob moves the median of `stopped_s`, on one line."""
    base = replay.sensitivity.base.stopped_s
    knobs = replay.sensitivity.knobs
    values = [
        end.medians.stopped_s
        for knob in knobs
        for end in knob.ends
        if end.medians.stopped_s is not None
    ]
    if base is None or not values:
        return tuple(_nothing() for _ in knobs), ()
    line = Line(start=0.0, end=1.05 * max(base, *values, 1.0))
    ticks = tuple(span_ticks(line, least_px))
    return tuple(_knob(knob, base, line) for knob in knobs), ticks


def _knob(knob: KnobEffect, base: float, line: Line) -> Reach:
    ends = [end.medians.stopped_s for end in knob.ends]
    known = [base, *(value for value in ends if value is not None)]
    return Reach(
        start=line.at(min(known)),
        middle=line.at(base),
        end=line.at(max(known)),
        goes_on=None in ends,
    )


# --- parts of a drawing -------------------------------------------------------------


def _nothing() -> Reach:
    return Reach(start=None, middle=None, end=None)


def _at(line: LogLine, value: float | None) -> float | None:
    return None if value is None else line.at(value)


def _log_line(values: Sequence[float]) -> LogLine:
    """Return a line from a round span below all values to one above."""
    positive = [value for value in values if value > 0] or [1.0]
    least = next((s for s in (600, 60, 10) if s <= min(positive)), 1)
    return LogLine(start=float(least), end=1.25 * max(*positive, 10.0 * least))


def _quantiles(figure: Distribution, line: LogLine) -> str:
    """Return a curve through the percentiles that came out; it ends where they do."""
    known = [(line.at(v), float(p)) for p, v in figure.curve if v is not None]
    return _points(known)


def _points(places: Iterable[tuple[float, float]]) -> str:
    """Write points for a polyline, turning y downwards."""
    return " ".join(f"{x:g},{round(100 - y, 2):g}" for x, y in places)


def _pointed(
    values: Sequence[tuple[float, str]], line: Line | LogLine, least_px: float
) -> tuple[Mark, ...]:
    drafts = [
        Draft(x0=line.at(value), x1=line.at(value), shape="none", label=label)
        for value, label in values
    ]
    return pack(drafts, least_px)


def _stops(with_line: WithLine, across: Line) -> list[tuple[float, str]]:
    """Return when events end: in the record, and with the line in the median."""
    even = with_line.break_even.stop_s
    said = []
    if with_line.stopped_s.p50 is not None:
        label = f"MODEL, median: {span(with_line.stopped_s.p50)}"
        said.append((with_line.stopped_s.p50, label))
    if even is not None:
        said.append((even, f"break-even: {span(even)}"))
    return [(value, label) for value, label in said if across.holds(value)]


def _density(bar: Bar, figure: Distribution) -> float:
    return bar.count / max(1, figure.of) / max(1e-9, bar.end - bar.start)


def _blocks(figure: Distribution, line: Line, tallest: float) -> tuple[Block, ...]:
    return tuple(
        Block(
            at=line.at(bar.start),
            width=round(line.at(bar.end) - line.at(bar.start), 2),
            height=round(100 * _density(bar, figure) / tallest, 2),
        )
        for bar in figure.bars
    )


def _say(name: str, figure: Distribution) -> str:
    known = [(p, v) for p, v in figure.curve if v is not None]
    said = ", ".join(f"{percent} % by {span(value)}" for percent, value in known)
    return f"{name}: {said}" if said else f"{name}: in no draw"


def _say_counts(figure: Distribution, many: str) -> str:
    if figure.p50 is None or figure.least is None or figure.most is None:
        return f"no count of {many} came out in most draws"
    return (
        f"{number(figure.least)} to {number(figure.most)} {many}, "
        f"median {number(figure.p50)}"
    )
