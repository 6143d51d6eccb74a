"""Lay a replay out for a terminal: three blocks that read at 80 columns.

    WHAT WAS RECORDED             the record's own, with its status beside it
    THE SAME DAY WITH THE LINE    a model's, and stamped so
    WHERE THE TWO PART            both on one scale, and what moves it

Nothing depends on colour: what is contested, unverified or a model's says so in
words.
"""

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from clearline.cli import called_as
from clearline.model.facts import Fact
from clearline.model.places import FactStatus
from clearline.replay.folder import PAGE, PDF, RESULT
from clearline.replay.result import (
    Distribution,
    KnobEffect,
    PlaceChecked,
    RecordedStep,
    Replay,
    StepKind,
    TranscriptStep,
)

WIDTH: Final = 80
_INDENT: Final = 11
_SCALE: Final = 56
_KNOBS: Final = 8

_TOLD: Final = frozenset(
    {
        StepKind.CHECK,
        StepKind.NOTICE,
        StepKind.RAISED,
        StepKind.ACKNOWLEDGED,
        StepKind.READ_BACK,
        StepKind.ANSWERED,
        StepKind.PASSED_ON,
        StepKind.CEASED,
        StepKind.HUNG_UP,
        StepKind.ENDED,
    }
)
"""Steps told one by one; rings and what couriers carried are counted."""


