"""A notice forwarded to a desk without a node: the node sends it by e-mail."""

import threading
from contextlib import contextmanager

import pytest

from api.nodes import running
from api.test_notices import NOTICES, a_site, files
from clearline.model.disclosures import NoticeDisclosed
from clearline.model.entries import DeskSet, PartySet, PersonSet
from clearline.model.notice_acts import NoticeRouted, NoticeTold
from clearline.model.parties import (
    Desk,
    DeskId,
    Medium,
    Party,
    PartyId,
    Person,
    PersonId,
    Role,
)
from clearline.service.calling import Address
from peers.mail import MailPeer

FAR = "far-desk"
MAILBOX = "duty@far.example"
PATIENCE_S = 60.0
"""How long a test waits for what must come; never how long it takes."""


class Ears:
    """Hear what is written, and wait for it."""

    def __init__(self, service):
        self.service, self._at = service, {}
        self._changed = threading.Condition()
        service.listeners.add(self.hear)
        with service.node.looking() as view:
            size = view.size  # what was written before anybody listened
        for index, entry in service.entries(range(size)):
            self._keep(index, entry)

    @property
    def acts(self):
        """List every act of the log, in order."""
        return [self._at[index] for index in sorted(self._at)]

    def hear(self, written):
        """Keep every act."""
        for number, entry in enumerate(written.entries):
            self._keep(written.first + number, entry)

    def _keep(self, index, entry):
        with self._changed:
            self._at[index] = entry.act
            self._changed.notify_all()

    def wait_for(self, kind, count):
        """Wait until so many acts of a kind were written; return them."""
        with self._changed:
            assert self._changed.wait_for(
                lambda: len(self._of(kind)) >= count, PATIENCE_S
            ), (
                self.acts,
                self.service.forwarding.trouble,
                self.service.courier_states(),
            )
            return self._of(kind)

    def _of(self, kind):
        return [act for act in self.acts if isinstance(act, kind)]


def by_mail(peer):
    """Write the settings of a node that sends through a peer."""
    return {
        "CLEARLINE_EMAIL_SMTP_HOST": "127.0.0.1",
        "CLEARLINE_EMAIL_SMTP_PORT": str(peer.port),
        "CLEARLINE_EMAIL_SECURITY": "none",
        "CLEARLINE_EMAIL_SENDER": "line@north.example",
    }


def without_a_node(served, *mailboxes):
    """Enter a desk whose people are reached by e-mail alone."""
    served.enter(PartySet(party=Party(id=PartyId("far"), name="far")))
    far = Desk(id=DeskId(FAR), party=PartyId("far"), name="far away")
    served.enter(DeskSet(desk=far))
    person = Person(
        id=PersonId("far-duty"),
        desk=far.id,
        pseudonym="far duty",
        roles=(Role.DUTY_OFFICER,),
        media=(Medium.EMAIL,),
    )
    served.enter(PersonSet(person=person))
    for place, mailbox in enumerate(mailboxes):
        served.service.addresses.keep(
            Address(person=person.id, medium=Medium.EMAIL, address=mailbox, place=place)
        )


def file_one(served, ref, precision="coarse"):
    """File a site that goes through the monitor to the desk without a node."""
    consents = [{"desk": FAR, "precision": precision, "by": "north", "source": "form"}]
    with served.as_person("lina") as lina:
        files(lina, a_site(ref, through="monitor-ops", tells=[FAR], consents=consents))


def forward(served, ref, **more):
    """Let the monitor forward it."""
    with served.as_person("observer") as observer:
        said = observer.post(
            f"{NOTICES}/{ref}/routing",
            json={"routing": "forwarded", "to": FAR, **more},
        )
    assert said.status_code == 200, said.text
    return said.json()


def seen(served, ref):
    """Look at a notice as its owner does."""
    with served.as_person("lina") as lina:
        return lina.get(f"{NOTICES}/{ref}").json()["notice"]


@pytest.fixture
def peer():
    """Run a mail server."""
    found = MailPeer().start()
    yield found
    found.stop()


@contextmanager
def sending(folder, peer, **how):
    """Run a node that sends, and hear what it writes."""
    with running(folder, environment=by_mail(peer), **how) as served:
        yield served, Ears(served.service)


@pytest.mark.parametrize("precision", ["exact", "coarse", "existence"])
def test_it_is_sent_with_its_sheet_as_far_as_that_desk_may_know(
    tmp_path, peer, precision
):
    """The mail says what disclosure lets out, and the route says that it left."""
    with sending(tmp_path / "data", peer) as (served, ears):
        without_a_node(served, MAILBOX)
        file_one(served, "s-1", precision)
        assert forward(served, "s-1")["faults"] == []
        routed = ears.wait_for(NoticeRouted, 2)
        (mail,) = peer.mails
        body, sheet = mail.get_body().get_content(), next(mail.iter_attachments())
        assert (mail["To"], sheet.get_filename()) == (MAILBOX, "s-1.txt")
        whole = body + sheet.get_content()
        assert "creates no protection" in body
        assert "creates no protection" in sheet.get_content()
        assert ("35.56789" in whole) is (precision == "exact")
        assert ("within 35.5" in whole) is (precision == "coarse")
        assert "15550100" not in whole
        assert routed[1].by.person is None
        assert routed[1].sheet == routed[0].sheet
        assert MAILBOX not in str(ears.acts)  # no address is in the log
        assert len([one for one in ears.acts if isinstance(one, NoticeDisclosed)]) == 1
        assert seen(served, "s-1")["routed"][1]["why"].startswith("sent by e-mail")
        with served.as_person("observer") as observer:
            said = observer.post(
                f"{NOTICES}/s-1/answers",
                json={"disposition": "acknowledged", "desk": FAR},
            )
        assert said.status_code == 200, said.text  # they have nobody here to say it


