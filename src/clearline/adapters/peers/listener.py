"""Listen for peers: pinned TLS, a few requests, one error shape.

    POST /peer/say               {"envelope", "salt"}  ->  our signed receipt
    GET  /peer/outbox?after=N    what was said to whoever asks, after number N
    GET  /peer/seen              what was last seen of the log of whoever asks
    GET  /peer/files/SHA256      a file of a notice told to whoever asks, exactly

| somebody at the port can at most      | because                                    |
|---------------------------------------|--------------------------------------------|
| open connections                      | unproven ones are few, and the oldest is   |
|                                       | dropped for a new one                      |
| learn that something speaks TLS there | without a pinned certificate the handshake |
|                                       | ends                                       |
| (a peer) say what its party may say   | `rules/links.py`                           |
| (a peer) hold connections of its own  | so many each, each against a deadline      |
"""

import logging
import socket
import ssl
import threading
import time
from collections import deque
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import h11
import msgspec

from clearline.adapters.peers.channel import Channel, ChannelBroken, TooLong, TooSlow
from clearline.adapters.peers.identity import Identity, listening
from clearline.ledger.envelope import EnvelopeRefused
from clearline.model.errors import BadInput, BrokenPromise, ClearlineError
from clearline.model.links import Peer, PeerId
from clearline.rules.links import OutOfOrder, SignedTwice, UnknownPeer
from clearline.service.links import (
    LONGEST_BODY,
    Links,
    NotForUs,
    SaidMalformed,
)
from clearline.service.peer_files import PeerFiles
from clearline.wire.problems import PROBLEM_TYPE, problem

HANDSHAKE_S: Final = 5.0
"""How long a connection may take to prove who is at its other end."""

REQUEST_S: Final = 10.0
"""How long a request may take to arrive, from its first byte."""

IDLE_S: Final = 90.0
"""How long a connection is kept open with nothing on it."""

_FILES: Final = "/peer/files/"

MOST_UNPROVEN: Final = 64
MOST_EACH: Final = 16

_log = logging.getLogger("clearline.peers")


class PeerPortTaken(BadInput):
    """Refuse to listen for peers where something else listens."""

    exit_code = 69


class NotAPeerRequest(BadInput):
    """Refuse a request that is none of those a peer may make."""


_STATUS: Final[tuple[tuple[type[Exception], int], ...]] = (
    (UnknownPeer, 403),
    (EnvelopeRefused, 403),
    (NotForUs, 421),
    (OutOfOrder, 409),
    (SignedTwice, 409),
    (SaidMalformed, 400),
    (NotAPeerRequest, 404),
    (BadInput, 400),
    (BrokenPromise, 503),
)


