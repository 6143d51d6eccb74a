"""Two nodes that do not trust each other, over real TLS, log and disk.

What one says the other holds, signed by both; what a peer may not say is refused in
one shape; and what nobody pinned does not get past the handshake.
"""

import hashlib
import json
import re
import socket
import ssl

import pytest
from msgspec.structs import replace

from clearline.adapters.peers import listener
from clearline.adapters.peers.identity import calling, identity
from clearline.adapters.peers.wire import TlsWire
from clearline.adapters.settings import PeerPort
from clearline.ledger.envelope import open_envelope, seal_envelope
from clearline.ledger.receipt import verify_receipt
from clearline.ledger.text64 import encode64
from clearline.model.calls import Outcome, Telling
from clearline.model.entries import (
    AttemptReported,
    CallRaised,
    DeskTold,
    Entry,
    PeerHeard,
    PeerReceipted,
    PeerSet,
    PeerTold,
    PeerUnproven,
    Realm,
)
from clearline.model.instants import Duration
from clearline.model.links import HeardAs, PeerPart
from clearline.service.links import (
    EACH_UNPROVEN,
    LONGEST_BODY,
    Carried,
    Letter,
    PeerUnreached,
    ReceiptDiffers,
    SaidMalformed,
)
from clearline.wire.entries import read_entry, write_entry
from peer_nodes import PeerNode, linked


@pytest.fixture
def pair(tmp_path):
    """Two linked nodes, stopped in the end."""
    north, south = linked(tmp_path)
    yield north, south
    north.stop()
    south.stop()


def rows(node: PeerNode):
    """Read a node's log with the envelopes."""
    stored = node.node.store.rows(0, node.node.log.size)
    return [
        (row, read_entry(open_envelope(row.envelope, [node.node.log.key])))
        for row in stored
    ]


def said(node: PeerNode, number: int) -> tuple[bytes, Letter]:
    """Take what a node said, as it travels."""
    for at, (row, entry) in enumerate(rows(node)):
        if isinstance(entry.act, PeerTold) and entry.act.number == number:
            body = json.dumps(
                {"envelope": row.envelope.decode(), "salt": encode64(row.salt)}
            )
            peer = entry.act.peer
            letter = Letter(peer=peer, number=number, entry=at, is_urgent=False)
            return body.encode(), letter
    raise AssertionError(number)


def test_a_stop_rings_there_and_both_logs_hold_both_sides_words(pair):
    """The envelope in south's log is the one in north's; the receipt is in north's."""
    north, south = pair
    north.stops("south", "s1")
    assert south.until(lambda: south.is_rung("s1@north"))
    assert north.until(lambda: north.acts(PeerReceipted)[1:])
    south.has("s1@north")
    south.reads_back("s1@north")
    assert north.until(lambda: north.call("s1").has_read_back_at)
    assert north.until(north.is_settled)
    assert south.until(south.is_settled)
    for sayer, hearer in ((north, south), (south, north)):
        told = {
            hashlib.sha256(row.envelope).hexdigest(): entry.act.number
            for row, entry in rows(sayer)
            if isinstance(entry.act, PeerTold)
        }
        heard = {
            entry.act.digest: entry.act.number
            for _, entry in rows(hearer)
            if isinstance(entry.act, PeerHeard)
        }
        assert heard == told
        for _, entry in rows(sayer):
            if isinstance(entry.act, PeerReceipted):
                proven = verify_receipt(
                    entry.act.receipt.encode(), [hearer.node.log.key]
                )
                assert read_entry(proven.payload).act.number == entry.act.number


def test_the_ring_is_delivered_once_the_peer_holds_the_call(pair):
    """The attempt says what the receipt said, and the caller what that is worth."""
    north, _ = pair
    north.stops("south", "s1")
    assert north.until(lambda: north.acts(AttemptReported))
    (reported, *_) = north.acts(AttemptReported)
    assert reported.outcome is Outcome.DELIVERED
    assert north.until(lambda: Telling.RECEIVED_THERE in _tellings(north))


def test_a_call_raised_while_the_peer_is_down_rings_once_it_is_up(tmp_path):
    """Nothing has to be said again by hand."""
    north, south = linked(tmp_path)
    port, party = south.port, south.party
    south.stop()
    north.stops("south", "s1")
    assert north.until(lambda: Telling.PEER_SILENT in _tellings(north))
    again = PeerNode(tmp_path / "south", party, PeerPort(host="127.0.0.1", port=port))
    try:
        assert again.until(lambda: again.is_rung("s1@north"))
        assert north.until(north.is_settled)
    finally:
        north.stop()
        again.stop()


