"""Say how each channel to a desk stands, by what its checks came to.

    good   answered the last time it was checked
    late   the check that was due has not been called, or is still ringing
    dead   missed the last time, or answered by another way than the one checked
    never  not checked yet

On a phone card the channels of a desk stand by their last good check, the newest first;
one that is dead stands below every one that is not, however lately it was good.
"""

import math
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from clearline.model.calls import Line
from clearline.model.instants import Instant
from clearline.model.linetests import (
    AnswerTimes,
    Channel,
    ChannelStands,
    LineOutcome,
    LineTest,
    PersonAnswers,
    Stands,
)
from clearline.model.parties import DeskId, Medium, PartyId
from clearline.picture.picture import View


def channels_of(view: View, desk: DeskId, now: Instant) -> tuple[ChannelStands, ...]:
    """List the channels of a desk as its phone card does: by the last good check.

    A channel is a medium that a member has, or that was ever checked.
    """
    known = view.desks.get(desk)
    if known is None:
        return ()
    lines = {
        line.medium: line
        for line in sorted(view.lines.values(), key=lambda line: line.next_at)
        if line.to_desk == desk
    }
    media = {medium for one in view.members_of(desk) for medium in one.media}
    media |= set(lines)
    media |= {one for one in Medium if view.channels.get((desk, one)) is not None}
    found = [
        _stands(
            known.party,
            view.channels.get((desk, one)) or Channel(desk=desk, medium=one),
            lines.get(one),
            now,
        )
        for one in Medium
        if one in media
    ]
    found.sort(key=_on_the_card)
    return tuple(replace(one, place=place) for place, one in enumerate(found, 1))


def times_of(tests: Iterable[LineTest]) -> AnswerTimes:
    """Reckon how soon checks were answered; one answered elsewhere was missed."""
    every = tuple(tests)
    good = [one for one in every if one.outcome is LineOutcome.GOOD]
    took_s = sorted(one.took.total_seconds() for one in good if one.took is not None)
    return AnswerTimes(
        good=len(good),
        missed=len(every) - len(good),
        median_s=_nearest(took_s, 0.5),
        p90_s=_nearest(took_s, 0.9),
        last_good_at=good[-1].raised_at if good else None,
    )


def _stands(
    party: PartyId, channel: Channel, line: Line | None, now: Instant
) -> ChannelStands:
    last = channel.tests[-1] if channel.tests else None
    is_late = line is not None and line.next_at < now
    if last is None:
        stands = Stands.NEVER
    elif last.outcome is not LineOutcome.GOOD:
        stands = Stands.DEAD
    else:
        stands = Stands.LATE if is_late or channel.under_way else Stands.GOOD
    return ChannelStands(
        party=party,
        desk=channel.desk,
        medium=channel.medium,
        stands=stands,
        place=0,
        times=times_of(channel.tests),
        last=last,
        from_desk=line.from_desk if line else None,
        next_at=line.next_at if line else None,
        every_s=line.every.total_seconds() if line else None,
        under_way=channel.under_way,
        persons=tuple(_persons(channel.tests)),
    )


def _persons(tests: Sequence[LineTest]) -> Iterable[PersonAnswers]:
    """Reckon each person's own: a check somebody else answered says nothing of them."""
    names = dict.fromkeys(
        name for one in tests for name in (*one.rung, *((one.by,) if one.by else ()))
    )
    for name in names:
        own = [
            one
            for one in tests
            if one.by == name or (one.by is None and name in one.rung)
        ]
        if own:
            yield PersonAnswers(person=name, times=times_of(own))


def _on_the_card(one: ChannelStands) -> tuple[int, float]:
    good_at = one.times.last_good_at
    newest_first = -good_at.timestamp() if good_at else 0.0
    return (1 if one.stands is Stands.DEAD else 0, newest_first)


def _nearest(ordered: Sequence[float], share: float) -> float | None:
    """Return the value at or below which a share of the values lies."""
    if not ordered:
        return None
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]
