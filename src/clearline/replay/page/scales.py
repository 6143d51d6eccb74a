"""Lay values along a line: where each stands, and which of them are written out.

Positions are per cent of the line, from 0 to 100, so that a drawing stretches to
any page while its words keep their size.
"""

import math
from typing import Final

import msgspec

from clearline.replay.page.words import offset, span

_STEPS_S: Final = (
    *(1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800),
    *(3600, 7200, 14400, 21600, 43200, 86400),
)
_LETTER_PX: Final = 9.0
_DECADES_S: Final = (1, 3, 10, 30, 60, 180, 600, 1800, 3600, 10800, 36000, 86400)


class Tick(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one value written beside a line.

    Attributes:
        at: Where it stands, per cent along the line.
        anchor: Which part of the label stands there: `start`, `middle` or `end`.
    """

    at: float
    label: str
    anchor: str = "middle"


def tick(at: float, label: str, least_px: float) -> Tick:
    """Write a value beside a line at least so long, without leaving the line."""
    half, here = _LETTER_PX * len(label) / 2, at * least_px / 100
    if here < half:
        return Tick(at=at, label=label, anchor="start")
    return Tick(
        at=at, label=label, anchor="end" if here > least_px - half else "middle"
    )


class Line(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a stretch of values laid evenly from 0 to 100 per cent.

    Attributes:
        start: The value at 0.
        end: The value at 100, above `start`.
    """

    start: float
    end: float

    def at(self, value: float) -> float:
        """Return where a value stands, per cent; outside it keeps to the ends."""
        share = (value - self.start) / (self.end - self.start)
        return round(100 * min(1.0, max(0.0, share)), 2)

    def holds(self, value: float) -> bool:
        """Say whether a value stands on the line, both ends included."""
        return self.start <= value <= self.end


class LogLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a stretch of positive values laid by their logarithm.

    Attributes:
        start: The value at 0, above zero.
        end: The value at 100, above `start`.
    """

    start: float
    end: float

    def at(self, value: float) -> float:
        """Return where a value stands, per cent; outside it keeps to the ends."""
        kept = min(self.end, max(self.start, value))
        share = math.log(kept / self.start) / math.log(self.end / self.start)
        return round(100 * share, 2)


def offset_ticks(line: Line, least_px: float, tick_px: float = 84.0) -> list[Tick]:
    """Write out round offsets from T0, as many as fit a line this long."""
    step = step_s(line, least_px, tick_px)
    return [tick(line.at(s), offset(s), least_px) for s in _multiples(line, step)]


def span_ticks(line: Line, least_px: float, tick_px: float = 72.0) -> list[Tick]:
    """Write out round spans, as many as fit a line this long."""
    step = step_s(line, least_px, tick_px)
    return [tick(line.at(s), span(s), least_px) for s in _multiples(line, step)]


def log_ticks(line: LogLine, least_px: float, tick_px: float = 62.0) -> list[Tick]:
    """Write out spans along a logarithmic line, thinned until they fit."""
    ticks: list[Tick] = []
    room = 100 * tick_px / least_px
    for value in _DECADES_S:
        here = tick(line.at(value), span(value), least_px)
        # A label that ends at its tick reaches further back.
        needs = 1.5 * room if here.anchor == "end" else room
        is_free = not ticks or here.at - ticks[-1].at >= needs
        if line.start <= value <= line.end and is_free:
            ticks.append(here)
    return ticks


def count_ticks(line: Line, most: int, least_px: float) -> list[Tick]:
    """Write out whole numbers, at most so many, by 1, 2 or 5 times a power of ten."""
    raw = max(1.0, (line.end - line.start) / most)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= raw * (1 - 1e-9))
    return [tick(line.at(n), f"{n:,.0f}", least_px) for n in _multiples(line, step)]


def step_s(line: Line, least_px: float, tick_px: float) -> float:
    """Return the smallest round step whose labels do not touch."""
    most = max(1.0, least_px / tick_px)
    raw = (line.end - line.start) / most
    days = math.ceil(raw / _STEPS_S[-1]) * _STEPS_S[-1]
    return float(next((step for step in _STEPS_S if step >= raw), days))


def _multiples(line: Line, step: float) -> list[float]:
    first, last = math.ceil(line.start / step), math.floor(line.end / step)
    return [step * n for n in range(first, last + 1)]
