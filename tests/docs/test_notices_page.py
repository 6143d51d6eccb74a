"""What the page on notices shows is run against a node, word for word."""

import io
import re
import shlex

import pytest

from api.nodes import PASSWORD, running
from clearline.cli import main
from docs.generated import ROOT
from docs.test_examples import Example

PAGE = (ROOT / "docs" / "how-to" / "file-notices.md").read_text(encoding="utf-8")
FORMS = re.findall(
    r"^<!-- file (\S+) -->\n```json\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL
)
RUNS = re.findall(
    r"^<!-- as (\w+)(?:, ends with (\d))? -->\n```console\n(.*?)^```$",
    PAGE,
    re.MULTILINE | re.DOTALL,
)


@pytest.fixture
def at_a_desk(tmp_path, monkeypatch, capsys):
    """Give a command line for each person, beside a running node, and the forms."""
    for name, form in FORMS:
        (tmp_path / name).write_text(form, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with running(tmp_path / "data") as served:
        served.service.operator.listens(served.url)

        def run(person, *words, typed="", ends_with=0):
            monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / person))
            monkeypatch.setattr("sys.stdin", io.StringIO(typed))
            capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                main([*words, "--data", str(served.service.folder)])
            said = capsys.readouterr()
            assert (ended.value.code or 0) == ends_with, said.out + said.err
            return said.out

        for person in ("lina", "duty"):
            run(person, "sign-in", person, typed=f"{PASSWORD}\n")
        yield run


def test_what_is_typed_at_the_page_answers_as_shown(at_a_desk):
    """Every form is whole, and every command says what the page says it does."""
    assert len(FORMS) == PAGE.count("<!-- file ")
    assert len(RUNS) == PAGE.count("<!-- as ")
    for person, ends_with, block in RUNS:
        for typed in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shows = typed.partition("\n")
            words = shlex.split(command)
            assert words.pop(0) == "clearline"
            said = at_a_desk(person, *words, ends_with=int(ends_with or 0))
            example = Example(command=command, shows=shows)
            assert example.matches(said), f"$ {command}\n{said}"
