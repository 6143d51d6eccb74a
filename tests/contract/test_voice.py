"""Voice over SIP between real telephones, on good days and bad ones."""

import shutil
import threading
import wave

import msgspec
import numpy as np
import pytest

from clearline.adapters.chance import SystemChance
from clearline.adapters.clock import SystemClock
from clearline.adapters.couriers import voice
from clearline.adapters.couriers.voice import VoiceCourier
from clearline.adapters.couriers.voice_speech import LINE_HZ, speak
from clearline.adapters.settings import Voice
from clearline.geo.voice import keys
from clearline.geo.writing import said_forms
from clearline.model.calls import AttemptId, CallId, Kind, Outcome, Precedence
from clearline.model.entries import Acknowledged, ReadBack
from clearline.model.parties import DeskId, Medium, PersonId, Strength
from clearline.service.calling import CourierStanding, Message, Ring, Said, Words
from couriers import Book, KeepingSwitchboard
from sip import NODE, PHONE, SaysNo, Telephone, network
from telephones import AMAL, AMALS, BASIL, BASILS, PIN, SITE, Exchange


@pytest.fixture(scope="module", autouse=True)
def _own_network():
    """Let everything here live in a network of its own."""
    with network():
        yield


@pytest.fixture
def telephone():
    """Switch a telephone on."""
    telephone = Telephone()
    yield telephone
    telephone.stop()


@pytest.fixture
def line(monkeypatch):
    """Start a courier whose trunk is the telephone itself."""
    monkeypatch.setattr(voice, "KEY_WITHIN_S", 5.0)
    courier, board = make(PHONE)
    yield courier, board
    courier.stop()


def make(server, board=None, addresses=None, **more):
    """Start a courier that rings through `server`."""
    book = Book()
    book.enter("amal", Medium.VOICE, "basil", "en")
    settings = Voice(
        server=server,
        user="line",
        domain=NODE,
        address=NODE,
        port=5080,
        register=False,
        lines=1,
        **more,
    )
    courier = VoiceCourier(
        settings,
        addresses=addresses or book,
        clock=SystemClock(),
        chance=SystemChance(),
    )
    board = board or KeepingSwitchboard(Said(text="", spoken="You have STOP 1 7."))
    courier.start(board)
    assert courier.test().standing is CourierStanding.READY
    return courier, board


def words(spoken):
    """Say one thing in every length."""
    return Words(language="en", subject="", short=spoken, text=spoken, spoken=spoken)


def ring(name="stop-1.1.1", address="basil"):
    """Make a ring of that name."""
    return Ring(
        attempt=AttemptId(name),
        call=CallId("stop-1"),
        number=17,
        kind=Kind.STOP,
        precedence=Precedence.FLASH,
        person=PersonId("basil"),
        desk=DeskId("south-ops"),
        medium=Medium.VOICE,
        address=address,
        code="482913",
        words=words("STOP. Number 1 7."),
    )


def reported(board):
    """List what was reported."""
    return [(outcome, detail) for _, outcome, detail in board.reports]


def test_a_stop_is_rung_spoken_and_answered_by_keys(line, telephone):
    """Picked up, 1 and the code pressed: the switchboard hears code and 1."""
    courier, board = line
    courier.ring(ring())
    telephone.pick_up()
    board.wait_for(lambda b: reported(b)[:1] == [(Outcome.DELIVERED, "picked up")])
    telephone.press("1482913#")
    board.wait_for(lambda b: b.came)
    (came,) = board.came
    assert (came.words, came.attempt) == ("482913 1", "stop-1.1.1")
    assert (came.medium, came.address) == (Medium.VOICE, "basil")


def test_unable_asks_why(line, telephone):
    """2, then the figure of the reason, then the code."""
    courier, board = line
    courier.ring(ring())
    telephone.pick_up()
    telephone.press("24482913#")
    board.wait_for(lambda b: b.came)
    assert board.came[0].words == "482913 2 4"


