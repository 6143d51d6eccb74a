"""The pages in docs/spec show artefacts that are real, and name what there is.

A block marked `<!-- vector: FILE | CASE | FIELD -->` is that field of that vector.
"""

import json
import re
from pathlib import Path

import pytest

from clearline.ledger.evidence import check_evidence, read_enrolment, read_evidence
from clearline.ledger.header import read_header
from clearline.ledger.report import ABSENT_END, Fault
from clearline.ledger.sealed import find_sealed, read_erasure
from clearline.ledger.tiles import bundles_of, tiles_of

ROOT = Path(__file__).parents[3]
SPEC = ROOT / "docs" / "spec"
VECTORS = ROOT / "tests" / "vectors"
SHOWN = re.compile(
    r"^<!-- vector: (.+?) -->\n```text\n(.*?)^```$", re.DOTALL | re.MULTILINE
)
MARKS = re.compile(r"^<!-- vector: ", re.MULTILINE)
PAGES = sorted(SPEC.glob("*.md"))


def page(name):
    """Read a page."""
    return (SPEC / f"{name}.md").read_text(encoding="utf-8")


def blocks(name, kind):
    """Return the fenced blocks of one kind on a page."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", page(name), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_what_a_page_shows_is_a_vector(path):
    """Whoever copies an artefact from a page has one that verifies."""
    text = path.read_text(encoding="utf-8")
    assert len(SHOWN.findall(text)) == len(MARKS.findall(text))
    for where, shown in SHOWN.findall(text):
        file, name, field, *at = where.split(" | ")
        found = json.loads((VECTORS / file).read_text(encoding="utf-8"))["cases"]
        (case,) = [case for case in found if case["name"] == name]
        value = case[field][int(at[0])] if at else case[field]
        assert shown == value.rstrip("\n") + "\n"


def test_every_page_stands_in_the_index():
    """No specification page is hidden."""
    linked = set(re.findall(r"\]\(([a-z-]+)\.md\)", page("index")))
    assert linked == {path.stem for path in PAGES} - {"index"}


def test_every_fault_is_explained():
    """The words a report uses are all in the index, and no others."""
    told = re.findall(r"^\| `([a-z_]+)` \| ", page("index"), re.MULTILINE)
    assert told == [str(fault) for fault in Fault]


def test_the_absent_end_is_spoken_of():
    """What no verifier can exclude stands in the specification too."""
    said = "an absent end cannot be excluded"
    assert said in ABSENT_END
    assert said in page("index")


def test_the_tiles_shown_are_all_there_are():
    """The page lists every file of a log of 600 entries."""
    (listed,) = blocks("tiles", "text")
    names = [*tiles_of(600), *bundles_of(600)]
    assert listed.split() == ["checkpoint", *(name.path for name in names)]


def test_the_sealed_payloads_shown_are_real():
    """The page's payloads are read as sealed parts and their erasing."""
    named, erasing = (
        read_header(block.encode()) for block in blocks("sealed-parts", "json")
    )
    erasure = read_erasure(erasing)
    assert erasure is not None
    assert list(find_sealed(named.act)) == [erasure.part]


def test_the_evidence_shown_holds():
    """The page's evidence verifies against the page's own passkey."""
    (shown,) = blocks("evidence", "json")
    ((_, entered),) = SHOWN.findall(page("evidence"))
    header = read_header(shown.encode())
    evidence, enrolled = (
        read_evidence(header),
        read_enrolment(read_header(entered.encode())),
    )
    assert evidence is not None
    assert enrolled is not None
    check_evidence(evidence, enrolled[1][0], header)


def test_every_file_of_vectors_is_explained():
    """Whoever implements a format finds which file tests it."""
    told = re.findall(r"^\| `([a-z-]+)\.json` \| ", page("vectors"), re.MULTILINE)
    assert sorted(told) == sorted(path.stem for path in VECTORS.glob("*.json"))
