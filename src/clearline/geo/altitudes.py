"""Bring altitude bands of unlike datums to one scale, with what is not known.

Bands of one datum are compared as they are. Unlike datums are compared above mean
sea level (EGM96), each as the interval in which it may lie:

    AMSL    exact
    WGS84   minus the geoid's height above the ellipsoid: from a port where one is
            given, else anything from -110 to 110 m (EGM96 has -107 to +86 m)
    AGL     plus the elevation of the ground: as its owner states it, else anything
            from -430 m (the shore of the Dead Sea) to 8,849 m (Mount Everest)
    FL      a pressure altitude: true altitude may lie 1,300 m and a fifth lower or
            600 m and a tenth higher; sea-level pressure has been 870 to 1,085 hPa,
            and air 50 degrees off the standard atmosphere moves a level by a fifth
            (4 % for each 10 degrees: ICAO Doc 8168 vol. I)

So bands may be surely apart, surely together, or it cannot be told.
"""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from clearline.model.extents import AltitudeBand, Datum
from clearline.model.places import Interval

UNKNOWN_GEOID_M: Final = Interval(least=-110.0, most=110.0)
"""Height of the geoid above the ellipsoid, metres, where nobody can look it up."""
UNKNOWN_GROUND_M: Final = Interval(least=-430.0, most=8_849.0)
"""Elevation of the ground, AMSL, metres, where nobody states it."""

CODES: Final = {Datum.AMSL: 1, Datum.WGS84: 2, Datum.AGL: 3, Datum.FL: 4}
"""How a packed piece names its datum; 0 is none: all altitudes."""

_HIGHEST_AIR_M: Final = 30_000.0
_LOW_AIR_M: Final = 1_300.0
_HIGH_AIR_M: Final = 600.0
_THICK_AIR: Final = 0.2
_THIN_AIR: Final = 0.1
_MOST_MM: Final = 2**31 - 1
_HAIR_MM: Final = 5e-5


class PackedBand(NamedTuple):
    """A band in whole millimetres, rounded outward: see `geo.kernels.PIECE`."""

    floor_mm: int
    ceiling_mm: int
    least_mm: int
    most_mm: int
    datum: int


EVERY_ALTITUDE: Final = PackedBand(-_MOST_MM, _MOST_MM, -_MOST_MM, _MOST_MM, 0)


def pack_band(
    band: AltitudeBand | None, geoid_m: Interval = UNKNOWN_GEOID_M
) -> PackedBand:
    """Bring a band to whole millimetres of its own datum and above mean sea level.

    Args:
        band: Metres; `None` for all altitudes.
        geoid_m: How high the geoid may lie above the ellipsoid anywhere in the
            footprint and its buffer.
    """
    if band is None:
        return EVERY_ALTITUDE
    floor_mm, ceiling_mm = _down(band.floor_m), _up(band.ceiling_m)
    code = CODES[band.datum]
    if band.datum is Datum.AMSL:
        return PackedBand(floor_mm, ceiling_mm, floor_mm, ceiling_mm, code)
    lower_m, upper_m = _offset_m(band, geoid_m)
    least_mm, most_mm = _down(band.floor_m + lower_m), _up(band.ceiling_m + upper_m)
    return PackedBand(floor_mm, ceiling_mm, least_mm, most_mm, code)


def pack_bands(
    floor_m: NDArray[np.float64],
    ceiling_m: NDArray[np.float64],
    datums: Sequence[Datum | None],
) -> tuple[NDArray[np.int64], ...]:
    """Do `pack_band` for many bands whose ground nobody states, column by column.

    Args:
        floor_m: (n,) metres; not looked at where there is no datum.
        ceiling_m: The same.
        datums: What they are measured from; `None` for all altitudes.

    Returns:
        The columns of `PackedBand`.
    """
    code = np.array(
        [0 if datum is None else CODES[datum] for datum in datums], np.int64
    )
    lower_m, upper_m = np.zeros(len(code)), np.zeros(len(code))
    for datum, number in CODES.items():
        rows = np.flatnonzero(code == number)
        if datum is Datum.FL:
            high_m = np.clip(ceiling_m[rows], 0.0, _HIGHEST_AIR_M)
            lower_m[rows] = -_LOW_AIR_M - _THICK_AIR * high_m
            upper_m[rows] = _HIGH_AIR_M + _THIN_AIR * high_m
        elif len(rows):
            band = AltitudeBand(floor_m=0.0, ceiling_m=0.0, datum=datum)
            lower_m[rows], upper_m[rows] = _offset_m(band, UNKNOWN_GEOID_M)
    metres = (floor_m, ceiling_m, floor_m + lower_m, ceiling_m + upper_m)
    columns = []
    for at, value_m in enumerate(metres):
        mm = (
            np.floor(value_m * 1000.0 + _HAIR_MM)
            if at % 2 == 0
            else np.ceil(value_m * 1000.0 - _HAIR_MM)
        )
        ends = EVERY_ALTITUDE[at]
        columns.append(np.where(code == 0, ends, mm).astype(np.int64))
    return (*columns, code)


def _offset_m(band: AltitudeBand, geoid_m: Interval) -> tuple[float, float]:
    """Return how far the band's datum may lie from mean sea level, up positive."""
    match band.datum:
        case Datum.AMSL:
            return 0.0, 0.0
        case Datum.WGS84:
            return -geoid_m.most, -geoid_m.least
        case Datum.AGL:
            ground_m = band.ground_m or UNKNOWN_GROUND_M
            return ground_m.least, ground_m.most
        case Datum.FL:
            high_m = min(max(band.ceiling_m, 0.0), _HIGHEST_AIR_M)
            return -_LOW_AIR_M - _THICK_AIR * high_m, _HIGH_AIR_M + _THIN_AIR * high_m


def _down(metres: float) -> int:
    # A hair more: 100.1 m is 100,099.999... mm in binary, and means 100,100.
    return math.floor(metres * 1000.0 + _HAIR_MM)


def _up(metres: float) -> int:
    return math.ceil(metres * 1000.0 - _HAIR_MM)
