"""What two parties agree: who may say it, from when it holds, and what rests on it."""

import pytest

from clearline.geo.geodesy import destination
from clearline.model.agreement_acts import (
    AgreementConfirmed,
    AgreementTurned,
    ConfirmAgreement,
    EndAgreement,
    ProposeAgreement,
)
from clearline.model.agreements import (
    AgreementId,
    AgreementState,
    Change,
    Margin,
    Terms,
)
from clearline.model.commands import Advance, Enter
from clearline.model.conflict_acts import NoticeScreened
from clearline.model.conflicts import Resolution
from clearline.model.entries import DecisionTimeDeclared
from clearline.model.instants import Duration, Window
from clearline.model.notice_acts import NoticeExpired, NoticePurged
from clearline.model.notices import NoticeId, NoticeKind, Precision
from clearline.model.parties import DecisionTime, PartyId, Strength
from clearline.model.screenings import Verdict
from clearline.picture.picture import fold
from clearline.rules.agreeing import may_alone
from clearline.rules.agreements import cannot_win
from clearline.rules.disclosure import Viewer, may_see_entry
from clearline.rules.refusals import (
    NotAnAgreement,
    NotProven,
    UnknownAgreement,
    UnknownParty,
    WrongOrder,
)
from two_logs import (
    HOSPITAL,
    HOUR,
    MONITOR_OPS,
    NOON,
    NORTH_OPS,
    SOUTH_OPS,
    TwoLogs,
    actor,
    plan,
    position,
    site,
)

NORTH, SOUTH, MONITOR = map(PartyId, ("north", "south", "monitor"))
A1 = AgreementId("A-1")
TO_NORTH = {NORTH_OPS: Precision.EXACT}
TO_SOUTH = {SOUTH_OPS: Precision.EXACT}
WIDE = (Margin(buffer_m=2_000.0, buffer_s=600.0),)


def terms(start=NOON, **more):
    """Terms from an instant on, with a buffer of 2 km and 10 min unless said."""
    return Terms(starts_at=start, **{"margins": WIDE, **more})


def propose(logs, said=None, desk=SOUTH_OPS, other=NORTH):
    """Let a desk propose."""
    return logs.do(ProposeAgreement(other=other, terms=said or terms(), by=actor(desk)))


def confirm(logs, version=1, desk=NORTH_OPS, key=A1):
    """Let the other side confirm a version, and what is due be done."""
    said = ConfirmAgreement(agreement=key, version=version, by=actor(desk))
    written = logs.do(said)
    logs.go_to(logs.clock.read().at)
    return written


def agreement(logs, key=A1):
    """What stands of it."""
    return logs.first.picture.agreements.get(key)


def apart(logs, metres=1_500.0, **more):
    """A hospital both know of, and a plan so far beside its footprint and margins."""
    logs.file("hospital", site(tells=TO_SOUTH), NORTH_OPS)
    away = destination(HOSPITAL, 90.0, metres + _reach())
    logs.file("plan", plan(at=away, tells=TO_NORTH, **more))


def _reach():
    """How far the two circles reach, margins included."""
    told = [site(tells=TO_SOUTH), plan(tells=TO_NORTH)]
    return sum(
        one.where.footprint.radius_m + one.buffer_m + one.where.footprint.precision_m
        for one in told
    )


@pytest.fixture
def logs():
    """Two logs with nothing filed."""
    return TwoLogs()


def test_it_binds_nobody_until_the_other_side_confirms(logs):
    """Typing an agreement is not having one."""
    apart(logs)
    propose(logs)
    logs.go_to(NOON + Duration(minutes=5))
    assert agreement(logs).state(logs.clock.read().at) is AgreementState.PROPOSED
    assert logs.told("plan").verdict is Verdict.NONE_FOUND
    assert logs.conflicts() == []


def test_confirmed_it_is_in_force_and_plans_are_screened_anew(logs):
    """What meets by it rings both, and says by what it meets."""
    apart(logs)
    propose(logs)
    confirm(logs)
    (conflict,) = logs.conflicts()
    assert conflict.known_to == (SOUTH, NORTH)
    told = logs.told("plan")
    assert told.verdict is Verdict.CONFLICT
    for why in (conflict.why, told.met[0].why):
        assert "standing buffer of 2.0 km and 10 min of agreement A-1" in why
    assert {call.to_desk for call in logs.calls()} == {NORTH_OPS, SOUTH_OPS}


