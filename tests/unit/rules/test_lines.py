"""How a quiet line is kept alive, and what a missed check is: an alarm."""

import pytest
from msgspec.structs import replace

from clearline.model.calls import Answer, BadLine, Call, CallId, Ending, Kind, Telling
from clearline.model.calls import Line as CheckedLine
from clearline.model.commands import Acknowledge, Advance, CheckLine, Enter, SetLine
from clearline.model.entries import CallRaised, LineCheckCalled, PersonSet, Rang
from clearline.model.instants import Duration
from clearline.model.linetests import KEPT, ChannelStands, LineOutcome, Stands
from clearline.model.parties import DeskId, Medium, Person, PersonId, Role
from clearline.rules.default_lines import lines_missing
from clearline.rules.lines import CHECK_WITHIN
from clearline.rules.linestands import channels_of
from clearline.rules.refusals import IdTaken, UnknownDesk, WrongOrder
from phone import NOON, Line, rung, told

NORTH_OPS, SOUTH_OPS = DeskId("north-ops"), DeskId("south-ops")


def voice(**more: object) -> CheckedLine:
    """The line from north to south by voice, first checked in an hour."""
    said = {
        "from_desk": NORTH_OPS,
        "to_desk": SOUTH_OPS,
        "medium": Medium.VOICE,
        "next_at": NOON + Duration(hours=1),
    }
    return CheckedLine(**(said | more))  # type: ignore[arg-type]


def checked(**more: object) -> Line:
    """Two desks whose line is checked."""
    line = Line()
    line.do(SetLine(line=voice(**more)))
    return line


def calls(line: Line, kind: Kind) -> list[Call]:
    """List the calls of a kind."""
    return [call for call in line.picture.calls.values() if call.kind is kind]


def test_a_line_is_checked_twice_a_day_unless_said_otherwise() -> None:
    """Two checks a day, from the instant given; none before it."""
    line = checked()
    line.after(minutes=59, seconds=59)
    assert calls(line, Kind.LINE_CHECK) == []
    line.after(days=2)
    raised = [call.raised_at for call in calls(line, Kind.LINE_CHECK)]
    assert raised == [NOON + Duration(hours=hours) for hours in (1, 13, 25, 37)]


def test_a_check_rings_the_other_end_by_the_line_it_is_about() -> None:
    """A voice line is checked by voice, and by nothing else."""
    line = checked()
    (rang,) = [act for act in line.after(hours=1) if isinstance(act, Rang)]
    assert {made.person for made in rang.attempts} == {"duty", "director"}
    assert {made.medium for made in rang.attempts} == {Medium.VOICE}


def test_a_line_nobody_has_is_not_said_to_be_alive() -> None:
    """Where nobody there has the medium, no other is tried: the check is missed."""
    line = checked(medium=Medium.RADIO)
    acts = line.after(hours=1)
    assert rung(acts) == []
    assert ("north-ops", Telling.NOBODY_TO_RING) in told(acts)
    line.after(minutes=10)
    assert [c.ending for c in calls(line, Kind.LINE_CHECK)] == [Ending.MISSED]


def test_an_answered_check_is_over_and_says_so() -> None:
    """ROGER is all it asks, and no alarm follows."""
    line = checked()
    line.after(hours=1)
    (check,) = calls(line, Kind.LINE_CHECK)
    acts = line.answers("duty", Answer.ROGER, check.id)
    assert ("north-ops", Telling.HELD) in told(acts)
    line.after(hours=1)
    assert line.ending(check.id) is Ending.CLOSED
    assert calls(line, Kind.WARN) == []


def test_a_missed_check_rings_the_desk_whose_line_it_is() -> None:
    """Ten minutes of silence are an alarm at the line's own desk, until heard."""
    line = checked()
    line.after(hours=1)
    acts = line.after(seconds=CHECK_WITHIN.total_seconds())
    (check,) = calls(line, Kind.LINE_CHECK)
    assert check.ending is Ending.MISSED
    assert ("north-ops", Telling.MISSED) in told(acts)
    (warn,) = calls(line, Kind.WARN)
    assert (warn.to_desk, warn.is_ringing) == (NORTH_OPS, True)
    assert warn.card.what == "line check voice to south-ops was not answered"
    assert {m.person for m in warn.ringing} == {"lina"}
    line.acknowledges("lina", warn.id)
    assert line.ending(warn.id) is Ending.CLOSED


