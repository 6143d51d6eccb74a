"""Say which standing buffer lies between a plan of one party and a notice of another.

It is that of the agreement in force between the two owners, added to the margins both
gave. Of several that fit the widest counts, in space and in time each. It makes no
verdict milder: whatever meets without it meets with it. Who may know of what is asked
elsewhere and is the same with or without it (`rules.disclosure`).
"""

from collections.abc import Iterator
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


class Wide(NamedTuple):
    """Hold what may meet a plan by one agreement, and would not without it.

    Attributes:
        other: The other party of that agreement; of others nothing here counts.
        plan: The plan with the widest buffer of that agreement.
        exact: What the index proposes for that.
        coarse: What is told less than exactly and may meet it.
    """

    other: PartyId
    plan: Extent
    exact: "tuple[Candidate, ...]" = ()
    coarse: "tuple[ToldAlike, ...]" = ()


class Reached(NamedTuple):
    """Hold what may meet a plan.

    Attributes:
        exact: What the index proposes, whoever may see it.
        as_of: The instant of the data, UTC.
        coarse: What is told less than exactly and may meet it.
        wide: What may meet it by the agreements of its owner.
    """

    exact: "tuple[Candidate, ...]"
    as_of: Instant
    coarse: "tuple[ToldAlike, ...]" = ()
    wide: tuple[Wide, ...] = ()


class Held(NamedTuple):
    """Hold what is held against a plan, and the plan with the buffer between them."""

    candidate: "Candidate"
    plan: Extent
    standing: StandingBuffer | None = None


def planned_of(notice: Notice) -> Planned:
    """Say whose notice it is, of which kind, for which action."""
    details = notice.revision.details
    action = details.type if isinstance(details, ActivityDetails) else ""
    return Planned(notice.owner, notice.revision.kind, action)


def standing_between(
    view: View,
    one: Planned,
    other: Planned,
    now: Instant,
    proposed: Terms | None = None,
) -> StandingBuffer | None:
    """Return the buffer between two notices of two parties; `None` where none is.

    Args:
        view: What stands.
        one: One of the two.
        other: The other; whichever is planned, or both.
        now: When they are held against each other.
        proposed: Terms to be taken for those of their agreement, to look ahead.
    """
    key, terms = _terms(view, one.party, other.party, now)
    terms = proposed if proposed is not None else terms
    if terms is None:
        return None
    fit = [
        margin
        for margin in terms.margins
        for plan, notice in ((one, other), (other, one))
        if plan.kind is NoticeKind.ACTIVITY and margin.covers(plan.action, notice.kind)
    ]
    if not fit:
        return None
    return StandingBuffer(
        key, max(m.buffer_m for m in fit), max(m.buffer_s for m in fit)
    )


def wide_plans(
    view: View, own: PartyId, plan: Extent, now: Instant
) -> Iterator[tuple[PartyId, Extent]]:
    """Return a plan with the widest buffer of each agreement of its party, by other.

    What is not located meets nothing by a wider margin, unless in time.
    """
    for agreement in agreements_of(view, own):
        version = agreement.in_force(now)
        if version is not None and version.terms.margins:
            yield agreement.other_than(own), widest(plan, version.terms)


def widest(plan: Extent, terms: Terms) -> Extent:
    """Return a plan with the widest buffer that terms have for anything."""
    return widened(
        plan,
        max((one.buffer_m for one in terms.margins), default=0.0),
        max((one.buffer_s for one in terms.margins), default=0.0),
    )


def widened(plan: Extent, buffer_m: float, buffer_s: float) -> Extent:
    """Return an extent with so much more margin, as far as margins go."""
    return replace(
        plan,
        buffer_m=min(FARTHEST_M, plan.buffer_m + buffer_m),
        buffer_s=min(LONGEST_BUFFER_S, plan.buffer_s + buffer_s),
    )


def with_standing(plan: Extent, standing: StandingBuffer | None) -> Extent:
    """Return a plan with the standing buffer there is, if there is one."""
    if standing is None:
        return plan
    return widened(plan, standing.buffer_m, standing.buffer_s)


def held_against(  # noqa: PLR0913 (what is looked at, by name)
    view: View,
    own: Planned,
    plan: Extent,
    reached: Reached,
    *,
    others: View | None = None,
    proposed: Terms | None = None,
) -> Iterator[Held]:
    """Return what is held against a plan, each with the buffer between the two.

    Args:
        view: Who agreed what.
        own: What is planned.
        plan: Where and when, without any standing buffer.
        reached: What may meet it.
        others: Where the notices are kept that may meet it, if not in `view`.
        proposed: As for `standing_between`.
    """
    notices = (others or view).notices
    found = {one.stood.notice: Held(one, plan) for one in reached.exact}
    for wide in reached.wide:
        for candidate in wide.exact:
            notice = notices.get(candidate.stood.notice)
            if notice is None or notice.owner != wide.other:
                continue
            standing = standing_between(
                view, own, planned_of(notice), reached.as_of, proposed
            )
            if standing is None:
                continue
            full = with_standing(plan, standing)
            judged = judge_again(full, candidate)
            if judged is not None:
                found[notice.id] = Held(judged, full, standing)
    yield from found.values()


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


def coarse_standing(
    view: View, own: Planned, group: "ToldAlike", now: Instant
) -> StandingBuffer | None:
    """Return the buffer to what is told less than exactly, as far as its kind is told.

    Of what is only known to exist no kind is told: then the widest counts.
    """
    is_told = group.precision is Precision.COARSE
    found = [
        standing
        for kind in ((group.kind,) if is_told else tuple(NoticeKind))
        if (standing := standing_between(view, own, Planned(group.owner, kind), now))
    ]
    if not found:
        return None
    return StandingBuffer(
        found[0].agreement,
        max(one.buffer_m for one in found),
        max(one.buffer_s for one in found),
    )


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


def kept_for(view: View, notice: Notice, now: Instant) -> Duration | None:
    """Say how long a notice is kept once it is over, by what is agreed just then.

    It is the longest that any party it told is owed; `None` where nobody agreed
    anything with its owner.
    """
    told = (view.desks.get(desk) for desk in (*notice.revision.tells, *notice.dropped))
    parties = {desk.party for desk in told if desk is not None} - {notice.owner}
    agreed = [_terms(view, notice.owner, party, now)[1] for party in sorted(parties)]
    said = [terms.kept_for if terms is not None else None for terms in agreed]
    if not any(said):
        return None
    return max(one or PURGE_AFTER for one in said)


def _terms(
    view: View, one: PartyId, other: PartyId, now: Instant
) -> tuple[AgreementId, Terms | None]:
    """Return what two parties hold each other to at an instant, and by which."""
    if one == other:
        return AgreementId(""), None
    for agreement in agreements_of(view, one):
        version = agreement.in_force(now) if other in agreement.parties else None
        if version is not None:
            return agreement.id, version.terms
    return AgreementId(""), None
