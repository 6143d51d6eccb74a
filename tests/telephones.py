"""Tell tests of telephones as conversations: a node in memory and who calls it.

north: `hospital`, one person alone under `north-ops`; `amal` keeps it, her number is
enrolled, her PIN is 4821, her site is number 1207.
south: `south-ops`, where `basil` has the watch and a number of his own.
"""

import contextlib
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime

from argon2 import PasswordHasher

from clearline.adapters.addresses import LocalAddresses
from clearline.adapters.codes import LocalCodes
from clearline.adapters.local import LocalStore
from clearline.adapters.phones import LocalCallers, LocalPins, LocalTries
from clearline.compose.node import memory_node
from clearline.geo.reading import read_place
from clearline.model.calls import Call, CallId, Kind
from clearline.model.commands import Command, Enter, RaiseCall, TakeWatch
from clearline.model.entries import Act, DeskSet, PartySet, PersonSet
from clearline.model.errors import ClearlineError
from clearline.model.instants import FOREVER, Duration, Window
from clearline.model.notice_commands import FileNotice
from clearline.model.notices import NoticeId, Revision
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
    Strength,
)
from clearline.model.places import Place
from clearline.picture.picture import View
from clearline.replay.chance import SeededChance
from clearline.replay.clock import VirtualClock
from clearline.service.beside import Beside
from clearline.service.calling import Address, CameIn, Message
from clearline.service.switchboard import Switchboard
from clearline.service.writer import Asked, Outcome, Written

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
AMAL, BASIL, LINA = PersonId("amal"), PersonId("basil"), PersonId("lina")
AMALS, BASILS, STRANGERS = "+15550100", "+15550200", "+15550999"
PIN = "4821"
SITE = "1207"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Exchange:
    """Hold a node in memory, its switchboard, and what was told to whom."""

    def __init__(self) -> None:
        """Enter everybody, and enrol two numbers."""
        self.clock = VirtualClock(NOON)
        self.acts: list[Act] = []
        self.told: list[Message] = []
        self.is_answering = True
        self.node = memory_node(
            "example.org/phones/live",
            hear=self._hear,
            clock=self.clock,
            chance=SeededChance("node"),
        )
        self.node.begin()
        self.store = LocalStore(None)
        self.addresses = LocalAddresses(self.store)
        self.codes = LocalCodes(self.store, SeededChance("codes"), self.clock)
        self.callers = LocalCallers(self.store)
        self.switchboard = Switchboard(
            ask=self.ask,
            looking=self.looking,
            addresses=self.addresses,
            codes=self.codes,
            pins=LocalPins(self.store, QUICK),
            tries=LocalTries(self.store, self.clock),
            callers=self.callers,
            clock=self.clock,
            chance=SeededChance("switchboard"),
            tell=self.told.append,
        )
        self._enter_everybody()
        self.acts.clear()

    def ask(self, command: Command, sealed: Beside = ()) -> "Future[Written]":
        """Give a command to the writer, as the runner does."""
        future: Future[Written] = Future()
        if not self.is_answering:
            return future

        def reply(outcome: Outcome) -> None:
            if isinstance(outcome, ClearlineError):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

        self.node.writer.write([Asked(command=command, reply=reply, sealed=sealed)])
        return future

    @contextlib.contextmanager
    def looking(self) -> Iterator[View]:
        """Look at what stands."""
        yield self.node.picture

    def says(
        self,
        words: str,
        number: str = AMALS,
        medium: Medium = Medium.SMS,
        id_: str = "",
    ) -> str:
        """Let a number say something; return what it is answered."""
        return self.switchboard.came_in(
            CameIn(medium=medium, address=number, words=words, at=self.clock.at, id=id_)
        ).text

    def wait(self, seconds: float) -> None:
        """Let time pass, and what is due happen."""
        self.clock.go_to(self.clock.at + Duration(seconds=seconds))
        self.node.writer.run_due()

    def calls(self, kind: Kind | None = None) -> list[Call]:
        """List the calls there are, oldest first, of a kind if one is named."""
        calls = sorted(self.node.picture.calls.values(), key=lambda call: call.number)
        return [call for call in calls if kind is None or call.kind is kind]

    def done(self, kind: type[Act]) -> list[Act]:
        """List the acts of a kind since the line stood ready."""
        return [act for act in self.acts if isinstance(act, kind)]

    def ring_basil(self, kind: Kind = Kind.STOP) -> tuple[Call, str]:
        """Raise a call from north's desk to Basil's; return it and his ring's code."""
        by = Actor(
            party=PartyId("north"),
            desk=DeskId("north-ops"),
            strength=Strength.PASSWORD,
            person=LINA,
        )
        call = CallId(f"{kind}-{len(self.calls())}")
        self.ask(
            RaiseCall(call=call, kind=kind, by=by, to_desk=DeskId("south-ops"))
        ).result(0)
        found = self.node.picture.calls.get(call)
        assert found is not None
        attempt = next(
            made
            for made in found.ringing
            if made.person == BASIL and made.medium is Medium.SMS
        )
        return found, self.codes.make(attempt.id, call, BASIL)

    def _hear(self, written: Written) -> None:
        self.acts += [entry.act for entry in written.entries]
        if hasattr(self, "switchboard"):
            self.switchboard.hear(written)

    def _enter_everybody(self) -> None:
        for party in ("north", "south"):
            self._enter(PartySet(party=Party(id=PartyId(party), name=party)))
        self._desk("north-ops", "north")
        self._desk("hospital", "north", under="north-ops")
        self._desk("south-ops", "south")
        self._person(LINA, "north-ops", (Medium.SCREEN,))
        self._person(PersonId("omar"), "north-ops", (Medium.SCREEN,))
        self._person(AMAL, "hospital", (Medium.SMS, Medium.VOICE))
        self._person(BASIL, "south-ops", (Medium.SMS, Medium.VOICE))
        for person, number in ((AMAL, AMALS), (BASIL, BASILS)):
            for medium in (Medium.SMS, Medium.VOICE):
                self.addresses.keep(
                    Address(person=person, medium=medium, address=number)
                )
        for person, pin in ((AMAL, PIN), (BASIL, "7391")):
            self.store.ask(
                "INSERT INTO secret (person, kind, hash, made_at) "
                "VALUES (:person, 'pin', :hash, '2026-03-01T12:00:00Z')",
                person=person,
                hash=QUICK.hash(pin),
            )
        self.ask(
            TakeWatch(
                by=self.actor(BASIL),
                role=Role.DUTY_OFFICER,
                until=NOON + Duration(days=1),
            )
        ).result(0)
        self.ask(
            FileNotice(
                notice=NoticeId(SITE),
                by=self.actor(AMAL),
                revision=Revision(
                    number=1,
                    what="hospital",
                    where=self.place(),
                    window=Window(start=NOON, end=FOREVER),
                    tells=(DeskId("south-ops"),),
                ),
            )
        ).result(0)

    def place(self) -> Place:
        """Say where the hospital is."""
        return read_place("35.2900N 40.1300E")[0].place

    def actor(self, person: PersonId) -> Actor:
        """Let a person act at their screen."""
        known = self.node.picture.persons.get(person)
        assert known is not None
        desk = self.node.picture.desks.get(known.desk)
        assert desk is not None
        return Actor(
            party=desk.party,
            desk=desk.id,
            strength=Strength.PASSWORD,
            person=person,
        )

    def _desk(self, name: str, party: str, under: str | None = None) -> None:
        self._enter(
            DeskSet(
                desk=Desk(
                    id=DeskId(name),
                    party=PartyId(party),
                    name=name,
                    under=DeskId(under) if under else None,
                    is_single_handed=under is not None,
                )
            )
        )

    def _person(self, who: PersonId, desk: str, media: tuple[Medium, ...]) -> None:
        self._enter(
            PersonSet(
                person=Person(
                    id=who,
                    desk=DeskId(desk),
                    pseudonym=who,
                    roles=(Role.DUTY_OFFICER,),
                    media=media,
                )
            )
        )

    def _enter(self, act: PartySet | DeskSet | PersonSet) -> None:
        self.ask(Enter(act=act)).result(0)
