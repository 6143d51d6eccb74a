"""Turn what is given in files into acts of a case."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from clearline.ledger.sealed import SealedPart
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
from clearline.record.kept import CaseKeeper, seal_name
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


_KINDS = {NAMES[kind]: kind for kind in CASE_ACTS}


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
    try:
        given = msgspec.json.decode(data, type=_Given)
    except msgspec.MsgspecError as error:
        raise _not_an_act(name, error) from error
    return act_of(given.type, given.act, name, by)


def act_of(type_: str, held: Mapping[str, Any], name: str, by: Actor) -> CaseAct:
    """Make an act of its type and what it holds, by somebody.

    Raises:
        NotAnAct: It is none.
    """
    kind = _KINDS.get(type_)
    if kind is None:
        raise NotAnAct(
            f"{name}: {type_!r} is no act of a case.",
            state="Nothing was recorded.",
            next=f"One of {', '.join(_KINDS)}.",
        )
    unknown = set(held) - set(kind.__struct_fields__)
    if unknown:
        raise NotAnAct(
            f"{name}: {type_} has no {', '.join(sorted(unknown))}.",
            state="Nothing was recorded.",
            next="See docs/reference/entries.md for what it holds.",
        )
    try:
        act: CaseAct = msgspec.convert(
            {**held, "by": msgspec.to_builtins(by)}, kind, strict=False
        )
    except (msgspec.MsgspecError, ValueError) as error:
        raise _not_an_act(name, error) from error
    return act


def _not_an_act(name: str, error: Exception) -> NotAnAct:
    return NotAnAct(
        f"{name} cannot be read as an act of a case: {error}.",
        state="Nothing was recorded.",
        next='Write {"type": "finding_made", "act": {...}} without `by`.',
    )


def take_statements(node: CaseKeeper, case: str, rows: Sequence[StatementRow]) -> int:
    """Take statements into a case; return how many were not there yet."""
    taken = 0
    for row in rows:
        act, parts = statement_of(row, CaseId(case), node.by)
        taken += node.ask(OnCase(act=act), parts) > 0
    return taken


def statement_of(
    row: StatementRow, case: CaseId, by: Actor
) -> tuple[StatementTaken, tuple[SealedPart, ...]]:
    """Make the act that takes a statement, and the sealed name that lies beside it."""
    sealed, parts = None, tuple[SealedPart, ...]()
    if row.name:
        sealed, part = seal_name(row.name)
        parts = (part,)
    act = StatementTaken(
        case=case,
        statement=StatementId(row.id or f"row-{row.row}"),
        by=by,
        role=row.role,
        pseudonym=row.pseudonym,
        said=row.said,
        said_at=row.said_at,
        name=sealed,
    )
    return act, parts


def attach_file(node: CaseKeeper, case: str, file: Path) -> Attached:
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
    kept = node.case(case)
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
