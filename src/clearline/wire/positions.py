"""Read a document into nodes that know their line and column.

The documents are a subset of YAML 1.2: mappings, lists and text, and nothing that
means anything by itself. Every scalar is text until somebody asks for more (so
`no`, `1e3` and `2016-09-17` are themselves); a key stands once; anchors, aliases,
tags, directives and second documents are refused; so is what would take more than
a moment to read. JSON is within the subset.

Lines and columns count from 1, columns in characters.
"""

import re
from collections.abc import Iterator
from typing import NoReturn, TypeAlias

import msgspec
import yaml

LONGEST = 262_144
"""Bytes of a scenario at most."""
DEEPEST = 16
"""Lists and mappings within each other at most."""
MOST_NODES = 20_000
"""Values and keys of a scenario at most."""


class Limits(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say how much of a document is read.

    Attributes:
        longest: Bytes at most.
        deepest: Lists and mappings within each other at most.
        most_nodes: Values and keys at most.
    """

    longest: int = LONGEST
    deepest: int = DEEPEST
    most_nodes: int = MOST_NODES


# Line breaks an editor does not count, control characters, and marks that turn
# the direction of the text after them so that it reads as something else.
_UNWELCOME = re.compile(
    "\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ufffe\uffff]"
)

_HINTS = {
    "mapping values are not allowed": "quotes around a text that holds `: `",
    "found character '\\t'": "spaces for indentation, never tabs",
    "expected <block end>": "the indentation of the lines above",
    "could not find expected ':'": "`: ` after the key, or the text in quotes",
    "unexpected end of stream": "the closing quote",
    "expected ',' or ']'": "a comma, or the closing `]`",
    "expected ',' or '}'": "a comma, or the closing `}`",
    "cannot start any token": "quotes around a text that starts like this",
    "unknown escape character": "one of YAML's escapes, or single quotes",
}


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one scalar: its text and where it starts."""

    line: int
    column: int
    text: str


class Items(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a list and where it starts."""

    line: int
    column: int
    items: tuple["Node", ...]


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a mapping and where it starts; each key is kept with its position."""

    line: int
    column: int
    entries: tuple[tuple[Text, "Node"], ...]

    def get(self, word: str) -> "Node | None":
        """Return the value under a key, or nothing."""
        return next((value for key, value in self.entries if key.text == word), None)


Node: TypeAlias = Text | Items | Keys


class Mistake(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one mistake in a document.

    Attributes:
        line: From 1.
        column: From 1, in characters.
        found: What stands there, as the end of a sentence.
        expected: What would be right, as the end of a sentence.
    """

    line: int
    column: int
    found: str
    expected: str


class Unreadable(Exception):
    """Carry the mistake that ends the reading of a document."""

    def __init__(self, mistake: Mistake) -> None:
        """Keep the mistake."""
        super().__init__(mistake.found)
        self.mistake = mistake


_USUAL = Limits()


def read_nodes(data: bytes, limits: Limits = _USUAL) -> Node:
    """Read a document into nodes.

    Raises:
        Unreadable: It is none, or goes past the subset or its limits.
    """
    if len(data) > limits.longest:
        _refuse(
            1, 1, f"{len(data)} bytes", f"a document of at most {limits.longest} bytes"
        )
    events = _events(_decode(data))
    root: Node | None = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if event.version or event.tags:
                _refuse_at(event, "a directive", "no line that starts with `%`")
            if root is not None:
                _refuse_at(event, "a second document", "one document in a file")
            root = _Builder(events, limits).build(next(events), depth=1)
    if root is None:
        _refuse(1, 1, "nothing", "a document")
    return root


def _decode(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _position(data[: error.start].decode("utf-8"))
        _refuse(line, column, f"the byte 0x{data[error.start]:02x}", "UTF-8 text")
    text = text.removeprefix("\ufeff")
    if unwelcome := _UNWELCOME.search(text):
        line, column = _position(text[: unwelcome.start()])
        _refuse(line, column, _code(unwelcome), "ordinary text")
    return text


def _code(character: re.Match[str]) -> str:
    return f"the character U+{ord(character.group()):04X}"


def _position(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _events(text: str) -> Iterator[yaml.Event]:
    # The parser in Python, never the one in C: both read the same documents, but
    # they report mistakes in different words and places.
    try:
        yield from yaml.parse(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or "a mistake"
        expected = next(
            (hint for sign, hint in _HINTS.items() if sign in problem), "valid YAML"
        )
        if error.context and error.context_mark:
            problem = (
                f"{problem} {error.context} that starts at line "
                f"{error.context_mark.line + 1}"
            )
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        _refuse(line, column, f"what is no YAML ({problem})", expected)


class _Builder:
    """Build nodes from events, counting them."""

    def __init__(self, events: Iterator[yaml.Event], limits: Limits) -> None:
        self._events = events
        self._limits = limits
        self._count = 0

    def build(self, event: yaml.Event, *, depth: int) -> Node:
        self._count += 1
        most, deepest = self._limits.most_nodes, self._limits.deepest
        if self._count > most:
            _refuse_at(event, "too much", f"at most {most} values and keys")
        if depth > deepest:
            _refuse_at(event, "too deep a nesting", f"at most {deepest} levels")
        if isinstance(event, yaml.AliasEvent):
            _refuse_at(event, f"the alias `*{event.anchor}`", "the value itself")
        if (anchor := getattr(event, "anchor", None)) is not None:
            _refuse_at(event, f"the anchor `&{anchor}`", "no anchor")
        if (tag := getattr(event, "tag", None)) is not None:
            _refuse_at(event, f"the tag `{tag}`", "no tag")
        line, column = _start(event)
        if isinstance(event, yaml.ScalarEvent):
            if unwelcome := _UNWELCOME.search(event.value):
                _refuse_at(event, _code(unwelcome), "ordinary text")
            return Text(line=line, column=column, text=event.value.strip())
        if isinstance(event, yaml.SequenceStartEvent):
            items = tuple(self.build(e, depth=depth + 1) for e in self._until_end())
            return Items(line=line, column=column, items=items)
        return Keys(line=line, column=column, entries=self._entries(depth + 1))

    def _entries(self, depth: int) -> tuple[tuple[Text, Node], ...]:
        entries: dict[str, tuple[Text, Node]] = {}
        for event in self._until_end():
            key = self.build(event, depth=depth)
            if not isinstance(key, Text):
                _refuse_at(event, "a list or mapping as a key", "a word as a key")
            if key.text in entries:
                first = entries[key.text][0].line
                _refuse_at(
                    event,
                    f"`{key.text}` again, after line {first}",
                    "each key once",
                )
            entries[key.text] = key, self.build(next(self._events), depth=depth)
        return tuple(entries.values())

    def _until_end(self) -> Iterator[yaml.Event]:
        for event in self._events:
            if isinstance(event, yaml.CollectionEndEvent):
                return
            yield event


def _start(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _refuse_at(event: yaml.Event, found: str, expected: str) -> NoReturn:
    _refuse(*_start(event), found, expected)


def _refuse(line: int, column: int, found: str, expected: str) -> NoReturn:
    raise Unreadable(Mistake(line=line, column=column, found=found, expected=expected))
