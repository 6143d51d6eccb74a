"""Write the recorded day, and the first draw of the modelled one, into real ledgers.

Both are nodes like any other: store, keys, signatures, tree and checkpoint. Only
their clock and their chance are made up, so that the same seed gives the same bytes.
"""

import base64
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from clearline.model.commands import Enter
from clearline.model.entries import (
    Acknowledged,
    AnswerGiven,
    BeatRecorded,
    CallEnded,
    CallRaised,
    Ceased,
    ClosedBy,
    Entry,
    PassedOn,
    Rang,
    ReadBack,
)
from clearline.model.errors import ClearlineError
from clearline.model.instants import Duration
from clearline.model.notice_acts import NoticeAmended, NoticeDisposed, NoticeFiled
from clearline.model.scenarios import Scenario
from clearline.replay.chance import SeededChance
from clearline.replay.clock import VirtualClock
from clearline.replay.performance import BEFORE, t0_of
from clearline.replay.recorded import beat_entry
from clearline.replay.result import LedgerKept, ReceiptKept
from clearline.service.log import Log
from clearline.service.writer import Asked, Outcome, Writer, Written

AS_RECORDED: Final = "as-recorded"
WITH_LINE: Final = "with-line"

PROVED: Final = (
    NoticeFiled,
    NoticeAmended,
    NoticeDisposed,
    CallRaised,
    Rang,
    Acknowledged,
    ReadBack,
    AnswerGiven,
    PassedOn,
    Ceased,
    ClosedBy,
    CallEnded,
)
"""Acts of the day with the line that get a receipt."""


class Node(Protocol):
    """Be a node, as far as a replay needs one."""

    @property
    def log(self) -> Log:
        """Return its log."""

    @property
    def writer(self) -> Writer:
        """Return what writes to it."""

    def begin(self) -> None:
        """Say in the log that the node came up."""

    def close(self) -> None:
        """Let go of the disk."""


class OpenNode(Protocol):
    """Open a node in a folder of its own; whoever composes the product does."""

    def __call__(
        self,
        folder: str,
        *,
        origin: str,
        hear: Callable[[Written], None],
        clock: VirtualClock,
        chance: SeededChance,
    ) -> Node:
        """Open the node of `folder`, a name below the replay's own folder."""


def open_ledger(  # noqa: PLR0913 (what a ledger of a replay needs, by name)
    open_node: OpenNode,
    scenario: Scenario,
    folder: str,
    *,
    seed: int,
    clock: VirtualClock,
    inbox: list[Written],
) -> Node:
    """Open the node for one ledger of a replay, its keys drawn from the seed."""
    node = open_node(
        folder,
        origin=f"replay.example/{scenario.name}/{folder}/model",
        hear=inbox.append,
        clock=clock,
        chance=SeededChance(seed, scenario.name, folder, "keys and salts"),
    )
    node.begin()
    inbox.clear()
    return node


def write_record(
    open_node: OpenNode, scenario: Scenario, seed: int
) -> tuple[dict[str, int], LedgerKept]:
    """Write every beat of the recorded day into a ledger.

    Returns:
        The entry of each beat, and the ledger with a receipt for each.
    """
    offsets = [beat.at for beat in scenario.beats if beat.at is not None]
    t0 = t0_of(scenario)
    clock = VirtualClock(t0 + min([Duration(0), *offsets]) - BEFORE)
    inbox: list[Written] = []
    node = open_ledger(
        open_node, scenario, AS_RECORDED, seed=seed, clock=clock, inbox=inbox
    )
    try:
        for beat in scenario.beats:
            if beat.at is not None:
                clock.go_to(t0 + beat.at)
            command = Enter(act=beat_entry(scenario, beat))
            node.writer.write([Asked(command=command, reply=_raise)])
        entries = [
            (index, entry)
            for written in inbox
            for index, entry in enumerate(written.entries, written.first or 0)
        ]
        kept = keep(node.log, AS_RECORDED, entries, (BeatRecorded,))
    finally:
        node.close()
    places = {
        entry.act.beat: index
        for index, entry in entries
        if isinstance(entry.act, BeatRecorded)
    }
    return places, kept


def keep(
    log: Log,
    folder: str,
    entries: Sequence[tuple[int, Entry]],
    proved: tuple[type, ...] = PROVED,
) -> LedgerKept:
    """Sum up a ledger whose day is over, with the receipts of what was proved.

    Args:
        log: The ledger.
        folder: Where it lies, below the replay's own folder.
        entries: Its entries, each with its index.
        proved: Which acts get a receipt.
    """
    receipts = tuple(
        _receipt(log, folder, index, entry)
        for index, entry in entries
        if isinstance(entry.act, proved)
    )
    return LedgerKept(
        of=folder.replace("-", "_"),
        folder=folder,
        origin=log.origin,
        size=log.size,
        root=base64.b64encode(log.root).decode(),
        checkpoint=log.checkpoint().decode(),
        vkey=str(log.key),
        receipts=receipts,
    )


def _receipt(log: Log, folder: str, index: int, entry: Entry) -> ReceiptKept:
    act = entry.act
    if isinstance(act, BeatRecorded):
        says = act.says
    else:
        words = type(act).__name__
        says = "".join(f" {c.lower()}" if c.isupper() else c for c in words).strip()
        by = getattr(act, "by", None)
        says += f" by {by.person}" if by and by.person else ""
    return ReceiptKept(
        entry=index,
        says=says,
        file=f"receipts/{folder}-{index:05d}.json",
        text=log.prove(index).decode(),
    )


def _raise(outcome: Outcome) -> None:
    if isinstance(outcome, ClearlineError):
        raise outcome
