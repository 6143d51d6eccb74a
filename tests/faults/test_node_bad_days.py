"""A node that people call, on its worst days: floods, dead screens, no disk, no power.

Everything here goes through the door people use, on loopback.
"""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from api.nodes import DESKS, running
from api.test_feed import following
from clearline.client import Client
from clearline.model.calls import CallId, Card, Kind
from clearline.model.commands import RaiseCall
from clearline.model.parties import Actor, DeskId, PartyId, PersonId, Strength
from clearline.service.ports import DiskFull
from clearline.web import feed as feeds
from clearline.wire.forms.setup import SetUp

TESTS = Path(__file__).parent.parent
DEAF = 150
"""How many screens never read; one caller may open two hundred at once."""

MANY_DEAF = 5_000
"""How many of them of several devices."""

FLOOD = 10_000
AT_ONCE = 500
"""How many of them wait for their answer at a time."""

PASSWORD = "a sentence of words"  # noqa: S105 (a test's own)


@pytest.fixture
def node(tmp_path):
    """Run a node with three parties for one test."""
    with running(tmp_path / "data") as served:
        yield served


def flood_stop(number, person="lina", desk="north-ops"):
    """Say the same STOP again, as a source that cannot stop saying it does."""
    return RaiseCall(
        call=CallId(f"flood-{number}"),
        kind=Kind.STOP,
        by=Actor(
            party=PartyId(DESKS[desk][0]),
            desk=DeskId(desk),
            strength=Strength.PASSWORD,
            person=PersonId(person),
        ),
        to_desk=DeskId("south-ops"),
        card=Card(what="shelling"),
    )


def test_ten_thousand_stops_of_one_source_block_nobody(node):
    """Each is taken, recorded and rung; for the eye they are one; others call on."""
    runner = node.service.node.runner
    with node.as_person("duty") as duty, node.as_person("lina") as lina:
        first = lina.post(
            "/api/v1/calls",
            json={
                "id": "flood-0",
                "to_desk": "south-ops",
                "card": {"what": "shelling"},
            },
        )
        assert first.status_code == 201
        answered = []
        for begin in range(1, FLOOD, AT_ONCE):
            numbers = range(begin, min(FLOOD, begin + AT_ONCE))
            asked = [runner.ask(flood_stop(number)) for number in numbers]
            other = duty.post("/api/v1/calls", json={"to_desk": "monitor-ops"})
            assert other.status_code in (201, 202)
            had = duty.post("/api/v1/calls/flood-0/acknowledgement", json={})
            assert had.status_code == 200, had.text
            answered += [one.result(60) for one in asked]
        first = duty.get("/api/v1/calls/flood-0").json()
        sources = duty.get("/api/v1/sources").json()["items"]
    assert all(one.entries for one in answered)
    with node.service.node.looking() as view:
        calls = [view.calls.get(CallId(f"flood-{n}")) for n in range(FLOOD)]
        assert all(call is not None and call.rings > 0 for call in calls)
        assert calls[0].holders
        merged = {call.repeats for call in calls[1:]}
    assert merged == {CallId("flood-0")}
    assert first["times"] == FLOOD
    assert first["source_last_minute"] > 0
    by_desk = {one["desk"]: one for one in sources}
    assert (by_desk["north-ops"]["open"], by_desk["north-ops"]["places"]) == (FLOOD, 1)
    assert by_desk["north-ops"]["unanswered"] == FLOOD - 1


def test_ten_thousand_that_wait_let_another_desks_stop_through(node):
    """All of them asked at one instant: another's is durable in the next batch."""
    runner = node.service.node.runner
    flood = [runner.ask(flood_stop(number)) for number in range(FLOOD)]
    other = runner.ask(flood_stop("other", "observer", "monitor-ops"))
    written = other.result(60)
    before = sum(one.done() for one in flood)
    assert written.is_durable
    assert before < FLOOD // 2, "it went with the first of them"
    assert all(one.result(120).entries for one in flood)


