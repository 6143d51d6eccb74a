"""Hold the API's forms of watches."""

from typing import Annotated

import msgspec
from msgspec import Meta

from clearline.model.calls import CallId
from clearline.model.instants import Instant
from clearline.model.parties import (
    DeskId,
    HandedOver,
    PersonId,
    Role,
    Watch,
)
from clearline.model.watchplans import (
    LONGEST_SHIFT,
    MOST_PERSONS,
    MOST_ROTATIONS,
    SHORTEST_SHIFT,
    Gap,
    GapTold,
    LocalTime,
    Override,
    Stretch,
)
from clearline.wire.forms.setup import Id

LONGEST_NOTES = 4_000
"""Characters of what is written down for the next watch."""


class WatchWanted(msgspec.Struct, frozen=True, kw_only=True):
    """Take the watch in a role until an instant.

    Attributes:
        has_read: When the handover was made whose notes one has read.
    """

    role: Role
    until: Instant
    has_read: Instant | None = None


class HandOver(msgspec.Struct, frozen=True, kw_only=True):
    """Leave the watch; where somebody takes over, they prove it is them.

    Attributes:
        to: Who takes over; nobody if empty.
        secret: The incoming person's password.
        taken: The open calls they take, one by one; the others ring again.
        notes: What the next has to know; whoever takes over reads it before signing.
    """

    to: str = ""
    secret: str = ""
    taken: tuple[CallId, ...] = ()
    notes: Annotated[str, Meta(max_length=LONGEST_NOTES)] = ""


class DeskWatched(msgspec.Struct, frozen=True, kw_only=True):
    """Say who has the watch at a desk now.

    Attributes:
        has_nobody: Whether nobody has; a call then rings every member.
        not_taken: Who is planned now and has not taken the watch in that role.
        handover: The newest one, with its notes; of one's own desk only.
    """

    desk: DeskId
    watches: tuple[Watch, ...]
    has_nobody: bool
    not_taken: tuple[Stretch, ...] = ()
    handover: HandedOver | None = None


class RotationGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Say who takes turns at a desk's watch in a role.

    Attributes:
        persons: Who comes after whom; a person may come several times.
        zone: IANA zone in which hand-overs stand: `Europe/Berlin`.
        first: The first hand-over, local, without a zone: `2026-03-01T08:00:00`.
        shift_s: From one hand-over to the next on the wall, seconds.
        until: No shift reaches beyond this local time.
    """

    name: Id
    role: Role
    persons: Annotated[
        tuple[PersonId, ...], Meta(min_length=1, max_length=MOST_PERSONS)
    ]
    zone: Annotated[str, Meta(min_length=1, max_length=64)]
    first: LocalTime
    shift_s: Annotated[
        int,
        Meta(
            ge=int(SHORTEST_SHIFT.total_seconds()),
            le=int(LONGEST_SHIFT.total_seconds()),
        ),
    ] = 43_200
    until: LocalTime | None = None


class PlanGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Set the rotations of a desk's watch, all of them; overrides stay."""

    rotations: Annotated[tuple[RotationGiven, ...], Meta(max_length=MOST_ROTATIONS)]


class OverrideGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Change who is planned in a window, `[since, until)`.

    Attributes:
        id: Made by whoever asks, so that saying it again changes nothing; drawn here
            if left out.
        person: Who is planned; nobody in their stead if empty.
        instead_of: Whom they stand in for; nobody, they are added, if empty.
        role: In which role; needed where somebody is added.
    """

    since: Instant
    until: Instant
    id: Id | None = None
    person: PersonId | None = None
    instead_of: PersonId | None = None
    role: Role | None = None
    why: Annotated[str, Meta(max_length=200)] = ""


class PlanShown(msgspec.Struct, frozen=True, kw_only=True):
    """Say what is planned for a desk's watch.

    Attributes:
        overrides: In the order they were entered; a later one wins.
        told: The gaps ahead its people were rung about.
        next_at: When it is looked at next for gaps.
    """

    desk: DeskId
    rotations: tuple[RotationGiven, ...]
    overrides: tuple[Override, ...]
    told: tuple[GapTold, ...]
    next_at: Instant | None


class WatchAhead(msgspec.Struct, frozen=True, kw_only=True):
    """Say who is planned at a desk in a window, and when nobody is.

    Attributes:
        planned: Who, by when, cut off at the window's ends.
        gaps: When nobody who can is planned, for each role the plan names; a gap that
            reaches the end of the window is said to have no end (the year 9999).
        not_taken: Who is planned now and has not taken the watch.
    """

    desk: DeskId
    since: Instant
    until: Instant
    planned: tuple[Stretch, ...]
    gaps: tuple[Gap, ...]
    not_taken: tuple[Stretch, ...]


class WatchesAhead(msgspec.Struct, frozen=True, kw_only=True):
    """Say for each desk whose watch is planned who is planned, and when nobody is."""

    items: tuple[WatchAhead, ...]


class AheadWanted(msgspec.Struct, frozen=True, kw_only=True):
    """Say how far to look.

    Attributes:
        since: From when; now if left out.
        days: How many days from there.
    """

    since: Instant | None = None
    days: Annotated[float, Meta(gt=0, le=92)] = 14.0
