"""Make a replay by hand, for the page to draw.

What the document says is read from the shipped one. Every figure of a model is made
up here, round and plausible: nothing was run.
"""

import math
from functools import cache

from clearline.model.calls import Kind
from clearline.model.places import FactStatus, Interval, Point, Position, Sector
from clearline.model.readback import ElementKind, ElementOutcome, ElementResult
from clearline.model.scenarios import Finding, Play, Scenario
from clearline.replay.library import FOUNDING, load
from clearline.replay.result import (
    FORMAT,
    STAMP,
    AdverseDay,
    AsRecorded,
    AssumptionShown,
    Bar,
    BreakEven,
    Change,
    DecisionShown,
    DelayShown,
    Distribution,
    ExpectationShown,
    Found,
    KnobEffect,
    KnobEnd,
    Lane,
    LedgerKept,
    LimitShown,
    Medians,
    PartShown,
    PlaceChecked,
    PlaceShown,
    Played,
    ReadingShown,
    ReceiptKept,
    RecordedStep,
    Replay,
    RivalShown,
    RunShown,
    ScenarioShown,
    Sensitivity,
    StepKind,
    StillToCome,
    TranscriptStep,
    WithLine,
)

AIRFIELD = Position(lon=40.176, lat=35.2854)
CITY = Position(lon=40.15, lat=35.3333)
TOLD = Position(lon=40.176, lat=35.204279)
PLANNED = Sector(
    origin=AIRFIELD,
    bearing_deg=Interval(least=202.5, most=247.5),
    range_m=Interval(least=3000.0, most=6000.0),
    precision_m=500.0,
)
FOOTPRINTS = {
    "airfield": Point(position=AIRFIELD, precision_m=500.0),
    "city": Point(position=CITY, precision_m=500.0),
    "told": Point(position=TOLD, precision_m=500.0),
    "planned": PLANNED,
}
RIVAL = Point(position=Position(lon=40.15, lat=35.252179), precision_m=500.0)

MINUTE = 60.0
ROOT = "n7wcuoFeBX4rnzZaz9SM9s9JFSvzflQc+bND6/SjbuU="
CALLED_S = 29 * MINUTE

LANES = (
    Lane(id="russia-line", title="The telephone to the coalition", party="russia"),
    Lane(id="coalition-line", title="The telephone to Russia", party="coalition"),
    Lane(id="coalition-floor", title="Air operations floor", party="coalition"),
    Lane(id="coalition-analysis", title="Analysts", party="coalition"),
    Lane(id="coalition-aircraft", title="Aircraft on station", party="coalition"),
    Lane(id="line", title="The line"),
    Lane(id="events", title="Strikes"),
)


@cache
def document() -> Scenario:
    """Read the shipped founding document."""
    return load(FOUNDING).scenario


def founding() -> Replay:
    """Return a replay of the founding day whose modelled figures are made up."""
    read = document()
    checked = place_check()
    return Replay(
        format=FORMAT,
        stamp=STAMP,
        scenario=_scenario(read),
        changed=(),
        as_recorded=_as_recorded(read),
        place_check=checked,
        with_line=_with_line(),
        assumptions=tuple(
            AssumptionShown(
                id=one.id,
                text=one.text,
                status=one.status,
                reason=one.reason,
                by="document",
                sources=one.sources,
                varied_by=one.varied_by,
            )
            for one in read.assumptions
        ),
        sensitivity=_sensitivity(read),
        adverse=_adverse(read),
        limits=_limits(read),
        decision_times=tuple(
            DecisionShown(
                id=one.id,
                party="Russian forces in Syria",
                action=one.action,
                decides_in_s=one.decides_in_s,
                line_can_win=not one.is_faster_than_line,
                status=one.status,
                facts=one.facts,
                reason=one.reason,
            )
            for one in read.decision_times
        ),
        findings=(
            Found(
                play=Play.AS_RECORDED,
                finding=Finding.PERSON_NOT_ROLE,
                says="The call asked for the usual contact while an officer was there.",
                evidence=("first-call",),
            ),
            Found(
                play=Play.WITH_LINE,
                finding=Finding.ROLE_REACHED,
                says="Somebody who may order a stop acknowledged.",
                share=0.9876,
            ),
        ),
        expectations=_expectations(read),
        place_checks=(checked,),
        places=_places(read),
        lanes=LANES,
        facts=read.facts,
        sources=read.sources,
        played=Played(call=Kind.STOP, responses=read.responses, media=read.cast.media),
        ledgers=_ledgers(),
    )


