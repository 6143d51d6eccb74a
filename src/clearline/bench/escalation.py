"""Measure how late a ring leaves after it is due, with many calls pending.

Workload: `pending` open calls at one desk of three people, each due once, spread
evenly over ten minutes, on a real ledger on this disk and on the wall clock. The
first `seconds` of those ten minutes are measured; then `burst` further calls
fall due at one instant, while the others go on. A ring counts as having left when
the writer hands it out, after its entry is durable.

Peer in the same run: as many bare timers of asyncio's loop, which write nothing.
Reference: GoAlert's engine looks for what is due every 5 s (its documentation).
"""

import asyncio
import tempfile
import threading
import time
from concurrent.futures import wait
from pathlib import Path
from typing import Final

import msgspec

from clearline.bench.machine import Machine, Spread, describe, spread
from clearline.compose.node import Node, open_node
from clearline.model.calls import (
    Call,
    CallId,
    Card,
    Kind,
    Ladder,
    Precedence,
    Rung,
    Why,
)
from clearline.model.commands import Command, Enter, RaiseCall
from clearline.model.entries import (
    CallRaised,
    DeskSet,
    LadderSet,
    PartySet,
    PersonSet,
    Rang,
)
from clearline.model.instants import Duration, Instant
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
from clearline.service.writer import Written

SPREAD_OVER: Final = Duration(minutes=10)
GOALERT_CYCLE_S: Final = 5.0

_ORIGIN: Final = "bench.example/clearline/exercise"
_NORTH, _SOUTH = PartyId("north"), PartyId("south")


