"""What holds for every entry there can be: written, it reads as what it was."""

import json
import math
from datetime import datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearline.ledger.header import read_header
from clearline.model.calls import CallId
from clearline.model.entries import (
    CALL_ACTS,
    Act,
    Entry,
    HoldRenewed,
    Realm,
    Shown,
    WallStepped,
)
from clearline.model.parties import Actor, DeskId, PartyId, Strength
from clearline.picture.picture import Picture
from clearline.wire.entries import (
    NAMES,
    UnreadableEntry,
    Unwritable,
    read_entry,
    write_entry,
)
from phone import NOON
from properties.strategies import ACTS, acts, anything, entries

ACTOR = Actor(party=PartyId("p"), desk=DeskId("d"), strength=Strength.PIN)
ODD_ZONE = timezone(timedelta(hours=3, seconds=7))


@pytest.mark.parametrize("kind", ACTS, ids=lambda kind: kind.__name__)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much]
)
@given(data=st.data())
def test_every_act_reads_as_what_was_written(kind: type, data: st.DataObject) -> None:
    """No field of any act is lost, rounded or renamed on its way through bytes."""
    entry = data.draw(entries(anything(kind)))
    payload = write_entry(entry)
    assert read_entry(payload) == entry
    assert write_entry(read_entry(payload)) == payload


@settings(max_examples=200, deadline=None)
@given(entry=entries())
def test_whoever_verifies_reads_the_header_of_every_entry(entry: Entry) -> None:
    """The header is strict JSON and says type, realm and times as we do."""
    header = read_header(write_entry(entry))
    assert header.type == NAMES[type(entry.act)]
    assert (header.v, header.realm) == (1, entry.realm)
    assert (header.at, header.recorded_at) == (entry.at, entry.recorded_at)
    assert header.clock_error_s == entry.clock_error_s


ODD = (None, True, -1, 2**70, 1e308, "", "x", "2016-09-17T13:55:00", [], {}, [[]])
"""What a field may hold that somebody else signed."""


def places_in(value: object, here: tuple = ()) -> list[tuple]:
    """List the ways to every value within a JSON value."""
    below = enumerate(value) if isinstance(value, list) else ()
    below = value.items() if isinstance(value, dict) else below
    return [here, *(way for at, one in below for way in places_in(one, (*here, at)))]


@settings(max_examples=300, deadline=None)
@given(data=st.data(), payload=entries().map(write_entry), odd=st.sampled_from(ODD))
def test_what_another_signed_is_read_as_an_entry_or_refused_by_name(
    data: st.DataObject, payload: bytes, odd: object
) -> None:
    """Whatever stands in a signed payload, reading it ends in an entry or one error."""
    whole = json.loads(payload)
    *way, last = data.draw(st.sampled_from(places_in(whole)[1:]))
    inside = whole
    for step in way:
        inside = inside[step]
    inside[last] = odd
    try:
        entry = read_entry(json.dumps(whole).encode())
    except UnreadableEntry as refused:
        said = refused
    else:
        assert isinstance(entry, Entry)
        return
    assert all((said.what, said.state, said.next))


@settings(max_examples=200, deadline=None)
@given(said=st.lists(acts(), max_size=12))
def test_any_acts_in_any_order_can_be_folded_and_taken_back(said: list) -> None:
    """A log may hold acts about what we were never shown; the fold goes on."""
    picture = Picture()
    for act in said:
        about = act
        if isinstance(act, CALL_ACTS):
            about = msgspec.structs.replace(act, call=CallId("one"))
        picture.fold(Entry(at=NOON, realm=Realm.EXERCISE, act=about))
    assert picture.size == len(said)
    picture.take_back(0)
    assert picture.size == 0
    assert picture.next_due() is None
    assert list(picture.calls.values()) == []


LOOSE = datetime(2016, 9, 17, 13, 55)  # noqa: DTZ001 (without its zone on purpose)
UNWRITABLE = (
    WallStepped(by_s=math.nan),
    WallStepped(by_s=math.inf),
    Shown(call=CallId("half a pair: \ud83d"), device="", desk=DeskId("d")),
    HoldRenewed(call=CallId("c"), by=ACTOR, ends_at=LOOSE),
    HoldRenewed(call=CallId("c"), by=ACTOR, ends_at=NOON.astimezone(ODD_ZONE)),
)


@pytest.mark.parametrize("act", UNWRITABLE, ids=lambda act: type(act).__name__)
def test_what_would_not_be_read_again_is_not_written(act: Act) -> None:
    """Nothing is signed that a restart could not read: it would lose the log."""
    with pytest.raises(Unwritable):
        write_entry(Entry(at=NOON, realm=Realm.EXERCISE, act=act))
