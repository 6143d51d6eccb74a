"""Write a case out as a folder that others can check without us.

    report.html          the case as this audience may see it; loads nothing
    report.pdf           the same, where asked for
    case.json            the same as a document
    claims.csv  claims.jsonld  places.geojson
    ledgers/NAME/        each ledger read: checkpoint, tiles, key (C2SP tlog-tiles)
    receipts/NAME-N.json each receipt the report cites (C2SP tlog-proof inside)
    SHA256SUMS           of every file here, as `sha256sum -c` reads it
    VERIFY.txt           how to check all of it

Made beside its place and put there whole. A folder that is there is never touched.
"""

import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from clearline.adapters.files import refusals
from clearline.adapters.keys import VERIFIER_FILE
from clearline.adapters.proving import export_log, prove_entry
from clearline.model.casework import Audience
from clearline.record.dossier import Dossier
from clearline.record.outlines import geometry, located
from clearline.record.page import render
from clearline.record.writing import OtherFileThere
from clearline.wire.casefiles import write_case
from clearline.wire.claims import write_csv, write_geojson, write_jsonld

SUMS: Final = "SHA256SUMS"


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """Name a ledger that goes into the folder.

    Attributes:
        name: As the report calls it.
        path: Its node's data folder.
    """

    name: str
    path: Path


class Bundled(msgspec.Struct, frozen=True, kw_only=True):
    """Say what was written."""

    place: Path
    files: int
    receipts: int
    digest: str


def write_bundle(
    place: Path,
    dossier: Dossier,
    ledgers: Sequence[Ledger] = (),
    *,
    pdf: bytes | None = None,
) -> Bundled:
    """Write everything of a dossier into a new folder.

    Raises:
        OtherFileThere: Something is there already.
        StoreRefused: The disk refused; nothing is left half made.
        LostCertainty: A ledger is not what was signed.
    """
    if place.exists() or place.is_symlink():
        raise OtherFileThere(
            f"{place} is there already.",
            state="Nothing was written.",
            next="Name a folder that is not there yet.",
        )
    made = place.absolute().parent / f".{place.name}.{os.getpid()}.part"
    with refusals(f"making {place}", "Nothing was left half made."):
        try:
            made.mkdir(parents=True)
            receipts = _fill(made, dossier, ledgers, pdf)
            files = _sum(made)
            made.rename(place)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    digest = hashlib.sha256((place / SUMS).read_bytes()).hexdigest()
    return Bundled(place=place, files=files, receipts=receipts, digest=digest)


def digest_of_case(dossier: Dossier) -> str:
    """Return SHA-256 of the case document as it is handed out, hex."""
    return hashlib.sha256(write_case(dossier.case)).hexdigest()


def _fill(
    made: Path, dossier: Dossier, ledgers: Sequence[Ledger], pdf: bytes | None
) -> int:
    case = dossier.case
    there = located(case)
    shapes = {str(place.id): geometry(there.get(place.id)) for place in case.places}
    written = {
        "report.html": render(dossier, digest_of_case(dossier)).encode(),
        "case.json": write_case(case),
        "claims.csv": write_csv(case),
        "claims.jsonld": write_jsonld(case),
        "places.geojson": write_geojson(case, shapes.get),
        "VERIFY.txt": _how(dossier, ledgers).encode(),
    }
    if pdf is not None:
        written["report.pdf"] = pdf
    for name, data in written.items():
        (made / name).write_bytes(data)
    return sum(_ledger(made, dossier, one) for one in ledgers)


def _ledger(made: Path, dossier: Dossier, ledger: Ledger) -> int:
    """Write a ledger out, with the content of the entries the report cites alone."""
    cited = cited_in(dossier, ledger.name)
    name = ledger.name.replace(" ", "-")
    export_log(ledger.path, made / "ledgers" / name, discloses=cited.__contains__)
    for index in sorted(cited):
        file = made / "receipts" / f"{name}-{index:06d}.json"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(prove_entry(ledger.path, index))
    return len(cited)


def cited_in(dossier: Dossier, name: str) -> frozenset[int]:
    """Return the entries of a ledger that a report cites; none for the public."""
    if dossier.audience is Audience.PUBLIC:
        return frozenset()
    return frozenset(
        receipt.index
        for log in dossier.logs
        if log.name == name
        for settled in log.settled
        for sought in settled.sought
        for receipt in sought.found
    )


def _sum(made: Path) -> int:
    files = sorted(one for one in made.rglob("*") if one.is_file())
    lines = [
        f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.relative_to(made)}\n"
        for one in files
    ]
    (made / SUMS).write_text("".join(lines), encoding="utf-8")
    return len(files) + 1


def _how(dossier: Dossier, ledgers: Sequence[Ledger]) -> str:
    lines = [
        f"The case {dossier.case.name}, for: {dossier.whom}.",
        dossier.case.legal,
        "",
        "Whether a file here changed since this was written:",
        "    sha256sum -c SHA256SUMS",
        "",
        "That, every ledger and every receipt at once, with each ledger's key:",
        "    clearline verify . --key KEY",
        "",
    ]
    for one in ledgers:
        name = one.name.replace(" ", "-")
        lines += [
            f"Whether the ledger `{one.name}` is whole, signed and only grew. Get its",
            "key from its owner and compare it aloud; the one beside it proves nothing",
            "by itself:",
            f"    clearline verify ledgers/{name} --key ledgers/{name}/{VERIFIER_FILE}",
            "A single receipt, by itself:",
            f"    clearline verify receipts/{name}-NNNNNN.json --key KEY",
            "",
        ]
    lines += [
        "Without us: `checkpoint` is a C2SP signed note and tlog-checkpoint, `tile/`",
        "is C2SP tlog-tiles, the proof in a receipt a C2SP tlog-proof; any tool that",
        "reads those can check them. An entry's data in the tree is the 32 bytes",
        "SHA-256(salt || envelope).",
        "",
    ]
    return "\n".join(lines)
