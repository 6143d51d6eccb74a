"""Two nodes over real TLS: a notice is told, receipted, read, answered, taken back."""

import hashlib
from contextlib import closing

import pytest
from msgspec.structs import replace

from clearline.adapters.peers import courier
from clearline.adapters.peers.identity import identity
from clearline.adapters.peers.wire import TlsWire
from clearline.adapters.settings import PeerPort
from clearline.ledger.envelope import open_envelope
from clearline.ledger.receipt import verify_receipt
from clearline.model.entries import PeerHeard, PeerReceipted, PeerTold
from clearline.model.instants import Duration
from clearline.model.links import Disposes, NoticeSaid
from clearline.model.notice_commands import WithdrawNotice
from clearline.model.notice_life import Disposition
from clearline.model.notices import NoticeId, Precision
from clearline.service.links import PeerUnreached
from clearline.wire.entries import read_entry
from peer_nodes import PeerNode, linked


@pytest.fixture
def pair(tmp_path):
    """Two linked nodes; both are stopped afterwards."""
    north, south = linked(tmp_path)
    yield north, south
    north.stop()
    south.stop()


def entries(node):
    """Read a node's log with the envelopes."""
    stored = node.node.store.rows(0, node.node.log.size)
    return [
        (row, read_entry(open_envelope(row.envelope, [node.node.log.key])).act)
        for row in stored
    ]


def withdraws(node, notice):
    """Withdraw a notice."""
    return node.do(WithdrawNotice(notice=NoticeId(notice), by=node.actor()))


def test_both_logs_hold_what_was_told_and_that_it_was_received(pair):
    """The owner's signed words in the other's log; the other's receipt in theirs."""
    north, south = pair
    north.files("south", "n1")
    assert south.until(lambda: south.notice("n1@north"))
    south.disposes("n1@north", Disposition.ACKNOWLEDGED)
    assert north.until(lambda: Disposition.ACKNOWLEDGED in north.dispositions("n1"))
    assert north.dispositions("n1")[0] is Disposition.DELIVERED
    assert north.until(north.is_settled)
    assert south.until(south.is_settled)
    told = {
        hashlib.sha256(row.envelope).hexdigest()
        for row, act in entries(north)
        if isinstance(act, PeerTold) and isinstance(act.says, NoticeSaid)
    }
    heard = {act.digest for _, act in entries(south) if isinstance(act, PeerHeard)}
    assert len(told) == 1
    assert told <= heard
    answers = [
        act.says
        for _, act in entries(south)
        if isinstance(act, PeerTold) and isinstance(act.says, Disposes)
    ]
    assert [one.notice for one in answers] == ["n1"]
    for _, act in entries(north):
        if isinstance(act, PeerReceipted):
            proven = verify_receipt(act.receipt.encode(), [south.node.log.key])
            assert read_entry(proven.payload).act.number == act.number


def test_filed_and_withdrawn_while_the_peer_is_down_it_arrives_in_order(tmp_path):
    """Nothing is said again by hand, and what was withdrawn is withdrawn there."""
    north, south = linked(tmp_path)
    port = south.port
    south.stop()
    with closing_node(north):
        north.files("south", "n1")
        north.files("south", "n2")
        withdraws(north, "n1")
        assert north.dispositions("n2") == []
        again = PeerNode(
            tmp_path / "south", south.party, PeerPort(host="127.0.0.1", port=port)
        )
        with closing_node(again):
            assert again.until(lambda: again.notice("n2@north"))
            assert again.until(
                lambda: getattr(again.notice("n1@north"), "withdrawn_at", None)
            )
            assert north.until(north.is_settled)
            assert north.dispositions("n2") == [Disposition.DELIVERED]


def test_after_a_restart_nothing_is_told_twice(tmp_path):
    """What a peer holds is a fold of the log, and so is what it still has to hear."""
    north, south = linked(tmp_path)
    with closing_node(south):
        north.files("south", "n1")
        assert north.until(north.is_settled)
        north.stop()
        size = south.node.log.size
        again = PeerNode(tmp_path / "north", north.party)
        with closing_node(again):
            assert not again.unreceipted()
            assert again.dispositions("n1") == [Disposition.DELIVERED]
            assert south.node.log.size == size


ROUTE = b"%PDF-1.7 the route"


