"""What is written is there whole, or the old file is."""

import errno
import stat

import pytest

from clearline.adapters.files import make_private_folder, write_whole
from clearline.service.ports import DiskFault, DiskFull, DiskReadOnly
from faults.faulty_disk import FaultyDisk, Plan
from faults.tape import Loser


@pytest.fixture
def plan(tmp_path):
    """Plan faults for a folder."""
    (tmp_path / "folder").mkdir()
    return Plan(tmp_path / "folder")


def test_a_file_is_replaced_whole(plan):
    """The new content stands in place of the old, and nothing is left aside."""
    path = plan.folder / "file"
    for content in (b"old content", b"new"):
        write_whole(path, content, mode=0o640)
        assert path.read_bytes() == content
    assert [item.name for item in plan.folder.iterdir()] == ["file"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("loss", ["drop", "keep", "some", "torn"])
def test_power_loss_leaves_the_old_or_the_new_file(plan, loss, tmp_path):
    """At every boundary a reader finds one of the two, whole."""
    path, contents = plan.folder / "file", (b"old" * 1000, b"new" * 2000)
    disk = FaultyDisk(plan)
    for number, content in enumerate(contents):
        write_whole(path, content, disk=disk)
        plan.tape.promise(number)
    loser = Loser(plan.tape)
    for boundary in range(len(plan.tape.effects) + 1):
        left = tmp_path / f"{boundary}"
        left.mkdir()
        loser.lay_out(boundary, loss, 1, left)
        promised = plan.tape.promised_by(boundary)
        if promised is None and not (left / "file").exists():
            continue
        assert (left / "file").read_bytes() in contents[promised or 0 :]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EROFS, DiskReadOnly),
        (errno.EACCES, DiskReadOnly),
        (errno.EIO, DiskFault),
    ],
)
@pytest.mark.parametrize("kind", ["write", "sync", "rename", "folder"])
def test_a_refusal_is_named_and_leaves_a_whole_file(plan, kind, number, expected):
    """Whatever refuses, and wherever: a named error, and no half file."""
    path = plan.folder / "file"
    write_whole(path, b"old")

    def refuse(at, _name):
        if at == kind:
            raise OSError(number, "refused")

    plan.rule = refuse
    with pytest.raises(expected, match="writing"):
        write_whole(path, b"new", disk=FaultyDisk(plan))
    assert path.read_bytes() == (b"new" if kind == "folder" else b"old")
    assert [item.name for item in plan.folder.iterdir()] == ["file"]


def test_a_folder_is_made_private_and_kept(tmp_path):
    """A folder we make is ours alone; one that is there is left as it is."""
    make_private_folder(tmp_path / "a" / "b")
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700
    (tmp_path / "c").mkdir(mode=0o755)
    (tmp_path / "c").chmod(0o755)
    make_private_folder(tmp_path / "c")
    assert stat.S_IMODE((tmp_path / "c").stat().st_mode) == 0o755
