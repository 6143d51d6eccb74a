"""Hold the gazetteer against another list of places: how far do they agree?

Each row of the list is looked up by its name, in its country and of its kind. Of
several places of that name the nearest is taken: which of them is meant is not what
is asked here. What is left apart is kept, the farthest by name.
"""

from collections.abc import Iterable

import msgspec

from clearline.geo.gazetteer import AIRFIELD, Gazetteer, Named, extent
from clearline.geo.geodesy import distance_m
from clearline.geo.names import key_of
from clearline.model.places import Position

AGREES_M = 5_000.0
"""Within which two positions of one name are said to agree, metres."""

_FARTHEST = 10


class Listed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one place of the other list.

    Attributes:
        name: As the list has it; of an airfield its name or its code.
        country: ISO 3166 letters.
        position: WGS 84.
        is_airfield: Whether it is one; else people live there.
    """

    name: str
    country: str
    position: Position
    is_airfield: bool = False


class Apart(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a place on which the two differ most."""

    name: str
    country: str
    apart_m: int
    source: str


class Class(msgspec.Struct, kw_only=True):
    """Say how far a class of extent agrees.

    Attributes:
        compared: Rows found in the class.
        within_extent: How many of them lie within the extent of the class.
        median_m: Half of them lie nearer than this.
        most_m: 95 of 100 lie nearer than this.
    """

    compared: int = 0
    within_extent: int = 0
    median_m: int = 0
    most_m: int = 0


class Agreement(msgspec.Struct, kw_only=True):
    """Say how far a list and the gazetteer agree.

    Attributes:
        listed: Rows of the list.
        not_found: Rows whose name no place of their country and kind has.
        agree: Rows within `AGREES_M` of a place of their name.
        differ: Rows farther from every place of their name.
        classes: The same by class of extent.
        farthest: The rows that lie farthest apart.
    """

    listed: int = 0
    not_found: int = 0
    agree: int = 0
    differ: int = 0
    classes: dict[str, Class] = {}
    farthest: list[Apart] = []


def compare(rows: Iterable[Listed], gazetteer: Gazetteer) -> Agreement:
    """Look every row up and say how far it lies from the nearest place of its name."""
    said = Agreement(classes={}, farthest=[])
    apart: dict[str, list[float]] = {}
    for row in rows:
        said.listed += 1
        found = _nearest(row, gazetteer)
        if found is None:
            said.not_found += 1
            continue
        apart_m, place = found
        reach_m, _, why = extent(place)
        of_class = said.classes.setdefault(why.removesuffix(" is no point"), Class())
        of_class.within_extent += apart_m <= reach_m
        apart.setdefault(why.removesuffix(" is no point"), []).append(apart_m)
        if apart_m <= AGREES_M:
            said.agree += 1
            continue
        said.differ += 1
        said.farthest.append(
            Apart(
                name=row.name,
                country=row.country,
                apart_m=round(apart_m),
                source=place.source,
            )
        )
    for name, distances in apart.items():
        distances.sort()
        said.classes[name].compared = len(distances)
        said.classes[name].median_m = round(distances[len(distances) // 2])
        said.classes[name].most_m = round(distances[len(distances) * 95 // 100])
    said.farthest.sort(key=lambda one: (-one.apart_m, one.country, one.name))
    del said.farthest[_FARTHEST:]
    return said


def _nearest(row: Listed, gazetteer: Gazetteer) -> tuple[float, Named] | None:
    """Return the nearest place of a row's name, and how far off it lies."""
    places = [
        (distance_m(row.position, place.position), place.source, place)
        for place in gazetteer.named(key_of(row.name))
        if place.country == row.country
        and (place.kind == AIRFIELD) == row.is_airfield
        and not place.is_served
    ]
    if not places:
        return None
    apart_m, _, place = min(places, key=lambda found: found[:2])
    return apart_m, place