def show(replay: Replay, place: Path, *, has_story: bool) -> None:
    """Print a replay, and say where it lies."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    for line in lay_out(replay, place, has_story=has_story):
        style = "bold" if line.isupper() or line.startswith("===") else ""
        console.print(Text(line, style=style))


def lay_out(replay: Replay, place: Path, *, has_story: bool) -> Iterator[str]:
    """Yield every line, none longer than `WIDTH` but for paths and keys."""
    yield from _head(replay, has_story=has_story)
    yield from _recorded(replay)
    yield from _with_line(replay)
    yield from _parting(replay)
    yield from _kept(replay, place)


# --- the head -----------------------------------------------------------------


def _head(replay: Replay, *, has_story: bool) -> Iterator[str]:
    scenario = replay.scenario
    yield from _wrapped(scenario.title)
    if has_story:
        yield ""
        yield from _wrapped(scenario.story)
    yield ""
    yield from _wrapped(scenario.legal)
    for change in replay.changed:
        yield from _wrapped(
            f"CHANGED: {change.title}: {change.value} (document: {change.was})."
        )


# --- what was recorded ----------------------------------------------------------


def _recorded(replay: Replay) -> Iterator[str]:
    recorded, scenario = replay.as_recorded, replay.scenario
    yield from _heading("what was recorded")
    for shown in scenario.readings:
        mark = "played  " if shown.is_headline else "besides "
        yield from _wrapped(
            f"{shown.reading.text} ({shown.reading.zone}): {shown.reading.status}",
            f"{mark}",
        )
    yield ""
    for step in recorded.steps:
        yield from _wrapped(
            f"{step.says} [{step.status}]", f"{_when(step):<{_INDENT}}", _INDENT
        )
    yield ""
    figures = [
        ("called", _offset(recorded.called_at_s), "called_at"),
        ("waited", _known(recorded.waited_s), "waited_s"),
        (
            f"{scenario.many} in that wait",
            _whole(recorded.events_while_waiting),
            "events_while_waiting",
        ),
        (f"{scenario.many} in all", str(recorded.events_total), ""),
        (
            f"last {scenario.one} after the call",
            _known(recorded.stopped_after_call_s),
            "stopped_after_call_s",
        ),
    ]
    for name, value, key in figures:
        why = recorded.unknown.get(key, "")
        yield from _wrapped(f"{value}  {why}".rstrip(), f"  {name:<30}", 32)
    yield from _contested(replay)


def _contested(replay: Replay) -> Iterator[str]:
    """Show the contested facts the told beats rest on, every version beside it."""
    told = {fact for step in replay.as_recorded.steps for fact in step.facts}
    contested = [fact for fact in replay.facts if fact.status is FactStatus.CONTESTED]
    shown = [fact for fact in contested if fact.id in told]
    if shown:
        yield ""
        yield "Contested, every version kept:"
    for fact in shown:
        yield from _versions(fact)
    left = len(contested) - len(shown)
    if left:
        yield f"  ({left} more contested facts stand in {RESULT} and on the page.)"


def _versions(fact: Fact) -> Iterator[str]:
    yield from _wrapped(f"{fact.text} ({', '.join(fact.sources)})", "  - ", 4)
    for rival in fact.rivals:
        yield from _wrapped(f"{rival.text} ({', '.join(rival.sources)})", "    or: ", 8)


# --- the same day with the line ---------------------------------------------------


def _with_line(replay: Replay) -> Iterator[str]:
    line = replay.with_line
    yield from _heading(f"the same day with the line ({line.stamp})")
    yield from _wrapped(line.says)
    yield ""
    for check in replay.place_checks:
        yield from _check(check)
        yield ""
    yield from _wrapped(
        f"Draw 1 of {line.runs}, through a real node, signed; {line.stamp}:"
    )
    told = _to_tell(replay)
    for step in told:
        yield from _wrapped(
            f"{_who(replay, step)}: {step.says}",
            f"{_offset(step.at_s):<{_INDENT}}",
            _INDENT,
        )
    rest = len(line.first_run.steps) - len(told)
    yield from _wrapped(f"(and {rest} rings, deliveries, tellings)", " " * 11, 11)
    yield ""
    yield f"All {line.runs} draws ({line.stamp}), seed {line.seed}:"
    yield f"  {'':<36}{'median':>10}{'95 %':>10}{'99 %':>10}{'never':>9}"
    for name, figure in (
        ("a person acknowledges, after", line.acknowledged_s),
        ("who may order it has it, after", line.right_role_s),
        ("it has ceased, after", line.stopped_s),
    ):
        yield _row(name, figure, _span)
    many = replay.scenario.many
    yield _row(f"{many} after the call", line.events_after_call, _count)
    yield _row(
        f"{many} with nobody stopping them", line.events_after_call_recorded, _count
    )
    yield _row(
        f"{many} that day ({replay.as_recorded.events_total} recorded)",
        line.events_fell,
        _count,
    )
    yield ""
    yield f"The six delays apart, in the chain that brought the order ({line.stamp}):"
    said = ""
    for delay in line.delays:
        yield _row(delay.step, delay.seconds, _span)
        recorded = (
            _span(delay.recorded_s)
            if delay.recorded_s is not None
            else delay.recorded_says
        )
        again = "the same" if recorded == said else recorded
        yield from _wrapped(f"in the record: {again}", "      ", 6)
        said = recorded


def _check(check: PlaceChecked) -> Iterator[str]:
    status = f" [{check.status}]" if check.status else ""
    yield from _wrapped(
        f'told "{check.told}", meant "{check.meant}"{status}', "Place checked: ", 4
    )
    yield from _wrapped(check.why, "    ", 4)
    if check.refused:
        yield from _wrapped(f"The line refuses the notice: {check.refused}", "    ", 4)
    if check.assumption:
        yield from _wrapped(f"Assumed: {check.assumption}", "    ", 4)
    yield from _wrapped(check.not_checked, "    ", 4)


def _to_tell(replay: Replay) -> list[TranscriptStep]:
    """Choose the steps told one by one; place checks stand above them already."""
    checked = {check.why for check in replay.place_checks}
    steps = replay.with_line.first_run.steps
    return [step for step in steps if step.kind in _TOLD and step.says not in checked]


def _who(replay: Replay, step: TranscriptStep) -> str:
    lanes = {lane.id: lane.title for lane in replay.lanes}
    return "the line" if step.lane == "line" else f"{lanes[step.lane]}, {step.who}"


# --- where the two part -------------------------------------------------------------


def _parting(replay: Replay) -> Iterator[str]:
    line = replay.with_line
    yield from _heading(f"where the two part ({line.stamp} against the record)")
    yield from _lanes(replay)
    yield ""
    yield from _wrapped(line.break_even.says)
    yield ""
    yield from _sensitivity(replay)
    yield from _adverse(replay)
    yield from _limits(replay)
    yield from _assumed(replay)


def _lanes(replay: Replay) -> Iterator[str]:
    """Draw both days on one scale, from the first event to the last."""
    recorded, line = replay.as_recorded, replay.with_line
    last = max(part.end_s for part in recorded.parts) if recorded.parts else None
    called, waited = recorded.called_at_s, recorded.waited_s
    end = last or (
        called + recorded.stopped_after_call_s
        if called is not None and recorded.stopped_after_call_s is not None
        else None
    )
    if not end:
        return
    marks = {"C": called, "R": None, "E": end}
    if called is not None and waited is not None:
        marks["R"] = called + waited
    notice = line.delays[0].seconds.p50
    middles = {
        "C": notice,
        "A": _plus(notice, line.acknowledged_s.p50),
        "O": _plus(notice, line.right_role_s.p50),
        "X": _plus(notice, line.stopped_s.p50),
    }
    half = _offset(end / 2)
    yield f"{'':<21}{_offset(0):<{_SCALE // 2}}{half:<{_SCALE // 2 - 6}}{_offset(end)}"
    yield f"{'recorded':<21}{_lane(marks, end)}"
    yield f"{f'with the line, {line.stamp}':<21}{_lane(middles, end)}"
    yield from _wrapped(
        "C called, R reached somebody who could stop it, E last event; with the line, "
        "medians: A acknowledged, O who may order it has it, X ceased, * several at "
        "one place, > after the end.",
        " " * 21,
        21,
    )


def _lane(marks: dict[str, float | None], end_s: float) -> str:
    cells = ["-"] * (_SCALE + 1)
    for mark, at in marks.items():
        if at is None:
            continue
        place = min(max(round(at / end_s * _SCALE), 0), _SCALE)
        if at > end_s:
            cells[place] = ">"
        else:
            cells[place] = mark if cells[place] == "-" else "*"
    return "".join(cells)


def _sensitivity(replay: Replay) -> Iterator[str]:
    moved = replay.sensitivity
    shown = [knob for knob in moved.knobs if knob.ends][:_KNOBS]
    yield from _wrapped(
        f"What moves it most ({moved.stamp}; each knob at its ends, the same "
        f"{moved.runs} draws; median until ceased, {replay.scenario.many} that "
        f"day). As it stands: {_span(moved.base.stopped_s)}, "
        f"{_count(moved.base.events_fell)}."
    )
    for knob in shown:
        yield from _wrapped(f"{knob.title}: {_ends(knob)}", "  - ", 4)
    left = len(moved.knobs) - len(shown)
    yield f"  ({left} more knobs in {RESULT}; turn one with --what-if KNOB=VALUE)"
    yield ""


def _ends(knob: KnobEffect) -> str:
    ends = "; ".join(
        f"{end.value}: {_span(end.medians.stopped_s)}, "
        f"{_count(end.medians.events_fell)}"
        for end in knob.ends
    )
    return f"{ends} (now {knob.default})"


def _adverse(replay: Replay) -> Iterator[str]:
    if not replay.adverse:
        return
    yield f"At its worst ({replay.with_line.stamp}, {replay.adverse[0].runs} draws):"
    for day in replay.adverse:
        told = (
            f"; told that nobody has it in {day.told_nobody_has_it:.0%} of the draws"
            if day.told_nobody_has_it
            else ""
        )
        never = (
            f", never in {day.stopped_s.never} of them" if day.stopped_s.never else ""
        )
        yield from _wrapped(
            f"{day.title}: acknowledged {_span(day.acknowledged_s.p50)}, ceased "
            f"{_span(day.stopped_s.p50)}{never}, {replay.scenario.many} after the call "
            f"{_count(day.events_after_call.p50)}{told}.",
            "  - ",
            4,
        )
    yield ""


def _limits(replay: Replay) -> Iterator[str]:
    yield "Where the line would not have helped:"
    for limit in replay.limits:
        draws = f" {limit.draws_say}" if limit.draws_say else ""
        yield from _wrapped(f"{limit.text}{draws} [{limit.status}]", "  - ", 4)
    for decision in replay.decision_times:
        if not decision.line_can_win:
            yield from _wrapped(
                f"{decision.party} decides faster, by its own word: {decision.action}. "
                f"Agree a standing buffer. [{decision.status}]",
                "  - ",
                4,
            )
    yield ""


def _assumed(replay: Replay) -> Iterator[str]:
    yield f"Taken for granted by everything marked {replay.stamp}:"
    for one in replay.assumptions:
        if one.by == "document":
            yield from _wrapped(f"{one.text} [{one.status}]", "  - ", 4)
    ours = sum(1 for one in replay.assumptions if one.by != "document")
    yield from _wrapped(
        f"and {ours} of the replay's own (docs/explanation/how-the-model-works.md). "
        "Nothing here says what anybody intended, or counts people.",
        "  - ",
        4,
    )


# --- where it lies ------------------------------------------------------------------


def _kept(replay: Replay, place: Path) -> Iterator[str]:
    yield from _heading("kept")
    unmet = [one for one in replay.expectations if not one.is_met]
    met = len(replay.expectations) - len(unmet)
    yield f"{met} of {len(replay.expectations)} expectations of the document are met."
    for one in unmet:
        yield from _wrapped(f"{one.says} Found: {one.got}", "  NOT MET: ", 4)
    yield f"page     {place / PAGE}"
    if (place / PDF).exists():
        yield f"paper    {place / PDF}"
    yield f"result   {place / RESULT}"
    for ledger in replay.ledgers:
        yield f"ledger   {place / ledger.folder} ({ledger.size} entries)"
        yield f"         {called_as()} verify {place / ledger.folder}"
        yield f"         key {ledger.vkey}"
    if replay.ledgers and replay.ledgers[-1].receipts:
        ledger = replay.ledgers[-1]
        receipt = place / ledger.receipts[0].file
        yield f"receipt  {called_as()} verify {receipt} --key '{ledger.vkey}'"


# --- words --------------------------------------------------------------------------


def _heading(title: str) -> Iterator[str]:
    yield ""
    yield f"=== {title.upper()} ".ljust(WIDTH, "=")


def _wrapped(text: str, first: str = "", rest: int | None = None) -> Iterator[str]:
    """Wrap a text to the width, its first line after `first`, the others indented."""
    indent = " " * (len(first) if rest is None else rest)
    yield from textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=indent,
        break_on_hyphens=False,
    ) or [first.rstrip()]


def _row(name: str, figure: Distribution, say: Callable[[float | None], str]) -> str:
    values = (figure.p50, figure.p95, figure.p99)
    cells = "".join(f"{say(value):>10}" for value in values)
    return f"  {name:<36}{cells}{figure.never or '-':>9}"


def _when(step: RecordedStep) -> str:
    if step.at_s is None:
        return "?"
    return f"{'~' if step.is_about else ''}{_offset(step.at_s)}"


def _offset(seconds: float | None) -> str:
    if seconds is None:
        return "unknown"
    return f"T{'-' if seconds < 0 else '+'}{_minutes(abs(seconds))}"


def _span(seconds: float | None) -> str:
    return "never" if seconds is None else _minutes(seconds)


def _known(seconds: float | None) -> str:
    return "unknown" if seconds is None else _minutes(seconds)


def _minutes(seconds: float) -> str:
    minutes, left = divmod(round(seconds), 60)
    return f"{minutes:02d}:{left:02d}"


def _count(number: float | None) -> str:
    return "never" if number is None else f"{number:g}"


def _whole(number: int | None) -> str:
    return "unknown" if number is None else str(number)


def _plus(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other
