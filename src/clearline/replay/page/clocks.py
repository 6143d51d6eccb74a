"""Lay every reading of the day's clock side by side, in UTC."""

from datetime import timedelta

import msgspec

from clearline.model.instants import Duration, Instant
from clearline.replay.page.scales import Line, Tick, step_s, tick
from clearline.replay.result import ReadingShown, Replay

_TICK_PX = 76.0
_PAD = 0.04


class ClockBar(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one reading as a bar, per cent of the axis."""

    shown: ReadingShown
    x0: float
    x1: float


class Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """Hold all readings over one axis in UTC."""

    axis: tuple[Tick, ...]
    bars: tuple[ClockBar, ...]


def clocks(replay: Replay, least_px: float) -> Clocks:
    """Draw the readings, in the order told.

    Args:
        replay: What to draw.
        least_px: The shortest length the axis is drawn at.
    """
    readings = replay.scenario.readings
    start = min(shown.reading.start for shown in readings)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)

    def since(at: Instant) -> float:
        return (at - midnight).total_seconds()

    first = since(start)
    last = max(since(shown.reading.end) for shown in readings)
    pad = _PAD * (last - first)
    line = Line(start=first - pad, end=last + pad)
    return Clocks(
        axis=tuple(_ticks(line, midnight, least_px)),
        bars=tuple(
            ClockBar(
                shown=shown,
                x0=line.at(since(shown.reading.start)),
                x1=line.at(since(shown.reading.end)),
            )
            for shown in readings
        ),
    )


def _ticks(line: Line, midnight: Instant, least_px: float) -> list[Tick]:
    step = timedelta(seconds=step_s(line, least_px, _TICK_PX))
    at, end = Duration(0), Duration(seconds=line.end)
    ticks = []
    while at <= end:
        if at.total_seconds() >= line.start:
            shown = midnight + at
            text = f"{shown:%H:%M}Z" if not shown.second else f"{shown:%H:%M:%S}Z"
            ticks.append(tick(line.at(at.total_seconds()), text, least_px))
        at += step
    return ticks
