"""Hold notices: what a party states about a place or a plan, in revisions.

What is said of each kind stands in `model.notice_details`, what becomes of a notice
in `model.notice_life`; both are given on from here. A notice is information, not a
request for permission: notifying creates no protection, not notifying removes none.
"""

from enum import StrEnum
from typing import NewType

import msgspec

from clearline.model.extents import (
    AltitudeBand,
    Corridor,
    Extent,
    MultiPolygon,
    Polygon,
)
from clearline.model.instants import Duration, Instant, Window
from clearline.model.notice_details import (
    KINDS,
    ActivityDetails,
    AreaDetails,
    Details,
    MovementDetails,
    NoticeKind,
    Personal,
    PositionDetails,
    SiteDetails,
)
from clearline.model.notice_life import (
    UNANSWERED,
    Attached,
    Disposed,
    Disposition,
    Facilitation,
    Moved,
    MovementState,
    NoticeClock,
    OutcomeSaid,
    Routed,
    Routing,
    Status,
    WasTold,
)
from clearline.model.parties import Actor, DeskId, PartyId
from clearline.model.placechecks import PlaceCheck
from clearline.model.places import FARTHEST_M, NotAPlace, Place

__all__ = [
    "LEGAL_LINE",
    "PLANS",
    "ActivityDetails",
    "AreaDetails",
    "Attached",
    "CellsTold",
    "Consent",
    "Details",
    "Disposed",
    "Disposition",
    "Facilitation",
    "MovementDetails",
    "MovementState",
    "Notice",
    "NoticeId",
    "NoticeKind",
    "PositionDetails",
    "Precision",
    "Revision",
    "Routing",
    "SiteDetails",
    "Status",
    "notice_key",
    "position_id",
]

NoticeId = NewType("NoticeId", str)

PLANS = (NoticeKind.MOVEMENT, NoticeKind.ACTIVITY, NoticeKind.POSITION)
"""What is gone once its time is over; a site or an area is still there."""

LEGAL_LINE = (
    "Notifying creates no protection and takes none away; not notifying removes none."
)
"""Stands on every notice, page and export (OCHA; Chatham House 2024)."""


def files_of(attached: tuple[Attached, ...], details: Details) -> tuple[str, ...]:
    """Name files by their hashes: what is attached, and photos of vehicles."""
    vehicles = details.vehicles if isinstance(details, MovementDetails) else ()
    photos = (vehicle.photo for vehicle in vehicles if vehicle.photo)
    return (*(one.sha256 for one in attached), *photos)


class Precision(StrEnum):
    """Name how exactly a recipient may know a notice, most exactly first."""

    EXACT = "exact"
    COARSE = "coarse"
    EXISTENCE = "existence"