def test_many_stops_through_the_door_are_never_held_up(node):
    """No STOP is answered with "too many", however many one person sends."""
    with node.as_person("lina") as lina:
        said = {
            lina.post("/api/v1/calls", json={"to_desk": "south-ops"}).status_code
            for _ in range(FLOOD // 50)
        }
    assert said <= {201, 202}


def patient(client):
    """Let a client wait while the loop has thousands to serve."""
    client.timeout = 120.0
    return client


def walls(node, count):
    """Enrol devices at a desk and give their headers: each may follow two hundred."""
    with node.as_person("admin") as admin:
        return [
            "Bearer "
            + admin.post(
                "/api/v1/devices", json={"desk": "south-ops", "name": f"wall {number}"}
            ).json()["token"]
            for number in range(count)
        ]


@contextmanager
def deaf(node, count, tokens=()):
    """Follow the feed with sockets that never read what comes."""
    with node.as_person("duty") as duty:
        tokens = tokens or [duty.headers["authorization"]]
    host, port = node.url.removeprefix("http://").split(":")
    opened = []
    try:
        for number in range(count):
            token = tokens[number % len(tokens)]
            one = socket.socket()
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            opened.append(one)
            one.connect((host, int(port)))
            one.sendall(
                f"GET /api/v1/feed HTTP/1.1\r\nhost: {host}\r\n"
                f"authorization: {token}\r\n\r\n".encode()
            )
        yield opened
    finally:
        for one in opened:
            one.close()


@contextmanager
def trickling(sockets):
    """Read a few bytes of each socket now and then: far less than comes."""
    is_over = threading.Event()

    def read():
        while not is_over.wait(0.05):
            for one in sockets:
                with suppress(OSError):  # nothing there yet, or cut
                    one.recv(16, socket.MSG_DONTWAIT)

    reading = threading.Thread(target=read)
    reading.start()
    try:
        yield
    finally:
        is_over.set()
        reading.join()


def test_screens_that_never_read_are_cut_and_take_nothing_from_the_others(
    node, monkeypatch
):
    """Beside many dead screens one that reads misses no event."""
    monkeypatch.setattr(feeds, "PATIENCE_S", 1.0)
    for server in node.server.servers:
        for listening in server.sockets:  # the kernel would hold megabytes for each
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    feed = node.app.shared.feed
    with (
        node.as_person("duty") as duty,
        node.as_person("lina") as lina,
        following(duty) as reader,
    ):
        _, _, hello = reader.next("hello")
        last = hello["prev"]
        with deaf(node, DEAF):
            while feed.screens < DEAF + 1:
                reader.next("beat")
            raised, seen = set(), set()
            while feed.screens > 1:
                id_ = f"s{len(raised)}"
                given = {"id": id_, "to_desk": "south-ops", "card": {"what": "x" * 900}}
                assert lina.post("/api/v1/calls", json=given).status_code == 201
                raised.add(id_)
                while id_ not in seen:
                    _, index, said = reader.next("call")
                    assert said["prev"] == last
                    last = index
                    seen.add(said["call"]["id"])
                for stream in feed._streams.values():
                    for screen in list(stream.screens):
                        assert len(screen._waiting) <= feeds.QUEUE
            assert seen == raised


def test_five_thousand_screens_that_read_too_slowly_or_never_are_cut(node, monkeypatch):
    """Each holds references and no more; the one that reads misses nothing."""
    room, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < 3 * MANY_DEAF:
        pytest.skip(f"outside data: this machine allows {most} open files")
    monkeypatch.setattr(feeds, "PATIENCE_S", 1.0)
    for server in node.server.servers:
        for listening in server.sockets:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    feed, tokens = node.app.shared.feed, walls(node, MANY_DEAF // 150)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        with (
            patient(node.as_person("duty")) as duty,
            patient(node.as_person("lina")) as lina,
            following(duty) as reader,
            deaf(node, MANY_DEAF, tokens) as opened,
            trickling(opened[::2]),
        ):
            last = reader.next("hello")[2]["prev"]
            while feed.screens < MANY_DEAF + 1:
                reader.next("beat")
            raised, seen = [], []
            while feed.screens > 1:
                id_ = f"s{len(raised)}"
                card = {"what": "x" * 1_000, "why": "y" * 1_000}
                given = {"id": id_, "to_desk": "south-ops", "card": card}
                assert lina.post("/api/v1/calls", json=given).status_code == 201
                raised.append(id_)
                while id_ not in seen:
                    _, index, said = reader.next("call")
                    assert said["prev"] == last
                    last = index
                    seen.append(said["call"]["id"])
                waiting = [
                    screen._waiting
                    for stream in feed._streams.values()
                    for screen in list(stream.screens)
                ]
                assert max(map(len, waiting)) <= feeds.QUEUE
                shared = {id(event) for one in waiting for event in list(one)}
                assert len(shared) <= feeds.QUEUE, "each has bytes of its own"
            assert list(dict.fromkeys(seen)) == raised
            assert feed.cuts[feeds.TOO_SLOW] == MANY_DEAF
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (room, most))


