"""How people answer a call, worked by hand where nothing is left to chance.

The drill with every step of a fixed length:

    T+04:00 pressed, 1 s to the line, 1 s to the screen, 10 s heard   acknowledged 12
    5 s read back, 5 s authority, 5 s belief                          ordered 27
    20 s to the battery                                               ceased 47
"""

from typing import Any

import pytest
from msgspec.structs import replace

from clearline.model.cast import Delay, Fixed, PlayedMedium, Step
from clearline.model.entries import Act, AnswerGiven, CallRaised, Rang, ReadBack
from clearline.model.parties import Medium, PersonId, Role
from clearline.model.scenarios import Raise, Scenario
from clearline.replay.chance import Draws
from clearline.replay.performance import Ran, lean
from clearline.replay.result import StepKind
from clearline.replay.scene import Note
from clearline.service.writer import Written
from days import DRILL, day

TAKES = {
    Step.REACH: 10,
    Step.UNDERSTAND: 5,
    Step.AUTHORITY: 5,
    Step.BELIEF: 5,
    Step.PROPAGATION: 20,
}


class Heard:
    """Keep what was heard."""

    def __init__(self) -> None:
        self.acts: list[Act] = []
        self.notes: list[Note] = []

    def written(self, written: Written) -> None:
        """Hear what was written."""
        self.acts += [entry.act for entry in written.entries]

    def note(self, what: Note) -> None:
        """Hear what no log holds."""
        self.notes.append(what)

    def all(self, kind: type) -> list[Any]:
        """Return every act of a type."""
        return [act for act in self.acts if isinstance(act, kind)]


def fixed(
    *, fails: dict[Step, float] | None = None, then: Delay | None = None
) -> Scenario:
    """Make the drill one in which every step takes a fixed time."""
    scenario = day(DRILL)
    responses = tuple(
        replace(
            model,
            takes=Fixed(seconds=TAKES[model.step]),
            fails=(fails or {}).get(model.step, 0.0),
            then_takes=then,
        )
        for model in scenario.responses
    )
    people = tuple(replace(who, away=()) for who in scenario.cast.people)
    cast = replace(scenario.cast, people=people)
    return replace(scenario, responses=responses, cast=cast)


def by_voice(scenario: Scenario, **caller: Any) -> Scenario:
    """Let the skipper call by telephone, as `caller` says."""
    voice = PlayedMedium(
        id=Medium.VOICE,
        takes=Fixed(seconds=2),
        lost=0,
        sources=(),
        status=scenario.cast.media[0].status,
        reason="",
    )
    people = tuple(
        replace(who, media=(Medium.SCREEN, Medium.VOICE), **caller)
        if who.id == "skipper"
        else who
        for who in scenario.cast.people
    )
    cast = replace(scenario.cast, people=people, media=(*scenario.cast.media, voice))
    (act,) = scenario.with_line.acts
    acts = (replace(act, medium=Medium.VOICE),)
    return replace(
        scenario, cast=cast, with_line=replace(scenario.with_line, acts=acts)
    )


def play(scenario: Scenario) -> tuple[Ran, Heard]:
    """Play one draw and hear all of it."""
    heard = Heard()
    return lean(scenario, heard).play(Draws(7, 0)), heard


def test_a_day_without_chance_comes_out_as_worked_by_hand() -> None:
    """Each step adds its own length, and each delay is told apart."""
    ran, heard = play(fixed())
    assert ran.called_at_s == 240
    assert (ran.acknowledged_s, ran.right_role_s, ran.stopped_s) == (12, 12, 47)
    delays = ran.delays
    assert (delays.notice, delays.reach, delays.understand) == (240, 12, 5)
    assert (delays.authority, delays.belief, delays.propagation) == (5, 5, 20)
    assert not ran.is_silent
    (answer,) = heard.all(AnswerGiven)
    assert answer.answer == "WILCO"


def test_disbelief_costs_what_the_document_says_and_then_holds() -> None:
    """Verifying takes a minute more, once."""
    then = Fixed(seconds=60)
    ran, _ = play(fixed(fails={Step.BELIEF: 1.0}, then=then))
    assert ran.stopped_s == 47 + 60


def test_an_order_that_is_missed_is_told_once_more() -> None:
    """The second telling takes as long again, and is heard."""
    ran, heard = play(fixed(fails={Step.PROPAGATION: 1.0}))
    assert ran.stopped_s == 47 + 20
    assert any(note.says == "misses the order" for note in heard.notes)


def test_a_wrong_readback_is_compared_by_the_rules_and_said_again() -> None:
    """While it comes back wrong nothing goes on, and the line rings about it."""
    ran, heard = play(fixed(fails={Step.UNDERSTAND: 1.0}))
    assert ran.acknowledged_s == 12
    assert ran.stopped_s is None
    backs = heard.all(ReadBack)
    assert len(backs) > 3
    assert not any(back.result.is_match for back in backs)
    assert any(act.why == "readback differs" for act in heard.all(Rang))


