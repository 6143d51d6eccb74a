"""Say where the line cannot win against a decision time somebody declared."""

from collections.abc import Iterator
from typing import Final

from clearline.model.instants import Duration
from clearline.model.parties import DecisionTime, PartyId
from clearline.picture.picture import View

LEAST_REACH: Final = Duration(seconds=30)
"""Our objective for a human acknowledgement; nothing below it can be promised."""


def line_can_win(declared: DecisionTime) -> bool:
    """Say whether a call could be acknowledged before the party decides."""
    return declared.decides_within >= LEAST_REACH


def cannot_win(view: View, party: PartyId) -> Iterator[str]:
    """Say, for each decision of `party` the line is too slow for, what to do."""
    for declared in view.declared.values():
        if declared.party == party and not line_can_win(declared):
            yield (
                f"{party} declares to decide about {declared.action!r} within "
                f"{declared.decides_within.total_seconds():g} s. A call is "
                f"acknowledged in {LEAST_REACH.total_seconds():g} s at best: this "
                "line cannot win against that. Agree a standing buffer."
            )
