"""A case file is read whole, or every mistake is said with its line and column."""

import re

import pytest

from clearline.wire.casefiles import CaseMistake, read_case, write_case
from docs.written import CASE_FORMAT
from founding import case as founding

SMALL = re.search(r"```yaml\n(.*?)```", CASE_FORMAT, re.DOTALL)[1]


def refused(text: str) -> str:
    """Return what is said about a document that is none."""
    with pytest.raises(CaseMistake) as caught:
        read_case(text.encode(), "drill.yaml")
    assert "No case was opened" in str(caught.value)
    return str(caught.value)


def test_the_example_of_the_page_is_a_case():
    """What the page shows first reads as it is."""
    case = read_case(SMALL.encode(), "drill.yaml")
    assert [claim.id for claim in case.claims] == ["four-minutes", "no-wait"]


def test_what_is_written_reads_back():
    """The founding case, written as JSON, is the same case again."""
    assert read_case(write_case(founding()), "again.json") == founding()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[log]", "[lag]", "found `lag`, which no source is called"),
        ("{is: event}", "{is: even}", "found `even`; expected one of"),
        ("contradicts: [four-minutes]", "contradictz: [x]", "did you mean `contradi"),
        ("id: no-wait", "id: four-minutes", "four-minutes`, which points at itself"),
        ("asks: How", "because: x\n    asks: How", "`because` beside"),
        ("entry: acknowledged", "entry: acknowleged", "did you mean `acknowledged`?"),
        ("format: clearline-case/1", "format: clearline-case/2", "1:9: found"),
        ("    answers: [waited]\n", "    answers: [waited]\n    sentences: [1]\n", "2"),
    ],
)
def test_a_mistake_is_placed(old, new, said):
    """What stands there and what was expected, where an editor can jump to."""
    assert old in SMALL
    assert said in refused(SMALL.replace(old, new))


def test_circular_links_are_named():
    """Two claims that correct each other are both told, and nothing hangs."""
    text = SMALL.replace(
        "    contradicts: [four-minutes]\n", "    refines: [four-minutes]\n"
    )
    text = text.replace(
        "    sources: [log]\n", "    sources: [log]\n    refines: [no-wait]\n"
    )
    said = refused(text)
    assert "`four-minutes`, whose links in the end lead back to it" in said
    assert "`no-wait`, whose links in the end lead back to it" in said


def test_a_circle_of_consequences_is_named():
    """Nothing is said to have caused itself."""
    edge = (
        "  - {{id: {0}, says: x, sources: [log], "
        "what: {{is: consequence, cause: {1}, effect: {2}}}}}\n"
    )
    text = SMALL + edge.format("e", "four-minutes", "no-wait")
    read_case(text.encode(), "drill.yaml")
    said = refused(text + edge.format("f", "no-wait", "four-minutes"))
    assert "which in the end causes itself" in said


def test_a_claim_is_corrected_once():
    """The second of two people who correct one claim is told of the first."""
    more = (
        "  - {{id: {0}, says: x, sources: [log], what: {{is: event}}, "
        "corrects: no-wait}}\n"
    )
    said = refused(SMALL + more.format("a") + more.format("b"))
    assert "`no-wait`, which `a` corrects already; expected a correction of `a`" in said


def test_annotations_that_overlap_are_refused():
    """Two sentences share no character."""
    digest = "a" * 64
    text = SMALL + (
        f"text:\n  title: t\n  sha256: {digest}\n  length: 50\n  sentences:\n"
        f"    - {{number: 1, start: 0, end: 20, sha256: {digest}}}\n"
        f"    - {{number: 2, start: 19, end: 40, sha256: {digest}}}\n"
    )
    assert "sentence 2 from 19, before sentence 1 ends at 20" in refused(text)
    read_case(text.replace("start: 19", "start: 20").encode(), "drill.yaml")
    assert "in place 1" in refused(
        text.replace("start: 19", "start: 20").replace("number: 1", "number: 3")
    )
    apart = text.replace("start: 19", "start: 20")
    assert "before the end of what stands" in refused(
        apart.replace("length: 50", "length: 9")
    )
