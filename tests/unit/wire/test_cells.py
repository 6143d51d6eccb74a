"""No cell begins as a formula does, and what was meant comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearline.wire.cells import cell_text, plain_cell

BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n")


@pytest.mark.parametrize(
    "text", ["=1+1", "+A1", "-2", "@SUM(A1)", "\t=x", "  =x", "\n="]
)
def test_a_formula_gets_an_apostrophe(text):
    """What a spreadsheet would run stands there as text."""
    assert plain_cell(text) == f"'{text}"


@given(st.text(alphabet=st.sampled_from("=+-@\t\r\n' ab\u0623")))
def test_whatever_is_written_comes_back(text):
    """Writing and reading is the same text, and no cell runs."""
    cell = plain_cell(text)
    assert cell_text(cell) == text
    assert not cell.lstrip(" ").startswith(BEGINNINGS)
