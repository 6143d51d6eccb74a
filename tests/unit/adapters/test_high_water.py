"""The newest checkpoint survives what spoils a file."""

import errno

import pytest

from clearline.adapters.high_water import (
    SLOT_BYTES,
    CheckpointTooLong,
    HighWaterDamaged,
    HighWaterFile,
)
from clearline.service.ports import DiskFault
from faults.faulty_disk import FaultyDisk, Plan
from faults.tape import Loser


@pytest.fixture
def path(tmp_path):
    """Keep three checkpoints and return the file."""
    kept = HighWaterFile(tmp_path / "high-water")
    for number in range(3):
        kept.keep(b"checkpoint %d\n" % number)
    return tmp_path / "high-water"


def test_another_process_reads_the_newest(path):
    """What one process kept, the next one reads."""
    assert HighWaterFile(path).read() == b"checkpoint 2\n"


def test_every_flipped_bit_is_noticed(path):
    """One flipped bit spoils one slot, is said, and the other slot is read."""
    whole = path.read_bytes()
    newest = whole.index(b"checkpoint 2\n") // SLOT_BYTES
    for bit in range(0, len(whole) * 8, 53):  # odd: every place in a byte
        spoiled = bytearray(whole)
        spoiled[bit // 8] ^= 1 << bit % 8
        path.write_bytes(spoiled)
        kept = HighWaterFile(path)
        in_newest = bit // 8 // SLOT_BYTES == newest
        assert kept.read() == (b"checkpoint 1\n" if in_newest else b"checkpoint 2\n")
        assert kept.damage is not None


def test_two_spoiled_slots_are_not_guessed_from(path):
    """Where neither slot can be read, that is said."""
    whole = bytearray(path.read_bytes())
    whole[100] ^= 1
    whole[SLOT_BYTES + 100] ^= 1
    path.write_bytes(whole)
    with pytest.raises(HighWaterDamaged):
        HighWaterFile(path).read()


@pytest.mark.parametrize("length", [0, 1, SLOT_BYTES - 1])
def test_a_file_cut_short_is_damaged(path, length):
    """A file that lost both slots is not taken for a first start."""
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(HighWaterDamaged):
        HighWaterFile(path).read()


def test_keeping_renews_a_spoiled_slot(path):
    """The next checkpoint goes over the spoiled slot, never over the sound one."""
    whole = bytearray(path.read_bytes())
    whole[whole.index(b"checkpoint 2\n")] ^= 1
    path.write_bytes(whole)
    kept = HighWaterFile(path)
    assert kept.read() == b"checkpoint 1\n"
    kept.keep(b"checkpoint 3\n")
    again = HighWaterFile(path)
    assert again.read() == b"checkpoint 3\n"
    assert again.damage is None
    assert b"checkpoint 1\n" in path.read_bytes()


def test_a_refused_write_leaves_the_one_before(tmp_path):
    """If the disk refuses, the older checkpoint is still read, and it goes on."""
    plan = Plan(tmp_path)
    kept = HighWaterFile(tmp_path / "high-water", disk=FaultyDisk(plan))
    kept.keep(b"checkpoint 0\n")

    def refuse(kind, _name):
        if kind == "write":
            raise OSError(errno.EIO, "refused")

    plan.rule = refuse
    with pytest.raises(DiskFault):
        kept.keep(b"checkpoint 1\n")
    assert HighWaterFile(tmp_path / "high-water").read() == b"checkpoint 0\n"
    plan.rule = lambda _kind, _name: None
    kept.keep(b"checkpoint 1\n")
    assert HighWaterFile(tmp_path / "high-water").read() == b"checkpoint 1\n"


@pytest.mark.parametrize("loss", ["drop", "keep", "some", "torn"])
def test_power_loss_never_takes_a_kept_checkpoint(tmp_path, loss):
    """At every boundary the newest promised checkpoint, or a newer one, is read."""
    plan = Plan(tmp_path / "node")
    plan.folder.mkdir()
    kept = HighWaterFile(plan.folder / "high-water", disk=FaultyDisk(plan))
    for number in range(8):
        kept.keep(b"checkpoint %d\n" % number)
        plan.tape.promise(number)
    loser = Loser(plan.tape)
    for boundary in range(len(plan.tape.effects) + 1):
        left = tmp_path / f"{boundary}"
        left.mkdir()
        loser.lay_out(boundary, loss, 3, left)
        promised = plan.tape.promised_by(boundary)
        found = HighWaterFile(left / "high-water").read()
        if promised is not None:
            assert found is not None
            assert int(found.split()[1]) >= promised


def test_a_checkpoint_too_long_for_a_slot_is_refused(path):
    """A slot is never overrun; the checkpoint before it stands."""
    with pytest.raises(CheckpointTooLong):
        HighWaterFile(path).keep(b"x" * SLOT_BYTES)
    assert HighWaterFile(path).read() == b"checkpoint 2\n"
