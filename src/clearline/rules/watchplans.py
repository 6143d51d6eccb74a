"""Decide what follows from a plan: from a gap ahead, from a watch that nobody took.

    plan, overrides, zones --> stretches --> gaps --> 12 h and 1 h before each:
                                    |                 its desk and administrators ring
                                    '--> 10 min after its beginning, not taken: the
                                         same, and whoever is planned, ring

Who has the watch is another matter (`rules.watches`): a call rings those who took it,
or every member. A plan says who should; a stretch of it in which nobody can is said
ahead, while there is time to find somebody. A gap that was told is told again only
where it grew. Somebody who has left the desk, or lacks the role, fills no gap.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from msgspec.structs import replace

from clearline.model.calls import CallId, Card, Kind, Ladder, Precedence, Rung
from clearline.model.commands import (
    DropOverride,
    OverrideWatch,
    PlanWatch,
    RaiseCall,
    ReadZones,
)
from clearline.model.entries import (
    Act,
    WatchLookedAhead,
    WatchOverridden,
    WatchOverrideDropped,
    WatchPlanSet,
    ZoneRead,
)
from clearline.model.instants import FOREVER, Duration, Instant, Window, write_instant
from clearline.model.parties import Actor, Desk, DeskId, PersonId, Role, Strength
from clearline.model.watchplans import (
    LONGEST_SHIFT,
    MOST_OVERRIDES,
    MOST_ROTATIONS,
    BadPlan,
    Gap,
    GapTold,
    Stretch,
    UnknownZone,
    WatchPlan,
    ZoneClocks,
)
from clearline.picture.picture import Picture
from clearline.rules.cards import LONGEST_LINE
from clearline.rules.ladders import ladder_for
from clearline.rules.planned import gaps, is_able, not_taken, planned, planned_now
from clearline.rules.raising import free_id, id_taken, open_call
from clearline.rules.refusals import UnknownDesk, UnknownPerson, refuse
from clearline.rules.wallclock import local_at

TELL_BEFORE: Final = (Duration(hours=12), Duration(hours=1))
"""How long before a gap its people are rung, the farthest first."""

LOOK_AHEAD: Final = Duration(days=31)
"""How far ahead gaps are looked for."""

TAKEN_WITHIN: Final = Duration(minutes=10)
"""How long after its beginning a planned watch may be taken before people are rung."""

LOOK_AGAIN: Final = Duration(days=7)
"""After how long a plan without a gap in sight is looked at again."""


class NoOverride(BadPlan):
    """Refuse to drop an override that the plan does not have."""


def plan_watch(picture: Picture, asked: PlanWatch, now: Instant) -> tuple[Act, ...]:
    """Set the rotations of a desk; overrides stay.

    Raises:
        UnknownDesk, UnknownPerson, UnknownZone: Something it names is not there.
        BadPlan: There are too many rotations, or two of one name.
        IdTaken: A call has the plan's own key.
    """
    desk = _require_desk(picture, asked.desk)
    names = [rotation.name for rotation in asked.rotations]
    if len(set(names)) != len(names) or len(names) > MOST_ROTATIONS:
        raise refuse(
            BadPlan,
            f"The plan of {desk.id} has {len(names)} rotations, some of one name.",
            f"Give at most {MOST_ROTATIONS}, each a name of its own.",
        )
    read = _read(picture, asked.zones)
    looking = _with_zones(picture, read)
    for rotation in asked.rotations:
        _require_members(picture, desk, rotation.role, rotation.persons)
        if looking.zones.get(rotation.zone) is None:
            raise _unknown_zone(rotation.zone)
    plan = replace(_plan(picture, desk), rotations=asked.rotations)
    if not isinstance(picture.waiting_for(plan.key), WatchPlan | None):
        raise id_taken(plan.key)
    return (
        *read,
        WatchPlanSet(
            desk=desk.id,
            rotations=asked.rotations,
            by=asked.by,
            next_at=_next(looking, plan, now),
        ),
    )


def override_watch(
    picture: Picture, asked: OverrideWatch, now: Instant
) -> tuple[Act, ...]:
    """Change who is planned in a window; the same override again changes nothing.

    Raises:
        UnknownDesk, UnknownPerson: Something it names is not there.
        BadPlan: It is over already, or there are too many.
        IdTaken: Another override has the id.
    """
    desk, override = _require_desk(picture, asked.desk), asked.override
    plan = _plan(picture, desk)
    known = next((one for one in plan.overrides if one.id == override.id), None)
    if known == override:
        return ()
    if known is not None:
        raise id_taken(override.id)
    live = [one for one in plan.overrides if one.until > now]
    if override.until <= now or len(live) >= MOST_OVERRIDES:
        raise refuse(
            BadPlan,
            f"The override would end at {write_instant(override.until)}, or is one of "
            f"more than {MOST_OVERRIDES}.",
            "Give one that lies ahead; drop those that are not needed.",
        )
    roles = (override.role,) if override.role else ()
    if override.person is not None:
        _require_members(picture, desk, None, (override.person,))
        for role in roles:
            _require_members(picture, desk, role, (override.person,))
    plan = replace(plan, overrides=(*plan.overrides, override))
    next_at = _next(picture, plan, now)
    return (WatchOverridden(desk=desk.id, override=override, next_at=next_at),)


def drop_override(
    picture: Picture, asked: DropOverride, now: Instant
) -> tuple[Act, ...]:
    """Take an override away.

    Raises:
        UnknownDesk: There is no such desk.
        NoOverride: Its plan has no such override.
    """
    desk = _require_desk(picture, asked.desk)
    plan = _plan(picture, desk)
    left = tuple(one for one in plan.overrides if one.id != asked.override)
    if len(left) == len(plan.overrides):
        raise refuse(
            NoOverride,
            f"The plan of {desk.id} has no override {asked.override!r}.",
            "Nothing needs to be dropped.",
        )
    next_at = _next(picture, replace(plan, overrides=left), now)
    return (
        WatchOverrideDropped(
            desk=desk.id, override=asked.override, by=asked.by, next_at=next_at
        ),
    )


def read_zones(picture: Picture, asked: ReadZones, now: Instant) -> tuple[Act, ...]:
    """Keep what clocks say where that has changed, and look at every plan anew."""
    read = _read(picture, asked.zones)
    if not read:
        return ()
    looking, names = _with_zones(picture, read), {act.clocks.zone for act in read}
    looked = (
        WatchLookedAhead(
            desk=plan.desk,
            next_at=_next(looking, plan, now),
            told=plan.told,
            looked=plan.looked,
        )
        for plan in picture.plans.values()
        if names & {rotation.zone for rotation in plan.rotations}
    )
    return (*read, *looked)


def look_ahead(picture: Picture, plan: WatchPlan, now: Instant) -> tuple[Act, ...]:
    """Ring about gaps that are near, and watches not taken; say when to look next."""
    if plan.next_at is None or plan.next_at > now:
        return ()
    desk = picture.desks.get(plan.desk)
    if desk is None:
        return (WatchLookedAhead(desk=plan.desk, next_at=None, told=()),)
    ahead = gaps(picture, plan, Window(start=now, end=now + LOOK_AHEAD))
    kept = tuple(
        told for told in plan.told if any(_is_same(told, gap, now) for gap in ahead)
    )
    near = tuple(_to_tell(picture, plan, now))
    open_ = [one.gap for one in near if not _is_filled(picture, plan, one.gap, now)]
    raised: tuple[Act, ...] = ()
    call: CallId | None = None
    if open_:
        call = free_id(picture, f"gap {desk.id} {now.isoformat()}")
        raised = _warn(picture, desk, plan, open_, now, call=call)
    begun = _begun(picture, plan, now)
    missing = [one for one in begun if _is_missing(picture, plan, one, now)]
    if missing:
        raised += _warn_missing(picture, desk, missing, now, count=len(raised) and 1)
    told = (*kept, *(replace(one, call=call) for one in near))
    looked = (*(one for one in plan.looked if one.until > now), *begun)
    next_at = _next(picture, replace(plan, told=told, looked=looked), now)
    looked_ahead = WatchLookedAhead(
        desk=desk.id, next_at=next_at, told=told, looked=looked
    )
    return (looked_ahead, *raised)


def _begun(picture: Picture, plan: WatchPlan, now: Instant) -> tuple[Stretch, ...]:
    """List the stretches to be looked at now: each once, a while after it began."""
    return tuple(
        one
        for one in planned_now(picture, plan, now)
        if one.since + TAKEN_WITHIN <= now and not _is_looked(plan, one)
    )


def _is_looked(plan: WatchPlan, stretch: Stretch) -> bool:
    key = (stretch.person, stretch.role, stretch.since)
    return any((one.person, one.role, one.since) == key for one in plan.looked)


def _is_missing(
    picture: Picture, plan: WatchPlan, stretch: Stretch, now: Instant
) -> bool:
    """Say whether nobody has taken a stretch: not who is planned, nor anybody else."""
    seat = Gap(role=stretch.role, since=now, until=stretch.until)
    return (
        stretch in not_taken(picture, plan, now)
        and is_able(picture, plan, stretch)
        and not _is_filled(picture, plan, seat, now)
    )


def _warn_missing(
    picture: Picture, desk: Desk, missing: list[Stretch], now: Instant, *, count: int
) -> tuple[Act, ...]:
    """Ring whoever should have the watch, their desk and its administrators."""
    said = "; ".join(
        f"{_name(picture, one)}, {one.role} since {write_instant(one.since)}"
        for one in missing
    )
    asked = RaiseCall(
        call=free_id(picture, f"not taken {desk.id} {now.isoformat()}"),
        kind=Kind.WARN,
        by=_watch_list(desk),
        card=Card(
            what=f"The watch at {desk.id} was not taken: {said}"[:LONGEST_LINE],
            why="They are planned for it. Take it, or plan somebody else.",
        ),
        precedence=Precedence.IMMEDIATE,
    )
    ladder = _with_administrators(
        picture, desk, ladder_for(picture, desk.id, Precedence.IMMEDIATE)
    )
    planned_too = Rung(
        desk=desk.id,
        after=Duration(0),
        roles=tuple(dict.fromkeys(one.role for one in missing)),
        has_members=True,
    )
    ladder = replace(ladder, rungs=(planned_too, *ladder.rungs))
    turn = open_call(picture, asked, desk, now, count=count, ladder=ladder)
    return tuple(turn.acts)


def _name(picture: Picture, stretch: Stretch) -> str:
    person = picture.persons.get(stretch.person)
    return person.pseudonym if person else stretch.person


def look_again(
    picture: Picture, desks: Iterable[DeskId], now: Instant
) -> tuple[Act, ...]:
    """Look at plans anew whose people have changed, if that brings anything nearer."""
    plans = [picture.plans.get(desk) for desk in dict.fromkeys(desks)]
    looked = [(plan, _next(picture, plan, now)) for plan in plans if plan is not None]
    return tuple(
        WatchLookedAhead(
            desk=plan.desk, next_at=next_at, told=plan.told, looked=plan.looked
        )
        for plan, next_at in looked
        if next_at and (plan.next_at is None or next_at < plan.next_at)
    )


class _Due(NamedTuple):
    """Say when a gap has to be told, and how long before it that is."""

    at: Instant
    before: Duration
    gap: Gap


def _next(picture: Picture, plan: WatchPlan, now: Instant) -> Instant | None:
    """Say when a plan has to be looked at next; nothing where nothing is planned."""
    if not plan.rotations:
        return None
    dues = [due.at for due in _dues(picture, plan, now)]
    near = Window(start=now - LONGEST_SHIFT, end=now + LOOK_AGAIN)
    dues += [
        one.since + TAKEN_WITHIN
        for one in planned(picture, plan, near)
        if one.until > now and not _is_looked(plan, one)
    ]
    return min((now + LOOK_AGAIN, *(max(at, now) for at in dues)))


def _dues(picture: Picture, plan: WatchPlan, now: Instant) -> Iterator[_Due]:
    for gap in gaps(picture, plan, Window(start=now, end=now + LOOK_AHEAD)):
        told = [one for one in plan.told if _is_same(one, gap, now)]
        for before in TELL_BEFORE:
            if not any(one.before <= before for one in told):
                yield _Due(gap.since - before, before, gap)


def _is_same(told: GapTold, gap: Gap, now: Instant) -> bool:
    """Say whether a gap is the one that was told, and has not grown."""
    is_under_way = told.gap.since <= now and gap.since <= now
    return (
        told.gap.role == gap.role
        and gap.until <= told.gap.until
        and (told.gap.since == gap.since or is_under_way)
    )


def _to_tell(picture: Picture, plan: WatchPlan, now: Instant) -> Iterator[GapTold]:
    """List the gaps to be told now, each once, at the nearest of its times."""
    found: dict[Gap, Duration] = {}
    for due in _dues(picture, plan, now):
        if due.at <= now:
            found[due.gap] = min(due.before, found.get(due.gap, due.before))
    for gap, before in found.items():
        yield GapTold(gap=gap, before=before)


def _is_filled(picture: Picture, plan: WatchPlan, gap: Gap, now: Instant) -> bool:
    """Say whether somebody unplanned has the watch all through a gap."""
    return any(
        watch.role == gap.role and watch.since <= now and watch.until >= gap.until
        for watch in picture.watches.get(plan.desk) or ()
    )


def _warn(  # noqa: PLR0913 (what the call says and where it rings)
    picture: Picture,
    desk: Desk,
    plan: WatchPlan,
    near: list[Gap],
    now: Instant,
    *,
    call: CallId,
) -> tuple[Act, ...]:
    """Ring a desk and its party's administrators about gaps in its plan."""
    is_close = any(gap.since - now <= TELL_BEFORE[-1] for gap in near)
    precedence = Precedence.IMMEDIATE if is_close else Precedence.PRIORITY
    said = "; ".join(_say(picture, plan, gap) for gap in near)
    asked = RaiseCall(
        call=call,
        kind=Kind.WARN,
        by=_watch_list(desk),
        card=Card(
            what=f"Nobody is planned for the watch at {desk.id}: {said}"[:LONGEST_LINE],
            why="With nobody on watch a call rings every member. Plan somebody.",
        ),
        precedence=precedence,
    )
    ladder = _with_administrators(
        picture, desk, ladder_for(picture, desk.id, precedence)
    )
    return tuple(open_call(picture, asked, desk, now, ladder=ladder).acts)


