"""Give tests days to replay: those that ship, and a small invented drill."""

from collections.abc import Callable
from pathlib import Path

from clearline.adapters.data_folder import Equipment
from clearline.compose.node import Node, open_node
from clearline.model.scenarios import Scenario, Setting
from clearline.replay.chance import SeededChance
from clearline.replay.clock import VirtualClock
from clearline.replay.library import load
from clearline.replay.play import replay
from clearline.replay.result import Replay
from clearline.replay.whole import Asked
from clearline.service.writer import Written

NAMES = ("deir-ez-zor-2016", "kunduz-2015", "wck-convoy-2024")
DRILL = str(Path(__file__).parent / "unit" / "wire" / "small-scenario.yaml")


def day(name: str) -> Scenario:
    """Load a scenario that ships, or the drill."""
    return load(name).scenario


def opener(path: Path) -> Callable[..., Node]:
    """Open real nodes below `path`, their clock and chance made up."""

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


def played(
    name: str,
    path: Path,
    *,
    runs: int = 12,
    seed: int = 7,
    workers: int = 1,
    settings: tuple[Setting, ...] = (),
) -> Replay:
    """Replay a day, its ledgers below `path`."""
    document = load(name)
    asked = Asked(
        scenario=document.scenario,
        digest=document.digest,
        runs=runs,
        seed=seed,
        settings=settings,
        workers=workers,
    )
    return replay(asked, opener(path), _still)


def _still(done: int, total: int) -> None:
    del done, total
