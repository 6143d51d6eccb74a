"""Read a bearing and a range from a named origin, in words or figures.

    9 km due south of the airfield          215/6 km from Deir ez-Zor airfield
    3 to 6 km southwest of the airfield     6 km on a bearing of 215 true from ...
    within 2 km of the bridge               about 4 NM from the bridge

Vague words stay vague:

- A compass word is the 45 degrees about it (22.5 for SSW and its like); two ranges
  are all between them; no bearing at all is a full ring.
- *due* south is 180 degrees, within `DUE_DEG`.
- A number is within half a unit of its last digit; a whole number that ends in
  zero within at least `ROUND_SHARE` of itself.
- *about* makes a range twice as uncertain and at least `ABOUT_SHARE` of itself, a
  bearing in figures within `ABOUT_DEG`.

Bearings are true unless the text says magnetic or grid; where it does not say, the
reading says that true was assumed. A magnetic bearing needs its declination: no
field model is asked, because a wrong year would go unseen.
"""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from clearline.geo.geodesy import destination, distance_m, grid_convergence_deg
from clearline.geo.grid import zone_of
from clearline.geo.origins import find_origins, rivals_of, say_extent, suggestion
from clearline.geo.plain import refuse
from clearline.model.places import (
    ALL_ROUND,
    BearingAndRange,
    Circle,
    Footprint,
    Interval,
    NamedOrigin,
    North,
    Place,
    PlaceFormat,
    Point,
    Reading,
    Sector,
    clockwise,
    exactly,
)

DUE_DEG = 5.0
ABOUT_DEG = 5.0
ROUND_SHARE = 0.05
ABOUT_SHARE = 0.10

_FULL_TURN_DEG = 360.0

_UNITS_M = (("naut", 1852.0), ("nm", 1852.0), ("mi", 1609.344), ("k", 1000.0))
"""Beginnings of unit words, tried in this order; what is left is metres."""

_POINTS = (
    "north",
    "north north east",
    "north east",
    "east north east",
    "east",
    "east south east",
    "south east",
    "south south east",
    "south",
    "south south west",
    "south west",
    "west south west",
    "west",
    "west north west",
    "north west",
    "north north west",
)
_COMPASS = {
    spelling: (i * 22.5, 11.25 if name.count(" ") > 1 else 22.5)
    for i, name in enumerate(_POINTS)
    for spelling in (name.replace(" ", ""), "".join(w[0] for w in name.split()))
}
"""From a compass word to the middle and the half width of its sector, degrees."""

_UNIT = r"(?:kms?|kilomet(?:er|re)s?|nmi?|nautical miles?|miles?|mi|met(?:er|re)s?|m)\b"
_NUMBER = r"\d+(?:\.\d+)?"
_RANGE = (
    r"(?P<about>approximately|approx\.?|about|around|roughly|circa|some|nearly|~|≈)?"
    rf" ?(?:between )?(?P<near>{_NUMBER})(?: ?(?P<near_unit>{_UNIT}))?"
    rf"(?: ?(?:to|and|-) ?(?P<far>{_NUMBER}))? ?(?P<unit>{_UNIT})"
)
_SIDE = "(?:north|south|east|west)"
_WORD = rf"(?P<due>due )?(?P<compass>{_SIDE}(?:[ -]?{_SIDE}){{0,2}}|[nsew]{{1,3}})\b"
_FIGURES = (
    rf"(?P<degrees>{_NUMBER}) ?(?:°|degrees?\b|deg\b)? ?"
    r"(?P<north>true\b|magnetic\b|mag\b|grid\b|(?-i:[TMG]\b))?"
    rf"(?: ?\(?(?:declination|variation) (?P<turn>{_NUMBER})°? ?(?P<side>[ew])\b\)?)?"
)
_BEARING = r"(?:on |at )?(?:a )?(?:bearing |heading |azimuth )?(?:of )?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<within>within|up to) {_RANGE}(?: {_WORD})? (?:of|from) (?P<origin>.+)",
        rf"{_RANGE} (?:to the )?{_WORD} (?:of|from) (?P<origin>.+)",
        rf"{_WORD}[ ,]+(?:at |for )?{_RANGE} (?:of|from) (?P<origin>.+)",
        rf"{_WORD} (?:of|from) (?P<origin>.+?)[ ,]+(?:at |by |for )?{_RANGE}",
        rf"{_BEARING}{_FIGURES}[ ,/]*(?:at |for )?{_RANGE} (?:of|from) (?P<origin>.+)",
        rf"{_RANGE}[ ,]+{_BEARING}{_FIGURES} (?:of|from) (?P<origin>.+)",
        rf"{_RANGE} (?:away )?(?:of|from) (?P<origin>.+)",
    )
)
_NO_ORIGIN = re.compile(
    rf"(?:{_RANGE}(?: (?:to the )?{_WORD})?|{_BEARING}\d+[°a-z ]*[ ,/]+"
    rf"{_RANGE.replace('?P<', '?P<x')})",
    re.IGNORECASE,
)
_NO_RANGE = re.compile(rf"{_WORD} (?:of|from) (?P<origin>.+)", re.IGNORECASE)
_MILS = re.compile(r"\d ?mils?\b", re.IGNORECASE)


