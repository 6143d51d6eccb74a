"""Keep the challenges of passkey ceremonies that are under way, in memory."""

import threading
from typing import Final

from clearline.model.instants import Duration, Instant
from clearline.service.ports import Clock

CHALLENGE_FOR: Final = Duration(minutes=5)
"""How long a challenge may be answered."""

MOST_OPEN: Final = 1_000
"""How many challenges are open at once; the oldest gives way."""


class Challenges:
    """Keep the challenges that are open."""

    def __init__(self, clock: Clock) -> None:
        """Start with none."""
        self._clock = clock
        self._open: dict[bytes, Instant] = {}
        self._lock = threading.Lock()

    def keep(self, challenge: bytes) -> None:
        """Open a challenge."""
        with self._lock:
            self._open[challenge] = self._clock.read().at
            while len(self._open) > MOST_OPEN:
                del self._open[next(iter(self._open))]

    def use(self, challenge: bytes) -> bool:
        """Use a challenge up; whether it was open."""
        with self._lock:
            at = self._open.pop(challenge, None)
        return at is not None and self._clock.read().at - at <= CHALLENGE_FOR
