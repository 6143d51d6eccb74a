"""Place a day's events in time, where nobody gives their times.

    total --counts known, least--> rest --split--> so many a part --spread--> times

The first event is T0 and the last is the day's end, whatever is drawn. Each part
draws from a stream of its own, so another number in one part moves none of the
times in another.
"""

from functools import cache

from clearline.model.beats import EventPart, Events, PartId, Split, Spread
from clearline.replay.chance import Draws


def draw_times(events: Events, draws: Draws) -> tuple[float, ...]:
    """Draw when each event falls, seconds from T0, in order.

    Args:
        events: What the document says of them.
        draws: The luck of this run.
    """
    parts = events.parts or _whole(events)
    counts = draw_counts(events, draws)
    times: list[float] = []
    for index, (part, count) in enumerate(zip(parts, counts, strict=True)):
        if part.at:
            times += [at.total_seconds() for at in part.at]
            continue
        is_first, is_last = index == 0, index == len(parts) - 1
        times += _spread(
            events.spread, part, count, draws, is_first=is_first, is_last=is_last
        )
    return tuple(sorted(times))


def draw_counts(events: Events, draws: Draws) -> tuple[int, ...]:
    """Draw how many events fall into each part; they add up to the total."""
    parts = events.parts or _whole(events)
    counts = [part.least if part.count is None else part.count for part in parts]
    room = [
        0 if part.count is not None else _room(part, events.total) for part in parts
    ]
    rest = events.total - sum(counts)
    if events.split is Split.UNIFORM:
        added = _any_split(tuple(room), rest, draws)
    else:
        added = _by_duration(parts, room, rest, draws)
    return tuple(count + more for count, more in zip(counts, added, strict=True))


def _whole(events: Events) -> tuple[EventPart, ...]:
    if events.start == events.end:
        at = (events.start,) * events.total
        end = events.end.resolution
        return (
            EventPart(
                id=PartId("all"),
                start=events.start,
                end=end,
                count=events.total,
                at=at,
            ),
        )
    return (
        EventPart(
            id=PartId("all"), start=events.start, end=events.end, count=events.total
        ),
    )


def _room(part: EventPart, total: int) -> int:
    return (total if part.most is None else part.most) - part.least


def _by_duration(
    parts: tuple[EventPart, ...], room: list[int], rest: int, draws: Draws
) -> list[int]:
    """Let each further event fall into a part with its share of the time left open."""
    added = [0] * len(parts)
    stream = draws.stream("events", "split")
    for _ in range(rest):
        weights = [
            (part.end - part.start).total_seconds() if added[i] < room[i] else 0.0
            for i, part in enumerate(parts)
        ]
        added[stream.choices(range(len(parts)), weights)[0]] += 1
    return added


def _any_split(room: tuple[int, ...], rest: int, draws: Draws) -> list[int]:
    """Draw one of all admissible splits, each as likely as any other."""

    @cache
    def ways(index: int, left: int) -> int:
        if index == len(room):
            return int(left == 0)
        return sum(
            ways(index + 1, left - more) for more in range(min(room[index], left) + 1)
        )

    stream, added = draws.stream("events", "split"), list[int]()
    for index, most in enumerate(room):
        choices = range(min(most, rest) + 1)
        weights = [ways(index + 1, rest - more) for more in choices]
        (more,) = stream.choices(choices, weights)
        added.append(more)
        rest -= more
    return added


def _spread(  # noqa: PLR0913 (one part's own particulars)
    spread: Spread,
    part: EventPart,
    count: int,
    draws: Draws,
    *,
    is_first: bool,
    is_last: bool,
) -> list[float]:
    """Spread a part's events over it; the day's first and last stand at its ends."""
    start, end = part.start.total_seconds(), part.end.total_seconds()
    if not count:
        return []
    if spread is Spread.EVEN:
        return _evenly(start, end, count, is_first=is_first, is_last=is_last)
    fixed = ([start] if is_first else []) + ([end] if is_last else [])
    fixed = fixed[:count]
    stream = draws.stream("events", part.id)
    drawn = [stream.uniform(start, end) for _ in range(count - len(fixed))]
    return fixed + drawn


def _evenly(
    start: float, end: float, count: int, *, is_first: bool, is_last: bool
) -> list[float]:
    if is_first and count == 1:
        return [start]
    gaps = count - is_first - is_last + 1 if is_first or is_last else count
    before = 0.0 if is_first else (1.0 if is_last else 0.5)
    step = (end - start) / gaps
    return [start + (before + index) * step for index in range(count)]
