"""Say where things lie in a node's data folder, and open its log.

DATA/                 0700
DATA/node.lock        held while a node runs
DATA/ledger.sqlite    the log, hashes, snapshots; with -wal and -shm while open
DATA/high-water       the newest checkpoint, kept apart
DATA/ballast          room given up when the disk is full
DATA/keys/log.key     0600   DATA/keys/log.vkey   for handing out
"""

from pathlib import Path

import msgspec

from clearline.adapters.ballast import BALLAST_BYTES
from clearline.adapters.chance import SystemChance
from clearline.adapters.fence import Fence
from clearline.adapters.files import SYSTEM_DISK, Disk, make_private_folder
from clearline.adapters.high_water import HIGH_WATER_FILE, HighWaterFile
from clearline.adapters.keys import (
    KEY_FILE,
    VERIFIER_FILE,
    OtherOrigin,
    has_key,
    load_key,
    make_key,
)
from clearline.adapters.sqlite import LEDGER_FILE, SqliteStore
from clearline.ledger.keys import SignerKey
from clearline.model.instants import Instant
from clearline.service.log import Log
from clearline.service.ports import Chance


class DataFolder(msgspec.Struct, frozen=True, kw_only=True):
    """Name the places in a node's data folder.

    Attributes:
        path: The folder itself.
    """

    path: Path

    @property
    def ledger(self) -> Path:
        """Return where the log lies."""
        return self.path / LEDGER_FILE

    @property
    def high_water(self) -> Path:
        """Return where the newest checkpoint is kept apart."""
        return self.path / HIGH_WATER_FILE

    @property
    def keys(self) -> Path:
        """Return the folder of the node's keys."""
        return self.path / "keys"

    @property
    def key(self) -> Path:
        """Return where the node's private key lies."""
        return self.keys / KEY_FILE

    @property
    def verifier(self) -> Path:
        """Return where the key for handing out lies."""
        return self.keys / VERIFIER_FILE

    @property
    def has_log(self) -> bool:
        """Say whether a log was ever begun here."""
        return self.ledger.exists() or self.high_water.exists()


class Equipment(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a data folder is opened with, other than itself.

    Attributes:
        chance: What keys and salts are drawn from.
        disk: What does the effects on files we write ourselves.
        vfs: SQLite's file layer; `None` for the system's own.
        ballast_bytes: Room to hold for a full disk; 0 for none.
    """

    chance: Chance = SystemChance()
    disk: Disk = SYSTEM_DISK
    vfs: str | None = None
    ballast_bytes: int = BALLAST_BYTES


SYSTEM = Equipment()
"""What a node in service is opened with."""


class OpenedFolder:
    """Hold a data folder open for one node."""

    def __init__(self, *, fence: Fence, store: SqliteStore, log: Log) -> None:
        """Keep together what has to be closed together."""
        self._fence = fence
        self.store = store
        self.log = log

    def close(self) -> None:
        """Close the log and let another process take the folder."""
        try:
            self.log.close()
        finally:
            self._fence.let_go()


def open_folder(
    path: Path,
    *,
    now: Instant,
    origin: str | None = None,
    equipment: Equipment = SYSTEM,
) -> OpenedFolder:
    """Open a node's data folder, making it, its key and its log on first start.

    Args:
        path: The folder.
        now: Node time.
        origin: The log's origin, for example `north.example/clearline/live`;
            needed on first start, and held against the key's name afterwards.
        equipment: The system's own, or test equipment.

    Raises:
        AlreadyRunning: Another process runs on the folder.
        OtherOrigin: The folder holds another log, or none was named.
        StoreRefused: The disk refused.
        LostCertainty: The log or its key is not what it was.
    """
    folder = DataFolder(path=path)
    make_private_folder(path)
    fence = Fence(path)
    try:
        signer = _signer(folder, origin, equipment)
        store = SqliteStore(
            folder.ledger,
            vfs=equipment.vfs,
            disk=equipment.disk,
            ballast_bytes=equipment.ballast_bytes,
        )
        try:
            log = Log(
                store=store,
                signer=signer,
                chance=equipment.chance,
                high_water=HighWaterFile(folder.high_water, disk=equipment.disk),
                now=now,
            )
        except BaseException:
            store.close()
            raise
    except BaseException:
        fence.let_go()
        raise
    return OpenedFolder(fence=fence, store=store, log=log)


def _signer(folder: DataFolder, origin: str | None, equipment: Equipment) -> SignerKey:
    """Load the node's key; make it only where no log was ever begun."""
    if not has_key(folder.keys) and not folder.has_log:
        if origin is None:
            raise OtherOrigin(
                f"{folder.path} holds no log yet, and no origin was named for one.",
                state="Nothing was made.",
                next="Name it, for example north.example/clearline/live.",
            )
        return make_key(folder.keys, origin, equipment.chance, disk=equipment.disk)
    signer = load_key(folder.keys, disk=equipment.disk)
    if origin is not None and origin != signer.name:
        raise OtherOrigin(
            f"{folder.path} holds the log {signer.name}, not {origin}.",
            state="Nothing was opened.",
            next="Give the folder of that log, or leave the origin out.",
        )
    return signer
