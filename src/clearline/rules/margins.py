"""Say which standing buffer lies between a plan of one party and a notice of another.

It is that of the agreement in force between the two owners, added to the margins both
gave. Of several that fit the widest counts, in space and in time each. It makes no
verdict milder: whatever meets without it meets with it. Who may know of what is asked
elsewhere and is the same with or without it (`rules.disclosure`).
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from clearline.geo.codes import BAND_UNSURE, NEAR, PLACE_UNSURE
from clearline.geo.lengths import say_length
from clearline.geo.meeting import Bands, meet
from clearline.model.agreements import AgreementId, Terms
from clearline.model.extents import LONGEST_BUFFER_S, Extent
from clearline.model.instants import Duration, Instant
from clearline.model.notices import (
    ActivityDetails,
    Notice,
    NoticeKind,
    Precision,
)
from clearline.model.parties import PartyId
from clearline.model.places import FARTHEST_M, Unlocated
from clearline.model.rings import NotAnExtent
from clearline.picture.picture import View
from clearline.rules.agreeing import agreements_of
from clearline.rules.notice_clocks import PURGE_AFTER

if TYPE_CHECKING:  # they load compiled code, which a node does last
    from clearline.picture.coarse import ToldAlike
    from clearline.picture.whereabouts import Candidate

_MINUTE_S = 60.0


class Planned(NamedTuple):
    """Say of a notice what an agreement asks of it: whose, which kind, which action."""

    party: PartyId
    kind: NoticeKind
    action: str = ""


class StandingBuffer(NamedTuple):
    """Hold the buffer an agreement puts between two notices."""

    agreement: AgreementId
    buffer_m: float
    buffer_s: float


class Binding(NamedTuple):
    """Hold what a party holds another to: by which agreement, with whom."""

    agreement: AgreementId
    other: PartyId
    terms: Terms


class Held(NamedTuple):
    """Hold what is held against a plan, and the plan with the buffer between them."""

    candidate: "Candidate"
    plan: Extent
    standing: StandingBuffer | None = None


class Reached(NamedTuple):
    """Hold what may meet a plan.

    Attributes:
        held: Where it stands, whoever may see it.
        coarse: What is told less than exactly, and the plan it may meet.
        as_of: The instant of the data, UTC.
        missing: What could not be looked at, in sentences.
    """

    held: tuple[Held, ...]
    coarse: "tuple[tuple[ToldAlike, Extent], ...]"
    as_of: Instant
    missing: tuple[str, ...] = ()


def planned_of(notice: Notice) -> Planned:
    """Say whose notice it is, of which kind, for which action."""
    details = notice.revision.details
    action = details.type if isinstance(details, ActivityDetails) else ""
    return Planned(notice.owner, notice.revision.kind, action)


def bindings(view: View, party: PartyId, now: Instant) -> Iterator[Binding]:
    """Return what a party and each of the others hold each other to at an instant."""
    for agreement in agreements_of(view, party):
        version = agreement.in_force(now)
        if version is not None:
            other = agreement.other_than(party)
            yield Binding(agreement.id, other, version.terms)


def standing_of(
    binding: Binding, one: Planned, other: Planned
) -> StandingBuffer | None:
    """Return the buffer between two notices; `None` where there is none."""
    fit = [
        margin
        for margin in binding.terms.margins
        for plan, notice in ((one, other), (other, one))
        if plan.kind is NoticeKind.ACTIVITY and margin.covers(plan.action, notice.kind)
    ]
    if not fit:
        return None
    return StandingBuffer(
        binding.agreement,
        max(margin.buffer_m for margin in fit),
        max(margin.buffer_s for margin in fit),
    )


def standing_between(
    view: View, one: Planned, other: Planned, now: Instant
) -> StandingBuffer | None:
    """Return the buffer between two notices by what is in force between the two."""
    for binding in bindings(view, one.party, now):
        if binding.other == other.party:
            return standing_of(binding, one, other)
    return None


def widest(plan: Extent, terms: Terms) -> Extent:
    """Return a plan with the widest buffer that terms have for anything."""
    return _widened(
        plan,
        max((one.buffer_m for one in terms.margins), default=0.0),
        max((one.buffer_s for one in terms.margins), default=0.0),
    )


def with_standing(plan: Extent, standing: StandingBuffer | None) -> Extent:
    """Return a plan with the standing buffer there is, if there is one."""
    if standing is None:
        return plan
    return _widened(plan, standing.buffer_m, standing.buffer_s)


def _widened(plan: Extent, buffer_m: float, buffer_s: float) -> Extent:
    """Return an extent with so much more margin, as far as margins go."""
    return replace(
        plan,
        buffer_m=min(FARTHEST_M, plan.buffer_m + buffer_m),
        buffer_s=min(LONGEST_BUFFER_S, plan.buffer_s + buffer_s),
    )


def held_by(
    binding: Binding,
    own: Planned,
    plan: Extent,
    pairs: "Iterable[tuple[Candidate, Notice]]",
) -> Iterator[Held]:
    """Return what is held against a plan by an agreement, judged by its own buffer.

    Args:
        binding: What is agreed, and with whom.
        own: What is planned.
        plan: Where and when, without any standing buffer.
        pairs: What may meet it with the widest buffer of that agreement.
    """
    for candidate, notice in pairs:
        if notice.owner != binding.other:
            continue
        standing = standing_of(binding, own, planned_of(notice))
        if standing is None:
            continue
        full = with_standing(plan, standing)
        judged = judge_again(full, candidate)
        if judged is not None:
            yield Held(judged, full, standing)


def coarse_by(
    binding: Binding, own: Planned, plan: Extent, coarse: "Iterable[ToldAlike]"
) -> "Iterator[tuple[ToldAlike, Extent]]":
    """Return what is told less than exactly, with the plan as far as it may meet it.

    Of what is only known to exist no kind is told: then the widest buffer counts.
    """
    for group in coarse:
        if group.owner != binding.other:
            continue
        is_told = group.precision is Precision.COARSE
        found = [
            standing
            for kind in ((group.kind,) if is_told else tuple(NoticeKind))
            if (standing := standing_of(binding, own, Planned(group.owner, kind)))
        ]
        if found:
            wide_m = max(one.buffer_m for one in found)
            long_s = max(one.buffer_s for one in found)
            yield group, _widened(plan, wide_m, long_s)


def judge_again(plan: Extent, candidate: "Candidate") -> "Candidate | None":
    """Judge one pair by its own margin; `None` where it does not meet by that."""
    revision = candidate.stood.revision
    if candidate.code is None or isinstance(plan.footprint, Unlocated):
        return candidate
    try:
        met = meet(plan, revision.extent)
    except NotAnExtent:
        return candidate
    if met.separation_m is None or not (met.is_conflict or met.is_unsure):
        return None
    code = NEAR
    if met.separation_m > met.limit_m:
        code |= PLACE_UNSURE
    if met.bands is Bands.CANNOT_TELL:
        code |= BAND_UNSURE
    return candidate._replace(code=code, separation_m=met.separation_m)


def say_standing(standing: StandingBuffer) -> str:
    """Say that a verdict rests on an agreement as well."""
    parts = [say_length(standing.buffer_m)] if standing.buffer_m else []
    if standing.buffer_s:
        parts.append(f"{standing.buffer_s / _MINUTE_S:g} min")
    said = " and ".join(parts)
    return (
        f"The margins include the standing buffer of {said} of agreement "
        f"{standing.agreement}."
    )


def kept_for(
    view: View, notice: Notice, now: Instant, proposed: Binding | None = None
) -> Duration | None:
    """Say how long a notice is kept once it is over, by what is agreed just then.

    It is the longest that any party it told is owed; `None` where nobody agreed
    anything with its owner.

    Args:
        view: What stands.
        notice: Which.
        now: When it is over.
        proposed: To be taken for what is agreed with that party, to look ahead.
    """
    told = (view.desks.get(desk) for desk in (*notice.revision.tells, *notice.dropped))
    parties = {desk.party for desk in told if desk is not None} - {notice.owner}
    agreed = {one.other: one.terms for one in bindings(view, notice.owner, now)}
    if proposed is not None:
        agreed[proposed.other] = proposed.terms
    said = [agreed[one].kept_for if one in agreed else None for one in parties]
    if not any(said):
        return None
    return max(one or PURGE_AFTER for one in said)
