"""Write the reference pages that follow from the code: errors, entries, commands.

    ./run test reference        writes them anew
    ./run test docs             fails where one is not what the code says now

The sentences come from docstrings and from the messages themselves, so that an
operator finds on the page the very words that were on the screen.
"""

import ast
import enum
import importlib
import inspect
import os
import pkgutil
import re
import subprocess
import sys
import types
import typing
from collections.abc import Iterator
from pathlib import Path

import msgspec

import clearline
from clearline.cli import COMMANDS
from clearline.model.entries import Act
from clearline.model.errors import (
    BadInput,
    BrokenPromise,
    ClearlineError,
    LostCertainty,
)
from clearline.wire.entries import NAMES

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"

BRANCHES = {
    BadInput: "what was given cannot be taken; nothing changed",
    BrokenPromise: "something owed could not be done; what holds now is said",
    LostCertainty: "what is stored or received cannot be trusted; it stops there",
}


def errors_page() -> str:
    """Say for every error what it means, and what it tells people to do."""
    nexts = _next_sentences()
    parts = [
        "# Errors",
        "",
        "Every error answers three questions, in this order: what happened, what",
        "state things are in, what to do next. On a terminal these are three lines;",
        "with `--json` they are `title`, `detail` and `next` of one object, whose",
        "`type` points to this page. Each belongs to one of three branches:",
        "",
        *(f"- **{kind.__name__}**: {says}." for kind, says in BRANCHES.items()),
        "",
        "[Exit codes](exit-codes.md) stand on a page of their own. In the sentences",
        "below, `…` is where a value stands.",
        "",
    ]
    for error in sorted(_errors(), key=lambda kind: kind.__name__):
        branch = next(b for b in BRANCHES if issubclass(error, b))
        parts += [
            f"## {error.__name__}",
            "",
            f"{_first_line(error)} *{branch.__name__}, exit code {error.exit_code}.*",
            "",
            *(f"- {sentence}" for sentence in sorted(nexts.get(error.__name__, ()))),
            "",
        ]
    return _tidy(parts)


def entries_page() -> str:
    """Say for every act what it is, and what each of its fields holds."""
    parts = [
        "# Entries",
        "",
        "The log is what was said, shown, answered, decided, disclosed and tried.",
        "Each entry holds one act. How an entry is written is specified in",
        "[the entry's payload](../spec/entry.md); here stands what each act means.",
        "Acts about a call also carry `clocks`: what the call waits for after them,",
        "each with a `name` and the instant `due_at`.",
        "",
    ]
    for act in typing.get_args(Act):
        parts += [f"## {NAMES[act]}", "", *_docstring(act), ""]
        fields = [f for f in msgspec.structs.fields(act) if f.name != "clocks"]
        if fields:
            parts += ["| field | holds | may be left out |", "|---|---|---|"]
        for field in fields:
            out = "no" if field.required else "yes"
            parts.append(f"| `{field.encode_name}` | {_spell(field.type)} | {out} |")
        parts.append("")
    return _tidy(parts)


def commands_page() -> str:
    """Show what every command says of itself."""
    parts = [
        "# Commands",
        "",
        "`./run ARGS…` in a checkout is the `clearline` command. What each says of",
        "itself:",
        "",
    ]
    for words in ("", *COMMANDS):
        parts += [f"## clearline {words}".rstrip(), "", "```text"]
        parts += [*_help_of(words).splitlines(), "```", ""]
    return _tidy(parts)


PAGES = {
    "errors.md": errors_page,
    "entries.md": entries_page,
    "commands.md": commands_page,
}
"""Every page that follows from the code, and what writes it."""


def write_all() -> None:
    """Write every page anew."""
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")


def _errors() -> Iterator[type[ClearlineError]]:
    """Find every error of the package, the three branches included."""
    for module in _modules():
        for _, kind in inspect.getmembers(module, inspect.isclass):
            is_ours = issubclass(kind, ClearlineError) and kind is not ClearlineError
            if is_ours and kind.__module__ == module.__name__:
                yield kind


def _modules() -> Iterator[types.ModuleType]:
    for found in pkgutil.walk_packages(clearline.__path__, "clearline."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def _next_sentences() -> dict[str, set[str]]:
    """Find what each error tells people to do, wherever it is raised."""
    found: dict[str, set[str]] = {}
    for source in (ROOT / "src" / "clearline").rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name, said = _said_by(node)
            sentence = _sentence(said) if said is not None else ""
            if name and sentence:
                found.setdefault(name, set()).add(sentence)
    return found


def _said_by(node: ast.Call) -> tuple[str, ast.expr | None]:
    """Return the error a call makes and the expression of its third sentence."""
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name == "refuse" and len(node.args) == 3 and isinstance(node.args[0], ast.Name):
        return node.args[0].id, node.args[2]
    for keyword in node.keywords:
        if keyword.arg == "next":
            return name, keyword.value
    return "", None


def _sentence(node: ast.expr) -> str:
    """Write a text expression down, `…` for each value in it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            _sentence(part) if isinstance(part, ast.Constant) else "…"
            for part in node.values
        )
    return ""


def _spell(kind: object) -> str:
    """Say in words what a field holds."""
    if typing.get_origin(kind) is typing.Annotated:
        kind = typing.get_args(kind)[0]
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        parts = [part for part in typing.get_args(kind) if part is not type(None)]
        return " or ".join(_spell(part) for part in parts)
    if typing.get_origin(kind) is tuple:
        return f"list of {_spell(typing.get_args(kind)[0])}"
    if isinstance(kind, typing.NewType):
        return f"id ({kind.__name__})"
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return "one of " + ", ".join(f"`{member.value}`" for member in kind)
    plain = {
        "str": "text",
        "int": "whole number",
        "float": "number",
        "bool": "true or false",
        "datetime": "instant, RFC 3339, UTC",
        "timedelta": "duration, ISO 8601",
    }
    name = getattr(kind, "__name__", str(kind))
    return plain.get(name, f"object ({name})")


def _docstring(kind: type) -> list[str]:
    """Take a class's docstring, its attributes as a list."""
    text = inspect.getdoc(kind) or ""
    head, _, attributes = text.partition("Attributes:")
    lines = [" ".join(block.split()) for block in head.strip().split("\n\n")]
    spoken = [line for paragraph in lines for line in (paragraph, "")]
    told = re.finditer(
        r"^    (\w+): (.*?)(?=^    \w+: |\Z)", attributes, re.DOTALL | re.MULTILINE
    )
    return spoken + [f"- `{one[1]}`: {' '.join(one[2].split())}" for one in told]


def _first_line(kind: type) -> str:
    return (inspect.getdoc(kind) or "").split("\n\n")[0].replace("\n", " ")


def _help_of(words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "clearline", *words.split(), "--help"],
        check=True,
        capture_output=True,
        text=True,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT / "src"),
            "COLUMNS": "80",
            "LANG": "C.UTF-8",
            "TERM": "dumb",
            "NO_COLOR": "1",
        },
    )
    return "\n".join(line.rstrip() for line in done.stdout.strip("\n").splitlines())


def _tidy(parts: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).strip("\n") + "\n"


if __name__ == "__main__":
    write_all()
