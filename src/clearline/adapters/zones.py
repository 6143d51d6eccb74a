"""Read what the clocks of a zone say from the IANA time zone database.

The machine's own database is read, and where it has none the package `tzdata`.
Changes are found by looking every six hours and then halving: no zone has changed its
clocks and changed them back within six.
"""

from collections.abc import Iterator
from datetime import UTC
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from clearline.model.instants import Duration, Instant
from clearline.model.watchplans import OffsetChange, UnknownZone, ZoneClocks

READ_BACK: Final = Duration(days=366)
"""How far back what clocks said is read: for who was planned last month."""

READ_AHEAD: Final = Duration(days=10 * 366)
"""How far ahead; a node reads anew at each start."""

_STEP: Final = Duration(hours=6)
_SECOND: Final = Duration(seconds=1)


class SystemZones:
    """Read zones as this machine knows them."""

    def read(self, zone: str, now: Instant) -> ZoneClocks:
        """Read what a zone's clocks say around `now`.

        Raises:
            UnknownZone: The database has no zone of that name.
        """
        try:
            known = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise UnknownZone(
                f"This node does not know the clocks of the zone {zone!r}.",
                state="Nothing was recorded.",
                next="Name a zone as the IANA time zone database does: Europe/Berlin.",
            ) from error
        since = (now - READ_BACK).replace(minute=0, second=0, microsecond=0)
        until = since + READ_BACK + READ_AHEAD
        return ZoneClocks(
            zone=zone, changes=tuple(_changes(known, since, until)), until=until
        )


def _changes(zone: ZoneInfo, since: Instant, until: Instant) -> Iterator[OffsetChange]:
    at, offset_s = since, _offset_s(zone, since)
    yield OffsetChange(at=at, offset_s=offset_s)
    while at < until:
        after = at + _STEP
        if _offset_s(zone, after) != offset_s:
            changed = _first_other(zone, at, after, offset_s)
            if changed >= until:
                return
            offset_s = _offset_s(zone, changed)
            yield OffsetChange(at=changed, offset_s=offset_s)
        at = after


def _first_other(
    zone: ZoneInfo, same: Instant, other: Instant, offset_s: int
) -> Instant:
    while other - same > _SECOND:
        middle = same + (other - same) // 2
        middle = middle.replace(microsecond=0)
        if _offset_s(zone, middle) == offset_s:
            same = middle
        else:
            other = middle
    return other


def _offset_s(zone: ZoneInfo, at: Instant) -> int:
    offset = at.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0
