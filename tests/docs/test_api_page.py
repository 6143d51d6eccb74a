"""What the page on the API shows is run against a node, word for word."""

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess

import pytest

from api.nodes import running
from docs.generated import ROOT
from docs.test_examples import Example

PAGE = (ROOT / "docs" / "how-to" / "use-the-api.md").read_text(encoding="utf-8")
CURL = re.findall(
    r"^<!-- run by curl -->\n```console\n\$ (.*?)^```$", PAGE, re.MULTILINE | re.DOTALL
)
PYTHON = re.findall(
    r"^<!-- run by python -->\n```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL
)


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    """Run the node the page speaks to."""
    with running(tmp_path_factory.mktemp("page") / "data") as served:
        yield served


@pytest.fixture(scope="module")
def token(node):
    """Sign the page's person in."""
    with node.as_person("lina") as lina:
        yield lina.headers["authorization"].removeprefix("Bearer ")


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_what_is_typed_at_curl_answers_as_shown(node, token):
    """Whoever types what the page shows sees what it shows."""
    assert len(CURL) == PAGE.count("<!-- run by curl -->") > 0
    for block in CURL:
        command, _, shows = block.partition("\n")
        words = [
            word.replace("$URL", node.url).replace("$TOKEN", token)
            for word in shlex.split(command)
        ]
        done = subprocess.run(
            words,
            check=True,
            capture_output=True,
            encoding="utf-8",
            timeout=30,
            env={"PATH": os.environ["PATH"]},
        )
        example = Example(command=command, shows=shows)
        assert example.matches(done.stdout), f"$ {command}\n{done.stdout}"


def test_what_is_written_in_python_runs(node, token):
    """The page's program raises a STOP that is recorded, and is told of a refusal."""
    (program,) = PYTHON
    printed = io.StringIO()
    given = {"URL": node.url, "TOKEN": token, "AUTHORITY": None}
    with contextlib.redirect_stdout(printed):
        exec(compile(program, "use-the-api.md", "exec"), given)  # noqa: S102 (our page)
    called, refused = printed.getvalue().splitlines()
    assert re.fullmatch(r"\d+ RINGING recorded", called)
    assert refused == "404 notthere"
