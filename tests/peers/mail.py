"""A mail server that takes what we send, and one that hands mail to us."""

import asyncio
import email
import email.policy
import smtplib
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from peers import free_port

# Turns of an event loop from a socket that was accepted to its connection_made.
ROUNDS_TO_BEGIN = 3


class _Reporting(SMTP):
    """Take the parameters by which reports of delivery are asked for (RFC 3461)."""

    def connection_made(self, transport):
        """Be found when the peer stops."""
        super().connection_made(transport)
        self.peer.talking.add(transport)

    def connection_lost(self, error):
        """Be found no more."""
        super().connection_lost(error)
        self.peer.talking.discard(self.transport)

    def _getparams(self, params):
        """Take what aiosmtpd does not know, as a server with DSN does."""
        found = super()._getparams(params)
        if found is None:
            return found
        self.peer.asked.append(dict(found))
        return {
            name: value
            for name, value in found.items()
            if name not in ("RET", "NOTIFY", "ENVID", "ORCPT")
        }


class MailPeer:
    """A mail server on loopback that answers as a test says.

    Attributes:
        answers: What it says to the next recipients; then 250.
        mails: Whole mails it took.
        asked: Parameters it was given.
    """

    def __init__(self, port=None, **how):
        self.port = port or free_port()
        self.answers = []
        self.mails = []
        self.asked = []
        self.slow = set()
        self.talking = set()
        self._changed = threading.Condition()
        self._how = how
        self._controller = None

    def start(self):
        """Listen."""
        peer = self

        class Serving(Controller):
            def factory(self):
                found = _Reporting(self.handler, **self.SMTP_kwargs)
                found.peer = peer
                return found

        self._controller = Serving(
            self, hostname="127.0.0.1", port=self.port, **self._how
        )
        self._controller.start()
        return self

    def stop(self):
        """Be dead."""
        if self._controller is not None:
            ending = asyncio.run_coroutine_threadsafe(
                self._end_all(), self._controller.loop
            )
            ending.result(10)
            self._controller.stop(no_assert=True)
            self._controller = None

    async def _end_all(self):
        """Accept nobody more and leave no socket behind, not even one just accepted."""
        loop, server = self._controller.loop, self._controller.server
        for listening in server.sockets:  # closed already, it would drop the last one
            loop.remove_reader(listening.fileno())
        for _ in range(ROUNDS_TO_BEGIN):
            await asyncio.sleep(0)
        for transport in tuple(self.talking):
            transport.abort()
        await asyncio.sleep(0)
        server.close()

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        """Offer reports of delivery (RFC 3461)."""
        del server, envelope
        session.host_name = hostname
        return [responses[0], "250-DSN", *responses[1:]]

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802
        """Answer as told; a slow address is answered when the peer stops."""
        del server, session, rcpt_options
        if address in self.slow:
            await asyncio.Event().wait()
        if self.answers:
            said = self.answers.pop(0)
            if not said.startswith("250"):
                return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        """Take a mail."""
        del server, session
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        mail["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        mail["X-Envelope-From"] = envelope.mail_from
        with self._changed:
            self.mails.append(mail)
            self._changed.notify_all()
        return "250 Taken"

    def wait_for(self, count, seconds=20.0):
        """Wait until so many mails came; fail if they do not."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.mails) >= count, seconds), (
                f"{len(self.mails)} mails of {count}"
            )
        return self.mails


def deliver(port, raw, sender="amal@hospital.example"):
    """Hand a mail to an LMTP listener as a mail server does."""
    with smtplib.LMTP("127.0.0.1", port, timeout=20) as server:
        return server.sendmail(sender, ["line@north.example"], raw)
