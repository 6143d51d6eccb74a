"""Carry what is said to peers: the courier of the medium `link`.

    decided --Links--> Letter --> a peer's own queue --> tries, several at once
                                                           |
    Rang by LINK --> ring() ... reported DELIVERED <-- receipt kept

A letter leaves as soon as it is decided, before anybody is rung; the ring is how the
ladder learns what became of it. A peer that hangs holds up its own queue and no other,
and a try that hangs does not keep the next one from leaving.

Each peer is also looked at on a fixed beat: what it said and could not bring us is
fetched, and an open line is known to be open.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from clearline.adapters.peers.succession import Succession
from clearline.model.calls import AttemptId, CallId, Outcome
from clearline.model.errors import ClearlineError
from clearline.model.instants import Duration, Instant, write_instant
from clearline.model.links import Peer, PeerId
from clearline.model.parties import Medium, PartyId
from clearline.service.calling import (
    CourierStanding,
    CourierState,
    Message,
    Ring,
    Switchboard,
)
from clearline.service.links import Letter, Links, PeerUnreached, Wire
from clearline.service.ports import Clock
from clearline.service.sending import Sending

LOOK_EVERY: Final = Duration(seconds=30)
"""How often a peer is asked for what it could not bring."""

SILENT_AFTER: Final = Duration(seconds=90)
"""How long a peer may not be reached before what it notified counts as old."""

TRIES_AT_ONCE: Final = 8
"""How many tries to one peer may be under way."""

EACH_AT_ONCE: Final = 4
"""How many of them may be for one and the same thing."""

TEST_S: Final = 10.0
"""How long a test of the links may take."""

NOT_THEIRS: Final = "the call is not for that party, or its node is not linked"


class LinkCourier:
    """Say to peers what was decided, until each has receipted it."""

    medium = Medium.LINK

    def __init__(
        self, links: Links, wire: Wire, clock: Clock, succession: Succession
    ) -> None:
        """Carry for `links` over `wire`; nothing runs before `start`."""
        self.succession = succession
        self.links = links
        self.wire = wire
        self.clock = clock
        self._lock = threading.Lock()
        self._senders: dict[PeerId, _Sender] = {}
        self._rings: dict[CallId, list[Ring]] = {}
        self._switchboard: Switchboard | None = None
        self.changed: Callable[[], None] = _nothing

    def start(self, switchboard: Switchboard) -> None:
        """Begin to carry: first everything that has no receipt yet."""
        self._switchboard = switchboard
        self.links.begin(self._send, self._changed, self._look)
        self._changed()

    def ring(self, ring: Ring) -> None:
        """Take a ring; it is reported delivered once the peer holds the call."""
        standing = self.links.holds(ring.call, ring.desk)
        if standing.peer is None:
            self._report(ring, Outcome.FAILED, NOT_THEIRS)
            return
        with self._lock:
            self._rings.setdefault(ring.call, []).append(ring)
        self._look(standing.peer)
        if self.links.holds(ring.call, ring.desk).is_received:
            self._received(ring.call)

    def tell(self, message: Message) -> None:
        """Tell nobody: a peer is told by what is said to it, and by nothing else."""

    def let_go(self, attempt: AttemptId) -> None:
        """Report no more of an attempt; what was said to the peer is said."""
        with self._lock:
            for call, rings in list(self._rings.items()):
                left = [ring for ring in rings if ring.attempt != attempt]
                self._rings[call] = left
                if not left:
                    del self._rings[call]

    def test(self) -> CourierState:
        """Ask every peer for what it has said, and say how the link stands."""
        until = time.monotonic() + TEST_S
        asked = [(sender, sender.look()) for sender in self._all()]
        for sender, before in asked:
            sender.wait_looked(before, until - time.monotonic())
        return self.state()

    def state(self) -> CourierState:
        """Say how it stands, without asking anybody."""
        senders = self._all()
        if not senders:
            return CourierState(medium=self.medium, standing=CourierStanding.NOT_SET_UP)
        troubles = [sender.trouble for sender in senders if sender.trouble]
        worked = [sender.worked_at for sender in senders if sender.worked_at]
        standing = CourierStanding.READY
        if troubles:
            all_dead = len(troubles) == len(senders)
            standing = CourierStanding.DEAD if all_dead else CourierStanding.TROUBLED
        return CourierState(
            medium=self.medium,
            standing=standing,
            waiting=sum(sender.waiting for sender in senders),
            worked_at=max(worked, default=None),
            trouble=" ".join(troubles),
        )

    def silent(self, party: PartyId) -> tuple[str, ...]:
        """Say which peers of a party have not been reached for too long."""
        now = self.clock.read().at
        linked = {peer.id: peer for peer in self.links.peers() if peer.ours == party}
        said = []
        for sender in self._all():
            peer, since = linked.get(sender.name), sender.unreached_since
            if peer is not None and since is not None and now - since > SILENT_AFTER:
                said.append(
                    f"The node of {peer.party} has not been reached since "
                    f"{write_instant(since)}: what it notified since is not known here."
                )
        return tuple(said)

    def stop(self) -> None:
        """Stop carrying; what has no receipt is said again after the next start."""
        for sender in self._all():
            sender.stop()

    # --- parts -------------------------------------------------------------------

    def _all(self) -> tuple["_Sender", ...]:
        with self._lock:
            return tuple(self._senders.values())

    def _send(self, letter: Letter) -> None:
        self._sender(letter.peer).put(letter)

    def _look(self, peer: PeerId) -> None:
        self._sender(peer).look()

    def _changed(self) -> None:
        """Have a queue for each peer there is, and for no other."""
        names = {peer.id for peer in self.links.peers()}
        for name in names:
            self._sender(name)
        with self._lock:
            gone = [self._senders.pop(name) for name in set(self._senders) - names]
        for sender in gone:
            sender.leave()
        self.changed()

    def _sender(self, peer: PeerId) -> "_Sender":
        with self._lock:
            sender = self._senders.get(peer)
            if sender is None:
                sender = _Sender(peer, self)
                self._senders[peer] = sender
                sender.start()
            return sender

    def receipted(self, letter: Letter) -> None:
        """Report the rings of a call that the peer now holds."""
        if letter.call is not None:
            self._received(letter.call)

    def _received(self, call: CallId) -> None:
        with self._lock:
            rings = self._rings.pop(call, [])
        for ring in rings:
            self._report(ring, Outcome.DELIVERED, "their node holds it")

    def _report(self, ring: Ring, outcome: Outcome, detail: str) -> None:
        if self._switchboard is not None:
            self._switchboard.report(ring, outcome, detail)


class _Sender:
    """Say everything to one peer, in a thread of its own and some for tries."""

    def __init__(self, peer: PeerId, of: LinkCourier) -> None:
        self.name, self._links, self._wire = peer, of.links, of.wire
        self._clock, self._receipted = of.clock, of.receipted
        self._succession = of.succession
        self._sending = Sending()
        self._letters: dict[str, Letter] = {}
        self._under_way: dict[str, int] = {}
        self._look_at: Instant = of.clock.read().at
        self._is_looking = False
        self._looked = 0
        self._is_stopping = False
        self._wake = threading.Condition()
        self._pool = ThreadPoolExecutor(TRIES_AT_ONCE, thread_name_prefix="link")
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)
        self.trouble = ""
        self.worked_at: Instant | None = None
        self.unreached_since: Instant | None = None

    @property
    def waiting(self) -> int:
        """Count what has no receipt."""
        return len(self._letters)

    def start(self) -> None:
        """Start its thread."""
        self._thread.start()

    def leave(self) -> None:
        """Say nothing more; returns at once."""
        with self._wake:
            self._is_stopping = True
            self._wake.notify_all()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def stop(self) -> None:
        """Say nothing more, and wait a moment for what is under way."""
        self.leave()
        if self._thread is not threading.current_thread():
            self._thread.join(1.0)

    def put(self, letter: Letter) -> None:
        """Take a letter; returns at once."""
        now = self._clock.read().at
        with self._wake:
            self._letters.setdefault(letter.key, letter)
            self._sending.add(letter.key, is_urgent=letter.is_urgent, now=now)
            self._wake.notify_all()

    def look(self) -> int:
        """Ask the peer soon for what it could not bring; how often it was asked."""
        with self._wake:
            self._look_at = self._clock.read().at
            self._wake.notify_all()
            return self._looked

    def wait_looked(self, before: int, seconds: float) -> None:
        """Wait until the peer was asked once more than `before`."""
        with self._wake:
            self._wake.wait_for(lambda: self._looked > before, max(0.0, seconds))

    def _run(self) -> None:
        while True:
            with self._wake:
                if self._is_stopping:
                    return
                now = self._clock.read().at
                tries = self._due(now)
                is_time = self._look_at <= now and not self._is_looking
                if is_time:
                    self._is_looking, self._look_at = True, now + LOOK_EVERY
                if not tries and not is_time:
                    self._wake.wait(self._seconds_until(now))
                    continue
                for letter in tries:
                    self._pool.submit(self._try, letter)
                if is_time:
                    self._pool.submit(self._fetch)

    def _due(self, now: Instant) -> list[Letter]:
        free = TRIES_AT_ONCE - 1 - sum(self._under_way.values())
        letters = []
        for key in self._sending.due(now, max(0, free)):
            name = str(key)
            if self._under_way.get(name, 0) < EACH_AT_ONCE:
                self._under_way[name] = self._under_way.get(name, 0) + 1
                letters.append(self._letters[name])
        return letters

    def _seconds_until(self, now: Instant) -> float:
        waits = [self._look_at]
        next_at = self._sending.next_at()
        if next_at is not None and next_at > now:
            waits.append(next_at)
        left = (min(waits) - now).total_seconds()
        return max(0.01, min(left, LOOK_EVERY.total_seconds()))

    def _try(self, letter: Letter) -> None:
        """Send one letter once."""
        trouble = ""
        try:
            peer = self._links.peer(letter.peer)
            if peer is None or letter.key not in self._letters:
                return
            body = self._links.body(letter)
            self._links.keep(letter, body, self._say(peer, body))
        except ClearlineError as error:
            trouble = error.what
        except Exception as error:  # noqa: BLE001 (a fault of ours is tried again)
            trouble = f"a fault of ours: {error!r}"
        finally:
            self._back(letter, trouble)

    def _say(self, peer: Peer, body: bytes) -> bytes:
        """Say one thing; to a peer that knows our old log only, that it goes on."""
        try:
            receipt = self._wire.say(peer, body)
        except PeerUnreached:
            note = self._succession.of(peer.id)
            if not note:
                raise
            self._wire.say(peer, note)
            receipt = self._wire.say(peer, body)
        self._succession.done(peer.id)
        return receipt

    def _back(self, letter: Letter, trouble: str) -> None:
        now = self._clock.read().at
        with self._wake:
            left = self._under_way.get(letter.key, 1) - 1
            self._under_way[letter.key] = left
            if not left:
                del self._under_way[letter.key]
            is_news = not trouble and letter.key in self._letters
            if is_news:
                del self._letters[letter.key]
                self._sending.done(letter.key)
            self._note(trouble, now)
            self._wake.notify_all()
        if is_news:
            self._receipted(letter)

    def _note(self, trouble: str, now: Instant) -> None:
        """Remember how the link stands; once it carries again, send at once."""
        if not trouble:
            if self.trouble:
                self._sending.hurry(now)
                self._look_at = now
            self.worked_at, self.unreached_since = now, None
        elif self.unreached_since is None:
            self.unreached_since = now
        self.trouble = trouble

    def _fetch(self) -> None:
        """Fetch what the peer said and could not bring, page by page."""
        trouble = ""
        try:
            peer = self._links.peer(self.name)
            while peer is not None:
                before = self._links.heard_up_to(peer.id)
                page = self._wire.outbox(peer, before)
                self._links.take_page(peer, page)
                if self._links.heard_up_to(peer.id) == before:
                    break
            self._links.heads.keep((self.name,))
        except PeerUnreached as error:
            trouble = error.what
        except ClearlineError as error:
            trouble = f"What it says is refused: {error.what}"
        except Exception as error:  # noqa: BLE001 (a fault of ours is tried again)
            trouble = f"a fault of ours: {error!r}"
        with self._wake:
            self._is_looking = False
            self._looked += 1
            self._note(trouble, self._clock.read().at)
            self._wake.notify_all()


def _nothing() -> None:
    """Tell nobody that a link has changed."""
