"""Files are taken in whole or row by row, and never at the cost of a STOP."""

import threading
import time

import pytest
from msgspec.structs import replace

from clearline.model.commands import Enter
from clearline.model.entries import DeskSet, PartySet
from clearline.model.instants import Duration, Window
from clearline.model.notice_commands import FileNotice
from clearline.model.notice_details import NoticeKind, Personal, Request
from clearline.model.parties import (
    Actor,
    Desk,
    DeskId,
    Party,
    PersonId,
    Standing,
    Strength,
)
from clearline.model.places import Place, PlaceFormat, Point, Position
from clearline.rules.refusals import UnknownDesk
from clearline.service.imports import Wanted
from clearline.service.writer import NotNow
from faults.desks import SOUTH
from faults.importing import BY, START, opened, wanted
from notice_forms import SITE, a_site


@pytest.fixture
def line(tmp_path):
    """Open a node that takes files in."""
    node, imports = opened(tmp_path)
    yield node, imports
    imports.close()
    node.runner.stop()
    node.close()


def _take(imports, rows, refusals=(), *, is_whole=True):
    one = imports.begin(lambda _: (rows, refusals), by=BY, name="f", is_whole=is_whole)
    while one.ended_at is None:
        time.sleep(0.005)  # it is filed beside; nothing tells when it is done
    return one


def _standing(node) -> int:
    with node.looking() as view:
        return sum(not one.is_over for one in view.notices.values())


def test_a_row_that_would_be_refused_keeps_all_others_from_being_filed(line):
    """It is found by trying, before the first is filed."""
    node, imports = line
    one = _take(imports, [wanted(1), wanted(2, desk="nowhere"), wanted(3)])
    assert (one.state, _standing(node)) == ("refused", 0)
    assert [said.row for said in one.refusals] == [4]
    again = _take(imports, [wanted(1), wanted(2, desk="nowhere")], is_whole=False)
    assert (again.filed, _standing(node)) == (1, 1)


def test_what_was_filed_is_withdrawn_where_the_line_changed_in_between(line):
    """A refusal after the trial takes everything back, and says so."""
    node, imports = line
    asked = imports._ask

    def ask(command, sealed=()):
        if isinstance(command, FileNotice) and command.revision.what == "plan 20":
            bad = wanted(20, desk="gone").revision
            command = FileNotice(notice=command.notice, by=BY, revision=bad)
        return asked(command, sealed)

    imports._ask = ask
    one = _take(imports, [wanted(number) for number in range(40)])
    assert (one.state, _standing(node)) == ("taken back", 0)
    assert one.filed > 0


def test_a_disk_that_is_silent_is_waited_for_and_nothing_is_filed_twice(line):
    """A node that cannot now is asked again; the file is whole in the end."""
    node, imports = line
    asked, said = imports._ask, []

    def ask(command, sealed=()):
        answer = asked(command, sealed)
        if not said:
            said.append(answer.result())  # it was taken, and the answer is lost
            answer = type(answer)()
            answer.set_exception(NotNow("silent", state="", next=""))
        return answer

    imports._ask = ask
    one = _take(imports, [wanted(number) for number in range(3)])
    assert (one.state, _standing(node)) == ("done", 3)


def test_one_file_asks_for_one_thing_and_has_each_number_once(line):
    """What the coalition's lists were returned for is said at the row."""
    _, imports = line
    rows = [wanted(1), wanted(1)]
    odd = Wanted(row=9, ref="P-9", kind=rows[0].kind, request=Request.REMOVE)
    first = Wanted(**_fields(rows[0]) | {"request": Request.ADD})
    one = _take(imports, [first, Wanted(**_fields(rows[1]) | {"row": 7}), odd])
    said = {refusal.row: refusal.what for refusal in one.refusals}
    assert "stands in row 3" in said[7]
    assert "one of them only" in said[9]


def _fields(one):
    return {name: getattr(one, name) for name in one.__struct_fields__}


def test_the_same_file_again_changes_nothing_and_a_new_number_is_an_amendment(line):
    """Sealed words of the same row are the same; other words are not."""
    node, imports = line
    row = Wanted(**_fields(wanted(1)) | {"phones": ("+963 1",)})
    assert _take(imports, [row]).filed == 1
    size = node.log.size
    again = _take(imports, [row])
    assert (again.unchanged, node.log.size) == (1, size)
    other = Wanted(**_fields(row) | {"phones": ("+963 2",)})
    assert _take(imports, [other]).amended == 1
    bare = Wanted(**_fields(wanted(1)))
    assert _take(imports, [bare]).unchanged == 1  # numbers that are not said stay


def test_a_trial_records_nothing(line):
    """Not even a job is kept."""
    node, imports = line
    size = node.log.size
    rows = [wanted(1)], ()
    one = imports.begin(lambda _: rows, by=BY, name="f", is_whole=True, is_trial=True)
    while one.ended_at is None:
        time.sleep(0.005)  # it is tried beside; nothing tells when it is done
    assert (one.state, node.log.size) == ("done", size)
    assert imports._shelf.values("import/") == {}


