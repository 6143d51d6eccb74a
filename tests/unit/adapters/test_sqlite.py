"""What the SQLite store keeps beyond the contract every store keeps."""

import hashlib
import re
import stat

import apsw
import pytest

from clearline.adapters import sqlite_file
from clearline.adapters.queries import queries, script
from clearline.adapters.sqlite import SNAPSHOT_PART_BYTES, SqliteStore, WriterFenced
from clearline.adapters.sqlite_faults import LedgerDamaged, StoreBusy
from clearline.adapters.sqlite_file import (
    APPLICATION_ID,
    ChecksumsUnavailable,
    NewerLedger,
    NotALedger,
    SqliteTooOld,
    open_to_read,
    require_sqlite,
)
from clearline.service.ports import Snapshot
from contract.batches import part, rows, tile


@pytest.fixture
def path(tmp_path):
    """Name a log's file."""
    return tmp_path / "ledger.sqlite"


def opened(path, **rest):
    """Open a store without ballast."""
    return SqliteStore(path, ballast_bytes=0, **rest)


def append(store, count, **rest):
    """Append the next `count` rows."""
    first = store.size()
    given = {"tiles": (), "checkpoint": b"checkpoint", "sealed": {}, **rest}
    store.append(first, rows(first, count), **given)


def test_everything_is_there_after_closing_and_opening(path):
    """What was kept in one run is read in the next."""
    digest, sealed = part(b"a name")
    data = b"picture"
    store = opened(path)
    append(store, 3, tiles=[tile(0)], sealed={digest: sealed})
    whole = Snapshot(
        name="picture", size=3, digest=hashlib.sha256(data).digest(), data=data
    )
    store.save_snapshot(whole)
    store.keep_local("cursor", b"7")
    store.close()
    again = opened(path)
    assert list(again.rows(0, 3)) == rows(0, 3)
    assert again.checkpoint() == b"checkpoint"
    assert again.tile(0, 0) == tile(0).hashes
    assert again.sealed(digest) == sealed
    assert again.snapshot("picture") == whole
    assert again.local("cursor") == b"7"
    again.close()


def test_the_file_is_the_nodes_alone_and_says_whose_it_is(path):
    """The file is private, and marked as a log of ours in the newest format."""
    store = opened(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    db = store._writer
    assert db.pragma("application_id") == APPLICATION_ID
    assert db.pragma("user_version") == sqlite_file.newest_version()
    assert db.pragma("journal_mode") == "wal"
    assert db.pragma("synchronous") == 2
    assert db.pragma("secure_delete") == 1
    strict = db.execute(
        "SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND NOT strict"
        " AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    assert strict == [(0,)]
    store.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET envelope = x'00' WHERE entry_index = 0",
        "DELETE FROM entry WHERE entry_index = 2",
        "UPDATE tile SET hashes = zeroblob(8192)",
        "DELETE FROM tile",
    ],
)
def test_entries_and_tiles_are_never_changed_or_removed(path, statement):
    """Not even a slip of our own can touch what was signed."""
    store = opened(path)
    append(store, 3, tiles=[tile(0)])
    with pytest.raises(apsw.ConstraintError, match="never"):
        store._writer.execute(statement)
    store.close()


def test_whoever_opened_the_log_later_is_its_writer(path):
    """A writer that was passed by is refused from then on; the log never forks."""
    one = opened(path)
    append(one, 2)
    two = opened(path)
    with pytest.raises(WriterFenced):
        append(one, 1)
    append(two, 1)
    with pytest.raises(WriterFenced):
        one.append(2, rows(2, 1), tiles=(), checkpoint=b"no", sealed={})
    assert list(two.rows(0, 9)) == rows(0, 3)
    one.close()
    two.close()


def test_another_programs_lock_is_named(path, monkeypatch):
    """If somebody holds the file's write lock, that is said, and appending goes on."""
    store = opened(path)
    monkeypatch.setattr(sqlite_file, "PATIENCE_MS", 1)
    store._writer.set_busy_timeout(1)
    other = apsw.Connection(str(path), vfs=store._writer.open_vfs)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy, match="Another program"):
        append(store, 1)
    other.close()
    append(store, 1)
    assert store.size() == 1
    store.close()


def test_an_old_sqlite_is_refused(monkeypatch):
    """A SQLite known to lose commits keeps no log of ours."""
    monkeypatch.setattr(sqlite_file.apsw, "sqlite_lib_version", lambda: "3.51.2")
    with pytest.raises(SqliteTooOld, match=r"3\.51\.2"):
        require_sqlite()


def test_a_file_of_something_else_is_not_touched(path):
    """A database that is not ours is refused, to write and to read."""
    db = apsw.Connection(str(path), vfs="unix")
    db.execute("CREATE TABLE other (x)")
    db.close()
    before = path.read_bytes()
    for opening in (opened, open_to_read):
        with pytest.raises(NotALedger):
            opening(path)
    assert path.read_bytes() == before


def test_a_text_is_no_log(path):
    """A file that is no database at all is damaged, not begun anew."""
    path.write_bytes(b"minutes of a meeting\n" * 500)
    for opening in (opened, open_to_read):
        with pytest.raises(LedgerDamaged):
            opening(path)


