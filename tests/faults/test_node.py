"""A whole node on its worst days: power loss, kill -9, full disk, wrong clocks."""

import errno
import itertools
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from clearline.compose.node import open_node
from clearline.ledger.audit import AuditRow, audit
from clearline.model.calls import CallId, Kind
from clearline.model.entries import Rang, RecordedLate, WallStepped
from clearline.model.instants import Duration
from clearline.picture.picture import SHELVES, fold
from clearline.service.ports import DiskFault, DiskFull, DiskReadOnly, Reading
from clearline.service.writer import NotNow, Written
from clearline.wire.entries import read_entry
from faults.desks import LINE, Dial, acknowledge, ask, open_desks, stop
from faults.faulty_disk import FaultyDisk, FaultyVfs, Plan, obey
from faults.nodes import ORIGIN, START
from faults.tape import Loser, Tape

TESTS = Path(__file__).parent.parent
KILLED_AFTER = (1, 7, 40)


def rang(heard) -> set[str]:
    """List the calls that rang in what was heard."""
    return {
        entry.act.call
        for written in heard
        for entry in written.entries
        if isinstance(entry.act, Rang)
    }


def as_logged(node):
    """Fold the node's own log from its first entry."""
    return fold(read_entry(said) for _, said in node.log.read(0, node.log.size))


def record_calls(folder: Path) -> Tape:
    """Let a node raise and answer calls; promise each one as it is answered."""
    plan = Plan(folder)
    vfs = FaultyVfs(plan)
    clock, promised = Dial(), []
    for day in range(2):
        node = open_desks(
            folder,
            clock=clock,
            heard=[],
            vfs=vfs.vfs_name,
            disk=FaultyDisk(plan),
        )
        node.begin()
        ask(node, *LINE)
        for number in range(4):
            call = f"day-{day}-call-{number}"
            for command in (stop(call), acknowledge(call))[: 1 + number % 2]:
                (reply,) = ask(node, command)
                assert isinstance(reply, Written)
                assert reply.is_durable
                promised.append((call, isinstance(command, type(acknowledge(call)))))
                plan.tape.promise(tuple(promised))
            clock.now += Duration(seconds=9)
            node.writer.run_due()
        node.close()
    return plan.tape


@pytest.fixture(scope="module")
def calls_tape(tmp_path_factory):
    """Record the calls once."""
    return record_calls(tmp_path_factory.mktemp("calls") / "node")


@pytest.mark.parametrize("loss", ["drop", "some"])
def test_power_loss_at_any_boundary_loses_no_answered_call(calls_tape, loss, tmp_path):
    """What was answered stands after restart, and what is due rings at once."""
    loser = Loser(calls_tape)
    for boundary in range(len(calls_tape.effects) + 1):
        folder = tmp_path / f"{boundary}"
        folder.mkdir(mode=0o700)
        loser.lay_out(boundary, loss, 11, folder)
        promised = calls_tape.promised_by(boundary) or ()
        heard = []
        node = open_desks(folder, clock=Dial(START + Duration(hours=1)), heard=heard)
        node.begin()
        node.load_notices()
        for call, is_acknowledged in promised:
            found = node.picture.calls.get(CallId(call))
            assert found is not None, f"{call} lost at boundary {boundary}"
            assert bool(found.acknowledgements) or not is_acknowledged
        still_open = {call.id for call in node.picture.open_calls()}
        assert rang(heard) == still_open, f"silent at boundary {boundary}"
        again = as_logged(node)
        for name in SHELVES:
            assert list(getattr(again, name).values()) == list(
                getattr(node.picture, name).values()
            )
        node.close()


@pytest.mark.parametrize("lines", KILLED_AFTER)
def test_kill_9_loses_no_answered_call_and_what_is_due_rings(lines, tmp_path):
    """A process killed at any moment left everything it had answered."""
    folder = tmp_path / "node"
    command = [sys.executable, str(TESTS / "faults" / "answering_node.py"), str(folder)]
    path = os.pathsep.join([str(TESTS), str(TESTS.parent / "src")])
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    ) as child:
        assert child.stdout is not None
        said = [line.strip() for line in itertools.islice(child.stdout, lines)]
        child.send_signal(signal.SIGKILL)
        said += [line.strip() for line in child.stdout]
    heard = []
    node = open_desks(folder, clock=Dial(START + Duration(days=36500)), heard=heard)
    node.begin()
    assert rang(heard) == {call.id for call in node.picture.open_calls()}
    for line in said:
        *acknowledged, name = line.split()
        call = node.picture.calls.get(CallId(name))
        assert call is not None
        assert call.acknowledgements or not acknowledged
    report = audit(
        (
            AuditRow(
                index=index,
                commitment=row.commitment,
                salt=row.salt,
                envelope=row.envelope,
            )
            for index, row in enumerate(node.store.rows(0, node.log.size))
        ),
        checkpoint=node.log.checkpoint(),
        keys=[node.log.key],
    )
    node.close()
    assert report.ok, report.problems


