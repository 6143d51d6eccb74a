"""Play everybody but one: what was filed, what comes, who answers.

    somebody signs in --> the clock of the exercise starts, the notices are filed
      + its offset      each call of the document is raised
    a call reaches a desk that is played
      + 4 s    acknowledged  + 5 s read back  + 4 s WILCO  + 20 s ceased, if it can
    a call of theirs has ceased
      + 6 s    they close it

One thread waits for the earliest of what is due. It asks the node as everybody does;
what the node refuses, because a person was quicker, is left.
"""

import heapq
import threading
from collections.abc import Callable
from functools import partial
from typing import Final

from clearline.compose.service import Service
from clearline.exercise import document, staging
from clearline.model.access import SecretKind
from clearline.model.calls import Answer, Call, CallId, Kind
from clearline.model.commands import (
    Acknowledge,
    Close,
    Command,
    Enter,
    GiveAnswer,
    ReportCeased,
    SayBack,
)
from clearline.model.entries import CallRaised, Ceased
from clearline.model.errors import ClearlineError
from clearline.model.exercises import YOU
from clearline.model.exercises import Exercise as Script
from clearline.model.instants import Duration, Instant
from clearline.model.notice_commands import ReportMovement
from clearline.model.notice_details import MovementDetails
from clearline.model.notice_life import MovementState
from clearline.model.parties import Actor, DeskId
from clearline.rules.answering import elements_of
from clearline.service.writer import Written

_LOOK_EVERY_S: Final = 0.5
_ACTING: Final = frozenset({Kind.STOP, Kind.HOLD})


class Exercise:
    """Hold a running exercise on one node."""

    def __init__(
        self,
        service: Service,
        secret: str,
        pace: float = 1.0,
        script: Script | None = None,
    ) -> None:
        """Enter everybody; nothing plays before `start`.

        Args:
            service: The node, begun, with nobody on it yet.
            secret: What the person who tries it signs in with.
            pace: What every wait is multiplied by.
            script: What is played; the valley unless said.
        """
        self._script = script or document.load(document.VALLEY)
        self._service, self._pace = service, pace
        for act in staging.cast(
            self._script
        ):  # taken in this order, once the node takes commands
            service.node.runner.ask(Enter(act=act))
        service.setup_code = None  # whoever tries it is entered
        service.secrets.keep(YOU, SecretKind.PASSWORD, secret)
        self._due: list[tuple[Instant, int, Callable[[], None]]] = []
        self._count = 0
        self._wake = threading.Condition()
        self._is_over = False
        self._thread = threading.Thread(target=self._run, name="exercise", daemon=True)
        service.listeners.add(self._hear)

    def start(self) -> None:
        """Wait for somebody to sign in, then play."""
        self._thread.start()

    def stop(self) -> None:
        """Play nothing more."""
        with self._wake:
            self._is_over = True
            self._wake.notify_all()
        self._thread.join(2.0)

    # --- what is due ---------------------------------------------------------------

    def _run(self) -> None:
        if self._somebody_came():
            self._open()
        while (do := self._next()) is not None:
            do()

    def _somebody_came(self) -> bool:
        """Wait until a person has signed in; whether one has before it is over."""
        with self._wake:
            while not self._is_over and not self._service.tokens.has_session(YOU):
                self._wake.wait(_LOOK_EVERY_S)
            return not self._is_over

    def _next(self) -> Callable[[], None] | None:
        with self._wake:
            while not self._is_over:
                now = self._now()
                if self._due and self._due[0][0] <= now:
                    return heapq.heappop(self._due)[2]
                wait = (self._due[0][0] - now).total_seconds() if self._due else None
                self._wake.wait(wait)
            return None

    def _later(self, wait: Duration, do: Callable[[], None]) -> None:
        with self._wake:
            self._count += 1
            heapq.heappush(
                self._due, (self._now() + wait * self._pace, self._count, do)
            )
            self._wake.notify_all()

    def _now(self) -> Instant:
        return self._service.node.clock.read().at

    # --- what happens --------------------------------------------------------------

    def _open(self) -> None:
        for call in self._script.calls:
            raised = staging.raised(self._script, call)
            self._later(call.at, partial(self._ask, raised))
        self._file()

    def _file(self) -> None:
        for one, notice in zip(
            self._script.notices,
            staging.filed(self._script, self._now()),
            strict=True,
        ):
            self._ask(notice)
            is_road = isinstance(one.details, MovementDetails)
            if is_road and one.start <= Duration(0):
                leaves = ReportMovement(
                    notice=one.id, by=notice.by, state=MovementState.DEPARTED
                )
                self._ask(leaves)

    # --- who answers ---------------------------------------------------------------

    def _hear(self, written: Written) -> None:
        """See which calls reach a desk that is played; the writer calls it."""
        for entry in written.entries:
            match entry.act:
                case CallRaised(call=call, to_desk=desk):
                    if self._player(desk) is not None:
                        self._later(Duration(seconds=4), partial(self._have, call))
                case Ceased(call=call):
                    self._later(Duration(seconds=6), partial(self._close, call))
                case _:
                    pass

    def _have(self, id_: CallId) -> None:
        call = self._call(id_)
        by = self._player(call.to_desk) if call else None
        if call is None or by is None or call.kind is Kind.LINE_CHECK:
            return
        self._ask(Acknowledge(call=id_, by=by))
        said = elements_of(call)
        self._later(
            Duration(seconds=5),
            partial(self._ask, SayBack(call=id_, by=by, said=said)),
        )
        if call.kind not in _ACTING:
            return
        wilco = GiveAnswer(call=id_, by=by, answer=Answer.WILCO)
        self._later(Duration(seconds=9), partial(self._ask, wilco))
        ceased = ReportCeased(call=id_, by=by, detail="the guns are silent")
        self._later(Duration(seconds=29), partial(self._ask, ceased))

    def _close(self, id_: CallId) -> None:
        call = self._call(id_)
        by = self._player(call.raised_by.desk) if call else None
        if call is not None and by is not None and call.passed_from is None:
            self._ask(Close(call=id_, by=by, why="it has stopped; thank you"))

    def _player(self, desk: DeskId) -> Actor | None:
        return staging.player(self._script, desk)

    def _call(self, id_: CallId) -> Call | None:
        with self._service.node.looking() as view:
            return view.calls.get(id_)

    def _ask(self, command: Command) -> None:
        """Ask the node; what it refuses somebody was quicker with."""
        try:
            self._service.node.runner.ask(command).result(10)
        except (ClearlineError, TimeoutError):
            return
