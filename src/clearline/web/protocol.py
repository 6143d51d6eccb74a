"""Read HTTP as uvicorn does, and refuse what is none in the one shape errors have.

Three things uvicorn leaves open, and we do not:

| what comes                            | what happens                              |
|---------------------------------------|-------------------------------------------|
| bytes that are no HTTP                | 400 as a problem, and the line is cut     |
| headers without an end                | 431 as a problem after `LONGEST_HEAD`     |
| half a request, and then nothing      | 408 as a problem after `HEAD_WITHIN_S`    |
"""

import asyncio
from http import HTTPStatus
from typing import Any, Final

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from clearline.model.errors import ClearlineError
from clearline.web.refusals import BadRequest, HeadTooLong, TooSlow, status_of
from clearline.wire.problems import PROBLEM_TYPE, problem

LONGEST_HEAD: Final = 1 << 16
"""How long the first line and headers of a request may be, bytes."""

HEAD_WITHIN_S: Final = 20.0
"""How long somebody may take to send them, once connected."""


LINGER_S: Final = 1.0
"""How long a line is still read after it was refused, so that the answer arrives."""


LINE: Final = "clearline.line"
"""Under what name an application finds the line itself, in the state of a request:
a stream to thousands writes to it, once its response has begun in chunks."""


class Protocol(HttpToolsProtocol):
    """Speak HTTP on one connection."""

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._head_size = 0
        self._is_in_head = True
        self._is_refusing = False
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._waiting.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, as long as headers do not grow without end."""
        if self._is_refusing:
            return  # read and thrown away, so that the answer is not lost in a reset
        super().data_received(data)
        if not self._is_in_head or self._is_refusing:
            return
        self._head_size += len(data)
        if self._head_size > LONGEST_HEAD:
            self._refuse(
                HeadTooLong(
                    f"The headers of the request are longer than {LONGEST_HEAD} bytes.",
                    state="Nothing was done.",
                    next="Send fewer; what is long belongs in the body.",
                )
            )

    def on_message_begin(self) -> None:
        """Wait for the end of the headers."""
        super().on_message_begin()
        self.scope["state"][LINE] = self.transport
        if not self._is_in_head:
            self._is_in_head, self._head_size = True, 0
            self._wait_for_head()

    def on_headers_complete(self) -> None:
        """Go on to the body; how long that may be, the application says."""
        self._is_in_head = False
        self._waiting.cancel()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        self._refuse(
            BadRequest(
                msg,
                state="Nothing was done.",
                next="Speak HTTP/1.1; over TLS where the address begins with https.",
            )
        )

    def _wait_for_head(self) -> None:
        self._waiting: asyncio.TimerHandle = self.loop.call_later(
            HEAD_WITHIN_S, self._too_slow
        )

    def _too_slow(self) -> None:
        self._refuse(
            TooSlow(
                f"No whole request came within {HEAD_WITHIN_S:g} s.",
                state="Nothing was done.",
                next="Connect again, and send it at once.",
            )
        )

    def _refuse(self, error: ClearlineError) -> None:
        """Answer with a problem (RFC 9457), and let the line go."""
        self._waiting.cancel()
        if self.transport.is_closing():
            return
        self._is_refusing = True
        status = HTTPStatus(status_of(error))
        body = msgspec.json.encode({**problem(error), "status": status})
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\n"
            f"content-type: {PROBLEM_TYPE}\r\ncontent-length: {len(body)}\r\n"
            f"cache-control: no-store\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._waiting = self.loop.call_later(LINGER_S, self.transport.close)
