"""Hold the forms of notices: to file one, say what became of it, show one."""

from typing import Annotated

import msgspec
from msgspec import Meta

from clearline.model.extents import AltitudeBand, Corridor, MultiPolygon, Polygon
from clearline.model.faults import Fault
from clearline.model.instants import Instant
from clearline.model.notice_details import ActivityDetails, Details, NoticeKind
from clearline.model.notice_life import (
    Attached,
    Disposition,
    Facilitation,
    MovementState,
    Routing,
    Status,
)
from clearline.model.notice_seen import NoticeSeen
from clearline.model.notices import LEGAL_LINE, Consent, Precision
from clearline.model.parties import DeskId, PersonId
from clearline.model.places import Place
from clearline.wire.forms.calls import Named, Text

MOST_LISTED = 200
LONGEST_FILE = 700_000
"""Bytes of an attachment: as much as fits a request."""


class PersonalGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Give what is sealed beside the log and can be erased.

    Attributes:
        phones: Numbers, in the order of the contacts.
        plates: Plates, in the order of the vehicles.
        names: People on board, or who answer.
    """

    phones: Annotated[tuple[Named, ...], Meta(max_length=100)] = ()
    plates: Annotated[tuple[Named, ...], Meta(max_length=500)] = ()
    names: Annotated[tuple[Named, ...], Meta(max_length=2_000)] = ()


class NoticeGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Say what a notice says.

    Attributes:
        id: Drawn by whoever files it, so that filing it again changes nothing.
        what: What it is or what will be done.
        where: The place in words or figures, or as geometry; may be left out where
            there is a shape. Words nobody can locate are kept as words.
        where_again: The same place in a second encoding.
        start: When it begins; now, unless said.
        end: When it is over; by its kind, unless said.
        shape: An area, or a path with the times at which it is passed.
        tells: Desks that are told; nobody else is. Coarsely, but for a consent.
        consents: How exactly each may know, and who agreed.
        through: A desk that looks through it first and forwards it.
        answer_by: Until when answers are waited for.
        details: What is said of its kind, with `kind`: `site`, `movement`,
            `activity`, `position`, `area`.
        personal: Numbers, plates and names. An amendment that leaves it out keeps
            what was sealed before.
        attached: Files, by their hash, as adding them answered.
    """

    what: Text
    id: Named | None = None
    where: Text | Place | None = None
    where_again: Text | Place | None = None
    start: Instant | None = None
    end: Instant | None = None
    shape: Corridor | Polygon | MultiPolygon | None = None
    band: AltitudeBand | None = None
    buffer_m: float = 0.0
    buffer_s: float = 0.0
    tells: Annotated[tuple[Named, ...], Meta(max_length=200)] = ()
    consents: Annotated[tuple[Consent, ...], Meta(max_length=200)] = ()
    through: Named | None = None
    answer_by: Instant | None = None
    details: Details = ActivityDetails()
    personal: PersonalGiven | None = None
    attached: Annotated[tuple[Attached, ...], Meta(max_length=50)] = ()


class LookedOver(msgspec.Struct, frozen=True, kw_only=True):
    """Say what would be said of a notice; nothing was recorded.

    Attributes:
        is_taken: Whether it would be filed as it stands.
    """

    is_taken: bool
    faults: tuple[Fault, ...]
    legal: str = LEGAL_LINE


class NoticeDone(msgspec.Struct, frozen=True, kw_only=True):
    """Say how a notice stands after an act.

    Attributes:
        faults: What was warned of, or could not be checked.
        has_changed: Whether anything followed; saying it twice changes nothing.
        first: Index of the first entry that followed.
    """

    notice: NoticeSeen
    has_changed: bool
    first: int | None
    faults: tuple[Fault, ...] = ()
    legal: str = LEGAL_LINE


class Notices(msgspec.Struct, frozen=True, kw_only=True):
    """List notices, newest first.

    Attributes:
        next: Give this as `after` for those before them; empty at the end.
    """

    items: tuple[NoticeSeen, ...]
    next: str
    legal: str = LEGAL_LINE


