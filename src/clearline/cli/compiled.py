"""Keep compiled code of different versions apart.

numba keeps compiled code beside each source file and makes it anew when that file
changes, but not when a function in another file does that was compiled into it. So
every version of the sources gets a folder of its own.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

FOLDER: Final = "NUMBA_CACHE_DIR"
"""What numba reads the folder from."""
_SOURCES: Final = Path(__file__).parents[1]
_COMPILED: Final = ("geo/*.py", "model/rings.py", "service/bulk_rows.py")


def keep_versions_apart() -> None:
    """Choose the folder for compiled code, before any of it is loaded.

    A folder that was chosen outside stays. Where the sources' own folder cannot be
    written to, numba keeps its code in the user's cache.
    """
    if FOLDER in os.environ:
        return
    kept = _SOURCES / "geo" / "__pycache__"
    with suppress(OSError):
        kept.mkdir(exist_ok=True)
    if os.access(kept, os.W_OK):
        os.environ[FOLDER] = str(kept / f"compiled-{_version()}")


def _version() -> str:
    """Name the sources that are compiled, by size and time of change."""
    named = hashlib.sha256()
    for path in sorted(path for some in _COMPILED for path in _SOURCES.glob(some)):
        state = path.stat()
        named.update(f"{path.name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return named.hexdigest()[:16]
