"""A node that dies while it takes a file in leaves nothing half."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from clearline.model.notice_acts import NoticeFiled
from clearline.wire.entries import read_entry
from faults.importing import AT_ALL, opened

TESTS = Path(__file__).parent.parent


def _killed_after(folder: Path, filed: int) -> int:
    """Kill a node once it has filed so many rows; returns what it said last."""
    path = os.pathsep.join([str(TESTS.parent / "src"), str(TESTS)])
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "faults.importing_node", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
    ) as node:
        last = 0
        for line in node.stdout:
            assert line.strip() != "done", "it was over before it was killed"
            last = int(line) if line.strip().isdecimal() else last
            if last >= filed:
                node.send_signal(signal.SIGKILL)
                break
    return last


def _filed(node) -> Counter:
    acts = [read_entry(said).act for _, said in node.log.read(0, node.log.size)]
    return Counter(act.notice for act in acts if isinstance(act, NoticeFiled))


@pytest.mark.parametrize("filed", [1, 90])
def test_a_file_taken_whole_goes_on_after_a_kill_and_every_row_stands_once(
    filed, tmp_path
):
    """All or nothing: what had begun is finished, and nothing is filed twice."""
    last = _killed_after(tmp_path, filed)
    node, imports = opened(tmp_path)
    try:
        before = _filed(node)
        assert last <= len(before) < AT_ALL
        imports.resume()
        (one,) = imports._known.values()
        while one.ended_at is None:
            time.sleep(0.01)  # it is filed beside; nothing tells when it is done
        found = _filed(node)
        assert (len(found), set(found.values())) == (AT_ALL, {1})
        assert (one.state, one.refusals) == ("done", [])
        assert imports._shelf.values("import/") == {}
    finally:
        imports.close()
        node.runner.stop()
        node.close()
