"""Claims of control: what they leave in doubt near a plan, and who may see them."""

import pytest
from msgspec.structs import replace

from clearline.geo.geodesy import destination
from clearline.model.conflict_commands import ClaimControl, WithdrawControl
from clearline.model.control import ControlClaim, ControlId, NotAControlClaim
from clearline.model.extents import Extent
from clearline.model.facts import SourceKind
from clearline.model.grades import Credibility, Reliability
from clearline.model.instants import Window
from clearline.model.parties import DeskId, PartyId
from clearline.model.places import Circle, Place, PlaceFormat, Position
from clearline.rules.control import doubts, seen_by
from clearline.rules.disclosure import Viewer
from clearline.rules.refusals import (
    IdTaken,
    UnknownControlClaim,
    UnknownDesk,
    WrongOrder,
)
from phone import NOON, Line
from two_logs import HOUR

HILL = Position(lon=40.14, lat=35.26)
SOUTH = Viewer(party=PartyId("south"), desk=DeskId("south-ops"))
NORTH = Viewer(party=PartyId("north"), desk=DeskId("north-ops"))
DAY = 24 * HOUR


def claim(number=1, **more):
    """Somebody says who holds the hill."""
    said = {
        "id": ControlId(f"claim-{number}"),
        "place": Place(
            footprint=Circle(centre=HILL, radius_m=300.0),
            text="the hill",
            format=PlaceFormat.GEOMETRY,
        ),
        "holder": "the army",
        "source": f"source {number}",
        "source_kind": SourceKind.PRESS,
        "as_of": NOON - HOUR,
        "reliability": Reliability.C,
        "credibility": Credibility.POSSIBLE,
    }
    return ControlClaim(**(said | more))


def entered(*claims):
    """A line on which the duty officer has entered these."""
    line = Line()
    for one in claims:
        line.do(ClaimControl(claim=one, by=line.actor("duty")))
    return line


def told(line, at=HILL, viewer=SOUTH, now=NOON):
    """What is in doubt for a plan there."""
    plan = Extent(
        footprint=Circle(centre=at, radius_m=100.0),
        window=Window(start=NOON + HOUR, end=NOON + 2 * HOUR),
    )
    return doubts(seen_by(line.picture, viewer), plan, now)


def test_one_fresh_claim_puts_nothing_in_doubt():
    """It is no truth, and there is nothing it stands against."""
    assert told(entered(claim())) == ()


def test_two_holders_of_the_same_ground_are_contested_and_neither_wins():
    """Both stand in the sentence, with source, grade and time."""
    (doubt,) = told(entered(claim(1), claim(2, holder="militants")))
    assert "contested" in doubt
    for words in ("the army", "militants", "source 1", "source 2", "C3", "Ask."):
        assert words in doubt


def test_two_who_say_the_same_are_not_contested():
    """Case and spaces make no other holder."""
    assert told(entered(claim(1), claim(2, holder="The  Army"))) == ()


def test_what_is_a_day_old_has_to_be_asked():
    """Who holds ground changes within hours; anybody's newer claim ends the doubt."""
    line = entered(claim(1, as_of=NOON - 2 * DAY))
    (doubt,) = told(line)
    assert "48 h old" in doubt
    line.do(ClaimControl(claim=claim(2), by=line.actor("duty")))
    assert told(line) == ()


def test_far_away_nothing_is_in_doubt():
    """Two kilometres beside a plan count as near; twenty do not."""
    line = entered(claim(1), claim(2, holder="militants"))
    assert told(line, destination(HILL, 90.0, 2_000.0))
    assert told(line, destination(HILL, 90.0, 20_000.0)) == ()


def test_a_claim_that_was_followed_or_taken_back_stands_no_more():
    """It stays in the log; a newer one of its source takes its place."""
    line = entered(claim(1), claim(2, holder="militants"))
    newer = claim(3, instead_of=ControlId("claim-2"))
    line.do(ClaimControl(claim=newer, by=line.actor("duty")))
    assert told(line) == ()
    held = line.picture.control.get(ControlId("claim-2"))
    assert (held.stands, held.followed_by) == (False, "claim-3")
    line.do(WithdrawControl(claim=ControlId("claim-1"), by=line.actor("duty")))
    assert not line.picture.control.get(ControlId("claim-1")).stands


def test_only_ones_own_party_and_who_is_told_see_a_claim():
    """What another party believes of the ground is theirs to tell."""
    line = entered(claim(1), claim(2, holder="militants"))
    assert told(line, viewer=NORTH) == ()
    shared = entered(
        claim(1, tells=(DeskId("north-ops"),)),
        claim(2, holder="militants", tells=(DeskId("north-ops"),)),
    )
    assert told(shared, viewer=NORTH)


def test_what_cannot_be_entered_is_refused():
    """Another under the same id, a time ahead, an unknown desk, another's claim."""
    line = entered(claim())
    duty, lina = line.actor("duty"), line.actor("lina")
    assert line.do(ClaimControl(claim=claim(), by=duty)) == ()
    for error, asked in (
        (IdTaken, ClaimControl(claim=claim(holder="nobody"), by=duty)),
        (WrongOrder, ClaimControl(claim=claim(2, as_of=NOON + HOUR), by=duty)),
        (UnknownDesk, ClaimControl(claim=claim(2, tells=("x",)), by=duty)),
        (UnknownControlClaim, WithdrawControl(claim=ControlId("claim-1"), by=lina)),
    ):
        with pytest.raises(error):
            line.do(asked)
    with pytest.raises(NotAControlClaim):
        replace(claim(), holder=" ")
