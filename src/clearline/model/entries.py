"""Hold the entries of a log: one act each, with its time and realm.

The log is what was said, shown, answered, decided, disclosed and tried. Every
act is a type of its own with a name (`type`) and a version (`v`) on the wire;
once released, a type is read for ever.
"""

from enum import StrEnum
from typing import TypeAlias

import msgspec

from clearline.model.agreement_acts import AgreementAct
from clearline.model.call_acts import (
    CALL_ACTS,
    Acknowledged,
    AcknowledgementWithdrawn,
    AnswerGiven,
    AttemptReported,
    CallAct,
    CallEnded,
    CallRaised,
    Ceased,
    ClosedBy,
    DeskTold,
    HeardFrom,
    HoldRenewed,
    PassedOn,
    Rang,
    ReadBack,
    Received,
    Shown,
)
from clearline.model.calls import CallId
from clearline.model.carried_acts import ChannelCarried, EntryCarried
from clearline.model.case_acts import CaseAct
from clearline.model.conflict_acts import ConflictAct, NoticeScreened
from clearline.model.control_acts import ControlAct
from clearline.model.disclosures import DisclosureAct
from clearline.model.handing import NoticesHandedOut
from clearline.model.instants import Instant
from clearline.model.line_acts import (
    DecisionTimeDeclared,
    DeskSet,
    LadderSet,
    LineCheckCalled,
    LineSet,
    OriginNamed,
    PartySet,
    PersonSet,
    WatchLeft,
    WatchLookedAhead,
    WatchOverridden,
    WatchOverrideDropped,
    WatchPlanSet,
    WatchTaken,
    ZoneRead,
)
from clearline.model.notice_acts import NoticeAct
from clearline.model.parties import PersonId
from clearline.model.peer_acts import (
    PeerHeard,
    PeerReceipted,
    PeerRevoked,
    PeerSet,
    PeerTold,
    PeerUnproven,
)
from clearline.model.places import FactStatus
from clearline.model.telephone_acts import (
    SheetEnded,
    SheetNoted,
    SheetOpened,
    WordsHeard,
)

__all__ = [
    "CALL_ACTS",
    "Acknowledged",
    "AcknowledgementWithdrawn",
    "Act",
    "AnswerGiven",
    "AttemptReported",
    "BeatRecorded",
    "CallAct",
    "CallEnded",
    "CallRaised",
    "Ceased",
    "ChannelCarried",
    "ClosedBy",
    "DecisionTimeDeclared",
    "DeskSet",
    "DeskTold",
    "Entry",
    "EntryCarried",
    "HeardFrom",
    "HoldRenewed",
    "LadderSet",
    "LineCheckCalled",
    "LineSet",
    "LogOpened",
    "NodeStarted",
    "OriginNamed",
    "PartySet",
    "PassedOn",
    "PeerHeard",
    "PeerReceipted",
    "PeerRevoked",
    "PeerSet",
    "PeerTold",
    "PeerUnproven",
    "PersonSet",
    "Rang",
    "ReadBack",
    "Realm",
    "Received",
    "RecordedLate",
    "SealedErased",
    "SheetEnded",
    "SheetNoted",
    "SheetOpened",
    "Shown",
    "WallStepped",
    "WatchLeft",
    "WatchLookedAhead",
    "WatchOverridden",
    "WatchOverrideDropped",
    "WatchPlanSet",
    "WatchTaken",
    "WordsHeard",
    "ZoneRead",
]


class Realm(StrEnum):
    """Say whether this is earnest; a log never mixes them."""

    LIVE = "live"
    EXERCISE = "exercise"
    MODEL = "model"


class _Act(msgspec.Struct, frozen=True, kw_only=True):
    """Be the root of every act of the log itself."""


class LogOpened(_Act, frozen=True, kw_only=True):
    """Open a log, alone or after one that was lost.

    Attributes:
        follows: Origin of the log this one takes over from, if any.
        size: Its size as last seen, entries.
        root: Its root hash as last seen, base64.
    """

    origin: str
    epoch: int = 1
    follows: str = ""
    size: int | None = None
    root: str = ""


class NodeStarted(_Act, frozen=True, kw_only=True):
    """Say that the node came up and how much of its log it found."""

    size: int


class WallStepped(_Act, frozen=True, kw_only=True):
    """Say that the wall clock jumped; due times did not move with it."""

    by_s: float


class RecordedLate(_Act, frozen=True, kw_only=True):
    """Say that acts were decided while the disk did not answer.

    Attributes:
        calls: Calls that rang from memory meanwhile.
        decided_at: When the first of them was decided.
        why: What the disk said, or that it said nothing.
    """

    calls: tuple[CallId, ...]
    decided_at: Instant
    why: str


class SealedErased(_Act, frozen=True, kw_only=True):
    """Say that a sealed part was erased, by which rule and by whom."""

    entry: int
    part: str
    rule: str
    person: PersonId


class BeatRecorded(_Act, frozen=True, kw_only=True):
    """Keep what sources say happened on a replayed day; nothing follows from it.

    It is no act of the line: it rings nobody and changes nothing. A time nobody
    gives is left out, and `when` says what is known of it.

    Attributes:
        scenario: The document it stands in.
        beat: Its id there.
        kind: What happened, in a word: `call`, `hang_up`.
        says: What happened, in a sentence.
        status: How well it stands.
        happened_at: When, UTC, by the clock reading played.
        is_about: Whether that is only near.
        when: When in words.
        facts: Ids of the facts it rests on.
        sources: Ids of the sources of those facts.
    """

    scenario: str
    beat: str
    kind: str
    says: str
    status: FactStatus
    happened_at: Instant | None = None
    is_about: bool = False
    when: str = ""
    facts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


Act: TypeAlias = (
    LogOpened
    | NodeStarted
    | WallStepped
    | RecordedLate
    | SealedErased
    | BeatRecorded
    | PartySet
    | DeskSet
    | PersonSet
    | LadderSet
    | OriginNamed
    | DecisionTimeDeclared
    | WatchTaken
    | WatchLeft
    | ZoneRead
    | WatchPlanSet
    | WatchOverridden
    | WatchOverrideDropped
    | WatchLookedAhead
    | LineSet
    | LineCheckCalled
    | PeerSet
    | PeerRevoked
    | PeerTold
    | PeerHeard
    | PeerReceipted
    | PeerUnproven
    | NoticeAct
    | NoticeScreened
    | DisclosureAct
    | ConflictAct
    | ControlAct
    | AgreementAct
    | NoticesHandedOut
    | WordsHeard
    | SheetOpened
    | SheetNoted
    | SheetEnded
    | CallAct
    | CaseAct
    | EntryCarried
    | ChannelCarried
)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one act with its time.

    Attributes:
        at: Node time it was decided, UTC.
        realm: Whether it is earnest.
        clock_error_s: How far the node's wall clock may be off, seconds.
        recorded_at: When it was handed to the disk, where that was later.
        request: Digest of the request it follows from, where that had an idempotency
            key and this is said to no other node.
    """

    at: Instant
    realm: Realm
    act: Act
    clock_error_s: float | None = None
    recorded_at: Instant | None = None
    request: str | None = None
