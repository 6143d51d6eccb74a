"""A person's passkey is checked before what they signed is written."""

import json

import pytest
from msgspec.structs import replace

from clearline.compose.node import memory_node
from clearline.model.calls import CallId, Kind
from clearline.model.commands import Enter, RaiseCall
from clearline.model.entries import CallRaised, PersonSet, Rang
from clearline.model.parties import (
    Actor,
    DeskId,
    Evidence,
    Person,
    PersonId,
    Role,
    Strength,
)
from clearline.model.parties import Passkey as EnteredPasskey
from clearline.rules.refusals import NotProven
from clearline.service.writer import Written
from faults.desks import LINE, NORTH, Dial, ask, stop
from faults.nodes import ORIGIN, CountedChance
from unit.ledger.test_evidence import RP_ID, WEB_ORIGIN, Passkey

LINA = Actor(
    party=NORTH,
    desk=DeskId("n"),
    strength=Strength.PASSKEY,
    person=PersonId("lina"),
)


class Signing:
    """A node on which Lina has a passkey and a STOP of hers stands."""

    def __init__(self):
        self.passkey = Passkey()
        self.heard = []
        self.node = memory_node(
            ORIGIN, hear=self.heard.append, clock=Dial(), chance=CountedChance()
        )
        entered = json.loads(self.passkey.enrolled())
        made = entered["act"]["person"]["passkeys"][0]
        assert (made["rp_id"], made["origin"]) == (RP_ID, WEB_ORIGIN)
        lina = Person(
            id=PersonId("lina"),
            desk=DeskId("n"),
            pseudonym="lina",
            roles=(Role.DUTY_OFFICER,),
            passkeys=(EnteredPasskey(**made),),
        )
        ask(self.node, *LINE, Enter(act=PersonSet(person=lina)), stop("stop-1"))

    def release(self, evidence):
        """Propose to lift the STOP, with this evidence."""
        (reply,) = ask(
            self.node,
            RaiseCall(
                call=CallId("release-1"),
                kind=Kind.RELEASE,
                by=LINA,
                of=CallId("stop-1"),
                evidence=Evidence(**evidence) if evidence else None,
            ),
        )
        return reply


@pytest.fixture
def signing():
    """Set it up."""
    return Signing()


def test_a_release_confirmed_by_passkey_is_written_with_its_evidence(signing):
    """The evidence lies inside the entry, for anybody to check again."""
    reply = signing.release(signing.passkey.sign({"kind": "RELEASE", "of": "stop-1"}))
    assert isinstance(reply, Written)
    (raised,) = [e.act for e in reply.entries if isinstance(e.act, CallRaised)]
    assert raised.evidence is not None


def test_a_release_over_another_call_is_refused(signing):
    """A word given for one STOP lifts no other."""
    reply = signing.release(signing.passkey.sign({"kind": "RELEASE", "of": "stop-9"}))
    assert isinstance(reply, NotProven)
    assert signing.node.picture.calls.get(CallId("release-1")) is None


def test_a_release_that_only_says_passkey_is_refused(signing):
    """Saying so is no evidence."""
    assert isinstance(signing.release(None), NotProven)


def test_another_persons_passkey_is_refused(signing):
    """A passkey nobody entered for this person shows nothing."""
    other = Passkey().sign({"kind": "RELEASE", "of": "stop-1"})
    assert isinstance(signing.release(other), NotProven)


def test_a_stop_with_evidence_that_does_not_hold_rings_as_from_a_device(signing):
    """A STOP is never refused for its evidence; it claims no more than it has."""
    forged = Evidence(**Passkey().sign({"kind": "STOP", "call": "stop-2"}))
    (reply,) = ask(signing.node, replace(stop("stop-2"), by=LINA, evidence=forged))
    assert isinstance(reply, Written)
    (raised,) = [e.act for e in reply.entries if isinstance(e.act, CallRaised)]
    assert raised.evidence is None
    assert raised.by.strength is Strength.DEVICE_ONLY
    assert any(isinstance(entry.act, Rang) for entry in reply.entries)