def distribution(median: float, sigma: float, *, never: int = 0) -> Distribution:
    """Make up a distribution: log-normal, with so many of 10,000 never happening."""
    of = 10_000
    normal = {1: -2.326, 5: -1.645, 10: -1.282, 25: -0.674, 50: 0.0, 75: 0.674}
    normal |= {90: 1.282, 95: 1.645, 99: 2.326}

    def value(percent: int) -> float | None:
        if percent > 100 - 100 * never / of:
            return None
        return round(median * math.exp(sigma * normal[percent]), 1)

    curve = tuple((percent, value(percent)) for percent in normal)
    p = dict(curve)
    return Distribution(
        p50=p[50],
        p95=p[95],
        p99=p[99],
        never=never,
        of=of,
        least=round(median * math.exp(-3.5 * sigma), 1),
        most=round(median * math.exp(3.8 * sigma), 1),
        why="Too many draws never got there." if p[99] is None else "",
        curve=curve,
    )


def counts(median: int, reach: int, *, of: int = 10_000) -> Distribution:
    """Make up how many events fell: a hump about a median."""
    values = range(max(0, median - reach), median + reach + 1)
    weights = [math.exp(-(((n - median) / (reach / 2.5)) ** 2)) for n in values]
    bars = tuple(
        Bar(start=n, end=n + 1, count=round(of * weight / sum(weights)))
        for n, weight in zip(values, weights, strict=True)
    )
    return Distribution(
        p50=median,
        p95=median + reach - 1,
        p99=median + reach,
        never=0,
        of=of,
        least=values[0],
        most=values[-1],
        curve=((1, float(values[0])), (50, float(median)), (99, float(values[-1]))),
        bars=bars,
    )


def place_check() -> PlaceChecked:
    """Return how told and planned compare on the founding day."""
    return PlaceChecked(
        act="check-told",
        at_s=-20 * MINUTE,
        told="9 km south of the airfield",
        meant="3 to 6 km southwest of the airfield",
        separation_m=(4069.0, 8666.0),
        precision_m=1000.0,
        verdict="disagree",
        why=(
            "They disagree: the told place lies 4.1 to 8.7 km from the one meant; both "
            "together are certain to 1.0 km. Read from Deir ez-Zor (city), the told "
            "place falls inside the one meant."
        ),
        assumption="Due south is an assumption; no bearing in degrees is known.",
        rival_origins=(
            RivalShown(
                of="told",
                origin="Deir ez-Zor (city)",
                separation_m=(0.0, 3500.0),
                falls_inside=True,
                footprint=RIVAL,
            ),
        ),
        told_place="told",
        meant_place="planned",
        refused="Nothing is sent: the place told and the place meant disagree.",
        not_checked="Whether anybody is at either place.",
        status=FactStatus.UNVERIFIED,
    )


# --- the parts --------------------------------------------------------------------


def _scenario(read: Scenario) -> ScenarioShown:
    clock = read.clock
    headline = next(r for r in clock.readings if r.id == clock.headline)
    return ScenarioShown(
        name=read.name,
        title=read.title,
        story=read.story,
        legal=read.legal,
        t0=headline.start,
        clock_says=clock.says,
        readings=tuple(
            ReadingShown(reading=r, is_headline=r.id == clock.headline)
            for r in clock.readings
        ),
        one=read.events.one,
        many=read.events.many,
        digest="00" * 32,
    )


