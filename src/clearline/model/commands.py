"""Hold what somebody asks the line to do.

A command is an intent; what follows from it is decided by `rules.decide` and
becomes entries. Ids of calls and notices are made by the caller, so that pressing
twice or sending again changes nothing the second time.
"""

from typing import TypeAlias

import msgspec
from msgspec.structs import force_setattr

from clearline.model.agreement_acts import AgreementCommand
from clearline.model.calls import (
    Answer,
    AttemptId,
    CallId,
    Card,
    Kind,
    Line,
    Outcome,
    Precedence,
    UnableReason,
)
from clearline.model.case_acts import CaseAct
from clearline.model.casework import CaseId
from clearline.model.conflict_commands import ConflictCommand
from clearline.model.disclosures import NoteProbing
from clearline.model.entries import (
    BeatRecorded,
    ChannelCarried,
    DecisionTimeDeclared,
    DeskSet,
    EntryCarried,
    LadderSet,
    LogOpened,
    NodeStarted,
    OriginNamed,
    PartySet,
    PeerTold,
    PeerUnproven,
    PersonSet,
    RecordedLate,
    SealedErased,
    WallStepped,
    WatchLeft,
    WatchTaken,
    WordsHeard,
)
from clearline.model.errors import BadInput
from clearline.model.handing import HandOut
from clearline.model.instants import Duration, Instant, utc
from clearline.model.links import HeardAs, Peer, PeerId
from clearline.model.notice_acts import NoticeCarried
from clearline.model.notice_commands import NoticeCommand
from clearline.model.notices import NoticeId
from clearline.model.parties import Actor, DeskId, Evidence, Medium, Role
from clearline.model.places import NameAsked, Place
from clearline.model.readback import ReadbackElement
from clearline.model.sealed import Sealed
from clearline.model.sheets import SheetId
from clearline.model.watchplans import Override, OverrideId, Rotation, ZoneClocks


class _Command(msgspec.Struct, frozen=True, kw_only=True):
    """Be the root of every command."""


class Enter(_Command, frozen=True, kw_only=True):
    """Enter who is on the line, or a fact about the node itself."""

    act: (
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
        | PeerUnproven
        | WordsHeard
        | WatchTaken
        | WatchLeft
        | NoticeCarried
        | EntryCarried
        | ChannelCarried
    )


class RaiseCall(_Command, frozen=True, kw_only=True):
    """Raise a call.

    Attributes:
        to_desk: Where to; for a STOP or HOLD empty means every other party.
        said_at: When the caller raised it, by the caller's clock. An instant
            without its zone is refused, and left out of a STOP or HOLD.
        of: The STOP or HOLD a RELEASE lifts, or the HOLD a STOP takes over.
        ends_in: Length of a HOLD, or time left to answer a QUERY or line check.
        kept_from: Desks that may not see it.
    """

    call: CallId
    kind: Kind
    by: Actor
    to_desk: DeskId | None = None
    card: Card = Card()
    precedence: Precedence | None = None
    said_at: Instant | None = None
    of: CallId | None = None
    ends_in: Duration | None = None
    kept_from: tuple[DeskId, ...] = ()
    evidence: Evidence | None = None

    def __post_init__(self) -> None:
        if self.said_at is None:
            return
        try:
            said_at = utc(self.said_at)
        except BadInput:
            if self.kind not in (Kind.STOP, Kind.HOLD):
                raise
            said_at = None  # a clock nobody set is no reason to refuse a STOP
        force_setattr(self, "said_at", said_at)


class ReportAttempt(_Command, frozen=True, kw_only=True):
    """Report what became of an attempt."""

    call: CallId
    attempt: AttemptId
    outcome: Outcome
    detail: str = ""


class Receive(_Command, frozen=True, kw_only=True):
    """Report that the other side's node holds the call durably."""

    call: CallId
    node: str


class Show(_Command, frozen=True, kw_only=True):
    """Report that a device showed the call."""

    call: CallId
    device: str
    desk: DeskId


