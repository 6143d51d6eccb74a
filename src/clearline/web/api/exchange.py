"""Hand files out, so that desks keep their tools; `imports` takes them in.

What leaves is one's own, or what one's desk was told, as exactly as it was told; own
positions never do. Each file that leaves is an entry of the log.
"""

import hashlib
from typing import Final, NamedTuple

from starlette.responses import Response

from clearline.exchange.formats import SHEETS, FileFormat
from clearline.exchange.handing import (
    NEVER,
    Going,
    Handed,
    going,
    hand_out,
    hand_out_rows,
)
from clearline.exchange.sheets import write_template
from clearline.model.handing import GoneOut, HandOut
from clearline.model.notice_seen import NoticeSeen
from clearline.model.notices import LEGAL_LINE, NoticeId, NoticeKind
from clearline.rules.disclosure import in_a_list, notice_for
from clearline.web.endpoints import (
    SIGNED_IN,
    Asking,
    Endpoint,
)
from clearline.web.limits import Rate
from clearline.web.refusals import BadRequest, not_there
from clearline.wire.forms.exchange import (
    ExportQuery,
    TemplateQuery,
)

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
    response = file_of(handed.data, form, f"clearline-{query.of}.{form}")
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
    return file_of(data, form, f"{kind}.{form}")


def file_of(data: bytes, form: FileFormat, name: str) -> Response:
    """Answer with a file that no cache keeps."""
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
