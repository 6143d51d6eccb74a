"""Find the base map of this machine, and open it; a node without it draws the grid.

The file lies beside the packages where they have an environment of their own, else in
the user's cache. It may be brought there, or made anew, while a node runs: whoever asks
next gets the new one.
"""

import threading
from pathlib import Path
from typing import Final

from clearline.adapters.basemap.tiles import PmtilesFile
from clearline.adapters.derived import derived_folder

FOLDER: Final = "CLEARLINE_BASEMAP_FOLDER"
"""Setting: the folder in which the file is kept."""

FILE: Final = "world.pmtiles"


def basemap_file() -> Path:
    """Return where the base map lies, or is to lie."""
    return derived_folder(FOLDER) / FILE


class InstalledBasemap:
    """Hold the base map open, and follow it when it is replaced; threads may ask."""

    def __init__(self, path: Path | None = None) -> None:
        """Say which file, or that the one of this machine is meant."""
        self._path = path
        self._turn = threading.Lock()
        self._opened: tuple[tuple[int, int, int], PmtilesFile] | None = None

    @property
    def path(self) -> Path:
        """Return where the file lies, or is to lie."""
        return self._path or basemap_file()

    def tiles(self) -> PmtilesFile | None:
        """Return the tiles, or nothing where no base map was made or brought.

        Raises:
            NotTiles: What lies there is no file of tiles.
        """
        path = self.path
        with self._turn:
            try:
                now = path.stat()
            except OSError:
                return None
            stamp = (now.st_ino, now.st_mtime_ns, now.st_size)
            if self._opened is None or self._opened[0] != stamp:
                self._opened = (stamp, PmtilesFile(path))
            return self._opened[1]
