"""Asking and probing: how many small areas an hour are too many, and what follows."""

from clearline.geo.geodesy import destination
from clearline.model.extents import Extent
from clearline.model.instants import Duration, Window
from clearline.model.parties import DeskId, PartyId
from clearline.model.places import Circle
from clearline.model.screenings import Verdict
from clearline.rules.disclosure import Viewer
from clearline.rules.probing import ASKING, AT_MOST, SLOWEST, probed_near
from clearline.service.questions import Questions
from two_logs import (
    HOSPITAL,
    HOUR,
    MONITOR_OPS,
    NOON,
    NORTH_OPS,
    SOUTH_OPS,
    TwoLogs,
    plan,
    site,
)

SOUTH = Viewer(party=PartyId("south"), desk=SOUTH_OPS)


def area(number=0, radius_m=300.0):
    """An area of a grid that somebody walks."""
    at = destination(HOSPITAL, 90.0, 700.0 * number)
    return Extent(
        footprint=Circle(centre=at, radius_m=radius_m),
        window=Window(start=NOON, end=NOON + HOUR),
    )


def asked(count, radius_m=300.0):
    """Questions of one desk, asked one after the other."""
    questions, said = Questions(), []
    for number in range(count):
        at = NOON + number * Duration(seconds=10)
        said.append(questions.note(SOUTH, area(number, radius_m), at))
    return questions, said


def test_a_planner_who_asks_now_and_then_is_not_slowed():
    """Ten small areas in an hour are asking."""
    questions, said = asked(ASKING[0])
    assert {manners.manner for manners, _ in said} == {"asking"}
    assert questions.waits_s(SOUTH_OPS, NOON + HOUR / 2) == 0.0


def test_walking_a_grid_is_slowed_more_and_more_and_entered_once():
    """Each answer is waited for longer, up to a limit; the log has one entry of it."""
    _, said = asked(30)
    waits = [manners.waits for manners, _ in said]
    assert waits == sorted(waits)
    assert Duration(0) < waits[-1] <= SLOWEST
    seen = [entry for _, entry in said if entry is not None]
    assert len(seen) == 1
    assert seen[0].small == ASKING[0] + 1


def test_large_areas_are_counted_apart():
    """Who plans over wide ground asks wide questions, and may ask more of them."""
    _, said = asked(ASKING[0] + 5, radius_m=5_000.0)
    assert {manners.manner for manners, _ in said} == {"asking"}


def test_an_hour_later_everybody_begins_anew():
    """What was asked is forgotten, and so is the pause."""
    questions, _ = asked(30)
    assert questions.waits_s(SOUTH_OPS, NOON + 3 * HOUR) == 0.0


def test_past_the_limit_the_answer_is_whom_to_call_whatever_is_there():
    """Never silence, and the same at the hospital and beside it."""
    logs = TwoLogs()
    logs.file("hospital", site(tells={SOUTH_OPS: "exact"}), NORTH_OPS)
    for number in range(AT_MOST[0] + 1):
        logs.screener.plan(SOUTH, area(number))
    there, beside = (logs.screener.plan(SOUTH, area(number)) for number in (0, 40))
    assert there == beside
    assert there.verdict is Verdict.CANNOT_TELL
    assert "call monitor-ops, north-ops" in there.said


def test_filing_is_never_refused_for_it():
    """A plan is taken, and told what asking is told."""
    logs = TwoLogs()
    for number in range(AT_MOST[0] + 2):
        logs.file(f"plan-{number}", plan())
    assert "call" in logs.told(f"plan-{AT_MOST[0] + 1}").said


def test_probing_is_seen_by_the_neutral_and_by_owners_in_those_cells_alone():
    """Not by who probes, and not by an owner who lives elsewhere."""
    logs = TwoLogs()
    logs.file("hospital", site(), NORTH_OPS)
    for number in range(20):
        logs.screener.plan(SOUTH, area(number))
    view = logs.first.picture
    seen = {
        desk: len(probed_near(view, Viewer(party=PartyId(party), desk=DeskId(desk))))
        for party, desk in (
            ("monitor", MONITOR_OPS),
            ("north", NORTH_OPS),
            ("south", SOUTH_OPS),
        )
    }
    assert seen == {MONITOR_OPS: 1, NORTH_OPS: 1, SOUTH_OPS: 0}
    far = destination(HOSPITAL, 0.0, 500_000.0)
    elsewhere = TwoLogs()
    elsewhere.file("hospital", site(at=far), NORTH_OPS)
    for number in range(20):
        elsewhere.screener.plan(SOUTH, area(number))
    north = Viewer(party=PartyId("north"), desk=NORTH_OPS)
    assert probed_near(elsewhere.first.picture, north) == ()
