"""A linked node that was lost and put back: its peer is asked, and told.

Two whole nodes on loopback. Whatever the backup lacks, one name never has two logs;
and where a new log takes over, what people rely on is carried into it.
"""

import pytest
from msgspec.structs import replace

from clearline.adapters.backup import back_up
from clearline.adapters.chance import SystemChance
from clearline.adapters.high_water import HighWaterFile
from clearline.adapters.settings import PeerPort
from clearline.adapters.verification import verify_path
from clearline.compose.node import open_node
from clearline.compose.restoring import NameNeeded, restore
from clearline.ledger.text64 import decode64
from clearline.model.calls import Kind
from clearline.model.commands import TakeWatch
from clearline.model.entries import CallRaised, LogOpened
from clearline.model.instants import Duration, Window
from clearline.model.links import PeerId
from clearline.model.notice_commands import AmendNotice, FileNotice
from clearline.model.notice_details import Personal
from clearline.model.notice_life import Disposition
from clearline.model.notices import ActivityDetails, NoticeId, Precision
from clearline.model.parties import DeskId, Role
from clearline.service.beside import seal_words
from clearline.wire.entries import read_entry
from peer_nodes import PATIENCE_S, PeerNode, linked
from phone import NOON
from two_logs import revision

NEXT = "north.example/clearline-2/exercise"
NEXT_SOUTH = "south.example/clearline-2/exercise"
ACKNOWLEDGED = Disposition.ACKNOWLEDGED
HOURS = Duration(hours=9)


@pytest.fixture
def pair(tmp_path):
    """Two linked nodes; both are stopped at the end, whichever run then."""
    running = dict(zip(("north", "south"), linked(tmp_path), strict=True))
    yield running
    for node in running.values():
        node.stop()


def lost(pair, tmp_path, name="north"):
    """Stop a node and take its folder away; say on which port it was called."""
    node = pair.pop(name)
    port = node.port
    node.stop()
    (tmp_path / name).rename(tmp_path / "lost")
    return PeerPort(host="127.0.0.1", port=port)


def warned(node):
    """List what a node's own people were warned of."""
    raised = node.acts(CallRaised)
    return [act.card.what for act in raised if act.kind is Kind.WARN]


def looks(node, other):
    """Let a node ask for what is new, as it does each half minute, until it saw all."""
    peer, size = node.node.picture.peers.get(other.id), str(other.node.log.size)
    for _ in range(6):
        node.station.courier.test()
        if node.station.links.heads.newest(peer).split("\n")[1:2] == [size]:
            return
    raise AssertionError("the newest head was never seen")


def test_where_the_peer_saw_nothing_newer_the_log_goes_on(pair, tmp_path):
    """Asked by itself, south shows the backup's own head: same name, next entry."""
    north, south = pair["north"], pair["south"]
    looks(south, north)
    made = back_up(north.data, tmp_path / "b", now=NOON)
    port = lost(pair, tmp_path)
    done = restore(tmp_path / "b", tmp_path / "north")
    assert (done.follows, done.size) == ("", made.size)
    assert [(one.peer, one.size) for one in done.asked] == [(south.id, made.size)]
    pair["north"] = PeerNode(tmp_path / "north", "north", port)
    pair["north"].stops("south", "s1")
    assert south.until(lambda: south.is_rung("s1@north"))


def test_where_the_peer_does_not_answer_nothing_goes_on(pair, tmp_path):
    """Its silence proves nothing: refused, and the error names who did not answer."""
    looks(pair["south"], pair["north"])
    back_up(pair["north"].data, tmp_path / "b", now=NOON)
    lost(pair, tmp_path)
    south = pair.pop("south")
    south.stop()
    with pytest.raises(NameNeeded, match=south.id):
        restore(tmp_path / "b", tmp_path / "north")
    assert not (tmp_path / "north").exists()
    assert not (tmp_path / "north.part").exists()


