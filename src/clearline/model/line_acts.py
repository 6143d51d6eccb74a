"""Hold the acts that say who is on the line, on watch, and how they are reached."""

import msgspec

from clearline.model.calls import CallId, Ladder, Line, Precedence
from clearline.model.instants import Instant
from clearline.model.parties import (
    Actor,
    DecisionTime,
    Desk,
    DeskId,
    Party,
    Person,
    PersonId,
    Watch,
)
from clearline.model.places import NamedOrigin
from clearline.model.watchplans import (
    GapTold,
    Override,
    OverrideId,
    Rotation,
    Stretch,
    ZoneClocks,
)


class _Act(msgspec.Struct, frozen=True, kw_only=True):
    """Be the root of every act about who is on the line."""


class PartySet(_Act, frozen=True, kw_only=True):
    """Enter or change a party."""

    party: Party


class DeskSet(_Act, frozen=True, kw_only=True):
    """Enter or change a desk."""

    desk: Desk


class PersonSet(_Act, frozen=True, kw_only=True):
    """Enter or change a person, with the public half of their passkeys."""

    person: Person


class LadderSet(_Act, frozen=True, kw_only=True):
    """Enter or change a desk's ladder for a precedence; never a ringing call's."""

    desk: DeskId
    precedence: Precedence
    ladder: Ladder


class OriginNamed(_Act, frozen=True, kw_only=True):
    """Enter a named point that bearings and ranges may start from."""

    origin: NamedOrigin


class DecisionTimeDeclared(_Act, frozen=True, kw_only=True):
    """Keep how fast a party says it decides about a kind of action."""

    declared: DecisionTime


class WatchTaken(_Act, frozen=True, kw_only=True):
    """Say that a person has the watch.

    Attributes:
        has_read: When the handover was made whose notes the person has read.
    """

    watch: Watch
    has_read: Instant | None = None


class WatchLeft(_Act, frozen=True, kw_only=True):
    """Say that a person no longer has the watch.

    Attributes:
        to: Who took over; empty where nobody did.
        taken: Open calls the incoming person took, one by one.
        notes: What the one who leaves wrote down for the next; whoever took over had
            them before them and signed.
    """

    desk: DeskId
    person: PersonId
    by: Actor
    to: PersonId | None = None
    taken: tuple[CallId, ...] = ()
    notes: str = ""


class ZoneRead(_Act, frozen=True, kw_only=True):
    """Keep what the clocks of a zone say, as the node read it."""

    clocks: ZoneClocks


class WatchPlanSet(_Act, frozen=True, kw_only=True):
    """Set who takes turns at a desk's watch; overrides stay.

    Attributes:
        next_at: When the plan is looked at next, for gaps.
    """

    desk: DeskId
    rotations: tuple[Rotation, ...]
    by: Actor
    next_at: Instant | None = None


class WatchOverridden(_Act, frozen=True, kw_only=True):
    """Change who is planned in a window."""

    desk: DeskId
    override: Override
    next_at: Instant | None = None


class WatchOverrideDropped(_Act, frozen=True, kw_only=True):
    """Take a change of the plan away."""

    desk: DeskId
    override: OverrideId
    by: Actor
    next_at: Instant | None = None


class WatchLookedAhead(_Act, frozen=True, kw_only=True):
    """Say that a plan was looked at for gaps, and which its people were rung about.

    Attributes:
        told: Every gap that lies ahead and was told, those of earlier looks too.
        looked: Every stretch under way that was looked at once begun: whether whoever
            is planned has taken the watch.
    """

    desk: DeskId
    told: tuple[GapTold, ...]
    looked: tuple[Stretch, ...] = ()
    next_at: Instant | None = None


class LineSet(_Act, frozen=True, kw_only=True):
    """Enter or change a line that is checked."""

    line: Line


class LineCheckCalled(_Act, frozen=True, kw_only=True):
    """Say that a line's check was due, and which call checks it."""

    line: Line
