"""Hold a point against the administrative area it is said to lie in.

There are no outlines of areas here, only where towns are and which area each belongs
to. So what is asked is whether any of the nearest towns lies in the area that is
stated: none of the country is wrong, none of the first-order area is doubtful. Where
the point exchanged, longitude for latitude, would fit, that is said. What is finer
than the first-order area, and the P-code, nobody checks here, and that is said too.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from clearline.geo.gazetteer import Area, Gazetteer, Named
from clearline.geo.names import key_of, words_of
from clearline.model.faults import Fault, Severity
from clearline.model.notice_details import (
    Admin,
    AreaDetails,
    MovementDetails,
    SiteDetails,
)
from clearline.model.notices import Revision
from clearline.model.places import Circle, NotAPlace, Point, Position

FIELD: Final = "details.admin"
NEAREST: Final = 8
"""How many of the nearest towns are asked."""

_KINDS_OF_AREA: Final = frozenset(
    {"governorate", "province", "region", "state", "district", "oblast", "county"}
)


def admin_faults(revision: Revision, gazetteer: Gazetteer | None) -> tuple[Fault, ...]:
    """List what is wrong, or could not be checked, with the area that is stated."""
    details = revision.details
    if not isinstance(details, SiteDetails | MovementDetails | AreaDetails):
        return ()
    return tuple(_faults(details.admin, revision, gazetteer))


def _faults(
    admin: Admin, revision: Revision, gazetteer: Gazetteer | None
) -> Iterator[Fault]:
    position = _position(revision)
    if admin.is_outside or position is None or not (admin.names or admin.pcode):
        return
    if gazetteer is None:
        yield _not_checked("There is no list of places here.")
        return
    stated = [_areas(name, gazetteer) for name in admin.names]
    known = [areas for areas in stated if areas]
    if not known:
        yield _not_checked("None of the areas is known here.")
        return
    near = gazetteer.nearest(position, NEAREST)
    for areas in known:
        if not _fits(areas, near):
            yield _outside(areas, position, gazetteer, near)
            return
    yield _not_checked("What is finer than the first-order area is not known here.")


def _outside(
    areas: list[Area],
    position: Position,
    gazetteer: Gazetteer,
    near: Sequence[Named],
) -> Fault:
    exchanged = _exchanged(position)
    if exchanged is not None and _fits(areas, gazetteer.nearest(exchanged, NEAREST)):
        return Fault(
            field="where",
            wrong="The point does not lie in the area that is stated; with longitude "
            "and latitude exchanged it does.",
            right=f"It may be meant {exchanged.lat:.5f} N {exchanged.lon:.5f} E.",
        )
    nearest = next(iter(near), None)
    there = f"{nearest.area_name}, {nearest.country_name}" if nearest else "no town"
    is_country = all(one.area == "" for one in areas)
    same_country = any(one.country == area.country for one in near for area in areas)
    return Fault(
        field=FIELD,
        wrong=f"The nearest town lies in {there}, and none of the {NEAREST} nearest "
        "in the area that is stated.",
        right="Correct the point or the area; if it does lie outside, say so with "
        "`is_outside`.",
        severity=Severity.WARN if same_country and not is_country else Severity.REFUSE,
    )


def _fits(areas: list[Area], near: Sequence[Named]) -> bool:
    return any(area.holds(town) for area in areas for town in near)


def _areas(name: str, gazetteer: Gazetteer) -> list[Area]:
    """Find an area by its name, with and without the word for what it is."""
    words = words_of(name)
    bare = [word for word in words if word not in _KINDS_OF_AREA]
    keys = dict.fromkeys(key_of(" ".join(some)) for some in (words, bare) if some)
    return [area for key in keys for area in gazetteer.areas(key)]


def _exchanged(position: Position) -> Position | None:
    try:
        return Position(lon=position.lat, lat=position.lon)
    except NotAPlace:
        return None


def _position(revision: Revision) -> Position | None:
    footprint = revision.where.footprint
    match footprint:
        case Point():
            return footprint.position
        case Circle():
            return footprint.centre
        case _:
            return None


def _not_checked(why: str) -> Fault:
    return Fault(
        field=FIELD,
        wrong=f"Whether the point lies in it was not checked. {why}",
        right="Hold it against a map of the area before you rely on it.",
        severity=Severity.NOT_CHECKED,
    )
