"""Measure a STOP from the press to the last screen, with a thousand screens connected.

Workload: a node on this disk, one party with a desk of `people` persons on watch who
are each rung by screen and by two more media, and `screens` screens that follow the
feed from a process of their own. STOPs come one after the other over HTTP, `every`
apart. For each:

    sent --> answered (durable) --> handed to every courier --> first, last screen

Peer in the same run: the same bytes published once through Mosquitto, a kept message
broker, to as many subscribers; it writes nothing to a disk and knows nobody's rights.
"""

import contextlib
import multiprocessing
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec
import uvicorn

from clearline.bench.machine import Machine, Spread, describe, spread
from clearline.bench.screens import connection, follow_feed, follow_mqtt, publication
from clearline.compose.service import Service, open_service
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
from clearline.web.app import App
from clearline.web.feed import Feed

MEDIA: Final = (Medium.SMS, Medium.EMAIL)
_ORIGIN: Final = "bench.example/clearline/exercise"
_NORTH, _SOUTH = PartyId("north"), PartyId("south")
_FOLLOWERS: Final = 120.0


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


class _Noting:
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
        couriers = {medium: _Noting(medium, handed) for medium in MEDIA}
        with _node(Path(folder) / "node", couriers) as (service, port):
            _enter(service, people)
            token, _ = service.tokens.begin(
                PersonId("s0"), Strength.PASSWORD, "screens"
            )
            with _process(follow_feed, screens, port, token) as came:
                pressed, answered = _press(service, port, stops, every)
                time.sleep(2.0)
                seen = came(list(pressed))
        peer = _peer(Path(folder), screens, min(stops, 50))

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
        peer="mosquitto" if peer else "mosquitto is not installed: apt-get install it",
        peer_first_ms=_after(peer[0], peer[1], min) if peer else None,
        peer_last_ms=_after(peer[0], peer[1], max) if peer else None,
        must_p99_ms=100.0,
        machine=describe(),
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


@contextlib.contextmanager
def _process(
    follow: Callable[..., None], count: int, port: int, token: str
) -> Iterator[Callable[[list[str]], dict[str, list[float]]]]:
    """Run followers in a process of their own; ask them when ids came."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=follow, args=(count, port, token, theirs))
    process.start()
    try:
        if not ours.poll(_FOLLOWERS) or ours.recv() != "ready":
            raise TimeoutError(f"{count} followers were not ready in {_FOLLOWERS} s")

        def came(ids: list[str]) -> dict[str, list[float]]:
            ours.send(ids)
            found: dict[str, list[float]] = ours.recv()
            return found

        yield came
    finally:
        with contextlib.suppress(OSError):
            ours.send(None)
        process.join(5)
        process.kill()


@contextlib.contextmanager
def _node(path: Path, couriers: dict[Medium, Any]) -> Iterator[tuple[Service, int]]:
    """Run a node with couriers that note what they are handed."""
    feed = Feed()
    web = {"tls": False, "port": 0}
    service = open_service(
        path, origin=_ORIGIN, environment={}, web=web, hear=feed.hear, couriers=couriers
    )
    taken = socket.create_server(("127.0.0.1", 0), backlog=2048)
    service.begin()
    feed.look_back(service.node)
    config = uvicorn.Config(
        App(service, feed).asgi, log_config=None, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
    thread.start()
    try:
        yield service, taken.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        service.stop()


def _enter(service: Service, people: int) -> None:
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


def _peer(
    folder: Path, screens: int, stops: int
) -> tuple[dict[str, float], dict[str, list[float]]] | None:
    """Publish as many messages of the same size through Mosquitto."""
    broker = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if broker is None:
        return None
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = folder / "mosquitto.conf"
    settings.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n"
    )
    serving = subprocess.Popen(  # noqa: S603 (a broker of this run's own)
        [broker, "-c", str(settings)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        with _process(follow_mqtt, screens, port, "") as came:
            published: dict[str, float] = {}
            with socket.create_connection(("127.0.0.1", port)) as line:
                line.sendall(connection())
                line.recv(4)
                for number in range(stops):
                    published[f"p{number}"] = time.monotonic()
                    line.sendall(publication(f"p{number}", b"x" * 1_500))
                    time.sleep(0.2)
            time.sleep(1.0)
            return published, came(list(published))
    finally:
        serving.terminate()
        serving.wait()


def _wait_for(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.05)
    raise TimeoutError("the broker did not come up")
