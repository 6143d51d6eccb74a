"""Keep the newest head of each peer's log: `DATA/links/seen/HASH.checkpoint`.

A file of its own each, as signed: it can be given to `clearline verify --seen` as it
lies there, and to a peer's `clearline restore --seen`.
"""

import hashlib
from pathlib import Path
from typing import Final

from clearline.adapters.files import PRIVATE, make_private_folder, write_whole
from clearline.adapters.peers.orders import ORDERS
from clearline.model.links import PeerId

FOLDER: Final = "seen"


class KeptHeads:
    """Keep them in a node's data folder; the contract is `service.heads.HeadShelf`."""

    def __init__(self, data: Path) -> None:
        """Keep them in `data`; made once there is one to keep."""
        self._folder = data / ORDERS / FOLDER

    def read(self, peer: PeerId) -> bytes:
        """Return a peer's newest head; empty where none can be read."""
        try:
            return self.path(peer).read_bytes()
        except OSError:
            return b""

    def keep(self, peer: PeerId, note: bytes) -> None:
        """Keep a peer's newest head in place of the one before.

        Raises:
            StoreRefused: The disk refused; the one before is still there.
        """
        make_private_folder(self._folder.parent)
        make_private_folder(self._folder)
        write_whole(self.path(peer), note, mode=PRIVATE)

    def path(self, peer: PeerId) -> Path:
        """Name a peer's file; an origin may hold what no file name may."""
        return self._folder / f"{hashlib.sha256(peer.encode()).hexdigest()}.checkpoint"
