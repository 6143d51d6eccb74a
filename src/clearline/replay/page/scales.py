"""Lay values along a line: where each stands, and which of them are written out.

Positions are per cent of the line, from 0 to 100, so that a drawing stretches to
any page while its words keep their size.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec

from clearline.replay.page.words import offset, span

_STEPS_S: Final = (
    *(1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800),
    *(3600, 7200, 14400, 21600, 43200, 86400),
)
_LETTER_PX: Final = 9.0
_GAP_PX: Final = 8.0
_MOST_TICKS: Final = 12
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


def offset_ticks(line: Line, least_px: float) -> list[Tick]:
    """Write out round offsets from T0, as many as fit a line this long."""
    return _ticks_s(line, least_px, offset)


def span_ticks(line: Line, least_px: float) -> list[Tick]:
    """Write out round spans, as many as fit a line this long."""
    return _ticks_s(line, least_px, span)


def log_ticks(line: LogLine, least_px: float) -> list[Tick]:
    """Write out spans along a logarithmic line, thinned until they fit."""
    ticks: list[Tick] = []
    for value in _DECADES_S:
        if line.start <= value <= line.end:
            here = tick(line.at(value), span(value), least_px)
            if are_apart([*ticks[-1:], here], least_px):
                ticks.append(here)
    return ticks


def count_ticks(line: Line, most: int, least_px: float) -> list[Tick]:
    """Write out whole numbers, at most so many, by 1, 2 or 5 times a power of ten."""
    step = max(1.0, 10.0 ** math.floor(math.log10((line.end - line.start) / most)))
    for factor in itertools.cycle((2.0, 2.5, 2.0)):
        at = multiples(line, step)
        ticks = [tick(line.at(n), f"{n:,.0f}", least_px) for n in at]
        if len(ticks) <= most + 1 and are_apart(ticks, least_px):
            break
        step *= factor
    return ticks


def steps_s(line: Line) -> Iterator[float]:
    """Yield round steps of a clock, from those that make few enough ticks, for ever."""
    days = (_STEPS_S[-1] * days for days in itertools.count(2))
    for step in itertools.chain(_STEPS_S, days):
        if (line.end - line.start) / step <= _MOST_TICKS:
            yield step


def are_apart(ticks: Sequence[Tick], least_px: float) -> bool:
    """Say whether no label of these touches the next."""
    ends = [_extent(one, least_px) for one in ticks]
    return all(a[1] + _GAP_PX <= b[0] for a, b in itertools.pairwise(ends))


def _ticks_s(line: Line, least_px: float, say: Callable[[float], str]) -> list[Tick]:
    """Write out multiples of the smallest round step whose labels keep apart."""
    for step in steps_s(line):
        ticks = [tick(line.at(s), say(s), least_px) for s in multiples(line, step)]
        if are_apart(ticks, least_px):
            break
    return ticks


def _extent(one: Tick, least_px: float) -> tuple[float, float]:
    width, at = _LETTER_PX * len(one.label), one.at * least_px / 100
    start = at - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[one.anchor]
    return start, start + width


def multiples(line: Line, step: float) -> list[float]:
    """Return the multiples of a step that stand on a line."""
    first, last = math.ceil(line.start / step), math.floor(line.end / step)
    return [step * n for n in range(first, last + 1)]
