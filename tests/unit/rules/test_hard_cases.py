"""Days on which somebody says something nobody expected, and calls still ring."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from clearline.model.calls import (
    Answer,
    CallId,
    Card,
    Ending,
    Kind,
    Ladder,
    Outcome,
    Precedence,
    Rung,
    Telling,
    UnableReason,
)
from clearline.model.calls import Line as CheckedLine
from clearline.model.commands import (
    Close,
    Enter,
    GiveAnswer,
    LeaveWatch,
    RaiseCall,
    RenewHold,
    ReportAttempt,
    ReportCeased,
    SetLine,
    TakeWatch,
)
from clearline.model.entries import Act, CallEnded, DeskTold, LadderSet, PersonSet, Rang
from clearline.model.instants import Duration, NotUtc
from clearline.model.parties import DeskId, Medium, PersonId, Role, Strength
from clearline.rules.clocks import HOLD_FOR
from clearline.rules.raising import HOLD_AT_MOST
from clearline.rules.refusals import (
    IdTaken,
    NotProven,
    NotYourCall,
    UnknownPerson,
    WrongOrder,
)
from phone import BLUE, SOUTH, STOP, Line, dialled, rung, told

CHILD = f"{STOP}/south-air"
GRANDCHILD = f"{CHILD}/south-crew"
LOOSE = datetime(2026, 3, 1, 12)  # noqa: DTZ001 (without its zone on purpose)


# --- absurd spans and loose instants ----------------------------------------------
@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (timedelta(0), HOLD_FOR),
        (-Duration(hours=1), HOLD_FOR),
        (timedelta.min, HOLD_FOR),
        (timedelta.max, HOLD_AT_MOST),
        (Duration(days=400), HOLD_AT_MOST),
    ],
)
def test_a_hold_rings_however_absurd_its_length(
    asked: timedelta, given: timedelta
) -> None:
    """A HOLD is never refused, binds for a while, and does not bind without an end."""
    line = Line()
    acts = line.raises(Kind.HOLD, ends_in=asked)
    assert rung(acts) == ["duty", "director"]
    assert line.call().ends_at == line.now + given


@pytest.mark.parametrize("kind", [Kind.QUERY, Kind.LINE_CHECK])
@pytest.mark.parametrize("asked", [timedelta(0), timedelta.min, timedelta.max])
def test_an_answer_is_due_neither_at_once_nor_never(
    kind: Kind, asked: timedelta
) -> None:
    """What asks for an answer gives time for it, and not for ever."""
    line = Line()
    with pytest.raises(WrongOrder, match="answered within"):
        line.raises(kind, ends_in=asked)
    assert list(line.picture.calls.values()) == []


@pytest.mark.parametrize("minutes", [-1e9, -1, 0, 15, 24 * 60 + 1, 1e9])
def test_a_hold_is_not_renewed_to_the_past_or_for_ever(minutes: float) -> None:
    """A renewal moves the end later, and leaves it in sight."""
    line = Line()
    line.raises(Kind.HOLD)
    with pytest.raises(WrongOrder, match="Renew a HOLD"):
        line.renews("lina", minutes)
    line.renews("lina", HOLD_AT_MOST / timedelta(minutes=1))
    assert line.call().ends_at == line.now + HOLD_AT_MOST


@pytest.mark.parametrize("kind", [Kind.STOP, Kind.HOLD])
def test_a_stop_said_by_a_clock_without_a_zone_rings(kind: Kind) -> None:
    """A caller's clock that makes no sense is left out; the STOP is not."""
    line = Line()
    assert rung(line.raises(kind, said_at=LOOSE)) == ["duty", "director"]
    assert line.call().said_at is None


def test_elsewhere_an_instant_without_its_zone_is_refused_by_name() -> None:
    """Local time is never guessed."""
    line = Line()
    with pytest.raises(NotUtc):
        RaiseCall(call=STOP, kind=Kind.RELEASE, by=line.actor("lina"), said_at=LOOSE)
    with pytest.raises(NotUtc):
        ReportCeased(call=STOP, by=line.actor("duty"), ceased_at=LOOSE)
    with pytest.raises(NotUtc):
        TakeWatch(by=line.actor("duty"), role=Role.DUTY_OFFICER, until=LOOSE)


