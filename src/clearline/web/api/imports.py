"""Take files of notices in: read, tried and filed beside, while whoever gave one asks.

Where a party has a site filed by one person and approved by another, a file that files
sites waits, and another person of the party looks at its sheet and approves it.
"""

import threading
from typing import Final

from msgspec.structs import replace
from starlette.responses import Response

from clearline.exchange.cells import Unfit, read_zone
from clearline.exchange.formats import FileFormat
from clearline.exchange.intake import (
    Intake,
    column_of,
    has_sheet,
    held_against,
    intake_of,
    mistake_of,
    read_file,
    sheet_of,
)
from clearline.exchange.sheets import write_marked
from clearline.exchange.taking import Taking
from clearline.model.notices import LEGAL_LINE, Consent, NoticeKind
from clearline.model.parties import DeskId
from clearline.rules.notice_life import require_proven
from clearline.service.imports import Import, ImportState, Rows
from clearline.web.api.exchange import file_of
from clearline.web.endpoints import SIGNED_IN, WRITING, Answered, Asking, Endpoint
from clearline.web.refusals import BadRequest, NotAllowed, not_there
from clearline.wire.forms.exchange import (
    ImportShown,
    ImportsWaiting,
    ImportWanted,
    RowNoted,
    RowRefused,
)
from clearline.wire.forms.notices import Approval

LONGEST_IMPORT: Final = 24 * 2**20
"""How long the body of an import may be, bytes: a file of 18 MiB, packed or not."""

_SHOWN: Final = 200
_KEPT: Final = 16
_BYTES: Final = "application/octet-stream"


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
    gazetteer = asking.service.gazetteer

    def read(one: Import) -> Rows:
        def count(done: int, total: int) -> None:
            one.done, one.total = done, total

        intake = read_file(wanted.name, wanted.data, taking, count)
        places = gazetteer if gazetteer.is_made else None
        held = held_against(intake, places, count)
        # A sheet made of shapes holds those that lie elsewhere too, to be corrected.
        _INTAKES.keep(one.id, replace(intake, notes=held.notes))
        return held.wanted, held.refusals

    one = asking.service.imports.begin(
        read,
        by=by,
        name=wanted.name,
        is_whole=wanted.is_whole,
        is_trial=wanted.is_trial,
    )
    return Answered(body=_shown(one), status=202)


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
    return _shown(one)


async def _list(asking: Asking) -> ImportsWaiting:
    found = asking.service.imports.waiting(asking.caller.party)
    return ImportsWaiting(items=tuple(_shown(one) for one in found))


async def _approve(asking: Asking) -> ImportShown:
    """File it: whoever gave it stands as filing, the caller as approving."""
    one, by = _own(asking), asking.caller.actor()
    require_proven(by)
    if by.person == one.by.person:
        raise NotAllowed(
            "Nobody approves their own import.",
            state="It waits still.",
            next="Ask another person of your party to approve it.",
        )
    imports = asking.service.imports
    if not await asking.aside(lambda: imports.approve(one, by)):
        raise not_there("import of your party that waits")
    return _shown(one)


async def _drop(asking: Asking) -> None:
    one, imports = _own(asking), asking.service.imports
    require_proven(asking.caller.actor())
    if not await asking.aside(lambda: imports.drop(one)):
        raise not_there("import of your party that waits")


async def _sheet(asking: Asking) -> Response:
    one = _own(asking)
    intake = _INTAKES.find(one.id)
    if intake is None and one.state is ImportState.WAITING:
        wanted = await asking.aside(lambda: asking.service.imports.asked(one))
        intake = intake_of(wanted)
    if intake is None or not has_sheet(intake):
        raise not_there(f"sheet of import {one.id!r}")
    form = intake.form if intake.sheet is not None else FileFormat.XLSX
    mistakes = [mistake_of(said) for said in one.refusals]

    def write() -> bytes:
        return write_marked(sheet_of(intake), mistakes, form)

    return file_of(await asking.aside(write), form, f"mistakes.{form}")


def _own(asking: Asking) -> Import:
    """Find an import of the caller's own desk, or one their party is asked about."""
    one = asking.service.imports.find(asking.path["import"])
    if one is None or not _may_see(one, asking):
        raise not_there(f"import {asking.path['import']!r}")
    return one


def _may_see(one: Import, asking: Asking) -> bool:
    is_asked = one.state is ImportState.WAITING or one.approved_by is not None
    is_of_party = one.by.party == asking.caller.party
    return one.by.desk == asking.caller.desk or (is_asked and is_of_party)


def _shown(one: Import) -> ImportShown:
    """Show an import as it is: what says that it is over is read before all else."""
    ended_at, state = one.ended_at, one.state
    intake = _INTAKES.find(one.id)
    notes = intake.notes if intake is not None else ()
    sheet = intake.sheet if intake is not None else None
    return ImportShown(
        id=one.id,
        name=one.name,
        form=intake.form if intake is not None else "",
        kind=intake.kind if intake is not None else NoticeKind.SITE,
        state=state,
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
        has_sheet=state is ImportState.WAITING
        or (intake is not None and has_sheet(intake)),
        by=one.by.person,
        approved_by=one.approved_by.person if one.approved_by is not None else None,
        began_at=one.began_at,
        ended_at=ended_at,
        legal_note=LEGAL_LINE,
    )


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/api/v1/imports",
        name="beginImport",
        does="Take a file of notices in: KML, KMZ, GeoJSON, CoT, XLSX or CSV.",
        says="It is accepted at once, then read, tried and filed beside; ask how far "
        "it is. What cannot be read at all is refused there, at row 0.",
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
        path="/api/v1/imports",
        name="listImports",
        does="List the imports of your party that wait for a second person.",
        handle=_list,
        may=SIGNED_IN,
        gives=ImportsWaiting,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/imports/{import}",
        name="readImport",
        does="Say how far an import is: of your own desk, or one that waits for you.",
        handle=_read,
        may=SIGNED_IN,
        gives=ImportShown,
    ),
    Endpoint(
        method="DELETE",
        path="/api/v1/imports/{import}",
        name="dropImport",
        does="Put away an import that waits for a second person: nothing is filed.",
        handle=_drop,
        may=SIGNED_IN,
        status=204,
        rate=WRITING,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/imports/{import}/approval",
        name="approveImport",
        does="Approve another person's import: its sites are filed with both names.",
        handle=_approve,
        may=SIGNED_IN,
        takes=Approval,
        gives=ImportShown,
        status=202,
        rate=WRITING,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/imports/{import}/sheet",
        name="importSheet",
        does="Give the same sheet with a column that says what is wrong, row by row.",
        says="Of an import that waits after a restart: what it asks for, without the "
        "numbers, plates and names it sealed.",
        handle=_sheet,
        may=SIGNED_IN,
        media=_BYTES,
        refuses=(404,),
    ),
)
