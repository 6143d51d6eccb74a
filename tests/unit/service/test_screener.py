"""What is found when a notice is filed, who is rung for it, and what becomes of it."""

import pytest
from msgspec.structs import replace

from clearline.geo.geodesy import destination
from clearline.ledger.text64 import decode64
from clearline.model.calls import Kind, Precedence
from clearline.model.conflict_acts import NoticeScreened
from clearline.model.conflict_commands import (
    AcceptConflict,
    ReleaseConflict,
    TalkAbout,
)
from clearline.model.conflicts import ConflictState, Resolution
from clearline.model.instants import Duration
from clearline.model.notice_commands import FileNotice
from clearline.model.notice_details import Personal, Request
from clearline.model.notices import NoticeId, Precision
from clearline.model.parties import PartyId, Strength
from clearline.model.places import Place, PlaceFormat, Unlocated
from clearline.model.screenings import Verdict
from clearline.picture.picture import fold
from clearline.replay.chance import SeededChance
from clearline.rules.refusals import NotProven, UnknownConflict, WrongOrder
from clearline.service.beside import seal_words
from clearline.service.screener import Screener
from clearline.wire.entries import read_entry
from notice_forms import SITE
from two_logs import (
    HOSPITAL,
    HOUR,
    MONITOR_OPS,
    NOON,
    NORTH_OPS,
    SOUTH_OPS,
    Straight,
    TwoLogs,
    actor,
    plan,
    position,
    site,
)

TO_NORTH = {NORTH_OPS: Precision.EXACT}
TO_SOUTH = {SOUTH_OPS: Precision.EXACT}
NORTH, SOUTH = PartyId("north"), PartyId("south")


@pytest.fixture
def logs():
    """Two logs with nothing filed."""
    return TwoLogs()


@pytest.fixture
def met(logs):
    """A plan at a hospital, both told exactly to the other."""
    logs.file("hospital", site(tells=TO_SOUTH), NORTH_OPS)
    logs.file("plan", plan(tells=TO_NORTH))
    return logs


def test_a_conflict_both_may_know_rings_both_owners_once(met):
    """Each owner hears of it by a call of its own, as urgent as the time leaves."""
    (conflict,) = met.conflicts()
    assert conflict.known_to == (SOUTH, NORTH)
    rung = {(call.to_desk, call.kind, call.precedence) for call in met.calls()}
    assert rung == {
        (NORTH_OPS, Kind.WARN, Precedence.PRIORITY),
        (SOUTH_OPS, Kind.WARN, Precedence.PRIORITY),
    }
    assert met.told("plan").verdict is Verdict.CONFLICT
    assert met.conflicts(met.own) == []


def test_each_owner_sees_its_own_call_and_not_the_others(met):
    """Nobody learns from a call who else was rung."""
    for call in met.calls():
        assert call.raised_by.party == call.to_party


@pytest.mark.parametrize(
    ("minutes", "precedence"),
    [
        (0, Precedence.FLASH),
        (29, Precedence.FLASH),
        (30, Precedence.IMMEDIATE),
        (120, Precedence.PRIORITY),
        (24 * 60, Precedence.ROUTINE),
    ],
)
def test_the_time_that_is_left_says_how_urgent_it_is(logs, minutes, precedence):
    """What begins soon rings like what burns; what begins next week does not."""
    logs.file("hospital", site(tells=TO_SOUTH), NORTH_OPS)
    start = NOON + Duration(minutes=minutes)
    logs.file("plan", plan(start=start, tells=TO_NORTH))
    assert {call.precedence for call in logs.calls()} == {precedence}


def test_the_same_two_revisions_never_ring_twice(met):
    """Screening again, by either, raises no second call."""
    met.screener._add(met.screener._node, ["hospital", "plan", "plan"])
    met.settle()
    assert len(met.calls()) == 2


def test_a_new_revision_that_still_meets_begins_anew(met):
    """Moving the time by an hour is told as what it is: still a conflict."""
    met.amend("plan", plan(start=NOON + 4 * HOUR, tells=TO_NORTH))
    (conflict,) = met.conflicts()
    assert conflict.state is ConflictState.OPEN
    open_calls = [call for call in met.calls() if call.is_open]
    assert len(open_calls) == 2
    assert set(conflict.calls) == {call.id for call in open_calls}


