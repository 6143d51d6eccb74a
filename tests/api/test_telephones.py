"""A whole node, a real SMPP gateway, and two telephones that only write."""

import re
import threading

import pytest

from api.nodes import running
from clearline.model.access import SecretKind
from clearline.model.entries import PersonSet
from clearline.model.parties import DeskId, Medium, Person, PersonId, Role
from clearline.service.calling import Address
from peers.sms import SmppGateway

LINAS, CHIEFS, STRANGERS = "+15550100", "+15550200", "+15550999"
PASSED_OVER: list[dict] = []


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    """Run a node whose short messages go through the gateway; enrol two numbers."""
    gateway = SmppGateway()
    environment = {
        "CLEARLINE_SMS_HOST": "127.0.0.1",
        "CLEARLINE_SMS_PORT": str(gateway.port),
        "CLEARLINE_SMS_SYSTEM_ID": "clearline",
        "CLEARLINE_SMS_PASSWORD": "secret",
        "CLEARLINE_SMS_SOURCE": "+15550001",
    }
    folder = tmp_path_factory.mktemp("node") / "data"
    try:
        with running(folder, environment=environment) as served:
            for person, desk, number in (
                ("lina", "north-ops", LINAS),
                ("chief", "south-hq", CHIEFS),
            ):
                enrol(served, person, desk, number)
            gateway.wait("bound")
            yield served, gateway
    finally:
        gateway.stop()


def enrol(served, person, desk, number):
    """Give a person a number, a PIN, and short messages to be rung by."""
    served.enter(
        PersonSet(
            person=Person(
                id=PersonId(person),
                desk=DeskId(desk),
                pseudonym=person,
                roles=(Role.DUTY_OFFICER, Role.OPERATOR),
                media=(Medium.SCREEN, Medium.SMS),
            )
        )
    )
    served.service.addresses.keep(
        Address(person=PersonId(person), medium=Medium.SMS, address=number)
    )
    served.service.secrets.keep(PersonId(person), SecretKind.PIN, "4821")


def texts_to(gateway, number, matching):
    """Wait for a message to a number that matches, and return the match.

    Messages to others may come before it, and are looked at when they are asked for.
    """
    for at, sent in enumerate(PASSED_OVER):
        if found := _is_it(sent, number, matching):
            del PASSED_OVER[at]
            return found
    for _ in range(50):
        sent = gateway.wait("submit")
        if found := _is_it(sent, number, matching):
            return found
        PASSED_OVER.append(sent)
    raise AssertionError(matching)


def _is_it(sent, number, matching):
    is_to = sent["to"] == number.removeprefix("+")
    return re.search(matching, sent["text"]) if is_to else None


def write(gateway, number, text):
    """Let a telephone write to the node."""
    gateway.do("deliver", **{"from": number.removeprefix("+")}, text=text)


def until(is_so):
    """Wait for what follows from a message; nothing tells when it was written."""
    for _ in range(400):
        if is_so():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it never came")


def test_a_stop_by_short_message_is_answered_by_short_message(line):
    """PIN, STOP, ring with a code, code 1: both telephones hear, the log names both."""
    served, gateway = line
    write(gateway, LINAS, "STOP 4821 shelling at the gate")
    code = texts_to(gateway, CHIEFS, r"\b(\d{6}) 1=")[1]
    write(gateway, CHIEFS, f"{code} 1")
    texts_to(gateway, CHIEFS, r"^You have STOP")
    texts_to(gateway, LINAS, r"(?i)somebody has")
    with served.as_person("lina") as lina:
        calls = lina.get("/api/v1/calls").json()["items"]
    call = next(one for one in calls if one["to_desk"] == "south-hq")
    assert call["raised_by"]["strength"] == "pin"
    assert call["card"]["what"] == "shelling at the gate"


def test_a_strangers_stop_rings_our_own_desk(line):
    """Unproven, it goes to nobody else; the desk is told which number to call."""
    served, gateway = line
    write(gateway, STRANGERS, "STOP please")
    texts_to(gateway, STRANGERS, "HEARD, NOT PROVEN")

    def rung():
        with served.service.node.looking() as view:
            return [
                call
                for call in view.calls.values()
                if STRANGERS in call.card.what and call.to_party == "north"
            ]

    until(rung)


def test_a_node_says_how_its_telephones_are(line):
    """Set up and bound is ready; what is not set up says so."""
    served, _ = line
    states = {state.medium: state for state in served.service.courier_states()}
    assert states[Medium.SMS].standing == "ready"
    assert states[Medium.VOICE].standing == "not set up"
