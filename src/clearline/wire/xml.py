"""Read XML that somebody else wrote, without doing anything it asks for.

A document type (DTD) is refused, and with it every entity that could be declared:
no bomb of entities unfolds, nothing is read from a file or fetched from elsewhere.
Depth, attributes and sizes are bounded. Prefixes of names are dropped, but for `gx:`,
which KML needs; files from the field declare their namespaces in many ways.
"""

import re
from collections.abc import Iterator
from typing import Any, Final
from xml.parsers import expat  # a DTD is refused below, before anything unfolds

import msgspec

from clearline.model.errors import BadInput

MOST_DEEP: Final = 64
MOST_ATTRIBUTES: Final = 64
MOST_IN_A_PART: Final = 200_000
LONGEST_TEXT: Final = 16 * 2**20
_CHUNK: Final = 1 << 16
_KEPT_PREFIX: Final = "gx:"
_REPLACED: Final = "\ufffd"


class NotXml(BadInput):
    """Refuse bytes that are no XML, or XML that asks for more than to be read."""


class Element(msgspec.Struct, kw_only=True):
    """Hold one element.

    Attributes:
        line: Where it begins, from 1.
        text: What stands in it before its first child and after each.
    """

    name: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: "list[Element]" = []

    def child(self, name: str) -> "Element | None":
        """Return the first child of a name."""
        return next((one for one in self.children if one.name == name), None)

    def all(self, name: str) -> "list[Element]":
        """Return every child of a name."""
        return [one for one in self.children if one.name == name]

    def said(self, name: str) -> str:
        """Return the text of the first child of a name; empty where there is none."""
        found = self.child(name)
        return found.text.strip() if found is not None else ""

    def within(self, name: str) -> "Iterator[Element]":
        """Yield every element of a name below this one."""
        for one in self.children:
            if one.name == name:
                yield one
            yield from one.within(name)


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Hold an element that was asked for, and those it stands in, outermost first."""

    element: Element
    above: tuple[Element, ...]


def read_parts(data: bytes, names: frozenset[str]) -> Iterator[Part]:
    """Read every element of some names, one after the other.

    What was yielded is not kept, so that a long file takes the room of its longest
    part. An element inside one that is yielded is a part of it, and not yielded.

    Raises:
        NotXml: The bytes are no XML, declare a document type, or go beyond a bound.
    """
    reader = _Reader(names)
    for start in range(0, max(len(data), 1), _CHUNK):
        reader.feed(data[start : start + _CHUNK], is_last=start + _CHUNK >= len(data))
        yield from reader.take()


def require_plain(data: bytes) -> None:
    """Refuse XML that declares a document type, before another reader gets it.

    A type can only be declared before the first element, so no more is read.

    Raises:
        NotXml: It declares one, or is no XML.
    """
    parser: Any = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = _is_begun
    try:
        for start in range(0, max(len(data), 1), _CHUNK):
            parser.Parse(data[start : start + _CHUNK], start + _CHUNK >= len(data))
    except _Begun:
        return
    except expat.ExpatError as error:
        raise refuse(f"It is no XML: {error}.", "Write the file anew.") from error


class _Begun(Exception):
    """Say that the first element has begun."""


def _is_begun(*_: object) -> None:
    raise _Begun


def refuse(what: str, next_step: str) -> NotXml:
    """Make the error for bytes that are not read as XML."""
    return NotXml(what, state="Nothing of it was taken.", next=next_step)


class _Reader:
    """Build elements from what expat tells."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._length = 0
        self._part: int | None = None  # how deep the part being read lies
        self._size = 0
        self._ready: list[Part] = []
        # Handlers of a parser cannot be typed more narrowly than they are declared.
        self._parser: Any = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._parser.EntityDeclHandler = _refuse_doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._say

    def feed(self, data: bytes, *, is_last: bool) -> None:
        try:
            self._parser.Parse(data, is_last)
        except expat.ExpatError as error:
            raise refuse(
                f"It is no XML: {error}.", "Write the file anew, whole."
            ) from error

    def take(self) -> list[Part]:
        ready, self._ready = self._ready, []
        return ready

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= MOST_DEEP or len(attributes) > MOST_ATTRIBUTES:
            raise refuse(
                f"Line {self._parser.CurrentLineNumber}: it is nested deeper, or has "
                f"more attributes, than any file of its kind.",
                "Write it with another program.",
            )
        one = Element(
            name=_bare(name),
            attributes={_bare(key): value for key, value in attributes.items()},
            line=self._parser.CurrentLineNumber,
        )
        if self._part is None and one.name in self._names:
            self._part, self._size = len(self._open), 0
        self._size += 1
        if self._size > MOST_IN_A_PART:
            raise refuse(
                f"Line {one.line}: more than {MOST_IN_A_PART:,} elements stand in one.",
                "Write it in several parts.",
            )
        self._open.append(one)
        self._texts.append([])

    def _end(self, name: str) -> None:
        del name
        one = self._open.pop()
        one.text = "".join(self._texts.pop())
        self._length = 0
        if self._part == len(self._open):
            self._part = None
            self._ready.append(Part(element=one, above=tuple(self._open)))
            self._size = 0
        elif self._open:
            self._open[-1].children.append(one)

    def _say(self, text: str) -> None:
        self._length += len(text)
        if self._length > LONGEST_TEXT:
            raise refuse(
                f"Line {self._parser.CurrentLineNumber}: a text is longer than "
                f"{LONGEST_TEXT:,} characters.",
                "Write it in several parts.",
            )
        if self._texts:
            self._texts[-1].append(text)


def _refuse_doctype(*_: object) -> None:
    raise refuse(
        "It declares a document type (DTD), which could name other files or unfold.",
        "Write it without one: KML and CoT need none.",
    )


def _bare(name: str) -> str:
    if name.startswith(_KEPT_PREFIX):
        return name
    return name.rpartition(":")[2]


def written(text: str) -> str:
    """Write a text so that it reads back the same, but for what XML cannot say."""
    return (
        sayable(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("\r", "&#13;")
        .replace("\n", "&#10;")
        .replace("\t", "&#9;")
    )


def sayable(text: str) -> str:
    """Return a text without the characters that XML cannot say (XML 1.0 §2.2)."""
    return _UNSAYABLE.sub(_REPLACED, text)


_UNSAYABLE: Final = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
