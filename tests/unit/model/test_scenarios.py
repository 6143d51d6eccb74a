"""The values of a scenario: offsets, knobs, responses, and what refuses itself."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearline.model.beats import (
    AtPoint,
    Beat,
    BeatKind,
    EventPart,
    Events,
    FromOrigin,
    Split,
    Spread,
    parse_offset,
    write_offset,
)
from clearline.model.calls import Kind
from clearline.model.cast import (
    Basis,
    Fixed,
    Lognormal,
    ResponseModel,
    Step,
    Tongue,
    Uniform,
)
from clearline.model.coherence import misfits
from clearline.model.errors import BadInput
from clearline.model.facts import Comparator, Fact, Measure, ToldTime, Unfit
from clearline.model.instants import Duration, parse_instant
from clearline.model.parties import Medium, Role
from clearline.model.places import FactStatus, Interval
from clearline.model.scenarios import Expectation, Finding, Play, Scenario
from clearline.model.what_if import (
    NoSuchKnob,
    default,
    find_knob,
    spot,
    turn,
    write_value,
)
from clearline.wire.scenarios import read_scenario

DRILL = Path(__file__).parents[1] / "wire" / "small-scenario.yaml"


@pytest.fixture(scope="module")
def drill() -> Scenario:
    """Read the small invented scenario."""
    return read_scenario(DRILL.read_bytes(), "drill.yaml")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("T+00:00", 0),
        ("T+29:00", 1740),
        ("T-00:30", -30),
        ("T+61:05", 3665),
        ("T-120:00", -7200),
        ("T+02:00:01", 7201),
    ],
)
def test_an_offset_counts_from_the_first_event(text, seconds):
    """Minutes may pass 59, hours may stand before them, a minus is before T0."""
    assert parse_offset(text) == Duration(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    ["", "29:00", "T29:00", "T+29", "T+00:60", "T+01:60:00", "T+1e1:00", "t+1:00"],
)
def test_what_is_no_offset_is_refused(text):
    """Nothing near an offset is taken for one."""
    with pytest.raises(Unfit, match="offset"):
        parse_offset(text)


@given(st.integers(-59_999, 59_999))
def test_offsets_are_written_as_they_are_read(seconds):
    """Writing an offset and reading it back changes nothing."""
    offset = Duration(seconds=seconds)
    assert parse_offset(write_offset(offset)) == offset


def fact(**changes: object) -> Fact:
    """Make a plain fact, changed."""
    values = {
        "id": "a-fact",
        "text": "Something happened.",
        "sources": ("somebody",),
        "status": FactStatus.STATED,
    }
    return Fact(**{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sources": ()}, "sources"),
        ({"status": FactStatus.INFERRED}, "status"),
        ({"status": FactStatus.CONTESTED}, "status"),
        ({"status": FactStatus.CONTESTED, "settled_by": "never"}, "status"),
    ],
)
def test_a_fact_without_what_its_status_asks_cannot_be_built(changes, field):
    """No source, no reason for an inference, no rival of a contested fact: no fact."""
    with pytest.raises(Unfit) as caught:
        fact(**changes)
    assert caught.value.field == field


def test_a_number_between_needs_both_ends():
    """A measure says how it is meant, and nothing else."""
    with pytest.raises(Unfit):
        Measure(value=3, unit="km", comparator=Comparator.BETWEEN)
    with pytest.raises(Unfit):
        Measure(value=3, unit="km", most=6)
    with pytest.raises(Unfit):
        Measure(value=float("nan"), unit="km")


def test_a_told_time_cannot_end_before_it_starts():
    """A reading of a time is a span that runs forward."""
    start = parse_instant("2016-09-17T12:55:00Z")
    with pytest.raises(Unfit):
        ToldTime(text="x", zone="UTC", start=start, end=start)
    with pytest.raises(Unfit):
        ToldTime(text="x", zone="UTC", end=start)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Lognormal(median_s=0, sigma=1),
        lambda: Lognormal(median_s=10, sigma=0),
        lambda: Lognormal(median_s=10, sigma=4),
        lambda: Lognormal(median_s=float("nan"), sigma=1),
        lambda: Uniform(least_s=5, most_s=4),
        lambda: Fixed(seconds=-1),
        lambda: AtPoint(lon=181, lat=0, precision_m=1),
        lambda: AtPoint(lon=0, lat=0, precision_m=-1),
        lambda: FromOrigin(
            origin="a",
            bearing_deg=Interval(least=-1, most=3),
            range_m=Interval(least=0, most=1),
        ),
        lambda: FromOrigin(
            origin="a",
            bearing_deg=Interval(least=0, most=3),
            range_m=Interval(least=-1, most=1),
        ),
    ],
)
def test_numbers_that_mean_nothing_cannot_be_built(wrong):
    """A delay, a place or a bearing that cannot be is refused where it is made."""
    with pytest.raises(BadInput):
        wrong()


def test_a_beat_rests_on_a_fact_and_has_a_time():
    """A beat nobody tells of, or at no time, is no beat."""
    with pytest.raises(Unfit) as unfounded:
        Beat(
            id="b",
            kind=BeatKind.NOTE,
            says="x",
            status=FactStatus.STATED,
            facts=(),
            at=Duration(0),
        )
    with pytest.raises(Unfit) as timeless:
        Beat(
            id="b", kind=BeatKind.NOTE, says="x", status=FactStatus.STATED, facts=("f",)
        )
    assert (unfounded.value.field, timeless.value.field) == ("facts", "at")


def test_parts_and_totals_of_events_are_sound():
    """Events start at T0, count at least one, and times agree with their number."""
    with pytest.raises(Unfit):
        EventPart(
            id="p",
            start=Duration(0),
            end=Duration(seconds=60),
            count=2,
            at=(Duration(0),),
        )
    with pytest.raises(Unfit):
        EventPart(id="p", start=Duration(seconds=60), end=Duration(seconds=60))
    with pytest.raises(Unfit):
        EventPart(id="p", start=Duration(0), end=Duration(seconds=60), least=3, most=2)
    for field, value in {
        "total": 0,
        "start": Duration(seconds=1),
        "end": Duration(seconds=-1),
    }.items():
        values = {
            "one": "round",
            "many": "rounds",
            "total": 1,
            "start": Duration(0),
            "end": Duration(seconds=60),
            "carried_out_by": "battery",
            "spread": Spread.EVEN,
            "split": Split.UNIFORM,
            "reason": "",
            "facts": (),
        }
        with pytest.raises(Unfit) as caught:
            Events(**{**values, field: value})
        assert caught.value.field == field


def test_an_expectation_is_a_finding_or_a_value():
    """Neither and both say nothing that can be checked."""
    values = {"id": "e", "says": "x", "requirements": ("R1",), "play": Play.WITH_LINE}
    Expectation(**values, finding=Finding.SILENT_WAIT)
    with pytest.raises(Unfit):
        Expectation(**values)
    with pytest.raises(Unfit):
        Expectation(**{**values, "play": Play.ADVERSE}, finding=Finding.SILENT_WAIT)


# --- responses ---------------------------------------------------------------


def test_a_response_fits_whom_it_names(drill):
    """Desks, roles, medium and tongue narrow an entry; left open they fit all."""
    duty = drill.cast.people[0]
    entry = ResponseModel(
        id="r",
        step=Step.REACH,
        takes=Fixed(seconds=1),
        fails=0,
        sources=(),
        status=Basis.ASSUMED,
        reason="",
        desks=("guns-desk",),
        roles=(Role.DUTY_OFFICER,),
        medium=Medium.SCREEN,
        tongue=Tongue.SHARED,
    )

    assert entry.fits(Step.REACH, duty, Medium.SCREEN, Tongue.SHARED)
    assert not entry.fits(Step.BELIEF, duty, Medium.SCREEN, Tongue.SHARED)
    assert not entry.fits(Step.REACH, duty, Medium.VOICE, Tongue.SHARED)
    assert not entry.fits(Step.REACH, duty, Medium.SCREEN, Tongue.OTHER)
    for other in drill.cast.people[1:]:
        assert not entry.fits(Step.REACH, other, Medium.SCREEN, Tongue.SHARED)


# --- knobs -------------------------------------------------------------------


def test_a_knob_changes_one_value_and_nothing_else(drill):
    """What-if changes one thing; turned back, the scenario is the same again."""
    turned = turn(drill, "stop-at", "T+02:00")

    assert turned.with_line.acts[0].at == Duration(minutes=2)
    assert drill.with_line.acts[0].at == Duration(minutes=4)
    assert turn(turned, "stop-at", "T+04:00") == drill


def test_a_knob_knows_what_the_document_says(drill):
    """The default is read from the document, never repeated beside it."""
    assert default(drill, find_knob(drill, "stop-at")) == "T+04:00"
    assert default(drill, find_knob(drill, "staffed")) == "true"


@pytest.mark.parametrize(
    ("knob", "value"),
    [
        ("stop-at", "T+00:29"),
        ("stop-at", "T+08:01"),
        ("stop-at", "4"),
        ("stop-at", "none!"),
        ("staffed", "yes"),
    ],
)
def test_a_value_outside_the_knobs_range_is_refused(drill, knob, value):
    """A what-if cannot leave the range the document gives reasons for."""
    with pytest.raises(Unfit):
        turn(drill, knob, value)


def test_an_unknown_knob_names_those_there_are(drill):
    """A misspelt knob is told which ones there are."""
    with pytest.raises(NoSuchKnob) as caught:
        turn(drill, "stop", "T+02:00")
    assert "stop-at, staffed" in caught.value.next


@pytest.mark.parametrize(
    "path",
    [
        "",
        "beats",
        "beats.first.nothing",
        "beats.second.at",
        "with_line.acts.stop.card",
        "cast.people.skipper.media",
        "responses.rings.takes",
        "title.length",
    ],
)
def test_a_path_leads_to_one_value_or_is_refused(drill, path):
    """Lists, mappings and dead ends are no values to turn."""
    with pytest.raises(NoSuchKnob):
        spot(drill, path)


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("responses.rings.takes.median_s", "10"),
        ("responses.trusts.then_takes.seconds", "60"),
        ("cast.media.screen.works", "true"),
        ("cast.people.skipper.insists_on", "none"),
        ("cast.people.fire-duty.away.at-lunch.end", "T+06:00"),
        ("cast.ladders.stop-at-guns.rungs.again.after_s", "15"),
        ("events.parts.early.count", "none"),
        ("events.spread", "even"),
        ("with_line.acts.stop.medium", "screen"),
        ("places.bank.where.origin", "pier"),
    ],
)
def test_paths_reach_every_kind_of_value(drill, path, written):
    """Shapes, lists with ids, optional values and enums can all be turned."""
    assert write_value(spot(drill, path).value) == written


# --- the whole ---------------------------------------------------------------


def test_a_sound_scenario_has_no_misfits(drill):
    """What holds together is left alone."""
    assert misfits(drill) == ()


def test_misfits_point_at_the_value(drill):
    """A misfit carries the path of the value at fault, for whoever shows it."""
    recorded = msgspec.structs.replace(drill.as_recorded, call=None)
    broken = msgspec.structs.replace(drill, as_recorded=recorded)

    (misfit,) = misfits(broken)

    assert misfit.path == ("as_recorded", "reached")
    assert "without a call before it" in misfit.found


def test_a_call_needs_a_ladder_of_its_kind(drill):
    """A HOLD does not ring by the ladder of a STOP."""
    act = msgspec.structs.replace(drill.with_line.acts[0], call=Kind.HOLD)
    with_line = msgspec.structs.replace(drill.with_line, acts=(act,))

    (misfit,) = misfits(msgspec.structs.replace(drill, with_line=with_line))

    assert misfit.path == ("with_line", "acts", 0, "to")
    assert "no ladder for HOLD" in misfit.found


def test_an_act_may_leave_its_beats_time_only_with_an_assumption(drill):
    """A STOP sooner than the recorded call says what is assumed for it."""
    act = msgspec.structs.replace(drill.with_line.acts[0], at=Duration(minutes=3))
    moved = msgspec.structs.replace(drill.with_line, acts=(act,))
    assert misfits(msgspec.structs.replace(drill, with_line=moved)) == ()

    bare = msgspec.structs.replace(act, assumes=())
    unsaid = msgspec.structs.replace(drill.with_line, acts=(bare,))
    (misfit,) = misfits(msgspec.structs.replace(drill, with_line=unsaid))
    assert misfit.path == ("with_line", "acts", 0, "at")
    assert "away from the beat it stands for" in misfit.found
