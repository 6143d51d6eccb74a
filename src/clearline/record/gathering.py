"""Find a case wherever it lies, with the ledgers its questions are settled by."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from clearline.model.case_acts import CASE_ACTS
from clearline.model.casefiles import CaseFile
from clearline.model.casework import Case
from clearline.model.line_acts import PersonSet, WatchTaken
from clearline.record.dossier import Dossier, LogRead, gather
from clearline.record.folder import Ledger
from clearline.record.founding import is_played, logged, played
from clearline.record.kept import Log, kept_case, read_log
from clearline.record.outlines import geometry, located
from clearline.record.settling import Logged
from clearline.replay.ledgers import AS_RECORDED, WITH_LINE
from clearline.replay.records import load_case
from clearline.rules.case_sight import (
    LOOKED_AT,
    LOOKED_AT_NOTHING,
    About,
    about,
    keeper_of,
    may_show,
)
from clearline.rules.disclosure import Viewer
from clearline.wire.casefiles import write_case
from clearline.wire.claims import write_csv, write_geojson, write_jsonld
from clearline.wire.entries import NAMES

OWN_LOG: Final = "this node"
"""What the log of the node that keeps a case is called in it."""


@contextmanager
def gathered(
    name: str,
    *,
    data: Path | None = None,
    ledgers: Sequence[Path] = (),
    viewer: Viewer | None = None,
) -> Iterator[tuple[Dossier, tuple[Ledger, ...]]]:
    """Gather a case and name the ledgers that go with it, for as long as inside.

    Args:
        name: One that ships, a file, or with `data` the id of one a node keeps.
        data: The data folder of that node; of its log, what the case is about and
            `viewer` may see is one of the ledgers.
        ledgers: Further data folders, shown whole.
        viewer: Who looks at a case a node keeps; the party that keeps it otherwise.

    Raises:
        NoSuchCase, UnknownCase: There is no such case.
        LostCertainty: A ledger is not what was signed.
    """
    named = _named(ledgers)
    others = [LogRead(name=one.name, entries=logged(one.path)) for one in named]
    if data is not None:
        log = read_log(data)
        kept = kept_case(log.picture, name)
        own = _own(log, kept.kept, viewer or keeper_of(kept.kept))
        whole = gather(
            kept.case, kept=kept.kept, lessons=kept.lessons, logs=[own, *others]
        )
        yield whole, (Ledger(name=OWN_LOG, path=data), *named)
        return
    case = load_case(name).case
    if named or not is_played(case.name):
        yield gather(case, logs=others), named
        return
    with played(case.name) as path:
        recorded, line = path / AS_RECORDED, path / WITH_LINE
        logs = [
            LogRead(name="as recorded", entries=logged(recorded)),
            LogRead(name="with the line", entries=logged(line), is_model=True),
        ]
        both = (
            Ledger(name="as recorded", path=recorded),
            Ledger(name="with the line", path=line),
        )
        yield gather(case, logs=logs), both


def _own(log: Log, case: Case, viewer: Viewer) -> LogRead:
    of = about(log.picture, case)
    return LogRead(
        name=OWN_LOG,
        entries=log.entries,
        shows=lambda one: may_show(log.picture, viewer, case, of, one.entry.act),
        looked_at=LOOKED_AT_NOTHING if of.is_nothing else LOOKED_AT,
    )


def read_about(data: Path, case: CaseFile, of: About) -> tuple[Logged, ...]:
    """Read from a node's log what a case is about, and who was who meanwhile.

    Every entry is held against the tree; only those whose bytes name something of it
    are understood, which is what takes the time.
    """
    if of.is_nothing:
        return ()
    acts = {NAMES[kind] for kind in CASE_ACTS}
    needs = {need.entry for one in case.questions for need in one.needs} & acts
    ids = {*of.calls, *of.notices, *needs, NAMES[PersonSet], NAMES[WatchTaken]}
    named = re.compile(b"|".join(re.escape(msgspec.json.encode(id_)) for id_ in ids))
    return logged(data, lambda payload: named.search(payload) is not None)


def _named(ledgers: Sequence[Path]) -> tuple[Ledger, ...]:
    """Name each ledger by its folder; the second of two alike gets a number."""
    found: list[Ledger] = []
    for path in ledgers:
        name = path.resolve().name
        alike = sum(one.path.resolve().name == name for one in found)
        found.append(Ledger(name=f"{name}-{alike + 1}" if alike else name, path=path))
    return tuple(found)


def find_case(name: str, data: Path | None = None) -> CaseFile:
    """Return a case that ships, one in a file, or one a node keeps."""
    if data is not None:
        return kept_case(read_log(data).picture, name).case
    return load_case(name).case


def written_as(name: str, form: str, *, data: Path | None = None) -> bytes:
    """Write a case in one form: csv, geojson, jsonld or json."""
    case = find_case(name, data)
    there = located(case)
    shapes = {str(place.id): geometry(there.get(place.id)) for place in case.places}
    match form:
        case "csv":
            return write_csv(case)
        case "geojson":
            return write_geojson(case, shapes.get)
        case "jsonld":
            return write_jsonld(case)
        case _:
            return write_case(case)
