"""A person's passkey vouches for what that person said, and for nothing else."""

import base64
import hashlib
import json

import pytest
from fido2 import cbor
from fido2.cose import ES256
from soft_webauthn import SoftWebauthnDevice

from clearline.ledger.evidence import (
    EvidenceMalformed,
    EvidenceRefused,
    check_evidence,
    read_enrolment,
    read_evidence,
)
from clearline.ledger.header import read_header
from clearline.ledger.report import Fault
from unit.ledger.made_log import make_log, payload

RP_ID, WEB_ORIGIN = "desk.north.example", "https://desk.north.example"
SIGNED = {"kind": "RELEASE", "of": "k1"}
BY = {"party": "north", "desk": "n1", "person": "p1", "strength": "passkey"}
ACT = {"call": "k2", "kind": "RELEASE", "of": "k1", "by": BY}


def url64(data):
    """Write base64url without padding, as browsers do."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Passkey:
    """Hold a passkey in software."""

    def __init__(self):
        self.device = SoftWebauthnDevice()
        self.device.cred_init(RP_ID, b"p1")

    def enrolled(self, person="p1", **changes):
        """Write the entry that enters its person."""
        public = ES256.from_cryptography_key(self.device.private_key.public_key())
        passkey = {
            "credential_id": url64(self.device.credential_id),
            "public_key": url64(cbor.encode(public)),
            "rp_id": RP_ID,
            "origin": WEB_ORIGIN,
        }
        entered = {"id": person, "passkeys": [passkey | changes]}
        return payload(0, type="person_set", act={"person": entered})

    def sign(self, act=SIGNED, origin=WEB_ORIGIN):
        """Make an assertion over an act."""
        signed = act if isinstance(act, bytes) else json.dumps(act).encode()
        challenge = hashlib.sha256(signed).digest()
        options = {"publicKey": {"rpId": RP_ID, "challenge": challenge}}
        response = self.device.get(options, origin)["response"]
        return {
            "credential_id": url64(self.device.credential_id),
            "authenticator_data": url64(response["authenticatorData"]),
            "client_data_json": url64(response["clientDataJSON"]),
            "signature": url64(response["signature"]),
            "act": url64(signed),
        }


@pytest.fixture
def passkey():
    """Make a passkey."""
    return Passkey()


def checked(entered, evidence, **changes):
    """Check an entry's evidence against an enrolment, as the walk does."""
    header = read_header(
        payload(1, type="call_raised", act=ACT | {"evidence": evidence} | changes)
    )
    found = read_enrolment(read_header(entered))
    assert found is not None
    _, (enrolled,) = found
    read = read_evidence(header)
    assert read is not None
    check_evidence(read, enrolled, header)


def test_what_a_person_signed_is_checked(passkey):
    """An assertion over the act, by the person's own passkey, holds."""
    checked(passkey.enrolled(), passkey.sign())


def test_padding_and_alphabet_do_not_matter(passkey):
    """Fields written by another library in plain base64 are the same bytes."""
    evidence = passkey.sign()
    for name, text in evidence.items():
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        evidence[name] = base64.b64encode(raw).decode()
    checked(passkey.enrolled(), evidence)


def test_more_may_be_signed_than_must(passkey):
    """Whatever else was signed has to stand in the entry as well."""
    checked(passkey.enrolled(), passkey.sign(ACT | {"type": "call_raised"}))
    with pytest.raises(EvidenceRefused):
        checked(passkey.enrolled(), passkey.sign(SIGNED | {"type": "answer_given"}))
    with pytest.raises(EvidenceRefused):
        checked(passkey.enrolled(), passkey.sign(SIGNED | {"more": 1}))


@pytest.mark.parametrize(
    "signed",
    [
        {},
        {"kind": "RELEASE"},
        {"of": "k1"},
        {"call": "k2"},
        {"kind": "STOP", "of": "k1"},
        {"kind": "RELEASE", "of": "k9"},
        {"kind": "RELEASE", "of": ["k1"]},
        b"RELEASE k1",
        b'{"kind":"RELEASE","of":"k9","of":"k1"}',
        b"[]",
        b"",
    ],
)
def test_words_about_something_else_do_not_count(passkey, signed):
    """A node cannot hang a person's word on another act."""
    with pytest.raises(EvidenceRefused):
        checked(passkey.enrolled(), passkey.sign(signed))


def test_an_answer_is_bound_to_its_call(passkey):
    """Where the act names no other call, its own has to be signed."""
    act = {"kind": None, "of": None, "answer": "AFFIRM"}
    signed = {"call": "k2", "answer": "AFFIRM"}
    checked(passkey.enrolled(), passkey.sign(signed), **act)
    with pytest.raises(EvidenceRefused):
        checked(passkey.enrolled(), passkey.sign({"answer": "AFFIRM"}), **act)
    with pytest.raises(EvidenceRefused):
        checked(passkey.enrolled(), passkey.sign({"call": "k2"}), **act)


def test_true_is_not_one(passkey):
    """Values are compared as they are written."""
    with pytest.raises(EvidenceRefused):
        checked(passkey.enrolled(), passkey.sign(SIGNED | {"number": True}), number=1)


def test_another_persons_passkey_does_not_count(passkey):
    """Who acts has to be who signed."""
    with pytest.raises(EvidenceRefused):
        checked(passkey.enrolled(person="p2"), passkey.sign())


def test_another_passkey_does_not_count(passkey):
    """A credential is known by its id, and its key has to fit."""
    other = Passkey()
    with pytest.raises(EvidenceRefused):
        checked(other.enrolled(), passkey.sign())
    twin = url64(passkey.device.credential_id)
    with pytest.raises(EvidenceRefused):
        checked(other.enrolled(credential_id=twin), passkey.sign())


