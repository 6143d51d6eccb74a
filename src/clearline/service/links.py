"""Say what we said to peers, hear what they say, and hand receipts both ways.

    decided --hear--> Letter --courier--> POST /peer/say --take--> HearPeer
                                                                      |  durable
    KeepReceipt <--keep-- our key? their proof? our words? <-- receipt of PeerHeard

| if we stop                          | then                                        |
|-------------------------------------|---------------------------------------------|
| before what is said is in our log   | it was not said (a STOP the disk did not    |
|                                     | take in time went out all the same)         |
| before it is sent, or receipted     | it is sent again after the next start       |
| before what we heard is in our log  | the peer has no receipt and says it again   |
| after that, before our receipt left | said again, the same entry is receipted     |
| before their receipt is in our log  | we say it again; they receipt it again      |

What comes on a pinned line and is not signed as it says is refused, and that it came is
an entry: what was refused by its digest, so that its people can be asked for it.

So nothing that was receipted is lost, and what arrives twice is heard once. What a
peer may do is decided in `rules/links.py`; here is only whose word it is.
"""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Final, Protocol

import msgspec
from msgspec.structs import replace

from clearline.ledger.envelope import (
    SALT_BYTES,
    EnvelopeMalformed,
    EnvelopeRefused,
    open_envelope,
)
from clearline.ledger.keys import VerifierKey, parse_verifier_key
from clearline.ledger.receipt import parse_receipt, verify_receipt
from clearline.ledger.text64 import NotBase64, decode64, encode64
from clearline.ledger.tiles import Edge
from clearline.model.calls import CallId
from clearline.model.commands import Command, Enter, HearPeer, KeepReceipt
from clearline.model.entries import (
    Entry,
    PeerHeard,
    PeerRevoked,
    PeerSet,
    PeerTold,
    PeerUnproven,
    Realm,
    RecordedLate,
)
from clearline.model.errors import BadInput, BrokenPromise, LostCertainty
from clearline.model.links import CallSaid, Peer, PeerId, PeerPart, is_urgent_message
from clearline.model.parties import DeskId
from clearline.picture.picture import Picture, hearing_key
from clearline.rules.links import OutOfOrder, UnknownPeer
from clearline.service.heads import Heads, HeadShelf, NoShelf, Seen
from clearline.service.log import Log
from clearline.service.log_stored import receipt_for
from clearline.service.ports import Row, Store
from clearline.service.writer import Written
from clearline.wire.entries import UnreadableEntry, read_entry, write_entry

LONGEST_BODY: Final = 1 << 21
"""How long what a peer says may be, bytes."""

PAGE: Final = 64
"""How many things one page of an outbox holds at most."""

EACH_UNPROVEN: Final = 16
"""How many things a peer did not prove are entered each; then 32, 64, 128 and so on."""

RECORDED_WITHIN_S: Final = 10.0
"""How long a peer waits for our disk before it is told to ask again."""


class SaidMalformed(BadInput):
    """Refuse bytes from a peer that are not one signed thing it says."""


class NotForUs(BadInput):
    """Refuse what a peer said to another node, or in another realm."""


class NotYetRecorded(BrokenPromise):
    """Give no receipt yet: what was said is heard and not recorded."""


class ReceiptDiffers(LostCertainty):
    """Refuse a peer's receipt that is not for what we said."""


class PeerUnreached(BrokenPromise):
    """Admit that a peer's node could not be reached, or did not answer rightly."""


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one signed thing as it travels: `{"envelope": "...", "salt": "..."}`."""

    envelope: str
    salt: str


class Outbox(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a page of what was said to a peer.

    Attributes:
        last: The number of the last thing said to it so far.
        said: From the number asked for on, in order.
        head: The newest head of the log of whoever said it, as signed.
    """

    last: int
    said: tuple[Carried, ...]
    head: str = ""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one thing to be sent.

    Attributes:
        number: In our count for this peer; 0 where our disk has not taken it.
        entry: Index of the entry that says it; nothing where it stands in no log.
        call: The call it raises there, if it raises one.
        body: What is sent, where it stands in no log.
    """

    peer: PeerId
    number: int
    is_urgent: bool
    entry: int | None = None
    call: CallId | None = None
    body: bytes = b""

    @property
    def key(self) -> str:
        """Name it among all letters to its peer."""
        return str(self.number) if self.number else f"early {self.call}"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Say how a call of ours stands with a peer.

    Attributes:
        peer: Whose desk it is for; nothing where it is for no peer's.
        is_received: Whether its node holds it.
    """

    peer: PeerId | None
    is_received: bool


