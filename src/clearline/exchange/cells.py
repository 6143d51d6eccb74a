"""Read what stands in a cell: numbers, yes and no, words of a list, local times.

Digits of every script are digits. A time says its zone, or the row or whoever imports
says it for all; a local hour that came twice or never is asked about, and so is a date
whose day and month could be either.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from clearline.exchange.layouts import Column, folded
from clearline.geo.plain import NoReading, plain
from clearline.model.instants import Instant

_NUMBER: Final = re.compile(r"[-+]?\d{1,12}(\.\d{1,15})?")
_OFFSET: Final = re.compile(
    r"(?:UTC|GMT|Z)?\s*([-+])(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE
)
_WHEN: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,6})\d*)?)?)?"
    r"\s*(Z|[-+]\d{1,2}(?::?\d\d)?)?",
    re.IGNORECASE,
)
_DTG: Final = re.compile(
    r"(\d\d)(\d\d)(\d\d)\s*([A-IK-Z])\s*([A-Z]{3})\s*(\d{4}|\d\d)", re.IGNORECASE
)
_SLASHED: Final = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}.*")
_MONTHS: Final = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"
_EAST: Final = "ABCDEFGHIKLM"
_WEST: Final = "NOPQRSTUVWXY"
_MOST_HOURS: Final = 14
_TRUE: Final = {folded(one) for one in ("yes", "y", "true", "1", "نعم", "oui", "да")}
_FALSE: Final = {folded(one) for one in ("no", "n", "false", "0", "لا", "non", "нет")}


class Unfit(Exception):
    """Say what is wrong with a cell, and what would be right."""

    def __init__(self, what: str, next_step: str) -> None:
        super().__init__(what)
        self.what, self.next = what, next_step


class When(NamedTuple):
    """Hold a time as a cell says it, and whether it is a whole day."""

    at: Instant
    is_day: bool


def read_number(text: str) -> float:
    """Read a number; a comma as decimal sign is taken, one for thousands is not."""
    words = _plain(text).replace(" ", "")
    if words.count(",") == 1 and "." not in words:
        words = words.replace(",", ".")
    if not _NUMBER.fullmatch(words):
        raise Unfit(f"{text[:40]!r} is no number.", "Write it as 12.5.")
    return float(words)


def read_whole(text: str) -> int:
    """Read a whole number."""
    number = read_number(text)
    if not number.is_integer():
        raise Unfit(f"{text[:40]!r} is no whole number.", "Write it as 12.")
    return int(number)


def read_yes_no(text: str) -> bool:
    """Read yes or no, in English, Arabic, French or Russian."""
    word = folded(_plain(text))
    if word not in _TRUE | _FALSE:
        raise Unfit(f"{text[:40]!r} is neither yes nor no.", "Write yes or no.")
    return word in _TRUE


def read_choice(text: str, column: Column) -> str:
    """Read one of the words of a list, in either language."""
    word = folded(text)
    for value, arabic in column.choices:
        if word in (folded(value), folded(arabic)):
            return value
    raise Unfit(
        f"{text[:40]!r} is not on the list.",
        f"Write one of {', '.join(value for value, _ in column.choices)}.",
    )


def read_lines(text: str) -> list[str]:
    """Return what stands in a cell, one a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def read_zone(text: str) -> tzinfo:
    """Read a zone: an offset from UTC, or a name of the tz database."""
    words = _plain(text)
    if words.upper() in ("UTC", "GMT", "Z"):
        return UTC
    if found := _OFFSET.fullmatch(words):
        hours, minutes = int(found[2]), int(found[3] or 0)
        if hours <= _MOST_HOURS:
            span = timedelta(hours=hours, minutes=minutes)
            return timezone(-span if found[1] == "-" else span)
    try:
        return ZoneInfo(words)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Unfit(
            f"{text[:40]!r} is no time zone.", "Write UTC+3, or Asia/Damascus."
        ) from None


def read_when(text: str, zone: tzinfo | None) -> When:
    """Read a date, or a date and a time, in its own zone or in the one that is said."""
    words = _plain(text)
    if found := _DTG.fullmatch(words):
        return _date_time_group(found, text)
    found = _WHEN.fullmatch(words)
    if found is None:
        raise _no_time(text, words)
    year, month, day, hour, minute, second = (
        int(one or 0) for one in found.groups()[:6]
    )
    try:
        local = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 (its zone follows)
    except ValueError as error:
        raise Unfit(
            f"{text[:40]!r} is no time: {error}.", "Write it as 2026-03-01 06:00."
        ) from None
    local += timedelta(microseconds=int((found[7] or "").ljust(6, "0")))
    own = read_zone(found[8]) if found[8] else zone
    if own is None:
        raise Unfit(
            f"{text[:40]!r} says no time zone.",
            "Fill in the column for the time zone, or write 2026-03-01 06:00+03:00.",
        )
    return When(at=_told_in(local, own, text), is_day=found[4] is None)


def end_of(when: When, zone: tzinfo | None) -> Instant:
    """Return where what ends at a time ends: a day at its last midnight, there."""
    if not when.is_day:
        return when.at
    local = when.at.astimezone(zone or UTC).replace(tzinfo=None) + timedelta(days=1)
    return _told_in(local, zone or UTC, "")


def _date_time_group(found: "re.Match[str]", text: str) -> When:
    day, hour, minute, letter, month, year = found.groups()
    letter = letter.upper()
    hours = (
        0
        if letter == "Z"
        else _EAST.index(letter) + 1
        if letter in _EAST
        else -_WEST.index(letter) - 1
    )
    try:
        at = datetime(
            int(year) if len(year) > 2 else 2000 + int(year),  # noqa: PLR2004
            _month(month),
            int(day),
            int(hour),
            int(minute),
            tzinfo=timezone(timedelta(hours=hours)),
        )
    except ValueError:
        raise Unfit(
            f"{text[:40]!r} is no date-time group.", "Write it as 010600ZMAR26."
        ) from None
    return When(at=at.astimezone(UTC), is_day=False)


def _month(name: str) -> int:
    at = _MONTHS.find(name.upper())
    return at // 3 + 1 if at % 3 == 0 else 0


def _no_time(text: str, words: str) -> Unfit:
    if _SLASHED.fullmatch(words):
        return Unfit(
            f"{text[:40]!r}: which is the day, and which the month?",
            "Write the year first: 2026-03-01 06:00.",
        )
    return Unfit(f"{text[:40]!r} is no time.", "Write it as 2026-03-01 06:00.")


def _told_in(local: datetime, zone: tzinfo, text: str) -> Instant:
    """Return the instant a local time names, if it names one."""
    try:
        first, second = (
            local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)
        )
    except OverflowError:
        raise Unfit(f"{text[:40]!r} lies too far away.", "Check the year.") from None
    if first != second:
        told = f"{first:%H:%M} or {second:%H:%M} UTC"
        came = first.astimezone(zone).replace(tzinfo=None) == local
        why = f"came twice there: {told}" if came else "never came there"
        raise Unfit(
            f"{text[:40]!r} {why}, because the clocks changed.",
            "Write it with its offset, as 2026-03-01 06:00+03:00.",
        )
    return first


def _plain(text: str) -> str:
    try:
        return plain(text)
    except NoReading as error:
        raise Unfit(error.what, "Write it shorter.") from None


def joined(texts: Iterable[str]) -> str:
    """Write several texts into one cell, one a line."""
    return "\n".join(text for text in texts if text)