def test_a_file_of_a_notice_told_exactly_goes_to_the_other_node(pair):
    """By its hash, over the pinned line; what lies there is what was named."""
    north, south = pair
    route = north.kept.keep("route.pdf", ROUTE, "the route")
    north.files("south", "n1", route)
    assert soon(south, lambda: south.kept.read(route.sha256))
    assert south.notice("n1@north").revision.attached == (route,)
    assert south.kept.holds(route)


def test_a_file_of_a_notice_told_coarsely_stays(pair):
    """Neither its name travels nor, asked for by its hash, its bytes."""
    north, south = pair
    route = north.kept.keep("route.pdf", ROUTE)
    north.files("south", "n1", route, precision=Precision.COARSE)
    assert south.until(lambda: south.notice("n1@north"))
    assert south.notice("n1@north").revision.attached == ()
    with pytest.raises(PeerUnreached, match="404"):
        asks(south, north, route.sha256)


def test_a_file_is_given_no_more_once_its_notice_is_withdrawn(pair):
    """What a peer may have is decided as it asks; and nothing else of the folder."""
    north, south = pair
    route = north.kept.keep("route.pdf", ROUTE)
    other = north.kept.keep("other.pdf", b"%PDF-1.7 of nobody")
    north.files("south", "n1", route)
    assert asks(south, north, route.sha256) == ROUTE
    for name in (other.sha256, "..", "%2e%2e/keys", ""):
        with pytest.raises(PeerUnreached, match="404"):
            asks(south, north, name)
    withdraws(north, "n1")
    with pytest.raises(PeerUnreached, match="404"):
        asks(south, north, route.sha256)


@pytest.mark.parametrize("spoils", ["bytes", "kind", "length"])
def test_what_comes_and_is_not_what_was_named_is_not_kept(pair, spoils):
    """Other bytes, another kind, another length: nothing of it is there."""
    north, south = pair
    route = north.kept.keep("route.pdf", ROUTE)
    named = {
        "bytes": replace(route, sha256="0" * 64),
        "kind": replace(route, media_type="image/png"),
        "length": replace(route, bytes_long=route.bytes_long + 1),
    }[spoils]
    if spoils == "bytes":  # their node gives something else under that hash
        north.station.files.give = lambda *_: ROUTE
    north.files("south", "n1", named)
    assert soon(south, lambda: south.station.files.trouble)
    assert "is not the file" in south.station.files.trouble
    assert south.kept.given() == {}


def test_what_was_missing_is_brought_as_it_is_opened(tmp_path):
    """After a restart nothing is looked through: the first who opens it asks."""
    north, south = linked(tmp_path)
    with closing_node(north):
        north.files("south", "n1", north.kept.keep("route.pdf", ROUTE))
        assert soon(south, south.kept.given)
        (sha256,) = south.kept.given()
        south.stop()
        south.kept.erase(sha256)
        again = PeerNode(tmp_path / "south", south.party)
        with closing_node(again):
            assert again.station.files.bring(sha256)
            assert again.kept.read(sha256) == ROUTE
            assert not again.station.files.bring("0" * 64)


def soon(node, what):
    """Wait for what no entry says; whether it came to."""
    return any(node.until(what, 0.05) for _ in range(600))


def asks(node, other, sha256):
    """Ask another node for a file as a peer."""
    wire = TlsWire(identity(node.data / "keys"), within_s=10)
    with closing(wire):
        return wire.file(other.as_peer(node.party), sha256)


def test_a_node_that_is_not_reached_is_named_to_whoever_screens(tmp_path, monkeypatch):
    """Only to the party it tells, and only while it is not reached."""
    monkeypatch.setattr(courier, "SILENT_AFTER", Duration(seconds=-1))
    north, south = linked(tmp_path)
    with closing_node(north):
        with closing_node(south):
            north.station.courier.test()
            assert north.station.courier.silent(north.party) == ()
        north.station.courier.test()
        (said,) = north.station.courier.silent(north.party)
        assert said.startswith("The node of south has not been reached since ")
        assert north.station.courier.silent(south.party) == ()


class closing_node(closing):  # noqa: N801 (reads as what it does)
    """Stop a node at the end of a block."""

    def __exit__(self, *_):
        """Stop it."""
        self.thing.stop()