class Wire(Protocol):
    """Carry bytes to peers' nodes and back; it trusts only their certificates."""

    def say(self, peer: Peer, body: bytes) -> bytes:
        """Say one thing and return the peer's receipt.

        Raises:
            PeerUnreached: No answer came, or another than a receipt.
        """

    def outbox(self, peer: Peer, after: int) -> bytes:
        """Ask for what the peer said to us after a number.

        Raises:
            PeerUnreached: No answer came, or another than a page.
        """

    def seen(self, peer: Peer) -> bytes:
        """Ask what the peer last saw of our log.

        Raises:
            PeerUnreached: No answer came, or another than that.
        """


_carried = msgspec.json.Decoder(Carried)
_outboxes = msgspec.json.Decoder(Outbox)


class Links:
    """Hold the links of one node; any thread may ask, the writer calls `hear`."""

    def __init__(  # noqa: PLR0913 (what it is made of, by name)
        self,
        *,
        log: Log,
        store: Store,
        picture: Picture,
        gate: threading.RLock,
        realm: Realm,
        ask: Callable[[Command], "Future[Written]"],
        shelf: HeadShelf | None = None,
    ) -> None:
        """Serve the links of a log.

        Args:
            log: The node's log.
            store: What keeps it; read from any thread.
            picture: What stands; read under `gate`, or by the writer in `hear`.
            gate: Held by whoever looks at the picture.
            realm: The log's own.
            ask: Asks the writer.
            shelf: Keeps what is seen of peers' logs.
        """
        self.heads = Heads(shelf or NoShelf())
        self._log = log
        self._store = store
        self._picture = picture
        self._gate = gate
        self._realm = realm
        self._ask = ask
        self._peers: dict[PeerId, Peer] = {}
        self._head: tuple[Edge, bytes] = (log.edge, log.checkpoint())
        self._moved = threading.Condition()
        self._early: list[PeerTold] = []
        self._send: Callable[[Letter], None] = _nobody
        self._changed: Callable[[], None] = _nothing
        self._missing: Callable[[PeerId], None] = _unheeded
        self._unproven: Counter[PeerId] = Counter()

    # --- saying ------------------------------------------------------------------

    def begin(
        self,
        send: Callable[[Letter], None],
        changed: Callable[[], None],
        missing: Callable[[PeerId], None],
    ) -> None:
        """Hand out everything that has no receipt yet, and from now on what is said.

        Args:
            send: Takes a letter; returns at once.
            changed: Is told that a link was made or broken.
            missing: Is told that something of a peer's has not arrived.
        """
        with self._gate:
            self._send, self._changed, self._missing = send, changed, missing
            self._learn()
            waiting = [
                Letter(
                    peer=told.peer,
                    number=told.number,
                    entry=told.entry,
                    call=told.call,
                    is_urgent=told.is_urgent,
                )
                for told in self._picture.told.values()
                if not told.is_receipted and told.peer in self._peers
            ]
        for letter in waiting:
            send(letter)

    def peers(self) -> tuple[Peer, ...]:
        """List the nodes that are linked now."""
        return tuple(self._peers.values())

    def peer(self, name: PeerId) -> Peer | None:
        """Return a linked node."""
        return self._peers.get(name)

    def hear(self, written: Written) -> None:
        """Take what was decided; the writer calls it, and never waits here."""
        for offset, entry in enumerate(written.entries):
            act = entry.act
            index = None if written.first is None else written.first + offset
            if isinstance(act, PeerTold) and index is None:
                self._say_early(entry, act)
            elif isinstance(act, PeerTold):
                self._say(act, index)
            elif isinstance(act, PeerSet | PeerRevoked):
                self._learn()
                self._changed()
            elif isinstance(act, RecordedLate) and written.is_durable:
                self._say_recorded()
        if written.is_durable:
            with self._moved:
                self._head = (self._log.edge, self._log.checkpoint())
                self._moved.notify_all()

    def _say(self, act: PeerTold, index: int | None) -> None:
        call = act.says.call if isinstance(act.says, CallSaid) else None
        self._send(
            Letter(
                peer=act.peer,
                number=act.number,
                entry=index,
                call=call,
                is_urgent=is_urgent_message(act.says),
            )
        )

    def _say_early(self, entry: Entry, act: PeerTold) -> None:
        """Say a STOP that the disk has not taken; it comes again once it has."""
        self._early.append(act)
        if not isinstance(act.says, CallSaid):
            return
        unnumbered = replace(entry, act=replace(act, number=0))
        row = self._log.sign_apart(write_entry(unnumbered))
        self._send(
            Letter(
                peer=act.peer,
                number=0,
                call=act.says.call,
                is_urgent=True,
                body=body_of(row),
            )
        )

    def _say_recorded(self) -> None:
        early, self._early = self._early, []
        for act in early:
            told = self._picture.told.get((act.peer, act.number))
            if told is not None:
                self._say(act, told.entry)

    def body(self, letter: Letter) -> bytes:
        """Write what is sent for a letter: envelope and salt, as they were signed."""
        if letter.entry is None:
            return letter.body
        (row,) = self._store.rows(letter.entry, letter.entry + 1)
        return body_of(row)

    def keep(self, letter: Letter, body: bytes, receipt: bytes) -> None:
        """Check a peer's receipt for what was sent, and keep it.

        Raises:
            ReceiptDiffers: It is not for what we sent, or not by that peer.
            ClearlineError: Whatever a receipt's proof or the writer refuses.
        """
        peer = self._known(letter.peer)
        try:
            heard = self._receipted(peer, letter, body, receipt)
        except ReceiptDiffers as error:
            self._note_unproven(peer.id, PeerPart.RECEIPT, receipt, error.what)
            raise
        if not letter.number:
            return  # our disk has not taken what it is for; it is receipted anew then
        self._ask(
            KeepReceipt(
                peer=peer.id,
                number=letter.number,
                heard_as=heard.heard_as,
                receipt=receipt.decode(),
                why=heard.why,
                call_number=heard.call_number,
            )
        ).result()

    def _receipted(
        self, peer: Peer, letter: Letter, body: bytes, receipt: bytes
    ) -> PeerHeard:
        """Read a receipt, and hold it against what was sent."""
        heard = self._heard_in(peer, receipt)
        self._saw(peer, parse_receipt(receipt).proof.checkpoint)
        if heard.peer != self._log.origin or heard.number != letter.number:
            raise _differs(peer.id, "it is for another, or for another number")
        if heard.digest != _digest(_carried.decode(body).envelope.encode()):
            raise _differs(peer.id, "it is for other bytes than were sent")
        return heard

    def _note_unproven(
        self, peer: PeerId, part: PeerPart, data: bytes, why: str
    ) -> None:
        """Enter that something was not proven; waits for nothing.

        The first ones each, then ever fewer: a node that lies fills no disk.
        """
        with self._gate:
            self._unproven[peer] += 1
            count = self._unproven[peer]
        if count > EACH_UNPROVEN and count & (count - 1):
            return
        act = PeerUnproven(
            peer=peer, part=part, digest=_digest(data), why=why, count=count
        )
        self._ask(Enter(act=act))

    def _heard_in(self, peer: Peer, receipt: bytes) -> PeerHeard:
        try:
            proven = verify_receipt(receipt, [_key(peer)])
            act = read_entry(proven.payload).act
        except (BadInput, LostCertainty) as error:
            raise _differs(peer.id, error.what) from error
        if not isinstance(act, PeerHeard):
            raise _differs(peer.id, "it proves an entry that is no hearing of ours")
        return act

    # --- hearing -----------------------------------------------------------------

    def by_certificate(self, certificate: bytes) -> Peer:
        """Find who is at the other end by the certificate it showed.

        Raises:
            UnknownPeer: Nobody who is linked.
        """
        for peer in self._peers.values():
            if decode64(peer.certificate) == certificate:
                return peer
        raise UnknownPeer(
            "The certificate shown is that of no node linked with this one.",
            state="Nothing was heard and nothing said.",
            next="Link the two nodes anew: `clearline link invite`.",
        )

    def take(self, peer: Peer, body: bytes) -> bytes:
        """Hear one thing a peer says, and return our receipt once it is durable.

        Raises:
            SaidMalformed: The bytes are not one signed thing.
            EnvelopeRefused: They are not signed with that peer's key.
            NotForUs: They were said to another node, or in another realm.
            NotYetRecorded: It is heard, a STOP rings, and our disk owes its answer.
            ClearlineError: Whatever the rules or the writer refuse.
        """
        try:
            carried, entry, told = self._read(peer, body)
        except (SaidMalformed, EnvelopeMalformed, EnvelopeRefused) as error:
            self._note_unproven(peer.id, PeerPart.SAID, body, error.what)
            raise
        digest = _digest(carried.envelope.encode())
        asked = self._ask(
            HearPeer(
                peer=peer.id,
                told=told,
                said_at=entry.at,
                digest=digest,
                envelope=carried.envelope,
                salt=carried.salt,
            )
        )
        try:
            written = asked.result(RECORDED_WITHIN_S)
        except TimeoutError:
            raise _not_yet() from None
        except OutOfOrder:
            self._missing(peer.id)
            raise
        if written.entries and written.first is None:
            raise _not_yet()
        with self._gate:
            key = hearing_key(peer.id, told.number, digest)
            heard = self._picture.heard.get(key)
        if heard is None:
            raise _not_yet()
        return self._receipt(heard.entry)

    def _read(self, peer: Peer, body: bytes) -> tuple[Carried, Entry, PeerTold]:
        try:
            carried = _carried.decode(body)
            is_salt = len(decode64(carried.salt)) == SALT_BYTES
        except (msgspec.MsgspecError, NotBase64, UnicodeDecodeError) as error:
            raise _malformed(str(error)) from error
        if not is_salt:
            raise _malformed("Its salt is not 32 bytes long.")
        payload = open_envelope(carried.envelope.encode(), [_key(peer)])
        try:
            entry = read_entry(payload)
        except UnreadableEntry as error:
            raise _malformed(error.what) from error
        if not isinstance(entry.act, PeerTold):
            raise _malformed("It is an entry of theirs that says nothing to anybody.")
        if entry.act.peer != self._log.origin or entry.realm is not self._realm:
            raise NotForUs(
                f"It was said to {entry.act.peer} ({entry.realm}); this is "
                f"{self._log.origin}.",
                state="Nothing was heard.",
                next="Send each node what was said to it, in its own realm.",
            )
        return carried, entry, entry.act

    def _receipt(self, index: int) -> bytes:
        """Prove that we keep what was heard, against a head that holds it."""
        with self._moved:
            self._moved.wait_for(lambda: self._head[0].size > index, 1.0)
            edge, note = self._head
        if edge.size <= index:
            raise _not_yet()
        return receipt_for(index, edge, note, self._store)

    def outbox(self, peer: Peer, after: int) -> bytes:
        """Write a page of what was said to a peer after a number, and is durable."""
        with self._gate:
            reach = self._picture.reach.get(peer.id)
            last = reach.told if reach else 0
            wanted = range(after + 1, min(last, after + PAGE) + 1)
            told = [self._picture.told.get((peer.id, number)) for number in wanted]
        size = self._head[0].size
        indexes = [one.entry for one in told if one is not None and one.entry < size]
        said = tuple(self._pages(indexes))
        head = self._head[1].decode()
        return msgspec.json.encode(Outbox(last=last, said=said, head=head))

    def seen(self, peer: Peer) -> bytes:
        """Say to a peer what was last seen of its log."""
        heard = self.heard_up_to(peer.id)
        return msgspec.json.encode(Seen(head=self.heads.newest(peer), heard=heard))

    def _pages(self, indexes: list[int]) -> Iterator[Carried]:
        length = 0
        for index in indexes:
            (row,) = self._store.rows(index, index + 1)
            one = _carried_of(row)
            length += len(one.envelope)
            if index != indexes[0] and length > LONGEST_BODY // 2:
                return
            yield one

    def holds(self, call: CallId, desk: DeskId) -> Standing:
        """Say how a call of ours stands with the node a desk is reached through."""
        with self._gate:
            known = self._picture.calls.get(call)
            at = self._picture.desks.get(desk)
        peer = next(
            (one for one in self._peers.values() if at and one.party == at.party), None
        )
        if peer is None or known is None or known.to_party != peer.party:
            return Standing(peer=None, is_received=False)
        return Standing(peer=peer.id, is_received=known.received_at is not None)

    def heard_up_to(self, peer: PeerId) -> int:
        """Say up to which number nothing of a peer's is missing here."""
        with self._gate:
            reach = self._picture.reach.get(peer)
        return reach.heard if reach else 0

    def take_page(self, peer: Peer, page: bytes) -> int:
        """Hear everything of an outbox page, in order; count it.

        Raises:
            SaidMalformed: The bytes are no page.
            ClearlineError: The first of it that is refused.
        """
        try:
            outbox = _outboxes.decode(page)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise _malformed(str(error)) from error
        if outbox.head:
            self._saw(peer, outbox.head.encode())
        for one in outbox.said[:PAGE]:
            self.take(peer, msgspec.json.encode(one))
        return len(outbox.said)

    # --- parts -------------------------------------------------------------------

    def _saw(self, peer: Peer, note: bytes) -> None:
        """Remember a head of a peer's log; one that proves a fork is an entry."""
        try:
            self.heads.saw(peer, note)
        except (BadInput, LostCertainty) as error:
            self._note_unproven(peer.id, PeerPart.HEAD, note, error.what)

    def _learn(self) -> None:
        peers = self._picture.peers.values()
        self._peers = {peer.id: peer for peer in peers if not peer.is_revoked}

    def _known(self, name: PeerId) -> Peer:
        peer = self._peers.get(name)
        if peer is None:
            raise UnknownPeer(
                f"The node {name!r} is not linked with this one.",
                state="Its receipt was not taken.",
                next="Link the two nodes anew: `clearline link invite`.",
            )
        return peer