class PeerListener:
    """Listen on a port of its own; a thread for each connection."""

    def __init__(
        self, links: Links, files: PeerFiles, mine: Identity, host: str, port: int
    ) -> None:
        """Take the address and port; nothing is answered before `start`.

        Raises:
            PeerPortTaken: Something else has them, or they are not this machine's.
        """
        self._links, self._files = links, files
        self._mine = mine
        self._context = listening(mine, ())
        self._is_stale = True
        self._lock = threading.Lock()
        self._unproven: deque[tuple[float, socket.socket]] = deque()
        self._proven: dict[PeerId, int] = {}
        self._open: set[socket.socket] = set()
        self._is_stopping = False
        self._socket = _listen(host, port)
        self._thread = threading.Thread(target=self._run, name="peer port", daemon=True)

    @property
    def port(self) -> int:
        """Return the port that was taken."""
        port: int = self._socket.getsockname()[1]
        return port

    def start(self) -> None:
        """Listen, with the peers pinned that there are."""
        self._thread.start()

    def pin(self) -> None:
        """Pin the peers there are now, from the next connection on; returns at once.

        Who is connected and pinned no longer is refused at the next request.
        """
        self._is_stale = True

    def stop(self) -> None:
        """Listen no more and break off what is under way."""
        with self._lock:
            self._is_stopping = True
            still_open = tuple(self._open)
        self._socket.close()
        for sock in still_open:
            _break_off(sock)
        if self._thread.ident is not None:
            self._thread.join(2.0)

    # --- connections -------------------------------------------------------------

    def _run(self) -> None:
        self._socket.settimeout(0.5)
        while not self._is_stopping:
            try:
                sock, _ = self._socket.accept()
            except TimeoutError:
                self._drop_slow()
                continue
            except OSError:
                if not self._is_stopping:
                    time.sleep(0.05)  # out of descriptors: others end meanwhile
                continue
            self._drop_slow()
            self._begin(sock)

    def _begin(self, sock: socket.socket) -> None:
        if self._is_stale:
            self._is_stale = False
            self._context = listening(self._mine, self._links.peers())
        with self._lock:
            while len(self._unproven) >= MOST_UNPROVEN:
                _break_off(self._unproven.popleft()[1])
            self._unproven.append((time.monotonic(), sock))
            self._open.add(sock)
        threading.Thread(
            target=self._serve, args=(sock,), name="peer", daemon=True
        ).start()

    def _drop_slow(self) -> None:
        """Drop whoever has not proven in time who they are."""
        since = time.monotonic() - HANDSHAKE_S
        with self._lock:
            while self._unproven and self._unproven[0][0] < since:
                _break_off(self._unproven.popleft()[1])

    def _serve(self, plain: socket.socket) -> None:
        sock = plain
        try:
            plain.settimeout(HANDSHAKE_S)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock = self._context.wrap_socket(plain, server_side=True)
            with self._lock:
                self._open.discard(plain)
                self._open.add(sock)
            self._prove(plain)
            self._talk(sock)
        except (OSError, ChannelBroken, ClearlineError) as error:
            _log.info("peer_connection_ended", extra={"why": str(error)})
        finally:
            self._prove(plain)
            with self._lock:
                self._open.discard(plain)
                self._open.discard(sock)
            sock.close()

    def _prove(self, plain: socket.socket) -> None:
        """Count a connection no longer among the unproven."""
        with self._lock:
            for one in self._unproven:
                if one[1] is plain:
                    self._unproven.remove(one)
                    return

    def _talk(self, sock: ssl.SSLSocket) -> None:
        """Answer one request after the other, each from whoever is pinned then."""
        certificate = sock.getpeercert(binary_form=True) or b""
        peer = self._links.by_certificate(certificate)
        with self._lock:
            if self._proven.get(peer.id, 0) >= MOST_EACH:
                return
            self._proven[peer.id] = self._proven.get(peer.id, 0) + 1
        try:
            channel = Channel(sock, h11.SERVER)
            while channel.wait(IDLE_S) and not self._is_stopping:
                if not self._answer(channel, certificate) or not channel.again():
                    return
        finally:
            with self._lock:
                self._proven[peer.id] -= 1

    def _answer(self, channel: Channel, certificate: bytes) -> bool:
        """Answer one request; whether the connection can be used again."""
        try:
            request, body = channel.read(most=LONGEST_BODY, seconds=REQUEST_S)
        except (TooLong, TooSlow) as error:
            status = 413 if isinstance(error, TooLong) else 408
            refused = _no_request(f"The request ended: {error}.")
            _send(channel, status, _problem(refused, status), is_problem=True)
            return False
        try:
            peer = self._links.by_certificate(certificate)
            data = self._do(peer, request, body)
        except ClearlineError as error:
            status = _status_of(error)
            _log.warning("peer_refused", extra={"error": error.name, "why": error.what})
            _send(channel, status, _problem(error, status), is_problem=True)
            return True
        _send(channel, 200, data)
        return True

    def _do(self, peer: Peer, request: Any, body: bytes) -> bytes:
        url = urlsplit(request.target.decode("ascii", "replace"))
        method = request.method.decode("ascii", "replace")
        if (method, url.path) == ("POST", "/peer/say"):
            return self._links.take(peer, body)
        if (method, url.path) == ("GET", "/peer/outbox"):
            return self._links.outbox(peer, _after(url.query))
        if (method, url.path) == ("GET", "/peer/seen"):
            return self._links.seen(peer)
        if method == "GET" and url.path.startswith(_FILES):
            data = self._files.give(peer, url.path.removeprefix(_FILES))
            if data is not None:
                return data
        raise _no_request(f"There is no {method} {url.path} here.")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen(128)
    except OSError as error:
        taken.close()
        raise PeerPortTaken(
            f"{host} port {port} cannot be listened on for peers: {error}.",
            state="The node did not start.",
            next="Choose another in `[peer]`, or stop what listens there.",
        ) from error
    return taken


def _break_off(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        sock.close()  # it was not connected any more


def _after(query: str) -> int:
    try:
        (text,) = parse_qs(query, strict_parsing=True)["after"]
        after = int(text) if text.isdecimal() and len(text) <= 18 else -1  # noqa: PLR2004
    except (KeyError, ValueError):
        after = -1
    if after < 0:
        raise _no_request(f"{query!r} does not say after which number.")
    return after


def _no_request(what: str) -> NotAPeerRequest:
    return NotAPeerRequest(
        what,
        state="Nothing was heard and nothing said.",
        next="A peer may POST /peer/say, or GET /peer/outbox?after=N, /peer/seen or "
        "/peer/files/SHA256.",
    )


def _status_of(error: ClearlineError) -> int:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def _problem(error: ClearlineError, status: int) -> bytes:
    return msgspec.json.encode({**problem(error), "status": status})


def _send(
    channel: Channel, status: int, data: bytes, *, is_problem: bool = False
) -> None:
    kind = PROBLEM_TYPE if is_problem else "application/json"
    head = h11.Response(
        status_code=status,
        headers=[("content-type", kind), ("content-length", str(len(data)))],
    )
    channel.send(head, data, seconds=REQUEST_S)
