"""Hold who is planned for the watch: rotations, overrides, and what clocks say when.

A plan is data about the future; who has the watch is a `Watch`, which somebody takes.
Local times stand in a zone of the IANA time zone database. What that zone's clocks
say when is kept beside the plan, as it was read: a later release of the database
never changes what was planned before it was read again.
"""

from datetime import datetime
from itertools import pairwise
from typing import Annotated, Final, NewType, TypeAlias

import msgspec
from msgspec.structs import force_setattr

from clearline.model.calls import CallId
from clearline.model.errors import BadInput
from clearline.model.instants import Duration, Instant, utc
from clearline.model.parties import Actor, DeskId, PersonId, Role

LocalTime: TypeAlias = Annotated[datetime, msgspec.Meta(tz=False)]
"""What a clock on the wall says: a date and a time without a zone."""

OverrideId = NewType("OverrideId", str)

HOUR: Final = Duration(hours=1)
SHORTEST_SHIFT: Final = HOUR
LONGEST_SHIFT: Final = Duration(weeks=4)
LONGEST_OVERRIDE: Final = Duration(days=366)
FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2200
"""Within which years a plan lies, so that no sum of times leaves the calendar."""

FARTHEST_OFFSET: Final = Duration(hours=26)
"""No clock on a wall is farther from UTC."""

MOST_PERSONS: Final = 100
MOST_ROTATIONS: Final = 20
MOST_OVERRIDES: Final = 200


class BadPlan(BadInput):
    """Refuse a plan of the watch that nobody could keep."""


class UnknownZone(BadInput):
    """Refuse a zone whose clocks this node knows nothing of."""


class OffsetChange(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say how far a zone's clocks are ahead of UTC from an instant on, seconds."""

    at: Instant
    offset_s: int


class ZoneClocks(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold what the clocks of a zone say when, as it was read.

    Attributes:
        zone: Its name in the IANA time zone database: `Asia/Damascus`.
        changes: Each holds until the next; the last one until `until`.
        until: Nothing is known from here on.
    """

    zone: str
    changes: tuple[OffsetChange, ...]
    until: Instant

    def __post_init__(self) -> None:
        every = (*(change.at for change in self.changes), self.until)
        is_far = any(
            abs(change.offset_s) > FARTHEST_OFFSET.total_seconds()
            for change in self.changes
        )
        if (
            len(every) < 2  # noqa: PLR2004 (a beginning and an end)
            or is_far
            or not all(one < other for one, other in pairwise(every))
            or not _is_near(every[0], every[-1])
        ):
            raise UnknownZone(
                f"What the clocks of {self.zone!r} say makes no sense.",
                state="Nothing was recorded.",
                next="Look at the time zone data of this machine.",
            )


class Rotation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one order of persons who take turns at a desk's watch in a role.

    Hand-overs stay at the same time on the wall: a shift over a change of the clocks
    is an hour shorter or longer. A hand-over at a time the clocks leave out is at the
    instant they go forward; one at a time they say twice is at the first.

    Attributes:
        name: What it is called at its desk.
        persons: Who comes after whom; the first keeps the first shift.
        zone: IANA zone in which hand-overs stand.
        first: The first hand-over, local; every other follows from it.
        shift_for: On the wall, from one hand-over to the next.
        until: No shift reaches beyond this local time; none if empty.
    """

    name: str
    role: Role
    persons: tuple[PersonId, ...]
    zone: str
    first: LocalTime
    shift_for: Duration
    until: LocalTime | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.persons) <= MOST_PERSONS:
            raise _bad(f"the rotation {self.name!r} has {len(self.persons)} persons")
        if not SHORTEST_SHIFT <= self.shift_for <= LONGEST_SHIFT:
            raise _bad(f"a shift of {self.name!r} is {self.shift_for} long")
        if not _is_near(self.first, self.until or self.first):
            raise _bad(f"the rotation {self.name!r} lies in another century")
        if self.first.tzinfo or (self.until and self.until.tzinfo):
            raise _bad(f"a local time of {self.name!r} has a zone of its own")
        if self.until is not None and self.until <= self.first:
            raise _bad(f"the rotation {self.name!r} ends before it begins")


class Override(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Change who is planned in a window, `[since, until)`, rotations unchanged.

    With both persons, one stands in for the other; with `person` alone they are added;
    with `instead_of` alone they are taken out.

    Attributes:
        role: In which role; needed where somebody is added, else empty for every one.
        by: Who says so.
        why: In their words; may be empty.
    """

    id: OverrideId
    since: Instant
    until: Instant
    by: Actor
    person: PersonId | None = None
    instead_of: PersonId | None = None
    role: Role | None = None
    why: str = ""

    def __post_init__(self) -> None:
        force_setattr(self, "since", utc(self.since))
        force_setattr(self, "until", utc(self.until))
        length = self.until - self.since
        is_near = _is_near(self.since, self.until)
        if not is_near or not Duration(0) < length <= LONGEST_OVERRIDE:
            raise _bad("an override ends before it begins, or a year after")
        if self.person == self.instead_of:
            raise _bad("an override names nobody, or one person twice")
        if self.instead_of is None and self.role is None:
            raise _bad("somebody is added in no role")


class Stretch(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say that a person is planned for the watch in a role, `[since, until)`.

    Attributes:
        of: The rotation or override it comes from.
    """

    person: PersonId
    role: Role
    since: Instant
    until: Instant
    of: str


class Gap(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say that nobody is planned in a role, `[since, until)`.

    Attributes:
        until: `FOREVER` where nobody is as far as was looked.
    """

    role: Role
    since: Instant
    until: Instant


class GapTold(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say which gap a desk was rung about, and how long before it."""

    gap: Gap
    before: Duration
    call: CallId | None = None


class WatchPlan(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold what is planned for a desk's watch, and when it is looked at next.

    Attributes:
        overrides: In the order they were entered; a later one wins.
        told: The gaps its people were rung about.
        looked: The stretches that were looked at once begun: whether they were taken.
        next_at: When somebody has to be rung about a gap, or it is looked ahead again.
    """

    desk: DeskId
    rotations: tuple[Rotation, ...] = ()
    overrides: tuple[Override, ...] = ()
    told: tuple[GapTold, ...] = ()
    looked: tuple[Stretch, ...] = ()
    next_at: Instant | None = None

    @property
    def key(self) -> str:
        """Name the plan among everything that waits."""
        return plan_key(self.desk)


def plan_key(desk: DeskId) -> str:
    """Name a desk's plan among everything that waits; no id has a blank in it."""
    return f"watch {desk}"


def _is_near(first: datetime, last: datetime) -> bool:
    return first.year >= FIRST_YEAR and last.year <= LAST_YEAR


def _bad(why: str) -> BadPlan:
    return BadPlan(
        f"This cannot be planned: {why}.",
        state="Nothing was recorded; the plan before it holds.",
        next=f"Name 1 to {MOST_PERSONS} persons, shifts of an hour to four weeks, and "
        "ends after beginnings.",
    )
