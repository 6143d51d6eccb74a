"""Run what the pages show.

A page marks a block that can be run, and may say how it ends:

    <!-- tested -->              or  <!-- tested exit=2 -->
    ```console
    $ ./run place "9 km south of the airfield"
    what it prints, where … on a line stands for anything, several lines too
    ```

Each page has a folder of its own, in which its blocks run one after another; what
lies beside the page in a folder of its name lies there. The output is compared where
some is shown; a command with none shown only has to end as it should. What is printed
on stderr, such as progress, is not shown in pages.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(
    r"^<!-- tested(?: exit=(?P<exit>\d+))? -->\n+```console\n(?P<body>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one command of a page, what it prints and how it ends."""

    command: str
    shows: str
    ends_with: int = 0

    @property
    def arguments(self) -> list[str]:
        """Return the arguments of `./run`, without a remark at the end."""
        words = shlex.split(self.command, comments=True)
        assert words[0] == "./run", f"only ./run is run, not {words[0]!r}"
        return words[1:]

    def matches(self, printed: str) -> bool:
        """Say whether this was printed; `…` stands for anything."""
        if not self.shows.strip():
            return True
        parts = [re.escape(part) for part in _trimmed(self.shows).split("…")]
        return re.fullmatch(".*".join(parts), _trimmed(printed), re.DOTALL) is not None


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def examples(text: str) -> Iterator[Example]:
    """Yield the examples of a page, in order."""
    for block in BLOCK.finditer(text):
        commands = re.split(r"^\$ ", block["body"], flags=re.MULTILINE)
        assert not commands[0], "a block begins with a command"
        for one in commands[1:]:
            command, _, shows = one.partition("\n")
            ends_with = int(block["exit"] or 0)
            yield Example(command=command, shows=shows, ends_with=ends_with)


def call(example: Example, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one example as `./run` would, in a folder of its own."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "clearline", *example.arguments],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": str(ROOT / "src"),
            "LANG": "C.UTF-8",
            "COLUMNS": "88",
            "NO_COLOR": "1",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_every_example_does_what_its_page_says(tmp_path: Path) -> None:
    """Whoever types what a page shows sees what the page shows."""
    for number, page in enumerate(PAGES):
        folder = tmp_path / str(number)
        beside = page.with_suffix("")
        if beside.is_dir():
            shutil.copytree(beside, folder)
        else:
            folder.mkdir()
        for example in examples(page.read_text(encoding="utf-8")):
            done = call(example, folder)
            said = f"{page}: $ {example.command}\n{done.stdout}\n{done.stderr}"
            assert done.returncode == example.ends_with, said
            assert example.matches(done.stdout), said


def test_every_mark_has_its_block() -> None:
    """No page carries a mark under which nothing is run."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        marks = re.findall(r"^<!-- tested\b.*", text, re.MULTILINE)
        assert len(marks) == len(BLOCK.findall(text)), page


def test_a_page_is_read_as_it_looks() -> None:
    """Commands, output and ending are told apart; `…` stands for anything."""
    text = (
        "<!-- tested exit=2 -->\n```console\n$ ./run place 'a b'  # why\none\n…\n"
        "end\n$ ./run x\n```\n```console\n$ ./run not-marked\n```\n"
    )
    first, second = examples(text)
    assert (first.arguments, first.ends_with) == (["place", "a b"], 2)
    assert first.matches("one\ntwo\nthree\nend\n")
    assert not first.matches("one\nend of something else\n")
    assert second.matches("anything")
