"""Turn what is given in files into acts of a case."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from clearline.model.case_acts import (
    CASE_ACTS,
    AttachmentAdded,
    CaseAct,
    CustodyLogged,
    StatementTaken,
)
from clearline.model.casework import AttachmentId, CaseId, Handling, StatementId
from clearline.model.commands import OnCase
from clearline.model.errors import BadInput
from clearline.model.parties import Actor
from clearline.record.kept import CaseDesk, seal_name
from clearline.record.sheets import StatementRow
from clearline.wire.entries import NAMES

_MEDIA = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".pdf": "application/pdf",
    ".txt": "text/plain",
    ".mp4": "video/mp4",
    ".wav": "audio/wav",
}


class NotAnAct(BadInput):
    """Refuse a file that holds no act of a case."""


class Attached(msgspec.Struct, frozen=True, kw_only=True):
    """Say what came of attaching a file.

    Attributes:
        sha256: What its bytes hash to now.
        was: What they hashed to when it was added.
    """

    name: str
    sha256: str
    was: str
    is_new: bool


class _Given(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type: str
    act: dict[str, Any]


def read_act(data: bytes, name: str, by: Actor) -> CaseAct:
    """Read an act as the reference of entries has it, by somebody.

    Raises:
        NotAnAct: It is none.
    """
    kinds = {NAMES[kind]: kind for kind in CASE_ACTS}
    try:
        given = msgspec.json.decode(data, type=_Given)
        kind = kinds[given.type]
        unknown = set(given.act) - set(kind.__struct_fields__)
        if unknown:
            raise NotAnAct(
                f"{name}: {given.type} has no {', '.join(sorted(unknown))}.",
                state="Nothing was recorded.",
                next="See docs/reference/entries.md for what it holds.",
            )
        act: CaseAct = msgspec.convert(
            {**given.act, "by": msgspec.to_builtins(by)}, kind, strict=False
        )
    except KeyError as error:
        raise NotAnAct(
            f"{name}: {error} is no act of a case.",
            state="Nothing was recorded.",
            next=f"One of {', '.join(kinds)}.",
        ) from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise NotAnAct(
            f"{name} cannot be read as an act of a case: {error}.",
            state="Nothing was recorded.",
            next='Write {"type": "finding_made", "act": {...}} without `by`.',
        ) from error
    return act


def take_statements(node: CaseDesk, case: str, rows: Sequence[StatementRow]) -> int:
    """Take statements into a case; return how many were not there yet."""
    taken = 0
    for row in rows:
        sealed, parts = (None, ()) if not row.name else _sealed(row.name)
        number = row.id or f"row-{row.row}"
        act = StatementTaken(
            case=CaseId(case),
            statement=StatementId(number),
            by=node.by,
            role=row.role,
            pseudonym=row.pseudonym,
            said=row.said,
            said_at=row.said_at,
            name=sealed,
        )
        taken += node.ask(OnCase(act=act), parts) > 0
    return taken


def _sealed(name: str) -> tuple[Any, tuple[Any, ...]]:
    sealed, part = seal_name(name)
    return sealed, (part,)


def attach_file(node: CaseDesk, case: str, file: Path) -> Attached:
    """Add a file to a case, or look at one that was added; both are logged."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise BadInput(
            f"{file} cannot be read: {error.strerror}.",
            state="Nothing was recorded.",
            next="Name a file that is there and that you may read.",
        ) from error
    digest = hashlib.sha256(data).hexdigest()
    kept = node.picture.cases.get(CaseId(case))
    there = kept.attachments if kept else ()
    known = next((one for one in there if one.name == file.name), None)
    name = AttachmentId(file.name)
    if known is None:
        added = AttachmentAdded(
            case=CaseId(case),
            attachment=name,
            by=node.by,
            name=file.name,
            media_type=_MEDIA.get(file.suffix.casefold(), "application/octet-stream"),
            sha256=digest,
            bytes_long=len(data),
        )
        node.enter([added])
    checked = CustodyLogged(
        case=CaseId(case),
        attachment=name if known is None else known.id,
        by=node.by,
        did=Handling.RECEIVED if known is None else Handling.CHECKED,
        sha256=digest,
    )
    node.enter([checked])
    return Attached(
        name=file.name,
        sha256=digest,
        was=digest if known is None else known.sha256,
        is_new=known is None,
    )
