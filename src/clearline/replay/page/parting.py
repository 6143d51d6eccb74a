"""Say in a few lines what the record has, what the line does, and where they part."""

from collections.abc import Iterator
from typing import Final

import msgspec

from clearline.model.beats import BeatKind
from clearline.model.places import FactStatus
from clearline.replay.page.words import after, apart, counted, number, offset, span
from clearline.replay.result import (
    Distribution,
    PlaceChecked,
    RecordedStep,
    Replay,
    StepKind,
)

_WEAKER: Final = (
    FactStatus.STATED,
    FactStatus.INFERRED,
    FactStatus.UNVERIFIED,
    FactStatus.CONTESTED,
)
"""Standings, each weaker than the one before it."""

_CHAIN: Final = (
    StepKind.RAISED,
    StepKind.ACKNOWLEDGED,
    StepKind.READ_BACK,
    StepKind.ANSWERED,
    StepKind.PASSED_ON,
    StepKind.CEASED,
)

VERDICTS: Final = {
    "agree": "the two agree",
    "disagree": "the two disagree",
    "cannot_tell": "cannot tell",
    "not_checked": "no place is checked",
}
"""What a place check's verdict says, in words."""


class Parting(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one moment in which the two days differ.

    Attributes:
        when: When, in words.
        recorded: What was recorded there.
        with_line: What happens there with the line.
        is_drawn: Whether the second is a median of draws; otherwise it is fixed.
    """

    when: str
    recorded: str
    with_line: str
    is_drawn: bool = False


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one link of a chain: when, in a word or two, and what."""

    when: str
    says: str
    is_timed: bool


class Standings(msgspec.Struct, frozen=True, kw_only=True):
    """Hold how well the recorded figures stand; `None` where nothing says so.

    Attributes:
        waited: The wait, by the beats it runs between.
        ended: The time to the last event, likewise.
        waiting: The events while it waited, by the fact that counts them.
        total: The events of the day, likewise.
    """

    waited: FactStatus | None
    ended: FactStatus | None
    waiting: FactStatus | None
    total: FactStatus | None


def sentence(replay: Replay) -> str:
    """Say the whole replay in one sentence, the record first."""
    return f"{_recorded(replay)}; {_modelled(replay)}."


def recorded_chain(replay: Replay) -> tuple[Link, ...]:
    """Return the recorded beats from the first call to the last event.

    Where no call to stop was made they begin with the first event.
    """
    kinds = {step.kind for step in replay.as_recorded.steps}
    is_called = BeatKind.CALL in kinds
    begins = BeatKind.CALL if is_called else BeatKind.FIRST_EVENT
    links, has_begun = [], False
    for step in replay.as_recorded.steps:
        has_begun = has_begun or step.kind == begins
        if has_begun and not (is_called and step.kind == BeatKind.NOTE):
            is_timed = step.at_s is not None
            links.append(Link(when=_when(step), says=step.says, is_timed=is_timed))
        if step.kind == BeatKind.LAST_EVENT:
            break
    return tuple(links)


def line_chain(replay: Replay) -> tuple[Link, ...]:
    """Return the first of each kind of step from the call on, in the first run."""
    seen, links = set[StepKind](), []
    for step in replay.with_line.first_run.steps:
        if (
            step.kind in _CHAIN
            and step.kind not in seen
            and step.after_call_s is not None
        ):
            seen.add(step.kind)
            says = f"{step.who} {step.says}"
            when = after(step.after_call_s)
            links.append(Link(when=when, says=says, is_timed=True))
    return tuple(links)


def standings(replay: Replay) -> Standings:
    """Say how well each recorded figure stands: no better than what it rests on."""
    recorded = replay.as_recorded
    return Standings(
        waited=_weakest_beat(replay, BeatKind.CALL, BeatKind.REACHED),
        ended=_weakest_beat(replay, BeatKind.CALL, BeatKind.LAST_EVENT),
        waiting=_standing_of(replay, recorded.events_while_waiting),
        total=_standing_of(replay, recorded.events_total),
    )


def partings(replay: Replay) -> tuple[Parting, ...]:
    """Return the moments in which the recorded day and the day with the line part."""
    return (
        *_at_the_place(replay),
        *_at_the_desks(replay),
        *_at_the_call(replay),
        *_at_the_end(replay),
    )


def _recorded(replay: Replay) -> str:
    recorded, scenario = replay.as_recorded, replay.scenario
    if recorded.called_at_s is None:
        return "No call to stop was recorded"
    if recorded.waited_s is None:
        return "How long a call to stop waited is not known"
    waited = f"A call to stop waited {span(recorded.waited_s)}"
    if recorded.events_while_waiting is None:
        return waited
    fell = number(recorded.events_while_waiting)
    total = counted(recorded.events_total, scenario.one, scenario.many)
    return f"{waited} while {fell} of {total} fell"


def _modelled(replay: Replay) -> str:
    with_line = replay.with_line
    if with_line.right_role_s.of == 0:
        return "with the line, nothing is drawn for this day"
    reached = with_line.right_role_s.p50
    if reached is None:
        return (
            "with the line, by a model, nobody who may order a stop has the call in "
            "most draws"
        )
    held = (
        f"with the line, by a model, somebody who may order a stop has the call "
        f"within {span(reached)} in half of all draws"
    )
    if with_line.right_role_s.p99 is None:
        return held
    return f"{held} and within {span(with_line.right_role_s.p99)} in 99 of 100"


def refusal(check: PlaceChecked) -> str:
    """Return what the line says to a notice it refuses, without saying why twice."""
    return " ".join(check.refused.replace(check.why, "").split())


def break_even(replay: Replay) -> str:
    """Say how soon events must end for anything to be otherwise."""
    even, many = replay.with_line.break_even, replay.scenario.many
    if even.stop_s is None:
        return even.says
    said = f"It changes something only if the {many} end within {span(even.stop_s)}"
    if even.reach_s is None:
        return f"{said} of the call."
    return (
        f"{said} of the call; in the median draw, only if somebody is reached within "
        f"{span(even.reach_s)}."
    )


# --- moments ------------------------------------------------------------------------


def _at_the_place(replay: Replay) -> Iterator[Parting]:
    for check in replay.place_checks:
        if check.act and check.at_s is not None:
            yield Parting(
                when=offset(check.at_s),
                recorded=_said(replay, BeatKind.NOTICE) or "No notice is recorded.",
                with_line=_say_check(check),
            )


def _say_check(check: PlaceChecked) -> str:
    said = f"The place is checked before it is sent: {VERDICTS[check.verdict]}"
    if check.separation_m is not None:
        said = f"{said}, {apart(check.separation_m)} apart"
    return f"{said}. The notice is refused." if check.refused else f"{said}."


def _at_the_desks(replay: Replay) -> Iterator[Parting]:
    for checked in replay.with_line.receipts_checked:
        yield Parting(
            when=offset(checked.at_s),
            recorded=_said(replay, BeatKind.NOTICE) or "No notice is recorded.",
            with_line=(
                f"Receipts are looked at: {len(checked.unread)} of "
                f"{len(checked.desks)} desks that must know have not read the notice."
            ),
        )


def _at_the_call(replay: Replay) -> Iterator[Parting]:
    run = replay.with_line.first_run
    if run.called_at_s is None:
        return
    raised = [step for step in run.steps if step.kind is StepKind.RAISED]
    says = f"{raised[0].who} {raised[0].says}" if raised else "The call is raised."
    is_drawn = replay.as_recorded.called_at_s is None
    when = offset(run.called_at_s)
    yield Parting(
        when=f"{when} in the first draw" if is_drawn else when,
        recorded=_said(replay, BeatKind.CALL) or "No call to stop is recorded.",
        with_line=says,
        is_drawn=is_drawn,
    )


def _at_the_end(replay: Replay) -> Iterator[Parting]:
    recorded, with_line = replay.as_recorded, replay.with_line
    yield Parting(
        when="From the call until who could stop it had it",
        recorded=_span_or_why(recorded.waited_s, recorded.unknown, "waited_s"),
        with_line=_median(with_line.right_role_s),
        is_drawn=True,
    )
    yield Parting(
        when="From the call to the end",
        recorded=_span_or_why(
            recorded.stopped_after_call_s, recorded.unknown, "stopped_after_call_s"
        ),
        with_line=_median(with_line.stopped_s),
        is_drawn=True,
    )


def _when(step: RecordedStep) -> str:
    if step.at_s is None:
        return step.when
    about = "\N{ALMOST EQUAL TO}\N{NO-BREAK SPACE}" if step.is_about else ""
    return f"{about}{offset(step.at_s)}"


def _weakest_beat(replay: Replay, *kinds: BeatKind) -> FactStatus | None:
    """Return the weakest standing of the first beats of these kinds, if all are."""
    found = []
    for kind in kinds:
        beats = (step for step in replay.as_recorded.steps if step.kind == kind)
        first = next(beats, None)
        if first is None:
            return None
        found.append(first.status)
    return max(found, key=_WEAKER.index)


def _standing_of(replay: Replay, count: int | None) -> FactStatus | None:
    """Return how the fact stands that counts so many events, if there is one."""
    units = {replay.scenario.one, replay.scenario.many}
    for fact in replay.facts:
        told = fact.measure
        if told is not None and told.unit in units and told.value == count:
            return fact.status
    return None


def _said(replay: Replay, kind: BeatKind) -> str:
    """Return what the record says of the first beat of a kind, if it has one."""
    found: RecordedStep | None = next(
        (step for step in replay.as_recorded.steps if step.kind == kind), None
    )
    return "" if found is None else found.says


def _span_or_why(value: float | None, unknown: dict[str, str], field: str) -> str:
    if value is not None:
        return span(value)
    return unknown.get(field, "not known, and no reason is given")


def _median(figure: Distribution) -> str:
    if figure.p50 is None:
        return f"never in most draws: {figure.why}" if figure.why else "never"
    if figure.p95 is None:
        return f"{span(figure.p50)} in half of all draws"
    return f"{span(figure.p50)} in half of all draws, {span(figure.p95)} in 95 of 100"
