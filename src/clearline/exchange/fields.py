"""Lay what is said of a notice out flat, and put it together again.

    {"function": "health", "marking_is_seen_by_day": true, "contacts": [...]}

A value inside a value gets both names, joined; lists stay lists. So a map program or
a table of attributes shows each by its own name, and a field added to a kind of
notice is carried from the day it is there.
"""

import typing
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import msgspec

from clearline.model.notice_details import KINDS, Details, NoticeKind
from clearline.wire.told import as_text

DETAILS: Final[dict[NoticeKind, type[Details]]] = {
    kind: type_ for type_, kind in KINDS.items()
}
"""The details of each kind."""

Path = tuple[str, ...]


class Unbuilt(Exception):
    """Say which field does not fit, and why."""

    def __init__(self, key: str, what: str) -> None:
        super().__init__(what)
        self.key, self.what = key, what


@cache
def paths(kind: NoticeKind) -> dict[str, Path]:
    """Return where each flat name of a kind lies."""
    return {"_".join(path): path for path in _walked(DETAILS[kind])}


def _walked(kind: type) -> Iterator[Path]:
    hints = typing.get_type_hints(kind)
    for field in msgspec.structs.fields(kind):
        inner = hints[field.name]
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            yield from ((field.name, *rest) for rest in _walked(inner))
        else:
            yield (field.name,)


def flat(details: Details) -> dict[str, Any]:
    """Lay details out; what says nothing is left out."""
    found: dict[str, Any] = {}
    for key, path in paths(KINDS[type(details)]).items():
        value, default = _at(details, path)
        if value != default:
            found[key] = msgspec.to_builtins(value)
    return found


def _at(value: Any, path: Path) -> tuple[Any, Any]:
    """Return a value and what it is where nothing is said."""
    default: Any = msgspec.NODEFAULT
    for name in path:
        fields = {one.name: one for one in msgspec.structs.fields(value)}
        default = fields[name].default
        value = getattr(value, name)
    return value, default


def built(kind: NoticeKind, said: Mapping[str, Any]) -> Details:
    """Put details together from what is said under their flat names.

    Raises:
        Unbuilt: Something does not fit its field.
    """
    known = paths(kind)
    whole: dict[str, Any] = {}
    for key, value in said.items():
        path = known.get(key)
        if path is None or value is None or value == "":
            continue
        fitting = _fitting(key, path, value, DETAILS[kind])
        inner = whole
        for name in path[:-1]:
            inner = inner.setdefault(name, {})
        inner[path[-1]] = fitting
    try:
        return msgspec.convert(whole, DETAILS[kind], strict=False)
    except (msgspec.ValidationError, ValueError) as error:
        raise Unbuilt("", str(error)) from error


def _fitting(key: str, path: Path, value: Any, kind: Any) -> Any:
    """Return a value as its field takes it."""
    field = _field(kind, path)
    loose = _loosened(value, field)
    try:
        msgspec.convert(loose, field, strict=False)
    except msgspec.ValidationError as error:
        raise Unbuilt(key, str(error)) from error
    return loose


@cache
def _field(kind: Any, path: Path) -> Any:
    """Return the type of a field."""
    for name in path:
        kind = typing.get_type_hints(kind, include_extras=True)[name]
    return kind


def _loosened(value: Any, kind: Any) -> Any:
    """Read a list that came as text, as KML has it; write a number that is a name."""
    if kind is str:
        return value if isinstance(value, str) else as_text(value)
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return msgspec.json.decode(value)
        except msgspec.DecodeError:
            return value
    return value
