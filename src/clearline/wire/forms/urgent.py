"""Read the form of a call so that no mistake in it keeps a STOP or HOLD from ringing.

What cannot be read is left out and named in the answer; what stood on the card rings
along as it was sent, as words. Any other kind of call is refused with the mistake.
"""

from typing import Any, Final, cast

import msgspec
from msgspec.structs import replace

from clearline.model.errors import BadInput
from clearline.model.links import URGENT
from clearline.wire.forms.calls import CallGiven, CardGiven
from clearline.wire.forms.closed import read_closed, unknown_in

_MOST_CHARACTERS: Final = 4_000
_MOST_AS_SENT: Final = 200
_URGENT: Final = frozenset(kind.value for kind in URGENT)


class CallRead(CallGiven, frozen=True, kw_only=True):
    """Hold a STOP or HOLD as far as it could be read.

    Attributes:
        left_out: The fields that could not be, or that nobody knows.
    """

    left_out: tuple[str, ...]


def read_call(data: bytes) -> CallGiven:
    """Read a call, a STOP or HOLD whatever else is in it.

    Raises:
        msgspec.DecodeError: It is no JSON, or a call that can wait, with a mistake.
        BadInput: The same, with a shape that is none or a field nobody knows.
    """
    try:
        return cast("CallGiven", read_closed(data, CallGiven))
    except (msgspec.ValidationError, BadInput):
        raw = msgspec.json.decode(data)
        if not isinstance(raw, dict) or raw.get("kind", "STOP") not in _URGENT:
            raise
        return _as_far_as_read(raw)


def _as_far_as_read(raw: dict[str, Any]) -> CallGiven:
    card = raw.get("card", {})
    on_card = card if isinstance(card, dict) else {"what": card}
    found, wrong = _readable(on_card, CardGiven)
    read = CardGiven(**found)
    if wrong:
        sent = ", ".join(f"{name}: {_as_sent(on_card[name])}" for name in wrong)
        why = f"{read.why} (sent, and not readable here: {sent})"
        read = replace(read, why=why.strip()[:_MOST_CHARACTERS])
    found, more = _readable({k: v for k, v in raw.items() if k != "card"}, CallGiven)
    left_out = [*more, *(f"card.{name}" for name in wrong)]
    whole = tuple(left_out)
    left_out += (
        fault.field
        for fault in unknown_in(raw, CallGiven)
        if fault.field not in whole and not fault.field.startswith(_within(whole))
    )
    return CallRead(**found, card=read, left_out=tuple(left_out))


def _within(fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{field}{sign}" for field in fields for sign in ".[")


def _readable(
    raw: dict[str, Any], form: type[msgspec.Struct]
) -> tuple[dict[str, Any], list[str]]:
    """Read each field by itself; return what could be, and the names of the others."""
    found: dict[str, Any] = {}
    fields = msgspec.structs.fields(form)
    wrong = [name for name in raw if name not in form.__struct_fields__]
    for field in fields:
        if field.name not in raw:
            continue
        value = raw[field.name]
        if isinstance(value, str) and form is CardGiven:
            value = value[:_MOST_CHARACTERS]
        try:
            found[field.name] = msgspec.convert(value, field.type)
        except (msgspec.ValidationError, BadInput):
            wrong.append(field.name)
    return found, wrong


def _as_sent(value: Any) -> str:
    return msgspec.json.encode(value).decode()[:_MOST_AS_SENT]
