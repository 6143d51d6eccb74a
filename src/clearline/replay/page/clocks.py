"""Lay every reading of the day's clock side by side, in UTC."""

from typing import Final

import msgspec

from clearline.model.instants import Duration, Instant
from clearline.replay.page.scales import Line, Tick, are_apart, multiples, steps_s, tick
from clearline.replay.result import ReadingShown, Replay

_PAD: Final = 0.04


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
    """Write out round times of the day, as many as fit."""
    for step in steps_s(line):
        ticks = [
            tick(line.at(s), _say(midnight, s), least_px) for s in multiples(line, step)
        ]
        if are_apart(ticks, least_px):
            break
    return ticks


def _say(midnight: Instant, after_s: float) -> str:
    at = midnight + Duration(seconds=after_s)
    return f"{at:%H:%M:%S}Z" if at.second else f"{at:%H:%M}Z"
