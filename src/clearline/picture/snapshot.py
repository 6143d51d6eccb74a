"""Write a picture down as it stood at some size, and read it again, in two parts.

`duty` is everything but notices: small, read first, so that rings that are due
leave before anything else is loaded. `notices` may be large. A snapshot is derived:
it names the entry it stands for and is thrown away on any mismatch.

    frame   = 4 bytes length, big-endian, then that many bytes of MessagePack
    first   = {format, size, last, times, of}
    further = [shelf, [[key, [[entry, value], ...]], ...]], at most 1,000 keys each
    notices = [shelf, {key: [first entry, last entry, [[entry, value], ...]], ...}],
              the values as bytes, which are read when somebody asks for the key

Writing reads only what stood at that size and goes in small steps, so it may run
in a thread of its own beside a writer that folds on: values are frozen, and what a
key had is never changed, only added to.
"""

import hashlib
from array import array
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import islice
from typing import Any, Final, get_args

import msgspec

from clearline.model.agreements import Agreement, AgreementId
from clearline.model.calls import Call, CallId, Ladder, Line, Precedence
from clearline.model.case_acts import CaseTermSet
from clearline.model.casework import Case, CaseId, Lesson
from clearline.model.claims import Claim, ClaimId
from clearline.model.conflict_acts import NoticeScreened
from clearline.model.conflicts import Conflict, ConflictId
from clearline.model.control import ControlHeld, ControlId
from clearline.model.disclosures import Disclosed, Probed
from clearline.model.errors import BadInput, LostCertainty
from clearline.model.instants import Instant
from clearline.model.linetests import Channel
from clearline.model.links import Heard, Peer, PeerId, Reach, Told
from clearline.model.notices import Notice, NoticeId
from clearline.model.parties import (
    DecisionTime,
    Desk,
    DeskId,
    HandedOver,
    Medium,
    Party,
    PartyId,
    Person,
    PersonId,
    Watch,
)
from clearline.model.places import NamedOrigin
from clearline.model.sheets import Sheet, SheetId
from clearline.model.watchplans import WatchPlan, ZoneClocks
from clearline.picture.history import Unread
from clearline.picture.picture import Picture

FORMAT: Final = 14
"""Raised whenever what a snapshot holds changes; older ones are thrown away.

What is read later has no second chance, so the shape of a notice is compared too.
"""

_SHELF_TYPES: Final[dict[str, Any]] = {
    "parties": tuple[PartyId, list[tuple[int, Party]]],
    "desks": tuple[DeskId, list[tuple[int, Desk]]],
    "persons": tuple[PersonId, list[tuple[int, Person]]],
    "members": tuple[DeskId, list[tuple[int, tuple[PersonId, ...]]]],
    "watches": tuple[DeskId, list[tuple[int, tuple[Watch, ...]]]],
    "handovers": tuple[DeskId, list[tuple[int, HandedOver]]],
    "plans": tuple[DeskId, list[tuple[int, WatchPlan]]],
    "zones": tuple[str, list[tuple[int, ZoneClocks]]],
    "ladders": tuple[tuple[DeskId, Precedence], list[tuple[int, Ladder]]],
    "origins": tuple[str, list[tuple[int, NamedOrigin]]],
    "declared": tuple[tuple[PartyId, str], list[tuple[int, DecisionTime]]],
    "lines": tuple[str, list[tuple[int, Line]]],
    "channels": tuple[tuple[DeskId, Medium], list[tuple[int, Channel]]],
    "calls": tuple[CallId, list[tuple[int, Call]]],
    "peers": tuple[PeerId, list[tuple[int, Peer]]],
    "reach": tuple[PeerId, list[tuple[int, Reach]]],
    "told": tuple[tuple[PeerId, int], list[tuple[int, Told]]],
    "heard": tuple[tuple[PeerId, str], list[tuple[int, Heard]]],
    "cases": tuple[CaseId, list[tuple[int, Case]]],
    "case_terms": tuple[tuple[CaseId, str], list[tuple[int, CaseTermSet]]],
    "claims": tuple[tuple[CaseId, ClaimId], list[tuple[int, Claim]]],
    "corrections": tuple[tuple[CaseId, ClaimId], list[tuple[int, ClaimId]]],
    "lessons": tuple[str, list[tuple[int, Lesson]]],
    "sheets": tuple[SheetId, list[tuple[int, Sheet]]],
    "twins": tuple[str, list[tuple[int, tuple[NoticeId, ...]]]],
    "waits": tuple[NoticeId, list[tuple[int, Instant]]],
    "notices": tuple[NoticeId, list[tuple[int, Notice]]],
    "screened": tuple[NoticeId, list[tuple[int, NoticeScreened]]],
    "disclosures": tuple[NoticeId, list[tuple[int, tuple[Disclosed, ...]]]],
    "conflicts": tuple[ConflictId, list[tuple[int, Conflict]]],
    "conflicts_of": tuple[NoticeId, list[tuple[int, tuple[ConflictId, ...]]]],
    "control": tuple[ControlId, list[tuple[int, ControlHeld]]],
    "agreements": tuple[AgreementId, list[tuple[int, Agreement]]],
    "probing": tuple[PartyId, list[tuple[int, tuple[Probed, ...]]]],
}

