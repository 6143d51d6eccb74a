"""Show what is planned and notified, and where two of them meet.

A conflict names both owners as far as this desk may know, the time to contact, how
near they come, and computed ways out. What was not checked is said.
"""

from typing import Any, Final
from urllib.parse import quote

from clearline.model.calls import Kind
from clearline.model.notices import LEGAL_LINE
from clearline.rules.screening import NOT_CHECKED
from clearline.web.console.approach import approach
from clearline.web.console.board import standing
from clearline.web.console.pages import Form, Page, Shown, Visit
from clearline.web.endpoints import LOOKING, SIGNED_IN
from clearline.wire.forms.conflicts import (
    ConflictShown,
    ConflictsShown,
    ConflictsWanted,
    Reason,
    ReasonIfAny,
)
from clearline.wire.forms.notices import ListingNotices, Notices


async def _see(visit: Visit) -> Shown:
    conflicts: ConflictsShown = await visit.do(
        "listConflicts", query=ConflictsWanted(limit=100)
    )
    notices: Notices = await visit.do("listNotices", query=ListingNotices(limit=100))
    now = visit.now
    return Shown(
        template="plans.html",
        has={
            "open": sorted(
                (one for one in conflicts.items if one.state != "resolved"),
                key=lambda one: one.overlap.start if one.overlap else now,
            ),
            "resolved": [one for one in conflicts.items if one.state == "resolved"],
            "own": [one for one in notices.items if one.is_own],
            "told": [one for one in notices.items if not one.is_own],
            "names": _names(visit),
            "not_checked": NOT_CHECKED,
            "legal": LEGAL_LINE,
        },
    )


def _names(visit: Visit) -> dict[str, str]:
    with visit.looking() as view:
        named = {str(one.id): one.name for one in view.desks.values()}
        return named | {str(one.id): one.name for one in view.parties.values()}


async def _conflict(visit: Visit) -> Shown:
    found: ConflictShown = await visit.do(
        "readConflict", conflict=visit.part("conflict")
    )
    return Shown(
        template="conflict.html",
        has={
            "conflict": found,
            "approach": await approach(visit, found.id),
            "names": _names(visit),
            "rang": [one for one in standing(visit) if one.id in found.calls],
            "not_checked": NOT_CHECKED,
            "legal": LEGAL_LINE,
            "proposals": [
                (one.says, _proposal(found, one.says)) for one in found.ways_out
            ],
            "accepted_by": {one.party for one in found.accepted},
        },
    )


def _proposal(conflict: ConflictShown, says: str) -> str:
    """Return the path of a call that proposes a way out, drafted and not sent."""
    pair = f"{conflict.own.notice} and {conflict.other.notice or 'yours'}"
    what = f"About {pair}, for {conflict.changes}: {says}"
    return (
        f"/call?kind={quote(Kind.QUERY)}&to={quote(conflict.other.desk)}"
        f"&what={quote(what)}"
    )


async def _act(visit: Visit, name: str, body: Any) -> str:
    conflict = visit.part("conflict")
    await visit.do(name, body, conflict=conflict)
    return f"/conflicts/{quote(conflict)}"


async def _talk(visit: Visit) -> str:
    return await _act(visit, "talkAboutConflict", ReasonIfAny(why=visit.said("why")))


async def _accept(visit: Visit) -> str:
    return await _act(visit, "acceptConflict", Reason(why=visit.said("why")))


async def _release(visit: Visit) -> str:
    return await _act(visit, "releaseConflict", Reason(why=visit.said("why")))


PAGES: Final = (
    Page(path="/plans", see=_see, may=LOOKING),
    Page(path="/conflicts/{conflict}", see=_conflict, may=LOOKING),
)
FORMS: Final = (
    Form(path="/conflicts/{conflict}/talk", do=_talk, on=_conflict, may=SIGNED_IN),
    Form(path="/conflicts/{conflict}/accept", do=_accept, on=_conflict, may=SIGNED_IN),
    Form(
        path="/conflicts/{conflict}/release", do=_release, on=_conflict, may=SIGNED_IN
    ),
)
