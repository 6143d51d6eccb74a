"""Read a case file from its one document format, and write it.

    bytes --positions--> nodes --shapes--> structs --links--> CaseFile

The same subset of YAML as a scenario; JSON is within it. The format is described in
docs/reference/case-format.md.
"""

from collections.abc import Iterator
from typing import Any, ClassVar, Final

import msgspec

from clearline.model.casefiles import CaseFile
from clearline.model.caselinks import case_misfits
from clearline.model.coherence import Misfit
from clearline.model.errors import BadInput
from clearline.wire.documents import DocumentMistake, placed
from clearline.wire.entries import NAMES
from clearline.wire.positions import Limits, Unreadable, read_nodes
from clearline.wire.shapes import Shaper

LIMITS: Final = Limits(longest=64 * 2**20, deepest=16, most_nodes=2_000_000)
"""A case of 10,000 claims fits several times over."""


class CaseMistake(DocumentMistake):
    """Refuse a case file and say where it goes wrong."""

    nothing_was: ClassVar[str] = "No case was opened; nothing was changed."
    page: ClassVar[str] = "docs/reference/case-format.md"


def read_case(data: bytes, name: str) -> CaseFile:
    """Read a case file.

    Args:
        data: The document, UTF-8.
        name: What to call it in messages, for example its file name.

    Raises:
        CaseMistake: It cannot be read or does not hold together.
    """
    written = _as_written(data)
    if written is not None:
        return written
    try:
        root = read_nodes(data, LIMITS)
    except Unreadable as error:
        raise CaseMistake(name, (error.mistake,)) from None
    shaper = Shaper()
    case = shaper.read(root, CaseFile)
    if shaper.mistakes:
        raise CaseMistake(name, tuple(shaper.mistakes))
    found = case_misfits(case) or tuple(_no_entries(case))
    if found:
        raise CaseMistake(name, tuple(placed(misfit, root) for misfit in found))
    read: CaseFile = case
    return read


def _as_written(data: bytes) -> CaseFile | None:
    """Read what `write_case` wrote, byte for byte, in one step; else nothing.

    Positions are wanted for mistakes alone, and finding them takes a large case a
    minute. Only bytes we would write again as they are can hold no unknown word and
    no word twice, so whatever else comes is read with its positions.
    """
    if not data.startswith(b"{"):
        return None
    try:
        case = msgspec.json.decode(data, type=CaseFile)
    except (msgspec.DecodeError, BadInput, ValueError):
        return None
    is_whole = write_case(case) == data and not case_misfits(case)
    return case if is_whole and not any(_no_entries(case)) else None


def _no_entries(case: CaseFile) -> Iterator[Misfit]:
    """Find receipts of a type no log has: a misspelt one would be missing for ever."""
    known = tuple(NAMES.values())
    for index, question in enumerate(case.questions):
        for place, need in enumerate(question.needs):
            if need.entry and need.entry not in known:
                yield Misfit(
                    path=("questions", index, "needs", place, "entry"),
                    found=f"`{need.entry}`, which no entry is called",
                    expected="a type of entry, or none where no line keeps it",
                    given=need.entry,
                    known=known,
                )


def write_case(case: CaseFile) -> bytes:
    """Write a case file as JSON, which reads back as the same case."""
    plain: Any = _written(msgspec.to_builtins(case, str_keys=True))
    return msgspec.json.format(msgspec.json.encode(plain), indent=2) + b"\n"


def _written(value: Any) -> Any:
    """Leave out what is empty or not said, as a person writing it would."""
    if isinstance(value, dict):
        return {
            key: _written(one)
            for key, one in value.items()
            if one is not None and one is not False and one not in ("", [], (), {})
        }
    if isinstance(value, list | tuple):
        return [_written(one) for one in value]
    return value