def _watch_list(desk: Desk) -> Actor:
    return Actor(
        party=desk.party,
        desk=desk.id,
        strength=Strength.DEVICE_ONLY,
        device="watch list",
    )


def _with_administrators(picture: Picture, desk: Desk, ladder: Ladder) -> Ladder:
    """Let the party's administrators ring beside the first rung, wherever they sit."""
    desks = dict.fromkeys(
        person.desk
        for person in picture.persons.values()
        if Role.ADMINISTRATOR in person.roles
    )
    theirs = tuple(
        Rung(
            desk=name,
            after=Duration(0),
            roles=(Role.ADMINISTRATOR,),
            has_members=True,
        )
        for name in desks
        if (known := picture.desks.get(name)) and known.party == desk.party
    )
    return replace(ladder, rungs=(ladder.rungs[0], *theirs, *ladder.rungs[1:]))


def _say(picture: Picture, plan: WatchPlan, gap: Gap) -> str:
    """Say a gap in UTC, and in the zone its role is planned in."""
    until = "on" if gap.until == FOREVER else f"to {write_instant(gap.until)}"
    zone = next(one.zone for one in plan.rotations if one.role == gap.role)
    clocks = picture.zones.get(zone)
    local = f" ({local_at(clocks, gap.since):%a %H:%M} {zone})" if clocks else ""
    return f"{gap.role} from {write_instant(gap.since)}{local} {until}"