def test_what_was_receipted_is_known_after_a_restart_and_not_said_again(tmp_path):
    """What is still to be said is a fold of the log."""
    north, south = linked(tmp_path)
    north.stops("south", "s1")
    assert north.until(north.is_settled)
    north.stop()
    size = south.node.log.size
    north = PeerNode(tmp_path / "north", "north")
    try:
        assert not north.unreceipted()
        north.do(north.stop_of("south", "s1"))  # said again: merged by id
        assert south.node.log.size == size
    finally:
        north.stop()
        south.stop()


def test_a_stop_the_disk_has_not_taken_goes_out_and_comes_again(pair):
    """It rings there at once and once, and is receipted when it is recorded."""
    north, south = pair
    north.node.writer.patience = Duration(0)
    raised = north.stops("south", "s1")
    assert not raised.is_durable
    assert south.until(lambda: south.is_rung("s1@north"))
    assert north.until(lambda: north.unreceipted() == 0 and north.told() == 2)
    heard = [
        (act.number, act.heard_as)
        for act in south.acts(PeerHeard)
        if act.number in (0, 2)
    ]
    assert heard[-1][1] in (HeardAs.KNOWN, HeardAs.TAKEN)
    assert {number for number, _ in heard} >= {2}
    assert len({act.call for act in south.acts(CallRaised)}) == 1


# --- lying -----------------------------------------------------------------------


def ask(node: PeerNode, at: PeerNode, body: bytes) -> bytes:
    """Send bytes as `node` over its own TLS certificate."""
    wire = TlsWire(identity(node.data / "keys"), within_s=10)
    try:
        return wire.say(at.as_peer(node.party), body)
    finally:
        wire.close()


def forged(node: PeerNode, act: object, realm: Realm = Realm.EXERCISE) -> bytes:
    """Sign anything as a node."""
    at = node.node.clock.read().at
    row = node.node.log.sign_apart(
        write_entry(Entry(at=at, realm=Realm.EXERCISE, act=act))
    )
    envelope = row.envelope
    if realm is not Realm.EXERCISE:
        payload = write_entry(Entry(at=at, realm=realm, act=act))
        envelope = seal_envelope(payload, node.node.log._signer)
    return json.dumps(
        {"envelope": envelope.decode(), "salt": encode64(row.salt)}
    ).encode()


def test_the_same_again_gets_a_receipt_for_the_same_entry(pair):
    """A duplicate changes nothing at the other node."""
    north, south = pair
    north.stops("south", "s1")
    assert north.until(north.is_settled)
    body, _ = said(north, 2)
    size = south.node.log.size
    first, second = ask(north, south, body), ask(north, south, body)
    keys = [south.node.log.key]
    assert verify_receipt(first, keys).index == verify_receipt(second, keys).index
    assert south.node.log.size == size


@pytest.mark.parametrize(
    ("spoil", "status"),
    [
        (lambda body: body[:0] + b"{}", 400),
        (lambda body: body[:0] + b"\xff\xfe", 400),
        (lambda body: body.replace(b'"salt": "', b'"salt": "AA'), 400),
        (lambda body: body.replace(b"payloadType", b"payloadtype"), 400),
        (lambda body: re.sub(rb'sig\\":\\"....', rb'sig\\":\\"AAAA', body), 403),
        (lambda body: body + b" " * LONGEST_BODY, 413),
    ],
)
def test_what_is_not_signed_as_it_says_is_refused(pair, spoil, status):
    """Bad bytes and another signature: that they came is an entry, by their digest.

    A body longer than anything that is said is not read, and leaves no trace.
    """
    north, south = pair
    body, _ = said(north, 1)
    size = south.node.log.size
    bad = spoil(body)
    with pytest.raises(PeerUnreached, match=f"it answered {status}"):
        ask(north, south, bad)
    if status == 413:
        assert south.node.log.size == size
        return
    assert south.until(lambda: south.acts(PeerUnproven))
    (kept,) = south.acts(PeerUnproven)
    assert (kept.peer, kept.part) == (north.node.log.origin, PeerPart.SAID)
    assert kept.digest == hashlib.sha256(bad).hexdigest()
    assert kept.why
    assert south.node.log.size == size + 1


def test_a_peer_that_lies_on_and_on_fills_no_disk(pair):
    """The first ones are entered each, then ever fewer, with how many there were."""
    north, south = pair
    links = south.station.links
    for number in range(200):
        with pytest.raises(SaidMalformed):
            links.take(links.peers()[0], b"{%d}" % number)
    counts = [*range(1, EACH_UNPROVEN + 1), 32, 64, 128]
    assert south.until(lambda: len(south.acts(PeerUnproven)) >= len(counts))
    assert [act.count for act in south.acts(PeerUnproven)] == counts
    assert north.node.log.origin == south.acts(PeerUnproven)[0].peer


