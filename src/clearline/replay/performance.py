"""Set a day up once, and play it in any draw.

    stage, notices, checks        once: nobody's luck is in them
    calls                         once a draw

Where the writer is lean, its picture is taken back to the eve of the first call
after each draw; where it is a node's, the day is played once and stays in its log.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

import msgspec

from clearline.model.beats import Offset
from clearline.model.errors import ClearlineError
from clearline.model.instants import Duration, Instant
from clearline.model.scenarios import Act, Raise, Scenario
from clearline.replay.beforehand import Beforehand
from clearline.replay.chance import Draws
from clearline.replay.clock import VirtualClock
from clearline.replay.day import Day, Delays
from clearline.replay.lean import LeanWriter, Writes
from clearline.replay.players import Players
from clearline.replay.result import PlaceChecked, ReceiptsChecked
from clearline.replay.scene import Listener, Scene
from clearline.replay.stage import set_stage
from clearline.replay.whereabouts import Whereabouts
from clearline.service.writer import Asked, Outcome, Written

BEFORE: Final = Duration(minutes=30)
"""How long before the first act everybody is on the line."""


class Ran(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold what came out of one draw, seconds from the call where not said otherwise.

    Attributes:
        called_at_s: The call, seconds from T0; `None` if nobody ever called.
        has_hung_up: Whether the caller hung up.
        has_rung_on: Whether the call went on after that.
        is_silent: Whether anybody ever waited with nobody rung and not told so.
    """

    called_at_s: float | None
    acknowledged_s: float | None
    right_role_s: float | None
    stopped_s: float | None
    told_nobody_s: float | None
    delays: Delays
    has_hung_up: bool
    has_rung_on: bool
    is_silent: bool


class Performance:
    """Hold a day that is set up: everybody on the line, everything told beforehand."""

    def __init__(  # noqa: PLR0913 (what a day is played with, by name)
        self,
        scenario: Scenario,
        *,
        writer: Writes,
        clock: VirtualClock,
        inbox: list[Written],
        listener: Listener | None = None,
        is_counted_only: bool = False,
    ) -> None:
        """Set the stage and play everything that comes before the first call.

        Args:
            scenario: The day, its knobs turned as they are.
            writer: What takes commands; its clock is `clock`.
            clock: Stands at `begins_at(scenario)`.
            inbox: Where the writer's `hear` puts what was written.
            listener: Who hears everything, if anybody.
            is_counted_only: Leave out what no call depends on: what comes before
                the first, and couriers' reports that a ring arrived.
        """
        self._scenario = scenario
        self._is_counted_only = is_counted_only
        self._players = Players(scenario)
        self._whereabouts = Whereabouts(scenario)
        self._writer = writer
        self._clock = clock
        self._inbox = inbox
        self._listener = listener
        self._t0 = t0_of(scenario)
        before, self._main = _parted(scenario.with_line.acts)
        if is_counted_only:
            before = ()
        self._set_up()
        eve = self._scene(Draws(0, 0))
        self._beforehand = Beforehand(eve)
        self._beforehand.tell_early(before)
        eve.hear(_taken)
        for act in before:
            clock.go_to(self._t0 + _when(act, eve))
            self._beforehand.do(act)
            eve.hear(_taken)
        self._eve = clock.at
        self._eve_size = writer.picture.size
        self.place_checks: tuple[PlaceChecked, ...] = ()
        self.receipts_checked: tuple[ReceiptsChecked, ...] = ()
        self._take_checks()

    def play(self, draws: Draws) -> Ran:
        """Play the calls of the day once."""
        scene = self._scene(draws)
        later = Beforehand(scene)
        raises = tuple(act for act in self._main if isinstance(act, Raise))
        others = tuple(
            (_when(act, scene), partial(later.do, act))
            for act in self._main
            if not isinstance(act, Raise)
        )
        day = Day(scene, raises, others)
        day.play()
        if not (self.place_checks or self.receipts_checked):
            self.place_checks = tuple(later.place_checks)
            self.receipts_checked = tuple(later.receipts_checked)
        return self._ran(day)

    def take_back(self) -> None:
        """Return a lean writer's picture, and the clock, to the eve of the calls."""
        self._writer.picture.take_back(self._eve_size)
        self._clock.start_again(self._eve)

    def _set_up(self) -> None:
        now = self._clock.read().at
        commands = set_stage(self._scenario, self._whereabouts.origins, now)
        for command in commands:
            self._writer.write([Asked(command=command, reply=_raise)])
        scene = self._scene(Draws(0, 0))
        scene.hear(_taken)

    def _take_checks(self) -> None:
        self.place_checks = tuple(self._beforehand.place_checks)
        self.receipts_checked = tuple(self._beforehand.receipts_checked)

    def _scene(self, draws: Draws) -> Scene:
        return Scene(
            players=self._players,
            whereabouts=self._whereabouts,
            t0=self._t0,
            clock=self._clock,
            writer=self._writer,
            draws=draws,
            inbox=self._inbox,
            listener=self._listener,
            has_reports=not self._is_counted_only,
        )

    def _ran(self, day: Day) -> Ran:
        measured = day.measured
        called = measured.called_at

        def since_call(at: Instant | None) -> float | None:
            return (at - called).total_seconds() if at and called else None

        return Ran(
            called_at_s=(called - self._t0).total_seconds() if called else None,
            acknowledged_s=since_call(measured.acknowledged_at),
            right_role_s=since_call(measured.right_at),
            stopped_s=since_call(measured.ceased_at),
            told_nobody_s=since_call(measured.told_nobody_at),
            delays=day.delays(),
            has_hung_up=measured.hung_up_at is not None,
            has_rung_on=measured.has_rung_on,
            is_silent=measured.is_silent,
        )


def t0_of(scenario: Scenario) -> Instant:
    """Return when the first event was, UTC, by the headline reading."""
    clock = scenario.clock
    return next(one.start for one in clock.readings if one.id == clock.headline)


def begins_at(scenario: Scenario) -> Instant:
    """Return when everybody is put on the line: half an hour before the first act."""
    offsets = [act.at for act in scenario.with_line.acts if act.at is not None]
    return t0_of(scenario) + min([Duration(0), *offsets]) - BEFORE


def lean(
    scenario: Scenario,
    listener: Listener | None = None,
    *,
    is_counted_only: bool = False,
) -> Performance:
    """Set a day up with no log behind it."""
    inbox: list[Written] = []
    clock = VirtualClock(begins_at(scenario))
    writer = LeanWriter(clock, inbox.append)
    return Performance(
        scenario,
        writer=writer,
        clock=clock,
        inbox=inbox,
        listener=listener,
        is_counted_only=is_counted_only,
    )


def _parted(acts: Sequence[Act]) -> tuple[tuple[Act, ...], tuple[Act, ...]]:
    """Part what comes before the first call from what comes with and after it."""
    for index, act in enumerate(acts):
        if isinstance(act, Raise):
            return tuple(acts[:index]), tuple(acts[index:])
    return tuple(acts), ()


def _when(act: Act, scene: Scene) -> Offset:
    """Say when an act happens; without a time, right after the one before it."""
    return scene.offset if act.at is None else act.at


def _raise(outcome: Outcome) -> None:
    if isinstance(outcome, ClearlineError):
        raise outcome


def _taken(written: Written) -> None:
    """Let what was written be heard by the listener alone."""
    del written
