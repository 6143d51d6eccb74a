"""Every language of the console is whole, and a new one is a file and nothing else."""

import importlib.util
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from clearline.model.calls import (
    Answer,
    ClockName,
    Ending,
    Kind,
    Precedence,
    UnableReason,
)
from clearline.model.parties import Medium, Role, Standing, Strength
from clearline.service.phrases import phrases
from clearline.web.console.labels import LABELS
from clearline.web.console.languages import PSEUDO, accepted, chosen, languages, texts
from clearline.wire.forms.calls import Phase

ROOT = Path(__file__).parents[3]
TOOL = ROOT / "console" / "catalogue.py"
FOLDER = ROOT / "src" / "clearline" / "web" / "console" / "languages"
TAGS = sorted(path.stem for path in FOLDER.glob("*.po"))


def catalogue(tag):
    """Read a language's catalogue as it is kept."""
    with (FOLDER / f"{tag}.po").open("rb") as file:
        return read_po(file, locale=tag)


@pytest.fixture(scope="module")
def tool():
    """Load what keeps the catalogues up to date."""
    found = importlib.util.spec_from_file_location("catalogue", TOOL)
    made = importlib.util.module_from_spec(found)
    found.loader.exec_module(made)
    return made


@pytest.mark.parametrize("tag", TAGS)
def test_a_catalogue_has_all_the_console_says_and_nothing_else(tool, tag):
    """`./run test catalogues` would change nothing: no text is new, none is gone."""
    assert tool.written(tag) == (FOLDER / f"{tag}.po").read_bytes()


@pytest.mark.parametrize("tag", TAGS)
def test_nothing_is_left_in_english(tag):
    """Each message has its translation, with the same names in it."""
    for message in catalogue(tag):
        if not message.id:
            continue
        assert message.string, message.id
        names = re.compile(r"%\((\w+)\)s")
        assert set(names.findall(message.id)) == set(names.findall(message.string))


def test_arabic_is_there_and_runs_from_right_to_left():
    """English and Arabic are the languages of the first release."""
    assert {"en", "ar"} <= set(languages())
    assert languages()["ar"].direction == "rtl"


@pytest.mark.parametrize(
    "words",
    [
        Answer,
        ClockName,
        Ending,
        Medium,
        Phase,
        Precedence,
        Role,
        Standing,
        Strength,
        UnableReason,
    ],
    ids=lambda one: one.__name__,
)
def test_every_coded_word_has_its_label(words):
    """A word that is added to the line without one fails here."""
    assert set(LABELS[words]) == set(words)


@pytest.mark.parametrize("tag", ["en", *TAGS])
def test_every_kind_of_call_is_said_in_every_language(tag):
    """The line's own words come from the phrases, in the reader's language."""
    assert all(f"kind.{kind}" in phrases(tag) for kind in Kind)


def test_the_pseudo_locale_changes_every_letter_and_no_name():
    """What was not marked stands out, and what is put in still is."""
    said = texts(PSEUDO).gettext("%(n)s lines, none checked yet")
    assert said.startswith("[")
    assert "%(n)s" in said
    assert "lines" not in said


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("ar-SY,ar;q=0.9,en;q=0.8", "ar"),
        ("de-DE,de;q=0.9", "en"),
        ("en;q=0.3,ar;q=0.7", "ar"),
        ("", "en"),
        ("ar;q=x", "en"),
    ],
)
def test_the_browsers_languages_are_tried_best_first(header, tag):
    """A language that is not there leads to the next, and at last to English."""
    assert chosen(accepted(header)).tag == tag
