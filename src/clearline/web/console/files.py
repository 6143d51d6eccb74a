"""Take a file of notices in, and hand one out, from a screen.

    choose a file --> how far it is --> what was taken, what was not and why
                                    '-> waits for another person of the party

It is the import and export of the API and of the commands: the same all or nothing or
row by row, and the same sheet comes back with a column that says what is wrong.
"""

import gzip
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final, TypeVar
from urllib.parse import quote

from starlette.responses import Response

from clearline.exchange.formats import FileFormat
from clearline.model.notices import LEGAL_LINE, NoticeKind, Precision
from clearline.web.console.labels import _
from clearline.web.console.pages import Form, Page, Sent, Shown, Visit
from clearline.web.console.uploads import Upload
from clearline.web.endpoints import SIGNED_IN, Answered
from clearline.web.refusals import BadRequest
from clearline.wire.forms.exchange import (
    ExportQuery,
    ImportShown,
    ImportsWaiting,
    ImportWanted,
    SheetForm,
    Tell,
    TemplateQuery,
    Whose,
)
from clearline.wire.forms.notices import Approval

LONGEST_UPLOAD: Final = 18 * 2**20
"""How long a form with a file may be, bytes: what an import takes."""

STATES: Final = {
    "reading": _("Reading the file"),
    "checking": _("Trying every row; nothing is filed yet"),
    "waiting": _("NOTHING IS FILED YET: another person of your party approves it"),
    "filing": _("Filing"),
    "done": _("Done"),
    "refused": _("NOTHING WAS FILED"),
    "taken back": _("NOTHING STANDS: what was filed was withdrawn again"),
}
"""How far an import is, in words."""

_Word = TypeVar("_Word", bound=StrEnum)
_ROWS: Final = (NoticeKind.SITE, NoticeKind.MOVEMENT)
_ALREADY_PACKED: Final = (".kmz", ".xlsx", ".gz")
_PACK_FROM: Final = 1 << 20


async def _see(visit: Visit) -> Shown:
    waiting: ImportsWaiting = await visit.do("listImports")
    with visit.looking() as view:
        desks = [one for one in view.desks.values() if one.party != visit.caller.party]
    return Shown(
        template="files.html",
        has={
            "waiting": waiting.items,
            "desks": sorted(desks, key=lambda one: one.name),
            "kinds": list(NoticeKind),
            "of_rows": _ROWS,
            "forms": list(FileFormat),
            "sheets": list(SheetForm),
            "precisions": [Precision.COARSE, Precision.EXACT, Precision.EXISTENCE],
            "legal": LEGAL_LINE,
        },
    )


async def _take(visit: Visit) -> str:
    """Begin to take a file in; the page that is shown says how far it is."""
    given = visit.files.get("file")
    if given is None or not given.data:
        raise BadRequest(
            "No file was chosen.",
            state="Nothing was taken.",
            next="Choose a file and send the form again.",
        )
    wanted = ImportWanted(
        name=given.name,
        data=await visit.asking.aside(lambda: _packed(given)),
        kind=_one_of(NoticeKind, visit.said("kind")),
        is_whole=visit.said("rows") != "each",
        is_trial=visit.said("do") == "try",
        zone=visit.said("zone")[:64],
        tells=_tells(visit),
        consent_by=visit.said("consent_by"),
    )
    answered: Answered = await visit.do("beginImport", wanted)
    begun: ImportShown = answered.body
    return f"/files/{quote(begun.id)}"


def _packed(given: Upload) -> bytes:
    is_packed = PurePosixPath(given.name).suffix.lower() in _ALREADY_PACKED
    is_small = len(given.data) < _PACK_FROM
    return given.data if is_packed or is_small else gzip.compress(given.data)


def _one_of(words: type[_Word], said: str) -> _Word:
    """Return the word a form says; the first there is, where it says none of them."""
    return words(said) if said in tuple(words) else next(iter(words))


def _tells(visit: Visit) -> tuple[Tell, ...]:
    precision = _one_of(Precision, visit.said("precision"))
    return tuple(Tell(desk=one, precision=precision) for one in visit.all_said("tells"))


async def _one(visit: Visit) -> Shown:
    found: ImportShown = await visit.do("readImport", **_named(visit))
    is_waiting = found.state == "waiting"
    return Shown(
        template="file.html",
        has={
            "file": found,
            "state": STATES[found.state],
            "is_under_way": found.ended_at is None and not is_waiting,
            "is_ours": found.by is not None and found.by == visit.caller.person,
            "legal": LEGAL_LINE,
        },
    )


def _named(visit: Visit) -> dict[str, str]:
    return {"import": visit.part("import")}


async def _approve(visit: Visit) -> str:
    await visit.do("approveImport", Approval(), **_named(visit))
    return f"/files/{quote(visit.part('import'))}"


async def _drop(visit: Visit) -> str:
    await visit.do("dropImport", **_named(visit))
    return "/files"


async def _sheet(visit: Visit) -> Sent:
    return _sent(await visit.do("importSheet", **_named(visit)))


async def _template(visit: Visit) -> Sent:
    query = TemplateQuery(form=_one_of(SheetForm, visit.query("form")))
    kind = visit.query("kind") or NoticeKind.SITE
    return _sent(await visit.do("sheetTemplate", query=query, kind=kind))


async def _hand_out(visit: Visit) -> Sent:
    what = visit.query("what")
    query = ExportQuery(
        of=Whose.TOLD if what == "told" else Whose.OWN,
        kind=NoticeKind(what) if what in tuple(NoticeKind) else None,
        is_over=visit.query("over") == "1",
    )
    form = visit.query("form") or FileFormat.GEOJSON
    return _sent(await visit.do("exportNotices", query=query, form=form))


def _sent(response: Response) -> Sent:
    """Give what the API answers with, as a page's file."""
    _, _, name = response.headers["content-disposition"].partition("filename=")
    return Sent(
        body=bytes(response.body),
        media=response.headers["content-type"],
        name=name.strip('"'),
    )


PAGES: Final = (
    Page(path="/files", see=_see, may=SIGNED_IN),
    Page(path="/files/template", see=_template, may=SIGNED_IN),
    Page(path="/files/out", see=_hand_out, may=SIGNED_IN),
    Page(path="/files/{import}", see=_one, may=SIGNED_IN),
    Page(path="/files/{import}/sheet", see=_sheet, may=SIGNED_IN),
)
FORMS: Final = (
    Form(
        path="/files",
        do=_take,
        on=_see,
        may=SIGNED_IN,
        is_once=True,
        longest=LONGEST_UPLOAD,
    ),
    Form(path="/files/{import}/approve", do=_approve, on=_one, may=SIGNED_IN),
    Form(path="/files/{import}/drop", do=_drop, on=_see, may=SIGNED_IN),
)
