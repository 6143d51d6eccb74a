"""Decide which lines are checked though nobody set them: every channel that is on.

    a desk, a medium its members have and this node carries --> twice a day, checked
    from the top desk of its own party; a desk of another party's node, from ours

A line somebody set to that desk by that medium is kept as they set it, and no second
one is made. Software and radio answer nobody, so they are checked only where asked for.
The first checks are spread over the time between two, so that no desk is rung by all
its lines at once.
"""

import hashlib
from collections.abc import Iterator
from typing import Final

from clearline.model.calls import Line
from clearline.model.instants import Duration, Instant
from clearline.model.parties import Desk, DeskId, Medium, PartyId
from clearline.picture.picture import View

NOT_BY_ITSELF: Final = frozenset({Medium.WEBHOOK, Medium.RADIO})
"""Media by which nobody answers a check of themselves."""


def lines_missing(
    view: View, on: frozenset[Medium], every: Duration, now: Instant
) -> tuple[Line, ...]:
    """List the lines to be set, so that every channel that is on is checked.

    Args:
        view: What stands.
        on: What this node can carry.
        every: Between two checks of a line.
        now: Node time.
    """
    checked = {(line.to_desk, line.medium) for line in view.lines.values()}
    return tuple(
        Line(
            from_desk=source,
            to_desk=desk.id,
            medium=medium,
            next_at=now + every * _share(desk.id, medium),
            every=every,
            is_default=True,
        )
        for desk in view.desks.values()
        if (source := _checks_from(view, desk)) is not None
        for medium in _media(view, desk)
        if medium in on and (desk.id, medium) not in checked
    )


def is_needless(view: View, line: Line) -> bool:
    """Say whether a line set by itself needs no check: nobody has it, or another does.

    One that somebody set is checked whatever stands: that nobody has it is then news.
    """
    if not line.is_default:
        return False
    desk = view.desks.get(line.to_desk)
    is_had = desk is not None and line.medium in _media(view, desk)
    return not is_had or any(
        other.key != line.key
        and (other.to_desk, other.medium) == (line.to_desk, line.medium)
        for other in view.lines.values()
    )


def _media(view: View, desk: Desk) -> Iterator[Medium]:
    had = {medium for one in view.members_of(desk.id) for medium in one.media}
    return (one for one in Medium if one in had and one not in NOT_BY_ITSELF)


def _checks_from(view: View, desk: Desk) -> DeskId | None:
    peer = view.peer_of(desk.party)
    return _top(view, peer.ours if peer is not None else desk.party)


def _top(view: View, party: PartyId) -> DeskId | None:
    tops = (one for one in view.desks.values() if one.party == party and not one.under)
    top = next(tops, None)
    return top.id if top is not None else None


def _share(desk: DeskId, medium: Medium) -> float:
    """Draw from a channel's name how far into the period its first check is due."""
    digest = hashlib.sha256(f"{desk} {medium}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32
