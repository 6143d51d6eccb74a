"""What a picture promises: what stands, what is due, and what stood at any instant."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from clearline.model.calls import Call, CallId, Clock, ClockName, Kind
from clearline.model.calls import Line as CheckedLine
from clearline.model.commands import SetLine
from clearline.model.entries import (
    Acknowledged,
    CallEnded,
    CallRaised,
    Entry,
    NodeStarted,
    PersonSet,
    Rang,
    Realm,
    Shown,
)
from clearline.model.instants import Duration, Instant
from clearline.model.notice_acts import NoticeWithdrawn
from clearline.model.notices import NoticeId
from clearline.model.parties import DeskId, Medium, PersonId
from clearline.picture.picture import SHELVES, Picture, View, fold, ring_key, stop_key
from clearline.picture.snapshot import DUTY, read_snapshot, write_snapshot
from phone import NOON, STOP, Line

SECOND = Duration(seconds=1)
SOUTH_OPS = DeskId("south-ops")


def busy_day() -> tuple[Line, list[Entry]]:
    """A day with calls of every kind, and its log."""
    line = Line()
    line.raises()
    line.after(seconds=20)
    line.acknowledges("duty")
    line.raises(Kind.HOLD, call="hold-1")
    line.passes_on("duty", "south-air")
    line.after(minutes=2)
    line.reads_back("duty")
    line.raises(Kind.QUERY, call="query-1")
    line.reports_ceased("duty")
    line.after(minutes=20)
    times = [
        datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)
        for at in line.picture.times
    ]
    log = [
        Entry(at=at, realm=Realm.EXERCISE, act=act)
        for at, act in zip(times, line.acts, strict=True)
    ]
    return line, log


LINE, LOG = busy_day()


def shelves(view: View) -> dict[str, list[object]]:
    """List everything a view keeps."""
    return {name: list(getattr(view, name).values()) for name in SHELVES}


def entry(act: object, at: Instant = NOON) -> Entry:
    """Make an entry."""
    return Entry(at=at, realm=Realm.EXERCISE, act=act)  # type: ignore[arg-type]


# --- looking back -----------------------------------------------------------------
@settings(deadline=None)
@given(size=st.integers(0, len(LOG)))
def test_the_picture_at_a_size_is_the_fold_of_so_many(size: int) -> None:
    """There is one definition of the past: folding less."""
    view, folded = LINE.picture.at(size), fold(iter(LOG[:size]))
    assert shelves(view) == shelves(folded)
    assert view.size == folded.size == size
    assert list(view.open_calls()) == list(folded.open_calls())
    for desk in ("south-ops", "south-air", "nowhere"):
        there = DeskId(desk)
        assert view.members_of(there) == folded.members_of(there)
        for at in (NOON, NOON + Duration(days=2)):
            assert view.on_watch(there, (), at) == folded.on_watch(there, (), at)
    assert view.is_under(DeskId("south-air"), DeskId("south-hq")) == folded.is_under(
        DeskId("south-air"), DeskId("south-hq")
    )


def test_nobody_looks_ahead_of_the_log() -> None:
    """A size beyond the log is the log."""
    assert LINE.picture.at(10**9).size == LINE.picture.size


def test_an_instant_means_the_last_entry_at_or_before_it() -> None:
    """What stood at an instant includes what was decided in that very instant."""
    picture = Picture()
    for seconds in (0, 0, 5, 5, 5, 9):
        picture.fold(entry(NodeStarted(size=0), NOON + seconds * SECOND))
    after = [
        picture.size_at(NOON + seconds * SECOND) for seconds in (-1, 0, 4, 5, 9, 99)
    ]
    assert after == [0, 2, 2, 5, 6, 6]
    assert picture.size_at(NOON + 5 * SECOND - Duration(microseconds=1)) == 2
    assert picture.last_at() == NOON + 9 * SECOND
    assert Picture().last_at() is None


@pytest.mark.parametrize(
    "at",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ],
)
def test_an_instant_is_kept_to_the_microsecond(at: Instant) -> None:
    """Every instant there is comes back as it was."""
    picture = Picture()
    picture.fold(entry(NodeStarted(size=0), at))
    assert picture.last_at() == at
    assert picture.size_at(at) == 1


# --- taking back ------------------------------------------------------------------
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_taking_back_is_never_having_folded(data: st.DataObject) -> None:
    """Whatever was taken back, what is folded next stands as if it came first."""
    stays = data.draw(st.integers(0, len(LOG)))
    until = data.draw(st.integers(stays, len(LOG)))
    picture, plain = fold(iter(LOG[:until])), fold(iter(LOG[:stays]))
    picture.take_back(stays)
    for following in (None, *LOG[stays:]):
        if following is not None:
            picture.fold(following)
            plain.fold(following)
    assert shelves(picture) == shelves(plain)
    assert list(picture.times) == list(plain.times)
    assert picture.next_due() == plain.next_due()
    assert picture.due(NOON + Duration(days=9), 99) == plain.due(
        NOON + Duration(days=9), 99
    )
    assert [c.id for c in picture.open_calls()] == [c.id for c in plain.open_calls()]


def test_what_is_durable_is_not_taken_back() -> None:
    """Taking back reaches to the last settling and no further."""
    picture = fold(iter(LOG[:20]))
    before = shelves(picture)
    picture.settle()
    for following in LOG[20:]:
        picture.fold(following)
    picture.take_back(20)
    assert shelves(picture) == before


def test_a_number_is_never_given_twice_even_when_taken_back() -> None:
    """A number somebody may have heard is not another call's."""
    line = Line()
    size = line.picture.size
    line.raises()
    assert line.picture.next_number() == 2
    line.picture.take_back(size)
    assert line.picture.next_number() == 2


