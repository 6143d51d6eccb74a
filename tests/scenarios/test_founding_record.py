"""The founding text is held whole: nineteen sentences, as claims, with receipts."""

import msgspec
import pytest

from clearline.model.annotation import Holds
from clearline.model.beats import AtPoint, FromOrigin, Nowhere
from clearline.model.caselinks import contested, standing
from clearline.model.claims import (
    MOST_QUOTED_WORDS,
    NEVER,
    Casualties,
    Consequence,
    Control,
    Force,
    Grip,
    Intent,
    LegalBasis,
    LessonSaid,
    Relating,
    Relation,
    RuleSaid,
)
from clearline.model.facts import Comparator, Flag, Modality
from clearline.record.founding import ledgers_of
from clearline.record.opening import read_text
from clearline.record.settling import Decided, Logged, settle
from clearline.replay.library import load
from clearline.rules.coverage import OtherText, cover
from founding import NAME, case, claim, the_text


@pytest.fixture(scope="module")
def ledgers() -> tuple[tuple[Logged, ...], tuple[Logged, ...]]:
    """Play the day once, into two real ledgers."""
    return ledgers_of(NAME)


def test_nineteen_sentences_none_left_out():
    """Every sentence of the text is told, and nothing of it lies outside."""
    found = cover(case(), read_text(the_text()))
    assert found.says == "19/19 sentences, 0 unmapped"
    assert found.is_whole
    assert found.by_claims == tuple(range(1, 20))
    assert [one.mark for one in found.orphans] == [
        "[8]",
        "[14]",
        "[13]",
        "[20]",
        "[29]",
        "[36]",
    ]


def test_what_ships_is_not_the_text():
    """No sentence of the text stands in what ships: no nine words in a row."""
    words = read_text(the_text()).split()
    ours = " ".join(
        " ".join((one.says, *one.quotes, one.reason)) for one in case().claims
    )
    ours = f"{ours} {case().summary}".lower()
    runs = [" ".join(words[at : at + 9]).lower() for at in range(len(words) - 8)]
    assert [run for run in runs if run in ours] == []


def test_an_edited_sentence_is_named():
    """One word changed, and the text is refused, naming the sentence."""
    edited = read_text(the_text()).replace("27 minutes", "26 minutes")
    with pytest.raises(OtherText) as refused:
        cover(case(), edited)
    assert "18 stand where they stood" in refused.value.what
    assert refused.value.what.endswith("as they were: 8.")


def test_sentences_that_moved_are_found_again():
    """A line put in front moves every sentence; each is still known."""
    moved = "Copied by hand.\n\n" + read_text(the_text())
    with pytest.raises(OtherText) as refused:
        cover(case(), moved)
    assert "19 stand elsewhere" in refused.value.what
    assert refused.value.what.endswith("as they were: none.")


def test_the_facts_of_the_day_are_its_claims():
    """Each fact, place and clock reading of the scenario is drawn from the case."""
    scenario = load(NAME).scenario
    says = {one.id: one.says for one in case().claims}
    assert all(says[fact.id] == fact.text for fact in scenario.facts)
    texts = {fact.text for fact in scenario.facts}
    texts |= {rival.text for fact in scenario.facts for rival in fact.rivals}
    told = {one.says for one in case().claims if not isinstance(one.what, Consequence)}
    assert texts == told
    assert {place.id for place in scenario.places} == {p.id for p in case().places}
    assert {reading.id for reading in scenario.clock.readings} <= set(says)


def test_every_sentence_holds_what_it_is_said_to_hold():
    """Where a sentence is said to hold a kind, a claim of that kind comes from it."""
    for sentence in case().text.sentences:
        told = [one for one in case().claims if sentence.number in one.sentences]
        kinds = {one.what.__struct_config__.tag for one in told}
        kinds |= {"place" for one in told if one.places}
        kinds |= {"time" for one in told if one.time}
        kinds |= {"measure" for one in told if one.measure}
        held = {word.value for word in sentence.holds} - {Holds.CLAIM.value}
        assert held <= kinds, sentence.number


