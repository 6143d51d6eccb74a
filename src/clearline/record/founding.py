"""Play the day a case is about, to see what a line's ledger would have held.

Both ledgers are real: signed, in a tree, verified when they are read. What the one
with the line holds beyond the record is a model's, and everything shown from it says
so.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from clearline.adapters.data_folder import Equipment
from clearline.adapters.reading import read_entries
from clearline.compose.node import Node, open_node
from clearline.record.settling import Logged
from clearline.replay.chance import SeededChance
from clearline.replay.clock import VirtualClock
from clearline.replay.first_run import play_signed
from clearline.replay.ledgers import AS_RECORDED, WITH_LINE, write_record
from clearline.replay.library import load, shipped
from clearline.service.writer import Written
from clearline.wire.entries import said_first

SEED: Final = 7


def is_played(case: str) -> bool:
    """Say whether the scenario that ships by this name draws from this case."""
    return case in shipped() and load(case).scenario.record == case


@contextmanager
def played(case: str) -> Iterator[Path]:
    """Play the day of a case; both ledgers lie below the folder given, for a while."""
    scenario = load(case).scenario
    with tempfile.TemporaryDirectory(prefix="clearline-case-") as folder:
        path = Path(folder)
        opened = _opener(path)
        write_record(opened, scenario, SEED)
        play_signed(scenario, SEED, opened)
        yield path


def ledgers_of(case: str) -> tuple[tuple[Logged, ...], tuple[Logged, ...]]:
    """Return the entries of the day as recorded, and of the day with the line."""
    with played(case) as path:
        return logged(path / AS_RECORDED), logged(path / WITH_LINE)


def logged(
    path: Path, wants: Callable[[bytes], bool] = lambda _: True
) -> tuple[Logged, ...]:
    """Read a whole ledger, every entry held against the tree; keep those wanted.

    What was carried over from a log before is read as it was said there.

    Raises:
        NoLogThere: No node has kept a log there.
        LostCertainty: The log is not what was signed.
    """
    return tuple(
        Logged(index=index, entry=said_first(entry))
        for index, entry in read_entries(path, wants)
    )


def _opener(path: Path) -> Callable[..., Node]:
    def opened(
        folder: str,
        *,
        origin: str,
        hear: Callable[[Written], None],
        clock: VirtualClock,
        chance: SeededChance,
    ) -> Node:
        return open_node(
            path / folder,
            origin=origin,
            hear=hear,
            clock=clock,
            equipment=Equipment(chance=chance, ballast_bytes=0),
            is_threaded=False,
        )

    return opened
