"""What happens on the line, told as telephone conversations."""

import pytest

from clearline.model.calls import (
    Answer,
    AttemptId,
    CallId,
    Card,
    ClockName,
    Ending,
    Kind,
    Telling,
    UnableReason,
)
from clearline.model.commands import Acknowledge, Enter, LeaveWatch
from clearline.model.entries import DecisionTimeDeclared, HeardFrom, PartySet, Rang
from clearline.model.instants import Duration
from clearline.model.parties import (
    DecisionTime,
    Party,
    PersonId,
    Role,
    Standing,
    Strength,
)
from clearline.picture.picture import Picture
from clearline.rules.refusals import (
    CallIsOver,
    NotProven,
    NotYourCall,
    ReleaseRefused,
    UnknownCall,
    UnknownDesk,
    UnknownPerson,
    WrongAnswer,
    WrongOrder,
)
from phone import NORTH, SOUTH, STOP, Line, dialled, rung, told


def held() -> Line:
    """A STOP that somebody has."""
    line = Line()
    line.raises()
    line.acknowledges("duty")
    return line


def settled() -> Line:
    """A STOP that was read back, passed on and has ceased."""
    line = held()
    line.reads_back("duty")
    line.passes_on("duty", "south-air")
    line.reports_ceased("duty")
    return line


# --- raising ----------------------------------------------------------------------
def test_stop_rings_everybody_on_watch_at_once() -> None:
    """A STOP rings every holder of the watch in the first instant, on every medium."""
    acts = Line().raises()
    assert rung(acts) == ["duty", "director"]
    (rang,) = [act for act in acts if isinstance(act, Rang)]
    assert len(rang.attempts) == 4


def test_stop_needs_nothing_but_who() -> None:
    """With an empty card and no desk a STOP goes to every other party."""
    line = Line()
    line.raises(to=None)
    assert {call.to_desk for call in line.picture.open_calls()} == {
        "south-hq",
        "monitor-ops",
    }
    assert {call.number for call in line.picture.open_calls()} == {1, 2}


def test_stop_to_an_unknown_desk_still_rings() -> None:
    """A mistyped desk never keeps a STOP from ringing somebody."""
    line = Line()
    line.raises(to="suoth-ops")
    assert rung(line.acts)


def test_a_stop_with_no_other_party_rings_its_own_top_desk() -> None:
    """On a line with nobody else a STOP still rings somebody who can call by voice."""
    line = Line()
    line.picture = Picture()
    line.acts.clear()
    north = Party(id=NORTH, name=NORTH, standing=Standing.PARTICIPANT)
    line.do(Enter(act=PartySet(party=north)))
    line.desk("north-ops", NORTH)
    line.person("lina", "north-ops", Role.DUTY_OFFICER)
    line.raises(to="suoth-ops")
    assert {call.to_desk for call in line.picture.open_calls()} == {"north-ops"}
    assert rung(line.acts)


def test_warn_to_an_unknown_desk_is_refused() -> None:
    """Anything but STOP and HOLD is refused with the desk that is wrong."""
    with pytest.raises(UnknownDesk, match="suoth"):
        Line().raises(Kind.WARN, to="suoth-ops")


def test_the_same_stop_said_again_changes_nothing() -> None:
    """A STOP is merged by its id, so sending again is harmless."""
    line = Line()
    line.raises()
    assert line.raises() == ()


def test_a_device_alone_may_raise_stop() -> None:
    """A device enrolled at a desk raises STOP with nobody signed in."""
    line = Line()
    line.raises(strength=Strength.DEVICE_ONLY)
    assert line.call().raised_by.strength is Strength.DEVICE_ONLY


def test_a_stop_received_late_still_rings() -> None:
    """A late STOP is always actionable."""
    line = Line()
    acts = line.raises(said_at=line.now - Duration(hours=3))
    assert rung(acts)


def test_repeated_stop_rings_but_does_not_dial_again() -> None:
    """Phones ringing for a source and place are not dialled twice for it."""
    line = Line()
    line.raises()
    again = line.raises(call="stop-2")
    assert rung(again) == ["duty", "director"]
    assert dialled(again) == []
    assert line.call("stop-2").repeats == STOP


