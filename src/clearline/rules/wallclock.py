"""Turn what a clock on the wall says into instants, and back.

A zone's offsets are data: what was read of the zone database stands in the log. A
local time that clocks leave out is the instant they go forward; one they say twice is
the first of the two (RFC 5545 section 3.3.5 reads both so, but for the gap, which it
moves by the offset before: a hand-over moves no farther than it has to).
"""

from bisect import bisect_right
from datetime import UTC

from clearline.model.instants import Duration, Instant
from clearline.model.watchplans import LocalTime, ZoneClocks


def local_at(clocks: ZoneClocks, at: Instant) -> LocalTime:
    """Say what the zone's clocks show at an instant."""
    starts = [change.at for change in clocks.changes]
    number = max(0, bisect_right(starts, at) - 1)
    offset = Duration(seconds=clocks.changes[number].offset_s)
    return (at + offset).replace(tzinfo=None)


def instant_of(clocks: ZoneClocks, local: LocalTime) -> Instant | None:
    """Say when the zone's clocks first show a local time; nothing where unknown."""
    said = local.replace(tzinfo=UTC)
    first = clocks.changes[0]
    ends = (*(change.at for change in clocks.changes[1:]), clocks.until)
    if said - Duration(seconds=first.offset_s) < first.at:
        return None
    for change, end in zip(clocks.changes, ends, strict=True):
        at = said - Duration(seconds=change.offset_s)
        if at < end:
            return max(at, change.at)  # before it: the clocks left that time out
    return None
