"""Say when a movement may be where along its path, leg by leg.

A row is a position with the first and the last instant it may be there; from one row
to the next both run evenly. Without a pace those are the passages as told. With one,
a thing that leaves p in [a0, a1] and reaches q, at distance s, in [b0, b1] may be at
x from p

    from  max(a0 + x / fastest, b0 - (s - x) / slowest)
    to    min(a1 + x / slowest, b1 - (s - x) / fastest)

and at no other time: two lines each, of which none is left out. Where they cross a
row is put in. A slowest pace of nothing lets it wait anywhere, beside p after it has
left and before q too; that is a row more at either.

Instants are whole microseconds since 1970, rounded outward.
"""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import TypeAlias

from clearline.geo.geodesy import arrival, inverse
from clearline.geo.microseconds import microseconds
from clearline.model.extents import Corridor
from clearline.model.passages import Pace, Passage
from clearline.model.places import Position

Row: TypeAlias = tuple[Position, int, int]
"""Where, and the first and the last instant it may be there."""

Times: TypeAlias = tuple[int, int]


def rows(corridor: Corridor) -> Iterator[Row]:
    """Yield rows along a corridor that has passages, in the order of its path."""
    stops = list(zip(corridor.path, corridor.passages, strict=True))
    yield from _stay(*stops[0])
    for (p, before), (q, after) in pairwise(stops):
        if corridor.pace is not None and p != q:
            leaves = microseconds(before.leaves_from), microseconds(before.leaves_by)
            arrives = microseconds(after.arrives_from), microseconds(after.arrives_by)
            yield from _under_way(p, leaves, q, arrives, corridor.pace)
        yield from _stay(q, after)


def _stay(at: Position, passage: Passage) -> Iterator[Row]:
    """Yield when it may come and, where it stays, when it may go: a leg in time."""
    yield at, microseconds(passage.arrives_from), microseconds(passage.arrives_by)
    if passage.leaves_by > passage.arrives_by:
        yield at, microseconds(passage.leaves_from), microseconds(passage.leaves_by)


def _under_way(
    p: Position, leaves: Times, q: Position, arrives: Times, pace: Pace
) -> Iterator[Row]:
    (a0, a1), (b0, b1) = leaves, arrives
    length_m, bearing_deg = inverse(p, q)
    quick_us = length_m / pace.fastest_mps * 1e6
    if pace.slowest_mps == 0.0:
        first, last = a0 + math.floor(quick_us), b1 - math.floor(quick_us)
        if last > a1:
            yield p, a0, last
        if first < b0:
            yield q, first, b1
        return
    slow_us = length_m / pace.slowest_mps * 1e6
    more_us = slow_us - quick_us
    if more_us <= 0.0:
        return  # one pace: both lines are one
    turns = (a0 + slow_us - b0) / more_us, (b1 - quick_us - a1) / more_us
    for share in sorted(turns):
        if not 0.0 < share < 1.0:
            continue
        first_us = max(a0 + share * quick_us, b0 - (1.0 - share) * slow_us)
        last_us = min(a1 + share * slow_us, b1 - (1.0 - share) * quick_us)
        at, _ = arrival(p, bearing_deg, share * length_m)
        yield at, math.floor(first_us), math.ceil(last_us)
