"""Put a node together: its log, the picture, and the writer that owns both.

Replays and benches run on one too, in memory or on a folder; what people call it by
stands around it in `compose.service`.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path

import msgspec

from clearline.adapters.clock import SystemClock
from clearline.adapters.data_folder import SYSTEM, Equipment, OpenedFolder, open_folder
from clearline.adapters.memory import MemoryHighWater, MemoryStore
from clearline.ledger.header import realm_of
from clearline.ledger.keys import SignerKey
from clearline.ledger.sealed import SealedPart
from clearline.model.commands import Command, Enter
from clearline.model.entries import LogOpened, NodeStarted
from clearline.model.errors import ClearlineError
from clearline.model.extents import Extent
from clearline.model.instants import Instant
from clearline.model.notices import NoticeId
from clearline.model.screenings import Screening
from clearline.picture.picture import Picture, View
from clearline.rules.decide import decide
from clearline.service.disk import Disk, PlainDisk, ThreadDisk
from clearline.service.log import Log
from clearline.service.lookout import Lookout
from clearline.service.ports import Chance, Clock, Store
from clearline.service.restore import restore_duty, take_snapshots
from clearline.service.runner import Runner
from clearline.service.writer import Asked, Outcome, Writer, Written

Hear = Callable[[Written], None]


class _Parts(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a node is put together from."""

    log: Log
    store: Store
    picture: Picture
    clock: Clock
    disk: Disk
    hear: Hear
    is_threaded: bool = False
    folder: OpenedFolder | None = None


class Node:
    """Hold one node: its log, its picture, and the writer that owns both."""

    def __init__(self, parts: _Parts) -> None:
        """Put the parts together; nothing rings before somebody runs what is due."""
        self.log = parts.log
        self.store = parts.store
        self.clock = parts.clock
        self._folder = parts.folder
        self.lookout = Lookout(
            picture=parts.picture, clock=parts.clock, is_threaded=parts.is_threaded
        )
        self.writer = Writer(
            log=parts.log,
            picture=parts.picture,
            clock=parts.clock,
            disk=parts.disk,
            realm=realm_of(parts.log.origin),
            hear=parts.hear,
            is_durable=self.lookout.follow,
        )
        self.runner = Runner(self.writer, parts.clock, self._keep)

    @property
    def picture(self) -> Picture:
        """Return what stands; only the writer changes it."""
        return self.writer.picture

    @contextlib.contextmanager
    def looking(self) -> Iterator[View]:
        """Let another thread look at what stands and is durable, for a moment."""
        with self.writer.gate:
            yield self.picture.at(self.log.size)

    def ask(
        self,
        command: Command,
        sealed: tuple[SealedPart, ...] = (),
        request: str | None = None,
    ) -> "Future[Written]":
        """Ask the writer for a command."""
        return self.runner.ask(command, sealed, request)

    @property
    def has_ballast(self) -> bool:
        """Say whether room is held back for a full disk; memory needs none."""
        return getattr(self.store, "has_ballast", True)

    def begin(self) -> None:
        """Say in the log that the node came up; ring what was ringing, or is due.

        Raises:
            StoreRefused: The disk refuses. What is due has rung all the same.
        """
        size = self.log.size
        act = NodeStarted(size=size) if size else LogOpened(origin=self.log.origin)
        said: list[Outcome] = []
        self.writer.write([Asked(command=Enter(act=act), reply=said.append)])
        self.writer.run_due()
        for outcome in said:
            if isinstance(outcome, ClearlineError):
                raise outcome

    def load_notices(self) -> None:
        """Load what may be large, after the rings that were due have left.

        May run beside the writer's thread. Until it is done, whoever screens is told
        that nothing can be told yet.
        """
        self.lookout.load(self.log, self.store)
        self.runner.look_again()  # what they wait for may be due already

    def screen(
        self, plan: Extent, *, at: Instant | None = None, missing: Sequence[str] = ()
    ) -> Screening:
        """Screen a plan against what was notified here, from any thread.

        Args:
            plan: Where and when.
            at: As it stood at an earlier instant, node time; `None` for now.
            missing: What could not be looked at, in sentences: a peer is silent.
        """
        return self.lookout.screen(plan, at=at, missing=missing)

    def would(self, command: Command) -> None:
        """Try a command from any thread, and change nothing.

        Raises:
            ClearlineError: Why it would be refused now.
        """
        with self.writer.gate:
            decide(self.picture, command, self.clock.read().at)

    def notices_since(self, size: int = 0) -> list[NoticeId]:
        """Name the notices that changed since the log had so many entries.

        From any thread, and without reading one.
        """
        with self.writer.gate:
            return self.picture.notices.changed_since(size)

    def _keep(self, size: int) -> None:
        take_snapshots(self.store, self.picture, size)
        self.lookout.keep(self.store)

    def close(self) -> None:
        """Keep snapshots for a quick start, then let go of everything."""
        self.writer.look_at_disk()
        if self.writer.is_recording:
            self._keep(self.log.size)
        self.abandon()

    def abandon(self) -> None:
        """Let go of everything without keeping snapshots first."""
        self.writer.close()
        self.lookout.close()
        if self._folder is not None:
            self._folder.close()
        else:
            self.log.close()


def open_node(  # noqa: PLR0913 (every choice a caller may make, by name)
    path: Path,
    *,
    origin: str | None = None,
    hear: Hear,
    clock: Clock | None = None,
    equipment: Equipment = SYSTEM,
    is_threaded: bool = True,
) -> Node:
    """Open the node of a data folder, making the folder on first start.

    Notices are not loaded yet: call `begin`, so that what is due rings first, then
    `load_notices`.

    Args:
        path: The data folder.
        origin: The log's name, needed on first start, and checked afterwards.
        hear: Is given everything that was decided, when it may be acted on.
        clock: What tells the time; the system's own.
        equipment: The system's own disk and chance, or test equipment.
        is_threaded: Whether the disk gets a thread of its own.

    Raises:
        AlreadyRunning: Another process runs on the folder.
        OtherOrigin: A first start without an origin, or with another one later.
        LostCertainty: The folder does not hold what was signed.
        StoreRefused: The disk refused.
    """
    now = (clock or SystemClock()).read().at
    folder = open_folder(path, now=now, origin=origin, equipment=equipment)
    try:
        picture = restore_duty(folder.log, folder.store)
    except BaseException:
        folder.close()
        raise
    return Node(
        _Parts(
            log=folder.log,
            store=folder.store,
            picture=picture,
            clock=clock or SystemClock(not_before=picture.last_at()),
            disk=ThreadDisk(folder.log) if is_threaded else PlainDisk(folder.log),
            hear=hear,
            is_threaded=is_threaded,
            folder=folder,
        )
    )


def memory_node(origin: str, *, hear: Hear, clock: Clock, chance: Chance) -> Node:
    """Make a node that keeps its log in memory, for model runs and benches."""
    store = MemoryStore()
    log = Log(
        store=store,
        signer=SignerKey(name=origin, seed=chance.draw(32)),
        chance=chance,
        high_water=MemoryHighWater(),
        now=clock.read().at,
    )
    return Node(
        _Parts(
            log=log,
            store=store,
            picture=Picture(),
            clock=clock,
            disk=PlainDisk(log),
            hear=hear,
        )
    )
