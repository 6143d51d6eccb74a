"""Answers that lie in a mailbox, over a real mail server: Dovecot."""

import shutil
import threading
from email.message import EmailMessage

import pytest

from clearline.adapters.chance import SystemChance
from clearline.adapters.clock import SystemClock
from clearline.adapters.couriers import imap
from clearline.adapters.couriers.email import EmailCourier
from clearline.adapters.couriers.imap import TRIES, Mailbox
from clearline.adapters.couriers.lmtp import TryAgain
from clearline.adapters.couriers.mail_in import MOST_BYTES
from clearline.adapters.settings import Email, MailSecurity
from clearline.model.parties import Medium
from clearline.service.calling import CourierStanding, Said
from couriers import KeepingSwitchboard
from peers.imap import PASSWORD, USER, ImapPeer

pytestmark = pytest.mark.skipif(
    shutil.which("dovecot") is None,
    reason="Dovecot is not installed: apt-get install dovecot-imapd",
)


@pytest.fixture
def peer(monkeypatch):
    """Run a mail server with one mailbox."""
    monkeypatch.setattr(imap, "WAITS_S", (0.05,))
    found = ImapPeer()
    try:
        yield found.start()
    finally:
        found.close()


class Taking:
    """Take mails, or not, as a test says."""

    def __init__(self):
        self.mails = []
        self.refusals = []
        self.changed = threading.Condition()

    def __call__(self, raw, sender):
        """Take one."""
        with self.changed:
            self.changed.notify_all()
            if self.refusals:
                raise self.refusals.pop(0)
            self.mails.append((raw, sender))

    def wait_for(self, count):
        """Wait until so many were taken."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.mails) >= count, 30), (
                self.mails
            )


@pytest.fixture
def taking():
    """Take mails."""
    return Taking()


@pytest.fixture
def looking(peer, taking):
    """Start mailboxes that are looked into, and stop them afterwards."""
    started = []

    def start(**how):
        settings = Email(
            **{
                "imap_host": "127.0.0.1",
                "imap_port": peer.port,
                "imap_security": MailSecurity.NONE,
                "imap_user": USER,
                "imap_password": PASSWORD,
                "imap_every_s": 1.0,
                **how,
            }
        )
        mailbox = Mailbox(settings, taking, peer.trust())
        started.append(mailbox)
        mailbox.start()
        return mailbox

    yield start
    for mailbox in started:
        mailbox.stop()


def mail(text, name="<a-1@hospital.example>"):
    """Write a mail to us."""
    made = EmailMessage()
    made["From"] = "Amal <amal@hospital.example>"
    made["To"] = USER
    made["Subject"] = "Re: STOP 12 from North"
    made["Message-ID"] = name
    made.set_content(text)
    return made.as_bytes()


def until(is_so):
    """Wait until something holds; the mail server tells a test of nothing."""
    for _ in range(600):
        if is_so():
            return
        threading.Event().wait(0.05)
    pytest.fail("it never came")


def test_a_mail_is_taken_once_and_marked_as_seen(peer, taking, looking):
    """What lies in the mailbox is taken whole, with its envelope's sender."""
    peer.put(mail("482913 1"))
    mailbox = looking()
    taking.wait_for(1)
    until(lambda: rb"\Seen" in peer.flags()[0])
    peer.put(mail("482913 5", "<a-2@hospital.example>"))
    taking.wait_for(2)
    (first, sender), (second, _) = taking.mails
    assert b"482913 1" in first
    assert b"482913 5" in second
    assert sender == "amal@hospital.example"
    assert mailbox.trouble == ""


def test_a_bounce_has_no_sender(peer, taking, looking):
    """An empty return path is kept empty: nobody is answered by a machine."""
    peer.put(mail("your mail could not be delivered"), path="")
    looking()
    taking.wait_for(1)
    assert taking.mails[0][1] == ""


def test_without_a_return_path_the_writer_is_the_sender(peer, taking, looking):
    """A server that keeps no envelope is believed about who wrote; no proof."""
    peer.put(mail("482913 1"), path=None)
    looking()
    taking.wait_for(1)
    assert taking.mails[0][1] == "amal@hospital.example"