def _plan(picture: Picture, desk: Desk) -> WatchPlan:
    return picture.plans.get(desk.id) or WatchPlan(desk=desk.id)


def _read(picture: Picture, zones: Iterable[ZoneClocks]) -> tuple[ZoneRead, ...]:
    """List the zones whose clocks are not as they were read before."""
    return tuple(
        ZoneRead(clocks=clocks)
        for clocks in zones
        if not _is_known(picture.zones.get(clocks.zone), clocks)
    )


def _is_known(known: ZoneClocks | None, clocks: ZoneClocks) -> bool:
    """Say whether what was read says nothing new; its end may lie a while back."""
    if known is None or clocks.until - known.until > Duration(days=365):
        return False
    said = [one for one in known.changes if one.at > clocks.changes[0].at]
    read = [one for one in clocks.changes[1:] if one.at < known.until]
    return said == read and local_at(known, clocks.changes[0].at) == local_at(
        clocks, clocks.changes[0].at
    )


def _with_zones(picture: Picture, read: Iterable[ZoneRead]) -> Picture:
    for act in read:
        picture = picture.as_read(act.clocks)
    return picture


def _require_desk(picture: Picture, desk: DeskId) -> Desk:
    found = picture.desks.get(desk)
    if found is None:
        raise refuse(
            UnknownDesk,
            f"There is no desk {desk!r} on this line.",
            "Enter the desk first.",
        )
    return found


def _require_members(
    picture: Picture, desk: Desk, role: Role | None, persons: Iterable[PersonId]
) -> None:
    for name in dict.fromkeys(persons):
        person = picture.persons.get(name)
        is_able = person is not None and person.desk == desk.id
        if not is_able or (person and role and role not in person.roles):
            raise refuse(
                UnknownPerson,
                f"No person {name!r} belongs to {desk.id!r}"
                + (f" as {role}." if role else "."),
                "Enter them at the desk with the role, then plan them.",
            )


def _unknown_zone(zone: str) -> Exception:
    return refuse(
        UnknownZone,
        f"This node does not know the clocks of the zone {zone!r}.",
        "Name a zone as the IANA time zone database does: Europe/Berlin.",
    )