def test_hanging_up_before_the_code_is_heard(line, telephone):
    """A key and no code: it goes to the switchboard as it is, and proves nothing."""
    courier, board = line
    courier.ring(ring())
    telephone.pick_up()
    telephone.press("1")
    telephone.hang_up()
    board.wait_for(lambda b: b.came)
    assert (board.came[0].words, board.came[0].attempt) == ("1", "stop-1.1.1")


def test_a_telephone_that_is_busy_is_not_reached(line, telephone):
    """Busy is no answer, and no failure of the line."""
    courier, board = line
    telephone.call("line")
    telephone.wait("established")
    courier.ring(ring())
    board.wait_for(lambda b: b.reports)
    assert reported(board) == [(Outcome.NO_ANSWER, "busy")]


@pytest.mark.parametrize(
    ("status", "outcome", "says"),
    [
        ("486 Busy Here", Outcome.NO_ANSWER, "busy"),
        ("480 Temporarily Unavailable", Outcome.NO_ANSWER, "nobody picked up"),
        ("404 Not Found", Outcome.FAILED, "404 Not Found"),
    ],
)
def test_what_the_trunk_says_is_kept(status, outcome, says):
    """Busy, away, no such number: each is an outcome of its own, in its words."""
    trunk = SaysNo(status, 5070)
    courier, board = make(f"{PHONE}:5070")
    try:
        courier.ring(ring())
        board.wait_for(lambda b: b.reports)
    finally:
        courier.stop()
        trunk.stop()
    assert reported(board)[0][0] is outcome
    assert says in reported(board)[0][1]


@pytest.mark.parametrize("status", ["503 Service Unavailable", None])
def test_a_dead_trunk_is_tried_again_and_named(status, monkeypatch):
    """Nobody listens, or it is out of order: it is tried again, and the state says."""
    monkeypatch.setattr(voice, "SILENT_FOR_S", 0.5)
    trunk = SaysNo(status, 5071) if status else None
    courier, board = make(f"{PHONE}:5071")
    try:
        courier.ring(ring())
        for _ in range(200):
            if courier.state().standing is not CourierStanding.READY:
                break
            courier._stopping.wait(0.05)
        assert courier.state().standing is CourierStanding.TROUBLED
        assert courier.state().waiting == 1
        assert board.reports == []
    finally:
        courier.stop()
        if trunk is not None:
            trunk.stop()


def test_nobody_picks_up(telephone):
    """It rings as long as is set, and is then no answer."""
    courier, board = make(PHONE, ring_s=5)
    try:
        courier.ring(ring())
        telephone.wait("incoming")
        board.wait_for(lambda b: b.reports)
    finally:
        courier.stop()
    assert reported(board) == [(Outcome.NO_ANSWER, "nobody picked up")]
    telephone.wait("closed")


def test_a_ring_that_is_let_go_stops_ringing(line, telephone):
    """Somebody else has it: the telephone falls silent."""
    courier, board = line
    courier.ring(ring())
    telephone.wait("incoming")
    courier.let_go(AttemptId("stop-1.1.1"))
    telephone.wait("closed")
    board.wait_for(lambda b: b.reports)


def test_a_caller_raises_a_stop_by_keys(line, telephone):
    """1, the site's number, the PIN: the switchboard hears one message."""
    _, board = line
    board.answer = Said(text="", spoken="STOP 1 7 ringing.")
    telephone.call("line")
    telephone.wait("established")
    telephone.press("11207#4821#")
    board.wait_for(lambda b: b.came)
    (came,) = board.came
    assert (came.words, came.address) == ("STOP 4821 1207", "basil")


def test_a_caller_who_hangs_up_loses_nothing(line, telephone):
    """A STOP that was begun is said although nobody finished it."""
    _, board = line
    telephone.call("line")
    telephone.wait("established")
    telephone.press("11207#")
    telephone.hang_up()
    board.wait_for(lambda b: b.came)
    assert board.came[0].words == "STOP 1207"


