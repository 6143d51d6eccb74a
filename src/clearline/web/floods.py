"""Remember, beside the newest entries, how much of the same there was at each.

A flood of STOPs is merged for the eye: x N, and so many a minute from that desk. Both
are counted as entries come, never by looking through what stands, so that the ten
thousandth of a minute costs what the first did.
"""

from collections import Counter, deque

from clearline.model.calls import Kind
from clearline.model.entries import CALL_ACTS, CallRaised, Entry
from clearline.model.instants import Instant
from clearline.model.parties import DeskId
from clearline.picture.picture import Picture
from clearline.rules.sources import OVER
from clearline.web.events import Flood

_URGENT = (Kind.STOP, Kind.HOLD)
_NONE = Flood()


class Floods:
    """Count for the newest entries, at most so many."""

    def __init__(self, most: int) -> None:
        """Start with nothing counted."""
        self._most = most
        self._raised: deque[tuple[Instant, DeskId]] = deque()
        self._rates: Counter[DeskId] = Counter()
        self._of: dict[int, Flood] = {}

    def note(self, picture: Picture, entry: Entry, index: int | None) -> Flood:
        """Count an entry that was just decided; the picture's gate is held."""
        act = entry.act
        if not isinstance(act, CALL_ACTS):
            return _NONE
        call = picture.calls.get(act.call)
        if call is None or call.kind not in _URGENT:
            return _NONE
        if isinstance(act, CallRaised):
            self._raised.append((entry.at, call.raised_by.desk))
            self._rates[call.raised_by.desk] += 1
        while self._raised and self._raised[0][0] <= entry.at - OVER:
            self._rates[self._raised.popleft()[1]] -= 1
        flood = Flood(
            times=picture.times_of(call), last_minute=self._rates[call.raised_by.desk]
        )
        if index is not None and flood != _NONE:
            self._of[index] = flood
            if len(self._of) > self._most:
                del self._of[next(iter(self._of))]
        return flood

    def of(self, index: int) -> Flood:
        """Say what was counted at an entry."""
        return self._of.get(index, _NONE)
