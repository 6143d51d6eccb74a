"""Name what is told apart in a picture: rings, STOPs, what a peer said."""

from clearline.model.calls import Call, Card, Kind
from clearline.model.links import PeerId
from clearline.model.parties import DeskId, Medium, PersonId

RingKey = tuple[PersonId, Medium, str, str]
StopKey = tuple[DeskId, DeskId, str]
HearingKey = tuple[PeerId, str]


def ring_key(call: Call, person: PersonId, medium: Medium) -> RingKey:
    """Name what a person is rung for on a medium: source desk and place, for a STOP."""
    if call.kind is not Kind.STOP:
        return (person, medium, call.id, "")
    return (person, medium, call.raised_by.desk, place_words(call.card))


def stop_key(from_desk: DeskId, to_desk: DeskId, card: Card) -> StopKey:
    """Name a STOP by source, desk and place, to count the ones that repeat it."""
    return (from_desk, to_desk, place_words(card))


def place_words(card: Card) -> str:
    """Return the words a card's place is told apart by."""
    return " ".join(card.where.text.casefold().split()) if card.where else ""


def hearing_key(peer: PeerId, number: int, digest: str) -> HearingKey:
    """Name what a peer said: by its number, or by its bytes where it has none yet."""
    return (peer, str(number) if number else digest)
