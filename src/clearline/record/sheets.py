"""Read statements from a table: CSV or XLSX, first row the names of the columns.

    role, pseudonym, said        required
    id, said_at, name            may be left out; `name` is sealed, and stands
                                 nowhere else

A cell that holds a formula is taken as the text it is; nothing is ever computed. A row
that cannot be taken is named, and then none is: nothing enters by half.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import msgspec
import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from clearline.model.errors import BadInput
from clearline.wire.cells import cell_text

REQUIRED: Final = ("role", "pseudonym", "said")
KNOWN: Final = (*REQUIRED, "id", "said_at", "name")
LONGEST_BYTES: Final = 16 * 2**20
MOST_ROWS: Final = 20_000
MOST_CHARACTERS: Final = 20_000


class NotATable(BadInput):
    """Refuse a table of statements that cannot be taken whole."""


class StatementRow(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one row.

    Attributes:
        row: Where it stands, the row of names being 1.
    """

    row: int
    role: str
    pseudonym: str
    said: str
    id: str = ""
    said_at: str = ""
    name: str = ""


def read_statements(path: Path) -> tuple[StatementRow, ...]:
    """Read every statement of a table.

    Raises:
        NotATable: It is none, or a row of it cannot be taken.
    """
    data = _bytes(path)
    rows = list(_xlsx(path, data) if data[:2] == b"PK" else _csv(path, data))
    if not rows:
        raise _refused(path, "holds no row", "Put the names of the columns first.")
    names = [cell.strip().casefold() for cell in rows[0]]
    unknown = [name for name in names if name and name not in KNOWN]
    missing = [name for name in REQUIRED if name not in names]
    if unknown or missing or len(set(names)) != len(names):
        what = f"has the columns {', '.join(name or '(none)' for name in names)}"
        known = ", ".join(KNOWN)
        raise _refused(
            path, what, f"Have {', '.join(REQUIRED)}, and of {known} each once."
        )
    if len(rows) > MOST_ROWS:
        raise _refused(path, f"has {len(rows)} rows", f"Give {MOST_ROWS} at most.")
    return tuple(
        _row(path, number, names, cells)
        for number, cells in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in cells)
    )


def _row(path: Path, number: int, names: list[str], cells: list[str]) -> StatementRow:
    given = {name: cell for name, cell in zip(names, cells, strict=False) if name}
    for name in REQUIRED:
        if not given.get(name, "").strip():
            raise _refused(path, f"has no {name} in row {number}", "Fill it in.")
    for name, cell in given.items():
        if len(cell) > MOST_CHARACTERS:
            raise _refused(
                path,
                f"has {len(cell)} characters under {name} in row {number}",
                f"Give {MOST_CHARACTERS} at most, and the rest as an attachment.",
            )
    return StatementRow(row=number, **given)


def _csv(path: Path, data: bytes) -> Iterator[list[str]]:
    try:
        text = data.decode("utf-8-sig")
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            yield [cell_text(cell) for cell in row]
    except UnicodeDecodeError as error:
        raise _refused(
            path, f"is no UTF-8: byte {error.start}", "Save it as CSV UTF-8."
        ) from error
    except csv.Error as error:
        raise _refused(path, f"is no CSV: {error}", "Save it anew as CSV.") from error


def _xlsx(path: Path, data: bytes) -> Iterator[list[str]]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(max_row=MOST_ROWS + 1, values_only=True):
            yield ["" if cell is None else cell_text(str(cell)) for cell in row]
    except (
        BadZipFile,
        InvalidFileException,
        KeyError,
        ValueError,
        IndexError,
    ) as error:
        raise _refused(path, "is no XLSX", "Save it anew, or as CSV.") from error


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LONGEST_BYTES:
            raise _refused(path, "is too long", "Give 16 MiB at most.")
        return path.read_bytes()
    except OSError as error:
        raise _refused(
            path, f"cannot be read: {error.strerror}", "Name a file that is there."
        ) from error


def _refused(path: Path, what: str, then: str) -> NotATable:
    return NotATable(f"{path} {what}.", state="No statement was taken.", next=then)
