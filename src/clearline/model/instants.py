"""Hold instants, spans and what a source said about a time.

An `Instant` is an aware `datetime` in UTC, with microseconds; bytes that give one
without its zone are refused where they are read. A `Duration` is a `timedelta`. A
`Window` is half-open, `[start, end)`, and always has both ends; "until withdrawn" is
the explicit end `FOREVER`.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeAlias

import msgspec

from clearline.model.errors import BadInput

Instant: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
Duration: TypeAlias = timedelta

FOREVER: Instant = datetime(9999, 12, 31, tzinfo=UTC)
"""The end of a window that holds until it is withdrawn."""


class NotUtc(BadInput):
    """Refuse an instant that does not say it is UTC."""


def utc(value: datetime) -> Instant:
    """Turn any aware datetime into the same instant, said in UTC.

    Raises:
        NotUtc: `value` carries no zone, so it names no instant, or is none of
            the years 1 to 9999 in UTC.
    """
    if value.tzinfo is None:
        raise NotUtc(
            f"The time {value.isoformat()} carries no zone.",
            state="Nothing was taken.",
            next="Say the zone, for example 2016-09-17T16:55:00+03:00 or ...Z.",
        )
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise NotUtc(
            f"The time {value.isoformat()} lies outside the years 1 to 9999.",
            state="Nothing was taken.",
            next="Say an instant within those years, in UTC.",
        ) from error


def parse_instant(text: str) -> Instant:
    """Read an RFC 3339 instant (section 5.6) with its zone.

    Raises:
        NotUtc: The text is no RFC 3339 instant or carries no zone.
    """
    try:
        return utc(datetime.fromisoformat(text))
    except ValueError as error:
        raise NotUtc(
            f"{text!r} is not an instant.",
            state="Nothing was taken.",
            next="Write it as 2016-09-17T13:55:00Z (RFC 3339, with a zone).",
        ) from error


def write_instant(at: Instant) -> str:
    """Write an instant as RFC 3339 in UTC, whole seconds where they suffice."""
    spec = "microseconds" if at.microsecond else "seconds"
    return utc(at).isoformat(timespec=spec).replace("+00:00", "Z")


class Window(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a span of time, `[start, end)`, UTC.

    Attributes:
        start: First instant inside.
        end: First instant outside; `FOREVER` where it holds until withdrawn.
    """

    start: Instant
    end: Instant

    def __post_init__(self) -> None:
        start, end = self.start, self.end
        if start.tzinfo is not UTC or end.tzinfo is not UTC:
            start, end = utc(start), utc(end)
        if not start < end:
            raise BadInput(
                f"The window ends at {write_instant(end)}, which is not after "
                f"its start {write_instant(start)}.",
                state="Nothing was taken.",
                next="Give an end after the start; the end itself is outside.",
            )

    def holds(self, at: Instant) -> bool:
        """Say whether `at` lies inside."""
        return self.start <= at < self.end

    def overlap(self, other: "Window") -> "Window | None":
        """Return what both windows hold, or nothing."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Window(start=start, end=end) if start < end else None


class ToldInstant(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Keep a time as its source told it, beside how we read it.

    Attributes:
        at: Our reading, UTC.
        text: The source's own words, never changed.
        zone: The zone the source named or the reading assumed, for example
            `UTC+3`; empty when the text carried its own offset.
        clock_error_s: How far the clock behind it may be wrong, seconds, either
            way; `None` where nobody knows.
    """

    at: Instant
    text: str
    zone: str = ""
    clock_error_s: float | None = None
