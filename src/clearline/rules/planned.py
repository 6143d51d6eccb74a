"""Reckon who is planned for a desk's watch when, and when nobody who can is.

A plan says who should have the watch; who has it is another matter (`rules.watches`).
Somebody who has left the desk, or lacks the role, fills no gap.
"""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from clearline.model.instants import FOREVER, Instant, Window
from clearline.model.parties import Role
from clearline.model.watchplans import (
    FARTHEST_OFFSET,
    LONGEST_SHIFT,
    Gap,
    Override,
    Rotation,
    Stretch,
    WatchPlan,
    ZoneClocks,
)
from clearline.picture.picture import View
from clearline.rules.wallclock import instant_of, local_at


def planned(view: View, plan: WatchPlan, window: Window) -> tuple[Stretch, ...]:
    """List who is planned in a window, by when; cut off at its ends."""
    found = [
        stretch
        for rotation in plan.rotations
        for stretch in _turns(view.zones.get(rotation.zone), rotation, window)
    ]
    for override in plan.overrides:
        found = list(_overridden(found, override, window))
    return tuple(sorted(found, key=lambda one: (one.since, one.role, one.person)))


def gaps(view: View, plan: WatchPlan, window: Window) -> tuple[Gap, ...]:
    """List when nobody who can is planned, for each role the plan names.

    A gap that reaches the end of the window is said to have no end.
    """
    able = [
        stretch
        for stretch in planned(view, plan, window)
        if is_able(view, plan, stretch)
    ]
    roles = dict.fromkeys(rotation.role for rotation in plan.rotations)
    return tuple(
        gap
        for role in roles
        for gap in _between([one for one in able if one.role == role], role, window)
    )


def not_taken(view: View, plan: WatchPlan, now: Instant) -> tuple[Stretch, ...]:
    """List who is planned now and has not taken the watch in that role."""
    taken = {
        (watch.person, watch.role)
        for watch in view.watches.get(plan.desk) or ()
        if watch.since <= now < watch.until
    }
    return tuple(
        one
        for one in planned_now(view, plan, now)
        if (one.person, one.role) not in taken
    )


def planned_now(view: View, plan: WatchPlan, now: Instant) -> tuple[Stretch, ...]:
    """List who is planned now, each stretch whole."""
    around = Window(start=now - LONGEST_SHIFT, end=now + LONGEST_SHIFT)
    found = planned(view, plan, around)
    return tuple(one for one in found if one.since <= now < one.until)


def _turns(
    clocks: ZoneClocks | None, rotation: Rotation, window: Window
) -> Iterator[Stretch]:
    """List the shifts of a rotation; where its clocks are not known there are none."""
    if clocks is None:
        return
    from_local = local_at(clocks, window.start) - FARTHEST_OFFSET
    number = max(0, (from_local - rotation.first) // rotation.shift_for)
    while True:
        begins = rotation.first + number * rotation.shift_for
        ends = begins + rotation.shift_for
        if rotation.until is not None:
            ends = min(ends, rotation.until)
        since, until = instant_of(clocks, begins), instant_of(clocks, ends)
        if begins >= ends or since is None or until is None or since >= window.end:
            return
        person = rotation.persons[number % len(rotation.persons)]
        since, until = max(since, window.start), min(until, window.end)
        if since < until:
            yield Stretch(
                person=person,
                role=rotation.role,
                since=since,
                until=until,
                of=rotation.name,
            )
        number += 1


def _overridden(
    stretches: Iterable[Stretch], override: Override, window: Window
) -> Iterator[Stretch]:
    since, until = max(override.since, window.start), min(override.until, window.end)
    if since >= until:
        yield from stretches
        return
    for one in stretches:
        is_meant = override.instead_of == one.person and (
            override.role is None or override.role == one.role
        )
        inside = max(one.since, since), min(one.until, until)
        if not is_meant or inside[0] >= inside[1]:
            yield one
            continue
        if one.since < inside[0]:
            yield replace(one, until=inside[0])
        if override.person is not None:
            yield Stretch(
                person=override.person,
                role=one.role,
                since=inside[0],
                until=inside[1],
                of=override.id,
            )
        if inside[1] < one.until:
            yield replace(one, since=inside[1])
    if override.instead_of is None and override.person and override.role:
        yield Stretch(
            person=override.person,
            role=override.role,
            since=since,
            until=until,
            of=override.id,
        )


def is_able(view: View, plan: WatchPlan, stretch: Stretch) -> bool:
    """Say whether whoever is planned is of the desk still, and has the role."""
    person = view.persons.get(stretch.person)
    return (
        person is not None and person.desk == plan.desk and stretch.role in person.roles
    )


def _between(stretches: list[Stretch], role: Role, window: Window) -> Iterator[Gap]:
    covered = window.start
    for one in stretches:
        if one.since > covered:
            yield Gap(role=role, since=covered, until=one.since)
        covered = max(covered, one.until)
    if covered < window.end:
        yield Gap(role=role, since=covered, until=FOREVER)
