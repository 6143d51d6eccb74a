"""Turn times and numbers as people say them into values.

    1355Z   13:55 zulu   1655C   13:55+03:00   171355ZSEP16   2016-09-17T13:55:00Z
    one three fife fife zulu
    1355Z to 1456Z   1355 to 1456 zulu   1355Z until withdrawn
    37   three seven   thirty-seven   one hundred and six   niner km

What leaves something open is not guessed: it raises `Unclear` with the question to
ask. A time of day without a date is taken on the day that brings it nearest to the
instant it is compared with; that is the only thing ever supplied.
"""

import re
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from clearline.geo.plain import NoReading, plain
from clearline.geo.voice import HEARD_DIGITS, hear
from clearline.model.errors import BadInput
from clearline.model.instants import (
    FOREVER,
    Duration,
    Instant,
    NotUtc,
    Window,
    parse_instant,
    utc,
)


class Unclear(BadInput):
    """Say what has to be asked before the words heard mean one thing."""


class HeardInstant(NamedTuple):
    """An instant and the unit it was said to."""

    at: Instant
    unit: Duration


class HeardWindow(NamedTuple):
    """A window and the unit its ends were said to."""

    window: Window
    unit: Duration


class HeardNumber(NamedTuple):
    """A number and its unit, empty where none was said."""

    number: float
    unit: str


_MINUTE, _SECOND = timedelta(minutes=1), timedelta(seconds=1)
_DAY = timedelta(days=1)

