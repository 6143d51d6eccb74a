"""Pull the plug between any two effects on the disk, and start again.

The workload is a node's first day in small: first start with its key, calls and
other entries one by one and in batches, a full hash tile, sealed parts and their
erasing, snapshots, a clean stop, another start. It is recorded once. Then the
power fails at every boundary between two effects, with all that was not synced
dropped, kept, kept in part, or torn by sectors; and a node starts on what is left.
"""

import hashlib

import msgspec
import pytest

from clearline.adapters.data_folder import DataFolder
from clearline.ledger.checkpoint import open_checkpoint
from clearline.ledger.text64 import encode64
from clearline.model.errors import LostCertainty
from clearline.service.ports import Snapshot
from contract.batches import part
from faults.faulty_disk import FaultyDisk, FaultyVfs, Plan
from faults.nodes import CountedChance, at, erasing, payloads, sealing, start
from faults.tape import Loser, Tape

LOSSES = ["drop", "keep", "some", "torn"]


def record_a_day(folder, synchronous: int = 2) -> tuple[Tape, list[bytes]]:
    """Run the workload on a recording disk; return the tape and all payloads."""
    plan = Plan(folder)
    vfs = FaultyVfs(plan)
    disk = FaultyDisk(plan)
    said: list[bytes] = []

    def append(log, batch, **rest):
        said.extend(batch)
        log.append(batch, now=at(len(said) / 10), **rest)
        plan.tape.promise(log.size)

    for turn in range(2):
        node = start(
            folder, vfs=vfs.vfs_name, disk=disk, chance=CountedChance(b"%d" % turn)
        )
        node.store._writer.pragma("synchronous", synchronous)
        plan.tape.promise(node.log.size)
        for number in range(6):
            append(node.log, payloads(len(said), 1 + number), is_urgent=number % 2 == 0)
        digest, sealed = part(b"a caller's name %d" % turn)
        named = len(said)
        append(node.log, [sealing(named, digest)], sealed={digest: sealed})
        data = bytes(20_000)
        node.store.save_snapshot(
            Snapshot(
                name="picture",
                size=len(said),
                digest=hashlib.sha256(data).digest(),
                data=data,
            )
        )
        append(node.log, payloads(len(said), 250), is_urgent=True)
        append(node.log, [erasing(named, digest)])
        node.store.keep_local("cursor", b"%d" % turn)
        node.close()
        plan.tape.promise(len(said))
    return plan.tape, said


def standing(found: list[bytes]) -> set[str]:
    """Say which sealed parts entries name and no later one says are erased."""
    left: set[str] = set()
    for entry in found:
        act = msgspec.json.decode(entry)["act"]
        left |= {act["name"]["sealed"]} if "name" in act else set()
        left -= {act.get("part")}
    return left


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """Record the workload once."""
    return record_a_day(tmp_path_factory.mktemp("day") / "node")


@pytest.mark.parametrize("loss", LOSSES)
def test_no_acknowledged_entry_is_lost_at_any_boundary(day, loss, tmp_path):
    """Whatever power loss leaves, the node starts, and holds all it promised.

    A sealed part lies beside its entry until the entry that says it is erased stands.
    """
    tape, said = day
    loser = Loser(tape)
    for boundary in range(len(tape.effects) + 1):
        folder = tmp_path / f"{boundary}"
        folder.mkdir(mode=0o700)
        loser.lay_out(boundary, loss, 7, folder)
        promised = tape.promised_by(boundary) or 0
        node = start(folder)
        found = [found for _, found in node.log.read(0, node.log.size)]
        head = open_checkpoint(node.log.checkpoint(), [node.log.key])
        beside = {encode64(digest) for digest in node.store.sealed_digests()}
        node.close()
        assert len(found) >= promised, f"lost at boundary {boundary}"
        assert found == said[: len(found)], f"wrong at boundary {boundary}"
        assert (head.size, head.root) == (len(found), node.log.root)
        assert DataFolder(path=folder).high_water.exists()
        assert beside == standing(found), f"erased by halves at boundary {boundary}"


def test_the_equipment_notices_a_node_that_does_not_sync(tmp_path):
    """A node that answers before its journal is synced fails on this equipment."""
    tape, _ = record_a_day(tmp_path / "careless", synchronous=0)
    loser = Loser(tape)
    lost = 0
    for boundary in range(0, len(tape.effects) + 1, 10):
        folder = tmp_path / f"{boundary}"
        folder.mkdir(mode=0o700)
        loser.lay_out(boundary, "drop", 7, folder)
        try:
            node = start(folder)
        except LostCertainty:
            lost += 1
            continue
        lost += node.log.size < (tape.promised_by(boundary) or 0)
        node.close()
    assert lost > 0
