"""Take files of notices in, and hand them out: `clearline import`, `export`."""

import gzip
import sys
import time
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from cyclopts import Parameter

from clearline.cli import Switch
from clearline.cli.connection import HERE, At, Data, Json, Node, connect
from clearline.cli.progress import Progress
from clearline.cli.prove import DATA
from clearline.client import Client, NoAnswer
from clearline.model.errors import BadInput
from clearline.model.instants import parse_instant
from clearline.model.notices import LEGAL_LINE, NoticeKind, Precision
from clearline.wire.forms.exchange import ImportShown, ImportWanted, Tell

NOTHING_TAKEN: Final = 2
"""Exit code where nothing of a file was taken."""

SOME_BAD: Final = 4
"""Exit code where some rows were not taken; the others were."""

WAITS: Final = 5
"""Exit code where a second person has to approve it before anything is filed."""

_SHOWN: Final = 20
_ASK_EVERY_S: Final = 0.2
_PATIENCE_S: Final = 300.0
_PACK_FROM: Final = 1 << 20
_PACKED: Final = (".kmz", ".xlsx", ".gz")

Form = Literal["kml", "kmz", "geojson", "ndjson", "cot", "xlsx", "csv"]
Tells = Annotated[
    tuple[str, ...],
    Parameter(
        negative="",
        help="A desk told of everything: DESK or DESK:exact|coarse|existence.",
    ),
]


class NotThere(BadInput):
    """Refuse a file that cannot be read, or written."""


def import_(  # noqa: PLR0913 (each is an option of the command)
    file: Path,
    *,
    rows: Switch = False,
    trial: Switch = False,
    kind: NoticeKind = NoticeKind.SITE,
    zone: str = "",
    until: str = "",
    tell: Tells = (),
    consent_by: str = "",
    sets: Annotated[
        tuple[str, ...],
        Parameter(
            name="--set",
            negative="",
            help="KEY=VALUE said of every shape that does not.",
        ),
    ] = (),
    marked: Path | None = None,
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
) -> int:
    """Take a file of notices in: KML, KMZ, GeoJSON, CoT, XLSX or CSV.

    All of it or nothing, unless --rows is given. Sheets are filled in from a template
    (`clearline export --template site`). What is wrong is said row by row; with
    --marked the same sheet comes back with a column that says it; of shapes a sheet
    of what they say so far, to be completed.

    Nobody is told of what a file of shapes holds unless you say whom; a sheet has a
    column for it. Telling cannot be undone.

    How far it is stands on a bar while it is read, tried and filed. Where your party
    has a site approved by a second person, it waits for one (`notice imports`).

    Exit code: 0 if every row was taken, or says what stands already; 4 if some were
    not; 2 if nothing was; 5 if it waits for a second person.

    Parameters
    ----------
    file
        The file; its ending says the format where its bytes do not.
    rows
        Take what is right row by row, and leave the rest.
    trial
        Only try: nothing is filed.
    kind
        What shapes are that do not say: site, movement, activity, position, area.
    zone
        Time zone of times that say none: UTC+3, or Asia/Damascus.
    until
        Until when what says no end holds: RFC 3339 with a zone; 90 days if left out.
    consent_by
        Who agreed that the desks named with --tell know.
    marked
        Write the same sheet with what is wrong to this file.
    """
    wanted = ImportWanted(
        name=file.name,
        data=_read(file),
        kind=kind,
        is_whole=not rows,
        is_trial=trial,
        zone=zone,
        until=parse_instant(until) if until else None,
        tells=tuple(_tell(one) for one in tell),
        consent_by=consent_by,
        sets=dict(set_(one) for one in sets),
    )
    with connect(data, node) as client:
        found = _wait(client, client.begin_import(wanted))
        if marked is not None and found.has_sheet:
            _write(marked, client.import_sheet(found.id))
    if json:
        print(msgspec.json.encode(found).decode())
    else:
        _tell_import(file, found)
    if found.state == "waiting":
        return WAITS
    taken = found.filed + found.amended + found.withdrawn + found.unchanged
    if not found.refused_count:
        return 0
    return SOME_BAD if taken or trial else NOTHING_TAKEN


def imports(
    waiting: str = "",
    *,
    sheet: Path | None = None,
    approve: Switch = False,
    drop: Switch = False,
    at: At = HERE,
) -> int:
    """List the imports that wait for a second person of your party, or take one on.

    Where a party has a site filed by one person and approved by another, a file with
    new sites waits. Look at its sheet, then approve it or drop it.

    Parameters
    ----------
    waiting
        The import's id; without one, all that wait are listed.
    sheet
        Write what it asks for to this file.
    approve
        File it, with both your names.
    drop
        Put it away; nothing is filed.
    """
    with at.connect() as client:
        if not waiting:
            found = client.imports().items
            rows = [(one.id, f"{one.total:,} rows", one.name) for one in found]
            return at.list(found, rows)
        if sheet is not None:
            _write(sheet, client.import_sheet(waiting))
        if drop:
            client.drop_import(waiting)
            return at.say({"id": waiting, "dropped": True}, f"{waiting}: put away.")
        one = client.find_import(waiting)
        if approve:
            one = _wait(client, client.approve_import(waiting))
    if at.json:
        return at.say(one, "")
    _tell_import(Path(one.name), one)
    return 0 if not one.refused_count else SOME_BAD


def _read(file: Path) -> bytes:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise NotThere(
            f"{file} cannot be read: {error.strerror}.",
            state="Nothing was taken.",
            next="Name a file that is there.",
        ) from error
    is_packed = file.suffix.lower() in _PACKED
    return data if is_packed or len(data) < _PACK_FROM else gzip.compress(data)


