"""Hold the entries of a log: one act each, with its time and realm.

The log is what was said, shown, answered, decided, disclosed and tried. Every
act is a type of its own with a name (`type`) and a version (`v`) on the wire;
once released, a type is read for ever.
"""

from enum import StrEnum
from typing import Final, TypeAlias, get_args

import msgspec

from clearline.model.calls import (
    Answer,
    Attempt,
    AttemptId,
    CallId,
    Card,
    Clock,
    Ending,
    Kind,
    Ladder,
    Line,
    Outcome,
    Precedence,
    Telling,
    UnableReason,
    Why,
)
from clearline.model.case_acts import CaseAct
from clearline.model.conflict_acts import ConflictAct, NoticeScreened
from clearline.model.control_acts import ControlAct
from clearline.model.disclosures import DisclosureAct
from clearline.model.handing import NoticesHandedOut
from clearline.model.instants import Instant
from clearline.model.links import HeardAs, Message, Peer, PeerId, PeerPart
from clearline.model.notice_acts import NoticeAct
from clearline.model.parties import (
    Actor,
    DecisionTime,
    Desk,
    DeskId,
    Evidence,
    Medium,
    Party,
    PartyId,
    Person,
    PersonId,
    Watch,
)
from clearline.model.places import FactStatus, NamedOrigin, Place
from clearline.model.readback import ReadbackElement, ReadbackResult
from clearline.model.sealed import Sealed
from clearline.model.sheets import SheetEnding, SheetId
from clearline.model.watchplans import (
    GapTold,
    Override,
    OverrideId,
    Rotation,
    ZoneClocks,
)


class Realm(StrEnum):
    """Say whether this is earnest; a log never mixes them."""

    LIVE = "live"
    EXERCISE = "exercise"
    MODEL = "model"


class _Act(msgspec.Struct, frozen=True, kw_only=True):
    """Be the root of every act."""


class _CallAct(msgspec.Struct, frozen=True, kw_only=True):
    """Be the root of every act about a call.

    Attributes:
        call: Which call.
        clocks: What that call waits for after this act.
    """

    call: CallId
    clocks: tuple[Clock, ...] = ()


# --- the log itself ---------------------------------------------------------


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


# --- who is on the line ---------------------------------------------------------


class PartySet(_Act, frozen=True, kw_only=True):
    """Enter or change a party."""

    party: Party


class DeskSet(_Act, frozen=True, kw_only=True):
    """Enter or change a desk."""

    desk: Desk


class PersonSet(_Act, frozen=True, kw_only=True):
    """Enter or change a person, with the public half of their passkeys."""

    person: Person


class LadderSet(_Act, frozen=True, kw_only=True):
    """Enter or change a desk's ladder for a precedence; never a ringing call's."""

    desk: DeskId
    precedence: Precedence
    ladder: Ladder


class OriginNamed(_Act, frozen=True, kw_only=True):
    """Enter a named point that bearings and ranges may start from."""

    origin: NamedOrigin


class DecisionTimeDeclared(_Act, frozen=True, kw_only=True):
    """Keep how fast a party says it decides about a kind of action."""

    declared: DecisionTime


class WatchTaken(_Act, frozen=True, kw_only=True):
    """Say that a person has the watch."""

    watch: Watch


class WatchLeft(_Act, frozen=True, kw_only=True):
    """Say that a person no longer has the watch.

    Attributes:
        to: Who took over; empty where nobody did.
        taken: Open calls the incoming person took, one by one.
    """

    desk: DeskId
    person: PersonId
    by: Actor
    to: PersonId | None = None
    taken: tuple[CallId, ...] = ()


class ZoneRead(_Act, frozen=True, kw_only=True):
    """Keep what the clocks of a zone say, as the node read it."""

    clocks: ZoneClocks


class WatchPlanSet(_Act, frozen=True, kw_only=True):
    """Set who takes turns at a desk's watch; overrides stay.

    Attributes:
        next_at: When the plan is looked at next, for gaps.
    """

    desk: DeskId
    rotations: tuple[Rotation, ...]
    by: Actor
    next_at: Instant | None = None


class WatchOverridden(_Act, frozen=True, kw_only=True):
    """Change who is planned in a window."""

    desk: DeskId
    override: Override
    next_at: Instant | None = None


class WatchOverrideDropped(_Act, frozen=True, kw_only=True):
    """Take a change of the plan away."""

    desk: DeskId
    override: OverrideId
    by: Actor
    next_at: Instant | None = None


class WatchLookedAhead(_Act, frozen=True, kw_only=True):
    """Say that a plan was looked at for gaps, and which its people were rung about.

    Attributes:
        told: Every gap that lies ahead and was told, those of earlier looks too.
    """

    desk: DeskId
    told: tuple[GapTold, ...]
    next_at: Instant | None = None