class Acknowledge(_Command, frozen=True, kw_only=True):
    """Say "I have it".

    Attributes:
        words: What was heard, where nobody proved who spoke.
    """

    call: CallId
    by: Actor
    attempt: AttemptId | None = None
    words: str = ""


class WithdrawAcknowledgement(_Command, frozen=True, kw_only=True):
    """Take a mistaken acknowledgement back."""

    call: CallId
    by: Actor
    why: str = ""


class GiveAnswer(_Command, frozen=True, kw_only=True):
    """Answer a call.

    Attributes:
        reason: Required with UNABLE.
        whom: With "need authority": the desk that has it.
        detail: Required with "unclear" (what) and "other".
        until: With STANDBY: when an answer is promised by.
    """

    call: CallId
    by: Actor
    answer: Answer
    reason: UnableReason | None = None
    whom: DeskId | None = None
    detail: str = ""
    evidence: Evidence | None = None
    until: Instant | None = None


class SayBack(_Command, frozen=True, kw_only=True):
    """Read a call's content back.

    Attributes:
        asked: What a gazetteer said of the names in it, and of those that went out.
        is_by_keys: Whether it was pressed on a telephone, which has no keys for free
            words: those are then not compared, and the result does not name them.
    """

    call: CallId
    by: Actor
    said: tuple[ReadbackElement, ...]
    asked: tuple[NameAsked, ...] = ()
    is_by_keys: bool = False


class PassOn(_Command, frozen=True, kw_only=True):
    """Pass a call on to a desk below one's own."""

    call: CallId
    by: Actor
    to_desk: DeskId


class ReportCeased(_Command, frozen=True, kw_only=True):
    """Report that what the call asked to stop has stopped."""

    call: CallId
    by: Actor
    ceased_at: Instant | None = None
    detail: str = ""

    def __post_init__(self) -> None:
        if self.ceased_at is not None:
            force_setattr(self, "ceased_at", utc(self.ceased_at))


class Close(_Command, frozen=True, kw_only=True):
    """Say, for one's own party, that a call is over."""

    call: CallId
    by: Actor
    why: str = ""


class RenewHold(_Command, frozen=True, kw_only=True):
    """Give a HOLD a later end."""

    call: CallId
    by: Actor
    ends_in: Duration


class TakeWatch(_Command, frozen=True, kw_only=True):
    """Take the watch at one's own desk.

    Attributes:
        has_read: When the handover was made whose notes one has read.
    """

    by: Actor
    role: Role
    until: Instant
    has_read: Instant | None = None

    def __post_init__(self) -> None:
        force_setattr(self, "until", utc(self.until))


class LeaveWatch(_Command, frozen=True, kw_only=True):
    """Leave the watch, handing it over or not.

    Attributes:
        to: Who takes over; signs together with `by`.
        taken: The open calls the incoming person takes, one by one.
        notes: What the next has to know.
    """

    by: Actor
    to: Actor | None = None
    taken: tuple[CallId, ...] = ()
    notes: str = ""


class PlanWatch(_Command, frozen=True, kw_only=True):
    """Set who takes turns at a desk's watch.

    Attributes:
        zones: What the clocks say in the zones the rotations name, as just read.
    """

    desk: DeskId
    rotations: tuple[Rotation, ...]
    zones: tuple[ZoneClocks, ...]
    by: Actor


class OverrideWatch(_Command, frozen=True, kw_only=True):
    """Change who is planned in a window."""

    desk: DeskId
    override: Override


class DropOverride(_Command, frozen=True, kw_only=True):
    """Take a change of the plan away."""

    desk: DeskId
    override: OverrideId
    by: Actor


class ReadZones(_Command, frozen=True, kw_only=True):
    """Say what the clocks of zones say, read anew."""

    zones: tuple[ZoneClocks, ...]


class SetLine(_Command, frozen=True, kw_only=True):
    """Enter or change a line that is checked."""

    line: Line


