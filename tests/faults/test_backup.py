"""Backups of a node that runs, broken off, on a full disk, and put back in place."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from msgspec.structs import replace

from clearline.adapters.backup import (
    MANIFEST,
    BackupThere,
    BackupUnsound,
    NotABackup,
    back_up,
    check_backup,
)
from clearline.adapters.data_folder import DataFolder
from clearline.adapters.high_water import HighWaterFile
from clearline.adapters.sqlite_file import open_to_write
from clearline.adapters.verification import verify_path
from clearline.compose.node import open_node
from clearline.compose.own import Own
from clearline.compose.restoring import FolderTaken, NameNeeded, restore
from clearline.model.calls import CallId, Kind
from clearline.model.commands import Enter, RaiseCall
from clearline.model.entries import DeskSet, LogOpened, PartySet, PersonSet
from clearline.model.instants import Duration, Window
from clearline.model.notice_commands import FileNotice
from clearline.model.notices import NoticeId
from clearline.model.parties import (
    Actor,
    Desk,
    DeskId,
    Medium,
    Party,
    PartyId,
    Person,
    PersonId,
    Role,
    Strength,
)
from clearline.service.ports import StoreRefused
from clearline.wire.entries import read_entry
from phone import NOON
from two_logs import position

ORIGIN = "north.example/clearline/exercise"
NEXT = "north.example/clearline-2/exercise"
LINA = Actor(
    party=PartyId("north"),
    desk=DeskId("north-ops"),
    strength=Strength.PIN,
    person=PersonId("lina"),
)


def unheard(written):
    """Let nobody ring."""


def opened(data, origin=ORIGIN):
    """Open a node and let it begin."""
    node = open_node(data, origin=origin, hear=unheard, is_threaded=False)
    node.begin()
    node.load_notices()
    node.runner.start()
    return node


def closed(node):
    """Stop a node in order."""
    node.runner.stop()
    node.close()


def says(node, command):
    """Ask for a command and wait until it is durable."""
    return node.runner.ask(command).result(20)


def sets_up(node):
    """Enter two parties, each with a desk and a person."""
    for party in ("north", "south"):
        desk = DeskId(f"{party}-ops")
        person = Person(
            id=PersonId("lina" if party == "north" else "duty"),
            desk=desk,
            pseudonym=party,
            roles=(Role.DUTY_OFFICER,),
            media=(Medium.SCREEN,),
        )
        says(node, Enter(act=PartySet(party=Party(id=PartyId(party), name=party))))
        entered = Desk(id=desk, party=PartyId(party), name=desk)
        says(node, Enter(act=DeskSet(desk=entered)))
        says(node, Enter(act=PersonSet(person=person)))


def stops(node, call):
    """Raise a STOP at the other party's desk."""
    asked = RaiseCall(
        call=CallId(call), kind=Kind.STOP, by=LINA, to_desk=DeskId("south-ops")
    )
    says(node, asked)


@pytest.fixture
def data(tmp_path):
    """Give the folder of a node that has said something and was stopped."""
    node = opened(tmp_path / "data")
    sets_up(node)
    stops(node, "stop-1")
    closed(node)
    return tmp_path / "data"


# --- taking one ----------------------------------------------------------------
def test_a_backup_of_a_node_that_writes_is_of_one_moment(tmp_path):
    """Taken while entries are written without a pause: each verifies, none is torn."""
    node = opened(tmp_path / "data")
    sets_up(node)
    is_done = threading.Event()

    def write():
        number = 0
        while not is_done.is_set():
            number += 1
            stops(node, f"stop-{number}")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        sizes = []
        for number in range(3):
            made = back_up(tmp_path / "data", tmp_path / f"b{number}", now=NOON)
            sizes.append(made.size)
    finally:
        is_done.set()
        writer.join()
        closed(node)
    for number in range(3):
        assert check_backup(tmp_path / f"b{number}").size == sizes[number]
    assert sizes == sorted(sizes)
    whole = verify_path(tmp_path / "data")
    assert whole.ok
    assert whole.size > sizes[-1]


