"""Hold room on the disk that is given up when the disk is full.

The first refusal for want of room frees it, so that calls can still be recorded
while somebody makes room. It is taken back as soon as there is room again.
"""

import os
import shutil
from pathlib import Path

BALLAST_FILE = "ballast"
"""Name of the file that holds the room."""

BALLAST_BYTES = 16 * 2**20
"""How much room is held, bytes: about ten thousand entries of a call."""


class Ballast:
    """Keep a file of stated size that can be given up."""

    def __init__(self, folder: Path, size: int = BALLAST_BYTES) -> None:
        """Name the file; nothing is written before `take`."""
        self._path = folder / BALLAST_FILE
        self._size = size

    @property
    def is_held(self) -> bool:
        """Say whether the room is held now."""
        try:
            return self._path.stat().st_blocks * 512 >= self._size > 0
        except OSError:
            return False

    def take(self) -> bool:
        """Take the room if as much is left besides; answer whether it is held.

        A full disk is no error.
        """
        if self.is_held:
            return True
        try:
            if shutil.disk_usage(self._path.parent).free < 2 * self._size:
                return False
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.posix_fallocate(handle, 0, self._size)
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError:
            self.give_up()
        return self.is_held

    def give_up(self) -> bool:
        """Free the room; answer whether there was any to free."""
        had = self.is_held
        try:
            self._path.unlink(missing_ok=True)
        except OSError:
            return False
        return had
