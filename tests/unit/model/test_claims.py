"""A claim that says less than its kind needs cannot be built."""

import pytest

from clearline.model.casefiles import FORMAT, CaseFile, Withdrawal
from clearline.model.caselinks import contested, heads, on_circles, orphaned, standing
from clearline.model.claims import (
    Casualties,
    Category,
    Claim,
    Consequence,
    Control,
    Count,
    Event,
    Grip,
    Need,
    Question,
    When,
    Where,
)
from clearline.model.facts import (
    Comparator,
    Measure,
    Modality,
    Source,
    SourceKind,
    Unfit,
)
from clearline.model.places import FactStatus


def make(name="one", **fields):
    """Make an event claim with one source."""
    given = {"says": "It rained.", "what": Event(), "sources": ("log",), **fields}
    return Claim(id=name, **given)


@pytest.mark.parametrize(
    "what",
    [
        Count(),
        When(),
        Where(),
        Control(holder="north", grip=Grip.HOLDS),
        Casualties(category=Category.KILLED, whose="north"),
    ],
    ids=lambda what: what.__struct_config__.tag,
)
def test_a_kind_comes_with_what_it_needs(what):
    """A count has its number, a time its time, a place its place."""
    with pytest.raises(Unfit) as refused:
        make(what=what)
    assert refused.value.field == "what"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"sources": ()}, "sources"),
        ({"status": FactStatus.CONTESTED}, "status"),
        ({"status": FactStatus.INFERRED}, "status"),
        ({"modality": Modality.QUOTED}, "modality"),
        ({"quotes": ("word " * 13,)}, "quotes"),
        ({"quotes": (" ",)}, "quotes"),
        ({"contradicts": ("one",)}, "id"),
        ({"what": Consequence(cause="one", effect="two")}, "id"),
    ],
)
def test_what_a_claim_may_not_say(fields, field):
    """No source, a contest by its own word, a quotation that is a sentence: refused."""
    with pytest.raises(Unfit) as refused:
        make(**fields)
    assert refused.value.field == field


def test_never_says_why_and_names_no_receipt():
    """A question no line decides gives its reason; any other names its receipts."""
    need = Need(entry="rang", shows="who")
    assert Question(id="q", asks="?", settled_by="never", because="No.").because
    for wrong in (
        {"settled_by": "never"},
        {"because": "No."},
        {"settled_by": "a log"},
        {"needs": (need,)},
        {"settled_by": "never", "because": "No.", "needs": (need,)},
    ):
        with pytest.raises(Unfit):
            Question(id="q", asks="?", **wrong)


def test_contested_follows_from_the_links_of_what_stands():
    """Both ends are contested, until a correction takes one of them away."""
    one, two = make("one"), make("two", contradicts=("one",))
    assert contested((one, two)) == {"one", "two"}
    three = make("three", corrects="two")
    assert contested((one, two, three)) == frozenset()
    assert [claim.id for claim in standing((one, two, three))] == ["one", "three"]


def test_versions_lead_to_the_claim_they_are_versions_of():
    """A version of a version is a version; a refinement stands for itself."""
    claims = (
        make("one"),
        make("two", contradicts=("one",)),
        make("three", characterises=("two",)),
        make("four", refines=("one",)),
    )
    assert heads(claims) == {
        "one": "one",
        "two": "one",
        "three": "one",
        "four": "four",
    }


def test_a_circle_of_links_is_found_however_long():
    """What points at nothing drops away; a circle and what leads into it stays."""
    links = {"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"], "e": ["f"], "f": []}
    assert on_circles(links) == {"a", "b", "c", "d"}
    line = {str(n): [str(n + 1)] for n in range(20_000)}
    assert on_circles(line) == frozenset()


def test_a_withdrawn_source_takes_no_claim_away():
    """Claims stay; those that rest on nothing else are marked."""
    source = {"title": "t", "date": "d", "kind": SourceKind.PRESS, "leaning": "none"}
    case = CaseFile(
        format=FORMAT,
        name="x",
        title="X",
        summary="s",
        legal="l",
        sources=(Source(id="log", **source), Source(id="note", **source)),
        claims=(make("one"), make("two", sources=("log", "note"))),
        withdrawn=(Withdrawal(source="log", why="Its author took it back."),),
    )
    assert orphaned(case) == {"one"}
    assert len(standing(case.claims)) == 2


def test_a_bound_needs_both_ends():
    """`between` without its upper end is no number."""
    with pytest.raises(Unfit):
        make(
            what=Count(),
            measure=Measure(value=1, unit="x", comparator=Comparator.BETWEEN),
        )
