"""An exercise is a document: the valley holds together, a broken one says where."""

from importlib import resources
from pathlib import Path

import pytest

from clearline.exercise import document, staging
from clearline.model.calls import Kind, Precedence
from clearline.model.instants import Duration, parse_instant
from clearline.model.notices import NoticeId
from clearline.model.parties import DeskId

START = parse_instant("2026-03-01T12:00:00Z")


def text():
    """Return the valley's document."""
    folder = resources.files("clearline.exercise") / "scenarios"
    return (folder / "valley.yaml").read_text(encoding="utf-8")


def test_the_valley_holds_together_and_tells_what_the_first_minute_shows():
    """A conflict twelve minutes on, and a FLASH twelve seconds on."""
    valley = document.load("valley")
    (call,) = valley.calls
    assert (call.call, call.precedence) == (Kind.STOP, Precedence.FLASH)
    assert call.at == Duration(seconds=12)
    shoot = next(one for one in valley.notices if one.id == "kilo")
    assert shoot.start == Duration(minutes=12)
    filed = {one.notice: one for one in staging.filed(valley, START)}
    road = filed[NoticeId("convoy")].revision.shape
    assert road.passages[1].eta == START + Duration(minutes=13)
    assert filed[NoticeId("clinic")].revision.consents[0].desk == "valley-ops"
    assert not filed[NoticeId("kilo")].revision.consents  # one's own side's
    assert staging.player(valley, DeskId("valley-ops")) is None
    assert staging.player(valley, DeskId("battery")).person == "battery-1"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("under: valley-ops", "under: valley-opps", "did you mean `valley-ops`?"),
        ("by: relief-1", "by: nobody", "found `nobody`; expected one of `battery-1`"),
        ("about: clinic", "about: mill", "found `mill`; expected one of `clinic`"),
        ("at: T+00:12", "at: 12 s", "found `12 s`; expected an offset"),
        ("kind: site", "kind: sight", "did you mean `site`?"),
        ("confidence: 3", "confidence: 4", "expected 1, 2 or 3"),
        ("    at: T+00:12\n", "", "no `at`"),
        ("end: T+42:00", "end: T+02:00", "an offset after `start`"),
        ("        at: T+13:00\n", "", "a position with no `at`"),
        ("exercise/1", "exercise/2", "expected `clearline-exercise/1`"),
    ],
)
def test_a_broken_document_says_where_and_what_was_expected(old, new, says):
    """Line and column, what stands there, and what would have fitted."""
    assert old in text()
    broken = text().replace(old, new, 1)
    with pytest.raises(document.ExerciseMistake) as refused:
        document.read(broken.encode(), "valley.yaml")
    assert says in str(refused.value)
    assert "valley.yaml:" in str(refused.value)
    assert refused.value.state == "No exercise was started."
    assert refused.value.line > 1


def test_the_example_of_the_page_is_an_exercise():
    """What the reference shows whole can be copied and played."""
    page = Path(__file__).parents[3] / "docs" / "reference" / "exercise-format.md"
    shown = page.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    assert document.read(shown.encode(), "page").you.desk == "valley-ops"


def test_a_recorded_day_is_no_exercise_and_it_says_what_it_lacks():
    """By its name, and by its document."""
    for name in ("deir-ez-zor-2016", "kunduz-2015"):
        with pytest.raises(document.NotAnExercise, match="no `you`"):
            document.load(name)
    with pytest.raises(document.NotAnExercise, match="no `calls`"):
        document.read(b"format: clearline-scenario/1\n", "mine.yaml")


def test_a_name_or_file_that_is_not_there_is_said_to_be(tmp_path):
    """And which there are."""
    with pytest.raises(document.NoSuchExercise) as refused:
        document.load("vale")
    assert "valley" in refused.value.next
    with pytest.raises(document.NoSuchExercise, match="cannot be read"):
        document.load(str(tmp_path / "none.yaml"))
