"""The shipped scenarios, checked against code before any is run."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import clearline.replay
from clearline.geo.origins import find_origins
from clearline.geo.reading import read_place
from clearline.geo.separation import located, separation
from clearline.model.beats import AtPoint, BeatKind, FromOrigin, Nowhere, SameAs
from clearline.model.cast import Step
from clearline.model.errors import BadInput
from clearline.model.facts import Fact
from clearline.model.instants import Duration
from clearline.model.places import (
    FactStatus,
    NamedOrigin,
    Position,
    Sector,
)
from clearline.model.scenarios import CheckPlace, CheckSite, Finding, Raise, Scenario
from clearline.model.what_if import default, find_knob, turn
from clearline.replay.library import load

FOLDER = Path(clearline.replay.__file__).parent / "scenarios"
NAMES = ("deir-ez-zor-2016", "kunduz-2015", "wck-convoy-2024")
MINUTE = Duration(minutes=1)


def read(name: str) -> Scenario:
    """Read a shipped scenario."""
    return load(name).scenario


@pytest.fixture(scope="module", params=NAMES)
def scenario(request) -> Scenario:
    """Give each shipped scenario in turn."""
    return read(request.param)


@pytest.fixture(scope="module")
def founding() -> Scenario:
    """Give the founding scenario."""
    return read("deir-ez-zor-2016")


def fact(scenario: Scenario, name: str) -> Fact:
    """Return a fact by its id."""
    return next(one for one in scenario.facts if one.id == name)


def beat_at(scenario: Scenario, name: str) -> Duration:
    """Return when a beat happened."""
    return next(beat.at for beat in scenario.beats if beat.id == name)


def structs(value: object) -> Iterator[msgspec.Struct]:
    """Walk every struct of a scenario."""
    if isinstance(value, tuple):
        for item in value:
            yield from structs(item)
    elif isinstance(value, msgspec.Struct):
        yield value
        for field in value.__struct_fields__:
            yield from structs(getattr(value, field))


def test_what_ships_is_what_is_tested():
    """No document ships unread."""
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(NAMES)


def test_a_document_is_called_as_it_calls_itself(scenario):
    """The name on the command line is the name in the document."""
    assert scenario.name in NAMES


def test_every_fact_has_a_source_and_a_status(scenario):
    """Nothing is said without saying who says it and how well it stands."""
    known = {source.id for source in scenario.sources}
    for one in scenario.facts:
        assert set(one.sources) <= known
        assert one.sources
        assert one.status in set(FactStatus)
        for rival in one.rivals:
            assert rival.sources
            assert rival.status in set(FactStatus)


def test_every_source_is_used(scenario):
    """A source nobody cites is not listed."""
    used = {
        source
        for struct in structs(scenario)
        for source in getattr(struct, "sources", ())
        if isinstance(source, str)
    }
    assert used == {source.id for source in scenario.sources}


def test_every_fact_is_used_or_comes_from_the_founding_text(scenario):
    """Facts are there for a beat, a place, a model or a row of the founding text."""
    used = {
        name
        for struct in structs(scenario)
        for field in ("facts", "rests_on")
        for name in getattr(struct, field, ())
        if isinstance(name, str)
    }
    left = {one.id for one in scenario.facts if one.id not in used}
    left -= {one.id for one in scenario.facts if one.sentences or one.rivals}
    assert left <= CONTEXT[scenario.name]


CONTEXT = {
    "deir-ez-zor-2016": {
        "swapped-origin",
        "told-displacement",
        "call-was-needed",
        "lesson-line",
        "truce-ended",
    },
    "kunduz-2015": {"killed", "anyone-may-stop"},
    "wck-convoy-2024": {"seven-killed", "logo-unseen", "survivors-changed-cars"},
}
"""Facts that stand for themselves, because the day cannot be told without them."""


def test_what_is_recalled_is_not_stated(scenario):
    """What rests on memory alone is unverified, or an inference from it."""
    recalled = {source.id for source in scenario.sources if source.is_recalled}
    for struct in structs(scenario):
        sources = set(getattr(struct, "sources", ()))
        if sources and sources <= recalled:
            assert struct.status == "unverified"


def test_an_inference_says_what_it_follows_from(scenario):
    """An inference gives its reason and the facts it rests on."""
    for one in scenario.facts:
        if one.status is FactStatus.INFERRED:
            assert one.reason
            assert one.rests_on


def test_the_days_events_add_up(scenario):
    """Parts make the whole: their numbers, their times, their edges."""
    events = scenario.events
    known = sum(part.count or 0 for part in events.parts)
    open_parts = [part for part in events.parts if part.count is None]

    assert known <= events.total
    assert bool(open_parts) or not events.parts or known == events.total
    length = sum((part.end - part.start for part in events.parts), Duration(0))
    assert not events.parts or length == events.end - events.start


def test_the_recorded_beats_lie_within_the_day(scenario):
    """T0 is the first event, and the last beat of the events is their end."""
    kinds = {beat.kind: beat.at for beat in scenario.beats}
    assert kinds[BeatKind.FIRST_EVENT] == Duration(0)
    assert kinds[BeatKind.LAST_EVENT] == scenario.events.end


def test_the_headline_clock_has_the_length_of_the_day(scenario):
    """The reading played lasts as long as the events do."""
    headline = next(
        reading
        for reading in scenario.clock.readings
        if reading.id == scenario.clock.headline
    )
    assert headline.end - headline.start == scenario.events.end


def test_numbers_of_a_model_say_what_they_are(scenario):
    """Each response gives a status and a reason, and all delays are there apart."""
    for response in scenario.responses:
        assert response.reason
    steps = {response.step for response in scenario.responses}
    has_time = all(
        act.at is not None for act in scenario.with_line.acts if isinstance(act, Raise)
    )
    assert steps | ({Step.NOTICE} if has_time else set()) == set(Step)


def test_every_assumption_of_a_play_is_listed_and_varied(scenario):
    """What is taken for granted is said; what can be varied names its knobs."""
    assumed = {name for act in scenario.with_line.acts for name in act.assumes}
    assumed |= set(scenario.with_line.assumes)
    assert assumed == {one.id for one in scenario.assumptions}
    assert any(one.varied_by for one in scenario.assumptions)


def test_every_knob_turns_to_both_ends_and_back(scenario):
    """The range of a knob is reachable, and its default lies inside."""
    for knob in scenario.what_if:
        for value in filter(None, (knob.least, knob.most, *knob.choices)):
            assert turn(scenario, knob.id, value) is not None
        back = turn(scenario, knob.id, default(scenario, find_knob(scenario, knob.id)))
        assert back == scenario


def test_adverse_casts_change_the_day(scenario):
    """An adverse cast differs from the day as modelled; the usual four are there."""
    for cast in scenario.adverse:
        worse = scenario
        for setting in cast.settings:
            worse = turn(worse, setting.knob, setting.value)
        assert worse != scenario
    assert {cast.id for cast in scenario.adverse} >= {
        "insists-and-hangs-up",
        "nobody-on-watch",
        "wrong-language",
        "courier-dead",
    }


def test_limits_are_said(scenario):
    """Each day says where the line would not have helped, and why."""
    assert scenario.limits
    assert all(limit.reason for limit in scenario.limits)


def test_what_must_never_be_found_is_named(scenario):
    """No lives are counted, nothing is said on intent, no name gets a position."""
    never = {expectation.finding for expectation in scenario.must_not_find}
    assert never >= {
        Finding.DEATHS_AVOIDED,
        Finding.INTENT_DECIDED,
        Finding.FALSE_POINT,
        Finding.SILENT_WAIT,
    }


def test_no_outcome_of_the_model_is_wished_for(scenario):
    """No expectation puts a number on what the model brings out."""
    for expectation in scenario.must_find:
        assert not expectation.look_at.startswith("with_line.")


def test_people_are_roles_and_pseudonyms(scenario):
    """No person carries a name: titles are lower-case words of a role."""
    for person in scenario.cast.people:
        assert person.title[0].islower() or person.title.startswith("the ")


def test_words_stay_neutral():
    """The story takes no side, and the house's forbidden word is not in it."""
    for name in NAMES:
        text = (FOLDER / f"{name}.yaml").read_text()
        assert not re.search(r"\btarget", text, re.IGNORECASE)
        assert "not notifying removes none" in text


