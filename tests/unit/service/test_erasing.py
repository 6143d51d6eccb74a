"""Files beside the log go with the notices that named them, and not before."""

import pytest

from clearline.adapters.attachments import Attachments
from clearline.model.calls import CallId, Card, Kind
from clearline.model.commands import RaiseCall
from clearline.model.instants import Duration
from clearline.model.notice_acts import NoticePurged
from clearline.model.notices import NoticeId
from clearline.rules.notice_clocks import PURGE_AFTER
from clearline.service.erasing import Erasing
from two_logs import (
    HOUR,
    NOON,
    NORTH_OPS,
    SOUTH_OPS,
    TwoLogs,
    actor,
    plan,
    position,
)

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
MAP = b"%PDF-1.7 a map"


class Node:
    """Hold two logs, their files, and what erases these when a test says so."""

    def __init__(self, folder):
        self.logs = TwoLogs()
        self.files = Attachments(folder, 1_000, self.logs.clock)
        self.drafted = set()
        self.erasing = self._erasing()

    def _erasing(self):
        return Erasing(
            looking=(self.logs.first.looking, self.logs.own.looking),
            files=self.files,
            drafted=lambda: self.drafted,
            clock=self.logs.clock,
        )

    def starts(self):
        """Let a node that was killed look at what is left, and stop."""
        again = self._erasing()
        again.start()
        again.stop()
        assert again.trouble is None

    def hears(self):
        """Let it hear everything that was written in either log, and stop."""
        erasing = self._erasing()
        for written in (*self.logs.heard, *self.logs.heard_own):
            erasing.hear(written)
        erasing.start()
        erasing.stop()
        assert erasing.trouble is None

    def days(self, until):
        """Let time pass day by day up to so many days after noon."""
        now = int((self.logs.clock.read().at - NOON) / Duration(days=1))
        for day in range(now + 1, until + 1):
            self.logs.go_to(NOON + Duration(days=day))

    def purged(self):
        """The files each purge of either log says are erased."""
        entries = (
            entry
            for written in (*self.logs.heard, *self.logs.heard_own)
            for entry in written.entries
        )
        return [e.act.files for e in entries if isinstance(e.act, NoticePurged)]


@pytest.fixture
def node(tmp_path):
    """A node without notices."""
    return Node(tmp_path)


def test_a_plans_files_are_erased_with_its_window_and_its_entry_says_which(node):
    """Thirty days after it was over; until then they are there."""
    route = node.files.keep("route.pdf", MAP)
    node.logs.file("n1", plan(attached=(route,)))
    node.days(PURGE_AFTER.days)
    node.starts()
    assert node.files.read(route.sha256) == MAP
    assert node.purged() == []
    node.days(60)
    node.hears()
    assert node.purged() == [(route.sha256,)]
    assert node.files.read(route.sha256) is None


def test_what_was_to_be_erased_when_the_node_was_killed_is_at_its_next_start(node):
    """The entry stands, the file is still there: it goes."""
    route = node.files.keep("route.pdf", MAP)
    node.logs.file("n1", plan(attached=(route,)))
    node.days(60)
    assert node.files.read(route.sha256) == MAP
    node.starts()
    assert node.files.read(route.sha256) is None


def test_a_file_that_another_notice_names_stays_until_that_one_is_purged(node):
    """In whichever of the node's two logs that is."""
    route = node.files.keep("route.pdf", MAP)
    node.logs.file("n1", plan(attached=(route,)))
    stays = plan(start=NOON + Duration(days=20), attached=(route,))
    node.logs.file("n2", stays)
    node.days(40)
    node.hears()
    assert node.purged() == [()]
    assert node.files.read(route.sha256) == MAP
    node.days(60)
    node.hears()
    assert node.purged() == [(), (route.sha256,)]
    assert node.files.read(route.sha256) is None


def test_a_position_and_a_plan_share_a_file_until_both_are_purged(node):
    """What one log lets go of, the other may still need."""
    both = node.files.keep("roof.png", PNG)
    node.logs.file("p1", position(attached=(both,)))
    node.logs.file("n1", plan(attached=(both,), start=NOON + Duration(days=20)))
    node.days(40)
    node.hears()
    assert node.purged() == [(both.sha256,)]
    assert node.files.read(both.sha256) == PNG
    node.days(60)
    node.hears()
    assert node.files.read(both.sha256) is None


def test_what_nobody_names_goes_thirty_days_after_it_was_given(node):
    """Unless a draft names it; given again, it is as new."""
    forgotten = node.files.keep("roof.png", PNG)
    drafted = node.files.keep("route.pdf", MAP)
    node.drafted.add(drafted.sha256)
    node.logs.clock.go_to(NOON + Duration(days=29))
    node.starts()
    assert set(node.files.given()) == {forgotten.sha256, drafted.sha256}
    node.files.keep("roof.png", PNG)
    node.logs.clock.go_to(NOON + Duration(days=31))
    node.starts()
    assert set(node.files.given()) == {forgotten.sha256, drafted.sha256}
    node.logs.clock.go_to(NOON + Duration(days=60))
    node.starts()
    assert set(node.files.given()) == {drafted.sha256}


def stops(logs, where=None):
    """Let the north raise a STOP at the south."""
    logs.do(
        RaiseCall(
            call=CallId("stop"),
            kind=Kind.STOP,
            by=actor(NORTH_OPS),
            to_desk=SOUTH_OPS,
            card=Card(where=where),
        )
    )


def test_a_stop_at_its_place_holds_what_a_private_position_sealed(node):
    """It is in the first log, and the position in the own one: both are asked."""
    roof = node.files.keep("roof.png", PNG)
    said = position(attached=(roof,))
    node.logs.file("p1", said)
    stops(node.logs, said.where)
    node.logs.withdraw("p1")
    node.days(60)
    node.hears()
    known = node.logs.own.picture.notices.get(NoticeId("p1"))
    assert known.purged_at is None
    assert known.looked_at is not None
    assert node.files.read(roof.sha256) == PNG


def test_a_private_position_no_stop_came_near_is_purged(node):
    """What nothing holds goes as anything does."""
    node.logs.file("p1", position())
    node.logs.withdraw("p1")
    node.logs.go_to(NOON + HOUR)
    stops(node.logs, position().where)
    node.days(60)
    assert node.logs.own.picture.notices.get(NoticeId("p1")).purged_at is not None
