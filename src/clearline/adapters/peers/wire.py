"""Call peers' nodes; the contract is `service.links.Wire`.

A connection that worked is kept for the next thing to say. One that has been closed
meanwhile is replaced once, so that a peer's restart costs no try.
"""

import base64
import contextlib
import socket
import ssl
import threading
import time
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import h11
import msgspec

from clearline.adapters.peers.channel import Channel, ChannelBroken
from clearline.adapters.peers.identity import Identity, calling
from clearline.model.links import Peer, PeerId
from clearline.service.links import LONGEST_BODY, PeerUnreached

WITHIN_S: Final = 15.0
"""How long one try may take; the next one does not wait for it."""

_OK: Final = 200
_KEPT: Final = 2


class _Problem(msgspec.Struct):
    title: str = ""


class _Asked(NamedTuple):
    method: str
    path: str
    body: bytes


class TlsWire:
    """Call peers over pinned TLS; any thread may."""

    def __init__(self, mine: Identity, *, within_s: float = WITHIN_S) -> None:
        """Show `mine` to whoever is called."""
        self._mine = mine
        self._within_s = within_s
        self._lock = threading.Lock()
        self._idle: dict[PeerId, list[Channel]] = {}
        self._open: set[socket.socket] = set()
        self._is_closed = False

    def say(self, peer: Peer, body: bytes) -> bytes:
        """Say one thing and return the peer's receipt.

        Raises:
            PeerUnreached: No answer came, or another than a receipt.
        """
        return self._ask(peer, _Asked("POST", "/peer/say", body))

    def outbox(self, peer: Peer, after: int) -> bytes:
        """Ask for what the peer said to us after a number.

        Raises:
            PeerUnreached: No answer came, or another than a page.
        """
        return self._ask(peer, _Asked("GET", f"/peer/outbox?after={after}", b""))

    def seen(self, peer: Peer) -> bytes:
        """Ask what the peer last saw of our log.

        Raises:
            PeerUnreached: No answer came, or another than that.
        """
        return self._ask(peer, _Asked("GET", "/peer/seen", b""))

    def file(self, peer: Peer, sha256: str) -> bytes:
        """Ask for a file of a notice by its hash.

        Raises:
            PeerUnreached: No answer came, or that there is no such file for us.
        """
        return self._ask(peer, _Asked("GET", f"/peer/files/{sha256}", b""))

    def close(self) -> None:
        """Break off everything that is under way, and let go of what is kept."""
        with self._lock:
            self._is_closed = True
            still_open, self._idle = tuple(self._open), {}
        for sock in still_open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def _ask(self, peer: Peer, asked: "_Asked") -> bytes:
        until = time.monotonic() + self._within_s
        kept = self._kept(peer)
        if kept is not None:
            try:
                return self._exchange(peer, kept, asked, until)
            except ChannelBroken:
                pass  # closed meanwhile, as kept connections are; once more, anew
        try:
            fresh = self._connect(peer, until)
            return self._exchange(peer, fresh, asked, until)
        except (OSError, ChannelBroken, ValueError) as error:
            raise _unreached(peer, str(error) or type(error).__name__) from error

    def _exchange(
        self, peer: Peer, channel: Channel, asked: "_Asked", until: float
    ) -> bytes:
        head = h11.Request(
            method=asked.method,
            target=asked.path,
            headers=[
                ("host", urlsplit(peer.url).netloc),
                ("content-type", "application/json"),
                ("content-length", str(len(asked.body))),
            ],
        )
        try:
            channel.send(head, asked.body, seconds=_left(until))
            answer, data = channel.read(most=2 * LONGEST_BODY, seconds=_left(until))
        except ChannelBroken:
            self._drop(channel)
            raise
        if channel.again():
            self._keep(peer, channel)
        else:
            self._drop(channel)
        if answer.status_code != _OK:
            raise _unreached(peer, _said(answer.status_code, data))
        return data

    def _connect(self, peer: Peer, until: float) -> Channel:
        url = urlsplit(peer.url)
        address = (url.hostname or "", url.port or 443)
        plain = socket.create_connection(address, timeout=_left(until))
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            plain.settimeout(_left(until))
            sock = calling(self._mine, peer).wrap_socket(plain)
            _require_pinned(sock, peer)
        except BaseException:
            plain.close()
            raise
        with self._lock:
            if self._is_closed:
                sock.close()
                raise ChannelBroken("this node stops")
            self._open.add(sock)
        return _Kept(sock)

    def _kept(self, peer: Peer) -> Channel | None:
        with self._lock:
            idle = self._idle.get(peer.id)
            return idle.pop() if idle else None

    def _keep(self, peer: Peer, channel: Channel) -> None:
        with self._lock:
            idle = self._idle.setdefault(peer.id, [])
            if len(idle) < _KEPT and not self._is_closed:
                idle.append(channel)
                return
        self._drop(channel)

    def _drop(self, channel: Channel) -> None:
        with self._lock:
            if isinstance(channel, _Kept):
                self._open.discard(channel.sock)
        channel.close()


class _Kept(Channel):
    """Remember a channel's connection, so that it can be broken off."""

    def __init__(self, sock: ssl.SSLSocket) -> None:
        super().__init__(sock, h11.CLIENT)
        self.sock = sock


def _require_pinned(sock: ssl.SSLSocket, peer: Peer) -> None:
    if sock.getpeercert(binary_form=True) != base64.b64decode(peer.certificate):
        raise ssl.SSLError("another certificate than the one pinned")


def _left(until: float) -> float:
    return max(0.001, until - time.monotonic())


def _said(status: int, data: bytes) -> str:
    try:
        title = msgspec.json.decode(data, type=_Problem).title
    except msgspec.MsgspecError:
        title = ""
    return f"it answered {status}. {title}".strip()


def _unreached(peer: Peer, why: str) -> PeerUnreached:
    return PeerUnreached(
        f"The node {peer.id} at {peer.url} gave no receipt: {why}",
        state="What was said stands in our log and is sent again.",
        next="If it is urgent, use voice now.",
    )
