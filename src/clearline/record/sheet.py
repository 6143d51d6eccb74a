"""Write a page of tables as a PDF: what a replay shows, for paper.

The same sheet gives the same bytes; see `pdf`.
"""

import msgspec

from clearline.record.pdf import typeset


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one table.

    Attributes:
        widths: How wide its columns are, against each other.
    """

    heading: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a page of tables.

    Attributes:
        title: What stands above it.
        when: The moment it was taken at, in words.
        stamps: REPLAY, MODEL.
        says: A few sentences under the title.
        foot: Lines at its end.
        lang: Language of its headings, as BCP 47 has it.
        is_rtl: Whether that is written from right to left.
    """

    title: str
    when: str
    stamps: tuple[str, ...]
    says: str
    tables: tuple[Table, ...]
    foot: tuple[str, ...]
    lang: str = "en"
    is_rtl: bool = False


def write_sheet(sheet: Sheet) -> bytes:
    """Write it as a PDF.

    Raises:
        PdfNotInstalled: The package typst is not installed.
        FacesNotMade: It is in a script whose face is not here.
    """
    return typeset("sheet.typ", msgspec.to_builtins(sheet))
