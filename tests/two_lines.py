"""Tell tests of two nodes as a telephone conversation, under one virtual clock.

Each node is a picture; what one says to the other goes over a wire that a test can
cut, and is heard and receipted as over the real one, signatures left aside.
"""

import base64
import hashlib

from clearline.model.calls import CallId, Kind
from clearline.model.commands import Command, HearPeer, KeepReceipt, SetPeer
from clearline.model.entries import Act, PartySet, PeerHeard, PeerTold
from clearline.model.errors import BadInput
from clearline.model.instants import Duration, Instant
from clearline.model.links import Peer, PeerId
from clearline.model.parties import Party, PartyId, Role
from clearline.picture.picture import Picture
from phone import NOON, Line


class Side(Line):
    """Hold one party's node: `X-ops` above `X-air`, two persons and one."""

    def __init__(self, party: str, people: tuple[str, str, str]) -> None:
        """Enter the party's own desks and people."""
        self.now = NOON
        self.picture = Picture()
        self.acts: list[Act] = []
        self._said: dict[int, Instant] = {}
        self.party = PartyId(party)
        self.id = PeerId(f"{party}.example/clearline/exercise")
        self._enter(PartySet(party=Party(id=self.party, name=party.title())))
        self.desk(f"{party}-ops", self.party)
        self.desk(f"{party}-air", self.party, under=f"{party}-ops")
        duty, spare, below = people
        self.person(duty, f"{party}-ops", Role.DUTY_OFFICER)
        self.person(spare, f"{party}-ops", Role.OPERATOR, has_watch=False)
        self.person(below, f"{party}-air", Role.OPERATOR)

    def do(self, command: Command) -> tuple[Act, ...]:
        """Decide and fold, and remember when each thing was said."""
        acts = super().do(command)
        self._said |= {
            act.number: self.now for act in acts if isinstance(act, PeerTold)
        }
        return acts

    def said_at(self, told: PeerTold) -> Instant:
        """Say when something was said."""
        return self._said[told.number]

    def pins(self, other: "Side") -> None:
        """Pin the other node."""
        peer = Peer(
            id=other.id,
            party=other.party,
            ours=self.party,
            name=other.party.title(),
            key="key",
            certificate="certificate",
            url="https://peer.example:8444",
            veil=base64.b64encode(bytes(32)).decode(),
        )
        self.do(SetPeer(peer=peer))


class Pair:
    """Hold two linked nodes, the wire between them, and the time.

    north: `lina` on watch at `north-ops`, `nils` beside her, `noor` below.
    south: `duty` on watch at `south-ops`, `sami` beside, `controller` below.
    """

    def __init__(self) -> None:
        """Link the two, and let each say which desks may be called."""
        self.north = Side("north", ("lina", "nils", "noor"))
        self.south = Side("south", ("duty", "sami", "controller"))
        self.is_cut = False
        self.refused: list[BadInput] = []
        self._carried = {self.north.id: 0, self.south.id: 0}
        self.north.pins(self.south)
        self.south.pins(self.north)
        self.carry()

    def other(self, side: Side) -> Side:
        """Return the node at the other end."""
        return self.south if side is self.north else self.north

    def carry(self) -> None:
        """Carry everything that was said and not yet heard, both ways, in order."""
        while not self.is_cut and any(
            [self._carry_from(self.north), self._carry_from(self.south)]
        ):
            pass

    def _carry_from(self, side: Side) -> bool:
        told = waiting(side)
        for one in told:
            self.hears(side, one)
        return bool(told)

    def hears(self, side: Side, told: PeerTold, digest: str = "") -> None:
        """Let the other node hear one thing of `side`, and receipt it."""
        other = self.other(side)
        heard = HearPeer(
            peer=side.id,
            told=told,
            said_at=side.said_at(told),
            digest=digest or hashlib.sha256(repr(told).encode()).hexdigest(),
            envelope="envelope",
            salt="salt",
        )
        acts = other.do(heard)
        kept = [act for act in acts if isinstance(act, PeerHeard)]
        for act in kept:
            side.do(
                KeepReceipt(
                    peer=other.id,
                    number=told.number,
                    heard_as=act.heard_as,
                    receipt="receipt",
                    why=act.why,
                    call_number=act.call_number,
                )
            )

    def after(self, **span: float) -> None:
        """Let time pass at both nodes, second by second, and carry what is said."""
        left = Duration(**span)
        while left > Duration(0):
            step = min(left, Duration(seconds=1))
            for side in (self.north, self.south):
                side.after(seconds=step.total_seconds())
            left -= step
            self.carry()


def waiting(side: Side) -> list[PeerTold]:
    """List what a node said and has no receipt for, oldest first."""
    open_ = {
        (told.peer, told.number)
        for told in side.picture.told.values()
        if not told.is_receipted
    }
    return [
        act
        for act in side.acts
        if isinstance(act, PeerTold) and (act.peer, act.number) in open_
    ]


def calls(
    pair: Pair, kind: Kind = Kind.STOP, *, call: str = "s1", **more: object
) -> None:
    """Let lina call the desk of the other party."""
    pair.north.raises(kind, by="lina", to="south-ops@south", call=call, **more)  # type: ignore[arg-type]
    pair.carry()


def there(call: str = "s1") -> CallId:
    """Name north's call at south."""
    return CallId(f"{call}@north")