def test_what_was_said_to_another_is_not_taken(pair):
    """A replay to another node, and an entry of another realm, are refused."""
    north, south = pair
    told = said_act(north, 1)
    elsewhere = forged(north, replace(told, peer="west.example/clearline/exercise"))
    with pytest.raises(PeerUnreached, match="it answered 421"):
        ask(north, south, elsewhere)
    with pytest.raises(PeerUnreached, match="it answered 421"):
        ask(north, south, forged(north, told, Realm.LIVE))


def test_two_things_under_one_number_and_a_gap_are_refused(pair):
    """409 says so; a STOP alone passes a gap."""
    north, south = pair
    told = said_act(north, 1)
    with pytest.raises(PeerUnreached, match="it answered 409"):
        ask(
            north,
            south,
            forged(north, replace(told, says=replace(told.says, name="x"))),
        )
    with pytest.raises(PeerUnreached, match="it answered 409"):
        ask(north, south, forged(north, replace(told, number=9)))
    north.stops("south", "s1")
    assert north.until(north.is_settled)
    stop = said_act(north, 2)
    later = replace(stop, number=40, says=replace(stop.says, call="s40"))
    ask(north, south, forged(north, later))
    assert south.is_rung("s40@north")


def test_a_peer_cannot_speak_with_the_voice_of_another(pair, tmp_path):
    """Its own pinned certificate does not carry what another's key signed."""
    north, south = pair
    west = PeerNode(tmp_path / "west", "west")
    try:
        west.enter()
        south.pins(west.as_peer("south"))
        assert south.until(lambda: len(south.acts(PeerSet)) == 2)
        body, _ = said(north, 1)
        with pytest.raises(PeerUnreached, match="it answered 403"):
            ask(west, south, body)
    finally:
        west.stop()


def test_whoever_is_not_pinned_does_not_get_past_the_handshake(pair, tmp_path):
    """Neither without a certificate nor with one of their own."""
    _, south = pair
    stranger = PeerNode(tmp_path / "west", "west")
    try:
        with pytest.raises(PeerUnreached, match=r"alert|reset|EOF|SSL|ended"):
            ask(stranger, south, b"{}")
    finally:
        stranger.stop()
    bare = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    bare.check_hostname, bare.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", south.port), 10) as plain:
        try:
            with bare.wrap_socket(plain) as sock:
                sock.sendall(b"GET /peer/outbox?after=0 HTTP/1.1\r\n\r\n")
                answer = sock.recv(1000)
        except (ssl.SSLError, OSError):
            answer = b""
    assert answer == b""


def test_a_node_calls_only_the_certificate_it_pinned(pair, tmp_path):
    """Whoever listens at the address instead is told nothing."""
    north, south = pair
    other = PeerNode(tmp_path / "west", "west")
    try:
        wrong = replace(south.as_peer("north"), url=f"https://127.0.0.1:{other.port}")
        wire = TlsWire(identity(north.data / "keys"), within_s=10)
        with pytest.raises(PeerUnreached, match="certificate verify failed"):
            wire.say(wrong, b"{}")
        wire.close()
    finally:
        other.stop()


def test_a_receipt_for_something_else_counts_as_none(pair):
    """Another digest, another number, another log or bad bytes: said again."""
    north, south = pair
    north.stops("south", "s1")
    assert north.until(north.is_settled)
    body, letter = said(north, 2)
    other, _ = said(north, 1)
    receipt = ask(north, south, body)
    links = north.station.links
    links.keep(letter, body, receipt)
    for wrong in (
        (letter, other, receipt),
        (replace(letter, number=1), body, receipt),
        (letter, body, ask(north, south, other)),
        (letter, body, receipt.replace(b"index", b"indeX")),
        (letter, body, north.node.log.prove(1)),
        (letter, body, b""),
    ):
        with pytest.raises(ReceiptDiffers):
            links.keep(*wrong)
    assert north.until(lambda: len(north.acts(PeerUnproven)) == 6)
    kept = north.acts(PeerUnproven)
    assert {act.part for act in kept} == {PeerPart.RECEIPT}
    assert kept[-1].digest == hashlib.sha256(b"").hexdigest()


