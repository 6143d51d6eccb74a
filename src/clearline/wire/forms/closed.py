"""Read a form so that nothing in it is passed over.

A field nobody knows is a mistake and not a remark: `armed_escorts` for `armed_escort`
would be a guard nobody is told of, and vehicles in a site are two notices in one. Each
is said at its field with what would be right, and so is a word that is on no list.
"""

import difflib
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final, get_type_hints

import msgspec
from msgspec import inspect

from clearline.model.errors import BadInput
from clearline.model.faults import Fault, FilingRefused
from clearline.model.notice_details import KINDS
from clearline.wire.forms.notices import NoticeGiven

_AT: Final = re.compile(r"(?P<wrong>.*) - at `\$\.?(?P<path>[^`]*)`", re.DOTALL)
_HINTS: Final = (
    ("timezone", "Give the time with its zone: 2026-03-01T20:00:00Z."),
    ("RFC3339", "Give the time with its zone: 2026-03-01T20:00:00Z."),
    ("ISO8601", "Give how long it is as PT30M, PT2H, P1D."),
    ("missing required field", "Fill it in."),
)
_CORRECT: Final = "Correct it; /api/v1/openapi.json says what is taken."


class UnknownField(Fault, frozen=True, kw_only=True, gc=False):
    """Hold that a form has no such field."""


def read_closed(data: bytes, form: Any) -> Any:
    """Read a form whose every field has to be known.

    Raises:
        FilingRefused: A field that is not known.
        msgspec.DecodeError: It is no JSON, or a field holds what it does not take.
        BadInput: A value that is none.
    """
    try:
        read = msgspec.json.decode(data, type=form)
    except msgspec.ValidationError:
        _require_known(data, form)
        raise
    _require_known(data, form)
    return read


def unknown_in(raw: Any, form: Any) -> tuple[Fault, ...]:
    """List the fields that are not known."""
    found = _faults(raw, _type_of(form), "")
    return tuple(one for one in found if isinstance(one, UnknownField))


def _require_known(data: bytes, form: Any) -> None:
    if faults := unknown_in(msgspec.json.decode(data), form):
        raise FilingRefused(faults)


def read_notice(data: bytes) -> NoticeGiven:
    """Read a form of a notice.

    Raises:
        FilingRefused: A field that is not known, or holds what it does not take.
        msgspec.DecodeError: It is no JSON.
    """
    raw = msgspec.json.decode(data)
    faults = list(_faults(raw, _type_of(NoticeGiven), ""))
    if isinstance(raw, dict):
        said = {fault.field.partition(".")[0].partition("[")[0] for fault in faults}
        for name, kind in _types_of_fields().items():
            if name in raw and name not in said:
                faults += _unreadable(raw[name], kind, name)
    if faults:
        raise FilingRefused(faults)
    try:
        return msgspec.json.decode(data, type=NoticeGiven)
    except msgspec.ValidationError as error:
        raise FilingRefused((_at_field(str(error), ""),)) from error


@lru_cache
def _type_of(form: Any) -> inspect.Type:
    return inspect.type_info(form)


@lru_cache
def _types_of_fields() -> dict[str, Any]:
    return get_type_hints(NoticeGiven, include_extras=True)


def _unreadable(raw: Any, kind: Any, name: str) -> Iterator[Fault]:
    """Say why one field cannot be read: so all of them are said at once."""
    try:
        msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        yield _at_field(str(error), name)
    except BadInput as error:  # a shape that crosses itself, a latitude beyond 90
        yield Fault(field=name, wrong=error.what, right=error.next)


def _at_field(said: str, name: str) -> Fault:
    match = _AT.fullmatch(said)
    wrong, path = (match["wrong"], match["path"]) if match else (said, "")
    right = next((right for sign, right in _HINTS if sign in wrong), _CORRECT)
    field = f"{name}{path}" if path.startswith("[") else f"{name}.{path}".strip(".")
    return Fault(field=field or "form", wrong=f"{wrong}.", right=right)


def _faults(raw: Any, kind: inspect.Type, path: str) -> Iterator[Fault]:
    """Go through what was given beside what may be: fields, and words of lists."""
    match kind:
        case inspect.Metadata(type=inner):
            yield from _faults(raw, inner, path)
        case inspect.StructType() if isinstance(raw, dict):
            yield from _of_struct(raw, kind, path)
        case inspect.UnionType(types=types):
            yield from _of_union(raw, types, path)
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            if isinstance(raw, list):
                for at, one in enumerate(raw):
                    yield from _faults(one, item, f"{path}[{at}]")
        case inspect.EnumType(cls=words) if isinstance(raw, str):
            if raw not in {str(word.value) for word in words}:
                yield _not_on_list(path, raw, [str(word.value) for word in words])
        case _:
            pass


def _of_struct(
    raw: dict[str, Any], kind: inspect.StructType, path: str
) -> Iterator[Fault]:
    known = {field.encode_name: field.type for field in kind.fields}
    for name, value in raw.items():
        at = f"{path}.{name}" if path else name
        if name == kind.tag_field:
            continue
        if name in known:
            yield from _faults(value, known[name], at)
        else:
            yield UnknownField(
                field=at,
                wrong=f"There is no field {name!r} here; it would be passed over.",
                right=_instead(name, kind, known),
            )


def _of_union(raw: Any, types: tuple[inspect.Type, ...], path: str) -> Iterator[Fault]:
    structs = [one for one in types if isinstance(one, inspect.StructType)]
    if not isinstance(raw, dict) or not structs:
        for one in types:
            if isinstance(one, inspect.EnumType):
                yield from _faults(raw, one, path)
        return
    tagged = {str(one.tag): one for one in structs if one.tag_field is not None}
    if not tagged:
        yield from _faults(raw, structs[0], path)
        return
    field = next(iter(tagged.values())).tag_field or ""
    tag = raw.get(field)
    if isinstance(tag, str) and tag in tagged:
        yield from _faults(raw, tagged[tag], path)
    elif tag is None:
        wrong = f"It does not say of which {field} it is."
        right = _one_of(list(tagged))
        yield Fault(field=f"{path}.{field}", wrong=wrong, right=right)
    else:
        yield _not_on_list(f"{path}.{field}", str(tag), list(tagged))


def _not_on_list(path: str, said: str, words: list[str]) -> Fault:
    return Fault(
        field=path, wrong=f"{said!r} is not on the list.", right=_one_of(words)
    )


def _one_of(words: list[str]) -> str:
    return f"Write one of {', '.join(words)}."


def _instead(name: str, kind: inspect.StructType, known: dict[str, Any]) -> str:
    """Say what was probably meant, or of which other kind of notice the field is."""
    if near := difflib.get_close_matches(name, known, 1):
        return f"Write `{near[0]}` if that is meant, or leave it out."
    if kind.cls in KINDS:
        others = [
            str(other)
            for details, other in KINDS.items()
            if name in details.__struct_encode_fields__
        ]
        if others:
            return (
                f"It is a field of a {' or a '.join(others)}: file that as a notice of "
                "its own."
            )
    if not known:
        return "Leave it out; nothing is taken here."
    return f"Leave it out, or write one of {', '.join(sorted(known))}."
