"""Find what may meet a plan by what its owner agreed, and which plans that touches.

Pairs are judged with nothing held that anybody waits for: of the picture single values
are read, and agreements under the lock, for a moment.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from clearline.model.extents import Extent
from clearline.model.notices import Notice, NoticeId, NoticeKind
from clearline.model.parties import PartyId
from clearline.picture.picture import Picture
from clearline.rules.margins import (
    Held,
    Planned,
    Reached,
    bindings,
    coarse_by,
    held_by,
    widest,
)

if TYPE_CHECKING:  # it loads compiled code, which a node does last
    from clearline.picture.whereabouts import Candidate
    from clearline.service.screener import Kept


def reach(node: "Kept", kept: "Kept", own: Planned, plan: Extent) -> Reached:
    """Find what may meet a plan: by its margin, and by its owner's agreements.

    Args:
        node: Where agreements are.
        kept: Where the notices are that it is held against.
        own: What is planned, by whom.
        plan: Where and when.
    """
    near = kept.lookout.near(plan)
    with node.looking() as view:
        bound = tuple(bindings(view, own.party, near.as_of))
    held = {one.stood.notice: Held(one, plan) for one in near.exact}
    coarse = [(group, plan) for group in near.coarse]
    for binding in bound:
        if not binding.terms.margins:
            continue
        more = kept.lookout.near(widest(plan, binding.terms))
        pairs = with_notices(kept.picture, more.exact)
        for one in held_by(binding, own, plan, pairs):
            held[one.candidate.stood.notice] = one
        coarse += coarse_by(binding, own, plan, more.coarse)
    return Reached(tuple(held.values()), tuple(coarse), near.as_of, near.missing)


def with_notices(
    picture: Picture, candidates: "Iterable[Candidate]"
) -> "Iterator[tuple[Candidate, Notice]]":
    """Give each candidate with its notice as it stands."""
    for candidate in candidates:
        notice = picture.notices.get(candidate.stood.notice)
        if notice is not None:
            yield candidate, notice


def unscreened_since(picture: Picture) -> Iterator[NoticeId]:
    """Name the plans that were last screened before an agreement of theirs turned."""
    for named in picture.agreements.keys():  # noqa: SIM118 (a history is no mapping)
        agreement = picture.agreements.get(named)
        if agreement is None:
            continue
        last = picture.agreements.last_of(named)
        for key in plans_of(picture, agreement.parties):
            if picture.screened.last_of(key) < last:
                yield key


def plans_of(picture: Picture, parties: tuple[PartyId, PartyId]) -> Iterator[NoticeId]:
    """Name the activities of two parties that stand; no lock is held."""
    for key in picture.notices.keys():  # noqa: SIM118 (the same)
        notice = picture.notices.get(key)
        if notice is None or notice.owner not in parties or is_gone(notice):
            continue
        if notice.revision.kind is NoticeKind.ACTIVITY:
            yield key


def is_gone(notice: Notice) -> bool:
    """Say whether a notice is withdrawn or its time is over."""
    return notice.withdrawn_at is not None or notice.expired_at is not None
