"""Hold what one viewer may know of a notice; `rules.disclosure` alone makes it."""

import msgspec

from clearline.model.instants import Window
from clearline.model.notice_details import NoticeKind
from clearline.model.notice_life import Disposed, Moved, Status
from clearline.model.notices import (
    LEGAL_LINE,
    Notice,
    NoticeId,
    Precision,
    Revision,
)
from clearline.model.parties import DeskId, PartyId


class Cell(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a coarse box, WGS 84 degrees, edges inside; east may pass 180."""

    west: float
    south: float
    east: float
    north: float


class NoticeSeen(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a notice as far as one viewer may know it.

    Attributes:
        level: How exactly; what is finer than that is left out.
        call: The desk to call about it.
        is_own: Whether it is the viewer's own, or goes through their desk.
        number: Which revision stands.
        kind: Of the five; nothing at *existence*.
        status: Where it stands in its life; never a permission.
        legal: What holds of every notice.
        window: When; coarsely, whole hours outward.
        cell: Where, coarsely; nothing where nobody located it, or at *existence*.
        says: What is said of it in fixed words: its function, how it moves.
        revision: All that was filed, where it may be known exactly.
        dispositions: What the viewer's own desk did with it; everybody's, of one's own.
        moves: How far a movement is, where it may be known exactly.
        notice: The whole notice with all that came of it, of one's own.
        unread: Desks that have not read what now stands, of one's own.
        is_withdrawn: Whether it no longer stands, for whoever was told that it did.
    """

    id: NoticeId
    owner: PartyId
    call: DeskId
    level: Precision
    is_own: bool = False
    number: int
    kind: NoticeKind | None = None
    status: Status
    legal: str = LEGAL_LINE
    window: Window | None = None
    cell: Cell | None = None
    says: str = ""
    revision: Revision | None = None
    dispositions: tuple[Disposed, ...] = ()
    moves: tuple[Moved, ...] = ()
    notice: Notice | None = None
    unread: tuple[DeskId, ...] = ()
    is_withdrawn: bool = False
