"""Make one payload of every act type, the same in every run.

    python -m unit.wire.samples > tests/unit/wire/stored/RELEASE.jsonl

Run once for a release, and never again for that one: what is stored is what that
release wrote.
"""

import enum
import sys
import types
import typing
from datetime import UTC, datetime, timedelta

import msgspec

from clearline.model.entries import Act, Entry, Realm
from clearline.model.instants import Window
from clearline.model.readback import ElementKind, ReadbackElement
from clearline.wire.entries import write_entry

AT = datetime(2016, 9, 17, 13, 55, tzinfo=UTC)

PLAIN = {
    str: "said",
    int: 1,
    float: 1.5,
    bool: True,
    datetime: AT,
    timedelta: timedelta(seconds=90),
}
MADE = {
    Window: Window(start=AT, end=AT + timedelta(hours=1)),
    ReadbackElement: ReadbackElement(name="what", kind=ElementKind.TEXT, text="said"),
}


def sample(kind: object) -> object:  # noqa: PLR0911 (one a kind of type)
    """Make a value of a type, as full as it can be."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return sample(parts[0])
    if isinstance(kind, types.UnionType) or origin is typing.Union:
        return sample(next(part for part in parts if part is not type(None)))
    if origin is tuple:
        return (sample(parts[0]),)
    if isinstance(kind, typing.NewType):
        return sample(kind.__supertype__)
    assert isinstance(kind, type), kind
    if kind in MADE or kind in PLAIN:
        return MADE.get(kind, PLAIN.get(kind))
    if issubclass(kind, enum.Enum):
        return next(iter(kind))
    return kind(**{f.name: sample(f.type) for f in msgspec.structs.fields(kind)})


def payloads() -> list[bytes]:
    """Write one payload of every act type."""
    return [
        write_entry(
            Entry(
                at=AT,
                realm=Realm.EXERCISE,
                act=sample(kind),  # type: ignore[arg-type]
                clock_error_s=0.5,
                recorded_at=AT + timedelta(seconds=1),
            )
        )
        for kind in typing.get_args(Act)
    ]


if __name__ == "__main__":
    sys.stdout.buffer.write(b"".join(payload + b"\n" for payload in payloads()))
