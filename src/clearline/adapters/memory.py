"""Keep a log in memory, for seeded runs of a model: nothing outlives the process.

It keeps the same contract as `sqlite.py`, except that what it calls durable ends
with the process; the contract suite runs over both.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from clearline.adapters.at_the_door import require_digests, require_place
from clearline.service.ports import Row, Snapshot, StoredTile


class MemoryStore:
    """Keep a log in memory; the contract is `service.ports.Store`."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._rows: list[Row] = []
        self._tiles: dict[tuple[int, int], bytes] = {}
        self._checkpoint: bytes | None = None
        self._sealed: dict[bytes, tuple[bytes, bytes]] = {}
        self._snapshots: dict[str, Snapshot] = {}
        self._local: dict[str, bytes] = {}

    def size(self) -> int:
        """Say how many rows the log has."""
        return len(self._rows)

    def append(
        self,
        first: int,
        rows: Sequence[Row],
        *,
        tiles: Sequence[StoredTile],
        checkpoint: bytes,
        sealed: Mapping[bytes, tuple[bytes, bytes] | None],
    ) -> None:
        """Take one batch, all of it or nothing.

        Raises:
            BatchOutOfPlace: `first` is not where the log ends.
            SealedMismatch: A sealed part does not have its digest.
        """
        require_place(first, len(self._rows))
        require_digests(sealed)
        self._rows.extend(rows)
        self._tiles.update({(tile.level, tile.number): tile.hashes for tile in tiles})
        for digest, part in sealed.items():
            if part is None:
                self._sealed.pop(digest, None)
            else:
                self._sealed[digest] = part
        self._checkpoint = checkpoint

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        """Read rows `[start, stop)` in order."""
        return iter(self._rows[start:stop])

    def checkpoint(self) -> bytes | None:
        """Read the newest signed checkpoint."""
        return self._checkpoint

    def tile(self, level: int, number: int) -> bytes | None:
        """Read a complete hash tile, or nothing where it is not complete."""
        return self._tiles.get((level, number))

    def sealed(self, digest: bytes) -> tuple[bytes, bytes] | None:
        """Read a sealed part, (salt, bytes), or nothing where it was erased."""
        return self._sealed.get(digest)

    def sealed_digests(self) -> tuple[bytes, ...]:
        """List the digests of all sealed parts that lie here."""
        return tuple(sorted(self._sealed))

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Keep a snapshot in place of the older one of that name."""
        self._snapshots[snapshot.name] = snapshot

    def snapshot(self, name: str) -> Snapshot | None:
        """Read the snapshot of that name; a damaged one counts as none."""
        found = self._snapshots.get(name)
        if found is None or hashlib.sha256(found.data).digest() != found.digest:
            return None
        return found

    def drop_snapshot(self, name: str) -> None:
        """Throw a snapshot away."""
        self._snapshots.pop(name, None)

    def local(self, key: str) -> bytes | None:
        """Read a value that is not log."""
        return self._local.get(key)

    def keep_local(self, key: str, value: bytes) -> None:
        """Keep a value that is not log."""
        self._local[key] = value

    def close(self) -> None:
        """Let go of nothing: there is no disk."""


class MemoryHighWater:
    """Keep the newest checkpoint in memory; `service.ports.HighWater`."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._checkpoint: bytes | None = None

    def read(self) -> bytes | None:
        """Read the newest checkpoint kept, or nothing on first start."""
        return self._checkpoint

    def keep(self, checkpoint: bytes) -> None:
        """Keep a checkpoint."""
        self._checkpoint = checkpoint
