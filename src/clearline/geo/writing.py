"""Write a place in the forms people use.

A form never shows more than the place deserves: the last digit's unit, and for
MGRS half the cell's diagonal, is at least as coarse as the precision. What is
written here is read back by `reading` within the precision of the written form.
`voice.spell` turns any of it into words to say.
"""

import math
from collections.abc import Sequence

from clearline.geo.angles import METRES_A_DEGREE
from clearline.geo.geodesy import inverse
from clearline.geo.grid import write_grid
from clearline.geo.lengths import say_length
from clearline.model.places import NamedOrigin, Position

_MOST_DECIMALS = 7
_SECONDS_A_DEGREE = 3600
_MOST_SECOND_DECIMALS = 4


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


def write_mgrs(position: Position, precision_m: float) -> str | None:
    """Write MGRS: `37S FV 069 053`; nothing where MGRS cannot say it.

    That is beyond 80° south or 84° north, and for a precision worse than 7 km.
    """
    return write_grid(position, precision_m)


def bearing_and_range_from(position: Position, origin: NamedOrigin) -> str:
    """Say where a position lies from an origin: `4.4 km at 213° true from ...`."""
    range_m, bearing_deg = inverse(origin.position, position)
    if range_m < 0.5:  # noqa: PLR2004 (metres; there is no bearing to a place one is at)
        return f"at {origin.label}"
    bearing = round(bearing_deg) % 360
    return f"{say_length(range_m)} at {bearing:03d}° true from {origin.label}"


def from_two_origins(
    position: Position, origins: Sequence[NamedOrigin]
) -> tuple[str, ...]:
    """Say where a position lies from the two nearest origins, nearest first.

    Fewer come back where fewer are known. Two are given so that a listener who
    takes the wrong origin for one of them finds that they contradict each other.
    """
    nearest = sorted(
        origins, key=lambda origin: (inverse(origin.position, position)[0], origin.name)
    )
    return tuple(bearing_and_range_from(position, origin) for origin in nearest[:2])


def _decimals(unit_m: float, precision_m: float, most: int) -> int:
    """Return how many decimals of a unit the precision deserves."""
    if precision_m <= 0.0:
        return most
    deserved = math.floor(math.log10(unit_m / precision_m) + 1e-6)
    return min(most, max(0, deserved))


def _sexagesimal(degrees: float, precision_m: float) -> str:
    """Write an angle down to minutes, seconds or decimals of a second."""
    minute_m, second_m = METRES_A_DEGREE / 60, METRES_A_DEGREE / _SECONDS_A_DEGREE
    finer_m = precision_m / (1 + 1e-6)  # what was read from this form goes back to it
    if finer_m > minute_m:
        return f"{degrees:.0f}°"
    if finer_m > minute_m / 10:
        whole, minutes = divmod(round(degrees * 60), 60)
        return f"{whole}°{minutes:02d}'"
    if finer_m > second_m:
        whole, tenths = divmod(round(degrees * 600), 600)
        return f"{whole}°{tenths / 10:04.1f}'"
    decimals = _decimals(second_m, precision_m, _MOST_SECOND_DECIMALS)
    units = round(degrees * _SECONDS_A_DEGREE * 10**decimals)
    minutes, units = divmod(units, 60 * 10**decimals)
    whole, minutes = divmod(minutes, 60)
    width = 3 + decimals if decimals else 2
    return f"{whole}°{minutes:02d}'{units / 10**decimals:0{width}.{decimals}f}\""


def _ns(position: Position) -> str:
    return "S" if position.lat < 0 else "N"


def _ew(position: Position) -> str:
    return "W" if position.lon < 0 else "E"