def test_another_site_does_not_count(passkey):
    """An assertion made for another web origin or party is refused."""
    with pytest.raises(EvidenceRefused):
        checked(passkey.enrolled(), passkey.sign(origin="https://evil.example"))
    with pytest.raises(EvidenceRefused):
        checked(passkey.enrolled(rp_id="evil.example"), passkey.sign())
    with pytest.raises(EvidenceRefused):
        checked(passkey.enrolled(origin="https://evil.example"), passkey.sign())


@pytest.mark.parametrize(
    "name", ["authenticator_data", "client_data_json", "signature", "act"]
)
def test_every_changed_byte_is_refused(passkey, name):
    """No byte of an assertion or of what it is over can change."""
    evidence, entered = passkey.sign(), passkey.enrolled()
    text = evidence[name]
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    for at in range(len(raw)):
        changed = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        with pytest.raises(EvidenceRefused):
            checked(entered, evidence | {name: url64(changed)})


@pytest.mark.parametrize(
    "public_key", ["", "AA", "BA", "gA", "oA", "9v8", url64(b"\x04" + bytes(64))]
)
def test_a_public_key_that_is_none_is_refused(passkey, public_key):
    """Whatever stands in the place of a key, nothing but a refusal comes out."""
    with pytest.raises(EvidenceRefused):
        checked(passkey.enrolled(public_key=public_key), passkey.sign())


@pytest.mark.parametrize("evidence", [1, "x", [], {}, {"credential_id": "AA"}])
def test_evidence_that_cannot_be_read_is_refused(evidence):
    """Evidence is five texts; what is not them is a mistake, not silence."""
    header = read_header(payload(1, act=ACT | {"evidence": evidence}))
    with pytest.raises(EvidenceMalformed):
        read_evidence(header)


@pytest.mark.parametrize("name", ["credential_id", "signature", "act"])
def test_evidence_that_is_not_base64_is_refused(passkey, name):
    """A field that is no base64 is named as that."""
    with pytest.raises(EvidenceMalformed):
        checked(passkey.enrolled(), passkey.sign() | {name: "*"})


def test_an_entry_without_evidence_is_no_fault():
    """STOP and HOLD never need any."""
    assert read_evidence(read_header(payload(1, act=ACT))) is None
    assert read_evidence(read_header(payload(1, act=ACT | {"evidence": None}))) is None


@pytest.mark.parametrize(
    "act", [{"person": 1}, {"person": {}}, {"person": {"id": "p", "passkeys": [{}]}}]
)
def test_a_person_that_cannot_be_read_is_refused(act):
    """An enrolment that cannot be read is no enrolment."""
    with pytest.raises(EvidenceMalformed):
        read_enrolment(read_header(payload(0, type="person_set", act=act)))


def test_a_person_may_stand_in_the_act_itself():
    """Either way of writing the entry is read."""
    entered = read_header(payload(0, type="person_set", act={"id": "p1"}))
    assert read_enrolment(entered) == ("p1", ())
    assert read_enrolment(read_header(payload(0, act={"id": "p1"}))) is None


# --- within a log -------------------------------------------------------------------


def released(evidence, at=1, **changes):
    """Write a RELEASE with that evidence."""
    act = ACT | {"evidence": evidence} | changes
    return payload(at, type="call_raised", act=act)


def found(*payloads, **changes):
    """Walk over a log of these payloads."""
    report = make_log(list(payloads)).report(**changes)
    return report, [(p.start, p.end) for p in report.problems]


def test_a_log_with_evidence_is_well(passkey):
    """Evidence that holds is counted."""
    report, _ = found(passkey.enrolled(), released(passkey.sign()))
    assert report.ok
    assert report.evidence_checked == 1


def test_an_assertion_is_used_once(passkey):
    """One word of a person is one act, not two."""
    evidence = passkey.sign()
    report, spans = found(
        passkey.enrolled(), released(evidence), released(evidence, 2, call="k3")
    )
    assert spans == [(2, 3)]
    assert report.problems[0].fault is Fault.EVIDENCE


def test_a_passkey_nobody_entered_is_no_evidence(passkey):
    """Evidence can only be checked against what stands in the log before it."""
    assert found(released(passkey.sign()), passkey.enrolled())[1] == [(0, 1)]


def test_a_passkey_taken_away_is_no_evidence(passkey):
    """What a person no longer has, nobody signs with."""
    gone = payload(1, type="person_set", act={"person": {"id": "p1", "passkeys": []}})
    spans = found(passkey.enrolled(), gone, released(passkey.sign(), 2))[1]
    assert spans == [(2, 3)]


def test_a_passkey_of_another_person_cannot_be_entered_again(passkey):
    """One passkey is one person's."""
    spans = found(passkey.enrolled(), passkey.enrolled(person="p2"))[1]
    assert spans == [(1, 2)]


def test_evidence_that_cannot_be_checked_is_counted(passkey):
    """Where the enrolment is not disclosed, nothing is claimed either way."""
    log = make_log([passkey.enrolled(), released(passkey.sign())])
    report = log.with_row(0, salt=None, envelope=None).report()
    assert report.ok
    assert report.evidence_unchecked == 1
    assert any("could not be checked" in said for said in report.caveats)


def test_a_claimed_passkey_without_evidence_is_spoken_of(passkey):
    """A RELEASE that only says a passkey was used is told apart."""
    report, _ = found(passkey.enrolled(), payload(1, type="call_raised", act=ACT))
    assert report.ok
    assert any("stand on the node's word" in said for said in report.caveats)
