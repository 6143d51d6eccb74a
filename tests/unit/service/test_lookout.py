"""What is where, in a node: in step with what was answered, at any instant."""

import hashlib
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from clearline.model.extents import AltitudeBand, Corridor, Datum, Extent
from clearline.model.instants import FOREVER, Duration, Window
from clearline.model.notice_commands import AmendNotice, FileNotice, WithdrawNotice
from clearline.model.notices import NoticeId, Revision
from clearline.model.parties import Actor, DeskId, PersonId, Strength
from clearline.model.passages import Passage, span
from clearline.model.places import Circle, Place, PlaceFormat, Position
from clearline.model.screenings import Severity, Verdict
from clearline.service.restore import WHEREABOUTS
from clearline.service.writer import Asked, Written
from faults.desks import LINE, NORTH, Dial, ask, open_desks, stop
from faults.nodes import START

TESTS = Path(__file__).parents[2]
BY = Actor(
    party=NORTH, desk=DeskId("n"), person=PersonId("duty"), strength=Strength.PASSWORD
)
HERE, FAR = Position(lon=40.0, lat=35.0), Position(lon=41.0, lat=35.0)
HOUR = Duration(hours=1)


def _revision(at=HERE, window=None):
    return Revision(
        number=1,
        what="a visit",
        where=Place(
            footprint=Circle(centre=at, radius_m=500.0),
            text="there",
            format=PlaceFormat.GEOMETRY,
        ),
        window=window or Window(start=START, end=FOREVER),
    )


def _file(name="visit", **more):
    return FileNotice(notice=NoticeId(name), by=BY, revision=_revision(**more))


def _plan(at=HERE, start=START):
    footprint = Circle(centre=at, radius_m=10.0)
    return Extent(footprint=footprint, window=Window(start=start, end=start + HOUR))


@pytest.fixture
def open_node(tmp_path):
    """Open the node of one folder, as often as asked, with a clock to set."""
    nodes = []

    def opened(clock=None, *, is_loaded=True):
        node = open_desks(tmp_path / "node", clock=clock or Dial(), heard=[])
        nodes.append(node)
        node.begin()
        if is_loaded:
            node.load_notices()
        if node.log.size == 1:
            ask(node, *LINE)
        return node

    yield opened
    for node in nodes:
        node.abandon()


def _met(node, plan, **more):
    return [str(one.notice) for one in node.screen(plan, **more).met]


def test_until_notices_are_loaded_nothing_can_be_told(open_node):
    """A node that has just started does not say none found."""
    node = open_node(is_loaded=False)
    told = node.screen(_plan())
    assert told.verdict is Verdict.CANNOT_TELL
    assert "loaded" in told.said
    node.load_notices()
    assert node.screen(_plan()).verdict is Verdict.NONE_FOUND