def test_who_may_not_says_unable_and_the_ladder_goes_on() -> None:
    """UNABLE, need authority, is an answer; people are rung again after it."""
    ran, heard = play(fixed(fails={Step.AUTHORITY: 1.0}))
    assert ran.stopped_s is None
    answers = heard.all(AnswerGiven)
    assert answers
    assert {answer.reason for answer in answers} == {"need authority"}
    assert any(act.why == "unable" for act in heard.all(Rang))


def test_a_ring_nobody_hears_is_rung_again_and_the_caller_told() -> None:
    """Never heard: never acknowledged, told so, and never silent."""
    ran, heard = play(fixed(fails={Step.REACH: 1.0}))
    assert ran.acknowledged_s is None
    assert ran.told_nobody_s is not None
    assert not ran.is_silent
    assert len(heard.all(Rang)) > 10


def test_who_may_not_order_it_fetches_who_may() -> None:
    """Another hears the ring; the one who may acknowledges when fetched."""
    scenario = fixed()
    duty = next(who for who in scenario.cast.people if who.id == "fire-duty")
    other = replace(duty, id=PersonId("clerk"), roles=(Role.OPERATOR,))
    deaf = replace(duty, media=(Medium.RADIO,))
    people = (
        *(who for who in scenario.cast.people if who.id != "fire-duty"),
        other,
        deaf,
    )
    responses = (
        tuple(
            replace(model, fails=1.0, medium=Medium.RADIO)
            for model in scenario.responses
            if model.step is Step.REACH
        )
        + scenario.responses
    )
    ran, _ = play(
        replace(
            scenario, cast=replace(scenario.cast, people=people), responses=responses
        )
    )
    assert ran.acknowledged_s == 12
    assert ran.right_role_s == 12 + 5 + 5
    assert ran.stopped_s == 47


def test_a_caller_who_insists_leaves_a_stop_that_goes_on_without_them() -> None:
    """Nothing is filled in but who calls; hanging up loses nothing."""
    scenario = by_voice(fixed(), insists_on=PersonId("gunner"), hangs_up_after_s=3.0)
    ran, heard = play(scenario)
    raised = heard.all(CallRaised)[0]
    assert raised.by.strength == "pin"
    assert (raised.card.what, raised.card.where) == ("", None)
    assert ran.has_hung_up
    assert ran.has_rung_on
    assert ran.stopped_s is not None
    assert any(note.kind is StepKind.HUNG_UP for note in heard.notes)


def test_a_caller_does_not_hang_up_on_somebody_who_has_come() -> None:
    """Once somebody has it, the caller stays."""
    ran, _ = play(by_voice(fixed(), hangs_up_after_s=300.0))
    assert not ran.has_hung_up


def test_a_caller_whose_telephone_is_dead_tries_whatever_else_there_is() -> None:
    """The screen carries it after the telephone did not."""
    scenario = by_voice(fixed())
    media = tuple(
        replace(medium, works=medium.id is not Medium.VOICE)
        for medium in scenario.cast.media
    )
    ran, heard = play(replace(scenario, cast=replace(scenario.cast, media=media)))
    raised = heard.all(CallRaised)[0]
    assert raised.by.device == "screen"
    assert ran.acknowledged_s == 2 + 12  # two seconds of a telephone that says nothing


def test_with_no_way_left_to_call_nobody_is_blamed_for_not_answering() -> None:
    """No call, no acknowledgement, and no silence of the line."""
    scenario = by_voice(fixed())
    media = tuple(replace(medium, works=False) for medium in scenario.cast.media)
    ran, heard = play(replace(scenario, cast=replace(scenario.cast, media=media)))
    assert heard.all(CallRaised) == []
    assert ran.acknowledged_s is None
    assert not ran.is_silent


def test_a_call_without_a_time_is_drawn_from_the_step_notice() -> None:
    """The notice fails at most once, and costs what it says."""
    scenario = fixed()
    notice = replace(
        scenario.responses[0],
        step=Step.NOTICE,
        takes=Fixed(seconds=30),
        fails=1.0,
        then_takes=Fixed(seconds=45),
    )
    acts = tuple(replace(act, at=None) for act in scenario.with_line.acts)
    ran, _ = play(
        replace(
            scenario,
            responses=(*scenario.responses, notice),
            with_line=replace(scenario.with_line, acts=acts),
        )
    )
    assert ran.called_at_s == 75
    assert ran.stopped_s == 47


@pytest.mark.parametrize("kind", ["WARN", "QUERY"])
def test_a_call_that_asks_nobody_to_cease_stops_nothing(kind: str) -> None:
    """A WARN or QUERY is answered and over; no order is passed on."""
    scenario = fixed()
    (act,) = scenario.with_line.acts
    assert isinstance(act, Raise)
    acts = (replace(act, call=type(act.call)(kind)),)
    ran, heard = play(
        replace(scenario, with_line=replace(scenario.with_line, acts=acts))
    )
    assert ran.acknowledged_s is not None
    assert ran.stopped_s is None
    assert len(heard.all(CallRaised)) == 1
