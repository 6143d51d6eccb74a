"""Read a range: one number or two, with a unit.

    9 km     3 to 6 km     about 4 NM     500 ft     1,5 km     800 yards

A number is worth half a unit of its last digit; a whole number that ends in zero at
least `ROUND_SHARE` of itself. *About* makes it twice as uncertain, and at least
`ABOUT_SHARE` of the range. A comma that may part thousands or decimals is asked
about.
"""

import re
from typing import NamedTuple

from clearline.geo.plain import refuse
from clearline.model.places import Interval

ROUND_SHARE = 0.05
ABOUT_SHARE = 0.10

UNIT = (
    r"(?:kms?|kilomet(?:er|re)s?|nmi?|nautical miles?|(?:statute )?miles?|mi"
    r"|feet|foot|ft|yards?|yds?|met(?:er|re)s?|m|км|м|كلم|كم)\b"
)
NUMBER = r"\d+(?:[.,]\d+)?"
RANGE = (
    r"(?P<about>approximately|approx\.?|about|around|roughly|circa|some|nearly|~|≈)?"
    rf" ?(?:between )?(?P<near>{NUMBER})(?: ?(?P<near_unit>{UNIT}))?"
    rf"(?: ?(?:to|and|-) ?(?P<far>{NUMBER}))? ?(?P<unit>{UNIT})"
)
"""One range; the groups are read by `read_range`."""

_UNITS_M = (
    ("naut", 1852.0),
    ("nm", 1852.0),
    ("stat", 1609.344),
    ("mi", 1609.344),
    ("k", 1000.0),
    ("км", 1000.0),
    ("ك", 1000.0),
    ("f", 0.3048),
    ("y", 0.9144),
)
"""Beginnings of unit words, tried in this order; what is left is metres."""

_GROUPED = re.compile(r"[1-9]\d{0,2},\d{3}|[1-9]\d{0,2}\.\d{3}")
_SHORT_UNIT_M = 2.0


class Range(NamedTuple):
    """A range in metres."""

    interval: Interval
    precision_m: float
    said: str
    """What was taken for granted about its unit; empty if nothing."""


def read_range(parts: dict[str, str]) -> Range:
    """Read the groups that `RANGE` found.

    Args:
        parts: The groups, empty where nothing stood; `within` where the range is
            only an upper end.

    Raises:
        NoReading: The distance is zero, or a comma may mean two things.
    """
    told = [
        (parts["near"], unit_m(parts["near_unit"] or parts["unit"])),
        (parts["far"] or parts["near"], unit_m(parts["unit"])),
    ]
    ends_m = sorted(number(text, unit) * unit for text, unit in told)
    if ends_m[1] == 0.0:
        raise refuse("The distance is zero.", "Give the distance, or name the place.")
    precision_m = max(number_precision(text) * unit for text, unit in told)
    if parts["about"]:
        precision_m = max(2 * precision_m, ABOUT_SHARE * ends_m[1])
    least_m = 0.0 if parts.get("within") else ends_m[0]
    is_mile = parts["unit"].casefold() in {"mi", "mile", "miles"}
    return Range(
        Interval(least=least_m, most=ends_m[1]),
        precision_m,
        "miles taken as statute miles" if is_mile else "",
    )


def unit_m(unit: str) -> float:
    """Return the metres in a unit."""
    return next((m for start, m in _UNITS_M if unit.casefold().startswith(start)), 1.0)


def number(text: str, unit: float = 1.0) -> float:
    """Read a number, with a decimal comma or point.

    Args:
        text: As written.
        unit: Metres in its unit: nobody gives metres or feet to the thousandth, so
            "1.500 m" may be fifteen hundred.

    Raises:
        NoReading: A comma or a point may part thousands.
    """
    is_short = unit < _SHORT_UNIT_M
    if _GROUPED.fullmatch(text) and ("," in text or is_short):
        raise refuse(
            f"In {text!r} the {'comma' if ',' in text else 'point'} may stand before "
            f"decimals or before thousands.",
            "Write the number without it, or in kilometres with a decimal point.",
        )
    return float(text.replace(",", "."))


def number_precision(text: str) -> float:
    """Return how uncertain a number is, from the digits it was given."""
    whole, _, decimals = text.replace(",", ".").partition(".")
    half_unit = 0.5 * 10.0 ** -len(decimals)
    if whole.endswith("0") and not decimals:
        return max(half_unit, ROUND_SHARE * float(whole))
    return half_unit
