"""Say when a notice is, for whoever may not know it exactly: in whole hours or days."""

from typing import Final

from clearline.model.instants import FOREVER, Duration, Instant, Window
from clearline.model.notices import Precision, Revision


def coarse_window(revision: Revision, precision: Precision) -> Window:
    """Return the whole hours or days a revision lies in, its margins included."""
    floor, step = (_hour, _HOUR) if precision is Precision.COARSE else (_day, _DAY)
    margin = Duration(seconds=revision.buffer_s)
    start = floor(revision.window.start - margin)
    end = revision.window.end
    if end >= FOREVER - 2 * _DAY:
        return Window(start=start, end=FOREVER)
    return Window(start=start, end=floor(end + margin - _TICK) + step)


_TICK: Final = Duration(microseconds=1)
_HOUR: Final = Duration(hours=1)
_DAY: Final = Duration(days=1)


def _hour(at: Instant) -> Instant:
    return at.replace(minute=0, second=0, microsecond=0)


def _day(at: Instant) -> Instant:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)
