"""Say a call or a conflict as a screen or other software sees it.

What is shown is derived from the call as it stood after one entry, and from nothing
else, so that the feed, the list and the page say the same.
"""

from clearline.model.calls import Call
from clearline.model.conflicts import Conflict, Side
from clearline.picture.picture import View
from clearline.rules.conflicts import BY_THE_LINE
from clearline.rules.disclosure import Viewer
from clearline.rules.lines import CHECKING
from clearline.wire.forms.calls import CallShown, Phase
from clearline.wire.forms.conflicts import AcceptedShown, ConflictShown, SideShown


def is_by_line(call: Call) -> bool:
    """Say whether the line raised a call by itself: its words are ours, then."""
    by = call.raised_by
    return by.person is None and by.device in (BY_THE_LINE, CHECKING)


def shown(
    call: Call, *, is_durable: bool = True, times: int = 1, last_minute: int = 0
) -> CallShown:
    """Say a call as it is shown."""
    return CallShown(
        id=call.id,
        number=call.number,
        kind=call.kind,
        precedence=call.precedence,
        phase=phase_of(call),
        is_durable=is_durable,
        is_open=call.is_open,
        is_ringing=call.is_ringing,
        is_in_force=call.is_in_force,
        raised_by=call.raised_by,
        raised_at=call.raised_at,
        said_at=call.said_at,
        to_party=call.to_party,
        to_desk=call.to_desk,
        card=call.card,
        of=call.of,
        passed_from=call.passed_from,
        repeats=call.repeats,
        times=times,
        source_last_minute=last_minute,
        ends_at=call.ends_at,
        round=call.round,
        rings=call.rings,
        ringing=call.ringing,
        holders=call.holders,
        answers=call.answers,
        said_back=call.said_back,
        passed=call.passed,
        has_read_back_at=call.has_read_back_at,
        has_passed_on_at=call.has_passed_on_at,
        has_ceased_at=call.has_ceased_at,
        closed_by=call.closed_by,
        ending=call.ending,
        ended_by=call.ended_by,
        clocks=call.clocks,
        changed_at=call.changed_at,
    )


def times_then(view: View, call: Call) -> int:
    """Count the STOPs that were open and said the same as `call`, itself included."""
    first = call.repeats or call.id
    same = (one for one in view.calls.values() if first in {one.id, one.repeats})
    return max(1, sum(one.is_open for one in same))


def phase_of(call: Call) -> Phase:
    """Say in a word where a call stands: how far it has come, or that nobody has it."""
    if not call.is_open:
        return Phase.OVER
    if call.has_ceased_at is not None:
        return Phase.CEASED
    if not call.holders:
        return Phase.NOBODY_HAS_THIS if call.round else Phase.RINGING
    if call.has_passed_on_at is not None:
        return Phase.PASSED_ON
    return Phase.READ_BACK if call.has_read_back_at is not None else Phase.HELD


def conflict_shown(view: View, viewer: Viewer, conflict: Conflict) -> ConflictShown:
    """Say a conflict to one who may know of it: their own notice first."""
    own, other = sides_of(viewer, conflict)
    calls = [view.calls.get(call) for call in conflict.calls]
    return ConflictShown(
        id=conflict.id,
        state=conflict.state,
        own=_side(own),
        other=_side(other),
        known_to=conflict.known_to,
        found_at=conflict.found_at,
        as_of=conflict.as_of,
        why=conflict.why,
        precedence=conflict.precedence,
        separation_m=conflict.separation_m,
        overlap=conflict.overlap,
        severity=conflict.severity,
        talked_by=tuple(dict.fromkeys(by.party for by in conflict.talked_by)),
        accepted=tuple(
            AcceptedShown(party=one.by.party, at=one.at, why=one.why)
            for one in conflict.accepted
        ),
        released_at=conflict.released.at if conflict.released else None,
        resolution=conflict.resolution,
        changed_at=conflict.changed_at,
        calls=tuple(
            call.id for call in calls if call and call.to_party == viewer.party
        ),
    )


def _side(side: Side) -> SideShown:
    return SideShown(
        notice=side.notice, revision=side.revision, owner=side.owner, desk=side.desk
    )


def sides_of(viewer: Viewer, conflict: Conflict) -> tuple[Side, Side]:
    """Return the viewer's side of a conflict, then the other."""
    own = conflict.side_of(viewer.party) or conflict.one
    other = conflict.other if own == conflict.one else conflict.one
    return own, other
