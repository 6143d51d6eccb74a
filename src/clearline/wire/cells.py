"""Keep what stands in a cell from being taken for a formula, out and in.

A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a line end
(OWASP, CSV Injection). Such a cell gets an apostrophe in front, which a spreadsheet
shows as text; reading takes exactly that apostrophe away again, so nothing is changed
on the way there and back.
"""

from typing import Final

_RUNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_MARK: Final = "'"


def plain_cell(text: str) -> str:
    """Return a cell's text as no spreadsheet runs it."""
    return f"{_MARK}{text}" if _runs(text) else text


def cell_text(cell: str) -> str:
    """Return the text a cell was written from."""
    return cell[1:] if cell.startswith(_MARK) and _runs(cell) else cell


def _runs(text: str) -> bool:
    """Say whether what follows spaces and apostrophes begins as a formula does."""
    return text.lstrip(f" {_MARK}").startswith(_RUNS)
