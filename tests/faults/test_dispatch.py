"""A node killed between any two effects rings, after it, whatever may not have rung."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from clearline.compose.node import open_node
from faults.nodes import ORIGIN
from faults.ringing_node import EFFECTS

TESTS = Path(__file__).parent.parent


def run(folder, effect="never", count=1):
    """Run the node to its cut or its end; return what it said."""
    path = os.pathsep.join([str(TESTS), str(TESTS.parent / "src")])
    done = subprocess.run(
        [
            sys.executable,
            str(TESTS / "faults" / "ringing_node.py"),
            str(folder),
            effect,
            str(count),
        ],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )
    said = {"rang": [], "answered": [], "had": []}
    for line in done.stdout.splitlines():
        what, call = line.split()
        said[what].append(call)
    return said, done.returncode


def calls_of(folder):
    """List the calls the log knows, and those of them that ring."""
    node = open_node(
        folder, origin=ORIGIN, hear=lambda _written: None, is_threaded=False
    )
    known = {call.id: call.is_ringing for call in node.picture.calls.values()}
    node.abandon()
    return set(known), {call for call, is_ringing in known.items() if is_ringing}


@pytest.mark.parametrize("count", [2, 10])
@pytest.mark.parametrize("effect", EFFECTS)
def test_whatever_may_not_have_rung_rings_after_a_kill(effect, count, tmp_path):
    """Before and after each effect: what rings in the log is rung after the restart."""
    folder = tmp_path / "node"
    before, status = run(folder, effect, count)
    known, ringing = calls_of(folder)
    assert set(before["answered"]) <= known
    after, _ = run(folder)
    assert ringing <= set(after["rang"])
    assert (status == 0) == (effect in ("ring", "rung") and count == 10)
