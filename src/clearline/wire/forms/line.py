"""Hold the API's forms of parties, desks, ladders, lines and named origins."""

from typing import Annotated

import msgspec
from msgspec import Meta

from clearline.model.calls import CallId, Line
from clearline.model.instants import Instant
from clearline.model.linetests import ChannelStands
from clearline.model.parties import (
    Desk,
    DeskId,
    DeskNumber,
    Medium,
    Party,
    PartyId,
    Standing,
)
from clearline.model.places import NamedOrigin
from clearline.wire.forms.calls import Seconds
from clearline.wire.forms.setup import Id
from clearline.wire.forms.setup import Line as Words


class PartyGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Describe a party.

    Attributes:
        needs_two_to_file: Whether a site of theirs is first filed by one person and
            approved by another; as it was where nothing is said.
    """

    name: Words
    standing: Standing = Standing.PARTY
    needs_two_to_file: bool | None = None


class DeskGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Describe a desk.

    Attributes:
        under: The desk above it in the party's own tree.
        is_single_handed: One person alone keeps it.
    """

    party: Id
    name: Words
    under: Id | None = None
    is_single_handed: bool = False


class LineGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Describe a line that is checked.

    Attributes:
        every_s: Between two checks, seconds; twice a day unless said.
        next_at: When the next check is due; now unless said.
    """

    from_desk: Id
    to_desk: Id
    medium: Medium
    every_s: Annotated[int, Meta(ge=1, le=10_000_000)] = 43_200
    next_at: Instant | None = None


class CheckGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Check your own desk's line to a desk, now.

    Attributes:
        medium: By which; by each that a member of the desk has, if left out.
    """

    to_desk: Id
    medium: Medium | None = None


class CheckCalled(msgspec.Struct, frozen=True, kw_only=True):
    """Say which call checks a medium; none where one was under way already.

    Attributes:
        trouble: What this node's own courier of that medium says of itself, where it
            cannot carry anything now.
    """

    medium: Medium
    call: CallId | None
    trouble: str = ""


class ChecksCalled(msgspec.Struct, frozen=True, kw_only=True):
    """List the checks that were called."""

    items: tuple[CheckCalled, ...]


class MatrixWanted(msgspec.Struct, frozen=True, kw_only=True):
    """Say whose channels to show; those of every desk if left out."""

    desk: Id | None = None


class LineMatrix(msgspec.Struct, frozen=True, kw_only=True):
    """Say how every channel to every desk stands, desk by desk as on its phone card."""

    at: Instant
    items: tuple[ChannelStands, ...]


class DeskNumberGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Name a telephone number of a desk.

    Attributes:
        number: With its country, as `+15550100`.
        says: Whose or what it is: the duty telephone, by satellite, at night.
    """

    number: Annotated[str, Meta(min_length=4, max_length=40)]
    says: Annotated[str, Meta(max_length=60)] = ""


class NumbersGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Set a desk's telephone numbers, all of them, the first to try first."""

    numbers: Annotated[tuple[DeskNumberGiven, ...], Meta(max_length=8)]


class PhoneCard(msgspec.Struct, frozen=True, kw_only=True):
    """Say how a desk is reached: by which telephone, and by which channels.

    Attributes:
        numbers: The first to try first.
        channels: By the last good check, dead ones last.
    """

    desk: DeskId
    name: str
    party: PartyId
    numbers: tuple[DeskNumber, ...]
    channels: tuple[ChannelStands, ...]


class PhoneCards(msgspec.Struct, frozen=True, kw_only=True):
    """List the phone cards of desks."""

    at: Instant
    items: tuple[PhoneCard, ...]


class DecisionTimeGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Say how fast a party decides about a kind of action."""

    action: Words
    decides_within_s: Seconds


class Parties(msgspec.Struct, frozen=True, kw_only=True):
    """List parties."""

    items: tuple[Party, ...]


class Desks(msgspec.Struct, frozen=True, kw_only=True):
    """List desks."""

    items: tuple[Desk, ...]


class Lines(msgspec.Struct, frozen=True, kw_only=True):
    """List lines that are checked."""

    items: tuple[Line, ...]


class Origins(msgspec.Struct, frozen=True, kw_only=True):
    """List named origins."""

    items: tuple[NamedOrigin, ...]
