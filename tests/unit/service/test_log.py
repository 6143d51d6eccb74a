"""What a log keeps: order, certainty, and its word about both."""

import base64
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearline.adapters.memory import MemoryHighWater, MemoryStore
from clearline.ledger.checkpoint import open_checkpoint
from clearline.ledger.keys import SignerKey
from clearline.ledger.receipt import verify_receipt
from clearline.ledger.tiles import TileMalformed, split_tile
from clearline.ledger.tree import (
    Frontier,
    NoSuchRange,
    hash_leaf,
    verify_consistency,
)
from clearline.service.log import Log
from clearline.service.log_faults import (
    EntryDamaged,
    HighWaterMissing,
    LogDiffers,
    LogShorter,
    NotAnEntry,
    NotErased,
    OutOfTurn,
    SealedLoose,
    WrongKey,
)
from clearline.service.ports import DiskFault, Row
from contract.batches import part
from faults.nodes import ORIGIN, START, CountedChance, at, payload, payloads

KEY = SignerKey(name=ORIGIN, seed=bytes(range(32)))


def open_log(store=None, high_water=None, signer=KEY):
    """Open a log on a store in memory."""
    return Log(
        store=store if store is not None else MemoryStore(),
        signer=signer,
        chance=CountedChance(),
        high_water=high_water if high_water is not None else MemoryHighWater(),
        now=START,
    )


def filled(count, store=None, high_water=None):
    """Open a log and append so many entries in one batch."""
    log = open_log(store, high_water)
    log.append(payloads(0, count), now=START)
    return log


def sealing(number, digest):
    """Write the payload of an entry that names a sealed part."""
    return payload(number, name={"sealed": base64.b64encode(digest).decode()})


class RefusingStore(MemoryStore):
    """A store whose disk refuses while told to."""

    refuses = False

    def append(self, first, rows, **rest):
        """Refuse, or take the batch."""
        if self.refuses:
            raise DiskFault("The disk is out.", state="Nothing.", next="Wait.")
        super().append(first, rows, **rest)


class RefusingHighWater(MemoryHighWater):
    """A high-water file whose disk refuses while told to."""

    refuses = False

    def keep(self, checkpoint):
        """Refuse, or keep."""
        if self.refuses:
            raise DiskFault("The disk is out.", state="Nothing.", next="Wait.")
        super().keep(checkpoint)


def test_a_new_log_signs_that_it_is_empty():
    """From its first moment a log has a signed head, kept in both places."""
    store, high_water = MemoryStore(), MemoryHighWater()
    log = open_log(store, high_water)
    head = open_checkpoint(log.checkpoint(), [log.key])
    assert (head.origin, head.size, head.root) == (ORIGIN, 0, Frontier().root())
    assert store.checkpoint() == high_water.read() == log.checkpoint()


def test_what_was_appended_is_read_back_with_its_index():
    """Payload bytes come back exactly, in order, from any place."""
    log = filled(700)
    assert list(log.read(0, 700)) == list(enumerate(payloads(0, 700)))
    assert list(log.read(255, 258)) == list(enumerate(payloads(0, 700)))[255:258]
    assert list(log.read(699, 9000)) == [(699, payload(699))]
    assert list(log.read(700, 9000)) == []


def test_appending_says_where_the_batch_stands():
    """The answer names the first index, the size and the signed head."""
    log = filled(3)
    appended = log.append(payloads(3, 2), now=START)
    assert (appended.first, appended.size) == (3, 5)
    head = open_checkpoint(appended.checkpoint, [log.key])
    assert (head.size, head.root) == (5, log.root)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 300), max_size=6))
def test_batches_do_not_show_in_the_tree(counts):
    """However entries came in, the root is that of the plain tree over them."""
    store = MemoryStore()
    log = open_log(store)
    for count in counts:
        log.append(payloads(log.size, count), now=START)
    leaves = [hash_leaf(row.commitment) for row in store.rows(0, log.size)]
    assert log.size == sum(counts)
    assert log.root == Frontier().extend(leaves).root()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1500))