def test_each_missed_check_is_an_alarm_of_its_own() -> None:
    """A second silence is not hidden behind the first."""
    line = checked()
    line.after(days=1)
    assert len(calls(line, Kind.WARN)) == 2
    assert len({warn.id for warn in calls(line, Kind.WARN)}) == 2


def test_a_check_somebody_cannot_answer_is_missed_all_the_same() -> None:
    """UNABLE is no sign that the line reaches who has to be reached."""
    line = checked()
    line.after(hours=1)
    (check,) = calls(line, Kind.LINE_CHECK)
    line.answers("duty", Answer.UNABLE, check.id, reason="not ours")
    line.after(minutes=10)
    assert line.ending(check.id) is Ending.MISSED


@pytest.mark.parametrize("down", [Duration(hours=1), Duration(days=30, minutes=7)])
def test_after_a_long_silence_a_line_is_checked_once(down: Duration) -> None:
    """A node that was down for a month makes one check at once, not sixty."""
    line = checked()
    line.now += down
    line.run_due()
    (check,) = calls(line, Kind.LINE_CHECK)
    assert check.raised_at == line.now
    following = line.picture.lines.get(voice().key)
    assert following is not None
    assert line.now < following.next_at <= line.now + Duration(hours=12)
    assert (following.next_at - voice().next_at) % Duration(hours=12) == Duration(0)
    assert following.checked_by == check.id


def test_a_line_that_is_not_due_is_not_checked_by_being_looked_at() -> None:
    """A wake-up that comes early does nothing."""
    line = checked()
    assert line.do(Advance(waiting=voice().key)) == ()


def test_a_line_entered_anew_makes_no_second_call_of_one_id() -> None:
    """Setting a line back to an instant that was checked checks it as a new call."""
    line = checked()
    line.after(hours=2)
    (first,) = calls(line, Kind.LINE_CHECK)
    line.do(SetLine(line=voice()))
    line.run_due()
    both = calls(line, Kind.LINE_CHECK)
    assert both[0] == first
    assert len(both) == 2


@pytest.mark.parametrize("end", ["from_desk", "to_desk"])
def test_a_line_is_between_desks_that_are_there(end: str) -> None:
    """A line to nowhere would be an alarm for ever, so it is refused."""
    with pytest.raises(UnknownDesk, match="nowhere"):
        checked(**{end: DeskId("nowhere")})


@pytest.mark.parametrize(
    "every", [Duration(0), -Duration(hours=1), Duration(seconds=59), Duration(days=8)]
)
def test_a_line_is_checked_neither_always_nor_never(every: Duration) -> None:
    """A check every nothing would call without end."""
    with pytest.raises(BadLine, match="every"):
        voice(every=every)


def test_a_line_is_not_entered_under_what_a_call_is_known_by() -> None:
    """What is due for a line is never taken for what is due for a call."""
    line = Line()
    line.raises(call=voice().key)
    with pytest.raises(IdTaken):
        line.do(SetLine(line=voice()))


def test_two_lines_whose_names_run_together_are_told_apart() -> None:
    """A second line under the name of the first would leave that one unchecked."""
    line = Line()
    for name, party in (
        ("a", "north"),
        ("a b", "north"),
        ("b c", "south"),
        ("c", "south"),
    ):
        line.desk(name, party)  # type: ignore[arg-type]
    first = voice(from_desk=DeskId("a"), to_desk=DeskId("b c"))
    line.do(SetLine(line=first))
    second = voice(from_desk=DeskId("a b"), to_desk=DeskId("c"))
    assert first.key == second.key
    with pytest.raises(IdTaken):
        line.do(SetLine(line=second))
    assert line.picture.lines.get(first.key) == first


def test_the_check_and_its_call_are_said_together() -> None:
    """The entry that a check was called names the call that checks."""
    line = checked()
    acts = line.after(hours=1)
    (called,) = [act for act in acts if isinstance(act, LineCheckCalled)]
    (raised,) = [act for act in acts if isinstance(act, CallRaised)]
    assert called.line.checked_by == raised.call
    assert raised.ends_at == line.now + CHECK_WITHIN
    assert raised.by.device == "line check"


