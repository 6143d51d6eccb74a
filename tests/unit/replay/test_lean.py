"""Without a log the same is decided as with one, act by act."""

import multiprocessing

import pytest

from clearline.compose.node import memory_node
from clearline.model.entries import Act, LogOpened
from clearline.replay.chance import Draws, SeededChance
from clearline.replay.clock import VirtualClock
from clearline.replay.first_run import WaysPart, require_same
from clearline.replay.many import PlayerLost, Troupe, play_draws
from clearline.replay.performance import Performance, Ran, begins_at, lean
from clearline.replay.result import StepKind
from clearline.replay.scene import Note
from clearline.service.writer import Written
from clearline.wire.entries import read_entry
from days import DRILL, NAMES, day


class Heard:
    """Keep every act heard."""

    def __init__(self) -> None:
        self.acts: list[tuple[object, Act]] = []
        self.notes: list[Note] = []

    def written(self, written: Written) -> None:
        """Hear what was written."""
        self.acts += [(entry.at, entry.act) for entry in written.entries]

    def note(self, what: Note) -> None:
        """Hear what no log holds."""
        self.notes.append(what)


def with_a_node(name: str, seed: int) -> tuple[Ran, list[tuple[object, Act]]]:
    """Play a draw through a node's own writer and read its log."""
    scenario = day(name)
    clock, inbox = VirtualClock(begins_at(scenario)), list[Written]()
    node = memory_node(
        "test.example/model",
        hear=inbox.append,
        clock=clock,
        chance=SeededChance(seed),
    )
    node.begin()
    inbox.clear()
    performance = Performance(scenario, writer=node.writer, clock=clock, inbox=inbox)
    ran = performance.play(Draws(seed, 0))
    entries = [read_entry(payload) for _, payload in node.log.read(0, node.log.size)]
    acts = [(one.at, one.act) for one in entries if not isinstance(one.act, LogOpened)]
    return ran, acts


@pytest.mark.parametrize("name", [*NAMES, DRILL])
@pytest.mark.parametrize("seed", [1, 7, 19])
def test_the_lean_writer_writes_what_the_real_one_writes(name: str, seed: int) -> None:
    """Every act of a day, at the same instants, in the same order."""
    heard = Heard()
    ran = lean(day(name), heard).play(Draws(seed, 0))
    real, acts = with_a_node(name, seed)
    assert ran == real
    assert heard.acts == acts


@pytest.mark.parametrize("name", [*NAMES, DRILL])
def test_a_counted_draw_is_the_draw_that_is_told(name: str) -> None:
    """Leaving out notices and couriers' reports changes nothing that is measured."""
    scenario = day(name)
    counted = play_draws(scenario, 7, 0, 6)
    for number in (0, 5):
        assert lean(scenario).play(Draws(7, number)) == counted[number]


def test_a_draw_does_not_depend_on_the_draws_before_it() -> None:
    """A picture taken back is as good as a new one."""
    scenario = day("kunduz-2015")
    assert play_draws(scenario, 7, 3, 6) == play_draws(scenario, 7, 0, 6)[3:]


def test_the_result_does_not_depend_on_how_the_work_was_shared() -> None:
    """One process or two: the same draws in the same order."""
    scenario, done = day(DRILL), list[tuple[int, int]]()

    def progress(so_far: int, total: int) -> None:
        done.append((so_far, total))

    with Troupe(2, progress) as two, Troupe(1, progress) as one:
        assert two.ask(scenario, 7, 70).all() == one.ask(scenario, 7, 70).all()
    assert done == [(50, 70), (70, 70)] * 2


def test_two_ways_that_part_are_owned_up_to() -> None:
    """A draw that came out otherwise with a log is no result."""
    one, other = play_draws(day(DRILL), 7, 0, 2)
    assert one != other
    with pytest.raises(WaysPart):
        require_same(one, other)
    require_same(one, one)


def test_what_no_log_holds_is_told_beside_it() -> None:
    """The drill's duty officer is away at first: the rings are not heard."""
    heard = Heard()
    ran = lean(day(DRILL), heard).play(Draws(7, 0))
    unheard = [note for note in heard.notes if note.kind is StepKind.NOT_HEARD]
    assert unheard
    assert ran.acknowledged_s is not None
    assert ran.acknowledged_s >= 120  # called at T+04:00, back at T+06:00


def test_a_process_that_is_ended_from_outside_is_owned_up_to() -> None:
    """No hanging and no half result: it is said, with what to do."""
    with Troupe(2, _still) as troupe:
        wanted = troupe.ask(day("kunduz-2015"), 7, 400)
        for process in multiprocessing.active_children():
            process.kill()
        with pytest.raises(PlayerLost, match="ended from outside"):
            wanted.all()


def _still(done: int, total: int) -> None:
    del done, total
