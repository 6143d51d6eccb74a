"""What goes to a peer next, and when it goes again, by a clock a test moves."""

from datetime import UTC, datetime
from itertools import pairwise

from clearline.model.instants import Duration
from clearline.service.sending import Sending, again_after

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """Count seconds from noon."""
    return NOON + Duration(seconds=seconds)


def sent_at(sending: Sending, key: str, until: float) -> list[float]:
    """Let time pass and note when something went, seconds after noon."""
    times = []
    while (now := sending.next_at()) is not None and now <= at(until):
        if key in sending.due(now, 8):
            times.append((now - NOON).total_seconds())
    return times


def test_a_stop_goes_again_quickly_at_first_and_for_ever():
    """0.25, 0.5, 1, 2 ... and then every fifteen seconds, however long it takes."""
    sending = Sending()
    sending.add("s", is_urgent=True, now=NOON)
    times = sent_at(sending, "s", 120)
    waits = [b - a for a, b in pairwise(times)]
    assert waits == [0.25, 0.5, 1, 2, 4, 8, *[15] * 6]


def test_everything_else_goes_in_order_one_at_a_time():
    """What was said later waits for the receipt of what was said before."""
    sending = Sending()
    for key in ("a", "b"):
        sending.add(key, is_urgent=False, now=NOON)
    assert sending.due(NOON, 8) == ["a"]
    assert sending.due(at(0.9), 8) == []
    assert sending.due(at(1), 8) == ["a"]
    sending.done("a")
    assert sending.due(at(1), 8) == ["b"]


def test_a_stop_waits_for_nothing_said_before_it():
    """It goes at once, and first."""
    sending = Sending()
    sending.add("a", is_urgent=False, now=NOON)
    sending.due(NOON, 8)
    sending.add("s", is_urgent=True, now=at(0.1))
    sending.add("b", is_urgent=False, now=at(0.1))
    assert sending.due(at(0.1), 8) == ["s"]


def test_no_more_goes_than_there_is_room_for_and_none_is_forgotten():
    """A flood leaves as fast as tries come back."""
    sending = Sending()
    for number in range(20):
        sending.add(number, is_urgent=True, now=NOON)
    seen = [sending.due(NOON, 8) for _ in range(3)]
    assert [len(some) for some in seen] == [8, 8, 4]
    assert {key for some in seen for key in some} == set(range(20))


def test_once_the_peer_is_reached_everything_goes_at_once():
    """A wire that carries again is used, not waited for."""
    sending = Sending()
    sending.add("s", is_urgent=True, now=NOON)
    sent_at(sending, "s", 60)
    sending.hurry(at(61))
    assert sending.due(at(61), 8) == ["s"]
    assert sending.next_at() == at(61.25)


def test_the_same_said_twice_goes_once():
    """A letter is known by its key."""
    sending = Sending()
    for _ in range(2):
        sending.add("s", is_urgent=True, now=NOON)
    assert len(sending) == 1
    sending.done("s")
    assert "s" not in sending
    assert sending.next_at() is None


def test_what_is_not_urgent_goes_again_at_least_every_minute():
    """Slower than a STOP, and never given up."""
    waits = [again_after(n, is_urgent=False).total_seconds() for n in range(9)]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert again_after(10**6, is_urgent=True).total_seconds() == 15