class _Bearing(NamedTuple):
    """A bearing before it is turned to true north."""

    interval: Interval
    said: str
    precision_deg: float = 0.0
    north: North = North.TRUE
    is_north_said: bool = False
    declination_deg: float | None = None


class _Range(NamedTuple):
    """A range in metres."""

    interval: Interval
    precision_m: float


def read_directions(
    words: str, text: str, origins: Sequence[NamedOrigin]
) -> tuple[Reading, ...]:
    """Read a bearing and a range from a named origin.

    Args:
        words: The text in plain characters.
        text: The text as told, kept in the places.
        origins: Every origin known here; rivals included.

    Returns:
        One reading for each origin the words may name; nothing if the words are
        of another form.

    Raises:
        NoReading: Origin, range or declination is missing or not known.
    """
    match = next((m for form in _FORMS if (m := form.fullmatch(words))), None)
    if match is None:
        _ask_for_what_is_missing(words)
        return ()
    parts = {name: value or "" for name, value in match.groupdict().items()}
    phrase = parts["origin"].strip(" .,;")
    found = find_origins(phrase, origins)
    if not found:
        raise refuse(
            f"No origin called {phrase!r} is known here.",
            f"{suggestion(phrase, origins)} Give its position first. "
            f"Known: {_list(origins)}.".lstrip(),
        )
    bearing, reach = _bearing(parts), _range(parts)
    return tuple(
        _reading(text, origin, bearing, reach, _say_rivals(origin, origins))
        for origin in found
    )


def place_from(told: BearingAndRange, text: str, method: str) -> Place:
    """Put a bearing and range on the ellipsoid, from whatever origin it holds."""
    return Place(
        footprint=_footprint(told),
        text=text,
        format=PlaceFormat.BEARING_RANGE,
        method=method,
        told_from=told,
    )


def taken_exactly(place: Place) -> Place:
    """Return the place with a vague bearing taken as exactly its middle.

    "9 km south of" is an arc; taken exactly it is the point due south. That is an
    assumption, and the method of the place returned says so. A place that was not
    told by bearing, or whose bearing is already one, comes back unchanged.
    """
    told = place.told_from
    if told is None or not 0.0 < told.bearing_deg.width < _FULL_TURN_DEG:
        return place
    bearings = told.bearing_deg
    exact = BearingAndRange(
        origin=told.origin,
        bearing_deg=exactly(bearings.middle % _FULL_TURN_DEG),
        range_m=told.range_m,
        north=told.north,
        is_north_said=told.is_north_said,
        bearing_precision_deg=0.0,
        range_precision_m=told.range_precision_m,
    )
    method = (
        f"bearing assumed to be exactly {exact.bearing_deg.least:g}° true; the words "
        f"allow {_turn(bearings.least)} to {_turn(bearings.most)}"
    )
    return place_from(exact, place.text, method)


