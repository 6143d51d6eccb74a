"""Tiles are those of C2SP tlog-tiles, and the tree can be read back from them."""

import pytest

from clearline.ledger.tiles import (
    FULL_TILE_BYTES,
    TILE_WIDTH,
    Edge,
    TileMalformed,
    TileName,
    bundles_of,
    grow,
    parse_bundle,
    parse_tile_path,
    read_edge,
    split_tile,
    subtree_of_tiles,
    tile_at,
    tile_root,
    tiles_of,
    write_bundle,
)
from clearline.ledger.tree import (
    Frontier,
    NoSuchRange,
    consistency_proof,
    hash_leaf,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)
from unit.ledger.made_log import drawn

LEAVES = [hash_leaf(b"%d" % index) for index in range(70_000)]


@pytest.fixture(scope="module")
def grown():
    """Grow the log of the standard's own example: 70,000 entries."""
    return grow(Edge(), LEAVES)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (TileName(level=0, number=0), "tile/0/000"),
        (TileName(level=0, number=999), "tile/0/999"),
        (TileName(level=0, number=1000), "tile/0/x001/000"),
        (TileName(level=3, number=1234067), "tile/3/x001/x234/067"),
        (TileName(level=0, number=273, width=112), "tile/0/273.p/112"),
        (TileName(level=63, number=0, width=1), "tile/63/000.p/1"),
        (TileName(level=None, number=0), "tile/entries/000"),
        (
            TileName(level=None, number=1000000, width=255),
            "tile/entries/x001/x000/000.p/255",
        ),
        (
            TileName(level=0, number=36028797018963967),
            "tile/0/x036/x028/x797/x018/x963/967",
        ),
    ],
)
def test_a_tile_has_the_path_the_standard_gives_it(name, path):
    """Any client that knows the standard finds our tiles."""
    assert name.path == path
    assert parse_tile_path(path) == name


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "/tile/0/000",
        "tile/0/000/",
        "tile/00/000",
        "tile/-1/000",
        "tile/64/000",
        "tile/x/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/0/x001/x000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/00",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/000.p/-1",
        "tile/0/000.p/1/",
        "tile/0/000.p/1.p/1",
        "tile/0/../000",
        "tile/0/\u0660\u0660\u0660",
        "tile/0/000?x",
        "tile/entries",
        "tile/Entries/000",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/0/" + "x001/" * 5000 + "000",
        "checkpoint",
    ],
)
def test_a_path_the_standard_does_not_know_is_refused(path):
    """A path is written in one way, and never leads out of the log."""
    with pytest.raises(TileMalformed):
        parse_tile_path(path)


@pytest.mark.parametrize(
    ("level", "number", "width"),
    [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257), (0, 2**60, 1)],
)
def test_a_tile_that_cannot_be_is_not_named(level, number, width):
    """Level, number and width lie where the standard has them."""
    with pytest.raises(TileMalformed):
        TileName(level=level, number=number, width=width)


def test_the_standards_own_example_of_sizes():
    """A tree of 70,000 has the tiles C2SP tlog-tiles says it has."""
    names = list(tiles_of(70_000))
    full = [name for name in names if name.width == TILE_WIDTH]
    partial = [name.path for name in names if name.width < TILE_WIDTH]
    assert sum(name.level == 0 for name in full) == 273
    assert sum(name.level == 1 for name in full) == 1
    assert partial == ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]
    assert [name.path for name in tiles_of(256)] == ["tile/0/000", "tile/1/000.p/1"]
    assert list(tiles_of(0)) == []


def test_bundles_are_named_like_the_tiles_of_level_0():
    """Entries come in bundles as wide as their tiles."""
    assert [name.path for name in bundles_of(300)] == [
        "tile/entries/000",
        "tile/entries/001.p/44",
    ]