class ListingNotices(msgspec.Struct, frozen=True, kw_only=True):
    """Choose which notices to list.

    Attributes:
        whose: `own`, `told`, or both where nothing is said.
        is_over: Also or only those that are over; those that are not unless said.
    """

    whose: Annotated[str, Meta(pattern="^(own|told)?$")] = ""
    kind: NoticeKind | None = None
    status: Status | None = None
    is_over: bool | None = None
    after: str = ""
    limit: Annotated[int, Meta(ge=1, le=MOST_LISTED)] = 50


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """Withdraw a notice; what was told cannot be untold."""

    why: Text = ""


class Confirmation(msgspec.Struct, frozen=True, kw_only=True):
    """Say that a notice is still so."""


class NoticeShownAt(msgspec.Struct, frozen=True, kw_only=True):
    """Report that a screen of your desk holds it, or showed it."""

    is_only_delivered: bool = False


class AnswerToNotice(msgspec.Struct, frozen=True, kw_only=True):
    """Answer a notice. No answer is a permission, and none is a refusal of one.

    Attributes:
        desk: Whose answer you write down, where that desk has nobody here.
        original: Their own words as they came, by the hash of a file that was added.
    """

    disposition: Disposition
    detail: Text = ""
    desk: Named | None = None
    original: Attached | None = None


class RouteGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Receive a notice that goes through your desk, return it, or forward it.

    Attributes:
        to: The desk it is forwarded to.
        why: What is to be corrected, or by which way it goes.
        sheet: What was sent, where it left as a file.
    """

    routing: Routing
    to: Named | None = None
    why: Text = ""
    sheet: Attached | None = None


class MovementGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Say how far a movement is.

    Attributes:
        stop: At which position of its path, from 0.
        expected_at: When it is now expected at its end.
    """

    state: MovementState
    stop: Annotated[int, Meta(ge=0, le=100_000)] | None = None
    where: Text | None = None
    expected_at: Instant | None = None
    detail: Text = ""


class OutcomeGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Say how a movement went in the end."""

    outcome: Facilitation
    detail: Text = ""


class CountingNotices(msgspec.Struct, frozen=True, kw_only=True):
    """Choose a month, as `2026-03`; this one, unless said."""

    month: Annotated[str, Meta(pattern=r"^(\d{4}-\d{2})?$")] = ""


class CountOf(msgspec.Struct, frozen=True, kw_only=True):
    """Count the notices of one kind in one state."""

    kind: NoticeKind
    status: Status
    outcome: Facilitation | None = None
    count: int


class NoticeCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Count your party's notices that began in a month.

    Attributes:
        month: Of the beginning of the window, UTC.
    """

    month: str
    counts: tuple[CountOf, ...]
    total: int
    legal: str = LEGAL_LINE


class SheetFor(msgspec.Struct, frozen=True, kw_only=True):
    """Choose whom a sheet is for."""

    desk: Annotated[str, Meta(max_length=128)] = ""


class NoticeSheet(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a notice written down for somebody without a node.

    Attributes:
        level: How exactly it says it: as its owner lets that desk know it.
        sheet: Plain text, to be mailed or printed.
        short_form: For two text messages.
    """

    desk: DeskId
    level: Precision
    sheet: str
    short_form: str
    legal: str = LEGAL_LINE


class FileGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Add a file: a photo of a marking, a map of a route, an answer as it came.

    Attributes:
        content: In base64.
        shows: What it shows.
    """

    name: Named
    content: bytes
    shows: Text = ""


class DraftShown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a draft: kept beside the log, told to nobody.

    Attributes:
        faults: What would be said of it now.
    """

    id: str
    by: PersonId | None
    kept_at: Instant
    given: NoticeGiven
    faults: tuple[Fault, ...]
    legal: str = LEGAL_LINE


class Drafts(msgspec.Struct, frozen=True, kw_only=True):
    """List the drafts of your party."""

    items: tuple[DraftShown, ...]
    legal: str = LEGAL_LINE


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """Approve another person's draft: it is filed."""


class PersonalShown(msgspec.Struct, frozen=True, kw_only=True):
    """Give the numbers, plates and names of a notice of your own party.

    Attributes:
        erased: What was erased on schedule.
    """

    phones: tuple[str, ...] = ()
    plates: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()
