"""Play the first draw of a day and tell it whole, with a log or without one.

With a log it goes through a real node; played without one it must come out the
same, or the two ways of deciding have parted.
"""

import msgspec

from clearline.model.entries import Entry
from clearline.model.errors import BrokenPromise
from clearline.model.scenarios import Scenario
from clearline.replay.chance import Draws
from clearline.replay.clock import VirtualClock
from clearline.replay.counting import count
from clearline.replay.findings import ended_at_s
from clearline.replay.ledgers import WITH_LINE, OpenNode, keep, open_ledger
from clearline.replay.performance import Performance, Ran, begins_at, lean, t0_of
from clearline.replay.players import Players
from clearline.replay.result import (
    STAMP,
    LedgerKept,
    PlaceChecked,
    ReceiptsChecked,
    RunShown,
)
from clearline.replay.telling import Teller
from clearline.service.writer import Written


class WaysPart(BrokenPromise):
    """Admit that a draw came out otherwise with a log than without one."""


class FirstRun(msgspec.Struct, frozen=True, kw_only=True):
    """Hold the first draw, told whole, with its checks and its ledger."""

    ran: Ran
    shown: RunShown
    checks: tuple[PlaceChecked, ...]
    receipts: tuple[ReceiptsChecked, ...]
    entries: tuple[Entry, ...]
    ledger: LedgerKept | None = None


def play_signed(scenario: Scenario, seed: int, open_node: OpenNode) -> FirstRun:
    """Play draw 0 through a real node, and keep its ledger."""
    clock, inbox = VirtualClock(begins_at(scenario)), list[Written]()
    node = open_ledger(
        open_node, scenario, WITH_LINE, seed=seed, clock=clock, inbox=inbox
    )
    try:
        teller = Teller(Players(scenario), t0_of(scenario), has_log=True)
        performance = Performance(
            scenario, writer=node.writer, clock=clock, inbox=inbox, listener=teller
        )
        first = _first_run(scenario, seed, performance, teller, is_signed=True)
        ledger = keep(node.log, WITH_LINE, teller.entries)
    finally:
        node.close()
    return msgspec.structs.replace(first, ledger=ledger)


def play_told(scenario: Scenario, seed: int) -> FirstRun:
    """Play draw 0 without a log, and tell it whole."""
    teller = Teller(Players(scenario), t0_of(scenario), has_log=False)
    performance = lean(scenario, teller)
    return _first_run(scenario, seed, performance, teller, is_signed=False)


def _first_run(
    scenario: Scenario,
    seed: int,
    performance: Performance,
    teller: Teller,
    *,
    is_signed: bool,
) -> FirstRun:
    ran = performance.play(Draws(seed, 0))
    counted = count(scenario, seed, 0, ran)
    shown = RunShown(
        stamp=STAMP,
        index=0,
        called_at_s=_tenths(ran.called_at_s),
        acknowledged_s=_tenths(ran.acknowledged_s),
        right_role_s=_tenths(ran.right_role_s),
        stopped_s=_tenths(ran.stopped_s),
        stopped_at_s=_tenths(ended_at_s(ran)),
        events_s=tuple(round(at, 1) for at in counted.times_s),
        fell=counted.fell,
        events_after_call=counted.after_call,
        is_signed=is_signed,
        steps=tuple(teller.steps),
    )
    return FirstRun(
        ran=ran,
        shown=shown,
        checks=performance.place_checks,
        receipts=performance.receipts_checked,
        entries=tuple(entry for _, entry in teller.entries),
    )


def require_same(told: Ran, counted: Ran) -> None:
    """Refuse a draw that came out otherwise than the same draw without a log.

    Raises:
        WaysPart: It did.
    """
    if told != counted:
        raise WaysPart(
            "The first draw came out otherwise through the real writer than without.",
            state="No result is given; the ledgers lie where they were written.",
            next="Report it with the document and the seed: it is a fault of ours.",
        )


def _tenths(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
