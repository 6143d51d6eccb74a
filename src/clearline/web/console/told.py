"""Turn a replay into moments to step through, strips, and what a desk knew by then.

Replay --moments--> numbered, in time, each with its lane and its words
--strips---> marks on one axis: as recorded above, with the line below
--places---> what a map shows at a moment: of the facts, or of one desk
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from clearline.geo.separation import middle
from clearline.model.instants import Duration, Instant
from clearline.model.places import Point, Sector, Unlocated
from clearline.replay.page.lanes import day_line
from clearline.replay.page.scales import Line
from clearline.replay.page.steps import transcript
from clearline.replay.result import PlaceShown, RecordedStep, Replay
from clearline.web.mapped import drawn
from clearline.wire.forms.mapped import MapFeature, OnMap, What

RECORDED: Final = "recorded"
LINE: Final = "line"
PLAYS: Final = (RECORDED, LINE)
FACTS: Final = "facts"

_PERCENT: Final = 100.0


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one moment of a play.

    Attributes:
        number: In its play, from 1.
        at_s: Seconds from T0 it is shown at.
        at: The same, UTC, by the headline reading.
        is_timed: Whether somebody says when; else it lies somewhere around there.
        when: When in words, where nobody says exactly.
        lane: The desk it happens at.
        desks: Desks that know of it then.
        status: What it rests on; empty for a model's.
        places: Ids of places it names.
    """

    number: int
    at_s: float
    at: Instant
    is_timed: bool
    when: str
    lane: str
    title: str
    says: str
    desks: tuple[str, ...]
    status: str
    is_quiet: bool
    places: tuple[str, ...] = ()


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a mark on a strip, its place in percent of the axis.

    Attributes:
        shape: `at`, `within` or `events`.
        step: The moment it stands for; 0 for none.
    """

    x: float
    width: float
    shape: str
    label: str
    step: int = 0


class Strip(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one line of the timeline."""

    title: str
    party: str
    play: str
    marks: tuple[Mark, ...]


def moments(replay: Replay, play: str) -> tuple[Moment, ...]:
    """List the moments of one play, in order."""
    found = _recorded(replay) if play == RECORDED else _with_line(replay)
    return tuple(found)


def _recorded(replay: Replay) -> Iterator[Moment]:
    t0, titles = replay.scenario.t0, _titles(replay)
    people = desks_of_people(replay)
    for number, step in enumerate(replay.as_recorded.steps, 1):
        at_s = _shown_at(step)
        named = (people.get(one) for one in (step.by, step.to) if one)
        desks = dict.fromkeys([step.lane, *(desk for desk in named if desk)])
        yield Moment(
            number=number,
            at_s=at_s,
            at=t0 + Duration(seconds=at_s),
            is_timed=step.at_s is not None,
            when=step.when,
            lane=step.lane,
            title=titles.get(step.lane, step.lane),
            says=step.says,
            desks=tuple(desks),
            status=step.status,
            is_quiet=False,
            places=(step.place,) if step.place else (),
        )


def _shown_at(step: RecordedStep) -> float:
    known = (step.at_s, step.earliest_s, step.latest_s)
    return next((at for at in known if at is not None), 0.0)


def _with_line(replay: Replay) -> Iterator[Moment]:
    t0, titles = replay.scenario.t0, _titles(replay)
    check = replay.place_check
    checked = tuple(p for p in (check.told_place, check.meant_place) if p)
    for number, row in enumerate(transcript(replay.with_line.first_run), 1):
        is_check = row.what in ("check", "refused", "place check")
        yield Moment(
            number=number,
            at_s=row.at_s,
            at=t0 + Duration(seconds=row.at_s),
            is_timed=True,
            when="",
            lane=row.lane,
            title=titles.get(row.lane, row.lane),
            says=". ".join(row.says) or row.what,
            desks=(row.lane,),
            status="",
            is_quiet=row.is_quiet,
            places=checked if is_check and row.at_s == check.at_s else (),
        )


def _titles(replay: Replay) -> dict[str, str]:
    return {lane.id: lane.title for lane in replay.lanes}


def desks_of_people(replay: Replay) -> dict[str, str]:
    """Say at which desk each person of the run was seen to act."""
    steps = replay.with_line.first_run.steps
    return {step.who: step.lane for step in steps if step.who != LINE}


