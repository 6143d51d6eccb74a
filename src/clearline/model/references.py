"""Find every id a scenario declares and every place that mentions one.

A field called `id` declares; any other field of an id type mentions. So a new
kind of thing is covered by giving its id a type, and no mention is forgotten.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, TypeAlias, get_args

import msgspec

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands in a document: field names and positions in lists."""


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one id where it stands.

    Attributes:
        kind: The id's type.
        is_declared_here: Whether this is the `id` field itself.
    """

    kind: Any
    id: str
    path: Path
    is_declared_here: bool


def mentions(value: Any, path: Path = ()) -> Iterator[Mention]:
    """Walk a tree of structs and yield every id in it, in document order."""
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from mentions(item, (*path, index))
    elif isinstance(value, msgspec.Struct):
        for name, kind in _id_fields(type(value)).items():
            yield from _mentions_of(getattr(value, name), kind, (*path, name))
        for name in value.__struct_fields__:
            yield from mentions(getattr(value, name), (*path, name))


def declared(value: Any) -> dict[Any, dict[str, Path]]:
    """Return, for each type of id, the ids declared and where, first one first."""
    known: dict[Any, dict[str, Path]] = {}
    for mention in mentions(value):
        if mention.is_declared_here:
            known.setdefault(mention.kind, {}).setdefault(mention.id, mention.path)
    return known


def noun(kind: Any) -> str:
    """Name what an id of this type is an id of."""
    name: str = kind.__name__
    return name.removesuffix("Id").lower()


def _mentions_of(value: Any, kind: Any, path: Path) -> Iterator[Mention]:
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _mentions_of(item, kind, (*path, index))
    elif value is not None:
        is_own = path[-1] == "id"
        yield Mention(kind=kind, id=value, path=path, is_declared_here=is_own)


@cache
def _id_fields(struct: type[msgspec.Struct]) -> dict[str, Any]:
    found = {}
    for field in msgspec.structs.fields(struct):
        for kind in (field.type, *get_args(field.type)):
            if getattr(kind, "__supertype__", None) is str:
                found[field.name] = kind
    return found
