"""Plan who has the watch when: `clearline watch plan|override|ahead`."""

from datetime import datetime

import msgspec

from clearline.cli import Switch
from clearline.cli.connection import HERE, At
from clearline.model.errors import BadInput
from clearline.model.instants import FOREVER, Instant, parse_instant, write_instant
from clearline.model.parties import PersonId, Role
from clearline.wire.forms.watches import (
    OverrideGiven,
    PlanShown,
    RotationGiven,
    WatchAhead,
)


class NoPlan(BadInput):
    """Refuse a rotation of which too little is said."""


def watch_plan(  # noqa: PLR0913 (a rotation's own parts)
    desk: str,
    rotation: str = "",
    *,
    role: Role = Role.DUTY_OFFICER,
    person: tuple[str, ...] = (),
    zone: str = "",
    first: str = "",
    hours: float = 12.0,
    until: str = "",
    drop: Switch = False,
    at: At = HERE,
) -> int:
    """Read who takes turns at a desk's watch; with a rotation, enter or change it.

    Hand-overs stay at the same time on the wall, whatever the clocks do.

    Parameters
    ----------
    desk
        The desk.
    rotation
        What the rotation is called: `days`, `nights`.
    role
        In which role its persons have the watch.
    person
        Who takes turns, in their order, as often as needed.
    zone
        IANA zone in which hand-overs stand: `Europe/Berlin`.
    first
        The first hand-over, local: 2026-03-01T08:00.
    hours
        From one hand-over to the next, on the wall.
    until
        No shift reaches beyond this local time.
    drop
        Take the rotation away.
    """
    with at.connect() as client:
        plan = client.watch_plan(desk)
        if rotation:
            others = tuple(one for one in plan.rotations if one.name != rotation)
            if not drop:
                made = RotationGiven(
                    name=rotation,
                    role=role,
                    persons=tuple(PersonId(one) for one in person),
                    zone=zone,
                    first=_local(first),
                    shift_s=round(hours * 3600),
                    until=_local(until) if until else None,
                )
                others = (*others, made)
            plan = client.plan_watch(desk, others)
    return _say_plan(plan, at)


def watch_override(  # noqa: PLR0913 (an override's own parts)
    since: str = "",
    until: str = "",
    *,
    person: str = "",
    instead_of: str = "",
    role: Role | None = None,
    why: str = "",
    drop: str = "",
    at: At = HERE,
) -> int:
    """Change who is planned at your own desk in a window; rotations stay.

    Parameters
    ----------
    since
        From when: RFC 3339 with a zone, as in 2026-03-01T20:00:00Z.
    until
        Until when.
    person
        Who is planned; nobody in the other's stead if left out.
    instead_of
        Whom they stand in for; they are added if left out.
    role
        In which role; needed where somebody is added.
    why
        Why, in a word.
    drop
        Take the override of this id away instead.
    """
    with at.connect() as client:
        desk = client.who_am_i().desk
        if drop:
            return _say_plan(client.drop_override(desk, drop), at)
        given = OverrideGiven(
            since=parse_instant(since),
            until=parse_instant(until),
            person=PersonId(person) if person else None,
            instead_of=PersonId(instead_of) if instead_of else None,
            role=role,
            why=why,
        )
        return _say_plan(client.override_watch(desk, given), at)


def watch_ahead(desk: str, *, days: float = 14.0, at: At = HERE) -> int:
    """Say who is planned at a desk of your party, and when nobody is.

    Exit code: 0 if somebody is all through; 1 if there is a gap, or a shift that its
    person has not taken.

    Parameters
    ----------
    desk
        The desk.
    days
        How many days ahead.
    """
    with at.connect() as client:
        found = client.watch_ahead(desk, days)
    if at.json:
        print(msgspec.json.encode(found).decode())
    else:
        _say_ahead(found)
    return 1 if found.gaps or found.not_taken else 0


def _say_ahead(found: WatchAhead) -> None:
    lines = [
        (one.since, f"{one.role:<16} {one.person}", one.until) for one in found.planned
    ]
    lines += [(gap.since, f"{gap.role:<16} NOBODY", gap.until) for gap in found.gaps]
    for since, who, until in sorted(lines):
        print(f"{_minute(since)}  {_minute(until)}  {who}")
    for one in found.not_taken:
        print(f"{one.person} is planned as {one.role} now and has NOT taken the watch.")


def _say_plan(plan: PlanShown, at: At) -> int:
    if at.json:
        print(msgspec.json.encode(plan).decode())
        return 0
    for one in plan.rotations:
        print(
            f"{one.name}: {', '.join(one.persons)} as {one.role}, every "
            f"{one.shift_s / 3600:g} h from {one.first:%F %R} {one.zone}"
            + (f" to {one.until:%F %R}" if one.until else "")
        )
    for change in plan.overrides:
        who = f"{change.person or 'nobody'} for {change.instead_of or 'nobody'}"
        window = f"{_minute(change.since)} to {_minute(change.until)}"
        print(f"{change.id}: {who}, {window} {change.why}".rstrip())
    if not plan.rotations:
        print(f"Nobody is planned at {plan.desk}.")
    return 0


def _minute(at: Instant) -> str:
    return "no end           " if at == FOREVER else write_instant(at)[:16] + "Z"


def _local(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is not None:
        raise NoPlan(
            f"{text!r} is no time on the wall.",
            state="Nothing was changed.",
            next="Write it without a zone, as in 2026-03-01T08:00; --zone says which.",
        )
    return at
