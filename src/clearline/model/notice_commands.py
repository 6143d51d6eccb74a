"""Hold what somebody asks to be done with a notice."""

from typing import TypeAlias

import msgspec

from clearline.model.calls import Outcome
from clearline.model.instants import Instant
from clearline.model.notice_life import (
    Attached,
    Disposition,
    Facilitation,
    MovementState,
    Routing,
)
from clearline.model.notices import NoticeId, Revision
from clearline.model.parties import Actor, DeskId
from clearline.model.places import NameAsked, Place


class _NoticeCommand(msgspec.Struct, frozen=True, kw_only=True):
    """Be the root of every command about a notice.

    Attributes:
        notice: Which; its id is made by whoever files it.
        by: Who asks.
    """

    notice: NoticeId
    by: Actor


class FileNotice(_NoticeCommand, frozen=True, kw_only=True):
    """File a notice.

    Attributes:
        meant: The same place once more, from another source.
        approved_by: The second person, where the party asks for two.
        asked: What a gazetteer said of the names it is told from.
    """

    revision: Revision
    meant: Place | None = None
    approved_by: Actor | None = None
    asked: tuple[NameAsked, ...] = ()


class AmendNotice(_NoticeCommand, frozen=True, kw_only=True):
    """Amend a notice with its next revision.

    Attributes:
        meant: The same place once more, from another source.
        asked: What a gazetteer said of the names it is told from.
    """

    revision: Revision
    meant: Place | None = None
    asked: tuple[NameAsked, ...] = ()


class WithdrawNotice(_NoticeCommand, frozen=True, kw_only=True):
    """Withdraw a notice."""

    why: str = ""


class ConfirmNotice(_NoticeCommand, frozen=True, kw_only=True):
    """Say, as its owner, that a notice is still so."""


class Dispose(_NoticeCommand, frozen=True, kw_only=True):
    """Say what one's desk does with a notice.

    Attributes:
        desk: Whose answer is written down, where that desk has nobody on this node;
            empty for one's own.
        original: Their own words as they came.
    """

    disposition: Disposition
    detail: str = ""
    desk: DeskId | None = None
    original: Attached | None = None


class RouteNotice(_NoticeCommand, frozen=True, kw_only=True):
    """Receive a notice on its way, return it for correction, or forward it.

    Attributes:
        to: The desk it is forwarded to.
        why: What is to be corrected, or by which way it goes.
        sheet: What is sent, where it leaves as a file.
    """

    routing: Routing
    to: DeskId | None = None
    why: str = ""
    sheet: Attached | None = None


class NoteMailed(_NoticeCommand, frozen=True, kw_only=True):
    """Note what became of the mail by which this node forwards a notice.

    Attributes:
        by: This node's e-mail, for the desk that forwarded.
        revision: Which was sent.
        to: The desk it is for.
        detail: Why it failed, in the words of whoever refused it.
    """

    revision: int
    to: DeskId
    outcome: Outcome
    detail: str = ""


class ReportMovement(_NoticeCommand, frozen=True, kw_only=True):
    """Say how far a movement is.

    Attributes:
        stop: At which position of its path, from 0.
        where: Where, in the reporter's own words.
        expected_at: When it is now expected at its end.
    """

    state: MovementState
    stop: int | None = None
    where: Place | None = None
    expected_at: Instant | None = None
    detail: str = ""


class StateOutcome(_NoticeCommand, frozen=True, kw_only=True):
    """Say how a movement went in the end."""

    outcome: Facilitation
    detail: str = ""


NoticeCommand: TypeAlias = (
    FileNotice
    | AmendNotice
    | WithdrawNotice
    | ConfirmNotice
    | Dispose
    | RouteNotice
    | NoteMailed
    | ReportMovement
    | StateOutcome
)
