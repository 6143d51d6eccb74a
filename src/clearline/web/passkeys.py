"""Let persons make passkeys and sign in with them (WebAuthn Level 3).

A challenge is drawn here, kept in memory for five minutes and used once. The public
half of a passkey goes into the log with its person, so that `verify` can check what
was signed with it; nothing secret is kept.
"""

import base64
import json
from typing import Any, Final

import msgspec
from msgspec.structs import replace
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import PublicKeyCredentialDescriptor

from clearline.compose.service import Service
from clearline.model.commands import Enter
from clearline.model.entries import PersonSet
from clearline.model.parties import Passkey, Person
from clearline.web.refusals import WrongProof

_BYTES: Final = 32


class Ceremony(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a browser's `navigator.credentials` is called with.

    Attributes:
        options: `PublicKeyCredential*Options` as JSON.
    """

    options: dict[str, Any]


def begin_sign_in(service: Service, passkeys: tuple[Passkey, ...]) -> Ceremony:
    """Draw a challenge for somebody to sign in by passkey."""
    challenge = service.chance.draw(_BYTES)
    service.challenges.keep(challenge)
    options = generate_authentication_options(
        rp_id=service.rp_id,
        challenge=challenge,
        allow_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential_id))
            for key in passkeys
        ],
    )
    return Ceremony(options=json.loads(options_to_json(options)))


def finish_sign_in(
    service: Service, passkeys: tuple[Passkey, ...], credential: dict[str, Any]
) -> bool:
    """Say whether what came back shows that the person holds one of their passkeys."""
    challenge = _challenge_of(credential)
    if challenge is None or not service.challenges.use(challenge):
        return False
    for key in passkeys:
        if key.credential_id != str(credential.get("id", "")).rstrip("="):
            continue
        try:
            verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=key.rp_id,
                expected_origin=key.origin,
                credential_public_key=base64url_to_bytes(key.public_key),
                credential_current_sign_count=0,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError):
            return False
        return True
    return False


def begin_registration(service: Service, person: Person) -> Ceremony:
    """Draw a challenge for a person to make a passkey."""
    challenge = service.chance.draw(_BYTES)
    service.challenges.keep(challenge)
    options = generate_registration_options(
        rp_id=service.rp_id,
        rp_name="clearline",
        user_name=person.pseudonym,
        user_id=person.id.encode(),
        challenge=challenge,
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential_id))
            for key in person.passkeys
        ],
    )
    return Ceremony(options=json.loads(options_to_json(options)))


def finish_registration(
    service: Service, person: Person, credential: dict[str, Any]
) -> Enter:
    """Check a new passkey, and return the command that enters it.

    Raises:
        WrongProof: It was not made for this node and this challenge.
    """
    challenge = _challenge_of(credential)
    if challenge is None or not service.challenges.use(challenge):
        raise _refused("its challenge is not open any more")
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=service.rp_id,
            expected_origin=list(service.origins),
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise _refused(str(error)) from error
    passkey = Passkey(
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=bytes_to_base64url(made.credential_public_key),
        rp_id=service.rp_id,
        origin=_client_data(credential).get("origin", ""),
    )
    kept = tuple(k for k in person.passkeys if k.credential_id != passkey.credential_id)
    return Enter(act=PersonSet(person=replace(person, passkeys=(*kept, passkey))))


def _challenge_of(credential: dict[str, Any]) -> bytes | None:
    challenge = _client_data(credential).get("challenge")
    try:
        return base64url_to_bytes(challenge) if isinstance(challenge, str) else None
    except ValueError:
        return None


def _client_data(credential: dict[str, Any]) -> dict[str, Any]:
    response = credential.get("response")
    written = response.get("clientDataJSON") if isinstance(response, dict) else None
    if not isinstance(written, str):
        return {}
    try:
        padded = written + "=" * (-len(written) % 4)
        found = json.loads(base64.urlsafe_b64decode(padded))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _refused(why: str) -> WrongProof:
    return WrongProof(
        f"The passkey cannot be taken: {why}.",
        state="Nothing was entered; the passkeys before it hold.",
        next="Begin again from the page of this node, within five minutes.",
    )
