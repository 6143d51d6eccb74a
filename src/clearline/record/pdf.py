"""Write a case as a PDF: the same bytes for the same case.

The text of a case goes in as data and is never read as markup. No time, no path and no
font of this machine enters the file. The faces that come with typst have Latin, Greek,
Cyrillic and Hebrew letters; those of `faces` add Arabic and Devanagari. Characters of
any other script are counted on the first page. Where the faces were not made, a case
that needs them is refused: it would be another file than elsewhere.
"""

import importlib.util
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from clearline.model.caselinks import contested
from clearline.model.errors import BadInput
from clearline.model.facts import Source
from clearline.record import views
from clearline.record.dossier import Dossier
from clearline.record.faces import folder_of_faces, is_printed


class PdfNotInstalled(BadInput):
    """Refuse to write a PDF where the package for it is missing."""


class FacesNotMade(BadInput):
    """Refuse to write a PDF whose script needs a face that was not made here."""


def can_write_pdf() -> bool:
    """Say whether the package is there."""
    return importlib.util.find_spec("typst") is not None


def require_typst() -> None:
    """Refuse where no PDF can be written.

    Raises:
        PdfNotInstalled: The package typst is not installed.
    """
    if not can_write_pdf():
        raise PdfNotInstalled(
            "The package typst is not installed.",
            state="No PDF was written.",
            next="Install it for the Python that runs clearline (`pip install typst`), "
            "or print the HTML page.",
        )


def write_pdf(dossier: Dossier, digest: str) -> bytes:
    """Write the PDF.

    Args:
        dossier: The case as this audience may see it.
        digest: SHA-256 of the case document it was made from, hex.

    Raises:
        PdfNotInstalled: The package typst is not installed.
        FacesNotMade: The case is in a script whose face is not here.
    """
    return typeset("report.typ", _told(dossier, digest))


def typeset(template: str, told: dict[str, Any]) -> bytes:
    """Write what is told by one of our templates, as a PDF.

    Args:
        template: The template's name; it reads the input `dossier`.
        told: What it prints; its characters that no face has are counted in it, as
            `unprinted`.

    Raises:
        PdfNotInstalled: The package typst is not installed.
        FacesNotMade: It is in a script whose face is not here.
    """
    require_typst()
    import typst  # noqa: PLC0415 (an extra)

    unprinted, faces = _unprinted(told), folder_of_faces()
    if unprinted and not any(faces.glob("*.ttf")):
        raise FacesNotMade(
            f"{unprinted} characters of it need faces that were not made here.",
            state="No PDF was written.",
            next="Call ./run once where it can fetch packages, or print the HTML page.",
        )
    whole = msgspec.json.encode({**told, "unprinted": unprinted}).decode()
    found = [faces] if faces.is_dir() else []
    pdf = typst.compile(
        _template(template),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=found),
        sys_inputs={"dossier": whole},
        timestamp=0,
    )
    assert isinstance(pdf, bytes)  # noqa: S101 (one document, one output)
    return pdf


@cache
def _template(name: str) -> bytes:
    folder = resources.files("clearline.record.page") / "templates"
    return (folder / name).read_bytes()


