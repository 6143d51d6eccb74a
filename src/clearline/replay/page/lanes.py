"""Turn a replay into lanes over time: the day as recorded, and with the line.

    day_lanes       both on one axis, with the bands of all draws
    call_lanes      the first run from its call on, enlarged, desk by desk

What nobody timed is drawn as the interval it must lie in, never as a moment. Times
of single events are drawn only where somebody published them, or as what they are:
one draw of a model.
"""

from collections.abc import Iterator
from typing import Final

from clearline.model.beats import BeatKind
from clearline.replay.page.modelled import all_draws, desk_of_run, first_run
from clearline.replay.page.packing import Draft, pack, rows
from clearline.replay.page.scales import Line, offset_ticks, span_ticks
from clearline.replay.page.strips import Strip, Ticks, Timeline, known_lanes, strokes
from clearline.replay.page.words import beat_kind, counted
from clearline.replay.result import RecordedStep, Replay, RunShown

_MARGIN: Final = 0.02
_OPEN: Final = 0.08
"""How much of the day is drawn beyond what is known, where an interval is open."""

_CALL_LEAST_S: Final = 60.0


def day_lanes(replay: Replay, least_px: float) -> Timeline:
    """Lay out the recorded day, the first run and the bands of all draws.

    Args:
        replay: What to draw.
        least_px: The shortest length the lines are drawn at.
    """
    line = day_line(replay)
    strips = (
        *_recorded(replay, line, least_px),
        *first_run(replay, line, least_px),
        *all_draws(replay, line, least_px),
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
    for lane in known_lanes(replay):
        here = [(n, step) for n, step in steps if step.lane == lane.id]
        strip = desk_of_run(lane, here, line, run.called_at_s, least_px)
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
    bounds = [(step.earliest_s, step.latest_s) for step in recorded.steps]
    moments += [s for ends in bounds for s in ends if s is not None]
    start, end = min(moments), max(moments)
    whole = max(1.0, end - start)
    is_open_before = any(first is None and last == start for first, last in bounds)
    is_open_after = any(last is None and first == end for first, last in bounds)
    return Line(
        start=start - whole * (_OPEN if is_open_before else _MARGIN),
        end=end + whole * (_OPEN if is_open_after else _MARGIN),
    )


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


# --- the day as recorded ----------------------------------------------------------


def _recorded(replay: Replay, line: Line, least_px: float) -> Iterator[Strip]:
    steps = tuple(enumerate(replay.as_recorded.steps, start=1))
    for lane in known_lanes(replay):
        here = [(number, step) for number, step in steps if step.lane == lane.id]
        drafts = [_beat(replay, number, step, line) for number, step in here]
        ticks: tuple[Ticks, ...] = ()
        if lane.id == "events":
            drafts += _parts(replay, line)
            known = [s for part in replay.as_recorded.parts for s in part.times_s]
            ticks = (strokes(known, "fell", line),) if known else ()
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
            number=str(number),
        )
    start, end = step.earliest_s, step.latest_s
    return Draft(
        x0=line.at(line.start if start is None else start),
        x1=line.at(line.end if end is None else end),
        shape="within",
        label=label,
        number=str(number),
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
    named = f"{draft.number} {draft.label}".strip()
    match draft.shape:
        case "within":
            return f"{named}, at a time nobody gives, within the bar"
        case "events":
            return f"{named} somewhere within the bar"
        case _:
            return named