def say_told_from(told: BearingAndRange) -> str:
    """Say a bearing and range with its origin, for a sentence."""
    bearings = told.bearing_deg
    if bearings.width >= _FULL_TURN_DEG:
        way = "all round"
    elif bearings.width > 0.0:
        way = f"between {_turn(bearings.least)} and {_turn(bearings.most)} true from"
    else:
        way = f"at {_turn(bearings.least)} true from"
    return f"{_say_range(told.range_m)} {way} {told.origin.label}"


def _reading(
    text: str, origin: NamedOrigin, bearing: _Bearing, reach: _Range, rivals: str
) -> Reading:
    turned_deg = _to_true_deg(origin, bearing)
    told = BearingAndRange(
        origin=origin,
        bearing_deg=_turned(bearing.interval, turned_deg),
        range_m=reach.interval,
        north=bearing.north,
        is_north_said=bearing.is_north_said,
        bearing_precision_deg=bearing.precision_deg,
        range_precision_m=reach.precision_m,
    )
    place = place_from(told, text, bearing.said)
    return Reading(
        place=place,
        understood=(
            f"{say_told_from(told)}; {bearing.said}; "
            f"within {place.precision_m or 0.0:,.0f} m.{say_extent(origin)}{rivals}"
        ),
    )


def _say_rivals(origin: NamedOrigin, origins: Sequence[NamedOrigin]) -> str:
    """Name the origins this one can be mistaken for, and how far off they lie."""
    return "".join(
        f" {rival.label} shares the name: {apart_m / 1000:,.1f} km from there."
        for rival in rivals_of(origin, origins)
        for apart_m in [distance_m(origin.position, rival.position)]
    )


def _footprint(told: BearingAndRange) -> Footprint:
    aside_m = (
        2 * told.range_m.most * math.sin(math.radians(told.bearing_precision_deg) / 2)
    )
    precision_m = round(
        math.hypot(told.range_precision_m, aside_m) + told.origin.precision_m, 2
    )
    origin, bearings, ranges = told.origin.position, told.bearing_deg, told.range_m
    if bearings.width == 0.0 and ranges.width == 0.0:
        position = destination(origin, bearings.least, ranges.least)
        return Point(position=position, precision_m=precision_m)
    if bearings.width >= _FULL_TURN_DEG and ranges.least == 0.0:
        return Circle(centre=origin, radius_m=ranges.most, precision_m=precision_m)
    return Sector(
        origin=origin, bearing_deg=bearings, range_m=ranges, precision_m=precision_m
    )


def _range(parts: dict[str, str]) -> _Range:
    told = [
        (parts["near"], _unit_m(parts["near_unit"] or parts["unit"])),
        (parts["far"] or parts["near"], _unit_m(parts["unit"])),
    ]
    ends_m = sorted(float(number) * unit_m for number, unit_m in told)
    if ends_m[1] == 0.0:
        raise refuse("The distance is zero.", "Give the distance, or name the place.")
    precision_m = max(_number_precision(number) * unit_m for number, unit_m in told)
    if parts["about"]:
        precision_m = max(2 * precision_m, ABOUT_SHARE * ends_m[1])
    least_m = 0.0 if parts.get("within") else ends_m[0]
    return _Range(Interval(least=least_m, most=ends_m[1]), precision_m)


def _unit_m(unit: str) -> float:
    return next((m for start, m in _UNITS_M if unit.casefold().startswith(start)), 1.0)


def _number_precision(number: str) -> float:
    """Return how uncertain a number is, from the digits it was given."""
    decimals = len(number.partition(".")[2])
    half_unit = 0.5 * 10.0**-decimals
    if number.endswith("0") and "." not in number:
        return max(half_unit, ROUND_SHARE * float(number))
    return half_unit


def _bearing(parts: dict[str, str]) -> _Bearing:
    if parts.get("degrees"):
        return _bearing_in_figures(parts)
    if parts.get("compass"):
        return _bearing_in_words(parts)
    return _Bearing(ALL_ROUND, "no bearing said", is_north_said=True)


