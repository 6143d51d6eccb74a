"""Say what claims about control leave in doubt near a plan; none of them is the truth.

    contested   two that stand name different holders of ground they share
    stale       the newest about the ground is older than a day
    unlocated   one of the last day is about ground that nobody can locate

Where any lies near a plan, or may, its screening says *cannot tell: ask*. Ground about
which nobody claims anything puts nothing in doubt, and clears nothing.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final

from msgspec.structs import replace

from clearline.geo.meeting import meet
from clearline.model.calls import ACKNOWLEDGING
from clearline.model.conflict_commands import ClaimControl, WithdrawControl
from clearline.model.control import ControlClaim, ControlHeld, ControlId
from clearline.model.control_acts import ControlClaimed, ControlWithdrawn
from clearline.model.entries import Act
from clearline.model.extents import Extent
from clearline.model.instants import FOREVER, Duration, Instant, Window, write_instant
from clearline.model.parties import Actor
from clearline.model.places import Unlocated
from clearline.picture.picture import Picture, View
from clearline.rules.disclosure import Viewer, is_of
from clearline.rules.refusals import (
    IdTaken,
    NotProven,
    UnknownControlClaim,
    UnknownDesk,
    WrongOrder,
    refuse,
)

STALE_AFTER: Final = Duration(hours=24)
"""How old the newest claim about some ground may be before it has to be asked."""

NEAR_M: Final = 2_000.0
"""How near to a plan, besides all margins, claimed ground puts it in doubt."""


def claim_control(
    picture: Picture, asked: ClaimControl, now: Instant
) -> tuple[Act, ...]:
    """Enter who says who holds some ground; the same one twice changes nothing.

    Raises:
        IdTaken: The id is another claim's.
        UnknownDesk: It tells a desk that is not on the line.
        UnknownControlClaim: It stands in the place of one that is not theirs.
        WrongOrder: It speaks of a time that lies ahead.
        NotProven: Nobody is known to have entered it.
    """
    claim = asked.claim
    _require_proven(asked.by)
    known = picture.control.get(claim.id)
    if known is not None:
        if known.claim == claim:
            return ()
        raise refuse(
            IdTaken,
            f"This node already knows another claim by the id {claim.id!r}.",
            "Give it an id of its own, made at random.",
        )
    if claim.as_of > now:
        raise refuse(
            WrongOrder,
            f"The claim is as of {write_instant(claim.as_of)}, which lies ahead.",
            "Say when it was so, as the source has it.",
        )
    for desk in claim.tells:
        if picture.desks.get(desk) is None:
            raise refuse(
                UnknownDesk,
                f"There is no desk {desk!r} on this line.",
                "Name the desks that may see it.",
            )
    if claim.instead_of is not None:
        _own(picture, claim.instead_of, asked.by)
    return (ControlClaimed(claim=claim, by=asked.by),)


def withdraw_control(
    picture: Picture, asked: WithdrawControl, now: Instant
) -> tuple[Act, ...]:
    """Take a claim back; it stays in the log.

    Raises:
        UnknownControlClaim, NotProven: As for entering.
    """
    del now
    _require_proven(asked.by)
    held = _own(picture, asked.claim, asked.by)
    if held.withdrawn_at is not None:
        return ()
    return (ControlWithdrawn(claim=asked.claim, by=asked.by, why=asked.why),)


def doubts(
    claims: Iterable[ControlHeld], plan: Extent, now: Instant
) -> tuple[str, ...]:
    """Say what is in doubt near a plan, in sentences.

    Args:
        claims: What the planner may see.
        plan: Where and when.
        now: What age is counted from.
    """
    if isinstance(plan.footprint, Unlocated):
        return ()
    standing = [held.claim for held in claims if held.stands]
    near = [claim for claim in standing if _is_near(claim, plan)]
    contested = list(_contested(near))
    told = [_say_contested(one, other) for one, other in contested]
    at_odds = {claim.id for pair in contested for claim in pair}
    told += [
        _say_stale(claim, now)
        for claim in near
        if claim.id not in at_odds
        and now - claim.as_of > STALE_AFTER
        and not any(_is_newer(other, claim, now) for other in near)
    ]
    told += [
        f"Nobody can locate {claim.place.text!r}: {_say(claim)}. Ask."
        for claim in standing
        if isinstance(claim.place.footprint, Unlocated)
        and now - claim.as_of <= STALE_AFTER
    ]
    return tuple(told)


def _contested(
    claims: list[ControlClaim],
) -> Iterator[tuple[ControlClaim, ControlClaim]]:
    for one, other in combinations(claims, 2):
        if _same(one.holder) != _same(other.holder) and _share_ground(one, other):
            yield one, other


def _is_newer(other: ControlClaim, claim: ControlClaim, now: Instant) -> bool:
    is_fresh = now - other.as_of <= STALE_AFTER
    return is_fresh and other.id != claim.id and _share_ground(other, claim)


def _is_near(claim: ControlClaim, plan: Extent) -> bool:
    """Say whether claimed ground lies near a plan; ground nobody located does not."""
    if isinstance(claim.place.footprint, Unlocated):
        return False
    ground = Extent(
        footprint=claim.place.footprint, window=plan.window, buffer_m=NEAR_M
    )
    return _may_meet(replace(plan, band=None), ground)


def _share_ground(one: ControlClaim, other: ControlClaim) -> bool:
    always = Window(start=min(one.as_of, other.as_of), end=FOREVER)
    return _may_meet(
        Extent(footprint=one.place.footprint, window=always),
        Extent(footprint=other.place.footprint, window=always),
    )


def _may_meet(one: Extent, other: Extent) -> bool:
    met = meet(one, other)
    return met.separation_m is not None and met.separation_m <= (
        met.limit_m + met.unsure_m
    )


def _same(holder: str) -> str:
    return " ".join(holder.casefold().split())


def _say(claim: ControlClaim) -> str:
    return (
        f"{claim.source} ({claim.grade}, {claim.certainty.value.replace('_', ' ')}) "
        f"has it that {claim.holder} {claim.grip} {claim.place.text!r} as of "
        f"{write_instant(claim.as_of)}"
    )


def _say_contested(one: ControlClaim, other: ControlClaim) -> str:
    first, second = sorted((one, other), key=lambda claim: claim.as_of)
    return f"Who holds the ground is contested: {_say(first)}; {_say(second)}. Ask."


def _say_stale(claim: ControlClaim, now: Instant) -> str:
    hours = int((now - claim.as_of) / Duration(hours=1))
    return (
        f"What is known of who holds the ground is {hours} h old: {_say(claim)}. Ask."
    )


def _own(picture: Picture, key: ControlId, by: Actor) -> ControlHeld:
    held = picture.control.get(key)
    if held is None or held.by.party != by.party:
        raise refuse(
            UnknownControlClaim,
            f"There is no claim {key!r} of yours about control.",
            "Look at the claims your desk may see.",
        )
    return held


def _require_proven(by: Actor) -> None:
    if by.person is None or by.strength not in ACKNOWLEDGING:
        raise refuse(
            NotProven,
            f"Nobody is known to have said this: it came as {by.strength}.",
            "Sign in, or use a PIN.",
        )


def seen_by(view: View, viewer: Viewer) -> tuple[ControlHeld, ...]:
    """Return the claims a viewer may see: their own party's, and those told to them."""
    return tuple(
        held
        for held in view.control.values()
        if held.by.party == viewer.party
        or any(is_of(view, viewer, desk) for desk in held.claim.tells)
    )
