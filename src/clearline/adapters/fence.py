"""Let one process at a time run on a data folder.

The system holds the lock and lets go of it when the process ends, however it
ends. It fences honest mistakes; against a copied folder or a lock file somebody
removed, the store's own epoch holds (`sqlite.py`).
"""

import contextlib
import fcntl
import os
from pathlib import Path

from clearline.adapters.files import PRIVATE, refusals
from clearline.model.errors import BadInput

LOCK_FILE = "node.lock"
"""Name of the lock file in a data folder."""


class AlreadyRunning(BadInput):
    """Refuse to run twice on one data folder."""


class Fence:
    """Hold a data folder for this process until let go."""

    def __init__(self, folder: Path) -> None:
        """Take the folder.

        Raises:
            AlreadyRunning: Another process holds it.
            StoreRefused: The lock file cannot be made.
        """
        path = folder / LOCK_FILE
        with refusals(f"taking {path}", "Nothing was opened."):
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(self._handle, 32, 0).decode("ascii", "replace").strip()
            os.close(self._handle)
            raise AlreadyRunning(
                f"A node already runs on {folder} (process {holder or 'unknown'}).",
                state="Nothing was opened; that node is not disturbed.",
                next="End that process, or give this one another --data folder.",
            ) from error
        with contextlib.suppress(OSError):  # a full disk: the lock holds all the same
            os.pwrite(self._handle, f"{os.getpid():<31}\n".encode("ascii"), 0)

    def let_go(self) -> None:
        """Let another process take the folder; doing it twice does nothing."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
