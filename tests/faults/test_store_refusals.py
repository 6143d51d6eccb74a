"""A disk that is full, read-only, faulty or hung, below a whole node."""

import errno
import os
import threading

import apsw
import pytest

from clearline.adapters.ballast import BALLAST_FILE
from clearline.adapters.sqlite import BALLAST_EVERY
from clearline.adapters.sqlite_faults import LedgerDamaged
from clearline.service.ports import DiskFault, DiskFull, DiskReadOnly
from contract.batches import part
from faults.faulty_disk import FaultyDisk, FaultyVfs, Plan, obey
from faults.nodes import START, erasing, payload, payloads, sealing, start

REFUSALS = [
    (errno.ENOSPC, DiskFull),
    (errno.EROFS, DiskReadOnly),
    (errno.EIO, DiskFault),
]
LONG_S = 20


@pytest.fixture
def plan(tmp_path):
    """Plan faults for a node's folder."""
    return Plan(tmp_path / "node")


@pytest.fixture
def node(plan):
    """Start a node with three entries on a disk that can be made to fail."""
    vfs = FaultyVfs(plan)
    started = start(plan.folder, vfs=vfs.vfs_name, disk=FaultyDisk(plan))
    started.log.append(payloads(0, 3), now=START, is_urgent=True)
    yield started
    plan.rule = obey
    started.close()


def refusing(number, kinds=("write", "sync", "truncate"), after=0):
    """Make a rule that refuses effects of these kinds, after so many of them."""
    left = after

    def rule(kind, name):
        nonlocal left
        if kind in kinds and "ledger" in name:
            left -= 1
            if left < 0:
                raise OSError(number, "refused")

    return rule


@pytest.mark.parametrize(("number", "expected"), REFUSALS)
@pytest.mark.parametrize("where", [*(("write", n) for n in range(8)), ("sync", 0)])
def test_a_refused_append_changes_nothing(plan, node, number, expected, where):
    """Wherever the disk refuses, the log stands as it was, and says so."""
    log = node.log
    before = (log.size, log.root, log.checkpoint(), node.store.checkpoint())
    kind, after = where
    plan.rule = refusing(number, (kind,), after)
    with pytest.raises(expected, match="stands at 3 entries") as caught:
        log.append([payload(3) for _ in range(20)], now=START)
    assert caught.value.exit_code == 74
    assert (log.size, log.root, log.checkpoint()) == before[:3]
    assert node.store.checkpoint() == before[3]
    assert node.store.size() == 3
    plan.rule = obey
    assert log.append([payload(3)], now=START).size == 4
    assert [said for _, said in log.read(0, 4)] == payloads(0, 4)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_refused_batch_is_gone_when_the_process_is_killed(plan, node, number):
    """A batch somebody was told is not recorded does not come back at a restart."""
    refused_once = refusing(number, ("sync",))
    calls = []

    def rule(kind, name):
        if not calls and kind == "sync":
            calls.append(kind)
            refused_once(kind, name)

    plan.rule = rule
    with pytest.raises((DiskFull, DiskFault)) as caught:
        node.log.append(payloads(3, 5), now=START)
    assert "the next start finds" not in caught.value.state
    for name in ("ledger.sqlite", "ledger.sqlite-wal"):
        copy = plan.folder.parent / "killed" / name
        copy.parent.mkdir(exist_ok=True, mode=0o700)
        copy.write_bytes((plan.folder / name).read_bytes())
    for name in ("keys/log.key", "keys/log.vkey", "high-water"):
        copy = plan.folder.parent / "killed" / name
        copy.parent.mkdir(exist_ok=True, mode=0o700)
        copy.write_bytes((plan.folder / name).read_bytes())
        copy.chmod(0o600)
    again = start(plan.folder.parent / "killed")
    assert [said for _, said in again.log.read(0, 99)] == payloads(0, 3)
    again.close()


def test_a_disk_that_stays_faulty_is_told_as_it_is(plan, node):
    """Where the remains cannot be overwritten, the error says what may follow."""
    plan.rule = refusing(errno.EIO, ("sync",))
    with pytest.raises(DiskFault) as caught:
        node.log.append(payloads(3, 5), now=START)
    assert "finds the batch whole or not at all" in caught.value.state


def test_a_full_disk_frees_the_ballast_once(plan):
    """The first want of room frees the ballast, and the append goes through."""
    vfs = FaultyVfs(plan)
    node = start(plan.folder, vfs=vfs.vfs_name, ballast_bytes=2**20)
    ballast = plan.folder / BALLAST_FILE
    assert node.store.has_ballast

    def full_while_ballast_lies(kind, _name):
        if kind == "write" and ballast.exists():
            raise OSError(errno.ENOSPC, "no room")

    plan.rule = full_while_ballast_lies
    assert node.log.append(payloads(0, 3), now=START).size == 3
    assert not ballast.exists()
    assert not node.store.has_ballast
    plan.rule = refusing(errno.ENOSPC)
    with pytest.raises(DiskFull, match="disk is full"):
        node.log.append(payloads(3, 1), now=START)
    plan.rule = obey
    for number in range(3, 3 + BALLAST_EVERY):
        node.log.append([payload(number)], now=START)
    assert node.store.has_ballast, "there was room again"
    node.close()