def _write(file: Path, data: bytes) -> None:
    """Write a file that is there whole, or not at all."""
    part = file.with_name(f"{file.name}.part")
    try:
        part.write_bytes(data)
        part.replace(file)
    except OSError as error:
        raise NotThere(
            f"{file} cannot be written: {error.strerror}.",
            state="What was asked of the node is done; the file was not written.",
            next="Name a folder that is there and can be written to.",
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _tell(text: str) -> Tell:
    desk, _, word = text.partition(":")
    words = {one.value: one for one in Precision}
    if not desk or (word and word not in words):
        raise NotThere(
            f"{text!r} names no desk and precision.",
            state="Nothing was taken.",
            next=f"Write DESK, or DESK: and one of {', '.join(words)}.",
        )
    return Tell(desk=desk, precision=words.get(word, Precision.COARSE))


def set_(text: str) -> tuple[str, str]:
    """Read KEY=VALUE.

    Raises:
        NotThere: It is none.
    """
    key, sign, value = text.partition("=")
    if not sign or not key:
        raise NotThere(
            f"{text!r} sets nothing.",
            state="Nothing was taken.",
            next="Write KEY=VALUE, as established_by=HQ.",
        )
    return key, value


def _wait(client: Client, found: ImportShown) -> ImportShown:
    """Show how far it is until it is over, or waits for somebody else.

    Raises:
        NoAnswer: The node said nothing for minutes; it goes on without us.
    """
    heard_at = time.monotonic()
    with Progress("reading, rows") as progress:
        while found.ended_at is None and found.state != "waiting":
            progress.update(found.done, found.total, f"{found.state}, rows")
            time.sleep(_ASK_EVERY_S)
            try:
                found = client.find_import(found.id)
                heard_at = time.monotonic()
            except NoAnswer:  # a slow machine is busy with the file
                if time.monotonic() - heard_at > _PATIENCE_S:
                    raise
    return found


def _tell_import(file: Path, found: ImportShown) -> None:
    for one in found.refused[:_SHOWN]:
        where = f"{file}:{one.row}" if one.row else str(file)
        what = f"{one.column}: {one.what}" if one.column else one.what
        print(f"{where}: {what} {one.next}".rstrip(), file=sys.stderr)
    if found.refused_count > _SHOWN:
        print(f"and {found.refused_count - _SHOWN:,} more.", file=sys.stderr)
    for note in found.noted[:_SHOWN]:
        print(f"note, {file}:{note.row}: {note.says}", file=sys.stderr)
    done = (
        f"{found.filed:,} filed, {found.amended:,} amended, "
        f"{found.withdrawn:,} withdrawn, {found.unchanged:,} as they were"
    )
    print(f"{found.total:,} rows: {done}. {_SAYS[found.state]}")
    if found.state == "waiting":
        print(f"They look at it: clearline notice imports {found.id} --sheet look.xlsx")
        print(f"They approve it: clearline notice imports {found.id} --approve")
    if found.unread:
        print(f"Columns nobody knows were not read: {', '.join(found.unread)}.")
    print(LEGAL_LINE)


_SAYS: Final = {
    "reading": "",
    "checking": "",
    "waiting": "NOTHING IS FILED YET: another person of your party approves it.",
    "filing": "",
    "done": "Done.",
    "refused": "NOTHING WAS FILED.",
    "taken back": "NOTHING STANDS: what was filed was withdrawn again.",
}


def export(  # noqa: PLR0913 (each is an option of the command)
    *,
    out: Path,
    form: Annotated[Form | None, Parameter(name="--format")] = None,
    kind: NoticeKind | None = None,
    of: Literal["own", "told"] = "own",
    over: Switch = False,
    template: Literal["site", "movement"] | None = None,
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
) -> int:
    """Hand notices out as a file, or write an empty sheet to fill in.

    Your own, or what your desk was told by others, as exactly as it was told: never
    anybody's positions, and of others' sites no list of exact places. That a file was
    handed out stands in the log, and its owners can be told. What the format does not
    carry is said.

    Parameters
    ----------
    out
        The file to write.
    form
        kml, kmz, geojson, ndjson, cot, xlsx, csv; by the ending of --out if left out.
    kind
        Of one kind only; needed for xlsx and csv.
    of
        own, or told.
    over
        Also what is withdrawn, expired or completed.
    template
        Write an empty sheet of sites or movements instead; it needs no node.
    """
    chosen = form or out.suffix.lower().removeprefix(".")
    if template is not None:
        return _template(out, template, chosen, json=json)
    query = {"of": of, "is_over": str(over).lower()}
    if kind is not None:
        query["kind"] = kind
    with connect(data, node) as client:
        found = client.export(chosen, query)
    _write(out, found.data)
    if json:
        said = {"count": found.count, "out": str(out), "left_out": found.left_out}
        print(msgspec.json.encode(said | {"next": found.next}).decode())
    else:
        print(f"{found.count:,} notices in {out}.")
        print(f"Not in it: {found.left_out}.")
        print(LEGAL_LINE)
    return 0


def _template(out: Path, template: str, form: str, *, json: bool) -> int:
    from clearline.exchange.formats import SHEETS, FileFormat  # noqa: PLC0415
    from clearline.exchange.sheets import write_template  # noqa: PLC0415

    if form not in SHEETS:
        raise NotThere(
            f"A template is a sheet, and no {form or 'file without an ending'}.",
            state="Nothing was written.",
            next="Name the file .xlsx or .csv, or give --format.",
        )
    _write(out, write_template(NoticeKind(template), FileFormat(form)))
    said = {"out": str(out), "template": template}
    print(msgspec.json.encode(said).decode() if json else f"{out}: fill it in.")
    return 0
