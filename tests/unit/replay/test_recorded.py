"""The recorded day is measured from its beats; what nobody says stays unknown."""

from msgspec.structs import replace

from clearline.model.beats import EventPart, PartId
from clearline.model.instants import Duration
from clearline.replay.recorded import beat_entry, lanes, measure
from days import DRILL, day

MINUTE = Duration(minutes=1)


def test_the_founding_day_has_the_figures_of_the_record() -> None:
    """27 minutes, 15 of 37, the last 32 minutes after the call, all from beats."""
    recorded = measure(day("deir-ez-zor-2016"), {})
    assert recorded.called_at is not None
    assert recorded.called_at.isoformat() == "2016-09-17T13:24:00+00:00"
    assert (recorded.waited_s, recorded.stopped_after_call_s) == (1620, 1920)
    assert (recorded.events_total, recorded.events_while_waiting) == (37, 15)
    assert recorded.unknown == {}


def test_the_figures_follow_the_beats_and_not_the_other_way_round() -> None:
    """A call three minutes later is a wait three minutes shorter."""
    scenario = day("deir-ez-zor-2016")
    beats = tuple(
        replace(beat, at=32 * MINUTE) if beat.id == "first-call" else beat
        for beat in scenario.beats
    )
    recorded = measure(replace(scenario, beats=beats), {})
    assert recorded.waited_s == 1620 - 180
    assert recorded.stopped_after_call_s == 1920 - 180
    # the call no longer stands where the counted part begins
    assert recorded.events_while_waiting is None
    assert "37 strikes" in recorded.unknown["events_while_waiting"]


def test_what_no_source_tells_apart_is_not_made_up() -> None:
    """Nobody says how many of the 211 rounds fell in the 17 minutes."""
    recorded = measure(day("kunduz-2015"), {})
    assert recorded.waited_s == 1020
    assert recorded.events_while_waiting is None
    assert "211" in recorded.unknown["events_while_waiting"]


def test_where_nobody_called_there_is_no_wait() -> None:
    """Each figure is empty and says why."""
    recorded = measure(day("wck-convoy-2024"), {})
    assert recorded.called_at is None
    assert recorded.waited_s is None
    assert set(recorded.unknown) == {
        "called_at",
        "waited_s",
        "stopped_after_call_s",
        "events_while_waiting",
    }


def test_known_times_are_counted_one_by_one() -> None:
    """Where every time is given, a wait of any length can be counted."""
    scenario = day(DRILL)
    part = EventPart(
        id=PartId("all"),
        start=0 * MINUTE,
        end=10 * MINUTE,
        count=3,
        at=(0 * MINUTE, 5 * MINUTE, 8 * MINUTE),
    )
    events = replace(scenario.events, parts=(part,), total=3)
    recorded = measure(replace(scenario, events=events), {})
    assert recorded.events_while_waiting == 1  # of T+04:00 to T+08:00, end outside


def test_a_beat_without_a_time_keeps_the_times_around_it() -> None:
    """The hanging up lies between the first call and the contact."""
    recorded = measure(day("deir-ez-zor-2016"), {"hangs-up": 7})
    step = next(step for step in recorded.steps if step.beat == "hangs-up")
    assert (step.at_s, step.earliest_s, step.latest_s) == (None, 1740.0, 3360.0)
    assert step.lane == "russia-line"
    assert step.entry == 7
    assert step.when


def test_events_and_what_nobody_did_have_a_lane_of_their_own() -> None:
    """Every lane a step stands in is one that is drawn."""
    scenario = day("deir-ez-zor-2016")
    drawn = {lane.id for lane in lanes(scenario)}
    assert {step.lane for step in measure(scenario, {}).steps} <= drawn


def test_a_beat_is_written_with_its_status_and_its_sources() -> None:
    """The ledger of the recorded day says what it rests on, and no more."""
    scenario = day("deir-ez-zor-2016")
    beat = next(beat for beat in scenario.beats if beat.id == "contact")
    act = beat_entry(scenario, beat)
    assert act.status == "contested"
    assert act.is_about
    assert "mcclatchy" in act.sources
    untimed = next(beat for beat in scenario.beats if beat.id == "on-hold")
    assert beat_entry(scenario, untimed).happened_at is None
