"""Remember what each desk had screened within the hour, and notice who probes.

Kept in memory alone: after a restart everybody begins anew. What is too much becomes
an entry, at most every ten minutes for a desk.
"""

import threading
from collections import deque

from clearline.model.disclosures import ProbingSeen
from clearline.model.extents import Extent
from clearline.model.instants import Instant
from clearline.model.parties import DeskId
from clearline.rules.disclosure import Viewer
from clearline.rules.probing import (
    AT_MOST,
    TOLD_AGAIN_AFTER,
    WITHIN,
    Manner,
    Manners,
    Question,
    manner_of,
    question_of,
    seen_of,
)

_KEPT = 2 * sum(AT_MOST)


class Questions:
    """Remember what was asked, desk by desk; safe from any thread."""

    def __init__(self) -> None:
        """Start with nothing asked."""
        self._lock = threading.Lock()
        self._asked: dict[DeskId, deque[Question]] = {}
        self._told_at: dict[DeskId, Instant] = {}

    def note(
        self, viewer: Viewer, plan: Extent, now: Instant
    ) -> tuple[Manners, ProbingSeen | None]:
        """Remember a question; say how its desk asks, and what is to be entered."""
        with self._lock:
            asked = self._asked.setdefault(viewer.desk, deque(maxlen=_KEPT))
            asked.append(question_of(plan, now))
            manners = manner_of(asked, now)
            if manners.manner is Manner.ASKING:
                return manners, None
            told_at = self._told_at.get(viewer.desk)
            if told_at is not None and now - told_at < TOLD_AGAIN_AFTER:
                return manners, None
            self._told_at[viewer.desk] = now
            return manners, seen_of(viewer, asked, manners, now)

    def waits_s(self, desk: DeskId, now: Instant) -> float:
        """Return how long a desk has to wait until its next question is looked at."""
        with self._lock:
            asked = self._asked.get(desk)
            while asked and now - asked[0].at >= WITHIN:
                asked.popleft()
            if not asked:
                return 0.0
            left = manner_of(asked, now).waits - (now - asked[-1].at)
            return max(0.0, left.total_seconds())