def test_the_texts_own_clock_reading_is_the_headline():
    """The reading played is the text's own; the hour's shift is an inference."""
    own, shifted = claim("damascus-text"), claim("shifted-hour")
    assert load(NAME).scenario.clock.headline == own.id
    assert own.time.text == "15:55 to 16:56 Damascus time"
    assert (own.status, shifted.status) == ("stated", "inferred")
    assert own.id in shifted.contradicts


def test_relations_are_kept_with_their_sign():
    """*Never coordinated* is a relation said not to hold; *ally* one that does."""
    never, ally = claim("never-coordinated").what, claim("russia-allied").what
    assert isinstance(never, Relation)
    assert (never.relation, never.is_denied) == (Relating.COORDINATES_WITH, True)
    assert (ally.relation, ally.is_denied) == (Relating.ALLY_OF, False)
    assert claim("removal-sought").what.relation is Relating.SEEKS_REMOVAL_OF
    assert claim("coalition-since-2014").time.edtf == "2014-09/.."


def test_a_rule_that_was_never_in_force_says_so():
    """The veto keeps its conditional, its guarantor and its lost referent."""
    told = claim("veto-foreseen")
    assert isinstance(told.what, RuleSaid)
    assert told.what.force is Force.NEVER_IN_FORCE
    assert (told.what.consent_of, told.what.guarantor) == ("United States", "Russia")
    assert told.modality is Modality.CONDITIONAL
    assert Flag.UNRESOLVED_REFERENT in told.flags


def test_ground_is_held_besieged_and_taken():
    """Who holds what, how it can be reached, and that it changed hands."""
    siege, height = claim("siege").what, claim("height-lost").what
    assert isinstance(siege, Control)
    assert (siege.grip, siege.by) == (Grip.BESIEGED, "ISIL")
    assert "helicopter" in siege.access
    assert (height.holder, height.grip) == ("ISIL", Grip.TAKES)


def test_what_nobody_can_locate_has_no_position():
    """Kroum hill, points 1 and 2, the mountain and the besieged parts have none."""
    places = {place.id: place.where for place in case().places}
    for name in ("kroum-hill", "points-1-and-2", "mountain", "held-parts"):
        assert isinstance(places[name], Nowhere)
    assert set(claim("hill-held").places) == {"kroum-hill", "points-1-and-2"}
    assert set(claim("hill-held").flags) >= {Flag.BETTER_SOURCE_NEEDED}
    assert sum(isinstance(where, AtPoint) for where in places.values()) == 2


def test_a_vague_place_stays_vague():
    """3 to 6 km south-west is a sector with an interval, in which two areas lie."""
    (planned,) = (one for one in case().places if one.id == "planned")
    assert isinstance(planned.where, FromOrigin)
    assert planned.where.range_m.width == 3_000
    assert planned.where.bearing_deg.width == 45
    assert claim("planned-areas").by == ("coalition-investigation",)


def test_who_waited_is_settled_by_receipts(ledgers):
    """Told where, who waited, when, who could stop it: receipts in the ledger."""
    recorded, with_line = ledgers
    on_the_day = {one.question: one for one in settle(case(), recorded)}
    found = {one.question: one for one in settle(case(), with_line)}
    for name in ("told-where", "waited", "how-long", "when", "who-could-stop"):
        assert on_the_day[name].decided is Decided.MISSING
        assert found[name].decided is Decided.FOUND
        assert all(sought.found for sought in found[name].sought)
    assert "told: 3 to 6 km southwest" in found["told-where"].sought[0].found[0].says
    assert found["doubts"].decided is Decided.MISSING
    assert found["how-many-strikes"].decided is Decided.PARTLY


def test_casualties_are_counts_by_source():
    """Every count stands with who says it; the widest covers more than the day."""
    counts = [one for one in case().claims if isinstance(one.what, Casualties)]
    assert len({one.measure.value for one in counts}) == len(counts) >= 8
    bound = claim("killed")
    assert (bound.measure.value, bound.measure.most) == (54, 105)
    assert bound.by == ("al-masdar", "syrian-government")
    assert claim("killed-at-mountain").what.covers_more
    assert {one.id for one in counts if one.what.category == "wounded"}


