"""Run a real node for tests of the API, and speak to it as its users do."""

import contextlib
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from argon2 import PasswordHasher

from clearline.adapters.secrets import Secrets
from clearline.compose.service import Service, open_service
from clearline.model.access import SecretKind
from clearline.model.commands import Enter, TakeWatch
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
    Standing,
    Strength,
)
from clearline.web.app import App
from clearline.web.feed import Feed
from clearline.web.limits import Rate
from clearline.web.protocol import Protocol
from clearline.web.refusals import TooMany
from clearline.web.server import listen

ORIGIN = "north.example/clearline/exercise"
PASSWORD = "a sentence of words"  # noqa: S105 (a test's own)
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

DESKS = {
    "north-ops": ("north", None),
    "south-hq": ("south", None),
    "south-ops": ("south", "south-hq"),
    "south-air": ("south", "south-ops"),
    "monitor-ops": ("monitor", None),
}
PERSONS = {
    "admin": ("north-ops", (Role.ADMINISTRATOR, Role.DUTY_OFFICER)),
    "lina": ("north-ops", (Role.DUTY_OFFICER,)),
    "duty": ("south-ops", (Role.DUTY_OFFICER, Role.OPERATOR)),
    "director": ("south-ops", (Role.BATTLE_DIRECTOR, Role.DUTY_OFFICER)),
    "chief": ("south-hq", (Role.COMMANDER,)),
    "controller": ("south-air", (Role.OPERATOR,)),
    "interpreter": ("south-ops", (Role.INTERPRETER,)),
    "auditor": ("south-hq", (Role.AUDITOR,)),
    "observer": ("monitor-ops", (Role.MONITOR,)),
}


class Served:
    """Hold a node that answers on loopback, and how it is spoken to."""

    def __init__(self, service: Service, app: App, url: str, server: uvicorn.Server):
        """Keep what a test needs at hand."""
        self.service = service
        self.app = app
        self.url = url
        self.server = server

    def anybody(self, token: str = "") -> httpx.Client:
        """Speak to the node with a token, or as nobody."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=10)

    def as_person(self, person: str) -> httpx.Client:
        """Speak to the node as a person who signed in with a password."""
        token, _ = self.service.tokens.begin(
            PersonId(person), Strength.PASSWORD, "screen"
        )
        return self.anybody(token)

    def as_operator(self) -> httpx.Client:
        """Speak to the node as whoever may read its folder."""
        return self.anybody(self.service.operator.token)

    def exhaust(self, caller: str, rate: Rate) -> None:
        """Leave a caller nothing of a rate for the next hour."""
        later = self.service.node.clock.read().at + Duration(hours=1)
        limits = self.app.shared.limits
        with contextlib.suppress(TooMany):
            while True:
                limits.take(caller, rate, later)

    def enter(self, act: Any) -> None:
        """Enter something in the log."""
        self.service.node.runner.ask(Enter(act=act)).result(10)

    def keep_watch(self, person: str) -> None:
        """Let a person take the watch for a day."""
        desk, roles = PERSONS[person]
        now = self.service.node.clock.read().at
        by = Actor(
            party=PartyId(DESKS[desk][0]),
            desk=DeskId(desk),
            strength=Strength.PASSWORD,
            person=PersonId(person),
        )
        taken = TakeWatch(by=by, role=roles[0], until=now + Duration(hours=12))
        self.service.node.runner.ask(taken).result(10)


def people(served: Served) -> None:
    """Enter three parties, their desks and people, each with the same password."""
    for party, standing in (
        ("north", Standing.PARTICIPANT),
        ("south", Standing.PARTY),
        ("monitor", Standing.NEUTRAL),
    ):
        served.enter(
            PartySet(party=Party(id=PartyId(party), name=party, standing=standing))
        )
    for desk, (party, under) in DESKS.items():
        above = DeskId(under) if under else None
        served.enter(
            DeskSet(
                desk=Desk(id=DeskId(desk), party=PartyId(party), name=desk, under=above)
            )
        )
    for person, (desk, roles) in PERSONS.items():
        served.enter(
            PersonSet(
                person=Person(
                    id=PersonId(person),
                    desk=DeskId(desk),
                    pseudonym=person,
                    roles=roles,
                    media=(Medium.SCREEN,),
                )
            )
        )
        served.service.secrets.keep(PersonId(person), SecretKind.PASSWORD, PASSWORD)
    for person in ("lina", "duty", "observer"):
        served.keep_watch(person)


@contextmanager
def running(folder: Path, *, has_people: bool = True, environment=None, port: int = 0):
    """Run a node on a folder until the block ends."""
    feed = Feed()
    service = open_service(
        folder,
        origin=ORIGIN,
        environment=environment or {},
        web={"tls": False, "port": port, "names": ("localhost",)},
        hear=feed.hear,
    )
    service.node.writer.patience = Duration(seconds=20)  # a busy machine's disk is slow
    service.secrets = Secrets(service.local, service.node.clock, QUICK)
    taken = listen(service)
    service.begin()
    feed.look_back(service.node)
    app = App(service, feed)
    config = uvicorn.Config(
        app.asgi,
        http=Protocol,
        log_config=None,
        lifespan="on",
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
    thread.start()
    url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    served = Served(service, app, url, server)
    try:
        while not server.started and thread.is_alive():
            thread.join(0.01)  # all of its threads are there once it has started
        if has_people:
            people(served)
        yield served
    finally:
        server.should_exit = True
        thread.join()
        service.stop()