@pytest.mark.parametrize("whose", ["hospital", "plan"])
def test_withdrawing_either_resolves_it_and_tells_whoever_was_rung(met, whose):
    """No call rings on for what is none any more."""
    met.withdraw(whose, NORTH_OPS if whose == "hospital" else SOUTH_OPS)
    (conflict,) = met.conflicts()
    assert conflict.resolution is Resolution.WITHDRAWN
    assert not any(call.is_open for call in met.calls())


def test_moving_away_resolves_it(met):
    """A change is screened as well, and told."""
    away = destination(HOSPITAL, 90.0, 20_000.0)
    met.amend("plan", plan(at=away, tells=TO_NORTH))
    assert met.conflicts()[0].resolution is Resolution.CHANGED
    assert met.told("plan").verdict is Verdict.NONE_FOUND


def test_it_is_over_when_its_time_is(met):
    """What can no longer happen is no conflict; nobody has to say so."""
    met.go_to(NOON + 5 * HOUR)
    assert met.conflicts()[0].resolution == Resolution.OVER


def test_it_is_accepted_once_both_have_given_reasons(met):
    """One owner's word alone settles nothing."""
    key = met.conflicts()[0].id
    met.do(TalkAbout(conflict=key, by=actor(SOUTH_OPS)))
    assert met.conflicts()[0].state is ConflictState.TALKED_ABOUT
    met.do(AcceptConflict(conflict=key, by=actor(SOUTH_OPS), why="guards know"))
    assert met.conflicts()[0].state is ConflictState.TALKED_ABOUT
    met.do(AcceptConflict(conflict=key, by=actor(NORTH_OPS), why="nobody is there"))
    assert met.conflicts()[0].state is ConflictState.ACCEPTED
    met.amend("plan", plan(start=NOON + 4 * HOUR, tells=TO_NORTH))
    assert met.conflicts()[0].state is ConflictState.OPEN  # of another revision


def test_nothing_is_accepted_without_a_reason_or_by_nobody(met):
    """A reason is what the other owner, and an investigator, read."""
    key = met.conflicts()[0].id
    with pytest.raises(WrongOrder):
        met.do(AcceptConflict(conflict=key, by=actor(SOUTH_OPS), why=" "))
    heard = actor(SOUTH_OPS, Strength.HEARD)
    with pytest.raises(NotProven):
        met.do(AcceptConflict(conflict=key, by=heard, why="said so"))


def test_a_third_party_knows_nothing_of_it(met):
    """A conflict is between its owners."""
    key = met.conflicts()[0].id
    with pytest.raises(UnknownConflict):
        met.do(TalkAbout(conflict=key, by=actor(MONITOR_OPS)))


# --- what may only be known in part ---


def test_what_is_told_coarsely_is_answered_with_whom_to_call(logs):
    """The planner learns that something may be there, and rings nobody by asking."""
    logs.file("hospital", site(tells={SOUTH_OPS: Precision.COARSE}), NORTH_OPS)
    near = destination(HOSPITAL, 45.0, 3_000.0)
    for name, where in (("near", near), ("there", HOSPITAL)):
        logs.file(name, plan(at=where))
        told = logs.told(name)
        assert told.verdict is Verdict.CANNOT_TELL
        assert "call north-ops" in told.said
        assert "hospital" not in told.said
    assert logs.calls() == []


def test_what_only_exists_for_them_says_no_more_wherever_they_plan(logs):
    """The answer is the same at the hospital and on the other side of the Earth."""
    logs.file("hospital", site(tells={SOUTH_OPS: Precision.EXISTENCE}), NORTH_OPS)
    far = destination(HOSPITAL, 0.0, 9_000_000.0)
    logs.file("far", plan(at=far))
    logs.file("there", plan())
    assert logs.told("far").said == logs.told("there").said
    assert logs.told("far").verdict is Verdict.CANNOT_TELL


def test_what_is_not_told_is_not_there(logs):
    """Without a named recipient nobody is told, by any verdict."""
    logs.file("hospital", site(), NORTH_OPS)
    logs.file("plan", plan())
    assert logs.told("plan").verdict is Verdict.NONE_FOUND


