"""Hold the acts about notices, as they stand in the log."""

from typing import Final, TypeAlias, get_args

import msgspec

from clearline.model.calls import CallId
from clearline.model.disclosures import Disclosed
from clearline.model.instants import Duration, Instant
from clearline.model.notice_life import (
    Attached,
    Disposition,
    Facilitation,
    MovementState,
    NoticeClock,
    NoticeTelling,
    Routing,
)
from clearline.model.notices import Notice, NoticeId, Revision
from clearline.model.parties import Actor, DeskId, PartyId
from clearline.model.places import Place


class _NoticeAct(msgspec.Struct, frozen=True, kw_only=True):
    """Be the root of every act about a notice.

    Attributes:
        notice: Which notice.
        clocks: What that notice waits for after this act.
    """

    notice: NoticeId
    clocks: tuple[NoticeClock, ...] = ()


class NoticeFiled(_NoticeAct, frozen=True, kw_only=True):
    """File a notice: its first revision.

    Attributes:
        approved_by: The second person, where the party asks for two.
    """

    owner: PartyId
    by: Actor
    revision: Revision
    approved_by: Actor | None = None


class NoticeAmended(_NoticeAct, frozen=True, kw_only=True):
    """Amend a notice: its next revision, told and to be acknowledged again.

    Attributes:
        dropped: Desks that were told of an earlier revision and not of this one:
            they are told that what they hold no longer stands, and nothing else.
    """

    by: Actor
    revision: Revision
    dropped: tuple[DeskId, ...] = ()


class NoticeWithdrawn(_NoticeAct, frozen=True, kw_only=True):
    """Withdraw a notice; it stays in the log.

    Attributes:
        kept_for: How long it is kept from then on, where that was agreed.
    """

    by: Actor
    why: str = ""
    kept_for: Duration | None = None


class NoticeDisposed(_NoticeAct, frozen=True, kw_only=True):
    """Say what a recipient did with a revision.

    Attributes:
        desk: Which recipient.
        by: Who did it, or who wrote it down for a desk that has nobody here.
        original: Their own words as they came, where another wrote it down.
        is_aside: Whether it says nothing of how the desk itself takes what stands: it
            was done below it, or before its node had heard of the last change.
        unread_below: How many desks below it had not read it then, where its own node
            says so.
    """

    revision: int
    desk: DeskId
    disposition: Disposition
    by: Actor
    detail: str = ""
    original: Attached | None = None
    is_aside: bool = False
    unread_below: int = 0


class NoticeRouted(_NoticeAct, frozen=True, kw_only=True):
    """Say what a desk on its way did with a revision: received, returned, forwarded.

    Attributes:
        to: The desk it was forwarded to.
        why: What is to be corrected, or by which way it went.
        sheet: What was sent, where it left as a file.
    """

    revision: int
    routing: Routing
    by: Actor
    to: DeskId | None = None
    why: str = ""
    sheet: Attached | None = None


class NoticeConfirmed(_NoticeAct, frozen=True, kw_only=True):
    """Say, as its owner, that a notice is still so."""

    by: Actor


class NoticeExpired(_NoticeAct, frozen=True, kw_only=True):
    """Say that a notice's time is over; it is neither deleted nor untrue.

    Attributes:
        kept_for: How long it is kept from then on, where that was agreed.
    """

    kept_for: Duration | None = None


class NoticeTold(_NoticeAct, frozen=True, kw_only=True):
    """Tell a desk, unasked, how a notice stands.

    Attributes:
        call: The WARN that rings the desk about it, if one does.
    """

    revision: int
    desk: DeskId
    telling: NoticeTelling
    text: str
    call: CallId | None = None


class MovementReported(_NoticeAct, frozen=True, kw_only=True):
    """Say how far a movement is.

    Attributes:
        by: Who reports it; empty where a clock ran out.
        stop: At which position of its path, from 0.
        where: Where, in their own words.
        expected_at: When it is now expected at its end.
    """

    state: MovementState
    by: Actor | None = None
    stop: int | None = None
    where: Place | None = None
    expected_at: Instant | None = None
    detail: str = ""


class OutcomeStated(_NoticeAct, frozen=True, kw_only=True):
    """Say how a movement went in the end.

    Attributes:
        kept_for: How long it is kept from then on, where that was agreed.
    """

    by: Actor
    outcome: Facilitation
    detail: str = ""
    kept_for: Duration | None = None


class NoticePurged(_NoticeAct, frozen=True, kw_only=True):
    """Say that a notice is purged, or is evidence and is looked at again.

    Attributes:
        parts: What is erased, each by an entry of its own that follows.
        is_held: Whether something holds it; then nothing is erased.
        held_by: What holds it: a case, a conflict, a STOP.
        files: Hashes of the files erased from beside the log: its own that no other
            notice and no case names.
    """

    parts: tuple[str, ...] = ()
    is_held: bool = False
    held_by: str = ""
    files: tuple[str, ...] = ()


class NoticeCarried(_NoticeAct, frozen=True, kw_only=True):
    """Carry a notice over, as it stood in the log this one takes over from.

    Attributes:
        stands: The notice, whole.
        disclosed: Who had been told of it, and how exactly.
    """

    stands: Notice
    disclosed: tuple[Disclosed, ...] = ()


NoticeAct: TypeAlias = (
    NoticeFiled
    | NoticeAmended
    | NoticeWithdrawn
    | NoticeDisposed
    | NoticeRouted
    | NoticeConfirmed
    | NoticeExpired
    | NoticeTold
    | MovementReported
    | OutcomeStated
    | NoticePurged
    | NoticeCarried
)

NOTICE_ACTS: Final = get_args(NoticeAct)
"""The types of every act about a notice, for `isinstance`."""
