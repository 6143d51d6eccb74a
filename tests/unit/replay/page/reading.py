"""Read a page the way a checker does: as elements, without a browser."""

from html.parser import HTMLParser
from typing import NamedTuple

VOID = {"meta", "br", "hr", "img", "input", "link"}
SHAPES = {"path", "rect", "line", "circle", "polyline", "polygon"}


class Element(NamedTuple):
    """An element with its attributes, its text and the tags around it."""

    tag: str
    attributes: dict[str, str]
    inside: tuple[str, ...]


class Page(HTMLParser):
    """Hold every element of a page, and its text by element.

    Attributes:
        elements: All of them, in order.
        text: Everything that is read, style aside.
        unclosed: Tags that were opened and never closed, or closed and never opened.
    """

    def __init__(self, html: str) -> None:
        """Read it all."""
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.unclosed: list[str] = []
        self.words: list[str] = []
        self.named: dict[str, list[str]] = {}
        self._open: list[str] = []
        self._ids: list[str] = []
        self.feed(html)
        self.close()
        self.unclosed += self._open

    @property
    def text(self) -> str:
        """Return what is read, spaces and no-break spaces alike."""
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[Element]:
        """Return every element of a kind."""
        return [element for element in self.elements if element.tag == tag]

    def text_of(self, an_id: str) -> str:
        """Return the words inside the element with this id."""
        return " ".join(" ".join(self.named.get(an_id, [])).split())

    def handle_starttag(self, tag, attrs):
        """Keep an element."""
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append(Element(tag, attributes, tuple(self._open)))
        if "id" in attributes:
            self.named.setdefault(attributes["id"], [])
        if tag not in VOID:
            self._open.append(tag)
            self._ids.append(attributes.get("id", ""))

    def handle_startendtag(self, tag, attrs):
        """Keep an element of a drawing that closes itself."""
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append(Element(tag, attributes, tuple(self._open)))

    def handle_endtag(self, tag):
        """Close an element; what does not fit is kept as a fault."""
        if self._open and self._open[-1] == tag:
            self._open.pop()
            self._ids.pop()
        else:
            self.unclosed.append(f"/{tag}")

    def handle_data(self, data):
        """Keep words, for the page and for every element around them."""
        if "style" in self._open:
            return
        self.words.append(data)
        for an_id in self._ids:
            if an_id:
                self.named[an_id].append(data)