def test_another_source_always_rings() -> None:
    """A STOP from somebody else dials although the phones ring already."""
    line = Line()
    line.raises()
    assert dialled(line.raises(by="observer", call="stop-2")) == ["duty", "director"]


def test_a_repeated_stop_dials_once_the_first_is_answered() -> None:
    """Entries are never merged: the second call rings on its own afterwards."""
    line = Line()
    line.raises()
    line.raises(call="stop-2")
    line.acknowledges("duty")
    assert "director" in dialled(line.after(seconds=60))
    assert line.call("stop-2").is_ringing


def test_the_caller_is_told_where_the_line_cannot_win() -> None:
    """A declared decision time shorter than the line is said to the caller."""
    line = Line()
    fast = DecisionTime(
        party=SOUTH, action="engage", decides_within=Duration(seconds=17)
    )
    line.do(Enter(act=DecisionTimeDeclared(declared=fast)))
    assert ("north-ops", Telling.LINE_CANNOT_WIN) in told(line.raises())


# --- ringing ----------------------------------------------------------------------
def test_the_next_rung_rings_after_fifteen_seconds_beside_the_first() -> None:
    """The ladder widens in seconds and lets nobody off."""
    line = Line()
    line.raises()
    assert rung(line.after(seconds=14)) == []
    assert rung(line.after(seconds=1)) == ["spare"]
    assert {made.person for made in line.call().ringing} == {
        "duty",
        "director",
        "spare",
    }


def test_the_ladder_reaches_the_desk_above() -> None:
    """Nobody answering leads to the headquarters within half a minute."""
    line = Line()
    line.raises()
    assert "chief" in rung(line.after(seconds=30))


def test_the_ladder_wraps_and_the_caller_is_told() -> None:
    """Past the last rung all are rung again and the caller hears nobody has this."""
    line = Line()
    line.raises()
    acts = line.after(minutes=3)
    assert ("north-ops", Telling.NOBODY_HAS_THIS) in told(acts)
    assert line.call().round >= 2
    assert line.call().is_ringing


def test_people_rung_a_moment_ago_are_not_skipped_into_silence() -> None:
    """Where the next rung holds only people who ring already, the one above rings."""
    line = Line()
    line.desk("post", SOUTH)
    line.person("guard", "post", Role.OPERATOR)
    line.raises(to="post")
    assert rung(line.after(seconds=15)) == ["guard"]


def test_a_desk_with_nobody_on_watch_rings_all_its_members() -> None:
    """A gap in the watch rings everybody there and says so."""
    line = Line()
    line.after(days=2)
    acts = line.raises()
    (rang,) = [act for act in acts if isinstance(act, Rang)]
    assert rung(acts) == ["duty", "director", "spare"]
    assert rang.nobody_on_watch == ("south-ops",)


def test_a_desk_with_nobody_at_all_tells_the_caller_at_once() -> None:
    """A ladder that leads to nobody is said in the same instant."""
    line = Line()
    line.desk("empty", SOUTH)
    assert ("north-ops", Telling.NOBODY_TO_RING) in told(line.raises(to="empty"))


def test_after_a_long_silence_each_clock_rings_once() -> None:
    """A node that was down for an hour rings once at its start, not 120 times."""
    line = Line()
    line.raises()
    line.now += Duration(hours=1)
    before = len(line.acts)
    line.run_due()
    assert len([a for a in line.acts[before:] if isinstance(a, Rang)]) == 1


# --- acknowledging ----------------------------------------------------------------
def test_an_acknowledgement_ends_the_ringing_and_tells_the_caller() -> None:
    """Somebody having it stops the phones and is said to the caller by name."""
    line = Line()
    line.raises()
    assert ("north-ops", Telling.HELD) in told(line.acknowledges("duty"))
    assert rung(line.after(seconds=59)) == []


def test_acknowledging_twice_changes_nothing() -> None:
    """Pressing twice is harmless."""
    line = held()
    assert line.acknowledges("duty") == ()


