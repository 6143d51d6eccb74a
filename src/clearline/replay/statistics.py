"""Say how a figure came out over many draws."""

import math
from collections.abc import Sequence
from typing import Final

from clearline.replay.result import Bar, Distribution

CURVE: Final = (1, 5, 10, 25, 50, 75, 90, 95, 99)
_BARS: Final = 20


def percentile(ordered: Sequence[float], percent: float, of: int) -> float | None:
    """Return a percentile by nearest rank: the value number ceil(percent * of / 100).

    Args:
        ordered: The draws in which it happened, ascending.
        percent: Above 0, at most 100.
        of: All draws; those in which it never happened lie above all others.

    Returns:
        The value, or nothing where the percentile falls on a draw in which it
        never happened, or where there are no draws.
    """
    rank = max(1, math.ceil(percent * of / 100 - 1e-9))
    return ordered[rank - 1] if rank <= len(ordered) else None


def median(values: Sequence[float | None]) -> float | None:
    """Return the median by nearest rank; nothing where most never happened."""
    return percentile(_happened(values), 50, len(values))


def distribution(values: Sequence[float | None], *, never_says: str) -> Distribution:
    """Sum up draws.

    Args:
        values: One for each draw; `None` where it never happened.
        never_says: Why a percentile is missing, if one is.
    """
    ordered, of = _happened(values), len(values)
    curve = tuple((percent, percentile(ordered, percent, of)) for percent in CURVE)
    by_percent = dict(curve)
    is_missing = any(by_percent[percent] is None for percent in (50, 95, 99))
    return Distribution(
        p50=by_percent[50],
        p95=by_percent[95],
        p99=by_percent[99],
        never=of - len(ordered),
        of=of,
        least=ordered[0] if ordered else None,
        most=ordered[-1] if ordered else None,
        why=never_says if is_missing else "",
        curve=curve,
        bars=_bars(ordered),
    )


def share(truths: Sequence[bool]) -> float:
    """Return the share of draws in which something is so."""
    return round(sum(truths) / len(truths), 4) if truths else 0.0


def _happened(values: Sequence[float | None]) -> list[float]:
    return sorted(round(value, 1) for value in values if value is not None)


def _bars(ordered: list[float]) -> tuple[Bar, ...]:
    """Count draws in even bars up to the 99th percentile, and the tail in one more."""
    if not ordered:
        return ()
    far = percentile(ordered, 99, len(ordered)) or 0.0
    width = _even_width(far / _BARS)
    edges = [width * number for number in range(math.floor(far / width) + 2)]
    if ordered[-1] >= edges[-1]:
        edges.append(ordered[-1])
    counts = [0] * (len(edges) - 1)
    for value in ordered:
        place = int(value / width)
        counts[min(place, len(counts) - 1)] += 1
    return tuple(
        Bar(start=round(start, 1), end=round(end, 1), count=count)
        for start, end, count in zip(edges, edges[1:], counts, strict=False)
    )


def _even_width(width: float) -> float:
    """Return the next 1, 2 or 5 times a power of ten, at least 1."""
    if width <= 1:
        return 1.0
    power = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= width)
