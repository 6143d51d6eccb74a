"""Give tests a node with its own log beside it, in one thread, under a set clock.

north runs a hospital and convoys; south plans and has positions; the monitor is
neutral. Everything is screened when a test says `settle`.
"""

from concurrent.futures import Future
from datetime import UTC, datetime

from clearline.compose.node import Node, memory_node
from clearline.model.calls import Call
from clearline.model.commands import Advance, Command, Enter
from clearline.model.conflicts import Conflict
from clearline.model.entries import DeskSet, Entry, PartySet, PersonSet
from clearline.model.instants import Duration, Instant, Window
from clearline.model.notice_commands import AmendNotice, FileNotice, WithdrawNotice
from clearline.model.notices import (
    ActivityDetails,
    Consent,
    Details,
    NoticeId,
    PositionDetails,
    Precision,
    Revision,
)
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
from clearline.model.places import Circle, Place, PlaceFormat, Position
from clearline.replay.chance import SeededChance
from clearline.replay.clock import VirtualClock
from clearline.service.own import NUMBERS_FROM, OwnLog
from clearline.service.screener import Screener
from clearline.service.writer import Asked, Written
from notice_forms import SITE

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = Duration(hours=1)
HOSPITAL = Position(lon=40.0123, lat=35.0456)
NORTH_OPS, SOUTH_OPS, MONITOR_OPS = map(
    DeskId, ("north-ops", "south-ops", "monitor-ops")
)
_DESKS = {
    "north-ops": ("north", Standing.PARTICIPANT, "lina"),
    "south-ops": ("south", Standing.PARTY, "duty"),
    "monitor-ops": ("monitor", Standing.NEUTRAL, "observer"),
}


class Straight:
    """Ask a node in memory in the caller's own thread."""

    def __init__(self, node: Node) -> None:
        """Ask this one."""
        self.node = node
        self.lookout = node.lookout
        self.picture = node.picture
        self.looking = node.looking

    def ask(
        self, command: Command, sealed: tuple = (), request: str | None = None
    ) -> Future[Written]:
        """Ask for a command; it is done when this returns."""
        done: Future[Written] = Future()

        def reply(outcome: object) -> None:
            if isinstance(outcome, Exception):
                done.set_exception(outcome)
            else:
                done.set_result(outcome)

        asked = Asked(command=command, reply=reply, sealed=sealed, request=request)
        self.node.writer.write([asked])
        return done


