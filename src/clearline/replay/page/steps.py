"""Set a run out as a table: every step, rings gathered with what became of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

import msgspec

from clearline.model.readback import ElementResult
from clearline.replay.page.strips import QUIET
from clearline.replay.page.words import STEPS, say_numbers
from clearline.replay.result import RunShown, StepKind, TranscriptStep

MOST_ROWS: Final = 80
"""A run in which nobody ever has the call rings for hours."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one line of the table: a step, or rings that go together.

    Attributes:
        number: Its step or steps, counted from 1.
        at_s: When the first of them was, from T0.
        until_s: When the last of them was.
        what: What it is called.
        says: Who did what, a sentence for each step.
        entries: Entries of the run's ledger, in words.
    """

    number: str
    at_s: float
    until_s: float
    after_call_s: float | None
    lane: str
    what: str
    says: tuple[str, ...]
    entries: str
    readback: tuple[ElementResult, ...]
    is_quiet: bool


def transcript(run: RunShown) -> tuple[Row, ...]:
    """Return the run's steps in order; rings one after another share a line."""
    return tuple(_row(group) for group in islice(_groups(run.steps), MOST_ROWS))


def left_out(run: RunShown) -> int:
    """Return how many steps come after the last line of the table."""
    return sum(len(group) for group in islice(_groups(run.steps), MOST_ROWS, None))


def who(step: TranscriptStep) -> str:
    """Name who does a step."""
    return "the line" if step.who == "line" else step.who


def _groups(
    steps: Sequence[TranscriptStep],
) -> Iterator[list[tuple[int, TranscriptStep]]]:
    """Yield single steps, and quiet ones with those that follow a ring of theirs."""
    group: list[tuple[int, TranscriptStep]] = []
    for number, step in enumerate(steps, start=1):
        is_next = (
            group
            and step.kind in QUIET
            and step.kind is not StepKind.RING
            and group[-1][1].kind in QUIET
        )
        if group and not is_next:
            yield group
            group = []
        group.append((number, step))
    if group:
        yield group


def _say(steps: Iterable[TranscriptStep]) -> Iterator[str]:
    """Yield a sentence for each step; the same again, and what was carried, counted."""
    said = Counter(
        "" if step.kind is StepKind.CARRIED else f"{who(step)} {step.says}"
        for step in steps
    )
    for sentence, times in said.items():
        if sentence:
            again = f" ({times} times)" if times > 1 else ""
            yield f"{sentence}{again}"
    if said[""]:
        yield f"carried to {said['']} device{'s' if said[''] > 1 else ''}"


def _row(group: Sequence[tuple[int, TranscriptStep]]) -> Row:
    first, last = group[0][1], group[-1][1]
    return Row(
        number=say_numbers([number for number, _ in group]),
        at_s=first.at_s,
        until_s=last.at_s,
        after_call_s=first.after_call_s,
        lane=first.lane,
        what=STEPS[first.kind],
        says=tuple(_say(step for _, step in group)),
        entries=say_numbers(
            [step.entry for _, step in group if step.entry is not None]
        ),
        readback=tuple(element for _, step in group for element in step.readback),
        is_quiet=first.kind in QUIET,
    )
