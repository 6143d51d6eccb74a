"""Find a case wherever it lies, with the ledgers its questions are settled by."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from clearline.model.casefiles import CaseFile
from clearline.record.dossier import Dossier, gather
from clearline.record.folder import Ledger
from clearline.record.founding import is_played, logged, played
from clearline.record.kept import kept_case, read_log
from clearline.record.outlines import geometry, located
from clearline.replay.ledgers import AS_RECORDED, WITH_LINE
from clearline.replay.records import load_case
from clearline.wire.casefiles import write_case
from clearline.wire.claims import write_csv, write_geojson, write_jsonld


@contextmanager
def gathered(
    name: str, *, data: Path | None = None, ledgers: Sequence[Path] = ()
) -> Iterator[tuple[Dossier, tuple[Ledger, ...]]]:
    """Gather a case and name the ledgers that go with it, for as long as inside.

    Args:
        name: One that ships, a file, or with `data` the id of one a node keeps.
        data: The data folder of that node; its log is one of the ledgers.
        ledgers: Further data folders.

    Raises:
        NoSuchCase, UnknownCase: There is no such case.
        LostCertainty: A ledger is not what was signed.
    """
    named = tuple(Ledger(name=path.name, path=path) for path in ledgers)
    if data is not None:
        log = read_log(data)
        kept = kept_case(log.picture, name)
        own = ("this node", log.entries, False)
        others = [(one.name, logged(one.path), False) for one in named]
        whole = gather(
            kept.case, kept=kept.kept, lessons=kept.lessons, logs=[own, *others]
        )
        yield whole, (Ledger(name="this node", path=data), *named)
        return
    case = load_case(name).case
    if named or not is_played(case.name):
        logs = [(one.name, logged(one.path), False) for one in named]
        yield gather(case, logs=logs), named
        return
    with played(case.name) as path:
        recorded, line = path / AS_RECORDED, path / WITH_LINE
        logs = [
            ("as recorded", logged(recorded), False),
            ("with the line", logged(line), True),
        ]
        both = (
            Ledger(name="as recorded", path=recorded),
            Ledger(name="with the line", path=line),
        )
        yield gather(case, logs=logs), both


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