def test_every_refusal_has_the_one_shape(pair):
    """What happened, what state things are in, what to do next; RFC 9457."""
    north, south = pair
    peer = south.as_peer("north")
    context = calling(identity(north.data / "keys"), peer)
    for request, status in (
        (b"GET /peer/outbox?after=-1 HTTP/1.1\r\nhost: x\r\n\r\n", 404),
        (b"GET /peer/outbox HTTP/1.1\r\nhost: x\r\n\r\n", 404),
        (b"GET / HTTP/1.1\r\nhost: x\r\n\r\n", 404),
        (b"POST /peer/say HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}", 400),
    ):
        with (
            socket.create_connection(("127.0.0.1", south.port), 10) as plain,
            context.wrap_socket(plain) as sock,
        ):
            sock.sendall(request)
            answer = sock.recv(10_000)
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 %d" % status)
        assert b"application/problem+json" in head
        assert set(json.loads(body)) == {
            *("type", "title", "status", "detail", "next", "exit_code"),
        }


def test_a_peer_that_sends_in_drips_is_let_go(pair, monkeypatch):
    """A request has one deadline, however many bytes come before it."""
    north, south = pair
    monkeypatch.setattr(listener, "REQUEST_S", 0.3)
    context = calling(identity(north.data / "keys"), south.as_peer("north"))
    with (
        socket.create_connection(("127.0.0.1", south.port), 10) as plain,
        context.wrap_socket(plain) as sock,
    ):
        sock.sendall(
            b"POST /peer/say HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{"
        )
        answer = sock.recv(10_000)
        assert answer.startswith(b"HTTP/1.1 408")
        while answer:
            answer = sock.recv(10_000)
    north.stops("south", "s1")
    assert south.until(lambda: south.is_rung("s1@north"))


def test_connections_that_prove_nothing_keep_no_peer_out(pair):
    """A hundred that say nothing are held, and the peer's STOP still rings."""
    north, south = pair
    north.station._wire.close()  # what was kept is gone: it has to connect anew
    north.station._wire._is_closed = False
    address = ("127.0.0.1", south.port)
    held = [socket.create_connection(address, 10) for _ in range(100)]
    try:
        north.stops("south", "s1")
        assert south.until(lambda: south.is_rung("s1@north"))
        assert south.station.listener is not None
        assert len(south.station.listener._unproven) <= listener.MOST_UNPROVEN
    finally:
        for sock in held:
            sock.close()


def test_an_outbox_holds_what_was_said_to_whoever_asks_and_nothing_else(pair, tmp_path):
    """Numbered, in order, from the number asked for; nothing of a third party."""
    north, south = pair
    west = PeerNode(tmp_path / "west", "west")
    try:
        west.enter()
        north.pins(west.as_peer("north"))
        west.pins(north.as_peer("west"))
        north.stops("south", "s1")
        wire = TlsWire(identity(west.data / "keys"), within_s=10)
        page = json.loads(wire.outbox(north.as_peer("west"), 0))
        wire.close()
        told = [_told(north, Carried(**one)) for one in page["said"]]
        assert [(one.peer, one.number) for one in told] == [(west.id, 1)]
        wire = TlsWire(identity(south.data / "keys"), within_s=10)
        page = json.loads(wire.outbox(north.as_peer("south"), 1))
        wire.close()
        told = [_told(north, Carried(**one)) for one in page["said"]]
        assert [(one.peer, one.number) for one in told] == [(south.id, 2)]
        assert page["last"] == 2
    finally:
        west.stop()


def test_what_a_peer_could_not_bring_is_fetched(pair):
    """A node that may call and cannot be called misses nothing."""
    north, south = pair
    north.station.links._send = lambda letter: None  # noqa: ARG005 (its wire is cut)
    north.stops("south", "s1")
    south.station.courier.test()
    assert south.is_rung("s1@north")


def test_a_refusal_is_receipted_as_one(pair):
    """The peer learns why, signed; nothing rings."""
    north, south = pair
    told = said_act(north, 1)
    north.stops("south", "s1")
    assert north.until(north.is_settled)
    query = replace(said_act(north, 2).says, call="q1", kind="QUERY", to_desk="nowhere")
    receipt = ask(north, south, forged(north, replace(told, number=3, says=query)))
    proven = verify_receipt(receipt, [south.node.log.key])
    heard = read_entry(proven.payload).act
    assert heard.heard_as is HeardAs.REFUSED
    assert "nowhere" in heard.why


def said_act(node: PeerNode, number: int) -> PeerTold:
    """Find what a node said under a number."""
    for _, entry in rows(node):
        if isinstance(entry.act, PeerTold) and entry.act.number == number:
            return entry.act
    raise AssertionError(number)


def _told(node: PeerNode, carried: Carried) -> PeerTold:
    payload = open_envelope(carried.envelope.encode(), [node.node.log.key])
    return read_entry(payload).act


def _tellings(node: PeerNode) -> list[Telling]:
    return [act.telling for act in node.acts(DeskTold)]