def _bearing_in_words(parts: dict[str, str]) -> _Bearing:
    word = parts["compass"].casefold().replace("-", "").replace(" ", "")
    if word not in _COMPASS:
        raise refuse(
            f"{parts['compass']!r} is no point of the compass.",
            "Say one of sixteen, for example southwest or SSW.",
        )
    middle_deg, half_deg = _COMPASS[word]
    if parts["due"]:
        said = f"due {parts['compass']} taken as {middle_deg:g}° within {DUE_DEG:g}°"
        bearing, precision_deg = exactly(middle_deg), DUE_DEG
    else:
        said = f"{parts['compass']} taken as the {2 * half_deg:g}° about it"
        bearing = clockwise(middle_deg - half_deg, middle_deg + half_deg)
        precision_deg = 0.0
    said += ", true north assumed"
    return _Bearing(bearing, said, precision_deg)


def _bearing_in_figures(parts: dict[str, str]) -> _Bearing:
    degrees = float(parts["degrees"])
    if degrees > _FULL_TURN_DEG:
        raise refuse(
            f"A bearing of {parts['degrees']} degrees does not exist.",
            "Give degrees from 0 to 360; mils are not read.",
        )
    decimals = len(parts["degrees"].partition(".")[2])
    precision_deg = 0.5 * 10.0**-decimals
    if parts["about"]:
        precision_deg = max(ABOUT_DEG, precision_deg)
    norths = {"t": North.TRUE, "m": North.MAGNETIC, "g": North.GRID}
    is_said = bool(parts["north"])
    north = norths[parts["north"][0].casefold()] if is_said else North.TRUE
    turn_deg = float(parts["turn"]) if parts["turn"] else None
    if turn_deg is not None and parts["side"].casefold() == "w":
        turn_deg = -turn_deg
    said = f"{north} north " + ("as said" if is_said else "assumed")
    bearing = exactly(degrees % _FULL_TURN_DEG)
    return _Bearing(bearing, said, precision_deg, north, is_said, turn_deg)


def _to_true_deg(origin: NamedOrigin, bearing: _Bearing) -> float:
    """Return what must be added to a bearing to count it from true north."""
    match bearing.north:
        case North.TRUE:
            return 0.0
        case North.MAGNETIC:
            if bearing.declination_deg is None:
                raise refuse(
                    "The bearing is magnetic and its declination is not said.",
                    "Ask for the true bearing, or write for example "
                    "215 magnetic (declination 5.2 E).",
                )
            return bearing.declination_deg
        case North.GRID:
            zone = zone_of(origin.position)
            if zone is None:
                raise refuse(
                    f"{origin.label} lies in no UTM zone, so it has no grid north.",
                    "Ask for the true bearing.",
                )
            return grid_convergence_deg(origin.position, zone)


def _turned(bearings: Interval, turn_deg: float) -> Interval:
    if turn_deg == 0.0:
        return bearings
    return clockwise(bearings.least + turn_deg, bearings.most + turn_deg)


def _ask_for_what_is_missing(words: str) -> None:
    if _MILS.search(words):
        raise refuse(
            "The bearing is in mils, which are not read yet.",
            "Ask for it in degrees.",
        )
    if _NO_ORIGIN.fullmatch(words):
        raise refuse(
            f"From where? {words!r} names no origin.",
            "Ask which place it is measured from, and what kind of place that is.",
        )
    if _NO_RANGE.fullmatch(words):
        raise refuse(
            f"How far? {words!r} gives a direction and no distance.",
            "Ask for the distance from there, with its unit.",
        )


def _list(origins: Sequence[NamedOrigin]) -> str:
    return ", ".join(origin.label for origin in origins) or "none"


def _turn(degrees: float) -> str:
    return f"{degrees % _FULL_TURN_DEG:.4g}°"


def _say_range(ranges: Interval) -> str:
    least_km, most_km = ranges.least / 1000, ranges.most / 1000
    if ranges.width == 0.0:
        return f"{most_km:g} km"
    return f"{least_km:g} to {most_km:g} km"