def test_only_proof_acknowledges() -> None:
    """Words from an unproven number end that one ring and never the ladder."""
    line = Line()
    (rang,) = [act for act in line.raises() if isinstance(act, Rang)]
    heard = line.do(
        Acknowledge(
            call=STOP,
            by=line.actor("duty", Strength.HEARD),
            attempt=rang.attempts[0].id,
            words="yes yes",
        )
    )
    assert isinstance(heard[0], HeardFrom)
    assert line.call().is_ringing
    assert rung(line.after(seconds=15))


def test_unproven_words_without_a_ring_are_refused() -> None:
    """Nobody's words about no ring at all are no act."""
    line = Line()
    line.raises()
    with pytest.raises(NotProven):
        line.acknowledges("duty", strength=Strength.DEVICE_ONLY)


def test_the_caller_cannot_acknowledge_their_own_stop() -> None:
    """Only the called side has a call."""
    line = Line()
    line.raises()
    with pytest.raises(NotYourCall):
        line.acknowledges("lina")


def test_somebody_of_another_desk_cannot_pretend() -> None:
    """A person is who the log says belongs to the desk."""
    line = Line()
    line.raises()
    stranger = line.actor("duty")
    with pytest.raises(UnknownPerson):
        line.do(
            Acknowledge(
                call=STOP,
                by=type(stranger)(
                    party=stranger.party,
                    desk=stranger.desk,
                    strength=Strength.PASSWORD,
                    person=PersonId("nobody"),
                ),
            )
        )


def test_a_mistaken_acknowledgement_rings_again_at_once() -> None:
    """Taking it back leaves no instant in which nobody is rung."""
    line = held()
    acts = line.takes_it_back("duty")
    assert rung(acts)
    assert ("north-ops", Telling.ACKNOWLEDGEMENT_WITHDRAWN) in told(acts)


def test_a_withdrawal_with_another_holder_stays_quiet() -> None:
    """As long as somebody has it, nobody is rung."""
    line = held()
    line.acknowledges("director")
    assert rung(line.takes_it_back("duty")) == []


def test_one_who_does_not_hold_it_cannot_withdraw() -> None:
    """There is nothing to take back."""
    line = held()
    with pytest.raises(WrongOrder):
        line.takes_it_back("director")


def test_an_unknown_call_is_named() -> None:
    """An act about a call that never arrived says so."""
    with pytest.raises(UnknownCall, match="stop-9"):
        Line().acknowledges("duty", call="stop-9")


# --- the steps after it -----------------------------------------------------------
@pytest.mark.parametrize(
    ("steps", "seconds", "telling"),
    [
        ((), 60, Telling.NOT_READ_BACK),
        (("read back",), 90, Telling.NOT_PASSED_ON),
        (("read back", "pass on"), 180, Telling.NOT_CEASED),
    ],
)
def test_each_step_has_a_clock_that_rings(
    steps: tuple[str, ...], seconds: int, telling: Telling
) -> None:
    """Read back 60 s, passed on 90 s, ceased 180 s: then everybody rings again."""
    line = held()
    if "read back" in steps:
        line.reads_back("duty")
    if "pass on" in steps:
        line.passes_on("duty", "south-air")
        line.acknowledges("controller", f"{STOP}/south-air")
    line.after(seconds=seconds - 1)
    assert not line.call().is_ringing
    acts = line.after(seconds=1)
    assert ("north-ops", telling) in told(acts)
    assert line.call().is_ringing


def test_acknowledging_anew_quiets_an_overdue_step_for_its_time() -> None:
    """The one who says "still on it" gets the step's time once more."""
    line = held()
    line.after(seconds=60)
    line.acknowledges("duty")
    assert not line.call().is_ringing
    assert rung(line.after(seconds=59)) == []
    assert rung(line.after(seconds=1))


def test_a_wrong_readback_rings_everybody_and_says_what_differs() -> None:
    """A desk that understood something else is not left alone with it."""
    line = held()
    acts = line.reads_back("duty", rightly=False)
    assert rung(acts)
    assert ("north-ops", Telling.READBACK_DIFFERS) in told(acts)
    assert line.call().has_read_back_at is None


