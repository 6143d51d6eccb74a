"""Hold the exercise: who is in the valley, what was filed, and what will happen.

    the road:   depot ----- bridge ----- mill ----- clinic      the convoy, northward
                              |
                        AREA KILO, 12 min from the start        conflict: same road

Everything here is invented. The person who tries it stands the watch at `valley-ops`;
everybody else is played.
"""

from typing import Final

from clearline.model.calls import Card
from clearline.model.entries import DeskSet, PartySet, PersonSet
from clearline.model.extents import Corridor
from clearline.model.instants import Duration, Instant, Window
from clearline.model.notice_commands import FileNotice
from clearline.model.notice_details import (
    ActivityDetails,
    Admin,
    Bearer,
    Contact,
    MovementDetails,
    SiteDetails,
    SiteFunction,
    Stop,
    Vehicle,
)
from clearline.model.notices import Consent, NoticeId, Precision, Revision
from clearline.model.parties import (
    Actor,
    Desk,
    DeskId,
    Medium,
    Party,
    PartyId,
    Person,
    PersonId,
    Role,
    Standing,
    Strength,
)
from clearline.model.passages import Passage
from clearline.model.places import Circle, Place, PlaceFormat, Position

YOU: Final = PersonId("you")
"""Who tries it out."""

VALLEY: Final = DeskId("valley-ops")
BATTERY: Final = DeskId("battery")
RELIEF: Final = DeskId("relief-cell")
CONVOY: Final = DeskId("convoy")
MONITOR: Final = DeskId("monitor")

MEETS_AFTER: Final = Duration(minutes=12)
"""How long from the start until the convoy may be where shells are planned."""

_ROAD: Final = (
    Position(lon=7.7760, lat=50.0380),
    Position(lon=7.7915, lat=50.0655),
    Position(lon=7.7640, lat=50.0985),
    Position(lon=7.7320, lat=50.1270),
)
_STOPS: Final = ("depot", "bridge", "mill", "clinic")
_AREA: Final = Position(lon=7.7930, lat=50.0668)
_CLINIC: Final = Position(lon=7.7302, lat=50.1288)

_DESKS: Final = (
    (VALLEY, "valley", "Valley operations", None, False),
    (BATTERY, "valley", "The battery", VALLEY, False),
    (RELIEF, "relief", "Relief cell", None, False),
    (CONVOY, "relief", "The convoy", RELIEF, True),
    (MONITOR, "monitors", "Ceasefire monitors", None, False),
)
_PARTIES: Final = (
    ("valley", "Valley force", Standing.PARTY),
    ("relief", "Relief organisation", Standing.PARTICIPANT),
    ("monitors", "Monitors", Standing.NEUTRAL),
)
_PLAYED: Final = (
    ("battery-1", BATTERY, Role.OPERATOR),
    ("relief-1", RELIEF, Role.DUTY_OFFICER),
    ("convoy-1", CONVOY, Role.CONVOY_LEADER),
    ("monitor-1", MONITOR, Role.MONITOR),
)


def cast() -> tuple[PartySet | DeskSet | PersonSet, ...]:
    """Return who is on the line, as entries."""
    you = Person(
        id=YOU,
        desk=VALLEY,
        pseudonym="you",
        roles=(
            Role.DUTY_OFFICER,
            Role.BATTLE_DIRECTOR,
            Role.OPERATOR,
            Role.ADMINISTRATOR,
        ),
        media=(Medium.SCREEN,),
    )
    return (
        *(
            PartySet(party=Party(id=PartyId(id_), name=name, standing=standing))
            for id_, name, standing in _PARTIES
        ),
        *(
            DeskSet(
                desk=Desk(
                    id=id_,
                    party=PartyId(party),
                    name=name,
                    under=under,
                    is_single_handed=is_alone,
                )
            )
            for id_, party, name, under, is_alone in _DESKS
        ),
        PersonSet(person=you),
        *(
            PersonSet(
                person=Person(
                    id=PersonId(id_),
                    desk=desk,
                    pseudonym=id_,
                    roles=(role,),
                    media=(Medium.SCREEN,),
                )
            )
            for id_, desk, role in _PLAYED
        ),
    )


