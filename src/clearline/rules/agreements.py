"""Say where the line cannot win against a decision time somebody declared."""

from collections.abc import Iterator
from typing import Final

from clearline.model.instants import Duration, Instant
from clearline.model.parties import DecisionTime, PartyId
from clearline.picture.picture import View
from clearline.rules.agreeing import agreements_of

LEAST_REACH: Final = Duration(seconds=30)
"""Our objective for a human acknowledgement; nothing below it can be promised."""


def line_can_win(declared: DecisionTime) -> bool:
    """Say whether a call could be acknowledged before the party decides."""
    return declared.decides_within >= LEAST_REACH


def cannot_win(
    view: View, party: PartyId, told: PartyId | None = None, now: Instant | None = None
) -> Iterator[str]:
    """Say, for each decision of `party` the line is too slow for, what to do.

    Args:
        view: What is known.
        party: Whose decisions.
        told: Who is told: of its own agreement with `party` it may know, of no other.
        now: The instant, UTC.
    """
    for declared in view.declared.values():
        if declared.party != party or line_can_win(declared):
            continue
        within_s = declared.decides_within.total_seconds()
        least_s = LEAST_REACH.total_seconds()
        buffer_m = _standing_m(view, party, told, declared.action, now)
        if buffer_m:
            yield (
                f"{party} declares to decide about {declared.action!r} within "
                f"{within_s:g} s. A call is acknowledged in {least_s:g} s at best: "
                "this line cannot win against that. The standing buffer you agreed, "
                f"{buffer_m:,.0f} m, is what is between you."
            )
        else:
            yield (
                f"{party} declares to decide about {declared.action!r} within "
                f"{within_s:g} s. A call is acknowledged in {least_s:g} s at best: "
                "this line cannot win against that. Agree a standing buffer."
            )


def _standing_m(
    view: View, party: PartyId, told: PartyId | None, action: str, now: Instant | None
) -> float:
    """Return the widest buffer in force between two for an action, metres; or 0."""
    if told is None or now is None or told == party:
        return 0.0
    said = action.strip().casefold()
    return max(
        (
            margin.buffer_m
            for agreement in agreements_of(view, told)
            if party in agreement.parties
            and (version := agreement.in_force(now)) is not None
            for margin in version.terms.margins
            if not margin.actions
            or said in {one.strip().casefold() for one in margin.actions}
        ),
        default=0.0,
    )
