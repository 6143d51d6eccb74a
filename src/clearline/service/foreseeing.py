"""Say what would follow from an agreement before anybody enters it.

Which pairs would meet by it that do not now, and which would no longer: among one's
own notices and those of the other side that one was told exactly, and no others. It is
what one could have screened for. And until when one's own notices would be kept.

What is neither told exactly nor one's own is not looked at, so that nobody learns from
looking ahead what screening would not have told them.
"""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

import msgspec

from clearline.model.agreements import AgreementId, Terms
from clearline.model.extents import Extent
from clearline.model.instants import FOREVER, Duration, Instant, Window
from clearline.model.notices import PLANS, Notice, NoticeId, NoticeKind, Precision
from clearline.model.parties import PartyId
from clearline.model.places import Unlocated
from clearline.model.rings import NotAnExtent
from clearline.model.screenings import Verdict
from clearline.picture.picture import View
from clearline.rules.disclosure import Viewer, granted
from clearline.rules.margins import (
    Binding,
    Planned,
    bindings,
    judge_again,
    kept_for,
    planned_of,
    say_standing,
    standing_of,
    widest,
    with_standing,
)
from clearline.rules.notice_clocks import PURGE_AFTER
from clearline.rules.screening import judge_pair
from clearline.service.agreed import is_gone, plans_of, with_notices

if TYPE_CHECKING:  # it loads compiled code, which a node does last
    from clearline.picture.whereabouts import Candidate
    from clearline.service.screener import Kept

MOST_PLANS: Final = 200
"""How many plans are looked at; of more it is said that there are."""
MOST_SHOWN: Final = 50

PROPOSED: Final = AgreementId("proposed")
"""What the agreement is called that there is not yet."""


