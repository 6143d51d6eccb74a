"""Read a word as the value a field asks for.

A document's words are all text until a field says what it wants: `15` is a number
for a count and three letters for a name. Nothing is guessed from looks.
"""

import math
import re
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, get_args, get_origin

from clearline.model.beats import parse_offset
from clearline.model.errors import BadInput
from clearline.model.facts import Unfit
from clearline.model.instants import Duration, parse_instant

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_TRUTH = {"true": True, "false": False}


def plain(kind: Any) -> Any:
    """Return the type behind a `NewType` or a condition, and any other as it is."""
    while True:
        if hasattr(kind, "__supertype__"):
            kind = kind.__supertype__
        elif get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        else:
            return kind


def is_scalar(kind: Any) -> bool:
    """Say whether values of this type are written as one word or text."""
    kind = plain(kind)
    return isinstance(kind, type) and issubclass(
        kind, str | int | float | Duration | datetime | Enum
    )


def describe(kind: Any) -> str:
    """Say in words what a field of this type asks for."""
    kind = plain(kind)
    if issubclass(kind, Enum):
        return "one of " + ", ".join(f"`{member.value}`" for member in kind)
    return {
        bool: "`true` or `false`",
        int: "a whole number",
        float: "a number",
        Duration: "an offset from T0 such as `T+29:00`",
        datetime: "an instant with its zone such as `2016-09-17T13:55:00Z`",
    }.get(kind, "text")


def read_scalar(text: str, kind: Any) -> Any:
    """Read `text` as a value of `kind`.

    Args:
        text: One word, or any text for a field of text.
        kind: `str`, `int`, `float`, `bool`, an enum, an offset, an instant, or a
            `NewType` of one of them.

    Raises:
        Unfit: The text is none; its `field` is empty.
    """
    kind = plain(kind)
    try:
        return _READERS[kind](text) if kind in _READERS else kind(text)
    except (BadInput, KeyError, ValueError):
        raise Unfit("", found=f"`{shown(text)}`", expected=describe(kind)) from None


def shown(text: str) -> str:
    """Return a text short enough for a message."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:57] + "..."  # noqa: PLR2004 (half a line)


def _read_whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError
    return int(text)


def _read_number(text: str) -> float:
    if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        raise ValueError
    return float(text)


_READERS: dict[Any, Any] = {
    str: str,
    int: _read_whole,
    float: _read_number,
    bool: _TRUTH.__getitem__,
    Duration: parse_offset,
    datetime: parse_instant,
}
