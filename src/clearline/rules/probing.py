"""Tell asking from probing: many small areas, or one after the other over a grid.

What a desk asked to have screened within the last hour is kept in memory, a line each:
when, how large, in which cell. It becomes an entry only once it is too much.

| within an hour | is |
|---|---|
| up to 10 small areas, and 60 in all | asking |
| more | probing: answered after a growing while, seen by owner and neutral |
| more than 40 small ones, or 240 in all | too much: *cannot tell: call the desk* |

Small is an area that reaches less than 2 km from its middle: nobody who plans asks for
ten of those in an hour. Filing is never refused for it, and no answer is withheld: past
the limit it says whom to call, whatever is there.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

from msgspec.structs import replace

from clearline.geo.cells import Cell, coarse_of
from clearline.model.disclosures import Probed, ProbingSeen
from clearline.model.extents import Extent
from clearline.model.instants import Duration, Instant
from clearline.model.parties import Desk, PartyId, Standing
from clearline.model.screenings import Screening, Verdict
from clearline.picture.picture import Picture, View
from clearline.rules.disclosure import Viewer

WITHIN: Final = Duration(hours=1)
SMALL_M: Final = 2_000.0
ASKING: Final = (10, 60)
"""Small areas, and all questions, that are still asking."""
AT_MOST: Final = (40, 240)
"""Small areas, and all questions, that are answered from what is disclosed."""
SLOWEST: Final = Duration(seconds=5)
"""The longest an answer is waited for."""
TOLD_AGAIN_AFTER: Final = Duration(minutes=10)
"""How soon what goes on is entered again."""

_MOST_CELLS: Final = 64


class Manner(StrEnum):
    """Name how a desk asks."""

    ASKING = "asking"
    PROBING = "probing"
    TOO_MUCH = "too much"


class Question(NamedTuple):
    """Hold what is remembered of one question."""

    at: Instant
    is_small: bool
    cells: tuple[Cell, ...]


class Manners(NamedTuple):
    """Say how a desk asks, and how long its next answer takes."""

    manner: Manner
    waits: Duration
    questions: int
    small: int


def question_of(plan: Extent, at: Instant) -> Question:
    """Return what is remembered of a plan that was asked about."""
    coarse = coarse_of(plan.footprint, plan.buffer_m)
    return Question(at, coarse.reach_m <= SMALL_M, coarse.cells[:_MOST_CELLS])


def manner_of(asked: Iterable[Question], now: Instant) -> Manners:
    """Say how a desk asks, by what it asked within the hour, this one included."""
    lately = [one for one in asked if now - one.at < WITHIN]
    small, every = sum(one.is_small for one in lately), len(lately)
    over = max(0, small - ASKING[0]) + max(0, every - ASKING[1])
    if not over:
        return Manners(Manner.ASKING, Duration(0), every, small)
    waits = min(SLOWEST, over * Duration(milliseconds=250))
    is_too_much = small > AT_MOST[0] or every > AT_MOST[1]
    manner = Manner.TOO_MUCH if is_too_much else Manner.PROBING
    return Manners(manner, waits, every, small)


def seen_of(
    viewer: Viewer, asked: Iterable[Question], manners: Manners, now: Instant
) -> ProbingSeen:
    """Return what is entered of a desk that asks too much."""
    lately = [one for one in asked if now - one.at < WITHIN]
    cells = sorted({cell for one in lately for cell in one.cells})
    return ProbingSeen(
        party=viewer.party,
        desk=viewer.desk,
        questions=manners.questions,
        small=manners.small,
        since=min(one.at for one in lately),
        cells=tuple(cell.name for cell in cells[:_MOST_CELLS]),
    )


def cannot_tell_any_more(screened: Screening, desks: Iterable[Desk]) -> Screening:
    """Return what is answered past the limit: whom to call, whatever is there.

    Args:
        screened: The answer, of which only what says nothing is taken.
        desks: Whom to call: every other party's top desk.
    """
    names = ", ".join(sorted(desk.id for desk in desks)) or "the other parties' desks"
    why = f"Your desk has asked too much within the hour: call {names}."
    return Screening(
        verdict=Verdict.CANNOT_TELL,
        as_of=screened.as_of,
        expires_at=screened.expires_at,
        met=(),
        missing=(why,),
        not_checked=screened.not_checked,
        said=f"Cannot tell. {why}",
    )


def desks_to_call(view: View, party: PartyId) -> tuple[Desk, ...]:
    """Return every other party's desks at the top of its tree."""
    return tuple(
        desk
        for desk in view.desks.values()
        if desk.under is None and desk.party != party
    )


def probed_near(view: Picture, viewer: Viewer) -> tuple[Probed, ...]:
    """Return the probing a viewer may know of, newest first.

    The neutral knows of all of it; an owner, where its own notices lie in a cell that
    was asked about, and of those cells alone; who probes, of none.
    """
    party = view.parties.get(viewer.party)
    kept = [view.probing.get(key) or () for key in view.probing.keys()]  # noqa: SIM118 (a history is no mapping)
    everything = [one for probed in kept for one in probed]
    others = [one for one in everything if one.seen.party != viewer.party]
    if others and (party is None or party.standing is not Standing.NEUTRAL):
        own = _own_cells(view, viewer.party)
        others = [near for one in others if (near := _kept(one, own)) is not None]
    return tuple(sorted(others, key=lambda one: (one.at, one.seen.desk), reverse=True))


def _kept(probed: Probed, own: frozenset[str]) -> Probed | None:
    cells = tuple(cell for cell in probed.seen.cells if cell in own)
    if not cells:
        return None
    return replace(probed, seen=replace(probed.seen, cells=cells))


def _own_cells(view: Picture, party: PartyId) -> frozenset[str]:
    """Name the cells a party's notices lie in; no lock is held meanwhile."""
    found = map(view.notices.get, view.notices.keys())
    return frozenset(
        cell.name
        for notice in found
        if notice is not None and notice.owner == party and notice.withdrawn_at is None
        for cell in coarse_of(
            notice.revision.shape or notice.revision.where.footprint
        ).cells
    )
