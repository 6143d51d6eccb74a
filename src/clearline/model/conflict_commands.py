"""Hold what is asked to be done with screenings and conflicts."""

from typing import TypeAlias

import msgspec

from clearline.model.conflicts import ConflictId, Found, Resolution, Side, Verdicts
from clearline.model.control import ControlClaim, ControlId
from clearline.model.notices import NoticeId
from clearline.model.parties import Actor


class NoteScreening(msgspec.Struct, frozen=True, kw_only=True):
    """Keep what the screening of a revision found; the node itself asks for this.

    Attributes:
        told: What its owner is told; `None` where that is kept elsewhere.
        is_aside: Whether that is kept apart from the notice, in a log without it.
        found: What it meets, to whom that may be known.
        ended: Why what it met before and meets no more is one no longer.
    """

    notice: NoticeId
    revision: int
    told: Verdicts | None = None
    is_aside: bool = False
    found: tuple[Found, ...] = ()
    ended: Resolution = Resolution.CHANGED


class TalkAbout(msgspec.Struct, frozen=True, kw_only=True):
    """Say that one's party talks about a conflict."""

    conflict: ConflictId
    by: Actor


class AcceptConflict(msgspec.Struct, frozen=True, kw_only=True):
    """Say that one's party goes on in spite of a conflict, and why."""

    conflict: ConflictId
    by: Actor
    why: str


class ReleaseConflict(msgspec.Struct, frozen=True, kw_only=True):
    """Let the other owner know of a conflict only one's own party knows of."""

    conflict: ConflictId
    by: Actor
    why: str = ""


class TellReleased(msgspec.Struct, frozen=True, kw_only=True):
    """Tell the other owner that there is a conflict, and whom to call.

    Attributes:
        own: Of the party that lets them know: no more than its desk is told.
        other: Of the party that is told.
    """

    conflict: ConflictId
    own: Side
    other: Side
    by: Actor


class ClaimControl(msgspec.Struct, frozen=True, kw_only=True):
    """Enter who says who holds some ground."""

    claim: ControlClaim
    by: Actor


class WithdrawControl(msgspec.Struct, frozen=True, kw_only=True):
    """Take back a claim about control."""

    claim: ControlId
    by: Actor
    why: str = ""


ConflictCommand: TypeAlias = (
    NoteScreening
    | TalkAbout
    | AcceptConflict
    | ReleaseConflict
    | TellReleased
    | ClaimControl
    | WithdrawControl
)