class CheckLine(_Command, frozen=True, kw_only=True):
    """Check one's own desk's line to a desk by a medium, now."""

    call: CallId
    to_desk: DeskId
    medium: Medium
    by: Actor


class SetPeer(_Command, frozen=True, kw_only=True):
    """Pin another party's node, or its new keys, once two people compared them."""

    peer: Peer


class RevokePeer(_Command, frozen=True, kw_only=True):
    """Say nothing more to a peer and hear nothing from it."""

    peer: PeerId
    why: str = ""


class HearPeer(_Command, frozen=True, kw_only=True):
    """Take what a peer said, its signature checked against its pinned key.

    Attributes:
        told: What the envelope says.
        said_at: When the peer says it decided that, by its own clock.
        digest: SHA-256 of the envelope, hex.
        envelope: As it was signed.
        salt: Base64.
    """

    peer: PeerId
    told: PeerTold
    said_at: Instant
    digest: str
    envelope: str
    salt: str


class KeepReceipt(_Command, frozen=True, kw_only=True):
    """Keep a peer's receipt, checked against its pinned key and what we said.

    Attributes:
        call_number: The number the call is spoken of by there.
    """

    peer: PeerId
    number: int
    heard_as: HeardAs
    receipt: str
    why: str = ""
    call_number: int | None = None


class OnCase(_Command, frozen=True, kw_only=True):
    """Do something on a case: open it, enter a claim, take a statement, and so on.

    Attributes:
        act: What is to be entered, as it will stand in the log.
    """

    act: CaseAct


class ReportHarm(_Command, frozen=True, kw_only=True):
    """Report harm on a call or on a notice.

    Attributes:
        case: The case it belongs to; it is opened if it is not there.
        title: What to call a case that is opened.
    """

    case: CaseId
    by: Actor
    says: str
    call: CallId | None = None
    notice: NoticeId | None = None
    title: str = ""

    def __post_init__(self) -> None:
        if (self.call is None) == (self.notice is None):
            raise BadInput(
                "Harm is reported on one call or on one notice.",
                state="Nothing was recorded.",
                next="Name the one or the other.",
            )


class OpenSheet(_Command, frozen=True, kw_only=True):
    """Open a sheet for somebody on an ordinary telephone."""

    sheet: SheetId
    by: Actor


class NoteSheet(_Command, frozen=True, kw_only=True):
    """Write something down on a sheet; its clock is wound up again.

    Attributes:
        words: What was heard, sealed.
        caller: Who they say they are, and their number, sealed.
    """

    sheet: SheetId
    by: Actor
    words: Sealed | None = None
    caller: Sealed | None = None
    where: Place | None = None
    what: str = ""


class EndSheet(_Command, frozen=True, kw_only=True):
    """Put a sheet away.

    Attributes:
        call: The STOP or HOLD that was raised of it.
    """

    sheet: SheetId
    by: Actor
    call: CallId | None = None


class Advance(_Command, frozen=True, kw_only=True):
    """Do what has become due for one call, line, sheet or plan of a watch.

    Attributes:
        waiting: The call's or sheet's id, or the line's or plan's key.
        held_by: What of the node's other log holds it, so that nothing of it is purged.
    """

    waiting: str
    held_by: str = ""


Command: TypeAlias = (
    Enter
    | RaiseCall
    | ReportAttempt
    | Receive
    | Show
    | Acknowledge
    | WithdrawAcknowledgement
    | GiveAnswer
    | SayBack
    | PassOn
    | ReportCeased
    | Close
    | RenewHold
    | TakeWatch
    | LeaveWatch
    | PlanWatch
    | OverrideWatch
    | DropOverride
    | ReadZones
    | SetLine
    | NoticeCommand
    | CheckLine
    | ConflictCommand
    | AgreementCommand
    | NoteProbing
    | HandOut
    | SetPeer
    | RevokePeer
    | HearPeer
    | KeepReceipt
    | OnCase
    | ReportHarm
    | OpenSheet
    | NoteSheet
    | EndSheet
    | Advance
)
