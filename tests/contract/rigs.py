"""Put a courier and its real peer together, one rig for each medium that is read."""

import json

from clearline.adapters.chance import SystemChance
from clearline.adapters.couriers.email import EmailCourier
from clearline.adapters.couriers.push import PushCourier
from clearline.adapters.couriers.sms import SmsCourier
from clearline.adapters.couriers.webhook import WebhookCourier, WebhookSecrets
from clearline.adapters.local import LocalStore
from clearline.adapters.settings import Email, MailSecurity, Push, Sms, Webhook
from clearline.model.calls import AttemptId, CallId, Kind, Precedence
from clearline.model.parties import DeskId, PersonId
from clearline.service.calling import Message, Ring, Words
from couriers import KeepingSwitchboard
from peers import Ahead, free_port
from peers.mail import MailPeer
from peers.sms import SmsPeer
from peers.web import Browser, WebPeer

PATIENCE_S = 20.0
"""How long a test waits for what must come; never how long it takes."""


def words(said="STOP 12 from North"):
    """Say something."""
    return Words(language="en", subject=said, short=said, text=f"{said}\n", spoken=said)


class Rig:
    """Hold a courier, its peer, and the switchboard that hears of both.

    Attributes:
        busy: What the peer says when it cannot now.
        never: What it says when it never will.
    """

    def __init__(self, peer, **settings):
        self.clock = Ahead()
        self.peer = peer
        self.switchboard = KeepingSwitchboard()
        self.dropped = []
        self.store = LocalStore(None)
        self.courier = self.make(**settings)

    def make(self, **settings):
        """Make the courier."""
        raise NotImplementedError

    def address(self, name):
        """Return the address of a person."""
        raise NotImplementedError

    def subjects(self):
        """List what the peer took, in order."""
        raise NotImplementedError

    def slow(self, name):
        """Let the peer never answer for a person."""
        raise NotImplementedError

    def start(self):
        """Start the courier."""
        self.courier.start(self.switchboard)
        return self

    def close(self):
        """Stop both."""
        self.peer.stop()
        self.courier.stop()
        self.store.close()

    def ring(self, name="amal", attempt="c.1.1", call="c", kind=Kind.STOP, said=None):
        """Make a ring for a person."""
        return Ring(
            attempt=AttemptId(attempt),
            call=CallId(call),
            number=12,
            kind=kind,
            precedence=Precedence.FLASH if kind is Kind.STOP else Precedence.ROUTINE,
            person=PersonId(name),
            desk=DeskId("s"),
            medium=self.courier.medium,
            address=self.address(name),
            code="481516",
            words=words(said or f"{kind} for {attempt}"),
        )

    def message(self, name="amal", said="nobody has this"):
        """Make a message for a person."""
        return Message(
            call=CallId("c"),
            person=PersonId(name),
            desk=DeskId("s"),
            medium=self.courier.medium,
            address=self.address(name),
            words=words(said),
        )

    def wait_for_report(self, outcome, attempt="c.1.1"):
        """Wait until an outcome was reported of an attempt; return what was said."""
        self.switchboard.wait_for(
            lambda board: outcome in board.outcomes(attempt), PATIENCE_S
        )
        return next(
            why
            for ring, said, why in self.switchboard.reports
            if (ring.attempt, said) == (attempt, outcome)
        )

    def wait_for_trouble(self):
        """Wait until the courier has seen that its peer is in trouble."""
        with self.courier.queue._wake:
            assert self.courier.queue._wake.wait_for(
                lambda: self.courier.queue._trouble, PATIENCE_S
            )

    def later(self, seconds):
        """Let so much time have passed."""
        self.clock.by += type(self.clock.by)(seconds=seconds)
        self.courier.queue.wake()


