"""Say how each act changes a conflict; nothing here decides anything."""

from typing import TypeAlias, assert_never

from msgspec.structs import replace

from clearline.model.conflict_acts import (
    ConflictAccepted,
    ConflictAct,
    ConflictFound,
    ConflictReleased,
    ConflictResolved,
    ConflictTalkedAbout,
)
from clearline.model.conflicts import AcceptedBy, Conflict, ConflictState
from clearline.model.instants import Instant

_Later: TypeAlias = (
    ConflictTalkedAbout | ConflictAccepted | ConflictReleased | ConflictResolved
)


def conflict_found(act: ConflictFound, at: Instant) -> Conflict:
    """Begin a conflict, or begin it again with other revisions."""
    return Conflict(
        id=act.conflict,
        one=act.one,
        other=act.other,
        known_to=act.known_to,
        found_at=at,
        as_of=act.as_of,
        why=act.why,
        precedence=act.precedence,
        separation_m=act.separation_m,
        overlap=act.overlap,
        severity=act.severity,
        calls=act.calls,
        changed_at=at,
        due_at=act.due_at,
    )


def conflict_after(
    conflict: Conflict | None, act: ConflictAct, at: Instant
) -> Conflict | None:
    """Return what a conflict is after an act about it; nothing if it never was."""
    if isinstance(act, ConflictFound):
        return conflict_found(act, at)
    return None if conflict is None else _changed(conflict, act, at)


def _changed(conflict: Conflict, act: _Later, at: Instant) -> Conflict:
    match act:
        case ConflictTalkedAbout():
            state = ConflictState.TALKED_ABOUT
            if conflict.state is ConflictState.ACCEPTED:
                state = conflict.state
            talked_by = (*conflict.talked_by, act.by)
            return replace(conflict, state=state, talked_by=talked_by, changed_at=at)
        case ConflictAccepted():
            return _accepted(conflict, AcceptedBy(by=act.by, at=at, why=act.why), at)
        case ConflictReleased():
            released = AcceptedBy(by=act.by, at=at, why=act.why)
            return replace(conflict, released=released, changed_at=at)
        case ConflictResolved():
            return replace(
                conflict,
                state=ConflictState.RESOLVED,
                resolution=act.resolution,
                changed_at=at,
                due_at=None,
            )
        case _:
            assert_never(act)


def _accepted(conflict: Conflict, accepted: AcceptedBy, at: Instant) -> Conflict:
    """Take an acceptance in; it is accepted once everybody who knows of it goes on."""
    everybody = (*conflict.accepted, accepted)
    parties = {one.by.party for one in everybody}
    is_accepted = set(conflict.known_to) <= parties
    return replace(
        conflict,
        accepted=everybody,
        state=ConflictState.ACCEPTED if is_accepted else conflict.state,
        changed_at=at,
    )
