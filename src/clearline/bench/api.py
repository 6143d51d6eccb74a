"""Measure the API: reads, an act, a sign-in, each beside the least that could do it.

Workload: a node on this disk with two desks and `calls` open STOPs of one desk to the
other; `lines` kept connections ask from a process of their own, each again once it was
answered. Limits on how often a caller may ask are off. What stands beside, on the same
server, HTTP parser and machine, in the same run:

    a read      the same bytes from a bare Starlette route, nobody asked who they are
    an act      as many bytes inserted and made durable in SQLite by a bare route,
                one commit each, nothing signed, decided or told
    a sign-in   the hash of a password, without anything around it
"""

import contextlib
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import apsw
import msgspec
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clearline.bench.machine import Machine, Spread, describe, spread
from clearline.bench.requests import ask_all, request
from clearline.bench.serving import listening, served
from clearline.compose.service import Service
from clearline.model.access import SecretKind
from clearline.model.commands import Command, Enter, TakeWatch
from clearline.model.entries import DeskSet, PartySet, PersonSet
from clearline.model.instants import Duration
from clearline.model.parties import (
    Actor,
    Desk,
    DeskId,
    Party,
    PartyId,
    Person,
    PersonId,
    Role,
    Strength,
)

PASSWORD: Final = "a sentence of words"  # noqa: S105 (the bench's own)
_READY_S: Final = 60.0
_ENTRY_BYTES: Final = 1_500
_UNRECORDED: Final = 202

Asker = Callable[[int, list[bytes]], tuple[float, list[float], list[int]]]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what one kind of request took.

    Attributes:
        took_ms: From sending to the whole answer, milliseconds.
        other: How many were answered with another status than they should; 0.
        unrecorded: How many rang before the disk answered, within its 50 ms.
    """

    name: str
    per_second: float
    took_ms: Spread
    other: int
    unrecorded: int


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what was measured.

    Attributes:
        requests: Each kind of request; those that begin with "peer" are the peers.
        load: Load average of the machine over the last minute, at the end.
    """

    calls: int
    lines: int
    requests: tuple[Asked, ...]
    machine: Machine
    load: float


def run(
    *, requests: int = 5_000, acts: int = 1_000, calls: int = 200, lines: int = 8
) -> Result:
    """Measure on a fresh node in a temporary folder.

    Args:
        requests: How many reads of each kind.
        acts: How many acts of each kind.
        calls: How many calls are open meanwhile.
        lines: How many kept connections ask at once.
    """
    with (
        tempfile.TemporaryDirectory(prefix="clearline-bench-") as folder,
        _asker(lines) as ask,
    ):
        path = Path(folder)
        with served(path / "node") as (service, port):
            asked, answer = _of_node(service, port, ask, requests, acts, calls)
        asked += _of_peers(path, answer, ask, requests, acts)
    return Result(
        calls=calls,
        lines=lines,
        requests=tuple(asked),
        machine=describe(),
        load=round(os.getloadavg()[0], 2),
    )


