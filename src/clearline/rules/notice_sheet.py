"""Write a notice down for somebody without a node: a sheet, and a short form of it.

Both say what the one they are for may know and nothing finer, and end with the legal
line. The short form goes into two text messages; its place is the coarse one unless its
owner let it go exactly.
"""

from collections.abc import Iterator
from typing import Final

from clearline.model.instants import Window
from clearline.model.notice_details import (
    AreaDetails,
    MovementDetails,
    SiteDetails,
)
from clearline.model.notice_seen import Cell, NoticeSeen
from clearline.model.notices import LEGAL_LINE, Revision
from clearline.rules.notice_clocks import passages_of

SHORT_FORM: Final = 306
"""Characters of a short form: two messages of 153."""


def sheet_of(seen: NoticeSeen, sent_by: str) -> str:
    """Write a notice as a sheet of plain text, its labels at the left.

    Args:
        seen: As whom it is for may know it.
        sent_by: The desk it comes from and is answered to.
    """
    rows = [("notice", f"{seen.id}, revision {seen.number}"), *_rows(seen)]
    rows += [("call", seen.call), ("answer to", sent_by)]
    width = max(len(label) for label, _ in rows)
    lines = [f"{label.upper():<{width}}  {text}" for label, text in rows if text]
    return "\n".join(
        [
            "NOTICE: information, not a request. No answer to it is a permission.",
            "",
            *lines,
            "",
            "Please answer: acknowledged, queried, objected, not objected, denied.",
            LEGAL_LINE,
            "",
        ]
    )


def short_form(seen: NoticeSeen) -> str:
    """Write a notice in two text messages; what does not fit gives way to its number.

    The legal line is cut last of all: it is never cut.
    """
    words = [f"NOTICE {seen.id}/{seen.number}"]
    words += [f"{text}." for label, text in _rows(seen) if label in _SHORT and text]
    room = SHORT_FORM - len(LEGAL_LINE) - len(f" Call {seen.call}. ")
    told = " ".join(words)
    if len(told) > room:
        told = told[: room - 1].rstrip() + "…"
    return f"{told} Call {seen.call}. {LEGAL_LINE}"


_SHORT: Final = ("what it is", "where", "when")


def _rows(seen: NoticeSeen) -> Iterator[tuple[str, str]]:
    yield "from", seen.owner
    kind = seen.kind or "not said"
    yield "what it is", f"{kind}{f' ({seen.says})' if seen.says else ''}"
    if seen.revision is not None:
        yield from _exact(seen.revision)
    elif seen.cell is not None:
        yield "where", _cell(seen.cell)
    if seen.window is not None:
        yield "when", _window(seen.window)


def _exact(revision: Revision) -> Iterator[tuple[str, str]]:
    yield "in words", revision.what
    yield "where", revision.where.text
    if revision.where_again is not None:
        yield "the same", revision.where_again.text
    if revision.buffer_m:
        yield "margin", f"{revision.buffer_m:,.0f} m"
    match revision.details:
        case SiteDetails() as site:
            yield "name", " / ".join(filter(None, (site.name_en, site.name_local)))
            yield "area", ", ".join((*site.admin.names, site.admin.pcode)).strip(", ")
            yield "marking", site.marking.says
        case MovementDetails() as movement:
            guards = {True: f"yes: {movement.escort_by}", False: "no", None: "not said"}
            yield "purpose", movement.purpose
            yield "armed escort", guards[movement.armed_escort]
            for number, one in enumerate(movement.vehicles, start=1):
                seen = (one.colour, one.type, one.marking)
                yield f"vehicle {number}", " ".join(filter(None, seen))
            for number, passage in enumerate(passages_of(revision)):
                names = [stop.name for stop in movement.stops if stop.at == number]
                at = f"{passage.eta:%Y-%m-%d %H:%M}Z"
                yield f"position {number}", " ".join((at, *names))
        case AreaDetails() as area:
            yield "code", area.code
            yield "set up by", area.established_by
        case _:
            pass


def _cell(cell: Cell) -> str:
    return (
        f"within {cell.south:.1f} to {cell.north:.1f} N, "
        f"{cell.west:.1f} to {cell.east:.1f} E"
    )


def _window(window: Window) -> str:
    return f"{window.start:%Y-%m-%d %H:%M}Z to {window.end:%Y-%m-%d %H:%M}Z"