def test_a_check_reaches_who_has_the_watch_now() -> None:
    """Who is rung is found when the check is due, not when the line was entered."""
    line = checked()
    person = Person(
        id=PersonId("fresh"),
        desk=SOUTH_OPS,
        pseudonym="fresh",
        roles=(Role.OPERATOR,),
        media=(Medium.VOICE,),
    )
    line.now += Duration(days=1, minutes=1)  # every watch has run out by now
    line.do(Enter(act=PersonSet(person=person)))
    before = len(line.acts)
    line.run_due()
    assert "fresh" in rung(line.acts[before:])


# --- checked on demand, and how channels stand ------------------------------------
def checks(line: Line, medium: Medium, call: str) -> None:
    """Let lina check a line of her desk's now."""
    line.do(
        CheckLine(
            call=CallId(call),
            to_desk=SOUTH_OPS,
            medium=medium,
            by=line.actor("lina"),
        )
    )


def answered(line: Line, call: str, *, attempt: bool = True) -> None:
    """Let `duty` answer, by the ring itself or by another way."""
    made = next(one for one in line.call(call).ringing if one.person == "duty")
    by = line.actor("duty")
    line.do(Acknowledge(call=CallId(call), by=by, attempt=made.id if attempt else None))


def channel(line: Line, medium: Medium) -> ChannelStands:
    """Say how a channel to south-ops stands."""
    rows = channels_of(line.picture, SOUTH_OPS, line.now)
    return next(row for row in rows if row.medium is medium)


def test_a_line_is_checked_when_somebody_asks() -> None:
    """At once, by that medium alone; the one that is due stays due."""
    line = checked()
    checks(line, Medium.VOICE, "now-1")
    assert {one.medium for one in line.call("now-1").ringing} == {Medium.VOICE}
    assert channel(line, Medium.VOICE).under_way == "now-1"
    line.after(seconds=20)
    answered(line, "now-1")
    stands = channel(line, Medium.VOICE)
    assert (stands.stands, stands.under_way) == (Stands.GOOD, None)
    assert stands.last is not None
    assert (stands.last.by, stands.last.took) == ("duty", Duration(seconds=20))
    assert stands.next_at == NOON + Duration(hours=1)


def test_a_channel_is_checked_once_at_a_time() -> None:
    """Of two, nobody could say which was answered; the same id is the same check."""
    line = Line()
    checks(line, Medium.VOICE, "now-1")
    checks(line, Medium.VOICE, "now-1")
    with pytest.raises(WrongOrder):
        checks(line, Medium.VOICE, "now-2")
    checks(line, Medium.SCREEN, "now-3")


def test_a_missed_check_on_demand_is_an_alarm_too() -> None:
    """Nobody answered for ten minutes: the desk that asked is rung."""
    line = Line()
    checks(line, Medium.VOICE, "now-1")
    line.after(minutes=10)
    (warn,) = calls(line, Kind.WARN)
    assert warn.to_desk == "north-ops"
    stands = channel(line, Medium.VOICE)
    assert stands.stands is Stands.DEAD
    assert (stands.times.good, stands.times.missed) == (0, 1)


def test_an_answer_by_another_way_does_not_say_that_the_line_is_alive() -> None:
    """Pressed on a screen while the telephone was being checked: it proves nothing."""
    line = Line()
    checks(line, Medium.VOICE, "now-1")
    answered(line, "now-1", attempt=False)
    stands = channel(line, Medium.VOICE)
    assert stands.last is not None
    assert stands.last.outcome is LineOutcome.ELSEWHERE
    assert stands.stands is Stands.DEAD


def test_how_soon_is_said_as_median_and_nine_of_ten() -> None:
    """Of ten answers in 1 to 10 s: 5 s and 9 s; a miss counts beside them."""
    line = Line()
    for number in range(1, 11):
        checks(line, Medium.VOICE, f"now-{number}")
        line.after(seconds=number)
        answered(line, f"now-{number}")
    checks(line, Medium.VOICE, "missed")
    line.after(minutes=10)
    times = channel(line, Medium.VOICE).times
    assert (times.median_s, times.p90_s) == (5.0, 9.0)
    assert (times.good, times.missed) == (10, 1)
    (duty,) = [p for p in channel(line, Medium.VOICE).persons if p.person == "duty"]
    assert (duty.times.good, duty.times.missed) == (10, 1)


