"""Say how much a desk is calling: what a flood comes to, and from where.

A flood is never refused or slowed: each STOP is taken, recorded and rung. For the eye
it is one source, with how often it called in the last minute and how many places it
named.
"""

from collections.abc import Iterable
from typing import Final

from clearline.model.calls import Call, Kind
from clearline.model.instants import Duration
from clearline.model.parties import DeskId
from clearline.model.sources import Source
from clearline.picture.picture import place_words

OVER: Final = Duration(minutes=1)
"""Over how long a source's calls are counted as its rate."""


def sources_of(calls: Iterable[Call], rates: dict[DeskId, int]) -> tuple[Source, ...]:
    """Gather open STOPs and HOLDs by the desk that raised them, the busiest first.

    Args:
        calls: Those that whoever looks may see.
        rates: How many each desk raised in the last `OVER`.
    """
    by_desk: dict[DeskId, list[Call]] = {}
    for call in calls:
        if call.is_open and call.kind in (Kind.STOP, Kind.HOLD):
            by_desk.setdefault(call.raised_by.desk, []).append(call)
    found = [
        Source(
            party=some[0].raised_by.party,
            desk=desk,
            last_minute=rates.get(desk, 0),
            open=len(some),
            places=len({(one.to_desk, place_words(one.card)) for one in some}),
            unanswered=sum(1 for one in some if not one.holders),
            oldest_at=min(one.raised_at for one in some),
            newest_at=max(one.raised_at for one in some),
        )
        for desk, some in by_desk.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.last_minute, -one.open)))


def rates_of(raised: Iterable[Call]) -> dict[DeskId, int]:
    """Count calls by the desk that raised them."""
    counted: dict[DeskId, int] = {}
    for call in raised:
        desk = call.raised_by.desk
        counted[desk] = counted.get(desk, 0) + 1
    return counted
