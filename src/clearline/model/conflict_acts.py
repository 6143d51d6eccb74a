"""Hold the acts about screenings and conflicts, as they stand in the log."""

from typing import Final, TypeAlias, get_args

import msgspec

from clearline.model.calls import CallId, Precedence
from clearline.model.conflicts import ConflictId, Resolution, Side, Verdicts
from clearline.model.instants import Instant, Window
from clearline.model.notices import NoticeId
from clearline.model.parties import Actor, PartyId
from clearline.model.screenings import Severity


class NoticeScreened(msgspec.Struct, frozen=True, kw_only=True):
    """Say what the screening of a revision told its owner; nobody else sees it."""

    notice: NoticeId
    revision: int
    told: Verdicts


class _ConflictAct(msgspec.Struct, frozen=True, kw_only=True):
    """Be the root of every act about a conflict."""

    conflict: ConflictId


class ConflictFound(_ConflictAct, frozen=True, kw_only=True):
    """Say that two revisions meet, to whom that may be known.

    Attributes:
        calls: The WARNs raised with it, one for each owner that may know.
        due_at: When it is over, if nothing changes before.
    """

    one: Side
    other: Side
    known_to: tuple[PartyId, ...]
    as_of: Instant
    why: str
    precedence: Precedence
    separation_m: float | None = None
    overlap: Window | None = None
    severity: Severity | None = None
    calls: tuple[CallId, ...] = ()
    due_at: Instant | None = None


class ConflictTalkedAbout(_ConflictAct, frozen=True, kw_only=True):
    """Say that an owner talks about it with the other."""

    by: Actor


class ConflictAccepted(_ConflictAct, frozen=True, kw_only=True):
    """Say that an owner goes on in spite of it, and why."""

    by: Actor
    why: str


class ConflictReleased(_ConflictAct, frozen=True, kw_only=True):
    """Let the other owner know that there is a conflict, and whom to call."""

    by: Actor
    to: PartyId
    why: str = ""


class ConflictResolved(_ConflictAct, frozen=True, kw_only=True):
    """Say that two notices do not meet any more."""

    resolution: Resolution


ConflictAct: TypeAlias = (
    ConflictFound
    | ConflictTalkedAbout
    | ConflictAccepted
    | ConflictReleased
    | ConflictResolved
)

CONFLICT_ACTS: Final = get_args(ConflictAct)
"""The types of every act about a conflict, for `isinstance`."""
