"""Turn entries into payload bytes and back.

A payload is one JSON object (RFC 8259, UTF-8):

    {"type": "acknowledged", "v": 1, "realm": "live",
     "at": "2016-09-17T14:24:09Z", "clock_error_s": 0.5, "act": {...}}

`type` names the act, `v` its version. A released pair is read for ever: what a
newer version changes gets a reader of its own in `READERS`, and the old one
stays. The bytes are signed as they are written; nobody writes them again.
"""

import re
from enum import Enum
from typing import Any, Final, TypeVar, get_args

import msgspec

from clearline.model.entries import Act, Entry, EntryCarried, Realm
from clearline.model.errors import BadInput, LostCertainty
from clearline.model.instants import Instant

T = TypeVar("T")


class UnreadableEntry(LostCertainty):
    """Stop at a payload that is signed and yet means nothing to us."""


class Unwritable(BadInput):
    """Refuse what could be signed and never be read again as what it was."""


class _Payload(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    type: str
    v: int
    realm: Realm
    at: Instant
    recorded_at: Instant | None = None
    clock_error_s: float | None = None
    request: str | None = None
    act: msgspec.Raw


class _Typed(msgspec.Struct, frozen=True, gc=False):
    type: str = ""


def _wire_name(act_type: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", act_type.__name__).lower()


NAMES: Final[dict[type, str]] = {kind: _wire_name(kind) for kind in get_args(Act)}
"""The wire name of every act."""

READERS: Final[dict[tuple[str, int], msgspec.json.Decoder[Act]]] = {
    (name, 1): msgspec.json.Decoder(kind) for kind, name in NAMES.items()
}
"""Who reads which version of which act."""

_encoder = msgspec.json.Encoder(decimal_format="number")
_payloads = msgspec.json.Decoder(_Payload)
_types = msgspec.json.Decoder(_Typed)


def write_entry(entry: Entry) -> bytes:
    """Write an entry as payload bytes, ready to be signed.

    The bytes are read back first: one entry that cannot be read would keep a node
    from ever starting on its log again.

    Raises:
        Unwritable: They would not read as this entry: half a surrogate pair, a
            number that is none or too great, an instant without its zone.
    """
    try:
        payload = _encoder.encode(
            _Payload(
                type=NAMES[type(entry.act)],
                v=1,
                realm=entry.realm,
                at=entry.at,
                recorded_at=entry.recorded_at,
                clock_error_s=entry.clock_error_s,
                request=entry.request,
                act=msgspec.Raw(_encoder.encode(entry.act)),
            )
        )
        is_same = read_entry(payload) == entry
    except (UnreadableEntry, ValueError, OverflowError) as error:
        raise _unwritable(str(error)) from error
    if not is_same:
        raise _unwritable("It would read as something else.")
    return payload


def sayable(value: T) -> T:
    """Put U+FFFD in the place of every half surrogate pair within a value.

    Text that came through a command line or a broken client may hold one; a STOP
    is not refused for it.
    """
    return _sayable(value)  # type: ignore[no-any-return]


def _sayable(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, Enum):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, tuple):
        return tuple(_sayable(one) for one in value)
    if isinstance(value, msgspec.Struct):
        fields = value.__struct_fields__
        return type(value)(**{name: _sayable(getattr(value, name)) for name in fields})
    return value


def _unwritable(why: str) -> Unwritable:
    return Unwritable(
        f"What was said cannot be written down. {why}",
        state="Nothing was recorded.",
        next="Say it again in ordinary text, numbers and times with their zone.",
    )


def read_entry(payload: bytes) -> Entry:
    """Read payload bytes.

    Raises:
        UnreadableEntry: The bytes are no payload, hold a value that cannot be
            (a latitude of 95 degrees, an instant without its zone), or are of a
            type or version that this release does not know.
    """
    try:
        read = _payloads.decode(payload)
        reader = READERS[read.type, read.v]
        act = reader.decode(read.act)
    except KeyError as error:
        raise UnreadableEntry(
            f"The entry's type and version {error} are unknown here.",
            state="The log is whole; this release cannot read all of it.",
            next="Use a release that is at least as new as the one that wrote it.",
        ) from error
    except (msgspec.DecodeError, ValueError, BadInput) as error:
        raise UnreadableEntry(
            f"An entry's payload cannot be read: {error}.",
            state="Nothing after it was taken into the picture.",
            next="Run `clearline verify` on the folder to see how far it is sound.",
        ) from error
    return Entry(
        at=read.at,
        realm=read.realm,
        act=act,
        clock_error_s=read.clock_error_s,
        recorded_at=read.recorded_at,
        request=read.request,
    )


def said_first(entry: Entry) -> Entry:
    """Return the entry another one carries, as it was said in the log before.

    One that carries none is returned as it is.

    Raises:
        UnreadableEntry: As for `read_entry`.
    """
    act = entry.act
    return read_entry(bytes(act.entry)) if isinstance(act, EntryCarried) else entry


def type_of(payload: bytes) -> str:
    """Return the type of a payload without reading what it says; empty for none."""
    try:
        return _types.decode(payload).type
    except msgspec.DecodeError:
        return ""
