"""Short messages over a real SMPP gateway on loopback, on good days and bad ones."""

import contextlib
import socket
import ssl
import threading

import pytest

from clearline.adapters.certificates import certificates
from clearline.adapters.chance import SystemChance
from clearline.adapters.clock import SystemClock
from clearline.adapters.couriers import smpp
from clearline.adapters.couriers.sms import SmsCourier
from clearline.adapters.couriers.tls_line import _pump
from clearline.adapters.settings import Sms
from clearline.model.calls import AttemptId, CallId, Kind, Outcome, Precedence
from clearline.model.instants import Duration
from clearline.model.parties import DeskId, Medium, PersonId
from clearline.service.calling import CourierStanding, Message, Ring, Said, Words
from couriers import KeepingSwitchboard
from peers.sms import SmppGateway

NUMBER = "+15550200"


@pytest.fixture(scope="module")
def gateway():
    """Start one gateway for all."""
    gateway = SmppGateway()
    yield gateway
    gateway.stop()


@pytest.fixture
def line(gateway):
    """Bind a courier to it; it connects again quickly when cut off."""
    courier = SmsCourier(settings(gateway), clock=SystemClock(), chance=SystemChance())
    courier.session.waits_s = (0.05,)
    board = KeepingSwitchboard()
    gateway.seen("bound")
    courier.start(board)
    gateway.wait("bound")
    assert courier.session.wait_until_bound(20)
    yield courier, board
    courier.stop()


def settings(gateway, **more):
    """Name the gateway."""
    return Sms(
        host="127.0.0.1",
        port=more.pop("port", gateway.port),
        system_id="clearline",
        password=more.pop("password", "secret"),
        source="+15550001",
        **more,
    )


def words(text):
    """Say one thing in every length."""
    return Words(language="en", subject="", short=text, text=text, spoken=text)


def ring(name="stop-1.1.1", text="STOP 17", kind=Kind.STOP):
    """Make a ring of that name."""
    return Ring(
        attempt=AttemptId(name),
        call=CallId(name.split(".")[0]),
        number=17,
        kind=kind,
        precedence=Precedence.FLASH,
        person=PersonId("basil"),
        desk=DeskId("south-ops"),
        medium=Medium.SMS,
        address=NUMBER,
        code="482913",
        words=words(text),
    )


def outcomes(*expected):
    """Say whether these were reported, in that order."""
    return lambda board: [said for _, said, _ in board.reports] == list(expected)


def test_a_ring_goes_out_and_its_receipt_comes_back(gateway, line):
    """SENT once the gateway took it, DELIVERED once its receipt says so."""
    courier, board = line
    courier.ring(ring(text="STOP 17 from north. Reply 482913 1"))
    sent = gateway.wait("submit")
    assert (sent["to"], sent["from"]) == ("15550200", "15550001")
    assert sent["text"] == "STOP 17 from north. Reply 482913 1"
    assert (sent["priority"], sent["registered"]) == (1, 1)
    board.wait_for(outcomes(Outcome.SENT))
    gateway.do("receipt", id=sent["id"], stat="DELIVRD")
    board.wait_for(outcomes(Outcome.SENT, Outcome.DELIVERED))


def test_a_receipt_may_name_the_id_in_decimal(gateway, line):
    """Some gateways give an id in hex and name it in decimal; it is the same."""
    courier, board = line
    courier.ring(ring())
    sent = gateway.wait("submit")
    board.wait_for(outcomes(Outcome.SENT))
    gateway.do("receipt", id=str(int(sent["id"], 16)), stat="DELIVRD")
    board.wait_for(outcomes(Outcome.SENT, Outcome.DELIVERED))


def test_a_provider_that_lies_is_heard_once(gateway, line):
    """Receipts for nothing, twice, and of two minds: each outcome is kept once."""
    courier, board = line
    courier.ring(ring())
    sent = gateway.wait("submit")
    board.wait_for(outcomes(Outcome.SENT))
    gateway.do("receipt", id="ffff0001", stat="DELIVRD")
    for stat in ("ENROUTE", "DELIVRD", "DELIVRD", "UNDELIV", "UNDELIV", "NONSENSE"):
        gateway.do("receipt", id=sent["id"], stat=stat)
    board.wait_for(outcomes(Outcome.SENT, Outcome.DELIVERED, Outcome.FAILED))
    courier.ring(ring("stop-2.1.1"))
    board.wait_for(lambda b: len(b.reports) == 4)
    assert "UNDELIV" in board.reports[2][2]


