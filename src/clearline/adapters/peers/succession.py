"""Say to each peer, once, that a log goes on as another: `DATA/links/succession/`.

    restore --leaves--> HASH.json {envelope, salt}, signed with the old log's key
    a peer refuses what the new key signed --> the note is said --> it is said again
    a peer takes what the new key signed   --> the note is gone

Killed anywhere in between, the note lies there still, and saying it twice is saying it
once. The old key itself is not kept: each note is signed when the backup is put back.
"""

import hashlib
from pathlib import Path
from typing import Final

from clearline.adapters.files import PRIVATE, make_private_folder, write_whole
from clearline.adapters.peers.orders import ORDERS
from clearline.model.links import PeerId

FOLDER: Final = "succession"


class Succession:
    """Hold the notes of a data folder that peers still have to be given."""

    def __init__(self, data: Path) -> None:
        """Look in `data`; most nodes were never restored and have none."""
        self._folder = data / ORDERS / FOLDER

    def leave(self, peer: PeerId, body: bytes) -> None:
        """Leave a note for a peer.

        Raises:
            StoreRefused: The disk refused; none was left.
        """
        make_private_folder(self._folder.parent)
        make_private_folder(self._folder)
        write_whole(self._path(peer), body, mode=PRIVATE)

    def of(self, peer: PeerId) -> bytes:
        """Return the note for a peer; empty where it has it, or there is none."""
        try:
            return self._path(peer).read_bytes()
        except OSError:
            return b""

    def done(self, peer: PeerId) -> None:
        """Forget a note: the peer takes what the new key signed."""
        self._path(peer).unlink(missing_ok=True)

    def _path(self, peer: PeerId) -> Path:
        return self._folder / f"{hashlib.sha256(peer.encode()).hexdigest()}.json"
