"""Find a call, a notice or a place by whatever somebody has of it."""

from typing import Final

from clearline.geo.reading import read_place
from clearline.model.calls import Call
from clearline.model.errors import BadInput
from clearline.model.notice_seen import NoticeSeen
from clearline.model.places import Reading
from clearline.web.console.board import standing
from clearline.web.console.pages import Page, Shown, Visit
from clearline.web.console.sheet import heard
from clearline.web.endpoints import LOOKING
from clearline.wire.forms.notices import ListingNotices, Notices

_MOST: Final = 20
_LONGEST: Final = 300


async def _see(visit: Visit) -> Shown:
    wanted = visit.query("q").strip()[:_LONGEST]
    readings: tuple[Reading, ...] = ()
    if wanted:
        readings = await visit.asking.aside(lambda: _places(visit, wanted))
    return Shown(
        template="find.html",
        has={
            "wanted": wanted,
            "calls": _calls(visit, wanted) if wanted else [],
            "notices": await _notices(visit, wanted) if wanted else [],
            "readings": tuple(heard(visit, one) for one in readings[:_MOST]),
        },
    )


def _calls(visit: Visit, wanted: str) -> list[Call]:
    """Find calls by their spoken number, or by words of the card."""
    words = wanted.casefold()
    found = [
        call
        for call in standing(visit)
        if wanted == str(call.number)
        or words in f"{call.kind} {call.number}".casefold()
        or words in call.card.what.casefold()
    ]
    return sorted(found, key=lambda call: -call.number)[:_MOST]


async def _notices(visit: Visit, wanted: str) -> list[NoticeSeen]:
    words = wanted.casefold()
    listed: Notices = await visit.do("listNotices", query=ListingNotices(limit=200))
    return [
        one
        for one in listed.items
        if words in one.id.casefold()
        or (one.revision and words in one.revision.what.casefold())
    ][:_MOST]


def _places(visit: Visit, wanted: str) -> tuple[Reading, ...]:
    with visit.looking() as view:
        own = tuple(view.origins.values())
    try:
        return read_place(wanted, visit.service.known(own))
    except BadInput:
        return ()


PAGES: Final = (Page(path="/find", see=_see, may=LOOKING),)
FORMS: Final = ()
