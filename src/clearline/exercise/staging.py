"""Turn the document of an exercise into what is entered, filed and raised on a node."""

from clearline.model.calls import Card
from clearline.model.commands import RaiseCall
from clearline.model.entries import DeskSet, PartySet, PersonSet
from clearline.model.exercises import YOU, Comes, Exercise, Stands
from clearline.model.extents import Corridor
from clearline.model.instants import Duration, Instant, Window
from clearline.model.notice_commands import FileNotice
from clearline.model.notices import Consent, Precision, Revision
from clearline.model.parties import (
    Actor,
    Desk,
    DeskId,
    Medium,
    Party,
    Person,
    PersonId,
    Strength,
)
from clearline.model.passages import Passage
from clearline.model.places import Circle, Place, PlaceFormat, Position

_PRECISION_M = 11.0
"""Of a position in degrees with four decimals."""


def cast(exercise: Exercise) -> tuple[PartySet | DeskSet | PersonSet, ...]:
    """Return who is on the line, as entries; a desk after the one above it."""
    you = Person(
        id=YOU,
        desk=exercise.you.desk,
        pseudonym=YOU,
        roles=exercise.you.roles,
        media=(Medium.SCREEN,),
    )
    return (
        *(
            PartySet(party=Party(id=one.id, name=one.name, standing=one.standing))
            for one in exercise.parties
        ),
        *(
            DeskSet(
                desk=Desk(
                    id=one.id,
                    party=one.party,
                    name=one.name,
                    under=one.under,
                    is_single_handed=one.is_single_handed,
                )
            )
            for one in exercise.desks
        ),
        PersonSet(person=you),
        *(
            PersonSet(
                person=Person(
                    id=one.id,
                    desk=one.desk,
                    pseudonym=one.id,
                    roles=one.roles,
                    media=one.media,
                )
            )
            for one in exercise.people
        ),
    )


def player(exercise: Exercise, desk: DeskId) -> Actor | None:
    """Return who is played at a desk; nobody at the one you are at."""
    if desk == exercise.you.desk:
        return None
    found = next((one.id for one in exercise.people if one.desk == desk), None)
    return None if found is None else acting(exercise, found)


def acting(exercise: Exercise, person: PersonId) -> Actor:
    """Return somebody who is played, as who acts."""
    desk = next(one.desk for one in exercise.people if one.id == person)
    return Actor(
        party=next(one.party for one in exercise.desks if one.id == desk),
        desk=desk,
        strength=Strength.PASSWORD,
        person=person,
        device="exercise",
    )


def filed(exercise: Exercise, start: Instant) -> tuple[FileNotice, ...]:
    """Return what stands when the exercise starts, as it is filed."""
    return tuple(
        FileNotice(
            notice=one.id,
            by=acting(exercise, one.by),
            revision=_revision(exercise, one, start),
        )
        for one in exercise.notices
    )


def raised(exercise: Exercise, call: Comes) -> RaiseCall:
    """Return a call that comes, its card placed where its notice is."""
    about = next(one for one in exercise.notices if one.id == call.about)
    return RaiseCall(
        call=call.id,
        kind=call.call,
        precedence=call.precedence,
        by=acting(exercise, call.by),
        to_desk=call.to,
        card=Card(
            where=_place(about),
            what=call.what,
            why=call.why,
            confidence=call.confidence,
        ),
    )


def _revision(exercise: Exercise, one: Stands, start: Instant) -> Revision:
    by = acting(exercise, one.by)
    parties = {desk.id: desk.party for desk in exercise.desks}
    road = _road(one, start) if len(one.path) > 1 else None
    return Revision(
        number=1,
        what=one.what,
        where=_place(one)
        if road is None
        else Place(footprint=road, text=one.text, format=PlaceFormat.GEOMETRY),
        shape=road,
        window=Window(start=start + one.start, end=start + one.end),
        buffer_m=one.buffer_m,
        tells=one.tells,
        consents=tuple(
            Consent(
                desk=desk,
                precision=Precision.EXACT,
                by=one.by,
                source="the script of the exercise",
                at=start,
            )
            for desk in one.tells
            if parties[desk] != by.party
        ),
        details=one.details,
    )


def _place(one: Stands) -> Place:
    at = Position(lon=one.path[0].lon, lat=one.path[0].lat)
    return Place(
        footprint=Circle(centre=at, radius_m=one.reach_m, precision_m=_PRECISION_M),
        text=one.text,
        format=PlaceFormat.DECIMAL,
    )


def _road(one: Stands, start: Instant) -> Corridor:
    late = Duration(seconds=one.late_for_s)
    return Corridor(
        path=tuple(Position(lon=at.lon, lat=at.lat) for at in one.path),
        half_width_m=one.reach_m,
        passages=tuple(
            Passage(eta=start + at.at, late_for=late)
            for at in one.path
            if at.at is not None
        ),
    )
