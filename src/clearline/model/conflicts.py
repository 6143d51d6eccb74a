"""Hold conflicts: two notices that meet, from being found until nobody has to mind.

    open --somebody talks--> being talked about --each owner, with reasons--> accepted
      '---------------- changed, over, withdrawn ----------------------------> resolved

A conflict is of two revisions. It is there for whom it is certain on what they may
see; whoever may see less is told *cannot tell* when they screen, and never of it. Where
only one of the two may know, it is kept in the node's own log, and stays there until
a person of that party lets the other know.
"""

import hashlib
from enum import StrEnum
from typing import NewType

import msgspec

from clearline.model.calls import CallId, Precedence
from clearline.model.instants import Instant, Window
from clearline.model.notices import NoticeId
from clearline.model.parties import Actor, DeskId, PartyId
from clearline.model.screenings import Met, Severity, Verdict

ConflictId = NewType("ConflictId", str)

_ID_CHARACTERS = 24


class ConflictState(StrEnum):
    """Name where a conflict stands."""

    OPEN = "open"
    TALKED_ABOUT = "being talked about"
    ACCEPTED = "accepted"
    RESOLVED = "resolved"


class Resolution(StrEnum):
    """Name what made a conflict go away."""

    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    OVER = "over"


class Side(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one of the two notices of a conflict.

    Attributes:
        desk: Which desk of its owner filed it, and is rung.
    """

    notice: NoticeId
    revision: int
    owner: PartyId
    desk: DeskId


class AcceptedBy(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say that an owner goes on in spite of it, and why."""

    by: Actor
    at: Instant
    why: str


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a conflict as it stands.

    Attributes:
        one: The notice whose filing or change was screened when it was found.
        other: The one it meets.
        known_to: The owners that may know of it; one or both.
        as_of: The instant of the data it rests on.
        separation_m: Between the footprints; `None` where only its existence is told.
        overlap: When both are there; `None` likewise.
        precedence: What the time that is left makes of it.
        talked_by: Who talks about it, in order.
        accepted: Which owners go on in spite of it.
        released: Who let the other owner know of it, and when.
        calls: The WARNs that ring its owners.
        due_at: When it is over, if nothing changes before.
    """

    id: ConflictId
    one: Side
    other: Side
    known_to: tuple[PartyId, ...]
    found_at: Instant
    as_of: Instant
    why: str
    precedence: Precedence
    separation_m: float | None = None
    overlap: Window | None = None
    severity: Severity | None = None
    state: ConflictState = ConflictState.OPEN
    talked_by: tuple[Actor, ...] = ()
    accepted: tuple[AcceptedBy, ...] = ()
    released: AcceptedBy | None = None
    resolution: Resolution | None = None
    changed_at: Instant | None = None
    calls: tuple[CallId, ...] = ()
    due_at: Instant | None = None

    @property
    def key(self) -> str:
        """Name it among all that waits for something."""
        return self.id

    @property
    def is_open(self) -> bool:
        """Say whether it is one still."""
        return self.state is not ConflictState.RESOLVED

    @property
    def owners(self) -> tuple[PartyId, ...]:
        """Return whose notices meet, each once."""
        return tuple(dict.fromkeys((self.one.owner, self.other.owner)))

    def side_of(self, party: PartyId) -> Side | None:
        """Return the notice of a party, or nothing."""
        return next((s for s in (self.one, self.other) if s.owner == party), None)

    def is_between(self, one: Side, other: Side) -> bool:
        """Say whether it is of these two revisions, in whichever order."""
        own = {(s.notice, s.revision) for s in (self.one, self.other)}
        return own == {(s.notice, s.revision) for s in (one, other)}


class Found(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold two revisions that were found to meet.

    Attributes:
        known_to: The owners for whom that is certain on what they may see.
        has_position: Whether one of them is a position, which stays in its own log.
    """

    one: Side
    other: Side
    known_to: tuple[PartyId, ...]
    overlap: Window
    separation_m: float
    severity: Severity
    why: str
    has_position: bool = False


class Verdicts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold what the screening of a revision told its owner.

    Attributes:
        as_of: The instant of the data it rests on.
        met: What it meets, on what its owner may see; the first of them.
        more: How many there are besides.
        missing: What could not be looked at, or is known to exist only.
        said: In a sentence or two.
    """

    verdict: Verdict
    as_of: Instant
    expires_at: Instant
    met: tuple[Met, ...] = ()
    more: int = 0
    missing: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()
    said: str = ""


class WayOutKind(StrEnum):
    """Name what can be changed so that two do not meet any more."""

    SHIFT_TIME = "shift the time"
    MOVE_EDGE = "move the edge"
    PAUSE = "pause"


class WayOut(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one computed way out; it is no advice and no permission.

    Attributes:
        says: In a sentence.
        by_s: How far to shift the window; less than zero is earlier.
        by_m: How far the edge moves away.
        pause: When to pause.
    """

    kind: WayOutKind
    says: str
    by_s: float | None = None
    by_m: float | None = None
    pause: Window | None = None


def conflict_id(one: NoticeId, other: NoticeId) -> ConflictId:
    """Name the conflict of two notices, in whichever order they are given."""
    said = "\n".join(sorted((one, other))).encode()
    digest = hashlib.sha256(said).hexdigest()
    return ConflictId(f"conflict-{digest[:_ID_CHARACTERS]}")
