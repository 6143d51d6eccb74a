"""Say under which marks a site is found again by whoever files it twice.

Two marks: the owner's own number for it, and the square of about a kilometre it stands
in. They are kept as notices are filed, so that a filing reads the few that share one
and not a hundred thousand.
"""

import math
from typing import Final

from clearline.model.notice_details import SiteDetails
from clearline.model.notices import Revision
from clearline.model.parties import PartyId
from clearline.model.places import Circle, Point, Position

SQUARES_A_DEGREE: Final = 100


def position_of(revision: Revision) -> Position | None:
    """Return where a site is, if that is a point or a circle."""
    footprint = revision.where.footprint
    match footprint:
        case Point():
            return footprint.position
        case Circle():
            return footprint.centre
        case _:
            return None


def marks_of(owner: PartyId, revision: Revision) -> tuple[str, ...]:
    """Return the marks a site is kept under; none for anything else."""
    if not isinstance(revision.details, SiteDetails):
        return ()
    marks = []
    ref = ref_mark(owner, revision)
    if ref is not None:
        marks.append(ref)
    if (position := position_of(revision)) is not None:
        column, row = _square(position)
        marks.append(_mark(owner, column, row))
    return tuple(marks)


def ref_mark(owner: PartyId, revision: Revision) -> str | None:
    """Return the mark of the owner's own number, if it has one."""
    ref = revision.details.ref if isinstance(revision.details, SiteDetails) else ""
    return number_mark(owner, ref)


def number_mark(owner: PartyId, ref: str) -> str | None:
    """Return the mark of a site's number, if it is one."""
    folded = " ".join(ref.casefold().split())
    return f"{owner}\nref {folded}" if folded else None


def marks_near(owner: PartyId, revision: Revision) -> tuple[str, ...]:
    """Return the marks of the squares a twin may stand in."""
    position = position_of(revision)
    if position is None:
        return ()
    column, row = _square(position)
    return tuple(
        _mark(owner, column + east, row + north)
        for north in (-1, 0, 1)
        for east in (-1, 0, 1)
    )


def _square(position: Position) -> tuple[int, int]:
    return (
        math.floor(position.lon * SQUARES_A_DEGREE),
        math.floor(position.lat * SQUARES_A_DEGREE),
    )


def _mark(owner: PartyId, column: int, row: int) -> str:
    return f"{owner}\nat {column} {row}"
