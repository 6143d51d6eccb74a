"""Spoken-call sheets: hanging up loses nothing."""

import pytest

from clearline.model.calls import CallId, Kind
from clearline.model.commands import EndSheet, NoteSheet, OpenSheet
from clearline.model.entries import SheetEnded
from clearline.model.sealed import Sealed
from clearline.model.sheets import SheetEnding, SheetId
from clearline.picture.picture import Picture
from clearline.picture.snapshot import DUTY, read_snapshot, write_snapshot
from clearline.rules.refusals import IdTaken
from clearline.rules.sheets import UnknownSheet
from phone import Line

SHEET = SheetId("sheet-1")
WORDS = Sealed(sealed="AAAA")


@pytest.fixture
def line():
    """Set up two parties; lina picks up the telephone."""
    line = Line()
    line.do(OpenSheet(sheet=SHEET, by=line.actor("lina")))
    return line


def sheet(line):
    """Return the sheet as it stands."""
    return line.picture.sheets.get(SHEET)


def test_a_sheet_left_alone_rings_its_own_desk(line):
    """Nobody wrote anything more: after a minute the desk is rung with a WARN."""
    line.after(seconds=60)
    (warn,) = line.picture.open_calls()
    assert (warn.kind, warn.to_desk) == (Kind.WARN, "north-ops")
    assert warn.is_ringing
    assert sheet(line).ending is SheetEnding.ABANDONED
    assert sheet(line).call == warn.id


def test_a_note_winds_the_clock_up(line):
    """As long as somebody writes, nobody is rung; what was written is in the WARN."""
    line.after(seconds=50)
    line.do(
        NoteSheet(sheet=SHEET, by=line.actor("lina"), words=WORDS, what="the strikes")
    )
    line.after(seconds=50)
    assert not list(line.picture.open_calls())
    line.after(seconds=10)
    (warn,) = line.picture.open_calls()
    assert "the strikes" in warn.card.what


def test_what_is_left_out_of_a_note_stays(line):
    """A later note adds and does not take away."""
    line.do(NoteSheet(sheet=SHEET, by=line.actor("lina"), words=WORDS, what="a"))
    line.do(NoteSheet(sheet=SHEET, by=line.actor("lina"), caller=WORDS))
    kept = sheet(line)
    assert (kept.what, kept.words, kept.caller) == ("a", (WORDS,), (WORDS,))


@pytest.mark.parametrize(
    ("call", "ending"),
    [(None, SheetEnding.FINISHED), (CallId("stop-9"), SheetEnding.RAISED)],
)
def test_an_ended_sheet_waits_for_nothing(line, call, ending):
    """Put away, it rings nobody and takes no more."""
    line.do(EndSheet(sheet=SHEET, by=line.actor("lina"), call=call))
    line.after(seconds=60)
    assert not list(line.picture.open_calls())
    assert sheet(line).ending is ending
    with pytest.raises(UnknownSheet):
        line.do(NoteSheet(sheet=SHEET, by=line.actor("lina"), what="more"))


def test_another_desk_writes_on_no_sheet_of_ours(line):
    """What is said on our telephone is ours to write down."""
    with pytest.raises(UnknownSheet):
        line.do(NoteSheet(sheet=SHEET, by=line.actor("duty"), what="x"))


def test_opening_twice_opens_one(line):
    """The same person and id change nothing; another's id is refused."""
    before = line.picture.size
    line.do(OpenSheet(sheet=SHEET, by=line.actor("lina")))
    assert line.picture.size == before
    with pytest.raises(IdTaken):
        line.do(OpenSheet(sheet=SHEET, by=line.actor("duty")))


def test_a_colleague_may_write_on(line):
    """A sheet is the desk's, not the person's."""
    line.person("omar", "north-ops", line.picture.persons.get("lina").roles[0])
    line.do(NoteSheet(sheet=SHEET, by=line.actor("omar"), what="the strikes"))
    assert sheet(line).what == "the strikes"


def test_the_clock_outlives_a_restart(line):
    """A picture read from its snapshot rings when the sheet is due."""
    data = write_snapshot(line.picture, DUTY, line.picture.size, b"")
    again = Picture()
    read_snapshot(data, again)
    assert again.sheets.get(SHEET) == sheet(line)
    assert again.next_due() == line.picture.next_due()


def test_an_abandoned_sheet_rings_once(line):
    """Its ending is an entry; the WARN has the ladder of a call from then on."""
    line.after(seconds=60)
    line.after(minutes=5)
    assert len([act for act in line.acts if isinstance(act, SheetEnded)]) == 1