# --- what is due ------------------------------------------------------------------
def waiting(call: str, *due: int) -> CallRaised:
    """Raise a call that waits for instants, seconds from noon."""
    line = Line()
    (raised, *_) = line.raises(call=call)
    assert isinstance(raised, CallRaised)
    clocks = (Clock(name=ClockName.RING, due_at=NOON + s * SECOND) for s in due)
    return replace(raised, clocks=tuple(clocks))


def test_what_is_due_comes_earliest_first_and_each_once() -> None:
    """Whoever has waited longest is served first, and nobody twice."""
    picture = Picture()
    for call, due in (("late", 9), ("early", 1), ("middle", 5), ("far", 100)):
        picture.fold(entry(waiting(call, due, due + 1000)))
    assert picture.next_due() == NOON + SECOND
    assert picture.due(NOON, 99) == ()
    assert picture.due(NOON + SECOND, 99) == ("early",)
    assert picture.due(NOON + 10 * SECOND, 99) == ("early", "middle", "late")
    assert picture.due(NOON + 10 * SECOND, 2) == ("early", "middle")
    assert picture.due(NOON + 10 * SECOND, 0) == ()


def test_what_is_due_stays_due_until_an_entry_says_otherwise() -> None:
    """Asking what is due takes nothing away."""
    picture = Picture()
    picture.fold(entry(waiting("call", 1)))
    for _ in range(3):
        assert picture.due(NOON + SECOND, 9) == ("call",)
        assert picture.next_due() == NOON + SECOND
    ended = CallEnded(call=CallId("call"), ending="closed")  # type: ignore[arg-type]
    picture.fold(entry(ended))
    assert picture.due(NOON + Duration(days=9), 9) == ()
    assert picture.next_due() is None


def test_a_call_whose_clocks_moved_is_due_when_they_say_now() -> None:
    """An instant waited for before is nothing any more."""
    picture = Picture()
    picture.fold(entry(waiting("call", 1)))
    later = Clock(name=ClockName.READ_BACK, due_at=NOON + 60 * SECOND)
    shown = Shown(call=CallId("call"), device="wall", desk=SOUTH_OPS, clocks=(later,))
    picture.fold(entry(shown))
    assert picture.due(NOON + 59 * SECOND, 9) == ()
    assert picture.due(NOON + 60 * SECOND, 9) == ("call",)
    sooner = replace(shown, clocks=(replace(later, due_at=NOON),))
    picture.fold(entry(sooner))
    assert picture.next_due() == NOON
    assert picture.due(NOON + 99 * SECOND, 9) == ("call",)


@settings(deadline=None)
@given(
    dues=st.dictionaries(
        st.text("abcdef", min_size=1, max_size=2), st.integers(0, 50), max_size=12
    ),
    now=st.integers(0, 60),
    most=st.integers(0, 12),
)
def test_due_is_what_a_plain_search_finds(
    dues: dict[str, int], now: int, most: int
) -> None:
    """The index proposes nobody too many and forgets nobody."""
    picture = Picture()
    for call, due in dues.items():
        picture.fold(entry(waiting(call, due)))
    found = sorted((due, call) for call, due in dues.items() if due <= now)
    assert picture.due(NOON + now * SECOND, most) == tuple(
        call for _, call in found[:most]
    )
    first = min(dues.values(), default=None)
    assert picture.next_due() == (None if first is None else NOON + first * SECOND)


def test_lines_are_due_beside_calls() -> None:
    """A check that is due is found like a ring that is due."""
    line = Line()
    checked = CheckedLine(
        from_desk=DeskId("north-ops"),
        to_desk=SOUTH_OPS,
        medium=Medium.VOICE,
        next_at=NOON + SECOND,
    )
    line.do(SetLine(line=checked))
    assert line.picture.due(NOON + SECOND, 9) == (checked.key,)
    assert line.picture.waiting_for(checked.key) == checked
    assert line.picture.waiting_for("neither") is None


