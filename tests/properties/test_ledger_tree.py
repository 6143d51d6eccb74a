"""Laws of the tree: right proofs verify, and nothing near them does."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clearline.ledger.tiles import Edge, grow, read_edge, subtree_of_tiles, tiles_of
from clearline.ledger.tree import (
    EMPTY_ROOT,
    ConsistencyRefused,
    Frontier,
    InclusionRefused,
    consistency_proof,
    frontier_of,
    hash_leaf,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)
from unit.ledger import slow_tree
from unit.ledger.made_log import drawn, flip

MOST = 700
ENTRIES = [b"%d" % index for index in range(MOST)]
LEAVES = [hash_leaf(entry) for entry in ENTRIES]
EDGE, FULL = grow(Edge(), LEAVES)
TILES = {(tile.level, tile.number): tile.hashes for tile in FULL}

sizes = st.integers(1, MOST)
hashes = st.binary(min_size=32, max_size=32)


def tile(name):
    """Return a tile at its width; a partial one is the start of a wider one."""
    whole = TILES.get((name.level, name.number)) or EDGE.open[name.level]
    return whole[: name.width * 32]


def root(size):
    """Return the root at a size."""
    return Frontier().extend(LEAVES[:size]).root()


@st.composite
def inclusions(draw):
    """Draw a right inclusion: index, size, leaf, proof, root."""
    size = draw(sizes)
    index = draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, subtree_of_tiles(size, tile))
    return index, size, LEAVES[index], proof, root(size)


@st.composite
def consistencies(draw):
    """Draw a right consistency: old, new, proof, old root, new root."""
    new = draw(sizes)
    old = draw(st.integers(1, new))
    proof = consistency_proof(old, new, subtree_of_tiles(new, tile))
    return old, new, proof, root(old), root(new)


def altered(draw, proof):
    """Draw a proof that is not the one given."""
    proof = list(proof)
    at = draw(st.integers(0, len(proof)))
    kinds = ["insert"]
    if at < len(proof):
        kinds += ["flip", "drop", "cut", "longer"]
    kind = draw(st.sampled_from(kinds))
    if kind == "insert":
        proof.insert(at, draw(hashes | st.sampled_from([*proof, EMPTY_ROOT])))
    elif kind == "flip":
        proof[at] = flip(proof[at], draw(st.integers(0, 255)))
    elif kind == "drop":
        del proof[at]
    elif kind == "cut":
        proof[at] = proof[at][: draw(st.integers(0, 31))]
    else:
        proof[at] += draw(st.binary(min_size=1, max_size=40))
    return proof


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_the_root_is_the_slow_one(entries):
    """However entries look, the fast root is the plainly computed one."""
    frontier = Frontier().extend(map(hash_leaf, entries))
    assert frontier.root() == slow_tree.mth(entries)


@given(st.integers(1, 70), st.data())
def test_proofs_are_the_slow_ones(size, data):
    """Proofs out of tiles are hash by hash those the standard defines."""
    index = data.draw(st.integers(0, size - 1))
    subtree = subtree_of_tiles(size, tile)
    path = slow_tree.path(index, ENTRIES[:size])
    assert list(inclusion_proof(index, size, subtree)) == path
    proof = slow_tree.proof(index + 1, ENTRIES[:size])
    assert list(consistency_proof(index + 1, size, subtree)) == proof


@given(inclusions())
def test_a_right_inclusion_verifies(given_):
    """What is in the tree can be shown to be."""
    verify_inclusion(*given_)


@given(consistencies())
def test_a_right_consistency_verifies(given_):
    """What only grew can be shown to have only grown."""
    verify_consistency(*given_)


@given(inclusions(), st.data())
def test_an_altered_inclusion_proof_does_not(given_, data):
    """One hash more, less, other, shorter or longer: refused."""
    index, size, leaf, proof, top = given_
    wrong = altered(data.draw, proof)
    with pytest.raises(InclusionRefused):
        verify_inclusion(index, size, leaf, wrong, top)


@given(consistencies(), st.data())
def test_an_altered_consistency_proof_does_not(given_, data):
    """One hash more, less, other, shorter or longer: refused."""
    old, new, proof, old_root, new_root = given_
    wrong = altered(data.draw, proof)
    with pytest.raises(ConsistencyRefused):
        verify_consistency(old, new, wrong, old_root, new_root)


@given(inclusions(), st.integers(0, 255), st.booleans())
def test_an_inclusion_of_another_leaf_or_root_does_not(given_, bit, is_leaf):
    """One bit of what is to be shown changed: refused."""
    index, size, leaf, proof, top = given_
    leaf, top = (flip(leaf, bit), top) if is_leaf else (leaf, flip(top, bit))
    with pytest.raises(InclusionRefused):
        verify_inclusion(index, size, leaf, proof, top)


@given(consistencies(), st.integers(0, 255), st.booleans())
def test_a_consistency_of_another_root_does_not(given_, bit, is_old):
    """One bit of either root changed: refused."""
    old, new, proof, old_root, new_root = given_
    if is_old:
        old_root = flip(old_root, bit)
    else:
        new_root = flip(new_root, bit)
    with pytest.raises(ConsistencyRefused):
        verify_consistency(old, new, proof, old_root, new_root)


@given(inclusions(), st.integers(-2, 2**65))
def test_an_inclusion_at_another_index_does_not(given_, other):
    """An entry stands where it stands."""
    index, size, leaf, proof, top = given_
    assume(other != index)
    with pytest.raises(InclusionRefused):
        verify_inclusion(other, size, leaf, proof, top)


@given(st.integers(-(2**70), 2**70), st.integers(-(2**70), 2**70), hashes, hashes)
def test_no_numbers_bring_a_verifier_down(first, second, one, other):
    """Whatever the numbers, a made-up proof is refused, and nothing else happens."""
    with pytest.raises(InclusionRefused):
        verify_inclusion(first, second, one, [other] * 70, one)
    with pytest.raises(ConsistencyRefused):
        verify_consistency(first, second, [other] * 70, one, other)


@settings(deadline=None)
@given(st.lists(st.integers(0, 300), max_size=8))
def test_batches_leave_no_trace(steps):
    """However entries were batched, edge and tiles are the same."""
    edge, tiles, at = Edge(), [], 0
    for step in steps:
        edge, full = grow(edge, LEAVES[at : at + step])
        tiles.extend(full)
        at = min(at + step, MOST)
    assert edge.frontier == Frontier().extend(LEAVES[:at])
    assert all(TILES[tile.level, tile.number] == tile.hashes for tile in tiles)
    assert len(tiles) == sum(name.width == 256 for name in tiles_of(at))


@settings(deadline=None)
@given(st.integers(0, MOST))
def test_tiles_reassemble_to_the_same_root(size):
    """From tiles alone the whole tree comes back, at every size."""
    subtree = subtree_of_tiles(size, tile)
    assert frontier_of(size, subtree) == Frontier().extend(LEAVES[:size])
    last = LEAVES[size - size % 256 : size]
    edge = read_edge(size, lambda level, number: TILES[level, number], last)
    assert edge.frontier == Frontier().extend(LEAVES[:size])


@given(sizes)
def test_a_tree_is_never_another_size(size):
    """Two sizes never share a root."""
    assert root(size) not in (root(size - 1), drawn("any"))