# --- places ------------------------------------------------------------------


def origins(scenario: Scenario) -> tuple[NamedOrigin, ...]:
    """Return the scenario's named origins as the place reader takes them."""
    return tuple(
        NamedOrigin(
            name=place.name,
            kind=place.kind,
            aliases=place.aliases,
            position=Position(lon=place.where.lon, lat=place.where.lat),
            precision_m=place.where.precision_m,
            status=place.status,
        )
        for place in scenario.places
        if isinstance(place.where, AtPoint)
    )


def sector(scenario: Scenario, name: str, *, origin: str = "") -> Sector:
    """Return the sector a place was put into, from its own or another origin."""
    places = {place.id: place for place in scenario.places}
    where = places[name].where
    at = places[origin or where.origin].where
    return Sector(
        origin=Position(lon=at.lon, lat=at.lat),
        bearing_deg=where.bearing_deg,
        range_m=where.range_m,
    )


def test_where_a_place_is_put_agrees_with_its_words(scenario):
    """The place reader finds in the words what the document says they come to."""
    named = origins(scenario)
    for place in scenario.places:
        if isinstance(place.where, AtPoint):
            (reading,) = read_place(place.text, named)
            at = reading.place.footprint.position
            assert (at.lon, at.lat) == (place.where.lon, place.where.lat)
        elif isinstance(place.where, FromOrigin):
            (reading,) = read_place(place.text, named)
            read, put = reading.place.footprint, sector(scenario, place.id)
            assert read.origin == put.origin
            assert read.bearing_deg.holds(put.bearing_deg.least)
            assert read.bearing_deg.holds(put.bearing_deg.most)
            assert read.range_m == put.range_m


