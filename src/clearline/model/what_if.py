"""Change one named value of a scenario, and nothing else.

A knob names a value by its path: field names and ids joined by dots, for example
`responses.watch-screen.takes.median_s`. The value's own type says how a new one
is read, and the knob says how far it may go.
"""

from typing import Any, get_args

import msgspec

from clearline.model.beats import write_offset
from clearline.model.errors import BadInput
from clearline.model.facts import Unfit
from clearline.model.instants import Duration
from clearline.model.references import Path, declared, noun
from clearline.model.scalars import is_scalar, plain, read_scalar
from clearline.model.scenarios import Knob, KnobId, Scenario

UNSET = "none"
"""How a value that is left open is written."""


class NoSuchKnob(BadInput):
    """Refuse a knob or a path that the scenario does not have."""


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a value a path leads to.

    Attributes:
        path: Where it stands.
        value: What stands there now.
        kind: Its declared type, without `None`.
        is_optional: Whether it may be left open.
    """

    path: Path
    value: Any
    kind: Any
    is_optional: bool


def spot(scenario: Scenario, dotted: str) -> Spot:
    """Follow a path to the one value it names.

    Raises:
        NoSuchKnob: No such field or id on the way, or no single value at its end.
    """
    value: Any = scenario
    kind: Any = Scenario
    path: Path = ()
    for word in dotted.split("."):
        if isinstance(value, tuple):
            step = _index(value, word, dotted)
            value, kind = value[step], type(value[step])
            path = (*path, step)
            continue
        if not isinstance(value, msgspec.Struct) or word not in _fields(value):
            raise _no_such(f"`{dotted}` leads nowhere: there is no `{word}`.")
        kind = _fields(value)[word]
        value = getattr(value, word)
        path = (*path, word)
    kinds = [one for one in get_args(kind) or (kind,) if one is not type(None)]
    is_optional = type(None) in get_args(kind)
    if isinstance(value, tuple) or len(kinds) != 1 or not is_scalar(kinds[0]):
        raise _no_such(f"`{dotted}` is no single value.")
    return Spot(path=path, value=value, kind=kinds[0], is_optional=is_optional)


def write_value(value: Any) -> str:
    """Write a value as a knob reads it."""
    if value is None:
        return UNSET
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Duration):
        return write_offset(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def default(scenario: Scenario, knob: Knob) -> str:
    """Return what the document says where the knob would change it."""
    return write_value(spot(scenario, knob.changes).value)


def find_knob(scenario: Scenario, name: str) -> Knob:
    """Return the knob of that name.

    Raises:
        NoSuchKnob: There is none; the message names those there are.
    """
    for knob in scenario.what_if:
        if knob.id == name:
            return knob
    names = ", ".join(knob.id for knob in scenario.what_if) or "none"
    raise NoSuchKnob(
        f"{scenario.name} has no knob `{name}`.",
        state="Nothing was changed.",
        next=f"Its knobs are: {names}.",
    )


def read_setting(scenario: Scenario, knob: Knob, text: str) -> Any:
    """Read a new value for a knob and check it against the knob's range.

    Raises:
        Unfit: It is not of the value's type, or outside the range or choices, or
            names an id the scenario does not declare.
        NoSuchKnob: The knob's own path leads nowhere.
    """
    there = spot(scenario, knob.changes)
    if knob.choices and text not in knob.choices:
        choices = ", ".join(f"`{choice}`" for choice in knob.choices)
        raise Unfit("value", found=f"`{text}`", expected=f"one of {choices}")
    least, most = (
        read_scalar(end, there.kind) if end else None for end in (knob.least, knob.most)
    )
    if there.is_optional and text == UNSET:
        return None
    value = read_scalar(text, there.kind)
    if (least is not None and value < least) or (most is not None and value > most):
        ends = f"{knob.least or '...'} to {knob.most or '...'}"
        raise Unfit("value", found=f"`{text}`", expected=ends)
    if plain(there.kind) is not there.kind:  # an id: what it names must be there
        known = declared(scenario).get(there.kind, {})
        if value not in known:
            a_known = f"the id of a {noun(there.kind)}"
            raise Unfit("value", found=f"`{text}`", expected=a_known)
    return value


def turn(scenario: Scenario, knob: KnobId, text: str) -> Scenario:
    """Return the scenario with one knob turned; the old one stays as it is.

    Raises:
        NoSuchKnob: There is no such knob.
        Unfit: The value does not fit it.
    """
    which = find_knob(scenario, knob)
    value = read_setting(scenario, which, text)
    changed: Scenario = _replaced(scenario, spot(scenario, which.changes).path, value)
    return changed


def _replaced(whole: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        items = list(whole)
        items[step] = _replaced(items[step], rest, value)
        return tuple(items)
    inner = _replaced(getattr(whole, step), rest, value)
    return msgspec.structs.replace(whole, **{step: inner})


def _fields(value: msgspec.Struct) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(value)}


def _index(items: tuple[Any, ...], word: str, dotted: str) -> int:
    for index, item in enumerate(items):
        if getattr(item, "id", None) == word:
            return index
    raise _no_such(f"`{dotted}` leads nowhere: nothing there has the id `{word}`.")


def _no_such(what: str) -> NoSuchKnob:
    return NoSuchKnob(
        what,
        state="Nothing was changed.",
        next="Write field names and ids joined by dots, as the document nests them.",
    )