def test_a_disk_that_fills_up_in_a_call_is_said_and_silences_nothing(node):
    """STOP rings and is called not recorded; health says why; later all is recorded."""
    full = DiskFull("The disk is full.", state="Nothing.", next="Free some.")
    log, keep = node.service.node.log, node.service.node.log.store

    def refuses(_prepared):
        raise full

    with node.as_person("lina") as lina, node.as_person("duty") as duty:
        with following(duty) as stream:
            stream.next("hello")
            lina.post("/api/v1/calls", json={"id": "before", "to_desk": "south-ops"})
            log.store = refuses
            try:
                early = lina.post(
                    "/api/v1/calls", json={"id": "during", "to_desk": "south-ops"}
                )
                assert early.status_code == 202
                assert early.json()["is_durable"] is False
                listed = duty.get("/api/v1/calls?is_open=true").json()["items"]
                assert [(one["id"], one["is_durable"]) for one in listed] == [
                    ("during", False),
                    ("before", True),
                ]
                had = duty.post("/api/v1/calls/before/acknowledgement", json={})
                assert had.status_code == 503
                assert had.headers["content-type"] == "application/problem+json"
                ill = lina.get("/health")
                assert ill.status_code == 503
                assert ill.json()["is_recording"] is False
                assert any("disk" in one for one in ill.json()["troubles"])
            finally:
                log.store = keep
            while True:
                _, index, said = stream.next("call")
                if said["call"]["id"] == "during" and index is not None:
                    break
        assert duty.post("/api/v1/calls/before/acknowledgement", json={}).is_success
        assert duty.get("/api/v1/calls/during").json()["is_durable"] is True


@contextmanager
def serving(folder):
    """Run `clearline serve` as a process of its own."""
    command = [sys.executable, "-P", "-m", "clearline", "serve", "--data", str(folder)]
    command += ["--origin", "north.example/clearline/exercise", "--no-tls", "--json"]
    with subprocess.Popen(
        [*command, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": str(TESTS.parent / "src")},
    ) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())
        finally:
            process.send_signal(signal.SIGKILL)


def test_a_server_killed_in_a_call_rings_again_as_soon_as_it_listens(tmp_path):
    """Nothing it had answered is lost, what rang rings anew, and the log verifies."""
    folder = tmp_path / "data"
    with serving(folder) as (process, where):
        with Client(where["url"]) as nobody:
            nobody.set_up(
                SetUp(
                    code=where["setup_code"],
                    party="north",
                    party_name="North",
                    desk="north-ops",
                    desk_name="Operations",
                    person="lina",
                    pseudonym="lina",
                    password=PASSWORD,
                )
            )
            token = nobody.sign_in("lina", PASSWORD).token
        headers = {"authorization": f"Bearer {token}"}
        with httpx.Client(base_url=where["url"], headers=headers) as lina:
            lina.put("/api/v1/parties/south", json={"name": "South"})
            desk = {"party": "south", "name": "Operations"}
            assert lina.put("/api/v1/desks/south-ops", json=desk).is_success
            for id_ in ("one", "two"):
                given = {"id": id_, "to_desk": "south-ops"}
                assert lina.post("/api/v1/calls", json=given).status_code == 201
        process.send_signal(signal.SIGKILL)
    with (
        serving(folder) as (_, where),
        httpx.Client(base_url=where["url"], headers=headers) as lina,
    ):
        for id_ in ("one", "two"):
            said = lina.get(f"/api/v1/calls/{id_}/entries")
            assert said.status_code == 200, said.text
            why = [one["says"]["why"] for one in said.json()["items"]
                   if one["act"] == "rang"]  # fmt: skip
            assert why[-1] == "the node came up again"
            assert len(why) > 1
    checked = subprocess.run(
        [sys.executable, "-P", "-m", "clearline", "verify", str(folder)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(TESTS.parent / "src")},
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
