"""Read a scenario from the one document format.

    bytes --positions--> nodes --shapes--> structs --coherence--> Scenario

Whatever is wrong is said with document, line and column, what was found and what
was expected; mistakes of one kind are listed together. The format is described in
docs/reference/scenario-format.md.
"""

from typing import ClassVar

from clearline.model.casefiles import CaseFile
from clearline.model.coherence import misfits
from clearline.model.drawing import draw
from clearline.model.facts import Unfit
from clearline.model.scenarios import Scenario
from clearline.wire.documents import MOST_SHOWN, DocumentMistake, placed
from clearline.wire.positions import Keys, Mistake, Node, Text, Unreadable, read_nodes
from clearline.wire.shapes import Shaper

__all__ = ["MOST_SHOWN", "ScenarioMistake", "read_scenario", "record_named"]


class ScenarioMistake(DocumentMistake):
    """Refuse a scenario document and say where it goes wrong."""

    nothing_was: ClassVar[str] = "Nothing was replayed."
    page: ClassVar[str] = "docs/reference/scenario-format.md"


def record_named(data: bytes, name: str) -> str:
    """Return the case file a scenario draws from, as its document names it.

    Returns:
        The name; empty where the document has none, or is none that can be read.
    """
    try:
        root = read_nodes(data)
    except Unreadable as error:
        raise ScenarioMistake(name, (error.mistake,)) from None
    named = root.get("record") if isinstance(root, Keys) else None
    return named.text if isinstance(named, Text) else ""


def read_scenario(data: bytes, name: str, record: CaseFile | None = None) -> Scenario:
    """Read a scenario document.

    Args:
        data: The document, UTF-8, at most 256 KiB.
        name: What to call it in messages, for example its file name.
        record: The case file it names with `record`, if it names one.

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
    read: Scenario = scenario
    read = _drawn(read, root, name, record)
    found = misfits(read)
    if found:
        raise ScenarioMistake(name, tuple(placed(misfit, root) for misfit in found))
    return read


def _drawn(
    scenario: Scenario, root: Node, name: str, record: CaseFile | None
) -> Scenario:
    """Fill in what comes from the record, or say that something is missing."""
    if scenario.record:
        if record is None or record.name != scenario.record:
            raise _mistake(
                root,
                name,
                "record",
                f"`{scenario.record}`, which was not given",
                "the name of a case file that is there",
            )
        try:
            return draw(scenario, record)
        except Unfit as error:
            raise _mistake(
                root, name, error.field, error.found, error.expected
            ) from error
    missing = [
        word
        for word, value in (
            ("sources", scenario.sources),
            ("facts", scenario.facts),
            ("readings", scenario.clock.readings),
        )
        if not value
    ]
    if missing:
        words = ", ".join(f"`{word}`" for word in missing)
        raise _mistake(
            root,
            name,
            "clock" if missing == ["readings"] else "",
            f"no {words}",
            "every word that is required, or a `record` to draw from",
        )
    return scenario


def _mistake(
    root: Node, name: str, field: str, found: str, expected: str
) -> ScenarioMistake:
    at = (root.get(field) if isinstance(root, Keys) and field else None) or root
    return ScenarioMistake(
        name,
        (Mistake(line=at.line, column=at.column, found=found, expected=expected),),
    )
