"""Read a place from what somebody said or wrote.

    decimal degrees, degrees-minutes, DMS ..... `angles`
    MGRS with its square letters .............. `grid`
    bearing and range from a named origin ..... `directions`
    the name of an origin ..................... here

Each reader either knows the form and answers, or knows it and says what has to be
asked, or passes the text on. What can be understood in several ways comes back as
several readings, the conventional one first, with the distances between them;
nothing is ever chosen for the person who has to choose.
"""

from collections.abc import Sequence

import msgspec

from clearline.geo.angles import read_angles
from clearline.geo.directions import read_directions
from clearline.geo.grid import read_grid
from clearline.geo.lengths import say_apart
from clearline.geo.origins import find_origins, say_extent, suggestion
from clearline.geo.plain import WRITE_AS, NoReading, plain, refuse
from clearline.geo.separation import located, separation
from clearline.model.places import (
    NamedOrigin,
    Place,
    PlaceFormat,
    Point,
    Reading,
    Unlocated,
)

__all__ = ["NoReading", "read_name", "read_place"]


def read_place(text: str, origins: Sequence[NamedOrigin] = ()) -> tuple[Reading, ...]:
    """Read every place that a text can mean.

    Args:
        text: As told; kept unchanged in each place.
        origins: The named positions known here, rivals included; with a gazetteer
            beside them where they are `Known`. Bearings and ranges are read only
            from these.

    Returns:
        One reading, or several if somebody has to choose between them.

    Raises:
        NoReading: No place can be made of it; `next` says what to ask.
    """
    words = plain(text)
    readings = (
        read_grid(words, text)
        or read_directions(words, text, origins)
        or read_angles(words, text)
        or _read_origin(words, text, origins)
    )
    if not readings:
        near = suggestion(words, origins)
        what = f"{words!r} is no form of place that is read here."
        raise refuse(what, f"{near} {WRITE_AS}") if near else refuse(what)
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
    if len(readings) == 1:
        return readings
    return tuple(
        msgspec.structs.replace(
            reading, understood=f"{reading.understood} {_apart(i, readings)}"
        )
        for i, reading in enumerate(readings)
    )


def _apart(of: int, readings: tuple[Reading, ...]) -> str:
    here = located(readings[of].place.footprint)
    if here is None:
        return ""
    distances = [
        f"{say_apart(separation(here, there))} from reading {i + 1}"
        for i, other in enumerate(readings)
        if i != of and (there := located(other.place.footprint)) is not None
    ]
    return f"It lies {', '.join(distances)}."