def _as_recorded(read: Scenario) -> AsRecorded:
    desks = {person.id: person.desk for person in read.cast.people}
    bounds: dict[str, tuple[float | None, float | None]] = {
        "watched": (None, 0.0),
        "doubt-near": (None, 0.0),
        "told-before": (None, 0.0),
        "hangs-up": (CALLED_S, 56 * MINUTE),
        "second-call": (CALLED_S, 56 * MINUTE),
        "on-hold": (CALLED_S, 56 * MINUTE),
        "order": (56 * MINUTE, 61 * MINUTE),
        "height": (61 * MINUTE, None),
    }
    steps = tuple(
        RecordedStep(
            beat=beat.id,
            kind=beat.kind,
            lane=desks[beat.by or beat.to]
            if (beat.by or beat.to)
            else "line"
            if beat.kind == "notice"
            else "events",
            says=beat.says,
            status=beat.status,
            facts=beat.facts,
            at_s=None if beat.at is None else beat.at.total_seconds(),
            earliest_s=bounds.get(beat.id, (None, None))[0],
            latest_s=bounds.get(beat.id, (None, None))[1],
            when=beat.when,
            is_about=beat.is_about,
            by=beat.by,
            to=beat.to,
            asks_for=beat.asks_for,
            place=beat.place,
            entry=20 + number,
        )
        for number, beat in enumerate(read.beats)
    )
    return AsRecorded(
        called_at=None,
        called_at_s=CALLED_S,
        is_about=True,
        waited_s=27 * MINUTE,
        events_total=37,
        events_while_waiting=15,
        stopped_after_call_s=32 * MINUTE,
        unknown={},
        says=read.as_recorded.says,
        events_reason=read.events.reason,
        parts=tuple(
            PartShown(
                id=part.id,
                start_s=part.start.total_seconds(),
                end_s=part.end.total_seconds(),
                count=part.count,
                least=part.least,
            )
            for part in read.events.parts
        ),
        steps=steps,
    )


def step(
    after: float,
    kind: StepKind,
    lane: str,
    says: str,
    *,
    entry: int | None = None,
    before: bool = False,
    readback: tuple[ElementResult, ...] = (),
) -> TranscriptStep:
    """Make one step of a run, so many seconds after the call."""
    return TranscriptStep(
        at_s=CALLED_S + after,
        after_call_s=None if before else after,
        lane=lane,
        who="line" if lane == "line" else f"somebody-at-{lane}",
        kind=kind,
        says=says,
        entry=entry,
        call=None if before else 1,
        readback=readback,
    )


def _steps() -> tuple[TranscriptStep, ...]:
    where = ElementResult(
        name="where",
        kind=ElementKind.PLACE,
        outcome=ElementOutcome.MATCHES,
        sent="3 to 6 km southwest of the airfield",
        said="three to six kilometres southwest of the airfield",
    )
    say, floor, line = StepKind, "coalition-floor", "coalition-line"
    caller, crews = "russia-line", "coalition-aircraft"
    return (
        step(-2940, say.CHECK, "line", "the two disagree", entry=21, before=True),
        step(-2820, say.NOTICE, floor, "tells of air activity", entry=22, before=True),
        step(0.0, say.RAISED, caller, "raises STOP 1: air strikes", entry=24),
        step(0.1, say.RING, "line", "rings the officer and an interpreter", entry=25),
        step(0.1, say.RING, "line", "rings the Battle Director", entry=26),
        step(0.9, say.CARRIED, line, "shown on a screen", entry=27),
        step(1.4, say.CARRIED, floor, "shown on a screen", entry=28),
        step(1.5, say.NOT_HEARD, line, "does not hear it"),
        step(1.6, say.NOT_HEARD, line, "does not hear it"),
        step(11.2, say.ACKNOWLEDGED, line, "has it", entry=29),
        step(15.0, say.RING, "line", "rings the floor's duty officer", entry=30),
        step(19.5, say.ACKNOWLEDGED, floor, "has it", entry=31),
        step(
            39.0, say.READ_BACK, floor, "reads back right", entry=32, readback=(where,)
        ),
        step(52.0, say.ANSWERED, floor, "answers WILCO", entry=33),
        step(83.0, say.PASSED_ON, crews, "has the order", entry=34),
        step(83.2, say.TOLD, "line", "tells the caller: passed on", entry=35),
        step(171.0, say.CEASED, crews, "reports that it has ceased", entry=36),
        step(171.3, say.TOLD, "line", "tells the caller: ceased", entry=37),
        step(240.0, say.CLOSED, line, "says that it is over", entry=38),
    )


