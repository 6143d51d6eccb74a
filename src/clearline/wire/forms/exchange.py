"""Hold the API's forms of files that are taken in and handed out."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from clearline.model.instants import Instant
from clearline.model.notices import NoticeKind, Precision
from clearline.model.parties import PersonId
from clearline.wire.forms.calls import Named, Text


class Whose(StrEnum):
    """Name whose notices leave."""

    OWN = "own"
    TOLD = "told"


class SheetForm(StrEnum):
    """Name how a sheet is written."""

    XLSX = "xlsx"
    CSV = "csv"


class Tell(msgspec.Struct, frozen=True, kw_only=True):
    """Name a desk that is told of everything in a file, and how exactly."""

    desk: Named
    precision: Precision = Precision.COARSE


class ImportWanted(msgspec.Struct, frozen=True, kw_only=True):
    """Give a file to be taken in.

    Attributes:
        name: What it is called; its ending says the format where its bytes do not.
        data: The file, base64; it may be packed with gzip.
        kind: What shapes are that do not say; a sheet says it by its headings.
        is_whole: Nothing is filed unless every row can be; otherwise row by row.
        is_trial: Only tried: nothing is filed.
        zone: Time zone of times that say none: `UTC+3`, `Asia/Damascus`.
        until: Until when a notice holds that says no end.
        tells: Desks told of everything in it. Telling cannot be undone.
        consent_by: Who agreed that they know.
        sets: What is said of every shape that does not say it, by the field's name:
            `established_by`, `admin_names`, `contacts`.
    """

    name: Annotated[str, Meta(min_length=1, max_length=255)]
    data: bytes
    kind: NoticeKind = NoticeKind.SITE
    is_whole: bool = True
    is_trial: bool = False
    zone: Annotated[str, Meta(max_length=64)] = ""
    until: Instant | None = None
    tells: Annotated[tuple[Tell, ...], Meta(max_length=100)] = ()
    consent_by: Text = ""
    sets: dict[str, Text] = {}


class RowRefused(msgspec.Struct, frozen=True, kw_only=True):
    """Say why a row was not taken.

    Attributes:
        row: Row of a sheet, line of any other file, from 1; 0 for the whole file.
        column: Key of the column; empty where it concerns the whole row.
        ref: The number it goes by.
        next: What would be right.
    """

    row: int
    column: str
    ref: str
    what: str
    next: str


class RowNoted(msgspec.Struct, frozen=True, kw_only=True):
    """Say what was decided or left out in reading a row."""

    row: int
    ref: str
    says: str


class ImportShown(msgspec.Struct, frozen=True, kw_only=True):
    """Say how far an import is.

    Attributes:
        state: `reading`, `checking`, `waiting` (for a second person), `filing`,
            `done`, `refused` (nothing was filed), or `taken back` (nothing stands
            any more).
        total: Rows that ask for something; 0 while nobody knows.
        done: Rows that were dealt with in this state.
        unchanged: Rows that say what stands already.
        examples: Example rows that were passed over.
        unread: Columns nobody knows, and were not read.
        refused: Rows that were not taken: the first of them.
        refused_count: How many reasons there are in all.
        noted: What was decided in reading: the first of it.
        has_sheet: Whether the same sheet with its mistakes can be fetched.
        by: Who gave it.
        approved_by: The second person, where the party asks for one.
    """

    id: str
    name: str
    form: str
    kind: NoticeKind
    state: str
    is_whole: bool
    is_trial: bool
    total: int
    done: int
    filed: int
    amended: int
    withdrawn: int
    unchanged: int
    examples: int
    unread: tuple[str, ...]
    refused: tuple[RowRefused, ...]
    refused_count: int
    noted: tuple[RowNoted, ...]
    noted_count: int
    has_sheet: bool
    by: PersonId | None = None
    approved_by: PersonId | None = None
    began_at: Instant
    ended_at: Instant | None
    legal_note: str


class ImportsWaiting(msgspec.Struct, frozen=True, kw_only=True):
    """List imports that wait for a second person of the party."""

    items: tuple[ImportShown, ...]


class ExportQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Say which notices leave.

    Attributes:
        of: One's own, or what one's desk was told by others, as exactly as told.
        kind: Of one kind only; needed for a sheet.
        is_over: Also those that are withdrawn, expired or completed.
        after: Only what changed since the log had so many entries.
    """

    of: Whose = Whose.OWN
    kind: NoticeKind | None = None
    is_over: bool = False
    after: Annotated[int, Meta(ge=0)] = 0


class TemplateQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Say how a template is written."""

    form: SheetForm = SheetForm.XLSX
