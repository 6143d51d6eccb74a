"""Read a whole file: its format, what its rows ask for, and what is wrong with some."""

import re
from collections.abc import Callable, Iterator
from typing import Final

import msgspec
from msgspec.structs import replace

from clearline.exchange.formats import SHEETS, FileFormat, format_of
from clearline.exchange.handed_rows import cells_of
from clearline.exchange.layouts import LAYOUTS
from clearline.exchange.movement_rows import take_movement
from clearline.exchange.packed import unpacked_gzip
from clearline.exchange.shapes import take_shapes
from clearline.exchange.sheets import Mistake, Row, Sheet, read_sheet
from clearline.exchange.site_rows import take_site
from clearline.exchange.taking import Taken, Taking
from clearline.geo.gazetteer import Gazetteer
from clearline.model.faults import Severity
from clearline.model.notice_details import Request
from clearline.model.notices import NoticeKind
from clearline.rules.admin_areas import admin_faults
from clearline.service.imports import Refusal, Wanted

MOST_SHAPES: Final = 100_000
"""How many shapes one file may hold."""

GZIPPED: Final = ".gz"


class Intake(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a file says, row by row.

    Attributes:
        notes: What was decided in reading each row: row, number, sentence.
        sheet: The sheet it was, for the copy with its mistakes.
    """

    form: FileFormat
    kind: NoticeKind
    wanted: tuple[Wanted, ...]
    refusals: tuple[Refusal, ...]
    notes: tuple[tuple[int, str, str], ...]
    sheet: Sheet | None = None


def read_file(
    name: str,
    data: bytes,
    taking: Taking,
    count: Callable[[int, int], None] | None = None,
) -> Intake:
    """Read a file of any format.

    Args:
        name: What it is called.
        data: Its bytes, packed or not.
        taking: What whoever imports says of all of it.
        count: Told how many rows are read, of how many; 0 where nobody knows yet.

    Raises:
        NotAFile, NotASheet, NotXml, NotUnpacked, NotFeatures: As a whole it is not
            what it should be.
    """
    data = unpacked_gzip(data)
    form = format_of(name.removesuffix(GZIPPED), data)
    sheet = read_sheet(data, form) if form in SHEETS else None
    kind = sheet.kind if sheet is not None else taking.kind
    wanted, refusals = list[Wanted](), list[Refusal]()
    notes: list[tuple[int, str, str]] = []
    total = len(sheet.rows) if sheet is not None else 0
    for done, taken in enumerate(_taken(data, form, sheet, taking)):
        if count is not None:
            count(done, total)
        notes += ((taken.row, taken.ref, note) for note in taken.notes)
        refusals += (refusal_of(one) for one in taken.mistakes)
        if not taken.mistakes:
            wanted.append(_wanted(taken))
        if len(wanted) > MOST_SHAPES:
            refusals.append(
                Refusal(
                    row=taken.row,
                    what=f"A file of more than {MOST_SHAPES:,} is not taken at once.",
                    next="Give it in parts.",
                )
            )
            break
    return Intake(
        form=form,
        kind=kind,
        wanted=tuple(wanted),
        refusals=tuple(refusals),
        notes=tuple(notes),
        sheet=sheet,
    )


def _taken(
    data: bytes, form: FileFormat, sheet: Sheet | None, taking: Taking
) -> Iterator[Taken]:
    if sheet is None:
        yield from take_shapes(data, form, taking)
        return
    take = take_site if sheet.kind is NoticeKind.SITE else take_movement
    for row in sheet.rows:
        yield take(row, taking)


def held_against(
    intake: Intake,
    gazetteer: Gazetteer | None,
    count: Callable[[int, int], None] | None = None,
) -> Intake:
    """Hold each point of a file against the administrative area its row states.

    What does not lie in it is refused at its row; what is doubtful is a note there.
    What could not be checked is said once for the file, with how many rows it is of.
    """
    wanted, refusals, notes = list[Wanted](), list(intake.refusals), list(intake.notes)
    unchecked: dict[str, list[Wanted]] = {}
    for done, each in enumerate(intake.wanted):
        if count is not None:
            count(done, len(intake.wanted))
        faults = admin_faults(each.revision, gazetteer) if each.revision else ()
        refused = [one for one in faults if one.severity is Severity.REFUSE]
        refusals += (
            Refusal(
                row=each.row,
                ref=each.ref,
                column=one.field,
                what=one.wrong,
                next=one.right,
            )
            for one in refused
        )
        for one in faults:
            if one.severity is Severity.NOT_CHECKED:
                unchecked.setdefault(one.wrong, []).append(each)
            elif one not in refused:
                notes.append((each.row, each.ref, f"{one.wrong} {one.right}"))
        if not refused:
            wanted.append(each)
    said = [(0, "", _said_once(why, rows)) for why, rows in unchecked.items()]
    return replace(
        intake,
        wanted=tuple(wanted),
        refusals=tuple(refusals),
        notes=(*said, *notes),
    )


def _said_once(why: str, rows: list[Wanted]) -> str:
    return f"Not checked in {len(rows):,} rows, first in row {rows[0].row}: {why}"


def intake_of(wanted: tuple[Wanted, ...]) -> Intake | None:
    """Return a file again from what it asked for, as far as that is still known."""
    if not wanted:
        return None
    return Intake(
        form=FileFormat.XLSX,
        kind=wanted[0].kind,
        wanted=wanted,
        refusals=(),
        notes=(),
    )


def has_sheet(intake: Intake) -> bool:
    """Say whether what a file says can stand in a sheet, to be completed there."""
    return intake.sheet is not None or intake.kind in LAYOUTS


def sheet_of(intake: Intake) -> Sheet:
    """Return the sheet a file was; of shapes, a sheet of what they say so far."""
    if intake.sheet is not None:
        return intake.sheet
    columns = LAYOUTS[intake.kind]
    rows = []
    for each in intake.wanted:
        if each.revision is None or each.kind is not intake.kind:
            continue
        cells, _ = cells_of(each.revision)
        cells |= {"request": Request.ADD, "ref": cells.get("ref") or each.ref}
        raw = tuple(cells.get(one.key, "") for one in columns)
        rows.append(Row(number=each.row, cells=cells, raw=raw))
    return Sheet(
        kind=intake.kind,
        headings=tuple(one.heading for one in columns),
        rows=tuple(rows),
    )


def _wanted(taken: Taken) -> Wanted:
    return Wanted(
        row=taken.row,
        ref=taken.ref,
        kind=taken.kind,
        request=taken.request,
        revision=taken.revision,
        phones=taken.private.phones,
        plates=taken.private.plates,
        names=taken.private.names,
        is_start_said=taken.is_start_said,
        is_end_said=taken.is_end_said,
    )


def refusal_of(one: Mistake) -> Refusal:
    """Say a mistake of reading as the reason why its row was not taken."""
    return Refusal(
        row=one.row, ref=one.ref, column=one.column, what=one.what, next=one.next
    )


def mistake_of(one: Refusal) -> Mistake:
    """Say why a row was not taken as a mistake, for the copy of its sheet."""
    return Mistake(
        row=one.row,
        ref=one.ref,
        column=column_of(one.column),
        what=one.what,
        next=one.next,
    )


_COLUMNS: Final = {
    "where": "place",
    "where_again": "place",
    "window.end": "valid_until",
    "window.start": "valid_from",
    "tells": "recipients",
    "consents": "recipients",
    "details.admin": "admin1",
    "details.contacts": "contact_1_bearer",
    "details.vehicles": "vehicles",
    "details.flight.type": "aircraft",
    "details.flight.callsign": "flight_callsign",
    "details.flight.landing_zone": "landing_zone",
    "details.stops": "place_1_name",
    "band": "datum",
    "shape": "place_1",
}
"""The column a field of a notice is filled in from, where it has another name."""

_PASSAGE: Final = re.compile(r"shape\.passages\[(\d+)\]\.(eta|dwell_for)")
_ENDS: Final = {"eta": "at", "dwell_for": "stays_min"}


def column_of(field: str) -> str:
    """Return the key of the column that a field of a notice comes from."""
    if found := _PASSAGE.fullmatch(field):
        return f"place_{int(found[1]) + 1}_{_ENDS[found[2]]}"
    plain = re.sub(r"\[\d+\]", "", field)
    for path, key in _COLUMNS.items():
        if plain == path or plain.startswith(f"{path}."):
            return key
    return plain.removeprefix("details.").replace(".", "_")
