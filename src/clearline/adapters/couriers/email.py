"""Ring by e-mail, and take answers that come back.

    ring --queue--> SMTP --> a mail server --> a mailbox
    a mailbox --> a mail server --LMTP or IMAP--> answers, reports, noise

| what the server says   | what it means                                        |
|------------------------|------------------------------------------------------|
| 250                    | sent: the server has it                              |
| 4xx, silence, no server| tried again on its own clock                         |
| 5xx                    | failed, in the server's own words                    |
| a report: delivered    | delivered: it lies in the mailbox                    |
| a report: failed       | failed, in the other server's own words              |

Each attempt at each mailbox has one Message-ID, made from both, so that what is sent
twice for want of an answer is one mail to whoever sorts them. An answer counts by the
code or PIN in it and by nothing else; machines are never listened to or answered.
"""

import re
import smtplib
import ssl
import threading
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

import msgspec

from clearline.adapters.couriers.digests import digest_of
from clearline.adapters.couriers.imap import Mailbox
from clearline.adapters.couriers.lmtp import Listener, TryAgain
from clearline.adapters.couriers.mail_in import Noise, Reply, Report, read_mail
from clearline.adapters.couriers.queue import Carried, Later, Queue, Refused
from clearline.adapters.settings import Email, MailSecurity
from clearline.model.calls import AttemptId, Outcome
from clearline.model.errors import ClearlineError
from clearline.model.parties import DeskId, Medium, PersonId
from clearline.service.calling import (
    CameIn,
    CourierStanding,
    CourierState,
    Message,
    Ring,
    Switchboard,
    Words,
)
from clearline.service.ports import Chance, Clock

HANDS: Final = 4
"""How many connections to the mail server are open at once."""

MOST_KNOWN: Final = 50_000
"""How many sent rings are known by their Message-ID."""

_MAILBOX: Final = re.compile(r"[^@\s<>,;:\"\x00-\x1f]+@[^@\s<>,;:\"\x00-\x1f]+")
_TEST_WITHIN_S: Final = 10.0
_NOT_SET_UP: Final = "no mail server and sender are set in [email]"
_READABLE: Final = "[email] would sign in over a line that can be read: set security"
_PERMANENT = range(500, 600)
_REPORTED: Final = {"delivered": Outcome.DELIVERED, "failed": Outcome.FAILED}