def test_a_caller_who_only_rings_is_a_missed_call(line, telephone):
    """Nothing pressed is nothing said, and goes to the switchboard as that."""
    _, board = line
    telephone.call("line")
    telephone.wait("established")
    telephone.hang_up()
    board.wait_for(lambda b: b.came)
    assert board.came[0].words == ""


def test_a_message_is_spoken_to_whoever_picks_up(line, telephone):
    """What somebody is told by voice rings once and says it."""
    courier, board = line
    courier.tell(
        Message(
            call=CallId("stop-1"),
            person=PersonId("amal"),
            desk=DeskId("hospital"),
            medium=Medium.VOICE,
            address="basil",
            words=words("Your code is 1 2."),
        )
    )
    telephone.pick_up()
    telephone.wait("closed")
    assert board.reports == []


def test_a_line_whose_program_died_is_started_anew(line, telephone):
    """Killing it in the middle costs one call and not the line."""
    courier, board = line
    courier.ring(ring())
    telephone.pick_up()
    courier._lines[0]._process.kill()
    board.wait_for(lambda b: b.reports)
    telephone.hang_up()
    courier.ring(ring("stop-2.1.1"))
    telephone.pick_up()
    telephone.press("1482913#")
    board.wait_for(lambda b: any(came.attempt == "stop-2.1.1" for came in b.came))


@pytest.mark.parametrize("number", ["", "no one", "1;drop", "+1 555\n"])
def test_what_is_no_number_is_refused(line, number):
    """Nothing but a number is ever dialled."""
    courier, board = line
    courier.ring(ring(address=number))
    board.wait_for(lambda b: b.reports)
    assert reported(board)[0][0] is Outcome.FAILED


def test_without_a_trunk_or_its_programs_it_says_so(monkeypatch):
    """Not set up and not installed are two sentences."""
    courier = VoiceCourier(
        Voice(), addresses=Book(), clock=SystemClock(), chance=SystemChance()
    )
    assert courier.state().standing is CourierStanding.NOT_SET_UP
    assert "[voice]" in courier.state().trouble
    monkeypatch.setattr(shutil, "which", lambda _: None)
    courier = VoiceCourier(
        Voice(server="x"), addresses=Book(), clock=SystemClock(), chance=SystemChance()
    )
    assert courier.test().trouble.startswith("voice not installed")


def test_what_is_spoken_can_be_heard(tmp_path):
    """Speech of the line's own rate, above silence, in several languages."""
    for language, text in (("en", "Stop."), ("ar", "قف"), ("xx", "Stop.")):
        path = tmp_path / f"{language}.wav"
        seconds = speak(text, language, path)
        with wave.open(str(path)) as spoken:
            assert spoken.getframerate() == LINE_HZ
            samples = np.frombuffer(spoken.readframes(LINE_HZ * 3), "<i2")
        assert 0.2 < seconds < 5
        assert np.abs(samples[: int(seconds * LINE_HZ)]).max() > 1000


# --- from the telephone to the log ----------------------------------------------------
@pytest.fixture
def exchange():
    """Set up a node with a switchboard and a courier, and who is enrolled there."""
    exchange = Exchange()
    courier, _ = make(PHONE, exchange.switchboard, exchange.addresses)
    yield exchange, courier
    courier.stop()


def wait_for(is_so):
    """Wait until something holds; nothing tells a test that an entry was written."""
    for _ in range(600):
        if is_so():
            return
        threading.Event().wait(0.05)
    pytest.fail("it never came")


def test_a_ring_ends_in_an_acknowledged_entry(exchange):
    """Spoken, picked up, 1 and the code: the entry names person, strength and voice."""
    node, courier = exchange
    telephone = Telephone(BASILS)
    try:
        call, _ = node.ring_basil()
        attempt = next(one for one in call.ringing if one.medium is Medium.VOICE)
        code = node.codes.make(attempt.id, call.id, BASIL)
        courier.ring(
            msgspec.structs.replace(
                ring(attempt.id, BASILS), call=call.id, code=code, person=BASIL
            )
        )
        telephone.pick_up()
        telephone.press(f"1{code}#")
        wait_for(lambda: node.done(Acknowledged))
    finally:
        telephone.stop()
    (has,) = node.done(Acknowledged)
    assert (has.by.person, has.by.strength) == (BASIL, Strength.CODE)
    assert (has.by.device, has.attempt) == ("voice", attempt.id)


