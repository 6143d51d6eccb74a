"""See to it, now and then, that every channel which is on is checked.

Nothing here is urgent, so it never runs while a node comes up: whoever restarts a
node to get a STOP out waits for no line.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Final

from clearline.model.commands import Command, SetLine
from clearline.model.instants import Duration
from clearline.model.parties import Medium
from clearline.picture.picture import View
from clearline.rules.default_lines import lines_missing
from clearline.service.ports import Clock
from clearline.service.writer import Written

LOOK_EVERY_S: Final = 600.0
"""How often it is looked for channels nobody checks, seconds."""


class LineKeeper:
    """Set a line for every channel that is on and has none."""

    def __init__(
        self,
        *,
        ask: Callable[[Command], "Future[Written]"],
        looking: Callable[[], AbstractContextManager[View]],
        on: Callable[[], frozenset[Medium]],
        clock: Clock,
        every: Duration | None,
    ) -> None:
        """Look for nothing before `start`.

        Args:
            ask: Asks the writer.
            looking: Lets one look at what stands.
            on: Says what this node can carry now.
            clock: What tells the time.
            every: Between two checks; `None` to set no line by itself.
        """
        self._ask, self._looking, self._on = ask, looking, on
        self._clock, self._every = clock, every
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lines", daemon=True)

    def start(self) -> None:
        """Look every now and then, for the first time after a while."""
        if self._every is not None:
            self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(2.0)

    def look(self) -> int:
        """Set the lines that are missing; how many were."""
        if self._every is None:
            return 0
        now = self._clock.read().at
        with self._looking() as view:
            missing = lines_missing(view, self._on(), self._every, now)
        for line in missing:
            self._ask(SetLine(line=line))
        return len(missing)

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            self.look()
