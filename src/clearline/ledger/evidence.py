"""Check that a person, and not only their node, said what an entry says.

    person's key ---signs--> authenticatorData || SHA-256(clientDataJSON)
                                                     '- challenge = SHA-256(act)
    act   {"kind":"RELEASE","of":"k3"}  the very bytes the person signed

An envelope has one signature, the node's. Where an act needs its person, the
passkey's assertion lies inside the payload, under `evidence` in the act, and the
key that checks it was entered in the same log when the person was
(`person_set`). The assertion is that of Web Authentication Level 3 section 7.2.

The bytes that were signed are JSON themselves, one object. Every name in it must
stand in the entry's act with the same value, and what the act is about must be
among them: otherwise a node could hang a person's word on another act. The
signature counter is not compared: passkeys that are kept in several devices
count zero (section 6.1.1); the same assertion twice is refused by whoever walks
the log.
"""

import hashlib

import msgspec
from webauthn import verify_authentication_response
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
)

from clearline.ledger.header import Header
from clearline.ledger.strict_json import Json, NotStrictJson, read_object
from clearline.ledger.text64 import NotBase64, decode64_either
from clearline.model.errors import BadInput, LostCertainty
from clearline.model.parties import Evidence, Passkey

PERSON_TYPE = "person_set"
"""Type of the entry that enters a person with their passkeys."""

ABOUT = ("kind", "of", "answer")
"""Names of an act that say what it is about; those it has must be signed."""

_BASE64_GROUP = 4


class EvidenceMalformed(BadInput):
    """Refuse evidence or a passkey that cannot be read."""


class EvidenceRefused(LostCertainty):
    """Refuse evidence that does not show that the person said this."""


class Enrolled(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a passkey as it was entered in the log, and whose it is."""

    person: str
    passkey: Passkey


class _Persons(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    passkeys: tuple[Passkey, ...] = ()


def read_enrolment(header: Header) -> tuple[str, tuple[Enrolled, ...]] | None:
    """Read which passkeys a person has from an entry on.

    The person stands under `person` in the act, or is the act itself.

    Returns:
        The person's id and all their passkeys; nothing where the entry is of
        another type.

    Raises:
        EvidenceMalformed: The entry enters a person and cannot be read.
    """
    if header.type != PERSON_TYPE:
        return None
    try:
        person = msgspec.convert(header.act.get("person", header.act), _Persons)
    except msgspec.ValidationError as error:
        raise _malformed(f"The person's entry cannot be read ({error}).") from error
    return person.id, tuple(
        Enrolled(person=person.id, passkey=passkey) for passkey in person.passkeys
    )


def read_evidence(header: Header) -> Evidence | None:
    """Read an entry's evidence; nothing where its act carries none.

    Raises:
        EvidenceMalformed: There is evidence and it cannot be read.
    """
    written = header.act.get("evidence")
    if written is None:
        return None
    try:
        return msgspec.convert(written, Evidence)
    except msgspec.ValidationError as error:
        raise _malformed(f"The evidence cannot be read ({error}).") from error


def credential_of(written: Evidence | Passkey) -> bytes:
    """Return the id of the credential that evidence or a passkey speaks of.

    Raises:
        EvidenceMalformed: It is not base64.
    """
    return _decode(written.credential_id)


def assertion_of(evidence: Evidence) -> bytes:
    """Return what the person's key signed: one value for each time they did.

    The signature itself will not do: an ECDSA signature has a twin that also
    verifies.

    Raises:
        EvidenceMalformed: A part of it is not base64.
    """
    client_data = _decode(evidence.client_data_json)
    return _decode(evidence.authenticator_data) + hashlib.sha256(client_data).digest()


def check_evidence(evidence: Evidence, enrolled: Enrolled, header: Header) -> None:
    """Check that a person's passkey signed what an entry says; silent if so.

    Args:
        evidence: The assertion and the bytes it was made over.
        enrolled: The passkey of that credential as the log knew it then.
        header: The entry that carries the evidence.

    Raises:
        EvidenceMalformed: A part of it cannot be read.
        EvidenceRefused: The assertion does not hold, or is over something
            else, or is another person's.
    """
    _check_person(enrolled, header)
    act = _decode(evidence.act)
    _check_assertion(evidence, enrolled.passkey, hashlib.sha256(act).digest())
    _check_act(act, header)


def _check_person(enrolled: Enrolled, header: Header) -> None:
    by = header.act.get("by")
    person = by.get("person") if isinstance(by, dict) else None
    if person is not None and person != enrolled.person:
        raise _refused(f"The passkey is that of {enrolled.person}, not of {person}.")


def _check_assertion(evidence: Evidence, passkey: Passkey, challenge: bytes) -> None:
    """Verify the assertion (Web Authentication Level 3 section 7.2)."""
    response = AuthenticatorAssertionResponse(
        client_data_json=_decode(evidence.client_data_json),
        authenticator_data=_decode(evidence.authenticator_data),
        signature=_decode(evidence.signature),
    )
    raw_id = credential_of(evidence)
    if raw_id != credential_of(passkey):
        raise _refused("It speaks of another passkey.")
    public_key = _decode(passkey.public_key)
    plain_id = evidence.credential_id.rstrip("=").replace("+", "-").replace("/", "_")
    try:
        verify_authentication_response(
            credential=AuthenticationCredential(
                id=plain_id, raw_id=raw_id, response=response
            ),
            expected_challenge=challenge,
            expected_rp_id=passkey.rp_id,
            expected_origin=passkey.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
        )
    except Exception as error:  # a stranger's CBOR may raise anything
        raise _refused(f"Its assertion does not hold ({error}).") from error


def _check_act(act: bytes, header: Header) -> None:
    """Check that the bytes a person signed say what the entry says."""
    try:
        signed = read_object(act)
    except NotStrictJson as error:
        raise _refused("The bytes the person signed are not strict JSON.") from error
    about = {name for name in ABOUT if header.act.get(name) is not None}
    if "of" not in about and header.act.get("call") is not None:
        about.add("call")
    missing = sorted(about - signed.keys())
    if missing or not signed:
        raise _refused(f"The person did not sign {', '.join(missing) or 'anything'}.")
    for name, value in signed.items():
        said = header.type if name == "type" else header.act.get(name)
        if _canonical(said) != _canonical(value):
            raise _refused(f"The person signed another {name!r} than the entry says.")


def _canonical(value: Json) -> bytes:
    return msgspec.json.encode(value, order="sorted")


def _decode(text: str) -> bytes:
    """Read base64 in either alphabet, padded or not, as browsers write it."""
    bare = text.rstrip("=")
    try:
        return decode64_either(bare + "=" * (-len(bare) % _BASE64_GROUP))
    except NotBase64 as error:
        raise _malformed(error.what) from error


def _malformed(what: str) -> EvidenceMalformed:
    return EvidenceMalformed(
        what,
        state="The evidence was not looked at.",
        next="Ask the person to sign again; each field is base64url.",
    )


def _refused(what: str) -> EvidenceRefused:
    return EvidenceRefused(
        f"The evidence does not show that the person said this. {what}",
        state="The entry stands on its node's word alone.",
        next="Ask the person; keep the entry.",
    )
