"""Read and write MGRS references (NGA.STND.0037, Universal Grids).

A reference names a cell, not a point. Its position here is the centre of the cell
and its precision half the cell's diagonal, so the whole cell is covered: 100 m
cells give 71 m. The two square letters are never dropped and never guessed: the
same digits recur every 100 km.

Beyond 80° south and 84° north the zones are A, B, Y and Z, without a number
(Universal Polar Stereographic); they are read and written alike.
"""

import re
import warnings
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

from clearline.geo.geodesy import from_utm, to_utm
from clearline.geo.plain import refuse
from clearline.model.places import Place, PlaceFormat, Point, Position, Reading

if TYPE_CHECKING:
    from mgrs import MGRS

SOUTH_END_DEG, NORTH_END_DEG = -80.0, 84.0
"""Latitudes between which MGRS is Universal Transverse Mercator."""

_CELL_M = {1: 10_000, 2: 1_000, 3: 100, 4: 10, 5: 1}
BANDS = "CDEFGHJKLMNPQRSTUVWX"
"""The latitude bands, 8 degrees each from 80 south; the last has 12."""
_MOST_DIGITS = 10
_METRE_DIGITS = 5
_SQUARE_M = 100_000.0
_MOST_NORTHING_M = 10_000_000.0
_HALF_DIAGONAL = 0.7075  # sqrt(2)/2, over the grid's least scale of 0.9996
_POLAR_HALF_DIAGONAL = 0.712  # and of 0.994 at the poles
_METRES_A_DEGREE = 111_000.0
_CENTIMETRE_DEG = 1e-7
_SHORTEST_PARALLEL = 0.1  # cos 84° is 0.1045

_FULL = re.compile(
    r"(?:(?:mgrs|usng)\s*:?\s*)?(\d{1,2})[ -]?([a-z])[ -]?([a-z]{2})[ -]?([\d -]*)",
    re.IGNORECASE,
)
# In small letters, or in one word with few digits, it is rather a name: Bay 12.
_POLAR = re.compile(
    r"(?:(?i:mgrs|usng)\s*:?\s*)?([ABYZ])"
    r"(?:[ -]([A-Z]{2})[ -]?(\d[\d -]*)|([A-Z]{2})[ -]?(\d[\d -]{3,}))"
)
_NO_ZONE = re.compile(r"([a-hj-np-z][a-hj-np-v]) ?(\d{1,5} ?\d{1,5})", re.IGNORECASE)
_NO_SQUARE = re.compile(
    r"(\d{1,2}) ?([c-hj-np-x]) ?(\d{2,10}|(\d+) (\d+))", re.IGNORECASE
)
_DIGITS_ONLY = re.compile(r"(\d{4,10})|(\d{3,5}) (\d{3,5})")


def read_grid(words: str, text: str) -> tuple[Reading, ...]:
    """Read an MGRS reference; nothing if the words are of another form.

    Args:
        words: The text in plain characters.
        text: The text as told, kept in the place.

    Raises:
        NoReading: The reference lacks its square or zone, or names no cell.
    """
    if match := _FULL.fullmatch(words):
        return (_read_full(match, text),)
    if match := _POLAR.fullmatch(words):
        return (_read_polar(match, text),)
    _ask_for_what_is_missing(words)
    return ()


def write_grid(position: Position, precision_m: float) -> str | None:
    """Write a position as MGRS, with no finer cell than its precision deserves.

    Returns:
        For example `37S FV 069 053`, or `Z AH 000 000` at the north pole; nothing
        where not even a 10 km cell is as coarse as the precision.
    """
    # A hair beyond either end the library still counts in the numbered zones.
    is_polar = _encode(position, 1)[0].isalpha()
    half = _POLAR_HALF_DIAGONAL if is_polar else _HALF_DIAGONAL
    fitting = [n for n, cell in _CELL_M.items() if cell * half >= precision_m]
    if not fitting:
        return None
    return _spaced(_encode(position, max(fitting)), 1 if is_polar else 3)


def zone_of(position: Position) -> int | None:
    """Return the UTM zone a position lies in, or nothing near the poles."""
    if not SOUTH_END_DEG <= position.lat < NORTH_END_DEG:
        return None
    return int(_encode(position, 1)[:2])