def test_dead_channels_sink_on_the_card() -> None:
    """By the last good check; one that was missed since lies below all others."""
    line = Line()
    checks(line, Medium.SCREEN, "now-1")
    answered(line, "now-1")
    line.after(minutes=1)
    checks(line, Medium.VOICE, "now-2")
    answered(line, "now-2")
    rows = channels_of(line.picture, SOUTH_OPS, line.now)
    assert [row.medium for row in rows] == [Medium.VOICE, Medium.SCREEN]
    checks(line, Medium.VOICE, "now-3")
    line.after(minutes=10)
    rows = channels_of(line.picture, SOUTH_OPS, line.now)
    assert [(row.place, row.medium) for row in rows] == [
        (1, Medium.SCREEN),
        (2, Medium.VOICE),
    ]


def test_what_was_never_checked_is_shown_as_such() -> None:
    """A medium that members have is a row, checked or not, due or not."""
    line = checked(medium=Medium.RADIO)
    assert channel(line, Medium.VOICE).stands is Stands.NEVER
    assert channel(line, Medium.VOICE).next_at is None
    assert channel(line, Medium.RADIO).next_at is not None


def test_only_so_many_checks_are_kept_at_hand() -> None:
    """A month of them; the log has the rest."""
    line = Line()
    for number in range(KEPT + 5):
        checks(line, Medium.VOICE, f"now-{number}")
        answered(line, f"now-{number}")
        line.after(seconds=1)
    assert channel(line, Medium.VOICE).times.good == KEPT


EVERYTHING = frozenset(Medium)
HALF_A_DAY = Duration(hours=12)


def missing(line: Line, on: frozenset[Medium] = EVERYTHING) -> dict[str, CheckedLine]:
    """List the lines that would be set by themselves, by desk and medium."""
    found = lines_missing(line.picture, on, HALF_A_DAY, line.now)
    return {f"{one.to_desk} {one.medium}": one for one in found}


def test_every_channel_that_is_on_is_checked_though_nobody_set_it() -> None:
    """By what members have and the node carries; spread over half a day, each once."""
    line = Line()
    before = missing(line)
    desks = {desk.id for desk in line.picture.desks.values()}
    assert {f"{desk} {Medium.SCREEN}" for desk in desks} <= set(before)
    assert not any(name.endswith(" webhook") for name in before)
    assert all(NOON <= one.next_at < NOON + HALF_A_DAY for one in before.values())
    assert len({one.next_at for one in before.values()}) == len(before)
    assert set(missing(line, frozenset({Medium.VOICE}))) == {
        name for name in before if name.endswith(" voice")
    }
    for one in before.values():
        line.do(SetLine(line=one))
    assert missing(line) == {}
    line.after(days=1)
    checked = [(call.to_desk, call.ladder.rungs[0].media) for call in
               calls(line, Kind.LINE_CHECK)]  # fmt: skip
    assert {checked.count(one) for one in checked} == {2}
    assert len(checked) == 2 * len(before)


def test_a_missed_check_that_nobody_set_rings_the_partys_own_top_desk() -> None:
    """Whoever answers for the party hears that one of its desks is not reached."""
    line = Line()
    south_air = missing(line)["south-air screen"]
    assert south_air.from_desk == "south-hq"
    line.do(SetLine(line=replace(south_air, next_at=NOON + Duration(hours=1))))
    line.after(hours=2)
    (warn,) = calls(line, Kind.WARN)
    assert warn.to_desk == "south-hq"
    assert warn.is_ringing


def test_what_somebody_set_stands_in_place_of_what_was_set_by_itself() -> None:
    """Their line is checked, and the other one no more; nor one nobody has any more."""
    line = Line()
    of_itself = replace(
        missing(line)["south-ops voice"], next_at=NOON + Duration(hours=1)
    )
    line.do(SetLine(line=of_itself))
    line.do(SetLine(line=voice()))
    line.after(hours=3)
    (check,) = calls(line, Kind.LINE_CHECK)
    assert check.raised_by.desk == NORTH_OPS
    line = Line()
    gone = replace(of_itself, medium=Medium.EMAIL)
    line.do(SetLine(line=gone))
    line.after(hours=3)
    assert calls(line, Kind.LINE_CHECK) == []
    assert calls(line, Kind.WARN) == []
