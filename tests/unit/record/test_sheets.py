"""Statements come from tables as text; a table that cannot be taken is named."""

import openpyxl
import pytest

from clearline.record.sheets import NotATable, read_statements

HEAD = "role,pseudonym,said,name\n"


def table(folder, text, name="s.csv"):
    """Write a table."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def book(folder, rows):
    """Write a workbook."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    path = folder / "s.xlsx"
    made.save(path)
    return path


def test_rows_of_both_forms_are_the_same(tmp_path):
    """CSV with its mark and XLSX give one statement a row; empty rows are none."""
    text = "\ufeff" + HEAD + 'driver,A,"It fell, then\nstopped.",Jo\n,,,\n'
    from_csv = read_statements(table(tmp_path, text))
    rows = [
        ["role", "pseudonym", "said", "name"],
        ["driver", "A", "It fell, then\nstopped.", "Jo"],
    ]
    assert read_statements(book(tmp_path, rows)) == from_csv
    assert (from_csv[0].row, from_csv[0].name) == (2, "Jo")


def test_a_formula_is_text(tmp_path):
    """Nothing is computed, whatever a cell says it is."""
    rows = [["role", "pseudonym", "said"], ["driver", "A", '=HYPERLINK("x","y")']]
    (row,) = read_statements(book(tmp_path, rows))
    assert row.said == '=HYPERLINK("x","y")'
    (row,) = read_statements(table(tmp_path, "role,pseudonym,said\nd,A,'=1+1\n"))
    assert row.said == "=1+1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no row"),
        ("role,said\nd,x\n", "has the columns role, said"),
        ("role,pseudonym,said,age\nd,A,x,9\n", "has the columns"),
        ("role,pseudonym,said,said\nd,A,x,y\n", "has the columns"),
        (HEAD + "driver,A,,Jo\n", "has no said in row 2"),
        (HEAD + "driver,A," + "x" * 20_001 + ",\n", "20001 characters under said"),
        (HEAD + 'driver,A,"x,\n', "is no CSV"),
    ],
)
def test_a_table_that_cannot_be_taken_is_named(tmp_path, text, said):
    """Which column or row, and that nothing was taken."""
    with pytest.raises(NotATable) as refused:
        read_statements(table(tmp_path, text))
    assert said in refused.value.what
    assert refused.value.state == "No statement was taken."


def test_what_is_no_table_is_refused(tmp_path):
    """Bytes that only begin like a workbook, or are no text."""
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"PK\x03\x04nonsense")
    with pytest.raises(NotATable):
        read_statements(path)
    path.write_bytes(b"role,pseudonym,said\nd,A,\xff\n")
    with pytest.raises(NotATable):
        read_statements(path)
    with pytest.raises(NotATable):
        read_statements(tmp_path / "gone.csv")
