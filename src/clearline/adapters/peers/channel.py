"""Speak HTTP/1.1 over one TLS connection, each message against a deadline.

Everything a peer sends is bounded: its head by h11, its body by the caller, and the
time it all takes by a deadline that a slow sender cannot push away byte by byte.
"""

import socket
import time
from typing import Any, Final

import h11

LONGEST_HEAD: Final = 16_384
"""How long the head of a message may be, bytes."""

_READ: Final = 65_536


class ChannelBroken(Exception):
    """Say that the connection is of no more use, and why."""


class TooLong(ChannelBroken):
    """Say that a message was longer than it may be."""


class TooSlow(ChannelBroken):
    """Say that a message did not arrive in time."""


class Channel:
    """Hold one connection; one thread at a time."""

    def __init__(self, sock: socket.socket, role: Any) -> None:
        """Speak over a connection that is set up.

        Args:
            sock: The connection, its handshake done.
            role: `h11.CLIENT` or `h11.SERVER`.
        """
        self._sock = sock
        self._role = role
        self._h11 = h11.Connection(role, max_incomplete_event_size=LONGEST_HEAD)

    def wait(self, seconds: float) -> bool:
        """Wait for the other side to begin a message; whether it did."""
        if self._h11.trailing_data[0]:
            return True
        try:
            self._sock.settimeout(seconds)
            data = self._sock.recv(_READ)
        except OSError:
            return False
        self._h11.receive_data(data)
        return bool(data)

    def read(self, *, most: int, seconds: float) -> tuple[Any, bytes]:
        """Read one message whole.

        Args:
            most: How long its body may be, bytes.
            seconds: How long all of it may take.

        Raises:
            ChannelBroken: It is too long, too slow, or no HTTP, or ended early.
        """
        until = time.monotonic() + seconds
        head: Any = None
        body = bytearray()
        while True:
            event = self._next(until)
            if isinstance(event, h11.Request | h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > most:
                    raise TooLong(f"its body is longer than {most} bytes")
            elif isinstance(event, h11.EndOfMessage):
                return head, bytes(body)

    def send(self, head: Any, body: bytes, *, seconds: float) -> None:
        """Send one message whole.

        Raises:
            ChannelBroken: The other side does not take it in time, or is gone.
        """
        parts = [head, h11.Data(data=body), h11.EndOfMessage()]
        try:
            data = b"".join(self._h11.send(part) or b"" for part in parts)
            self._sock.settimeout(seconds)
            self._sock.sendall(data)
        except (OSError, h11.ProtocolError) as error:
            raise ChannelBroken(str(error) or type(error).__name__) from error

    def again(self) -> bool:
        """Make ready for the next message; whether there can be one."""
        try:
            self._h11.start_next_cycle()
        except h11.ProtocolError:
            return False
        return True

    def close(self) -> None:
        """Let go of the connection."""
        self._sock.close()

    def _next(self, until: float) -> Any:
        while True:
            try:
                event = self._h11.next_event()
            except h11.RemoteProtocolError as error:
                raise ChannelBroken(str(error)) from error
            if event is h11.NEED_DATA:
                self._receive(until)
            elif isinstance(event, h11.ConnectionClosed) or event is h11.PAUSED:
                raise ChannelBroken("the connection ended")
            elif not isinstance(event, h11.InformationalResponse):
                return event

    def _receive(self, until: float) -> None:
        left = until - time.monotonic()
        if left <= 0:
            raise TooSlow("it did not arrive in time")
        try:
            self._sock.settimeout(left)
            self._h11.receive_data(self._sock.recv(_READ))
        except TimeoutError as error:
            raise TooSlow("it did not arrive in time") from error
        except OSError as error:
            raise ChannelBroken(str(error) or type(error).__name__) from error
