"""The days that ship, with notices: what screening would have said, and to whom.

Where a source gives no coordinates, a place is put somewhere for the test alone. Each
such place, and that anybody knew of it, is an ASSUMPTION and is called one.
"""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from clearline.model.claims import Certainty
from clearline.model.conflict_commands import ClaimControl
from clearline.model.control import ControlClaim, ControlId
from clearline.model.facts import SourceKind
from clearline.model.faults import FilingRefused
from clearline.model.grades import Credibility, Reliability
from clearline.model.instants import Window
from clearline.model.notice_acts import NoticeTold
from clearline.model.notice_commands import FileNotice
from clearline.model.notice_life import NoticeTelling
from clearline.model.notices import (
    ActivityDetails,
    NoticeId,
    PositionDetails,
    Precision,
    Revision,
)
from clearline.model.places import Circle, Position, Unlocated
from clearline.model.screenings import Verdict
from clearline.replay.whereabouts import Whereabouts
from days import day
from notice_forms import CONVOY, a_movement
from phone import Line
from two_logs import (
    HOSPITAL,
    HOUR,
    NOON,
    NORTH_OPS,
    SOUTH_OPS,
    TwoLogs,
    actor,
    plan,
    revision,
    site,
)

T0 = NOON + 2 * HOUR
BEFORE = timedelta(minutes=20)
DURING = Window(start=T0, end=T0 + timedelta(minutes=90))
TO_NORTH = {NORTH_OPS: Precision.EXACT}


def _at(place):
    """Plan something where a scenario's place says."""
    return Revision(
        number=1,
        what="a strike",
        where=place,
        window=DURING,
        tells=(NORTH_OPS,),
        consents=plan(tells=TO_NORTH).consents,
        details=ActivityDetails(type="strike"),
    )


@pytest.fixture
def positions():
    """2016: the army's positions are known to its own node.

    ASSUMPTION: that they were, and that they lay in the middle of the sector the
    sources name, within 500 m. No source gives them.
    """
    logs, where = TwoLogs(), Whereabouts(day("deir-ez-zor-2016"))
    sector = where.place("planned").footprint
    middle = Position(lon=40.1465, lat=35.2560)
    assert sector.range_m.least == 3_000.0
    told = revision(PositionDetails(unit="A"), at=middle, radius_m=500.0)
    logs.file("post", told, NORTH_OPS)
    logs.clock.go_to(T0 - BEFORE)
    return logs, where


def test_2016_the_real_area_rings_the_army_alone_before_the_first_strike(positions):
    """Told where it was really to be, the plan meets the positions 20 minutes ahead."""
    logs, where = positions
    logs.file("real", _at(where.place("planned")))
    (call,) = logs.calls(logs.own)
    assert (call.to_desk, call.raised_at < T0) == (NORTH_OPS, True)
    assert logs.calls() == []
    assert logs.told("real").verdict is Verdict.NONE_FOUND  # the filer learns nothing


def test_2016_the_wrongly_told_area_rings_nobody(positions):
    """Told 9 km south of the airfield, as is recalled, it meets nothing."""
    logs, where = positions
    logs.file("told", _at(where.place("told")))
    assert logs.calls(logs.own) == []


def test_2016_what_an_outlet_said_of_kroum_hill_is_asked_about(positions):
    """The army on a hill nobody can locate: *cannot tell: ask*, not silence."""
    logs, where = positions
    for number, name in enumerate(("kroum-hill", "points-1-and-2")):
        place = where.place(name)
        assert isinstance(place.footprint, Unlocated)
        claim = ControlClaim(
            id=ControlId(f"claim-{number}"),
            place=place,
            holder="the army",
            source="a news outlet",
            source_kind=SourceKind.PRESS,
            as_of=T0 - 2 * HOUR,
            reliability=Reliability.F,
            credibility=Credibility.NOT_JUDGED,
            certainty=Certainty.NOT_ASSESSED,
        )
        logs.do(ClaimControl(claim=claim, by=actor(SOUTH_OPS)))
    logs.file("real", _at(where.place("planned")))
    told = logs.told("real")
    assert told.verdict is Verdict.CANNOT_TELL
    assert "Kroum hill" in told.said
    assert "F6" in told.said


def test_2015_the_coordinates_that_were_sent_match_the_hospital_at_once():
    """Radioed, screened, and both desks ring, before anybody compares two lists.

    ASSUMPTION: where the hospital is; the sources say only that both were the same
    place, and that it had been told exactly to the headquarters.
    """
    where = Whereabouts(day("kunduz-2015"))
    sent, known = where.place("coordinates-sent"), where.place("hospital")
    assert sent.footprint == known.footprint
    logs = TwoLogs()
    logs.file("hospital", site(tells={SOUTH_OPS: Precision.EXACT}), NORTH_OPS)
    logs.clock.go_to(T0)
    window = Window(start=T0, end=T0 + HOUR)
    there = revision(ActivityDetails(), at=HOSPITAL, window=window, tells=TO_NORTH)
    logs.file("sent", there)
    assert logs.told("sent").verdict is Verdict.CONFLICT
    assert {(c.to_desk, c.precedence) for c in logs.calls()} == {
        (NORTH_OPS, "FLASH"),
        (SOUTH_OPS, "FLASH"),
    }
    assert all(call.raised_at == T0 for call in logs.calls())


def test_2015_an_empty_field_meets_nothing():
    """Where guidance first pointed, nothing was registered: none found, never clear."""
    logs = TwoLogs()
    logs.file("hospital", site(tells={SOUTH_OPS: Precision.EXACT}), NORTH_OPS)
    field = Position(lon=HOSPITAL.lon + 0.01, lat=HOSPITAL.lat)
    logs.file("field", plan(at=field, tells=TO_NORTH))
    assert logs.told("field").verdict is Verdict.NONE_FOUND
    assert "clear" not in logs.told("field").said


def test_2024_guards_nobody_mentioned_are_asked_for_before_it_is_filed():
    """Whether armed people go with it is said, or it is refused."""
    line = Line()
    silent = a_movement(details=replace(CONVOY, armed_escort=None))
    with pytest.raises(FilingRefused, match="armed_escort"):
        line.do(
            FileNotice(notice=NoticeId("cars"), by=line.actor("lina"), revision=silent)
        )


def test_2024_before_it_leaves_it_is_seen_that_the_shooters_cell_has_not_read_it():
    """The desk above had it; the one that would shoot had not, and is rung."""
    line = Line()
    told = a_movement()
    line.do(FileNotice(notice=NoticeId("cars"), by=line.actor("lina"), revision=told))
    tellings = [
        act
        for act in line.after(hours=6)
        if isinstance(act, NoticeTold) and act.telling is NoticeTelling.UNREAD
    ]
    assert any("south-air" in act.text for act in tellings)
    assert any(act.call for act in tellings)


def test_nothing_here_has_a_circle_for_a_source():
    """No place that was put somewhere for the test stands in a scenario."""
    for name in ("deir-ez-zor-2016", "kunduz-2015", "wck-convoy-2024"):
        where = Whereabouts(day(name))
        for place in day(name).places:
            assert not isinstance(where.place(place.id).footprint, Circle)
