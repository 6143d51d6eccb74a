"""Know the cast: who is there when, who may order it, and how each one responds."""

from clearline.model.beats import Offset
from clearline.model.cast import (
    PlayedMedium,
    PlayedPerson,
    ResponseModel,
    Step,
    Tongue,
)
from clearline.model.errors import BadInput
from clearline.model.parties import Actor, DeskId, Medium, PartyId, PersonId
from clearline.model.scenarios import Raise, Scenario
from clearline.replay.stage import actor


class Unplayed(BadInput):
    """Refuse a scenario that does not say how somebody it needs responds."""


class Players:
    """Hold the cast of one scenario, its settings turned as they are."""

    def __init__(self, scenario: Scenario) -> None:
        """Look everybody up once."""
        self.scenario = scenario
        self._people = {person.id: person for person in scenario.cast.people}
        self._media = {medium.id: medium for medium in scenario.cast.media}
        self._desks = {desk.id: desk for desk in scenario.cast.desks}
        self._fits: dict[object, ResponseModel] = {}

    def person(self, person: PersonId) -> PlayedPerson:
        """Return a person of the cast."""
        return self._people[person]

    def medium(self, medium: Medium) -> PlayedMedium:
        """Return how a medium carries."""
        return self._media[medium]

    def party_of(self, person: PersonId) -> PartyId:
        """Return a person's party."""
        return self._desks[self._people[person].desk].party

    def at_desk(self, desk: DeskId) -> tuple[PlayedPerson, ...]:
        """Return the people of a desk, in document order."""
        return tuple(who for who in self._people.values() if who.desk == desk)

    def is_there(self, person: PersonId, at: Offset) -> bool:
        """Say whether a person can hear anything: desk staffed, and not away."""
        who = self._people[person]
        return self._desks[who.desk].is_staffed and not any(
            absence.start <= at < absence.end for absence in who.away
        )

    def is_never_there(self, person: PersonId) -> bool:
        """Say whether a person hears nothing all day: nobody staffs the desk."""
        return not self._desks[self._people[person].desk].is_staffed

    def is_right(self, act: Raise, person: PersonId) -> bool:
        """Say whether a person may order what a call asks."""
        who = self._people[person]
        return who.desk in act.right_desks and bool(
            set(who.roles) & set(act.right_roles)
        )

    def right_one(self, act: Raise, at: Offset) -> PersonId | None:
        """Return the first who may order it and is there, in document order."""
        for person in self._people:
            if self.is_right(act, person) and self.is_there(person, at):
                return person
        return None

    def own_medium(self, person: PersonId) -> Medium:
        """Return the first of a person's media that works, or simply the first."""
        media = self._people[person].media
        working = (medium for medium in media if self._media[medium].works)
        return next(working, media[0])

    def actor(self, person: PersonId, medium: Medium) -> Actor:
        """Let a person act on a medium."""
        return actor(self.scenario, person, medium)

    def response(
        self, step: Step, person: PersonId, medium: Medium, tongue: Tongue
    ) -> ResponseModel:
        """Return how a person takes a step: the first entry that fits.

        Raises:
            Unplayed: No entry of `responses` fits.
        """
        key = (step, person, medium, tongue)
        if key not in self._fits:
            self._fits[key] = self._find(step, person, medium, tongue)
        return self._fits[key]

    def _find(
        self, step: Step, person: PersonId, medium: Medium, tongue: Tongue
    ) -> ResponseModel:
        who = self._people[person]
        for model in self.scenario.responses:
            if model.fits(step, who, medium, tongue):
                return model
        raise Unplayed(
            f"{self.scenario.name} has no response for the step `{step}` of "
            f"`{person}` by {medium}.",
            state="Nothing was replayed.",
            next="Add an entry to `responses` that fits.",
        )
