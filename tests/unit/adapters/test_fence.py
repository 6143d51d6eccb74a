"""One node at a time on a folder."""

import os
import subprocess
import sys

import pytest

from clearline.adapters.fence import LOCK_FILE, AlreadyRunning, Fence
from clearline.service.ports import StoreRefused


def test_a_second_node_is_refused_and_told_who_runs(tmp_path):
    """The error names the process that holds the folder."""
    fence = Fence(tmp_path)
    with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"):
        Fence(tmp_path)
    fence.let_go()
    Fence(tmp_path).let_go()


def test_letting_go_twice_does_not_take_anothers_folder(tmp_path):
    """Closing again does nothing to whoever holds the folder by then."""
    fence = Fence(tmp_path)
    fence.let_go()
    other = Fence(tmp_path)
    fence.let_go()
    with pytest.raises(AlreadyRunning):
        Fence(tmp_path)
    other.let_go()


def test_a_killed_node_lets_go(tmp_path):
    """However a process ends, the folder can be taken again."""
    code = (
        "import os, signal, sys; from pathlib import Path;"
        "from clearline.adapters.fence import Fence;"
        "fence = Fence(Path(sys.argv[1])); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert done.returncode == -9
    assert (tmp_path / LOCK_FILE).exists()
    Fence(tmp_path).let_go()


def test_a_folder_that_is_not_there_is_named(tmp_path):
    """A lock that cannot be taken is an error of the disk, with its path."""
    with pytest.raises(StoreRefused, match="nowhere"):
        Fence(tmp_path / "nowhere")