def test_growing_gives_the_frontier_and_every_full_tile(grown):
    """The edge knows the tree's root, and no full tile is forgotten."""
    edge, full = grown
    assert edge.frontier == Frontier().extend(LEAVES)
    wanted = {(n.level, n.number) for n in tiles_of(70_000) if n.width == TILE_WIDTH}
    assert {(tile.level, tile.number) for tile in full} == wanted
    assert [len(hashes) // 32 for hashes in edge.open] == [112, 17, 1]
    for tile in full:
        if tile.level == 0:
            first = tile.number * TILE_WIDTH
            assert tile.hashes == b"".join(LEAVES[first : first + TILE_WIDTH])


def test_an_upper_tile_holds_the_roots_of_the_tiles_below(grown):
    """Level 1 is made of nothing but level 0."""
    edge, full = grown
    below = [tile_root(tile.hashes) for tile in full if tile.level == 0]
    (upper,) = [tile for tile in full if tile.level == 1]
    assert b"".join(below) == upper.hashes + edge.open[1]
    assert tile_root(upper.hashes) == edge.open[2]


def test_growing_in_batches_is_growing_at_once(grown):
    """How entries were batched leaves no trace in the tree."""
    edge, tiles, at = Edge(), [], 0
    for step in (1, 254, 1, 1, 255, 512, 3, 65_000, 3_973):
        edge, full = grow(edge, LEAVES[at : at + step])
        tiles.extend(full)
        at += step
    assert (edge, tuple(tiles)) == grown


def test_an_edge_is_read_back_from_stored_tiles(grown):
    """A restart needs the full tiles and the last few leaves, nothing else."""
    _, full = grown
    tiles = {(tile.level, tile.number): tile.hashes for tile in full}
    for size in (0, 1, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000):
        edge, _ = grow(Edge(), LEAVES[:size])
        last = LEAVES[size - size % TILE_WIDTH : size]
        read = read_edge(size, lambda level, n: tiles[level, n], last)
        assert read.frontier == edge.frontier
        assert [h for h in read.open if h] == [h for h in edge.open if h]
        more = LEAVES[size : size + 300]
        assert grow(read, more)[0].root() == grow(edge, more)[0].root()


def test_an_edge_with_other_leaves_than_it_needs_is_refused():
    """Too few or too many last leaves are seen before anything is hashed."""
    with pytest.raises(TileMalformed):
        read_edge(3, lambda *_: b"", LEAVES[:2])
    with pytest.raises(TileMalformed):
        read_edge(257, lambda *_: b"short", LEAVES[:1])


def test_proofs_come_out_of_tiles(grown):
    """Whoever holds only tiles can prove any entry and any two sizes."""
    edge, full = grown
    tiles = {(tile.level, tile.number): tile.hashes for tile in full}
    asked = []

    def tile(name):
        asked.append(name)
        return tiles.get((name.level, name.number)) or edge.open[name.level]

    subtree = subtree_of_tiles(70_000, tile)
    for index in (0, 255, 256, 65_535, 65_536, 69_887, 69_888, 69_999):
        proof = inclusion_proof(index, 70_000, subtree)
        verify_inclusion(index, 70_000, LEAVES[index], proof, edge.root())
    for old in (1, 255, 256, 257, 65_536, 69_999, 70_000):
        proof = consistency_proof(old, 70_000, subtree)
        root = Frontier().extend(LEAVES[:old]).root()
        verify_consistency(old, 70_000, proof, root, edge.root())
    assert set(asked) <= set(tiles_of(70_000))


@pytest.mark.parametrize(
    ("start", "end"), [(0, 0), (0, 3), (1, 3), (2, 6), (-2, 0), (512, 1024), (4, 2)]
)
def test_only_complete_subtrees_are_answered_for(start, end):
    """Anything else would be answered wrongly, so it is not answered."""
    with pytest.raises(NoSuchRange):
        subtree_of_tiles(600, lambda _: b"")(start, end)


def test_a_tile_narrower_than_its_name_is_refused(grown):
    """A tile that was cut off gives no hash at all."""
    edge, _ = grown
    subtree = subtree_of_tiles(70_000, lambda _: edge.open[0][:-1])
    with pytest.raises(TileMalformed):
        subtree(69_888, 69_889)


def test_a_tile_outside_the_tree_is_not_named():
    """The tree ends where it ends."""
    assert tile_at(300, 0, 1).width == 44
    with pytest.raises(TileMalformed):
        tile_at(300, 0, 2)
    with pytest.raises(TileMalformed):
        tile_at(300, 2, 0)


def test_a_tile_is_cut_into_its_hashes():
    """A full tile is 8,192 bytes, no more and no less."""
    tile = b"".join(LEAVES[:256])
    assert split_tile(tile, 256) == tuple(LEAVES[:256])
    assert len(tile) == FULL_TILE_BYTES
    for wrong in (tile[:-1], tile + b"x", tile[:-32], b""):
        with pytest.raises(TileMalformed):
            split_tile(wrong, 256)


def test_bundles_are_read_back():
    """Entries in a bundle come out as they went in, of any length."""
    for entries in ([drawn(1)] * 256, [b"", b"x" * 65_535], [drawn(1), b"a"]):
        bundle = write_bundle(entries)
        assert parse_bundle(bundle, len(entries)) == tuple(entries)
    assert write_bundle([drawn(1)]) == b"\x00\x20" + drawn(1)


@pytest.mark.parametrize("entries", [[], [b""] * 257, [b"x" * 65_536]])
def test_a_bundle_that_cannot_be_is_not_written(entries):
    """No bundle is empty, too wide, or holds an entry too long."""
    with pytest.raises(TileMalformed):
        write_bundle(entries)


def test_a_bundle_that_ends_early_is_refused():
    """Wherever a bundle is cut, and however its width is wrong, it shows."""
    bundle = write_bundle([drawn(1), drawn(2)])
    for end in range(len(bundle)):
        with pytest.raises(TileMalformed):
            parse_bundle(bundle[:end], 2)
    for width in (0, 1, 3):
        with pytest.raises(TileMalformed):
            parse_bundle(bundle, width)
