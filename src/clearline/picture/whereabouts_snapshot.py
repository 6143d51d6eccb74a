"""Write down what is where as packed arrays, and read it again.

Packing a million notices anew takes many times longer than reading them packed. The
snapshot stands for the first `size` entries; whoever reads it brings it up to the
picture it reads it for. It is thrown away on any mismatch: of its format, of the
layout of its rows, or of a sample of its extents with what they are packed to now,
so that a release that packs otherwise never trusts an older one's arrays.
"""

from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from clearline.geo.kernels import PIECE
from clearline.geo.packing import Packed, pack
from clearline.model.instants import Instant
from clearline.model.notices import NoticeId
from clearline.picture.picture import Picture
from clearline.picture.snapshot import SnapshotMismatch
from clearline.picture.whereabouts import ROW, Shelf, Whereabouts

FORMAT: Final = 1
"""Raised whenever what a snapshot holds changes; older ones are thrown away."""

_LAYOUT: Final = f"{PIECE.descr} {ROW.descr}"
_SAMPLE: Final = 200


class _KeptShelf(msgspec.Struct, frozen=True, kw_only=True):
    notices: list[NoticeId]
    rows: bytes
    pieces: bytes
    vertices: bytes
    clocks: bytes


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what is where after some entries, ready to be written.

    Attributes:
        size: How many entries it stands for.
        looked_back_to: Up to when what was over was moved out of the way.
    """

    format: int
    layout: str
    size: int
    looked_back_to: Instant | None
    now: _KeptShelf
    past: _KeptShelf


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    last: bytes
    kept: Kept


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Head)


def copy_of(where: Whereabouts) -> Kept:
    """Copy what is where; a tenth of a second for a million, then it may change."""
    return Kept(
        format=FORMAT,
        layout=_LAYOUT,
        size=where.size,
        looked_back_to=where.looked_back_to,
        now=_kept(where.now),
        past=_kept(where.past),
    )


def write_whereabouts(kept: Kept, last: bytes) -> bytes:
    """Write a copy down; `last` is the commitment of the last entry it stands for."""
    return _encoder.encode(_Head(last=last, kept=kept))


def read_whereabouts(data: bytes) -> tuple[bytes, Kept]:
    """Read a copy, and the commitment of the last entry it stands for.

    Raises:
        SnapshotMismatch: The bytes are no snapshot of this release.
    """
    try:
        head = _decoder.decode(data)
    except (msgspec.DecodeError, ValueError) as error:
        raise _mismatch(str(error)) from error
    if (head.kept.format, head.kept.layout) != (FORMAT, _LAYOUT):
        raise _mismatch("its format is another release's")
    return head.last, head.kept


def resume(kept: Kept, picture: Picture) -> Whereabouts:
    """Go on from a copy, and bring it to where the picture stands.

    Raises:
        SnapshotMismatch: It does not hold what the picture says was filed.
    """
    try:
        shelves = _shelf(kept.now, picture), _shelf(kept.past, picture)
    except (AttributeError, IndexError, ValueError) as error:
        raise _mismatch(f"it does not fit the notices: {error}") from error
    where = Whereabouts(
        picture, kept.size, shelves=shelves, looked_back_to=kept.looked_back_to
    )
    for shelf in shelves:
        _require_sample(shelf)
    return where


def _kept(shelf: Shelf) -> _KeptShelf:
    packed, notices, rows = shelf.copy()
    pieces, vertices, clocks = (array.tobytes() for array in packed)
    return _KeptShelf(
        notices=notices,
        rows=rows.tobytes(),
        pieces=pieces,
        vertices=vertices,
        clocks=clocks,
    )


def _shelf(kept: _KeptShelf, picture: Picture) -> Shelf:
    packed = Packed(
        pieces=_array(kept.pieces, PIECE),
        vertices=_array(kept.vertices, np.float64).reshape(-1, 3),
        clocks=_array(kept.clocks, np.int64).reshape(-1, 2),
    )
    rows = _array(kept.rows, ROW)
    return Shelf.resumed(picture.notices, packed, kept.notices, rows)


def _array(data: bytes, dtype: Any) -> NDArray[Any]:
    return np.frombuffer(bytearray(data), dtype)  # of our own, so that it can change


def _require_sample(shelf: Shelf) -> None:
    """Pack some of what stands anew, and compare."""
    numbers = shelf.standing.numbers()
    for number in numbers[:: max(1, len(numbers) // _SAMPLE)].tolist():
        anew, kept = pack([shelf.extent(number)]), shelf.standing.packed(number)
        is_same = len(anew.pieces) == len(kept.pieces) and all(
            np.array_equal(anew.pieces[name], kept.pieces[name])
            for name in PIECE.names or ()
        )
        if not (
            is_same
            and np.array_equal(anew.vertices, kept.vertices, equal_nan=True)
            and np.array_equal(anew.clocks, kept.clocks)
        ):
            raise _mismatch(f"notice {shelf.notices[number]!r} is packed otherwise")


def _mismatch(why: str) -> SnapshotMismatch:
    return SnapshotMismatch(
        f"A snapshot of what is where cannot be used: {why}.",
        state="The log is not touched by this.",
        next="Nothing to do; it is made anew from the notices.",
    )
