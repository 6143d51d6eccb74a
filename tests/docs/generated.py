"""Write the reference pages that follow from the code: errors, entries, commands.

    ./run test reference        writes them anew
    ./run test docs             fails where one is not what the code says now

The sentences come from docstrings and from the messages themselves, so that an
operator finds on the page the very words that were on the screen. What no code says
stands in `written.py`.
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
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

import clearline
from clearline.adapters.settings import PREFIX, SETTINGS_FILE, Settings
from clearline.cli import COMMANDS
from clearline.exchange.layouts import LAYOUTS, TITLES
from clearline.model.casefiles import CaseFile
from clearline.model.claims import Claim
from clearline.model.entries import Act
from clearline.model.errors import (
    BadInput,
    BrokenPromise,
    ClearlineError,
    LostCertainty,
)
from clearline.model.notices import LEGAL_LINE
from clearline.replay.records import load_case
from clearline.web.app import ENDPOINTS
from clearline.web.endpoints import Endpoint, May, Repeat
from clearline.web.openapi import noun_of
from clearline.wire.entries import NAMES
from docs.founding import ROWS
from docs.written import API, API_RATES, CASE_FORMAT, ENTRIES, ERRORS, FOUNDING_TEXT

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"

BRANCHES = {
    BadInput: "what was given cannot be taken; nothing changed",
    BrokenPromise: "something owed could not be done; what holds now is said",
    LostCertainty: "what is stored or received cannot be trusted; it stops there",
}


class Message(NamedTuple):
    """Hold the three sentences of an error as the code writes them."""

    what: str
    state: str
    next: str


def errors_page() -> str:
    """Say for every error what it means, what holds then and what to do."""
    said = messages()
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
    for error in sorted(errors(), key=lambda kind: kind.__name__):
        branch = next(b for b in BRANCHES if issubclass(error, b))
        parts += [
            f"## {error.__name__}",
            "",
            f"{_first_line(error)} *{branch.__name__}, exit code {error.exit_code}.*",
            "",
            ERRORS.get(error.__name__, ""),
            "",
        ]
        if found := sorted(said.get(error.__name__, ())):
            parts += ["| it says | then | do |", "|---|---|---|"]
            parts += [
                "| " + " | ".join(_cell(one) for one in row) + " |" for row in found
            ]
        parts.append("")
    return _tidy(parts)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|") or "…"


def entries_page() -> str:
    """Say for every act what it is, who writes it and what each field holds."""
    acts = typing.get_args(Act)
    parts = [
        "# Entries",
        "",
        "The log is what was said, shown, answered, decided, disclosed and tried.",
        "Each entry holds one act. How an entry is written is specified in",
        "[the entry's payload](../spec/entry.md); here stands what each act means,",
        "and after the acts what the [objects](#objects) within them hold.",
        "Acts about a call also carry `clocks`: what the call waits for after them,",
        "each a [Clock](#clock).",
        "",
    ]
    for act in acts:
        writer, changes = ENTRIES[NAMES[act]]
        parts += [f"## {NAMES[act]}", "", *_docstring(act), ""]
        parts += [f"Written by: {writer}. Changes: {changes}.", ""]
        parts += _fields(act)
    parts += ["## Objects", ""]
    for kind in sorted(_objects(acts), key=lambda kind: kind.__name__):
        parts += [f"### {kind.__name__}", "", *_docstring(kind), ""]
        if kind.__struct_config__.tag is not None:
            config = kind.__struct_config__
            parts += [f"Its `{config.tag_field}` is `{config.tag}`.", ""]
        parts += _fields(kind)
    return _tidy(parts)


def _fields(kind: type[msgspec.Struct]) -> list[str]:
    fields = [f for f in msgspec.structs.fields(kind) if f.name != "clocks"]
    if not fields:
        return []
    rows = [
        f"| `{field.encode_name}` | {_spell(field.type)} | "
        f"{'no' if field.required else 'yes'} |"
        for field in fields
    ]
    return ["| field | holds | may be left out |", "|---|---|---|", *rows, ""]


def _objects(acts: Iterable[type]) -> set[type[msgspec.Struct]]:
    """Find every object that stands within an act, however deep."""
    return _objects_of(
        [field.type for act in acts for field in msgspec.structs.fields(act)]
    )


def _objects_of(kinds: Iterable[object]) -> set[type[msgspec.Struct]]:
    """Find every object among these types and within them."""
    found: set[type[msgspec.Struct]] = set()
    waiting: list[typing.Any] = list(kinds)
    while waiting:
        kind = waiting.pop()
        waiting += [part for part in typing.get_args(kind) if part is not Ellipsis]
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            if kind not in found:
                waiting += [field.type for field in msgspec.structs.fields(kind)]
            found.add(kind)
    return found


def commands_page() -> str:
    """Show what every command says of itself."""
    parts = [
        "# Commands",
        "",
        "`./run ARGS…` in a checkout is the `clearline` command. What each says of",
        "itself; how each ends is on [the page of exit codes](exit-codes.md).",
        "",
    ]
    for words in ("", *COMMANDS):
        parts += [f"## clearline {words}".rstrip(), "", "```text"]
        parts += [*_help_of(words).splitlines(), "```", ""]
    return _tidy(parts)


def case_format_page() -> str:
    """Say what stands in a case file, kind by kind."""
    parts = [CASE_FORMAT.strip(), "", "## The document", "", *_fields(CaseFile)]
    for kind in sorted(_objects((CaseFile,)), key=lambda kind: kind.__name__):
        parts += [f"### {kind.__name__}", "", *_docstring(kind), ""]
        if kind.__struct_config__.tag is not None:
            config = kind.__struct_config__
            parts += [f"Its `{config.tag_field}` is `{config.tag}`.", ""]
        parts += _fields(kind)
    return _tidy(parts)


def founding_page() -> str:
    """Say for each sentence of the founding text what it asks and what answers."""
    case = load_case("deir-ez-zor-2016").case
    parts = [FOUNDING_TEXT.strip(), ""]
    for number, row in ROWS.items():
        told = [claim for claim in case.claims if number in claim.sentences]
        parts += [f"## Sentence {number}", "", row.asks, ""]
        parts += [f"- {_told(claim)}" for claim in told]
        parts += ["", f"Shown by `clearline {row.command}`.", ""]
        file, _, name = row.test.partition("::")
        parts += [f"Held by `{name}` in `{file}`.", ""]
    return _tidy(parts)


def _told(claim: Claim) -> str:
    chain = " < ".join(reversed(claim.by)) or "the text"
    marks = [claim.modality.value, *(flag.value for flag in claim.flags)]
    tag = claim.what.__struct_config__.tag
    return f"`{claim.id}` ({tag}; {chain}; {', '.join(marks)}): {claim.says}"


def settings_page() -> str:
    """List every setting by section, as a node reads it."""
    parts = [
        "# Settings",
        "",
        f"A node reads `{SETTINGS_FILE}` in its data folder: a TOML file with a table",
        "for each section here. Every setting has a default, so a node starts without",
        "one. A name in the environment wins over the file; several values are parted",
        "by commas. A secret may be given as `NAME_FILE`, the path of a file holding",
        "it alone. A name or value that cannot be meant stops the start, and is named.",
        "",
    ]
    for section in msgspec.structs.fields(Settings):
        kind = section.type
        parts += [f"## [{section.name}]", "", _first_line(kind), ""]
        parts += ["| setting | environment | holds | default | what it does |"]
        parts += ["|---|---|---|---|---|"]
        for field in msgspec.structs.fields(kind):
            name = f"{PREFIX}{section.name}_{field.name}".upper()
            parts.append(
                f"| `{field.name}` | `{name}` | {_spell(field.type)} | "
                f"{_default(field.default)} | {_meant(field.type)} |"
            )
        parts.append("")
    return _tidy(parts)


def api_page() -> str:
    """List every operation of the API by noun, and the forms they take and give."""
    parts = [API.strip(), ""]
    nouns: dict[str, list[Endpoint]] = {}
    for one in ENDPOINTS:
        nouns.setdefault(noun_of(one.path), []).append(one)
    for noun, operations in nouns.items():
        parts += [f"## About {noun}", ""]
        for one in operations:
            parts += _operation(one)
    parts += ["## Forms", ""]
    kinds = [kind for one in ENDPOINTS for kind in (one.takes, one.gives) if kind]
    for kind in sorted(_objects_of(kinds), key=_by_name):
        parts += [f"### {kind.__name__}", "", *_docstring(kind), ""]
        if kind.__struct_config__.tag is not None:
            config = kind.__struct_config__
            parts += [f"Its `{config.tag_field}` is `{config.tag}`.", ""]
        parts += _fields(kind)
    return _tidy(parts)


def _by_name(kind: type) -> tuple[str, str]:
    """Order forms by name, and those of one name by where they stand."""
    return kind.__name__, kind.__module__


def _operation(one: Endpoint) -> list[str]:
    """Say of one operation what it does, who may ask, how often, and what comes."""
    gives = _spell(one.gives) if one.gives else "nothing"
    if one.media != "application/json":
        gives = f"`{one.media}`"
    also = "".join(f"; {status}: {means}" for status, means in one.also.items())
    said = [f"{one.does} {one.says}".strip(), "", f"- name: `{one.name}`"]
    said += [f"- who may: {_who(one.may)}", f"- how often: {_how_often(one)}"]
    if one.takes is not None:
        said.append(f"- takes: {_spell(one.takes)}")
    if one.method == "POST":
        said.append(f"- with a key that came before: {AGAIN[one.repeat]}")
    said.append(f"- gives: {one.status}, {gives}{also}")
    if one.query is not None:
        said += ["", "In the query:", "", *_fields(one.query)]
        said += [line for line in _docstring(one.query) if line.startswith("- ")]
    return [f"### {one.method} {one.path}", "", *said, ""]


AGAIN = {
    Repeat.KEPT: "the same answer, done once",
    Repeat.UNTOLD: "refused, done once and told once",
    Repeat.BY_ID: "looked at anew, by id or by what stands",
}


def _who(may: May) -> str:
    if may.is_open:
        return "anybody"
    roles = sorted(role.value for role in may.roles)
    persons = (
        f"a person who is {' or '.join(roles)}" if roles else "any signed-in person"
    )
    return (
        persons
        + (", a device at a desk" if may.has_device else "")
        + (f", a machine client with `{may.scope}`" if may.scope else "")
    )


def _how_often(one: Endpoint) -> str:
    if one.rate is None:
        return API_RATES.get(one.name, "never held up")
    return f"{one.rate.burst:g} at once, then {one.rate.per_second:g} a second"


def _default(value: object) -> str:
    """Write a default as the settings file would."""
    if isinstance(value, tuple):
        return "`[" + ", ".join(f'"{one}"' for one in value) + "]`"
    if isinstance(value, bool):
        return f"`{value}`".lower()
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


def _meant(kind: object) -> str:
    """Take the sentence a setting carries."""
    said = [
        part.description
        for part in typing.get_args(kind)[1:]
        if isinstance(part, msgspec.Meta) and part.description
    ]
    return " ".join(said)


def sheets_page() -> str:
    """Write the columns of the sheets, from the layouts themselves."""
    lines = [
        "# Sheets of sites and movements",
        "",
        "Columns of XLSX and CSV, as `clearline export --template` writes them and",
        "`clearline import` reads them; [how to](../how-to/keep-your-tools.md). A",
        "heading is known by its English words, its Arabic words, both, or its key.",
        f"Notices: {LEGAL_LINE[0].lower()}{LEGAL_LINE[1:]}",
    ]
    for kind, columns in LAYOUTS.items():
        lines += [
            "",
            f"## {TITLES[kind][0]}",
            "",
            "| key | heading | العنوان | takes | needed | what stands in it |",
            "|---|---|---|---|---|---|",
        ]
        for one in columns:
            words = ", ".join(f"{value} ({arabic})" for value, arabic in one.choices)
            takes = f"{one.cell}: {words}" if words else one.cell
            needed = "yes" if one.is_required else ""
            lines.append(
                f"| `{one.key}` | {one.en} | {one.ar} | {takes} | {needed} | "
                f"{one.says} |"
            )
    return "\n".join([*lines, ""])


PAGES = {
    "errors.md": errors_page,
    "case-format.md": case_format_page,
    "founding-text.md": founding_page,
    "entries.md": entries_page,
    "commands.md": commands_page,
    "settings.md": settings_page,
    "api.md": api_page,
    "sheets.md": sheets_page,
}
"""Every page that follows from the code, and what writes it."""


def write_all() -> None:
    """Write every page anew."""
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")


def errors() -> Iterator[type[ClearlineError]]:
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


def messages() -> dict[str, set[Message]]:
    """Find what each error says, wherever it is raised."""
    found: dict[str, set[Message]] = {}
    for source in (ROOT / "src" / "clearline").rglob("*.py"):
        for name, call in _calls(ast.parse(source.read_text(encoding="utf-8"))):
            message = _message(name, call)
            if message is not None:
                found.setdefault(_named(name, call), set()).add(message)
    return found


def _calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Yield each call with the name called; `__init__` is its class's."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node
        if not isinstance(node, ast.ClassDef):
            continue
        for inner in ast.walk(node):
            is_init = isinstance(inner, ast.Call) and (
                isinstance(inner.func, ast.Attribute) and inner.func.attr == "__init__"
            )
            if is_init:
                yield node.name, inner


def _named(name: str, call: ast.Call) -> str:
    """Name the error a call makes; `refuse` is given it."""
    if name == "refuse" and isinstance(call.args[0], ast.Name):
        return call.args[0].id
    return name


def _message(name: str, call: ast.Call) -> Message | None:
    if name == "refuse" and len(call.args) == 3:
        _, what, following = map(_sentence, call.args)
        return Message(what, "Nothing was recorded.", following)
    given = {one.arg: one.value for one in call.keywords}
    if not {"state", "next"} <= set(given) or not call.args:
        return None
    return Message(
        _sentence(call.args[0]), _sentence(given["state"]), _sentence(given["next"])
    )


def _sentence(node: ast.expr) -> str:
    """Write a text expression down, `…` for each value in it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            _sentence(part) if isinstance(part, ast.Constant) else "…"
            for part in node.values
        )
    if isinstance(node, ast.BinOp):
        return _sentence(node.left) + _sentence(node.right)
    return "…"