def run(*, is_signed: bool = True) -> RunShown:
    """Return a run told whole."""
    before = [i * 87.0 for i in range(20)]
    while_waiting = [CALLED_S + 40 + i * 104.0 for i in range(15)]
    after = [3450.0, 3660.0]
    fell = len(before) + 2
    return RunShown(
        stamp=STAMP,
        index=0,
        called_at_s=CALLED_S,
        acknowledged_s=11.2,
        right_role_s=19.5,
        stopped_s=171.0,
        stopped_at_s=CALLED_S + 171.0,
        events_s=tuple(before + while_waiting + after),
        fell=fell,
        events_after_call=2,
        is_signed=is_signed,
        steps=_steps(),
    )


def _with_line() -> WithLine:
    stopped = distribution(196.0, 0.75, never=40)
    apart = "not told apart"
    delays = (
        ("notice", "until somebody calls", distribution(1740.0, 1e-6), CALLED_S, ""),
        ("reach", "until a person has it", distribution(9.0, 0.7), None, apart),
        ("understand", "until read back", distribution(27.0, 0.6), None, apart),
        ("authority", "until whoever may", distribution(12.0, 0.7), None, apart),
        ("belief", "until the order", distribution(38.0, 1.1), None, ""),
        ("propagation", "until ceased", distribution(92.0, 0.7), 300.0, "at most"),
    )
    return WithLine(
        stamp=STAMP,
        says=document().with_line.says,
        runs=10_000,
        seed=7,
        acknowledged_s=distribution(9.0, 0.7),
        right_role_s=distribution(22.0, 0.8, never=12),
        stopped_s=stopped,
        events_after_call=counts(3, 3),
        events_after_call_recorded=counts(17, 2),
        events_fell=counts(23, 3),
        break_even_s=1920.0,
        break_even=BreakEven(
            stop_s=1920.0,
            reach_s=1733.0,
            says=(
                "It changes something only if strikes end within 32 min of the call: "
                "reached later than 28 min 53 s, the median draw changes nothing."
            ),
            curve=tuple(
                StillToCome(
                    stopped_s=120.0 * n,
                    p05=max(0.0, 15 - n),
                    p50=max(0.0, 17 - 1.05 * n),
                    p95=max(0.0, 19 - 1.1 * n),
                )
                for n in range(17)
            ),
        ),
        delays=tuple(
            DelayShown(
                step=name,
                says=says,
                seconds=seconds,
                is_drawn=recorded != CALLED_S,
                recorded_s=recorded,
                recorded_says=words,
            )
            for name, says, seconds, recorded, words in delays
        ),
        receipts_checked=(),
        first_run=run(),
        horizon_s=14_400.0,
        signed_runs=1,
        unsigned_says=(
            "The other 9,999 runs share the rules, the runner and the fold; they keep "
            "no store and sign nothing."
        ),
    )


def medians(
    stopped: float | None, events: float | None, never: float = 0.004
) -> Medians:
    """Make up medians of a set of draws."""
    return Medians(
        acknowledged_s=9.0,
        right_role_s=22.0,
        stopped_s=stopped,
        events_after_call=events,
        events_fell=None if events is None else events + 20,
        never_stopped=never,
    )


