"""Rings by e-mail and answers to them, over a mail server each way."""

import queue
import smtplib
from email.message import EmailMessage

import msgspec
import pytest

from clearline.adapters.couriers.mail_in import Report
from clearline.adapters.settings import MailSecurity
from clearline.model.calls import AttemptId, Outcome
from clearline.model.errors import BrokenPromise
from clearline.service.calling import CourierStanding, Enclosed, Said
from contract.rigs import PATIENCE_S, EmailRig, words
from peers.mail import deliver

AMAL = "amal@hospital.example"
WORD = "open-sesame"


@pytest.fixture
def rig():
    """Have e-mail running both ways."""
    found = EmailRig()
    found.peer.start()
    found.start()
    yield found
    found.close()


def answer(text, **headers):
    """Write a mail to us."""
    mail = EmailMessage()
    mail["From"] = headers.pop("sender", f"Amal <{AMAL}>")
    mail["To"] = "line@north.example"
    mail["Subject"] = "Re: STOP 12 from North"
    mail["Message-ID"] = headers.pop("id", "<answer-1@hospital.example>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def give(rig, raw, sender=AMAL):
    """Hand a mail over as the mail server does."""
    return deliver(rig.courier.listener._port, raw, sender)


def sent(rig, attempt="c.1.1"):
    """Ring, and return the mail as the server took it."""
    rig.courier.ring(rig.ring(attempt=attempt))
    rig.wait_for_report(Outcome.SENT, attempt)
    return rig.peer.mails[-1]


def test_a_ring_is_one_mail_by_its_message_id(rig):
    """The same attempt is the same mail however often it is tried; another is not."""
    first = sent(rig)
    rig.switchboard.reports.clear()
    again = sent(rig)
    other = sent(rig, "c.2.1")
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert first["Message-ID"].endswith("@north.example>")
    assert first["References"] == other["References"]
    assert first["Subject"] == "STOP for c.1.1"
    assert first.get_content().split("\r\n") == ["STOP for c.1.1", ""]


def test_a_ring_is_marked_as_a_machines_and_as_urgent(rig):
    """Nobody's out-of-office answers it, and it stands out in a mailbox."""
    mail = sent(rig)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert (mail["X-Priority"], mail["Importance"]) == ("1", "high")
    assert mail["X-Envelope-From"] == "line@north.example"


def test_a_report_of_delivery_is_asked_for(rig):
    """The server is asked to say what becomes of the mail."""
    sent(rig)
    asked = {name: value for one in rig.peer.asked for name, value in one.items()}
    assert (asked["NOTIFY"], asked["RET"]) == ("SUCCESS,FAILURE", "HDRS")


def test_an_answer_comes_in_with_its_ring(rig):
    """The first lines, without what is quoted, with the ring it answers."""
    mail = sent(rig)
    raw = answer(
        "481516 1\nwe are on it\n\nOn Sunday North wrote:\n> Answer with 999999 2\n",
        In_Reply_To=mail["Message-ID"],
    )
    give(rig, raw)
    (came,) = rig.switchboard.came
    assert came.words == "481516 1\nwe are on it"
    assert (came.address, came.attempt) == (AMAL, "c.1.1")
    assert came.id == "<answer-1@hospital.example>"
    assert b"999999" in came.raw


def test_what_is_answered_goes_back_by_mail(rig):
    """Whoever wrote is told what happened, as a machine's own word."""
    rig.switchboard.answer = Said(text="You have STOP 12.", spoken="")
    give(rig, answer("481516 1"))
    mail = rig.peer.wait_for(1)[-1]
    assert mail["To"] == AMAL
    assert mail["Subject"] == "Re: STOP 12 from North"
    assert mail.get_content().strip() == "You have STOP 12."
    assert mail["Auto-Submitted"] == "auto-generated"


def test_where_nothing_is_to_be_said_nothing_is_written(rig):
    """An empty answer is no mail."""
    rig.switchboard.answer = Said(text="", spoken="")
    give(rig, answer("hello"))
    assert rig.courier.queue.wait_until_idle(PATIENCE_S)
    assert rig.peer.mails == []


@pytest.mark.parametrize(
    "marks",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-replied; owner-email=x"},
        {"Precedence": "bulk"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"X_Auto_Response_Suppress": "All"},
        {"List_Id": "<everybody.hospital.example>"},
    ],
)
def test_a_machine_is_never_listened_to_or_answered(rig, marks):
    """Out of office, lists and loops acknowledge nothing, code or not."""
    give(rig, answer("481516 1", **marks))
    assert rig.switchboard.came == []
    assert rig.courier.queue.wait_until_idle(PATIENCE_S)
    assert rig.peer.mails == []