def test_where_the_line_cannot_win_the_buffer_in_force_is_named_to_its_two_alone(logs):
    """Whoever has agreed one is not told to agree one; nobody else learns of it."""
    fast = DecisionTime(
        party=SOUTH, action="strike", decides_within=Duration(seconds=9)
    )
    logs.do(Enter(act=DecisionTimeDeclared(declared=fast)))
    propose(logs)
    confirm(logs)
    view, now = logs.first.picture, logs.clock.read().at
    (said,) = cannot_win(view, SOUTH, NORTH, now)
    assert said.endswith("buffer you agreed, 2,000 m, is what is between you.")
    for told in (MONITOR, SOUTH, None):
        (said,) = cannot_win(view, SOUTH, told, now)
        assert said.endswith("Agree a standing buffer.")


def test_it_is_not_in_force_before_its_start(logs):
    """Confirmed today for tomorrow it begins tomorrow, by itself."""
    apart(logs, start=NOON + 48 * HOUR)
    propose(logs, terms(start=NOON + 24 * HOUR))
    confirm(logs)
    assert agreement(logs).state(logs.clock.read().at) is AgreementState.CONFIRMED
    assert logs.conflicts() == []
    logs.go_to(NOON + 24 * HOUR)
    assert agreement(logs).state(logs.clock.read().at) is AgreementState.IN_FORCE
    assert len(logs.conflicts()) == 1


def test_confirmed_late_it_holds_from_then_and_not_before(logs):
    """Nobody is bound for a time in which nobody had confirmed."""
    propose(logs)
    logs.go_to(NOON + HOUR)
    confirm(logs)
    assert agreement(logs).versions[0].holds_from == NOON + HOUR
    assert agreement(logs).in_force(NOON + HOUR / 2) is None


def test_what_was_told_before_stays_as_it_was_told(logs):
    """A verdict of the past is in its entry; the fold computes none."""
    apart(logs)
    before = [e for e in logs.entries() if isinstance(e.act, NoticeScreened)]
    propose(logs)
    size = logs.first.picture.size
    confirm(logs)
    past = logs.first.picture.at(size)
    assert past.screened.get(NoticeId("plan")).told.verdict is Verdict.NONE_FOUND
    assert past.agreements.get(A1).in_force(logs.clock.read().at) is None
    again = fold(iter(logs.entries()))
    assert again.agreements.get(A1) == agreement(logs)
    after = [e for e in logs.entries() if isinstance(e.act, NoticeScreened)]
    assert after[: len(before)] == before


def test_its_end_is_said_ahead_and_then_plans_are_screened_anew(logs):
    """Either side ends it, after the notice it names; what met by it meets no more."""
    apart(logs, start=NOON + 48 * HOUR)
    propose(logs, terms(ends_after=6 * HOUR))
    confirm(logs)
    early = EndAgreement(agreement=A1, by=actor(NORTH_OPS), ends_at=NOON + 5 * HOUR)
    with pytest.raises(WrongOrder, match="2026-03-01T18:00:00Z at the earliest"):
        logs.do(early)
    logs.do(EndAgreement(agreement=A1, by=actor(NORTH_OPS)))
    logs.go_to(NOON + 5 * HOUR)
    assert logs.conflicts()[0].is_open
    logs.go_to(NOON + 6 * HOUR)
    assert agreement(logs).state(logs.clock.read().at) is AgreementState.OVER
    (conflict,) = logs.conflicts()
    assert conflict.resolution is Resolution.CHANGED
    assert not any(call.is_open for call in logs.calls())
    assert logs.told("plan").verdict is Verdict.NONE_FOUND


def test_it_is_over_by_itself_at_the_end_it_names(logs):
    """An end that was agreed needs nobody to say it."""
    apart(logs, start=NOON + 48 * HOUR)
    propose(logs, terms(until=NOON + 10 * HOUR))
    confirm(logs)
    logs.go_to(NOON + 10 * HOUR)
    assert logs.conflicts()[0].resolution is Resolution.CHANGED
    turned = [e.act for e in logs.entries() if isinstance(e.act, AgreementTurned)]
    assert [act.version for act in turned] == [1, None]