def test_passing_on_rings_the_desk_below_with_its_own_ladder() -> None:
    """What is passed on is a call of its own, down to who can act."""
    line = held()
    acts = line.passes_on("duty", "south-air")
    assert rung(acts) == ["controller"]
    assert line.call(f"{STOP}/south-air").passed_from == STOP


def test_passing_on_goes_down_only() -> None:
    """A call is handed down one's own tree, not up and not across."""
    line = held()
    for desk in ("south-hq", "north-ops", "nowhere"):
        with pytest.raises(UnknownDesk):
            line.passes_on("duty", desk)


def test_closed_by_both_and_it_still_binds() -> None:
    """A STOP that is over for both sides binds until it is released."""
    line = settled()
    line.closes("lina")
    assert line.ending() is None
    line.closes("duty")
    assert line.ending() is Ending.CLOSED
    assert line.call().is_in_force


def test_nobody_is_rung_while_waiting_for_the_other_to_close() -> None:
    """Waiting for *close* tells the caller every quarter of an hour, rings nobody."""
    line = settled()
    acts = line.after(minutes=31)
    assert [a for a in acts if isinstance(a, Rang) and a.call == STOP] == []
    assert told(acts).count(("north-ops", Telling.NOT_CLOSED)) == 2


def test_a_stop_is_not_closed_before_it_ceased() -> None:
    """Saying "over" does not make it so."""
    line = held()
    with pytest.raises(WrongOrder):
        line.closes("lina")


def test_nothing_more_is_said_about_a_call_that_ended() -> None:
    """A call that has ended takes no acknowledgement."""
    line = settled()
    line.closes("lina")
    line.closes("duty")
    with pytest.raises(CallIsOver):
        line.acknowledges("director")


# --- answers ----------------------------------------------------------------------
def test_standby_never_stops_the_escalation_of_a_stop() -> None:
    """STANDBY is kept and the next rung rings on time all the same."""
    line = Line()
    line.raises()
    line.answers("duty", Answer.STANDBY)
    assert rung(line.after(seconds=15))


def test_wilco_acknowledges() -> None:
    """Who will comply has it."""
    line = Line()
    line.raises()
    line.answers("duty", Answer.WILCO)
    assert line.call().holds(PersonId("duty"))


def test_unable_rings_on_at_once() -> None:
    """Who cannot is let go and the next rung rings in the same instant."""
    line = held()
    acts = line.answers("duty", Answer.UNABLE, reason=UnableReason.NOT_OURS)
    assert "spare" in rung(acts)
    assert ("north-ops", Telling.UNABLE) in told(acts)


def test_unable_for_want_of_authority_rings_who_has_it() -> None:
    """The desk named as having authority is rung in the same instant."""
    line = held()
    acts = line.answers(
        "duty", Answer.UNABLE, reason=UnableReason.NEED_AUTHORITY, whom="south-hq"
    )
    assert "chief" in rung(acts)


@pytest.mark.parametrize("reason", [None, UnableReason.UNCLEAR, UnableReason.OTHER])
def test_unable_needs_its_reason(reason: UnableReason | None) -> None:
    """A refusal without a reason, or with an empty one, is no answer."""
    line = held()
    with pytest.raises(WrongAnswer):
        line.answers("duty", Answer.UNABLE, reason=reason)


def test_only_admitted_answers_are_answers() -> None:
    """ROGER to a STOP is a courtesy, not an answer."""
    line = held()
    with pytest.raises(WrongAnswer, match="ROGER"):
        line.answers("duty", Answer.ROGER)


# --- HOLD -------------------------------------------------------------------------
def test_a_hold_is_reviewed_loudly_and_lapses_in_the_open() -> None:
    """Both desks ring two minutes before its end, and both are told it lapsed."""
    line = Line()
    line.raises(Kind.HOLD)
    line.acknowledges("duty")
    line.reads_back("duty")
    line.reports_ceased("duty")
    assert rung(line.after(minutes=12, seconds=59)) == []
    review = line.after(seconds=1)
    assert {"duty", "director", "lina"} <= set(rung(review))
    lapse = line.after(minutes=2)
    assert line.ending() is Ending.LAPSED
    assert {desk for desk, what in told(lapse) if what is Telling.LAPSED} == {
        "north-ops",
        "south-ops",
    }
    assert not line.call().is_in_force