def _key(peer: Peer) -> VerifierKey:
    return parse_verifier_key(peer.key)


def body_of(row: Row) -> bytes:
    """Write a signed thing as it travels."""
    return msgspec.json.encode(_carried_of(row))


def _carried_of(row: Row) -> Carried:
    return Carried(
        envelope=(row.envelope or b"").decode(), salt=encode64(row.salt or b"")
    )


def _digest(envelope: bytes) -> str:
    return hashlib.sha256(envelope).hexdigest()


def _nobody(letter: Letter) -> None:
    """Send nothing: nobody has begun to."""
    del letter


def _nothing() -> None:
    """Tell nobody that a link has changed."""


def _unheeded(peer: PeerId) -> None:
    """Ask nobody for what is missing."""
    del peer


def _malformed(why: str) -> SaidMalformed:
    return SaidMalformed(
        f"What the peer sent is not one signed thing it says. {why}",
        state="Nothing was heard.",
        next="Send an envelope and its salt as they stand in the sender's log.",
    )


def _not_yet() -> NotYetRecorded:
    return NotYetRecorded(
        "It was heard and the disk has not taken it yet.",
        state="A STOP or HOLD rings here all the same. There is no receipt yet.",
        next="Say it again; the receipt comes once it is recorded.",
    )


def _differs(peer: PeerId, why: str) -> ReceiptDiffers:
    return ReceiptDiffers(
        f"The receipt from {peer} is refused: {why}",
        state="What was said counts as not received, and is said again.",
        next="If it goes on, ask its people; keep what it sent, it is evidence.",
    )
