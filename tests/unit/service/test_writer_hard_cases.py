"""What the writer does with what nobody expected: it goes on, and everybody hears."""

import math
from concurrent.futures import Future

import pytest
from msgspec.structs import replace

from clearline.compose.node import Node, memory_node
from clearline.model.calls import CallId, Card, Kind
from clearline.model.commands import Acknowledge, Advance, Command, Enter
from clearline.model.entries import CallRaised, Rang, RecordedLate, WallStepped
from clearline.model.errors import LostCertainty
from clearline.model.instants import Duration, Instant
from clearline.rules import decide as rules
from clearline.rules.cards import cut_card
from clearline.rules.refusals import UnknownDesk
from clearline.service.log import Prepared
from clearline.service.ports import DiskFull, Reading
from clearline.service.writer import (
    TRY_AGAIN_AFTER,
    Asked,
    NodeStopped,
    OurFault,
    Outcome,
    Written,
)
from clearline.wire.entries import Unwritable, read_entry
from faults.desks import LINE, Dial, acknowledge, stop
from faults.nodes import ORIGIN, CountedChance


class Disk:
    """Be a disk that does what a test says, batch by batch."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.says: object = "well"
        self.owed: list[tuple[Prepared, Future[None]]] = []
        self.is_closed = False

    def begin(self, prepared: Prepared) -> "Future[None]":
        """Store, fail, or keep still."""
        assert not self.is_closed, "nothing is begun on a disk that was let go of"
        writing: Future[None] = Future()
        if isinstance(self.says, BaseException):
            writing.set_exception(self.says)
        elif self.says == "well":
            self._node.log.store(prepared)
            writing.set_result(None)
        else:
            self.owed.append((prepared, writing))
        return writing

    def wait(self, writing: "Future[None]", patience: Duration) -> bool:
        """Answer at once, or once more time is given than a STOP has."""
        if not writing.done() and patience > Duration(seconds=1):
            self.answers()
        return writing.done()

    def answers(self, said: BaseException | None = None) -> None:
        """Answer what was owed."""
        owed, self.owed = self.owed, []
        for prepared, writing in owed:
            if said is None:
                self._node.log.store(prepared)
                writing.set_result(None)
            else:
                writing.set_exception(said)

    def close(self) -> None:
        """Let go."""
        self.is_closed = True


FULL = DiskFull("The disk is full.", state="Nothing.", next="Free some.")


class Post:
    """A node with two desks, its disk, its clock and everything heard."""

    def __init__(self, line: tuple[Command, ...] = LINE) -> None:
        self.heard: list[Written] = []
        self.clock = Dial()
        self.node = memory_node(
            ORIGIN, hear=self.heard.append, clock=self.clock, chance=CountedChance()
        )
        self.disk = Disk(self.node)
        self.node.writer._disk = self.disk
        self.node.begin()
        for command in line:
            assert isinstance(self.ask(command)[0], Written)
        self.heard.clear()

    def ask(self, *commands: Command) -> list[Outcome]:
        """Ask for commands in one batch and list the replies so far."""
        replies: list[Outcome] = []
        self.node.writer.write(
            [Asked(command=one, reply=replies.append) for one in commands]
        )
        return replies

    def run(self, **span: float) -> Instant | None:
        """Let time pass and do what is due."""
        self.clock.now += Duration(**span)
        return self.node.writer.run_due()

    def rang(self) -> list[str]:
        """List the calls that rang, in order."""
        return [
            entry.act.call
            for written in self.heard
            for entry in written.entries
            if isinstance(entry.act, Rang)
        ]

    def recorded(self) -> list[str]:
        """List the types of the acts in the log."""
        log = self.node.log
        return [type(read_entry(p).act).__name__ for _, p in log.read(0, log.size)]


# --- one command that cannot be ---------------------------------------------------
@pytest.mark.parametrize("kind", [Kind.STOP, Kind.HOLD])
def test_a_stop_in_text_that_cannot_be_written_rings(kind: Kind) -> None:
    """Half a character from a broken client is replaced; the STOP is not refused."""
    post = Post()
    card = Card(what="convoy \ud83d here")
    (reply,) = post.ask(replace(stop("stop-1", kind), card=card))
    assert isinstance(reply, Written)
    assert post.rang() == ["stop-1"]
    call = post.node.picture.calls.get(CallId("stop-1"))
    assert call is not None
    assert call.card.what == "convoy \ufffd here"


def test_a_stop_of_a_megabyte_rings_and_is_recorded() -> None:
    """Somebody who pastes a whole document into a STOP gets through, cut short."""
    post = Post()
    long = Card(what="stop " * 200_000, why="\0\x1b[2J\u202e" * 1000)
    (reply,) = post.ask(replace(stop("stop-1"), card=long))
    assert isinstance(reply, Written)
    assert reply.is_durable
    log = post.node.log
    kept = [read_entry(payload).act for _, payload in log.read(0, log.size)]
    (card,) = (act.card for act in kept if isinstance(act, CallRaised))
    assert card == cut_card(long)
    assert len(card.what) < len(long.what)
    assert card.what.startswith("stop stop ")


def test_what_cannot_be_written_is_refused_alone() -> None:
    """A number that is none is refused; what was asked beside it is recorded."""
    post = Post()
    size = post.node.picture.size
    bad, good = post.ask(Enter(act=WallStepped(by_s=math.nan)), stop("stop-1"))
    assert isinstance(bad, Unwritable)
    assert isinstance(good, Written)
    assert good.first == size
    assert post.node.picture.size == post.node.log.size


def test_a_fault_of_ours_in_one_command_stops_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A rule that breaks on one command answers it, and every other call rings on."""
    post = Post()

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(rules._DECISIONS, Acknowledge, broken)
    size = post.node.picture.size
    first, second = post.ask(acknowledge("stop-1"), stop("stop-1"))
    assert isinstance(first, OurFault)
    assert "ZeroDivisionError" in first.what
    assert isinstance(second, Written)
    assert isinstance(post.node.writer.trouble, ZeroDivisionError)
    assert second.first == size


