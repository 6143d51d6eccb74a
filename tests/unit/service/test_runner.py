"""What the runner promises, with its real threads and no sleeping.

The disk answers when a test lets it, the clock moves when a test moves it, and a test
waits for what it expects and for nothing else.
"""

import queue
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from clearline.compose.node import Node, memory_node
from clearline.model.calls import CallId, Kind
from clearline.model.calls import Line as CheckedLine
from clearline.model.commands import Command, RaiseCall, SetLine
from clearline.model.entries import Acknowledged, CallRaised, Rang
from clearline.model.errors import LostCertainty
from clearline.model.instants import Duration, Instant
from clearline.model.parties import Actor, DeskId, Medium, PartyId, Strength
from clearline.service.log import Prepared
from clearline.service.ports import Reading
from clearline.service.runner import HELD_BACK_FOR, MOST_OF_ONE
from clearline.service.writer import (
    MOST_DUE_AT_ONCE,
    Asked,
    NodeStopped,
    NotNow,
    Outcome,
    Written,
)
from faults.desks import LINE, acknowledge, stop
from faults.nodes import ORIGIN, START, CountedChance

PATIENT_S = 30.0
"""How long a test waits for what must come; only a failure ever takes so long."""


class Hand:
    """Tell the time a test sets, to any thread."""

    def __init__(self) -> None:
        self._now = START

    def read(self) -> Reading:
        """Read it."""
        return Reading(at=self._now, wall=self._now, error_s=None)

    def moves(self, by: Duration) -> None:
        """Move it."""
        self._now += by


class Gate:
    """Be a disk that answers while its gate is open."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._lock = threading.Lock()
        self._owed: list[tuple[Prepared, Future[None]]] = []
        self._is_open = True
        self.began = threading.Event()

    def begin(self, prepared: Prepared) -> "Future[None]":
        """Store now, or once the gate opens."""
        writing: Future[None] = Future()
        with self._lock:
            self._owed.append((prepared, writing))
            if self._is_open:
                self._answer(None)
        self.began.set()
        return writing

    def wait(self, writing: "Future[None]", patience: Duration) -> bool:
        """Let the 50 ms of a STOP pass in no time; wait longer for the gate."""
        if patience > Duration(seconds=1):
            writing.exception(PATIENT_S)
        return writing.done()

    def shuts(self) -> None:
        """Answer nothing from now on."""
        with self._lock:
            self._is_open = False
            self.began.clear()

    def opens(self, said: BaseException | None = None) -> None:
        """Answer what is owed, and everything from now on."""
        with self._lock:
            self._is_open = True
            self._answer(said)

    def _answer(self, said: BaseException | None) -> None:
        owed, self._owed = self._owed, []
        for prepared, writing in owed:
            if said is not None:
                writing.set_exception(said)
                continue
            self._node.log.store(prepared)
            writing.set_result(None)

    def close(self) -> None:
        """Let go."""


def from_south(call: str, kind: Kind = Kind.STOP) -> RaiseCall:
    """Let the other desk raise a call, at its own people."""
    by = Actor(party=PartyId("south"), desk=DeskId("s"), strength=Strength.DEVICE_ONLY)
    return replace(stop(call, kind), by=by)


class Post:
    """A running node with two desks, its disk, its clock and everything heard."""

    def __init__(self) -> None:
        self.heard: queue.Queue[Written] = queue.Queue()
        self.clock = Hand()
        self.node = memory_node(
            ORIGIN, hear=self.heard.put, clock=self.clock, chance=CountedChance()
        )
        self.disk = Gate(self.node)
        self.node.writer._disk = self.disk
        self.node.begin()
        for command in LINE:
            self.writes(command)
        self.heard.queue.clear()
        self.runner = self.node.runner

    def writes(self, command: Command) -> None:
        """Have something recorded before the runner is started."""
        replies: list[Outcome] = []
        self.node.writer.write([Asked(command=command, reply=replies.append)])
        assert isinstance(replies[0], Written)

    def ask(self, command: Command) -> Written:
        """Ask and wait for the answer."""
        return self.runner.ask(command).result(PATIENT_S)

    def rings(self) -> str:
        """Wait for the next ring and say for which call."""
        while True:
            written = self.heard.get(timeout=PATIENT_S)
            for entry in written.entries:
                if isinstance(entry.act, Rang):
                    return entry.act.call


@pytest.fixture
def post() -> Iterator[Post]:
    """A node that is stopped when the test is over."""
    made = Post()
    yield made
    made.disk.opens()
    made.runner.stop()
    made.node.close()


def test_what_is_due_rings_before_anything_else_at_the_start(post: Post) -> None:
    """A runner's first act is the ring that is due, whatever waits to be asked."""
    post.writes(stop("stop-1"))
    post.heard.queue.clear()
    post.clock.moves(Duration(minutes=1))
    answer = post.runner.ask(stop("warn-1", Kind.WARN))
    post.runner.start()
    answer.result(PATIENT_S)
    assert post.rings() == "stop-1"