class Meets(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold two notices that would meet, or would no longer.

    Attributes:
        plan: What is planned.
        notice: What it meets.
        overlap: When both may be there.
    """

    plan: NoticeId
    notice: NoticeId
    separation_m: float | None
    overlap: Window | None
    why: str


class KeptUntil(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say until when a notice of one's own is kept, if nothing holds it."""

    notice: NoticeId
    now: Instant
    then: Instant


class Foreseen(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold what would follow from terms, for one of the two sides.

    Attributes:
        as_of: The instant of the data, UTC.
        meets: What would meet that does not now.
        parts: What would meet no longer.
        keeps: Own notices that would be kept for another time.
        more: How many there are of any of these besides.
        plans: How many plans were looked at.
        is_all: Whether those were all.
    """

    as_of: Instant
    meets: tuple[Meets, ...]
    parts: tuple[Meets, ...]
    keeps: tuple[KeptUntil, ...]
    more: int
    plans: int
    is_all: bool


def foresee(
    node: "Kept", viewer: Viewer, other: PartyId, terms: Terms, now: Instant
) -> Foreseen:
    """Say what would follow from terms between a viewer's party and another.

    Args:
        node: Whose notices.
        viewer: Who looks ahead.
        other: The other side.
        terms: What would hold.
        now: Node time.
    """
    proposed = Binding(PROPOSED, other, terms)
    with node.looking() as view:
        bound = bindings(view, viewer.party, now)
        before = next((one for one in bound if one.other == other), None)
    plans = islice(plans_of(node.picture, (viewer.party, other)), MOST_PLANS + 1)
    keys = list(plans)
    meets, parts = dict[tuple[str, ...], Meets](), dict[tuple[str, ...], Meets]()
    for key in keys[:MOST_PLANS]:
        for pair, was, would in _pairs(node, viewer, key, (before, proposed)):
            known = tuple(sorted(pair))
            if would is not None and was is None and _is_then(would, terms):
                meets[known] = would
            if was is not None and would is None:
                parts[known] = was
    keeps = sorted(
        _keeps(node, viewer, proposed, now), key=lambda one: (one.now, one.notice)
    )
    lists = (list(meets.values()), list(parts.values()), keeps)
    return Foreseen(
        as_of=now,
        meets=tuple(lists[0][:MOST_SHOWN]),
        parts=tuple(lists[1][:MOST_SHOWN]),
        keeps=tuple(keeps[:MOST_SHOWN]),
        more=sum(max(0, len(one) - MOST_SHOWN) for one in lists),
        plans=min(len(keys), MOST_PLANS),
        is_all=len(keys) <= MOST_PLANS,
    )


def _pairs(
    node: "Kept",
    viewer: Viewer,
    key: NoticeId,
    bound: tuple[Binding | None, Binding],
) -> Iterator[tuple[tuple[NoticeId, NoticeId], Meets | None, Meets | None]]:
    """Hold a plan against what it may meet, by what is agreed and what would be."""
    notice = node.picture.notices.get(key)
    plan = _extent_of(notice)
    if notice is None or plan is None or not _is_known(node, viewer, notice):
        return
    reached = {
        candidate.stood.notice: (candidate, found)
        for one in bound
        if one is not None
        for candidate, found in with_notices(
            node.picture, node.lookout.near(widest(plan, one.terms)).exact
        )
    }
    own = planned_of(notice)
    for candidate, found in reached.values():
        is_pair = {notice.owner, found.owner} == {viewer.party, bound[1].other}
        if not is_pair or is_gone(found) or not _is_known(node, viewer, found):
            continue
        was, would = (
            _judged(one, own, plan, candidate, notice, found) for one in bound
        )
        yield (notice.id, found.id), was, would


def _judged(  # noqa: PLR0913, PLR0917 (a pair, and what is agreed of it)
    binding: Binding | None,
    own: Planned,
    plan: Extent,
    candidate: "Candidate",
    notice: Notice,
    found: Notice,
) -> Meets | None:
    """Return how a pair meets by what is agreed; `None` where it surely does not."""
    standing = standing_of(binding, own, planned_of(found)) if binding else None
    full = with_standing(plan, standing)
    judged = judge_again(full, candidate)
    if judged is None:
        return None
    met = judge_pair(full, judged)
    if met.verdict is not Verdict.CONFLICT:
        return None
    said = f" {say_standing(standing)}" if standing is not None else ""
    return Meets(
        plan=notice.id,
        notice=found.id,
        separation_m=met.separation_m,
        overlap=met.overlap,
        why=f"{met.why}{said}",
    )


def _is_then(met: Meets, terms: Terms) -> bool:
    """Say whether two would meet while the terms hold."""
    if met.overlap is None:
        return True
    return met.overlap.end > terms.starts_at and met.overlap.start < terms.until


def _is_known(node: "Kept", viewer: Viewer, notice: Notice) -> bool:
    if notice.revision.kind is NoticeKind.POSITION:
        return False
    with node.looking() as view:
        return granted(view, viewer, notice) is Precision.EXACT


def _keeps(
    node: "Kept", viewer: Viewer, proposed: Binding, now: Instant
) -> Iterator[KeptUntil]:
    """Say of each own notice that would be kept otherwise until when it would be."""
    for key in node.picture.notices.keys():  # noqa: SIM118 (a history is no mapping)
        notice = node.picture.notices.get(key)
        if notice is None or notice.owner != viewer.party or notice.is_over:
            continue
        end = notice.revision.window.end
        is_purged = notice.has_sealed or notice.revision.kind in PLANS
        if not is_purged or end >= FOREVER:
            continue
        with node.looking() as view:
            kept = _kept(view, notice, now, None), _kept(view, notice, now, proposed)
        if kept[0] != kept[1]:
            yield KeptUntil(notice=key, now=end + kept[0], then=end + kept[1])


def _kept(
    view: View, notice: Notice, now: Instant, proposed: Binding | None
) -> Duration:
    return kept_for(view, notice, now, proposed) or PURGE_AFTER


def _extent_of(notice: Notice | None) -> Extent | None:
    if notice is None or isinstance(notice.revision.where.footprint, Unlocated):
        return None
    try:
        return notice.revision.extent
    except NotAnExtent:
        return None
