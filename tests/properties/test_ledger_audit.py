"""Laws of the walk: damage is always found, bounded, and brings nothing down."""

from dataclasses import replace
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from clearline.ledger.audit import AuditRow, audit
from clearline.ledger.report import Fault
from unit.ledger.made_log import flip, make_log

made = cache(make_log)
WHOLE = {Fault.ROOT, Fault.CHECKPOINT, Fault.SEEN}


def touches(problems, index):
    """Say whether some problem's range holds an index."""
    return any(problem.start <= index < problem.end for problem in problems)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 40), st.integers(0, 40))
def test_a_log_that_only_grew_is_well(size, seen):
    """At every size, with any earlier head, a whole log is well."""
    report = made(size).report(seen=made(min(size, seen)).checkpoint)
    assert report.ok
    assert report.root == made(size).edge.root()


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 40), st.data())
def test_one_flipped_bit_in_a_row_is_found_and_bounded_to_it(size, data):
    """Whatever bit of a row flips, that row is named and no other is."""
    log = made(size)
    index = data.draw(st.integers(0, size - 1))
    column = data.draw(st.sampled_from(["commitment", "salt", "envelope"]))
    value = getattr(log.rows[index], column)
    bit = data.draw(st.integers(0, 8 * len(value) - 1))
    report = log.with_row(index, **{column: flip(value, bit)}).report()
    assert not report.ok
    assert {(p.start, p.end) for p in report.problems} == {(index, index + 1)}
    assert report.first_bad.start == index


@settings(deadline=None, max_examples=20)
@given(st.data())
def test_one_flipped_bit_in_a_tile_is_found_and_bounded_to_it(data):
    """Whatever bit of a tile flips, its entry is named, and only the tile blamed."""
    log = made(256)
    bit = data.draw(st.integers(0, 256 * 256 - 1))
    report = log.with_tile(0, 0, flip(log.tiles[0, 0], bit)).report()
    (problem,) = report.problems
    assert problem.fault is Fault.TILE
    assert (problem.start, problem.end) == (bit // 256, bit // 256 + 1)


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 40), st.data())
def test_one_flipped_bit_in_the_checkpoint_is_found(size, data):
    """Whatever bit of the head flips, the log is not well."""
    log = made(size)
    bit = data.draw(st.integers(0, 8 * len(log.checkpoint) - 1))
    report = log.report(checkpoint=flip(log.checkpoint, bit))
    assert not report.ok
    assert report.checkpoint is None


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 39),
            st.sampled_from(["commitment", "salt", "envelope"]),
            st.integers(0, 255),
        ),
        min_size=1,
        max_size=6,
        unique_by=lambda damage: damage[0],
    )
)
def test_every_damaged_row_is_named_by_an_index(damages):
    """However many rows are hurt, each lies in a problem about single entries."""
    log = made(40)
    for index, column, bit in damages:
        value = getattr(log.rows[index], column)
        log = log.with_row(index, **{column: flip(value, bit)})
    report = log.report()
    bounded = [p for p in report.problems if p.fault not in WHOLE]
    assert all(touches(bounded, index) for index, _, _ in damages)
    assert {p.start for p in bounded} <= {index for index, _, _ in damages}


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 40), st.data())
def test_rows_taken_away_are_named(size, data):
    """Whatever stretch of rows is gone, it is named as it is."""
    start = data.draw(st.integers(0, size - 1))
    end = data.draw(st.integers(start + 1, size))
    report = made(size).without_rows(start, end).report()
    assert not report.ok
    missing = [p for p in report.problems if p.fault is Fault.ROW_MISSING]
    assert [(p.start, p.end) for p in missing] == [(start, end)]


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 40), st.data())
def test_a_log_rolled_back_is_found_by_who_saw_more(size, data):
    """A shorter log with its own signed head does not fool whoever saw the longer."""
    shorter = data.draw(st.integers(0, size - 1))
    report = made(shorter).report(seen=made(size).checkpoint)
    assert [(p.start, p.end) for p in report.problems] == [(shorter, size)]


rows = st.lists(
    st.builds(
        AuditRow,
        index=st.integers(-3, 12) | st.integers(-(2**70), 2**70),
        commitment=st.binary(max_size=40) | st.binary(min_size=32, max_size=32),
        salt=st.none() | st.binary(max_size=40) | st.binary(min_size=32, max_size=32),
        envelope=st.none() | st.binary(max_size=60),
    )
    | st.sampled_from(list(made(12).rows)),
    max_size=14,
)


@settings(deadline=None)
@given(
    rows,
    st.none() | st.binary(max_size=80) | st.just(made(12).checkpoint),
    st.none() | st.binary(max_size=40) | st.binary(min_size=8192, max_size=8192),
)
def test_nothing_brings_the_walk_down(rows, checkpoint, tile):
    """Whatever lies in a store, out comes a report."""
    report = audit(
        rows,
        checkpoint=checkpoint,
        keys=[made(12).key.verifier],
        find_tile=lambda *_: tile,
        find_sealed=lambda _: None,
    )
    assert report.ok == (not report.problems)
    if report.ok:
        assert report.size == 12
    for problem in report.problems:
        assert problem.start <= problem.end
        assert problem.what


@settings(deadline=None, max_examples=30)
@given(st.permutations(range(8)))
def test_an_order_that_is_not_the_logs_is_found(order):
    """Rows in any other order than their own are not well."""
    log = made(8)
    shuffled = replace(log, rows=tuple(log.rows[index] for index in order))
    assert shuffled.report().ok == (list(order) == list(range(8)))
