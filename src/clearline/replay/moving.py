"""Turn every knob to its ends, and play every cast at its worst: the same draws.

A knob that only moves events is not played anew: people in it do what they did.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from clearline.model.scenarios import (
    AdverseCast,
    CheckPlace,
    Knob,
    Play,
    Raise,
    Scenario,
    Setting,
)
from clearline.model.what_if import default, find_knob, spot, turn
from clearline.replay import outcome
from clearline.replay.findings import first_raise, of_draws
from clearline.replay.first_run import play_told, require_same
from clearline.replay.many import Troupe, Wanted
from clearline.replay.outcome import Drawn, drawn
from clearline.replay.result import (
    STAMP,
    AdverseDay,
    Change,
    Found,
    KnobEffect,
    KnobEnd,
    Medians,
    Sensitivity,
)
from clearline.replay.statistics import share
from clearline.replay.whereabouts import Whereabouts
from clearline.rules.toldright import check_place

TRIED: Final = 100
"""How many draws each knob's end and each adverse cast is tried in, at most."""


def turned(scenario: Scenario, settings: Sequence[Setting]) -> Scenario:
    """Return a scenario with knobs turned, one after the other."""
    for setting in settings:
        scenario = turn(scenario, setting.knob, setting.value)
    return scenario


def changes(scenario: Scenario, settings: Sequence[Setting]) -> tuple[Change, ...]:
    """Say what knobs were turned, from what to what."""
    return tuple(
        Change(
            knob=knob.id,
            title=knob.title,
            was=default(scenario, knob),
            value=setting.value,
        )
        for setting in settings
        for knob in [find_knob(scenario, setting.knob)]
    )


# --- knobs ---------------------------------------------------------------------


