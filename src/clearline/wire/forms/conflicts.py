"""Hold the API's forms of conflicts, screenings, disclosures and claims of control."""

from typing import Annotated

import msgspec
from msgspec import Meta

from clearline.model.calls import CallId, Precedence
from clearline.model.claims import Certainty, Grip
from clearline.model.conflicts import (
    ConflictId,
    ConflictState,
    Resolution,
    WayOut,
)
from clearline.model.control import ControlId
from clearline.model.disclosures import How
from clearline.model.extents import AltitudeBand, Corridor, MultiPolygon, Polygon
from clearline.model.facts import SourceKind
from clearline.model.grades import Credibility, Reliability
from clearline.model.instants import Instant, Window
from clearline.model.notices import NoticeId, Precision
from clearline.model.parties import DeskId, PartyId
from clearline.model.places import Place
from clearline.model.screenings import Met, Severity, Verdict
from clearline.wire.forms.calls import Named, Text


class SideShown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one notice of a conflict.

    Attributes:
        notice: Empty where only its existence is told.
        desk: Whom to call.
    """

    notice: NoticeId
    revision: int
    owner: PartyId
    desk: DeskId


class AcceptedShown(msgspec.Struct, frozen=True, kw_only=True):
    """Say which party goes on in spite of it, when, and why."""

    party: PartyId
    at: Instant
    why: str


class ConflictShown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a conflict as one of its owners may see it.

    Attributes:
        known_to: The owners that may know of it.
        separation_m: `null` where only its existence is told; `overlap` likewise.
        talked_by: Which parties said that they talk about it.
        calls: The WARNs that rang the viewer's own party.
        ways_out: What would part the two, one notice changed alone.
        changes: Which one that is: the viewer's own; of a site or an area, which are
            where they are, what is planned there.
    """

    id: ConflictId
    state: ConflictState
    own: SideShown
    other: SideShown
    known_to: tuple[PartyId, ...]
    found_at: Instant
    as_of: Instant
    why: str
    precedence: Precedence
    separation_m: float | None
    overlap: Window | None
    severity: Severity | None
    talked_by: tuple[PartyId, ...]
    accepted: tuple[AcceptedShown, ...]
    released_at: Instant | None
    resolution: Resolution | None
    changed_at: Instant | None
    calls: tuple[CallId, ...]
    ways_out: tuple[WayOut, ...] = ()
    changes: NoticeId | None = None


class ConflictsWanted(msgspec.Struct, frozen=True, kw_only=True):
    """Choose which conflicts are listed, newest first."""

    is_open: bool | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class ConflictsShown(msgspec.Struct, frozen=True, kw_only=True):
    """List conflicts, newest first."""

    items: tuple[ConflictShown, ...]


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Give a reason; it is read by the other owner."""

    why: Text


class ReasonIfAny(msgspec.Struct, frozen=True, kw_only=True):
    """Give a reason, or none."""

    why: Text = ""


class PlanGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Say where and when something is planned, to have it screened.

    Attributes:
        where: The place in words or figures, or one that was read before.
        shape: What it takes up where that is more than the words of `where` say.
    """

    where: Text | Place
    window: Window
    shape: Corridor | Polygon | MultiPolygon | None = None
    band: AltitudeBand | None = None
    buffer_m: Annotated[float, Meta(ge=0)] = 0.0
    buffer_s: Annotated[float, Meta(ge=0)] = 0.0


class ScreeningShown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold the result of a screening on what the caller's party may see.

    Attributes:
        revision: Of which revision, where it is of a notice.
        more: How many it meets besides those listed.
        legal: What stands on every result.
    """

    verdict: Verdict
    as_of: Instant
    expires_at: Instant
    met: tuple[Met, ...]
    more: int
    missing: tuple[str, ...]
    not_checked: tuple[str, ...]
    said: str
    legal: str
    revision: int | None = None


class DisclosedShown(msgspec.Struct, frozen=True, kw_only=True):
    """Say what a desk was told of a notice, when, how exactly, and by what.

    Attributes:
        precision: `null` where it is told no more from then on.
        holds: Whether this is what it is told now.
    """

    notice: NoticeId
    desk: DeskId
    party: PartyId
    revision: int
    precision: Precision | None
    how: How
    at: Instant
    holds: bool


class DisclosuresWanted(msgspec.Struct, frozen=True, kw_only=True):
    """Choose what is listed of who holds what."""

    holds: bool | None = None
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 200


class DisclosuresShown(msgspec.Struct, frozen=True, kw_only=True):
    """List who was told what of one's own notices, newest first."""

    items: tuple[DisclosedShown, ...]


class ProbingShown(msgspec.Struct, frozen=True, kw_only=True):
    """Say that a desk asks as one asks who looks for what is hidden.

    Attributes:
        cells: Where; for an owner, those its own notices lie in.
    """

    party: PartyId
    desk: DeskId
    at: Instant
    since: Instant
    questions: int
    small: int
    cells: tuple[str, ...]


class ProbingList(msgspec.Struct, frozen=True, kw_only=True):
    """List who asked too much, newest first."""

    items: tuple[ProbingShown, ...]


class ControlGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Enter who says who holds some ground.

    Attributes:
        id: Made by whoever enters it; drawn here where it is left out.
        where: The ground, in words or figures, or as it was read before.
    """

    where: Text | Place
    holder: Named
    source: Named
    source_kind: SourceKind
    as_of: Instant
    id: str = ""
    grip: Grip = Grip.HOLDS
    reliability: Reliability = Reliability.F
    credibility: Credibility = Credibility.NOT_JUDGED
    certainty: Certainty = Certainty.NOT_ASSESSED
    tells: tuple[DeskId, ...] = ()
    instead_of: ControlId | None = None


class ControlShown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a claim about control; none of several is the truth."""

    id: ControlId
    place: Place
    holder: str
    grip: Grip
    source: str
    source_kind: SourceKind
    grade: str
    certainty: Certainty
    as_of: Instant
    entered_by: PartyId
    entered_at: Instant
    stands: bool
    instead_of: ControlId | None


class ControlList(msgspec.Struct, frozen=True, kw_only=True):
    """List claims about control side by side, newest first."""

    items: tuple[ControlShown, ...]