def test_a_long_text_goes_in_parts_and_arrives_when_all_have(gateway, line):
    """Three parts, each with its header; one of three delivered is not delivered."""
    courier, board = line
    courier.ring(ring(text="gates" * 80))
    parts = [gateway.wait("submit") for _ in range(3)]
    assert [part["udh"][-4:] for part in parts] == ["0301", "0302", "0303"]
    assert "".join(part["text"] for part in parts) == "gates" * 80
    board.wait_for(outcomes(Outcome.SENT))
    for part in parts[:2]:
        gateway.do("receipt", id=part["id"], stat="DELIVRD")
    gateway.do("receipt", id=parts[0]["id"], stat="DELIVRD")
    gateway.do("receipt", id=parts[2]["id"], stat="DELIVRD")
    board.wait_for(outcomes(Outcome.SENT, Outcome.DELIVERED))


def test_arabic_goes_as_it_is(gateway, line):
    """What the GSM alphabet has not goes in UCS-2."""
    courier, _ = line
    courier.ring(ring(text="قف 17 — €"))
    sent = gateway.wait("submit")
    assert (sent["text"], sent["coding"]) == ("قف 17 - €", 8)


@pytest.mark.parametrize("status", [0x58, 0x14, 0x08])
def test_a_busy_gateway_is_tried_again(gateway, line, status):
    """Throttled, full, out of order: the ring goes once it is taken."""
    courier, board = line
    gateway.do("status", status=status, times=1)
    courier.ring(ring())
    assert gateway.wait("submit")["status"] == status
    assert gateway.wait("submit")["status"] == 0
    board.wait_for(outcomes(Outcome.SENT))


@pytest.mark.parametrize(
    ("status", "says"), [(0x0B, "Invalid Destination"), (0x999, "status 0x999")]
)
def test_a_refused_number_fails_in_the_gateways_words(gateway, line, status, says):
    """What will never go is reported at once, and the ladder goes on."""
    courier, board = line
    gateway.do("status", status=status, times=1)
    courier.ring(ring())
    board.wait_for(outcomes(Outcome.FAILED))
    assert says in board.reports[0][2]


def test_what_comes_in_is_answered(gateway, line):
    """A message goes to the switchboard, and its answer back to the number."""
    _, board = line
    board.answer = Said(text="STOP 3 RINGING.", spoken="")
    gateway.do("deliver", **{"from": "15550100"}, text="STOP 4821 1207 ä€")
    reply = gateway.wait("submit")
    assert (reply["to"], reply["text"]) == ("15550100", "STOP 3 RINGING.")
    (came,) = board.came
    assert (came.medium, came.address) == (Medium.SMS, "+15550100")
    assert came.words == "STOP 4821 1207 ä€"


def test_nothing_is_answered_where_nothing_is_said(gateway, line):
    """An empty answer sends nothing."""
    _, board = line
    board.answer = Said(text="", spoken="")
    gateway.do("deliver", **{"from": "BANK"}, ton=5, text="Your balance")
    assert gateway.wait("answer")["status"] == 0
    assert board.came[0].address == "BANK"
    assert gateway.seen("submit") == []


def test_the_parts_of_a_long_text_come_together(gateway, line):
    """In any order, they are one message."""
    _, board = line
    for number, text in ((2, "1207 shelling"), (1, "STOP 4821 ")):
        header = f"0500030902{number:02x}"
        gateway.do("deliver", **{"from": "15550100"}, text=text, udh=header)
    board.wait_for(lambda b: len(b.came) == 1)
    assert board.came[0].words == "STOP 4821 1207 shelling"


def test_a_part_that_never_comes_holds_up_nothing(gateway, line, monkeypatch):
    """What came of a text is taken when the rest does not come."""
    courier, board = line
    monkeypatch.setattr(type(courier._gathering), "PATIENCE", Duration(0))
    gateway.do("deliver", **{"from": "15550100"}, text="STOP 4821", udh="050003070201")
    board.wait_for(lambda b: len(b.came) == 1)
    assert board.came[0].words == "STOP 4821"


@pytest.mark.parametrize(
    "garbage",
    [
        "00000010" + "0000dead" + "00000000" + "00000007",  # a command nobody knows
        "00000014" + "00000005" + "00000000" + "00000008" + "ffffffff",  # cut short
        "00000010" + "80000004" + "00000000" + "00000099",  # an answer to nothing
    ],
)
def test_garbage_is_passed_over(gateway, line, garbage):
    """What cannot be read is named, and what comes after it is taken."""
    courier, board = line
    gateway.do("raw", hex=garbage)
    courier.ring(ring())
    board.wait_for(outcomes(Outcome.SENT))


def test_a_length_that_cannot_be_ends_the_connection(gateway, line):
    """It binds anew and carries what waited."""
    courier, board = line
    gateway.do("raw", hex="ffffffff" + "00000005" + "00000000" + "00000001")
    gateway.wait("closed")
    gateway.wait("bound")
    courier.ring(ring())
    board.wait_for(outcomes(Outcome.SENT))


