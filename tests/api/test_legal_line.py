"""The legal line goes with every notice, and no word of the line reads as a permit."""

import re
from collections.abc import Iterator

import msgspec
import pytest

from clearline.model.notice_life import (
    Attached,
    Disposition,
    Facilitation,
    MovementState,
    NoticeTelling,
    Routing,
    Status,
)
from clearline.model.notice_seen import NoticeSeen
from clearline.model.notices import LEGAL_LINE, Precision
from clearline.rules.notice_sheet import SHORT_FORM, sheet_of, short_form
from clearline.web.api import drafts, notices
from clearline.wire.forms.notices import PersonalShown

PERMITS = re.compile(
    r"approv|permi(t|ss)|authori[sz]|clear(ed|ance)|grant|allow|licen[cs]|green light",
    re.IGNORECASE,
)
WITHOUT = (PersonalShown, Attached)
"""What is no notice: numbers of one's own, and a file's hash."""
GIVES = [
    (one.name, one.gives)
    for one in (*notices.ENDPOINTS, *drafts.ENDPOINTS)
    if one.gives is not None and one.gives not in WITHOUT
]


def seen(level: Precision) -> NoticeSeen:
    """A notice as somebody may know it, with a very long name."""
    return NoticeSeen(
        id="n" * 90,
        owner="north",
        call="north-ops",
        level=level,
        number=1,
        status=Status.FORWARDED,
    )


@pytest.mark.parametrize(("name", "gives"), GIVES)
def test_every_answer_about_notices_carries_the_legal_line(name, gives):
    """It is a field of the form, and its default is the line itself."""
    fields = {field.name: field for field in msgspec.structs.fields(gives)}
    assert fields["legal"].default == LEGAL_LINE, name


@pytest.mark.parametrize(
    "words", [Status, Disposition, Routing, MovementState, Facilitation, NoticeTelling]
)
def test_no_status_reads_as_a_permit(words):
    """Not of a notice's life, nor of what a recipient does, nor how it went."""
    assert [str(word) for word in words if PERMITS.search(word)] == []


def sentences(endpoint) -> Iterator[str]:
    """Every sentence that describes an operation."""
    yield from re.split(r"(?<=[.;:])\s", f"{endpoint.does} {endpoint.says}")


@pytest.mark.parametrize("endpoint", notices.ENDPOINTS, ids=lambda one: one.name)
def test_no_operation_reads_as_asking_for_a_permit(endpoint):
    """What is said of it says, if anything, that it is none."""
    for sentence in sentences(endpoint):
        assert not PERMITS.search(sentence) or "No answer is a permission" in sentence


@pytest.mark.parametrize("level", list(Precision))
def test_what_leaves_on_paper_carries_it_whole(level):
    """Sheet and short form end with it, and the short form is short all the same."""
    assert sheet_of(seen(level), "north-ops").rstrip().endswith(LEGAL_LINE)
    written = short_form(seen(level))
    assert written.endswith(LEGAL_LINE)
    assert len(written) <= SHORT_FORM


def test_the_forms_that_are_looked_at_are_all_there_are():
    """A new operation that gives a notice is looked at, or named as giving none."""
    assert len(GIVES) > 15
