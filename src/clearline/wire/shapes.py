"""Turn nodes of a document into frozen structs, by the types of their fields.

    text      -> what the field asks for (`model.scalars`)
    list      -> tuple, item by item
    mapping   -> struct; where several fit, the word under its tag field chooses

Nothing stops at the first mistake: what can still be read is read, and every
mistake is kept with its line and column. Unknown words are refused, because a
misspelt field that is passed over in silence is a fact nobody reads.
"""

import difflib
from collections.abc import Iterable
from typing import Any, Final, get_args, get_origin

import msgspec

from clearline.model.errors import BadInput
from clearline.model.facts import Unfit
from clearline.model.scalars import is_scalar, plain, read_scalar, shown
from clearline.wire.positions import Items, Keys, Mistake, Node, Text


class _Unread:
    """Stand for a value that could not be read; its mistake is noted already."""


UNREAD: Final = _Unread()


class Shaper:
    """Read one document's nodes, collecting mistakes.

    Attributes:
        mistakes: Every mistake so far, in the order found.
    """

    def __init__(self) -> None:
        """Start without mistakes."""
        self.mistakes: list[Mistake] = []

    def read(self, node: Node, kind: Any) -> Any:
        """Read a node as a value of `kind`, or return `UNREAD` with a mistake noted.

        Args:
            node: Any node.
            kind: A struct, a union of tagged structs, `tuple[X, ...]`, a scalar
                type, or one of these or `None`.
        """
        kinds = [one for one in get_args(kind) if one is not type(None)]
        if get_origin(kind) is tuple:
            return self._read_items(node, kinds[0])
        if kinds and is_scalar(kinds[0]):
            return self._read_text(node, kinds[0])
        if kinds:
            return self._read_tagged(node, kinds)
        if is_scalar(kind):
            return self._read_text(node, kind)
        return self._read_keys(node, kind)

    def note(self, node: Node, found: str, expected: str) -> None:
        """Note a mistake where a node starts."""
        self.mistakes.append(
            Mistake(line=node.line, column=node.column, found=found, expected=expected)
        )

    def _read_text(self, node: Node, kind: Any) -> Any:
        if not isinstance(node, Text):
            self.note(node, _what(node), "one word or text")
            return UNREAD
        if not node.text:
            self.note(node, "nothing", "a value, or the whole line left out")
            return UNREAD
        try:
            return read_scalar(node.text, kind)
        except Unfit as error:
            known = tuple(plain(kind)) if _is_closed(kind) else ()
            expected = error.expected + nearest(node.text, known)
            self.note(node, error.found, expected)
            return UNREAD

    def _read_items(self, node: Node, kind: Any) -> Any:
        if not isinstance(node, Items):
            self.note(node, _what(node), "a list")
            return UNREAD
        items = [self.read(item, kind) for item in node.items]
        return UNREAD if any(item is UNREAD for item in items) else tuple(items)

    def _read_tagged(self, node: Node, kinds: list[Any]) -> Any:
        if len(kinds) == 1 and kinds[0].__struct_config__.tag is None:
            return self._read_keys(node, kinds[0])
        field = kinds[0].__struct_config__.tag_field
        by_tag = {kind.__struct_config__.tag: kind for kind in kinds}
        if not isinstance(node, Keys):
            self.note(node, _what(node), f"a mapping with `{field}`")
            return UNREAD
        expected = "one of " + ", ".join(f"`{tag}`" for tag in by_tag)
        tag = node.get(field)
        if tag is None:
            self.note(node, f"no `{field}`", f"`{field}`, {expected}")
            return UNREAD
        if not isinstance(tag, Text) or tag.text not in by_tag:
            said = tag.text if isinstance(tag, Text) else ""
            found = f"`{shown(said)}`" if said else _what(tag)
            self.note(tag, found, expected + nearest(said, by_tag))
            return UNREAD
        return self._read_keys(node, by_tag[tag.text])

    def _read_keys(self, node: Node, struct: Any) -> Any:
        if not isinstance(node, Keys):
            self.note(node, _what(node), "a mapping")
            return UNREAD
        fields = {field.name: field for field in msgspec.structs.fields(struct)}
        tag_field = struct.__struct_config__.tag_field
        values: dict[str, Any] = {}
        misspelt: set[str] = set()
        for key, value in node.entries:
            if key.text in fields:
                values[key.text] = self.read(value, fields[key.text].type)
            elif key.text != tag_field:
                misspelt |= self._note_unknown(key, [tag_field, *fields])
        missing = [name for name in fields if fields[name].required]
        missing = [name for name in missing if name not in values]
        if unsaid := [name for name in missing if name not in misspelt]:
            self.note(node, f"no {_list(unsaid)}", "every word that is required")
        if missing or any(value is UNREAD for value in values.values()):
            return UNREAD
        return self._build(node, struct, values)

    def _note_unknown(self, key: Text, known: list[str | None]) -> set[str]:
        """Note an unknown word and return what it was probably meant to be."""
        words = [word for word in known if word]
        expected = f"one of {_list(words)}" + nearest(key.text, words)
        self.note(key, f"the unknown word `{shown(key.text)}`", expected)
        return set(_close(key.text, words))

    def _build(self, node: Keys, struct: Any, values: dict[str, Any]) -> Any:
        try:
            return struct(**values)
        except Unfit as error:
            at = node.get(error.field) or node
            self.note(at, error.found, error.expected)
        except BadInput as error:
            self.note(node, error.what.rstrip("."), error.next.rstrip("."))
        return UNREAD


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a suggestion for a misspelt word, or nothing."""
    close = _close(word, known)
    return f" (did you mean `{close[0]}`?)" if close else ""


def _close(word: str, known: Iterable[str]) -> list[str]:
    return difflib.get_close_matches(word[:60], list(known), n=1, cutoff=0.6)


def _is_closed(kind: Any) -> bool:
    return hasattr(plain(kind), "__members__")


def _list(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _what(node: Node) -> str:
    match node:
        case Items():
            return "a list"
        case Keys():
            return "a mapping"
        case Text():
            return f"`{shown(node.text)}`" if node.text else "nothing"