def test_a_gateway_that_was_away_is_bound_anew(gateway, line):
    """A ring that came meanwhile goes out when the gateway is back."""
    courier, board = line
    gateway.do("close")
    gateway.wait("closed")
    courier.ring(ring())
    board.wait_for(outcomes(Outcome.SENT))
    assert courier.test().standing is CourierStanding.READY


def test_a_gateway_that_says_nothing_is_not_waited_for(gateway, line, monkeypatch):
    """No answer in time: the ring is tried again, and the state names it."""
    courier, board = line
    monkeypatch.setattr(
        smpp.Session.ask, "__kwdefaults__", {"within_s": 0.2, "heard": None}
    )
    gateway.do("mute", on=True)
    try:
        courier.ring(ring())
        gateway.wait("submit")
        gateway.wait("submit")
        assert courier.test().standing is not CourierStanding.READY
        assert "did not answer" in courier.state().trouble
    finally:
        gateway.do("mute", on=False)
    board.wait_for(outcomes(Outcome.SENT))


def test_a_wrong_password_is_named(gateway, monkeypatch):
    """Whoever set it up reads what the gateway said."""
    courier = SmsCourier(
        settings(gateway, password="wrong"),  # noqa: S106 (a wrong one)
        clock=SystemClock(),
        chance=SystemChance(),
    )
    monkeypatch.setattr("clearline.adapters.couriers.sms.TEST_WITHIN_S", 1.0)
    courier.start(KeepingSwitchboard())
    state = courier.test()
    courier.stop()
    assert state.standing is CourierStanding.TROUBLED
    assert "Bind Failed" in state.trouble


def test_without_a_gateway_it_says_so():
    """Nothing is set up, nothing connects, and a ring fails in words."""
    courier = SmsCourier(Sms(), clock=SystemClock(), chance=SystemChance())
    board = KeepingSwitchboard()
    courier.start(board)
    assert courier.test().standing is CourierStanding.NOT_SET_UP
    courier.ring(ring())
    board.wait_for(outcomes(Outcome.FAILED))
    courier.stop()


def test_what_is_told_is_not_reported(gateway, line):
    """A message is sent and nobody waits for its receipt."""
    courier, board = line
    courier.tell(
        Message(
            call=CallId("stop-1"),
            person=PersonId("amal"),
            desk=DeskId("hospital"),
            medium=Medium.SMS,
            address="+15550100",
            words=words("STOP 17: NOBODY HAS THIS."),
        )
    )
    assert gateway.wait("submit")["text"] == "STOP 17: NOBODY HAS THIS."
    assert board.reports == []


# --- over TLS -----------------------------------------------------------------------
class TlsFront:
    """Speak TLS in front of the gateway, with a certificate of an authority's own."""

    def __init__(self, gateway, folder):
        self.made = certificates(folder, ("127.0.0.1",), SystemClock().read().wall)
        self._to = gateway.port
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(self.made.certificate, self.made.key)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.plain = b""
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self):
        """Listen no more."""
        self._listening.close()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                taken, _ = self._listening.accept()
                threading.Thread(target=self._carry, args=(taken,), daemon=True).start()

    def _carry(self, taken):
        there = socket.create_connection(("127.0.0.1", self._to))
        try:
            line = self._context.wrap_socket(taken, server_side=True)
        except OSError:
            taken.close()
            there.close()
            return
        line.settimeout(0.0)
        there.settimeout(0.0)
        _pump(line, there)


@pytest.fixture
def front(gateway, tmp_path):
    """Stand TLS before the gateway."""
    front = TlsFront(gateway, tmp_path)
    yield front
    front.stop()


def test_a_gateway_is_spoken_to_over_tls(gateway, front):
    """Bound and STOPs sent as without it, the certificate held against the trust."""
    gateway.seen("bound")
    courier = SmsCourier(
        settings(gateway, port=front.port, tls=True, ca_file=str(front.made.authority)),
        clock=SystemClock(),
        chance=SystemChance(),
    )
    board = KeepingSwitchboard()
    courier.start(board)
    try:
        gateway.wait("bound")
        for number in range(20):
            courier.ring(ring(f"tls-{number}.1.1"))
        board.wait_for(lambda b: len(b.reports) >= 20)
        assert {outcome for _, outcome, _ in board.reports} == {Outcome.SENT}
    finally:
        courier.stop()


def test_a_gateway_whose_certificate_nobody_trusts_gets_no_password(gateway, front):
    """Whoever merely stands in between is not bound to, and the state says why."""
    gateway.seen("bound")
    courier = SmsCourier(
        settings(gateway, port=front.port, tls=True),
        clock=SystemClock(),
        chance=SystemChance(),
    )
    courier.start(KeepingSwitchboard())
    try:
        for _ in range(400):
            if "certificate" in courier.state().trouble.casefold():
                break
            threading.Event().wait(0.05)
        assert "certificate" in courier.state().trouble.casefold()
        assert gateway.seen("bound") == []
    finally:
        courier.stop()
