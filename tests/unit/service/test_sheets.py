"""Whoever picks up a telephone opens a sheet; one act makes it a STOP."""

import pytest

from clearline.ledger.text64 import decode64
from clearline.model.calls import CallId, Kind
from clearline.model.instants import Duration
from clearline.model.places import Unlocated
from clearline.model.sheets import SheetEnding
from clearline.replay.chance import SeededChance
from clearline.rules.sheets import UnknownSheet
from clearline.service.sheets import Noted, Sheets
from telephones import BASIL, LINA, Exchange


@pytest.fixture
def line():
    """Set up a node."""
    return Exchange()


@pytest.fixture
def sheets(line):
    """Keep sheets on it."""
    return Sheets(line.ask, line.looking, SeededChance("sheets"))


def test_what_was_said_is_sealed_and_what_was_understood_stands(line, sheets):
    """First words and caller lie beside the log; place and thing stand in it."""
    by = line.actor(LINA)
    opened = sheets.open(by).sheet
    shown = sheets.note(
        opened.id,
        by,
        Noted(
            words="they are bombing us please",
            caller="a nurse, +15550777",
            place="35.2900N 40.1300E",
            what="the strikes on the hill",
        ),
    )
    kept = shown.sheet
    assert kept.where.text == "35.2900N 40.1300E"
    assert line.node.log.sealed(decode64(kept.words[0].sealed))[1] == (
        b"they are bombing us please"
    )
    assert line.node.log.sealed(decode64(kept.caller[0].sealed))[1] == (
        b"a nurse, +15550777"
    )
    assert "bombing" not in repr(line.acts)
    assert "+15550777" not in repr(line.acts)


def test_the_text_to_read_back_is_there_at_once(line, sheets):
    """What was understood is said in whole sentences, the place spelled."""
    by = line.actor(LINA)
    opened = sheets.open(by)
    assert "I have no place yet" in opened.read_back
    shown = sheets.note(
        opened.sheet.id, by, Noted(place="35.2900N 40.1300E", what="the strikes")
    )
    assert "You want stopped: the strikes." in shown.read_back
    assert "tree fife decimal too niner" in shown.read_back


def test_a_place_of_two_minds_is_asked_for(line, sheets):
    """Several readings are shown and none is taken; the one chosen is."""
    by = line.actor(LINA)
    opened = sheets.open(by).sheet
    asked = sheets.note(opened.id, by, Noted(place="35.2900 40.1300"))
    assert len(asked.readings) == 2
    assert asked.sheet.where is None
    chosen = sheets.note(opened.id, by, Noted(place="35.2900 40.1300", choice=2))
    assert chosen.sheet.where == asked.readings[1].place


def test_a_name_nobody_knows_is_kept(line, sheets):
    """A place that cannot be put on a map stays on the sheet, and on the STOP."""
    by = line.actor(LINA)
    opened = sheets.open(by).sheet
    shown = sheets.note(opened.id, by, Noted(place="behind the old mill"))
    assert isinstance(shown.sheet.where.footprint, Unlocated)


@pytest.mark.parametrize("kind", [Kind.STOP, Kind.HOLD])
def test_one_act_makes_it_a_call(line, sheets, kind):
    """STOP or HOLD rings with what the sheet says, and the sheet is put away."""
    by = line.actor(LINA)
    opened = sheets.open(by).sheet
    sheets.note(opened.id, by, Noted(place="35.29N 40.13E", what="the strikes"))
    sheets.make(opened.id, by, kind, CallId("c-1"))
    (call,) = line.calls()
    assert (call.kind, call.card.what) == (kind, "the strikes")
    assert call.card.where.text == "35.29N 40.13E"
    kept = sheets.show(opened.id).sheet
    assert (kept.ending, kept.call) == (SheetEnding.RAISED, "c-1")


def test_an_empty_sheet_makes_a_stop(line, sheets):
    """A STOP with nothing filled in but who calls is valid here too."""
    by = line.actor(LINA)
    sheets.make(sheets.open(by).sheet.id, by, Kind.STOP, CallId("c-1"))
    assert line.calls(Kind.STOP)


def test_a_sheet_becomes_no_other_call(line, sheets):
    """QUERY and WARN are raised from the board."""
    by = line.actor(LINA)
    opened = sheets.open(by).sheet
    with pytest.raises(UnknownSheet):
        sheets.make(opened.id, by, Kind.QUERY, CallId("c-1"))
    with pytest.raises(UnknownSheet):
        sheets.make(opened.id, line.actor(BASIL), Kind.STOP, CallId("c-1"))


def test_a_sheet_left_rings_by_the_nodes_own_clock(line, sheets):
    """The runner finds it due, as it does a call."""
    sheets.open(line.actor(LINA))
    line.wait(Duration(seconds=61).total_seconds())
    assert [call.kind for call in line.calls()] == [Kind.WARN]


def test_nothing_to_stop_puts_it_away(line, sheets):
    """A wrong number costs one entry."""
    by = line.actor(LINA)
    shown = sheets.put_away(sheets.open(by).sheet.id, by)
    assert shown.sheet.ending is SheetEnding.FINISHED
    line.wait(120)
    assert line.calls() == []


@pytest.mark.parametrize(
    ("language", "begins", "spelled"),
    [
        ("en", "I read back.", "tree fife"),
        ("ar-SY", "أعيد القراءة.", "ثلاثة خمسة"),
        ("xx", "I read back.", "tree fife"),
    ],
)
def test_the_text_to_read_back_is_in_the_callers_language(
    line, sheets, language, begins, spelled
):
    """Whoever is on the telephone hears their own language; English where none is."""
    by = line.actor(LINA)
    opened = sheets.open(by).sheet
    noted = Noted(place="35.2900N 40.1300E", what="the strikes", language=language)
    shown = sheets.note(opened.id, by, noted)
    assert shown.read_back.startswith(begins)
    assert spelled in shown.read_back
    assert "35.2900N 40.1300E" in shown.read_back
    assert sheets.show(opened.id, language=language).read_back == shown.read_back
