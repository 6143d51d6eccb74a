"""Write to the local store later, so that nobody who rings waits for its disk.

What is kept here is known in memory already. A thread of its own writes it in the
order it came, and lives only while there is something to write. A disk that hangs
or is full delays that thread and nobody else; what it has not taken when the
process dies is lost, so only what can do without may come this way.
"""

import threading
from collections.abc import Mapping
from typing import Any, Final

from clearline.adapters.local import LocalStore
from clearline.service.ports import StoreRefused

TRY_AGAIN_S: Final = 1.0
"""How soon a disk that refused is tried again, seconds."""

MOST_WAITING: Final = 200_000
"""How many statements wait for a disk that takes nothing; then the oldest go."""


class WriteBehind:
    """Keep statements until the disk has taken them."""

    def __init__(self, store: LocalStore) -> None:
        """Write to `store`; nothing runs before there is something to write."""
        self._store = store
        self._waiting: list[tuple[str, Mapping[str, Any]]] = []
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self.trouble = ""

    def later(self, statement: str, **values: Any) -> None:
        """Take a statement; returns at once."""
        with self._changed:
            if self._is_closed:
                return
            self._waiting.append((statement, values))
            del self._waiting[:-MOST_WAITING]
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._write, name="write behind", daemon=True
                )
                self._thread.start()

    def settle(self, seconds: float) -> bool:
        """Wait until everything is written; whether it was in that time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._thread is None, seconds)

    def close(self, seconds: float = 2.0) -> None:
        """Take nothing more, and let the disk have what waits, if it takes it."""
        self.settle(seconds)
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _write(self) -> None:
        while True:
            with self._changed:
                some = tuple(self._waiting)
                if not some or self._is_closed:
                    self._thread = None
                    self._changed.notify_all()
                    return
            try:
                self._store.ask_all(list(some))
            except StoreRefused as error:
                self.trouble = error.what
                with self._changed:
                    self._changed.wait_for(lambda: self._is_closed, TRY_AGAIN_S)
                continue
            with self._changed:
                self.trouble = ""
                taken = set(map(id, some))
                self._waiting = [one for one in self._waiting if id(one) not in taken]