def test_a_desk_that_comes_later_is_told_at_the_next_import(line):
    """A row is held against the line as it is, not as it was."""
    node, imports = line
    assert _take(imports, [wanted(1, desk="n2")]).state == "refused"
    desk = Desk(id=DeskId("n2"), party=SOUTH, name="N2")
    node.runner.ask(Enter(act=DeskSet(desk=desk))).result()
    assert _take(imports, [wanted(1, desk="n2")]).state == "done"


def test_whoever_gives_a_file_is_answered_before_it_is_read(line):
    """How far reading is can be asked meanwhile; what cannot be read is refused."""
    _, imports = line
    begun, goes_on = threading.Event(), threading.Event()

    def read(one):
        one.done, one.total = 3, 10_000
        begun.set()
        assert goes_on.wait(20)
        raise UnknownDesk("It is no sheet.", state="", next="Give a sheet.")

    one = imports.begin(read, by=BY, name="f", is_whole=True)
    assert begun.wait(20)
    assert (one.state, one.done, one.total) == ("reading", 3, 10_000)
    goes_on.set()
    while one.ended_at is None:
        time.sleep(0.005)  # nothing tells when it is done
    assert one.state == "refused"
    assert [(said.row, said.what) for said in one.refusals] == [(0, "It is no sheet.")]


# --- filed by one, approved by another ---

SECOND = Actor(
    party=SOUTH,
    desk=DeskId("s"),
    strength=Strength.PASSWORD,
    person=PersonId("second"),
)


@pytest.fixture
def pair(line):
    """The same, where the party has its sites filed by two."""
    node, imports = line
    act = PartySet(
        party=Party(id=SOUTH, name="s", standing=Standing.PARTY, needs_two_to_file=True)
    )
    node.runner.ask(Enter(act=act)).result()
    return node, imports


def _a_clinic(number):
    return Wanted(
        row=number + 2,
        ref=f"N-{number}",
        kind=NoticeKind.SITE,
        revision=a_site(
            details=replace(SITE, ref=f"N-{number}"),
            where=_place(number),
            where_again=None,
            window=Window(start=START, end=START + Duration(days=30)),
            personal=Personal(),
            tells=(),
        ),
    )


def _place(number):
    at = Position(lon=40.12345 + number / 10, lat=35.56789)
    return Place(
        footprint=Point(position=at, precision_m=5.0),
        text=f"35.567890 N {at.lon:.6f} E",
        format=PlaceFormat.DECIMAL,
    )


def _waiting(imports, rows):
    one = imports.begin(lambda _: (rows, ()), by=BY, name="f", is_whole=True)
    while one.ended_at is None and one.state != "waiting":
        time.sleep(0.005)  # it is tried beside; nothing tells when it waits
    return one


def test_sites_of_a_file_wait_for_a_second_person_of_the_party(pair):
    """Tried as a whole, filed only once another approves, with both names."""
    node, imports = pair
    one = _waiting(imports, [_a_clinic(1), _a_clinic(2)])
    assert (one.state, one.refusals, _standing(node)) == ("waiting", [], 0)
    assert imports.waiting(SOUTH) == (one,)
    assert [each.ref for each in imports.asked(one)] == ["N-1", "N-2"]
    assert imports.approve(one, SECOND)
    while one.ended_at is None:
        time.sleep(0.005)  # the same
    assert (one.state, one.filed) == ("done", 2)
    with node.looking() as view:
        both = [
            (n.filed_by.person, n.approved_by.person) for n in view.notices.values()
        ]
    assert both == [(BY.person, SECOND.person)] * 2
    assert not imports.approve(one, SECOND)


def test_what_waits_goes_on_waiting_over_a_restart_and_can_be_dropped(pair):
    """Nothing is filed by a restart; what is put away is never filed."""
    node, imports = pair
    one = _waiting(imports, [_a_clinic(1)])
    imports._known.clear()
    imports.resume()
    (again,) = imports.waiting(SOUTH)
    assert (again.id, again.state, _standing(node)) == (one.id, "waiting", 0)
    assert imports.drop(again)
    assert (again.state, _standing(node)) == ("refused", 0)
    assert imports._shelf.values("import/") == {}
    assert not imports.drop(again)
    assert not imports.approve(again, SECOND)


def test_what_nobody_may_file_is_refused_before_it_waits(pair):
    """A second person is asked for what can be filed, and for nothing else."""
    _, imports = pair
    bad = _a_clinic(1)
    told = replace(bad.revision, tells=(DeskId("nowhere"),))
    one = _waiting(imports, [Wanted(**_fields(bad) | {"revision": told})])
    assert (one.state, len(one.refusals)) == ("refused", 1)


def test_a_file_without_new_sites_waits_for_nobody(pair):
    """What is planned by the day is filed by one."""
    _, imports = pair
    assert _take(imports, [wanted(1)]).state == "done"
