"""A node screens its own plans against what another party's node told it.

south plans; east has a hospital and a node of its own, linked with south's.
"""

import base64
from datetime import timedelta

import pytest
from msgspec.structs import replace

from clearline.geo.cells import cells_told, coarse_of
from clearline.model.calls import Kind
from clearline.model.commands import HearPeer, SetPeer
from clearline.model.conflict_commands import ReleaseConflict
from clearline.model.conflicts import ConflictState
from clearline.model.entries import PeerTold
from clearline.model.links import (
    Desks,
    FarActor,
    FarDesk,
    NoticeSaid,
    Peer,
    PeerId,
    TakesBack,
)
from clearline.model.notices import Consent, NoticeId, Precision
from clearline.model.parties import DeskId, PartyId, Strength
from clearline.model.screenings import Verdict
from clearline.rules.disclosure import Viewer
from clearline.rules.far_notices import UNTOLD
from two_logs import NOON, SOUTH_OPS, TwoLogs, actor, plan, site

EAST = PeerId("east.example/clearline/exercise")
BY = FarActor(desk=DeskId("east-ops"), strength=Strength.PASSWORD)
HOSPITAL = NoticeId("hospital@east")
HOUR = timedelta(hours=1)


class Node(TwoLogs):
    """A node with its own log beside it, and what east's node says."""

    def __init__(self):
        super().__init__()
        self._number = 0
        self.do(
            SetPeer(
                peer=Peer(
                    id=EAST,
                    party=PartyId("east"),
                    ours=PartyId("south"),
                    name="East",
                    key="key",
                    certificate="certificate",
                    url="https://east.example:8444",
                    veil=base64.b64encode(bytes(32)).decode(),
                )
            )
        )
        desk = FarDesk(id=DeskId("east-ops"), name="East operations")
        self.hears(Desks(name="East", desks=(desk,)))

    def hears(self, says):
        """Let east say something, and screen what follows."""
        self._number += 1
        self.do(
            HearPeer(
                peer=EAST,
                told=PeerTold(peer=PeerId("ours"), number=self._number, says=says),
                said_at=self.clock.read().at,
                digest=f"{self._number}",
                envelope="envelope",
                salt="salt",
            )
        )
        self.settle()

    def tells(self, precision, number=1, at=None):
        """Let east tell south's desk where its hospital is, as exactly as that."""
        whole = site(**({"at": at} if at else {}))
        consent = Consent(desk=SOUTH_OPS, precision=precision, by="owner", source="x")
        revision = replace(
            whole, number=number, tells=(SOUTH_OPS,), consents=(consent,)
        )
        if precision is Precision.COARSE:
            cells = cells_told(coarse_of(whole.where.footprint))
            revision = replace(revision, where=UNTOLD, shape=None, cells=cells)
        self.hears(NoticeSaid(notice=NoticeId("hospital"), by=BY, revision=revision))

    def own_conflicts(self):
        """The conflicts only south knows of."""
        return [one for one in self.conflicts(self.own) if one.is_open]


@pytest.fixture
def node():
    """The node, linked with east's."""
    return Node()


def test_a_plan_at_what_was_told_exactly_rings_its_own_party(node):
    """Filed after it was told, or before: both are found, and east is not rung here."""
    node.file("before", plan())
    assert node.told("before").verdict is Verdict.NONE_FOUND
    node.tells(Precision.EXACT)
    assert [one.state for one in node.own_conflicts()] == [ConflictState.OPEN]
    node.file("after", plan(start=NOON + 8 * HOUR))
    assert node.told("after").verdict is Verdict.CONFLICT
    assert len(node.own_conflicts()) == 2
    calls = node.calls(node.own)
    assert {call.to_desk for call in calls} == {SOUTH_OPS}
    assert all("Call east-ops@east." in call.card.what for call in calls)
    assert not node.conflicts()
    assert not node.calls()


