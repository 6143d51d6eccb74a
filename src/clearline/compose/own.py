"""Open a node's own log beside its first one, and what screens both.

DATA/own/             a log of its own, with its own key; made on first start
DATA/own/ledger.sqlite, keys, high-water      as in DATA itself
"""

from pathlib import Path
from typing import Final

from clearline.adapters.data_folder import DataFolder, Equipment
from clearline.compose.node import Hear, Node, open_node
from clearline.ledger.header import realm_of
from clearline.model.calls import CallId
from clearline.model.commands import Command
from clearline.service.own import FOLDER, NUMBERS_FROM, OwnLog
from clearline.service.screener import Screener
from clearline.service.writer import Written

_EQUIPMENT: Final = Equipment(ballast_bytes=0)  # no STOP is ever written here


class Own:
    """Hold a node's own log, and what screens what stands in both.

    Attributes:
        node: The own log, its picture and the writer that owns both.
        log: Stands before both logs.
        screener: Screens what is filed in either.
    """

    def __init__(self, first: Node, folder: Path, hear: Hear) -> None:
        """Open it; nothing runs before `begin`.

        Args:
            first: The node it stands beside.
            folder: That one's data folder.
            hear: Is given what is decided here too, so that it rings.

        Raises:
            LostCertainty: The folder does not hold what was signed.
            StoreRefused: The disk refused.
        """
        first.picture.keeps_positions = False
        self._first, self._hear = first, hear
        known = DataFolder(path=folder / FOLDER)  # of an older name after a restore
        self.node = open_node(
            folder / FOLDER,
            origin=None if known.has_log else origin_beside(first.log.origin),
            hear=self._heard,
            clock=first.clock,
            equipment=_EQUIPMENT,
        )
        self.node.picture.numbers_from = NUMBERS_FROM
        self.log = OwnLog(first=first, own=self.node, picture=self.node.picture)
        self.node.writer.held_beside = self.log.held_by_first
        self.screener = Screener(first, self.log)

    def has_call(self, call: CallId) -> bool:
        """Say whether a call is kept here."""
        return self.node.picture.calls.get(call) is not None

    def would(self, command: Command) -> None:
        """Try a command on the log it belongs to, and change nothing.

        Raises:
            ClearlineError: Why it would be refused now.
        """
        log = self.node if self.log.belongs_here(command) else self._first
        log.would(command)

    def begin(self) -> None:
        """Ring what is due."""
        self.node.begin()

    def run(self) -> None:
        """Take commands."""
        self.node.runner.start()

    def load(self) -> None:
        """Load positions, then screen whatever stands unscreened."""
        self.node.load_notices()
        self.log.tell_again()
        self.screener.start()

    def stop(self) -> None:
        """Finish what was asked; nothing more is screened."""
        self.screener.stop()
        self.node.runner.stop()

    def _heard(self, written: Written) -> None:
        self._hear(written)
        self.log.hear(written)
        self.screener.hear_own(written)


def origin_beside(origin: str) -> str:
    """Name the own log beside a log: `a/b/live` has `a/b/own/live`."""
    realm = realm_of(origin)
    return f"{origin.removesuffix(f'/{realm}')}/own/{realm}"