def test_a_backup_holds_whatever_lies_in_the_journal_still(data, tmp_path):
    """A log larger than SQLite's cache, its newest pages in the journal alone.

    Such pages have no checksum yet, and the copy writes some of them before its first.
    """
    ledger = DataFolder(path=data).ledger
    writer, has_checksums = open_to_write(ledger, vfs=None, page_checksums=True)
    try:
        assert has_checksums
        writer.pragma("wal_checkpoint(TRUNCATE)")
        writer.pragma("wal_autocheckpoint", 0)
        writer.execute("CREATE TABLE weight (heavy BLOB) STRICT")
        with writer:
            writer.executemany(
                "INSERT INTO weight VALUES (?)",
                [(bytes(3000),) for _ in range(900)],
            )
        assert ledger.with_name(f"{ledger.name}-wal").stat().st_size > 3_000_000
        made = back_up(data, tmp_path / "backup", now=NOON)
    finally:
        writer.close()
    assert check_backup(tmp_path / "backup").size == made.size


def test_a_backup_is_never_written_over_something(data, tmp_path):
    """Whatever is there stays as it is."""
    back_up(data, tmp_path / "b", now=NOON)
    before = (tmp_path / "b" / MANIFEST).read_bytes()
    with pytest.raises(BackupThere):
        back_up(data, tmp_path / "b", now=NOON)
    assert (tmp_path / "b" / MANIFEST).read_bytes() == before


def test_what_was_broken_off_is_cleared_away(data, tmp_path):
    """What a killed backup left is no backup, and not in the way of the next."""
    left = tmp_path / "b.part"
    left.mkdir()
    (left / "ledger.sqlite").write_bytes(b"half")
    back_up(data, tmp_path / "b", now=NOON)
    assert not left.exists()
    check_backup(tmp_path / "b")


def _backup_elsewhere(data, to, *, limit=None):
    """Take a backup in a process of its own; files may grow no longer than `limit`."""

    def cap():
        if limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [sys.executable, "-m", "clearline", "backup", str(to), "--data", str(data)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=cap,  # noqa: PLW1509 (no thread of ours lives in the child)
    )


@pytest.mark.parametrize("after", [1, 3, 5])
def test_a_backup_killed_in_the_middle_is_not_there(data, tmp_path, after):
    """Killed once its folder has so many files: whole under its name, or not at all."""
    to = tmp_path / "b"
    running = _backup_elsewhere(data, to)
    part = tmp_path / "b.part"
    while running.poll() is None and not to.exists():
        if sum(len(files) for _, _, files in os.walk(part)) >= after:
            running.kill()
            break
    running.communicate(timeout=60)
    if to.exists():
        check_backup(to)
    else:
        made = back_up(data, to, now=NOON)
        assert check_backup(to) == made
    assert not part.exists()
    assert verify_path(data).ok


def test_a_full_disk_leaves_nothing_behind(data, tmp_path):
    """The ledger does not fit: refused by name, and the node's folder is as it was."""
    running = _backup_elsewhere(data, tmp_path / "b", limit=40_000)
    said = running.communicate(timeout=60)[0].decode()
    assert running.returncode == StoreRefused.exit_code, said
    assert "next:" in said
    assert not (tmp_path / "b").exists()
    assert not (tmp_path / "b.part").exists()
    assert verify_path(data).ok


def test_a_bit_that_flipped_in_a_backup_is_seen(data, tmp_path):
    """In any of its files: it is not put in place."""
    made = back_up(data, tmp_path / "b", now=NOON)
    for name in made.files:
        path = tmp_path / "b" / name
        whole = path.read_bytes()
        if not whole:
            continue
        path.chmod(0o600)
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        with pytest.raises(BackupUnsound):
            restore(tmp_path / "b", tmp_path / "again")
        path.write_bytes(whole)
    assert not (tmp_path / "again").exists()
    (tmp_path / "b" / MANIFEST).unlink()
    with pytest.raises(NotABackup):
        restore(tmp_path / "b", tmp_path / "again")


