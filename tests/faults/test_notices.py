"""What a notice waits for outlives the node: told once, however often it restarts."""

import threading

from msgspec.structs import replace

from clearline.model.entries import Entry
from clearline.model.instants import Duration, Window
from clearline.model.notice_acts import NoticeTold
from clearline.model.notice_commands import FileNotice, ReportMovement
from clearline.model.notice_details import Personal
from clearline.model.notice_life import MovementState, NoticeTelling
from clearline.model.notices import Consent, NoticeId, Precision
from clearline.model.parties import Actor, DeskId, PersonId, Strength
from clearline.model.places import Place, PlaceFormat
from clearline.service.restore import take_snapshots
from clearline.service.writer import Written
from clearline.wire.entries import read_entry
from faults.desks import LINE, NORTH, Dial, ask, open_desks
from faults.nodes import START
from notice_forms import NOON as FORMS_AT
from notice_forms import ROAD, a_movement

LINA = Actor(
    party=NORTH,
    desk=DeskId("n"),
    strength=Strength.PASSWORD,
    person=PersonId("lina"),
)
CONVOY = NoticeId("convoy")


def convoy():
    """A convoy that leaves six hours after the node's first day begins."""
    later = START - FORMS_AT
    passages = tuple(replace(one, eta=one.eta + later) for one in ROAD.passages)
    start = START + Duration(hours=6)
    road = replace(ROAD, passages=passages)
    return FileNotice(
        notice=CONVOY,
        by=LINA,
        revision=a_movement(
            shape=road,
            where=Place(footprint=road, text="north", format=PlaceFormat.GEOMETRY),
            window=Window(start=start, end=start + Duration(hours=4)),
            tells=(DeskId("s"),),
            consents=(
                Consent(
                    desk=DeskId("s"),
                    precision=Precision.EXACT,  # to be read by the minute
                    by="lina",
                    source="a form",
                ),
            ),
            personal=Personal(),
        ),
    )


def told(node) -> list[NoticeTelling]:
    """List what was told of notices, as the log has it."""
    entries: list[Entry] = [
        read_entry(said) for _, said in node.log.read(0, node.log.size)
    ]
    return [one.act.telling for one in entries if isinstance(one.act, NoticeTold)]


def opened(folder, clock):
    """Open the node again: calls first, then its notices; do what is due."""
    node = open_desks(folder, clock=clock, heard=[])
    node.begin()
    node.load_notices()
    node.writer.run_due()
    return node


def test_silence_is_told_once_over_restarts(tmp_path) -> None:
    """Due while the node was down, it is told as it comes up, and not again."""
    clock = Dial()
    node = opened(tmp_path, clock)
    (*_, filed) = ask(node, *LINE, convoy())
    assert isinstance(filed, Written)
    node.close()
    clock.now += Duration(hours=3, minutes=30)
    for _ in range(3):
        node = opened(tmp_path, clock)
        assert told(node) == [NoticeTelling.SILENT]
        node.close()


def test_what_is_due_stays_due_from_a_snapshot(tmp_path) -> None:
    """Read from what was kept of the picture, the same is due at the same time."""
    clock = Dial()
    node = opened(tmp_path, clock)
    ask(node, *LINE, convoy())
    due_at = node.picture.next_due()
    take_snapshots(node.store, node.picture, node.log.size)
    node.close()
    node = open_desks(tmp_path, clock=clock, heard=[])
    node.begin()
    assert node.picture.next_due() is None  # until notices are there
    node.load_notices()
    assert node.picture.next_due() == due_at
    node.close()


def test_a_movement_overdue_while_the_node_was_down_rings_as_it_comes_up(
    tmp_path,
) -> None:
    """Whoever waits for a convoy hears of it at once."""
    clock = Dial()
    node = opened(tmp_path, clock)
    ask(node, *LINE, convoy())
    clock.now += Duration(hours=6)
    ask(
        node,
        ReportMovement(notice=CONVOY, by=LINA, state=MovementState.DEPARTED),
    )
    node.close()
    clock.now += Duration(hours=3)
    node = opened(tmp_path, clock)
    assert NoticeTelling.OVERDUE in told(node)
    notice = node.picture.notices.get(CONVOY)
    assert notice.told[-1].call is not None
    assert node.picture.calls.get(notice.told[-1].call) is not None
    node.close()


def test_a_running_node_does_what_is_due_once_notices_are_there(tmp_path) -> None:
    """Nobody has to say anything for silence to be told after a start."""
    clock = Dial()
    node = opened(tmp_path, clock)
    ask(node, *LINE, convoy())
    node.close()
    clock.now += Duration(hours=3, minutes=30)
    heard = []
    is_told = threading.Event()

    def hear(written):
        heard.extend(entry.act for entry in written.entries)
        if any(isinstance(act, NoticeTold) for act in heard):
            is_told.set()

    node = open_desks(tmp_path, clock=clock, heard=Heard(hear))
    node.begin()
    node.runner.start()
    node.load_notices()
    assert is_told.wait(20)
    node.runner.stop()


class Heard(list):
    """Hand on what is heard."""

    def __init__(self, hear) -> None:
        super().__init__()
        self._hear = hear

    def append(self, written) -> None:
        """Hand it on."""
        self._hear(written)
