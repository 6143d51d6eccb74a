"""Put everything a replay says together, and hold it against its document."""

from typing import Final

import msgspec

from clearline.model.beats import FromOrigin, Nowhere, SameAs, ToldPlace
from clearline.model.scenarios import Play, Scenario, Setting
from clearline.replay import outcome
from clearline.replay.day import AFTER_END
from clearline.replay.expectations import judge
from clearline.replay.findings import (
    can_win,
    distinct,
    first_raise,
    never_allowed,
    of_answers,
    of_checks,
    of_draws,
    of_limits,
    of_record,
)
from clearline.replay.first_run import FirstRun
from clearline.replay.granted import assumptions
from clearline.replay.moving import PlayedWorst, changes
from clearline.replay.outcome import Drawn
from clearline.replay.performance import t0_of
from clearline.replay.recorded import lanes
from clearline.replay.result import (
    FORMAT,
    STAMP,
    AsRecorded,
    DecisionShown,
    LedgerKept,
    PlaceChecked,
    PlaceShown,
    Played,
    ReadingShown,
    Replay,
    ScenarioShown,
    Sensitivity,
    WithLine,
)
from clearline.replay.whereabouts import Whereabouts


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what somebody asks to be replayed.

    Attributes:
        digest: SHA-256 of the document, hex.
        settings: Knobs to turn, in order.
    """

    scenario: Scenario
    digest: str
    runs: int
    seed: int
    settings: tuple[Setting, ...] = ()
    workers: int = 1


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what the whole is put together from."""

    recorded: AsRecorded
    first: FirstRun
    draws: Drawn
    sensitivity: Sensitivity
    adverse: tuple[PlayedWorst, ...]
    record: LedgerKept


def put_together(asked: Asked, scenario: Scenario, parts: Parts) -> Replay:
    """Put a replay together.

    Args:
        asked: What was asked for; its document has no knob turned.
        scenario: The same with its knobs turned.
        parts: What came out.
    """
    first, draws = parts.first, parts.draws
    limits = outcome.limits(draws)
    found = [
        *of_record(asked.scenario),
        *of_checks(first.checks, first.receipts),
        *of_draws(scenario, draws.ran, Play.WITH_LINE),
        *of_answers(first.entries),
        *of_limits(scenario, limits),
        *(one for worst in parts.adverse for one in worst.found),
    ]
    act = first_raise(scenario)
    ledgers = (parts.record, *([first.ledger] if first.ledger else []))
    shown = Replay(
        format=FORMAT,
        stamp=STAMP,
        scenario=_scenario(asked),
        changed=changes(asked.scenario, asked.settings),
        as_recorded=parts.recorded,
        place_check=first.checks[0] if first.checks else _NO_CHECK,
        with_line=_with_line(asked, parts),
        assumptions=assumptions(scenario),
        sensitivity=parts.sensitivity,
        adverse=tuple(worst.day for worst in parts.adverse),
        limits=limits,
        decision_times=_decisions(scenario),
        findings=distinct(found),
        expectations=(),
        place_checks=first.checks,
        places=_places(scenario),
        lanes=lanes(scenario),
        facts=scenario.facts,
        sources=scenario.sources,
        played=Played(
            call=act.call if act else None,
            responses=scenario.responses,
            media=scenario.cast.media,
        ),
        ledgers=ledgers,
    )
    never = never_allowed(scenario, shown, first.entries)
    shown = msgspec.structs.replace(shown, findings=distinct([*found, *never]))
    return msgspec.structs.replace(shown, expectations=judge(scenario, shown))


_NO_CHECK: Final = PlaceChecked(
    act="",
    at_s=None,
    told=None,
    meant=None,
    separation_m=None,
    precision_m=None,
    verdict="not_checked",
    why="No act of this day holds a place told against one meant.",
    assumption="",
    rival_origins=(),
    not_checked="No place was checked at all.",
)

_UNSIGNED: Final = (
    "The first draw went through a real store, keys and ledger. The others are decided "
    "by the same rules, fold and due times, with no log and no signatures; the first "
    "is played both ways and must come out the same."
)


def _with_line(asked: Asked, parts: Parts) -> WithLine:
    draws, first = parts.draws, parts.first
    break_even = outcome.break_even(draws)
    horizon = draws.scenario.events.end + AFTER_END
    return WithLine(
        stamp=STAMP,
        says=draws.scenario.with_line.says,
        runs=asked.runs,
        seed=asked.seed,
        acknowledged_s=outcome.acknowledged(draws),
        right_role_s=outcome.right_role(draws),
        stopped_s=outcome.stopped(draws),
        events_after_call=outcome.events_after_call(draws),
        events_after_call_recorded=outcome.events_after_call_recorded(draws),
        events_fell=outcome.events_fell(draws),
        break_even_s=break_even.stop_s,
        break_even=break_even,
        delays=outcome.delays(draws, parts.recorded),
        receipts_checked=first.receipts,
        first_run=first.shown,
        horizon_s=horizon.total_seconds(),
        signed_runs=1,
        unsigned_says=_UNSIGNED,
    )


def _scenario(asked: Asked) -> ScenarioShown:
    scenario = asked.scenario
    return ScenarioShown(
        name=scenario.name,
        title=scenario.title,
        story=scenario.story,
        legal=scenario.legal,
        t0=t0_of(scenario),
        clock_says=scenario.clock.says,
        readings=tuple(
            ReadingShown(reading=one, is_headline=one.id == scenario.clock.headline)
            for one in scenario.clock.readings
        ),
        one=scenario.events.one,
        many=scenario.events.many,
        digest=asked.digest,
    )


def _places(scenario: Scenario) -> tuple[PlaceShown, ...]:
    where = Whereabouts(scenario)
    return tuple(_place(where, place) for place in scenario.places)


def _place(where: Whereabouts, told: ToldPlace) -> PlaceShown:
    footprint = where.place(told.id).footprint if where.is_located(told.id) else None
    origin, same_as, because = None, None, ""
    match told.where:
        case FromOrigin(origin=told_from):
            origin = told_from
        case SameAs(place=other):
            same_as = other
        case Nowhere(because=reason):
            because = reason
        case _:
            pass
    return PlaceShown(
        id=told.id,
        name=told.name,
        kind=told.kind,
        text=told.text,
        status=told.status,
        sources=told.sources,
        footprint=footprint,
        origin=origin,
        same_as=same_as,
        because=because,
        aliases=told.aliases,
        rivals=told.rivals,
        reason=told.reason,
    )


def _decisions(scenario: Scenario) -> tuple[DecisionShown, ...]:
    return tuple(
        DecisionShown(
            id=one.id,
            party=one.party,
            action=one.action,
            decides_in_s=one.decides_in_s,
            line_can_win=can_win(one.decides_in_s, is_faster=one.is_faster_than_line),
            status=one.status,
            facts=one.facts,
            reason=one.reason,
        )
        for one in scenario.decision_times
    )