@pytest.mark.parametrize("confidence", [0, 4, -1, 10**400])
def test_a_confidence_that_means_nothing_is_no_reason_to_refuse(
    confidence: int,
) -> None:
    """A number outside the scale counts as not given."""
    line = Line()
    line.raises(card=Card(confidence=confidence))
    assert line.call().card.confidence is None


# --- one id, two things -----------------------------------------------------------
@pytest.mark.parametrize("kind", [Kind.STOP, Kind.HOLD])
@pytest.mark.parametrize(
    "other",
    [
        {"kind": Kind.WARN},
        {"by": "observer"},
        {"to": "south-air"},
        {"card": Card(what="another convoy")},
        {"of": CallId("hold-9")},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_stop_under_an_id_that_is_taken_rings_all_the_same(
    kind: Kind, other: dict
) -> None:
    """Two callers who count from 1 both get through; neither replaces the other."""
    line = Line()
    line.raises(**{"kind": kind, **other})
    first = line.call()
    acts = line.raises(kind)
    assert rung(acts) == ["duty", "director"]
    assert line.call() == first
    second = line.call(f"{STOP}~2")
    assert (second.kind, second.raised_by.desk) == (kind, "north-ops")
    assert line.raises(kind) == ()  # said again, it is known by its second id


@pytest.mark.parametrize("kind", [Kind.WARN, Kind.QUERY, Kind.LINE_CHECK])
def test_anything_else_under_an_id_that_is_taken_is_refused(kind: Kind) -> None:
    """Nobody is told that a call was raised which was not."""
    line = Line()
    line.raises()
    with pytest.raises(IdTaken, match=STOP):
        line.raises(kind)


def test_a_release_under_an_id_that_is_taken_is_refused() -> None:
    """A RELEASE said again changes nothing; another one under its id is refused."""
    line = Line()
    line.raises()
    line.raises(call="stop-2", by="observer")
    with pytest.raises(IdTaken):
        line.raises(Kind.RELEASE, call="stop-2", of=STOP)
    line.raises(Kind.RELEASE, call="release-1", of=STOP)
    assert line.raises(Kind.RELEASE, call="release-1", of=STOP) == ()
    with pytest.raises(IdTaken):
        line.raises(Kind.RELEASE, call="release-1", of=CallId("stop-2"), by="observer")


def test_a_stop_to_everybody_rings_where_an_id_is_taken() -> None:
    """Of the calls a STOP to everybody becomes, none is lost to another's id."""
    line = Line()
    line.raises(Kind.WARN, call=f"{STOP}:south-hq", by="observer")
    line.raises(to=None)
    stops = [c for c in line.picture.open_calls() if c.kind is Kind.STOP]
    assert {call.to_desk for call in stops} == {"south-hq", "monitor-ops"}
    assert line.raises(to=None) == ()


def test_passing_on_replaces_nothing_that_has_the_id() -> None:
    """A call somebody raised under the id of a call handed down stays as it is."""
    line = Line()
    line.raises()
    line.acknowledges("duty")
    line.raises(Kind.WARN, call=f"{STOP}/south-air", to="north-ops", by="observer")
    strange = line.call(f"{STOP}/south-air")
    acts = line.passes_on("duty", "south-air")
    assert rung(acts) == ["controller"]
    assert line.call(f"{STOP}/south-air") == strange
    assert line.call().passed[-1].child == f"{STOP}/south-air~2"


def test_passing_on_again_rings_again_once_it_is_over_there() -> None:
    """While it waits below, again changes nothing; once over there, it rings anew."""
    line = Line()
    line.raises()
    line.acknowledges("duty")
    line.passes_on("duty", "south-air")
    assert line.passes_on("duty", "south-air") == ()
    line.reports_ceased("controller", f"{STOP}/south-air")
    assert line.ending(f"{STOP}/south-air") is Ending.CLOSED
    assert rung(line.passes_on("duty", "south-air")) == ["controller"]


def test_a_call_under_the_key_of_a_line_leaves_the_line_checked() -> None:
    """Whatever id somebody chooses, a line goes on being checked."""
    line = Line()
    checked = CheckedLine(
        from_desk=DeskId("north-ops"),
        to_desk=DeskId("south-ops"),
        medium=Medium.VOICE,
        next_at=line.now + Duration(minutes=1),
    )
    line.do(SetLine(line=checked))
    line.raises(call=checked.key)
    line.after(minutes=1)
    assert line.picture.lines.get(checked.key) != checked


# --- everybody is rung again ------------------------------------------------------
def test_an_overdue_step_rings_everybody_reached_and_whoever_has_the_call() -> None:
    """Who undertook a step hears that it is late, from wherever they took the call."""
    line = Line()
    line.raises()
    line.after(seconds=30)
    line.acknowledges("chief")
    acts = line.after(seconds=60)
    assert ("north-ops", Telling.NOT_READ_BACK) in told(acts)
    assert set(rung(acts)) == {"duty", "director", "spare", "chief"}


def test_one_who_has_a_call_from_outside_its_ladder_is_rung_when_late() -> None:
    """A person of the called party who stands on no rung is not forgotten."""
    line = Line()
    line.raises()
    line.acknowledges("controller")
    assert set(rung(line.after(seconds=60))) == {"duty", "director", "controller"}


@pytest.mark.parametrize("do", ["withdraw", "differ"])
def test_what_leaves_a_call_open_rings_all_who_were_reached(do: str) -> None:
    """A new rung lets nobody off, nor does beginning again."""
    line = Line()
    line.raises()
    line.after(seconds=30)
    line.acknowledges("duty")
    if do == "withdraw":
        acts = line.takes_it_back("duty")
    else:
        acts = line.reads_back("duty", rightly=False)
    assert set(rung(acts)) == {"duty", "director", "spare", "chief"}


# --- who has the watch now --------------------------------------------------------
def move(line: Line, name: str, desk: str, **changes: object) -> None:
    """Enter a person anew, at another desk or otherwise changed."""
    known = line.picture.persons.get(PersonId(name))
    assert known is not None
    person = replace(known, desk=DeskId(desk), **changes)
    line.do(Enter(act=PersonSet(person=person)))


def test_who_has_been_entered_at_another_desk_keeps_no_watch() -> None:
    """A watch somebody took before they were moved hides no gap in the watch."""
    line = Line()
    for name in ("duty", "director"):
        move(line, name, "monitor-ops")
    acts = line.raises()
    assert rung(acts) == ["spare"]
    (rang,) = [act for act in acts if isinstance(act, Rang)]
    assert rang.nobody_on_watch == ("south-ops",)


def test_a_watch_without_a_telephone_keeps_nobody_from_being_rung() -> None:
    """Where everybody on watch has no medium at all, the members ring at once."""
    line = Line()
    for name in ("duty", "director"):
        move(line, name, "south-ops", media=())
    assert rung(line.raises()) == ["spare"]


def test_on_a_ladder_of_one_rung_a_mute_watch_hides_nobody_either() -> None:
    """Where the ladder ends with the watch, its desk's members are still there."""
    line = Line()
    only = Ladder(rungs=(Rung(desk=DeskId("south-ops"), after=Duration(0)),))
    act = LadderSet(desk=DeskId("south-ops"), precedence=Precedence.FLASH, ladder=only)
    line.do(Enter(act=act))
    for name in ("duty", "director"):
        move(line, name, "south-ops", media=())
    acts = line.raises()
    assert rung(acts) == ["spare"]
    (rang,) = [act for act in acts if isinstance(act, Rang)]
    assert rang.nobody_on_watch == ("south-ops",)


def test_a_person_without_a_medium_is_nobody_to_ring() -> None:
    """A desk of people who cannot be rung is said to the caller at once."""
    line = Line()
    line.desk("mute", SOUTH)
    line.person("scout", "mute", Role.OPERATOR)
    move(line, "scout", "mute", media=())
    assert ("north-ops", Telling.NOBODY_TO_RING) in told(line.raises(to="mute"))


def leaves(line: Line, name: str, to: str | None = None) -> tuple[Act, ...]:
    """Let somebody leave the watch."""
    incoming = line.actor(to) if to else None
    return line.do(LeaveWatch(by=line.actor(name), to=incoming))


def test_a_call_let_go_at_a_shift_change_rings_the_incoming_watch() -> None:
    """Not who has just left is rung, but who has the watch from now on."""
    line = Line()
    leaves(line, "director")
    line.raises()
    line.acknowledges("duty")
    assert rung(leaves(line, "duty", to="spare")) == ["spare"]


def test_a_call_let_go_with_nobody_on_watch_rings_every_member() -> None:
    """The last one to leave leaves no desk on which nobody is rung."""
    line = Line()
    leaves(line, "director")
    line.raises()
    line.acknowledges("duty")
    assert rung(leaves(line, "duty")) == ["duty", "director", "spare"]
    assert line.picture.on_watch(DeskId("south-ops"), (), line.now) == ()


def test_nobody_hands_the_watch_over_to_themselves() -> None:
    """A shift change is an act of two people."""
    line = Line()
    with pytest.raises(WrongOrder, match="themselves"):
        leaves(line, "duty", to="duty")
    assert line.picture.on_watch(DeskId("south-ops"), (), line.now) != ()


# --- what was handed down ---------------------------------------------------------
def handed_down(kind: Kind = Kind.HOLD) -> Line:
    """A call that was read back and passed on, two floors down."""
    line = Line()
    line.desk("south-crew", SOUTH, under="south-air")
    line.person("crew", "south-crew", Role.OPERATOR)
    line.raises(kind)
    line.acknowledges("duty")
    line.reads_back("duty")
    line.passes_on("duty", "south-air")
    line.passes_on("controller", "south-crew", CHILD)
    line.acknowledges("crew", GRANDCHILD)
    return line


def in_force(line: Line) -> list[str]:
    """List the calls that bind."""
    return [call.id for call in line.picture.calls.values() if call.is_in_force]


def test_what_hands_down_a_hold_ends_when_it_ends() -> None:
    """Nobody below is bound longer than the HOLD, nor let go sooner."""
    line = Line()
    line.raises(Kind.HOLD)
    line.acknowledges("duty")
    line.after(minutes=10)
    line.passes_on("duty", "south-air")
    assert line.call(CHILD).ends_at == line.call().ends_at
    line.after(minutes=5)
    assert in_force(line) == []
    assert line.ending(CHILD) is Ending.LAPSED


def test_renewing_a_hold_renews_it_wherever_it_was_handed_down() -> None:
    """Those who act are not told that it binds nobody while it binds above."""
    line = handed_down()
    line.after(minutes=10)
    line.renews("lina", 20)
    assert {line.call(c).ends_at for c in (STOP, CHILD, GRANDCHILD)} == {
        line.now + Duration(minutes=20)
    }
    line.after(minutes=19, seconds=59)
    assert in_force(line) == [STOP, CHILD, GRANDCHILD]
    line.after(seconds=1)
    assert in_force(line) == []


def test_a_hold_handed_down_goes_on_while_the_stop_that_took_over_binds() -> None:
    """A HOLD raised to STOP never ends below with word that nothing binds."""
    line = handed_down()
    line.raises(call="stop-9", of=STOP)
    assert line.ending() is Ending.RAISED_TO_STOP
    acts = line.after(hours=1)
    assert {CHILD, GRANDCHILD, "stop-9"} <= set(in_force(line))
    assert Telling.LAPSED not in {telling for _, telling in told(acts)}
    assert ("south-crew", Telling.REVIEW) in told(acts)
    line.raises(Kind.RELEASE, call="release-1", of=CallId("stop-9"))
    line.answers("director", Answer.AFFIRM, "release-1")
    assert in_force(line) == []
    assert line.ending(GRANDCHILD) is Ending.RELEASED


def test_a_release_reaches_everywhere_a_stop_was_handed_down() -> None:
    """What was closed below is released below; what ended otherwise stays ended."""
    line = handed_down(Kind.STOP)
    line.reports_ceased("crew", GRANDCHILD)
    line.raises(Kind.RELEASE, call="release-1", of=STOP)
    line.answers("director", Answer.AFFIRM, "release-1")
    assert [line.ending(c) for c in (STOP, CHILD, GRANDCHILD)] == [Ending.RELEASED] * 3
    assert in_force(line) == []


def test_what_was_handed_down_is_not_released_alone() -> None:
    """Nobody below is let go while the call above them stands."""
    line = Line()
    line.desk("south-post", SOUTH, under="south-ops", alone=True)
    line.person("guard", "south-post", Role.DUTY_OFFICER)
    line.desk("south-gun", SOUTH, under="south-post")
    line.person("gunner", "south-gun", Role.OPERATOR)
    line.raises(to="south-post")
    line.acknowledges("guard")
    line.passes_on("guard", "south-gun")
    with pytest.raises(NotYourCall, match="handed down"):
        line.raises(
            Kind.RELEASE, call="release-1", by="guard", of=CallId(f"{STOP}/south-gun")
        )


@pytest.mark.parametrize("kind", [Kind.RELEASE, Kind.LINE_CHECK])
def test_what_only_the_called_desk_answers_is_not_passed_on(kind: Kind) -> None:
    """A RELEASE handed down would be confirmed below and lift nothing."""
    line = Line()
    line.raises()
    line.raises(kind, call="other", of=STOP if kind is Kind.RELEASE else None)
    size = line.picture.size
    with pytest.raises(WrongOrder, match="not passed on"):
        line.passes_on("duty", "south-air", "other")
    assert line.picture.size == size


# --- who lifts what ---------------------------------------------------------------
def test_a_release_of_a_hold_that_became_a_stop_lifts_nothing_and_says_so() -> None:
    """Confirming it late ends the RELEASE and tells both that the STOP stands."""
    line = Line()
    line.raises(Kind.HOLD, call="hold-1")
    line.raises(Kind.RELEASE, call="release-1", of=CallId("hold-1"))
    line.raises(of=CallId("hold-1"))
    acts = line.answers("director", Answer.AFFIRM, "release-1")
    assert line.ending("release-1") is Ending.VOID
    assert line.ending("hold-1") is Ending.RAISED_TO_STOP
    assert in_force(line) == [STOP]
    assert {what for _, what in told(acts)} == {Telling.VOID}


@pytest.mark.parametrize(
    "stop",
    [{"by": "observer"}, {"to": "monitor-ops"}, {"to": "south-hq"}],
    ids=["another party's", "to another party", "to another desk"],
)
def test_only_its_own_party_at_its_own_desk_takes_a_hold_over(stop: dict) -> None:
    """A STOP somewhere else, or somebody else's, takes no HOLD away."""
    line = Line()
    line.raises(Kind.HOLD, call="hold-1")
    line.raises(of=CallId("hold-1"), **stop)
    assert set(in_force(line)) == {"hold-1", STOP}


def test_a_neutral_does_not_confirm_its_own_release() -> None:
    """Being neutral and alone at a desk does not make one person two."""
    line = Line()
    line.desk("monitor-post", BLUE, alone=True)
    line.person("watcher", "monitor-post", Role.MONITOR)
    line.raises(by="watcher")
    line.raises(Kind.RELEASE, by="watcher", call="release-1", of=STOP)
    for name in ("watcher", "observer"):
        with pytest.raises(NotYourCall):
            line.answers(name, Answer.AFFIRM, "release-1", strength=Strength.CALL_BACK)
    assert line.call().is_in_force


def test_nobody_confirms_a_release_in_the_name_of_another_party() -> None:
    """The party somebody acts for is the one their desk belongs to."""
    line = Line()
    line.raises()
    line.raises(Kind.RELEASE, call="release-1", of=STOP)
    pretender = replace(line.actor("lina"), party=SOUTH)
    with pytest.raises(UnknownPerson):
        line.do(
            GiveAnswer(call=CallId("release-1"), by=pretender, answer=Answer.AFFIRM)
        )
    assert line.call().is_in_force


# --- who cannot, and who could ----------------------------------------------------
def unable(line: Line, name: str, whom: str) -> tuple[Act, ...]:
    """Let somebody say who has the authority they lack."""
    return line.answers(
        name, Answer.UNABLE, reason=UnableReason.NEED_AUTHORITY, whom=whom
    )


def test_whoever_is_rung_for_their_authority_can_have_the_call() -> None:
    """A desk that is rung because somebody named it may also answer."""
    line = Line()
    line.raises()
    line.acknowledges("duty")
    assert rung(unable(line, "duty", "monitor-ops")) == ["observer"]
    line.acknowledges("observer")
    assert line.call().holds(PersonId("observer"))


@pytest.mark.parametrize("whom", ["nowhere", "empty"])
def test_authority_that_leads_to_nobody_rings_on_at_once(whom: str) -> None:
    """Naming a desk with nobody at it leaves no instant in which nobody is rung."""
    line = Line()
    line.desk("empty", SOUTH)
    line.raises()
    line.acknowledges("duty")
    assert rung(unable(line, "duty", whom)) == ["duty", "director", "spare"]


def test_one_who_cannot_do_more_wakes_nobody_once_it_has_ceased() -> None:
    """What has stopped rings nobody for want of authority."""
    line = Line()
    line.raises()
    line.acknowledges("duty")
    line.reports_ceased("duty")
    assert rung(unable(line, "duty", "south-hq")) == []
    assert rung(line.after(minutes=5)) == []


def test_words_from_a_number_nobody_knows_end_and_renew_nothing() -> None:
    """A voice that says it is the caller closes no call and moves no end."""
    line = Line()
    line.raises(Kind.WARN)
    line.raises(Kind.HOLD, call="hold-1")
    voice = line.actor("lina", Strength.HEARD)
    with pytest.raises(NotProven):
        line.do(Close(call=STOP, by=voice))
    with pytest.raises(NotProven):
        line.do(
            RenewHold(call=CallId("hold-1"), by=voice, ends_in=Duration(minutes=20))
        )
    assert line.call().is_ringing
    line.do(Close(call=STOP, by=replace(voice, strength=Strength.DEVICE_ONLY)))
    assert line.ending() is Ending.CLOSED


def test_a_query_somebody_has_is_not_said_to_ring() -> None:
    """What the caller is told at a deadline is what is so."""
    line = Line()
    line.raises(Kind.QUERY, ends_in=Duration(seconds=30))
    line.acknowledges("duty")
    (act,) = [a for a in line.after(seconds=30) if isinstance(a, DeskTold)]
    assert "Ringing goes on" not in act.text


def test_standby_to_a_warn_is_kept_before_the_call_is_over() -> None:
    """Nothing about a call comes after its end."""
    line = Line()
    line.raises(Kind.WARN)
    acts = line.answers("duty", Answer.STANDBY)
    assert isinstance(acts[-1], CallEnded)


def test_a_warn_read_back_wrong_is_not_over_and_rings() -> None:
    """Who understood something else has not understood the warning."""
    line = Line()
    line.raises(Kind.WARN)
    acts = line.reads_back("duty", rightly=False)
    assert rung(acts) == ["duty", "director"]
    assert line.ending() is None
    assert line.call().is_ringing
    acts = line.reads_back("duty")
    assert line.ending() is Ending.CLOSED
    assert isinstance(acts[-1], CallEnded)


def test_a_warn_passed_on_is_over_above_and_rings_below() -> None:
    """Nothing about a call comes after its end."""
    line = Line()
    line.raises(Kind.WARN)
    acts = line.passes_on("duty", "south-air")
    about = [act for act in acts if getattr(act, "call", None) == STOP]
    assert isinstance(about[-1], CallEnded)
    assert rung(acts) == ["controller"]


# --- rings that did not ring ------------------------------------------------------
def test_a_ring_that_failed_spares_nobody_another() -> None:
    """A second STOP dials whom the first one's courier could not reach."""
    line = Line()
    (rang,) = [act for act in line.raises() if isinstance(act, Rang)]
    for made in rang.attempts:
        if made.person == "duty":
            line.do(ReportAttempt(call=STOP, attempt=made.id, outcome=Outcome.FAILED))
    assert dialled(line.raises(call="stop-2")) == ["duty"]
    assert "duty" in rung(line.after(seconds=15))


def test_a_screen_that_shows_a_stop_is_no_telephone_that_rings() -> None:
    """Each medium of a person counts alone when rings for one place are joined."""
    line = Line()
    quiet = Ladder(
        rungs=(
            Rung(desk=DeskId("south-ops"), after=Duration(0), media=(Medium.SCREEN,)),
        )
    )
    at = DeskId("south-ops")
    act = LadderSet(desk=at, precedence=Precedence.FLASH, ladder=quiet)
    line.do(Enter(act=act))
    line.raises()
    loud = LadderSet(
        desk=at,
        precedence=Precedence.FLASH,
        ladder=Ladder(rungs=(Rung(desk=at, after=Duration(0)),)),
    )
    line.do(Enter(act=loud))
    (rang,) = [a for a in line.raises(call="stop-2") if isinstance(a, Rang)]
    joined = {made.medium for made in rang.attempts if made.joins}
    assert joined == {Medium.SCREEN}