class EmailCourier:
    """Carry rings and messages by e-mail; the contract is `service.calling.Courier`."""

    medium = Medium.EMAIL

    def __init__(
        self,
        settings: Email,
        *,
        clock: Clock,
        chance: Chance,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """Write by `settings`; nothing runs before `start`.

        Args:
            settings: Its section of the settings.
            clock: What tells node time.
            chance: Where jitter comes from.
            trust: Whose certificates are trusted; the system's own.
        """
        self._settings = settings
        self._clock = clock
        self._trust = trust or ssl.create_default_context()
        self._switchboard: Switchboard | None = None
        self._lock = threading.Lock()
        self._known: dict[str, Ring | Message] = {}
        self._domain = settings.sender.rpartition("@")[2].rstrip(">") or "localhost"
        self.queue = Queue(
            self.medium, self._carry, clock=clock, chance=chance, hands=HANDS
        )
        self.listener = (
            Listener(settings.lmtp_host, settings.lmtp_port, self._take)
            if settings.lmtp_port
            else None
        )
        self.mailbox = (
            Mailbox(settings, self._take, self._trust) if settings.imap_host else None
        )

    def start(self, switchboard: Switchboard) -> None:
        """Begin to write, and to take answers."""
        self._switchboard = switchboard
        self.queue.start(switchboard)
        for one in self._taking:
            one.start()

    def ring(self, ring: Ring) -> None:
        """Take a ring; returns at once."""
        self.queue.put(ring)

    def tell(self, message: Message) -> None:
        """Take a message; returns at once."""
        self.queue.put(message)

    def let_go(self, attempt: AttemptId) -> None:
        """Write no more for an attempt."""
        self.queue.let_go(attempt)

    def test(self) -> CourierState:
        """Greet the mail server and sign in; write nothing."""
        if self._lacks():
            return self.state()
        try:
            with self._connect(min(_TEST_WITHIN_S, self._settings.timeout_s)) as server:
                server.noop()
        except (OSError, smtplib.SMTPException, Refused) as error:
            self.queue.note(_said(error))
        else:
            self.queue.note("")
        return self.state()

    def state(self) -> CourierState:
        """Say how it stands; returns at once."""
        found = self.queue.state()
        if lacking := self._lacks():
            return msgspec.structs.replace(
                found, standing=CourierStanding.NOT_SET_UP, trouble=lacking
            )
        troubles = [one.trouble for one in self._taking if one.trouble]
        if troubles and not found.trouble:
            return msgspec.structs.replace(
                found,
                standing=CourierStanding.TROUBLED,
                trouble=f"answers cannot come in: {'; '.join(troubles)}",
            )
        return found

    def stop(self) -> None:
        """Write and take nothing more."""
        for one in self._taking:
            one.stop()
        self.queue.stop()

    @property
    def _taking(self) -> tuple[Listener | Mailbox, ...]:
        """List by what answers come in."""
        both = (self.listener, self.mailbox)
        return tuple(one for one in both if one is not None)

    def _lacks(self) -> str:
        """Say why nothing can ever leave by these settings; empty if it can."""
        its = self._settings
        if not (its.smtp_host and its.sender):
            return _NOT_SET_UP
        if its.user and its.security is MailSecurity.NONE and not _is_here(its):
            return _READABLE
        return ""

    # --- out --------------------------------------------------------------------

    def _carry(self, item: Ring | Message) -> Carried:
        if lacking := self._lacks():
            raise Refused(lacking)
        mail = self._written(item)
        try:
            with self._connect(self._settings.timeout_s) as server:
                has_reports = server.has_extn("dsn")
                if isinstance(item, Ring) or item.became is not None:
                    self._remember(mail["Message-ID"], item)
                server.send_message(
                    mail,
                    from_addr=self._settings.sender,
                    to_addrs=[item.address],
                    mail_options=["RET=HDRS"] if has_reports else [],
                    rcpt_options=["NOTIFY=SUCCESS,FAILURE"] if has_reports else [],
                )
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise _judged(code, words) from error
        except smtplib.SMTPResponseException as error:
            raise _judged(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Later(_said(error)) from error
        except (ValueError, UnicodeError) as error:
            raise Refused(f"no mail can be written to it: {error}") from error
        return Carried(outcome=Outcome.SENT)

    def _connect(self, timeout_s: float) -> smtplib.SMTP:
        its = self._settings
        server: smtplib.SMTP
        if its.security is MailSecurity.TLS:
            server = smtplib.SMTP_SSL(
                its.smtp_host, its.smtp_port, timeout=timeout_s, context=self._trust
            )
        else:
            server = smtplib.SMTP(its.smtp_host, its.smtp_port, timeout=timeout_s)
        try:
            server.ehlo_or_helo_if_needed()
            if its.security is MailSecurity.STARTTLS:
                server.starttls(context=self._trust)
                server.ehlo()
            if its.user:
                server.login(its.user, its.password)
        except BaseException:
            server.close()
            raise
        return server

    def _written(self, item: Ring | Message) -> EmailMessage:
        """Write the mail; the same one each time the same item is tried."""
        if not _MAILBOX.fullmatch(item.address):
            raise Refused("it is no mailbox")
        words, mail = item.words, EmailMessage()
        try:
            mail["Subject"] = words.subject
            mail["From"] = self._settings.sender
            mail["To"] = item.address
        except (ValueError, UnicodeError, IndexError) as error:
            raise Refused(f"no mail can be written to it: {error}") from error
        mail["Date"] = format_datetime(self._clock.read().wall)
        mail["Message-ID"] = self._id(item)
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
        mail["Content-Language"] = words.language
        if isinstance(item, Ring):
            mail["References"] = self._name(f"call {item.call}")
            mail["X-Priority"] = "1"
            mail["Importance"] = "high"
        mail.set_content(words.text)
        if isinstance(item, Message) and item.enclosed is not None:
            mail.add_attachment(item.enclosed.text, filename=item.enclosed.name)
        return mail

    def _id(self, item: Ring | Message) -> str:
        if isinstance(item, Ring):
            return self._name(f"ring {item.attempt} {item.address}")
        about = item.name or f"{item.call} {item.address} {item.words.text}"
        return self._name(f"told {about}")

    def _name(self, what: str) -> str:
        return f"<{digest_of(what)}@{self._domain}>"

    def _remember(self, name: str, item: Ring | Message) -> None:
        with self._lock:
            self._known[name] = item
            if len(self._known) > MOST_KNOWN:
                del self._known[next(iter(self._known))]

    # --- in ----------------------------------------------------------------------

    def _take(self, raw: bytes, envelope_from: str) -> None:
        """Take a mail that came in.

        Raises:
            TryAgain: The node cannot take it now; the server shall keep it.
        """
        match read_mail(raw, envelope_from):
            case Report() as report:
                self._report(report)
            case Reply() as reply:
                self._answer(reply, raw)
            case Noise():
                pass

    def _report(self, report: Report) -> None:
        """Pass on what a server says of what we know to have sent."""
        outcome = _REPORTED.get(report.action)
        with self._lock:
            item = self._known.get(report.about)
            if outcome is not None and isinstance(item, Message):
                del self._known[report.about]  # each mail is reported on once
        if item is None or outcome is None:
            return
        if isinstance(item, Message):
            if item.became is not None:
                item.became(outcome, report.words)
        elif self._switchboard is not None:
            self._switchboard.report(item, outcome, report.words)

    def _answer(self, reply: Reply, raw: bytes) -> None:
        if self._switchboard is None:
            raise TryAgain("the node is starting")
        with self._lock:
            known = (self._known.get(name) for name in reply.answers)
            ring = next((one for one in known if isinstance(one, Ring)), None)
        came = CameIn(
            medium=self.medium,
            address=reply.sender,
            words=reply.words,
            at=self._clock.read().at,
            attempt=ring.attempt if ring else None,
            call=ring.call if ring else None,
            id=reply.id,
            raw=raw,
        )
        try:
            said = self._switchboard.came_in(came)
        except ClearlineError as error:
            raise TryAgain(error.what) from error
        if said.text:
            self.queue.put(_back(reply, said.text))


def _back(reply: Reply, text: str) -> Message:
    """Write back to whoever wrote."""
    subject = reply.subject or "your message"
    is_re = subject[:3].casefold() == "re:"
    words = Words(
        language="en",
        subject=subject if is_re else f"Re: {subject}",
        short="",
        text=f"{text}\n",
        spoken="",
    )
    return Message(
        call=None,
        person=PersonId(""),
        desk=DeskId(""),
        medium=Medium.EMAIL,
        address=reply.sender,
        words=words,
    )


def _is_here(settings: Email) -> bool:
    """Say whether the mail server is on this machine."""
    return settings.smtp_host in ("localhost", "127.0.0.1", "::1")


def _judged(code: int, words: bytes | str) -> Refused | Later:
    """Take a server's refusal: 5xx for good, anything else for now."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    said = f"{code} {' '.join(text.split())}"
    return Refused(said) if code in _PERMANENT else Later(said)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
