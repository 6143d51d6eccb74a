"""What every courier promises, each against a real peer on loopback.

A peer is a mail server, a receiver of webhooks, or a push service: started by the
test, spoken to over a socket, and made to fail as such peers fail.
"""

import pytest
from msgspec.structs import replace

from clearline.model.calls import AttemptId, Kind, Outcome
from clearline.service.calling import CourierStanding
from contract.rigs import PATIENCE_S, RIGS

# A peer that was made to fail lets go of its sockets only when it is collected.
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)

FAR = {Outcome.SENT, Outcome.DELIVERED}


@pytest.fixture(params=list(RIGS))
def rig(request):
    """Set up a courier and its peer; both are stopped again."""
    found = RIGS[request.param]()
    yield found
    found.close()


@pytest.fixture
def up(rig):
    """Have both of them running."""
    rig.peer.start()
    return rig.start()


def far(rig, attempt="c.1.1"):
    """Wait until an attempt was reported as sent or delivered."""
    rig.switchboard.wait_for(
        lambda board: FAR & set(board.outcomes(attempt)), PATIENCE_S
    )


def test_a_ring_arrives_and_is_reported_once(up):
    """What was handed over is at the peer, and said to be, one time."""
    up.courier.ring(up.ring())
    far(up)
    assert up.courier.queue.wait_until_idle(PATIENCE_S)
    up.peer.wait_for(1)
    assert up.subjects() == ["STOP for c.1.1"]
    assert len(up.switchboard.reports) == 1
    state = up.courier.state()
    assert (state.standing, state.waiting) == (CourierStanding.READY, 0)
    assert state.worked_at is not None


def test_a_message_arrives_and_nothing_is_reported_of_it(up):
    """What somebody is told is no attempt."""
    up.courier.tell(up.message())
    up.peer.wait_for(1)
    assert up.courier.queue.wait_until_idle(PATIENCE_S)
    assert up.subjects() == ["nobody has this"]
    assert up.switchboard.reports == []


def test_a_peer_that_is_busy_is_asked_again(up):
    """Busy twice, then taken: one ring, sent once, nothing failed."""
    up.peer.answers += [up.busy, up.busy]
    up.courier.ring(up.ring())
    for _ in range(2):
        up.wait_for_trouble()
        assert up.courier.state().standing is CourierStanding.TROUBLED
        up.courier.queue.note("")
        up.later(16)
    far(up)
    assert up.switchboard.outcomes("c.1.1")[-1] in FAR
    assert Outcome.FAILED not in up.switchboard.outcomes("c.1.1")


def test_a_peer_that_refuses_for_good_is_not_asked_again(up):
    """The attempt is failed at once, in the peer's words."""
    up.peer.answers.append(up.never)
    up.courier.ring(up.ring())
    why = up.wait_for_report(Outcome.FAILED)
    assert str(up.never)[:3] in why
    assert up.courier.queue.wait_until_idle(PATIENCE_S)
    up.courier.ring(up.ring(attempt="c.2.1"))
    far(up, "c.2.1")


def test_garbage_is_an_answer_to_be_asked_again(up):
    """A peer that says nothing sensible breaks nothing and is tried again."""
    up.peer.answers.append(up.garbage)
    up.courier.ring(up.ring())
    up.wait_for_trouble()
    up.later(16)
    far(up)


def test_a_peer_dead_at_the_start_is_rung_when_it_is_back(rig):
    """Nothing is lost to a peer that comes up later."""
    rig.start()
    rig.courier.ring(rig.ring())
    rig.wait_for_trouble()
    assert rig.courier.state().waiting == 1
    rig.peer.start()
    rig.later(16)
    far(rig)


def test_a_peer_that_stays_dead_is_reported(rig):
    """After a minute the attempt is failed, and the courier says it is dead."""
    rig.start()
    rig.courier.ring(rig.ring())
    rig.wait_for_trouble()
    rig.later(61)
    why = rig.wait_for_report(Outcome.FAILED)
    assert why
    assert rig.courier.state().standing is CourierStanding.DEAD


def test_a_slow_address_holds_up_no_other(up):
    """One that never answers delays only itself, and taking a ring takes no time."""
    up.slow("basil")
    for number in range(20):
        up.courier.ring(up.ring("basil", attempt=f"slow.{number}", call=f"s{number}"))
    up.courier.ring(up.ring("amal", attempt="fast"))
    far(up, "fast")
    arrived = {
        one.attempt
        for one, outcome, _ in up.switchboard.reports
        if outcome in (Outcome.SENT, Outcome.DELIVERED)
    }
    assert arrived == {"fast"}
    assert up.courier.state().waiting  # the slow ones; some may be given up by now


def test_it_stops_while_its_peer_hangs(up):
    """A peer that never answers keeps no node from stopping."""
    up.slow("basil")
    up.courier.ring(up.ring("basil"))
    up.courier.stop()


def test_what_was_let_go_is_not_carried(rig):
    """Somebody has the call: what waits is not sent, and is said not to be."""
    rig.start()
    rig.courier.ring(rig.ring(attempt="gone"))
    rig.wait_for_trouble()
    rig.courier.let_go(AttemptId("gone"))
    rig.wait_for_report(Outcome.FAILED, "gone")
    rig.peer.start()
    rig.courier.ring(rig.ring(attempt="kept", call="other"))
    rig.later(16)
    far(rig, "kept")
    rig.peer.wait_for(1)
    assert rig.subjects() == ["STOP for kept"]


def test_a_newer_ring_takes_the_place_of_one_that_waits(rig):
    """A dead peer that comes back is given each call once, not once a repeat."""
    rig.start()
    for number in range(1, 4):
        rig.courier.ring(rig.ring(attempt=f"c.{number}.1"))
        rig.wait_for_trouble()
    rig.wait_for_report(Outcome.FAILED, "c.1.1")
    rig.wait_for_report(Outcome.FAILED, "c.2.1")
    rig.peer.start()
    rig.later(16)
    far(rig, "c.3.1")
    rig.peer.wait_for(1)
    assert rig.subjects() == ["STOP for c.3.1"]


def test_stop_goes_before_what_came_earlier(rig):
    """With a hundred routine ones waiting, its STOP is next."""
    rig.peer.start()
    for number in range(100):
        rig.courier.ring(
            rig.ring(attempt=f"q.{number}", call=f"q{number}", kind=Kind.QUERY)
        )
    rig.courier.ring(rig.ring(attempt="stop"))
    rig.start()
    rig.peer.wait_for(50)
    subjects = rig.subjects()
    assert subjects.index("STOP for stop") <= 1


def test_a_line_test_says_how_its_gateway_is(rig):
    """Tested with a dead gateway and a living one, where there is a gateway."""
    rig.start()
    before = rig.courier.test().standing
    rig.peer.start()
    after = rig.courier.test().standing
    assert after is CourierStanding.READY
    has_gateway = rig.courier.medium in ("email", "sms")
    assert before is (
        CourierStanding.TROUBLED if has_gateway else CourierStanding.READY
    )


def test_an_address_that_is_none_is_a_failed_attempt(up):
    """Whatever stands in the book, the next ring goes out."""
    for number, address in enumerate(("", "\x00", "a\r\nBcc: b@c.d", "http://[", "]")):
        ring = replace(up.ring(attempt=f"bad.{number}"), address=address)
        up.courier.ring(ring)
        up.later(61)
        up.wait_for_report(Outcome.FAILED, f"bad.{number}")
    up.courier.ring(up.ring())
    far(up)
