"""Make the vectors of the tree and its tiles."""

import base64
import hashlib
from collections.abc import Iterator

from vectors.plain import (
    ENTRIES,
    Case,
    b64,
    drawn,
    flipped,
    leaf,
    mth,
    path,
    right,
    sha256,
    subproof,
    wrong,
)


def trees() -> Iterator[Case]:
    """Roots of trees whose entries are SHA-256("clearline vectors: entry <i>")."""
    for size in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 33, 64, 70):
        yield {
            "name": f"{size} entries",
            "size": size,
            "last_leaf_hash": b64(leaf(ENTRIES[size - 1])) if size else None,
            "root": b64(mth(ENTRIES[:size])),
        }


def inclusions() -> Iterator[Case]:
    """Inclusion proofs, right and wrong."""
    for index, size in [
        (0, 1),
        (0, 2),
        (1, 2),
        (2, 3),
        (0, 7),
        (6, 7),
        (5, 8),
        (12, 13),
    ]:
        yield right(f"entry {index} of {size}", **inclusion(index, size))
    yield right("entry 63 of 70", **inclusion(63, 70))
    base = inclusion(5, 13)
    proof, more = base["proof"], b64(drawn("more"))
    yield right("entry 5 of 13", **base)
    changes: list[tuple[str, Case]] = [
        ("another index", {"index": 4}),
        ("the index of a longer way", {"index": 12}),
        ("an index at the size", {"index": 13}),
        ("an index beyond the size", {"index": 21}),
        ("an index of 2**63", {"index": 2**63}),
        ("a smaller size, another shape", {"size": 8}),
        ("a larger size, another shape", {"size": 17}),
        ("a size of 0", {"size": 0}),
        ("a size of 2**63", {"size": 2**63}),
        ("another leaf", {"leaf_hash": b64(leaf(ENTRIES[6]))}),
        ("the leaf not hashed", {"leaf_hash": b64(ENTRIES[5])}),
        ("a leaf hash too short", {"leaf_hash": b64(leaf(ENTRIES[5])[:31])}),
        ("an empty leaf hash", {"leaf_hash": ""}),
        ("another root", {"root": b64(mth(ENTRIES[:12]))}),
        ("an empty root", {"root": ""}),
        ("no proof", {"proof": []}),
        ("the first hash dropped", {"proof": proof[1:]}),
        ("the last hash dropped", {"proof": proof[:-1]}),
        ("one hash more at the end", {"proof": [*proof, more]}),
        ("one hash more at the start", {"proof": [more, *proof]}),
        ("the root as one hash more", {"proof": [*proof, base["root"]]}),
        ("the hashes in reverse", {"proof": proof[::-1]}),
        ("a hash too short", {"proof": [b64(drawn("x")[:31]), *proof[1:]]}),
        ("70 hashes", {"proof": [more] * 70}),
    ]
    for name, change in changes:
        yield wrong(name, **(base | change))
    for at in range(len(proof)):
        bad = [*proof]
        bad[at] = b64(flipped(base64.b64decode(proof[at]), 200 + at))
        yield wrong(f"a bit flipped in hash {at}", **(base | {"proof": bad}))
    empty = {"index": 0, "size": 0, "leaf_hash": b64(sha256(b"")), "proof": []}
    yield wrong("anything in the empty tree", **empty, root=b64(sha256(b"")))


def inclusion(index: int, size: int) -> Case:
    """Write an inclusion down."""
    return {
        "index": index,
        "size": size,
        "leaf_hash": b64(leaf(ENTRIES[index])),
        "proof": [b64(node) for node in path(index, ENTRIES[:size])],
        "root": b64(mth(ENTRIES[:size])),
    }


