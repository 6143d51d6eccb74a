"""Say what stands on every page: who has the watch, what rings, how to STOP."""

from typing import Any, Final

import msgspec

from clearline.model.entries import Realm
from clearline.model.instants import Instant, write_instant
from clearline.model.parties import Role
from clearline.picture.picture import View
from clearline.web.console.board import Row, board, name_of
from clearline.web.console.exercise import offers
from clearline.web.console.labels import KEYS, _
from clearline.web.console.pages import Visit

SCREENS: Final = (
    ("/", "w", _("Watch")),
    ("/notices/new", "n", _("New notice")),
    ("/plans", "c", _("Plans")),
    ("/sheets", "s", _("Telephone")),
    ("/roster", "r", _("Roster")),
    ("/lines", "l", _("Lines")),
    ("/replay", "i", _("Replay")),
    ("/ledger", "g", _("Ledger")),
    ("/cases", "k", _("Cases")),
    ("/admin", "a", _("Admin")),
)
"""Every screen in the order it stands in: its path, its key after `g`, its name."""


class OnWatch(msgspec.Struct, frozen=True, kw_only=True):
    """Say who has the watch, for the frame."""

    person: str
    role: Role
    until: Instant
    is_me: bool


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one link to a screen."""

    path: str
    key: str
    name: str
    is_here: bool


def frame(visit: Visit, screens: frozenset[str]) -> dict[str, Any]:
    """Say what a page shows around its own part.

    Args:
        visit: Who looks, at what.
        screens: The paths of the screens there are.
    """
    known, node = visit.asking.known, visit.service.node
    rows: list[Row] = board(visit) if known is not None else []
    with visit.looking() as view:
        desk = view.desks.get(known.desk) if known else None
        party = view.parties.get(known.party) if known else None
        watches = _watches(view, visit)
        person = name_of(view, known.person, known.device) if known else ""
        is_exercise = node.writer.realm is Realm.EXERCISE
        has_tried = bool(is_exercise and known and offers(view, known.person))
    session = known.session if known else None
    return {
        "rows": rows,
        "new_count": sum(1 for row in rows if row.is_new),
        "flashes": [row for row in rows if row.is_flash],
        "known": known,
        "desk": desk,
        "party": party,
        "person": person,
        "watches": watches,
        "has_watch": any(one.is_me for one in watches),
        "csrf": session.csrf if session else "",
        "realm": node.writer.realm,
        "has_tried": has_tried,
        "is_exercise": node.writer.realm is not Realm.LIVE,
        "size": node.log.size,
        "as_of": write_instant(visit.now),
        "every_key": KEYS,
        "links": _links(visit, screens),
        "phones": _phones(visit),
        "theme": visit.theme,
        "is_secure": visit.asking.request.url.scheme == "https",
        "is_light": visit.asking.request.cookies.get("clearline_low") == "1",
    }


def _phones(visit: Visit) -> list[tuple[str, str]]:
    """List the numbers of the other desks, for when nothing but voice is left."""
    known = visit.asking.known
    if known is None:
        return []
    numbers = visit.service.desk_numbers.every()
    with visit.looking() as view:
        named = [(view.desks.get(desk), every) for desk, every in numbers.items()]
    return [
        (desk.name, one.number)
        for desk, every in named
        if desk is not None and desk.id != known.desk
        for one in every
    ]


def _watches(view: View, visit: Visit) -> list[OnWatch]:
    known, now = visit.asking.known, visit.now
    if known is None:
        return []
    return [
        OnWatch(
            person=name_of(view, one.person),
            role=one.role,
            until=one.until,
            is_me=one.person == known.person,
        )
        for one in view.watches.get(known.desk) or ()
        if one.since <= now < one.until
    ]


def _links(visit: Visit, screens: frozenset[str]) -> list[Link]:
    path, known = visit.path, visit.asking.known
    if known is None:
        return []
    return [
        Link(
            path=to,
            key=key,
            name=name,
            is_here=path == to or (to != "/" and path.startswith(f"{to}/")),
        )
        for to, key, name in SCREENS
        if to in screens and (to != "/admin" or known.is_administrator)
    ]
