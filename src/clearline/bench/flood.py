"""Measure another desk's STOP while thousands of one desk's wait.

Workload: a node on this disk, a desk of `people` persons on watch who are each rung by
screen and by two more media, `screens` screens that follow the feed from a process of
their own. `flood` STOPs of one desk are asked for at one instant, straight of the
writer, as a link or a broken program would; then, one every `every` seconds, a STOP of
another desk each. For each of those:

    asked --> answered (durable) --> first ring handed over, everybody's --> last screen
"""

import os
import tempfile
import time
from pathlib import Path
from typing import Final

import msgspec

from clearline.bench.machine import Machine, Spread, describe, spread
from clearline.bench.screens import follow_feed, following
from clearline.bench.serving import served
from clearline.bench.stop import MEDIA, Noting, enter
from clearline.compose.service import Service
from clearline.model.calls import CallId, Card, Kind
from clearline.model.commands import Enter, RaiseCall
from clearline.model.entries import DeskSet, PartySet
from clearline.model.parties import (
    Actor,
    Desk,
    DeskId,
    Party,
    PartyId,
    PersonId,
    Strength,
)

_EAST: Final = PartyId("east")
_PATIENT_S: Final = 120.0


class Flood(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what was measured of the other desks' STOPs, milliseconds.

    Attributes:
        answered_ms: Until it was signed, durable and in the tree.
        first_ring_ms: Until the first of its rings was with a courier.
        every_ring_ms: Until everybody's were, by every medium.
        last_screen_ms: Until the last screen had it.
        while_waiting: How many of them were asked while some of the flood waited.
        flood_took_s: Until the whole flood was durable.
        load: Load average of the machine over the last minute, at the end.
    """

    flood: int
    others: int
    screens: int
    answered_ms: Spread
    first_ring_ms: Spread
    every_ring_ms: Spread
    last_screen_ms: Spread
    unseen: int
    while_waiting: int
    flood_took_s: float
    must_first_ring_ms: float
    machine: Machine
    load: float


def run(
    *,
    flood: int = 10_000,
    others: int = 8,
    screens: int = 20,
    people: int = 4,
    every: float = 1.0,
) -> Flood:
    """Measure on a fresh node in a temporary folder.

    Args:
        flood: How many STOPs one desk asks for at once.
        others: How many other desks stop meanwhile, one after the other.
        screens: How many screens follow.
        people: How many persons each STOP rings, by screen and by two media.
        every: How long after one the next is asked for, seconds.
    """
    handed: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="clearline-bench-") as folder:
        couriers = {medium: Noting(medium, handed) for medium in MEDIA}
        with served(Path(folder) / "node", couriers) as (service, port):
            enter(service, people)
            _enter_others(service, others)
            token, _ = service.tokens.begin(
                PersonId("s0"), Strength.PASSWORD, "screens"
            )
            with following(follow_feed, screens, port, token) as came:
                began = time.monotonic()
                ask = service.node.runner.ask
                asked = [ask(_stop(f"flood-{n}", "north")) for n in range(flood)]
                pressed: dict[str, float] = {}
                answered: dict[str, float] = {}
                waiting = []
                for number in range(others):
                    name = f"other-{number}"
                    waiting.append(sum(not one.done() for one in asked))
                    pressed[name] = time.monotonic()
                    ask(_stop(name, f"east-{number}")).result(_PATIENT_S)
                    answered[name] = time.monotonic()
                    time.sleep(every)
                for one in asked:
                    one.result(_PATIENT_S)
                took_s = time.monotonic() - began
                service.dispatch.wait_until_idle(_PATIENT_S)
                seen = came(list(pressed))

    def after(came_at: dict[str, float]) -> Spread:
        return spread(
            [
                (came_at[name] - at) * 1000
                for name, at in pressed.items()
                if name in came_at
            ]
        )

    rings = people * len(MEDIA)
    return Flood(
        flood=flood,
        others=others,
        screens=screens,
        answered_ms=after(answered),
        first_ring_ms=after({name: min(handed[name]) for name in pressed}),
        every_ring_ms=after(
            {name: sorted(handed[name])[:rings][-1] for name in pressed}
        ),
        last_screen_ms=after({name: max(times) for name, times in seen.items()}),
        unseen=sum(screens - len(times) for times in seen.values()),
        while_waiting=sum(count > 0 for count in waiting),
        flood_took_s=round(took_s, 2),
        must_first_ring_ms=2_000.0,
        machine=describe(),
        load=round(os.getloadavg()[0], 2),
    )


def _stop(name: str, desk: str) -> RaiseCall:
    party = _EAST if desk.startswith("east") else PartyId(desk)
    return RaiseCall(
        call=CallId(name),
        kind=Kind.STOP,
        by=Actor(party=party, desk=DeskId(desk), strength=Strength.DEVICE_ONLY),
        to_desk=DeskId("south"),
        card=Card(what="strikes"),
    )


def _enter_others(service: Service, others: int) -> None:
    acts: list[PartySet | DeskSet] = [PartySet(party=Party(id=_EAST, name="east"))]
    for number in range(others):
        desk = DeskId(f"east-{number}")
        acts.append(DeskSet(desk=Desk(id=desk, party=_EAST, name=desk)))
    for act in acts:
        service.node.runner.ask(Enter(act=act)).result(10)
