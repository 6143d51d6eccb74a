"""A whole node that rings by e-mail, webhook and web push, each with a real peer."""

import re
from email.message import EmailMessage

import pytest
from standardwebhooks import Webhook

from api.nodes import running
from clearline.model.calls import CallId
from clearline.model.entries import PersonSet
from clearline.model.parties import DeskId, Medium, Person, PersonId, Role
from peers import free_port
from peers.mail import MailPeer, deliver
from peers.web import Browser, WebPeer, read_token

MAILBOX = "duty@south.example"


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    """Run a node with its peers, and let the duty officer be reached by all three."""
    mail, web = MailPeer().start(), WebPeer().start()
    environment = {
        "CLEARLINE_EMAIL_SMTP_HOST": "127.0.0.1",
        "CLEARLINE_EMAIL_SMTP_PORT": str(mail.port),
        "CLEARLINE_EMAIL_SECURITY": "none",
        "CLEARLINE_EMAIL_SENDER": "line@north.example",
        "CLEARLINE_EMAIL_LMTP_PORT": str(free_port()),
        "CLEARLINE_WEBHOOK_ALLOW_PRIVATE": "true",
        "CLEARLINE_PUSH_ALLOW_PRIVATE": "true",
        "CLEARLINE_PUSH_CONTACT": "mailto:line@north.example",
    }
    folder = tmp_path_factory.mktemp("node") / "data"
    try:
        with running(folder, environment=environment) as served:
            served.enter(
                PersonSet(
                    person=Person(
                        id=PersonId("duty"),
                        desk=DeskId("south-ops"),
                        pseudonym="duty",
                        roles=(Role.DUTY_OFFICER, Role.OPERATOR),
                        media=(Medium.EMAIL, Medium.WEBHOOK, Medium.PUSH),
                    )
                )
            )
            yield served, mail, web
    finally:
        mail.stop()
        web.stop()


def enter(served, medium, address):
    """Enter where the duty officer is reached, as they do themselves."""
    with served.as_person("duty") as duty:
        return duty.post(
            "/api/v1/persons/duty/addresses",
            json={"medium": medium, "address": address},
        )


def test_a_stop_reaches_every_medium_and_an_answer_comes_back(line):
    """Mailbox, software and browser are rung; the mail's code acknowledges."""
    served, mail, web = line
    hook = f"{web.url}/hook"
    secret = enter(served, "webhook", hook).json()["secret"]
    browser = Browser()
    assert enter(served, "email", MAILBOX).json()["secret"] == ""
    endpoint = f"{web.url}/push"
    assert enter(served, "push", browser.subscription(endpoint)).status_code == 201
    with served.as_person("lina") as lina:
        raised = lina.post(
            "/api/v1/calls", json={"kind": "STOP", "to_desk": "south-ops"}
        )
    assert raised.status_code < 300, raised.text
    posts = {path: (headers, body) for path, headers, body in web.wait_for(2)}
    told = Webhook(secret).verify(posts["/hook"][1], posts["/hook"][0])
    assert told["data"]["kind"] == "STOP"
    shown = browser.read(posts["/push"][1])
    assert shown["call"] == told["data"]["call"]
    _, key = read_token(posts["/push"][0]["authorization"], endpoint)
    with served.anybody() as anybody:
        assert anybody.get("/api/v1/node").json()["push_key"] == key
    rung = mail.wait_for(1)[0]
    code = re.search(r"Answer with (\d{6}) 1", rung.get_content())[1]
    answer = EmailMessage()
    answer["From"], answer["To"] = MAILBOX, "line@north.example"
    answer["Message-ID"], answer["In-Reply-To"] = "<1@south>", rung["Message-ID"]
    answer["Subject"] = f"Re: {rung['Subject']}"
    answer.set_content(f"{code} 1\n")
    listener = served.service.couriers[Medium.EMAIL].listener
    deliver(listener._port, answer.as_bytes(), MAILBOX)
    with served.service.node.looking() as view:
        call = view.calls.get(CallId(told["data"]["call"]))
    assert [had.by.person for had in call.acknowledgements] == ["duty"]
    assert call.acknowledgements[0].by.strength == "code"


def test_a_secret_is_made_anew_when_it_is_lost(line):
    """Entered again, the address has another secret, told once."""
    served, _, web = line
    url = f"{web.url}/other"
    first, second = (enter(served, "webhook", url).json()["secret"] for _ in range(2))
    assert first.startswith("whsec_")
    assert first != second
    with served.as_person("duty") as duty:
        listed = duty.get("/api/v1/persons/duty/addresses").text
    assert second not in listed


def test_what_no_browser_gave_is_no_address(line):
    """A push address that is none is refused where it is entered."""
    served, _, _ = line
    answer = enter(served, "push", "https://push.example/1")
    assert answer.status_code in (400, 422)
    assert "PushSubscription" in answer.json()["next"]
