"""Cut a GeoJSON document into its features as it comes, without holding it whole.

    {"type": "FeatureCollection", ... "features": [   head, at most `MOST_HEAD` bytes
        {...}, {...}, ...                             found by depth, block by block
    ] ... }                                           tail, decoded with the head

A block is looked at all at once: which bytes stand in a text, how deep each bracket
lies, where the depth comes back to nothing. No more is held than a block and the
feature that runs over its end.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

MOST_HEAD: Final = 1 << 20
"""How long a document may be before its `features` begin to be streamed, bytes."""
BLOCK: Final = 1 << 22

_FEATURES: Final = re.compile(rb'"features"\s*:\s*\[')
_FIRST: Final = re.compile(rb"\s*")
_NEXT: Final = re.compile(rb"\s*,\s*")
_QUOTE, _OPENS, _CLOSES = b'"'[0], b"{[", b"}]"


class Cut(NamedTuple):
    """Hold a feature as it stands, or note that the document is damaged there.

    Attributes:
        line: Where it starts, from 1.
        data: The feature; empty where something else stands than a comma.
    """

    line: int
    data: bytes


class Ended(NamedTuple):
    """Hold what stood before the features and behind them.

    Attributes:
        line: Where the features end.
        outside: The document without its features; empty where it breaks off.
    """

    line: int
    outside: bytes


def head_of(data: bytes) -> int | None:
    """Return where the features begin in the first bytes of a document, if they do."""
    found = _FEATURES.search(data)
    return None if found is None else found.end()


def cut(head: bytes, rest: bytes, blocks: Iterator[bytes]) -> Iterator[Cut | Ended]:
    """Yield the features of a document one by one, and last how it ended.

    Args:
        head: Up to the bracket that opens the features.
        rest: What was read behind it.
        blocks: What comes after that.
    """
    line, is_first, wanted = 1 + head.count(b"\n"), True, BLOCK
    while True:
        rest, is_last = _filled(rest, blocks, wanted)
        starts, ends, closed_at = _runs(rest)
        at = 0
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            between = rest[at:start]
            if not (_FIRST if is_first else _NEXT).fullmatch(between):
                yield Cut(line, b"")
            line += between.count(b"\n")
            feature = rest[start:end]
            yield Cut(line, feature)
            line += feature.count(b"\n")
            at, is_first = end, False
        if closed_at is not None:
            if not _FIRST.fullmatch(rest[at:closed_at]):
                yield Cut(line, b"")
            tail = rest[closed_at:] + b"".join(blocks)
            yield Ended(line, head + tail)
            return
        if is_last:
            yield Ended(line, b"")
            return
        # A feature longer than a block: look again when twice as much is there.
        wanted = BLOCK if at else 2 * max(wanted, len(rest))
        rest = rest[at:]


def _filled(rest: bytes, blocks: Iterator[bytes], wanted: int) -> tuple[bytes, bool]:
    """Return at least so many bytes, and whether there are no more."""
    parts, count = [rest], len(rest)
    while count < wanted:
        block = next(blocks, None)
        if block is None:
            return b"".join(parts), True
        parts.append(block)
        count += len(block)
    return b"".join(parts), False


def _runs(
    data: bytes,
) -> tuple[NDArray[np.int64], NDArray[np.int64], int | None]:
    """Find the values in brackets that begin and end in a text of JSON.

    Returns:
        Where each starts and ends, and where a bracket closes what was open before.
    """
    # What is escaped in a text is no quote, and nothing else matters of it here.
    plain = data.replace(b"\\\\", b"__").replace(b'\\"', b"__")
    letters = np.frombuffer(plain, np.uint8)
    quotes = np.flatnonzero(letters == _QUOTE)
    opens = (letters == _OPENS[0]) | (letters == _OPENS[1])
    at = np.flatnonzero(opens | (letters == _CLOSES[0]) | (letters == _CLOSES[1]))
    at = at[np.searchsorted(quotes, at) % 2 == 0]
    steps = np.where(opens[at], 1, -1)
    depth = np.cumsum(steps)
    below = np.flatnonzero(depth < 0)
    closed_at = int(at[below[0]]) if len(below) else None
    if closed_at is not None:
        at, steps, depth = at[: below[0]], steps[: below[0]], depth[: below[0]]
    starts = at[(depth == 1) & (steps == 1)]
    ends = at[(depth == 0) & (steps == -1)] + 1
    return starts[: len(ends)], ends, closed_at
