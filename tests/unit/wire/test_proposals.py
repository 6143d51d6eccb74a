"""A helper proposes where to cut and what to look at; it maps nothing."""

import pytest

from clearline.wire.proposals import look, propose

TEXT = (
    "River incident\n\n"
    '[4] Gen. A. B. Miller of the U.S. side said at 5 p.m. that "nothing was hit".[2] '
    "At least 12 rounds fell 3 to 6 km southwest of the Old airfield in May 2026!\n\n"
    "[better source needed] Was anybody told? It ended on 3 May 2026.\n"
)


def cut() -> list[str]:
    """Return the sentences proposed."""
    found = propose("x", TEXT)
    return [TEXT[one.start : one.end] for one in found.sentences]


def test_sentences_end_where_they_end():
    """Initials, abbreviations and hours end none; marks in front stand apart."""
    said = cut()
    assert len(said) == 4
    assert said[0].startswith("Gen. A. B. Miller")
    assert said[0].endswith('hit".[2]')
    assert said[2] == "Was anybody told?"


def test_headings_and_marks_stand_apart():
    """A line without an end is a heading; a number in brackets cites."""
    marks = [(one.kind, one.mark) for one in propose("x", TEXT).apart]
    assert marks == [
        ("heading", ""),
        ("citation", "[4]"),
        ("citation", "[2]"),
        ("note", "[better source needed]"),
    ]


def test_nothing_is_mapped_and_nothing_missed():
    """Every sentence waits for a person; whatever is left over is white space."""
    found = propose("x", TEXT)
    assert not any(one.holds or one.because for one in found.sentences)
    spans = [(one.start, one.end) for one in (*found.sentences, *found.apart)]
    left = [c for at, c in enumerate(TEXT) if not any(a <= at < b for a, b in spans)]
    assert "".join(left).strip() == ""


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("quotation", '"nothing was hit"'),
        ("time", "5 p.m."),
        ("number", "At least 12"),
        ("place", "3 to 6 km southwest of the Old airfield"),
        ("date", "3 May 2026"),
    ],
)
def test_what_may_be_looked_at_is_pointed_to(kind, words):
    """Quotations, hours, bounds, bearings and dates, by their characters alone."""
    found = [
        TEXT[one.start : one.end]
        for one in look(propose("x", TEXT), TEXT)
        if one.looks_like == kind
    ]
    assert words in found


def test_an_empty_text_has_no_sentence():
    """Nothing is proposed where nothing stands."""
    assert propose("x", " \n\n ").sentences == ()
