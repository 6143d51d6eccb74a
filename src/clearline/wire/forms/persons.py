"""Hold the API's forms of persons and how they are reached."""

from typing import Annotated

import msgspec
from msgspec import Meta

from clearline.model.parties import DeskId, Medium, PersonId, Role
from clearline.wire.forms.setup import Id
from clearline.wire.forms.setup import Line as Words


class PersonGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Describe a person, as a role and a pseudonym.

    Attributes:
        pseudonym: What other parties know them by; no name.
        media: How they can be rung; addresses are kept apart and never in the log.
        languages: BCP 47 tags, the best first.
    """

    desk: Id
    pseudonym: Words
    roles: Annotated[tuple[Role, ...], Meta(min_length=1)]
    media: tuple[Medium, ...] = (Medium.SCREEN,)
    languages: tuple[str, ...] = ()


class PersonShown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a person as others of the node see them."""

    id: PersonId
    desk: DeskId
    pseudonym: str
    roles: tuple[Role, ...]
    media: tuple[Medium, ...]
    languages: tuple[str, ...]
    passkeys: int


class Persons(msgspec.Struct, frozen=True, kw_only=True):
    """List persons."""

    items: tuple[PersonShown, ...]


class AddressGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Say where a person is reached.

    Attributes:
        address: Telephone number (E.164), mailbox, URL or push subscription.
        place: Which is tried first; 0 before 1.
    """

    medium: Medium
    address: Annotated[str, Meta(min_length=1, max_length=4096)]
    place: Annotated[int, Meta(ge=0, le=99)] = 0
    language: Annotated[str, Meta(max_length=35)] = "en"


class AddressKept(msgspec.Struct, frozen=True, kw_only=True):
    """Say where a person is reached now.

    Attributes:
        secret: What posts to a webhook are signed with, told this once and made anew
            each time the address is entered. Empty for every other medium, and for
            a webhook that somebody else is reached by too, for it has one.
    """

    medium: Medium
    address: str
    place: int
    language: str
    secret: str = ""


class Addresses(msgspec.Struct, frozen=True, kw_only=True):
    """List where a person is reached."""

    items: tuple[AddressGiven, ...]


class OnceTold(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a one-time code, told once; it opens the door for a day."""

    person: PersonId
    code: str


class PinGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Give a person's PIN for telephones: digits, four or more; empty takes it away."""

    pin: Annotated[str, Meta(max_length=32, pattern=r"^\d*$")]
