"""Screen a plan on what its party may see, and find who may know of which conflict.

A verdict for a party rests on what is disclosed to that party (`rules.disclosure`):

| a notice is told to it | the plan is held against | it says at most |
|---|---|---|
| exactly, or is its own | the notice | conflict |
| coarsely | circles over its cells, whole hours or days | cannot tell: call the desk |
| as existing | the days | cannot tell: call the desk |
| not at all | nothing | nothing |

Only pairs with an activity in them are held against each other: a convoy at a hospital
is no conflict. Between two parties that have agreed a standing buffer it is added to
both margins (`rules.margins`), and each result that rests on it says so.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from clearline.geo.cells import coarse_of, coarse_told
from clearline.model.conflicts import Found, Side, Verdicts
from clearline.model.extents import Extent, ends_at, starts_at
from clearline.model.instants import Window
from clearline.model.notices import Notice, NoticeId, NoticeKind, Precision, Revision
from clearline.model.parties import PartyId
from clearline.model.places import Unlocated
from clearline.model.rings import NotAnExtent
from clearline.model.screenings import Met, Screening, Severity, Verdict
from clearline.picture.hours import coarse_window
from clearline.picture.picture import View
from clearline.rules.disclosure import Viewer, granted, is_of
from clearline.rules.margins import Held, Planned, Reached, say_standing
from clearline.rules.screening import conclude, judge_pair

if TYPE_CHECKING:  # they load compiled code, which a node does last
    from clearline.picture.coarse import ToldAlike

MOST_KEPT: Final = 20
"""How many of what a revision meets its entry names; the rest it counts."""


def minds(one: NoticeKind, other: NoticeKind) -> bool:
    """Say whether two kinds are held against each other."""
    return NoticeKind.ACTIVITY in (one, other)


def screen_seen(  # noqa: PLR0913 (what is looked at, by name)
    view: View,
    viewer: Viewer,
    plan: Extent,
    *,
    own: Planned,
    reached: Reached,
    missing: tuple[str, ...] = (),
    besides: NoticeId | None = None,
) -> Screening:
    """Screen a plan on what a viewer may see.

    Args:
        view: What stands.
        viewer: Whose plan it is.
        plan: Where and when.
        own: What kind of thing is planned, by whom.
        reached: What may meet it.
        missing: What could not be looked at, in sentences.
        besides: The plan's own notice, where it has one.
    """
    met = [
        _judge(one)
        for one, notice in _notices(view, reached.held, besides)
        if minds(own.kind, notice.revision.kind)
        and granted(view, viewer, notice) is Precision.EXACT
    ]
    met += _told_coarsely(view, viewer, own.kind, reached)
    return conclude(plan, met, as_of=reached.as_of, missing=missing)


def find_pairs(
    view: View, notice: Notice, reached: Reached, others: View
) -> Iterator[Found]:
    """Find what a notice surely meets, and which of the two owners may know.

    Args:
        view: Who is on the line, stands in which tree, and agreed what.
        notice: Which was filed or changed.
        reached: What may meet it.
        others: Where those are kept; `view`, or the view of another log.
    """
    for one, other in _notices(others, reached.held, notice.id):
        if not minds(notice.revision.kind, other.revision.kind):
            continue
        met, candidate = _judge(one), one.candidate
        is_sure = met.verdict is Verdict.CONFLICT
        if not is_sure or met.overlap is None or met.separation_m is None:
            continue
        known_to = tuple(
            dict.fromkeys(
                owner.owner
                for owner, seen in ((notice, other), (other, notice))
                if not owner.is_far  # they screen at home, on what was told there
                if granted(view, viewer_of(owner), seen) is Precision.EXACT
            )
        )
        if known_to:
            yield Found(
                one=side_of(notice, notice.revision),
                other=side_of(other, candidate.stood.revision),
                known_to=known_to,
                overlap=met.overlap,
                separation_m=met.separation_m,
                severity=met.severity or Severity.NEAR,
                why=met.why,
                has_position=NoticeKind.POSITION
                in (notice.revision.kind, other.revision.kind),
            )


def reaches_of(revision: Revision) -> Iterator[Extent]:
    """Return where a notice is to anybody who may know it: itself, or its circles."""
    levels = {revision.precision_for(desk) for desk in revision.tells}
    located = not isinstance(revision.where.footprint, Unlocated) or revision.shape
    if Precision.EXACT in levels and located:
        try:
            yield revision.extent
        except NotAnExtent:
            return
    if Precision.COARSE in levels:
        cells = revision.cells
        if cells is None:
            footprint = revision.shape or revision.where.footprint
            coarse = coarse_of(footprint, revision.buffer_m)
        else:
            coarse = coarse_told(cells)
        window = coarse_window(revision, Precision.COARSE)
        for circle in coarse.circles():
            yield Extent(footprint=circle, window=window)


def is_for_both(found: Found) -> bool:
    """Say whether both owners may know of a conflict, and no position is in it."""
    return not found.has_position and {found.one.owner, found.other.owner} <= set(
        found.known_to
    )


def viewer_of(notice: Notice) -> Viewer:
    """Return who looks when a notice's owner screens it."""
    return Viewer(party=notice.owner, desk=notice.filed_by.desk)


