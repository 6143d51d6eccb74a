"""STANDBY until: a promise that moves a question's clock, and nothing of a STOP's."""

import pytest

from clearline.model.calls import Answer, Ending, Kind, Telling
from clearline.model.instants import Duration
from clearline.model.parties import PersonId
from clearline.rules.refusals import WrongAnswer
from phone import Line, rung, told

QUARTER = Duration(minutes=15)


def test_a_query_rings_again_when_what_was_promised_is_due() -> None:
    """Not at its usual minute, and not a second later than was said."""
    line = Line()
    line.raises(Kind.QUERY, ends_in=Duration(hours=1))
    acts = line.answers("duty", Answer.STANDBY, until=line.now + QUARTER)
    assert ("north-ops", Telling.ANSWERED) in told(acts)
    assert line.call().holds(PersonId("duty"))
    assert rung(line.after(minutes=14, seconds=59)) == []
    assert "duty" in rung(line.after(seconds=1))
    assert line.call().standby_until is None
    assert rung(line.after(minutes=1))  # and from then on as ever


def test_an_earlier_promise_is_kept_to_as_well() -> None:
    """Who says twenty seconds is rung after twenty, not after a minute."""
    line = Line()
    line.raises(Kind.QUERY, ends_in=Duration(hours=1))
    line.answers("duty", Answer.STANDBY, until=line.now + Duration(seconds=20))
    assert rung(line.after(seconds=19)) == []
    assert rung(line.after(seconds=1))


def test_a_warn_goes_back_to_the_queue_and_is_not_over() -> None:
    """Heard and not taken: nobody has it, nothing rings, and then it rings again."""
    line = Line()
    line.raises(Kind.WARN)
    line.answers("duty", Answer.STANDBY, until=line.now + QUARTER)
    assert line.ending() is None
    assert line.call().holders == ()
    assert line.call().ringing == ()
    assert rung(line.after(minutes=14, seconds=59)) == []
    assert rung(line.after(seconds=1))


def test_a_warn_answered_meanwhile_is_over() -> None:
    """What was promised was done: ROGER ends it, and it rings no more."""
    line = Line()
    line.raises(Kind.WARN)
    line.answers("duty", Answer.STANDBY, until=line.now + QUARTER)
    line.answers("duty", Answer.ROGER)
    assert line.ending() is Ending.CLOSED
    assert rung(line.after(hours=1)) == []


@pytest.mark.parametrize("kind", [Kind.STOP, Kind.HOLD])
def test_a_stop_rings_on_whatever_was_promised(kind: Kind) -> None:
    """The caller hears of the promise; the ladder does not."""
    line, other = Line(), Line()
    for one in (line, other):
        one.raises(kind)
    acts = line.answers("duty", Answer.STANDBY, until=line.now + QUARTER)
    other.answers("duty", Answer.STANDBY)
    assert ("north-ops", Telling.ANSWERED) in told(acts)
    assert line.call().standby_until is None
    assert line.call().clocks == other.call().clocks
    assert rung(line.after(seconds=30)) == rung(other.after(seconds=30)) != []


def test_who_takes_it_back_leaves_no_promise_behind() -> None:
    """Nobody has it any more, so it rings at once and goes on ringing."""
    line = Line()
    line.raises(Kind.QUERY, ends_in=Duration(hours=1))
    line.answers("duty", Answer.STANDBY, until=line.now + QUARTER)
    assert rung(line.takes_it_back("duty"))
    assert rung(line.after(minutes=1))


@pytest.mark.parametrize("minutes", [0, -1, 241])
def test_what_cannot_be_promised_is_refused(minutes: int) -> None:
    """An instant that is past, or so far that it is silence."""
    line = Line()
    line.raises(Kind.QUERY)
    with pytest.raises(WrongAnswer):
        line.answers("duty", Answer.STANDBY, until=line.now + Duration(minutes=minutes))


def test_nothing_but_a_standby_promises_an_answer() -> None:
    """WILCO is an answer; there is none to wait for."""
    line = Line()
    line.raises()
    with pytest.raises(WrongAnswer):
        line.answers("duty", Answer.WILCO, until=line.now + QUARTER)
