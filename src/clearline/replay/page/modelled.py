"""Turn a run, and all draws, into lanes: everything here is a model's."""

from collections.abc import Iterator, Sequence
from typing import Final

from clearline.replay.page.packing import Draft, pack, rows
from clearline.replay.page.scales import Line
from clearline.replay.page.strips import QUIET, Strip, strokes, together
from clearline.replay.page.words import STEPS, counted, span
from clearline.replay.result import (
    Distribution,
    Lane,
    Replay,
    RunShown,
    TranscriptStep,
)

_MOST_SAID: Final = 40


def first_run(replay: Replay, line: Line, least_px: float) -> Iterator[Strip]:
    """Draw what the line does before the call, the call as one bar, and the events."""
    run = replay.with_line.first_run
    before = [
        (number, step, step.at_s)
        for number, step in enumerate(run.steps, start=1)
        if step.after_call_s is None and step.kind not in QUIET
    ]
    drafts = [*together(before, line, least_px), *_call(run, line)]
    marks = pack(drafts, least_px)
    if marks:
        yield Strip(
            group="run",
            title="The line",
            party="",
            says="; ".join(mark.draft.label for mark in marks),
            rows=rows(marks),
            marks=marks,
            is_model=True,
        )
    if run.events_s:
        yield _events_of(replay, run, line)


def _call(run: RunShown, line: Line) -> list[Draft]:
    """Return the call as one bar, from raised to ceased, if one is raised."""
    if run.called_at_s is None:
        return []
    if run.stopped_at_s is None:
        label, end = "call raised, never ceased", line.end
    else:
        taken = span(run.stopped_at_s - run.called_at_s)
        label, end = f"raised to ceased: {taken}", run.stopped_at_s
    return [
        Draft(
            x0=line.at(run.called_at_s),
            x1=line.at(end),
            shape="lasts",
            label=label,
            opens_right=run.stopped_at_s is None,
        )
    ]


def _events_of(replay: Replay, run: RunShown, line: Line) -> Strip:
    one, many = replay.scenario.one, replay.scenario.many
    fell, rest = run.events_s[: run.fell], run.events_s[run.fell :]
    return Strip(
        group="run",
        title=f"{many[:1].upper()}{many[1:]} in this draw",
        party=f"{len(fell):,} fell, {len(rest):,} did not",
        says=(
            f"{len(fell)} of {counted(len(run.events_s), one, many)} fell in this "
            f"draw; their times are the model's, nobody published any"
        ),
        rows=0,
        marks=(),
        ticks=(strokes(fell, "fell", line), strokes(rest, "spared", line)),
        is_model=True,
    )


def all_draws(replay: Replay, line: Line, least_px: float) -> Iterator[Strip]:
    """Draw from the call how long each of three steps took over all draws."""
    called = replay.with_line.first_run.called_at_s
    if called is None:
        return
    with_line = replay.with_line
    figures = (
        ("acknowledged", with_line.acknowledged_s),
        ("who may order it has it", with_line.right_role_s),
        ("stopped", with_line.stopped_s),
    )
    drafts = [
        draft
        for label, figure in figures
        if (draft := _band(label, figure, line, called)) is not None
    ]
    if not drafts:
        return
    marks = pack(drafts, least_px)
    yield Strip(
        group="draws",
        title="50, 95 and 99 of 100 draws",
        party="",
        says="; ".join(_say_band(label, figure) for label, figure in figures),
        rows=rows(marks),
        marks=marks,
        is_model=True,
    )


def _band(
    label: str, figure: Distribution, line: Line, called_s: float
) -> Draft | None:
    """Draw from half of all draws to 95 of 100, and lighter on to 99 of 100."""
    if figure.p50 is None:
        return None
    start, middle, far = (
        line.end + 1 if value is None else called_s + value
        for value in (figure.p50, figure.p95, figure.p99)
    )
    return Draft(
        x0=line.at(start),
        x1=line.at(middle),
        tail=line.at(far),
        shape="band",
        label=label,
        opens_right=far > line.end,
    )


def _say_band(label: str, figure: Distribution) -> str:
    values = (figure.p50, figure.p95, figure.p99)
    said = ", ".join("never" if value is None else span(value) for value in values)
    return f"{label}: {said} after the call in 50, 95 and 99 of 100 draws"


# --- the call enlarged --------------------------------------------------------------


def desk_of_run(
    lane: Lane,
    here: Sequence[tuple[int, TranscriptStep]],
    line: Line,
    called_s: float,
    least_px: float,
) -> Strip | None:
    """Draw one desk's steps from the call on; nothing where it has none."""
    since = [(n, step, step.at_s - called_s) for n, step in here]
    since = [(n, step, s) for n, step, s in since if line.holds(s)]
    if not since:
        return None
    told = [one for one in since if one[1].kind not in QUIET]
    drafts = together(told, line, least_px)
    quiet = [s for _, step, s in since if step.kind in QUIET]
    marks = pack(drafts, least_px)
    said = [f"{n} {STEPS[step.kind]}" for n, step, _ in told[:_MOST_SAID]]
    if len(told) > _MOST_SAID:
        said.append(f"{len(told) - _MOST_SAID} more steps")
    if quiet:
        said.append(f"{len(quiet)} rings and what became of them, as ticks")
    return Strip(
        group="call",
        title=lane.title,
        party=lane.party,
        says="; ".join(said),
        rows=rows(marks) if marks else 0,
        marks=marks,
        ticks=(strokes(quiet, "rings", line),) if quiet else (),
        is_model=True,
    )