def side_of(notice: Notice, revision: Revision) -> Side:
    """Return a notice as a side of a conflict."""
    return Side(
        notice=notice.id,
        revision=revision.number,
        owner=notice.owner,
        desk=notice.filed_by.desk,
    )


def verdicts_of(screened: Screening) -> Verdicts:
    """Return what of a screening is kept in the log."""
    return Verdicts(
        verdict=screened.verdict,
        as_of=screened.as_of,
        expires_at=screened.expires_at,
        met=screened.met[:MOST_KEPT],
        more=max(0, len(screened.met) - MOST_KEPT),
        missing=screened.missing,
        said=screened.said,
    )


def _notices(
    view: View, held: Iterable[Held], besides: NoticeId | None
) -> Iterator[tuple[Held, Notice]]:
    for one in held:
        notice = view.notices.get(one.candidate.stood.notice)
        if notice is not None and notice.id != besides:
            yield one, notice


def _judge(held: Held) -> Met:
    met = judge_pair(held.plan, held.candidate)
    if held.standing is None:
        return met
    return replace(met, why=f"{met.why} {say_standing(held.standing)}")


def _told_coarsely(
    view: View, viewer: Viewer, kind: NoticeKind, reached: Reached
) -> list[Met]:
    """Say once for each desk to call that something of theirs may be there.

    How many there are, and of what kind, is not said.
    """
    desks: dict[tuple[PartyId, str], Window] = {}
    for group, plan in reached.coarse:
        span = Window(start=starts_at(plan), end=ends_at(plan))
        overlap = group.window.overlap(span)
        is_existence = group.precision is Precision.EXISTENCE
        is_minded = is_existence or minds(kind, group.kind)
        if overlap is None or not is_minded:  # of what only exists no kind is told
            continue
        if not _is_told_so(view, viewer, group):
            continue
        key = (group.owner, group.desk)
        known = desks.get(key, overlap)
        desks[key] = Window(
            start=min(known.start, overlap.start), end=max(known.end, overlap.end)
        )
    return [
        Met(
            notice="",
            verdict=Verdict.CANNOT_TELL,
            separation_m=None,
            overlap=overlap,
            severity=None,
            why=f"{owner} has told no more than that: call {desk}.",
        )
        for (owner, desk), overlap in sorted(desks.items())
    ]


def _is_told_so(view: View, viewer: Viewer, group: "ToldAlike") -> bool:
    """Say whether a viewer is told this, and nothing more exact of the same."""
    if group.owner == viewer.party:
        return False
    return any(is_of(view, viewer, told) for told in group.told) and not (
        any(is_of(view, viewer, told) for told in group.exactly)
    )
