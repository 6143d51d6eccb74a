"""A new log after a restore takes along what was said: its words, its times, its seals.

One whole node on a real disk: a case with everything a case can hold, claims about
control, sheets, line checks. It is backed up, put back under a new name, and again.
"""

import shutil
from datetime import timedelta

import pytest

from clearline.adapters.backup import back_up
from clearline.adapters.reading import read_entries
from clearline.adapters.verification import verify_path
from clearline.compose.restoring import restore
from clearline.ledger.text64 import decode64
from clearline.model.agreement_acts import ConfirmAgreement, ProposeAgreement
from clearline.model.agreements import AgreementId, Margin, Terms
from clearline.model.calls import CallId, Kind
from clearline.model.case_acts import CASE_ACTS, EvidenceReleased
from clearline.model.commands import (
    Advance,
    CheckLine,
    Close,
    EndSheet,
    Enter,
    NoteSheet,
    OnCase,
    OpenSheet,
    ReportCeased,
)
from clearline.model.conflict_commands import ClaimControl, WithdrawControl
from clearline.model.control import ControlClaim, ControlId
from clearline.model.entries import EntryCarried, SealedErased
from clearline.model.facts import SourceKind
from clearline.model.instants import Duration
from clearline.model.linetests import LineOutcome
from clearline.model.parties import DeskId, Medium, PersonId
from clearline.model.places import Place, PlaceFormat, Unlocated
from clearline.model.sheets import SheetEnding, SheetId
from clearline.record.gathering import gathered
from clearline.rules.disclosure import Viewer, may_see_entry
from clearline.service.beside import seal_words
from clearline.service.writer import Asked, Written
from clearline.wire.entries import read_entry, type_of
from faults.casework import DUTY, FERRY, LINA, NAME, STEPS, begin, take
from faults.desks import SOUTH, Dial, acknowledge, open_desks
from faults.nodes import ORIGIN, START, CountedChance

NEXT = "north.example/clearline-2/exercise"
THIRD = "north.example/clearline-3/exercise"
HILL = Place(footprint=Unlocated(name="hill"), text="hill", format=PlaceFormat.NAME)
SHELVES = (
    "cases",
    "case_terms",
    "claims",
    "corrections",
    "lessons",
    "control",
    "agreements",
    "channels",
)


def opened(folder, dial):
    """Open a node and load everything."""
    node = open_desks(folder, clock=dial, heard=[])
    node.begin()
    node.load_notices()
    return node


def says(node, command, *beside):
    """Let somebody ask for something; it is done."""
    said = []
    node.writer.write([Asked(command=command, reply=said.append, sealed=beside)])
    assert isinstance(said[0], Written), said[0]


def claim(id_, **more):
    """Somebody says who holds the hill."""
    return ControlClaim(
        id=ControlId(id_),
        place=HILL,
        holder="the army",
        source="a paper",
        source_kind=SourceKind.PRESS,
        as_of=START - timedelta(hours=1),
        **more,
    )


def fill(node, dial):
    """Say one of everything, a minute apart, so that no time is another's."""
    begin(node)
    says(node, acknowledge("stop-1"))
    for step in STEPS:
        dial.now += Duration(seconds=5)
        assert isinstance(take(node, step), Written)
    says(node, ClaimControl(claim=claim("c-1"), by=LINA))
    says(node, ClaimControl(claim=claim("c-2", instead_of="c-1"), by=LINA))
    says(node, ClaimControl(claim=claim("c-3"), by=DUTY))
    says(node, WithdrawControl(claim=ControlId("c-3"), by=DUTY, why="wrong hill"))
    hundred = Terms(starts_at=dial.now, margins=(Margin(buffer_m=100.0),))
    says(node, ProposeAgreement(other=DUTY.party, terms=hundred, by=LINA))
    says(node, ConfirmAgreement(agreement=AgreementId("A-1"), version=1, by=DUTY))
    says(node, Advance(waiting="agreement A-1"))
    south = DeskId("s")
    check = CheckLine(
        call=CallId("check"), to_desk=south, medium=Medium.SCREEN, by=LINA
    )
    says(node, check)
    dial.now += Duration(seconds=7)
    says(node, acknowledge("check"))
    ceased = ReportCeased(call=CallId("stop-1"), by=DUTY, ceased_at=dial.now)
    says(node, ceased)
    for by in (LINA, DUTY):
        says(node, Close(call=CallId("stop-1"), by=by))
    for name in ("open", "ended"):
        says(node, OpenSheet(sheet=SheetId(name), by=LINA))
        words, beside = seal_words(f"{name}: they are shelling us", CountedChance())
        noted = NoteSheet(sheet=SheetId(name), by=LINA, words=words, what="shelling")
        says(node, noted, *beside)
    says(node, EndSheet(sheet=SheetId("ended"), by=LINA))


@pytest.fixture(scope="module")
def lost(tmp_path_factory):
    """A node that was lost, and what stood in it; it was put back as another."""
    folder, dial = tmp_path_factory.mktemp("lost"), Dial()
    node = opened(folder / "first", dial)
    fill(node, dial)
    picture = node.picture
    node.close()
    back_up(folder / "first", folder / "b", now=dial.now)
    done = restore(folder / "b", folder / "again", origin=NEXT)
    assert (done.cases, done.follows) == (1, ORIGIN)
    return folder, picture


@pytest.fixture
def again(lost, tmp_path):
    """The node that goes on, hours later, on a folder of the test's own."""
    folder, _ = lost
    shutil.copytree(folder / "again", tmp_path / "again")
    node = opened(tmp_path / "again", Dial(START + Duration(hours=3)))
    yield node
    node.close()


