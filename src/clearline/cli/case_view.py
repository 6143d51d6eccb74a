"""Print the views of a case as text, or as one JSON object."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from clearline.cli import called_as
from clearline.cli.connection import connect
from clearline.cli.prove import DATA
from clearline.model.casefiles import CaseFile
from clearline.model.errors import BadInput
from clearline.model.notices import LEGAL_LINE
from clearline.record import views
from clearline.record.gathering import OWN_LOG, find_case, gathered
from clearline.record.matrix import Known
from clearline.record.settling import Settled
from clearline.rules.case_sight import LOOKED_AT

MODEL = "MODEL: what people do in the day with the line is a model's."


class NoLedger(BadInput):
    """Refuse a view that needs a ledger where there is none."""


def print_view(
    name: str, by: str, data: Path | None, ledgers: Sequence[Path], *, as_json: bool
) -> int:
    """Print one view of a case: one that ships, in a file, or kept in `data`.

    Raises:
        NoLedger: The view needs a ledger and the case's day cannot be replayed.
    """
    if by in _LEDGER:
        case, shown = _of_ledgers(name, by, data, ledgers)
    else:
        case = find_case(name, data)
        shown = _LAID[by](views.Teller(case))
    _print(by, shown, case.name, case.title, case.legal, as_json=as_json)
    return 0


def print_away(name: str, by: str, node: str, *, as_json: bool) -> int:
    """Print one view of a case of one's own party that a node elsewhere keeps."""
    with connect(DATA, node) as client:
        case = client.case(name).case
        if by in _LEDGER:
            log = client.case_record(name)
            shown: Any = {log.name: log.settled if by == "settled" else log.known}
        else:
            shown = getattr(client.laid_out(name), f"by_{by}")
    _print(by, shown, case.id, case.title, LEGAL_LINE, as_json=as_json)
    return 0


def _print(  # noqa: PLR0913 (what every view begins and ends with)
    by: str, shown: Any, name: str, title: str, legal: str, *, as_json: bool
) -> None:
    if as_json:
        whole = {"case": name, "view": by, "legal": legal, by: shown}
        print(msgspec.json.encode(whole).decode())
        return
    print(f"{title}: {by}" if by in _LEDGER else f"{title}: by {by}")
    for line in _LINES[by](shown):
        print(line)
    print(legal)


_LEDGER = ("knowledge", "settled")


_LAID: dict[str, Callable[[views.Teller], Any]] = {
    "question": views.by_question,
    "time": views.by_time,
    "place": views.by_place,
    "consequence": views.by_consequence,
}


def _of_ledgers(
    name: str, by: str, data: Path | None, ledgers: Sequence[Path]
) -> tuple[CaseFile, Any]:
    with gathered(name, data=data, ledgers=ledgers) as (whole, _):
        if not whole.logs:
            raise NoLedger(
                f"The day of {whole.case.name} cannot be replayed, and no ledger was "
                "named.",
                state="Nothing was shown.",
                next="Name a node's data folder with --ledger.",
            )
        return whole.case, {
            log.name: log.settled if by == "settled" else log.known
            for log in whole.logs
        }


def _question_lines(shown: views.ByQuestion) -> Iterator[str]:
    for row in shown.rows:
        yield f"\n{row.asks}  ({row.question})"
        for column, cell in zip(shown.columns, row.cells, strict=True):
            if cell:
                yield f"  {column}"
            for version in cell:
                yield from _version_lines(version, "    ")


def _version_lines(version: views.Version, indent: str) -> Iterator[str]:
    marks = f"  [{'; '.join(version.marks)}]" if version.marks else ""
    yield f"{indent}- {version.says}{marks}"
    chain = " < ".join(reversed(version.by))
    said = f"said by {chain}; " if chain else ""
    yield f"{indent}  {said}{'; '.join(version.sources)} ({version.grade})"


def _time_lines(shown: Sequence[views.Moment]) -> Iterator[str]:
    for moment in shown:
        local = f"  local {moment.local}" if moment.local else ""
        yield f"\n{moment.utc or 'no date'}{local}  told: {moment.told}"
        yield from _version_lines(moment.version, "  ")
        if moment.parallel:
            yield f"    beside it: {', '.join(moment.parallel)}"


def _place_lines(shown: Sequence[views.Spot]) -> Iterator[str]:
    for spot in shown:
        yield f"\n{spot.name} ({spot.place}): {spot.shape}"
        yield f"  told: {spot.told}"
        yield f"  {spot.put}"
        for version in spot.versions:
            yield from _version_lines(version, "  ")
        if spot.control:
            yield "  who held it, as told:"
        for held in spot.control:
            when = held.utc or "nobody says when"
            yield f"    {when}: {held.says} ({held.version.claim})"


def _edge_lines(shown: Sequence[views.Edge]) -> Iterator[str]:
    for edge in shown:
        yield f"\n{edge.cause} -> {edge.effect}"
        yield from _version_lines(edge.version, "  ")


def _aside(name: str) -> Iterator[str]:
    if name == "with the line":
        yield MODEL
    if name == OWN_LOG:
        yield LOOKED_AT


def _settled_lines(shown: dict[str, Sequence[Settled]]) -> Iterator[str]:
    for name, questions in shown.items():
        yield f"\n== {name} =="
        yield from _aside(name)
        for one in questions:
            yield f"\n{one.asks}  {one.decided.upper()}"
            if one.because:
                yield f"  {one.because}"
            for sought in one.sought:
                word = "found" if sought.found else "MISSING"
                kind = sought.entry or "no entry of a line"
                yield f"  {word}: {sought.shows} ({kind})"
                for receipt in sought.found:
                    yield f"    entry {receipt.index}, {receipt.at}: {receipt.says}"
                if sought.more:
                    yield f"    and {sought.more} more"
    yield f"\nA receipt for an entry: {called_as()} prove INDEX --data FOLDER"


def _known_lines(shown: dict[str, Sequence[Known]]) -> Iterator[str]:
    for name, items in shown.items():
        yield f"\n== {name} =="
        yield from _aside(name)
        if not items:
            yield "no notice and no call is in it"
        for item in items:
            yield f"\n{item.item}: {item.says}"
            yield f"  {'who':54} {'told':21} {'shown':21} {'acknowledged':21} read back"
            for row in item.rows:
                cells = (row.told, row.shown, row.acknowledged)
                times = " ".join(f"{cell or '-':21}" for cell in cells)
                yield f"  {row.who:54} {times} {row.read_back or '-'}"


_LINES: dict[str, Any] = {
    "question": _question_lines,
    "time": _time_lines,
    "place": _place_lines,
    "consequence": _edge_lines,
    "settled": _settled_lines,
    "knowledge": _known_lines,
}
