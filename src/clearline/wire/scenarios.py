"""Read a scenario from the one document format.

    bytes --positions--> nodes --shapes--> structs --coherence--> Scenario

Whatever is wrong is said with document, line and column, what was found and what
was expected; mistakes of one kind are listed together. The format is described in
docs/reference/scenario-format.md.
"""

from clearline.model.coherence import Misfit, misfits
from clearline.model.errors import BadInput
from clearline.model.references import Path
from clearline.model.scenarios import Scenario
from clearline.wire.positions import (
    Items,
    Keys,
    Mistake,
    Node,
    Unreadable,
    read_nodes,
)
from clearline.wire.shapes import Shaper, nearest

MOST_SHOWN = 20
"""Mistakes written out at most; the rest are counted."""


class ScenarioMistake(BadInput):
    """Refuse a scenario document and say where it goes wrong.

    Attributes:
        document: What the document is called.
        mistakes: Every mistake found, by line and column.
    """

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
            state="Nothing was replayed.",
            next="Correct the document; docs/reference/scenario-format.md says how.",
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


def read_scenario(data: bytes, name: str) -> Scenario:
    """Read a scenario document.

    Args:
        data: The document, UTF-8, at most 256 KiB.
        name: What to call it in messages, for example its file name.

    Raises:
        ScenarioMistake: It cannot be read or does not hold together.
    """
    try:
        root = read_nodes(data)
    except Unreadable as error:
        raise ScenarioMistake(name, (error.mistake,)) from None
    shaper = Shaper()
    scenario = shaper.read(root, Scenario)
    if shaper.mistakes:
        raise ScenarioMistake(name, tuple(shaper.mistakes))
    found = misfits(scenario)
    if found:
        raise ScenarioMistake(name, tuple(_placed(misfit, root) for misfit in found))
    read: Scenario = scenario
    return read


def _placed(misfit: Misfit, root: Node) -> Mistake:
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
