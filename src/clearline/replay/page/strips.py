"""Hold lanes as they are drawn, and what the recorded and the modelled share."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from clearline.replay.page.packing import Draft, Mark, label_px
from clearline.replay.page.scales import Line, Tick
from clearline.replay.page.words import STEPS, say_numbers
from clearline.replay.result import Lane, Replay, StepKind, TranscriptStep

QUIET: Final = frozenset(
    {
        StepKind.RING,
        StepKind.CARRIED,
        StepKind.NOT_HEARD,
        StepKind.LOST,
        StepKind.HEARD,
    }
)
"""Steps drawn as small ticks: there are many, and the table tells each."""

WIDE_PX: Final = 560.0
NARROW_PX: Final = 240.0
"""The shortest lines drawn, beside their lane's title and below it."""

_TOGETHER: Final = 0.8
"""Steps no further apart than this, per cent of the line, share a mark."""

_LONGEST: Final = 0.6
_MOST_MARKS: Final = 16
"""Past so many in one lane, steps share marks more widely."""


class Ticks(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold short strokes without labels, per cent along the line.

    Attributes:
        kind: `fell`, `spared` for events of a draw that did not come, or `rings`.
    """

    at: tuple[float, ...]
    kind: str


class Strip(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one lane as drawn.

    Attributes:
        group: `recorded`, `run`, `draws` or `call`.
        says: What the drawing shows, for who cannot see it.
        rows: How many rows its marks need.
        ticks: Strokes along its foot.
        is_model: Whether a model brought it out.
    """

    group: str
    title: str
    party: str
    says: str
    rows: int
    marks: tuple[Mark, ...]
    ticks: tuple[Ticks, ...] = ()
    is_model: bool = False


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """Hold lanes over one axis.

    Attributes:
        guides: Where lines run through all lanes, per cent.
    """

    axis: tuple[Tick, ...]
    guides: tuple[float, ...]
    strips: tuple[Strip, ...]


def known_lanes(replay: Replay) -> Iterator[Lane]:
    """Yield every lane, and one for each lane a step names that is not listed."""
    yield from replay.lanes
    seen = {lane.id for lane in replay.lanes}
    named = [
        *(step.lane for step in replay.as_recorded.steps),
        *(step.lane for step in replay.with_line.first_run.steps),
    ]
    for lane in named:
        if lane not in seen:
            seen.add(lane)
            yield Lane(id=lane, title=lane)


def strokes(at_s: Sequence[float], kind: str, line: Line) -> Ticks:
    """Draw moments as strokes, each once; there may be hours of rings."""
    per_cent = 4 if kind == "rings" else 10
    at = sorted({round(line.at(s) * per_cent) / per_cent for s in at_s})
    return Ticks(at=tuple(at), kind=kind)


def together(
    steps: Sequence[tuple[int, TranscriptStep, float]], line: Line, least_px: float
) -> list[Draft]:
    """Draw steps that fall nearly together as one mark with all their names."""
    reach = _TOGETHER
    while len(groups := _groups(steps, line, reach)) > _MOST_MARKS:
        reach *= 2
    return [_one_mark(group, line, least_px) for group in groups]


def _groups(
    steps: Sequence[tuple[int, TranscriptStep, float]], line: Line, reach: float
) -> list[list[tuple[int, TranscriptStep, float]]]:
    """Gather steps no further than `reach` per cent after the first of their group."""
    groups: list[list[tuple[int, TranscriptStep, float]]] = []
    for one in steps:
        if groups and line.at(one[2]) - line.at(groups[-1][0][2]) <= reach:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def _one_mark(
    group: Sequence[tuple[int, TranscriptStep, float]], line: Line, least_px: float
) -> Draft:
    """Name all of a group, or the first and that there are more."""
    names = list(dict.fromkeys(STEPS[step.kind] for _, step, _ in group))
    numbers = [number for number, _, _ in group]
    every, at = say_numbers(numbers), line.at(group[0][2])
    ways = [(", ".join(names), every), (f"{names[0]} and more", every)]
    label, number = next(
        (way for way in ways if label_px(*way) <= _LONGEST * least_px),
        (f"{names[0]} and more", f"{numbers[0]}\N{HORIZONTAL ELLIPSIS}"),
    )
    return Draft(x0=at, x1=at, shape="at", label=label, number=number)
