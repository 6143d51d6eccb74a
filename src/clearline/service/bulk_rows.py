"""Write what a bulk screening found as rows of NDJSON, compiled.

A million plans may meet thirty million notices: written one by one in Python, with
one core waiting for the other, the rows take longer than finding them. Here whole
columns become bytes at once, without the GIL.

    asked, notice       names, quoted once each and copied
    start, until        microseconds since 1970, written as RFC 3339 in UTC
    thousandths         the separation, rounded as Python rounds
    why                 sentences, each once, and which of them a row says

The same rows, one by one and without any haste, are in the tests.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from clearline.geo.ellipsoid import lean

NOBODY: Final = -1
"""The notice of a row that has none."""
UNKNOWN: Final = -1
"""The thousandths of a separation nobody knows."""

_SECOND_US: Final = 1_000_000
_DAY_S: Final = 86_400
_DAYS_OF_1_YEAR: Final = 365
_DAYS_OF_4_YEARS: Final = 1_461
_DAYS_OF_100_YEARS: Final = 36_524
_DAYS_OF_400_YEARS: Final = 146_097
_DAYS_BEFORE_1970: Final = 719_468
"""From 1 March of the year 0."""
_FIRST_US: Final = -62_135_596_800 * _SECOND_US
_FOREVER_US: Final = 253_402_214_400 * _SECOND_US
_NEAR_HALF: Final = 1e-3
"""Further off than this, a product of doubles cannot round another way than Python."""
_MOST_DIGITS: Final = 24
_MOST_INSTANT: Final = 29


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


_PLAN: Final = _bytes('{"plan":')
_NOTICE: Final = _bytes(',"notice":')
_CONFLICT: Final = _bytes(',"verdict":"conflict","separation_m":')
_CANNOT_TELL: Final = _bytes(',"verdict":"cannot_tell","separation_m":')
_START: Final = _bytes(',"overlap_start":')
_END: Final = _bytes(',"overlap_end":')
_WHY: Final = _bytes(',"why":')
_CLOSE: Final = _bytes("}\n")
_NULL: Final = _bytes("null")
_ALWAYS: Final = sum(
    map(len, (_PLAN, _NOTICE, _CANNOT_TELL, _START, _END, _WHY, _CLOSE))
)


class Texts(NamedTuple):
    """Hold texts end to end.

    Attributes:
        letters: (b,) uint8, UTF-8.
        starts: (n + 1,) int64: where each begins, and where the last ends.
    """

    letters: NDArray[np.uint8]
    starts: NDArray[np.int64]


class Table(NamedTuple):
    """Hold rows that are not in order yet, a column each.

    Attributes:
        asked: (m,) which plan.
        notices: (m,) which notice; `NOBODY` where there is none.
        start_us: (m,) when both begin to be there, microseconds since 1970.
        until_us: (m,) when one ends to be.
        is_unsure: (m,) whether it cannot be told.
        apart_m: (m,) separation, metres; NaN where nobody knows it.
        why: (m,) which of the sentences.
    """

    asked: NDArray[np.int64]
    notices: NDArray[np.int64]
    start_us: NDArray[np.int64]
    until_us: NDArray[np.int64]
    is_unsure: NDArray[np.bool_]
    apart_m: NDArray[np.float64]
    why: NDArray[np.int64]


def texts(some: Sequence[bytes]) -> Texts:
    """Put texts end to end."""
    starts = np.zeros(len(some) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, some), np.int64, len(some)), out=starts[1:])
    return Texts(np.frombuffer(b"".join(some), np.uint8), starts)


def joined(some: Iterable[Table]) -> Table:
    """Return the rows of several tables as one."""
    return Table(*map(np.concatenate, zip(*some, strict=True)))


@lean
def between(
    met: Any, pieces: Any, starts: Any, pool: Any, rows: Any,
    start_us: Any, until_us: Any, margin_m: Any, is_moving: Any,
) -> None:  # fmt: skip
    """Write from when to when pairs may both be there, and their margins, metres.

    Args:
        met: (m,) MEETING.
        pieces: Of those asked about.
        starts: The first piece of each of them.
        pool: Pieces of what stands.
        rows: Where they lie, as `Standing.rows`.
        start_us: (m,) to write to.
        until_us: The same.
        margin_m: The same.
        is_moving: The same: whether one of the two moves.
    """
    for at in range(met.size):
        a, b = pieces[starts[met[at].asked]], pool[rows[met[at].extent, 0]]
        start_us[at] = max(a.from_us - a.buffer_us, b.from_us - b.buffer_us)
        until_us[at] = min(a.until_us + a.buffer_us, b.until_us + b.buffer_us)
        margin_m[at] = a.buffer_m + b.buffer_m
        is_moving[at] = a.clock >= 0 or b.clock >= 0


def in_order(table: Table, plans: int) -> Table:
    """Order rows by plan, beginning, certainty, separation and notice.

    Args:
        table: The rows.
        plans: How many were asked about.
    """
    count = len(table.asked)
    order = np.argsort(table.asked, kind="stable")
    starts = np.searchsorted(table.asked[order], np.arange(plans + 1))
    apart_m = np.nan_to_num(table.apart_m, nan=0.0)
    _sort_runs(
        starts, order, np.empty(count, np.int64),
        table.start_us, table.is_unsure, apart_m, table.notices,
    )  # fmt: skip
    return Table(*(column[order] for column in table))  # type: ignore[arg-type]


def write(table: Table, plans: Texts, notices: Texts, whys: Texts) -> memoryview:
    """Write rows as NDJSON, in the order they stand in.

    Args:
        table: The rows.
        plans: Their names as JSON, by number.
        notices: The same.
        whys: The sentences as JSON, by number.
    """
    has_notice = table.notices != NOBODY
    room = len(table.asked) * (_ALWAYS + _MOST_DIGITS + 2 * _MOST_INSTANT + len(_NULL))
    for lengths, which in (
        (np.diff(plans.starts), table.asked),
        (np.diff(notices.starts), table.notices[has_notice]),
        (np.diff(whys.starts), table.why),
    ):
        room += int(lengths[which].sum())
    out = np.empty(room, np.uint8)
    thousandths = _thousandths(table.apart_m)
    end = _write(
        table.asked, table.notices, table.start_us, table.until_us,
        table.is_unsure, thousandths, table.why, *plans, *notices, *whys, out,
    )  # fmt: skip
    return out[:end].data


def _thousandths(apart_m: NDArray[np.float64]) -> NDArray[np.int64]:
    """Round metres to three places, exactly as `round` does."""
    product = np.nan_to_num(apart_m, nan=UNKNOWN / 1e3) * 1e3
    rounded = np.rint(product)
    unsure = np.abs(np.abs(product - rounded) - 0.5) < _NEAR_HALF
    for at in np.flatnonzero(unsure).tolist():
        rounded[at] = round(round(float(apart_m[at]), 3) * 1e3)
    return rounded.astype(np.int64)


# --- order --------------------------------------------------------------------


@lean
def _sort_runs(
    starts: Any, order: Any, spare: Any,
    start_us: Any, is_unsure: Any, apart_m: Any, notices: Any,
) -> None:  # fmt: skip
    """Sort each run `[starts[k], starts[k + 1])` of `order` by merging."""
    for k in range(starts.size - 1):
        first, last = starts[k], starts[k + 1]
        width = 1
        while width < last - first:
            low = first
            while low < last:
                middle, high = min(low + width, last), min(low + 2 * width, last)
                a, b = low, middle
                for at in range(low, high):
                    takes_a = a < middle and (
                        b >= high
                        or not _is_before(
                            order[b], order[a], start_us, is_unsure, apart_m, notices
                        )
                    )
                    if takes_a:
                        spare[at] = order[a]
                        a += 1
                    else:
                        spare[at] = order[b]
                        b += 1
                low = high
            for at in range(first, last):
                order[at] = spare[at]
            width *= 2


@lean
def _is_before(
    i: int, j: int, start_us: Any, is_unsure: Any, apart_m: Any, notices: Any
) -> bool:
    """Say whether row i comes before row j of the same plan."""
    if start_us[i] != start_us[j]:
        return bool(start_us[i] < start_us[j])
    if is_unsure[i] != is_unsure[j]:
        return bool(is_unsure[j])
    if apart_m[i] != apart_m[j]:
        return bool(apart_m[i] < apart_m[j])
    return bool(notices[i] < notices[j])


# --- bytes --------------------------------------------------------------------


@lean
def _write(
    asked: Any, notices: Any, start_us: Any, until_us: Any,
    is_unsure: Any, thousandths: Any, why: Any,
    plan_letters: Any, plan_starts: Any,
    notice_letters: Any, notice_starts: Any,
    why_letters: Any, why_starts: Any,
    out: Any,
) -> int:  # fmt: skip
    """Write every row; return where they end."""
    end = 0
    for row in range(asked.size):
        end = _put(out, end, _PLAN)
        plan = asked[row]
        end = _copy(out, end, plan_letters, plan_starts[plan], plan_starts[plan + 1])
        end = _put(out, end, _NOTICE)
        notice = notices[row]
        if notice == NOBODY:
            end = _put(out, end, _NULL)
        else:
            first, last = notice_starts[notice], notice_starts[notice + 1]
            end = _copy(out, end, notice_letters, first, last)
        if is_unsure[row]:
            end = _put(out, end, _CANNOT_TELL)
        else:
            end = _put(out, end, _CONFLICT)
        end = _put_length(out, end, thousandths[row])
        end = _put(out, end, _START)
        end = _put_instant(out, end, start_us[row])
        end = _put(out, end, _END)
        end = _put_instant(out, end, until_us[row])
        end = _put(out, end, _WHY)
        said = why[row]
        end = _copy(out, end, why_letters, why_starts[said], why_starts[said + 1])
        end = _put(out, end, _CLOSE)
    return end


@lean
def _put(out: Any, end: int, letters: Any) -> int:
    for k in range(letters.size):
        out[end + k] = letters[k]
    return end + int(letters.size)


@lean
def _copy(out: Any, end: int, letters: Any, first: int, last: int) -> int:
    for k in range(last - first):
        out[end + k] = letters[first + k]
    return end + last - first


@lean
def _put_length(out: Any, end: int, thousandths: int) -> int:
    """Write metres as JSON, with the places they need and at least one."""
    if thousandths == UNKNOWN:
        return _put(out, end, _NULL)
    whole, part = thousandths // 1_000, thousandths % 1_000
    end = _put_whole(out, end, whole)
    out[end] = 46  # "."
    end += 1
    places = 3
    while places > 1 and part % 10 == 0:
        part //= 10
        places -= 1
    return _put_digits(out, end, part, places)


@lean
def _put_whole(out: Any, end: int, value: int) -> int:
    places, rest = 1, value // 10
    while rest > 0:
        places += 1
        rest //= 10
    return _put_digits(out, end, value, places)


@lean
def _put_digits(out: Any, end: int, value: int, places: int) -> int:
    for k in range(places):
        out[end + places - 1 - k] = 48 + value % 10  # "0"
        value //= 10
    return end + places


@lean
def _put_instant(out: Any, end: int, at_us: int) -> int:
    """Write an instant in quotes; `null` from `FOREVER` on, no year before the first.

    Days become a date by the Gregorian calendar's own cycles, counted from 1 March
    of the year 0, so that the day that comes and goes is the last of its year.
    """
    if at_us >= _FOREVER_US:
        return _put(out, end, _NULL)
    at_us = max(at_us, _FIRST_US)
    seconds, part = at_us // _SECOND_US, at_us % _SECOND_US
    day, second = seconds // _DAY_S, seconds % _DAY_S
    day += _DAYS_BEFORE_1970
    era, day = day // _DAYS_OF_400_YEARS, day % _DAYS_OF_400_YEARS
    century = min(3, day // _DAYS_OF_100_YEARS)
    day -= century * _DAYS_OF_100_YEARS
    four, day = day // _DAYS_OF_4_YEARS, day % _DAYS_OF_4_YEARS
    single = min(3, day // _DAYS_OF_1_YEAR)
    day -= single * _DAYS_OF_1_YEAR
    # From March on, months have 31 30 31 30 31 days, over and over.
    month = (5 * day + 2) // 153
    day -= (153 * month + 2) // 5
    year = 400 * era + 100 * century + 4 * four + single
    if month >= 10:  # noqa: PLR2004 (January and February)
        year, month = year + 1, month - 12
    out[end] = 34  # '"'
    end = _put_digits(out, end + 1, year, 4)
    out[end] = 45  # "-"
    end = _put_digits(out, end + 1, month + 3, 2)
    out[end] = 45
    end = _put_digits(out, end + 1, day + 1, 2)
    out[end] = 84  # "T"
    end = _put_digits(out, end + 1, second // 3_600, 2)
    out[end] = 58  # ":"
    end = _put_digits(out, end + 1, second // 60 % 60, 2)
    out[end] = 58
    end = _put_digits(out, end + 1, second % 60, 2)
    if part:
        out[end] = 46
        end = _put_digits(out, end + 1, part, 6)
    out[end], out[end + 1] = 90, 34  # 'Z"'
    return end + 2