NOTICES: Final = ("notices", "screened", "disclosures")
DUTY: Final = tuple(name for name in _SHELF_TYPES if name not in NOTICES)

_KEYS_A_FRAME: Final = 1_000
_LENGTH_BYTES: Final = 4


class SnapshotMismatch(LostCertainty):
    """Say that a snapshot does not stand for this log; it is thrown away."""


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    format: int
    size: int
    last: bytes
    times: bytes
    of: str


_encoder = msgspec.msgpack.Encoder()
_heads = msgspec.msgpack.Decoder(_Head)
_frames = msgspec.msgpack.Decoder(tuple[str, msgspec.Raw])
_unread = msgspec.msgpack.Decoder(dict[NoticeId, Unread])
_shelves: Final[dict[str, msgspec.msgpack.Decoder[Any]]] = {
    name: msgspec.msgpack.Decoder(list[kind])  # type: ignore[valid-type]
    for name, kind in _SHELF_TYPES.items()
}


def write_snapshot(
    picture: Picture, shelves: tuple[str, ...], size: int, last: bytes
) -> bytes:
    """Write some shelves of a picture as they stood after `size` entries.

    Args:
        picture: The living picture; it may be folded on meanwhile.
        shelves: `DUTY` or `NOTICES`.
        size: How many entries the snapshot stands for.
        last: Commitment of the last of them.
    """
    times = picture.times[:size] if shelves is DUTY else array("q")
    head = _Head(
        format=FORMAT, size=size, last=last, times=times.tobytes(), of=_shape()
    )
    frames = [_framed(_encoder.encode(head))]
    for name in shelves:
        history = getattr(picture, name)
        if name in NOTICES:
            unread = history.dump_unread_at(size, _encoder.encode)
            while held := dict(islice(unread, _KEYS_A_FRAME)):
                frames.append(_framed(_encoder.encode((name, held))))
            continue
        kept = history.dump_at(size)
        while some := list(islice(kept, _KEYS_A_FRAME)):
            frames.append(_framed(_encoder.encode((name, some))))
    return b"".join(frames)


def read_snapshot(data: bytes, picture: Picture) -> bytes:
    """Fill shelves of a picture that are empty, and its size.

    Returns:
        The commitment of the last entry it stands for, to be compared.

    Raises:
        SnapshotMismatch: The bytes are no snapshot of this release.
    """
    try:
        frames = _unframed(memoryview(data))
        head = _heads.decode(next(frames, b""))
        if head.format != FORMAT:
            raise _mismatch(f"its format is {head.format}, not {FORMAT}")
        if head.of != _shape():
            raise _mismatch("its notices are another release's")
        for frame in frames:
            name, raw = _frames.decode(frame)
            if name in NOTICES:
                _load_unread(picture, name, raw)
            else:
                getattr(picture, name).load(_shelves[name].decode(raw))
        times = array("q", head.times)
    except (msgspec.DecodeError, ValueError, KeyError, BadInput) as error:
        raise _mismatch(str(error)) from error
    if times and len(times) != head.size:
        raise _mismatch(f"it has {len(times)} instants for {head.size} entries")
    picture.size = head.size
    picture.times = times
    picture.index_all()
    return head.last


def _load_unread(picture: Picture, name: str, raw: msgspec.Raw) -> None:
    """Take a frame as it was written; one of its values is read at once."""
    kept, read = _unread.decode(raw), _READ[name]
    for _, _, written in islice(kept.values(), 1):
        read(written)
    getattr(picture, name).load_unread(kept, read)


def _reader(kind: Any) -> Callable[[bytes], tuple[Any, ...]]:
    """Make what reads a key's values, entry by entry; the asked for is at hand."""
    pairs = msgspec.msgpack.Decoder(kind)

    @lru_cache(maxsize=16_384)
    def read(written: bytes) -> tuple[Any, ...]:
        return tuple(part for pair in pairs.decode(written) for part in pair)

    return read


_READ: Final = {name: _reader(get_args(_SHELF_TYPES[name])[1]) for name in NOTICES}


@cache
def _shape() -> str:
    """Name the shape of what is read late: another one is another release's."""
    shapes = [msgspec.json.schema(get_args(_SHELF_TYPES[name])[1]) for name in NOTICES]
    return hashlib.sha256(msgspec.json.encode(shapes, order="sorted")).hexdigest()


def _framed(content: bytes) -> bytes:
    return len(content).to_bytes(_LENGTH_BYTES, "big") + content


def _unframed(data: memoryview) -> Iterator[memoryview]:
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + _LENGTH_BYTES], "big")
        at += _LENGTH_BYTES
        yield data[at : at + length]
        at += length


def _mismatch(why: str) -> SnapshotMismatch:
    return SnapshotMismatch(
        f"A snapshot cannot be used: {why}.",
        state="The log is not touched by this.",
        next="Nothing to do; the picture is folded from the log.",
    )
