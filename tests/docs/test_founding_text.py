"""The page of the nineteen rows is held to commands that run and tests that exist."""

import ast
import shlex
from functools import cache

import pytest

from clearline.cli import build
from docs.founding import ROWS
from docs.generated import ROOT


@cache
def printed(command: str, folder: str) -> str:
    """Run a command once, in this process, and keep what it prints."""
    import contextlib  # noqa: PLC0415
    import io  # noqa: PLC0415

    words = shlex.split(command)
    if words[0] == "replay":
        words += ["--out", f"{folder}/day"]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        build(words)(words, result_action="return_value")
    return out.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> str:
    """Give the commands a place to write."""
    return str(tmp_path_factory.mktemp("rows"))


def test_there_are_nineteen_rows() -> None:
    """One row a sentence, none left out."""
    assert list(ROWS) == list(range(1, 20))


@pytest.mark.parametrize("number", ROWS)
def test_the_command_of_a_row_shows_it(number: int, folder: str) -> None:
    """What the page says is shown is in what the command prints."""
    said = " ".join(printed(ROWS[number].command, folder).split())
    for words in ROWS[number].prints:
        assert words in said, words


@pytest.mark.parametrize("number", ROWS)
def test_the_test_of_a_row_exists(number: int) -> None:
    """The test the page names is there and says what it holds."""
    file, _, name = ROWS[number].test.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    (found,) = (
        one
        for one in tree.body
        if isinstance(one, ast.FunctionDef) and one.name == name
    )
    assert ast.get_docstring(found)