def test_the_owner_of_what_is_hidden_is_rung_alone_from_its_own_log(logs):
    """A hospital nobody was told of still hears of a plan that was told to it."""
    logs.file("hospital", site(), NORTH_OPS)
    logs.file("plan", plan(tells=TO_NORTH))
    assert logs.conflicts() == []
    assert logs.calls() == []
    (conflict,) = logs.conflicts(logs.own)
    assert conflict.known_to == (NORTH,)
    (call,) = logs.calls(logs.own)
    assert (call.to_desk, call.number > 9_000) == (NORTH_OPS, True)


# --- positions ---


def test_a_position_stays_in_its_own_log_and_rings_its_owner_alone(logs):
    """Where a party's people are is in no log that anybody else ever reads."""
    logs.file("post", position(), NORTH_OPS)
    logs.file("plan", plan(tells=TO_NORTH))
    assert logs.first.picture.notices.get("post") is None
    assert logs.calls() == []
    (call,) = logs.calls(logs.own)
    assert call.to_desk == NORTH_OPS
    assert "Only you know of it" in call.card.what


def test_ones_own_plan_at_ones_own_position_rings_from_the_own_log(logs):
    """A party's own people are looked at for its own plans, and nobody hears of it."""
    logs.file("post", position())
    logs.file("plan", plan())
    assert logs.conflicts() == []
    assert [call.to_desk for call in logs.calls(logs.own)] == [SOUTH_OPS]


def test_until_it_is_released_the_filer_sees_nothing_of_a_position(logs):
    """A person there lets the other know that there is a conflict, and no more."""
    logs.file("post", position(), NORTH_OPS)
    logs.file("plan", plan(tells=TO_NORTH))
    (conflict,) = logs.conflicts(logs.own)
    with pytest.raises(UnknownConflict):
        logs.do(TalkAbout(conflict=conflict.id, by=actor(SOUTH_OPS)))
    logs.do(ReleaseConflict(conflict=conflict.id, by=actor(NORTH_OPS)))
    (told,) = logs.conflicts()
    assert told.known_to == (SOUTH,)
    assert (told.separation_m, told.overlap, told.other.notice) == (None, None, "")
    (call,) = logs.calls()
    assert call.to_desk == SOUTH_OPS
    assert "call north-ops" in f"{call.card.what} {call.card.why}".lower()
    logs.log.tell_again()  # as after a crash between the two logs
    assert len(logs.calls()) == 1


def test_nothing_released_follows_from_a_name_the_filer_does_not_know():
    """Whatever the position is called, what its filer is told has the same ids."""
    told = []
    for name in ("post", "patrol-2@own.north"):
        other = TwoLogs("released")
        other.file(name, position(), NORTH_OPS)
        other.file("plan", plan(tells=TO_NORTH))
        (conflict,) = other.conflicts(other.own)
        other.do(ReleaseConflict(conflict=conflict.id, by=actor(NORTH_OPS)))
        (found,), (call,) = other.conflicts(), other.calls()
        told.append((found.id, call.id))
    assert told[0] == told[1]


# --- what cannot be told ---


def test_a_plan_nobody_can_locate_cannot_be_told(logs):
    """Words that are on no map are not taken for nowhere."""
    told = plan()
    where = Place(
        footprint=Unlocated(name="Kroum hill"),
        text="Kroum hill",
        format=PlaceFormat.NAME,
    )
    logs.file("plan", replace(told, where=where))
    assert logs.told("plan").verdict is Verdict.CANNOT_TELL
    assert "Kroum hill" in logs.told("plan").said


# --- what was told is told anew ---


def screened_of(entries, name):
    """List the verdicts written for a notice, in order."""
    return [
        e.act.told.verdict
        for e in entries
        if isinstance(e.act, NoticeScreened) and e.act.notice == name
    ]


@pytest.mark.parametrize(
    ("precision", "verdict"),
    [
        (Precision.EXACT, Verdict.CONFLICT),
        (Precision.COARSE, Verdict.CANNOT_TELL),
    ],
)
def test_a_newcomer_is_written_into_what_a_plan_was_told(logs, precision, verdict):
    """And written out of it where it moves away, or is withdrawn."""
    logs.file("plan", plan(tells=TO_NORTH))
    told = {SOUTH_OPS: precision}
    logs.file("hospital", site(tells=told), NORTH_OPS)
    away = replace(HOSPITAL, lat=HOSPITAL.lat + 1.0)
    moved = site(at=away, tells=told, details=replace(SITE, request=Request.AMEND))
    logs.amend("hospital", moved, NORTH_OPS)
    back = site(tells=told, details=replace(SITE, request=Request.AMEND))
    logs.amend("hospital", back, NORTH_OPS)
    logs.withdraw("hospital", NORTH_OPS)
    none = Verdict.NONE_FOUND
    assert screened_of(logs.entries(), "plan") == [none, verdict, none, verdict, none]