def test_a_backup_that_is_behind_is_found_out_by_what_the_peer_holds(pair, tmp_path):
    """One STOP later: refused under its name, and the new log says where it ended."""
    north, south = pair["north"], pair["south"]
    north.stops("south", "s1")
    assert north.until(north.is_settled)
    back_up(north.data, tmp_path / "b", now=NOON)
    north.stops("south", "s2")
    assert north.until(north.is_settled)
    south.has("s2@north")
    south.has("s1@north")
    assert north.until(lambda: bool(north.call("s1").holders))
    looks(south, north)
    port = lost(pair, tmp_path)
    with pytest.raises(NameNeeded, match="went on") as caught:
        restore(tmp_path / "b", tmp_path / "north")
    for way in ("newer backup", "`high-water`", "--seen", "add --origin"):
        assert way in caught.value.next
    done = restore(tmp_path / "b", tmp_path / "north", origin=NEXT)
    assert (done.peers, done.calls) == (1, 1)
    lost_size = verify_path(tmp_path / "lost").size
    assert done.size <= lost_size
    seen = HighWaterFile(tmp_path / "lost" / "high-water").read()
    assert verify_path(tmp_path / "north" / "before", seen=seen).ok is False

    again = pair["north"] = PeerNode(tmp_path / "north", "north", port)
    first = read_entry(next(iter(again.node.log.read(0, 1)))[1]).act
    assert isinstance(first, LogOpened)
    assert (first.follows, first.size) == (
        "north.example/clearline/exercise",
        done.size,
    )

    # South pins it of itself, in place of the old one, and its people are warned.
    assert south.until(lambda: south.node.picture.peers.get(PeerId(NEXT)))
    pinned = south.node.picture.peers.get(PeerId(NEXT))
    assert pinned.follows == "north.example/clearline/exercise"
    old = south.node.picture.peers.get(pinned.follows)
    assert old.is_revoked
    assert south.until(lambda: any("restored" in what for what in warned(south)))

    # What was open rings on, and is one call at both; who had it is known again.
    assert again.until(lambda: bool(again.call("s1").holders))
    assert [act.call for act in south.acts(CallRaised)].count("s1@north") == 1
    again.stops("south", "s3")
    assert south.until(lambda: south.is_rung("s3@north"))
    south.stops("north", "t1")
    assert again.until(lambda: again.is_rung("t1@south"))
    for one in (again, south):
        assert one.until(one.is_settled)
    assert not list((tmp_path / "north" / "links" / "succession").iterdir())


def test_a_call_of_the_peers_that_was_lost_comes_again(pair, tmp_path):
    """South's STOP after the backup is not in it: south says it to the new log."""
    north, south = pair["north"], pair["south"]
    back_up(north.data, tmp_path / "b", now=NOON)
    south.stops("north", "t1")
    assert south.until(south.is_settled)
    port = lost(pair, tmp_path)
    restore(tmp_path / "b", tmp_path / "north", origin=NEXT)
    again = pair["north"] = PeerNode(tmp_path / "north", "north", port)
    assert again.until(lambda: again.is_rung("t1@south"))


