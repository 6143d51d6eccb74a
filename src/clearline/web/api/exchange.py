"""Take files in and hand files out, so that desks keep their tools.

What leaves is one's own, or what one's desk was told, as exactly as it was told; own
positions never do. Each file that leaves is an entry of the log.
"""

import hashlib
import threading
from typing import Final, NamedTuple

from starlette.responses import Response

from clearline.exchange.cells import Unfit, read_zone
from clearline.exchange.formats import SHEETS, FileFormat
from clearline.exchange.handing import (
    NEVER,
    Going,
    Handed,
    going,
    hand_out,
    hand_out_rows,
)
from clearline.exchange.intake import (
    Intake,
    column_of,
    has_sheet,
    mistake_of,
    read_file,
    sheet_of,
)
from clearline.exchange.sheets import write_marked, write_template
from clearline.exchange.taking import Taking
from clearline.model.handing import GoneOut, HandOut
from clearline.model.notice_seen import NoticeSeen
from clearline.model.notices import LEGAL_LINE, Consent, NoticeId, NoticeKind
from clearline.model.parties import DeskId
from clearline.rules.disclosure import in_a_list, notice_for
from clearline.service.imports import Import
from clearline.web.endpoints import (
    SIGNED_IN,
    WRITING,
    Answered,
    Asking,
    Endpoint,
)
from clearline.web.limits import Rate
from clearline.web.refusals import BadRequest, not_there
from clearline.wire.forms.exchange import (
    ExportQuery,
    ImportShown,
    ImportWanted,
    RowNoted,
    RowRefused,
    TemplateQuery,
)

LONGEST_IMPORT: Final = 24 * 2**20
"""How long the body of an import may be, bytes: a file of 18 MiB, packed or not."""

_SHOWN: Final = 200
_KEPT: Final = 16
MOST_TOLD: Final = 500
"""How many notices of others one file may hold."""

_BYTES: Final = "application/octet-stream"
_OF_OTHERS: Final = Rate(30, 0.5)
"""How often one caller may take away what others told."""

_LOOKED_AT_ONCE: Final = 100