_ZONE = r"(?P<zone>z|zulu|utc|gmt|(?:utc|gmt)? ?[+-]\d{1,2}(?::?\d\d)?|[a-z])"
_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?P<seconds>:\d\d)?.*", re.IGNORECASE
)
_TIME = re.compile(
    rf"(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d))?"
    rf"(?: ?(?:hours|hrs|h))? ?{_ZONE}?",
    re.IGNORECASE,
)
_GROUP = re.compile(
    rf"(?P<day>\d\d) ?(?P<hour>\d\d)(?P<minute>\d\d) ?{_ZONE} ?"
    r"(?P<month>[a-z]{3}) ?(?P<year>\d\d(?:\d\d)?)",
    re.IGNORECASE,
)
_MONTHS = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_EAST, _WEST = "abcdefghiklm", "nopqrstuvwxy"
_PARTED = re.compile(
    r" ?/ ?| (?:to|until|till|and|-) |(?<=[a-z])-(?=\d)", re.IGNORECASE
)
_LEADING = re.compile(r"^(?:from|between|at) ", re.IGNORECASE)
_FOREVER = re.compile(
    r"(?:(?:until )?(?:withdrawn|cancelled|further notice|forever)|no end)",
    re.IGNORECASE,
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_TEENS = (
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_WHOLE = {
    **{word: 10 + i for i, word in enumerate(_TEENS.split())},
    **{word: 10 * (2 + i) for i, word in enumerate(_TENS.split())},
}
_SCALES = {"hundred": 100, "thousand": 1000, "tousand": 1000}
_MOST_DIGITS = 15
_POINTS = frozenset({"decimal", "point", "."})
_UNITS = {
    "kilometre": "km",
    "kilometer": "km",
    "metre": "m",
    "meter": "m",
    "nautical mile": "nm",
    "nmi": "nm",
    "mile": "mi",
    "minute": "min",
    "min": "min",
    "second": "s",
    "sec": "s",
    "hour": "h",
    "foot": "ft",
    "feet": "ft",
}
_THOUSANDS = re.compile(r"\d,\d")


def read_instant(text: str, near: Instant | None = None) -> HeardInstant:
    """Read an instant as heard.

    Args:
        text: The words.
        near: The instant it will be compared with; it lends its date where the
            words have only a time of day.

    Raises:
        Unclear: No time, no zone, no date, or none that exists.
    """
    words = hear(_words(text))
    for form, build in ((_RFC3339, _whole), (_GROUP, _group)):
        if match := form.fullmatch(words):
            return build(match)
    if match := _TIME.fullmatch(words):
        return _time_of_day(match, near)
    raise _unclear(f"{text!r} is no time.", "Ask for hours, minutes and zone.")


def read_window(text: str, near: Window | None = None) -> HeardWindow:
    """Read a window as heard; a zone said once, at the end, holds for both ends.

    Args:
        text: The words.
        near: The window it will be compared with; it lends its dates.

    Raises:
        Unclear: One end is missing or unclear, or they are in the wrong order.
    """
    words = _LEADING.sub("", _words(text))
    parts = _PARTED.split(words)
    if len(parts) != 2:  # noqa: PLR2004 (a start and an end)
        match = re.fullmatch(r"(.+?) (until .+|no end)", words, re.IGNORECASE)
        if match is None:
            raise _unclear(
                f"{text!r} does not have a start and an end.",
                "Ask for both, or for *until withdrawn*.",
            )
        parts = list(match.groups())
    first, last = parts[0], parts[1]
    near_start, near_end = (near.start, near.end) if near else (None, None)
    if near_end == FOREVER:
        near_end = near_start
    end = (
        HeardInstant(FOREVER, _SECOND)
        if _FOREVER.fullmatch(last)
        else read_instant(last, near_end)
    )
    start = read_instant(_with_zone(first, last), near_start)
    try:
        window = Window(start=start.at, end=end.at)
    except BadInput as error:
        raise _unclear(error.what, "Ask for the start and the end again.") from error
    return HeardWindow(window, max(start.unit, end.unit))


def read_number(text: str) -> HeardNumber:
    """Read a number as heard, figures or words, with its unit if one was said.

    Raises:
        Unclear: It is no number, or could be two different ones.
    """
    words = _words(text).rstrip(" .,;!?")
    if _THOUSANDS.search(words):
        raise _unclear(
            f"In {text!r} the comma may part thousands or decimals.",
            "Ask for the number digit by digit.",
        )
    tokens = re.findall(r"\d+|[^\W\d_]+|\.|-(?=\d)", words.casefold())
    is_negative = bool(tokens) and tokens[0] in {"-", "minus"}
    tokens = tokens[is_negative:]
    count = next((i for i, t in enumerate(tokens) if not _is_numeral(t)), len(tokens))
    number = _number([t for t in tokens[:count] if t != "and"])
    if number is None:
        raise _unclear(f"{text!r} is no number.", "Ask for it digit by digit.")
    return HeardNumber(-number if is_negative else number, unit_of(tokens[count:]))


def unit_of(words: list[str]) -> str:
    """Bring a unit to one spelling; an unknown one stays as it was said."""
    unit = " ".join(words).casefold()
    return _UNITS.get(unit, _UNITS.get(unit.removesuffix("s"), unit))


def _unclear(what: str, next_step: str) -> Unclear:
    return Unclear(what, state="Nothing was compared.", next=next_step)


def _words(text: str) -> str:
    try:
        return plain(text)
    except NoReading as error:
        raise _unclear("Nothing usable was heard.", "Ask for it again.") from error


def _whole(match: re.Match[str]) -> HeardInstant:
    try:
        at = parse_instant(match[0].upper())
    except NotUtc as error:
        raise _unclear(error.what, error.next) from error
    return HeardInstant(at, _SECOND if match["seconds"] else _MINUTE)


def _group(match: re.Match[str]) -> HeardInstant:
    """Read a date-time group, such as 171355ZSEP16."""
    month = match["month"].casefold()
    if month not in _MONTHS:
        raise _unclear(f"There is no month {match['month']}.", "Ask for the month.")
    year = int(match["year"])
    century = 2000 if len(match["year"]) == 2 else 0  # noqa: PLR2004 (two digits)
    try:
        at = datetime(
            year + century,
            _MONTHS.index(month) + 1,
            int(match["day"]),
            int(match["hour"]),
            int(match["minute"]),
            tzinfo=_zone(match["zone"]),
        )
        return HeardInstant(utc(at), _MINUTE)
    except (ValueError, OverflowError) as error:
        raise _no_such_time(match[0]) from error


def _time_of_day(match: re.Match[str], near: Instant | None) -> HeardInstant:
    if match["zone"] is None:
        raise _unclear(
            f"{match[0]!r} does not say its zone.", "Ask: zulu, or which zone?"
        )
    zone = _zone(match["zone"])
    if near is None or not 1 < near.year < 9999:  # noqa: PLR2004 (a day each way exists)
        raise _unclear(f"{match[0]!r} has no date.", "Ask for the date.")
    hour, minute, second = (int(match[p] or 0) for p in ("hour", "minute", "second"))
    try:
        same_day = near.astimezone(zone).replace(
            hour=hour, minute=minute, second=second, microsecond=0
        )
    except ValueError as error:
        raise _no_such_time(match[0]) from error
    days = (same_day - _DAY, same_day, same_day + _DAY)
    at = min(days, key=lambda day: abs(day - near))
    return HeardInstant(utc(at), _SECOND if match["second"] else _MINUTE)


def _no_such_time(text: str) -> Unclear:
    return _unclear(f"There is no time {text}.", "Ask for the time again.")


def _zone(said: str) -> timezone:
    """Return the zone of a letter, a name of UTC or an offset."""
    word = said.casefold().replace(" ", "")
    if word in {"z", "zulu", "utc", "gmt"}:
        return timezone.utc  # noqa: UP017 (a timezone, as the others here are)
    offset = re.fullmatch(r"(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d\d))?", word)
    if offset:
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        if ahead >= _DAY:
            raise _unclear(f"There is no zone {said}.", "Ask for the zone again.")
        return timezone(ahead if offset[1] == "+" else -ahead)
    if word in _EAST:
        return timezone(timedelta(hours=_EAST.index(word) + 1))
    if word in _WEST:
        return timezone(-timedelta(hours=_WEST.index(word) + 1))
    raise _unclear(
        f"{said!r} names local time and not a zone.", "Ask: zulu, or which zone?"
    )


def _with_zone(start: str, end: str) -> str:
    """Lend the end's zone to a start that has none."""
    first, last = _TIME.fullmatch(hear(start)), _TIME.fullmatch(hear(end))
    if first and last and first["zone"] is None and last["zone"]:
        return f"{hear(start)} {last['zone'].strip()}"
    return start


def _is_numeral(token: str) -> bool:
    return (
        token.isdigit()
        or token in HEARD_DIGITS
        or token in _WHOLE
        or token in _SCALES
        or token in _POINTS
        or token == "and"  # noqa: S105 (a word of a number, no secret)
    )


def _number(tokens: list[str]) -> float | None:
    """Add up the words of a number; nothing if they make none."""
    point = next((i for i, t in enumerate(tokens) if t in _POINTS), len(tokens))
    whole = _integer(tokens[:point])
    fraction = "".join(HEARD_DIGITS.get(t, t) for t in tokens[point + 1 :])
    if point == len(tokens):
        return whole
    if whole is None or not fraction.isdigit():
        return None
    return float(f"{whole:.0f}.{fraction}")


def _integer(tokens: list[str]) -> float | None:
    """Read digits one by one (37, three seven) or words (thirty seven)."""
    if not tokens:
        return None
    digits = [HEARD_DIGITS.get(token, token) for token in tokens]
    if sum(len(digit) for digit in digits if digit.isdigit()) > _MOST_DIGITS:
        return None
    if all(digit.isdigit() for digit in digits):
        return float("".join(digits))
    total, current, room = 0.0, 0.0, 0
    for token, digit in zip(tokens, digits, strict=True):
        if token in _SCALES:
            scaled = (current or 1.0) * _SCALES[token]
            if _SCALES[token] == 1000:  # noqa: PLR2004 (a thousand closes a group)
                if total:
                    return None
                total, current, room = total + scaled, 0.0, 1000
            else:
                current, room = scaled, 100
            continue
        value = _WHOLE.get(token, int(digit) if digit.isdigit() else 0)
        if (room and value >= room) or (current and not room):
            return None
        current += value
        room = 10 if token in _TENS.split() else 0
    return total + current
