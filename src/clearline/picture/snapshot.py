"""Write a picture down and read it again, in two parts.

`duty` is everything but notices: small, read first, so that rings that are due
leave before anything else is loaded. `notices` may be large. A snapshot is derived:
it names the entry it stands for and is thrown away on any mismatch.
"""

from array import array
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from clearline.model.calls import Call, CallId, Ladder, Line, Precedence
from clearline.model.errors import LostCertainty
from clearline.model.notices import Notice, NoticeId
from clearline.model.parties import (
    DecisionTime,
    Desk,
    DeskId,
    Party,
    PartyId,
    Person,
    PersonId,
    Watch,
)
from clearline.model.places import NamedOrigin
from clearline.picture.history import History
from clearline.picture.picture import Picture

FORMAT: Final = 1
"""Raised whenever what a snapshot holds changes; older ones are thrown away."""


class SnapshotMismatch(LostCertainty):
    """Say that a snapshot does not stand for this log; it is thrown away."""


class _Duty(msgspec.Struct, kw_only=True):
    format: int
    size: int
    last: bytes
    times: bytes
    parties: list[tuple[PartyId, list[tuple[int, Party]]]]
    desks: list[tuple[DeskId, list[tuple[int, Desk]]]]
    persons: list[tuple[PersonId, list[tuple[int, Person]]]]
    members: list[tuple[DeskId, list[tuple[int, tuple[PersonId, ...]]]]]
    watches: list[tuple[DeskId, list[tuple[int, tuple[Watch, ...]]]]]
    ladders: list[tuple[tuple[DeskId, Precedence], list[tuple[int, Ladder]]]]
    origins: list[tuple[str, list[tuple[int, NamedOrigin]]]]
    declared: list[tuple[tuple[PartyId, str], list[tuple[int, DecisionTime]]]]
    lines: list[tuple[str, list[tuple[int, Line]]]]
    calls: list[tuple[CallId, list[tuple[int, Call]]]]


class _Notices(msgspec.Struct, kw_only=True):
    format: int
    size: int
    last: bytes
    notices: list[tuple[NoticeId, list[tuple[int, Notice]]]]


DUTY_SHELVES: Final = tuple(
    name
    for name in _Duty.__struct_fields__
    if name not in ("format", "size", "last", "times")
)

_encoder = msgspec.msgpack.Encoder()
_duty = msgspec.msgpack.Decoder(_Duty)
_notices = msgspec.msgpack.Decoder(_Notices)


def write_duty(picture: Picture, last: bytes) -> bytes:
    """Write everything but notices; `last` is the newest entry's commitment."""
    shelves = {name: _pairs(getattr(picture, name)) for name in DUTY_SHELVES}
    return _encoder.encode(
        _Duty(
            format=FORMAT,
            size=picture.size,
            last=last,
            times=picture.times.tobytes(),
            **shelves,
        )
    )


def write_notices(picture: Picture, last: bytes) -> bytes:
    """Write the notices; `last` is the newest entry's commitment."""
    return _encoder.encode(
        _Notices(
            format=FORMAT,
            size=picture.size,
            last=last,
            notices=_pairs(picture.notices),
        )
    )


def read_duty(data: bytes, picture: Picture) -> bytes:
    """Fill an empty picture with everything but notices.

    Returns:
        The commitment of the newest entry it stands for, to be compared.

    Raises:
        SnapshotMismatch: The bytes are no snapshot of this release.
    """
    read: _Duty = _decode(_duty, data)
    for name in DUTY_SHELVES:
        _fill(getattr(picture, name), getattr(read, name))
    picture.times = array("q", read.times)
    picture.size = read.size
    picture.index_all()
    return read.last


def read_notices(data: bytes, picture: Picture) -> tuple[int, bytes]:
    """Fill a picture with notices.

    Returns:
        How many entries they stand for, and the newest one's commitment.

    Raises:
        SnapshotMismatch: The bytes are no snapshot of this release.
    """
    read: _Notices = _decode(_notices, data)
    _fill(picture.notices, read.notices)
    return read.size, read.last


def _decode(decoder: msgspec.msgpack.Decoder[Any], data: bytes) -> Any:
    try:
        read = decoder.decode(data)
    except (msgspec.DecodeError, ValueError) as error:
        raise _mismatch(str(error)) from error
    if read.format != FORMAT:
        raise _mismatch(f"its format is {read.format}, not {FORMAT}")
    return read


def _mismatch(why: str) -> SnapshotMismatch:
    return SnapshotMismatch(
        f"A snapshot cannot be used: {why}.",
        state="The log is not touched by this.",
        next="Nothing to do; the picture is folded from the log.",
    )


def _pairs(history: History[Any, Any]) -> list[Any]:
    return [
        (key, list(zip(kept[::2], kept[1::2], strict=True)))
        for key, kept in history.dump()
    ]


def _fill(history: History[Any, Any], pairs: Sequence[tuple[Any, Any]]) -> None:
    history.load(
        [(key, [part for pair in kept for part in pair]) for key, kept in pairs]
    )
