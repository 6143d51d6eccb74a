"""Link this node with another party's, show the links, break one, try one."""

import os
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from clearline.cli import Switch, called_as, written
from clearline.cli.prove import DATA
from clearline.model.errors import BadInput

if TYPE_CHECKING:
    from clearline.adapters.peers.shown import Link
    from clearline.service.pairing import Agreed

MEETING_PORT: Final = 8445
"""Where two nodes meet to exchange keys, unless another port is said."""


class CodesDiffer(BadInput):
    """Stop, because two people did not read the same digits."""

    exit_code = 65


class NoSuchLink(BadInput):
    """Refuse a link this node does not have."""


class NotReachable(BadInput):
    """Refuse to link a node that other parties could not reach."""

    exit_code = 78


def invite(  # noqa: PLR0913 (what may be said on the command line, by name)
    party: str,
    *,
    data: Path = DATA,
    listen: str = "0.0.0.0",  # noqa: S104 (the other side calls from elsewhere)
    port: int = MEETING_PORT,
    url: str = "",
    wait: float = 600.0,
    json: Switch = False,
) -> int:
    """Wait for another party's node, exchange keys, and compare a code aloud.

    Keep a voice line to the other side open. Once it has called with `link accept`,
    both sides show eight digits: read them to each other, and say yes only if all are
    the same. Then each side's node is pinned by its keys and by nothing else.

    The node may run or not; it takes the link up within a second, or at its next start.

    Exit code: 0 if linked; 65 if the digits differ; 70 if nobody called; 78 if the
    node has no port for peers.

    Parameters
    ----------
    party
        Our party of this link, by its id.
    data
        The node's data folder.
    listen
        Address to wait at.
    port
        Port to wait at; open only while this command runs. 0 for any free.
    url
        Where the other node reaches ours, `https://host:port`; from the settings
        unless said.
    wait
        How long to wait, seconds.
    json
        Print JSON: first where it waits, then the code, then what came of it.
    """
    from clearline.adapters.chance import SystemChance  # noqa: PLC0415
    from clearline.adapters.peers.meeting import host  # noqa: PLC0415
    from clearline.adapters.peers.shown import show_card  # noqa: PLC0415
    from clearline.service.pairing import NONCE_BYTES, Inviting  # noqa: PLC0415

    card = show_card(data, party, _reachable(data, url))
    with socket.create_server((listen, port)) as taken:
        at = taken.getsockname()[1]
        if json:
            print(written(waits_at=at), flush=True)
        else:
            print(f"Waiting on port {at}. The other side runs, on its machine:")
            print(
                f"  {called_as()} link accept HOST:{at} PARTY --data DATA", flush=True
            )
        inviting = Inviting(card, SystemChance().draw(NONCE_BYTES))
        agreed = host(inviting, taken, seconds=wait)
    return _compare(agreed, data, party, json=json)


def accept(
    address: str,
    party: str,
    *,
    data: Path = DATA,
    url: str = "",
    json: Switch = False,
) -> int:
    """Call a node that invites, exchange keys, and compare a code aloud.

    The other half of `link invite`; see there.

    Exit code: 0 if linked; 65 if the digits differ; 70 if nobody answers; 78 if the
    node has no port for peers.

    Parameters
    ----------
    address
        Where the other side waits, `host:port`.
    party
        Our party of this link, by its id.
    data
        The node's data folder.
    url
        Where the other node reaches ours, `https://host:port`; from the settings
        unless said.
    json
        Print JSON: first the code, then what came of it.
    """
    from clearline.adapters.chance import SystemChance  # noqa: PLC0415
    from clearline.adapters.peers.meeting import visit  # noqa: PLC0415
    from clearline.adapters.peers.shown import show_card  # noqa: PLC0415
    from clearline.service.pairing import NONCE_BYTES, Accepting  # noqa: PLC0415

    card = show_card(data, party, _reachable(data, url))
    where = urlsplit(f"//{address}")
    accepting = Accepting(card, SystemChance().draw(NONCE_BYTES))
    agreed = visit(accepting, (where.hostname or "", where.port or MEETING_PORT))
    return _compare(agreed, data, party, json=json)


def show(*, data: Path = DATA, json: Switch = False) -> int:
    """Show the links of a node, from its log; it may be running.

    Exit code: 0.

    Parameters
    ----------
    data
        The node's data folder.
    json
        Print one JSON object: links, waiting.
    """
    from clearline.adapters.peers.orders import orders_left  # noqa: PLC0415
    from clearline.adapters.peers.shown import links_of  # noqa: PLC0415

    links, waiting = links_of(data), len(orders_left(data))
    if json:
        print(written(links=[link.plain() for link in links], waiting=waiting))
        return 0
    for link in links:
        broken = "  BROKEN" if link.peer.is_revoked else ""
        print(f"{link.peer.party}  {link.peer.name}{broken}")
        print(f"  node         {link.peer.id} at {link.peer.url}")
        print(f"  log key      {link.peer.key}")
        print(f"  certificate  SHA-256 {link.fingerprint}")
        print(f"  said         {link.told}, of which {link.receipted} are receipted")
        print(f"  heard        {link.heard}, the last at {link.heard_at or 'no time'}")
    if not links:
        print(f"No links. Make one: {called_as()} link invite PARTY --data {data}")
    if waiting:
        print(f"{waiting} waiting to be taken up: is the node running?")
    return 0


