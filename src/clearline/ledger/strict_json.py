"""Read JSON only where every reader would read the same.

RFC 8259 section 4 leaves open what a name twice in one object means, and readers
differ: one sees the first, another the last. A signature over such bytes says two
things at once. So this reads I-JSON (RFC 7493 section 2.3) and nothing else.
"""

import json
from typing import TypeAlias

import msgspec

from clearline.model.errors import BadInput

Json: TypeAlias = (
    "dict[str, Json] | list[Json] | str | int | float | bool | None"  # a JSON value
)


MAX_DEPTH = 128
"""Deepest nesting we read; the outermost object is 1."""


class NotStrictJson(BadInput):
    """Refuse bytes that are not one JSON object every reader reads alike."""


def read_object(data: bytes) -> dict[str, Json]:
    """Read UTF-8 JSON whose whole is one object, without a name twice in any.

    Raises:
        NotStrictJson: The bytes are no JSON in UTF-8, hold half a surrogate
            pair or a number no double holds, are not one object, nest deeper
            than `MAX_DEPTH`, or carry a name twice in one object.
    """
    try:
        value = msgspec.json.decode(data)
        # Bytes that come out again as they went in cannot have lost a name.
        if msgspec.json.encode(value) != data:
            json.loads(data, object_pairs_hook=_refuse_twins)
    except (ValueError, RecursionError) as error:
        raise _not_strict(f"The bytes are not strict JSON: {error}.") from error
    if not isinstance(value, dict):
        raise _not_strict("The JSON is not an object.")
    if data.count(b"{") + data.count(b"[") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise _not_strict(f"The JSON nests deeper than {MAX_DEPTH}.")
    return value


def _depth(value: Json) -> int:
    """Return how deep a value nests; it may be too deep to call oneself for."""
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        one, depth = waiting.pop()
        if isinstance(one, (dict, list)):
            deepest = max(deepest, depth)
            inner = one.values() if isinstance(one, dict) else one
            waiting.extend((each, depth + 1) for each in inner)
    return deepest


def _refuse_twins(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise _not_strict("A name stands twice in one object of the JSON.")
    return read


def _not_strict(what: str) -> NotStrictJson:
    return NotStrictJson(
        what,
        state="Nothing was taken from it.",
        next="Write one JSON object in UTF-8, each name once.",
    )
