"""Take what a peer says with what stands here: who speaks, of which call, which desks.

Whoever acts there is entered here as a pseudonym of their desk, on first sight. A peer
speaks for the desks it has told of and for no others, and of calls between it and us.
"""

from typing import Final

from msgspec.structs import replace

from clearline.model.calls import CallId
from clearline.model.entries import Act, DeskSet, PartySet, PersonSet
from clearline.model.instants import Instant
from clearline.model.links import CallRef, Desks, FarActor, Peer, at_party
from clearline.model.parties import (
    Actor,
    Desk,
    DeskId,
    Medium,
    Party,
    PartyId,
    Person,
    PersonId,
)
from clearline.picture.picture import Picture
from clearline.rules.refusals import NotYourCall, UnknownCall, UnknownDesk, refuse

NODE: Final = "node:"
"""What the id of a person begins with who is another party's node."""


class Hearing:
    """Hold what something a peer says is taken with.

    Attributes:
        picture: What stands, whoever acts there entered.
        entered: What enters them, to be written before what follows.
    """

    def __init__(
        self, picture: Picture, peer: Peer, said_at: Instant, now: Instant
    ) -> None:
        self.picture, self.peer = picture, peer
        self.said_at, self.now = said_at, now
        self.entered: tuple[Act, ...] = ()

    def actor(self, far: FarActor) -> Actor:
        """Enter whoever acts as a pseudonym of their desk, on first sight."""
        party = self.peer.party
        desk = DeskId(at_party(far.desk, party))
        if self.picture.desks.get(desk) is None:
            raise refuse(
                UnknownDesk,
                f"{self.peer.id} speaks for {far.desk!r}, which it has not told of.",
                "Say first which desks may be called.",
            )
        if far.tag is None:
            return Actor(party=party, desk=desk, strength=far.strength)
        person = Person(
            id=PersonId(at_party(far.tag, party)),
            desk=desk,
            pseudonym=far.pseudonym,
            roles=far.roles,
            media=(),
        )
        if self.picture.persons.get(person.id) != person:
            self.entered += (PersonSet(person=person),)
            self.picture = self.picture.as_entered(person)
        return Actor(party=party, desk=desk, strength=far.strength, person=person.id)

    def call(self, ref: CallRef) -> CallId:
        """Find a call between the peer and us by the id it has at its raiser."""
        peer = self.peer
        is_ours = ref.raised_by == peer.ours
        call = ref.call if is_ours else CallId(at_party(ref.call, peer.party))
        known = self.picture.calls.get(call)
        if known is None:
            raise refuse(
                UnknownCall,
                f"This node knows no call {ref.call!r} of {ref.raised_by}.",
                "A STOP that never arrived must be raised again.",
            )
        sides = (known.raised_by.party, known.to_party)
        if sides != ((peer.ours, peer.party) if is_ours else (peer.party, peer.ours)):
            raise refuse(
                NotYourCall,
                f"Call {ref.call!r} is not between {peer.party} and {peer.ours}.",
                "Only the two sides of a call act on it.",
            )
        return call


def hear_desks(at: Hearing, says: Desks) -> tuple[Act, ...]:
    """Enter a peer's desks, each with a node that can be rung there by the link."""
    party = at.peer.party
    acts: list[Act] = [PartySet(party=_party(at.picture, party, says.name))]
    for far in says.desks:
        desk = Desk(
            id=DeskId(at_party(far.id, party)),
            party=party,
            name=far.name,
            is_single_handed=far.is_single_handed,
        )
        node = Person(
            id=PersonId(f"{NODE}{desk.id}"),
            desk=desk.id,
            pseudonym=f"the node of {says.name}",
            roles=(),
            media=(Medium.LINK,),
        )
        acts += (DeskSet(desk=desk), PersonSet(person=node))
    return tuple(acts)


def _party(picture: Picture, party: PartyId, name: str) -> Party:
    known = picture.parties.get(party)
    return replace(known, name=name) if known else Party(id=party, name=name)
