"""Hold what two nodes that do not trust each other know of and say to each other.

    north                                        south
    call  x                                      call  x@north
    desk  ops@south   <---------------------->   desk  ops
    person 5f..@south (a pseudonym)              person anna

What is another party's carries its party behind an `@`: a desk, a call, a notice, a
person.
What is said to a peer is an entry of the sayer's own log, numbered for that peer
from 1, addressed to its log by name, and holds no more than the peer may know.
"""

from enum import StrEnum
from typing import NewType, TypeAlias

import msgspec

from clearline.model.calls import (
    Answer,
    CallId,
    Card,
    Kind,
    Precedence,
    UnableReason,
)
from clearline.model.instants import Duration, Instant
from clearline.model.notice_life import Disposition, MovementState
from clearline.model.notices import NoticeId, Revision
from clearline.model.parties import DeskId, PartyId, PersonId, Role, Strength
from clearline.model.places import Place
from clearline.model.readback import ReadbackElement

PeerId = NewType("PeerId", str)
"""Name of a peer: the origin of its log."""


class Peer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold another party's node as two people compared it aloud.

    Attributes:
        id: The origin of its log.
        party: Its party.
        ours: Our party on this link.
        name: What its party calls itself.
        key: Verifier key of its log, one line.
        certificate: Its TLS certificate, DER, base64; the one it is pinned to.
        url: Where its peer port is, `https://host:port`.
        veil: 32 random bytes, base64; our people's tags towards it come of it, so
            that two peers cannot tell that they deal with the same person.
        is_revoked: Whether nothing is said to it or heard from it any more.
        follows: The log of its that this one took over from, after a restore.
    """

    id: PeerId
    party: PartyId
    ours: PartyId
    name: str
    key: str
    certificate: str
    url: str
    veil: str
    is_revoked: bool = False
    follows: PeerId | None = None


class Reach(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say how far a link has come.

    Attributes:
        told: Number of the last thing said to the peer.
        heard: Up to which number nothing of the peer's is missing.
    """

    told: int = 0
    heard: int = 0


class PeerPart(StrEnum):
    """Name what a peer's bytes should have been."""

    SAID = "said"
    RECEIPT = "receipt"
    HEAD = "head"


class HeardAs(StrEnum):
    """Name what became of what a peer said (the disposition of AS2, RFC 4130)."""

    TAKEN = "taken"
    KNOWN = "known"
    REFUSED = "refused"