class Consent(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say that a recipient may know, how exactly, and who agreed to that.

    Attributes:
        desk: The recipient, and the desks below it.
        precision: Coarse where nobody said.
        by: Who agreed: the owner, or whoever runs the place.
        source: How that is known: a form, a letter, a call.
    """

    desk: DeskId
    precision: Precision = Precision.COARSE
    by: str = ""
    source: str = ""
    at: Instant | None = None


class CellsTold(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say where a notice of another party's node is, as far as it was told.

    Attributes:
        cells: Name of each cell of the fixed grid, `1250-0432`: row from the south
            pole, column from 180 W. None where nobody located it, or only its
            existence is told.
        reach_m: How far it may stick out of them, metres.
    """

    cells: tuple[str, ...] = ()
    reach_m: float = 0.0


class Revision(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one immutable version of a notice.

    Attributes:
        number: 1 for the first, then up by one.
        what: What it is or what will be done, in the owner's words.
        where: The place as told.
        where_again: The same place in a second encoding.
        buffer_m: Margin around the place, metres, zero or more.
        window: When, `[start, end)`, UTC.
        tells: Desks that are told; nobody else is. Coarsely, but for a consent.
        check: How the place told compared before it went out.
        shape: What it takes up where that is more than the words of `where` say: an
            area, or a path with the times at which it is passed. The place told lies
            in it.
        band: At which altitudes; `None` for all of them.
        buffer_s: Margin before and after, seconds, zero or more.
        details: What is said of its kind; the revisions of a notice are of one kind.
        consents: How exactly each recipient may know, and who agreed.
        through: A desk that looks through it first and forwards it; until then nobody
            else is told.
        answer_by: Until when the owner waits for answers; `None` for the usual time.
        personal: Sealed parts: numbers, plates, names.
        attached: Photos, maps, papers.
        cells: Where it is, if another party's node told that less than exactly: then
            its place is unlocated, and its words and details are left out.
    """

    number: int
    what: str
    where: Place
    window: Window
    where_again: Place | None = None
    buffer_m: float = 0.0
    tells: tuple[DeskId, ...] = ()
    check: PlaceCheck | None = None
    shape: Corridor | Polygon | MultiPolygon | None = None
    band: AltitudeBand | None = None
    buffer_s: float = 0.0
    details: Details = ActivityDetails()
    consents: tuple[Consent, ...] = ()
    through: DeskId | None = None
    answer_by: Instant | None = None
    personal: Personal = Personal()
    attached: tuple[Attached, ...] = ()
    cells: CellsTold | None = None

    def __post_init__(self) -> None:
        if self.shape is not None or self.buffer_s:
            _ = self.extent  # made once, so that one that cannot be is refused here
        if not 0.0 <= self.buffer_m <= FARTHEST_M:
            raise NotAPlace(
                f"A buffer of {self.buffer_m} m means nothing.",
                state="No notice was made.",
                next="Give the margin in metres, zero or more.",
            )

    @property
    def kind(self) -> NoticeKind:
        """Return which of the five kinds it is."""
        return KINDS[type(self.details)]

    @property
    def files(self) -> tuple[str, ...]:
        """Name its files by their hashes: what is attached, and vehicles' photos."""
        return files_of(self.attached, self.details)

    def precision_for(self, desk: DeskId) -> Precision | None:
        """Return how exactly a desk it tells may know it; `None` for any other."""
        if desk not in self.tells:
            return None
        said = [one.precision for one in self.consents if one.desk == desk]
        return said[-1] if said else Precision.COARSE

    @property
    def extent(self) -> Extent:
        """Return what it takes up, in space and time, with its margins.

        Raises:
            NotAnExtent: It is told as a sector too wide to compare with anything.
        """
        return Extent(
            footprint=self.shape or self.where.footprint,
            window=self.window,
            band=self.band,
            buffer_m=self.buffer_m,
            buffer_s=self.buffer_s,
        )


class Notice(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a notice as it stands: its newest revision and what became of it.

    Attributes:
        approved_by: The second person, where two were needed to file it.
        dispositions: What recipients did, in order, each with its revision.
        withdrawn_at: When the owner took it back; withdrawn is not deleted.
        dropped: Desks that hold an earlier revision and are told of no newer one;
            they still have to hear that it no longer stands.
        changed_at: When there last was something to be answered anew.
        routed: What desks on its way did with it, in order.
        moves: How far the movement was, in order.
        told: What desks were told of it unasked, in order.
        outcome: How it went in the end.
        expired_at: When its time was over; expired is neither deleted nor untrue.
        confirmed_at: When its owner last said that it is still so.
        has_sealed: Whether any revision of it sealed or attached anything, or
            anybody's answer or sheet lies beside it.
        purged_at: When what it sealed was erased, and others lost sight of a plan.
        looked_at: When that was last looked at and something held it.
        kept_for: How long it is kept once it is over, where that was agreed.
        clocks: What it waits for, earliest first.
    """

    id: NoticeId
    owner: PartyId
    revision: Revision
    filed_at: Instant
    filed_by: Actor
    approved_by: Actor | None = None
    dispositions: tuple[Disposed, ...] = ()
    withdrawn_at: Instant | None = None
    dropped: tuple[DeskId, ...] = ()
    changed_at: Instant | None = None
    routed: tuple[Routed, ...] = ()
    moves: tuple[Moved, ...] = ()
    told: tuple[WasTold, ...] = ()
    outcome: OutcomeSaid | None = None
    expired_at: Instant | None = None
    confirmed_at: Instant | None = None
    has_sealed: bool = False
    purged_at: Instant | None = None
    looked_at: Instant | None = None
    kept_for: Duration | None = None
    clocks: tuple[NoticeClock, ...] = ()

    @property
    def key(self) -> str:
        """Name it among all that waits for something."""
        return notice_key(self.id)

    @property
    def files(self) -> tuple[str, ...]:
        """Name the files of its newest revision, of answers and of sheets sent."""
        originals = (done.original for done in self.dispositions)
        sheets = (one.sheet for one in self.routed)
        beside = (one.sha256 for one in (*originals, *sheets) if one is not None)
        return (*self.revision.files, *beside)

    @property
    def due_at(self) -> Instant | None:
        """Return when the first of its clocks runs out, or nothing."""
        return min((clock.due_at for clock in self.clocks), default=None)

    @property
    def over_at(self) -> Instant | None:
        """Say since when nothing more is expected of it, if that is so."""
        ends = [self.withdrawn_at, self.expired_at]
        ends.append(self.outcome.at if self.outcome else None)
        return min((end for end in ends if end is not None), default=None)

    @property
    def is_far(self) -> bool:
        """Say whether it is kept by its owner's own node, and was told to this one."""
        return self.id.endswith(f"@{self.owner}")

    @property
    def is_over(self) -> bool:
        """Say whether nothing more is expected of it."""
        ends = (self.withdrawn_at, self.expired_at, self.outcome)
        return any(end is not None for end in ends)

    @property
    def is_forgotten(self) -> bool:
        """Say whether others are shown no more of it than that there was one.

        A site or an area that merely expired is still where it was, and stays shown.
        """
        return self.purged_at is not None and (
            self.withdrawn_at is not None or self.revision.kind in PLANS
        )

    def reaches(self, desk: DeskId) -> bool:
        """Say whether a desk is to be told by now: through its way, if it has one."""
        if desk not in self.revision.tells:
            return False
        return self.revision.through is None or any(
            one.routing is Routing.FORWARDED and one.to == desk for one in self.routed
        )

    def has_answered(self, desk: DeskId) -> bool:
        """Say whether a desk has answered what last was to be answered."""
        return any(
            done.desk == desk
            and not done.is_aside
            and done.revision == self.revision.number
            and done.disposition not in UNANSWERED
            and (self.changed_at is None or done.at >= self.changed_at)
            for done in self.dispositions
        )

    def silent(self) -> tuple[DeskId, ...]:
        """Return the desks the newest revision concerns that have not answered.

        Those that are told of it, and those that were dropped with it or before.
        """
        concerned = (*self.revision.tells, *self.dropped)
        return tuple(desk for desk in concerned if not self.has_answered(desk))


def position_id(name: str, party: PartyId) -> NoticeId:
    """Name a position so that no notice of the first log can have its name.

    Ids there have no `@` but before another node's party (`rules.notices`). So whoever
    hits upon a name hears nothing of whether a position has it.
    """
    ending = f"@own.{party}"
    return NoticeId(name if name.endswith(ending) else f"{name}{ending}")


def notice_key(notice: NoticeId) -> str:
    """Name a notice among all that waits for something; no call has such an id."""
    return f"notice {notice}"
