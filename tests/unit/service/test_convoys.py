"""Say from an ordinary telephone how far a movement is."""

import pytest

from clearline.model.notice_commands import FileNotice
from clearline.model.notice_details import Personal
from clearline.model.notice_life import MovementState
from clearline.model.notices import NoticeId
from clearline.model.parties import Strength
from notice_forms import a_movement
from telephones import AMALS, BASILS, PIN, SITE, STRANGERS, Exchange

CONVOY = NoticeId("77")


@pytest.fixture
def line():
    """Exchange, and a convoy that the site's own desk filed."""
    made = Exchange()
    site = made.node.picture.notices.get(NoticeId(SITE))
    made.ask(
        FileNotice(
            notice=CONVOY,
            by=site.filed_by,
            revision=a_movement(tells=site.revision.tells, personal=Personal()),
        )
    ).result(0)
    return made


def states(line):
    """List what is known of where it is."""
    return [one.state for one in line.node.picture.notices.get(CONVOY).moves]


def test_a_convoy_says_how_far_it_is(line):
    """Each word moves it on; who said it, and how surely that is known, is kept."""
    for word in ("LEFT", "standing", "LATE", "وصلنا"):
        assert "77:" in line.says(f"{word} {PIN} 77 at the bridge", AMALS)
    assert states(line) == [
        MovementState.DEPARTED,
        MovementState.AT_STOP,
        MovementState.DELAYED,
        MovementState.ARRIVED,
    ]
    last = line.node.picture.notices.get(CONVOY).moves[-1]
    assert (last.by.strength, last.detail) == (Strength.PIN, "at the bridge")


def test_a_delay_says_that_everybody_is_told_again(line):
    """And an arrival does not."""
    line.says(f"LEFT {PIN} 77")
    assert "told again" in line.says(f"LATE {PIN} 77")
    assert "told again" not in line.says(f"ARRIVED {PIN} 77")


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("LEFT 1111 77", AMALS),
        (f"LEFT {PIN} 77", STRANGERS),
        ("LEFT 7391 77", BASILS),
        (f"LEFT {PIN} {SITE}", AMALS),
        (f"LEFT {PIN} 99", AMALS),
        (f"ARRIVED {PIN} 77", AMALS),
    ],
)
def test_who_or_what_cannot_be_moves_nothing(line, words, number):
    """A wrong PIN, a stranger, another party, a site, none, one that never left."""
    reply = line.says(words, number)
    assert "kept" not in reply
    assert states(line) == []


@pytest.mark.parametrize(
    "words",
    [
        "left bank of the river is shelled, stop it",
        "Who will stop them?",
        f"LATE {PIN} 77 they are shelling us stop",
    ],
)
def test_a_stop_among_ordinary_words_rings_all_the_same(line, words):
    """A sentence that begins like a report and asks for a STOP is no report alone."""
    before = len(line.calls())
    line.says(words)
    assert len(line.calls()) == before + 1