def test_what_was_never_confirmed_ends_at_once(logs):
    """Either side takes back or turns down a proposal without any notice."""
    propose(logs)
    logs.do(EndAgreement(agreement=A1, by=actor(NORTH_OPS), why="too wide"))
    assert agreement(logs).state(logs.clock.read().at) is AgreementState.OVER
    with pytest.raises(WrongOrder):
        confirm(logs)


def test_only_the_other_side_confirms_and_what_it_has_read(logs):
    """Nobody confirms a proposal of their own, nor one they have not seen."""
    propose(logs)
    with pytest.raises(WrongOrder, match="your own proposal"):
        confirm(logs, desk=SOUTH_OPS)
    propose(logs, terms(margins=(Margin(buffer_m=100.0),)))
    with pytest.raises(WrongOrder, match="does not wait"):
        confirm(logs)
    confirm(logs, version=2)
    assert confirm(logs, version=2).entries == ()


def test_a_third_party_neither_touches_nor_sees_it(logs):
    """Two parties' agreement is theirs, and not in anybody else's ledger."""
    propose(logs)
    for command in (
        ConfirmAgreement(agreement=A1, version=1, by=actor(MONITOR_OPS)),
        EndAgreement(agreement=A1, by=actor(MONITOR_OPS)),
    ):
        with pytest.raises(UnknownAgreement):
            logs.do(command)
    act = confirm(logs).entries[0].act
    assert isinstance(act, AgreementConfirmed)
    with logs.first.looking() as view:
        for party, desk, may in (
            (NORTH, NORTH_OPS, True),
            (SOUTH, SOUTH_OPS, True),
            (MONITOR, MONITOR_OPS, False),
        ):
            viewer = Viewer(party=party, desk=desk, is_auditor=True)
            assert may_see_entry(view, viewer, act) is may


def test_nobody_agrees_with_themselves_or_with_nobody(logs):
    """The other side is a party with a desk here, and a person says it."""
    for other in (SOUTH, PartyId("far")):
        with pytest.raises(UnknownParty):
            propose(logs, other=other)
    unproven = actor(SOUTH_OPS, Strength.HEARD)
    with pytest.raises(NotProven):
        logs.do(ProposeAgreement(other=NORTH, terms=terms(), by=unproven))


def test_the_same_proposal_twice_is_one(logs):
    """A press that comes again changes nothing."""
    propose(logs)
    assert propose(logs).entries == ()
    assert len(agreement(logs).versions) == 1


def test_one_side_changes_alone_only_what_was_agreed_and_only_to_be_more_careful(logs):
    """Wider where that was agreed; narrower, or anything else, needs the other."""
    propose(logs, terms(alone=(Change.WIDER,)))
    confirm(logs)
    wider = (Margin(buffer_m=5_000.0, buffer_s=600.0),)
    propose(logs, terms(margins=wider, alone=(Change.WIDER,)))
    assert agreement(logs).in_force(NOON).number == 2
    narrower = (Margin(buffer_m=4_000.0, buffer_s=600.0),)
    propose(logs, terms(margins=narrower, alone=(Change.WIDER,)))
    assert agreement(logs).in_force(NOON).number == 2
    assert agreement(logs).waits.number == 3


ONLY_SITES = (Margin(buffer_m=2_000.0, buffer_s=600.0, kinds=(NoticeKind.SITE,)),)
ONLY_STRIKES = (Margin(buffer_m=2_000.0, buffer_s=600.0, actions=("strike",)),)