def test_where_no_mailbox_takes_it_way_and_owner_are_told_why(tmp_path, peer):
    """Each mailbox is tried; then the server's words, without the mailbox."""
    peer.answers = [f"550 5.1.1 <{MAILBOX}> unknown", "550 5.2.1 <b@far.example> shut"]
    with sending(tmp_path / "data", peer) as (served, ears):
        without_a_node(served, MAILBOX, "b@far.example")
        file_one(served, "s-2")
        forward(served, "s-2")
        told = ears.wait_for(NoticeTold, 2)
        assert [one.desk for one in told] == ["monitor-ops", "north-ops"]
        assert {one.telling for one in told} == {"its e-mail failed"}
        assert "550 5.2.1 <the mailbox> shut" in told[0].text
        assert "far.example" not in str(ears.acts)
        assert peer.mails == []
        assert len(seen(served, "s-2")["routed"]) == 1
        forward(served, "s-2")  # once more, now that it is taken
        ears.wait_for(NoticeRouted, 3)
        assert len(peer.mails) == 1


def test_the_next_mailbox_takes_what_the_first_refuses(tmp_path, peer):
    """One mailbox that is gone keeps nobody from being told."""
    peer.answers = ["550 5.1.1 unknown"]
    with sending(tmp_path / "data", peer) as (served, ears):
        without_a_node(served, MAILBOX, "b@far.example")
        file_one(served, "s-3")
        forward(served, "s-3")
        ears.wait_for(NoticeRouted, 2)
        assert [mail["To"] for mail in peer.mails] == ["b@far.example"]


def test_what_was_not_known_to_have_left_is_sent_again_at_the_next_start(
    tmp_path, peer
):
    """Killed after the entry, it is the same mail twice, then never again."""
    with sending(tmp_path / "data", peer) as (served, ears):
        without_a_node(served, MAILBOX)
        file_one(served, "s-4")
        served.service.forwarding._settle = lambda *_: None  # as a kill leaves it
        forward(served, "s-4")
        peer.wait_for(1, PATIENCE_S)
    with sending(tmp_path / "data", peer, has_people=False) as (served, ears):
        first, again = peer.wait_for(2, PATIENCE_S)
        assert first["Message-ID"] == again["Message-ID"]
        ears.wait_for(NoticeRouted, 2)
        assert len(seen(served, "s-4")["routed"]) == 2
        stop_when_idle(served)
        assert served.service.local.values("mail/") == {}


def stop_when_idle(served):
    """Let it finish what it does."""
    served.service.forwarding.stop()
    served.service.forwarding._thread.join()


def test_what_was_amended_before_it_left_does_not_leave(tmp_path, peer):
    """A sheet that no longer stands is not sent; its way hears of it."""
    with sending(tmp_path / "data", peer) as (served, ears):
        without_a_node(served, MAILBOX)
        file_one(served, "s-5")
        served.service.forwarding._look = lambda *_: None  # killed after the entry
        forward(served, "s-5")
        with served.as_person("lina") as lina:
            form = a_site("s-5", through="monitor-ops", tells=[FAR], what="it moved")
            form["details"]["request"] = "amend"
            said = lina.post(f"{NOTICES}/s-5/revisions", json=form)
            assert said.status_code == 200, said.text
    with sending(tmp_path / "data", peer, has_people=False) as (_, ears):
        told = ears.wait_for(NoticeTold, 2)
        assert {one.telling for one in told} == {"its e-mail failed"}
        assert "it has changed since it was forwarded" in told[0].text
        assert peer.mails == []


def test_without_e_mail_it_is_recorded_and_says_that_nothing_was_sent(tmp_path):
    """It stays as it was: written, and sent by hand."""
    with running(tmp_path / "data") as served:
        without_a_node(served, MAILBOX)
        file_one(served, "s-6")
        (fault,) = forward(served, "s-6")["faults"]
        assert (fault["severity"], fault["field"]) == ("warn", "to")
        assert "nothing was sent" in fault["wrong"]
        (routed,) = seen(served, "s-6")["routed"]
        assert not routed.get("sheet")


def test_a_sheet_that_is_given_was_sent_by_hand(tmp_path, peer):
    """Nothing that somebody added leaves, whatever they say that it shows."""
    with sending(tmp_path / "data", peer) as (served, ears):
        without_a_node(served, MAILBOX)
        file_one(served, "s-7")
        kept = served.service.attachments.keep("s.txt", b"35.56789N", by="monitor")
        sheet = {
            "name": "s.txt",
            "media_type": "text/plain",
            "sha256": kept.sha256,
            "bytes_long": kept.bytes_long,
            "shows": "what this node sends by e-mail",
        }
        forward(served, "s-7", sheet=sheet, why="by e-mail")
        (act,) = ears.wait_for(NoticeRouted, 1)
        assert act.sheet.shows == ""
        stop_when_idle(served)
        assert peer.mails == []
