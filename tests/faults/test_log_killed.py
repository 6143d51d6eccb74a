"""Kill a node at any instant, start it again, and hold it to its word."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clearline.adapters.data_folder import DataFolder
from clearline.adapters.fence import AlreadyRunning
from clearline.adapters.verification import verify_path
from clearline.model.errors import LostCertainty
from clearline.service.log_faults import LogShorter
from faults.nodes import START, payload, payloads, start

HERE = Path(__file__).parents[1]
KILLS = 4


def run_and_kill(folder, promises):
    """Let a node append until it made so many promises; kill it; return the last."""
    node = subprocess.Popen(
        [sys.executable, "-m", "faults.appending_node", str(folder)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": f"{HERE}:{HERE.parent / 'src'}"},
        text=True,
    )
    assert node.stdout is not None
    promised = 0
    for _ in range(promises):
        promised = int(node.stdout.readline())
    node.kill()
    rest = node.stdout.read().splitlines()
    node.wait()
    node.stdout.close()
    return int(rest[-1]) if rest and rest[-1] else promised


def test_nothing_acknowledged_is_lost_to_kill_9(tmp_path):
    """Killed again and again on one folder, a node keeps every promise it made."""
    folder = tmp_path / "node"
    dice = random.Random(2016)  # noqa: S311 (a seed, so that a run can be repeated)
    for _ in range(KILLS):
        promised = run_and_kill(folder, dice.randrange(1, 60))
        node = start(folder)
        size = node.log.size
        assert size >= promised
        assert [said for _, said in node.log.read(0, size)] == payloads(0, size)
        node.close()
        assert verify_path(folder).ok


def killed(tmp_path):
    """Copy a node's folder in the middle of its work, as a kill would leave it."""
    node = start(tmp_path / "node")
    for number in range(40):
        node.log.append([payload(number)], now=START, is_urgent=True)
    copy = shutil.copytree(tmp_path / "node", tmp_path / "killed")
    node.close()
    return copy


def test_a_lost_journal_is_missed(tmp_path):
    """A journal that is gone took its entries along; that is noticed and bounded."""
    folder = killed(tmp_path)
    (folder / "ledger.sqlite-wal").unlink()
    with pytest.raises(LogShorter, match="entries 0 to 39 are missing"):
        start(folder)
    verdict = verify_path(folder)
    assert (verdict.ok, verdict.first_bad) == (False, 0)


@pytest.mark.parametrize("tenths", range(10))
def test_a_journal_cut_short_is_missed(tmp_path, tenths):
    """However much of the journal is left, what is missing is named."""
    folder = killed(tmp_path)
    journal = folder / "ledger.sqlite-wal"
    content = journal.read_bytes()
    journal.write_bytes(content[: len(content) * tenths // 10])
    with pytest.raises(LostCertainty, match=r"(are missing|counts)"):
        start(folder)
    verdict = verify_path(folder)
    assert not verdict.ok
    assert verdict.files[0].end == 40


def test_a_stray_journal_of_another_log_is_not_taken_in(tmp_path):
    """A journal that does not belong to its file does not become its content."""
    one, two = killed(tmp_path / "one"), killed(tmp_path / "two")
    shutil.copy(two / "ledger.sqlite-wal", one / "ledger.sqlite-wal")
    with pytest.raises(LostCertainty):
        start(one)


def test_a_node_is_not_started_twice_on_one_folder(tmp_path):
    """The second start is refused before it touches anything."""
    node = start(tmp_path / "node")
    with pytest.raises(AlreadyRunning):
        start(tmp_path / "node")
    node.log.append(payloads(0, 1), now=START)
    node.close()
    start(tmp_path / "node").close()


def test_a_lost_key_is_not_replaced(tmp_path):
    """A log whose key is gone is not begun anew under another key."""
    start(tmp_path / "node").close()
    DataFolder(path=tmp_path / "node").key.unlink()
    with pytest.raises(LostCertainty, match="no key"):
        start(tmp_path / "node")