MEDIA: Final = {
    FileFormat.KML: "application/vnd.google-earth.kml+xml",
    FileFormat.KMZ: "application/vnd.google-earth.kmz",
    FileFormat.GEOJSON: "application/geo+json",
    FileFormat.NDJSON: "application/geo+json-seq",
    FileFormat.COT: "application/xml",
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.XLSX: (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
}


class _Intakes:
    """Remember what the last files said, for the copies with their mistakes."""

    def __init__(self) -> None:
        self._kept: dict[str, Intake] = {}
        self._lock = threading.Lock()

    def keep(self, id_: str, intake: Intake) -> None:
        with self._lock:
            self._kept[id_] = intake
            while len(self._kept) > _KEPT:
                self._kept.pop(next(iter(self._kept)))

    def find(self, id_: str) -> Intake | None:
        with self._lock:
            return self._kept.get(id_)


_INTAKES: Final = _Intakes()


async def _begin(asking: Asking) -> Answered:
    wanted: ImportWanted = asking.body
    taking = _taking(asking, wanted)
    by = asking.caller.actor()

    def take() -> tuple[Import, Intake]:
        intake = read_file(wanted.name, wanted.data, taking)
        one = asking.service.imports.begin(
            intake.wanted,
            intake.refusals,
            by=by,
            name=wanted.name,
            is_whole=wanted.is_whole,
            is_trial=wanted.is_trial,
        )
        return one, intake

    one, intake = await asking.aside(take)
    _INTAKES.keep(one.id, intake)
    return Answered(body=_shown(one, intake), status=202)


def _taking(asking: Asking, wanted: ImportWanted) -> Taking:
    now = asking.service.node.clock.read().at
    try:
        zone = read_zone(wanted.zone) if wanted.zone else None
    except Unfit as error:
        raise BadRequest(
            error.what, state="Nothing was taken.", next=error.next
        ) from None
    with asking.looking() as view:
        origins = tuple(view.origins.values())
    return Taking(
        origins=asking.service.known(origins),
        now=now,
        zone=zone,
        until=wanted.until,
        kind=wanted.kind,
        sets=wanted.sets,
        tells=tuple(
            Consent(
                desk=DeskId(one.desk),
                precision=one.precision,
                by=wanted.consent_by,
                source="said at the import",
                at=now,
            )
            for one in wanted.tells
        ),
    )


async def _read(asking: Asking) -> ImportShown:
    one = _own(asking)
    return _shown(one, _INTAKES.find(one.id))


async def _sheet(asking: Asking) -> Response:
    one = _own(asking)
    intake = _INTAKES.find(one.id)
    if intake is None or not has_sheet(intake):
        raise not_there(f"sheet of import {one.id!r}")
    form = intake.form if intake.sheet is not None else FileFormat.XLSX
    mistakes = [mistake_of(said) for said in one.refusals]

    def write() -> bytes:
        return write_marked(sheet_of(intake), mistakes, form)

    return _file(await asking.aside(write), form, f"mistakes.{form}")


def _own(asking: Asking) -> Import:
    """Find an import of the caller's own desk; another's is not there."""
    one = asking.service.imports.find(asking.path["import"])
    if one is None or one.by.desk != asking.caller.desk:
        raise not_there(f"import {asking.path['import']!r}")
    return one


def _shown(one: Import, intake: Intake | None) -> ImportShown:
    notes = intake.notes if intake is not None else ()
    sheet = intake.sheet if intake is not None else None
    return ImportShown(
        id=one.id,
        name=one.name,
        form=intake.form if intake is not None else "",
        kind=intake.kind if intake is not None else NoticeKind.SITE,
        state=one.state,
        is_whole=one.is_whole,
        is_trial=one.is_trial,
        total=one.total,
        done=one.done,
        filed=one.filed,
        amended=one.amended,
        withdrawn=one.withdrawn,
        unchanged=one.unchanged,
        examples=sheet.examples if sheet is not None else 0,
        unread=sheet.unread if sheet is not None else (),
        refused=tuple(
            RowRefused(
                row=said.row,
                column=column_of(said.column),
                ref=said.ref,
                what=said.what,
                next=said.next,
            )
            for said in sorted(one.refusals, key=lambda said: said.row)[:_SHOWN]
        ),
        refused_count=len(one.refusals),
        noted=tuple(
            RowNoted(row=row, ref=ref, says=says) for row, ref, says in notes[:_SHOWN]
        ),
        noted_count=len(notes),
        has_sheet=intake is not None and has_sheet(intake),
        began_at=one.began_at,
        ended_at=one.ended_at,
        legal_note=LEGAL_LINE,
    )


async def _export(asking: Asking) -> Response:
    query: ExportQuery = asking.query
    try:
        form = FileFormat(asking.path["form"])
    except ValueError:
        raise not_there(f"format {asking.path['form']!r}") from None
    if form in SHEETS and (query.of != "own" or query.kind not in _ROWS):
        raise BadRequest(
            "A sheet holds one's own sites, or one's own movements.",
            state="Nothing was handed out.",
            next="Ask for kind=site or kind=movement, or for another format.",
        )
    if query.of == "told":
        asking.slow_down(_OF_OTHERS, f"{asking.caller.name} told")
    made = await asking.aside(lambda: _made(asking, query, form))
    others = [one for one in made.some if one.revision is None]
    handed = made.handed
    await asking.ask(
        HandOut(
            by=asking.caller.actor(),
            form=form,
            sha256=hashlib.sha256(handed.data).hexdigest(),
            own=len(made.some) - len(others),
            notices=tuple(
                GoneOut(
                    notice=NoticeId(one.name), revision=one.number, precision=one.level
                )
                for one in others
            ),
        )
    )
    response = _file(handed.data, form, f"clearline-{query.of}.{form}")
    response.headers["x-clearline-count"] = str(handed.count)
    response.headers["x-clearline-next"] = str(made.next)
    response.headers["x-clearline-left-out"] = _left_out(handed)
    return response


_ROWS: Final = (NoticeKind.SITE, NoticeKind.MOVEMENT)


class _Made(NamedTuple):
    """Hold a file that was made, what is in it, and where the next one goes on."""

    handed: Handed
    some: list[Going]
    next: int


def _made(asking: Asking, query: ExportQuery, form: FileFormat) -> _Made:
    """Make the file of what the caller may have."""
    now = asking.service.node.clock.read().at
    with asking.looking() as view:
        size = view.size
    ids = asking.service.node.notices_since(query.after)
    some: list[Going] = []
    for start in range(0, len(ids), _LOOKED_AT_ONCE):
        for seen in _seen(asking, query, form, ids[start : start + _LOOKED_AT_ONCE]):
            one = going(seen, asking.caller.party)
            if one is not None:
                some.append(one)
        if query.of != "own" and len(some) > MOST_TOLD:
            raise BadRequest(
                f"More than {MOST_TOLD} notices of others leave in no one file.",
                state="Nothing was handed out.",
                next="Ask for one kind, or for what changed since: after=N.",
            )
    if form in SHEETS and query.kind is not None:
        return _Made(hand_out_rows(some, query.kind, form), some, size)
    return _Made(hand_out(some, form, now), some, size)


def _seen(
    asking: Asking, query: ExportQuery, form: FileFormat, ids: list[NoticeId]
) -> list[NoticeSeen]:
    """Return those of some notices that are asked for, as they may be seen."""
    viewer, is_own = asking.caller.viewer(), query.of == "own"
    now = asking.service.node.clock.read().at
    # An event on the screen of whoever acts is told one by one; a file is a list.
    looked = notice_for if form is FileFormat.COT else in_a_list
    found = []
    with asking.looking() as view:  # for a moment each, so that nobody waits
        for id_ in ids:
            notice = view.notices.get(id_)
            if notice is None or (notice.owner == viewer.party) is not is_own:
                continue
            if notice.is_over and not query.is_over:
                continue
            seen = looked(view, viewer, notice, now)
            if seen is not None and query.kind in (None, seen.kind):
                found.append(seen)
    return found


def _left_out(handed: Handed) -> str:
    """Say what a file leaves out, in a header: ASCII, one line."""
    said = [f"{one.count} x {one.what}: {one.why}" for one in handed.left_out]
    return "; ".join([*said, *NEVER]).encode("ascii", "replace").decode()


async def _template(asking: Asking) -> Response:
    query: TemplateQuery = asking.query
    kinds = {kind.value: kind for kind in _ROWS}
    kind = kinds.get(asking.path["kind"])
    if kind is None:
        raise not_there(f"template {asking.path['kind']!r}")
    form = FileFormat(query.form)
    data = await asking.aside(lambda: write_template(kind, form))
    return _file(data, form, f"{kind}.{form}")


def _file(data: bytes, form: FileFormat, name: str) -> Response:
    return Response(
        data,
        media_type=MEDIA[form],
        headers={
            "content-disposition": f'attachment; filename="{name}"',
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            "x-clearline-legal-note": LEGAL_LINE,
        },
    )


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/api/v1/imports",
        name="beginImport",
        does="Take a file of notices in: KML, KMZ, GeoJSON, CoT, XLSX or CSV.",
        says="It is read at once and filed beside; ask how far it is.",
        handle=_begin,
        may=SIGNED_IN,
        takes=ImportWanted,
        gives=ImportShown,
        status=202,
        rate=WRITING,
        longest=LONGEST_IMPORT,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/imports/{import}",
        name="readImport",
        does="Say how far an import of your own desk is.",
        handle=_read,
        may=SIGNED_IN,
        gives=ImportShown,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/imports/{import}/sheet",
        name="importSheet",
        does="Give the same sheet with a column that says what is wrong, row by row.",
        handle=_sheet,
        may=SIGNED_IN,
        media=_BYTES,
        refuses=(404,),
    ),
    Endpoint(
        method="GET",
        path="/api/v1/exports/{form}",
        name="exportNotices",
        does="Hand notices out as a file: your own, or what your desk was told.",
        says="What the file does not carry stands in the header X-Clearline-Left-Out. "
        "That it was handed out stands in the log.",
        handle=_export,
        may=SIGNED_IN,
        query=ExportQuery,
        media=_BYTES,
        refuses=(404,),
    ),
    Endpoint(
        method="GET",
        path="/api/v1/templates/{kind}",
        name="sheetTemplate",
        does="Give an empty sheet for sites or movements.",
        handle=_template,
        may=SIGNED_IN,
        query=TemplateQuery,
        media=_BYTES,
        refuses=(404,),
    ),
)
