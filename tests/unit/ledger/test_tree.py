"""The tree is that of RFC 6962, and nothing but a right proof is taken."""

import pytest

from clearline.ledger.tree import (
    EMPTY_ROOT,
    MAX_SIZE,
    ConsistencyRefused,
    Frontier,
    InclusionRefused,
    NoSuchRange,
    consistency_proof,
    frontier_of,
    hash_children,
    hash_leaf,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)
from unit.ledger import slow_tree
from unit.ledger.made_log import drawn, flip

ENTRIES = [b"entry %d" % index for index in range(34)]
HASHES = [hash_leaf(entry) for entry in ENTRIES]
HUGE = (MAX_SIZE + 1, 2**64 - 1, 2**64, 2**64 + 3, 2**200)


def subtree(start, end):
    """Answer for a complete subtree, as slowly as can be."""
    assert end - start == 1 << (end - start).bit_length() - 1
    assert start % (end - start) == 0
    return slow_tree.mth(ENTRIES[start:end])


def root(size):
    """Return the root at a size, from the oracle."""
    return slow_tree.mth(ENTRIES[:size])


def test_hashes_are_those_of_the_standard():
    """Leaf and node are told apart by their first byte, as RFC 6962 has it."""
    assert EMPTY_ROOT.hex() == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
    assert hash_leaf(b"").hex() == (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert hash_children(hash_leaf(b""), hash_leaf(b"\x00")).hex() == (
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    )


def test_the_root_is_the_oracles_at_every_size():
    """Appending one by one leads to the root the standard defines."""
    frontier = Frontier()
    for size, leaf in enumerate(HASHES):
        assert frontier.size == size
        assert frontier.root() == root(size)
        frontier = frontier.append(leaf)
    assert frontier == Frontier().extend(HASHES)


def test_appending_leaves_the_old_frontier_alone():
    """A batch that fails later has moved nothing."""
    before = Frontier().extend(HASHES[:7])
    before.append(HASHES[7])
    assert before == Frontier().extend(HASHES[:7])


def test_a_frontier_is_read_back_from_stored_hashes():
    """What was stored is enough to go on appending."""
    for size in range(len(ENTRIES) + 1):
        assert frontier_of(size, subtree) == Frontier().extend(HASHES[:size])


@pytest.mark.parametrize(
    ("size", "peaks"), [(1, 0), (2, 2), (3, 1), (-1, 1), (0, 1), (2**63, 1)]
)
def test_a_frontier_that_cannot_be_is_refused(size, peaks):
    """A frontier has one peak for each bit of its size."""
    with pytest.raises(NoSuchRange):
        Frontier(size=size, peaks=(drawn("peak"),) * peaks)


def test_every_inclusion_proof_is_the_oracles_and_verifies():
    """Each leaf of each small tree is proven as the standard proves it."""
    for size in range(1, len(ENTRIES) + 1):
        for index in range(size):
            proof = inclusion_proof(index, size, subtree)
            assert list(proof) == slow_tree.path(index, ENTRIES[:size])
            verify_inclusion(index, size, HASHES[index], proof, root(size))


def test_every_consistency_proof_is_the_oracles_and_verifies():
    """Each pair of small sizes is proven as the standard proves it."""
    for new in range(1, len(ENTRIES) + 1):
        for old in range(1, new + 1):
            proof = consistency_proof(old, new, subtree)
            assert list(proof) == slow_tree.proof(old, ENTRIES[:new])
            verify_consistency(old, new, proof, root(old), root(new))


def test_an_inclusion_proof_of_something_else_is_refused():
    """Another leaf, index, size, root, or any hash changed: nothing passes."""
    index, size = 5, 13
    proof, leaf, top = inclusion_proof(index, size, subtree), HASHES[5], root(size)
    wrong = [
        (index, size, HASHES[6], proof, top),
        (index, size, flip(leaf, 3), proof, top),
        (index, size, leaf, proof, flip(top, 3)),
        (index, size, leaf, proof[:-1], top),
        (index, size, leaf, proof[1:], top),
        (index, size, leaf, (), top),
        (index, size, leaf, (*proof, drawn("more")), top),
        (index, size, leaf, (drawn("more"), *proof), top),
        (index, size, leaf, (*proof, b""), top),
        (index, size, leaf, (proof[0][:-1], *proof[1:]), top),
        (index, size, leaf, proof[::-1], top),
        (index, size, leaf[:-1], proof, top),
        (index, size, leaf, proof, top[:-1]),
        (index, size, b"", proof, top),
        (index, size, leaf, proof, b""),
        (size, size, leaf, proof, top),
        (-1, size, leaf, proof, top),
        (index, 0, leaf, proof, top),
        (index, -size, leaf, proof, top),
        (0, 0, leaf, (), EMPTY_ROOT),
        *[(other, size, leaf, proof, top) for other in range(size) if other != index],
        *[(index, other, leaf, proof, top) for other in range(9)],
    ]
    for case in wrong:
        with pytest.raises(InclusionRefused):
            verify_inclusion(*case)


def test_a_proof_from_a_tree_of_like_shape_is_told_apart_by_its_root():
    """Sizes 12 and 13 give index 5 ways of one length; only the root decides."""
    proof = inclusion_proof(5, 12, subtree)
    with pytest.raises(InclusionRefused):
        verify_inclusion(5, 13, HASHES[5], proof, root(13))


def test_a_consistency_proof_of_something_else_is_refused():
    """Other sizes, other roots, or any hash changed: nothing passes."""
    old, new = 6, 13
    proof = consistency_proof(old, new, subtree)
    a, b = root(old), root(new)
    wrong = [
        (old, new, proof, b, a),
        (old, new, proof, a, a),
        (old, new, proof, flip(a, 0), b),
        (old, new, proof, a, flip(b, 0)),
        (old, new, proof[:-1], a, b),
        (old, new, proof[1:], a, b),
        (old, new, (), a, b),
        (old, new, (*proof, drawn("more")), a, b),
        (old, new, (drawn("more"), *proof), a, b),
        (old, new, (proof[0][:-1], *proof[1:]), a, b),
        (old, new, proof[::-1], a, b),
        (old, new, proof, a[:-1], b),
        (old, new, proof, a, b""),
        (new, old, proof, b, a),
        (0, new, (), EMPTY_ROOT, b),
        (0, new, proof, EMPTY_ROOT, b),
        (0, 0, (), EMPTY_ROOT, EMPTY_ROOT),
        (-old, new, proof, a, b),
        (old, old, proof, a, a),
        (old, old, (), a, b),
        (old, old, (a,), a, a),
        *[(other, new, proof, a, b) for other in range(1, 13) if other != old],
    ]
    for case in wrong:
        with pytest.raises(ConsistencyRefused):
            verify_consistency(*case)


@pytest.mark.parametrize("huge", HUGE)
def test_sizes_no_tree_can_have_are_refused_at_once(huge):
    """A number beyond 63 bits is refused at the door, however long the proof."""
    some = (drawn("a"),) * 64
    with pytest.raises(InclusionRefused):
        verify_inclusion(5, huge, HASHES[5], some, root(9))
    with pytest.raises(InclusionRefused):
        verify_inclusion(huge - 1, huge, HASHES[5], some, root(9))
    with pytest.raises(ConsistencyRefused):
        verify_consistency(5, huge, some, root(5), root(9))
    with pytest.raises(ConsistencyRefused):
        verify_consistency(huge, huge, (), root(5), root(5))
    with pytest.raises(NoSuchRange):
        inclusion_proof(5, huge, subtree)
    with pytest.raises(NoSuchRange):
        consistency_proof(5, huge, subtree)


def test_the_largest_tree_can_still_be_spoken_of():
    """At the last size there is, a proof is only as long as it has to be."""
    beside = tuple(drawn(level) for level in range(63))
    node = HASHES[0]
    for other in beside:
        node = hash_children(node, other)
    verify_inclusion(0, MAX_SIZE, HASHES[0], beside, node)
    with pytest.raises(InclusionRefused):
        verify_inclusion(0, MAX_SIZE, HASHES[0], beside[:-1], node)


@pytest.mark.parametrize(
    ("index", "size"), [(0, 0), (1, 1), (-1, 3), (3, 3), (2**63, 2**63 + 1)]
)
def test_nothing_is_proven_about_leaves_that_are_not_there(index, size):
    """Asking for the impossible is told apart from failing to prove."""
    with pytest.raises(NoSuchRange):
        inclusion_proof(index, size, subtree)


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 5), (3, 2), (-1, 5)])
def test_nothing_is_proven_about_an_empty_or_later_tree(old, new):
    """The empty tree is the beginning of all; there is nothing to prove."""
    with pytest.raises(NoSuchRange):
        consistency_proof(old, new, subtree)


def test_a_refusal_says_what_to_do():
    """An error says what happened, what state things are in, what to do next."""
    with pytest.raises(InclusionRefused) as caught:
        verify_inclusion(1, 1, HASHES[0], (), root(1))
    assert caught.value.what == "There is no leaf 1 in a tree of 1."
    assert caught.value.state
    assert caught.value.next
