"""Say what the service needs from outside, as contracts.

Each contract is small enough that one suite of tests can run over every
adapter that claims to keep it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from clearline.model.errors import BrokenPromise
from clearline.model.instants import Instant
from clearline.model.watchplans import ZoneClocks


class StoreRefused(BrokenPromise):
    """Admit that the disk did not take what it was given."""

    exit_code = 74


class DiskFull(StoreRefused):
    """Admit that there is no room left."""


class DiskReadOnly(StoreRefused):
    """Admit that the disk takes no writes."""


class DiskFault(StoreRefused):
    """Admit that the disk answered with a fault."""


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one line of a log as it is stored.

    Attributes:
        commitment: 32 bytes, SHA-256 over salt and envelope; the tree's entry data.
        salt: 32 bytes; `None` where the content was not disclosed to this store.
        envelope: The signed bytes exactly as signed; `None` likewise.
    """

    commitment: bytes
    salt: bytes | None
    envelope: bytes | None


class StoredTile(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one complete hash tile: 256 hashes of 32 bytes (C2SP tlog-tiles)."""

    level: int
    number: int
    hashes: bytes


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a derived picture; thrown away on any mismatch, never trusted alone.

    Attributes:
        name: What it is a snapshot of.
        size: How many entries it stands for.
        digest: SHA-256 of `data`.
        data: The bytes.
    """

    name: str
    size: int
    digest: bytes
    data: bytes


class Store(Protocol):
    """Keep a log's rows, tiles, checkpoint, sealed parts and snapshots.

    `append` is all or nothing and durable when it returns. Whatever goes wrong in
    it, the store afterwards holds either all of the batch or nothing of it.
    """

    def size(self) -> int:
        """Say how many rows the log has."""

    def append(
        self,
        first: int,
        rows: Sequence[Row],
        *,
        tiles: Sequence[StoredTile],
        checkpoint: bytes,
        sealed: "Mapping[bytes, tuple[bytes, bytes] | None]",
    ) -> None:
        """Write one batch and return only when it would survive power loss.

        Args:
            first: Index of the first row; refused unless it equals `size()`.
            rows: The batch, in order.
            tiles: Hash tiles that became complete with it.
            checkpoint: The signed checkpoint at the new size.
            sealed: Parts lying beside the entries: digest to (salt, bytes). To
                nothing where an entry says that the part is erased: then it goes
                with the batch, salt and all, or stays where the batch is refused.

        Raises:
            StoreRefused: The disk refused (full, read-only, fault); nothing was
                written.
            LostCertainty: What the store holds is not what it said it held.
        """

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        """Read rows `[start, stop)` in order."""

    def checkpoint(self) -> bytes | None:
        """Read the newest signed checkpoint."""

    def tile(self, level: int, number: int) -> bytes | None:
        """Read a complete hash tile, or nothing where it is not complete."""

    def sealed(self, digest: bytes) -> tuple[bytes, bytes] | None:
        """Read a sealed part, (salt, bytes), or nothing where it was erased."""

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Keep a snapshot in place of the older one of that name."""

    def snapshot(self, name: str) -> Snapshot | None:
        """Read the snapshot of that name."""

    def drop_snapshot(self, name: str) -> None:
        """Throw a snapshot away."""

    def local(self, key: str) -> bytes | None:
        """Read a value that is not log: a cursor, a counter, a draft."""

    def keep_local(self, key: str, value: bytes) -> None:
        """Keep a value that is not log, durably."""

    def close(self) -> None:
        """Let go of the disk."""


class HighWater(Protocol):
    """Keep the newest signed checkpoint in a place of its own.

    A flipped bit in a store's journal can drop its tail without a sound; the
    checkpoint kept apart shows that something is missing.
    """

    def read(self) -> bytes | None:
        """Read the newest checkpoint kept, or nothing on first start."""

    def keep(self, checkpoint: bytes) -> None:
        """Keep a checkpoint; durable on return."""


class Reading(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold what the clock says.

    Attributes:
        at: Node time: wall time at start plus monotonic time since, never backwards.
        wall: What the wall clock says now.
        error_s: How far the wall clock may be off, seconds; `None` if unknown.
    """

    at: Instant
    wall: Instant
    error_s: float | None


class Clock(Protocol):
    """Tell the time."""

    def read(self) -> Reading:
        """Read node time and wall time at one moment."""


class Zones(Protocol):
    """Know what the clocks of the world's zones say."""

    def read(self, zone: str, now: Instant) -> ZoneClocks:
        """Read what a zone's clocks say, from before `now` to years after it.

        Raises:
            UnknownZone: There is no zone of that name.
        """


class Chance(Protocol):
    """Draw what must not be guessed."""

    def draw(self, size: int) -> bytes:
        """Draw `size` bytes."""


class Tile(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one tile as it lies in its file.

    Attributes:
        encoding: How it is packed, as HTTP names it; empty where it is not.
    """

    data: bytes
    encoding: str


class TilesAbout(msgspec.Struct, frozen=True, kw_only=True):
    """Say what a file of tiles holds.

    Attributes:
        media: The media type of its tiles.
        least_zoom: The coarsest zoom it has.
        most_zoom: The finest.
        bounds: West, south, east, north, degrees, WGS 84.
        attribution: Who is to be named beside it, in the file's own words.
        version: Changes whenever a tile may have.
        said: Everything the file says of itself.
    """

    media: str
    least_zoom: int
    most_zoom: int
    bounds: tuple[float, float, float, float]
    attribution: str
    version: str
    said: Mapping[str, Any]


class Tiles(Protocol):
    """Give tiles of a map, in the numbering of the web's maps (row 0 in the north)."""

    @property
    def about(self) -> TilesAbout:
        """Say what there is."""

    def tile(self, z: int, x: int, y: int) -> Tile | None:
        """Return one tile, or nothing where there is none; from any thread."""

    def check(self) -> None:
        """Read what has to be sound for every tile to be found.

        Raises:
            BadInput: It is not.
        """


class Shelf(Protocol):
    """Keep single values beside the log; durable on return."""

    def value(self, name: str) -> bytes | None:
        """Read a value."""

    def keep_value(self, name: str, value: bytes) -> None:
        """Keep a value in place of the one before."""

    def drop_value(self, name: str) -> None:
        """Let go of a value."""

    def values(self, prefix: str) -> dict[str, bytes]:
        """Read every value whose name begins with `prefix`."""
