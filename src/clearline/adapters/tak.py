"""Speak CoT with a TAK server over TCP or TLS: events both ways, one after another.

A TAK server keeps no memory of who missed what, and says no receipt: an event that was
sent is *sent*, and nothing more is known. Incoming events are cut out of the stream by
their end, each within a bound; what is no event is dropped and counted.
"""

import contextlib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

from clearline.model.errors import BadInput, BrokenPromise

LONGEST_EVENT: Final = 1 << 20
"""How long an event may be, bytes."""

_END: Final = b"</event>"
_BEGIN: Final = b"<event"
_READ: Final = 1 << 16
_STEP_S: Final = 10.0


class TakUnreached(BrokenPromise):
    """Admit that a TAK server cannot be reached, or let go."""

    exit_code = 69


class NotSecured(BadInput):
    """Refuse what TLS cannot be spoken with, before anything goes in the clear."""


class TakStream:
    """Hold one connection."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        authority: Path | None = None,
        certificate: Path | None = None,
        key: Path | None = None,
    ) -> None:
        """Name the server; `connect` reaches it.

        Args:
            host: Where it listens.
            port: The same.
            authority: PEM of what its certificate is checked with; plain TCP without.
            certificate: PEM of our own, where the server asks for one.
            key: PEM of its key, without a password.

        Raises:
            NotSecured: A certificate without an authority, or a file that is none.
        """
        self._address = (host, port)
        self._context = _context(authority, certificate, key)
        self._socket: socket.socket | None = None
        self._buffer = bytearray()
        self.dropped = 0

    def __enter__(self) -> Self:
        """Connect for a block.

        Raises:
            TakUnreached: It does not answer.
        """
        self.connect()
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the connection."""
        self.close()

    def connect(self) -> None:
        """Reach the server anew.

        Raises:
            TakUnreached: It does not answer.
        """
        self.close()
        self._buffer.clear()
        try:
            plain = socket.create_connection(self._address, timeout=_STEP_S)
            self._socket = self._secured(plain)
        except (OSError, ssl.SSLError) as error:
            raise _unreached(self._address, error) from error

    def _secured(self, plain: socket.socket) -> socket.socket:
        if self._context is None:
            return plain
        return self._context.wrap_socket(plain, server_hostname=self._address[0])

    def send(self, events: bytes) -> None:
        """Send events; they are sent once this returns, and no more is known.

        Raises:
            TakUnreached: The server let go.
        """
        if self._socket is None:
            raise _unreached(self._address, "it is not connected")
        try:
            self._socket.settimeout(_STEP_S)
            self._socket.sendall(events)
        except OSError as error:
            self.close()
            raise _unreached(self._address, error) from error

    def receive(self, within_s: float) -> Iterator[bytes]:
        """Yield the events that have come, after waiting for some at most so long.

        Raises:
            TakUnreached: The server let go.
        """
        if self._socket is None:
            raise _unreached(self._address, "it is not connected")
        try:
            self._socket.settimeout(max(within_s, 0.001))
            data = self._socket.recv(_READ)
        except TimeoutError:
            return
        except OSError as error:
            self.close()
            raise _unreached(self._address, error) from error
        if not data:
            self.close()
            raise _unreached(self._address, "it let go")
        self._buffer += data
        yield from self._cut()

    def _cut(self) -> Iterator[bytes]:
        """Cut whole events out of what has come."""
        while (end := self._buffer.find(_END)) >= 0:
            piece = bytes(self._buffer[: end + len(_END)])
            del self._buffer[: end + len(_END)]
            start = piece.find(_BEGIN)
            if start < 0 or len(piece) > LONGEST_EVENT:
                self.dropped += 1
                continue
            yield piece[start:]
        if len(self._buffer) > LONGEST_EVENT:
            self.dropped += 1
            self._buffer.clear()

    def close(self) -> None:
        """Let go of the connection."""
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.close()
            self._socket = None


def _context(
    authority: Path | None, certificate: Path | None, key: Path | None
) -> ssl.SSLContext | None:
    """Say how TLS is spoken; `None` for plain TCP, where nothing of it is named."""
    if authority is None and certificate is None and key is None:
        return None
    if authority is None or (key is not None and certificate is None):
        raise _not_secured("An authority or a certificate is missing beside the others")
    try:
        context = ssl.create_default_context(cafile=str(authority))
        if certificate is not None:
            chain, private = str(certificate), str(key) if key else None
            context.load_cert_chain(chain, private, password="")
    except OSError as error:  # ssl.SSLError is one too
        names = ", ".join(str(one) for one in (authority, certificate, key) if one)
        raise _not_secured(f"TLS cannot be spoken with {names}: {error}") from error
    return context


def _not_secured(what: str) -> NotSecured:
    return NotSecured(
        f"{what}.",
        state="Nothing was sent.",
        next="Give --authority, and --certificate with --key where the server asks for "
        "one: files in PEM, the key without a password.",
    )


def _unreached(address: tuple[str, int], why: object) -> TakUnreached:
    return TakUnreached(
        f"The TAK server at {address[0]}:{address[1]} is not reached: {why}.",
        state="What was sent before may have come or not; the line itself goes on.",
        next="Check the server and the network; it is tried again.",
    )