def test_a_mail_without_a_sender_is_a_machines(rig):
    """A bounce is nobody's word."""
    give(rig, answer("481516 1"), sender="")
    assert rig.switchboard.came == []


def test_two_out_of_office_machines_do_not_write_for_ever(rig):
    """What we write back is marked, so it is noise to us as to others."""
    rig.switchboard.answer = Said(text="Heard.", spoken="")
    give(rig, answer("hello"))
    ours = rig.peer.wait_for(1)[-1]
    give(rig, ours.as_bytes(), sender="line@north.example")
    assert len(rig.switchboard.came) == 1


def report(about, action, words="550 5.1.1 unknown"):
    """Write what a mail server reports (RFC 3464 appendix E)."""
    return (
        "From: MAILER-DAEMON@hospital.example\r\n"
        "To: line@north.example\r\n"
        "Auto-Submitted: auto-replied\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n'
        "\r\n--b\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; hospital.example\r\n\r\n"
        f"Final-Recipient: rfc822; {AMAL}\r\nAction: {action}\r\n"
        f"Status: 5.1.1\r\nDiagnostic-Code: smtp; {words}\r\n\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Subject: STOP\r\nMessage-ID: {about}\r\n\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("action", "outcome"),
    [("failed", Outcome.FAILED), ("delivered", Outcome.DELIVERED)],
)
def test_what_a_server_reports_is_reported(rig, action, outcome):
    """A mail that lies in the mailbox, or never will, in the server's words."""
    mail = sent(rig)
    give(rig, report(mail["Message-ID"], action), sender="")
    why = rig.wait_for_report(outcome)
    assert "550 5.1.1 unknown" in why
    assert rig.switchboard.came == []


@pytest.mark.parametrize("action", ["delayed", "relayed", "acknowledged", ""])
def test_what_a_server_reports_besides_is_left(rig, action):
    """A delay is no end, and a report of nothing is nothing."""
    mail = sent(rig)
    give(rig, report(mail["Message-ID"], action), sender="")
    assert rig.switchboard.outcomes("c.1.1") == [Outcome.SENT]


def test_a_report_about_a_mail_we_did_not_send_is_left(rig):
    """A server that lies about another attempt changes nothing."""
    sent(rig)
    give(rig, report("<another@north.example>", "delivered"), sender="")
    assert rig.switchboard.outcomes("c.1.1") == [Outcome.SENT]


def test_a_mail_the_node_cannot_take_stays_with_the_server(rig):
    """It is asked to keep it, and gives it again later."""

    def refuse(_came):
        raise BrokenPromise("No disk.", state="Nothing was kept.", next="Wait.")

    taken, rig.switchboard.came_in = rig.switchboard.came_in, refuse
    with pytest.raises(smtplib.SMTPDataError) as refused:
        give(rig, answer("481516 1"))
    assert refused.value.smtp_code == 451
    rig.switchboard.came_in = taken
    give(rig, answer("481516 1"))
    assert len(rig.switchboard.came) == 1


def test_a_mail_that_is_too_long_is_refused(rig):
    """Nobody fills our memory by mail."""
    with pytest.raises(smtplib.SMTPException):
        give(rig, answer("a" * 70 + "\n") + b"a\r\n" * 400_000)
    assert rig.switchboard.came == []