def share_digits(one: Position, other: Position, within_m: float) -> bool:
    """Say whether two positions have one grid reference but for the square letters.

    Args:
        one: A position.
        other: Another, more than `within_m` away.
        within_m: By how much easting and northing may differ.
    """
    if zone_of(one) is None or zone_of(other) is None:
        return False
    a, b = _encode(one, _METRE_DIGITS), _encode(other, _METRE_DIGITS)
    pairs = ((a[5:10], b[5:10]), (a[10:], b[10:]))
    return a[:5] != b[:5] and all(abs(int(x) - int(y)) <= within_m for x, y in pairs)


def in_next_squares(position: Position) -> Iterator[Position]:
    """Yield the positions with the same grid digits in the eight squares around."""
    zone = zone_of(position)
    if zone is None:
        return
    easting_m, northing_m = to_utm(position, zone)
    for east_m, north_m in product((-_SQUARE_M, 0.0, _SQUARE_M), repeat=2):
        there_m = northing_m + north_m
        if (east_m or north_m) and 0.0 <= there_m <= _MOST_NORTHING_M:
            yield from_utm(
                zone, easting_m + east_m, there_m, is_south=position.lat < 0.0
            )


def _read_full(match: re.Match[str], text: str) -> Reading:
    zone, band, square, tail = (part.upper() for part in match.groups())
    digits = _digits(tail)
    half = len(digits) // 2
    reference = f"{int(zone)}{band}{square}{digits}"
    position = _decode(reference, band, int(zone), _CELL_M[half])
    shown = f"{int(zone)}{band} {square} {digits[:half]} {digits[half:]}"
    return _reading(position, shown, _CELL_M[half], _HALF_DIAGONAL, text)


def _read_polar(match: re.Match[str], text: str) -> Reading:
    zone, square, tail = (part for part in match.groups() if part)
    digits = _digits(tail)
    half = len(digits) // 2
    position = _locate(f"{zone}{square}{digits}")
    shown = f"{zone} {square} {digits[:half]} {digits[half:]}"
    return _reading(position, shown, _CELL_M[half], _POLAR_HALF_DIAGONAL, text)


def _reading(
    position: Position, shown: str, cell_m: int, half_diagonal: float, text: str
) -> Reading:
    precision_m = round(cell_m * half_diagonal, 2)
    method = f"the centre of a {cell_m} m MGRS cell, half its diagonal as precision"
    return Reading(
        place=Place(
            footprint=Point(position=position, precision_m=precision_m),
            text=text,
            format=PlaceFormat.MGRS,
            method=method,
        ),
        understood=f"MGRS {shown}: {method}, so within {precision_m:.0f} m.",
    )


def _digits(tail: str) -> str:
    """Return easting and northing digits, an equal number of each."""
    groups = tail.replace("-", " ").split()
    digits = "".join(groups)
    if not digits:
        raise refuse(
            "The grid reference has no digits; it names a square of 100 km.",
            "Ask for the easting and northing digits, 2 to 10 in all.",
        )
    halves = {len(group) for group in groups}
    if len(groups) > 2 or (len(groups) == 2 and len(halves) > 1):  # noqa: PLR2004 (easting and northing)
        raise refuse(
            "Easting and northing do not have the same number of digits.",
            "Ask for the reference again; a digit is missing or one too many.",
        )
    if len(digits) % 2 or len(digits) > _MOST_DIGITS:
        raise refuse(
            f"A grid reference of {len(digits)} digits does not exist.",
            "Ask again: it has 2, 4, 6, 8 or 10 digits, half of them easting.",
        )
    return digits


def _decode(reference: str, band: str, zone: int, cell_m: int) -> Position:
    if band not in BANDS:
        raise refuse(
            f"There is no MGRS latitude band {band}.",
            f"Ask for the reference again; the bands are {BANDS}.",
        )
    position = _locate(reference)
    if not _lies_in_zone(position, zone, band, cell_m):
        raise refuse(
            f"The MGRS cell {reference} lies outside its own zone {zone}{band}.",
            "Ask for the reference again; zone, band and square contradict each other.",
        )
    return position


