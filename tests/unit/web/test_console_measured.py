"""How long each step took, from the one before it, against what it may take."""

from msgspec.structs import replace

from clearline.model.calls import (
    Acknowledgement,
    Call,
    CallId,
    Card,
    Kind,
    Ladder,
    Precedence,
    Rung,
)
from clearline.model.instants import Duration, parse_instant
from clearline.model.parties import Actor, DeskId, PartyId, PersonId, Strength
from clearline.web.console.measured import delays, measured

AT = parse_instant("2026-03-01T14:00:00Z")
BY = Actor(
    party=PartyId("north"),
    desk=DeskId("north-ops"),
    person=PersonId("lina"),
    strength=Strength.PASSWORD,
)
CALL = Call(
    id=CallId("c1"),
    number=1,
    kind=Kind.STOP,
    precedence=Precedence.FLASH,
    raised_by=BY,
    to_desk=DeskId("south-ops"),
    to_party=PartyId("south"),
    card=Card(),
    ladder=Ladder(rungs=(Rung(desk=DeskId("south-ops"), after=Duration(0)),)),
    raised_at=AT,
    changed_at=AT,
)


def after(seconds):
    """Return so long after the call was raised."""
    return AT + Duration(seconds=seconds)


def test_each_step_counts_from_the_one_before_it_and_may_be_late():
    """Acknowledged after 40 s is late for thirty; read back 20 s later is not."""
    call = replace(
        CALL,
        acknowledgements=(Acknowledgement(by=BY, at=after(40)),),
        has_read_back_at=after(60),
        has_ceased_at=after(300),
    )
    first, second, third, fourth = delays(call)
    assert (first.took_s, first.most_s, first.is_late) == (40.0, 30.0, True)
    assert (second.took_s, second.most_s, second.is_late) == (20.0, 60.0, False)
    assert (third.took_s, third.is_late) == (None, False)
    assert (fourth.took_s, fourth.most_s, fourth.is_late) == (240.0, 180.0, True)


def test_what_has_not_come_is_missing_and_not_late():
    """A call that just rings has four steps to come."""
    assert [one.took_s for one in delays(CALL)] == [None] * 4


def test_stops_and_holds_are_measured_the_newest_first():
    """Other calls ask for no steps that are measured here."""
    older = replace(CALL, id=CallId("c0"), raised_at=after(-60))
    asked = replace(CALL, id=CallId("q1"), kind=Kind.QUERY)
    assert [one.id for one, _ in measured([older, asked, CALL])] == ["c1", "c0"]