def _sensitivity(read: Scenario) -> Sensitivity:
    ends = {
        "stop-at": ((190.0, 4.0), (204.0, 1.0)),
        "disbelief": ((160.0, 2.0), (505.0, 6.0)),
        "floor-staffed": ((196.0, 3.0), (None, 17.0)),
        "order-to-ceasing-median": ((118.0, 2.0), (403.0, 5.0)),
        "verifying-median": ((176.0, 3.0), (236.0, 3.0)),
    }
    knobs = tuple(
        KnobEffect(
            knob=knob.id,
            title=knob.title,
            unit=knob.unit,
            reason=knob.reason,
            default="as it is",
            ends=tuple(
                KnobEnd(
                    value=value,
                    medians=medians(stopped, events, 1.0 if stopped is None else 0.004),
                )
                for value, (stopped, events) in zip(
                    (knob.least or "true", knob.most or "false"),
                    ends.get(knob.id, ((190.0, 3.0), (199.0, 3.0))),
                    strict=True,
                )
            ),
            moves_stopped_s=None,
            moves_events=0.0,
        )
        for knob in sorted(read.what_if, key=lambda knob: knob.id not in ends)
    )
    return Sensitivity(stamp=STAMP, runs=1000, base=medians(196.0, 3.0), knobs=knobs)


def _adverse(read: Scenario) -> tuple[AdverseDay, ...]:
    titles = {knob.id: knob.title for knob in read.what_if}
    return tuple(
        AdverseDay(
            stamp=STAMP,
            id=cast.id,
            title=cast.title,
            reason=cast.reason,
            settings=tuple(
                Change(
                    knob=setting.knob,
                    title=titles[setting.knob],
                    was="as it is",
                    value=setting.value,
                )
                for setting in cast.settings
            ),
            runs=1000,
            acknowledged_s=distribution(14.0, 0.9, never=300),
            right_role_s=distribution(31.0, 0.9, never=300),
            stopped_s=distribution(480.0, 0.9, never=300),
            events_after_call=counts(6, 4, of=1000),
            told_nobody_has_it=0.031,
            told_after_s=distribution(70.0, 0.2, never=9690),
            first_run=run(is_signed=False),
        )
        for cast in read.adverse
    )


def _limits(read: Scenario) -> tuple[LimitShown, ...]:
    return tuple(
        LimitShown(
            id=limit.id,
            text=limit.text,
            reason=limit.reason,
            status=limit.status,
            sources=limit.sources,
            facts=limit.facts,
            within_s=limit.within_s,
            counted_from="call" if limit.within_s else "",
            too_late=0.9999 if limit.within_s else None,
            draws_say="No draw ended within 17 s." if limit.within_s else "",
        )
        for limit in read.limits
    )


def _expectations(read: Scenario) -> tuple[ExpectationShown, ...]:
    return tuple(
        ExpectationShown(
            id=one.id,
            says=one.says,
            requirements=one.requirements,
            must=must,
            play=one.play,
            is_met=True,
            got="found" if must else "not found",
            adverse=one.adverse,
            finding=one.finding,
            look_at=one.look_at,
            holds=one.holds,
            value=one.value,
        )
        for must, some in ((True, read.must_find), (False, read.must_not_find))
        for one in some
    )


def _places(read: Scenario) -> tuple[PlaceShown, ...]:
    return tuple(
        PlaceShown(
            id=place.id,
            name=place.name,
            kind=place.kind,
            text=place.text,
            status=place.status,
            sources=place.sources,
            footprint=FOOTPRINTS.get(place.id),
            origin=getattr(place.where, "origin", None),
            because=getattr(place.where, "because", ""),
            aliases=place.aliases,
            rivals=place.rivals,
            reason=place.reason,
        )
        for place in read.places
    )


def _ledgers() -> tuple[LedgerKept, ...]:
    def ledger(of: str, first: int, many: int) -> LedgerKept:
        origin = f"replay.example/deir-ez-zor-2016/{of}/model"
        return LedgerKept(
            of=of,
            folder=of,
            origin=origin,
            size=first + many,
            root=ROOT,
            checkpoint="\n".join((origin, str(first + many), ROOT, "")),
            vkey=f"{origin}+91881d02+AYGq1fb0",
            receipts=tuple(
                ReceiptKept(
                    entry=first + n,
                    says=f"Entry {first + n} of {of}.",
                    file=f"{of}/receipts/{first + n}.json",
                    text='{"receipt":1,"envelope":"' + "A" * 900 + '"}\n',
                )
                for n in range(many)
            ),
        )

    return ledger("as_recorded", 20, 15), ledger("with_line", 21, 18)