class LineSet(_Act, frozen=True, kw_only=True):
    """Enter or change a line that is checked."""

    line: Line


class LineCheckCalled(_Act, frozen=True, kw_only=True):
    """Say that a line's check was due, and which call checks it."""

    line: Line


# --- other parties' nodes -----------------------------------------------------------


class PeerSet(_Act, frozen=True, kw_only=True):
    """Pin another party's node, as two people compared its keys aloud."""

    peer: Peer


class PeerRevoked(_Act, frozen=True, kw_only=True):
    """Break a link: nothing more is said to that node or heard from it."""

    peer: PeerId
    why: str


class PeerTold(_Act, frozen=True, kw_only=True):
    """Say something to a peer; this entry's envelope is what is sent.

    Attributes:
        peer: To whom: the origin of its log.
        number: Counted for this peer from 1; 0 where our disk had not taken it yet
            when it was sent, and then it comes again under a number of its own.
        says: What is said, no more than the peer may know.
    """

    peer: PeerId
    number: int
    says: Message


class PeerHeard(_Act, frozen=True, kw_only=True):
    """Keep what a peer said; a proof of this entry is our receipt for it.

    Attributes:
        peer: Who said it: the origin of its log.
        number: Its number in the peer's count.
        digest: SHA-256 of the envelope it came in, hex.
        heard_as: What became of it.
        why: Why it was refused, or what stands in the way.
        call: The call it raised here, by our id.
        call_number: The number that call is spoken of by here.
        envelope: The peer's envelope as it was signed.
        salt: What stands before it in the commitment of the peer's log, base64.
    """

    peer: PeerId
    number: int
    digest: str
    heard_as: HeardAs
    envelope: str
    salt: str
    why: str = ""
    call: CallId | None = None
    call_number: int | None = None


class PeerReceipted(_Act, frozen=True, kw_only=True):
    """Keep a peer's signed receipt for something we said.

    Attributes:
        number: What we said, in our count for this peer.
        heard_as: What became of it there.
        why: Why it was refused there, or what stands in the way.
        receipt: The receipt whole: envelope, salt and proof from the peer's log.
    """

    peer: PeerId
    number: int
    heard_as: HeardAs
    receipt: str
    why: str = ""


class PeerUnproven(_Act, frozen=True, kw_only=True):
    """Keep that something on a peer's pinned line was not proven to be its word.

    Attributes:
        peer: Whose certificate the line showed.
        part: Whether it was to be something it says, or a receipt.
        digest: SHA-256 of the bytes that were refused, hex; they are not kept.
        why: Why they prove nothing.
        count: How many such things came on that line since the node started.
    """

    peer: PeerId
    part: PeerPart
    digest: str
    why: str
    count: int


# --- what was said on a telephone ---------------------------------------------------


class WordsHeard(_Act, frozen=True, kw_only=True):
    """Keep by their hash the first words that came in by telephone or mailbox.

    Attributes:
        words: What was said, a PIN struck out; sealed beside the log.
        enrolled: For whom the number is enrolled; proves nothing.
        calls: What was raised or answered by it.
    """

    medium: Medium
    words: Sealed
    enrolled: tuple[PersonId, ...] = ()
    calls: tuple[CallId, ...] = ()


class SheetOpened(_Act, frozen=True, kw_only=True):
    """Open a sheet for somebody on an ordinary telephone.

    Attributes:
        due_at: When it counts as abandoned, if nothing is noted before.
    """

    sheet: SheetId
    by: Actor
    due_at: Instant


class SheetNoted(_Act, frozen=True, kw_only=True):
    """Write something down on a sheet; what is left out stays as it was.

    Attributes:
        due_at: When it counts as abandoned, if nothing more is noted before.
        words: What was heard; sealed beside the log.
        caller: Who they say they are, and their number; sealed beside the log.
    """

    sheet: SheetId
    by: Actor
    due_at: Instant
    words: Sealed | None = None
    caller: Sealed | None = None
    where: Place | None = None
    what: str = ""


class SheetEnded(_Act, frozen=True, kw_only=True):
    """Put a sheet away.

    Attributes:
        by: Empty where it was abandoned.
        call: What was raised of it.
    """

    sheet: SheetId
    ending: SheetEnding
    by: Actor | None = None
    call: CallId | None = None


# --- calls ------------------------------------------------------------------------