def test_every_edge_is_somebodys_claim():
    """Each consequence has a source, and either a voice or the reason it is ours."""
    edges = [one for one in case().claims if isinstance(one.what, Consequence)]
    chain = {(one.what.cause, one.what.effect) for one in edges}
    assert chain >= {
        ("siege", "hill-held"),
        ("strikes", "height-lost"),
        ("strikes", "truce-ended"),
        ("strikes", "council-called"),
    }
    for one in edges:
        assert one.sources
        assert one.by or one.reason or one.sentences


def test_quoted_words_are_few():
    """Quotations are the words a claim is about, and come from the text."""
    said = " ".join(read_text(the_text()).split())
    quotes = [quote for one in case().claims for quote in one.quotes]
    assert len(quotes) >= 10
    for quote in quotes:
        assert len(quote.split()) <= MOST_QUOTED_WORDS
        assert quote in said


def test_a_decision_faster_than_the_line_is_attributed():
    """The crews' haste is a spokesman's word, and nobody says whose spokesman."""
    told = claim("no-time-to-ask")
    (voice,) = (one for one in case().voices if one.id == told.by[0])
    assert voice.of == ""
    assert told.modality is Modality.QUOTED
    (decision,) = load(NAME).scenario.decision_times
    assert decision.facts == (told.id,)


def test_intent_is_never_decided(ledgers):
    """Every claim of intent stands; no ledger decides between them."""
    meant = [one for one in case().claims if isinstance(one.what, Intent)]
    assert len(meant) >= 7
    assert len([one for one in meant if 15 in one.sentences]) == 3
    questions = {one.id: one for one in case().questions}
    assert questions["deliberate"].settled_by == NEVER
    for entries in ledgers:
        decided = {one.question: one.decided for one in settle(case(), entries)}
        assert decided["deliberate"] is Decided.NEVER
        assert decided["how-many-killed"] is Decided.NEVER


def test_characterisation_stands_beside_what_it_characterises():
    """*A stunt* is what one voice calls another's words, and contradicts nothing."""
    stunt = claim("stunt")
    assert stunt.characterises == ("council-words",)
    assert stunt.quotes == ("a stunt",)
    assert "stunt" not in contested(case().claims)


def test_what_lost_its_referent_stays_so():
    """*The corridor*, *the report*, *the spokesman* are filled in nowhere."""
    lost = {(one.sentence, one.words) for one in case().text.unresolved}
    assert {(3, "The agreement"), (12, "the spokesman"), (16, "the corridor")} <= lost
    assert (18, "the report") in lost
    for name in ("corridor-fear", "good-faith", "no-time-to-ask", "veto-foreseen"):
        assert Flag.UNRESOLVED_REFERENT in claim(name).flags


def test_numbers_keep_how_they_are_meant():
    """More than 9,000 is a bound, by an unnamed diplomat through an agency."""
    told = claim("nine-thousand")
    assert (told.measure.comparator, told.measure.value) == (
        Comparator.MORE_THAN,
        9_000,
    )
    assert told.by == ("russian-agency", "unnamed-diplomat")


def test_a_legal_basis_names_no_nation_the_text_does_not():
    """*All nations involved* is not turned into a list of nations."""
    told = claim("lawful")
    assert isinstance(told.what, LegalBasis)
    assert told.what.nations == ()
    assert len(told.what.basis) == 2


def test_lessons_have_no_invented_owner():
    """Lessons were listed; whose they are the text does not say, nor do we."""
    lessons = [one for one in case().claims if isinstance(one.what, LessonSaid)]
    assert len(lessons) == 2
    assert all(one.what.owner == one.what.due == "" for one in lessons)
    assert claim("interviews").measure.value == 70


def test_words_stay_neutral():
    """No version is called true, and the house's forbidden word is not in it."""
    told = msgspec.json.encode(case()).decode().lower()
    assert "targ" + "et" not in told
    assert "intent is contested" in told
    assert standing(case().claims) == case().claims
