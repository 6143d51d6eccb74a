"""Hold what was said to other parties' nodes, and heard from them."""

import msgspec

from clearline.model.calls import CallId
from clearline.model.links import HeardAs, Message, Peer, PeerId, PeerPart


class _Act(msgspec.Struct, frozen=True, kw_only=True):
    """Be the root of every act about a peer."""


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