def test_a_password_never_goes_over_a_line_that_can_be_read():
    """Where STARTTLS is asked for and not offered, nothing is signed in or sent."""
    rig = EmailRig(security=MailSecurity.STARTTLS, user="line", password=WORD)
    rig.peer.start()
    rig.start()
    rig.courier.ring(rig.ring())
    rig.wait_for_trouble()
    state = rig.courier.test()
    assert state.standing is CourierStanding.TROUBLED
    assert WORD not in state.trouble
    assert rig.peer.mails == []
    rig.close()


def test_a_password_is_not_given_to_a_far_server_that_speaks_openly():
    """Settings that would show it to anybody on the way are refused, and why.

    Nothing can ever leave by them: it is said before anybody is rung.
    """
    rig = EmailRig(smtp_host="mail.example", user="line", password=WORD)
    rig.start()
    state = rig.courier.state()
    assert state.standing is CourierStanding.NOT_SET_UP
    assert "can be read" in state.trouble
    rig.courier.ring(rig.ring())
    assert "can be read" in rig.wait_for_report(Outcome.FAILED)
    assert rig.courier.test().standing is CourierStanding.NOT_SET_UP
    rig.close()


def test_without_a_server_it_is_not_set_up():
    """A node without e-mail says so, and its attempts are failed with that reason."""
    rig = EmailRig(smtp_host="", lmtp_port=0)
    rig.start()
    assert rig.courier.test().standing is CourierStanding.NOT_SET_UP
    rig.courier.ring(rig.ring())
    assert "no mail server" in rig.wait_for_report(Outcome.FAILED)
    rig.courier.let_go(AttemptId("c.1.1"))
    rig.close()


def test_a_port_that_is_taken_is_said():
    """A node whose answers cannot come in says so, and rings all the same."""
    first = EmailRig()
    first.start()
    second = EmailRig(lmtp_port=first.courier.listener._port)
    second.peer.start()
    second.start()
    sent(second)
    state = second.courier.state()
    assert state.standing is CourierStanding.TROUBLED
    assert "answers cannot come in" in state.trouble
    first.close()
    second.close()


def test_what_became_of_a_message_is_told_to_whoever_asked(rig):
    """Sent, then what its server reports of it, once; its file goes with it."""
    became = queue.SimpleQueue()
    message = msgspec.structs.replace(
        rig.message(),
        name="notice s-1/1/far",
        enclosed=Enclosed(name="s-1.txt", text="WHERE  wo\n"),
        became=lambda *said: became.put(said),
    )
    rig.courier.tell(message)
    assert became.get(timeout=PATIENCE_S)[0] is Outcome.SENT
    (mail,) = rig.peer.mails
    (sheet,) = mail.iter_attachments()
    assert sheet.get_content().split() == ["WHERE", "wo"]
    for _ in range(2):
        rig.courier._report(
            Report(about=mail["Message-ID"], action="failed", words="full")
        )
    assert became.get(timeout=PATIENCE_S) == (Outcome.FAILED, "full")
    assert became.empty()
    reworded = msgspec.structs.replace(message, words=words("otherwise"))
    rig.courier.tell(reworded)
    assert became.get(timeout=PATIENCE_S)[0] is Outcome.SENT
    assert len({mail["Message-ID"] for mail in rig.peer.mails}) == 1


def test_a_message_that_is_refused_says_so_in_the_servers_words(rig):
    """A mailbox that is not there is a failure at once, and no ring's."""
    became = queue.SimpleQueue()
    rig.peer.answers = [rig.never]
    rig.courier.tell(
        msgspec.structs.replace(
            rig.message(), name="n", became=lambda *said: became.put(said)
        )
    )
    assert became.get(timeout=PATIENCE_S) == (Outcome.FAILED, rig.never)
    assert rig.switchboard.reports == []
