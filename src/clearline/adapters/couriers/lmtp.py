"""Take mail from the mail server beside us, by LMTP (RFC 2033).

A mail is answered 250 once the node has taken it, so that one it could not take
stays with the server, which tries again. Whoever may connect may say anything:
nothing counts here but what is proven inside the mail, so it listens on loopback
unless told otherwise.
"""

import asyncio
import threading
from asyncio.transports import BaseTransport, Transport
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, cast

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from clearline.adapters.couriers.mail_in import MOST_BYTES

Take = Callable[[bytes, str], None]

_TAKEN: Final = "250 2.0.0 Taken"
_NOT_NOW: Final = "451 4.3.0 Not now: {}"
_START_WITHIN_S: Final = 5.0
_STOP_WITHIN_S: Final = 2.0
_HANDS: Final = 4
_MOST_RECIPIENTS: Final = 20
# Turns of the loop from a socket that was accepted to its connection_made: a task that
# is cancelled before it began would drop the socket open.
_ROUNDS_TO_BEGIN: Final = 3


class TryAgain(Exception):
    """Say that a mail cannot be taken now."""


class _Session(LMTP):
    """Talk to one mail server, and be found when listening ends."""

    def __init__(self, talking: set[Transport], *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._talking = talking

    def connection_made(self, transport: BaseTransport) -> None:
        """Be one more."""
        super().connection_made(transport)
        self._talking.add(cast("Transport", transport))

    def connection_lost(self, error: Exception | None) -> None:
        """Be one less."""
        super().connection_lost(error)
        self._talking.discard(cast("Transport", self.transport))


class Listener:
    """Listen in a thread of its own, with an event loop of its own."""

    def __init__(self, host: str, port: int, take: Take) -> None:
        """Give each mail to `take`, with its envelope's sender.

        Args:
            host: Address to listen on.
            port: Port to listen on.
            take: Takes a mail, in one of a few threads; may raise `TryAgain`.
        """
        self._host = host
        self._port = port
        self._take = take
        self._hands = ThreadPoolExecutor(_HANDS, thread_name_prefix="mail in")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="lmtp", daemon=True)
        self._is_up = threading.Event()
        self._talking: set[Transport] = set()
        self.trouble = ""

    def start(self) -> None:
        """Begin to listen; where it cannot, `trouble` says why."""
        self._thread.start()
        self._is_up.wait(_START_WITHIN_S)

    def stop(self) -> None:
        """Listen no more."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_STOP_WITHIN_S)
        elif not self._loop.is_closed():
            self._loop.close()
        self._hands.shutdown(wait=False, cancel_futures=True)

    async def handle_DATA(  # noqa: N802 (aiosmtpd's own name)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take one mail."""
        del server, session
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        sender = envelope.mail_from or ""
        try:
            await self._loop.run_in_executor(self._hands, self._take, raw, sender)
        except TryAgain as why:
            return _NOT_NOW.format(why)
        except Exception as error:  # noqa: BLE001 (the server keeps it; the next is read)
            self.trouble = repr(error)
            return _NOT_NOW.format("a fault of ours")
        return _TAKEN

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's own)
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],
    ) -> str:
        """Take any recipient: the mail server has chosen what comes here."""
        del server, session, rcpt_options
        if len(envelope.rcpt_tos) >= _MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            server = self._loop.run_until_complete(
                self._loop.create_server(self._session, self._host, self._port)
            )
        except OSError as error:
            self.trouble = str(error)
            self._is_up.set()
            self._loop.close()
            return
        self._is_up.set()
        try:
            self._loop.run_forever()
        finally:
            self._loop.run_until_complete(self._end_all(server))
            self._loop.close()

    def _session(self) -> LMTP:
        return _Session(
            self._talking,
            self,
            data_size_limit=MOST_BYTES,
            enable_SMTPUTF8=True,
            hostname="clearline",
            ident="clearline",
            timeout=60,
        )

    async def _end_all(self, server: asyncio.Server) -> None:
        """End what is still talking to us, and who was accepted only just now."""
        for listening in server.sockets:  # closed already, it would drop the last one
            self._loop.remove_reader(listening.fileno())
        for _ in range(_ROUNDS_TO_BEGIN):
            await asyncio.sleep(0)
        for transport in tuple(self._talking):
            transport.abort()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)
        server.close()
