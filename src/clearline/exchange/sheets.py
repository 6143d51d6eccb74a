"""Read and write sheets: XLSX and CSV, one row a notice.

Every cell is text on its way in and out. A formula is never computed and never
written: one that comes in is a mistake of its cell, and what we write is text even
where it begins as a formula does. The first row that holds a known heading names the
columns; columns nobody knows are kept for the copy with the mistakes, and not read.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, Final

import msgspec
import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from clearline.exchange.formats import FileFormat
from clearline.exchange.layouts import (
    EXAMPLE,
    LAYOUTS,
    TITLES,
    WRONG_AR,
    WRONG_EN,
    Cell,
    Column,
    folded,
    is_wrong_column,
    kind_of,
    known_heading,
)
from clearline.exchange.packed import NotUnpacked, open_zip
from clearline.model.errors import BadInput
from clearline.model.notices import LEGAL_LINE, NoticeKind
from clearline.wire.cells import cell_text, plain_cell
from clearline.wire.xml import NotXml, require_plain

MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 300
LONGEST_CELL: Final = 10_000
_HEADING_WITHIN: Final = 20
_KNOWN_NEEDED: Final = 3
_LEGAL: Final = f"Legal note: {LEGAL_LINE}"
_IS_LEGAL: Final = folded("Legal note")
_WHOLE_DIGITS: Final = 15


class NotASheet(BadInput):
    """Refuse a file that cannot be read as a sheet of sites or movements."""


class Mistake(msgspec.Struct, frozen=True, kw_only=True):
    """Say what is wrong with one row, and where in it.

    Attributes:
        row: Where it stands in the sheet, from 1; in a file of shapes the line.
        column: Key of the column; empty where it concerns the whole row.
        ref: The number the row goes by, as far as it could be read.
        next: What would be right.
    """

    row: int
    column: str = ""
    ref: str = ""
    what: str
    next: str = ""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one row.

    Attributes:
        number: Where it stands, from 1.
        cells: Texts by the key of their column; empty cells are left out.
        raw: Every cell as it stood.
        mistakes: What can be said of its cells alone.
    """

    number: int
    cells: dict[str, str]
    raw: tuple[str, ...]
    mistakes: tuple[Mistake, ...] = ()


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a sheet that was read.

    Attributes:
        headings: As they stood.
        unread: Headings nobody knows.
        examples: Rows that are examples, and were passed over.
    """

    kind: NoticeKind
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    unread: tuple[str, ...] = ()
    examples: int = 0


class _Raw(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a row before its columns are known; a formula by where it stands."""

    number: int
    cells: tuple[str, ...]
    formulas: tuple[int, ...] = ()


def read_sheet(data: bytes, form: FileFormat) -> Sheet:
    """Read a sheet.

    Raises:
        NotASheet: It is none, has no headings that are known, or is too long.
        NotUnpacked, NotXml: It is a zip or holds XML that asks for too much.
    """
    rows = _xlsx(data) if form is FileFormat.XLSX else _csv(data)
    for at, row in enumerate(rows):
        if at >= _HEADING_WITHIN:
            break
        kind = kind_of(list(row.cells))
        if kind and sum(known_heading(kind, one) is not None for one in row.cells) >= (
            _KNOWN_NEEDED
        ):
            return _read(kind, row, rows)
    raise refused(
        "has no headings that are known",
        "Fill in the template: clearline export --template site (or movement).",
    )


def _read(kind: NoticeKind, heading: _Raw, rows: Iterator[_Raw]) -> Sheet:
    keys = [known_heading(kind, text) for text in heading.cells]
    named = [key for key in keys if key is not None]
    twice = sorted({key for key in named if named.count(key) > 1})
    if twice:
        raise refused(f"has the column {twice[0]} twice", "Leave one of them.")
    found, examples = [], 0
    for row in rows:
        if not any(cell.strip() for cell in row.cells):
            continue
        cells = {
            key: text.strip()
            for key, text in zip(keys, row.cells, strict=False)
            if key is not None and text.strip()
        }
        if cells.get("ref", "").startswith(EXAMPLE):
            examples += 1
            continue
        found.append(_checked(row, keys, cells))
        if len(found) > MOST_ROWS:
            raise refused(f"has more than {MOST_ROWS:,} rows", "Give it in parts.")
    unread = [
        text
        for key, text in zip(keys, heading.cells, strict=True)
        if key is None and text.strip() and not _is_ours(text)
    ]
    return Sheet(
        kind=kind,
        headings=heading.cells,
        rows=tuple(found),
        unread=tuple(unread),
        examples=examples,
    )


