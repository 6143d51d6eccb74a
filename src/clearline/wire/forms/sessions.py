"""Hold the API's forms of signing in and out."""

from typing import Any

import msgspec

from clearline.model.access import SecretKind
from clearline.model.instants import Instant
from clearline.model.parties import (
    DeskId,
    PartyId,
    PersonId,
    Role,
    Strength,
)


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """Prove who you are.

    Attributes:
        secret: The password, or a one-time code.
        device: What this screen or telephone is called, for the log.
    """

    person: str
    secret: str
    device: str = ""


class PasskeySignIn(msgspec.Struct, frozen=True, kw_only=True):
    """Prove who you are by passkey.

    Attributes:
        credential: What `navigator.credentials.get` gave, as JSON.
    """

    person: str
    credential: dict[str, Any]
    device: str = ""


class PasskeyWanted(msgspec.Struct, frozen=True, kw_only=True):
    """Name who wants to sign in by passkey."""

    person: str


class PasskeyMade(msgspec.Struct, frozen=True, kw_only=True):
    """Give what `navigator.credentials.create` gave, as JSON."""

    credential: dict[str, Any]


class SecretSet(msgspec.Struct, frozen=True, kw_only=True):
    """Set one of your own secrets.

    Attributes:
        now: The password you have now; not needed after a one-time code.
        secret: The new one; empty takes a duress word or PIN away.
    """

    kind: SecretKind
    secret: str
    now: str = ""


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """Say who is signed in.

    Attributes:
        token: The bearer token; told once, and empty afterwards.
        csrf: What a page sends back as `X-CSRF-Token` with every change.
        must_set_password: Whether a one-time code was used and no password set since.
    """

    person: PersonId
    pseudonym: str
    desk: DeskId
    party: PartyId
    roles: tuple[Role, ...]
    strength: Strength
    device: str
    csrf: str
    ends_at: Instant
    token: str = ""
    must_set_password: bool = False