def test_a_node_starts_on_a_disk_that_filled_up_meanwhile(plan):
    """A disk that is full at the start frees the ballast, and the node runs."""
    vfs = FaultyVfs(plan)
    start(plan.folder, vfs=vfs.vfs_name, ballast_bytes=2**20).close()
    ballast = plan.folder / BALLAST_FILE

    def full_while_ballast_lies(kind, _name):
        if kind == "write" and ballast.exists():
            raise OSError(errno.ENOSPC, "no room")

    plan.rule = full_while_ballast_lies
    node = start(plan.folder, vfs=vfs.vfs_name, ballast_bytes=2**20)
    assert not ballast.exists()
    assert node.log.append(payloads(0, 3), now=START).size == 3
    plan.rule = obey
    node.close()


@pytest.mark.parametrize(("number", "expected"), REFUSALS)
@pytest.mark.parametrize("kind", ["write", "sync", "make", "folder"])
def test_a_first_start_on_a_refusing_disk_is_named(tmp_path, number, expected, kind):
    """A node that cannot be begun says why; on a sound disk it then begins."""
    plan = Plan(tmp_path / "node")
    vfs = FaultyVfs(plan)

    def rule(at, _name):
        if at == kind:
            raise OSError(number, "refused")

    plan.rule = rule
    if kind != "make":
        with pytest.raises(expected):
            start(plan.folder, vfs=vfs.vfs_name, disk=FaultyDisk(plan))
    else:
        with pytest.raises((expected, DiskFault, DiskReadOnly)):
            start(plan.folder, vfs=vfs.vfs_name, disk=FaultyDisk(plan))
    plan.rule = obey
    node = start(plan.folder, vfs=vfs.vfs_name, disk=FaultyDisk(plan))
    assert node.log.append(payloads(0, 1), now=START).size == 1
    node.close()


def test_reading_goes_on_while_a_write_hangs(plan, node):
    """A hung disk holds up the append alone; nothing is acknowledged meanwhile."""
    hangs, goes_on = threading.Event(), threading.Event()

    def hang(kind, name):
        if kind == "sync" and "wal" in name:
            hangs.set()
            assert goes_on.wait(LONG_S)

    plan.rule = hang
    log = node.log
    prepared = log.prepare(payloads(3, 2), now=START)
    disk_thread = threading.Thread(target=log.store, args=(prepared,))
    disk_thread.start()
    assert hangs.wait(LONG_S)
    assert log.size == 3
    assert [said for _, said in log.read(0, 9)] == payloads(0, 3)
    after = log.prepare(payloads(5, 1), now=START, after=prepared)
    assert log.prove(2)
    assert disk_thread.is_alive()
    plan.rule = obey
    goes_on.set()
    disk_thread.join(LONG_S)
    log.settle(prepared)
    log.store(after)
    assert log.settle(after).size == 6
    assert [said for _, said in log.read(0, 9)] == payloads(0, 6)


def test_erasing_leaves_the_bytes_in_no_file(tmp_path):
    """After erasing, no file of the folder holds the part's bytes or its salt."""
    node = start(tmp_path / "node")
    words = os.urandom(9000)
    digest, sealed = part(words)
    node.log.append([sealing(0, digest)], now=START, sealed={digest: sealed})
    node.log.append(payloads(1, 300), now=START)

    def holders():
        pieces = [words[at : at + 64] for at in range(0, 9000 - 64, 512)]
        return [
            path.name
            for path in (tmp_path / "node").iterdir()
            if path.is_file()
            and any(piece in path.read_bytes() for piece in [*pieces, sealed[0]])
        ]

    assert holders()
    node.log.append([erasing(0, digest)], now=START)
    assert holders() == []
    node.close()
    assert holders() == []


def test_what_is_erased_while_somebody_reads_goes_with_a_later_batch(tmp_path):
    """A reader keeps the journal; no batch waits for it, and the bytes go after it."""
    node = start(tmp_path / "node")
    words = os.urandom(9000)
    digest, sealed = part(words)
    node.log.append([sealing(0, digest)], now=START, sealed={digest: sealed})
    journal = tmp_path / "node" / "ledger.sqlite-wal"
    reader = apsw.Connection(str(tmp_path / "node" / "ledger.sqlite"))
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM entry").fetchone() == (1,)
    node.log.append([erasing(0, digest)], now=START)
    assert node.store.sealed(digest) is None
    assert words[:64] in journal.read_bytes()
    reader.execute("COMMIT")
    reader.close()
    node.log.append(payloads(2, 1), now=START)
    assert words[:64] not in journal.read_bytes()
    node.close()


def test_what_the_disk_refused_to_record_is_not_erased(plan, node):
    """A part is there until the entry that says it is erased is on the disk."""
    digest, sealed = part(b"a name")
    node.log.append([sealing(3, digest)], now=START, sealed={digest: sealed})
    plan.rule = refusing(errno.EIO)
    with pytest.raises(DiskFault):
        node.log.append([erasing(3, digest)], now=START)
    plan.rule = obey
    assert node.store.sealed(digest) == sealed
    node.log.append([erasing(3, digest)], now=START)
    assert node.store.sealed(digest) is None


def test_a_page_that_changed_is_noticed_when_it_is_read(tmp_path):
    """A flipped bit in a page of the log's file is an error, never an answer."""
    node = start(tmp_path / "node")
    node.log.append(payloads(0, 2000), now=START)
    node.close()
    path = tmp_path / "node" / "ledger.sqlite"
    spoiled = bytearray(path.read_bytes())
    at = spoiled.index(b'{"payload"', len(spoiled) // 2)
    spoiled[at + 30] ^= 4
    path.write_bytes(spoiled)
    again = start(tmp_path / "node")
    with pytest.raises(LedgerDamaged):
        list(again.log.read(0, 2000))
    again.close()