def _told(dossier: Dossier, digest: str) -> dict[str, Any]:
    case, teller = dossier.case, views.Teller(dossier.case)
    questions = views.by_question(teller)
    return {
        "title": case.title,
        "name": case.name,
        "audience": dossier.whom,
        "digest": digest,
        "summary": case.summary,
        "legal": case.legal,
        "zone": case.zone,
        "counts": _counts(dossier),
        "questions": [
            {
                "asks": row.asks,
                "cells": [
                    {"column": column, "versions": [_version(one) for one in cell]}
                    for column, cell in zip(questions.columns, row.cells, strict=True)
                ],
            }
            for row in questions.rows
        ],
        "logs": [
            {
                "name": log.name,
                "is_model": log.is_model,
                "looked_at": log.looked_at,
                "known": [
                    {
                        "says": f"{log.name}: {item.item}: {item.says}",
                        "rows": [
                            [
                                row.who,
                                row.told or "-",
                                row.shown or "-",
                                row.acknowledged or "-",
                                row.read_back or "-",
                            ]
                            for row in item.rows
                        ],
                    }
                    for item in log.known
                ],
                "settled": [
                    {
                        "asks": one.asks,
                        "decided": one.decided,
                        "why": one.because or f"settled by {one.settled_by}",
                        "sought": [
                            f"{sought.shows}: "
                            + (
                                "; ".join(
                                    f"entry {receipt.index}, {receipt.at}"
                                    for receipt in sought.found
                                )
                                or "missing"
                            )
                            for sought in one.sought
                        ],
                    }
                    for one in log.settled
                ],
            }
            for log in dossier.logs
        ],
        "moments": [
            {
                "utc": one.utc,
                "local": one.local,
                "told": one.told,
                "version": _version(one.version),
            }
            for one in views.by_time(teller)
        ],
        "spots": [
            {
                "name": one.name,
                "shape": one.shape,
                "told": one.told,
                "put": one.put,
                "control": [
                    f"{held.utc or 'nobody says when'}: {held.says}"
                    for held in one.control
                ],
            }
            for one in views.by_place(teller)
        ],
        "edges": [
            {
                "cause_says": one.cause_says,
                "effect_says": one.effect_says,
                "version": _version(one.version),
            }
            for one in views.by_consequence(teller)
        ],
        "kept": [{"head": head, "said": said} for head, said in _kept(dossier)],
        "voices": [
            {"title": one.name, "rest": f"({one.kind}; {one.leaning}{_of(one.of)})"}
            for one in case.voices
        ],
        "sources": [
            {
                "title": one.title,
                "rest": f"{one.date} ({one.kind}; {one.leaning}) {_graded(one)}",
            }
            for one in case.sources
        ],
    }


def _of(party: str) -> str:
    return f"; of {party}" if party else ""


def _graded(source: Source) -> str:
    return f"{source.reliability}: {source.graded}" if source.graded else ""


def _version(one: views.Version) -> dict[str, Any]:
    return {
        "says": one.says,
        "marks": one.marks,
        "by": one.by[::-1],
        "sources": one.sources,
        "grade": one.grade,
    }


def _counts(dossier: Dossier) -> str:
    case = dossier.case
    taken = ", ".join(f"{count} {kind}" for kind, count in dossier.withheld.items())
    return (
        f"{len(case.claims)} claims from {len(case.sources)} sources; "
        f"{len(contested(case.claims))} are contested. No version wins here. "
        + (
            f"Withheld from this audience: {taken}."
            if taken
            else "Nothing was withheld."
        )
    )


def _kept(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """Return what was kept, line by line: what it is, and what somebody wrote."""
    kept = dossier.kept
    if kept is None:
        return
    yield from (("Harm reported", text) for text in kept.harm)
    yield from (
        (f"Statement {one.id}, {one.role}, {one.pseudonym}", one.said)
        for one in kept.statements
    )
    for one in kept.attachments:
        changed = f"; found changed {len(one.changed)} times" if one.changed else ""
        yield "Attachment", f"{one.name}: SHA-256 {one.sha256}{changed}"
    for alleged in kept.allegations:
        yield f"Allegation against {alleged.against}", alleged.says
        yield from (("Reply", said) for said in alleged.replies or ("none",))
    yield from ((one.whose, one.says) for one in kept.findings)
    yield from (
        ("Referred", f"to {one.to}, who may see: {one.sees}") for one in kept.referrals
    )
    yield from (
        (f"Lesson of {one.owner}, {'closed' if one.closed_at else 'open'}", one.says)
        for one in dossier.lessons
    )


def _unprinted(value: Any) -> int:
    if isinstance(value, str):
        return sum(not is_printed(c) for c in value if c not in "\n\r\t")
    if isinstance(value, dict):
        return sum(_unprinted(one) for one in value.values())
    if isinstance(value, list | tuple):
        return sum(_unprinted(one) for one in value)
    return 0