class EmailRig(Rig):
    """E-mail, with a mail server beside it."""

    busy, never = "450 4.2.0 Busy", "550 5.1.1 No such mailbox"
    garbage = "2x0 \x00nothing"

    def __init__(self, **settings):
        super().__init__(MailPeer(), **settings)

    def make(self, **settings):
        """Write through the peer."""
        fitted = {
            "smtp_host": "127.0.0.1",
            "smtp_port": self.peer.port,
            "security": MailSecurity.NONE,
            "sender": "line@north.example",
            "timeout_s": 10.0,
            "lmtp_port": free_port(),
            **settings,
        }
        return EmailCourier(Email(**fitted), clock=self.clock, chance=SystemChance())

    def address(self, name):
        """Return a mailbox."""
        return f"{name}@hospital.example"

    def subjects(self):
        """List subjects."""
        return [mail["Subject"] for mail in self.peer.mails]

    def slow(self, name):
        """Never answer for a mailbox."""
        self.peer.slow.add(self.address(name))


class WebhookRig(Rig):
    """A webhook, with a receiver."""

    busy, never, garbage = 503, 400, "garbage"

    def __init__(self, **settings):
        super().__init__(WebPeer(), **settings)

    def make(self, **settings):
        """Post to the peer."""
        self.secrets = WebhookSecrets(self.store, SystemChance())
        fitted = {"allow_private": True, "timeout_s": 10.0, **settings}
        return WebhookCourier(
            Webhook(**fitted),
            secrets=self.secrets,
            drop=lambda *dropped: self.dropped.append(dropped),
            clock=self.clock,
            chance=SystemChance(),
        )

    def address(self, name):
        """Return a URL that has a secret."""
        url = f"{self.peer.url}/{name}"
        if self.secrets.of(url) is None:
            self.secrets.make(url)
        return url

    def subjects(self):
        """List subjects."""
        return [json.loads(body)["data"]["subject"] for _, _, body in self.peer.posts]

    def slow(self, name):
        """Never answer a path."""
        self.peer.slow.add(f"/{name}")


class PushRig(Rig):
    """Web push, with a push service and browsers; a simulator, called so."""

    busy, never, garbage = 503, 400, "garbage"

    def __init__(self, **settings):
        self.browsers = {}
        super().__init__(WebPeer(status=201), **settings)

    def make(self, **settings):
        """Push through the peer."""
        fitted = {
            "contact": "mailto:duty@north.example",
            "allow_private": True,
            "timeout_s": 10.0,
            **settings,
        }
        return PushCourier(
            Push(**fitted),
            seed=bytes(range(40)),
            drop=lambda *dropped: self.dropped.append(dropped),
            clock=self.clock,
            chance=SystemChance(),
        )

    def address(self, name):
        """Return a subscription."""
        browser = self.browsers.setdefault(name, Browser())
        return browser.subscription(f"{self.peer.url}/{name}")

    def subjects(self):
        """List subjects, as the browsers read them."""
        return [
            self.browsers[path.strip("/")].read(body)["subject"]
            for path, _, body in self.peer.posts
        ]

    def slow(self, name):
        """Never answer a path."""
        self.peer.slow.add(f"/{name}")


class SmsRig(Rig):
    """Short messages, with an SMPP gateway."""

    busy, never = "Throttling error", "Invalid Destination"
    garbage = SmsPeer.GARBAGE

    def __init__(self, **settings):
        self.numbers = {}
        super().__init__(SmsPeer(), **settings)

    def make(self, **settings):
        """Send through the peer; it is looked for again at once where it is not."""
        fitted = {
            "host": "127.0.0.1",
            "port": self.peer.port,
            "system_id": "clearline",
            "password": "secret",
            "source": "+15550001",
            "receipts": False,
            **settings,
        }
        courier = SmsCourier(Sms(**fitted), clock=self.clock, chance=SystemChance())
        courier.session.waits_s = (0.05,)
        return courier

    def address(self, name):
        """Return a number."""
        number = f"+1555{1000 + len(self.numbers)}"
        return self.numbers.setdefault(name, number)

    def subjects(self):
        """List texts."""
        return [one["text"] for one in self.peer.all_taken()]

    def slow(self, name):
        """Never answer for a number."""
        self.peer.never_answer(self.address(name).removeprefix("+"))


RIGS = {
    "email": EmailRig,
    "webhook": WebhookRig,
    "push": PushRig,
    "sms": SmsRig,
}
