"""Keep the newest head of each peer's log that its own key signed, and give it back.

    receipt of theirs, page of their outbox --> checkpoint --> Heads --> disk, each beat
    a peer restored from a backup --GET /peer/seen--> what we last saw of its log

Whoever lost their log's end cannot know it; we may. What is handed back is signed by
their own key, so it need not be taken on trust: all we could do is say nothing.
"""

import threading
from collections.abc import Iterable
from typing import Final, Protocol

import msgspec

from clearline.ledger.checkpoint import Checkpoint, open_checkpoint
from clearline.ledger.keys import parse_verifier_key
from clearline.model.errors import ClearlineError, LostCertainty
from clearline.model.links import Peer, PeerId

LONGEST_HEAD: Final = 8192
"""How long a signed head may be, bytes."""


class HeadForked(LostCertainty):
    """Stop at two heads of one size: a peer signed two histories of its log."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """Say what was last seen of a peer's log, to that peer.

    Attributes:
        head: The newest checkpoint seen, as its key signed it; may be empty.
        heard: Number of the last thing it said that nothing before is missing of.
    """

    head: str = ""
    heard: int = 0


class HeadShelf(Protocol):
    """Keep heads over a restart."""

    def read(self, peer: PeerId) -> bytes:
        """Return a peer's newest head; empty where none was kept."""

    def keep(self, peer: PeerId, note: bytes) -> None:
        """Keep a peer's newest head in place of the one before."""


class NoShelf:
    """Keep nothing over a restart."""

    def read(self, peer: PeerId) -> bytes:
        """Return nothing."""
        del peer
        return b""

    def keep(self, peer: PeerId, note: bytes) -> None:
        """Do nothing."""


class Heads:
    """Hold the newest head of every peer's log; any thread may ask."""

    def __init__(self, shelf: HeadShelf) -> None:
        """Go on from what the shelf keeps."""
        self._shelf = shelf
        self._lock = threading.Lock()
        self._newest: dict[PeerId, tuple[Checkpoint, bytes]] = {}
        self._kept: dict[PeerId, bytes] = {}

    def saw(self, peer: Peer, note: bytes) -> None:
        """Take a head that came over the link; an older one changes nothing.

        Raises:
            HeadForked: Another of that size was seen before.
            ClearlineError: It is no checkpoint, or its log has not signed it.
        """
        head = open_checkpoint(note, (parse_verifier_key(peer.key),))
        with self._lock:
            known = self._known(peer)
            if known is not None and known.size == head.size and known != head:
                raise HeadForked(
                    f"{peer.id} has signed two different logs of {head.size} entries.",
                    state="The head seen first is kept; calls go on.",
                    next="Keep what it sent, it is evidence. Ask its people.",
                )
            if known is None or head.size > known.size:
                self._newest[peer.id] = (head, note)

    def newest(self, peer: Peer) -> str:
        """Return the newest head seen of a peer's log, or nothing."""
        with self._lock:
            self._known(peer)
            found = self._newest.get(peer.id)
        return found[1].decode() if found else ""

    def keep(self, peers: Iterable[PeerId]) -> None:
        """Let the shelf have what is newer than it has.

        Raises:
            StoreRefused: The disk refused; it is tried again with the next.
        """
        for peer in peers:
            with self._lock:
                found = self._newest.get(peer)
                is_kept = found is None or self._kept.get(peer) == found[1]
            if found is not None and not is_kept:
                self._shelf.keep(peer, found[1])
                self._kept[peer] = found[1]

    def _known(self, peer: Peer) -> Checkpoint | None:
        """Return what is known; read from the shelf at first."""
        if peer.id not in self._newest:
            note = self._shelf.read(peer.id)
            try:
                head = open_checkpoint(note, (parse_verifier_key(peer.key),))
            except ClearlineError:
                return None  # nothing there, or of a key it had before
            self._newest[peer.id] = (head, note)
            self._kept[peer.id] = note
        return self._newest[peer.id][0]