def test_what_the_node_cannot_take_now_stays_and_is_taken_later(peer, taking, looking):
    """A busy node loses nothing: the mail stays unseen until it is taken."""
    taking.refusals = [TryAgain("the node is starting")] * (TRIES + 1)
    peer.put(mail("482913 1"))
    looking()
    taking.wait_for(1)
    until(lambda: rb"\Seen" in peer.flags()[0])
    assert rb"\Flagged" not in peer.flags()[0]


def test_a_mail_nobody_can_take_holds_up_no_other(peer, taking, looking):
    """After a few faults it is flagged for a person, and the next one is taken."""
    taking.refusals = [RuntimeError("a fault of ours")] * TRIES
    peer.put(mail("poison"))
    peer.put(mail("482913 1", "<a-2@hospital.example>"))
    looking()
    taking.wait_for(1)
    assert b"482913 1" in taking.mails[0][0]
    assert rb"\Flagged" in peer.flags()[0]


def test_a_mail_too_long_to_be_an_answer_is_not_fetched(peer, taking, looking):
    """It is flagged for a person, and the next one is taken."""
    peer.put(mail("x" * 70 + "\n") + b"y\n" * (MOST_BYTES // 2))
    peer.put(mail("482913 1", "<a-2@hospital.example>"))
    looking()
    taking.wait_for(1)
    assert b"482913 1" in taking.mails[0][0]
    assert rb"\Flagged" in peer.flags()[0]


@pytest.mark.parametrize("security", [MailSecurity.TLS, MailSecurity.STARTTLS])
def test_it_is_looked_into_over_tls(peer, taking, looking, security):
    """From the start, or once asked for; the certificate is held against the trust."""
    port = peer.tls_port if security is MailSecurity.TLS else peer.port
    peer.put(mail("482913 1"))
    looking(imap_security=security, imap_port=port)
    taking.wait_for(1)


def test_a_certificate_nobody_trusts_is_trouble(peer, taking):
    """No password is given to whoever merely answers."""
    settings = Email(
        imap_host="127.0.0.1",
        imap_port=peer.tls_port,
        imap_user=USER,
        imap_password=PASSWORD,
    )
    peer.put(mail("482913 1"))
    mailbox = Mailbox(settings, taking)
    mailbox.start()
    try:
        until(lambda: "certificate" in mailbox.trouble.lower())
    finally:
        mailbox.stop()
    assert taking.mails == []


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"imap_password": "wrong"}, "AUTHENTICATIONFAILED"),
        ({"imap_folder": "No such folder"}, "exist"),
        ({"imap_host": "mail.north.example"}, "imap_security"),
        ({"imap_port": 9}, "refused"),
    ],
    ids=["password", "folder", "readable", "nobody"],
)
def test_what_is_wrong_is_said(looking, how, says):
    """Whoever set it up wrongly reads why no answers come."""
    mailbox = looking(**how)
    until(lambda: says.casefold() in mailbox.trouble.casefold())


def test_a_server_that_was_dead_is_asked_again(peer, taking, looking):
    """It dies and comes back: what came meanwhile is taken."""
    mailbox = looking()
    until(lambda: mailbox.trouble == "")
    peer.stop()
    until(lambda: mailbox.trouble != "")
    peer.start()
    peer.put(mail("482913 1"))
    taking.wait_for(1)
    until(lambda: mailbox.trouble == "")


def test_an_answer_from_the_mailbox_reaches_the_switchboard(peer):
    """The courier that rings by e-mail also looks into the mailbox, and says how."""
    board = KeepingSwitchboard(Said(text="", spoken=""))
    courier = EmailCourier(
        Email(
            smtp_host="127.0.0.1",
            sender=USER,
            security=MailSecurity.NONE,
            imap_host="127.0.0.1",
            imap_port=peer.port,
            imap_security=MailSecurity.NONE,
            imap_user=USER,
            imap_password=PASSWORD,
            imap_every_s=1.0,
        ),
        clock=SystemClock(),
        chance=SystemChance(),
    )
    peer.put(mail("482913 1"))
    courier.start(board)
    try:
        board.wait_for(lambda b: b.came)
        until(lambda: courier.state().standing is CourierStanding.READY)
    finally:
        courier.stop()
    (came,) = board.came
    assert (came.words, came.address) == ("482913 1", "amal@hospital.example")
    assert (came.medium, came.id) == (Medium.EMAIL, "<a-1@hospital.example>")