class Told(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one thing said to a peer.

    Attributes:
        entry: Index of the entry that says it.
        call: The call it raises there, if it raises one.
        is_urgent: Whether it is a STOP or HOLD, which waits for nothing.
        is_receipted: Whether the peer's signed receipt is in our log.
        notice: The notice of ours it says something of, if it does.
        revision: Which revision of it is told there; 0 where it says anything else.
    """

    peer: PeerId
    number: int
    entry: int
    call: CallId | None = None
    notice: NoticeId | None = None
    revision: int = 0
    is_urgent: bool = False
    is_receipted: bool = False


class Heard(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one thing a peer said.

    Attributes:
        entry: Index of our entry that keeps it: what a receipt proves.
        digest: SHA-256 of the envelope it came in, hex.
    """

    peer: PeerId
    number: int
    entry: int
    digest: str


class FarDesk(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a desk that another party may call, by its id at home."""

    id: DeskId
    name: str
    is_single_handed: bool = False


class FarActor(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say who acts, as far as another party may know: a role and a pseudonym.

    Attributes:
        desk: The desk of the call, by its id at home; never one below it.
        tag: Tells persons of one pseudonym apart, for this peer alone; empty where
            a device acts with nobody signed in.
    """

    desk: DeskId
    strength: Strength
    tag: PersonId | None = None
    pseudonym: str = ""
    roles: tuple[Role, ...] = ()


class CallRef(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Name a call between two nodes: who raised it, and its id there."""

    raised_by: PartyId
    call: CallId


class _Said(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag_field="says",
):
    """Be the root of everything said to a peer."""


class Desks(_Said, frozen=True, kw_only=True, tag="desks"):
    """Say which desks may be called here."""

    name: str
    desks: tuple[FarDesk, ...]


class GoesOnAs(_Said, frozen=True, kw_only=True, tag="goes_on_as"):
    """Say, signed with the old log's key, that another log takes over from it.

    Attributes:
        origin: Of the log that takes over.
        key: Its verifier key.
        size: Entries of the old log, as last seen by whoever restored it.
        root: Its root hash then, base64.
    """

    origin: PeerId
    key: str
    size: int
    root: str


class CallSaid(_Said, frozen=True, kw_only=True, tag="call"):
    """Raise a call at a desk of the peer's.

    Attributes:
        call: Its id here.
        number: The number it is spoken of by here.
        to_desk: By its id there; one nobody knows is no reason to refuse a STOP.
        said_at: When it was raised, by our clock.
        of: The STOP or HOLD of ours that a RELEASE lifts or a STOP takes over.
        ends_in: From its raising.
    """

    call: CallId
    number: int
    kind: Kind
    precedence: Precedence
    by: FarActor
    to_desk: DeskId
    card: Card
    said_at: Instant
    of: CallId | None = None
    ends_in: Duration | None = None


class ShownThere(_Said, frozen=True, kw_only=True, tag="shown"):
    """Say that a device of the desk called showed the call."""

    call: CallRef
    desk: DeskId


class Has(_Said, frozen=True, kw_only=True, tag="acknowledged"):
    """Say that a person has the call."""

    call: CallRef
    by: FarActor


class HasByPhone(_Said, frozen=True, kw_only=True, tag="acknowledged_by_phone"):
    """Say that somebody of the peer's own has a call, by a telephone entered here.

    Attributes:
        pseudonym: As they are entered here.
        strength: How surely it was them.
    """

    call: CallRef
    pseudonym: str
    strength: Strength


class HasNoMore(_Said, frozen=True, kw_only=True, tag="acknowledgement_withdrawn"):
    """Say that a person has the call no more."""

    call: CallRef
    by: FarActor


class Answers(_Said, frozen=True, kw_only=True, tag="answered"):
    """Answer a call; a STANDBY may say until when."""

    call: CallRef
    by: FarActor
    answer: Answer
    reason: UnableReason | None = None
    detail: str = ""
    until: Instant | None = None


class SaysBack(_Said, frozen=True, kw_only=True, tag="read_back"):
    """Say what a person read back.

    Attributes:
        number: The number the call is spoken of by at the node that says this.
    """

    call: CallRef
    by: FarActor
    number: int
    said: tuple[ReadbackElement, ...]


class PassesOn(_Said, frozen=True, kw_only=True, tag="passed_on"):
    """Say that the call was passed on down the desk's own tree, not to whom."""

    call: CallRef
    by: FarActor


class ReportsCeased(_Said, frozen=True, kw_only=True, tag="ceased"):
    """Report that what the call asked to stop has stopped."""

    call: CallRef
    by: FarActor
    ceased_at: Instant
    detail: str = ""


class Closes(_Said, frozen=True, kw_only=True, tag="closed"):
    """Say, for one party, that the call is over."""

    call: CallRef
    by: FarActor
    why: str = ""


class Renews(_Said, frozen=True, kw_only=True, tag="hold_renewed"):
    """Give a HOLD a later end."""

    call: CallRef
    by: FarActor
    ends_in: Duration


class NoticeSaid(_Said, frozen=True, kw_only=True, tag="notice"):
    """Tell desks of the peer's of a notice, or what they still may know of it.

    Attributes:
        notice: Its id here.
        by: Who filed or changed it, at the desk to call about it.
        revision: What the peer may know: no more exactly than the most exactly told
            of its desks. It tells those, by their ids there, and names no other.
    """

    notice: NoticeId
    by: FarActor
    revision: Revision


class TakesBack(_Said, frozen=True, kw_only=True, tag="notice_withdrawn"):
    """Withdraw a notice the peer was told of, or its owner's consent to telling it.

    Attributes:
        revision: The revision from which on the peer is told no more; 0 where the
            notice itself is withdrawn.
    """

    notice: NoticeId
    by: FarActor
    revision: int = 0


class Moves(_Said, frozen=True, kw_only=True, tag="moved"):
    """Say how far a movement is.

    Attributes:
        by: Nobody where a clock ran out.
    """

    notice: NoticeId
    state: MovementState
    by: FarActor | None = None
    stop: int | None = None
    where: Place | None = None
    expected_at: Instant | None = None
    detail: str = ""


class Disposes(_Said, frozen=True, kw_only=True, tag="disposed"):
    """Say what a desk here did with a notice of the peer's.

    Attributes:
        notice: Its id there.
        desk: The desk that was told, by its id here.
        heard: Up to which number of the peer's nothing was missing when it was done.
        is_below: Whether it was done at a desk below that one.
        unread_below: How many desks below it have not read it after this.
    """

    notice: NoticeId
    revision: int
    desk: DeskId
    disposition: Disposition
    by: FarActor
    heard: int
    detail: str = ""
    is_below: bool = False
    unread_below: int = 0


ActSaid: TypeAlias = (
    ShownThere
    | Has
    | HasByPhone
    | HasNoMore
    | Answers
    | SaysBack
    | PassesOn
    | ReportsCeased
    | Closes
    | Renews
)

Message: TypeAlias = (
    Desks
    | GoesOnAs
    | CallSaid
    | ShownThere
    | Has
    | HasByPhone
    | HasNoMore
    | Answers
    | SaysBack
    | PassesOn
    | ReportsCeased
    | Closes
    | Renews
    | NoticeSaid
    | TakesBack
    | Moves
    | Disposes
)
"""Everything one node says to another."""

OF_OUR_NOTICES = (NoticeSaid, TakesBack, Moves)
"""What is said of the sayer's own notices."""

URGENT = frozenset({Kind.STOP, Kind.HOLD})


def is_urgent_message(says: Message) -> bool:
    """Say whether something waits for nothing, not even for what was said before."""
    return isinstance(says, CallSaid) and says.kind in URGENT


def at_party(name: str, party: PartyId) -> str:
    """Name here what `party` calls `name`."""
    return f"{name}@{party}"


def at_home(name: str, party: PartyId) -> str:
    """Name there what is called `name` here."""
    return name.removesuffix(f"@{party}")


def is_at(name: str, party: PartyId) -> bool:
    """Say whether something is known here under another party's name for it."""
    return name.endswith(f"@{party}")