def test_of_what_was_told_coarsely_it_cannot_tell_whom_to_call_is_said(node):
    """The plan is held against the cell; nobody is rung, and nothing is placed."""
    node.tells(Precision.COARSE)
    node.file("plan", plan())
    told = node.told("plan")
    assert told.verdict is Verdict.CANNOT_TELL
    assert "east has told no more than that: call east-ops@east." in told.said
    assert not node.own_conflicts()


def test_the_coarse_answer_is_that_of_one_node(node):
    """Told over a link or filed here, coarsely told is the same circle and hours."""
    node.tells(Precision.COARSE)
    other = TwoLogs("one node")
    other.file(
        "hospital", site(tells={SOUTH_OPS: Precision.COARSE}), DeskId("north-ops")
    )
    viewer = Viewer(party=PartyId("south"), desk=SOUTH_OPS)
    for off in (0.0, 0.05, 0.1, 0.15, 0.2, 0.3):
        asked = plan(at=_off(off)).extent
        one = node.screener.plan(viewer, asked)
        two = other.screener.plan(viewer, asked)
        assert one.verdict is two.verdict, off


def _off(degrees):
    at = site().where.footprint.centre
    return replace(at, lat=at.lat + degrees)


def test_what_a_plan_was_told_is_written_anew_when_theirs_comes_and_goes(node):
    """None found, then cannot tell, then none found: each is an entry of its own."""
    node.file("plan", plan())
    assert node.told("plan").verdict is Verdict.NONE_FOUND
    node.tells(Precision.COARSE)
    assert node.told("plan").verdict is Verdict.CANNOT_TELL
    node.hears(TakesBack(notice=NoticeId("hospital"), by=BY))
    assert node.told("plan").verdict is Verdict.NONE_FOUND


def test_while_their_node_is_not_reached_nobody_can_tell(node):
    """What it notified since is missing: never *none found*."""
    asked = plan(at=_off(3.0)).extent
    viewer = Viewer(party=PartyId("south"), desk=SOUTH_OPS)
    assert node.screener.plan(viewer, asked).verdict is Verdict.NONE_FOUND
    node.screener.silent = lambda party: (f"No word for {party}.",)
    told = node.screener.plan(viewer, asked)
    assert told.verdict is Verdict.CANNOT_TELL
    assert "No word for south." in told.missing


def test_withdrawn_there_the_conflict_here_is_resolved(node):
    """And so it is where its owner tells it here no more, or moves it away."""
    for says in (
        TakesBack(notice=NoticeId("hospital"), by=BY, revision=2),
        TakesBack(notice=NoticeId("hospital"), by=BY),
    ):
        node = Node()
        node.tells(Precision.EXACT)
        node.file("plan", plan())
        assert node.own_conflicts()
        node.hears(says)
        assert not node.own_conflicts()
    node = Node()
    node.tells(Precision.EXACT)
    node.file("plan", plan())
    node.tells(Precision.EXACT, number=2, at=_off(1.0))
    assert not node.own_conflicts()


def test_a_plan_told_to_them_is_screened_at_their_own_node(node):
    """What their node was told of ours, it rings its people for; we do not."""
    node.tells(Precision.EXACT)
    told = {DeskId("east-ops@east"): Precision.EXACT}
    node.file("plan", plan(tells=told))
    (conflict,) = node.own_conflicts()
    assert conflict.known_to == ("south",)
    assert {call.to_party for call in node.calls(node.own)} == {"south"}


def test_let_know_they_are_warned_over_the_link(node):
    """A person's act: a WARN to their desk that names their notice and ours to call."""
    node.tells(Precision.EXACT)
    node.file("plan", plan())
    (conflict,) = node.own_conflicts()
    node.do(ReleaseConflict(conflict=conflict.id, by=actor(SOUTH_OPS)))
    (call,) = node.calls()
    assert (call.kind, call.to_desk) == (Kind.WARN, "east-ops@east")
    assert call.card.what == (
        "There is a conflict with your notice hospital: call south-ops."
    )
    said = [
        entry.act.says for entry in node.entries() if isinstance(entry.act, PeerTold)
    ]
    assert said[-1].card == call.card
    node.log.tell_again()
    assert len(node.calls()) == 1