def _checked(row: _Raw, keys: Sequence[str | None], cells: dict[str, str]) -> Row:
    """Return a row with what can be said of its cells alone."""
    mistakes = []
    for at in row.formulas:
        if at < len(keys) and (key := keys[at]) is not None:
            cells.pop(key, None)
            mistakes.append(
                Mistake(
                    row=row.number,
                    column=key,
                    what="It holds a formula, which is not computed.",
                    next="Write the value itself.",
                )
            )
    for key, text in cells.items():
        if len(text) > LONGEST_CELL:
            mistakes.append(
                Mistake(
                    row=row.number,
                    column=key,
                    what=f"It holds {len(text):,} characters.",
                    next=f"Write {LONGEST_CELL:,} at most.",
                )
            )
    return Row(number=row.number, cells=cells, raw=row.cells, mistakes=tuple(mistakes))


def _is_ours(text: str) -> bool:
    """Say whether a heading is of a column we write and never read."""
    return is_wrong_column(text) or folded(text).startswith(_IS_LEGAL)


def refused(what: str, next_step: str) -> NotASheet:
    """Make the error for a file that is no sheet."""
    return NotASheet(f"The file {what}.", state="No row was taken.", next=next_step)


# --- CSV ---------------------------------------------------------------------------


def _csv(data: bytes) -> Iterator[_Raw]:
    text = _decoded(data)
    first = text[: text.find("\n")] if "\n" in text else text
    separator = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 1
    try:
        for row in rows:
            _require_narrow(row)
            yield _Raw(number=number, cells=tuple(cell_text(cell) for cell in row))
            number = rows.line_num + 1
    except csv.Error as error:
        raise refused(
            f"is no CSV after line {rows.line_num}: {error}", "Save it anew."
        ) from error


def _decoded(data: bytes) -> str:
    name = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise refused(
            f"is no UTF-8: byte {error.start}", "Save it as CSV UTF-8."
        ) from error


def _require_narrow(row: Sequence[object]) -> None:
    if len(row) > MOST_COLUMNS:
        raise refused(f"has {len(row)} columns", f"Give {MOST_COLUMNS} at most.")


# --- XLSX --------------------------------------------------------------------------


def _xlsx(data: bytes) -> Iterator[_Raw]:
    with open_zip(data) as archive:
        for part in archive.infolist():
            if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                require_plain(archive.read(part))
    try:
        yield from _rows_of(data)
    except (NotASheet, NotUnpacked, NotXml):
        raise
    except Exception as error:  # whatever a hostile workbook makes the reader raise
        raise refused("is no XLSX that can be read", "Save it anew, or as CSV.") from (
            error
        )


def _rows_of(data: bytes) -> Iterator[_Raw]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    sheet = book.worksheets[0]
    # A sheet may say it is larger than it is; what is there is what counts.
    sheet.reset_dimensions()
    empty = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = tuple(_text(cell) for cell in row[: MOST_COLUMNS + 1])
        _require_narrow(cells)
        empty = 0 if any(cells) else empty + 1
        if empty > MOST_ROWS:
            return
        yield _Raw(
            number=number,
            cells=cells,
            formulas=tuple(
                at
                for at, cell in enumerate(row)
                if getattr(cell, "data_type", "") == "f"
            ),
        )


def _text(cell: Any) -> str:  # noqa: PLR0911 (one for each type a cell may have)
    """Return a cell as the text a person would have typed."""
    value = cell.value
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case datetime():
            is_day = not any(letter in cell.number_format.lower() for letter in "hs")
            return value.date().isoformat() if is_day else value.isoformat(" ")
        case date() | time():
            return value.isoformat()
        case float():
            whole = value.is_integer() and abs(value) < 10**_WHOLE_DIGITS
            return str(int(value)) if whole else repr(value)
        case _:
            return str(value)


# --- writing -----------------------------------------------------------------------


def write_template(kind: NoticeKind, form: FileFormat) -> bytes:
    """Write an empty sheet with its headings, lists, notes and one example row."""
    example = {one.key: one.example for one in LAYOUTS[kind] if one.example}
    return write_rows(kind, [example], form)


def write_rows(
    kind: NoticeKind, rows: Iterable[dict[str, str]], form: FileFormat
) -> bytes:
    """Write a sheet of rows, each by the keys of its columns."""
    columns = LAYOUTS[kind]
    table = ([row.get(one.key, "") for one in columns] for row in rows)
    headings = [*(one.heading for one in columns), _LEGAL]
    if form is FileFormat.CSV:
        return _written_csv(headings, table)
    return _written_xlsx(kind, headings, columns, table)


