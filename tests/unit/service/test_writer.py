"""What the writer promises: durable first, STOP never waits, nothing half done."""

from concurrent.futures import Future
from pathlib import Path

import pytest

from clearline.compose.node import Node, memory_node, open_node
from clearline.model.calls import CallId, Kind
from clearline.model.commands import Command, Enter
from clearline.model.entries import (
    Rang,
    RecordedLate,
    SealedErased,
    WallStepped,
)
from clearline.model.instants import Duration
from clearline.model.parties import PersonId
from clearline.service.log import Prepared
from clearline.service.log_faults import NotErased
from clearline.service.ports import DiskFull, Reading
from clearline.service.writer import Asked, NotNow, Outcome, Written
from clearline.wire.entries import read_entry
from faults.desks import LINE, Dial, acknowledge, ask, stop
from faults.nodes import ORIGIN, CountedChance
from phone import NOON


class Parted(Dial):
    """Tell node time, and a wall time that has parted from it."""

    def __init__(self) -> None:
        super().__init__(NOON)
        self.apart_s = 0.0

    def read(self) -> Reading:
        """Read both."""
        wall = self.now + Duration(seconds=self.apart_s)
        return Reading(at=self.now, wall=wall, error_s=None)


class Moody:
    """Be a disk that answers, refuses, or says nothing, as a test says."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.mood = "well"
        self.waiting: list[tuple[Prepared, Future[None]]] = []

    def begin(self, prepared: Prepared) -> "Future[None]":
        """Store, refuse, or keep still."""
        writing: Future[None] = Future()
        if self.mood == "well":
            self._node.log.store(prepared)
            writing.set_result(None)
        elif self.mood == "full":
            writing.set_exception(self._full())
        else:
            self.waiting.append((prepared, writing))
        return writing

    def wait(self, writing: "Future[None]", patience: Duration) -> bool:
        """Say whether it answered; 50 ms pass in no time."""
        del patience
        return writing.done()

    def close(self) -> None:
        """Nothing is under way."""

    def comes_back(self, *, well: bool = True) -> None:
        """Answer what it owed."""
        self.mood = "well"
        for prepared, writing in self.waiting:
            if well:
                self._node.log.store(prepared)
                writing.set_result(None)
            else:
                writing.set_exception(self._full())
        self.waiting.clear()

    @staticmethod
    def _full() -> DiskFull:
        return DiskFull("The disk is full.", state="Nothing.", next="Free some.")


class Desk2:
    """A node with two parties on it, its disk and everything heard."""

    def __init__(self) -> None:
        self.heard: list[Written] = []
        self.clock = Parted()
        self.node = memory_node(
            ORIGIN, hear=self.heard.append, clock=self.clock, chance=CountedChance()
        )
        self.disk = Moody(self.node)
        self.node.writer._disk = self.disk
        self.node.begin()
        ask(self.node, *LINE)
        self.heard.clear()

    def ask(self, *commands: Command) -> list[Outcome]:
        """Ask for commands in one batch and list the replies so far."""
        return ask(self.node, *commands)


def recorded(node: Node) -> list[str]:
    """List the types of the acts in the log."""
    return [
        type(read_entry(payload).act).__name__
        for _, payload in node.log.read(0, node.log.size)
    ]


def test_an_answer_comes_after_the_entry_is_durable_and_in_the_tree() -> None:
    """What a reply says is recorded can be read from the log at that index."""
    desk = Desk2()
    (reply,) = desk.ask(stop("stop-1"))
    assert isinstance(reply, Written)
    assert reply.is_durable
    assert reply.first is not None
    assert recorded(desk.node)[reply.first] == "CallRaised"
    assert desk.node.picture.size == desk.node.log.size


def test_one_batch_may_hold_commands_that_follow_from_one_another() -> None:
    """A call raised and acknowledged in one batch is one durable append."""
    desk = Desk2()
    replies = desk.ask(stop("stop-1"), acknowledge("stop-1"))
    assert all(isinstance(reply, Written) for reply in replies)
    assert len(desk.heard) == 2


def test_a_refused_command_does_not_hold_up_its_batch() -> None:
    """Bad input in a batch is answered alone; the others are recorded."""
    desk = Desk2()
    replies = desk.ask(acknowledge("no-such-call"), stop("stop-1"))
    assert [isinstance(reply, Written) for reply in replies] == [False, True]


def test_a_full_disk_refuses_and_nothing_has_moved() -> None:
    """All but STOP and HOLD are refused, and the picture is as it was."""
    desk = Desk2()
    desk.disk.mood = "full"
    before = desk.node.picture.size
    (reply,) = desk.ask(stop("warn-1", Kind.WARN))
    assert isinstance(reply, DiskFull)
    assert desk.node.picture.size == before
    assert desk.node.picture.next_due() is None
    assert desk.heard == []


@pytest.mark.parametrize("mood", ["full", "silent"])
@pytest.mark.parametrize("kind", [Kind.STOP, Kind.HOLD])
def test_a_stop_rings_although_the_disk_does_not_take_it(mood: str, kind: Kind) -> None:
    """A STOP or HOLD rings from memory, and everybody is told it is not recorded."""
    desk = Desk2()
    desk.disk.mood = mood
    (reply,) = desk.ask(stop("stop-1", kind))
    assert isinstance(reply, Written)
    assert not reply.is_durable
    (heard,) = desk.heard
    assert any(isinstance(entry.act, Rang) for entry in heard.entries)
    assert not heard.is_durable


@pytest.mark.parametrize("mood", ["full", "silent"])
def test_everything_else_is_refused_until_the_disk_is_back(mood: str) -> None:
    """Even an acknowledgement waits: only STOP and HOLD go out unrecorded."""
    desk = Desk2()
    desk.disk.mood = mood
    desk.ask(stop("stop-1"))
    (reply,) = desk.ask(acknowledge("stop-1"))
    assert isinstance(reply, NotNow)
    (second,) = desk.ask(stop("stop-2"))
    assert isinstance(second, Written)


@pytest.mark.parametrize("mood", ["full", "silent"])
def test_an_unrecorded_stop_goes_on_ringing(mood: str) -> None:
    """The ladder climbs although the disk is away."""
    desk = Desk2()
    desk.disk.mood = mood
    desk.ask(stop("stop-1"))
    desk.heard.clear()
    desk.clock.now += Duration(seconds=15)
    desk.node.writer.run_due()
    rang = [
        entry.act
        for heard in desk.heard
        for entry in heard.entries
        if isinstance(entry.act, Rang)
    ]
    assert rang


@pytest.mark.parametrize("mood", ["full", "silent"])
@pytest.mark.parametrize("ends_well", [True, False])
def test_what_rang_from_memory_is_recorded_first_when_the_disk_returns(
    mood: str, *, ends_well: bool
) -> None:
    """The record has both times, says which calls, and comes before all else."""
    desk = Desk2()
    desk.disk.mood = mood
    desk.ask(stop("stop-1"))
    desk.clock.now += Duration(seconds=5)
    desk.ask(stop("stop-2"))
    rang = [len(heard.entries) for heard in desk.heard]
    desk.disk.comes_back(well=ends_well)
    desk.clock.now += Duration(seconds=3)
    desk.node.writer.run_due()
    desk.clock.now += Duration(seconds=2)
    desk.node.writer.run_due()
    (reply,) = desk.ask(acknowledge("stop-1"))
    assert isinstance(reply, Written)
    entries = [
        read_entry(payload) for _, payload in desk.node.log.read(0, desk.node.log.size)
    ]
    (late,) = [e.act for e in entries if isinstance(e.act, RecordedLate)]
    assert {"stop-1", "stop-2"} == set(late.calls)
    raised = [e for e in entries if type(e.act).__name__ == "CallRaised"]
    assert [e.act.call for e in raised] == ["stop-1", "stop-2"]
    assert raised[1].at == NOON + Duration(seconds=5)
    assert raised[1].recorded_at is not None
    assert raised[1].recorded_at > raised[1].at
    assert recorded(desk.node).index("Acknowledged") > entries.index(raised[1])
    assert [len(heard.entries) for heard in desk.heard[: len(rang)]] == rang
    assert desk.node.picture.size == desk.node.log.size


def test_a_stop_behind_a_hung_batch_rings_all_the_same() -> None:
    """A STOP never queues behind anything, a database included."""
    desk = Desk2()
    desk.disk.mood = "silent"
    waiting = desk.ask(stop("warn-1", Kind.WARN))
    assert waiting == []
    (reply,) = desk.ask(stop("stop-1"))
    assert isinstance(reply, Written)
    assert not reply.is_durable
    desk.disk.comes_back()
    desk.node.writer.run_due()
    assert len(waiting) == 1
    assert "RecordedLate" in recorded(desk.node)


def test_a_hung_batch_that_fails_at_last_takes_nothing_with_it() -> None:
    """What waited is refused, and the STOP rung meanwhile is kept and recorded."""
    desk = Desk2()
    desk.disk.mood = "silent"
    waiting = desk.ask(stop("warn-1", Kind.WARN))
    desk.ask(stop("stop-1"))
    desk.disk.comes_back(well=False)
    desk.clock.now += Duration(seconds=2)
    desk.node.writer.run_due()
    desk.clock.now += Duration(seconds=2)
    desk.node.writer.run_due()
    assert [type(reply) for reply in waiting] == [DiskFull]
    assert desk.node.picture.calls.get(CallId("warn-1")) is None
    assert "CallRaised" in recorded(desk.node)
    assert desk.node.picture.size == desk.node.log.size


@pytest.mark.parametrize("deaf", ["hear", "reply"])
def test_a_listener_that_fails_stops_nobody(deaf: str) -> None:
    """What it raises is kept; the call stands, and the next one rings."""
    line = Desk2()

    def fails(_: object) -> None:
        raise KeyError(deaf)

    if deaf == "hear":
        line.node.writer._hear = fails
        (said,) = line.ask(stop("s"))
        assert isinstance(said, Written)
    else:
        line.node.writer.write([Asked(command=stop("s"), reply=fails)])
        assert line.heard
    assert isinstance(line.node.writer.trouble, KeyError)
    line.node.writer._hear = line.heard.append
    line.heard.clear()
    (said,) = line.ask(stop("s2"))
    assert isinstance(said, Written)
    assert line.heard
    assert line.node.picture.calls.get(CallId("s")) is not None


@pytest.mark.parametrize(
    ("entry", "part"), [(0, "AA=="), (99, "AA=="), (-1, "AA=="), (0, "no base64")]
)
def test_erasing_what_no_entry_holds_is_refused_and_not_written(
    entry: int, part: str
) -> None:
    """A wrong index in the log stays: `verify` would fail over it for good."""
    line = Desk2()
    size = line.node.log.size
    act = SealedErased(entry=entry, part=part, rule="r", person=PersonId("duty"))
    (said,) = line.ask(Enter(act=act))
    assert isinstance(said, NotErased)
    assert line.node.log.size == size


def test_a_restart_finds_everything_and_rings_what_is_due(tmp_path: Path) -> None:
    """After a restart the picture is the same and what is due rings at once."""
    clock = Parted()
    first = open_node(
        tmp_path, origin=ORIGIN, hear=_deaf, clock=clock, is_threaded=False
    )
    first.begin()
    ask(first, *LINE, stop("stop-1"))
    calls = list(first.picture.calls.values())
    first.close()
    clock.now += Duration(seconds=40)
    heard: list[Written] = []
    second = open_node(tmp_path, hear=heard.append, clock=clock, is_threaded=False)
    assert list(second.picture.calls.values()) == calls
    second.begin()
    assert any(isinstance(e.act, Rang) for one in heard for e in one.entries)
    second.close()


def _deaf(written: Written) -> None:
    del written


def steps(desk: Desk2) -> list[float]:
    """List the steps of the wall clock that were written down, seconds."""
    return [
        entry.act.by_s
        for heard in desk.heard
        for entry in heard.entries
        if isinstance(entry.act, WallStepped)
    ]


def told_after(desk: Desk2, *apart_s: float) -> list[float]:
    """Let the wall clock part from node time so far, step by step."""
    for apart in apart_s:
        desk.clock.apart_s = apart
        desk.node.writer.run_due()
    return steps(desk)


@pytest.mark.parametrize("hours", [1, -1])
def test_an_hours_jump_is_written_down_once(hours: int) -> None:
    """A jump is an entry with its size and sign; so is the jump back."""
    jump = hours * 3600.0
    assert told_after(Desk2(), 0, jump, jump, 0) == [jump, -jump]


@pytest.mark.parametrize("apart_s", [0.0, 0.5, 1.0, -1.0])
def test_a_second_or_less_is_no_step(apart_s: float) -> None:
    """What a clock is corrected by every day is not written down."""
    assert told_after(Desk2(), apart_s) == []


def test_a_slow_drift_is_written_down_when_it_is_more_than_a_second() -> None:
    """Small corrections add up; together they are a step like any other."""
    told = told_after(Desk2(), *(tenth / 10 for tenth in range(1, 26)))
    assert told == [pytest.approx(1.1), pytest.approx(1.1)]
