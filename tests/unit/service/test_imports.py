"""Files are taken in whole or row by row, and never at the cost of a STOP."""

import time

import pytest

from clearline.model.commands import Enter
from clearline.model.entries import DeskSet
from clearline.model.notice_commands import FileNotice
from clearline.model.notice_details import Request
from clearline.model.parties import Desk, DeskId
from clearline.service.imports import Wanted
from clearline.service.writer import NotNow
from faults.desks import SOUTH
from faults.importing import BY, opened, wanted


@pytest.fixture
def line(tmp_path):
    """Open a node that takes files in."""
    node, imports = opened(tmp_path)
    yield node, imports
    imports.close()
    node.runner.stop()
    node.close()


def _take(imports, rows, refusals=(), *, is_whole=True):
    one = imports.begin(rows, refusals, by=BY, name="f", is_whole=is_whole)
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
    one = imports.begin([wanted(1)], (), by=BY, name="f", is_whole=True, is_trial=True)
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