@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EROFS, DiskReadOnly),
        (errno.EIO, DiskFault),
    ],
)
def test_on_a_disk_that_refuses_a_stop_rings_and_is_recorded_afterwards(
    number, refusal, tmp_path
):
    """Full, read-only or faulty: STOP rings, all else is refused by name."""
    plan = Plan(tmp_path / "node")
    vfs, clock, heard = FaultyVfs(plan), Dial(), []
    node = open_desks(
        plan.folder,
        clock=clock,
        heard=heard,
        vfs=vfs.vfs_name,
        disk=FaultyDisk(plan),
    )
    node.begin()
    ask(node, *LINE)

    def refuse(kind, name):
        if kind in ("write", "sync") and "ledger" in name:
            raise OSError(number, "refused")

    plan.rule = refuse
    (warned,) = ask(node, stop("warn-1", Kind.WARN))
    assert isinstance(warned, refusal)
    (rung,) = ask(node, stop("stop-1"))
    assert isinstance(rung, Written)
    assert not rung.is_durable
    assert "stop-1" in rang(heard)
    (later,) = ask(node, acknowledge("stop-1"))
    assert isinstance(later, NotNow)
    plan.rule = obey
    clock.now += Duration(seconds=2)
    node.writer.run_due()
    (had,) = ask(node, acknowledge("stop-1"))
    assert isinstance(had, Written)
    node.close()
    again = open_desks(plan.folder, clock=clock, heard=[])
    acts = [read_entry(said).act for _, said in again.log.read(0, again.log.size)]
    again.close()
    (late,) = [act for act in acts if isinstance(act, RecordedLate)]
    assert late.calls == ("stop-1",)
    names = [type(act).__name__ for act in acts]
    assert names.index("CallRaised") < names.index("RecordedLate")
    assert names.index("RecordedLate") < names.index("Acknowledged")


def test_a_call_that_was_ringing_rings_at_once_after_a_restart(tmp_path):
    """Nobody knows whether a ring left before the node went down, so it rings."""
    clock, heard = Dial(), []
    first = open_desks(tmp_path / "node", clock=clock, heard=[])
    first.begin()
    ask(first, *LINE, stop("ringing"), stop("held"), acknowledge("held"))
    first.close()
    clock.now += Duration(seconds=1)
    again = open_desks(tmp_path / "node", clock=clock, heard=heard)
    again.begin()
    assert rang(heard) == {"ringing"}
    again.close()


class Jumping(Dial):
    """Tell node time rightly and a wall time that is off by what a test says."""

    def __init__(self) -> None:
        super().__init__()
        self.off = Duration(0)

    def read(self) -> Reading:
        """Read both."""
        return Reading(at=self.now, wall=self.now + self.off, error_s=None)


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_wall_clock_that_jumps_moves_no_ring(hours, tmp_path):
    """An hour forward or back is an entry; what is due stays due when it was."""
    clock, heard = Jumping(), []
    node = open_desks(tmp_path / "node", clock=clock, heard=heard)
    node.begin()
    ask(node, *LINE, stop("stop-1"))
    due = node.picture.next_due()
    heard.clear()
    clock.off = Duration(hours=hours)
    clock.now += Duration(seconds=14)
    node.writer.run_due()
    node.writer.run_due()
    (stepped,) = [entry.act for written in heard for entry in written.entries]
    assert stepped == WallStepped(by_s=hours * 3600.0)
    assert node.picture.next_due() == due
    clock.now += Duration(seconds=1)
    node.writer.run_due()
    assert rang(heard) == {"stop-1"}
    node.close()


def test_a_clock_behind_the_log_starts_from_the_log(tmp_path):
    """A restart with the wall clock an hour back never writes before what stands."""
    ahead = Dial(START + Duration(days=40_000))
    first = open_desks(tmp_path / "node", clock=ahead, heard=[])
    first.begin()
    ask(first, *LINE, stop("stop-1"))
    first.close()
    heard = []
    node = open_node(
        tmp_path / "node", hear=heard.append, origin=ORIGIN, is_threaded=False
    )
    node.begin()
    assert node.clock.read().at >= ahead.now
    assert list(node.picture.times) == sorted(node.picture.times)
    node.close()
