"""Pass on what couriers report, once, and a failure only when every address failed.

A person may have two telephones; one of them being dead is no failure of the
attempt, and must not tell the ladder that nobody was reached. A gateway that says
the same thing again and again is heard once.
"""

import threading
from collections.abc import Iterable
from typing import Final

import msgspec

from clearline.model.calls import AttemptId, Outcome
from clearline.service.calling import CameIn, Ring, Said, Switchboard

MOST_KEPT: Final = 50_000
"""How many attempts are remembered; the oldest are forgotten first."""


class _Heard(msgspec.Struct):
    """Hold what was said of one attempt."""

    open: set[str] = msgspec.field(default_factory=set)
    said: set[tuple[str, Outcome]] = msgspec.field(default_factory=set)
    why: list[str] = msgspec.field(default_factory=list)


class Reports:
    """Stand before a switchboard; the contract is `service.calling.Switchboard`."""

    def __init__(self, switchboard: Switchboard) -> None:
        """Pass on to `switchboard`."""
        self._switchboard = switchboard
        self._lock = threading.Lock()
        self._heard: dict[AttemptId, _Heard] = {}

    def expect(self, attempt: AttemptId, addresses: Iterable[str]) -> None:
        """Remember at how many addresses an attempt rings."""
        with self._lock:
            self._of(attempt).open.update(addresses)

    def forget(self, attempt: AttemptId) -> None:
        """Expect nothing more of an attempt; a failure is no longer waited for."""
        with self._lock:
            if attempt in self._heard:
                self._heard[attempt].open.clear()

    def report(self, ring: Ring, outcome: Outcome, detail: str = "") -> None:
        """Pass a report on, unless it was, or another address may still succeed."""
        with self._lock:
            heard = self._of(ring.attempt)
            if (ring.address, outcome) in heard.said:
                return
            heard.said.add((ring.address, outcome))
            if outcome is Outcome.FAILED:
                heard.open.discard(ring.address)
                heard.why.append(detail)
                if heard.open:
                    return
                detail = "; ".join(dict.fromkeys(filter(None, heard.why)))
        self._switchboard.report(ring, outcome, detail)

    def came_in(self, came: CameIn) -> Said:
        """Pass on what came in."""
        return self._switchboard.came_in(came)

    def _of(self, attempt: AttemptId) -> _Heard:
        found = self._heard.get(attempt)
        if found is None:
            found = self._heard[attempt] = _Heard()
            if len(self._heard) > MOST_KEPT:
                del self._heard[next(iter(self._heard))]
        return found