def test_an_answer_says_where_it_is_recorded(post: Post) -> None:
    """What the future gives can be read from the log at that index."""
    post.runner.start()
    written = post.ask(stop("stop-1"))
    assert written.is_durable
    assert written.first is not None
    assert written.first + len(written.entries) == post.node.log.size


def test_a_ring_leaves_when_it_is_due(post: Post) -> None:
    """A runner that waits goes to the earliest due instant by itself."""
    post.runner.start()
    post.ask(stop("stop-1"))
    assert post.rings() == "stop-1"
    due_at = post.node.picture.next_due()
    assert due_at is not None
    post.clock.moves(due_at - post.clock.read().at)
    post.ask(stop("stop-1"))  # said again: only wakes it, as this clock wakes nobody
    assert post.rings() == "stop-1"


def test_a_stop_asked_while_the_disk_hangs_rings_all_the_same(post: Post) -> None:
    """A STOP behind a batch that never lands rings, and says it is not recorded."""
    post.runner.start()
    post.disk.shuts()
    waits = post.runner.ask(stop("warn-1", Kind.WARN))
    assert post.disk.began.wait(PATIENT_S)
    written = post.ask(stop("stop-1"))
    assert not written.is_durable
    assert written.first is None
    assert post.rings() == "stop-1"
    assert not waits.done()
    post.disk.opens()
    assert waits.result(PATIENT_S).is_durable


def test_what_may_wait_is_held_back_and_then_refused(post: Post) -> None:
    """While the disk owes an answer others wait; after a while they are told so."""
    post.runner.start()
    post.disk.shuts()
    first = post.runner.ask(stop("warn-1", Kind.WARN))
    assert post.disk.began.wait(PATIENT_S)
    held = post.runner.ask(stop("warn-2", Kind.WARN))
    post.ask(stop("stop-1"))  # has passed it by
    assert not held.done()
    post.clock.moves(HELD_BACK_FOR + Duration(milliseconds=1))
    with pytest.raises(NotNow):
        held.result(PATIENT_S)
    assert not first.done()


def test_what_was_held_back_goes_on_when_the_disk_answers(post: Post) -> None:
    """A short silence of the disk refuses nobody."""
    post.runner.start()
    post.disk.shuts()
    answers = [post.runner.ask(stop(f"warn-{n}", Kind.WARN)) for n in range(5)]
    assert post.disk.began.wait(PATIENT_S)
    post.disk.opens()
    assert all(answer.result(PATIENT_S).is_durable for answer in answers)
    assert post.node.picture.size == post.node.log.size


