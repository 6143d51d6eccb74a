"""Take answers from a mailbox on somebody else's mail server, by IMAP (RFC 9051).

    every few seconds: what is not seen --fetched whole--> taken --> marked as seen

A mail is marked once the node has taken it; one it could not take stays unseen and is
fetched again. So nothing is lost that lies in the mailbox, whatever is killed when, and
what comes twice is one by its Message-ID. A mail nobody can take, and one too long to
be an answer, is marked and flagged after a few tries, so that it holds up no other.

One connection in a thread of its own; the mailbox is ours alone, no person reads it.
"""

import email
import email.policy
import imaplib
import re
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.utils import parseaddr
from typing import Any, Final

from clearline.adapters.couriers.lmtp import TryAgain
from clearline.adapters.couriers.mail_in import MOST_BYTES
from clearline.adapters.settings import Email, MailSecurity

Take = Callable[[bytes, str], None]

TRIES: Final = 5
"""How often one mail is tried before it is left to a person."""

WAITS_S: Final = (1.0, 2.0, 5.0, 15.0, 30.0)
"""How long after each failure in a row the server is asked again, seconds."""

_AT_ONCE: Final = 50
_STOP_WITHIN_S: Final = 2.0
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")
_SEEN: Final = r"(\Seen)"
_LEFT: Final = r"(\Seen \Flagged)"


class Mailbox:
    """Look into a mailbox now and then, in a thread of its own."""

    def __init__(
        self, settings: Email, take: Take, trust: ssl.SSLContext | None = None
    ) -> None:
        """Give each mail to `take`, with its envelope's sender.

        Args:
            settings: Its section of the settings.
            take: Takes a mail; may raise `TryAgain`.
            trust: Whose certificates are trusted; the system's own.
        """
        self._settings = settings
        self._take = take
        self._trust = trust or ssl.create_default_context()
        self._stopping = threading.Event()
        self._tries: Counter[bytes] = Counter()
        self._thread = threading.Thread(target=self._run, name="imap", daemon=True)
        self.trouble = "it was not asked yet"

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_WITHIN_S)

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                with self._signed_in() as server:
                    while not self._stopping.is_set():
                        self._look(server)
                        self.trouble, failures = "", 0
                        self._stopping.wait(self._settings.imap_every_s)
            except (OSError, imaplib.IMAP4.error, ValueError) as error:
                self.trouble = _said(error)
            except Exception as error:  # noqa: BLE001 (the next look may do)
                self.trouble = f"a fault of ours: {error!r}"
            failures += 1
            self._stopping.wait(WAITS_S[min(failures, len(WAITS_S)) - 1])

    @contextmanager
    def _signed_in(self) -> Iterator[imaplib.IMAP4]:
        server = self._connect()
        try:
            yield server
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                server.logout()
            with suppress(OSError):  # a line that broke is not closed by that
                server.shutdown()

    def _connect(self) -> imaplib.IMAP4:
        its = self._settings
        if its.imap_security is MailSecurity.NONE and not _is_here(its.imap_host):
            raise ValueError(
                "[email] would give a password over a line that can be read: "
                "set imap_security"
            )
        server: imaplib.IMAP4
        if its.imap_security is MailSecurity.TLS:
            server = imaplib.IMAP4_SSL(
                its.imap_host,
                its.imap_port,
                ssl_context=self._trust,
                timeout=its.timeout_s,
            )
        else:
            server = imaplib.IMAP4(its.imap_host, its.imap_port, timeout=its.timeout_s)
        try:
            if its.imap_security is MailSecurity.STARTTLS:
                server.starttls(self._trust)
            server.login(its.imap_user, its.imap_password)
            _done(server.select(_quoted(its.imap_folder)))
        except BaseException:
            server.shutdown()
            raise
        return server

    def _look(self, server: imaplib.IMAP4) -> None:
        """Take what is not seen, the oldest first."""
        found = _done(server.uid("SEARCH", "UNSEEN"))[0] or b""
        for uid in found.split()[:_AT_ONCE]:
            if self._stopping.is_set():
                return
            self._fetch(server, uid)

    def _fetch(self, server: imaplib.IMAP4, uid: bytes) -> None:
        name = uid.decode("ascii")
        sizes = _done(server.uid("FETCH", name, "(RFC822.SIZE)"))
        size = _SIZE.search(b"".join(part for part in sizes if isinstance(part, bytes)))
        if size is None:
            return  # somebody took it away meanwhile
        if int(size[1]) > MOST_BYTES:
            _done(server.uid("STORE", name, "+FLAGS", _LEFT))
            return
        parts = _done(server.uid("FETCH", name, "(BODY.PEEK[])"))
        raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
        if raw is None:
            return
        self._tries[uid] += 1
        try:
            self._take(raw, _envelope_from(raw))
        except TryAgain:
            self._tries[uid] -= 1  # it is the node that is busy, not the mail at fault
            return
        except Exception:
            if self._tries[uid] < TRIES:
                raise
            _done(server.uid("STORE", name, "+FLAGS", _LEFT))
        else:
            _done(server.uid("STORE", name, "+FLAGS", _SEEN))
        del self._tries[uid]


def _envelope_from(raw: bytes) -> str:
    """Say who the envelope said sent it: the server keeps that in the mail.

    `Return-Path` is written by the last server (RFC 5321 section 4.4); where none
    is there, who the mail says wrote it.
    """
    head = email.message_from_bytes(raw, policy=email.policy.compat32)
    path = head.get("return-path")
    if path is None:
        return parseaddr(str(head.get("from", "")))[1]
    return parseaddr(str(path))[1]


def _done(answer: tuple[str, list[Any]]) -> list[Any]:
    status, found = answer
    if status != "OK":
        raise imaplib.IMAP4.error(f"the server said {status}: {found!r}")
    return found


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _is_here(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