def write_marked(sheet: Sheet, mistakes: Iterable[Mistake], form: FileFormat) -> bytes:
    """Write a sheet again as it came, with what is wrong at the end of each row.

    Only rows that have mistakes say something; what stood there before is replaced,
    so that a corrected copy can be corrected again.
    """
    kept = [at for at, text in enumerate(sheet.headings) if not _is_ours(text)]
    headings = [
        *(sheet.headings[at] for at in kept),
        f"{WRONG_EN}\n{WRONG_AR}",
        _LEGAL,
    ]
    labels = {one.key: one for one in LAYOUTS[sheet.kind]}
    said: dict[int, list[str]] = {}
    for one in mistakes:
        label = labels[one.column].en if one.column in labels else ""
        text = f"{f'{label}: ' if label else ''}{one.what} {one.next}".strip()
        said.setdefault(one.row, []).append(text)
    table = (
        [
            *(row.raw[at] if at < len(row.raw) else "" for at in kept),
            "\n".join(said.get(row.number, ())),
        ]
        for row in sheet.rows
    )
    if form is FileFormat.CSV:
        return _written_csv(headings, table)
    columns = [
        labels.get(known_heading(sheet.kind, sheet.headings[at]) or "") for at in kept
    ]
    return _written_xlsx(sheet.kind, headings, columns, table)


def _written_csv(headings: list[str], rows: Iterable[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([heading.replace("\n", " / ") for heading in headings])
    for row in rows:
        writer.writerow([plain_cell(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


_HEAD: Final = Font(bold=True)
_NEEDED: Final = PatternFill("solid", fgColor="FFE8B3")
_WRONG: Final = PatternFill("solid", fgColor="FFD6D6")
_WRAPPED: Final = Alignment(wrap_text=True, vertical="top")
_WIDTH: Final = 22
_WIDE: Final = 60
_LAST: Final = MOST_ROWS + 1


def _written_xlsx(
    kind: NoticeKind,
    headings: list[str],
    columns: Sequence[Column | None],
    rows: Iterable[list[str]],
) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(TITLES[kind][0])
    sheet.freeze_panes = "B2"
    for at, heading in enumerate(headings, 1):
        wide = _is_ours(heading)
        dimension = sheet.column_dimensions[get_column_letter(at)]
        dimension.width = _WIDE if wide else _WIDTH
        dimension.number_format = "@"  # what is typed stays as it is typed
    for at, column in enumerate(columns, 1):
        if column is not None and column.choices:
            found = _list_of(column, get_column_letter(at))
            sheet.data_validations.append(found)
    known = [*columns, *[None] * (len(headings) - len(columns))]
    sheet.append(
        [
            _heading(sheet, heading, column)
            for heading, column in zip(headings, known, strict=True)
        ]
    )
    for row in rows:
        sheet.append([_cell(sheet, text) if text else None for text in row])
    _explain(book, kind)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _heading(sheet: Any, text: str, column: Column | None) -> Any:
    cell = _cell(sheet, text)
    cell.font, cell.alignment = _HEAD, _WRAPPED
    if column is not None:
        needed = " Needed." if column.is_required else ""
        cell.comment = Comment(f"{column.says}{needed}", "clearline", 120, 320)
        if column.is_required:
            cell.fill = _NEEDED
    elif is_wrong_column(text):
        cell.fill = _WRONG
    return cell


def _cell(sheet: Any, text: str) -> Any:
    """Make a cell that is text, whatever it begins with."""
    cell = WriteOnlyCell(sheet, value=_sayable(text[:32_767]))
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _sayable(text: str) -> str:
    """Leave out what a sheet cannot hold (ECMA-376 part 1, §22.4.2.4)."""
    return openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)


def _list_of(column: Column, letter: str) -> DataValidation:
    words = ",".join(value for value, _ in column.choices)
    # Words in Arabic are taken as well, so the list offers and does not insist.
    found = DataValidation(
        type="list", formula1=f'"{words}"', allow_blank=True, showErrorMessage=False
    )
    found.add(f"{letter}2:{letter}{_LAST}")
    return found


def _explain(book: Any, kind: NoticeKind) -> None:
    """Add a sheet that says what stands in each column."""
    notes = book.create_sheet("Notes")
    for letter, width in (("A", 30), ("B", 30), ("C", 80), ("D", 14), ("E", 60)):
        notes.column_dimensions[letter].width = width
    for row in (
        [LEGAL_LINE],
        ["Each row is one notice. The row marked EXAMPLE is not read."],
        [],
        ["Column", "العمود", "What stands in it", "Needed", "Words of the list"],
        *(
            [
                one.en,
                one.ar,
                one.says,
                "yes" if one.is_required else "",
                ", ".join(f"{value} = {arabic}" for value, arabic in one.choices),
            ]
            for one in LAYOUTS[kind]
        ),
    ):
        notes.append([_cell(notes, text) for text in row])


__all__ = [
    "Cell",
    "Mistake",
    "NotASheet",
    "Row",
    "Sheet",
    "read_sheet",
    "write_marked",
    "write_rows",
    "write_template",
]
