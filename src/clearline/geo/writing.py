"""Write a place in the forms people use.

A form never shows more than the place deserves: the last digit's unit, and for
MGRS half the cell's diagonal, is at least as coarse as the precision. What is
written here is read back by `reading` as one reading, within the precision of the
written form. `voice.spell` turns any of it into words to say.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from clearline.geo.angles import METRES_A_DEGREE
from clearline.geo.geodesy import inverse
from clearline.geo.grid import write_grid
from clearline.geo.lengths import say_length
from clearline.geo.origins import nearest_origins, rivals_of
from clearline.geo.utm import write_utm
from clearline.model.places import Circle, NamedOrigin, Place, Point, Position

_MOST_DECIMALS = 7
_SECONDS_A_DEGREE = 3600
_TOLD = 2
_LOOKED_AT = 6
_MINUTE_M = METRES_A_DEGREE / 60
_SECOND_M = METRES_A_DEGREE / _SECONDS_A_DEGREE
_MOST_SECOND_DECIMALS = 4
_MOST_MINUTE_DECIMALS = 6


def write_all(position: Position, precision_m: float) -> dict[str, str]:
    """Write a position in every form that can say it, by the name of the form."""
    forms = {
        "decimal": write_decimal(position, precision_m),
        "dms": write_dms(position, precision_m),
        "ddm": write_ddm(position, precision_m),
        "packed": write_packed(position, precision_m),
        "mgrs": write_mgrs(position, precision_m),
        "utm": write_utm(position, precision_m),
        "geo": write_geo(position, precision_m),
    }
    return {name: text for name, text in forms.items() if text}


FINEST_M: Final = 1.0
"""No place is said to people more finely than this, metres."""


@lru_cache(maxsize=1024)
def said_forms(place: Place) -> tuple[str, str]:
    """Write a place as it is said to people: MGRS, decimal; empty where vague."""
    match place.footprint:
        case Point(position=at, precision_m=off_m):
            pass
        case Circle(centre=at, precision_m=off_m):
            pass
        case _:
            return "", ""
    off_m = max(off_m, FINEST_M)
    return write_mgrs(at, off_m) or "", write_decimal(at, off_m)


def write_decimal(position: Position, precision_m: float) -> str:
    """Write decimal degrees with hemispheres, latitude first: `35.2854 N 40.1760 E`."""
    decimals = _decimals(METRES_A_DEGREE, precision_m, _MOST_DECIMALS)
    lat = f"{abs(position.lat):.{decimals}f} {_ns(position)}"
    return f"{lat} {abs(position.lon):.{decimals}f} {_ew(position)}"


def write_dms(position: Position, precision_m: float) -> str:
    """Write degrees, minutes and seconds: `35°17'07"N 40°10'34"E`.

    Where the precision is too coarse for seconds, tenths of a minute take their
    place (`35°17.1'N`), then whole minutes, then whole degrees.
    """
    lat = _sexagesimal(abs(position.lat), precision_m)
    lon = _sexagesimal(abs(position.lon), precision_m)
    return f"{lat}{_ns(position)} {lon}{_ew(position)}"


def write_ddm(position: Position, precision_m: float) -> str:
    """Write degrees and minutes with decimals: `35°17.12'N 40°10.56'E`.

    Where the precision is worse than a minute, whole degrees take their place.
    """
    lat, lon = (_ddm(abs(angle), precision_m) for angle in (position.lat, position.lon))
    return f"{lat}{_ns(position)} {lon}{_ew(position)}"


def write_packed(position: Position, precision_m: float) -> str:
    """Write degrees, minutes and seconds run together: `351707N0401034E`.

    Coarser than a second they end with the minutes, `3517N04010E`, or with tenths
    of them, `3517.1N04010.6E`; coarser than a minute with the degrees, `35N040E`.
    """
    lat = _packed(abs(position.lat), precision_m, 2)
    lon = _packed(abs(position.lon), precision_m, 3)
    return f"{lat}{_ns(position)}{lon}{_ew(position)}"


def write_mgrs(position: Position, precision_m: float) -> str | None:
    """Write MGRS: `37S FV 069 053`; nothing for a precision worse than 7 km."""
    return write_grid(position, precision_m)


def write_geo(position: Position, precision_m: float) -> str:
    """Write a `geo:` URI with its uncertainty (RFC 5870): `geo:35.285,40.176;u=71`."""
    decimals = _decimals(METRES_A_DEGREE, precision_m, _MOST_DECIMALS)
    lat, lon = (f"{angle:.{decimals}f}" for angle in (position.lat, position.lon))
    worth = f"{precision_m:.2f}" if precision_m < 1.0 else f"{math.ceil(precision_m)}"
    return f"geo:{_signed(lat)},{_signed(lon)};u={worth}"


def bearing_and_range_from(
    position: Position, origin: NamedOrigin, precision_m: float = 0.0
) -> str:
    """Say where a position lies from an origin: `4.4 km at 213° true from ...`.

    A position known only roughly gets a round range and a round bearing, and none at
    all where it may lie on any side of the origin.
    """
    range_m, bearing_deg = inverse(origin.position, position)
    if range_m < max(0.5, precision_m):  # there is no bearing to where one is
        if precision_m < 1.0:
            return f"at {origin.label}"
        return f"within {say_length(range_m + precision_m)} of {origin.label}"
    aside_deg = math.degrees(math.asin(precision_m / range_m))
    unit_deg = 1 if aside_deg <= 1.0 else 10
    bearing = round(bearing_deg / unit_deg) * unit_deg % 360
    reach = _round_range(range_m, precision_m)
    about = "about " if unit_deg > 1 else ""
    return f"{about}{reach} at {bearing:03d}° true from {origin.label}"


def from_two_origins(
    position: Position, origins: Sequence[NamedOrigin], precision_m: float = 0.0
) -> tuple[str, ...]:
    """Say where a position lies from the two nearest origins, nearest first.

    Fewer come back where fewer are known. Two are given so that a listener who
    takes the wrong origin for one of them finds that they contradict each other;
    each names the rivals it could be taken for. One whose rival goes by the very same
    name and area cannot be told from it in words, and gives way to one a little
    farther off.
    """
    near = nearest_origins(position, origins, _LOOKED_AT)
    clear = [one for one in near if not _has_twin(one, origins)]
    told = [*clear, *(one for one in near if one not in clear)][:_TOLD]
    return tuple(
        bearing_and_range_from(position, origin, precision_m)
        + _not_from(origin, origins)
        for origin in sorted(told, key=near.index)
    )


def _has_twin(origin: NamedOrigin, origins: Sequence[NamedOrigin]) -> bool:
    return any(rival.label == origin.label for rival in rivals_of(origin, origins))


def _not_from(origin: NamedOrigin, origins: Sequence[NamedOrigin]) -> str:
    rivals = [rival.label for rival in rivals_of(origin, origins)]
    return f", not from {' or '.join(rivals)}" if rivals else ""


def _round_range(range_m: float, precision_m: float) -> str:
    """Say a range in steps no finer than half its precision."""
    step_m = 1.0 if range_m < 1_000.0 else 100.0  # noqa: PLR2004 (a kilometre)
    steps = (step_m * part * 10.0**k for k in range(8) for part in (1, 2, 5))
    unit_m = max((step for step in steps if step <= precision_m), default=step_m)
    rounded_m = max(unit_m, round(range_m / unit_m) * unit_m)
    if unit_m >= 1_000.0:  # noqa: PLR2004 (a kilometre)
        return f"{rounded_m / 1_000:,.0f} km"
    return say_length(rounded_m)


def _decimals(unit_m: float, precision_m: float, most: int) -> int:
    """Return how many decimals of a unit the precision deserves."""
    if precision_m <= 0.0:
        return most
    deserved = math.floor(math.log10(unit_m / precision_m) + 1e-6)
    return min(most, max(0, deserved))


def _finer_m(precision_m: float) -> float:
    """Return a precision a hair finer: what was read from a form goes back to it."""
    return precision_m / (1 + 1e-6)


def _sexagesimal(degrees: float, precision_m: float) -> str:
    """Write an angle down to minutes, seconds or decimals of a second."""
    finer_m = _finer_m(precision_m)
    if finer_m > _MINUTE_M:
        return f"{degrees:.0f}°"
    if finer_m > _MINUTE_M / 10:
        whole, minutes = divmod(round(degrees * 60), 60)
        return f"{whole}°{minutes:02d}'"
    if finer_m > _SECOND_M:
        whole, tenths = divmod(round(degrees * 600), 600)
        return f"{whole}°{tenths / 10:04.1f}'"
    whole, minutes, seconds = _parts(degrees, precision_m)
    return f"{whole}°{minutes:02d}'{seconds}\""


def _ddm(degrees: float, precision_m: float) -> str:
    if _finer_m(precision_m) > _MINUTE_M:
        return f"{degrees:.0f}°"
    whole, minutes = _minutes(degrees, precision_m)
    return f"{whole}°{minutes}'"


def _packed(degrees: float, precision_m: float, width: int) -> str:
    if _finer_m(precision_m) > _MINUTE_M:
        return f"{degrees:0{width}.0f}"
    if _finer_m(precision_m) > _SECOND_M:
        whole, minutes = _minutes(degrees, max(precision_m, _MINUTE_M / 10))
        return f"{whole:0{width}d}{minutes}"
    whole, whole_minutes, seconds = _parts(degrees, precision_m)
    return f"{whole:0{width}d}{whole_minutes:02d}{seconds}"


def _minutes(degrees: float, precision_m: float) -> tuple[int, str]:
    """Return whole degrees, and minutes with the decimals they deserve."""
    decimals = _decimals(_MINUTE_M, precision_m, _MOST_MINUTE_DECIMALS)
    whole, units = divmod(round(degrees * 60 * 10**decimals), 60 * 10**decimals)
    width = 3 + decimals if decimals else 2
    return whole, f"{units / 10**decimals:0{width}.{decimals}f}"


def _parts(degrees: float, precision_m: float) -> tuple[int, int, str]:
    """Return degrees, minutes, and seconds with the decimals they deserve."""
    decimals = _decimals(_SECOND_M, precision_m, _MOST_SECOND_DECIMALS)
    units = round(degrees * _SECONDS_A_DEGREE * 10**decimals)
    minutes, units = divmod(units, 60 * 10**decimals)
    whole, minutes = divmod(minutes, 60)
    width = 3 + decimals if decimals else 2
    return whole, minutes, f"{units / 10**decimals:0{width}.{decimals}f}"


def _signed(figures: str) -> str:
    """Drop the sign of a number that was rounded to zero."""
    return figures if float(figures) else figures.lstrip("-")


def _ns(position: Position) -> str:
    return "S" if position.lat < 0 else "N"


def _ew(position: Position) -> str:
    return "W" if position.lon < 0 else "E"