def test_what_people_rely_on_is_carried_into_a_new_log(pair, tmp_path):
    """A notice with what lies sealed beside it, who was told, and who has the watch."""
    north = pair["north"]
    now = north.node.clock.read().at
    north.do(TakeWatch(by=north.actor(), role=Role.DUTY_OFFICER, until=now + HOURS))
    phones, beside = seal_words('["+963 11 000"]', SystemChance())
    kept, other = (
        revision(
            ActivityDetails(),
            window=Window(start=now, end=now + HOURS),
            tells={DeskId("south-ops@south"): Precision.COARSE},
            personal=Personal(phones=phones),
        ),
        revision(ActivityDetails(), window=Window(start=now, end=now + HOURS)),
    )
    by = north.actor()
    filing = FileNotice(notice=NoticeId("clinic"), by=by, revision=kept)
    north.node.runner.ask(filing, beside).result(PATIENCE_S)
    north.do(FileNotice(notice=NoticeId("other"), by=by, revision=other))
    back_up(north.data, tmp_path / "b", now=NOON)
    lost(pair, tmp_path)
    done = restore(tmp_path / "b", tmp_path / "north", origin=NEXT)
    assert done.notices == 2
    node = open_node(tmp_path / "north", hear=lambda _written: None)
    node.begin()
    node.load_notices()
    try:
        stands = node.picture.notices.get(NoticeId("clinic"))
        assert stands.revision == replace(kept, check=stands.revision.check)
        salt, data = node.log.sealed(decode64(phones.sealed))
        assert data == beside[0].data
        assert salt == beside[0].salt
        told = node.picture.disclosures.get(NoticeId("clinic"))
        assert [one.desk for one in told] == ["south-ops@south"]
        on_watch = node.picture.on_watch(DeskId("north-ops"), (), _now(node))
        assert [one.id for one in on_watch] == ["north-duty"]
    finally:
        node.close()
    assert verify_path(tmp_path / "north").ok


def _now(node):
    return node.clock.read().at


def test_notices_told_over_the_link_outlast_a_restore_of_their_owner(pair, tmp_path):
    """South's answer after the backup comes again; what is amended then is told on."""
    north, south = pair["north"], pair["south"]
    north.files("south", "clinic")
    assert south.until(lambda: south.notice("clinic@north"))
    assert north.until(north.is_settled)
    back_up(north.data, tmp_path / "b", now=NOON)
    south.disposes("clinic@north", ACKNOWLEDGED)
    assert north.until(lambda: ACKNOWLEDGED in north.dispositions("clinic"))
    port = lost(pair, tmp_path)
    done = restore(tmp_path / "b", tmp_path / "north", origin=NEXT)
    assert done.notices == 1
    again = pair["north"] = PeerNode(tmp_path / "north", "north", port)
    assert again.until(lambda: ACKNOWLEDGED in again.dispositions("clinic"))

    stands = again.notice("clinic").revision
    amended = replace(stands, number=2, what="a clearance, twice as wide")
    again.do(AmendNotice(notice=NoticeId("clinic"), by=again.actor(), revision=amended))
    assert south.until(lambda: south.notice("clinic@north").revision.number == 2)
    here = south.notice("clinic@north")
    assert (here.owner, here.revision.what) == ("north", amended.what)
    told = [one.id for one in south.node.picture.notices.values()]
    assert told == ["clinic@north"]


def test_a_restored_node_is_told_again_what_it_was_told(pair, tmp_path):
    """What it knew it still knows; what came after the backup, its owner says again."""
    north, south = pair["north"], pair["south"]
    north.files("south", "old")
    assert south.until(lambda: south.notice("old@north"))
    south.disposes("old@north", ACKNOWLEDGED)
    assert north.until(lambda: ACKNOWLEDGED in north.dispositions("old"))
    back_up(south.data, tmp_path / "b", now=NOON)
    north.files("south", "new")
    assert south.until(lambda: south.notice("new@north"))
    assert north.until(north.is_settled)
    port = lost(pair, tmp_path, "south")
    restore(tmp_path / "b", tmp_path / "south", origin=NEXT_SOUTH)
    again = pair["south"] = PeerNode(tmp_path / "south", "south", port)
    old = again.notice("old@north")
    assert (old.owner, old.is_far) == ("north", True)
    assert ACKNOWLEDGED in again.dispositions("old@north")
    assert again.until(lambda: again.notice("new@north"))
    again.disposes("new@north", ACKNOWLEDGED)
    assert north.until(lambda: ACKNOWLEDGED in north.dispositions("new"))
    for one in (again, north):
        assert one.until(one.is_settled)
    assert north.dispositions("old").count(ACKNOWLEDGED) == 1
