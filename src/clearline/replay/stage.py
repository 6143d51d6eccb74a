"""Put everybody of a scenario on the line, by the commands anybody would use.

Who is not on the line is not entered. Everybody of a staffed desk has its watch, in
each of their roles; at a desk that is not staffed nobody has it and nobody is there.
"""

from collections.abc import Iterator
from typing import Final

from clearline.model.calls import Kind, Ladder, Precedence, Rung
from clearline.model.cast import PlayedDesk, PlayedLadder, PlayedPerson
from clearline.model.commands import Command, Enter, TakeWatch
from clearline.model.entries import (
    DecisionTimeDeclared,
    DeskSet,
    LadderSet,
    OriginNamed,
    PartySet,
    PersonSet,
)
from clearline.model.instants import Duration, Instant
from clearline.model.parties import (
    Actor,
    DecisionTime,
    Desk,
    DeskId,
    Medium,
    Party,
    Person,
    PersonId,
    Strength,
)
from clearline.model.places import NamedOrigin
from clearline.model.scenarios import Raise, Scenario
from clearline.rules.ladders import PRECEDENCES
from clearline.rules.watches import LONGEST_WATCH

STRENGTHS: Final = {
    Medium.SCREEN: Strength.PASSWORD,
    Medium.PUSH: Strength.CODE,
    Medium.VOICE: Strength.PIN,
    Medium.SMS: Strength.CODE,
    Medium.EMAIL: Strength.CODE,
    Medium.WEBHOOK: Strength.CODE,
    Medium.RADIO: Strength.CODE,
}
"""How surely somebody is known who answers on a medium, having signed in on a
screen, said a PIN on the telephone, or given the ring's own code elsewhere."""


def actor(scenario: Scenario, person: PersonId, medium: Medium) -> Actor:
    """Let a person of the cast act on a medium."""
    desk = next(who.desk for who in scenario.cast.people if who.id == person)
    party = next(one.party for one in scenario.cast.desks if one.id == desk)
    return Actor(
        party=party,
        desk=desk,
        strength=STRENGTHS[medium],
        person=person,
        device=str(medium),
    )


def set_stage(
    scenario: Scenario, origins: tuple[NamedOrigin, ...], now: Instant
) -> Iterator[Command]:
    """Yield the commands that put parties, desks, people and ladders on the line.

    Everybody of a staffed desk takes the watch `now`, for as long as one may last.
    """
    on_line = {party.id for party in scenario.cast.parties if party.is_on_line}
    desks = [desk for desk in scenario.cast.desks if desk.party in on_line]
    for party in scenario.cast.parties:
        if party.is_on_line:
            entered = Party(id=party.id, name=party.name, standing=party.standing)
            yield Enter(act=PartySet(party=entered))
    for desk in _tops_first(desks):
        yield Enter(act=DeskSet(desk=desk))
    people = [who for who in scenario.cast.people if who.desk in {d.id for d in desks}]
    for person in people:
        yield Enter(act=PersonSet(person=_person(person)))
    for origin in origins:
        yield Enter(act=OriginNamed(origin=origin))
    for ladder in scenario.cast.ladders:
        if any(desk.id == ladder.desk for desk in desks):
            yield Enter(act=_ladder(scenario, ladder))
    yield from _declare(scenario)
    yield from _take_watch(scenario, people, now)


def _declare(scenario: Scenario) -> Iterator[Command]:
    """Enter how fast parties say they decide, where they gave a number."""
    on_line = {party.id for party in scenario.cast.parties if party.is_on_line}
    for decision in scenario.decision_times:
        if decision.party in on_line and decision.decides_in_s is not None:
            declared = DecisionTime(
                party=decision.party,
                action=decision.action,
                decides_within=Duration(seconds=decision.decides_in_s),
            )
            yield Enter(act=DecisionTimeDeclared(declared=declared))


def _take_watch(
    scenario: Scenario, people: list[PlayedPerson], now: Instant
) -> Iterator[Command]:
    staffed = {desk.id for desk in scenario.cast.desks if desk.is_staffed}
    for person in people:
        for role in person.roles if person.desk in staffed else ():
            by = actor(scenario, person.id, person.media[0])
            yield TakeWatch(by=by, role=role, until=now + LONGEST_WATCH)


def _tops_first(desks: list[PlayedDesk]) -> Iterator[Desk]:
    """List desks so that none comes before the one above it."""
    left, entered = list(desks), set[DeskId | None]({None})
    while left:
        ready = [desk for desk in left if desk.under in entered]
        for desk in ready:
            yield Desk(
                id=desk.id,
                party=desk.party,
                name=desk.name,
                under=desk.under,
                is_single_handed=desk.is_single_handed,
            )
        entered |= {desk.id for desk in ready}
        left = [desk for desk in left if desk.id not in entered]


def _person(person: PlayedPerson) -> Person:
    return Person(
        id=person.id,
        desk=person.desk,
        pseudonym=person.title,
        roles=person.roles,
        media=person.media,
        languages=person.languages,
    )


def _ladder(scenario: Scenario, played: PlayedLadder) -> LadderSet:
    rungs = tuple(
        Rung(
            desk=rung.desk,
            after=Duration(seconds=rung.after_s),
            roles=rung.roles,
            media=rung.media,
        )
        for rung in played.rungs
    )
    return LadderSet(
        desk=played.desk,
        precedence=_precedence(scenario, played.kind),
        ladder=Ladder(
            rungs=rungs, repeat_after=Duration(seconds=played.repeat_after_s)
        ),
    )


def _precedence(scenario: Scenario, kind: Kind) -> Precedence:
    """Return how urgent calls of this kind are here; a line's default where none is."""
    for act in scenario.with_line.acts:
        if isinstance(act, Raise) and act.call is kind:
            return act.precedence
    return PRECEDENCES[kind]
