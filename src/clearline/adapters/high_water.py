"""Keep the newest checkpoint in a small file apart from the log.

    slot 0   clearline high water 1, seq 12, 213 bytes, sha256 5d0c...   4,096 bytes
             north.example/clearline/live ...
    slot 1   clearline high water 1, seq 11, 213 bytes, sha256 9a1f...   4,096 bytes
             ...

A flipped bit in SQLite's journal drops the log's tail at the next start without
a sound; what is kept here then shows how much is missing. Two slots are written
in turn, in place: a torn write spoils one, the other is the one before; and no
write needs room, so a full disk cannot stop it. A slot is sound only if it is,
byte for byte, what writing its number and its note again would give.
"""

import hashlib
import re
from pathlib import Path

from clearline.adapters.files import (
    PRIVATE,
    SYSTEM_DISK,
    Disk,
    refusals,
    write_whole,
)
from clearline.model.errors import BrokenPromise, LostCertainty

HIGH_WATER_FILE = "high-water"
"""Name of the file in a data folder."""

SLOT_BYTES = 4096
"""Length of a slot: one page, so that a torn write never reaches the other."""

_HEAD = re.compile(rb"clearline high water 1, seq (\d{1,18}), (\d{1,4}) bytes, sha256 ")


class HighWaterDamaged(LostCertainty):
    """Stop, because neither of the two slots can be read."""


class CheckpointTooLong(BrokenPromise):
    """Refuse a checkpoint no slot has room for."""


class HighWaterFile:
    """Keep the newest checkpoint; the contract is `service.ports.HighWater`."""

    def __init__(self, path: Path, *, disk: Disk = SYSTEM_DISK) -> None:
        """Name the file; nothing is read or written yet."""
        self._path = path
        self._disk = disk
        self._next: int | None = None
        self.damage: str | None = None

    def read(self) -> bytes | None:
        """Read the newest checkpoint kept, or nothing on first start.

        Where one slot is spoiled, `damage` says which; the next `keep` renews it.

        Raises:
            HighWaterDamaged: Neither slot can be read.
            StoreRefused: The disk refused.
        """
        state = "Nothing is known about how far the log had come."
        with refusals(f"reading {self._path}", state):
            if not self._path.exists():
                return None
            content = self._path.read_bytes()
        slots = [_parse(content[:SLOT_BYTES], 0), _parse(content[SLOT_BYTES:], 1)]
        sound = [slot for slot in slots if slot is not None]
        if not sound:
            raise _unreadable(self._path)
        if len(sound) < len(slots):
            self.damage = (
                f"Slot {slots.index(None)} of {self._path} is spoiled, by power "
                "loss while it was written or by a flipped bit; the other is sound."
            )
        sequence, note = max(sound)
        self._next = sequence + 1
        return note

    def keep(self, checkpoint: bytes) -> None:
        """Keep a checkpoint; durable on return.

        Raises:
            CheckpointTooLong: No slot has room for it.
            StoreRefused: The disk refused; the one before still stands.
        """
        if self._next is None:
            self.read()
        if self._next is None:
            both = _slot(0, checkpoint) + _slot(1, checkpoint)
            write_whole(self._path, both, mode=PRIVATE, disk=self._disk)
            self._next = 2
            return
        slot = _slot(self._next, checkpoint)
        state = "The checkpoint before it still stands; the log itself is whole."
        with refusals(f"writing {self._path}", state):
            self._disk.write(self._path, self._next % 2 * SLOT_BYTES, slot, PRIVATE)
            self._disk.sync(self._path)
        self._next += 1
        self.damage = None


def _slot(sequence: int, note: bytes) -> bytes:
    digest = hashlib.sha256(b"%d\n%s" % (sequence, note)).hexdigest().encode()
    head = b"clearline high water 1, seq %d, %d bytes, sha256 " % (sequence, len(note))
    slot = (head + digest + b"\n" + note).ljust(SLOT_BYTES, b"\n")
    if len(slot) > SLOT_BYTES:
        raise CheckpointTooLong(
            f"A checkpoint of {len(note)} bytes does not fit the high-water file.",
            state="The log is whole; the checkpoint before it still stands.",
            next="Give the log a shorter origin.",
        )
    return slot


def _parse(slot: bytes, place: int) -> tuple[int, bytes] | None:
    """Read a slot, or nothing unless it is exactly what we would write."""
    found = _HEAD.match(slot)
    if found is None:
        return None
    sequence, length = int(found[1]), int(found[2])
    start = slot.find(b"\n") + 1
    note = slot[start : start + length]
    is_sound = sequence % 2 == place and len(slot) == SLOT_BYTES
    return (sequence, note) if is_sound and _slot(sequence, note) == slot else None


def _unreadable(path: Path) -> HighWaterDamaged:
    return HighWaterDamaged(
        f"Neither slot of {path} can be read.",
        state="How far the log had come is not known; it was not opened.",
        next="Compare the log with a checkpoint a peer has seen "
        "(`clearline verify FOLDER --seen CHECKPOINT`).",
    )