def test_a_call_that_cannot_be_advanced_is_tried_again_and_others_ring(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is due and breaks holds up nothing else that is due."""
    post = Post()
    post.ask(stop("stop-1"), stop("stop-2"))
    advance = rules._DECISIONS[Advance]

    def broken(picture: object, command: Advance, now: Instant) -> object:
        if command.waiting == "stop-1":
            raise ZeroDivisionError
        return advance(picture, command, now)  # type: ignore[arg-type]

    monkeypatch.setitem(rules._DECISIONS, Advance, broken)
    post.heard.clear()
    next_at = post.run(seconds=30)
    assert post.rang() == ["stop-2"]
    assert next_at == post.clock.now + TRY_AGAIN_AFTER
    monkeypatch.undo()
    post.run(seconds=1)
    assert "stop-1" in post.rang()


# --- what is answered when --------------------------------------------------------
@pytest.mark.parametrize("says", [FULL, "nothing"])
def test_saying_it_again_is_not_answered_before_it_is_durable(says: object) -> None:
    """The second of two equal commands is not told that all is well while it is not."""
    post = Post()
    post.disk.says = says
    warn = stop("warn-1", Kind.WARN)
    replies = post.ask(warn, warn)
    if says is FULL:
        assert [type(reply) for reply in replies] == [DiskFull, DiskFull]
        return
    assert replies == []
    post.disk.answers()
    post.node.writer.look_at_disk()
    assert [isinstance(reply, Written) for reply in replies] == [True, True]


def test_a_refusal_that_rests_on_what_was_lost_is_not_given() -> None:
    """Nobody is told that a call is over by a batch the disk then refuses."""
    post = Post()
    post.ask(stop("warn-1", Kind.WARN))
    post.disk.says = FULL
    replies = post.ask(acknowledge("warn-1"), acknowledge("warn-1"))
    assert [type(reply) for reply in replies] == [DiskFull, DiskFull]
    post.disk.says = "well"
    (reply,) = post.ask(acknowledge("warn-1"))
    assert isinstance(reply, Written)


def test_a_refused_stop_behind_a_silent_disk_is_refused_at_once() -> None:
    """Whoever is told to use voice is told now, not when the disk comes back."""
    post = Post(line=())
    post.disk.says = "nothing"
    (reply,) = post.ask(LINE[0], replace(stop("stop-1"), to_desk=None))
    assert isinstance(reply, UnknownDesk)
    assert "Use voice now" in reply.next


def test_a_command_refused_before_anything_else_is_refused_at_once() -> None:
    """Bad input alone does not wait for a disk."""
    post = Post()
    post.disk.says = "nothing"
    replies = post.ask(acknowledge("no such call"), stop("warn-1", Kind.WARN))
    assert len(replies) == 1


# --- time -------------------------------------------------------------------------
def test_a_clock_that_is_behind_moves_no_entry_back() -> None:
    """Every entry is at or after the one before it, whatever the clock says."""
    post = Post()
    post.ask(stop("stop-1"))
    last = post.node.picture.last_at()
    post.clock.now -= Duration(hours=1)
    post.ask(acknowledge("stop-1"))
    times = list(post.node.picture.times)
    assert times == sorted(times)
    assert post.node.picture.last_at() == last


def test_a_disk_that_refused_once_delays_no_ring_afterwards() -> None:
    """Once the disk is well again the next wake-up is the next ring, to the instant."""
    post = Post()
    post.ask(stop("stop-1"))
    post.disk.says = FULL
    post.ask(stop("warn-1", Kind.WARN))
    post.disk.says = "well"
    next_at = post.run(seconds=14.8)
    assert next_at == post.node.picture.next_due()


def test_a_step_of_the_wall_clock_is_told_once_the_disk_takes_it() -> None:
    """A jump that could not be recorded is not forgotten."""
    post = Post()
    post.disk.says = FULL
    post.ask(stop("stop-1"))

    def stepped() -> Reading:
        now = post.clock.now
        return Reading(at=now, wall=now + Duration(hours=1), error_s=None)

    post.clock.read = stepped  # type: ignore[method-assign]
    post.run(seconds=0)
    post.disk.says = "well"
    post.run(seconds=2)
    post.run(seconds=2)
    assert "WallStepped" in post.recorded()


@pytest.mark.parametrize("says", [FULL, "nothing"])
def test_whoever_saw_not_yet_recorded_hears_when_it_is(says: object) -> None:
    """The entry that says what was recorded late is heard, durable, at its index."""
    post = Post()
    post.disk.says = says
    post.ask(stop("stop-1"))
    post.disk.says = "well"
    post.disk.answers()
    post.run(seconds=2)
    (late,) = [w for w in post.heard if isinstance(w.entries[0].act, RecordedLate)]
    assert late.is_durable
    assert late.first is not None
    assert post.recorded()[late.first] == "RecordedLate"


def test_a_node_that_comes_up_on_a_full_disk_rings_what_was_ringing() -> None:
    """The rings in doubt leave, marked as not recorded, and are recorded later."""
    post = Post()
    post.ask(stop("stop-1"))
    post.heard.clear()
    post.disk.says = FULL
    post.node.begin()
    assert post.rang() == ["stop-1"]
    assert not post.heard[0].is_durable
    post.disk.says = "well"
    post.run(seconds=2)
    assert post.recorded().count("NodeStarted") == 1


# --- the end ----------------------------------------------------------------------
@pytest.mark.parametrize("says", [FULL, "nothing"])
def test_closing_records_what_rang_from_memory(says: object) -> None:
    """A node that is stopped while its disk is slow leaves no STOP out of the log."""
    post = Post()
    post.disk.says = says
    post.ask(stop("stop-1"))
    post.disk.says = "well"
    post.node.writer.close()
    assert post.recorded()[-1] == "RecordedLate"
    assert "CallRaised" in post.recorded()
    assert post.node.writer.is_recording
    assert post.disk.is_closed


def test_closing_on_a_disk_that_stays_full_ends_all_the_same() -> None:
    """What cannot be recorded keeps no node from being stopped."""
    post = Post()
    post.disk.says = FULL
    post.ask(stop("stop-1"))
    post.node.writer.close()
    assert post.disk.is_closed
    assert not post.node.writer.is_recording


def test_after_certainty_is_lost_everybody_is_answered_and_nothing_written() -> None:
    """A STOP under way rings, all else hears why, and nothing follows any more."""
    post = Post()
    lost = LostCertainty("Not ours any more.", state="Stopped.", next="Start again.")
    post.disk.says = "nothing"
    replies = post.ask(stop("warn-1", Kind.WARN), stop("stop-1"))
    assert post.rang() == ["stop-1"]
    post.disk.answers(lost)
    with pytest.raises(LostCertainty, match="Not ours"):
        post.node.writer.look_at_disk()
    assert [type(reply) for reply in replies] == [Written, NodeStopped]
    (later,) = post.ask(stop("stop-2"))
    assert isinstance(later, NodeStopped)
    assert "Not ours any more" in later.what
    post.node.writer.close()
    assert post.disk.is_closed
