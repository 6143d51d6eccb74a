"""Say under which marks a notice is found again.

    site    the owner's own number for it, and the square of about a kilometre it
            stands in: by whoever files it twice
    files   the hash of each: by whoever asks whether a file is still named

They are kept as notices are filed, so that a filing reads the few that share one and
not a hundred thousand. A mark that very many share is kept in pages.
"""

import math
from collections.abc import Iterator
from typing import Final

from clearline.model.notice_acts import (
    NoticeAct,
    NoticeAmended,
    NoticeCarried,
    NoticeDisposed,
    NoticeFiled,
    NoticeRouted,
)
from clearline.model.notice_details import SiteDetails
from clearline.model.notices import NoticeId, Revision
from clearline.model.parties import PartyId
from clearline.model.places import Circle, Point, Position
from clearline.picture.view import View

SQUARES_A_DEGREE: Final = 100
PAGE: Final = 64
"""How many notices a page of a mark names: each one more writes a page anew."""


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


def named_under(view: View, mark: str) -> Iterator[NoticeId]:
    """Name the notices kept under a mark, in the order they came."""
    for page in pages_of(view, mark):
        yield from page


def pages_of(view: View, mark: str) -> Iterator[tuple[NoticeId, ...]]:
    """Return the pages of a mark."""
    number = 0
    while page := view.twins.get(_page(mark, number)):
        yield page
        number += 1


def page_to_write(view: View, mark: str) -> str:
    """Name the page of a mark that has room, the next one where none has."""
    pages = list(pages_of(view, mark))
    is_full = not pages or len(pages[-1]) >= PAGE
    return _page(mark, len(pages) if is_full else len(pages) - 1)


def _page(mark: str, number: int) -> str:
    return f"{mark}\n{number}" if number else mark


def marks_of_act(act: NoticeAct) -> tuple[str, ...]:
    """Return the marks its notice is kept under from an act on."""
    match act:
        case NoticeFiled() | NoticeAmended():
            files, sites = act.revision.files, marks_of(act.by.party, act.revision)
        case NoticeCarried():
            stands = act.stands
            files, sites = stands.files, marks_of(stands.owner, stands.revision)
        case NoticeDisposed(original=file) | NoticeRouted(sheet=file):
            files, sites = (file.sha256,) if file is not None else (), ()
        case _:
            files, sites = (), ()
    return (*sites, *(file_mark(file) for file in dict.fromkeys(files)))


def file_mark(sha256: str) -> str:
    """Return the mark of a file; no party's mark begins so."""
    return f"\nfile {sha256}"


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