def test_a_hospital_stops_by_keys(exchange):
    """1, site, PIN on an ordinary telephone: a STOP with its place, by that person."""
    node, _ = exchange
    telephone = Telephone(AMALS)
    try:
        telephone.call("line")
        telephone.wait("established")
        telephone.press(f"1{SITE}#{PIN}#")
        wait_for(node.calls)
    finally:
        telephone.stop()
    (call,) = node.calls()
    assert (call.kind, call.raised_by.person) == (Kind.STOP, AMAL)
    assert (call.raised_by.strength, call.raised_by.device) == (Strength.PIN, "voice")
    assert call.card.where == node.place()


def test_a_hospital_that_rings_once_is_rung_back_and_stops(exchange):
    """It hangs up; the line dials it, and the menu's first key and a PIN are a STOP."""
    node, courier = exchange
    telephone = Telephone(AMALS)
    try:
        telephone.call("line")
        telephone.wait("established")
        telephone.hang_up()
        telephone.wait("closed")
        wait_for(lambda: [message for message in node.told if message.asks])
        (back,) = [message for message in node.told if message.asks]
        courier.tell(back)  # a node's dispatch hands it to the courier of its medium
        telephone.pick_up()
        telephone.press(f"1{SITE}#{PIN}#")
        wait_for(lambda: node.calls(Kind.STOP))
    finally:
        telephone.stop()
    (stop,) = node.calls(Kind.STOP)
    assert (stop.raised_by.person, stop.raised_by.strength) == (AMAL, Strength.PIN)


def test_a_stop_is_read_back_by_keys(exchange):
    """Spoken to, the person presses which, its number and its place: it matches."""
    node, courier = exchange
    node.says(f"STOP {PIN} {SITE}")
    (call,) = node.calls()
    attempt = next(
        one
        for one in call.ringing
        if one.medium is Medium.VOICE and one.person == BASIL
    )
    code = node.codes.make(attempt.id, call.id, BASIL)
    place = keys(said_forms(call.card.where)[0])
    telephone = Telephone(BASILS)
    try:
        courier.ring(
            msgspec.structs.replace(
                ring(attempt.id, BASILS), call=call.id, code=code, person=BASIL
            )
        )
        telephone.pick_up()
        telephone.press(f"41{call.number}#{place}#{code}#")
        wait_for(lambda: node.done(ReadBack))
    finally:
        telephone.stop()
    (back,) = node.done(ReadBack)
    assert back.result.is_match
    assert [part.name for part in back.result.elements] == ["kind", "number", "where"]
    assert [part.said for part in back.result.elements][2] == place


# --- registering --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "port", "standing"),
    [
        ("200 OK", 5072, CourierStanding.READY),
        ("403 Forbidden", 5073, CourierStanding.TROUBLED),
    ],
)
def test_the_line_registers_at_its_trunk(status, port, standing):
    """A trunk that takes us in makes it ready; one that does not is named."""
    trunk = SaysNo(status, port, asks="REGISTER")
    settings = Voice(
        server=f"{PHONE}:{port}", user="line", address=NODE, port=5081, lines=1
    )
    courier = VoiceCourier(
        settings, addresses=Book(), clock=SystemClock(), chance=SystemChance()
    )
    courier.start(KeepingSwitchboard())
    try:
        state = courier.test()
        for _ in range(200):
            if trunk.asked and state.standing is standing:
                break
            courier._stopping.wait(0.05)
            state = courier.state()
        assert state.standing is standing, state
        if standing is CourierStanding.TROUBLED:
            wait_for(lambda: "turned us away" in courier.state().trouble)
        assert b"REGISTER" in trunk.asked[0]
    finally:
        courier.stop()
        trunk.stop()
