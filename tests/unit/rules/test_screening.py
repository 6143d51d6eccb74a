"""What a plan is told: conflict, none found, or cannot tell, and why."""

from datetime import UTC, datetime, timedelta

import pytest

from clearline.geo.codes import BAND_UNSURE
from clearline.geo.codes import NEAR as NEAR_ENOUGH
from clearline.model.entries import Entry, Realm
from clearline.model.extents import AltitudeBand, Corridor, Datum, Extent
from clearline.model.instants import FOREVER, Window
from clearline.model.notice_acts import NoticeFiled, NoticeWithdrawn
from clearline.model.notices import NoticeId, Revision
from clearline.model.parties import Actor, DeskId, PartyId, Strength
from clearline.model.passages import Passage, span
from clearline.model.places import (
    Circle,
    Place,
    PlaceFormat,
    Point,
    Position,
    Unlocated,
)
from clearline.model.screenings import Severity, Verdict
from clearline.picture.picture import Picture
from clearline.picture.whereabouts import Whereabouts
from clearline.rules.screening import (
    LOADING,
    VALID_FOR,
    explain,
    say_band,
    screen,
    severity,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE = Position(lon=40.0, lat=35.0)
NEAR = Position(lon=40.01, lat=35.0)  # 912.9 m to the east
BY = Actor(party=PartyId("north"), desk=DeskId("north"), strength=Strength.PASSWORD)


def _hours(start, end):
    return Window(start=NOON + timedelta(hours=start), end=NOON + timedelta(hours=end))


def _circle(at=HERE, radius_m=100.0):
    return Circle(centre=at, radius_m=radius_m)


def _where(**notices):
    picture = Picture()
    for name, (footprint, window, buffer_m) in notices.items():
        place = Place(footprint=footprint, text="there", format=PlaceFormat.GEOMETRY)
        said = Revision(
            number=1, what="a visit", where=place, window=window, buffer_m=buffer_m
        )
        act = NoticeFiled(notice=NoticeId(name), owner=BY.party, by=BY, revision=said)
        picture.fold(Entry(at=NOON, realm=Realm.EXERCISE, act=act))
    return picture, Whereabouts(picture)


def _plan(footprint=None, window=None, **more):
    return Extent(
        footprint=footprint or _circle(), window=window or _hours(0, 1), **more
    )


def test_none_found_says_as_of_when_and_is_never_called_clear():
    """An empty answer names its instant, its end, and what nobody looked at."""
    _, where = _where(far=(_circle(Position(lon=10.0, lat=0.0)), _hours(0, 9), 0.0))
    told = screen(where, _plan(), as_of=NOON)
    assert told.verdict is Verdict.NONE_FOUND
    assert told.met == ()
    assert told.said == (
        "None found as of 2026-03-01T12:00:00Z among what was notified here."
    )
    assert told.expires_at == NOON + VALID_FOR
    assert "What nobody notified here." in told.not_checked
    assert any("2026-03-01T12:00:00Z" in one for one in told.not_checked)
    assert "clear" not in told.said.lower()


def test_footprints_that_overlap_are_a_direct_conflict():
    """Same place, same time, no margin needed: direct, with overlap and zero."""
    _, where = _where(visit=(_circle(radius_m=900.0), _hours(0.5, 3), 0.0))
    told = screen(where, _plan(), as_of=NOON)
    (met,) = told.met
    assert told.verdict is Verdict.CONFLICT
    assert met.severity is Severity.DIRECT
    assert met.separation_m == 0.0
    assert met.overlap == _hours(0.5, 1)
    assert "visit" in told.said


def test_within_margins_is_a_near_conflict_with_its_separation():
    """Buffers make a conflict, and the sentence says how near and of what."""
    _, where = _where(visit=(_circle(NEAR), _hours(0, 3), 500.0))
    (met,) = screen(where, _plan(buffer_m=300.0), as_of=NOON).met
    assert met.verdict is Verdict.CONFLICT
    assert met.severity is Severity.NEAR
    assert met.separation_m == pytest.approx(712.9, abs=0.2)
    assert met.why == "The footprints are 713 m apart, within the margins of 800 m."


def test_margins_that_do_not_reach_make_no_conflict():
    """Ten metres of margin too few, and nothing is listed."""
    _, where = _where(visit=(_circle(NEAR), _hours(0, 3), 500.0))
    told = screen(where, _plan(buffer_m=200.0), as_of=NOON)
    assert told.verdict is Verdict.NONE_FOUND


def test_a_margin_in_time_alone_is_before_or_after():
    """Windows that meet only once widened are said to."""
    _, where = _where(visit=(_circle(), _hours(1.5, 3), 0.0))
    (met,) = screen(where, _plan(buffer_s=3_600), as_of=NOON).met
    assert met.severity is Severity.BEFORE_OR_AFTER
    assert met.overlap == _hours(1.5, 2)


def test_a_window_ends_before_its_end():
    """[start, end): what begins as the plan ends does not meet it."""
    _, where = _where(visit=(_circle(), _hours(1, 3), 0.0))
    assert screen(where, _plan(), as_of=NOON).verdict is Verdict.NONE_FOUND


def test_a_vague_place_within_its_precision_cannot_be_told():
    """Two decimals of latitude are no place to be sure of."""
    vague = Point(position=NEAR, precision_m=1_100.0)
    _, where = _where(visit=(vague, _hours(0, 3), 0.0))
    told = screen(where, _plan(), as_of=NOON)
    (met,) = told.met
    assert told.verdict is met.verdict is Verdict.CANNOT_TELL
    assert met.severity is None
    assert "only certain to 1.1 km" in met.why


def test_an_unlocated_notice_in_the_same_hours_cannot_be_told():
    """A name nobody located may be anywhere; outside its hours it is nowhere."""
    hill = Unlocated(name="points 1 and 2 on Kroum hill")
    _, where = _where(visit=(hill, _hours(0, 3), 0.0))
    told = screen(where, _plan(), as_of=NOON)
    assert told.verdict is Verdict.CANNOT_TELL
    assert told.met[0].separation_m is None
    assert "points 1 and 2 on Kroum hill" in told.said
    later = screen(where, _plan(window=_hours(4, 5)), as_of=NOON)
    assert later.verdict is Verdict.NONE_FOUND


def test_an_unlocated_plan_cannot_be_told():
    """Nobody can screen what is nowhere."""
    _, where = _where()
    told = screen(where, _plan(Unlocated(name="the old mill")), as_of=NOON)
    assert told.verdict is Verdict.CANNOT_TELL
    assert "the old mill" in told.said


def test_while_loading_nothing_can_be_told():
    """A node that has just started does not say none found."""
    told = screen(None, _plan(), as_of=NOON)
    assert told.verdict is Verdict.CANNOT_TELL
    assert told.missing == (LOADING,)


def test_what_is_missing_turns_none_found_into_cannot_tell():
    """A silent peer may know what we do not."""
    _, where = _where()
    silent = "South has been silent since 11:40Z."
    told = screen(where, _plan(), as_of=NOON, missing=[silent])
    assert told.verdict is Verdict.CANNOT_TELL
    assert silent in told.said


def test_order_is_by_time_then_certainty_then_separation():
    """What comes first in time stands first; of those, what is sure."""
    _, where = _where(
        later=(_circle(), _hours(0.5, 3), 0.0),
        hill=(Unlocated(name="the hill"), _hours(0, 3), 0.0),
        near=(_circle(NEAR), _hours(0, 3), 5_000.0),
        here=(_circle(), _hours(-1, 3), 0.0),
    )
    told = screen(where, _plan(), as_of=NOON)
    assert [one.notice for one in told.met] == ["here", "near", "hill", "later"]
    assert told.verdict is Verdict.CONFLICT
    assert told.said.endswith("Others cannot be told.")


def test_a_withdrawn_notice_is_found_as_of_before():
    """Withdrawing changes now; what was known then stays known."""
    picture, where = _where(visit=(_circle(), Window(start=NOON, end=FOREVER), 0.0))
    gone = NoticeWithdrawn(notice=NoticeId("visit"), by=BY, why="done")
    picture.fold(Entry(at=NOON, realm=Realm.EXERCISE, act=gone))
    where.catch_up()
    assert screen(where, _plan(), as_of=NOON).verdict is Verdict.NONE_FOUND
    then = screen(where, _plan(), as_of=NOON, size=1)
    assert then.verdict is Verdict.CONFLICT


def test_a_result_ends_with_its_plan():
    """Nothing is said about a plan that is over."""
    _, where = _where()
    short = _plan(window=_hours(0, 0.1))
    assert screen(where, short, as_of=NOON).expires_at == short.window.end


def test_unlike_levels_are_said_not_to_compare():
    """Above ground against above the sea: whether they meet cannot be told."""
    above_ground = AltitudeBand(floor_m=0, ceiling_m=50, datum=Datum.AGL)
    above_sea = AltitudeBand(floor_m=900, ceiling_m=950)
    bands = (say_band(above_ground), say_band(above_sea))
    verdict, why = explain(NEAR_ENOUGH + BAND_UNSURE, 0.0, 0.0, 0.0, bands)
    assert verdict is Verdict.CANNOT_TELL
    assert "0 to 50 m AGL and 900 to 950 m AMSL" in why
    assert "the ground lies where its owner says, or anywhere" in why
    level = (say_band(AltitudeBand(floor_m=0, ceiling_m=9, datum=Datum.FL)), bands[1])
    _, why = explain(NEAR_ENOUGH + BAND_UNSURE, 0.0, 0.0, 0.0, level)
    assert "a flight level moves with pressure" in why
    assert "ground" not in why


def test_what_moves_is_direct_only_where_it_is_at_the_time():
    """Both windows are the whole afternoon; it comes by when the plan is over."""
    passages = (Passage(eta=NOON), Passage(eta=NOON + timedelta(hours=4)))
    there = Position(lon=40.4, lat=35.0)
    road = Corridor(path=(HERE, there), half_width_m=50.0, passages=passages)
    convoy = Extent(footprint=road, window=span(passages))
    before = _plan(_circle(there), _hours(0, 3.5), buffer_s=3_600.0)
    assert severity(before, convoy, 0.0) is Severity.BEFORE_OR_AFTER
    assert severity(_plan(_circle(there), _hours(0, 5)), convoy, 0.0) is Severity.DIRECT
    during = _plan(_circle(there), _hours(0, 5), buffer_s=3_600.0)
    assert severity(during, convoy, 0.0) is Severity.DIRECT
