"""Read from a node's log what it shows of itself to peers, and what links it has.

The node may be running; everything is read at one moment and nothing is changed.
"""

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from clearline.adapters.data_folder import DataFolder
from clearline.adapters.keys import load_verifier
from clearline.adapters.peers.identity import identity
from clearline.adapters.proving import NoLogThere
from clearline.adapters.sqlite_copy import SqliteCopy
from clearline.ledger.envelope import open_envelope
from clearline.model.entries import (
    Entry,
    PartySet,
    PeerHeard,
    PeerReceipted,
    PeerRevoked,
    PeerSet,
    PeerTold,
)
from clearline.model.instants import Instant, write_instant
from clearline.model.links import Peer, PeerId
from clearline.rules.links import UnknownPeer
from clearline.service.links import Outbox
from clearline.service.pairing import Card
from clearline.wire.entries import read_entry

_OURS = (b'"party_set"', b'"peer_')


class Link(msgspec.Struct, kw_only=True):
    """Hold how one link stands in the log.

    Attributes:
        told: How many things were said to the peer.
        receipted: How many of them it has receipted.
        heard: Number of the last thing heard from it.
        heard_at: When that was, node time.
    """

    peer: Peer
    told: int = 0
    receipted: int = 0
    heard: int = 0
    heard_at: str = ""

    @property
    def fingerprint(self) -> str:
        """Return SHA-256 of the certificate, in pairs of hex digits."""
        der = base64.b64decode(self.peer.certificate)
        return hashlib.sha256(der).digest().hex(" ", 2)

    def plain(self) -> dict[str, object]:
        """Lay it out for `--json`; the veil stays here."""
        return {
            "party": self.peer.party,
            "name": self.peer.name,
            "ours": self.peer.ours,
            "origin": self.peer.id,
            "url": self.peer.url,
            "key": self.peer.key,
            "certificate_sha256": self.fingerprint.replace(" ", ""),
            "is_broken": self.peer.is_revoked,
            "told": self.told,
            "receipted": self.receipted,
            "heard": self.heard,
            "heard_at": self.heard_at or None,
        }


def show_card(data: Path, party: str, url: str) -> Card:
    """Make what a node shows of itself to another party's node.

    Raises:
        NoLogThere: No node has kept a log there.
        UnknownPeer: It has no such party.
        StoreRefused, LostCertainty: The folder cannot be read.
    """
    named = [
        entry.act.party
        for entry in _entries(data)
        if isinstance(entry.act, PartySet) and entry.act.party.id == party
    ]
    if not named:
        raise UnknownPeer(
            f"The node in {data} has no party {party!r}.",
            state="Nothing was exchanged.",
            next="Enter the party first, or name the one it has.",
        )
    folder = DataFolder(path=data)
    key = load_verifier(folder.verifier)
    return Card(
        v=1,
        origin=key.name,
        party=party,
        name=named[-1].name,
        key=str(key),
        certificate=identity(folder.keys).text,
        url=url,
    )


def links_of(data: Path) -> list[Link]:
    """List the links a node has or had, in the order they were made.

    Raises:
        NoLogThere: No node has kept a log there.
        StoreRefused, LostCertainty: The folder cannot be read.
    """
    links: dict[PeerId, Link] = {}
    for entry in _entries(data):
        act = entry.act
        match act:
            case PeerSet():
                link = links.setdefault(act.peer.id, Link(peer=act.peer))
                link.peer = act.peer
            case PeerRevoked() if act.peer in links:
                link = links[act.peer]
                link.peer = msgspec.structs.replace(link.peer, is_revoked=True)
            case PeerTold() if act.peer in links:
                links[act.peer].told = act.number
            case PeerReceipted() if act.peer in links:
                links[act.peer].receipted += 1
            case PeerHeard() if act.peer in links:
                _heard(links[act.peer], act.number, entry.at)
            case _:
                pass
    return list(links.values())


def last_in(page: bytes) -> int:
    """Return how many things a peer has said to us, by the page it answered."""
    return msgspec.json.decode(page, type=Outbox).last


def _heard(link: Link, number: int, at: Instant) -> None:
    link.heard = max(link.heard, number)
    link.heard_at = write_instant(at)


def _entries(data: Path) -> Iterator[Entry]:
    """Read the entries that matter here, and open no other."""
    folder = DataFolder(path=data)
    if not folder.ledger.is_file() or not folder.verifier.is_file():
        raise NoLogThere(
            f"No node has kept a log at {data}.",
            state="Nothing was read.",
            next="Name the node's data folder with --data.",
        )
    keys = (load_verifier(folder.verifier),)
    copy = SqliteCopy(folder.ledger)
    try:
        for row in copy.rows(0, copy.size()):
            payload = open_envelope(row.envelope or b"", keys)
            if any(name in payload[:80] for name in _OURS):
                yield read_entry(payload)
    finally:
        copy.close()
