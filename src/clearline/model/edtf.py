"""Read dates as imprecise as sources give them: a stated part of EDTF.

    2016                a year            2016-09?    uncertain
    2016-09             a month           2016-09~    approximate
    2016-09-17          a day             2016-09%    both
    2016-09-2X          a day from the 20th to the 29th
    201X, 2016-XX       any year of the 2010s, any month of 2016
    2014-09/2016-09-17  from one to the other, both inside
    2014-09/..          open to the future; ../2016 to the past; 2014/ and /2016
                        where the other end is not known

That is EDTF (ISO 8601-2:2019, annex A) levels 0 and 1 without times of day, seasons,
years of more than four digits and negative years, plus an unspecified last digit of a
day, from level 2. A time of day is an instant and is kept as one, beside it. What lies
outside this part is refused, never read as something near.
"""

import calendar
import re
from datetime import date

import msgspec

from clearline.model.errors import BadInput

_DATE = re.compile(
    r"(?P<year>[0-9]{4}|[0-9]{3}X|[0-9]{2}XX|XXXX)"
    r"(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|[0-3]X|XX))?)?(?P<mark>[?~%]?)"
)
_OPEN = ".."


class NotEdtf(BadInput):
    """Refuse a date outside the part of EDTF that is read here."""


class Span(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold the days a date may mean, both ends inside.

    Attributes:
        first: Earliest day; nothing where it is open or not known.
        last: Latest day; nothing likewise.
        is_uncertain: Whether the source is not sure, `?`.
        is_about: Whether it is only near, `~`.
    """

    first: date | None
    last: date | None
    is_uncertain: bool = False
    is_about: bool = False


def read_edtf(text: str) -> Span:
    """Read a date or an interval of dates.

    Raises:
        NotEdtf: The text is none, names a day that does not exist, or ends before
            it begins.
    """
    start, slash, end = text.partition("/")
    if not slash:
        return _date(text, text)
    if start in ("", _OPEN) and end in ("", _OPEN):
        raise _refused(text)
    begins = None if start in ("", _OPEN) else _date(start, text)
    ends = None if end in ("", _OPEN) else _date(end, text)
    span = Span(
        first=begins.first if begins else None,
        last=ends.last if ends else None,
        is_uncertain=any(one.is_uncertain for one in (begins, ends) if one),
        is_about=any(one.is_about for one in (begins, ends) if one),
    )
    if span.first and span.last and span.last < span.first:
        raise _refused(text)
    return span


def _date(text: str, whole: str) -> Span:
    found = _DATE.fullmatch(text)
    if found is None:
        raise _refused(whole)
    years = _ends(found["year"], 1, 9999)
    months = _ends(found["month"] or "XX", 1, 12)
    mark = found["mark"]
    try:
        first = date(years[0], months[0], _ends(found["day"] or "XX", 1, 31)[0])
        longest = calendar.monthrange(years[1], months[1])[1]
        day = found["day"] or "XX"
        last = date(
            years[1], months[1], _ends(day, 1, longest if "X" in day else 31)[1]
        )
    except ValueError as error:
        raise _refused(whole) from error
    return Span(
        first=first,
        last=last,
        is_uncertain=mark in "?%" and mark != "",
        is_about=mark in "~%" and mark != "",
    )


def _ends(digits: str, least: int, most: int) -> tuple[int, int]:
    low, high = int(digits.replace("X", "0")), int(digits.replace("X", "9"))
    if "X" not in digits:
        return low, high
    return max(low, least), min(high, most)


def _refused(text: str) -> NotEdtf:
    return NotEdtf(
        f"{text!r} is no date as EDTF writes it, or none that exists.",
        state="Nothing was taken.",
        next="Write 2016-09-17, 2016-09, 2016-09-2X, 2016~ or 2014-09/2016; keep the "
        "source's own words in `text`.",
    )