def player(desk: DeskId) -> Actor | None:
    """Return who is played at a desk; nobody at the one you are at."""
    found = next((id_ for id_, at, _ in _PLAYED if at == desk), None)
    party = next(of for id_, of, *_ in _DESKS if id_ == desk)
    if found is None:
        return None
    return Actor(
        party=PartyId(party),
        desk=desk,
        strength=Strength.PASSWORD,
        person=PersonId(found),
        device="exercise",
    )


def filed(start: Instant) -> tuple[FileNotice, ...]:
    """Return what stands when the exercise starts, as it is filed.

    The clinic and the convoy are told to you; the battery's shoot is your own side's.
    """
    told = (
        Consent(
            desk=VALLEY,
            precision=Precision.EXACT,
            by="relief-1",
            source="the script of the exercise",
            at=start,
        ),
    )
    return (
        _file("clinic", RELIEF, _clinic(start, told)),
        _file("convoy", RELIEF, _convoy(start, told)),
        _file("kilo", BATTERY, _shoot(start)),
    )


def stop_card() -> Card:
    """Return the card of the STOP that comes: told by a nurse, seen by herself."""
    return Card(
        where=_place(_CLINIC, "50.1288 N 7.7302 E"),
        what="shells are falling beside the clinic",
        why="patients and staff cannot leave",
        confidence=3,
    )


def _file(name: str, desk: DeskId, revision: Revision) -> FileNotice:
    by = player(desk)
    assert by is not None  # noqa: S101 (only desks that are played file)
    return FileNotice(notice=NoticeId(name), by=by, revision=revision)


def _place(at: Position, text: str, radius_m: float = 150.0) -> Place:
    return Place(
        footprint=Circle(centre=at, radius_m=radius_m, precision_m=11.0),
        text=text,
        format=PlaceFormat.DECIMAL,
    )


def _clinic(start: Instant, told: tuple[Consent, ...]) -> Revision:
    return Revision(
        number=1,
        what="Clinic, twenty beds, red roof marking",
        where=_place(_CLINIC, "50.1288 N 7.7302 E"),
        window=Window(start=start, end=start + Duration(days=90)),
        buffer_m=500.0,
        tells=(VALLEY,),
        consents=told,
        details=SiteDetails(
            function=SiteFunction.HEALTH,
            is_function_now=True,
            name_en="Upper clinic",
            admin=Admin(names=("Upper valley",), pcode="XX01"),
            contacts=(Contact(bearer=Bearer.MOBILE), Contact(bearer=Bearer.VHF)),
        ),
    )


def _convoy(start: Instant, told: tuple[Consent, ...]) -> Revision:
    """Four trucks; at the bridge about when the shoot begins."""
    late = Duration(minutes=3)
    minutes = (-5, 13, 24, 36)
    road = Corridor(
        path=_ROAD,
        half_width_m=60.0,
        passages=tuple(
            Passage(eta=start + Duration(minutes=at), late_for=late) for at in minutes
        ),
    )
    return Revision(
        number=1,
        what="Four trucks with flour and one ambulance",
        where=Place(
            footprint=road, text="the valley road", format=PlaceFormat.GEOMETRY
        ),
        shape=road,
        window=Window(
            start=start - Duration(minutes=5), end=start + Duration(minutes=45)
        ),
        buffer_m=300.0,
        tells=(VALLEY,),
        consents=told,
        details=MovementDetails(
            purpose="flour for the clinic",
            people=9,
            vehicles=(
                *(Vehicle(type="truck", colour="white", marking="flag"),) * 4,
                Vehicle(type="ambulance", colour="white", marking="red roof"),
            ),
            armed_escort=False,
            stops=tuple(Stop(at=at, name=name) for at, name in enumerate(_STOPS)),
            contacts=(Contact(bearer=Bearer.SATELLITE), Contact(bearer=Bearer.VHF)),
        ),
    )


def _shoot(start: Instant) -> Revision:
    begins = start + MEETS_AFTER
    return Revision(
        number=1,
        what="Live fire in area KILO",
        where=_place(_AREA, "50.0668 N 7.7930 E", 700.0),
        window=Window(start=begins, end=begins + Duration(minutes=30)),
        buffer_m=500.0,
        tells=(VALLEY,),
        details=ActivityDetails(type="live fire"),
    )
