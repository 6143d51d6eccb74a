"""Turn a replay into lanes over time: the day as recorded, and with the line.

    day_lanes       both on one axis, with the bands of all draws
    call_lanes      the first run from its call on, enlarged, desk by desk

What nobody timed is drawn as the interval it must lie in, never as a moment. Times
of single events are drawn only where somebody published them, or as what they are:
one draw of a model.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from clearline.model.beats import BeatKind
from clearline.replay.page.packing import Draft, Mark, pack, rows
from clearline.replay.page.scales import Line, Tick, offset_ticks, span_ticks
from clearline.replay.page.words import STEPS, beat_kind, counted, span
from clearline.replay.result import (
    Distribution,
    Lane,
    RecordedStep,
    Replay,
    RunShown,
    StepKind,
    TranscriptStep,
)

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
NARROW_PX: Final = 270.0
"""The shortest lines drawn, beside their lane's title and below it."""

_MARGIN: Final = 0.02
_CALL_LEAST_S: Final = 60.0


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


def day_lanes(replay: Replay, least_px: float) -> Timeline:
    """Lay out the recorded day, the first run and the bands of all draws.

    Args:
        replay: What to draw.
        least_px: The shortest length the lines are drawn at.
    """
    line = day_line(replay)
    strips = (
        *_recorded(replay, line, least_px),
        *_first_run(replay, line, least_px),
        *_draws(replay, line, least_px),
    )
    return Timeline(
        axis=tuple(offset_ticks(line, least_px)),
        guides=tuple(line.at(s) for s in _guides_s(replay) if line.holds(s)),
        strips=strips,
    )


def call_lanes(replay: Replay, least_px: float) -> Timeline | None:
    """Lay out the first run from its call on; nothing where none is raised."""
    run = replay.with_line.first_run
    line = call_line(run)
    if line is None or run.called_at_s is None:
        return None
    steps = tuple(enumerate(run.steps, start=1))
    strips = []
    for lane in _known_lanes(replay):
        here = [(n, step) for n, step in steps if step.lane == lane.id]
        strip = _run_strip(lane, here, line, run.called_at_s, least_px)
        if strip is not None:
            strips.append(strip)
    return Timeline(
        axis=tuple(span_ticks(line, least_px)),
        guides=(line.at(0.0),),
        strips=tuple(strips),
    )


def day_line(replay: Replay) -> Line:
    """Return the stretch of the day that holds everything with a time."""
    recorded = replay.as_recorded
    run = replay.with_line.first_run
    moments = [
        0.0,
        *(s for part in recorded.parts for s in (part.start_s, part.end_s)),
        *(step.at_s for step in recorded.steps if step.at_s is not None),
        *(step.at_s for step in run.steps),
        *run.events_s,
    ]
    start, end = min(moments), max(moments)
    pad = max(1.0, _MARGIN * (end - start))
    return Line(start=start - pad, end=end + pad)


def call_line(run: RunShown) -> Line | None:
    """Return the stretch from just before the call to the run's last word on it."""
    if run.called_at_s is None:
        return None
    since = [s.after_call_s for s in run.steps if s.after_call_s is not None]
    end = max([*since, _CALL_LEAST_S])
    return Line(start=-_MARGIN * end, end=end * (1 + _MARGIN))


def _guides_s(replay: Replay) -> Iterator[float]:
    """Yield the first event, the call, and the last event."""
    recorded = replay.as_recorded
    yield 0.0
    called = recorded.called_at_s
    if called is None:
        called = replay.with_line.first_run.called_at_s
    if called is not None:
        yield called
    if recorded.parts:
        yield recorded.parts[-1].end_s


def _known_lanes(replay: Replay) -> Iterator[Lane]:
    """Yield every lane, and one for each lane a step names that is not listed."""
    yield from replay.lanes
    seen = {lane.id for lane in replay.lanes}
    steps = (*replay.as_recorded.steps, *replay.with_line.first_run.steps)
    for step in steps:
        if step.lane not in seen:
            seen.add(step.lane)
            yield Lane(id=step.lane, title=step.lane)


# --- the day as recorded ----------------------------------------------------------


def _recorded(replay: Replay, line: Line, least_px: float) -> Iterator[Strip]:
    steps = tuple(enumerate(replay.as_recorded.steps, start=1))
    for lane in _known_lanes(replay):
        here = [(number, step) for number, step in steps if step.lane == lane.id]
        drafts = [_beat(replay, number, step, line) for number, step in here]
        ticks: tuple[Ticks, ...] = ()
        if lane.id == "events":
            drafts += _parts(replay, line)
            known = [s for part in replay.as_recorded.parts for s in part.times_s]
            ticks = (_strokes(known, "fell", line),) if known else ()
        if not drafts:
            continue
        marks = pack(sorted(drafts, key=_reading_order), least_px)
        yield Strip(
            group="recorded",
            title=lane.title,
            party=lane.party,
            says="; ".join(_say(draft) for draft in drafts),
            rows=rows(marks),
            marks=marks,
            ticks=ticks,
        )


