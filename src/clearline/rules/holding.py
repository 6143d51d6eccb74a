"""Say what holds a notice that is over, so that nothing of it is purged.

    a case   that is about it, or about a STOP that touched it, until two people of two
             parties let the hold go
    conflict that is not resolved
    a STOP   or HOLD that touched it: it bound while the notice was there, and its place
             came near. One whose place nobody could say touches whatever its two
             parties had or were told of then

Its owner alone lets nothing of that go: a STOP nobody made a case of holds for good.
The owner is told which; of a case or a call of others, only that there is one.
"""

from collections.abc import Iterator
from typing import Final

from clearline.geo.separation import located, separation
from clearline.model.calls import Call, Kind
from clearline.model.casework import Case
from clearline.model.instants import Duration
from clearline.model.notices import Notice, NoticeId
from clearline.model.parties import PartyId
from clearline.model.places import Footprint
from clearline.picture.marks import file_mark, named_under
from clearline.picture.view import View

NEAR_M: Final = 10_000.0
"""How near a STOP's place counts as the same, metres: the place told on 17 September
2016 lay some kilometres from where it was meant."""

_BINDS: Final = (Kind.STOP, Kind.HOLD)


def held(picture: View, notice: Notice) -> str:
    """Say what holds a notice, or nothing where nothing does."""
    return next(_holding(picture, notice), "")


def is_named(view: View, sha256: str, other_than: NoticeId | None = None) -> bool:
    """Say whether a file is named by a notice that is not purged, or by a case.

    Args:
        view: What stands.
        sha256: Of the file's bytes, hex.
        other_than: A notice that does not count.
    """
    cases = (case for case in view.cases.values() if not case.is_let_go)
    if any(one.sha256 == sha256 for case in cases for one in case.attachments):
        return True
    ids = (one for one in named_under(view, file_mark(sha256)) if one != other_than)
    return any(known.purged_at is None for known in map(view.notices.get, ids) if known)


def _holding(picture: View, notice: Notice) -> Iterator[str]:
    for case in picture.cases.values():
        if notice.id in case.notices and not case.is_let_go:
            own = case.opened_by.party == notice.owner
            yield f"case {case.id}" if own else "a case"
    for key in picture.conflicts_of.get(notice.id) or ():
        conflict = picture.conflicts.get(key)
        if conflict is not None and conflict.is_open:
            yield f"conflict {key}"
    cases = tuple(picture.cases.values())
    for call in picture.calls.values():
        if _touches(picture, call, notice) and not _is_let_go(cases, call):
            own = notice.owner in (call.raised_by.party, call.to_party)
            yield f"{call.kind} {call.number}" if own else f"a {call.kind}"


def _is_let_go(cases: tuple[Case, ...], call: Call) -> bool:
    """Say whether a STOP is evidence of cases, and each of them was let go."""
    about = [case.is_let_go for case in cases if call.id in case.calls]
    return bool(about) and all(about)


def _touches(picture: View, call: Call, notice: Notice) -> bool:
    if call.kind not in _BINDS or not _at_once(call, notice):
        return False
    place = call.card.where or call.card.where_again
    if place is None or located(place.footprint) is None:
        return bool({call.raised_by.party, call.to_party} & _parties(picture, notice))
    revision = notice.revision
    return _is_near(
        place.footprint,
        revision.shape or revision.where.footprint,
        NEAR_M + revision.buffer_m,
    )


def _at_once(call: Call, notice: Notice) -> bool:
    """Say whether a call bound anybody while a notice stood and was to happen."""
    revision = notice.revision
    begins = max(
        notice.filed_at, revision.window.start - Duration(seconds=revision.buffer_s)
    )
    ended_at = None if call.is_in_force else call.released_at or call.changed_at
    if notice.over_at is not None and call.raised_at > notice.over_at:
        return False
    return ended_at is None or ended_at >= begins


def _is_near(one: Footprint, other: Footprint, within_m: float) -> bool:
    """Say whether two places come so near; one nobody located may be anywhere."""
    a, b = located(one), located(other)
    return a is None or b is None or separation(a, b).least <= within_m


def _parties(picture: View, notice: Notice) -> set[PartyId]:
    told = (picture.desks.get(desk) for desk in notice.revision.tells)
    return {notice.owner, *(desk.party for desk in told if desk is not None)}
