"""Hold what happens to a notice after it was filed, and what it waits for.

    submitted .. received .. forwarded .. active .. completed | expired | withdrawn
                    '-- returned for correction, then amended

What each recipient did is kept beside that, desk by desk (`Disposed`); a movement
also says how far it is (`Moved`). None of these words is a permission: a notice asks
for none, and nobody who was told can give or refuse one.
"""

from enum import StrEnum

import msgspec

from clearline.model.calls import CallId
from clearline.model.instants import Instant
from clearline.model.parties import Actor, DeskId
from clearline.model.places import Place


class Status(StrEnum):
    """Name where a notice stands in its life, for its owner."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RECEIVED = "received"
    RETURNED = "returned for correction"
    FORWARDED = "forwarded"
    ACTIVE = "active"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    COMPLETED = "completed"


class Disposition(StrEnum):
    """Name what a recipient did with a notice; silence is none of these."""

    DELIVERED = "delivered"
    SHOWN = "shown"
    ACKNOWLEDGED = "acknowledged"
    QUERIED = "queried"
    OBJECTED = "objected"
    NOT_OBJECTED = "not objected"
    DENIED = "denied"


UNANSWERED = (Disposition.DELIVERED, Disposition.SHOWN)
"""What a machine does; a person's answer is anything else."""


class Routing(StrEnum):
    """Name what a desk does with a notice on its way to whom it is for."""

    RECEIVED = "received"
    RETURNED = "returned"
    FORWARDED = "forwarded"


class MovementState(StrEnum):
    """Name how far a movement is."""

    PLANNED = "planned"
    DEPARTED = "departed"
    AT_STOP = "at stop"
    DELAYED = "delayed"
    DIVERTED = "diverted"
    DWELL_EXCEEDED = "dwell exceeded"
    ARRIVED = "arrived"
    OVERDUE = "overdue"


class Facilitation(StrEnum):
    """Name how a movement went in the end (the words of OCHA's counts)."""

    FACILITATED = "facilitated"
    PARTIALLY_FACILITATED = "partially facilitated"
    IMPEDED = "impeded"
    DENIED = "denied"
    POSTPONED = "postponed"


class NoticeClockName(StrEnum):
    """Name what a notice waits for."""

    ANSWER = "answer"
    READ = "read"
    DEPARTURE = "departure"
    DWELL = "dwell"
    ARRIVAL = "arrival"
    CONFIRMATION = "confirmation"
    EXPIRY = "expiry"
    PURGE = "purge"


class NoticeTelling(StrEnum):
    """Name what a desk is told of a notice without asking."""

    SILENT = "nobody answered"
    UNREAD = "unread before it begins"
    READ = "read by every desk"
    NOT_DEPARTED = "not departed"
    DWELL_EXCEEDED = "dwell exceeded"
    OVERDUE = "overdue"
    CONFIRM = "still so?"
    CHANGED = "changed"
    ANSWERED = "answered"
    RETURNED = "returned for correction"
    EXPIRED = "expired"
    MOVED = "moved"
    NOT_TAKEN = "not taken by their node"
    NOT_MAILED = "its e-mail failed"


class NoticeClock(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one thing a notice waits for, and until when."""

    name: NoticeClockName
    due_at: Instant


class Attached(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Name a file by its hash; its bytes lie beside the log.

    Attributes:
        media_type: As its first bytes say, not as its name does.
        sha256: Of its bytes, hex.
        shows: What it shows: a roof, a route, an answer as it came.
    """

    name: str
    media_type: str
    sha256: str
    bytes_long: int
    shows: str = ""


class Disposed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say what one desk did with one revision, and when.

    Attributes:
        by: Who did it; somebody else who wrote it down where the desk has nobody here.
        original: Their own words as they came, where another wrote it down.
        is_aside: Whether it says nothing of how the desk itself takes what stands: it
            was done below it, or before its node had heard of the last change.
        unread_below: How many desks below it had not read it then, where its own node
            says so.
    """

    desk: DeskId
    revision: int
    disposition: Disposition
    by: Actor
    at: Instant
    detail: str = ""
    original: Attached | None = None
    is_aside: bool = False
    unread_below: int = 0


class Routed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say what a desk did with a revision on its way.

    Attributes:
        to: The desk it was forwarded to.
        why: What is to be corrected, or by which way it went.
        sheet: What was sent, where it left as a file.
    """

    routing: Routing
    revision: int
    by: Actor
    at: Instant
    to: DeskId | None = None
    why: str = ""
    sheet: Attached | None = None


class Moved(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say how far a movement was at an instant.

    Attributes:
        by: Who reported it; empty where a clock ran out.
        stop: At which position of the path, from 0.
        where: Where, in their own words.
        expected_at: When it is expected at its end, where that changed.
    """

    state: MovementState
    at: Instant
    by: Actor | None = None
    stop: int | None = None
    where: Place | None = None
    expected_at: Instant | None = None
    detail: str = ""


class WasTold(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say what a desk was told of a notice unasked.

    Attributes:
        call: The WARN that rang it, where it was rung.
    """

    desk: DeskId
    telling: NoticeTelling
    revision: int
    at: Instant
    call: CallId | None = None


class OutcomeSaid(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say how a movement went, by whom."""

    outcome: Facilitation
    by: Actor
    at: Instant
    detail: str = ""
