"""What every store keeps, whatever it is made of."""

import hashlib

import pytest

from clearline.adapters.at_the_door import BatchOutOfPlace, SealedMismatch
from clearline.adapters.memory import MemoryStore
from clearline.adapters.sqlite import SqliteStore
from clearline.service.ports import Row, Snapshot, Store
from contract.batches import part, row, rows, tile

KINDS = ["memory", "sqlite", "sqlite without page checksums"]


@pytest.fixture(params=KINDS)
def store(request, tmp_path):
    """Open a fresh store of one kind."""
    if request.param == "memory":
        made: Store = MemoryStore()
    else:
        made = SqliteStore(
            tmp_path / "ledger.sqlite",
            ballast_bytes=0,
            page_checksums=request.param == "sqlite",
        )
    yield made
    made.close()


def append(store, count, *, tiles=(), sealed=None):
    """Append the next `count` rows."""
    first = store.size()
    store.append(
        first,
        rows(first, count),
        tiles=tiles,
        checkpoint=b"checkpoint %d" % (first + count),
        sealed=sealed or {},
    )


def snapshot(name, size, data):
    """Build a snapshot with its right digest."""
    digest = hashlib.sha256(data).digest()
    return Snapshot(name=name, size=size, digest=digest, data=data)


def test_a_new_store_is_empty(store):
    """A fresh store holds nothing and says so."""
    assert store.size() == 0
    assert store.checkpoint() is None
    assert store.tile(0, 0) is None
    assert store.snapshot("picture") is None
    assert store.local("cursor") is None
    assert list(store.rows(0, 10)) == []


def test_what_was_appended_is_read_back(store):
    """Rows come back in order and exactly, with the newest checkpoint."""
    append(store, 3)
    append(store, 1500)
    assert store.size() == 1503
    assert list(store.rows(0, 1503)) == rows(0, 1503)
    assert list(store.rows(1100, 1102)) == rows(1100, 2)
    assert store.checkpoint() == b"checkpoint 1503"


def test_reading_beyond_the_end_gives_what_there_is(store):
    """A range that reaches past the end stops at the end."""
    append(store, 3)
    assert list(store.rows(2, 10)) == rows(2, 1)
    assert list(store.rows(3, 10)) == []


@pytest.mark.parametrize("first", [0, 2, 4])
def test_a_batch_out_of_place_changes_nothing(store, first):
    """A batch that repeats an index or leaves a gap is refused whole."""
    append(store, 3)
    with pytest.raises(BatchOutOfPlace):
        store.append(first, rows(first, 2), tiles=(), checkpoint=b"no", sealed={})
    assert store.size() == 3
    assert store.checkpoint() == b"checkpoint 3"


def test_an_empty_batch_moves_only_the_checkpoint(store):
    """The head of the empty log can be signed and kept."""
    store.append(0, (), tiles=(), checkpoint=b"checkpoint 0", sealed={})
    assert store.size() == 0
    assert store.checkpoint() == b"checkpoint 0"


def test_rows_without_content_are_kept(store):
    """A store that was shown only commitments keeps them as well."""
    bare = Row(commitment=bytes(32), salt=None, envelope=None)
    store.append(0, [bare, row(1)], tiles=(), checkpoint=b"c", sealed={})
    assert list(store.rows(0, 2)) == [bare, row(1)]


def test_full_tiles_are_kept(store):
    """Hash tiles come back by level and number, whole."""
    append(store, 2, tiles=[tile(0), tile(0, level=1)])
    assert store.tile(0, 0) == tile(0).hashes
    assert store.tile(1, 0) == tile(0, level=1).hashes
    assert store.tile(0, 1) is None


def test_a_sealed_part_lies_beside_its_entry_until_erased(store):
    """A sealed part is kept with its batch, and a later batch takes it alone."""
    digest, (salt, words) = part(b"the name of the caller")
    other, kept = part(b"another name")
    append(store, 1, sealed={digest: (salt, words), other: kept})
    assert store.sealed(digest) == (salt, words)
    append(store, 1, sealed={digest: None})
    assert store.sealed(digest) is None
    assert store.sealed(other) == kept
    assert list(store.rows(0, 2)) == rows(0, 2)


def test_a_refused_batch_erases_nothing(store):
    """What an entry says is erased goes with that entry, or stays with it."""
    digest, sealed = part(b"a name")
    append(store, 1, sealed={digest: sealed})
    with pytest.raises(BatchOutOfPlace):
        store.append(0, rows(0, 1), tiles=(), checkpoint=b"c", sealed={digest: None})
    assert store.sealed(digest) == sealed


def test_erasing_twice_does_nothing_the_second_time(store):
    """Erasing may be repeated: what is gone already is no fault."""
    digest, sealed = part(b"a name")
    append(store, 1, sealed={digest: sealed})
    append(store, 1, sealed={digest: None})
    append(store, 1, sealed={digest: None})
    assert store.sealed(digest) is None


def test_the_same_part_may_be_named_twice(store):
    """Two entries may carry one sealed part."""
    digest, sealed = part(b"a name")
    append(store, 1, sealed={digest: sealed})
    append(store, 1, sealed={digest: sealed})
    assert store.sealed(digest) == sealed


@pytest.mark.parametrize("spoiled", [0, 1])
def test_a_sealed_part_without_its_digest_is_refused(store, spoiled):
    """A part that could never be verified does not get in, nor does its batch."""
    digest, sealed = part(b"a name")
    wrong = [*sealed]
    wrong[spoiled] += b"x"
    with pytest.raises(SealedMismatch):
        append(store, 1, sealed={digest: tuple(wrong)})
    assert store.size() == 0
    assert store.sealed(digest) is None


def test_a_snapshot_replaces_the_older_one_of_its_name(store):
    """There is one snapshot a name: the newest."""
    store.save_snapshot(snapshot("picture", 1, b"old"))
    store.save_snapshot(snapshot("calls", 1, b"beside"))
    store.save_snapshot(snapshot("picture", 9, b"new" * 3_000_000))
    found = store.snapshot("picture")
    assert found == snapshot("picture", 9, b"new" * 3_000_000)
    assert store.snapshot("calls") == snapshot("calls", 1, b"beside")


def test_an_empty_snapshot_is_a_snapshot(store):
    """A snapshot of nothing is told from no snapshot."""
    store.save_snapshot(snapshot("picture", 0, b""))
    assert store.snapshot("picture") == snapshot("picture", 0, b"")


def test_a_snapshot_that_does_not_have_its_digest_counts_as_none(store):
    """A snapshot is derived: a damaged one is thrown away, not believed."""
    false = Snapshot(name="picture", size=1, digest=bytes(32), data=b"data")
    store.save_snapshot(false)
    assert store.snapshot("picture") is None


def test_a_snapshot_is_dropped(store):
    """A snapshot thrown away is gone, and the others stay."""
    store.save_snapshot(snapshot("picture", 1, b"one"))
    store.save_snapshot(snapshot("calls", 1, b"two"))
    store.drop_snapshot("picture")
    assert store.snapshot("picture") is None
    assert store.snapshot("calls") is not None


def test_local_values_are_kept_beside_the_log(store):
    """A cursor is replaced when kept again, and an empty value is a value."""
    store.keep_local("cursor", b"1")
    store.keep_local("cursor", b"2")
    store.keep_local("draft", b"")
    assert store.local("cursor") == b"2"
    assert store.local("draft") == b""
