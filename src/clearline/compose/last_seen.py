"""Ask a lost node's peers what they last saw of its log, before it is put back.

    backup: pinned peers, our certificate --GET /peer/seen--> a head our own key signed

A peer's answer is believed where our old key signed it; that a peer says nothing, or
an old head, proves nothing. So one answer is enough to show that a backup is behind,
and every peer's is needed before its log goes on.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import msgspec

from clearline.adapters.data_folder import DataFolder
from clearline.adapters.keys import load_verifier
from clearline.adapters.peers.identity import CERTIFICATE_FILE, identity
from clearline.adapters.peers.wire import TlsWire
from clearline.ledger.checkpoint import Checkpoint, open_checkpoint
from clearline.model.errors import ClearlineError
from clearline.model.links import Peer, PeerId, Reach
from clearline.picture.picture import View
from clearline.service.heads import Seen

WITHIN_S: Final = 15.0
"""How long a peer may take to answer."""

_AT_ONCE: Final = 16


class PeerSaw(msgspec.Struct, frozen=True, kw_only=True):
    """Say what one peer answered.

    Attributes:
        size: Entries of the newest head it saw; nothing where it saw none.
        is_newer: Whether it heard or saw something the backup has not.
        trouble: Why it did not answer; empty where it did.
    """

    peer: PeerId
    size: int | None = None
    is_newer: bool = False
    trouble: str = ""


class LastSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Say what all of them answered.

    Attributes:
        newest: The newest head any of them saw.
    """

    peers: tuple[PeerSaw, ...] = ()
    newest: Checkpoint | None = None

    @property
    def is_newer(self) -> bool:
        """Say whether one of them knows more than the backup does."""
        return any(one.is_newer for one in self.peers)

    @property
    def is_whole(self) -> bool:
        """Say whether there are peers, and each of them answered."""
        return bool(self.peers) and not any(one.trouble for one in self.peers)


Ask = Callable[[Peer], bytes]


def ask_peers(backup: Path, view: View, size: int) -> LastSeen:
    """Ask every peer a backup is linked with, all at once.

    Args:
        backup: The backup, or a copy of it.
        view: What its log says.
        size: How many entries it has.
    """
    folder = DataFolder(path=backup)
    peers = [peer for peer in view.peers.values() if not peer.is_revoked]
    if not peers or not (folder.keys / CERTIFICATE_FILE).exists():
        return LastSeen()
    wire = TlsWire(identity(folder.keys), within_s=WITHIN_S)

    def answer(peer: Peer) -> tuple[PeerSaw, Checkpoint | None]:
        told = (view.reach.get(peer.id) or Reach()).told
        try:
            seen = msgspec.json.decode(wire.seen(peer), type=Seen)
            head = None
            if seen.head:
                key = load_verifier(folder.verifier)
                head = open_checkpoint(seen.head.encode(), (key,))
        except (ClearlineError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            why = error.what if isinstance(error, ClearlineError) else str(error)
            return PeerSaw(peer=peer.id, trouble=why), None
        is_newer = seen.heard > told or (head is not None and head.size > size)
        saw = PeerSaw(peer=peer.id, size=head.size if head else None, is_newer=is_newer)
        return saw, head

    try:
        with ThreadPoolExecutor(min(len(peers), _AT_ONCE)) as pool:
            answers = list(pool.map(answer, peers))
    finally:
        wire.close()
    heads = [head for _, head in answers if head is not None]
    return LastSeen(
        peers=tuple(saw for saw, _ in answers),
        newest=max(heads, key=lambda head: head.size, default=None),
    )