def test_what_rings_waits_for_no_compiled_code(tmp_path):
    """A node comes up, rings and even refuses to tell without loading numba."""
    code = (
        "import sys; from pathlib import Path; from faults.desks import *\n"
        "from unit.service.test_lookout import _plan\n"
        f"node = open_desks(Path({str(tmp_path / 'node')!r}), clock=Dial(), heard=[])\n"
        "node.begin(); ask(node, *LINE, stop('s'))\n"
        "print(node.screen(_plan()).verdict.value, 'numba' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": f"{TESTS}:{TESTS.parent / 'src'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == ["cannot_tell", "False"]


def test_whoever_hears_that_it_is_filed_finds_it(open_node):
    """In the very moment of the answer, the notice is found."""
    node, found = open_node(), []

    def reply(outcome):
        assert isinstance(outcome, Written)
        found.extend(_met(node, _plan()))

    node.writer.write([Asked(command=_file(), reply=reply)])
    assert found == ["visit"]


def test_what_is_amended_moves_and_what_is_withdrawn_goes(open_node):
    """The index follows the newest revision."""
    node = open_node()
    ask(node, _file())
    moved = AmendNotice(notice=NoticeId("visit"), by=BY, revision=_revision(FAR))
    ask(node, moved)
    assert (_met(node, _plan()), _met(node, _plan(FAR))) == ([], ["visit"])
    ask(node, WithdrawNotice(notice=NoticeId("visit"), by=BY))
    assert _met(node, _plan(FAR)) == []


def test_a_movement_is_met_only_where_it_is_at_the_time(open_node):
    """A notice may be a path with its hours: the end of the road is free at first."""
    node = open_node()
    there = Position(lon=40.5, lat=35.0)
    passages = (Passage(eta=START), Passage(eta=START + 3 * HOUR))
    said = msgspec.structs.replace(
        _revision(window=span(passages)),
        shape=Corridor(path=(HERE, there), half_width_m=100.0, passages=passages),
        band=AltitudeBand(floor_m=0.0, ceiling_m=10.0, datum=Datum.AGL),
    )
    ask(node, FileNotice(notice=NoticeId("convoy"), by=BY, revision=said))
    assert _met(node, _plan(there)) == []
    (met,) = node.screen(_plan(there, START + 2.5 * HOUR)).met
    assert met.severity is Severity.DIRECT
    assert met.overlap.start > START + 2.9 * HOUR
    high = AltitudeBand(floor_m=500.0, ceiling_m=600.0, datum=Datum.AGL)
    above = msgspec.structs.replace(_plan(there, START + 2.5 * HOUR), band=high)
    assert _met(node, above) == []


def test_a_plan_is_screened_as_of_any_instant(open_node):
    """What stood then is found as of then, and the result says when that was."""
    clock = Dial()
    node = open_node(clock)
    ask(node, _file())
    clock.now += HOUR
    ask(node, WithdrawNotice(notice=NoticeId("visit"), by=BY))
    before = START + Duration(minutes=30)
    told = node.screen(_plan(), at=before)
    assert [one.notice for one in told.met] == ["visit"]
    assert told.as_of == before
    assert _met(node, _plan(), at=START - HOUR) == []
    assert node.screen(_plan(), at=clock.now + HOUR).as_of == clock.now


def test_what_is_over_is_moved_away_as_node_time_goes(open_node):
    """Nobody has to ask for it, and it changes no answer."""
    clock = Dial()
    node = open_node(clock)
    for number in range(5):
        window = Window(start=START, end=START + (1 + number) * HOUR)
        ask(node, _file(f"visit-{number}", window=window))
    clock.now += Duration(hours=3)
    assert _met(node, _plan(start=clock.now)) == ["visit-3", "visit-4"]
    assert len(node.lookout._where.now) == 2
    assert len(_met(node, _plan())) == 5


@pytest.mark.parametrize("spoilt", [None, "dropped", "cut", "older"])
def test_a_restarted_node_finds_what_it_found(open_node, spoilt):
    """From packed arrays, or anew where there are none, or none that fit."""
    clock = Dial()
    node = open_node(clock)
    for number in range(20):
        ask(node, _file(f"visit-{number}", at=HERE if number % 2 else FAR))
    ask(node, WithdrawNotice(notice=NoticeId("visit-3"), by=BY))
    clock.now += HOUR
    if spoilt == "older":
        node.lookout.keep(node.store)
        ask(node, WithdrawNotice(notice=NoticeId("visit-5"), by=BY))
        ask(node, AmendNotice(notice=NoticeId("visit-7"), by=BY, revision=_revision()))
    plans = (_plan(), _plan(FAR))
    told = [(node.screen(plan), node.screen(plan, at=START)) for plan in plans]
    if spoilt == "older":
        node.abandon()
    else:
        node.close()
    if spoilt in {"dropped", "cut"}:
        _spoil(open_node(is_loaded=False), spoilt)
    again = open_node(clock)
    assert [(again.screen(plan), again.screen(plan, at=START)) for plan in plans] == (
        told
    )
    if spoilt == "cut":
        assert again.store.snapshot(WHEREABOUTS) is None


def _spoil(node, how):
    kept = node.store.snapshot(WHEREABOUTS)
    assert kept is not None
    if how == "dropped":
        node.store.drop_snapshot(WHEREABOUTS)
    else:
        data = kept.data[:-9] + bytes(9)
        digest = hashlib.sha256(data).digest()
        node.store.save_snapshot(
            type(kept)(name=kept.name, size=kept.size, digest=digest, data=data)
        )
    node.abandon()


def test_an_index_out_of_step_is_let_go_of(open_node, monkeypatch):
    """For a fault of ours nothing can be told, and never none found."""
    node = open_node()
    monkeypatch.setattr(
        "clearline.picture.whereabouts.pack", lambda _: (_ for _ in ()).throw(KeyError)
    )
    ask(node, _file())
    told = node.screen(_plan(FAR))
    assert told.verdict is Verdict.CANNOT_TELL
    assert "fault of ours" in told.said
    assert isinstance(node.lookout.trouble, KeyError)
    assert isinstance(ask(node, stop("s"))[0], Written)


def test_a_screening_never_holds_up_a_call(open_node):
    """While somebody has the index for long, a STOP is written and rings."""
    node = open_node()
    with node.lookout._lock:
        said = ask(node, _file(), stop("s"))
    assert all(isinstance(one, Written) for one in said)
    assert _met(node, _plan()) == ["visit"]


def test_with_a_thread_of_its_own_it_follows_unasked(tmp_path):
    """What is filed is in the index soon, and whatever waits is found at once."""
    node = open_desks(tmp_path / "node", clock=Dial(), heard=[], is_threaded=True)
    node.begin()
    node.load_notices()
    ask(node, *LINE)
    for number in range(50):
        ask(node, _file(f"visit-{number}"))
        assert len(_met(node, _plan())) == number + 1
    node.lookout.close()  # ends what was begun
    assert not node.lookout._waiting
    assert len(node.lookout._where.now) == 50
    node.abandon()