def _of_node(  # noqa: PLR0913, PLR0917 (what is measured, and how often)
    service: Service,
    port: int,
    ask: Asker,
    requests: int,
    acts: int,
    calls: int,
) -> tuple[list[Asked], bytes]:
    """Measure the node; gives also the answer that a peer is to give."""
    _enter(service)
    north, _ = service.tokens.begin(PersonId("n0"), Strength.PASSWORD, "bench")
    south, _ = service.tokens.begin(PersonId("s0"), Strength.PASSWORD, "bench")

    def stops(prefix: str, count: int) -> list[bytes]:
        return [
            request("POST", "/api/v1/calls", token=north, body=_stop(f"{prefix}{at}"))
            for at in range(count)
        ]

    def measure(name: str, asked: list[bytes], wanted: int) -> Asked:
        return _asked(name, ask(port, asked), wanted)

    ask(port, stops("open-", calls))
    one, many = "/api/v1/calls/open-0", "/api/v1/calls?limit=50"
    answer, tag = _answer(port, one, south)
    found = [
        measure("read a call", [request("GET", one, token=south)] * requests, 200),
        measure(
            "read a call that is as it was",
            [request("GET", one, token=south, more=f"If-None-Match: {tag}\r\n")]
            * requests,
            304,
        ),
        measure(
            "list 50 calls",
            [request("GET", many, token=south)] * max(1, requests // 10),
            200,
        ),
        measure("raise a STOP", stops("act-", acts), 201),
        measure(
            "acknowledge a STOP",
            [
                request(
                    "POST",
                    f"/api/v1/calls/act-{at}/acknowledgement",
                    token=south,
                    body=b"{}",
                )
                for at in range(acts)
            ],
            200,
        ),
    ]
    sign_in = msgspec.json.encode({"person": "s0", "secret": PASSWORD})
    entering = [request("POST", "/api/v1/sessions", body=sign_in)] * max(1, acts // 25)
    return [*found, measure("sign in", entering, 201)], answer


def _of_peers(
    path: Path, answer: bytes, ask: Asker, requests: int, acts: int
) -> list[Asked]:
    """Measure the least that could do the same, on the same server."""
    base = apsw.Connection(str(path / "peer.sqlite"))
    base.execute("PRAGMA journal_mode = wal; PRAGMA synchronous = full")
    base.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, said BLOB)")

    async def read(_request: Request) -> Response:
        return Response(answer, media_type="application/json")

    async def write(request: Request) -> Response:
        said = await request.body()
        base.execute("INSERT INTO entry (said) VALUES (?)", (said.ljust(_ENTRY_BYTES),))
        return Response(answer, media_type="application/json", status_code=201)

    bare = Starlette(
        routes=[Route("/read", read), Route("/write", write, methods=["POST"])]
    )
    with listening(bare) as port:
        reading = ask(port, [request("GET", "/read")] * requests)
        writing = ask(port, [request("POST", "/write", body=_stop("x"))] * acts)
    base.close()
    return [
        _asked("peer: a bare Starlette route, the same bytes", reading, 200),
        _asked("peer: a bare route and one SQLite commit", writing, 201),
        _hashed(max(1, acts // 25)),
    ]


def _hashed(count: int) -> Asked:
    hasher = PasswordHasher()
    kept = hasher.hash(PASSWORD)
    took = []
    for _ in range(count):
        at = time.monotonic()
        hasher.verify(kept, PASSWORD)
        took.append(time.monotonic() - at)
    name = "peer: the hash of a password, one at a time"
    return _asked(name, (sum(took), took, []), 0)


def _asked(name: str, came: tuple[float, list[float], list[int]], wanted: int) -> Asked:
    whole, took, statuses = came
    return Asked(
        name=name,
        per_second=round(len(took) / whole, 1),
        took_ms=spread([one * 1000 for one in took]),
        other=sum(status not in (wanted, _UNRECORDED) for status in statuses),
        unrecorded=statuses.count(_UNRECORDED),
    )


def _answer(port: int, path: str, token: str) -> tuple[bytes, str]:
    """Read one answer whole, and its tag."""
    import httpx  # noqa: PLC0415 (for this one answer)

    said = httpx.get(
        f"http://127.0.0.1:{port}{path}", headers={"authorization": f"Bearer {token}"}
    )
    said.raise_for_status()
    return said.content, said.headers["etag"]


def _stop(id_: str) -> bytes:
    card = {"where": "37S FV 100 031", "what": "strikes"}
    return msgspec.json.encode({"id": id_, "to_desk": "south", "card": card})


@contextlib.contextmanager
def _asker(lines: int) -> Iterator[Asker]:
    """Run a process that asks."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=ask_all, args=(theirs,), daemon=True)
    process.start()

    def ask(port: int, requests: list[bytes]) -> tuple[float, list[float], list[int]]:
        ours.send((port, min(lines, len(requests)), requests))
        came: tuple[float, list[float], list[int]] = ours.recv()
        return came

    try:
        if not ours.poll(_READY_S):
            raise TimeoutError("the process that asks did not start")
        ours.recv()
        yield ask
    finally:
        with contextlib.suppress(OSError):
            ours.send(None)
        process.join(5)
        process.kill()


def _enter(service: Service) -> None:
    """Put two desks on the line, each with one person, who has the watch."""
    commands: list[Command] = []
    until = service.node.clock.read().at + Duration(hours=12)
    for name, person in (("north", "n0"), ("south", "s0")):
        party, desk = PartyId(name), DeskId(name)
        by = Actor(
            party=party,
            desk=desk,
            strength=Strength.PASSWORD,
            person=PersonId(person),
        )
        entered = Person(
            id=PersonId(person),
            desk=desk,
            pseudonym=person,
            roles=(Role.DUTY_OFFICER,),
        )
        commands += [
            Enter(act=PartySet(party=Party(id=party, name=name))),
            Enter(act=DeskSet(desk=Desk(id=desk, party=party, name=name))),
            Enter(act=PersonSet(person=entered)),
            TakeWatch(by=by, role=Role.DUTY_OFFICER, until=until),
        ]
    for command in commands:
        service.node.runner.ask(command).result(10)
    service.secrets.keep(PersonId("s0"), SecretKind.PASSWORD, PASSWORD)
