"""Erase files beside the log once nothing names them any more.

    purged --entry--> is it still named? --no--> erased
                            '-- killed here: looked at at the next start

| a file that                                      | is                             |
|--------------------------------------------------|--------------------------------|
| a notice names that is not purged, a case or a   | kept                           |
| draft                                            |                                |
| only purged notices name                         | erased with the last of them   |
| nobody ever named                                | erased at a start, thirty days |
|                                                  | after it was given             |

A node has two logs and one folder of files: both are asked. Nobody waits for any of it.
"""

import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from functools import partial
from queue import SimpleQueue
from typing import Final, Protocol

from clearline.model.instants import Instant
from clearline.model.notice_acts import NoticePurged
from clearline.picture.marks import file_mark, named_under
from clearline.picture.view import View
from clearline.rules.holding import is_named
from clearline.rules.notice_clocks import PURGE_AFTER
from clearline.service.ports import Clock
from clearline.service.writer import Written

_STOP_WITHIN_S: Final = 2.0


class Erasable(Protocol):
    """Keep files by their hash, until they are erased."""

    def given(self) -> dict[str, Instant]:
        """Return the hash of every file, and when it was last given."""

    def erase(self, digest: str) -> None:
        """Take a file away for good."""


class Erasing:
    """Erase what purged notices named, in a thread of its own.

    Attributes:
        trouble: What last kept a file from being erased; it is tried at the next start.
    """

    trouble: Exception | None = None

    def __init__(
        self,
        *,
        looking: Iterable[Callable[[], AbstractContextManager[View]]],
        files: Erasable,
        drafted: Callable[[], Iterable[str]],
        clock: Clock,
    ) -> None:
        """Erase nothing before `start`.

        Args:
            looking: Lets one look at what stands, in each log.
            files: Where files lie.
            drafted: Names the files that drafts name.
            clock: What tells the time.
        """
        self._looking, self._files = tuple(looking), files
        self._drafted, self._clock = drafted, clock
        self._todo: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="erasing", daemon=True)

    def start(self) -> None:
        """Erase what is left, and from now on what is purged; notices are loaded."""
        self._thread.start()

    def stop(self) -> None:
        """Erase nothing more; what is left goes at the next start."""
        self._todo.put(None)
        if self._thread.ident is not None:
            self._thread.join(_STOP_WITHIN_S)

    def hear(self, written: Written) -> None:
        """Take note of what was purged; a writer calls it, and never waits."""
        if not written.is_durable:
            return
        for entry in written.entries:
            for file in entry.act.files if isinstance(entry.act, NoticePurged) else ():
                self._todo.put(partial(self._let_go, file))

    # --- in the thread of its own -------------------------------------------------

    def _run(self) -> None:
        self._todo.put(self._look_at_all)
        while (work := self._todo.get()) is not None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 (one file keeps no other)
                self.trouble = error

    def _look_at_all(self) -> None:
        now = self._clock.read().at
        for file, given_at in self._files.given().items():
            if self._was_named(file) or now - given_at >= PURGE_AFTER:
                self._let_go(file)

    def _was_named(self, file: str) -> bool:
        for looking in self._looking:
            with looking() as view:
                if next(named_under(view, file_mark(file)), None) is not None:
                    return True
        return False

    def _let_go(self, file: str) -> None:
        """Erase a file, unless something in either log or a draft still names it."""
        for looking in self._looking:
            with looking() as view:
                if is_named(view, file):
                    return
        if file not in self._drafted():
            self._files.erase(file)
