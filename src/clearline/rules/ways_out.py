"""Compute what a party could change so that its notice meets another no more.

    shift the time   as little as it takes, earlier or later, whole minutes
    move the edge    as far as it takes, whole metres, away from the other
    pause            while the other may be there

Each is computed from what that party may see of the other and nothing else, and tried
before it is given: what would still meet is left out. None of it is advice, and none
of it permits anything.
"""

import math
from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from clearline.geo.geodesy import destination, inverse
from clearline.geo.lengths import say_length
from clearline.geo.meeting import meet
from clearline.model.conflicts import WayOut, WayOutKind
from clearline.model.extents import Corridor, Extent, Shape, ends_at, starts_at
from clearline.model.instants import FOREVER, Duration, Instant, Window, write_instant
from clearline.model.places import Circle, Point, Position, Unlocated

_MINUTE: Final = Duration(minutes=1)
_LONG_HOURS: Final = 2
_LONG_DAYS: Final = 2
"""From how many on a time is said in them: 90 min, 47 h 10 min, 3 d 0 h 5 min."""


def ways_out(own: Extent, other: Extent, now: Instant) -> tuple[WayOut, ...]:
    """Return what would part two extents that meet, the own one changed alone.

    Args:
        own: Of the party that asks.
        other: As that party may see it.
        now: Nothing is shifted to begin before this.
    """
    nowhere = (own.footprint, other.footprint)
    if any(isinstance(footprint, Unlocated) for footprint in nowhere):
        return ()
    return (
        *_in_time(own, other, now),
        *_in_space(own, other),
        *_in_between(own, other),
    )


def _in_time(own: Extent, other: Extent, now: Instant) -> Iterator[WayOut]:
    if own.window.end >= FOREVER:
        return
    if ends_at(other) < FOREVER:
        later = _whole(ends_at(other) - starts_at(own))
        if _is_apart(_shifted(own, later), other):
            yield _shift(own, later, "later")
    earlier = -_whole(ends_at(own) - starts_at(other))
    is_ahead = own.window.start + earlier > now
    if is_ahead and _is_apart(_shifted(own, earlier), other):
        yield _shift(own, earlier, "earlier")


def _shift(own: Extent, by: Duration, word: str) -> WayOut:
    begins = write_instant(own.window.start + by)
    whole = round(abs(by) / _MINUTE)
    hours, minutes = divmod(whole, 60)
    days, rest = divmod(hours, 24)
    if days >= _LONG_DAYS:
        says = (
            f"Shift it {days:,} d {rest:,} h {minutes:,} min {word}: "
            f"it then begins at {begins}."
        )
    elif hours >= _LONG_HOURS:
        says = (
            f"Shift it {hours:,} h {minutes:,} min {word}: it then begins at {begins}."
        )
    else:
        says = f"Shift it {whole:,} min {word}: it then begins at {begins}."
    return WayOut(kind=WayOutKind.SHIFT_TIME, says=says, by_s=by.total_seconds())


def _in_space(own: Extent, other: Extent) -> Iterator[WayOut]:
    met = meet(own, other)
    if met.separation_m is None:
        return
    by_m = float(math.ceil(met.limit_m + met.unsure_m - met.separation_m) + 1)
    if met.separation_m == 0.0:
        deep_m = _depth_m(own.footprint, other.footprint)
        if deep_m is None:
            return
        by_m = float(math.ceil(met.limit_m + met.unsure_m + deep_m) + 1)
    away = _moved_away(own.footprint, other.footprint, by_m)
    if away is not None and not _is_apart(replace(own, footprint=away), other):
        return
    yield WayOut(
        kind=WayOutKind.MOVE_EDGE,
        says=f"Move its edge {say_length(by_m)} away from the other, or make it "
        "that much smaller on that side.",
        by_m=by_m,
    )


def _in_between(own: Extent, other: Extent) -> Iterator[WayOut]:
    """Pause what does not move, while the other may be there."""
    if isinstance(own.footprint, Corridor) and own.footprint.passages:
        return
    contact = meet(own, other).contact
    if contact is None or ends_at(other) >= FOREVER:
        return
    margin = Duration(seconds=own.buffer_s)
    start = max(own.window.start, _second(contact.start - margin))
    end = min(own.window.end, _second(contact.end + margin, up=True))
    parts = [
        Window(start=first, end=last)
        for first, last in ((own.window.start, start), (end, own.window.end))
        if first < last
    ]
    if not parts or start >= end:
        return  # nothing of it would be left
    if all(_is_apart(replace(own, window=part), other) for part in parts):
        yield WayOut(
            kind=WayOutKind.PAUSE,
            says=f"Pause it from {write_instant(start)} to {write_instant(end)}.",
            pause=Window(start=start, end=end),
        )


def _is_apart(own: Extent, other: Extent) -> bool:
    return not meet(own, other).is_conflict


def _shifted(own: Extent, by: Duration) -> Extent:
    window = Window(start=own.window.start + by, end=own.window.end + by)
    footprint = own.footprint
    if isinstance(footprint, Corridor) and footprint.passages:
        passages = tuple(
            replace(passage, eta=passage.eta + by) for passage in footprint.passages
        )
        footprint = replace(footprint, passages=passages)
    return replace(own, window=window, footprint=footprint)


def _second(at: Instant, *, up: bool = False) -> Instant:
    """Go to a whole second, so that a pause is said as people say times."""
    more = Duration(seconds=1) if up and at.microsecond else Duration(0)
    return at.replace(microsecond=0) + more


def _whole(length: Duration) -> Duration:
    """Round up to whole minutes."""
    return math.ceil(length / _MINUTE) * _MINUTE


def _middle_of(footprint: Shape) -> tuple[Position, float] | None:
    """Return the middle and radius of what has one."""
    match footprint:
        case Point(position=position):
            return position, 0.0
        case Circle(centre=centre, radius_m=radius_m):
            return centre, radius_m
        case _:
            return None


def _depth_m(own: Shape, other: Shape) -> float | None:
    """Return how deep two circles lie in each other; `None` for other shapes."""
    one, two = _middle_of(own), _middle_of(other)
    if one is None or two is None:
        return None
    apart_m, _ = inverse(one[0], two[0])
    return max(0.0, one[1] + two[1] - apart_m)


def _moved_away(own: Shape, other: Shape, by_m: float) -> Shape | None:
    """Return a circle moved straight away from another; `None` for other shapes."""
    one, two = _middle_of(own), _middle_of(other)
    if one is None or two is None:
        return None
    apart_m, bearing = inverse(two[0], one[0])
    there = destination(one[0], bearing if apart_m else 0.0, by_m)
    if isinstance(own, Circle):
        return replace(own, centre=there)
    return replace(own, position=there) if isinstance(own, Point) else None