@pytest.mark.parametrize(
    ("after", "may"),
    [
        (terms(margins=WIDE), True),
        (terms(margins=(*WIDE, *ONLY_SITES)), True),
        (terms(margins=ONLY_SITES), False),
        (terms(margins=ONLY_STRIKES), False),
        (terms(margins=(), kept_for=Duration(days=40)), False),
        (terms(kept_for=Duration(days=40)), True),
        (terms(kept_for=Duration(days=20)), False),
        (terms(until=NOON + 90 * HOUR), False),
        (terms(ends_after=Duration(0)), False),
    ],
)
def test_what_is_more_careful_is_told_from_what_is_not(after, may):
    """For fewer kinds, fewer actions, fewer days or another end both are needed."""
    both = (Change.WIDER, Change.LONGER)
    before = terms(alone=both)
    said = Terms(
        starts_at=after.starts_at,
        until=after.until,
        margins=after.margins,
        kept_for=after.kept_for,
        alone=both,
        ends_after=after.ends_after,
    )
    assert may_alone(before, said) is may
    assert not may_alone(before, terms())  # what may be done alone is agreed by both


@pytest.mark.parametrize(
    ("margin", "meets"),
    [
        (Margin(buffer_m=2_000.0), True),
        (Margin(buffer_m=1_000.0), False),
        (Margin(buffer_m=2_000.0, kinds=(NoticeKind.SITE,)), True),
        (Margin(buffer_m=2_000.0, kinds=(NoticeKind.MOVEMENT,)), False),
        (Margin(buffer_m=2_000.0, actions=("Strike",)), True),
        (Margin(buffer_m=2_000.0, actions=("exercise",)), False),
    ],
)
def test_a_margin_is_for_its_kinds_and_actions_alone(logs, margin, meets):
    """Who agreed a margin around sites against strikes agreed no other."""
    propose(logs, terms(margins=(margin,)))
    confirm(logs)
    apart(logs)
    assert bool(logs.conflicts()) is meets


def test_a_time_is_kept_before_and_after(logs):
    """What begins eight minutes after a visit is over meets it by ten."""
    visit = Window(start=NOON + HOUR, end=NOON + 2 * HOUR)
    logs.file("hospital", site(tells=TO_SOUTH, window=visit), NORTH_OPS)
    logs.file("plan", plan(start=NOON + 2 * HOUR + Duration(minutes=8), tells=TO_NORTH))
    assert logs.conflicts() == []
    propose(logs)
    confirm(logs)
    assert "10 min of agreement A-1" in logs.conflicts()[0].why


def test_what_met_without_it_meets_with_it(logs):
    """A buffer makes no verdict milder, and a third party's plan is none the wiser."""
    logs.file("hospital", site(tells=TO_SOUTH), NORTH_OPS)
    logs.file("plan", plan(tells=TO_NORTH))
    before = logs.told("plan")
    propose(logs)
    confirm(logs)
    after = logs.told("plan")
    assert after.verdict is before.verdict is Verdict.CONFLICT
    assert after.met[0].severity is before.met[0].severity


def test_a_notice_filed_later_within_the_buffer_is_found_for_the_plan(logs):
    """A plan is screened again for what comes near it by an agreement, too."""
    propose(logs)
    confirm(logs)
    away = destination(HOSPITAL, 90.0, 1_500.0 + _reach())
    logs.file("plan", plan(at=away, tells=TO_NORTH))
    assert logs.told("plan").verdict is Verdict.NONE_FOUND
    logs.file("hospital", site(tells=TO_SOUTH), NORTH_OPS)
    assert logs.told("plan").verdict is Verdict.CONFLICT


@pytest.mark.parametrize("is_there", [True, False])
def test_a_buffer_finds_nothing_that_was_not_told(logs, is_there):
    """However wide it is, before and after it is confirmed, the planner sees the same.

    The owner of what was not told hears of it, in the node's own log.
    """
    if is_there:
        logs.file("hospital", site(tells={}), NORTH_OPS)
    away = destination(HOSPITAL, 90.0, 20_000.0)
    logs.file("plan", plan(at=away, tells=TO_NORTH))
    size = logs.first.picture.size
    propose(logs, terms(margins=(Margin(buffer_m=90_000.0),)))
    logs.settle()
    assert logs.first.picture.size == size + 1  # proposed: nothing is looked at for it
    assert logs.conflicts(logs.own) == []
    seen = logs.screener.plan(Viewer(party=SOUTH, desk=SOUTH_OPS), plan().extent)
    assert (seen.verdict, seen.met) == (Verdict.NONE_FOUND, ())
    confirm(logs)
    assert logs.told("plan").verdict is Verdict.NONE_FOUND
    assert logs.conflicts() == []
    assert bool(logs.conflicts(logs.own)) is is_there