def test_a_renewed_hold_does_not_lapse() -> None:
    """Renewing moves the end and the review with it."""
    line = Line()
    line.raises(Kind.HOLD)
    line.acknowledges("duty")
    line.after(minutes=10)
    line.renews("lina", 20)
    line.after(minutes=10)
    assert line.ending() is None
    line.after(minutes=10)
    assert line.ending() is Ending.LAPSED


def test_a_hold_raised_to_stop_ends_as_that() -> None:
    """The STOP takes over and the HOLD says which one did."""
    line = Line()
    line.raises(Kind.HOLD, call="hold-1")
    line.raises(of=CallId("hold-1"))
    assert line.ending("hold-1") is Ending.RAISED_TO_STOP
    assert line.ending() is None


def test_a_hold_is_not_closed_by_saying_so() -> None:
    """A HOLD ends by release, STOP or its clock."""
    line = Line()
    line.raises(Kind.HOLD)
    with pytest.raises(WrongOrder):
        line.closes("lina")


# --- RELEASE ----------------------------------------------------------------------
def release(line: Line, *, by: str = "lina", **more: object) -> None:
    """Propose to lift the STOP."""
    line.raises(Kind.RELEASE, by=by, call="release-1", of=STOP, **more)


def test_release_takes_one_person_of_each_side() -> None:
    """Proposed by the caller's side, confirmed by the other, the STOP is lifted."""
    line = settled()
    release(line)
    assert line.call().is_in_force
    line.answers("director", Answer.AFFIRM, "release-1")
    assert line.ending() is Ending.RELEASED
    assert not line.call().is_in_force
    assert line.ending(f"{STOP}/south-air") is Ending.RELEASED


def test_nobody_confirms_their_own_release() -> None:
    """The second person is of the other side."""
    line = settled()
    release(line)
    with pytest.raises(NotYourCall):
        line.answers("lina", Answer.AFFIRM, "release-1")


def test_the_called_side_cannot_propose_to_lift_a_stop() -> None:
    """Only the party that raised a STOP proposes to lift it."""
    line = settled()
    with pytest.raises(NotYourCall):
        release(line, by="director")


def test_an_unconfirmed_release_is_void_and_the_stop_stands() -> None:
    """Ten minutes after its proposal a RELEASE lifts nothing any more."""
    line = settled()
    release(line)
    line.acknowledges("duty", "release-1")
    acts = line.after(minutes=10)
    assert line.ending("release-1") is Ending.VOID
    assert ("north-ops", Telling.VOID) in told(acts)
    assert line.call().is_in_force
    with pytest.raises(CallIsOver):
        line.answers("director", Answer.AFFIRM, "release-1")


def test_a_release_that_arrives_late_is_refused() -> None:
    """A late RELEASE is never actionable."""
    line = settled()
    with pytest.raises(ReleaseRefused):
        release(line, said_at=line.now - Duration(minutes=11))


def test_a_refused_release_leaves_the_stop() -> None:
    """NEGATIVE ends the RELEASE and nothing else."""
    line = settled()
    release(line)
    line.answers("director", Answer.NEGATIVE, "release-1")
    assert line.ending("release-1") is Ending.REFUSED
    assert line.call().is_in_force


def test_a_release_needs_both_persons_known() -> None:
    """A device or a ring's code is not enough to lift a STOP."""
    line = settled()
    with pytest.raises(NotProven):
        release(line, strength=Strength.CODE)
    release(line)
    with pytest.raises(NotProven):
        line.answers("director", Answer.AFFIRM, "release-1", strength=Strength.CODE)


