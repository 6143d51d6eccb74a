"""Cut the tree into tiles that anyone can fetch, check and keep.

    level 1   [ 0 ][ 1 ] .. [255]          tile/1/000     one hash a full tile below
                |    |
    level 0   [256 leaf hashes][256 ...]   tile/0/000, tile/0/001, ... tile/0/273.p/112

The tiles are those of C2SP tlog-tiles: 256 hashes each, the last one of a level
possibly narrower. A tile only ever grows on the right, so every partial tile is
the beginning of the full one. The entries themselves are told in bundles; the
data of an entry of ours is always the 32 bytes of its commitment.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from clearline.ledger.tree import (
    HASH_BYTES,
    MAX_SIZE,
    Frontier,
    NoSuchRange,
    Subtree,
    frontier_of,
    hash_children,
)
from clearline.model.errors import BadInput

TILE_HEIGHT = 8
"""Levels of the tree one tile spans."""

TILE_WIDTH = 256
"""Hashes in a full tile (C2SP tlog-tiles, "Merkle Tree")."""

FULL_TILE_BYTES = TILE_WIDTH * HASH_BYTES
"""Length of a full tile, bytes."""

MAX_LEVEL = 63
"""Highest level a path may name (C2SP tlog-tiles)."""

_GROUP = 1000
_GROUP_DIGITS = 3
_LENGTH_BYTES = 2
_LONGEST_PATH = 64


class TileMalformed(BadInput):
    """Refuse a path or bytes that are no tile or no bundle."""


class TileName(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Name one tile or one bundle of entries.

    Attributes:
        level: Level of a hash tile, 0 to 63; `None` for a bundle of entries.
        number: Its place in the level, from 0.
        width: How many hashes or entries it holds, 1 to 256; below 256 it is
            partial.

    Raises:
        TileMalformed: No tile has these values.
    """

    level: int | None
    number: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        is_level = self.level is None or 0 <= self.level <= MAX_LEVEL
        is_number = 0 <= self.number <= MAX_SIZE // TILE_WIDTH
        if not (is_level and is_number and 1 <= self.width <= TILE_WIDTH):
            raise _malformed(f"No tile has the values {self!r}.")

    @property
    def path(self) -> str:
        """Write the tile's path below its log's prefix, as C2SP tlog-tiles says."""
        level = "entries" if self.level is None else str(self.level)
        groups = [f"{self.number % _GROUP:03}"]
        rest = self.number // _GROUP
        while rest:
            groups.append(f"x{rest % _GROUP:03}")
            rest //= _GROUP
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{level}/{'/'.join(reversed(groups))}{partial}"


