"""A replay's folder is whole or not there, and replaces nothing but its own."""

from pathlib import Path

import pytest

from clearline.replay.folder import (
    MARKER,
    PAGE,
    RESULT,
    NotOurs,
    ReplayFolder,
    require_ours,
)
from clearline.replay.result import Replay
from clearline.service.ports import StoreRefused
from days import DRILL, played


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    """Replay the drill once."""
    return played(DRILL, tmp_path_factory.mktemp("drill"), runs=2)


def make(place: Path, drill: Replay, page: str = "<p>") -> Path:
    """Make a folder of a replay."""
    with ReplayFolder(place) as folder:
        return folder.finish(drill, page)


def test_a_finished_folder_holds_result_page_and_receipts(
    tmp_path: Path, drill: Replay
) -> None:
    """Everything is there, and nothing half made beside it."""
    place = make(tmp_path / "deep" / "out", drill)
    assert (place / RESULT).read_bytes().startswith(b'{"format":"clearline-replay/1"')
    assert (place / PAGE).read_text() == "<p>"
    for ledger in drill.ledgers:
        for receipt in ledger.receipts:
            assert (place / receipt.file).read_text() == receipt.text
    assert [one.name for one in place.parent.iterdir()] == ["out"]


def test_a_folder_of_ours_is_replaced(tmp_path: Path, drill: Replay) -> None:
    """A second replay takes the place of the first."""
    make(tmp_path / "out", drill, "first")
    make(tmp_path / "out", drill, "second")
    assert (tmp_path / "out" / PAGE).read_text() == "second"
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


def test_a_folder_somebody_made_is_left_alone(tmp_path: Path, drill: Replay) -> None:
    """With or without our marker: what is not ours is never touched."""
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    with pytest.raises(NotOurs):
        make(mine, drill)
    ours = make(tmp_path / "out", drill)
    (ours / "notes.txt").write_text("mine")
    with pytest.raises(NotOurs, match=r"notes\.txt"):
        make(ours, drill)
    assert (mine / "thesis.txt").read_text() == "years of work"
    assert (ours / "notes.txt").read_text() == "mine"


def test_what_came_there_during_the_replay_is_left_alone(
    tmp_path: Path, drill: Replay
) -> None:
    """Somebody else's folder that appeared meanwhile is not replaced either."""
    place = tmp_path / "out"
    with ReplayFolder(place) as folder:
        place.mkdir()
        (place / "theirs").write_text("x")
        with pytest.raises(NotOurs):
            folder.finish(drill, "")
    assert (place / "theirs").read_text() == "x"
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


def test_an_empty_folder_may_be_used_and_a_link_may_not(
    tmp_path: Path, drill: Replay
) -> None:
    """Nothing is lost with an empty folder; a link leads who knows where."""
    (tmp_path / "empty").mkdir()
    make(tmp_path / "empty", drill)
    assert (tmp_path / "empty" / MARKER).is_file()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    with pytest.raises(NotOurs):
        require_ours(tmp_path / "link")


def test_a_replay_that_breaks_off_leaves_what_was_there(
    tmp_path: Path, drill: Replay
) -> None:
    """An error half way changes nothing and leaves no part behind."""
    make(tmp_path / "out", drill, "before")
    with pytest.raises(RuntimeError):
        _break_off(tmp_path / "out")
    assert (tmp_path / "out" / PAGE).read_text() == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


def _break_off(place: Path) -> None:
    with ReplayFolder(place) as folder:
        (folder.path / "half").write_text("x")
        raise RuntimeError


def test_a_disk_that_refuses_is_said_so(tmp_path: Path) -> None:
    """A file where a folder must be is told as what it is."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreRefused), ReplayFolder(tmp_path / "file" / "out"):
        pass
