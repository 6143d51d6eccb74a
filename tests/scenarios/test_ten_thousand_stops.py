"""A play in virtual time: one desk raises ten thousand STOPs within a minute.

Nobody's STOP is refused, slowed or merged in the log; for the eye and for a telephone
that already rings they are one, and whoever else calls meanwhile is rung at once.
"""

from collections import Counter

import pytest

from clearline.model.calls import Card, Kind
from clearline.model.entries import CallRaised, Rang
from clearline.model.instants import Duration
from clearline.model.parties import Medium
from clearline.model.places import Place, PlaceFormat, Unlocated
from clearline.rules.sources import OVER, rates_of, sources_of
from phone import NOON, Line

MANY = 10_000
PLACES = ("the mill", "the ford", "the school")
WITHIN = Duration(minutes=1)


def at(place):
    """Say where, in words."""
    footprint = Unlocated(name=place)
    return Card(where=Place(footprint=footprint, text=place, format=PlaceFormat.NAME))


def of_north(line):
    """List the acts about north's calls, whatever another test added."""
    return [act for act in line.acts if getattr(act, "call", "").startswith("s")]


@pytest.fixture(scope="module")
def flood():
    """Let north's desk raise them all, of three places in turn."""
    line = Line()
    for number in range(MANY):
        line.now = NOON + WITHIN * (number / MANY)
        line.raises(call=f"s{number}", card=at(PLACES[number % len(PLACES)]))
    return line


def dialled(acts):
    """List who was dialled, by which medium; one that joins a ring is not dialled."""
    return [
        (made.person, made.medium)
        for act in acts
        if isinstance(act, Rang)
        for made in act.attempts
        if made.joins is None
    ]


def test_each_is_taken_and_numbered_and_rings(flood):
    """Ten thousand calls, each a number of its own and people rung for it."""
    acts = of_north(flood)
    raised = [act for act in acts if isinstance(act, CallRaised)]
    assert len(raised) == MANY
    assert len({act.number for act in raised}) == MANY
    rung = {act.call for act in acts if isinstance(act, Rang) and act.attempts}
    assert rung == {act.call for act in raised}


def test_a_telephone_rings_once_for_each_place(flood):
    """What says the same joins the ring there is; another place rings anew."""
    counted = Counter(dialled(of_north(flood)))
    assert counted["duty", Medium.VOICE] == len(PLACES)
    assert set(counted.values()) == {len(PLACES)}


def test_for_the_eye_it_is_one_source_with_its_rate_and_its_places(flood):
    """X N at each place, so many a minute; nothing is left out of the count."""
    picture = flood.picture
    first = picture.calls.get("s0")
    assert picture.times_of(first) == len(range(0, MANY, len(PLACES)))
    rates = rates_of(picture.raised_since(flood.now - OVER))
    found = sources_of(picture.open_calls(), rates)
    (source,) = [one for one in found if one.desk == "north-ops"]
    assert (source.open, source.places) == (MANY, len(PLACES))
    assert source.last_minute == MANY


def test_whoever_else_calls_meanwhile_is_rung_at_once_and_apart(flood):
    """The neutral's STOP of the same place is another source: everybody is dialled."""
    acts = flood.raises(by="observer", call="other", card=at(PLACES[0]))
    (raised,) = [act for act in acts if isinstance(act, CallRaised)]
    assert raised.number > MANY
    assert raised.repeats is None
    assert {"duty", "director"} <= {person for person, _ in dialled(acts)}


def test_one_is_answered_and_the_others_go_on(flood):
    """That somebody has one says nothing of the rest: they ring on, and are due."""
    flood.acknowledges("duty", "s1")
    held = flood.call("s1")
    assert not held.is_ringing
    assert flood.call("s4").is_ringing
    due = flood.picture.due(flood.now + Duration(minutes=1), 2 * MANY)
    assert len(due) >= MANY
    assert flood.call("s2").kind is Kind.STOP