class FullTile(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one full hash tile.

    Attributes:
        level: Its level, from 0.
        number: Its place in the level, from 0.
        hashes: Its 256 hashes of 32 bytes, joined.
    """

    level: int
    number: int
    hashes: bytes


class Edge(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold the right edge of a tree with the tiles that are still open there.

    Attributes:
        frontier: The edge's peaks.
        open: For each level, from 0, the hashes of its open tile, joined;
            empty where the last tile of the level is full.
    """

    frontier: Frontier = Frontier()
    open: tuple[bytes, ...] = ()

    @property
    def size(self) -> int:
        """Return the number of leaves."""
        return self.frontier.size

    def root(self) -> bytes:
        """Return the root over all leaves."""
        return self.frontier.root()


def grow(edge: Edge, leaf_hashes: Iterable[bytes]) -> tuple[Edge, tuple[FullTile, ...]]:
    """Put leaves on the right of an edge.

    Costs one hash a leaf, amortised; nothing given is changed.

    Returns:
        The edge as it then stands, and the tiles that became full on the way,
        in the order in which they did.
    """
    sha256 = hashlib.sha256
    peaks, size = list(edge.frontier.peaks), edge.size
    levels = [bytearray(hashes) for hashes in edge.open] or [bytearray()]
    full: list[FullTile] = []
    for leaf_hash in leaf_hashes:
        levels[0] += leaf_hash
        node, carry, height = leaf_hash, size, 0
        while carry & 1:
            node = sha256(b"\x01" + peaks.pop() + node).digest()
            carry >>= 1
            height += 1
            if not height % TILE_HEIGHT:
                level = height // TILE_HEIGHT - 1
                full.append(_close(levels, level, size))
                levels[level + 1] += node
        peaks.append(node)
        size += 1
    frontier = Frontier(size=size, peaks=tuple(peaks))
    return Edge(frontier=frontier, open=tuple(map(bytes, levels))), tuple(full)


def read_edge(
    size: int, full_tile: Callable[[int, int], bytes], last_leaves: Sequence[bytes]
) -> Edge:
    """Read the edge of a tree of `size` leaves from what was stored.

    Nothing read is believed: compare the edge's root with a checkpoint.

    Args:
        size: Leaves in the tree.
        full_tile: Answers the full tile of a level and number, 8,192 bytes.
        last_leaves: Hashes of the leaves after the last full tile of level 0:
            `size % 256` of them, in order.

    Raises:
        TileMalformed: A tile or the last leaves are not as long as they must be.
    """
    if len(last_leaves) != size % TILE_WIDTH:
        raise _malformed(f"{len(last_leaves)} leaves do not end a log of {size}.")
    levels = [b"".join(last_leaves)]
    count = size // TILE_WIDTH
    while count:
        below = len(levels) - 1
        first = count - count % TILE_WIDTH
        levels.append(
            b"".join(tile_root(full_tile(below, n)) for n in range(first, count))
        )
        count //= TILE_WIDTH

    def tile(name: TileName) -> bytes:
        level = name.level or 0
        if name.width == TILE_WIDTH:
            return full_tile(level, name.number)
        return levels[level]

    frontier = frontier_of(size, subtree_of_tiles(size, tile))
    return Edge(frontier=frontier, open=tuple(levels))


def subtree_of_tiles(size: int, tile: Callable[[TileName], bytes]) -> Subtree:
    """Answer for the subtrees of a tree of `size` leaves out of its tiles.

    What it answers is fit for `tree.inclusion_proof` and `consistency_proof`.

    Args:
        size: Leaves in the tree whose tiles can be had.
        tile: Answers the tile of a name; only tiles a tree of `size` leaves
            has are ever asked for, partial ones at that size's width.
    """

    def subtree(start: int, end: int) -> bytes:
        width = end - start
        is_within = 0 <= start < end <= size
        if not is_within or width & (width - 1) or start % width:
            raise NoSuchRange(
                f"[{start}, {end}) is no complete subtree of a log of {size}.",
                state="Nothing was proven.",
                next="Ask for complete subtrees within the size of the log.",
            )
        level, above = divmod(width.bit_length() - 1, TILE_HEIGHT)
        position = start >> (level * TILE_HEIGHT)
        name = tile_at(size, level, position // TILE_WIDTH)
        hashes = split_tile(tile(name), name.width)
        first = position % TILE_WIDTH
        return _complete_root(hashes[first : first + (1 << above)])

    return subtree


def tile_at(size: int, level: int, number: int) -> TileName:
    """Name the tile at a place in a tree of `size` leaves, at the width it has.

    Raises:
        TileMalformed: The tree has no tile there.
    """
    count = size >> (level * TILE_HEIGHT)
    width = min(TILE_WIDTH, count - number * TILE_WIDTH)
    return TileName(level=level, number=number, width=width)


def tiles_of(size: int) -> Iterator[TileName]:
    """Name every tile of a tree of `size` leaves, lowest level first."""
    level, count = 0, size
    while count:
        for number in range((count + TILE_WIDTH - 1) // TILE_WIDTH):
            yield tile_at(size, level, number)
        level, count = level + 1, count // TILE_WIDTH


def bundles_of(size: int) -> Iterator[TileName]:
    """Name every bundle of entries of a log of `size` entries."""
    for number in range((size + TILE_WIDTH - 1) // TILE_WIDTH):
        width = min(TILE_WIDTH, size - number * TILE_WIDTH)
        yield TileName(level=None, number=number, width=width)


def parse_tile_path(path: str) -> TileName:
    """Read a path below a log's prefix, written as C2SP tlog-tiles says.

    Raises:
        TileMalformed: The path is written in any other way.
    """
    name = _read_path(path) if len(path) <= _LONGEST_PATH else None
    if name is None or name.path != path:
        raise _malformed(f"{path[:_LONGEST_PATH]!r} is no tile's path.")
    return name


def split_tile(tile: bytes, width: int) -> tuple[bytes, ...]:
    """Cut a tile into its hashes.

    Raises:
        TileMalformed: It does not hold `width` hashes.
    """
    if len(tile) != width * HASH_BYTES:
        raise _malformed(f"{len(tile)} bytes are no tile of {width} hashes.")
    return tuple(tile[i : i + HASH_BYTES] for i in range(0, len(tile), HASH_BYTES))


def tile_root(tile: bytes) -> bytes:
    """Return the hash of the subtree a full tile spans.

    Raises:
        TileMalformed: The tile is not full.
    """
    return _complete_root(split_tile(tile, TILE_WIDTH))


def write_bundle(entries: Sequence[bytes]) -> bytes:
    """Write the data of entries as a bundle (C2SP tlog-tiles, "Log entries").

    Raises:
        TileMalformed: There are none, more than 256, or one is too long.
    """
    if not 1 <= len(entries) <= TILE_WIDTH:
        raise _malformed(f"No bundle holds {len(entries)} entries.")
    try:
        return b"".join(
            len(data).to_bytes(_LENGTH_BYTES, "big") + data for data in entries
        )
    except OverflowError as error:
        raise _malformed("An entry is longer than 65,535 bytes.") from error


def parse_bundle(bundle: bytes, width: int) -> tuple[bytes, ...]:
    """Read a bundle back into the data of its entries.

    Raises:
        TileMalformed: It does not hold exactly `width` entries.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(bundle):
        start = at + _LENGTH_BYTES
        at = start + int.from_bytes(bundle[at:start], "big")
        if start > len(bundle) or at > len(bundle):
            raise _malformed("The bundle ends within an entry.")
        entries.append(bundle[start:at])
    if len(entries) != width:
        raise _malformed(f"The bundle holds {len(entries)} entries, not {width}.")
    return tuple(entries)


def _close(levels: list[bytearray], level: int, last: int) -> FullTile:
    """Take a level's full tile off; `last` is the leaf that filled it."""
    number = last >> ((level + 1) * TILE_HEIGHT)
    tile = FullTile(level=level, number=number, hashes=bytes(levels[level]))
    levels[level] = bytearray()
    if len(levels) == level + 1:
        levels.append(bytearray())
    return tile


def _complete_root(hashes: Sequence[bytes]) -> bytes:
    """Hash a power of two of neighbouring hashes into the one above them."""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [hash_children(left, right) for left, right in pairs]
    return hashes[0]


def _read_path(path: str) -> TileName | None:
    """Read a path loosely; the caller compares it with the one way to write it."""
    whole, _, width = path.partition(".p/")
    top, _, rest = whole.partition("/")
    level, _, groups = rest.partition("/")
    number = groups.replace("/", "").replace("x", "")
    numbers = (number, width or "0", "0" if level == "entries" else level)
    if top != "tile" or not all(n.isascii() and n.isdigit() for n in numbers):
        return None
    try:
        return TileName(
            level=None if level == "entries" else int(level),
            number=int(number),
            width=int(width) if width else TILE_WIDTH,
        )
    except TileMalformed:
        return None


def _malformed(what: str) -> TileMalformed:
    return TileMalformed(
        what,
        state="Nothing was taken from it.",
        next="Fetch the tile of that name again, at the width the log's size gives.",
    )
