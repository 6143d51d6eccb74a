"""The ledger says of what went to another node whether its receipt is here."""

from clearline.model.call_acts import CallRaised
from clearline.model.calls import CallId, Card, Kind, Ladder, Precedence, Rung
from clearline.model.instants import Duration
from clearline.model.links import PeerId, Told
from clearline.model.parties import Actor, DeskId, PartyId, Strength
from clearline.picture.picture import Picture
from clearline.web.console.ledger import receipts_of


def raised(call: str) -> CallRaised:
    """Return the entry of a STOP."""
    return CallRaised(
        call=CallId(call),
        number=1,
        kind=Kind.STOP,
        precedence=Precedence.FLASH,
        by=Actor(
            party=PartyId("south"), desk=DeskId("ops"), strength=Strength.PASSWORD
        ),
        to_party=PartyId("north"),
        to_desk=DeskId("north-ops"),
        card=Card(),
        ladder=Ladder(rungs=(Rung(desk=DeskId("north-ops"), after=Duration(0)),)),
    )


def test_a_call_names_the_nodes_it_went_to_and_who_signed() -> None:
    """One has signed, one has not yet; another call's receipts are not shown."""
    picture = Picture()
    for number, (peer, call, has) in enumerate(
        [("north", "c1", True), ("monitor", "c1", False), ("north", "c2", True)]
    ):
        told = Told(
            peer=PeerId(peer),
            number=number,
            entry=10 + number,
            call=CallId(call),
            is_receipted=has,
        )
        picture.keep(picture.told, (told.peer, number), told)
    assert receipts_of(picture, raised("c1"), 3) == (
        ("north", True),
        ("monitor", False),
    )
    assert receipts_of(picture, raised("c3"), 3) == ()