def test_no_position_is_invented(scenario):
    """Only named origins have positions, and these are recalled, so unverified."""
    for place in scenario.places:
        assert isinstance(place.where, AtPoint | FromOrigin | SameAs | Nowhere)
        if isinstance(place.where, AtPoint):
            assert place.status is FactStatus.UNVERIFIED
            assert scenario.name == "deir-ez-zor-2016"
        if isinstance(place.where, Nowhere):
            assert place.where.because


def test_checked_places_are_there(scenario):
    """What a play compares is a place of the day."""
    for act in scenario.with_line.acts:
        if isinstance(act, CheckPlace):
            assert act.told != act.meant
        if isinstance(act, CheckSite):
            assert act.planned != act.site


# --- 17 September 2016 -------------------------------------------------------


def test_the_founding_strikes_add_up(founding):
    """37 strikes: 15 in the wait, 22 outside it, split by nobody."""
    total = fact(founding, "strikes-total").measure.value
    waiting = fact(founding, "strikes-while-waiting").measure.value
    outside = fact(founding, "strikes-outside-wait").measure.value

    assert (total, waiting, outside) == (37, 15, 22)
    assert waiting + outside == total == founding.events.total
    parts = {part.id: part for part in founding.events.parts}
    assert parts["while-waiting"].count == waiting
    assert parts["before-call"].count is None
    assert parts["after-contact"].count is None


def test_the_founding_times_add_up(founding):
    """29 minutes, a wait of 27 and a stop within 5 make the 61."""
    call, contact = beat_at(founding, "first-call"), beat_at(founding, "contact")
    wait = fact(founding, "wait").measure.value
    stop = fact(founding, "stop-after-contact").measure.value
    notice = fact(founding, "first-call-time").measure.value

    assert contact - call == wait * MINUTE == 27 * MINUTE
    assert call == notice * MINUTE
    assert founding.events.end - contact <= stop * MINUTE
    assert notice + wait + stop == fact(founding, "duration").measure.value == 61
    assert founding.events.end == 61 * MINUTE
    part = next(p for p in founding.events.parts if p.id == "while-waiting")
    assert (part.start, part.end) == (call, contact)


def test_both_clock_readings_are_kept(founding):
    """The text's own reading is the headline; an hour later stands beside it."""
    readings = {reading.id: reading for reading in founding.clock.readings}
    text, shifted = readings["damascus-text"], readings["shifted-hour"]

    assert founding.clock.headline == text.id
    assert (text.status, shifted.status) == (FactStatus.CONTESTED, FactStatus.INFERRED)
    assert shifted.start - text.start == Duration(hours=1)
    assert shifted.end - text.end == Duration(hours=1)
    assert "15:55" in text.text
    assert len(readings) == 4