def test_where_the_newcomer_knows_of_no_plan_that_is_written_aside(logs):
    """By the size of the first log its owner would know that something lies there."""
    logs.file("plan", plan())
    size = len(logs.entries())
    logs.file("hospital", site(tells={SOUTH_OPS: Precision.EXACT}), NORTH_OPS)
    met = len(logs.entries()) - size
    assert logs.told("plan").verdict is Verdict.CONFLICT
    logs.withdraw("hospital", NORTH_OPS)
    assert logs.told("plan").verdict is Verdict.NONE_FOUND
    logs.withdraw("plan")
    size = len(logs.entries())
    told = {SOUTH_OPS: Precision.EXACT}
    other = replace(SITE, ref="N-18", name_en="Other")
    logs.file("clinic", site(tells=told, details=other), NORTH_OPS)
    assert len(logs.entries()) - size == met
    assert screened_of(logs.entries(), "plan") == [Verdict.NONE_FOUND]
    aside = [Verdict.CONFLICT, Verdict.NONE_FOUND]
    assert screened_of(logs.own_entries(), "plan") == aside


def test_what_its_owner_was_not_told_writes_nothing_anew(logs):
    """Neither a site told to nobody nor a position moves an entry of the plan's."""
    logs.file("plan", plan(tells=TO_NORTH))
    before = screened_of(logs.entries(), "plan")
    logs.file("hospital", site(), NORTH_OPS)
    logs.file("post", position(), NORTH_OPS)
    logs.withdraw("hospital", NORTH_OPS)
    assert screened_of(logs.entries(), "plan") == before == [Verdict.NONE_FOUND]


# --- what is erased ---


def test_what_a_notice_sealed_is_erased_and_the_log_still_verifies(logs):
    """Numbers and names go thirty days after it is over; the entries all stand."""
    chance = SeededChance("sealed")
    phones, beside = seal_words('["+15550100"]', chance)
    told = replace(site(), personal=Personal(phones=phones))
    filing = FileNotice(notice=NoticeId("h"), by=actor(NORTH_OPS), revision=told)
    logs.log.ask_either(filing, beside).result(0)
    store, part = logs.first.store, decode64(phones.sealed)
    assert store.sealed(part) is not None
    logs.withdraw("h", NORTH_OPS)
    logs.go_to(NOON + Duration(days=29))
    assert store.sealed(part) is not None
    logs.go_to(NOON + Duration(days=31))
    assert store.sealed(part) is None
    assert logs.first.writer.trouble is None
    log = logs.first.log
    assert len(list(log.read(0, log.size))) == log.size
    folded = fold(read_entry(payload) for _, payload in log.read(0, log.size))
    assert folded.notices.get(NoticeId("h")).purged_at is not None


def test_what_stood_unscreened_when_the_node_stopped_is_screened_at_the_start(logs):
    """Durable and not screened yet: the next start finds it, and nothing else."""
    logs.file("hospital", site(tells=TO_SOUTH), NORTH_OPS)
    filing = FileNotice(
        notice=NoticeId("plan"), by=actor(SOUTH_OPS), revision=plan(tells=TO_NORTH)
    )
    logs.do(filing)  # and the node stops before it is screened
    again = Screener(Straight(logs.first), logs.log)
    again.start()
    assert again.settle()
    again.stop()
    assert again.trouble is None
    assert len(logs.conflicts()) == 1
    screened = [
        e.act.notice for e in logs.entries() if isinstance(e.act, NoticeScreened)
    ]
    assert screened == ["hospital", "plan", "hospital"]  # the plan was told to it


def test_no_position_is_ever_written_into_the_first_log(logs):
    """Asked of the log itself, past whoever sorts them, it is refused."""
    filing = FileNotice(
        notice=NoticeId("post"), by=actor(SOUTH_OPS), revision=position()
    )
    with pytest.raises(WrongOrder):
        Straight(logs.first).ask(filing).result(0)
    assert logs.first.picture.notices.get(NoticeId("post")) is None
