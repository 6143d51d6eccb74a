"""Measure how long a STOP raised on one node takes to ring at another party's node.

Two processes on this machine, each a whole node: its own log on disk, its own keys,
pinned TLS over loopback. The clock is the machine's one monotonic clock, so an instant
taken in one process means the same in the other.
"""

import os
import threading
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import msgspec

from clearline.adapters.peers.identity import identity
from clearline.adapters.peers.station import Station
from clearline.adapters.peers.wire import TlsWire
from clearline.adapters.settings import PeerPort, Settings
from clearline.bench.broker import (
    MOSQUITTO,
    NOT_INSTALLED,
    Published,
    publish_all,
)
from clearline.bench.machine import Machine, Spread, describe, spread
from clearline.compose.node import Node, open_node
from clearline.compose.service import open_links
from clearline.ledger.text64 import encode64
from clearline.model.calls import CallId, Card, Kind, Outcome
from clearline.model.commands import Enter, RaiseCall, SetPeer
from clearline.model.entries import DeskSet, PartySet, PersonSet, Rang, Received
from clearline.model.links import Peer, PeerId
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
from clearline.service.calling import CameIn, Ring, Said
from clearline.service.writer import Written

WAIT_S: Final = 30.0
ASKS: Final = 100


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what was measured, in milliseconds.

    Attributes:
        to_rung_ms: From the command on one node to the ring on the other, one at a
            time; both are durable then.
        to_receipt_ms: From the command until the receipt is in the caller's log.
        burst_to_rung_ms: The same as the first, all raised at once.
        bare_ask_ms: A request on a kept connection that changes nothing, beside it.
        peer_ms: As many messages of the same size, one at a time, from one client of
            Mosquitto to another; it signs nothing, writes nothing, rings nobody.
        peer_burst_ms: The same, all published at once.
        load: Load average of the machine over the last minute, at the end.
    """

    machine: Machine
    stops: int
    burst: int
    to_rung_ms: Spread
    to_receipt_ms: Spread
    burst_to_rung_ms: Spread
    bare_ask_ms: Spread
    peer: str
    peer_ms: Spread | None
    peer_burst_ms: Spread | None
    load: float


class _Ear:
    """Note when what was first heard, by call."""

    def __init__(self, kind: type[Rang] | type[Received]) -> None:
        self.at: dict[CallId, float] = {}
        self.station: Station | None = None
        self.node: Node | None = None
        self._kind = kind
        self._moved = threading.Condition()

    def hear(self, written: Written) -> None:
        """Take what was decided."""
        now = time.monotonic()
        if self.station is not None:
            self.station.hear(written)
        with self._moved:
            for entry in written.entries:
                if isinstance(entry.act, self._kind):
                    self.at.setdefault(entry.act.call, now)
            self._moved.notify_all()

    def until(self, what: Callable[[], object]) -> None:
        """Wait until something holds."""
        with self._moved:
            if not self._moved.wait_for(what, WAIT_S):
                raise TimeoutError("the other node says nothing")

    def report(self, ring: Ring, outcome: Outcome, detail: str = "") -> None:
        """Keep no report: nothing here waits for one."""

    def came_in(self, came: CameIn) -> Said:
        """Take no calls."""
        raise NotImplementedError(came)


def run(*, stops: int, burst: int) -> Result:
    """Raise STOPs from one node to the other, one by one and then at once."""
    with TemporaryDirectory() as folder:
        spawned = get_context("spawn")
        here, there = spawned.Pipe()
        child = spawned.Process(target=_south, args=(there, folder), daemon=True)
        child.start()
        try:
            result = _north(here, Path(folder), stops, burst)
        finally:
            here.send(None)
            child.join(WAIT_S)
            if child.is_alive():
                child.kill()
        return _beside(result, Path(folder))


def _beside(result: Result, folder: Path) -> Result:
    """Let a message broker carry as many messages beside it."""
    ones = publish_all(folder, 1, result.stops, every=0.02)
    burst = publish_all(folder, 1, result.burst, every=0.0)
    if ones is None or burst is None:
        return result
    return msgspec.structs.replace(
        result,
        peer=MOSQUITTO,
        peer_ms=_published(ones),
        peer_burst_ms=_published(burst),
    )


def _published(found: Published) -> Spread:
    published, came = found
    return spread([(came[one][0] - at) * 1000 for one, at in published.items()])


def _north(here: Connection, folder: Path, stops: int, burst: int) -> Result:
    ear = _Ear(Received)
    node, station = _open(folder / "north", "north", ear)
    try:
        here.send(_peer(node, station, folder / "north", "north", ours="south"))
        south: Peer = here.recv()
        node.runner.ask(SetPeer(peer=south)).result(WAIT_S)
        desk = DeskId("south-ops@south")
        ear.until(lambda: node.picture.desks.get(desk) is not None)
        began: dict[CallId, float] = {}
        for number in range(stops):
            _stop(node, CallId(f"one-{number}"), began)
            ear.until(lambda number=number: CallId(f"one-{number}") in ear.at)  # type: ignore[misc]
        for number in range(burst):
            _stop(node, CallId(f"burst-{number}"), began)
        ear.until(lambda: len(ear.at) == stops + burst)
        here.send("rung")
        rung: dict[CallId, float] = here.recv()
        ones = [call for call in began if call.startswith("one-")]
        rest = [call for call in began if call.startswith("burst-")]
        return Result(
            machine=describe(),
            stops=stops,
            burst=burst,
            to_rung_ms=_spread(began, {c: rung[CallId(f"{c}@north")] for c in ones}),
            to_receipt_ms=_spread(began, {call: ear.at[call] for call in ones}),
            burst_to_rung_ms=_spread(
                began, {c: rung[CallId(f"{c}@north")] for c in rest}
            ),
            bare_ask_ms=_ask(folder / "north", south),
            peer=NOT_INSTALLED,
            peer_ms=None,
            peer_burst_ms=None,
            load=round(os.getloadavg()[0], 2),
        )
    finally:
        _close(node, station)


def _south(there: Connection, folder: str) -> None:
    """Be the other node, in a process of its own."""
    ear = _Ear(Rang)
    data = Path(folder) / "south"
    node, station = _open(data, "south", ear)
    north: Peer = there.recv()
    node.runner.ask(SetPeer(peer=north)).result(WAIT_S)
    there.send(_peer(node, station, data, "south", ours="north"))
    while there.recv() is not None:
        there.send(ear.at)
    _close(node, station)


def _open(data: Path, party: str, ear: _Ear) -> tuple[Node, Station]:
    node = open_node(data, origin=f"{party}.example/clearline/exercise", hear=ear.hear)
    port = PeerPort(host="127.0.0.1", port=0)
    station = open_links(node, data, Settings(peer=port))
    ear.station = station
    node.begin()
    node.runner.start()
    station.courier.start(ear)
    station.start()
    desk = DeskId(f"{party}-ops")
    for act in (
        PartySet(party=Party(id=PartyId(party), name=party)),
        DeskSet(desk=Desk(id=desk, party=PartyId(party), name=desk)),
        PersonSet(
            person=Person(
                id=PersonId(f"{party}-duty"),
                desk=desk,
                pseudonym=f"{party} 1",
                roles=(Role.DUTY_OFFICER,),
            )
        ),
    ):
        node.runner.ask(Enter(act=act)).result(WAIT_S)
    return node, station


def _peer(node: Node, station: Station, data: Path, party: str, *, ours: str) -> Peer:
    port = station.listener.port if station.listener else 0
    return Peer(
        id=PeerId(node.log.origin),
        party=PartyId(party),
        ours=PartyId(ours),
        name=party,
        key=str(node.log.key),
        certificate=identity(data / "keys").text,
        url=f"https://127.0.0.1:{port}",
        veil=encode64(bytes(32)),
    )


def _stop(node: Node, call: CallId, began: dict[CallId, float]) -> None:
    by = Actor(
        party=PartyId("north"), desk=DeskId("north-ops"), strength=Strength.DEVICE_ONLY
    )
    asked = RaiseCall(
        call=call,
        kind=Kind.STOP,
        by=by,
        to_desk=DeskId("south-ops@south"),
        card=Card(what=f"the shelling, {call}"),
    )
    began[call] = time.monotonic()
    node.runner.ask(asked)


def _ask(data: Path, south: Peer) -> Spread:
    """Time a request that changes nothing, on a kept connection."""
    wire = TlsWire(identity(data / "keys"))
    took = []
    wire.outbox(south, 10**6)
    for _ in range(ASKS):
        began = time.monotonic()
        wire.outbox(south, 10**6)
        took.append((time.monotonic() - began) * 1000)
    wire.close()
    return spread(took)


def _spread(began: dict[CallId, float], ended: dict[CallId, float]) -> Spread:
    return spread([(at - began[call]) * 1000 for call, at in ended.items()])


def _close(node: Node, station: Station) -> None:
    station.stop()
    node.runner.stop()
    node.close()
