"""Read what every payload carries, whatever it is about.

    {"type":"call_raised","v":1,"realm":"live","at":"2016-09-17T13:55:00Z",
     "recorded_at":null,"clock_error_s":0.05,"act":{...}}

Whoever verifies a log needs no more than this, so a log written by a later
release still verifies. The realm also stands in the log's origin, as the last
segment of its path; one log holds one realm.
"""

from typing import Any

import msgspec

from clearline.ledger.strict_json import Json, NotStrictJson, read_object
from clearline.model.entries import Realm
from clearline.model.errors import BadInput
from clearline.model.instants import Instant, NotUtc, utc


class HeaderMalformed(BadInput):
    """Refuse a payload whose header cannot be read."""


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """Hold the header of one payload and the act below it.

    Attributes:
        type: What happened, for example `call_raised`.
        v: Version of that type, from 1.
        realm: What the log is for.
        at: When it was decided, UTC.
        recorded_at: When it was recorded, UTC, where that was later.
        clock_error_s: How far the node's clock may have been wrong, seconds,
            either way; `None` where it did not know.
        act: What is particular to the type, as JSON.
    """

    type: str
    v: int
    realm: Realm
    at: Instant
    recorded_at: Instant | None = None
    clock_error_s: float | None = None
    act: dict[str, Json]


class _Written(msgspec.Struct, frozen=True, kw_only=True):
    """The header as it is written: instants are RFC 3339 (section 5.6), any zone."""

    type: str
    v: int
    realm: Realm
    at: Instant
    recorded_at: Instant | None = None
    clock_error_s: float | None = None
    act: dict[str, Any]  # msgspec cannot read a type that names itself


def read_header(payload: bytes) -> Header:
    """Read a payload's header; fields it does not know are left alone.

    Raises:
        HeaderMalformed: The payload is not strict JSON, a field is missing or
            of the wrong kind, or an instant cannot be read.
    """
    try:
        written = msgspec.convert(read_object(payload), _Written)
        at = utc(written.at)
        late = written.recorded_at
        recorded_at = None if late is None else utc(late)
    except (NotStrictJson, msgspec.ValidationError, NotUtc) as error:
        raise _malformed(str(error)) from error
    if not written.type or written.v < 1:
        raise _malformed("It names no type, or no version from 1.")
    if recorded_at is not None and recorded_at < at:
        raise _malformed("It was recorded before it was decided.")
    return Header(
        type=written.type,
        v=written.v,
        realm=written.realm,
        at=at,
        recorded_at=recorded_at,
        clock_error_s=written.clock_error_s,
        act=written.act,
    )


def realm_of(origin: str) -> Realm:
    """Return the realm a log's origin names as the last segment of its path.

    Raises:
        HeaderMalformed: The origin ends in no realm.
    """
    last = origin.rsplit("/", 1)[-1]
    for realm in Realm:
        if last == realm and last != origin:
            return realm
    raise HeaderMalformed(
        f"The origin {origin!r} does not end in /live, /exercise or /model.",
        state="Nothing was taken.",
        next="Name the log as a path that ends in its realm.",
    )


def _malformed(why: str) -> HeaderMalformed:
    return HeaderMalformed(
        f"The payload's header cannot be read. {why}",
        state="Nothing was taken from it.",
        next="Write type, v, realm, at and act as the specification says.",
    )
