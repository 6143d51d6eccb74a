"""Read a bearing and a range from a named origin, in words or figures.

    9 km due south of the airfield          215 true/6 km from Deir ez-Zor airfield
    3 to 6 km southwest of the airfield     6 km on a bearing of 215 grid from ...
    within 2 km of the bridge               3822 mils grid, 6 km from the bridge

Vague words stay vague: a compass word is the sector about it, two ranges are all
between them, no bearing at all is a full ring. What a range is worth stands in
`ranges`, what a bearing is worth and which north it has in `bearings`.

"Near the bridge" is no range: how near is asked, because any number here would be
ours and not theirs.
"""

import math
import re
from collections.abc import Sequence

from clearline.geo.bearings import (
    FIGURES,
    FULL_TURN_DEG,
    Bearing,
    read_bearing,
    to_true,
)
from clearline.geo.compass import WORD
from clearline.geo.geodesy import destination, distance_m
from clearline.geo.lengths import say_length
from clearline.geo.origins import find_origins, rivals_of, say_extent, suggestion
from clearline.geo.plain import UnknownName, refuse
from clearline.geo.ranges import RANGE, Range, read_range
from clearline.model.places import (
    BearingAndRange,
    Circle,
    Footprint,
    Interval,
    NamedOrigin,
    Place,
    PlaceFormat,
    Point,
    Reading,
    Sector,
    exactly,
)

_MOST_LISTED = 20
_BEARING = r"(?:on |at )?(?:a )?(?:bearing |heading |azimuth )?(?:of )?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<within>within|up to) {RANGE}(?: {WORD})? (?:of|from) (?P<origin>.+)",
        rf"{RANGE} (?:to the )?{WORD} (?:of|from) (?P<origin>.+)",
        rf"{WORD}[ ,]+(?:at |for )?{RANGE} (?:of|from) (?P<origin>.+)",
        rf"{WORD} (?:of|from) (?P<origin>.+?)[ ,]+(?:at |by |for )?{RANGE}",
        rf"{_BEARING}{FIGURES}[ ,/]*(?:at |for )?{RANGE} (?:of|from) (?P<origin>.+)",
        rf"{RANGE}[ ,]+{_BEARING}{FIGURES} (?:of|from) (?P<origin>.+)",
        rf"{RANGE} (?:away )?(?:of|from) (?P<origin>.+)",
    )
)
_NO_ORIGIN = re.compile(
    rf"(?:{RANGE}(?: (?:to the )?{WORD})?|{_BEARING}\d+[°a-z ]*[ ,/]+"
    rf"{RANGE.replace('?P<', '?P<x')})",
    re.IGNORECASE,
)
_NO_RANGE = re.compile(rf"{WORD} (?:of|from) (?P<origin>.+)", re.IGNORECASE)
_NEAR = re.compile(
    r"(?:somewhere )?(?:near(?: to)?|nearby|around|close to|next to|beside|outside|off"
    r"|not far from|(?:in )?(?:the )?vicinity of) (?P<origin>.+)",
    re.IGNORECASE,
)


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
    found = require_origins(parts["origin"], text, origins)
    bearing, reach = read_bearing(parts), read_range(parts)
    return tuple(
        _reading(text, origin, bearing, reach, _say_rivals(origin, origins))
        for origin in found
    )


def require_origins(
    phrase: str, text: str, origins: Sequence[NamedOrigin]
) -> tuple[NamedOrigin, ...]:
    """Return every origin a phrase may name.

    Raises:
        UnknownName: There is none; the whole text may still be filed as a name.
    """
    bare = phrase.strip(" .,;")
    found = find_origins(bare, origins)
    if not found:
        raise UnknownName(
            f"No origin called {bare!r} is known here.",
            text,
            f"{suggestion(bare, origins)} Give its position first. "
            f"Known: {_list(origins)}.".lstrip(),
        )
    return found


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
    if told is None or not 0.0 < told.bearing_deg.width < FULL_TURN_DEG:
        return place
    bearings = told.bearing_deg
    exact = BearingAndRange(
        origin=told.origin,
        bearing_deg=exactly(bearings.middle % FULL_TURN_DEG),
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
    if bearings.width >= FULL_TURN_DEG:
        way = "all round"
    elif bearings.width > 0.0:
        way = f"between {_turn(bearings.least)} and {_turn(bearings.most)} true from"
    else:
        way = f"at {_turn(bearings.least)} true from"
    return f"{_say_range(told.range_m)} {way} {told.origin.label}"


def _reading(
    text: str, origin: NamedOrigin, bearing: Bearing, reach: Range, rivals: str
) -> Reading:
    told = BearingAndRange(
        origin=origin,
        bearing_deg=to_true(origin, bearing, reach.interval.middle),
        range_m=reach.interval,
        north=bearing.north,
        is_north_said=bearing.is_north_said,
        bearing_precision_deg=bearing.precision_deg,
        range_precision_m=reach.precision_m,
    )
    said = ", ".join(filter(None, (bearing.said, reach.said)))
    place = place_from(told, text, said)
    return Reading(
        place=place,
        understood=(
            f"{say_told_from(told)}; {said}; "
            f"within {place.precision_m or 0.0:,.0f} m."
            f"{_say_soviet(bearing, reach)}{say_extent(origin)}{rivals}"
        ),
    )


def _say_soviet(bearing: Bearing, reach: Range) -> str:
    """Say where the same figures point in the other kind of mils."""
    if bearing.soviet_deg is None:
        return ""
    off_deg = bearing.soviet_deg - bearing.interval.least
    apart_m = 2 * reach.interval.most * abs(math.sin(math.radians(off_deg) / 2))
    return (
        f" In Soviet mils it would be {_turn(bearing.soviet_deg)}, "
        f"{say_length(apart_m)} from there."
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
    if bearings.width >= FULL_TURN_DEG and ranges.least == 0.0:
        return Circle(centre=origin, radius_m=ranges.most, precision_m=precision_m)
    return Sector(
        origin=origin, bearing_deg=bearings, range_m=ranges, precision_m=precision_m
    )


def ask_how_near(words: str, text: str, origins: Sequence[NamedOrigin]) -> None:
    """Ask for the distance, where words say only that it is near something.

    Raises:
        UnknownName: They do; the text may still be filed as a name.
    """
    near = _NEAR.fullmatch(words)
    if near is None:
        return
    bare = near["origin"].strip(" .,;")
    found = find_origins(bare, origins)
    named = _list(found) if found else bare
    raise UnknownName(
        f"How near? {words!r} gives no distance from {named}.",
        text,
        f"Ask for a distance, and write for example within 2 km of {bare}.",
    )


def _ask_for_what_is_missing(words: str) -> None:
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
    return ", ".join(origin.label for origin in origins[:_MOST_LISTED]) or "none"


def _turn(degrees: float) -> str:
    return f"{degrees % FULL_TURN_DEG:.4g}°"


def _say_range(ranges: Interval) -> str:
    least_km, most_km = ranges.least / 1000, ranges.most / 1000
    if ranges.width == 0.0:
        return f"{most_km:g} km"
    return f"{least_km:g} to {most_km:g} km"
