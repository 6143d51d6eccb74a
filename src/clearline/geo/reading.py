"""Read a place from what somebody said or wrote.

    geo: URIs and the links of web maps ....... `links`
    UTM ....................................... `utm`
    MGRS and USNG with their square letters ... `grid`
    bearing and range from a named origin ..... `directions`
    between two named origins ................. `between`
    degrees, minutes, seconds, packed or not .. `angles`
    the name of an origin ..................... here
    several lines, a route or an area ......... `lines`

Each reader either knows the form and answers, or knows it and says what has to be
asked, or passes the text on. What can be understood in several ways comes back as
several readings, the conventional one first, with the distances between them;
nothing is ever chosen for the person who has to choose.

Two things may stand with a position in any form: that it is WGS 84, which all are
(another datum is asked about, because it moves a place by hundreds of metres), and
how far it may be off, as in "± 50 m".
"""

import re
from collections.abc import Sequence

import msgspec

from clearline.geo.angles import read_angles
from clearline.geo.between import read_between
from clearline.geo.directions import ask_how_near, read_directions
from clearline.geo.grid import read_grid
from clearline.geo.lengths import say_apart
from clearline.geo.lines import parted, read_lines
from clearline.geo.links import read_link
from clearline.geo.origins import find_origins, say_extent, suggestion
from clearline.geo.plain import WRITE_AS, NoReading, UnknownName, plain, refuse
from clearline.geo.ranges import NUMBER, UNIT, number, unit_m
from clearline.geo.separation import located, separations
from clearline.geo.utm import read_utm
from clearline.geo.ways import in_english
from clearline.model.places import (
    Interval,
    NamedOrigin,
    Place,
    PlaceFormat,
    Point,
    Reading,
    Unlocated,
)

__all__ = ["NoReading", "UnknownName", "read_name", "read_place"]

_WGS84 = re.compile(r"[ ,;]*\(?\bWGS[ -]?(?:19)?84\b\)?[ :,;]*", re.IGNORECASE)
_OTHER_DATUM = re.compile(
    r"\b(?:ED[ -]?50|NAD[ -]?27|OSGB(?:36)?|Tokyo datum|GCJ[ -]?02|BD[ -]?09|"
    r"Pulkovo(?:[ -]?19)?42|SK[ -]?42|\u0421\u041a[ -]?42|Clarke 1880|"
    r"Nahrwan(?: 1967)?)\b",
    re.IGNORECASE,
)
_WORTH = re.compile(
    rf"(?P<rest>.*\S) ?\(?(?:±|\+/-|\+-) ?(?P<number>{NUMBER}) ?(?P<unit>{UNIT})\)?",
    re.IGNORECASE,
)
_UNREAD = (
    (re.compile(r"\d{3}[A-HJ-NP-Z]{2}[1-4]?[1-9]?"), "GARS"),
    (re.compile(r"[A-HJ-NP-Z]{4}\d{4}(?:\d\d){0,3}"), "GEOREF"),
    (
        re.compile(r"[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{0,7}(?: .*)?"),
        "a plus code",
    ),
    (re.compile(r"/{2,3}[^\W\d_]+\.[^\W\d_]+\.[^\W\d_]+"), "what3words"),
)
"""Forms that are known and not read, so that nobody wonders why."""


def read_place(text: str, origins: Sequence[NamedOrigin] = ()) -> tuple[Reading, ...]:
    """Read every place that a text can mean.

    Args:
        text: As told; kept unchanged in each place. Several lines are a route or an
            area.
        origins: The named positions known here, rivals included; with a gazetteer
            beside them where they are `Known`. Bearings and ranges are read only
            from these.

    Returns:
        One reading, or several if somebody has to choose between them.

    Raises:
        NoReading: No place can be made of it; `next` says what to ask.
        UnknownName: The same, and the text may be filed as a name.
    """
    lines = parted(text)
    if len(lines) > 1:
        readings = read_lines(lines, text, lambda line: _read_one(line, origins))
    else:
        readings = _read_one(text, origins)
    return _with_distances(readings)


def read_name(text: str) -> Place:
    """Keep a name that nobody can put on a map, so that it can still be filed.

    Raises:
        NoReading: There is no name.
    """
    name = plain(text)
    return Place(
        footprint=Unlocated(name=name),
        text=text,
        format=PlaceFormat.NAME,
        method="kept as a name; not located",
    )