def consistencies() -> Iterator[Case]:
    """Consistency proofs, right and wrong."""
    pairs = [(1, 1), (1, 2), (2, 3), (3, 7), (4, 7), (6, 7), (7, 7), (8, 70), (65, 70)]
    for old, new in pairs:
        yield right(f"{old} to {new}", **consistency(old, new))
    base = consistency(6, 13)
    proof, more = base["proof"], b64(drawn("more"))
    yield right("6 to 13", **base)
    changes: list[tuple[str, Case]] = [
        ("a smaller old size", {"old": 5}),
        ("a larger old size", {"old": 7}),
        ("an old size of 0", {"old": 0, "old_root": b64(sha256(b""))}),
        ("an old size of 0 without proof", {"old": 0, "proof": []}),
        ("another new size, another shape", {"new": 17}),
        ("a new size of 2**63", {"new": 2**63}),
        ("sizes in reverse", {"old": 13, "new": 6}),
        (
            "roots in reverse",
            {"old_root": base["new_root"], "new_root": base["old_root"]},
        ),
        ("another old root", {"old_root": b64(mth(ENTRIES[:5]))}),
        ("another new root", {"new_root": b64(mth(ENTRIES[:12]))}),
        ("an old root too short", {"old_root": b64(mth(ENTRIES[:6])[:31])}),
        ("no proof", {"proof": []}),
        ("the first hash dropped", {"proof": proof[1:]}),
        ("the last hash dropped", {"proof": proof[:-1]}),
        ("one hash more at the end", {"proof": [*proof, more]}),
        ("one hash more at the start", {"proof": [more, *proof]}),
        ("the hashes in reverse", {"proof": proof[::-1]}),
        ("70 hashes", {"proof": [more] * 70}),
    ]
    for name, change in changes:
        yield wrong(name, **(base | change))
    for at in range(len(proof)):
        bad = [*proof]
        bad[at] = b64(flipped(base64.b64decode(proof[at]), 100 + at))
        yield wrong(f"a bit flipped in hash {at}", **(base | {"proof": bad}))
    same = consistency(7, 7)
    yield wrong("one size and a proof", **(same | {"proof": [more]}))
    other = b64(mth(ENTRIES[1:8]))
    yield wrong("one size and two roots", **(same | {"new_root": other}))


def consistency(old: int, new: int) -> Case:
    """Write a consistency down."""
    return {
        "old": old,
        "new": new,
        "proof": [b64(node) for node in subproof(old, ENTRIES[:new])],
        "old_root": b64(mth(ENTRIES[:old])),
        "new_root": b64(mth(ENTRIES[:new])),
    }


def tile_paths() -> Iterator[Case]:
    """Paths of tiles and bundles, right and wrong. Level `null` is a bundle."""
    for level, number, width, text in [
        (0, 0, 256, "tile/0/000"),
        (0, 273, 112, "tile/0/273.p/112"),
        (1, 1000, 256, "tile/1/x001/000"),
        (3, 1234067, 256, "tile/3/x001/x234/067"),
        (63, 0, 1, "tile/63/000.p/1"),
        (None, 0, 256, "tile/entries/000"),
        (None, 1000000, 255, "tile/entries/x001/x000/000.p/255"),
    ]:
        yield right(text, path=text, level=level, number=number, width=width)
    for bad in [
        "",
        "tile/0",
        "/tile/0/000",
        "tile/0/000/",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/../000",
        "tile/Entries/000",
    ]:
        yield wrong(bad or "nothing", path=bad)


def tiles() -> Iterator[Case]:
    """All tiles of trees whose entries are the vectors' own, and their digests.

    The entries are SHA-256("clearline vectors: entry <i>"), as in tree.json. A
    tile is told by SHA-256 over its bytes.
    """
    for size in (0, 1, 255, 256, 257, 600):
        yield {
            "name": f"{size} entries",
            "size": size,
            "root": b64(mth([drawn(f"entry {i}") for i in range(size)])),
            "tiles": list(tiles_of(size)),
            "bundles": list(bundles_of(size)),
        }


def tiles_of(size: int) -> Iterator[Case]:
    """Write every tile of a tree down."""
    level, span = 0, 1
    while size // span:
        hashes = [
            mth([drawn(f"entry {j}") for j in range(i * span, (i + 1) * span)])
            for i in range(size // span)
        ]
        for number in range(0, len(hashes), 256):
            data = b"".join(hashes[number : number + 256])
            yield told(str(level), number // 256, data, len(data) // 32)
        level, span = level + 1, span * 256


def bundles_of(size: int) -> Iterator[Case]:
    """Write every bundle of entries down."""
    for start in range(0, size, 256):
        entries = [drawn(f"entry {i}") for i in range(start, min(size, start + 256))]
        data = b"".join(b"\x00\x20" + entry for entry in entries)
        yield told("entries", start // 256, data, len(entries))


def told(level: str, number: int, data: bytes, width: int) -> Case:
    """Write one file of a log down."""
    partial = "" if width == 256 else f".p/{width}"
    return {
        "path": f"tile/{level}/{number:03}{partial}",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