# --- putting it back -------------------------------------------------------------
def test_a_backup_that_is_the_newest_goes_on(data, tmp_path):
    """The high-water of the lost node says so: same name, same key, next entry."""
    made = back_up(data, tmp_path / "b", now=NOON)
    done = restore(tmp_path / "b", tmp_path / "again", seen=data / "high-water")
    assert (done.origin, done.follows, done.size) == (ORIGIN, "", made.size)
    node = opened(tmp_path / "again")
    stops(node, "stop-2")
    assert {"stop-1", "stop-2"} <= {call.id for call in node.picture.open_calls()}
    closed(node)
    assert verify_path(tmp_path / "again", seen=_head(data)).ok


def _head(data: Path) -> bytes:
    return HighWaterFile(data / "high-water").read() or b""


def test_a_backup_that_may_be_behind_goes_on_under_no_old_name(data, tmp_path):
    """Nobody can say whether the node wrote on: without a new name it is refused."""
    back_up(data, tmp_path / "b", now=NOON)
    with pytest.raises(NameNeeded):
        restore(tmp_path / "b", tmp_path / "again")
    with pytest.raises(NameNeeded):
        restore(tmp_path / "b", tmp_path / "again", origin=ORIGIN)
    assert not (tmp_path / "again").exists()


def test_a_backup_that_is_behind_opens_a_log_that_says_so(data, tmp_path):
    """Its first entry names the old origin, size and root as last seen; STOPs ring."""
    made = back_up(data, tmp_path / "b", now=NOON)
    node = opened(data, None)
    stops(node, "stop-2")
    closed(node)
    with pytest.raises(NameNeeded):
        restore(tmp_path / "b", tmp_path / "again", seen=data)
    done = restore(tmp_path / "b", tmp_path / "again", seen=data, origin=NEXT)
    assert done.follows == ORIGIN
    assert done.size > made.size
    assert done.calls == 1
    node = opened(tmp_path / "again", None)
    assert node.log.origin == NEXT
    first = read_entry(next(iter(node.log.read(0, 1)))[1]).act
    assert isinstance(first, LogOpened)
    whole = verify_path(data)
    assert (first.follows, first.size) == (ORIGIN, whole.size)
    assert [call.id for call in node.picture.open_calls()] == ["stop-1"]
    assert node.picture.persons.get(PersonId("duty")) is not None
    closed(node)
    assert verify_path(tmp_path / "again").ok
    assert verify_path(tmp_path / "again" / "before").ok
    keys = {path.name for path in (tmp_path / "again" / "before" / "keys").iterdir()}
    assert keys == {"log.vkey"}, "what could fork the old log was not put back"


def test_nothing_is_restored_over_a_folder_that_holds_something(data, tmp_path):
    """An empty folder is taken, any other is refused."""
    back_up(data, tmp_path / "b", now=NOON)
    with pytest.raises(FolderTaken):
        restore(tmp_path / "b", data, seen=data / "high-water")
    (tmp_path / "empty").mkdir()
    restore(tmp_path / "b", tmp_path / "empty", seen=data / "high-water")
    assert verify_path(tmp_path / "empty").ok
    shutil.rmtree(tmp_path / "empty")


def test_the_own_log_is_copied_and_goes_on_under_its_own_name(data, tmp_path):
    """Positions are in a backup too, and are there after it is put back."""
    first = opened(data)
    own = Own(first, data, unheard)
    own.begin()
    own.run()
    by = replace(LINA, strength=Strength.PASSWORD)
    now = first.clock.read().at
    told = position(window=Window(start=now, end=now + Duration(hours=9)))
    filing = FileNotice(notice=NoticeId("post"), by=by, revision=told)
    own.log.ask_either(filing).result(20)
    own.node.runner.stop()
    own.node.close()
    closed(first)
    back_up(data, tmp_path / "copy", now=NOON)
    check_backup(tmp_path / "copy")
    assert verify_path(tmp_path / "copy" / "own").ok
    again = opened(tmp_path / "copy")
    there = Own(again, tmp_path / "copy", unheard)
    there.begin()
    there.node.load_notices()
    assert there.node.picture.notices.get(NoticeId("post")) is not None
    assert again.picture.notices.get(NoticeId("post")) is None
    there.node.close()
    closed(again)