def known(
    all_moments: tuple[Moment, ...], see: str, until_s: float
) -> tuple[Moment, ...]:
    """Return what had happened by then, or what one desk knew of it."""
    return tuple(
        one
        for one in all_moments
        if one.at_s <= until_s and (see == FACTS or see in one.desks)
    )


# --- strips ---------------------------------------------------------------------------


def strips(replay: Replay) -> tuple[Strip, ...]:
    """Lay both plays out on one axis, lane by lane."""
    line = day_line(replay)
    found = []
    for play in PLAYS:
        every = moments(replay, play)
        for lane in replay.lanes:
            here = [one for one in every if one.lane == lane.id]
            marks = [_mark(one, line) for one in here if not one.is_quiet]
            if lane.id == "events":
                marks = [*_events(replay, line, play), *marks]
            if marks:
                found.append(
                    Strip(
                        title=lane.title,
                        party=lane.party,
                        play=play,
                        marks=tuple(marks),
                    )
                )
    return tuple(found)


def _mark(one: Moment, line: Line) -> Mark:
    return Mark(
        x=percent(line, one.at_s),
        width=0.0,
        shape="at" if one.is_timed else "within",
        label=one.says,
        step=one.number,
    )


def _events(replay: Replay, line: Line, play: str) -> Iterator[Mark]:
    if play == LINE:
        for at_s in replay.with_line.first_run.events_s:
            yield Mark(x=percent(line, at_s), width=0.0, shape="event", label="")
        return
    for part in replay.as_recorded.parts:
        start, end = percent(line, part.start_s), percent(line, part.end_s)
        count = f"{part.count}" if part.count is not None else f"at least {part.least}"
        label = f"{count} {replay.scenario.many}"
        yield Mark(x=start, width=end - start, shape="events", label=label)


def percent(line: Line, at_s: float) -> float:
    """Return where an offset lies on an axis, in percent."""
    part = (at_s - line.start) / (line.end - line.start)
    return round(max(0.0, min(1.0, part)) * _PERCENT, 3)


def ticks(replay: Replay) -> tuple[tuple[float, Instant], ...]:
    """Return every quarter of an hour on the axis, by the headline reading."""
    line, t0 = day_line(replay), replay.scenario.t0
    quarter = 900
    first = -(-(t0.timestamp() + line.start) // quarter) * quarter - t0.timestamp()
    found = []
    at_s = first
    while at_s <= line.end:
        found.append((percent(line, at_s), t0 + Duration(seconds=at_s)))
        at_s += quarter
    return tuple(found)


# --- places ---------------------------------------------------------------------------


def places(replay: Replay, now_known: tuple[Moment, ...], see: str) -> dict[str, Any]:
    """Say what a map shows: every located place of the facts, or what a desk was told.

    A place told is ochre and hatched where it was meant as an area; the map draws what
    the words say, never finer.
    """
    named = {place for moment in now_known for place in moment.places}
    features = [
        _place(one)
        for one in replay.places
        if (see == FACTS or one.id in named or one.kind in ("airfield", "city"))
        and one.footprint is not None
        and not isinstance(one.footprint, Unlocated)
    ]
    return {"type": "FeatureCollection", "features": msgspec.to_builtins(features)}


def _place(place: PlaceShown) -> MapFeature:
    footprint = place.footprint
    geometry, radius_m, half_width_m = drawn(footprint)
    at = (
        middle(footprint)
        if footprint and not isinstance(footprint, Unlocated)
        else None
    )
    is_told = isinstance(footprint, Sector) or "point" in place.kind
    return MapFeature(
        id=place.id,
        geometry=geometry,
        properties=OnMap(
            what=What.NOTICE,
            kind="activity" if is_told else "site",
            sign="" if is_told else place.kind[:1].upper(),
            label=place.name if is_told else f"{place.name} ({place.kind})",
            says=place.text,
            status=place.status,
            at=(at.lon, at.lat) if at else None,
            radius_m=radius_m if isinstance(footprint, Point) else 0.0,
            half_width_m=half_width_m,
            is_active=True,
            level="exact",
        ),
    )


def stop_after_s(replay: Replay) -> float | None:
    """Return how long after the call the events ended in the first run."""
    return replay.with_line.first_run.stopped_s