def test_every_sentence_of_the_founding_text_has_a_fact(founding):
    """Nineteen sentences, each with at least one fact that comes from it."""
    sentences = {number for one in founding.facts for number in one.sentences}
    assert sentences == set(range(1, 20))


def test_the_founding_places_are_told_as_the_decisions_have_them(founding):
    """Told: 4 to 9 km from the planned sector. From the city: inside it."""
    told, planned = sector(founding, "told"), sector(founding, "planned")
    apart = separation(located(told), located(planned))
    assert 4_000 < apart.least < 4_200
    assert 8_600 < apart.most < 8_800

    from_city = sector(founding, "told", origin="city")
    assert separation(located(from_city), located(planned)).least == 0
    inferred = fact(founding, "told-displacement").measure
    assert inferred.value * 1000 == pytest.approx(apart.least, abs=100)
    assert inferred.most * 1000 == pytest.approx(apart.most, abs=100)


def test_the_rival_origin_goes_by_the_same_name(founding):
    """City and airfield share a name, which is how one is taken for the other."""
    assert len(find_origins("Deir ez-Zor", origins(founding))) == 2
    assert len(find_origins("the airfield", origins(founding))) == 1


def test_a_decision_faster_than_the_line_is_declared(founding):
    """Crews without time to ask: declared by their own side, with no number."""
    (decision,) = founding.decision_times
    assert decision.is_faster_than_line
    assert decision.decides_in_s is None


def test_intent_is_contested_and_never_settled(founding):
    """Every version of intent stands, and no record is said to decide it."""
    intent = fact(founding, "intent")
    assert intent.status is FactStatus.CONTESTED
    assert len(intent.rivals) == 5
    assert intent.settled_by == "never"
    assert "intent is contested" in " ".join(founding.story.split())


# --- the other two days ------------------------------------------------------


def test_the_kunduz_times_add_up():
    """12 minutes to the call, 17 to the decision, 29 of firing; an hour beside it."""
    kunduz = read("kunduz-2015")
    call, reached = beat_at(kunduz, "call-to-bagram"), beat_at(kunduz, "understands")

    assert call == fact(kunduz, "notice-delay").measure.value * MINUTE
    assert reached - call == fact(kunduz, "wait").measure.value * MINUTE == 17 * MINUTE
    assert reached == kunduz.events.end == 29 * MINUTE
    assert kunduz.events.total == fact(kunduz, "rounds").measure.value == 211
    assert [rival.measure.value for rival in fact(kunduz, "firing-length").rivals] == [
        60
    ]
    longer = turn(kunduz, "firing-end", "T+60:00")
    assert longer.events.end == 60 * MINUTE


def test_local_times_of_kunduz_are_half_an_hour_off_the_full():
    """Every told time, read in UTC+4:30, is its beat's offset from T0."""
    kunduz = read("kunduz-2015")
    start = kunduz.clock.readings[0].start
    seen = 0
    for beat in kunduz.beats:
        for name in beat.facts:
            time = fact(kunduz, name).time
            if beat.at is not None and time is not None and time.start is not None:
                assert time.start - start == beat.at, beat.id
                local = time.start + Duration(hours=4, minutes=30)
                assert time.text == f"{local:%H:%M}"
                seen += 1
    assert seen >= 8


def test_nobody_called_in_2024():
    """No stop call was made: the record has no call, and says so."""
    convoy = read("wck-convoy-2024")
    assert convoy.as_recorded.call is None
    assert convoy.as_recorded.reached is None
    assert BeatKind.CALL not in {beat.kind for beat in convoy.beats}
    assert fact(convoy, "never-called").status is FactStatus.INFERRED
    (part,) = convoy.events.parts
    assert part.at == (Duration(0), 2 * MINUTE, 4 * MINUTE)
    assert fact(convoy, "strike-times").status is FactStatus.UNVERIFIED


def test_what_nobody_located_is_no_place_to_the_reader(scenario):
    """The words of an unlocated place are refused, never taken for a point."""
    for place in scenario.places:
        if isinstance(place.where, Nowhere):
            with pytest.raises(BadInput):
                read_place(place.text, origins(scenario))