def test_a_log_opened_again_goes_on_where_it_was(count):
    """Opening finds the same size, root and tiles, and appending goes on."""
    store, high_water = MemoryStore(), MemoryHighWater()
    log = filled(count, store, high_water)
    log.close()
    again = open_log(store, high_water)
    assert (again.size, again.root) == (log.size, log.root)
    again.append(payloads(count, 300), now=START)
    leaves = [hash_leaf(row.commitment) for row in store.rows(0, count + 300)]
    assert again.root == Frontier().extend(leaves).root()


def test_every_salt_is_drawn_anew():
    """No two entries share a salt, the same words said twice included."""
    store = MemoryStore()
    open_log(store).append([payload(1)] * 50, now=START)
    assert len({row.salt for row in store.rows(0, 50)}) == 50


@pytest.mark.parametrize(
    "bad",
    [
        payload(0).replace(b"exercise", b"live"),
        payload(0).replace(b"exercise", b"rehearsal"),
        b'{"type":"line_check_called"}',
        b"[]",
        b'{"realm":"exercise"',
        b"\xff",
        b"",
    ],
)
def test_a_payload_of_another_realm_or_none_is_refused(bad):
    """Exercise and live never mix in one log, and every payload says which."""
    log = filled(2)
    with pytest.raises(NotAnEntry):
        log.append([payload(2), bad], now=START)
    assert log.size == 2


def test_a_refusal_of_the_disk_moves_nothing():
    """After a refusal the log stands as before, and the same batch may follow."""
    store = RefusingStore()
    log = filled(3, store)
    before = (log.size, log.root, log.checkpoint())
    prepared = log.prepare(payloads(3, 2), now=START)
    store.refuses = True
    with pytest.raises(DiskFault):
        log.store(prepared)
    assert (log.size, log.root, log.checkpoint()) == before
    store.refuses = False
    log.store(prepared)
    assert log.settle(prepared).size == 5


def test_batches_are_prepared_one_behind_the_other():
    """A batch can be signed while the one before it is still being written."""
    log = open_log()
    one = log.prepare(payloads(0, 300), now=START)
    two = log.prepare(payloads(300, 300), now=START, after=one)
    for prepared in (one, two):
        log.store(prepared)
        log.settle(prepared)
    assert [said for _, said in log.read(0, 600)] == payloads(0, 600)


def test_a_batch_is_not_settled_out_of_turn():
    """The head in memory never runs ahead of what is durable."""
    log = open_log()
    one = log.prepare(payloads(0, 3), now=START)
    two = log.prepare(payloads(3, 3), now=START, after=one)
    with pytest.raises(OutOfTurn):
        log.settle(two)
    assert log.size == 0


def test_an_urgent_batch_is_kept_apart_at_once():
    """What holds an act of a call is in the high-water file when it is answered."""
    high_water = MemoryHighWater()
    log = filled(1, high_water=high_water)
    log.append(payloads(1, 1), now=START, is_urgent=True)
    assert high_water.read() == log.checkpoint()
    assert log.tend_at() is None


def test_other_batches_are_kept_apart_within_a_second():
    """A checkpoint waits less than a second, and its due time is known."""
    high_water = MemoryHighWater()
    log = filled(1, high_water=high_water)
    log.append(payloads(1, 1), now=at(0.5))
    due_at = log.tend_at()
    assert due_at is not None
    assert due_at < START + timedelta(seconds=1)
    log.tend(due_at - timedelta(microseconds=1))
    assert high_water.read() != log.checkpoint()
    log.tend(due_at)
    assert high_water.read() == log.checkpoint()
    assert log.tend_at() is None


def test_a_later_batch_keeps_what_is_due():
    """Under load nobody has to tend: the appends themselves keep up."""
    high_water = MemoryHighWater()
    log = filled(1, high_water=high_water)
    log.append(payloads(1, 1), now=at(0.9))
    assert high_water.read() == log.checkpoint()


def test_closing_keeps_the_newest_checkpoint():
    """After a clean stop both places agree."""
    high_water = MemoryHighWater()
    log = filled(5, high_water=high_water)
    log.close()
    assert high_water.read() == log.checkpoint()


