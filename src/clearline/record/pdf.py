"""Write a case as a PDF: the same bytes for the same case.

The text of a case goes in as data and is never read as markup. No time, no path and no
font of this machine enters the file. The fonts that come with typst have Latin, Greek
and Cyrillic; characters of other scripts are counted on the first page.
"""

import importlib.util
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, Final

import msgspec

from clearline.model.caselinks import contested
from clearline.model.errors import BadInput
from clearline.record import views
from clearline.record.dossier import Dossier

_PRINTED: Final = ((0x20, 0x52F), (0x1E00, 0x1FFF), (0x2000, 0x22FF), (0xFB00, 0xFB06))


class PdfNotInstalled(BadInput):
    """Refuse to write a PDF where the package for it is missing."""


def can_write_pdf() -> bool:
    """Say whether the package is there."""
    return importlib.util.find_spec("typst") is not None


def write_pdf(dossier: Dossier, digest: str) -> bytes:
    """Write the PDF.

    Args:
        dossier: The case as this audience may see it.
        digest: SHA-256 of the case document it was made from, hex.

    Raises:
        PdfNotInstalled: The package typst is not installed.
    """
    if not can_write_pdf():
        raise PdfNotInstalled(
            "The package typst is not installed.",
            state="No PDF was written.",
            next="Install it (pip install 'clearline[pdf]'), or print report.html.",
        )
    import typst  # noqa: PLC0415 (an extra)

    told = _told(dossier, digest)
    whole = msgspec.json.encode({**told, "unprinted": _unprinted(told)}).decode()
    pdf = typst.compile(
        _template(),
        sys_inputs={"dossier": whole},
        ignore_system_fonts=True,
        timestamp=0,
    )
    assert isinstance(pdf, bytes)  # noqa: S101 (one document, one output)
    return pdf


@cache
def _template() -> bytes:
    folder = resources.files("clearline.record.page") / "templates"
    return (folder / "report.typ").read_bytes()


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
        "kept": list(_kept(dossier)),
        "sources": [
            f"{one.title}, {one.date} ({one.kind}; {one.leaning})"
            for one in case.sources
        ],
    }


def _version(one: views.Version) -> dict[str, Any]:
    return {
        "says": one.says,
        "marks": one.marks,
        "by": " < ".join(reversed(one.by)),
        "sources": "; ".join(one.sources),
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


def _kept(dossier: Dossier) -> Iterator[str]:
    kept = dossier.kept
    if kept is None:
        return
    yield from (f"Harm reported: {text}" for text in kept.harm)
    yield from (
        f"Statement {one.id}, {one.role}, {one.pseudonym}: {one.said}"
        for one in kept.statements
    )
    for one in kept.attachments:
        changed = f"; found changed {len(one.changed)} times" if one.changed else ""
        yield f"Attachment {one.name}: SHA-256 {one.sha256}{changed}"
    for alleged in kept.allegations:
        replies = "; ".join(alleged.replies) or "none"
        yield f"Allegation against {alleged.against}: {alleged.says} Reply: {replies}"
    yield from (
        f"Finding of {' and '.join(one.parties)}: {one.says}" for one in kept.findings
    )
    yield from (
        f"Referred to {one.to}, who may see: {one.sees}" for one in kept.referrals
    )
    yield from (
        f"Lesson of {one.owner}: {one.says} ({'closed' if one.closed_at else 'open'})"
        for one in dossier.lessons
    )


def _unprinted(value: Any) -> int:
    if isinstance(value, str):
        return sum(
            not any(least <= ord(c) <= most for least, most in _PRINTED)
            for c in value
            if c not in "\n\r\t"
        )
    if isinstance(value, dict):
        return sum(_unprinted(one) for one in value.values())
    if isinstance(value, list | tuple):
        return sum(_unprinted(one) for one in value)
    return 0
