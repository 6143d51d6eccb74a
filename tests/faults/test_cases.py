"""A case on its worst days: nothing of it is lost, and none is half there."""

import errno
import itertools
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from clearline.model.case_acts import CustodyLogged
from clearline.model.casework import Audience
from clearline.model.instants import Duration
from clearline.record.dossier import gather, redact
from clearline.record.folder import write_bundle
from clearline.service.ports import DiskFault, DiskFull, DiskReadOnly, StoreRefused
from faults.casework import STEPS, begin, is_taken, stands, take
from faults.desks import Dial, open_desks
from faults.faulty_disk import FaultyDisk, FaultyVfs, Plan, obey
from faults.nodes import START
from faults.tape import Loser, Tape
from founding import case

TESTS = Path(__file__).parent.parent


def opened(folder, clock=None, **equipment):
    """Open a node and load everything."""
    node = open_desks(folder, clock=clock or Dial(), heard=[], **equipment)
    node.begin()
    node.load_notices()
    return node


def record(folder: Path) -> tuple[Tape, list[dict[str, object]]]:
    """Keep a case on a recording disk; promise each step as it is answered."""
    plan = Plan(folder)
    vfs = FaultyVfs(plan)
    node = opened(folder, vfs=vfs.vfs_name, disk=FaultyDisk(plan))
    begin(node)
    states = [stands(node)]
    for done, step in enumerate(STEPS, start=1):
        assert is_taken(take(node, step)), step
        states.append(stands(node))
        plan.tape.promise(done)
    node.close()
    return plan.tape, states


def is_look(step) -> bool:
    """Say whether a step is a look at an attachment."""
    command, _ = step
    return isinstance(getattr(command, "act", None), CustodyLogged)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Record the case once."""
    return record(tmp_path_factory.mktemp("case") / "node")


def test_each_step_leaves_something_of_its_own(kept):
    """So that a lost step would be seen."""
    _, states = kept
    for before, after in itertools.pairwise(states):
        assert before != after


@pytest.mark.parametrize("loss", ["keep", "drop", "some"])
def test_before_and_after_every_effect_a_case_is_whole(kept, loss, tmp_path):
    """Killed, or without power, at any boundary: what was answered stands.

    What stands is what some whole number of steps leaves, a sealed name with its
    statement and a harm report with its case and hold. Said again, those change
    nothing, and the others bring the rest. (Only a look at an attachment is logged
    each time.)
    """
    tape, states = kept
    loser = Loser(tape)
    for boundary in range(len(tape.effects) + 1):
        folder = tmp_path / f"{boundary}"
        folder.mkdir(mode=0o700)
        loser.lay_out(boundary, loss, 5, folder)
        promised = tape.promised_by(boundary) or 0
        node = opened(folder, Dial(START + Duration(hours=1)))
        found = stands(node)
        assert found in states[promised:], f"lost or half at boundary {boundary}"
        if boundary % 10 == 0 and promised:
            done = states.index(found)
            again = [step for step in STEPS[:done] if not is_look(step)]
            assert all(is_taken(take(node, step)) for step in again)
            assert stands(node) == found
            assert all(is_taken(take(node, step)) for step in STEPS[done:])
            assert stands(node) == states[-1]
        node.close()


@pytest.mark.parametrize("steps", [1, 6, 15])
def test_kill_9_leaves_every_step_that_was_answered(kept, steps, tmp_path):
    """A process killed at any moment left all it had said it keeps."""
    _, states = kept
    folder = tmp_path / "node"
    path = os.pathsep.join([str(TESTS), str(TESTS.parent / "src")])
    with subprocess.Popen(
        [sys.executable, str(TESTS / "faults" / "keeping_node.py"), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    ) as child:
        assert child.stdout is not None
        said = [int(child.stdout.readline()) for _ in range(steps)][-1]
        child.send_signal(signal.SIGKILL)
    assert said == steps
    node = opened(folder)
    assert stands(node) in states[steps:]
    node.close()


@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EROFS, DiskReadOnly),
        (errno.EIO, DiskFault),
    ],
)
def test_on_a_disk_that_refuses_a_step_changes_nothing_and_can_be_said_again(
    number, refusal, tmp_path
):
    """Each step is refused by name, leaves the case as it was, and then is taken."""
    plan = Plan(tmp_path / "node")
    vfs = FaultyVfs(plan)
    node = opened(plan.folder, vfs=vfs.vfs_name, disk=FaultyDisk(plan))
    begin(node)

    def refuse(kind, name):
        if kind in ("write", "sync") and "ledger" in name:
            raise OSError(number, "refused")

    for step in STEPS:
        before = stands(node)
        plan.rule = refuse
        assert isinstance(take(node, step), refusal), step
        assert stands(node) == before
        plan.rule = obey
        node.writer.look_at_disk()
        assert is_taken(take(node, step)), step
        assert stands(node) != before
    last = stands(node)
    node.close()
    again = opened(plan.folder)
    assert stands(again) == last
    again.close()


@pytest.mark.parametrize("fails_at", ["write_bytes", "write_text", "rename"])
def test_a_report_is_written_whole_or_not_at_all(fails_at, monkeypatch, tmp_path):
    """A disk that is full half way leaves no folder, and nothing beside it."""
    shown = redact(gather(case()), Audience.PARTIES)

    def full(*_args, **_more):
        raise OSError(errno.ENOSPC, "no room")

    with monkeypatch.context() as patched:
        patched.setattr(Path, fails_at, full)
        with pytest.raises(StoreRefused):
            write_bundle(tmp_path / "out", shown)
    assert list(tmp_path.iterdir()) == []
    done = write_bundle(tmp_path / "out", shown)
    assert [one.name for one in tmp_path.iterdir()] == ["out"]
    assert done.files == len([one for one in done.place.rglob("*") if one.is_file()])