# --- what is not ours to know -----------------------------------------------------
def test_an_act_about_what_was_never_shown_changes_nothing() -> None:
    """A log may be disclosed in part; the fold goes on and guesses nothing."""
    picture = Picture()
    actor = LINE.actor("duty")
    picture.fold(entry(Acknowledged(call=CallId("unseen"), by=actor)))
    picture.fold(entry(NoticeWithdrawn(notice=NoticeId("unseen"), by=actor)))
    assert picture.size == 2
    assert all(not kept for kept in shelves(picture).values())


def test_while_notices_are_not_there_they_are_only_counted() -> None:
    """Sizes stay true before notices are loaded."""
    picture = Picture()
    picture.has_notices = False
    actor = LINE.actor("duty")
    picture.fold(entry(NoticeWithdrawn(notice=NoticeId("unseen"), by=actor)))
    picture.fold(entry(NodeStarted(size=1)))
    assert picture.size == len(picture.times) == 2


# --- who is there, who rings ------------------------------------------------------
def test_a_person_belongs_to_one_desk() -> None:
    """Whoever is entered at another desk has left the one before."""
    line = Line()
    duty = line.picture.persons.get(PersonId("duty"))
    assert duty is not None
    size = line.picture.size
    line.picture.fold(entry(PersonSet(person=replace(duty, desk=DeskId("north-ops")))))
    names = [person.id for person in line.picture.members_of(SOUTH_OPS)]
    assert names == ["director", "spare"]
    assert "duty" not in {
        person.id for person in line.picture.on_watch(SOUTH_OPS, (), NOON)
    }
    assert line.picture.on_watch(DeskId("north-ops"), (), NOON)[0].id == "lina"
    before = line.picture.at(size)
    assert "duty" in {person.id for person in before.on_watch(SOUTH_OPS, (), NOON)}


def test_a_desk_is_not_under_itself_or_a_stranger() -> None:
    """Up the tree ends at its top, whatever was entered."""
    picture = Line().picture
    air, hq = DeskId("south-air"), DeskId("south-hq")
    assert picture.is_under(air, hq)
    assert not picture.is_under(hq, air)
    assert not picture.is_under(hq, hq)
    assert not picture.is_under(DeskId("nowhere"), hq)


def test_supposing_another_watch_changes_nothing_that_stands() -> None:
    """Looking ahead of an act leaves the picture as it is."""
    line = Line()
    supposed = line.picture.as_watched(SOUTH_OPS, ())
    assert supposed.on_watch(SOUTH_OPS, (), NOON) == ()
    assert len(line.picture.on_watch(SOUTH_OPS, (), NOON)) == 2
    assert supposed.on_watch(DeskId("north-ops"), (), NOON) != ()


def a_ring(line: Line, call: str = STOP) -> tuple[Call, str]:
    """Look at a call and at somebody it rings."""
    found = line.call(call)
    return found, found.ringing[0].person


def test_who_rings_for_a_stop_is_found_until_somebody_has_it() -> None:
    """A second STOP of one place joins a ring only while there is one."""
    line = Line()
    line.raises()
    call, person = a_ring(line)
    key = ring_key(call, PersonId(person), call.ringing[0].medium)
    other = CallId("stop-2")
    assert line.picture.ringing_for(key, other_than=other) == call.ringing[0]
    assert line.picture.ringing_for(key, other_than=call.id) is None
    line.acknowledges("duty")
    assert line.picture.ringing_for(key, other_than=other) is None


def test_a_ring_that_joined_another_was_not_dialled_after_a_restart_either() -> None:
    """From a snapshot as from the log: only a device that rings is one that rings."""
    line = Line()
    line.raises()
    line.raises(call="stop-2")
    line.acknowledges("duty")
    call = line.call("stop-2")
    assert all(made.joins for made in call.ringing)
    read = Picture()
    read_snapshot(write_snapshot(line.picture, DUTY, line.picture.size, b""), read)
    for made in call.ringing:
        key = ring_key(call, made.person, made.medium)
        assert line.picture.ringing_for(key, other_than=CallId("x")) is None
        assert read.ringing_for(key, other_than=CallId("x")) is None


def test_a_repeated_stop_names_the_first_of_its_kind_while_it_is_open() -> None:
    """Source, desk and place make two STOPs the same; nothing else does."""
    line = Line()
    line.raises()
    call = line.call()
    key = stop_key(call.raised_by.desk, call.to_desk, call.card)
    assert line.picture.same_stop(key) == STOP
    assert line.picture.same_stop(("north-ops", "south-air", "")) is None  # type: ignore[arg-type]
    line.acknowledges("duty")
    line.reports_ceased("duty")
    line.closes("lina")
    line.closes("duty")
    assert line.picture.same_stop(key) is None


def test_every_ring_is_counted_as_one() -> None:
    """What a screen shows as rings is how often people were rung."""
    rang = [act for act in LINE.acts if isinstance(act, Rang) and act.call == STOP]
    assert LINE.call().rings == len(rang)
