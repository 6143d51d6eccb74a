"""Read latitude and longitude: decimal degrees, degrees-minutes, DMS, packed.

    35.2854 N 40.1760 E      35°17.12'N 40°10.56'E      35°17'07"N 40°10'34"E
    351707N0401034E          +35.2854+040.1760/         35,2854 N 40,1760 E

Hemispheres by letter, word or sign; either coordinate first; marks, blanks,
hyphens or colons between degrees, minutes and seconds, or nothing where both
hemispheres are named and a longitude has its three figures of degrees. What the text
leaves open comes back as several readings:

- two bare numbers that both fit either way: latitude first (ISO 6709), and swapped;
- one hemisphere named and the other not: both hemispheres;
- the letter O, west in French and east in German: both.

Precision is one unit of the coarser last digit, measured along a meridian: a
two-decimal latitude is within 1.1 km, whether it was rounded or cut off.
"""

import math
import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

import msgspec

from clearline.geo.plain import refuse
from clearline.geo.tongues import in_english
from clearline.model.places import (
    Place,
    PlaceFormat,
    Point,
    Position,
    Reading,
)

METRES_A_DEGREE = 111_320.0
"""Metres in a degree of the equator, the longest a degree of either kind gets."""

FINEST_M = 0.01
"""No text is trusted to be finer than a centimetre."""

_POLE_DEG = 90.0
_ANTIMERIDIAN_DEG = 180.0


class _Axis(Enum):
    LAT = "latitude"
    LON = "longitude"


class _Token(NamedTuple):
    kind: str
    text: str
    is_tight: bool
    """Follows the token before it without a blank."""


class _Angle(NamedTuple):
    """One coordinate as far as its own words say."""

    degrees: float
    unit_deg: float
    format: PlaceFormat
    axis: _Axis | None
    is_lettered: bool
    """The hemisphere was named."""
    is_signed: bool
    """The hemisphere was named, or the number had a sign."""
    is_padded: bool
    """Written with three digits and a leading zero, as only longitudes are."""


