"""Measure the day as it was recorded, from its beats and counts alone.

Nothing here is drawn. What no source gives is left empty and said to be unknown.
"""

from clearline.model.beats import Beat, BeatId, BeatKind, EventPart, Offset
from clearline.model.entries import BeatRecorded
from clearline.model.facts import Fact
from clearline.model.instants import Duration
from clearline.model.scenarios import Scenario
from clearline.replay.performance import t0_of
from clearline.replay.result import AsRecorded, Lane, PartShown, RecordedStep

EVENTS_LANE = "events"
"""The lane of the events, and of what nobody in particular did."""


def measure(scenario: Scenario, entries: dict[str, int]) -> AsRecorded:
    """Measure the recorded day.

    Args:
        scenario: The day, no knob turned.
        entries: The entry of each beat in the ledger of the recorded day.
    """
    recorded = scenario.as_recorded
    call, reached, stopped = (
        _at(scenario, beat)
        for beat in (recorded.call, recorded.reached, recorded.stopped)
    )
    unknown: dict[str, str] = {}
    if recorded.call is None:
        never = "No call to stop was ever made."
        unknown = dict.fromkeys(
            ("called_at", "waited_s", "stopped_after_call_s"), never
        )
        unknown["events_while_waiting"] = never
    elif call is None:
        unknown = dict.fromkeys(("called_at", "waited_s"), "No source gives its time.")
    while_waiting = _events_between(scenario, call, reached)
    if while_waiting is None and "events_while_waiting" not in unknown:
        unknown["events_while_waiting"] = (
            f"No source says how many of the {scenario.events.total} "
            f"{scenario.events.many} fell in that wait."
        )
    return AsRecorded(
        called_at=None if call is None else t0_of(scenario) + call,
        called_at_s=_seconds(call),
        is_about=_is_about(scenario, recorded.call),
        waited_s=_span(call, reached),
        events_total=scenario.events.total,
        events_while_waiting=while_waiting,
        stopped_after_call_s=_span(call, stopped),
        unknown=unknown,
        says=recorded.says,
        events_reason=scenario.events.reason,
        parts=tuple(_part(part) for part in scenario.events.parts),
        steps=tuple(_steps(scenario, entries)),
    )


def lanes(scenario: Scenario) -> tuple[Lane, ...]:
    """Return the lanes a day is drawn in: the desks, the line, the events."""
    desks = tuple(
        Lane(id=desk.id, title=desk.name, party=desk.party)
        for desk in scenario.cast.desks
    )
    many = scenario.events.many
    return (
        *desks,
        Lane(id="line", title="The line"),
        Lane(id=EVENTS_LANE, title=f"{many[0].upper()}{many[1:]}"),
    )


def beat_entry(scenario: Scenario, beat: Beat) -> BeatRecorded:
    """Write a beat as an entry of the recorded day's ledger."""
    facts: dict[str, Fact] = {fact.id: fact for fact in scenario.facts}
    sources = dict.fromkeys(
        source for fact in beat.facts for source in facts[fact].sources
    )
    return BeatRecorded(
        scenario=scenario.name,
        beat=beat.id,
        kind=beat.kind,
        says=beat.says,
        status=beat.status,
        happened_at=None if beat.at is None else t0_of(scenario) + beat.at,
        is_about=beat.is_about,
        when=beat.when,
        facts=beat.facts,
        sources=tuple(sources),
    )


def find_beat(scenario: Scenario, beat: BeatId | None) -> Beat | None:
    """Return a beat by its id."""
    return next((one for one in scenario.beats if one.id == beat), None)


def _at(scenario: Scenario, beat: BeatId | None) -> Offset | None:
    found = find_beat(scenario, beat)
    return found.at if found else None


def _is_about(scenario: Scenario, beat: BeatId | None) -> bool:
    found = find_beat(scenario, beat)
    return bool(found and found.is_about)


def _seconds(offset: Offset | None) -> float | None:
    return None if offset is None else offset.total_seconds()


def _span(start: Offset | None, end: Offset | None) -> float | None:
    return None if start is None or end is None else (end - start).total_seconds()


def _events_between(
    scenario: Scenario, start: Offset | None, end: Offset | None
) -> int | None:
    """Count the events in `[start, end)`, where the document tells them apart."""
    if start is None or end is None:
        return None
    counts = [_share_of(part, start, end) for part in scenario.events.parts]
    known = [count for count in counts if count is not None]
    return sum(known) if known and len(known) == len(counts) else None


def _share_of(part: EventPart, start: Offset, end: Offset) -> int | None:
    """Count a part's events in a span; nothing where that is not told."""
    if part.at:
        return sum(1 for at in part.at if start <= at < end)
    if part.end <= start or end <= part.start:
        return 0
    return part.count if start <= part.start and part.end <= end else None


def _part(part: EventPart) -> PartShown:
    return PartShown(
        id=part.id,
        start_s=part.start.total_seconds(),
        end_s=part.end.total_seconds(),
        count=part.count,
        least=part.least,
        times_s=tuple(at.total_seconds() for at in part.at),
    )


def _steps(scenario: Scenario, entries: dict[str, int]) -> list[RecordedStep]:
    desks = {who.id: who.desk for who in scenario.cast.people}
    steps: list[RecordedStep] = []
    for index, beat in enumerate(scenario.beats):
        before = [one.at for one in scenario.beats[:index] if one.at is not None]
        after = [one.at for one in scenario.beats[index:] if one.at is not None]
        who = None if beat.kind in _OF_THE_DAY else beat.by or beat.to
        steps.append(
            RecordedStep(
                beat=beat.id,
                kind=beat.kind,
                lane=desks[who] if who else EVENTS_LANE,
                says=beat.says,
                status=beat.status,
                facts=beat.facts,
                at_s=_seconds(beat.at),
                earliest_s=_seconds(_last(before) if beat.at is None else beat.at),
                latest_s=_seconds(_first(after) if beat.at is None else beat.at),
                when=beat.when,
                is_about=beat.is_about,
                by=beat.by,
                to=beat.to,
                asks_for=beat.asks_for,
                place=beat.place,
                entry=entries.get(beat.id),
            )
        )
    return steps


_OF_THE_DAY = (BeatKind.FIRST_EVENT, BeatKind.LAST_EVENT)


def _last(offsets: list[Duration]) -> Duration | None:
    return offsets[-1] if offsets else None


def _first(offsets: list[Duration]) -> Duration | None:
    return offsets[0] if offsets else None
