"""What a replay finds, what it never may, and how its document is held to it."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from clearline.model.beats import Nowhere
from clearline.model.calls import Answer, CallId
from clearline.model.entries import AnswerGiven, Entry, Realm
from clearline.model.facts import Fact
from clearline.model.instants import Window
from clearline.model.notice_acts import NoticeFiled
from clearline.model.notices import NoticeId, Revision
from clearline.model.parties import Actor, DeskId, PartyId, PersonId, Strength
from clearline.model.places import FactStatus, Place, PlaceFormat, Point, Position
from clearline.model.scenarios import Finding, Holds, Play, Scenario
from clearline.replay.expectations import compares, judge, look
from clearline.replay.findings import (
    can_win,
    distinct,
    never_allowed,
    of_answers,
    of_checks,
    of_draws,
    of_record,
)
from clearline.replay.many import play_draws
from clearline.replay.performance import t0_of
from clearline.replay.result import Found, Replay
from days import DRILL, day, played


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    """Replay the drill once."""
    return played(DRILL, tmp_path_factory.mktemp("drill"), runs=5)


def names(found: Sequence[Found]) -> list[Finding]:
    """List what was found."""
    return [one.finding for one in found]


def test_a_record_is_read_as_it_stands() -> None:
    """Each of the three days shows what its beats say, and nothing else."""
    assert set(names(list(of_record(day("deir-ez-zor-2016"))))) == {
        Finding.CLOCK_CONTESTED,
        Finding.PERSON_NOT_ROLE,
        Finding.WORDS_LOST,
        Finding.SILENT_WAIT,
    }
    assert set(names(list(of_record(day("kunduz-2015"))))) == {
        Finding.CLOCK_CONTESTED,
        Finding.ANSWER_WITHOUT_MEANING,
    }
    assert Finding.NEVER_CALLED in names(list(of_record(day("wck-convoy-2024"))))


def test_a_hang_up_after_which_something_was_passed_on_lost_no_words() -> None:
    """Words that were acted on are not lost."""
    scenario = day("deir-ez-zor-2016")
    order = next(beat for beat in scenario.beats if beat.id == "order")
    index = [beat.id for beat in scenario.beats].index("second-call")
    beats = (*scenario.beats[:index], order, *scenario.beats[index:])
    assert Finding.WORDS_LOST not in names(
        list(of_record(replace(scenario, beats=beats)))
    )


def test_a_check_that_does_not_say_what_it_left_out_is_found(drill: Replay) -> None:
    """Clear, with nothing beside it, is never allowed."""
    check = replace(drill.place_check, act="x", separation_m=(0.0, 0.0))
    assert Finding.BARE_CLEAR not in names(list(of_checks([check], ())))
    bare = replace(check, not_checked="")
    assert Finding.BARE_CLEAR in names(list(of_checks([bare], ())))


def test_a_silent_wait_is_found_wherever_a_draw_has_one() -> None:
    """One draw of many is enough, and its share is said."""
    scenario = day(DRILL)
    drawn = play_draws(scenario, 7, 0, 4)
    assert Finding.SILENT_WAIT not in names(
        list(of_draws(scenario, drawn, Play.WITH_LINE))
    )
    drawn[2] = replace(drawn[2], is_silent=True)
    (found,) = [
        one
        for one in of_draws(scenario, drawn, Play.WITH_LINE)
        if one.finding is Finding.SILENT_WAIT
    ]
    assert found.share == 0.25


def test_a_standby_that_was_never_made_an_answer_is_found() -> None:
    """An answer that is neither yes nor no, and stays so."""
    by = Actor(
        party=PartyId("p"),
        desk=DeskId("d"),
        strength=Strength.PASSWORD,
        person=PersonId("duty"),
    )

    def given(*answers: Answer) -> list[Entry]:
        at = t0_of(day(DRILL))
        return [
            Entry(
                at=at,
                realm=Realm.MODEL,
                act=AnswerGiven(call=CallId("stop"), by=by, answer=answer),
            )
            for answer in answers
        ]

    assert names(list(of_answers(given(Answer.STANDBY)))) == [
        Finding.ANSWER_WITHOUT_MEANING
    ]
    assert list(of_answers(given(Answer.STANDBY, Answer.WILCO))) == []


def test_who_decides_faster_than_the_line_is_told_by_the_rules() -> None:
    """No time at all, or fewer seconds than any call needs."""
    assert not can_win(None, is_faster=True)
    assert not can_win(17.0, is_faster=False)
    assert can_win(600.0, is_faster=False)
    assert can_win(None, is_faster=False)


# --- what may never be found -------------------------------------------------


def a_notice_at(text: str, scenario: Scenario) -> Entry:
    """Put a place on the map in an entry."""
    where = Place(
        footprint=Point(position=Position(lon=40.0, lat=35.0), precision_m=10.0),
        text=text,
        format=PlaceFormat.DECIMAL,
    )
    at = t0_of(scenario)
    window = Window(start=at, end=at + scenario.events.end)
    by = Actor(party=PartyId("p"), desk=DeskId("d"), strength=Strength.PASSWORD)
    revision = Revision(number=1, what="x", where=where, window=window)
    act = NoticeFiled(
        notice=NoticeId("n"), owner=PartyId("p"), by=by, revision=revision
    )
    return Entry(at=at, realm=Realm.MODEL, act=act)


def test_a_point_for_a_place_nobody_located_is_found(drill: Replay) -> None:
    """In an entry or on the page: a hill without an edge gets no position."""
    scenario = day("deir-ez-zor-2016")
    clean = list(never_allowed(scenario, drill, ()))
    assert Finding.FALSE_POINT not in names(clean)
    entry = a_notice_at("Jabal Tharda", scenario)
    assert Finding.FALSE_POINT in names(list(never_allowed(scenario, drill, [entry])))
    shown = replace(drill.places[0], text="Kroum hill")
    with_point = replace(drill, places=(shown,))
    assert Finding.FALSE_POINT in names(list(never_allowed(scenario, with_point, ())))


def test_what_is_said_to_be_an_unlocated_place_is_unlocated_too(drill: Replay) -> None:
    """Coordinates a crew radioed, and nobody published, stay words."""
    scenario = day("kunduz-2015")
    radioed = next(one for one in scenario.places if one.id == "coordinates-sent")
    assert not isinstance(radioed.where, Nowhere)
    entry = a_notice_at(radioed.text, scenario)
    assert Finding.FALSE_POINT in names(list(never_allowed(scenario, drill, [entry])))


def test_a_count_of_people_is_found_whatever_it_is_called(drill: Replay) -> None:
    """Events in the unit of the dead are a count of the dead."""
    scenario = day(DRILL)
    assert list(never_allowed(scenario, drill, ())) == []
    counted = replace(drill, scenario=replace(drill.scenario, many="deaths"))
    found = list(never_allowed(scenario, counted, ()))
    assert {one.play for one in found} == {Play.WITH_LINE, Play.AS_RECORDED}
    assert set(names(found)) == {Finding.DEATHS_AVOIDED}


def test_a_question_no_record_settles_is_never_shown_with_one_answer(
    drill: Replay,
) -> None:
    """Intent is shown with every version beside it, or not at all."""
    scenario = day("deir-ez-zor-2016")
    intent = next(fact for fact in scenario.facts if fact.id == "intent")
    whole = replace(drill, facts=(intent,))
    assert Finding.INTENT_DECIDED not in names(list(never_allowed(scenario, whole, ())))
    decided = Fact(
        id=intent.id,
        text=intent.text,
        sources=intent.sources,
        status=FactStatus.STATED,
        settled_by="never",
    )
    found = never_allowed(scenario, replace(drill, facts=(decided,)), ())
    assert Finding.INTENT_DECIDED in names(list(found))


# --- held to the document ----------------------------------------------------


def test_an_expectation_that_is_not_met_is_shown_with_what_came_out(
    drill: Replay,
) -> None:
    """A wait of five minutes was expected, and it was four."""
    scenario = day(DRILL)
    (waits,) = scenario.must_find
    other = replace(scenario, must_find=(replace(waits, value="300"),))
    expected, never = judge(other, drill)
    assert (expected.is_met, expected.got) == (False, "240")
    assert never.is_met
    (met, _) = judge(scenario, drill)
    assert met.is_met


def test_what_must_not_be_found_and_is_is_not_met(drill: Replay) -> None:
    """A must_not_find that is found counts against the replay."""
    scenario = day(DRILL)
    found = Found(play=Play.WITH_LINE, finding=Finding.DEATHS_AVOIDED, says="no")
    judged = judge(scenario, replace(drill, findings=(found,)))
    assert [one.is_met for one in judged] == [True, False]


def test_values_are_compared_as_numbers_where_both_are() -> None:
    """1620 and 1620.0 are one number; nothing is no number at all."""
    assert compares(1620.0, Holds.IS, "1620")
    assert compares(None, Holds.IS, "null")
    assert compares("disagree", Holds.IS, "disagree")
    assert compares("disagree", Holds.IS_NOT, "agree")
    assert compares(4149.8, Holds.AT_LEAST, "4000")
    assert not compares(4149.8, Holds.AT_MOST, "4000")
    assert not compares(None, Holds.AT_LEAST, "0")
    assert compares(value=False, holds=Holds.IS, text="false")


def test_a_path_into_the_result_leads_somewhere_or_nowhere() -> None:
    """Field names and positions; a wrong one gives nothing and never an error."""
    written = {"a": {"b": [1, {"c": 2}]}}
    assert look(written, "a.b.1.c") == 2
    assert look(written, "a.b.7") is None
    assert look(written, "a.x.c") is None
    assert look(written, "a.b.c") is None


def test_the_same_finding_is_said_once() -> None:
    """Two beats that show one thing are two findings; one beat is one."""
    one = Found(play=Play.AS_RECORDED, finding=Finding.SILENT_WAIT, says="x")
    assert distinct([one, one, replace(one, says="y")]) == (one, replace(one, says="y"))


def test_a_drill_with_nobody_to_find_it_is_found_out(tmp_path: Path) -> None:
    """The drill's own expectations are met by playing it, not by being asked."""
    shown = played(DRILL, tmp_path, runs=3)
    assert shown.is_as_expected
    assert Finding.ROLE_REACHED in names(shown.findings)