class CallRaised(_CallAct, frozen=True, kw_only=True):
    """Raise a call, with its ladder frozen in.

    Attributes:
        kept_from: Desks that may not see it.
    """

    number: int
    kind: Kind
    precedence: Precedence
    by: Actor
    to_party: PartyId
    to_desk: DeskId
    card: Card
    ladder: Ladder
    said_at: Instant | None = None
    of: CallId | None = None
    passed_from: CallId | None = None
    has_below: bool = True
    repeats: CallId | None = None
    ends_at: Instant | None = None
    kept_from: tuple[DeskId, ...] = ()
    evidence: Evidence | None = None
    is_far: bool = False


class Rang(_CallAct, frozen=True, kw_only=True):
    """Ring people.

    Attributes:
        rung: How many rungs of the ladder have now been rung.
        round: How many times the ladder has wrapped.
        nobody_on_watch: Desks where all members were rung for want of a watch.
    """

    why: Why
    rung: int
    round: int
    attempts: tuple[Attempt, ...]
    nobody_on_watch: tuple[DeskId, ...] = ()


class AttemptReported(_CallAct, frozen=True, kw_only=True):
    """Keep what a courier says became of an attempt."""

    attempt: AttemptId
    outcome: Outcome
    detail: str = ""


class HeardFrom(_CallAct, frozen=True, kw_only=True):
    """Keep words from a number nobody proved to be theirs; stops that ring only."""

    attempt: AttemptId
    number: str
    words: str


class Received(_CallAct, frozen=True, kw_only=True):
    """Say that the other side's node holds the call durably."""

    node: str


class Shown(_CallAct, frozen=True, kw_only=True):
    """Say that a device showed the call."""

    device: str
    desk: DeskId


class Acknowledged(_CallAct, frozen=True, kw_only=True):
    """Say that a person has the call."""

    by: Actor
    attempt: AttemptId | None = None


class AcknowledgementWithdrawn(_CallAct, frozen=True, kw_only=True):
    """Take a mistaken acknowledgement back."""

    by: Actor
    why: str = ""


class AnswerGiven(_CallAct, frozen=True, kw_only=True):
    """Answer a call."""

    by: Actor
    answer: Answer
    reason: UnableReason | None = None
    whom: DeskId | None = None
    detail: str = ""
    evidence: Evidence | None = None


class ReadBack(_CallAct, frozen=True, kw_only=True):
    """Read a call's content back, compared element by element."""

    by: Actor
    said: tuple[ReadbackElement, ...]
    result: ReadbackResult


class PassedOn(_CallAct, frozen=True, kw_only=True):
    """Pass a call on down one's own tree of desks."""

    by: Actor
    to_desk: DeskId
    child: CallId


class Ceased(_CallAct, frozen=True, kw_only=True):
    """Report that what the call asked to stop has stopped."""

    by: Actor
    ceased_at: Instant
    detail: str = ""


class ClosedBy(_CallAct, frozen=True, kw_only=True):
    """Say, for one party, that the call is over."""

    by: Actor
    party: PartyId
    why: str = ""


class HoldRenewed(_CallAct, frozen=True, kw_only=True):
    """Give a HOLD a later end."""

    by: Actor
    ends_at: Instant


class DeskTold(_CallAct, frozen=True, kw_only=True):
    """Tell a desk, unasked, how a call stands; most often the caller's."""

    desk: DeskId
    telling: Telling
    text: str


class CallEnded(_CallAct, frozen=True, kw_only=True):
    """End a call: nothing is waited for any more.

    Attributes:
        by_call: The RELEASE or STOP that ended it, if one did.
    """

    ending: Ending
    by_call: CallId | None = None


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
    | NoticesHandedOut
    | WordsHeard
    | SheetOpened
    | SheetNoted
    | SheetEnded
    | CallRaised
    | Rang
    | AttemptReported
    | HeardFrom
    | Received
    | Shown
    | Acknowledged
    | AcknowledgementWithdrawn
    | AnswerGiven
    | ReadBack
    | PassedOn
    | Ceased
    | ClosedBy
    | HoldRenewed
    | DeskTold
    | CallEnded
    | CaseAct
)

CallAct: TypeAlias = (
    CallRaised
    | Rang
    | AttemptReported
    | HeardFrom
    | Received
    | Shown
    | Acknowledged
    | AcknowledgementWithdrawn
    | AnswerGiven
    | ReadBack
    | PassedOn
    | Ceased
    | ClosedBy
    | HoldRenewed
    | DeskTold
    | CallEnded
)

CALL_ACTS: Final = get_args(CallAct)
"""The types of every act about a call, for `isinstance`."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one act with its time.

    Attributes:
        at: Node time it was decided, UTC.
        realm: Whether it is earnest.
        clock_error_s: How far the node's wall clock may be off, seconds.
        recorded_at: When it was handed to the disk, where that was later.
    """

    at: Instant
    realm: Realm
    act: Act
    clock_error_s: float | None = None
    recorded_at: Instant | None = None
