"""Keep the pages true to themselves: links, headings, words, what they load."""

import html.parser
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
AT_THE_TOP = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
PAGES = [*(ROOT / name for name in AT_THE_TOP), *sorted(DOCS.rglob("*.md"))]
DECISIONS = sorted((DOCS / "adr").glob("[0-9]*.md"))
HEADINGS = ("Context", "Drivers", "Options", "Outcome", "Price")
TEXT = {".md", ".py", ".sh", ".toml", ".txt", ".yml", ".yaml", ".json", ".sql", ""}
OURS = ("src", "tests", "docs", "requirements", "changelog.d", ".ci")


def page_id(path: Path) -> str:
    """Name a page as a reader finds it."""
    return str(path.relative_to(ROOT))


def prose(text: str) -> str:
    """Return a page without its fenced code, where nothing is a link."""
    return re.sub(
        r"^( *)(```|~~~).*?^\1\2 *$", "", text, flags=re.DOTALL | re.MULTILINE
    )


def links(text: str) -> Iterator[str]:
    """Yield where each link and picture of a page leads."""
    without_code = re.sub(r"`[^`\n]*`", "", prose(text))
    for match in re.finditer(
        r"\]\(\s*<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\)", without_code
    ):
        yield match[1]


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as mkdocs and code hosts make them."""
    found = set()
    for heading in re.findall(r"^#+ +(.+?) *#*$", prose(text), flags=re.MULTILINE):
        plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        found.add(re.sub(r"[\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip()))
    return found


def tracked_text() -> Iterator[tuple[Path, str]]:
    """Yield every file of ours that is text, with its content."""
    found = [path for path in ROOT.iterdir() if path.is_file() and path.name != ".git"]
    for folder in OURS:
        found += [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    for path in found:
        is_made = {"__pycache__", ".mypy_cache", ".ruff_cache"} & set(path.parts)
        if is_made or path.suffix not in TEXT or path.name.startswith(".venv"):
            continue
        yield path, path.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    """Whoever follows a link of ours finds the page and the heading."""
    for link in links(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        place = (page.parent / name).resolve() if name else page
        assert place.exists(), f"{page_id(page)} links to {link}"
        assert place.is_relative_to(ROOT), f"{page_id(page)} leaves the repository"
        if DOCS in page.parents:
            assert place.is_relative_to(DOCS), f"{link} is not part of the built pages"
        if anchor and place.suffix == ".md":
            known = anchors(place.read_text(encoding="utf-8"))
            assert anchor in known, f"{page_id(page)} links to {link}"


def test_the_search_for_links_sees_them() -> None:
    """The check above finds links and pictures, and none inside code."""
    text = "[a](b.md#c) ![d](<e.png>) `[x](y)`\n```\n[x](z)\n```\n"
    assert list(links(text)) == ["b.md#c", "e.png"]


@pytest.mark.parametrize("page", DECISIONS, ids=page_id)
def test_every_decision_has_its_headings(page: Path) -> None:
    """A decision says what pressed, what was open, what was taken and its price."""
    text = page.read_text(encoding="utf-8")
    number = page.name[:4]
    assert re.match(rf"# {number} \S", text), "the title repeats the number"
    assert tuple(re.findall(r"^## (.+)$", prose(text), re.MULTILINE)) == HEADINGS
    status = r"^(Accepted|Superseded by \[\d{4}\]\(.+\)), \d{4}-\d\d-\d\d\."
    assert re.search(status, text, re.MULTILINE)
    options = text.split("## Options")[1].split("## Outcome")[0]
    weighed = re.split(r"^\d+\. ", options, flags=re.MULTILINE)[1:]
    assert len(weighed) >= 2
    for option in weighed:
        assert re.search(r"Good:\s.+Bad:\s", option, re.DOTALL), option


def test_no_two_decisions_share_a_number() -> None:
    """A number names one decision for ever."""
    numbers = [page.name[:4] for page in DECISIONS]
    assert len(numbers) >= 10
    assert len(set(numbers)) == len(numbers)


def glossary() -> list[tuple[str, str, str]]:
    """Read the rows of the glossary: word, meaning, words not used."""
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert all(len(row) == 3 for row in cells)
    return [(word, means, avoid) for word, means, avoid in cells[1:]]


def test_the_glossary_is_sorted_and_has_each_word_once() -> None:
    """A word is found where the alphabet puts it, and means one thing."""
    words = [word.casefold() for word, _, _ in glossary()]
    assert len(words) > 100
    assert words == sorted(words)
    assert len(set(words)) == len(words)


def test_every_word_is_explained_in_one_sentence() -> None:
    """The glossary says each thing once, and shortly."""
    for word, means, _ in glossary():
        assert means.endswith("."), word
        assert means.count(". ") == 0, word
        assert len(means) <= 140, word


def test_every_dependency_has_its_reason() -> None:
    """Whatever pyproject.toml asks for has a line in the decision on dependencies."""
    text = (DOCS / "adr" / "0009-dependencies.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    rows = re.findall(r"^\| ([a-z][\w-]*) \| .+ \| .+ \|$", text, re.MULTILINE)
    assert set(rows) - {"package"} == {re.split(r"[>=<~]", line)[0] for line in asked}


def test_nothing_names_a_machine_or_a_package_host() -> None:
    """The repository speaks of itself alone: no path of a builder, no index host."""
    parts = [
        ("/wo", "rk/"),
        ("/opt/", "pypi"),
        ("/ro", "ot/"),
        ("pypi", r"\.org"),
        ("python", "hosted"),
        ("registry", r"\.npmjs"),
        ("deb", r"\.debian\.org"),
        (r"\.\./sha", "red"),
        ("DESIGN", r"\.md"),
        ("DECISIONS", r"\.md"),
        ("DOMAIN", r"\.md"),
    ]
    pattern = re.compile("|".join("".join(pair) for pair in parts))
    found = [
        f"{page_id(path)}: {match[0]}"
        for path, text in tracked_text()
        for match in pattern.finditer(text)
    ]
    assert found == []


class Loads(html.parser.HTMLParser):
    """Collect what a page makes a browser fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what this tag fetches."""
        given = {name: value or "" for name, value in attrs}
        if "src" in given:
            self.found.append(given["src"])
        rel = given.get("rel", "").split()
        if tag == "link" and set(rel) & {"stylesheet", "icon", "preload", "preconnect"}:
            self.found.append(given.get("href", ""))


def test_the_pages_build_and_load_nothing_from_elsewhere(tmp_path: Path) -> None:
    """The build finds no fault, and the built pages work with no network."""
    command = [sys.executable, "-P", "-m", "mkdocs", "build", "--strict", "--quiet"]
    built = subprocess.run(
        [*command, "--config-file", str(ROOT / "mkdocs.yml"), "-d", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    assert built.returncode == 0, built.stdout + built.stderr
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) > 10
    for page in pages:
        loads = Loads()
        loads.feed(page.read_text(encoding="utf-8"))
        assert loads.found
        outside = [one for one in loads.found if re.match(r"(?:[a-z]+:)?//", one)]
        assert outside == [], page.name