def test_a_log_of_a_newer_release_is_left_alone(path):
    """A format we do not know yet is neither written nor guessed at."""
    store = opened(path)
    append(store, 1)
    store._writer.pragma("user_version", 99)
    store.close()
    for opening in (opened, open_to_read):
        with pytest.raises(NewerLedger, match="99"):
            opening(path)


def test_a_file_with_checksums_is_not_written_without_them(path, monkeypatch):
    """A SQLite that could not keep the page checksums right does not write."""
    store = opened(path)
    assert store.has_page_checksums
    store.close()
    monkeypatch.setattr(sqlite_file, "checksum_vfs", lambda: None)
    with pytest.raises(ChecksumsUnavailable):
        opened(path)


def test_a_file_without_checksums_stays_one(path):
    """A file made without page checksums is opened as it is."""
    store = opened(path, page_checksums=False)
    append(store, 2)
    store.close()
    again = opened(path)
    assert not again.has_page_checksums
    assert list(again.rows(0, 2)) == rows(0, 2)
    again.close()


def test_without_the_checksum_layer_a_log_is_kept_all_the_same(path, monkeypatch):
    """Where the layer is missing a new file does without, and says so."""
    monkeypatch.setattr(sqlite_file, "checksum_vfs", lambda: None)
    store = opened(path)
    assert not store.has_page_checksums
    append(store, 2)
    assert store.size() == 2
    store.close()


def test_a_start_broken_off_is_begun_again(path):
    """A file that was made and never filled is a first start."""
    path.write_bytes(b"")
    store = opened(path)
    append(store, 1)
    store.close()


def test_a_row_that_is_missing_is_not_passed_over(path):
    """A gap in the middle is an error, never a shorter answer."""
    store = opened(path)
    append(store, 5)
    store._writer.execute("DROP TRIGGER entry_is_never_removed")
    store._writer.execute("DELETE FROM entry WHERE entry_index = 3")
    with pytest.raises(LedgerDamaged, match="entries 0 to 4, 1 are missing"):
        list(store.rows(0, 5))
    store.close()


def test_a_missing_last_row_is_noticed_at_the_start(path):
    """A head that counts more entries than there are is not opened."""
    store = opened(path)
    append(store, 5)
    store._writer.execute("DROP TRIGGER entry_is_never_removed")
    store._writer.execute("DELETE FROM entry WHERE entry_index = 4")
    store.close()
    with pytest.raises(LedgerDamaged, match="counts 5"):
        opened(path)


def test_changed_values_beside_the_log_are_noticed(path):
    """Local values, sealed parts and snapshots are held against their digests."""
    digest, sealed = part(b"a name")
    store = opened(path)
    append(store, 1, sealed={digest: sealed})
    store.keep_local("cursor", b"7")
    data = b"x" * 10
    store.save_snapshot(
        Snapshot(name="p", size=1, digest=hashlib.sha256(data).digest(), data=data)
    )
    store._writer.execute("UPDATE local SET value = x'38'")
    store._writer.execute("UPDATE sealed_part SET content = x'38'")
    store._writer.execute("UPDATE snapshot_part SET content = x'38'")
    with pytest.raises(LedgerDamaged, match="cursor"):
        store.local("cursor")
    with pytest.raises(LedgerDamaged, match="sealed part"):
        store.sealed(digest)
    assert store.snapshot("p") is None
    store.close()


def test_a_snapshot_broken_off_leaves_the_older_one_and_no_waste(path):
    """A snapshot that was never finished does not count and is swept."""
    store = opened(path)
    old = b"old"
    whole = Snapshot(name="p", size=1, digest=hashlib.sha256(old).digest(), data=old)
    store.save_snapshot(whole)
    store._writer.execute("INSERT INTO snapshot_part VALUES (99, 0, x'00')")
    assert store.snapshot("p") == whole
    big = bytes(3 * SNAPSHOT_PART_BYTES + 1)
    store.save_snapshot(
        Snapshot(name="p", size=2, digest=hashlib.sha256(big).digest(), data=big)
    )
    count = store._writer.execute("SELECT count(*) FROM snapshot_part").fetchall()
    assert count == [(4,)]
    store.close()


def test_closing_twice_does_nothing_the_second_time(path):
    """Closing is safe to repeat."""
    store = opened(path)
    store.close()
    store.close()


def test_every_statement_has_its_sentence_and_is_used():
    """Each query has a sentence above it, compiles, and is asked for somewhere."""
    db = apsw.Connection(":memory:")
    db.execute(script("ledger_0001"))
    db.config(apsw.SQLITE_DBCONFIG_DQS_DML, 0)
    sources = "".join(
        file.read_text(encoding="utf-8")
        for file in sqlite_file.Path(sqlite_file.__file__).parent.glob("sqlite*.py")
    )
    for name, text in queries("ledger").items():
        assert text.startswith("-- "), name
        assert text.split("\n")[0].endswith("."), name
        assert f'"{name}"' in sources, name
        bound = dict.fromkeys(re.findall(r":(\w+)", text))
        assert db.execute(f"EXPLAIN {text}", bound).fetchall(), name