def test_a_position_meets_by_it_for_its_owner_alone(logs):
    """Own people are kept clear of the other's plans by what was agreed, unseen."""
    propose(logs, desk=NORTH_OPS, other=SOUTH)
    confirm(logs, desk=SOUTH_OPS)
    away = destination(HOSPITAL, 90.0, 1_500.0 + _reach())
    logs.file("people", position(), SOUTH_OPS)
    logs.file("plan", plan(at=away, tells={SOUTH_OPS: Precision.EXACT}), NORTH_OPS)
    assert logs.conflicts() == []
    (conflict,) = logs.conflicts(logs.own)
    assert conflict.known_to == (SOUTH,)


def test_a_call_that_rings_is_not_touched(logs):
    """No ladder and no ring waits for an agreement or is changed by it."""
    logs.file("hospital", site(tells=TO_SOUTH), NORTH_OPS)
    logs.file("plan", plan(tells=TO_NORTH))
    before = logs.calls()
    propose(logs)
    written = confirm(logs)
    assert not any(getattr(entry.act, "call", None) for entry in written.entries)
    assert logs.calls() == before


def test_agreed_keeping_is_written_when_it_is_over(logs):
    """Kept for seven days where all it told agreed that, and thirty else."""
    week = Duration(days=7)
    propose(logs, terms(margins=(), kept_for=week))
    confirm(logs)
    logs.file("plan", plan(start=NOON + HOUR, tells=TO_NORTH))
    both = {NORTH_OPS: Precision.EXACT, MONITOR_OPS: Precision.EXACT}
    logs.file("open", plan(start=NOON + HOUR, tells=both))
    logs.go_to(NOON + 3 * HOUR)
    kept = {
        entry.act.notice: entry.act.kept_for
        for entry in logs.entries()
        if isinstance(entry.act, NoticeExpired)
    }
    assert kept == {"plan": week, "open": Duration(days=30)}
    logs.go_to(NOON + 3 * HOUR + week)
    purged = [e.act.notice for e in logs.entries() if isinstance(e.act, NoticePurged)]
    assert purged == ["plan"]


def test_what_holds_a_notice_holds_it_whatever_was_agreed(logs):
    """Nothing of a conflict that stands is purged for an agreement."""
    propose(logs, terms(margins=(), kept_for=Duration(days=1)))
    confirm(logs)
    logs.file("hospital", site(tells=TO_SOUTH), NORTH_OPS)
    logs.file("plan", plan(start=NOON + 60 * HOUR, tells=TO_NORTH))
    logs.withdraw("hospital", NORTH_OPS)
    notice = logs.first.picture.notices.get(NoticeId("hospital"))
    assert notice.kept_for == Duration(days=1)
    assert [clock.due_at for clock in notice.clocks] == [NOON + 24 * HOUR]


def test_after_a_fall_between_the_turn_and_the_screening_plans_are_screened(logs):
    """What a node had not screened when it fell it screens when it comes up."""
    apart(logs)
    propose(logs)
    logs.do(ConfirmAgreement(agreement=A1, version=1, by=actor(NORTH_OPS)))
    logs.do(Advance(waiting="agreement A-1"))
    logs.screener._turned.clear()  # as if it fell here
    logs.screener.start()
    assert logs.screener.settle()
    logs.screener.stop()
    assert len(logs.conflicts()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        terms(margins=(Margin(),)),
        terms(margins=(Margin(buffer_m=-1.0),)),
        terms(margins=(Margin(buffer_m=200_000.0),)),
        terms(margins=(Margin(buffer_m=float("nan")),)),
        terms(margins=(Margin(buffer_s=8 * 86_400.0),)),
        terms(margins=()),
        terms(until=NOON),
        terms(kept_for=Duration(hours=1)),
        terms(kept_for=Duration(days=4_000)),
        terms(ends_after=Duration(days=-1)),
    ],
)
def test_what_nobody_could_keep_is_refused(logs, wrong):
    """An agreement says something, and something that can be kept."""
    with pytest.raises(NotAnAgreement):
        propose(logs, wrong)