def shelf(picture, name):
    """List what a picture keeps, as it stands."""
    kept = getattr(picture, name).dump_at(picture.size)
    return sorted(((key, values[-1][1]) for key, values in kept), key=str)


def carried_in(folder):
    """List what a log carries of those before it."""
    acts = (entry.act for _, entry in read_entries(folder))
    return [act for act in acts if isinstance(act, EntryCarried)]


def test_what_was_said_stands_in_the_new_log_as_it_stood(lost, again):
    """Cases, claims, lessons, control, line statistics: whole, with their own times."""
    folder, before = lost
    for name in SHELVES:
        assert shelf(before, name), name
        assert shelf(again.picture, name) == shelf(before, name), name
    ((_, channel),) = shelf(again.picture, "channels")
    (test,) = channel.tests
    assert (test.outcome, test.by) == (LineOutcome.GOOD, "duty")
    assert test.took == Duration(seconds=7)
    statement = again.picture.cases.get(FERRY).statements[0]
    beside = again.log.sealed(decode64(statement.name.sealed))
    assert beside == (NAME.salt, NAME.data)
    assert verify_path(folder / "again").ok


def test_a_closed_call_that_a_case_is_about_goes_along(lost, again):
    """As it was, number and all; it rings nobody, and no call gets its number."""
    _, before = lost
    call = again.picture.calls.get(CallId("stop-1"))
    assert call == before.calls.get(CallId("stop-1"))
    assert not call.is_open
    assert again.picture.next_number() > call.number
    assert again.picture.calls.get(CallId("check")) is None


def test_what_is_carried_is_the_bytes_that_were_signed(lost):
    """Its words, its time and its index are those of the log before; none is new."""
    folder, _ = lost
    first = dict(read_entries(folder / "again" / "before"))
    carried = carried_in(folder / "again")
    for act in carried:
        assert act.origin == ORIGIN
        assert read_entry(bytes(act.entry)) == first[act.index]
    taken = {first[act.index].at for act in carried}
    assert len(taken) >= len(STEPS)


def test_an_open_sheet_goes_on_and_an_ended_one_stays(lost, again):
    """Its words lie sealed beside it; left alone all this while, it rings its desk."""
    _, before = lost
    was, sheet = (p.sheets.get(SheetId("open")) for p in (before, again.picture))
    assert (sheet.by, sheet.opened_at) == (was.by, was.opened_at)
    assert (sheet.words, sheet.what) == (was.words, was.what)
    (words,) = sheet.words
    assert b"they are shelling us" in again.log.sealed(decode64(words.sealed))[1]
    assert sheet.ending is SheetEnding.ABANDONED
    (rung,) = again.picture.open_calls()
    assert (rung.id, rung.kind, rung.to_desk) == (sheet.call, Kind.WARN, "n")
    assert again.picture.sheets.get(SheetId("ended")) is None


def test_the_report_of_a_carried_case_finds_its_receipts(lost):
    """What came of the STOP it is about is found in the new log, with its old times."""
    folder, _ = lost
    found = []
    for name in ("first", "again"):
        with gathered(FERRY, data=folder / name) as (whole, _):
            found.append(whole.logs[0].known)
    assert found[0]
    assert found[0] == found[1]


def test_a_carried_entry_is_shown_to_whom_the_first_one_was(lost, again):
    """An auditor of another party sees what their own party said, and nothing else."""
    folder, _ = lost
    auditor = Viewer(party=SOUTH, desk=DeskId("s"), is_auditor=True)
    own = Viewer(party=LINA.party, desk=LINA.desk)
    of_case = [
        act
        for act in carried_in(folder / "again")
        if isinstance(read_entry(bytes(act.entry)).act, CASE_ACTS)
    ]
    assert of_case
    assert all(may_see_entry(again.picture, own, act) for act in of_case)
    theirs = [act for act in of_case if may_see_entry(again.picture, auditor, act)]
    said = [read_entry(bytes(act.entry)).act for act in theirs]
    assert said
    assert {act.by.party for act in said} == {SOUTH}
    assert len(theirs) < len(of_case)


def test_what_was_erased_is_not_named_in_the_new_log(lost, tmp_path):
    """The name of a witness is gone: the statement goes along without it."""
    folder, _ = lost
    shutil.copytree(folder / "first", tmp_path / "first")
    node = opened(tmp_path / "first", Dial(START + Duration(hours=3)))
    (at,) = (
        index
        for index, payload in node.log.read(0, node.log.size)
        if type_of(payload) == "statement_taken"
    )
    part = node.picture.cases.get(FERRY).statements[0].name.sealed
    freed = EvidenceReleased(case=FERRY, by=LINA, second=DUTY, why="it may go")
    says(node, OnCase(act=freed))
    erased = SealedErased(entry=at, part=part, rule="asked", person=PersonId("lina"))
    says(node, Enter(act=erased))
    node.close()
    back_up(tmp_path / "first", tmp_path / "b", now=START)
    restore(tmp_path / "b", tmp_path / "again", origin=NEXT)
    node = opened(tmp_path / "again", Dial())
    (statement,) = node.picture.cases.get(FERRY).statements
    node.close()
    assert (statement.said, statement.name) == ("Two came in.", None)
    assert verify_path(tmp_path / "again").ok


def test_a_log_that_was_carried_is_carried_again(lost, tmp_path):
    """Twice lost: what was said first still names the log it was first signed in."""
    folder, before = lost
    back_up(folder / "again", tmp_path / "c", now=START)
    restore(tmp_path / "c", tmp_path / "third", origin=THIRD)
    node = opened(tmp_path / "third", Dial())
    node.close()
    for name in SHELVES:
        assert shelf(node.picture, name) == shelf(before, name), name
    assert {act.origin for act in carried_in(tmp_path / "third")} == {ORIGIN}
