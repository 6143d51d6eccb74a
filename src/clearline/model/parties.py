"""Hold who is on the line: parties, desks, persons, watches, and who acted.

A call is addressed to a desk, never to a person. Persons are roles and
pseudonyms; their names, where they are kept at all, are sealed.
"""

from enum import StrEnum
from typing import NewType

import msgspec

from clearline.model.instants import Duration, Instant

PartyId = NewType("PartyId", str)
DeskId = NewType("DeskId", str)
PersonId = NewType("PersonId", str)


class Standing(StrEnum):
    """Name the three kinds of member of the line."""

    PARTY = "party"
    PARTICIPANT = "participant"
    NEUTRAL = "neutral"


class Role(StrEnum):
    """Name what a person does on a desk."""

    OPERATOR = "operator"
    DUTY_OFFICER = "duty_officer"
    BATTLE_DIRECTOR = "battle_director"
    COMMANDER = "commander"
    INTERPRETER = "interpreter"
    LIAISON = "liaison"
    SITE_MANAGER = "site_manager"
    CONVOY_LEADER = "convoy_leader"
    MONITOR = "monitor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Medium(StrEnum):
    """Name a way a person can be rung."""

    SCREEN = "screen"
    PUSH = "push"
    VOICE = "voice"
    SMS = "sms"
    EMAIL = "email"
    WEBHOOK = "webhook"
    RADIO = "radio"
    LINK = "link"


class Strength(StrEnum):
    """Name how surely an act is known to be its person's, strongest first."""

    PASSKEY = "passkey"
    PASSWORD = "password"  # noqa: S105 (no secret: a way to be known)
    CALL_BACK = "call_back"
    PIN = "pin"
    CODE = "code"
    DEVICE_ONLY = "device_only"
    HEARD = "heard"


class Party(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one organisation on the line.

    Attributes:
        needs_two_to_file: Whether a site of theirs is first filed by one person and
            approved by another.
    """

    id: PartyId
    name: str
    standing: Standing = Standing.PARTY
    needs_two_to_file: bool = False


class Desk(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a staffed contact point of a party.

    Attributes:
        under: The desk above it in the party's own tree; empty at the top.
        is_single_handed: One person alone keeps it, so a second cannot confirm.
    """

    id: DeskId
    party: PartyId
    name: str
    under: DeskId | None = None
    is_single_handed: bool = False


class DeskNumber(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a telephone number of a desk, as it stands on its phone card.

    Attributes:
        number: In the international form (E.164).
        says: Whose or what it is: the duty telephone, by satellite, at night.
    """

    number: str
    says: str = ""


class Passkey(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold the public half of a person's passkey (WebAuthn Level 3 §6.5).

    Attributes:
        credential_id: Base64url, as the authenticator gave it.
        public_key: COSE key, base64url.
        rp_id: The relying party it was made for.
        origin: The web origin it signs for.
    """

    credential_id: str
    public_key: str
    rp_id: str
    origin: str


class Person(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a member of a desk, as a role and a pseudonym."""

    id: PersonId
    desk: DeskId
    pseudonym: str
    roles: tuple[Role, ...]
    media: tuple[Medium, ...] = (Medium.SCREEN,)
    languages: tuple[str, ...] = ()
    passkeys: tuple[Passkey, ...] = ()


class Watch(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say that a person has the watch at a desk in a role, `[since, until)`."""

    desk: DeskId
    person: PersonId
    role: Role
    since: Instant
    until: Instant


class HandedOver(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold the newest handover of a desk's watch, for whoever has it next.

    Attributes:
        to: Who took over there and then, and signed; empty where nobody did.
        notes: What the one who left wrote down for the next.
        read: Who said since that they have read them, and when.
    """

    desk: DeskId
    person: PersonId
    at: Instant
    to: PersonId | None = None
    notes: str = ""
    read: tuple[tuple[PersonId, Instant], ...] = ()


class Actor(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say who acts, from where, and how surely that is known.

    Attributes:
        person: Empty where a device enrolled at the desk acts with nobody signed in.
        device: Which screen or telephone it was.
    """

    party: PartyId
    desk: DeskId
    strength: Strength
    person: PersonId | None = None
    device: str = ""


class Evidence(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a person's passkey signature over an act (WebAuthn Level 3 §7.2).

    Every field is base64url. The challenge is SHA-256 of the bytes in `act`.
    """

    credential_id: str
    authenticator_data: str
    client_data_json: str
    signature: str
    act: str


class DecisionTime(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say how fast a party decides about a kind of action, by its own word.

    Attributes:
        action: What is decided, in the party's words.
        decides_within: How long it takes from seeing to acting.
    """

    party: PartyId
    action: str
    decides_within: Duration