_TOKENS = re.compile(
    r"""
    (?P<blank>\s+)
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<label>(?:latitude|lat|longitude|long|lng|lon)\b\.?\s*[:=]?)
    | (?P<mark>°|'|"|degrees?\b|deg\b|minutes?\b|min\b|seconds?\b|sec\b)
    | (?P<letter>(?:north|south|east|west|[nsewo])(?![a-z]))
    | (?P<sign>[+-])
    | (?P<colon>:)
    | (?P<comma>[,;/])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MARKS = {"d": 0, "°": 0, "m": 1, "'": 1, "s": 2, '"': 2}
_HEMISPHERES: dict[str, tuple[_Axis, float | None]] = {
    "n": (_Axis.LAT, 1.0),
    "s": (_Axis.LAT, -1.0),
    "e": (_Axis.LON, 1.0),
    "w": (_Axis.LON, -1.0),
    "o": (_Axis.LON, None),
}
_UNITS_DEG = (1.0, 1 / 60, 1 / 3600)
_SIXTY = 60.0
_MOST_DECIMALS = 15

_ISO_6709 = re.compile(
    r"([+-]\d{2,6}(?:\.\d+)?)([+-]\d{3,7}(?:\.\d+)?)([+-]\d+(?:\.\d+)?)?"
    r"(?:CRSWGS_84)?/"
)
"""A point as in ISO 6709, annex H: no blanks, signs throughout, a stroke at its end."""
_PACKED = {_Axis.LAT: (2, 4, 6), _Axis.LON: (3, 5, 7)}
"""Figures of degrees, of degrees and minutes, and of degrees, minutes and seconds."""


def read_angles(words: str, text: str) -> tuple[Reading, ...]:
    """Read a latitude and a longitude; nothing if the words are of another form.

    Args:
        words: The text in plain characters.
        text: The text as told, kept in the place.

    Raises:
        NoReading: These are coordinates, but not two that fit.
    """
    iso = _ISO_6709.fullmatch(words)
    known = f"{iso[1]} {iso[2]}" if iso else _with_points(in_english(words))
    tokens = _tokens(known)
    if not any(token.kind == "number" for token in tokens):
        return ()
    groups = _groups(tokens)
    if len(groups) != 2:  # noqa: PLR2004 (a latitude and a longitude)
        raise refuse(
            f"{text!r} does not fall into one latitude and one longitude.",
            "Write both with their hemispheres, for example 35.2854 N 40.1760 E.",
        )
    first, second = (_angle(group) for group in groups)
    if iso:
        # The standard puts the latitude first; its figures need not say so.
        first, second = first._replace(axis=_Axis.LAT), second._replace(axis=_Axis.LON)
    readings = tuple(_candidates(first, second, text))
    if iso and iso[3]:
        return tuple(at_altitude(reading, float(iso[3])) for reading in readings)
    return readings


def at_altitude(reading: Reading, altitude_m: float) -> Reading:
    """Return a reading with the height above the ellipsoid that came with it."""
    place = msgspec.structs.replace(reading.place, altitude_m=altitude_m)
    understood = f"{reading.understood} {altitude_m:g} m above the ellipsoid."
    return msgspec.structs.replace(reading, place=place, understood=understood)


def _with_points(words: str) -> str:
    """Turn decimal commas into points, where that is what they must be.

    Raises:
        NoReading: A single comma between digits, which may be either.
    """
    commas = re.findall(r"(?<=\d),(?=\d)", words)
    if not commas or "." in words:
        return words
    if len(commas) == 2:  # noqa: PLR2004 (one in each coordinate)
        return re.sub(r"(?<=\d),(?=\d)", ".", words)
    raise refuse(
        f"In {words!r} a comma may be a decimal comma or stand between two numbers.",
        "Write a decimal point, and a blank after a comma between two numbers.",
    )


def _tokens(words: str) -> list[_Token]:
    """Cut the words into tokens; nothing if some of them fit no coordinate."""
    tokens, at, is_tight = [], 0, False
    while at < len(words):
        match = _TOKENS.match(words, at)
        if match is None:
            return []
        at = match.end()
        kind = match.lastgroup or ""
        if kind != "blank":
            tokens.append(_Token(kind, match.group().casefold(), is_tight))
        is_tight = kind != "blank"
    return tokens


def _groups(tokens: list[_Token]) -> list[list[_Token]]:
    """Part the tokens into coordinates, by the strongest sign of a boundary."""
    kinds = [token.kind for token in tokens]
    if kinds.count("label") == 2:  # noqa: PLR2004 (one each)
        return _starting_at(tokens, "label")
    if kinds.count("comma") == 1 and kinds[-1] != "comma":
        at = kinds.index("comma")
        return [tokens[:at], tokens[at + 1 :]]
    if kinds.count("letter"):
        if kinds[0] == "letter":
            return _starting_at(tokens, "letter")
        return _ending_at(tokens, "letter")
    degrees = [i for i, token in enumerate(tokens) if _is_degree_mark(token)]
    if len(degrees) == 2:  # noqa: PLR2004 (one each)
        second = degrees[1] - 1
        start = second - 1 if kinds[second - 1] == "sign" else second
        return [tokens[:start], tokens[start:]]
    return _halved(tokens)


def _starting_at(tokens: list[_Token], kind: str) -> list[list[_Token]]:
    groups: list[list[_Token]] = []
    for token in tokens:
        if token.kind == kind or not groups:
            groups.append([])
        groups[-1].append(token)
    return groups


def _ending_at(tokens: list[_Token], kind: str) -> list[list[_Token]]:
    groups: list[list[_Token]] = [[]]
    for token in tokens:
        if token.kind == "comma" and not groups[-1]:
            continue
        groups[-1].append(token)
        if token.kind == kind:
            groups.append([])
    return [group for group in groups if group]


def _is_degree_mark(token: _Token) -> bool:
    return token.kind == "mark" and _MARKS[token.text[0]] == 0


def _halved(tokens: list[_Token]) -> list[list[_Token]]:
    """Part bare numbers in the middle: two, four or six of them."""
    numbers = [i for i, token in enumerate(tokens) if token.kind == "number"]
    if len(numbers) not in {2, 4, 6}:
        return [tokens]
    second = numbers[len(numbers) // 2]
    before = tokens[second - 1]
    if before.kind == "sign" and before.is_tight:
        raise refuse(
            "A hyphen between two numbers may part them or be a minus sign.",
            "Name the hemispheres: N or S, E or W.",
        )
    start = second - 1 if before.kind == "sign" else second
    return [tokens[:start], tokens[start:]]


def _angle(group: list[_Token]) -> _Angle:
    """Read one coordinate.

    Raises:
        NoReading: It contradicts itself or has parts that cannot be.
    """
    body, axis, sign = _hemisphere([t for t in group if t.kind != "comma"])
    is_lettered = sign is not None
    if body and body[0].kind == "sign":
        if is_lettered:
            raise refuse(
                "A coordinate has both a sign and a hemisphere letter.",
                "Give one of the two.",
            )
        sign = -1.0 if body[0].text == "-" else 1.0
        body = body[1:]
    numbers = _numbers(body)
    is_packed = False
    if len(numbers) == 1 and not any(token.kind == "mark" for token in body):
        axis, numbers = _unpacked(numbers[0], axis, is_signed=sign is not None)
        is_packed = len(numbers) > 1
    _require_parts(numbers)
    parts = [float(number) for number in numbers]
    size = sum(part * unit for part, unit in zip(parts, _UNITS_DEG, strict=False))
    decimals = min(_MOST_DECIMALS, len(numbers[-1].partition(".")[2]))
    return _Angle(
        degrees=size if sign is None else sign * size,
        unit_deg=_UNITS_DEG[len(numbers) - 1] * 10.0**-decimals,
        format=PlaceFormat.PACKED if is_packed else _format(len(numbers), decimals),
        axis=axis,
        is_lettered=is_lettered,
        is_signed=sign is not None,
        is_padded=bool(re.match(r"0\d\d(\.|$)", numbers[0])),
    )


def _unpacked(
    number: str, axis: _Axis | None, *, is_signed: bool
) -> tuple[_Axis | None, list[str]]:
    """Part a number that degrees, minutes and seconds were run together into.

    Figures before the point say how: 351707 is 35 17 07 in a latitude, 0401034 is
    040 10 34 in a longitude. Only where a hemisphere is named: anywhere else so
    many figures may be metres of a grid.

    Raises:
        NoReading: A figure is missing, or one too many.
    """
    whole, point, decimals = number.partition(".")
    if len(whole) <= 3 or not (is_signed or axis):  # noqa: PLR2004 (degrees of a longitude)
        return axis, [number]
    if axis is None:
        # A sign says nothing about the axis; the number of figures does.
        axis = _Axis.LON if len(whole) % 2 else _Axis.LAT
    degrees, minutes, seconds = _PACKED[axis]
    if len(whole) not in {minutes, seconds}:
        raise refuse(
            f"A packed {axis.value} has {minutes} or {seconds} figures before the "
            f"point; {number} has {len(whole)}.",
            "Ask for it again, part by part: 351707N0401034E is 35°17'07\"N "
            "040°10'34\"E.",
        )
    parts = [whole[:degrees], *re.findall(r"\d\d", whole[degrees:])]
    return axis, [*parts[:-1], f"{parts[-1]}{point}{decimals}"]


def _format(count: int, decimals: int) -> PlaceFormat:
    if count == 1:
        return PlaceFormat.DECIMAL
    if count == 2 and decimals:  # noqa: PLR2004 (degrees and minutes)
        return PlaceFormat.DDM
    return PlaceFormat.DMS


def _hemisphere(
    group: list[_Token],
) -> tuple[list[_Token], _Axis | None, float | None]:
    """Take label and letter off a coordinate; say its axis and its sign."""
    axis, sign, body = None, None, []
    for place, token in enumerate(group):
        if token.kind == "label":
            named, way = (_Axis.LAT if token.text[:2] == "la" else _Axis.LON), None
        elif token.kind == "letter" and place in {0, 1, len(group) - 1}:
            named, way = _HEMISPHERES[token.text[0]]
        else:
            body.append(token)
            continue
        if (axis and axis is not named) or (sign is not None and way is not None):
            raise refuse(
                "A coordinate is called both a latitude and a longitude, or twice.",
                "Give N or S for the latitude and E or W for the longitude, once each.",
            )
        axis, sign = named, (sign if way is None else way)
    return body, axis, sign


def _numbers(body: list[_Token]) -> list[str]:
    """Return degrees, minutes and seconds as written, checked against their marks."""
    numbers: list[str] = []
    for before, token in zip([None, *body], body, strict=False):
        if token.kind == "number":
            numbers.append(token.text)
        elif token.kind == "mark":
            is_own = before is not None and before.kind == "number"
            if not is_own or _MARKS[token.text[0]] != len(numbers) - 1:
                raise refuse("The marks for degrees, minutes and seconds are mixed up.")
        elif token.kind == "letter" or not _only_parts(token):
            raise refuse("A sign or letter stands in the middle of a coordinate.")
    return numbers


def _require_parts(numbers: list[str]) -> None:
    """Refuse parts that no coordinate can have."""
    if not 1 <= len(numbers) <= len(_UNITS_DEG):
        raise refuse(
            f"A coordinate has {len(numbers)} numbers.",
            "It has degrees, then perhaps minutes, then perhaps seconds.",
        )
    if any("." in number for number in numbers[:-1]):
        raise refuse("Only the last part of a coordinate can have decimals.")
    if any(float(number) >= _SIXTY for number in numbers[1:]):
        raise refuse("Minutes and seconds go up to 59.")


def _only_parts(token: _Token) -> bool:
    """Say whether a token merely parts degrees from minutes, as in 35-17-07."""
    return token.kind == "colon" or (token.text == "-" and token.is_tight)


def _candidates(first: _Angle, second: _Angle, text: str) -> Iterator[Reading]:
    """Yield every pair of latitude and longitude the two coordinates can be."""
    orders = list(_orders(first, second))
    if not orders:
        raise refuse(
            "The two numbers cannot be a latitude and a longitude.",
            "A latitude goes to 90, a longitude to 180 degrees; for a grid "
            "reference, give zone and square letters first.",
        )
    seen: set[Position] = set()
    for lat, lon, why in orders:
        for position, assumed in _hemispheres(lat, lon):
            if position not in seen:
                seen.add(position)
                yield _reading(position, lat, lon, f"{why}{assumed}", text)


def _orders(first: _Angle, second: _Angle) -> Iterator[tuple[_Angle, _Angle, str]]:
    """Yield (latitude, longitude, how we know) in the order of convention."""
    if first.axis is not None and first.axis is second.axis:
        raise refuse(
            f"Both numbers are called a {first.axis.value}.",
            "Give N or S for the latitude and E or W for the longitude.",
        )
    ways = [(first, second, "latitude first"), (second, first, "longitude first")]
    fitting = [(lat, lon, order) for lat, lon, order in ways if _fits(lat, lon)]
    for lat, lon, order in fitting:
        if first.axis is not None or second.axis is not None:
            yield lat, lon, "as named"
        elif len(fitting) == 1:
            yield lat, lon, f"{order}, as the numbers fit no other way"
        else:
            yield lat, lon, f"{order}, which the text does not say"


def _fits(lat: _Angle, lon: _Angle) -> bool:
    """Say whether two coordinates can be this latitude and this longitude."""
    if lat.axis is _Axis.LON or lon.axis is _Axis.LAT:
        return False
    if lat.axis is None and lat.is_padded:
        return False
    return abs(lat.degrees) <= _POLE_DEG and abs(lon.degrees) <= _ANTIMERIDIAN_DEG


def _hemispheres(lat: _Angle, lon: _Angle) -> Iterator[tuple[Position, str]]:
    """Yield the positions that hemispheres left unsaid allow."""
    here = Position(lon=lon.degrees, lat=lat.degrees)
    if lat.is_lettered and not lon.is_signed:
        yield here, ", east assumed"
        yield Position(lon=-lon.degrees, lat=lat.degrees), ", west assumed"
    elif lon.is_lettered and not lat.is_signed:
        yield here, ", north assumed"
        yield Position(lon=lon.degrees, lat=-lat.degrees), ", south assumed"
    elif lat.is_signed and lon.is_signed:
        yield here, ""
    else:
        yield here, ", numbers without a sign as north and east"


def _told_as(lat: _Angle, lon: _Angle) -> PlaceFormat:
    """Return the format of the two that has more parts: 35°N 40°10'E is DMS."""
    order = [PlaceFormat.DECIMAL, PlaceFormat.DMS, PlaceFormat.DDM, PlaceFormat.PACKED]
    return max(lat.format, lon.format, key=order.index)


def _reading(
    position: Position, lat: _Angle, lon: _Angle, why: str, text: str
) -> Reading:
    unit_deg = max(lat.unit_deg, lon.unit_deg)
    precision_m = round(max(FINEST_M, unit_deg * METRES_A_DEGREE), 2)
    ns, ew = "S" if position.lat < 0 else "N", "W" if position.lon < 0 else "E"
    shown = max(0, math.ceil(-math.log10(unit_deg) - 1e-9))
    return Reading(
        place=Place(
            footprint=Point(position=position, precision_m=precision_m),
            text=text,
            format=_told_as(lat, lon),
            method=f"{why}; one unit of the last digit as precision",
        ),
        understood=(
            f"{abs(position.lat):.{shown}f}° {ns}, "
            f"{abs(position.lon):.{shown}f}° {ew}, "
            f"{why}; within {precision_m:,.0f} m."
        ),
    )