def test_many_threads_ask_and_each_hears_its_own(post: Post) -> None:
    """Numbers are given once each, whoever asks at the same time."""
    post.runner.start()
    answers: dict[str, Future[Written]] = {}

    def asks(name: int) -> None:
        for number in range(25):
            call = f"call-{name}-{number}"
            answers[call] = post.runner.ask(stop(call, Kind.WARN))

    threads = [threading.Thread(target=asks, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENT_S)
    numbers = set()
    for call, answer in answers.items():
        raised = answer.result(PATIENT_S).entries[0].act
        assert isinstance(raised, CallRaised)
        assert raised.call == call
        numbers.add(raised.number)
    assert numbers == set(range(1, 101))


def test_a_refusal_reaches_who_asked(post: Post) -> None:
    """A command that is refused ends its future with the refusal."""
    post.runner.start()
    with pytest.raises(Exception, match="no such call"):
        post.ask(acknowledge("no such call"))
    assert post.ask(stop("stop-1")).is_durable


def test_a_listener_who_gives_up_stops_nothing(post: Post) -> None:
    """An answer nobody waits for any more is decided, and the runner goes on."""
    post.disk.shuts()
    answer = post.runner.ask(stop("warn-1", Kind.WARN))
    assert not answer.cancel()
    post.disk.opens()
    post.runner.start()
    assert answer.result(PATIENT_S).is_durable
    assert post.ask(stop("stop-1")).is_durable
    assert post.runner.failed is None


def test_an_instant_in_the_far_future_is_waited_for_in_steps(post: Post) -> None:
    """No thread is asked to wait for eight thousand years."""
    far = CheckedLine(
        from_desk=DeskId("n"),
        to_desk=DeskId("s"),
        medium=Medium.SCREEN,
        next_at=datetime(9999, 12, 31, tzinfo=UTC),
    )
    post.writes(SetLine(line=far))
    post.runner.start()
    assert post.ask(stop("warn-1", Kind.WARN)).is_durable
    post.ask(acknowledge("warn-1"))
    assert post.ask(stop("stop-2", Kind.WARN)).is_durable
    assert post.runner.failed is None


def test_a_stop_goes_before_the_rest_of_what_is_due(post: Post) -> None:
    """While hundreds of rings are due a STOP waits for one batch of them at most."""
    for number in range(300):
        post.writes(stop(f"warn-{number:03}", Kind.WARN))
    post.heard.queue.clear()
    post.clock.moves(Duration(hours=1))
    post.runner.ask(stop("stop-1"))
    post.runner.start()
    rung = [post.rings() for _ in range(301)]
    assert rung.index("stop-1") == MOST_DUE_AT_ONCE


def test_another_desks_stop_goes_before_a_floods_second_batch(post: Post) -> None:
    """Ten thousand of one desk wait: another's goes second, and all are taken."""
    flood = [post.runner.ask(stop(f"flood-{n}")) for n in range(10_000)]
    other = post.runner.ask(from_south("other"))
    post.runner.start()
    assert "other" in [post.rings() for _ in range(2)]
    assert other.result(60).is_durable
    assert all(one.result(120).entries for one in flood)


def test_an_answer_is_not_held_up_by_a_flood_of_stops(post: Post) -> None:
    """A batch of STOPs leaves room for "I have it", however many of them wait."""
    post.writes(stop("first"))
    flood = [post.runner.ask(stop(f"flood-{n}")) for n in range(2_000)]
    had = post.runner.ask(acknowledge("first"))
    post.heard.queue.clear()
    post.runner.start()
    assert had.result(60).is_durable
    assert flood[-1].result(60).is_durable
    acts = [entry.act for one in list(post.heard.queue) for entry in one.entries]
    rung = [act for act in acts if isinstance(act, Rang | Acknowledged)]
    place = next(at for at, act in enumerate(rung) if isinstance(act, Acknowledged))
    assert place <= MOST_OF_ONE


def test_what_is_due_of_one_desk_holds_up_no_other_desks(post: Post) -> None:
    """Hundreds of rings of one desk are due before one of another: it is rung first."""
    for number in range(300):
        post.writes(stop(f"warn-{number:03}", Kind.WARN))
    post.writes(from_south("late", Kind.WARN))
    post.heard.queue.clear()
    post.clock.moves(Duration(hours=1))
    post.runner.start()
    rung = [post.rings() for _ in range(301)]
    assert rung.index("late") <= 1


# --- stopping ---------------------------------------------------------------------
def test_stopping_finishes_what_was_asked(post: Post) -> None:
    """Whoever asked before the end has their answer after it."""
    answers = [post.runner.ask(stop(f"warn-{n}", Kind.WARN)) for n in range(600)]
    post.runner.start()
    post.runner.stop()
    assert all(answer.result(0).is_durable for answer in answers)


def test_stopping_answers_what_was_held_back_behind_a_slow_disk(post: Post) -> None:
    """What waits for a disk is answered before the runner is gone, one way or other."""
    post.runner.start()
    post.disk.shuts()
    first = post.runner.ask(stop("warn-1", Kind.WARN))
    assert post.disk.began.wait(PATIENT_S)
    held = post.runner.ask(stop("warn-2", Kind.WARN))
    stopping = threading.Thread(target=post.runner.stop)
    stopping.start()
    with pytest.raises(NotNow):
        held.result(PATIENT_S)
    post.disk.opens()
    assert first.result(PATIENT_S).is_durable
    stopping.join(PATIENT_S)
    assert not stopping.is_alive()


def test_who_asks_after_the_end_hears_so_at_once(post: Post) -> None:
    """A STOP that comes too late is not swallowed: its caller is told to use voice."""
    post.runner.start()
    post.runner.stop()
    with pytest.raises(NodeStopped) as told:
        post.runner.ask(stop("stop-1")).result(0)
    assert "Use voice now" in told.value.next


def test_a_runner_that_was_never_started_can_be_stopped(post: Post) -> None:
    """What was asked of it is answered as not done."""
    answer = post.runner.ask(stop("stop-1"))
    post.runner.stop()
    with pytest.raises(NodeStopped):
        answer.result(0)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_writer_that_fails_is_named_and_everybody_hears(post: Post) -> None:
    """`failed` says why; what waited is answered, and what comes later at once."""
    lost = LostCertainty("Not ours any more.", state="Stopped.", next="Start again.")
    post.runner.start()
    post.disk.shuts()
    waits = post.runner.ask(stop("warn-1", Kind.WARN))
    assert post.disk.began.wait(PATIENT_S)
    held = post.runner.ask(stop("warn-2", Kind.WARN))
    post.disk.opens(lost)
    for answer in (waits, held):
        with pytest.raises(NodeStopped, match="Not ours any more"):
            answer.result(PATIENT_S)
    post.runner._thread.join(PATIENT_S)
    assert post.runner.failed is lost
    with pytest.raises(NodeStopped, match="Not ours any more"):
        post.runner.ask(stop("stop-1")).result(0)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_stop_under_way_rings_although_certainty_is_lost(post: Post) -> None:
    """Whatever the disk says in the end, the STOP that was asked has rung."""
    lost = LostCertainty("Not ours any more.", state="Stopped.", next="Start again.")
    post.runner.start()
    post.disk.shuts()
    assert not post.ask(stop("stop-1")).is_durable
    assert post.rings() == "stop-1"
    post.disk.opens(lost)
    post.runner._thread.join(PATIENT_S)
    assert post.runner.failed is lost


# --- snapshots --------------------------------------------------------------------
def test_snapshots_are_kept_beside_the_writer(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keeping a snapshot happens in another thread, of a size that is durable."""
    monkeypatch.setattr("clearline.service.runner.SNAPSHOT_EVERY", 3)
    kept: queue.Queue[tuple[int, Instant, str]] = queue.Queue()

    def keeps(size: int) -> None:
        name = threading.current_thread().name
        kept.put((size, post.clock.read().at, name))

    post.runner._keep = keeps
    post.runner.start()
    for number in range(3):
        post.ask(stop(f"warn-{number}", Kind.WARN))
    size, _, name = kept.get(timeout=PATIENT_S)
    assert size <= post.node.log.size
    assert name.startswith("snapshots")
    assert post.node.picture.calls.get(CallId("warn-0")) is not None