def _locate(reference: str) -> Position:
    """Return the centre of a cell, as the library has it."""
    from mgrs.core import MGRSError  # noqa: PLC0415 (loaded when first needed)

    try:
        with warnings.catch_warnings():
            # The library warns of cells outside their band and goes on; whether
            # they are too far outside is decided below.
            warnings.simplefilter("ignore", RuntimeWarning)
            lat, lon = _mgrs().toLatLon(reference)
    except MGRSError as error:
        raise refuse(
            f"There is no MGRS cell {reference}: zone, band and square do not fit.",
            "Ask for the reference again, letter by letter in the spelling alphabet.",
        ) from error
    return Position(lon=lon, lat=lat)


def _lies_in_zone(position: Position, zone: int, band: str, cell_m: int) -> bool:
    """Say whether a cell's centre lies in its zone and band, within half a cell."""
    south = SOUTH_END_DEG + 8 * BANDS.index(band)
    north = NORTH_END_DEG if band == "X" else south + 8
    slack = cell_m / _METRES_A_DEGREE
    if not south - slack <= position.lat <= north + slack:
        return False
    west, east = meridians(zone, band)
    from_middle = (position.lon - (west + east) / 2 + 180.0) % 360.0 - 180.0
    return abs(from_middle) <= (east - west) / 2 + slack / _SHORTEST_PARALLEL


def meridians(zone: int, band: str) -> tuple[float, float]:
    """Return the western and eastern meridian of a zone, Norway and Svalbard too."""
    moved = {
        (31, "V"): (0.0, 3.0),
        (32, "V"): (3.0, 12.0),
        (31, "X"): (0.0, 9.0),
        (33, "X"): (9.0, 21.0),
        (35, "X"): (21.0, 33.0),
        (37, "X"): (33.0, 42.0),
    }
    west = -180.0 + 6.0 * (zone - 1)
    return moved.get((zone, band), (west, west + 6.0))


def _ask_for_what_is_missing(words: str) -> None:
    bare = _NO_SQUARE.fullmatch(words)
    if bare and (_are_twins(bare[4], bare[5]) or bare[4] is None) and _looks_grid(bare):
        raise refuse(
            f"Which 100 km square? {words!r} has a zone but no square letters.",
            f"Ask for the two letters after {bare[1]}{bare[2].upper()}; the same "
            f"digits recur in every square. For degrees, name both hemispheres.",
        )
    if (match := _NO_ZONE.fullmatch(words)) and not len(match[2].replace(" ", "")) % 2:
        raise refuse(
            f"Which zone? {words!r} has square letters but no zone in front of them.",
            "Ask for the zone, for example 37S; the same square recurs in others.",
        )
    digits = _DIGITS_ONLY.fullmatch(words)
    if digits and (digits[1] or _are_twins(digits[2], digits[3])):
        raise refuse(
            f"Which 100 km square? {words!r} is digits alone.",
            "If it is a grid reference, ask for zone and square, for example 37S FV. "
            "If it is degrees, write a decimal point and the hemispheres.",
        )


def _are_twins(easting: str | None, northing: str | None) -> bool:
    return bool(easting and northing and len(easting) == len(northing))


def _looks_grid(match: re.Match[str]) -> bool:
    """Tell `37S 069 053` from the latitude in `37 S 40`, which has fewer digits."""
    count = len(match[3].replace(" ", ""))
    is_hemisphere = match[2].upper() in "NSEW"
    return not count % 2 and (count >= 4 or not is_hemisphere)  # noqa: PLR2004 (two of each)


def _encode(position: Position, digits: int) -> str:
    # Within a centimetre south of the equator the library rounds the northing up to
    # 10,000 km and writes a square that does not exist; the equator itself is right.
    lat = 0.0 if -_CENTIMETRE_DEG < position.lat < 0.0 else position.lat
    reference: str = _mgrs().toMGRS(lat, position.lon, MGRSPrecision=digits)
    return reference


def _spaced(reference: str, zone: int) -> str:
    """Set blanks between zone, of so many characters, square, easting and northing."""
    head, digits = reference[: zone + 2], reference[zone + 2 :]
    half = len(digits) // 2
    shown = f"{head[:zone].lstrip('0')} {head[zone:]}"
    return f"{shown} {digits[:half]} {digits[half:]}"


@cache
def _mgrs() -> "MGRS":
    from mgrs import MGRS  # noqa: PLC0415 (loaded when first needed)

    return MGRS()