def _beat(replay: Replay, number: int, step: RecordedStep, line: Line) -> Draft:
    label = beat_kind(step.kind)
    if step.kind in {BeatKind.FIRST_EVENT, BeatKind.LAST_EVENT}:
        label = f"{label} {replay.scenario.one}"
    if step.at_s is not None:
        return Draft(
            x0=line.at(step.at_s),
            x1=line.at(step.at_s),
            shape="about" if step.is_about else "at",
            label=f"\N{ALMOST EQUAL TO} {label}" if step.is_about else label,
            number=number,
        )
    start, end = step.earliest_s, step.latest_s
    return Draft(
        x0=line.at(line.start if start is None else start),
        x1=line.at(line.end if end is None else end),
        shape="within",
        label=label,
        number=number,
        opens_left=start is None,
        opens_right=end is None,
    )


def _reading_order(draft: Draft) -> tuple[bool, float]:
    """Put counted stretches above what happened in them, and the rest in time."""
    return draft.shape != "events", draft.x0


def _parts(replay: Replay, line: Line) -> list[Draft]:
    one, many = replay.scenario.one, replay.scenario.many
    return [
        Draft(
            x0=line.at(part.start_s),
            x1=line.at(part.end_s),
            shape="events",
            label=counted(part.count, one, many)
            if part.count is not None
            else f"\N{GREATER-THAN OR EQUAL TO} {part.least}",
        )
        for part in replay.as_recorded.parts
    ]


def _say(draft: Draft) -> str:
    named = draft.label if draft.number is None else f"{draft.number} {draft.label}"
    match draft.shape:
        case "within":
            return f"{named}, at a time nobody gives, within the bar"
        case "events":
            return f"{named} somewhere within the bar"
        case _:
            return named


# --- the first run, and all draws ---------------------------------------------------


def _first_run(replay: Replay, line: Line, least_px: float) -> Iterator[Strip]:
    run = replay.with_line.first_run
    before = [
        Draft(
            x0=line.at(step.at_s),
            x1=line.at(step.at_s),
            shape="at",
            label=STEPS[step.kind],
            number=number,
        )
        for number, step in enumerate(run.steps, start=1)
        if step.kind in {StepKind.CHECK, StepKind.NOTICE, StepKind.REFUSED}
        and step.after_call_s is None
    ]
    marks = pack([*before, *_call(run, line)], least_px)
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
        yield _events_of(replay, run, line, least_px)


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


def _events_of(replay: Replay, run: RunShown, line: Line, least_px: float) -> Strip:
    one, many = replay.scenario.one, replay.scenario.many
    fell, rest = run.events_s[: run.fell], run.events_s[run.fell :]
    drafts = []
    if fell:
        label = f"{counted(len(fell), one, many)} fell"
        drafts.append(_moment(line.at(fell[0]), label))
    if rest:
        label = f"{counted(len(rest), one, many)} did not"
        drafts.append(_moment(line.at(rest[0]), label))
    marks = pack(drafts, least_px)
    return Strip(
        group="run",
        title=f"{many[:1].upper()}{many[1:]} in this draw",
        party="",
        says=(
            f"{len(fell)} of {counted(len(run.events_s), one, many)} fell in this "
            f"draw; their times are the model's, nobody published any"
        ),
        rows=rows(marks),
        marks=marks,
        ticks=(
            _strokes(fell, "fell", line),
            _strokes(rest, "spared", line),
        ),
        is_model=True,
    )


def _strokes(at_s: Sequence[float], kind: str, line: Line) -> Ticks:
    return Ticks(at=tuple(line.at(s) for s in at_s), kind=kind)


def _moment(at: float, label: str) -> Draft:
    return Draft(x0=at, x1=at, shape="none", label=label)


def _draws(replay: Replay, line: Line, least_px: float) -> Iterator[Strip]:
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


def _run_strip(
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
    drafts = [
        Draft(
            x0=line.at(s),
            x1=line.at(s),
            shape="at",
            label=STEPS[step.kind],
            number=number,
        )
        for number, step, s in since
        if step.kind not in QUIET
    ]
    quiet = [s for _, step, s in since if step.kind in QUIET]
    marks = pack(drafts, least_px)
    told = [f"{d.number} {d.label}" for d in drafts]
    if quiet:
        told.append(f"{len(quiet)} rings and what became of them, as ticks")
    return Strip(
        group="call",
        title=lane.title,
        party=lane.party,
        says="; ".join(told),
        rows=rows(marks) if marks else 0,
        marks=marks,
        ticks=(_strokes(quiet, "rings", line),) if quiet else (),
        is_model=True,
    )