def test_trouble_with_the_high_water_file_is_told_and_tried_again():
    """The entry is durable and answered; what is missing shows in `trouble`."""
    high_water = RefusingHighWater()
    log = filled(1, high_water=high_water)
    high_water.refuses = True
    assert log.append(payloads(1, 1), now=START, is_urgent=True).size == 2
    assert isinstance(log.trouble, DiskFault)
    assert log.tend_at() is not None
    high_water.refuses = False
    log.tend(at(1))
    assert log.trouble is None
    assert high_water.read() == log.checkpoint()


@pytest.mark.parametrize("count", [1, 255, 256, 257, 1000])
def test_a_lost_tail_is_missed(count):
    """A store that is shorter than what was acknowledged is not opened."""
    old, high_water = MemoryStore(), MemoryHighWater()
    log = filled(count, old, high_water)
    kept = (list(old._rows), dict(old._tiles), old.checkpoint())
    log.append(payloads(count, 1), now=START, is_urgent=True)
    old._rows, old._tiles, old._checkpoint = kept
    with pytest.raises(LogShorter, match=f"entries {count} to {count}"):
        open_log(old, high_water)


def test_a_lost_store_is_missed():
    """A store that is gone is not begun anew where entries were acknowledged."""
    high_water = MemoryHighWater()
    filled(4, high_water=high_water).close()
    with pytest.raises(LogShorter, match="entries 0 to 3"):
        open_log(MemoryStore(), high_water)


def test_another_history_is_not_opened():
    """A store that is longer, but not the same at the old size, is not opened."""
    high_water = MemoryHighWater()
    filled(4, high_water=high_water).close()
    other = MemoryStore()
    log = open_log(other)
    log.append([payload(99)] * 9, now=START)
    with pytest.raises(LogDiffers):
        open_log(other, high_water)


def test_a_missing_high_water_file_is_missed():
    """Where nothing says how far the log had come, that is said and not guessed."""
    store = MemoryStore()
    filled(4, store)
    with pytest.raises(HighWaterMissing):
        open_log(store, MemoryHighWater())


def test_a_log_is_not_opened_with_another_key():
    """A key of the same name that did not sign the head is refused."""
    store, high_water = MemoryStore(), MemoryHighWater()
    filled(4, store, high_water).close()
    with pytest.raises(WrongKey):
        open_log(store, high_water, SignerKey(name=ORIGIN, seed=bytes(32)))


@pytest.mark.parametrize("index", [0, 255, 256, 299])
@pytest.mark.parametrize("field", ["commitment", "salt", "envelope"])
def test_a_changed_row_is_not_read(index, field):
    """A row that is not the one that was signed is named, not returned."""
    store = MemoryStore()
    log = filled(300, store)
    changed = getattr(store._rows[index], field)
    fields = {
        name: getattr(store._rows[index], name)
        for name in ("commitment", "salt", "envelope")
    }
    fields[field] = bytes([changed[0] ^ 1]) + changed[1:]
    store._rows[index] = Row(**fields)
    with pytest.raises(EntryDamaged, match=f"Entry {index} ") as caught:
        list(log.read(0, 300))
    assert caught.value.index == index
    with pytest.raises(EntryDamaged):
        log.prove(index)


def test_a_whole_row_put_in_anothers_place_is_not_read():
    """A genuine entry moved to another index is found."""
    store = MemoryStore()
    log = filled(300, store)
    store._rows[3], store._rows[4] = store._rows[4], store._rows[3]
    with pytest.raises(EntryDamaged, match="Entry 3 "):
        list(log.read(0, 300))


@pytest.mark.parametrize("index", [0, 255, 256, 700])
def test_a_receipt_is_verified_alone(index):
    """What `prove` writes needs only the key."""
    log = filled(701)
    proven = verify_receipt(log.prove(index), [log.key])
    assert (proven.index, proven.payload) == (index, payload(index))


def test_nothing_is_proven_of_an_entry_that_is_not_there():
    """Asking for a receipt beyond the end is refused."""
    with pytest.raises(NoSuchRange):
        filled(3).prove(3)