def test_a_single_handed_site_is_called_back() -> None:
    """One person alone lifts a mistaken STOP once the second has called back."""
    line = Line()
    line.desk("hospital", NORTH, alone=True)
    line.person("nurse", "hospital", Role.SITE_MANAGER)
    line.raises(by="nurse")
    line.raises(Kind.RELEASE, by="nurse", call="release-1", of=STOP)
    with pytest.raises(NotProven, match="alone"):
        line.answers("director", Answer.AFFIRM, "release-1")
    line.answers("observer", Answer.AFFIRM, "release-1", strength=Strength.CALL_BACK)
    assert line.ending() is Ending.RELEASED


# --- WARN, QUERY ------------------------------------------------------------------
def test_a_warn_is_over_once_somebody_has_it() -> None:
    """R: ROGER is all it asks."""
    line = Line()
    line.raises(Kind.WARN)
    line.answers("duty", Answer.ROGER)
    assert line.ending() is Ending.CLOSED


def test_silence_on_a_query_is_not_a_no() -> None:
    """At the deadline the caller is told, and the ringing goes on."""
    line = Line()
    line.raises(Kind.QUERY, ends_in=Duration(seconds=17), card=Card(what="yours?"))
    acts = line.after(seconds=17)
    assert ("north-ops", Telling.NOT_ANSWERED) in told(acts)
    assert line.ending() is None
    assert line.call().is_ringing


@pytest.mark.parametrize("answer", [Answer.AFFIRM, Answer.NEGATIVE])
def test_a_query_is_answered_yes_or_no(answer: Answer) -> None:
    """A/N: one of the two ends it and the caller is told which."""
    line = Line()
    line.raises(Kind.QUERY)
    acts = line.answers("duty", answer)
    assert line.ending() is Ending.CLOSED
    assert ("north-ops", Telling.ANSWERED) in told(acts)


def test_standby_on_a_query_gets_its_minute() -> None:
    """STANDBY has the call, and the answer's clock runs."""
    line = Line()
    line.raises(Kind.QUERY, ends_in=Duration(minutes=30))
    line.answers("duty", Answer.STANDBY)
    assert rung(line.after(seconds=59)) == []
    assert rung(line.after(seconds=1))


# --- shift change -----------------------------------------------------------------
def test_calls_not_taken_ring_again_at_the_shift_change() -> None:
    """What only the leaver had acknowledged rings; nothing is inherited silently."""
    line = held()
    acts = line.do(LeaveWatch(by=line.actor("duty"), to=line.actor("spare")))
    assert rung(acts)
    assert line.picture.on_watch(line.call().to_desk, (), line.now)[-1].id == "spare"


def test_calls_taken_one_by_one_go_on() -> None:
    """The incoming officer has what they took, and nobody is rung."""
    line = held()
    acts = line.do(
        LeaveWatch(by=line.actor("duty"), to=line.actor("spare"), taken=(STOP,))
    )
    assert rung(acts) == []
    assert line.call().holds(PersonId("spare"))
    assert not line.call().holds(PersonId("duty"))


def test_only_calls_the_leaver_holds_can_be_taken() -> None:
    """A call nobody gave away cannot be taken."""
    line = held()
    with pytest.raises(UnknownCall):
        line.do(
            LeaveWatch(
                by=line.actor("duty"), to=line.actor("spare"), taken=(CallId("x"),)
            )
        )


def test_attempt_ids_are_never_used_twice() -> None:
    """Every ring of a call has an id of its own."""
    line = Line()
    line.raises()
    line.after(minutes=5)
    ids: list[AttemptId] = [
        made.id for act in line.acts if isinstance(act, Rang) for made in act.attempts
    ]
    assert len(ids) == len(set(ids))


def test_a_desk_with_none_below_is_asked_for_the_effect_after_the_readback() -> None:
    """Nobody is rung for not passing on what there is nobody to pass to."""
    line = held()
    line.passes_on("duty", "south-air")
    child = f"{STOP}/south-air"
    line.acknowledges("controller", child)
    line.reads_back("controller", child)
    assert [clock.name for clock in line.call(child).clocks] == [ClockName.CEASE]
    acts = [a for a in line.after(seconds=179) if getattr(a, "call", "") == child]
    assert rung(acts) == []
    acts = [a for a in line.after(seconds=1) if getattr(a, "call", "") == child]
    assert ("south-ops", Telling.NOT_CEASED) in told(acts)
