"""Keep what must be true of the repository as a whole."""

import ast
import json
import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "clearline"
BELOW_SERVICE = ("rules", "picture", "geo", "ledger", "wire", "model")
LOCKS = ("run", "dev", "console")


def modules(*rooms: str) -> list[Path]:
    """Return every module of the rooms named, or of the whole house."""
    folders = [SOURCE / room for room in rooms] or [SOURCE]
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def module_id(path: Path) -> str:
    """Name a module as a reader finds it."""
    return str(path.relative_to(SOURCE))


def parse(path: Path) -> ast.Module:
    """Read one module's syntax."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def opened(tree: ast.AST) -> Iterator[int]:
    """Yield the line of every use of the builtin `open`."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id="open", ctx=ast.Load()):
                yield node.lineno


def names_made_up(tree: ast.AST) -> Iterator[str]:
    """Yield every name the code itself makes up."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.arg(arg=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


def words(names: Iterable[str]) -> set[str]:
    """Split names, in either case, into the words they are made of."""
    return {
        word.lower()
        for name in names
        for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
    }


def locked(name: str) -> dict[str, set[str]]:
    """Read a lock: versions by package."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE):
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


def declared(name: str) -> list[Requirement]:
    """Read what pyproject.toml asks for, for running or for developing."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {
        "run": project["project"]["dependencies"],
        "dev": project["dependency-groups"]["dev"],
        "console": project["dependency-groups"]["console"],
    }
    return [Requirement(line) for line in asked[name]]


@pytest.mark.parametrize("path", modules(*BELOW_SERVICE), ids=module_id)
def test_below_service_nothing_opens_a_file(path: Path) -> None:
    """No room below service reaches the disk through the builtin `open`."""
    assert list(opened(parse(path))) == []


def test_the_walk_for_open_sees_one() -> None:
    """The check above finds `open` called, passed on or given another name."""
    for code in ("open('a')", "map(open, names)", "f = open"):
        assert list(opened(ast.parse(code))) == [1], code


@pytest.mark.parametrize("path", modules(), ids=module_id)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    """A reader finds a first sentence at the top of every module."""
    first = (ast.get_docstring(parse(path)) or "").split("\n", 1)[0]
    assert first.endswith((".", "?")), f"{module_id(path)} opens with {first!r}"


@pytest.mark.parametrize("path", modules(), ids=module_id)
def test_no_name_uses_a_word_that_is_not_of_this_house(path: Path) -> None:
    """Names in code keep to the glossary."""
    banned = {"target", "targets", "ack", "acks", "acked", "util", "utils", "misc"}
    assert words(names_made_up(parse(path))) & banned == set()


@pytest.mark.parametrize("path", modules(), ids=module_id)
def test_no_room_is_for_whatever_fits_nowhere_else(path: Path) -> None:
    """A file or a class is named after one idea of the field."""
    classes = [n.name for n in ast.walk(parse(path)) if isinstance(n, ast.ClassDef)]
    banned = {"manager", "helper", "helpers", "util", "utils", "common", "misc", "info"}
    assert words([path.stem, path.parent.name, *classes]) & banned == set()


def test_the_split_into_words_sees_both_cases() -> None:
    """The two checks above look inside CamelCase and snake_case alike."""
    assert words(["HTTPTarget", "ack_at"]) == {"http", "target", "ack", "at"}


@pytest.mark.parametrize("name", LOCKS)
def test_lock_holds_everything_declared(name: str) -> None:
    """What pyproject.toml asks for stands in the lock, in a version it allows."""
    lock = locked(name)
    for requirement in declared(name):
        versions = lock.get(canonicalize_name(requirement.name), set())
        assert versions, f"{requirement} is not in requirements/{name}.txt"
        for version in versions:
            assert requirement.specifier.contains(version), requirement


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash(name: str) -> None:
    """Nothing is installed that is not what it was when the lock was written."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z][\w.-]*==)", text, flags=re.MULTILINE)[1:]
    assert entries
    for entry in entries:
        assert "--hash=sha256:" in entry, entry.split("\n", 1)[0]


def test_what_makes_the_console_is_pinned_by_digest_and_names_no_host() -> None:
    """Scripts are made of the same packages everywhere, from any mirror."""
    lock = json.loads((ROOT / "console" / "package-lock.json").read_bytes())
    made = [one for name, one in lock["packages"].items() if name]
    assert made
    for one in made:
        assert one["integrity"].startswith("sha512-"), one
        assert "resolved" not in one, one


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_host(name: str) -> None:
    """Packages come from whichever index the reader's own pip is set to."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text


def test_both_locks_agree() -> None:
    """Installing what development needs never changes what runs."""
    run, dev = locked("run"), locked("dev")
    for package in run.keys() & dev.keys():
        assert dev[package] <= run[package], package


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_scripts_can_be_run(script: str) -> None:
    """The two commands of the README start without `bash` in front."""
    assert os.access(ROOT / script, os.X_OK)


def test_the_licence_is_whole() -> None:
    """The licence is the full Apache License 2.0, and the project names it."""
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["license"] == "Apache-2.0"
