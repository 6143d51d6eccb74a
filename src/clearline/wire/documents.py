"""Say what is wrong with a document, each mistake with its line and column."""

from typing import ClassVar

from clearline.model.coherence import Misfit
from clearline.model.errors import BadInput
from clearline.model.references import Path
from clearline.wire.positions import Items, Keys, Mistake, Node
from clearline.wire.shapes import nearest

MOST_SHOWN = 20
"""Mistakes written out at most; the rest are counted."""


class DocumentMistake(BadInput):
    """Refuse a document and say where it goes wrong.

    Attributes:
        document: What the document is called.
        mistakes: Every mistake found, by line and column.
        nothing_was: What did not happen because of them.
        page: The page that describes the format.
    """

    nothing_was: ClassVar[str] = "Nothing was taken."
    page: ClassVar[str] = "docs/reference"

    def __init__(self, document: str, mistakes: tuple[Mistake, ...]) -> None:
        """Sort the mistakes and put them into sentences, one a line."""
        self.document = document
        self.mistakes = tuple(sorted(mistakes, key=lambda one: (one.line, one.column)))
        count = len(self.mistakes)
        lines = [self.sentence(mistake) for mistake in self.mistakes[:MOST_SHOWN]]
        if count > MOST_SHOWN:
            lines.append(f"... and {count - MOST_SHOWN} more.")
        noun = "mistake" if count == 1 else "mistakes"
        super().__init__(
            f"{document} has {count} {noun}:\n" + "\n".join(lines),
            state=self.nothing_was,
            next=f"Correct the document; {self.page} says how.",
        )

    def __str__(self) -> str:
        return f"{self.what}\n{self.state} {self.next}"

    @property
    def line(self) -> int:
        """Return the line of the first mistake, from 1."""
        return self.mistakes[0].line

    @property
    def column(self) -> int:
        """Return the column of the first mistake, from 1, in characters."""
        return self.mistakes[0].column

    def sentence(self, mistake: Mistake) -> str:
        """Put one mistake into a line that editors can jump to."""
        where = f"{self.document}:{mistake.line}:{mistake.column}"
        return f"{where}: found {mistake.found}; expected {mistake.expected}."


def placed(misfit: Misfit, root: Node) -> Mistake:
    """Put a misfit where the document says it."""
    node = _at(root, misfit.path)
    return Mistake(
        line=node.line,
        column=node.column,
        found=misfit.found,
        expected=misfit.expected + nearest(misfit.given, misfit.known),
    )


def _at(node: Node, path: Path) -> Node:
    """Follow a path as far as the document writes it out."""
    for step in path:
        inner: Node | None = None
        if isinstance(node, Keys) and isinstance(step, str):
            inner = node.get(step)
        elif isinstance(node, Items) and isinstance(step, int):
            inner = node.items[step]
        if inner is None:
            return node
        node = inner
    return node