@pytest.mark.parametrize(("old", "new"), [(1, 1), (5, 700), (256, 701), (300, 512)])
def test_any_two_sizes_are_proven_consistent(old, new):
    """A checkpoint seen before leads to any later one."""
    store = MemoryStore()
    log = filled(701, store)
    leaves = [hash_leaf(row.commitment) for row in store.rows(0, 701)]
    roots = [Frontier().extend(leaves[:size]).root() for size in (old, new)]
    verify_consistency(old, new, log.consistency(old, new), *roots)


def test_tiles_are_given_at_any_width_the_log_has():
    """Full and partial hash tiles hold the tree's hashes; beyond it there is none."""
    store = MemoryStore()
    log = filled(600, store)
    leaves = [hash_leaf(row.commitment) for row in store.rows(0, 600)]
    assert split_tile(log.tile(0, 1), 256) == tuple(leaves[256:512])
    assert split_tile(log.tile(0, 2, 88), 88) == tuple(leaves[512:])
    assert split_tile(log.tile(0, 0, 7), 7) == tuple(leaves[:7])
    assert len(log.tile(1, 0, 2)) == 64
    for level, number, width in [(0, 2, 256), (0, 3, 1), (1, 0, 3), (2, 0, 1)]:
        with pytest.raises(TileMalformed):
            log.tile(level, number, width)


def test_bundles_hold_the_entries_data():
    """An entry's data is its 32-byte commitment."""
    store = MemoryStore()
    log = filled(300, store)
    (row,) = store.rows(299, 300)
    assert log.bundle(1, 44).endswith(b"\x00\x20" + row.commitment)
    for number, width in [(1, 45), (1, 256), (2, 1), (-1, 256), (0, 0)]:
        with pytest.raises(TileMalformed):
            log.bundle(number, width)


def test_a_sealed_part_is_erased_only_by_an_entry():
    """The entry that says so takes it along; the log stays."""
    log = open_log()
    digest, sealed = part(b"the name of the caller")
    log.append([sealing(0, digest)], now=START, sealed={digest: sealed})
    log.require_sealed(0, base64.b64encode(digest).decode())
    with pytest.raises(NotErased):
        log.require_sealed(0, base64.b64encode(bytes(32)).decode())
    erasing = msgspec.json.encode(
        {
            "type": "sealed_erased",
            "v": 1,
            "realm": "exercise",
            "at": "2016-09-17T13:55:00Z",
            "act": {
                "entry": 0,
                "part": base64.b64encode(digest).decode(),
                "rule": "asked by the person",
                "person": "duty-officer",
            },
        }
    )
    assert log.sealed(digest) == sealed
    log.append([erasing], now=START)
    assert log.sealed(digest) is None
    assert len(list(log.read(0, 2))) == 2


def test_a_sealed_part_nobody_names_is_refused():
    """Bytes no entry speaks of do not get into the log's file."""
    digest, sealed = part(b"a name")
    log = open_log()
    with pytest.raises(SealedLoose):
        log.append([payload(0)], now=START, sealed={digest: sealed})
    assert log.size == 0


def test_an_entry_that_names_a_missing_part_is_refused():
    """An entry never names bytes that lie nowhere; later it may name them again."""
    digest, sealed = part(b"a name")
    log = open_log()
    with pytest.raises(SealedLoose):
        log.append([sealing(0, digest)], now=START)
    log.append([sealing(0, digest)], now=START, sealed={digest: sealed})
    log.append([sealing(1, digest)], now=START)
    assert log.size == 2


def test_a_part_named_in_the_batch_before_may_be_named_again():
    """A part lying with a batch still under way is there for the next one."""
    digest, sealed = part(b"a name")
    log = open_log()
    one = log.prepare([sealing(0, digest)], now=START, sealed={digest: sealed})
    two = log.prepare([sealing(1, digest)], now=START, after=one)
    for prepared in (one, two):
        log.store(prepared)
        log.settle(prepared)
    assert log.sealed(digest) == sealed


def test_a_missing_row_is_not_passed_over():
    """Where a store gives fewer rows than were signed, that is an error."""
    store = MemoryStore()
    log = filled(10, store)
    del store._rows[7:]
    with pytest.raises(EntryDamaged, match="Entry 7 "):
        list(log.read(0, 10))
