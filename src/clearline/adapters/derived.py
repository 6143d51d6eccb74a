"""Say where what is made from packages lies: beside them, or in the user's cache."""

import os
import sys
from pathlib import Path


def derived_folder(setting: str) -> Path:
    """Return the folder, which may not be there yet.

    Args:
        setting: The variable of the environment that names another one.
    """
    if chosen := os.environ.get(setting):
        return Path(chosen)
    own = Path(sys.prefix)
    if sys.prefix != sys.base_prefix and os.access(own, os.W_OK):
        return own / "share" / "clearline"
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "clearline"