class TwoLogs:
    """Hold the two logs and what screens them."""

    def __init__(self, name: str = "two logs") -> None:
        """Enter three parties, a desk and a person each."""
        self.clock = VirtualClock(NOON)
        self.heard: list[Written] = []
        self.heard_own: list[Written] = []
        self.first = self._node("north.example/clearline/exercise", name, self._hear)
        self.own = self._node(
            "north.example/clearline/own/exercise", f"{name} own", self._hear_own
        )
        self.own.picture.numbers_from = NUMBERS_FROM
        self.first.picture.keeps_positions = False
        self.log = OwnLog(
            first=Straight(self.first),
            own=Straight(self.own),
            picture=self.own.picture,
        )
        self.own.writer.held_beside = self.log.held_by_first
        self.screener = Screener(Straight(self.first), self.log)
        for desk, (party, standing, person) in _DESKS.items():
            self._enter(desk, party, standing, person)

    def _node(self, origin, name, hear):
        node = memory_node(
            origin, hear=hear, clock=self.clock, chance=SeededChance(name)
        )
        node.begin()
        node.load_notices()
        return node

    def _hear(self, written):
        self.heard.append(written)
        if hasattr(self, "screener"):
            self.screener.hear(written)

    def _hear_own(self, written):
        self.heard_own.append(written)
        if hasattr(self, "screener"):
            self.screener.hear_own(written)
            self.log.hear(written)

    def _enter(self, desk, party, standing, person):
        acts = (
            PartySet(party=Party(id=PartyId(party), name=party, standing=standing)),
            DeskSet(desk=Desk(id=DeskId(desk), party=PartyId(party), name=desk)),
            PersonSet(
                person=Person(
                    id=PersonId(person),
                    desk=DeskId(desk),
                    pseudonym=person,
                    roles=(Role.DUTY_OFFICER,),
                    media=(Medium.SCREEN,),
                )
            ),
        )
        for act in acts:
            self.do(Enter(act=act))

    # --- what happens --------------------------------------------------------------

    def do(self, command: Command) -> Written:
        """Ask whichever log it belongs to; raise what it refuses."""
        return self.log.ask_either(command).result(0)

    def settle(self) -> None:
        """Screen everything that waits."""
        self.screener.run_waiting()
        assert self.screener.trouble is None

    def go_to(self, at: Instant) -> None:
        """Let time pass, and do what is due in both logs."""
        self.clock.go_to(at)
        for node in (self.first, self.own):
            node.writer.run_due()
        self.settle()

    def file(self, name: str, revision: Revision, desk: DeskId = SOUTH_OPS) -> None:
        """Let the desk file a notice, and screen it."""
        self.do(FileNotice(notice=NoticeId(name), by=actor(desk), revision=revision))
        self.settle()

    def amend(self, name: str, revision: Revision, desk: DeskId = SOUTH_OPS) -> None:
        """Let the desk amend a notice, and screen it."""
        self.do(AmendNotice(notice=NoticeId(name), by=actor(desk), revision=revision))
        self.settle()

    def withdraw(self, name: str, desk: DeskId = SOUTH_OPS) -> None:
        """Let the desk withdraw a notice."""
        self.do(WithdrawNotice(notice=NoticeId(name), by=actor(desk)))
        self.settle()

    # --- what came of it ------------------------------------------------------------

    def told(self, name: str):
        """What the screening of a notice told its owner."""
        with self.log.looking_at_both() as view:
            found = view.screened.get(NoticeId(name))
        assert found is not None
        return found.told

    def conflicts(self, node: Node | None = None) -> list[Conflict]:
        """The conflicts of the first log, or of another."""
        return list((node or self.first).picture.conflicts.values())

    def calls(self, node: Node | None = None) -> list[Call]:
        """The calls of the first log, or of another."""
        return list((node or self.first).picture.calls.values())

    def entries(self) -> list[Entry]:
        """Everything written in the first log."""
        return [entry for written in self.heard for entry in written.entries]

    def own_entries(self) -> list[Entry]:
        """Everything written in the own log."""
        return [entry for written in self.heard_own for entry in written.entries]


def actor(desk: DeskId, strength: Strength = Strength.PASSWORD) -> Actor:
    """Whoever keeps a desk, signed in."""
    party, _, person = _DESKS[desk]
    return Actor(
        party=PartyId(party), desk=desk, strength=strength, person=PersonId(person)
    )


def revision(
    details: Details,
    at: Position = HOSPITAL,
    radius_m: float = 100.0,
    window: Window | None = None,
    tells: dict[DeskId, Precision] | None = None,
    **more: object,
) -> Revision:
    """Make what a notice says: a circle, told to some desks at a precision each."""
    told = tells or {}
    return Revision(
        number=1,
        what="what it is",
        where=Place(
            footprint=Circle(centre=at, radius_m=radius_m),
            text="there",
            format=PlaceFormat.GEOMETRY,
        ),
        window=window or Window(start=NOON, end=NOON + Duration(days=2)),
        tells=tuple(told),
        consents=tuple(
            Consent(desk=desk, precision=precision, by="owner", source="a form")
            for desk, precision in told.items()
        ),
        details=details,
        **more,
    )


def site(**more: object) -> Revision:
    """Say where the hospital is."""
    return revision(more.pop("details", SITE), **more)


def plan(start: Instant = NOON + 3 * HOUR, **more: object) -> Revision:
    """Plan something for an hour, at the hospital unless said otherwise."""
    window = Window(start=start, end=start + HOUR)
    return revision(ActivityDetails(type="strike"), window=window, **more)


def position(**more: object) -> Revision:
    """Say where a party's own people are."""
    return revision(PositionDetails(unit="A"), **more)


def advance(waiting: str) -> Advance:
    """Do what is due for one thing."""
    return Advance(waiting=waiting)
