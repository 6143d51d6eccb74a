"""What lies in a data folder, and what opening it makes and refuses."""

import stat

import pytest

from clearline.adapters.ballast import Ballast
from clearline.adapters.data_folder import (
    DataFolder,
    Equipment,
    open_folder,
)
from clearline.adapters.keys import OtherOrigin
from clearline.model.errors import BadInput
from faults.nodes import ORIGIN, START, payloads

SMALL = Equipment(ballast_bytes=2**16)


def test_a_first_start_makes_everything(tmp_path):
    """Folder, key, log, high water and ballast are there, and private."""
    folder = tmp_path / "a" / "node"
    opened = open_folder(folder, now=START, origin=ORIGIN, equipment=SMALL)
    opened.log.append(payloads(0, 1), now=START)
    opened.close()
    names = {str(path.relative_to(folder)) for path in folder.rglob("*")}
    assert names == {
        "node.lock",
        "ledger.sqlite",
        "high-water",
        "ballast",
        "keys",
        "keys/log.key",
        "keys/log.vkey",
    }
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("node.lock", "ledger.sqlite", "high-water", "ballast", "keys/log.key"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600, name


def test_the_origin_is_needed_once(tmp_path):
    """A log is named on first start, and known by its key afterwards."""
    folder = tmp_path / "node"
    with pytest.raises(OtherOrigin, match="no origin was named"):
        open_folder(folder, now=START, equipment=SMALL)
    open_folder(folder, now=START, origin=ORIGIN, equipment=SMALL).close()
    again = open_folder(folder, now=START, equipment=SMALL)
    assert again.log.origin == ORIGIN
    again.close()


def test_another_origin_is_refused(tmp_path):
    """A folder holds the log of one origin for ever."""
    folder = tmp_path / "node"
    open_folder(folder, now=START, origin=ORIGIN, equipment=SMALL).close()
    with pytest.raises(OtherOrigin, match="holds the log"):
        open_folder(
            folder, now=START, origin="south.example/line/exercise", equipment=SMALL
        )
    open_folder(folder, now=START, origin=ORIGIN, equipment=SMALL).close()


def test_a_refused_first_start_leaves_no_log(tmp_path):
    """An origin that names no realm makes no key and no log."""
    with pytest.raises(BadInput):
        open_folder(tmp_path / "node", now=START, origin="north", equipment=SMALL)
    assert not DataFolder(path=tmp_path / "node").has_log
    assert not DataFolder(path=tmp_path / "node").key.exists()


def test_the_ballast_really_takes_room(tmp_path):
    """What is held are blocks on the disk, not a promise of the file system."""
    ballast = Ballast(tmp_path, 2**20)
    assert not ballast.is_held
    assert ballast.take()
    assert ballast.take()
    assert (tmp_path / "ballast").stat().st_blocks * 512 >= 2**20
    assert ballast.give_up()
    assert not ballast.give_up()
    assert not (tmp_path / "ballast").exists()


def test_a_ballast_that_cannot_be_taken_is_no_error(tmp_path):
    """On a disk that is full already a node starts without."""
    ballast = Ballast(tmp_path, 2**62)
    assert not ballast.take()
    assert not (tmp_path / "ballast").exists()
