"""Laws of the index: it never misses, whatever comes and goes."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from clearline.bench.peers import SqliteTree
from clearline.geo.ellipsoid import from_degrees
from clearline.geo.index import Index
from clearline.geo.kernels import PIECE
from properties.of_pieces import may_meet, pieces, positions

_WIDTHS = st.sampled_from([1_024.0, 2_048.0, 8_192.0])


@settings(max_examples=300, deadline=None)
@given(pieces(), pieces(most=5), _WIDTHS)
def test_the_index_never_misses(standing, asked, cell_m):
    """Anywhere on Earth and at any time, it finds all that a look at all finds."""
    index = Index(cell_m=cell_m, room=1)
    index.enter(standing, 0, len(standing))
    _walk(index)
    for at, row in enumerate(asked):
        found = index.look(asked, at).tolist()
        assert len(found) == len(set(found))
        needed = {k for k, piece in enumerate(standing) if may_meet(piece, row)}
        assert needed <= set(found)


@settings(max_examples=150, deadline=None)
@given(pieces(), st.lists(st.tuples(st.booleans(), st.integers(0, 29)), max_size=60))
def test_coming_and_going_loses_nothing(standing, moves):
    """After any order of filing and withdrawing, exactly what is in is found."""
    index, inside = Index(room=1), set[int]()
    for enters, at in moves:
        number = at % len(standing)
        if enters and number not in inside:
            index.enter(standing, number, number + 1)
            inside.add(number)
        elif not enters:
            index.leave(standing, number, number + 1)
            inside.discard(number)
    assert len(index) == len(inside)
    _walk(index)
    for at, row in enumerate(standing):
        found = set(index.look(standing, at).tolist())
        assert found <= inside
        assert {k for k in inside if may_meet(standing[k], row)} <= found


@settings(max_examples=100, deadline=None)
@given(positions, st.integers(0, 2**32 - 1))
def test_a_crowd_of_thousands_is_found_whole(around, seed):
    """In a crowd about one place, the index agrees with a look at everybody."""
    crowd = _crowd(around, 2_000, seed)
    index = Index(cell_m=1_024.0)
    index.enter(crowd, 0, len(crowd))
    _walk(index)
    asked = _crowd(around, 3, seed + 1)
    for at, row in enumerate(asked):
        needed = np.flatnonzero(_near(crowd, row))
        found = index.look(asked, at)
        assert set(needed.tolist()) <= set(found.tolist())
        assert len(found) <= len(needed) + 20, "rounding lets a few more through"


@settings(max_examples=60, deadline=None)
@given(pieces(), pieces(most=5))
def test_the_twin_finds_the_same(standing, asked):
    """An R*Tree, which knows nothing of our cells, misses nothing either."""
    twin = SqliteTree(standing)
    for row in asked:
        needed = {k for k, piece in enumerate(standing) if may_meet(piece, row)}
        assert needed <= set(twin.look(row).tolist())


@settings(max_examples=40, deadline=None)
@given(pieces(), st.lists(st.tuples(st.booleans(), st.integers(0, 29)), max_size=40))
def test_the_twin_comes_and_goes_as_well(standing, moves):
    """Filed and withdrawn in any order, the R*Tree too finds exactly what is in."""
    twin, inside = SqliteTree(standing[:0]), set[int]()
    for enters, at in moves:
        number = at % len(standing)
        if enters and number not in inside:
            twin.enter(standing, number, number + 1)
            inside.add(number)
        elif not enters and number in inside:
            twin.leave([number])
            inside.discard(number)
    for row in standing:
        found = set(twin.look(row).tolist())
        assert {k for k in inside if may_meet(standing[k], row)} <= found <= inside


def _walk(index):
    """Have it walk from cell to cell, where it would look through so few at once."""
    index.grid.tally[0] = 100_000


def _crowd(around, count, seed):
    chance = np.random.default_rng(seed)  # noqa: TID251 (seeded by Hypothesis)
    made = np.zeros(count, PIECE)
    centre = np.array(from_degrees(*around))
    spots = centre + chance.normal(size=(count, 3)) * 20_000.0
    made["x_m"], made["y_m"], made["z_m"] = spots.T
    made["reach_m"] = 10.0 ** chance.uniform(1, 4, count)
    made["from_us"] = 1_474_000_000_000_000 + chance.integers(0, 10**12, count)
    made["until_us"] = made["from_us"] + chance.integers(1, 10**11, count)
    made["most_mm"] = 1_000_000
    return made


def _near(crowd, row):
    gap = sum((crowd[name] - row[name]) ** 2 for name in ("x_m", "y_m", "z_m"))
    return (
        (gap <= (crowd["reach_m"] + row["reach_m"]) ** 2)
        & (crowd["from_us"] < row["until_us"])
        & (row["from_us"] < crowd["until_us"])
    )
