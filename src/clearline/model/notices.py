"""Hold notices: what a party states about something planned, in revisions.

A notice is information, not a request for permission: notifying creates no
protection, not notifying removes none.
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
from clearline.model.instants import Instant, Window
from clearline.model.parties import Actor, DeskId, PartyId
from clearline.model.placechecks import PlaceCheck
from clearline.model.places import FARTHEST_M, NotAPlace, Place

NoticeId = NewType("NoticeId", str)

LEGAL_LINE = (
    "Notifying creates no protection and takes none away; not notifying removes none."
)
"""Stands on every notice, page and export (OCHA; Chatham House 2024)."""


class Disposition(StrEnum):
    """Name what a recipient did with a notice; silence is none of these."""

    DELIVERED = "delivered"
    SHOWN = "shown"
    ACKNOWLEDGED = "acknowledged"
    QUERIED = "queried"
    OBJECTED = "objected"
    NOT_OBJECTED = "not objected"
    DENIED = "denied"


class Disposed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say what one desk did with one revision, and when."""

    desk: DeskId
    revision: int
    disposition: Disposition
    by: Actor
    at: Instant
    detail: str = ""


class Revision(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one immutable version of an activity notice.

    Attributes:
        number: 1 for the first, then up by one.
        what: What will be done, in the owner's words.
        where: The place as told.
        where_again: The same place in a second encoding.
        buffer_m: Margin around the place, metres, zero or more.
        window: When, `[start, end)`, UTC.
        tells: Desks that are told; nobody else is.
        check: How the place told compared before it went out.
        shape: What it takes up where that is more than the words of `where` say: an
            area, or a path with the times at which it is passed. The place told lies
            in it.
        band: At which altitudes; `None` for all of them.
        buffer_s: Margin before and after, seconds, zero or more.
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
    """Hold an activity notice as it stands: its newest revision and its answers.

    Attributes:
        dispositions: What recipients did, in order, each with its revision.
        withdrawn_at: When the owner took it back; withdrawn is not deleted.
        dropped: Desks that hold an earlier revision and are told of no newer one;
            they still have to hear that it no longer stands.
    """

    id: NoticeId
    owner: PartyId
    revision: Revision
    filed_at: Instant
    filed_by: Actor
    dispositions: tuple[Disposed, ...] = ()
    withdrawn_at: Instant | None = None
    dropped: tuple[DeskId, ...] = ()

    def silent(self) -> tuple[DeskId, ...]:
        """Return the desks the newest revision concerns that have not answered.

        Those that are told of it, and those that were dropped with it or before.
        """
        answered = {
            done.desk
            for done in self.dispositions
            if done.revision == self.revision.number
            and done.disposition not in (Disposition.DELIVERED, Disposition.SHOWN)
        }
        concerned = (*self.revision.tells, *self.dropped)
        return tuple(desk for desk in concerned if desk not in answered)
