"""Measure a STOP from the press to the last screen, with a thousand screens connected.

Workload: a node on this disk, one party with a desk of `people` persons on watch who
are each rung by screen and by two more media, and `screens` screens that follow the
feed from a process of their own. STOPs come one after the other over HTTP, `every`
apart. For each:

    sent --> answered (durable) --> handed to every courier --> first, last screen

Peer in the same run: the same bytes published once through Mosquitto, a kept message
broker, to as many subscribers; it writes nothing to a disk and knows nobody's rights.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx
import msgspec

from clearline.bench.broker import MOSQUITTO, NOT_INSTALLED, publish_all
from clearline.bench.machine import Machine, Spread, describe, spread
from clearline.bench.screens import follow_feed, following
from clearline.bench.serving import served
from clearline.compose.service import Service
from clearline.model.calls import AttemptId
from clearline.model.commands import Command, Enter, TakeWatch
from clearline.model.entries import DeskSet, PartySet, PersonSet
from clearline.model.instants import Duration
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
from clearline.service.calling import (
    Address,
    CourierStanding,
    CourierState,
    Message,
    Ring,
    Switchboard,
)

MEDIA: Final = (Medium.SMS, Medium.EMAIL)
_NORTH, _SOUTH = PartyId("north"), PartyId("south")


class Stops(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what was measured, milliseconds from the press.

    Attributes:
        answered_ms: Until the answer was there: signed, durable, in the tree.
        handed_ms: Until every courier had every ring of it.
        first_screen_ms: Until the first screen had it.
        last_screen_ms: Until the last screen had it.
        unseen: How many screens missed one; has to be 0.
        unrecorded: How many rang before the disk answered, within its 50 ms.
        peer_last_ms: From publishing to the last subscriber of the peer.
        load: Load average of the machine over the last minute, at the end.
    """

    screens: int
    people: int
    stops: int
    answered_ms: Spread
    handed_ms: Spread
    first_screen_ms: Spread
    last_screen_ms: Spread
    unseen: int
    unrecorded: int
    peer: str
    peer_first_ms: Spread | None
    peer_last_ms: Spread | None
    must_p99_ms: float
    machine: Machine
    load: float


class Noting:
    """Be a courier that notes when it was handed a ring."""

    def __init__(self, medium: Medium, handed: dict[str, list[float]]) -> None:
        self.medium = medium
        self._handed = handed

    def start(self, switchboard: Switchboard) -> None:
        """Begin."""

    def ring(self, ring: Ring) -> None:
        """Note when."""
        self._handed.setdefault(ring.call, []).append(time.monotonic())

    def tell(self, message: Message) -> None:
        """Take it."""

    def let_go(self, attempt: AttemptId) -> None:
        """Stop."""

    def test(self) -> CourierState:
        """Say that it is there."""
        return self.state()

    def state(self) -> CourierState:
        """Say that it is there."""
        return CourierState(medium=self.medium, standing=CourierStanding.READY)

    def stop(self) -> None:
        """End."""


def run(
    *, screens: int = 1_000, people: int = 4, stops: int = 200, every: float = 0.25
) -> Stops:
    """Measure on a fresh node in a temporary folder.

    Args:
        screens: How many screens follow.
        people: How many persons each STOP rings, by screen and by two media.
        stops: How many STOPs are raised.
        every: How long after one the next is raised, seconds.
    """
    handed: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="clearline-bench-") as folder:
        couriers = {medium: Noting(medium, handed) for medium in MEDIA}
        with served(Path(folder) / "node", couriers) as (service, port):
            enter(service, people)
            token, _ = service.tokens.begin(
                PersonId("s0"), Strength.PASSWORD, "screens"
            )
            with following(follow_feed, screens, port, token) as came:
                pressed, answered = _press(service, port, stops, every)
                time.sleep(2.0)
                seen = came(list(pressed))
        peer = publish_all(Path(folder), screens, min(stops, 50), every=0.2)

    def first_rings(times: list[float]) -> float:
        """Say when the last of the first rings was handed over; more follow."""
        return sorted(times)[: people * len(MEDIA)][-1]

    return Stops(
        screens=screens,
        people=people,
        stops=stops,
        answered_ms=_after(pressed, answered, max),
        handed_ms=_after(pressed, handed, first_rings),
        first_screen_ms=_after(pressed, seen, min),
        last_screen_ms=_after(pressed, seen, max),
        unseen=sum(screens - len(times) for times in seen.values()),
        unrecorded=stops - len(pressed),
        peer=MOSQUITTO if peer else NOT_INSTALLED,
        peer_first_ms=_after(peer[0], peer[1], min) if peer else None,
        peer_last_ms=_after(peer[0], peer[1], max) if peer else None,
        must_p99_ms=100.0,
        machine=describe(),
        load=round(os.getloadavg()[0], 2),
    )


def _after(
    pressed: dict[str, float],
    came: dict[str, list[float]],
    which: Callable[[list[float]], float],
) -> Spread:
    """Say how long after the press the first or the last came."""
    return spread(
        [(which(came[id_]) - at) * 1000 for id_, at in pressed.items() if came.get(id_)]
    )


def _press(
    service: Service, port: int, stops: int, every: float
) -> tuple[dict[str, float], dict[str, list[float]]]:
    token, _ = service.tokens.begin(PersonId("n0"), Strength.PASSWORD, "the presser")
    pressed: dict[str, float] = {}
    answered: dict[str, list[float]] = {}
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}",
        headers={"authorization": f"Bearer {token}"},
    ) as client:
        for number in range(stops):
            given = {
                "id": f"stop-{number}",
                "to_desk": "south",
                "card": {"where": f"37S FV {100 + number:03d} 031", "what": "strikes"},
            }
            at = time.monotonic()
            said = client.post("/api/v1/calls", json=given)
            if said.status_code == 201:  # noqa: PLR2004 (RFC 9110: created)
                pressed[f"stop-{number}"] = at
                answered[f"stop-{number}"] = [time.monotonic()]
            time.sleep(every)
    return pressed, answered


def enter(service: Service, people: int) -> None:
    """Put two desks on the line; the called one has its people on watch."""
    acts: list[PartySet | DeskSet | PersonSet] = []
    for party, desk in ((_NORTH, "north"), (_SOUTH, "south")):
        acts.append(PartySet(party=Party(id=party, name=party)))
        acts.append(DeskSet(desk=Desk(id=DeskId(desk), party=party, name=desk)))
    names = ["n0", *(f"s{number}" for number in range(people))]
    for name in names:
        desk = DeskId("north" if name == "n0" else "south")
        person = Person(
            id=PersonId(name),
            desk=desk,
            pseudonym=name,
            roles=(Role.DUTY_OFFICER,),
            media=(Medium.SCREEN, *MEDIA),
        )
        acts.append(PersonSet(person=person))
    commands: list[Command] = [Enter(act=act) for act in acts]
    until = service.node.clock.read().at + Duration(hours=1)
    for name in names[1:]:
        by = Actor(
            party=_SOUTH,
            desk=DeskId("south"),
            strength=Strength.PASSWORD,
            person=PersonId(name),
        )
        commands.append(TakeWatch(by=by, role=Role.DUTY_OFFICER, until=until))
        for medium in MEDIA:
            service.addresses.keep(
                Address(
                    person=PersonId(name), medium=medium, address=f"{name}@{medium}"
                )
            )
    for command in commands:
        service.node.runner.ask(command).result(10)