class Escalation(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what was measured, milliseconds from due to handed out."""

    pending: int
    late_ms: Spread
    burst: int
    burst_late_ms: Spread
    peer: str
    peer_late_ms: Spread
    reference: str
    must_p99_ms: float
    machine: Machine


class _Ear:
    """Note how late each ring of a pending call was when it was handed out."""

    def __init__(self) -> None:
        self.due: dict[CallId, Instant] = {}
        self.late_ms: list[float] = []
        self.clock_of: Node | None = None

    def hear(self, written: Written) -> None:
        """Hear what was written."""
        if self.clock_of is None:
            return
        now = self.clock_of.clock.read().at
        for entry in written.entries:
            act = entry.act
            if isinstance(act, Rang) and act.why is not Why.RAISED:
                due_at = self.due.pop(act.call, None)
                if due_at is not None:
                    self.late_ms.append((now - due_at) / Duration(milliseconds=1))


def run(
    *, pending: int = 20_000, seconds: float = 30.0, burst: int = 1_000
) -> Escalation:
    """Measure on a fresh ledger in a temporary folder.

    Args:
        pending: Calls pending at the start.
        seconds: How long of the ten minutes is measured.
        burst: Calls that then fall due at one instant.
    """
    with tempfile.TemporaryDirectory(prefix="clearline-bench-") as folder:
        ear = _Ear()
        node = open_node(Path(folder) / "node", origin=_ORIGIN, hear=ear.hear)
        node.begin()
        node.runner.start()
        _enter(node)
        late = _measure_pending(node, ear, pending, seconds)
        burst_late = _measure_burst(node, ear, burst)
        node.runner.stop()
        node.close()
    return Escalation(
        pending=pending,
        late_ms=spread(late),
        burst=burst,
        burst_late_ms=spread(burst_late),
        peer="asyncio timers that write nothing",
        peer_late_ms=spread(asyncio.run(_bare_timers(pending, min(seconds, 10.0)))),
        reference=f"GoAlert looks every {GOALERT_CYCLE_S:g} s",
        must_p99_ms=50.0,
        machine=describe(),
    )


def _measure_pending(
    node: Node, ear: _Ear, pending: int, seconds: float
) -> list[float]:
    """Spread the calls over ten minutes and listen to the first of them."""
    trial = max(1, min(500, pending // 10))
    started = time.perf_counter()
    _raise_all(node, [node.clock.read().at + SPREAD_OVER] * trial, "trial")
    per_call = (time.perf_counter() - started) / trial
    begin = node.clock.read().at + Duration(seconds=2 + 1.5 * per_call * pending)
    step = SPREAD_OVER / pending
    dues = _raise_all(node, [begin + step * n for n in range(pending)], "pending")
    ear.due = {call: at for call, at in dues.items() if at < begin + SPREAD_OVER}
    ear.clock_of = node
    _wait_until(node, begin + Duration(seconds=seconds))
    return list(ear.late_ms)


def _measure_burst(node: Node, ear: _Ear, burst: int) -> list[float]:
    """Let many calls fall due at one instant while the others go on."""
    at = node.clock.read().at + Duration(seconds=5)
    dues = _raise_all(node, [at] * burst, "burst")
    ear.due, ear.late_ms = dict(dues), []
    _wait_until(node, max(dues.values()) + Duration(seconds=5))
    return list(ear.late_ms)


def _raise_all(node: Node, dues: list[Instant], name: str) -> dict[CallId, Instant]:
    """Raise a call for each instant, with a ladder that falls due then."""
    asked = []
    for number, at in enumerate(dues):
        after = at - node.clock.read().at
        node.runner.ask(_ladder(max(after, Duration(seconds=1))))
        asked.append(node.runner.ask(_call(CallId(f"{name}-{number}"))))
    wait(asked)
    raised = [done.result().entries[0].act for done in asked]
    calls = [
        node.picture.calls.get(act.call)
        for act in raised
        if isinstance(act, CallRaised)
    ]
    return {call.id: call.due_at for call in calls if _is_due(call)}  # type: ignore[union-attr, misc]


def _is_due(call: Call | None) -> bool:
    return call is not None and call.due_at is not None


def _wait_until(node: Node, at: Instant) -> None:
    rest = (at - node.clock.read().at).total_seconds()
    threading.Event().wait(max(0.0, rest))


async def _bare_timers(pending: int, seconds: float) -> list[float]:
    """Let bare timers fire at the same spacing, and note how late each is."""
    loop, late = asyncio.get_running_loop(), list[float]()
    begin, step = loop.time() + 1.0, SPREAD_OVER.total_seconds() / pending

    def fire(due: float) -> None:
        late.append((loop.time() - due) * 1000)

    for number in range(pending):
        loop.call_at(begin + number * step, fire, begin + number * step)
    await asyncio.sleep(1.0 + seconds)
    return late


def _ladder(after: Duration) -> Command:
    rungs = (
        Rung(desk=DeskId("s"), after=Duration(0)),
        Rung(desk=DeskId("s"), after=after, has_members=True),
    )
    return Enter(
        act=LadderSet(
            desk=DeskId("s"),
            precedence=Precedence.FLASH,
            ladder=Ladder(rungs=rungs, repeat_after=Duration(hours=6)),
        )
    )


def _call(call: CallId) -> Command:
    by = Actor(party=_NORTH, desk=DeskId("n"), strength=Strength.DEVICE_ONLY)
    return RaiseCall(
        call=call,
        kind=Kind.WARN,  # keeps its place behind the ladder set for it
        precedence=Precedence.FLASH,
        by=by,
        to_desk=DeskId("s"),
        card=Card(what=call),
    )


def _enter(node: Node) -> None:
    """Put two desks on the line, one of them with three people."""
    people: list[PersonSet] = [
        PersonSet(
            person=Person(
                id=PersonId(name),
                desk=DeskId("s"),
                pseudonym=name,
                roles=(Role.DUTY_OFFICER,),
                media=(Medium.SCREEN, Medium.VOICE),
            )
        )
        for name in ("one", "two", "three")
    ]
    acts: tuple[PartySet | DeskSet | PersonSet, ...] = (
        PartySet(party=Party(id=_NORTH, name="North")),
        PartySet(party=Party(id=_SOUTH, name="South")),
        DeskSet(desk=Desk(id=DeskId("n"), party=_NORTH, name="North")),
        DeskSet(desk=Desk(id=DeskId("s"), party=_SOUTH, name="South")),
        *people,
    )
    for act in acts:
        node.runner.ask(Enter(act=act)).result()