def revoke(name: str, *, data: Path = DATA, why: str = "", json: Switch = False) -> int:
    """Break a link: nothing more is said to that node or heard from it.

    The desks of its party stay; a STOP to them then says that nobody can be rung by
    the link. To change keys, link anew: the new keys replace the old ones.

    Exit code: 0 if the order is left for the node; 2 if there is no such link.

    Parameters
    ----------
    name
        The party's id, or the origin of its node's log.
    data
        The node's data folder.
    why
        Kept in the log.
    json
        Print one JSON object: revoked, order.
    """
    from clearline.adapters.peers.orders import Order, leave_order  # noqa: PLC0415

    peer = _named(data, name)
    order = leave_order(data, Order(revoke=peer.peer.id, why=why))
    if json:
        print(written(revoked=peer.peer.id, order=str(order)))
    else:
        print(f"The link with {peer.peer.id} is broken once the node has taken it up,")
        print("within a second if it runs, otherwise when it starts.")
    return 0


def try_out(name: str, *, data: Path = DATA, json: Switch = False) -> int:
    """Ask another party's node for what it has said, over pinned TLS, and time it.

    It rings nobody. The node may be running.

    Exit code: 0 if it answered; 2 if there is no such link; 70 if it did not.

    Parameters
    ----------
    name
        The party's id, or the origin of its node's log.
    data
        The node's data folder.
    json
        Print one JSON object: peer, answered_in_ms, said_there.
    """
    from clearline.adapters.data_folder import DataFolder  # noqa: PLC0415
    from clearline.adapters.peers.identity import identity  # noqa: PLC0415
    from clearline.adapters.peers.shown import last_in  # noqa: PLC0415
    from clearline.adapters.peers.wire import TlsWire  # noqa: PLC0415

    link = _named(data, name)
    wire = TlsWire(identity(DataFolder(path=data).keys))
    began = time.perf_counter()
    page = wire.outbox(link.peer, link.heard)
    took_ms = round((time.perf_counter() - began) * 1000, 1)
    last = last_in(page)
    if json:
        print(written(peer=link.peer.id, answered_in_ms=took_ms, said_there=last))
        return 0
    print(f"{link.peer.id} answered in {took_ms} ms, new connection included.")
    print(f"It has said {last} things to us; we have heard {link.heard}.")
    return 0


def _compare(agreed: "Agreed", data: Path, party: str, *, json: bool) -> int:
    """Show the code, ask whether the other side reads the same, and pin."""
    from clearline.adapters.chance import SystemChance  # noqa: PLC0415
    from clearline.adapters.peers.orders import Order, leave_order  # noqa: PLC0415
    from clearline.service.pairing import NONCE_BYTES, peer_of  # noqa: PLC0415

    theirs = agreed.theirs
    if json:
        print(written(code=agreed.code, party=theirs.party, origin=theirs.origin))
    else:
        print(f"\n    {agreed.code}\n")
        print(f"The other side says it is {theirs.name} ({theirs.party}), whose log is")
        print(f"{theirs.origin}. Read the digits to each other, by voice.")
        print("Are all eight the same on both sides? Type yes or no: ", end="")
    sys.stdout.flush()
    if sys.stdin.readline().strip().casefold() != "yes":
        raise CodesDiffer(
            "The digits were not confirmed.",
            state="Nothing was pinned on this side.",
            next="Somebody may stand in between: say so over the voice line, and tell "
            "the other side to answer no, or to revoke. Then try by another way.",
        )
    peer = peer_of(theirs, ours=party, veil=SystemChance().draw(NONCE_BYTES))
    order = leave_order(data, Order(pin=peer))
    if json:
        print(written(pinned=peer.id, order=str(order)))
    else:
        print("Pinned. The node takes it up within a second if it runs; see:")
        print(f"  {called_as()} link show --data {data}")
    return 0


def _reachable(data: Path, url: str) -> str:
    """Say where the other node reaches ours."""
    from clearline.adapters.settings import read_settings  # noqa: PLC0415

    found = url or read_settings(data, os.environ).peer.url
    if not found.startswith("https://"):
        raise NotReachable(
            f"Nothing says where peers reach this node ({found or 'no url'}).",
            state="Nothing was exchanged.",
            next="Set host, port and url in `[peer]` of clearline.toml, or say --url.",
        )
    return found


def _named(data: Path, name: str) -> "Link":
    from clearline.adapters.peers.shown import links_of  # noqa: PLC0415

    for link in links_of(data):
        is_it = name in (link.peer.party, link.peer.id)
        if is_it and not link.peer.is_revoked:
            return link
    raise NoSuchLink(
        f"This node has no link with {name!r}.",
        state="Nothing was done.",
        next=f"See which there are: {called_as()} link show --data {data}",
    )