class End(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one knob at one end, and its draws, if people act otherwise then."""

    knob: Knob
    value: str
    scenario: Scenario
    wanted: Wanted | None


def ask_ends(troupe: Troupe, scenario: Scenario, seed: int, runs: int) -> list[End]:
    """Ask for each knob's ends; where people do nothing otherwise, draw no anew."""
    base, ends = _people_of(scenario), list[End]()
    for knob in scenario.what_if:
        for value in _ends_of(scenario, knob):
            other = turn(scenario, knob.id, value)
            is_same = _people_of(other) == base
            wanted = None if is_same else troupe.ask(other, seed, runs)
            ends.append(End(knob=knob, value=value, scenario=other, wanted=wanted))
    return ends


def _ends_of(scenario: Scenario, knob: Knob) -> list[str]:
    """List what a knob is turned to: its choices, its ends, or the other truth."""
    if knob.choices:
        values = list(knob.choices)
    elif spot(scenario, knob.changes).kind is bool:
        values = ["true", "false"]
    else:
        values = [knob.least, knob.most]
    standing = default(scenario, knob)
    return [value for value in values if value and value != standing]


def _people_of(scenario: Scenario) -> object:
    """Return all that people in a draw depend on; events are not part of it."""
    where, act = Whereabouts(scenario), first_raise(scenario)
    card = act.card.where if act else None
    return (
        scenario.cast,
        scenario.responses,
        [one for one in scenario.with_line.acts if isinstance(one, Raise)],
        where.place(card) if card else None,
        scenario.events.end,
        scenario.events.carried_out_by,
    )


def sensitivity(draws: Drawn, ends: Sequence[End], seed: int, runs: int) -> Sensitivity:
    """Say how far each knob moves the medians, the one that moves most first."""
    base = outcome.medians(draws, runs)
    verdict = _verdict(draws.scenario)
    by_knob: dict[str, list[KnobEnd]] = {}
    for end in ends:
        ran = end.wanted.all() if end.wanted else list(draws.ran[:runs])
        medians = outcome.medians(drawn(end.scenario, seed, ran), runs)
        other = _verdict(end.scenario)
        by_knob.setdefault(end.knob.id, []).append(
            KnobEnd(
                value=end.value,
                medians=medians,
                place_verdict="" if other == verdict else other,
            )
        )
    knobs = [
        _effect(draws.scenario, knob, tuple(by_knob.get(knob.id, ())), base)
        for knob in draws.scenario.what_if
    ]
    knobs.sort(key=lambda one: (-one.moves_events, *_farthest(one.moves_stopped_s)))
    return Sensitivity(stamp=STAMP, runs=runs, base=base, knobs=tuple(knobs))


def _farthest(moves_s: float | None) -> tuple[bool, float]:
    """Order by how far a median moves; one that is lost altogether moves most."""
    return (moves_s is not None, -(moves_s or 0.0))


def _effect(
    scenario: Scenario, knob: Knob, ends: tuple[KnobEnd, ...], base: Medians
) -> KnobEffect:
    stops = [end.medians.stopped_s for end in ends]
    base_stop = base.stopped_s
    moved = [
        abs(stop - base_stop)
        for stop in stops
        if stop is not None and base_stop is not None
    ]
    events = [
        abs((end.medians.events_fell or 0.0) - (base.events_fell or 0.0))
        for end in ends
    ]
    return KnobEffect(
        knob=knob.id,
        title=knob.title,
        unit=knob.unit,
        reason=knob.reason,
        default=default(scenario, knob),
        ends=ends,
        moves_stopped_s=round(max(moved, default=0.0), 1)
        if len(moved) == len(ends)
        else None,
        moves_events=max(events, default=0.0),
        varies=tuple(
            one.id for one in scenario.assumptions if knob.id in one.varied_by
        ),
    )


def _verdict(scenario: Scenario) -> str:
    """Say how the first place check of a day comes out."""
    for act in scenario.with_line.acts:
        if isinstance(act, CheckPlace):
            where = Whereabouts(scenario)
            told, meant = where.place(act.told), where.place(act.meant)
            return check_place(told, meant, where.origins).verdict
    return ""


# --- adverse casts -------------------------------------------------------------


class Worst(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one adverse cast and the draws asked for."""

    cast: AdverseCast
    scenario: Scenario
    wanted: Wanted


def ask_worst(troupe: Troupe, scenario: Scenario, seed: int, runs: int) -> list[Worst]:
    """Ask for the draws of each adverse cast."""
    worst = []
    for cast in scenario.adverse:
        other = turned(scenario, cast.settings)
        wanted = troupe.ask(other, seed, runs)
        worst.append(Worst(cast=cast, scenario=other, wanted=wanted))
    return worst


class PlayedWorst(msgspec.Struct, frozen=True, kw_only=True):
    """Hold an adverse cast as it came out, and what it found."""

    day: AdverseDay
    found: tuple[Found, ...]


def adverse(
    scenario: Scenario, worst: Sequence[Worst], seed: int
) -> tuple[PlayedWorst, ...]:
    """Sum up each adverse cast, its first draw told whole."""
    return tuple(_play_worst(scenario, one, seed) for one in worst)


def _play_worst(scenario: Scenario, worst: Worst, seed: int) -> PlayedWorst:
    ran = worst.wanted.all()
    draws, first = drawn(worst.scenario, seed, ran), play_told(worst.scenario, seed)
    require_same(first.ran, draws.ran[0])
    day = AdverseDay(
        stamp=STAMP,
        id=worst.cast.id,
        title=worst.cast.title,
        reason=worst.cast.reason,
        settings=changes(scenario, worst.cast.settings),
        runs=len(ran),
        acknowledged_s=outcome.acknowledged(draws),
        right_role_s=outcome.right_role(draws),
        stopped_s=outcome.stopped(draws),
        events_after_call=outcome.events_after_call(draws),
        told_nobody_has_it=share([one.told_nobody_s is not None for one in ran]),
        told_after_s=outcome.told_nobody(draws),
        first_run=first.shown,
    )
    found = of_draws(worst.scenario, ran, Play.ADVERSE, worst.cast.id)
    return PlayedWorst(day=day, found=tuple(found))
