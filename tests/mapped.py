"""Notices to put on maps: a site, a convoy, an area, as one party filed them.

They are entered as they stand in a log; whether they may be filed is tested elsewhere.
"""

from typing import Any

from api.nodes import DESKS, PERSONS, Served
from clearline.geo.reading import read_place
from clearline.model.extents import Corridor, Polygon
from clearline.model.instants import Duration, Window
from clearline.model.notice_acts import NoticeFiled
from clearline.model.notice_details import (
    ActivityDetails,
    MovementDetails,
    SiteDetails,
    SiteFunction,
)
from clearline.model.notices import Consent, NoticeId, Precision, Revision
from clearline.model.parties import Actor, DeskId, PartyId, PersonId, Strength
from clearline.model.places import Position

SOUTH = DeskId("south-ops")
NORTH = DeskId("north-ops")


def actor(person: str) -> Actor:
    """Name a person as an actor of their own desk."""
    desk = PERSONS[person][0]
    return Actor(
        party=PartyId(DESKS[desk][0]),
        desk=DeskId(desk),
        strength=Strength.PASSWORD,
        person=PersonId(person),
    )


def consent(
    precision: Precision = Precision.EXACT, *, to: DeskId = SOUTH
) -> tuple[Consent, ...]:
    """Let a desk know, with a precision."""
    return (Consent(desk=to, precision=precision),)


def file(served: Served, name: str, person: str = "lina", **said: Any) -> None:
    """File a notice as a person, told to south unless said."""
    now = served.service.node.clock.read().at
    told: dict[str, Any] = {
        "number": 1,
        "what": f"{name} as told",
        "where": read_place("35.3359 N 40.1408 E", ())[0].place,
        "window": Window(start=now - Duration(hours=1), end=now + Duration(hours=6)),
        "tells": (SOUTH,),
        "consents": consent(),
        "details": SiteDetails(function=SiteFunction.HEALTH, name_en=name),
    }
    by = actor(person)
    served.enter(
        NoticeFiled(
            notice=NoticeId(name),
            owner=by.party,
            by=by,
            revision=Revision(**(told | said)),
        )
    )


def convoy(served: Served, name: str = "M-107", **said: Any) -> None:
    """File a movement along the river."""
    path = ((39.62, 35.52), (39.90, 35.44), (40.14, 35.336), (40.30, 35.20))
    shape = Corridor(
        path=tuple(Position(lon=lon, lat=lat) for lon, lat in path), half_width_m=1_500
    )
    where = read_place("35.44 N 39.90 E", ())[0].place
    details = MovementDetails()
    file(served, name, **({"where": where, "shape": shape, "details": details} | said))


def area(served: Served, name: str = "A-031", **said: Any) -> None:
    """File an activity in an area by the town."""
    ring = ((40.12, 35.33), (40.28, 35.34), (40.26, 35.24), (40.10, 35.24))
    shape = Polygon(outer=tuple(Position(lon=lon, lat=lat) for lon, lat in ring))
    where = read_place("35.30 N 40.20 E", ())[0].place
    details = ActivityDetails()
    file(served, name, **({"where": where, "shape": shape, "details": details} | said))