def _read_one(text: str, origins: Sequence[NamedOrigin]) -> tuple[Reading, ...]:
    """Read what stands in one line."""
    if readings := read_link(text):
        return readings
    words = plain(text)
    readings = (
        read_directions(words, text, origins)
        or read_between(words, text, origins)
        or _read_in_english(words, text, origins)
        or _read_coordinates(words, text)
        or _read_origin(words, text, origins)
    )
    if readings:
        return readings
    ask_how_near(words, text, origins)
    _refuse_unread(words)
    raise UnknownName(
        f"{words!r} is no form of place that is read here, and no name that is known.",
        text,
        f"{suggestion(words, origins)} {WRITE_AS}".lstrip(),
    )


def _read_in_english(
    words: str, text: str, origins: Sequence[NamedOrigin]
) -> tuple[Reading, ...]:
    """Read directions in other languages, in every way whose names are known.

    Raises:
        UnknownName: It is of such a form, and nothing it may name is known.
    """
    readings: list[Reading] = []
    unknown: UnknownName | None = None
    for said in in_english(words):
        try:
            readings += read_directions(said, text, origins) or read_between(
                said, text, origins
            )
        except UnknownName as error:
            unknown = error
    if unknown is not None and not readings:
        raise unknown
    return tuple(readings)


def _read_coordinates(words: str, text: str) -> tuple[Reading, ...]:
    """Read coordinates of any form, with their datum and what they are worth."""
    bare, worth_m = _worth(_without_datum(words))
    readings = read_utm(bare, text) or read_grid(bare, text) or read_angles(bare, text)
    if worth_m is None:
        return readings
    return tuple(_made_worth(reading, worth_m) for reading in readings)


def _without_datum(words: str) -> str:
    if other := _OTHER_DATUM.search(words):
        raise refuse(
            f"The position is given on {other[0]}, which is not read.",
            "Ask for it on WGS 84; it may lie hundreds of metres from where the "
            "same numbers lie there.",
        )
    return _WGS84.sub(" ", words).strip()


def _worth(words: str) -> tuple[str, float | None]:
    """Take off how far a position is said to be off, metres."""
    match = _WORTH.fullmatch(words)
    if match is None:
        return words, None
    unit = unit_m(match["unit"])
    return match["rest"].strip(" ,;("), number(match["number"], unit) * unit


def _made_worth(reading: Reading, worth_m: float) -> Reading:
    """Return a reading that is worth what was said, and never more than its digits."""
    footprint = reading.place.footprint
    if not isinstance(footprint, Point) or worth_m <= footprint.precision_m:
        understood = f"{reading.understood} Its digits are coarser than what was said."
        if not isinstance(footprint, Point) or worth_m == footprint.precision_m:
            understood = reading.understood
        return msgspec.structs.replace(reading, understood=understood)
    place = msgspec.structs.replace(
        reading.place,
        footprint=Point(position=footprint.position, precision_m=worth_m),
        method=f"{reading.place.method}; ± {worth_m:g} m as said",
    )
    return msgspec.structs.replace(
        reading,
        place=place,
        understood=f"{reading.understood} Said to be within {worth_m:g} m: that holds.",
    )


def _refuse_unread(words: str) -> None:
    known = next((name for form, name in _UNREAD if form.fullmatch(words)), None)
    if known:
        raise refuse(
            f"{words!r} looks like {known}, which is not read.",
            "Ask for degrees, or for a grid reference with zone and square letters.",
        )


def _read_origin(
    words: str, text: str, origins: Sequence[NamedOrigin]
) -> tuple[Reading, ...]:
    """Read the bare name of an origin as the origin itself."""
    return tuple(
        Reading(
            place=Place(
                footprint=Point(
                    position=origin.position, precision_m=origin.precision_m
                ),
                text=text,
                format=PlaceFormat.NAME,
                method=f"the position known here for {origin.label}",
            ),
            understood=(
                f"{origin.label}, at the position known here.{say_extent(origin)}"
            ),
        )
        for origin in find_origins(words, origins)
    )


def _with_distances(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Add to each of several readings how far it lies from the others."""
    shapes = [located(reading.place.footprint) for reading in readings]
    known = [shape for shape in shapes if shape is not None]
    if len(readings) == 1 or len(known) < len(readings):
        return readings
    return tuple(
        msgspec.structs.replace(
            reading, understood=f"{reading.understood} {_apart(number, row)}"
        )
        for number, (reading, row) in enumerate(
            zip(readings, separations(known), strict=True), 1
        )
    )


def _apart(number: int, row: list[Interval]) -> str:
    distances = [
        f"{say_apart(apart_m)} from reading {other}"
        for other, apart_m in enumerate(row, 1)
        if other != number
    ]
    return f"It lies {', '.join(distances)}."
