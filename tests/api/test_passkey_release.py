"""A RELEASE that two people sign with their passkeys, over HTTP, to the log."""

import hashlib
import json

import pytest
from soft_webauthn import SoftWebauthnDevice
from webauthn.helpers import bytes_to_base64url

from api.nodes import running
from api.test_sign_in import _create, _get
from clearline.adapters.verification import verify_path


class Signer:
    """Hold a person, their screen and their passkey."""

    def __init__(self, node, person):
        """Enter a passkey for them, and sign in with it."""
        self.origin = node.service.origins[0]
        self.device = SoftWebauthnDevice()
        with node.as_person(person) as client:
            options = client.post("/api/v1/passkeys/challenge").json()["options"]
            made = _create(self.device, options, self.origin)
            said = client.post("/api/v1/passkeys", json={"credential": made})
            assert said.status_code == 204, said.text
        with node.anybody() as door:
            wanted = door.post(
                "/api/v1/sessions/passkey/challenge", json={"person": person}
            ).json()["options"]
            self.rp_id = wanted["rpId"]
            given = {
                "person": person,
                "credential": _get(self.device, wanted, self.origin),
            }
            said = door.post("/api/v1/sessions/passkey", json=given)
            assert said.status_code == 201, said.text
        self.client = node.anybody(said.json()["token"])

    def evidence(self, **act):
        """Sign an act: the challenge is the SHA-256 of its bytes."""
        said = json.dumps(act).encode()
        options = {
            "challenge": bytes_to_base64url(hashlib.sha256(said).digest()),
            "rpId": self.rp_id,
        }
        signed = _get(self.device, options, self.origin)
        response = signed["response"]
        return {
            "credential_id": signed["id"],
            "authenticator_data": response["authenticatorData"],
            "client_data_json": response["clientDataJSON"],
            "signature": response["signature"],
            "act": bytes_to_base64url(said),
        }


@pytest.fixture
def both(node):
    """Give north's and south's duty officers, and a STOP of north's."""
    lina, duty = Signer(node, "lina"), Signer(node, "duty")
    said = lina.client.post("/api/v1/calls", json={"to_desk": "south-ops"})
    yield lina, duty, said.json()["calls"][0]["id"]
    lina.client.close()
    duty.client.close()


def proposes(who, stop, evidence):
    """Propose to lift a STOP."""
    given = {"kind": "RELEASE", "of": stop, "evidence": evidence}
    return who.client.post("/api/v1/calls", json=given)


def confirms(who, release, evidence):
    """Confirm a RELEASE."""
    given = {"answer": "AFFIRM", "evidence": evidence}
    return who.client.post(f"/api/v1/calls/{release}/answer", json=given)


def test_both_sides_sign_and_the_log_shows_it(tmp_path):
    """What lifted a STOP is two people's own word; verifying the log checks both."""
    with running(tmp_path / "data") as node:
        lina, duty = Signer(node, "lina"), Signer(node, "duty")
        said = lina.client.post("/api/v1/calls", json={"to_desk": "south-ops"})
        stop = said.json()["calls"][0]["id"]
        said = proposes(lina, stop, lina.evidence(kind="RELEASE", of=stop))
        assert said.status_code == 201, said.text
        (release,) = said.json()["calls"]
        assert release["raised_by"]["strength"] == "passkey"
        signed = duty.evidence(answer="AFFIRM", call=release["id"])
        said = confirms(duty, release["id"], signed)
        assert said.status_code == 200, said.text
        assert not lina.client.get(f"/api/v1/calls/{stop}").json()["is_in_force"]
        path = f"/api/v1/calls/{release['id']}/entries"
        entries = {
            one["act"]: one["says"] for one in lina.client.get(path).json()["items"]
        }
        assert entries["answer_given"]["evidence"]["signature"] == signed["signature"]
        assert entries["call_raised"]["evidence"]
        key = node.service.node.log.key
        for one in (lina, duty):
            one.client.close()
    verdict = verify_path(tmp_path / "data", keys=(key,))
    assert verdict.report.evidence_checked == 2
    assert verdict.report.evidence_unchecked == 0
    assert verdict.report.ok


@pytest.mark.parametrize(
    "spoil",
    ["another act", "another call", "another person", "another key", "nothing signed"],
)
def test_a_word_nobody_gave_lifts_nothing(node, both, spoil):
    """Signed about something else, by somebody else, or not at all: refused, 403."""
    lina, duty, stop = both
    made = proposes(lina, stop, lina.evidence(kind="RELEASE", of=stop))
    release = made.json()["calls"][0]["id"]
    evidence = {
        "another act": lambda: duty.evidence(answer="NEGATIVE", call=release),
        "another call": lambda: duty.evidence(answer="AFFIRM", call=stop),
        "another person": lambda: lina.evidence(answer="AFFIRM", call=release),
        "another key": lambda: {
            **duty.evidence(answer="AFFIRM", call=release),
            "credential_id": bytes_to_base64url(b"x" * 16),
        },
        "nothing signed": lambda: None,
    }[spoil]()
    size = node.service.node.log.size
    said = confirms(duty, release, evidence)
    assert said.status_code == 403, said.text
    assert said.json()["type"].endswith("#notproven")
    assert node.service.node.log.size == size
    assert lina.client.get(f"/api/v1/calls/{stop}").json()["is_in_force"]


def test_a_stop_is_never_refused_for_its_evidence(both):
    """It rings all the same, and claims no more than a device."""
    lina, _, stop = both
    given = {
        "to_desk": "south-ops",
        "evidence": lina.evidence(kind="RELEASE", of=stop),
    }
    said = lina.client.post("/api/v1/calls", json=given)
    assert said.status_code == 201
    (call,) = said.json()["calls"]
    assert call["raised_by"]["strength"] == "device_only"