def _spell(kind: object) -> str:  # noqa: PLR0911 (a table of kinds, from the top)
    """Say in words what a field holds."""
    if typing.get_origin(kind) is typing.Annotated:
        kind = typing.get_args(kind)[0]
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        parts = [part for part in typing.get_args(kind) if part is not type(None)]
        return " or ".join(_spell(part) for part in parts)
    if typing.get_origin(kind) is tuple:
        return f"list of {_spell(typing.get_args(kind)[0])}"
    if typing.get_origin(kind) is frozenset:
        return f"set of {_spell(typing.get_args(kind)[0])}"
    if typing.get_origin(kind) is typing.Literal:
        return "one of " + ", ".join(f"`{one}`" for one in typing.get_args(kind))
    if typing.get_origin(kind) is dict:
        return "object"
    if isinstance(kind, typing.NewType):
        return f"id ({kind.__name__})"
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return "one of " + ", ".join(f"`{member.value}`" for member in kind)
    plain = {
        "str": "text",
        "bytes": "base64 (RFC 4648)",
        "Raw": "a whole payload",
        "int": "whole number",
        "float": "number",
        "bool": "true or false",
        "datetime": "instant, RFC 3339, UTC",
        "timedelta": "duration, ISO 8601",
    }
    name = getattr(kind, "__name__", str(kind))
    return plain.get(name, f"[{name}](#{name.lower()})")


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
