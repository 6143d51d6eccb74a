"""Take the watch, leave it, hand it over; see who has it, and where nobody has."""

from collections.abc import Iterator
from typing import Final

import msgspec

from clearline.model.calls import Call, CallId
from clearline.model.instants import Duration, Instant, parse_instant
from clearline.model.linetests import ChannelStands, Stands
from clearline.model.parties import HandedOver, Person, PersonId, Role, Watch
from clearline.model.watchplans import Gap, Stretch
from clearline.web.console.board import standing
from clearline.web.console.pages import Form, Page, Shown, Visit
from clearline.web.endpoints import LOOKING, SIGNED_IN
from clearline.wire.forms.conflicts import (
    ConflictShown,
    ConflictsShown,
    ConflictsWanted,
)
from clearline.wire.forms.line import LineMatrix
from clearline.wire.forms.watches import (
    LONGEST_NOTES,
    AheadWanted,
    HandOver,
    WatchAhead,
    WatchWanted,
)

_WATCH_FOR: Final = Duration(hours=8)
_LONGEST: Final = 24
_STANDING: Final = (
    Role.DUTY_OFFICER,
    Role.BATTLE_DIRECTOR,
    Role.OPERATOR,
    Role.COMMANDER,
)
"""In which role somebody takes the watch who says nothing else, first first."""


_AHEAD: Final = Duration(hours=12)
"""How far ahead conflicts are handed over."""

_DAYS: Final = 7
_DAY: Final = Duration(days=1)


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one stretch of a day of the week grid, per cent of the day.

    Attributes:
        person: Who is planned; nobody in a gap.
    """

    x: float
    width: float
    person: str
    role: Role
    since: Instant
    until: Instant


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one day of the week grid, UTC, and where in it now is."""

    begins_at: Instant
    bars: tuple[Bar, ...]
    now_x: float | None


async def _see(visit: Visit) -> Shown:
    now, desk = visit.now, visit.caller.desk
    with visit.looking() as view:
        members = view.members_of(desk)
        held = [one for one in view.watches.get(desk) or () if one.until > now]
        names = {one.id: one.pseudonym for one in members}
        desks = [
            {"desk": one, "watches": _now(view.watches.get(one.id) or (), now)}
            for one in view.desks.values()
            if one.party == visit.caller.party
        ]
        handed = view.handovers.get(desk)
        everybody = {one.id: one.pseudonym for one in view.persons.values()}
    week = await _week(visit)
    bars = [bar for one in week for bar in one.bars]
    mine = [one for one in held if one.person == visit.caller.person]
    return Shown(
        template="roster.html",
        has={
            "members": members,
            "held": held,
            "mine": mine,
            "names": {**everybody, **names},
            "roles": _roles(visit, members),
            "theirs": _theirs(visit),
            "desks": desks,
            "hours": (4, 6, 8, 12),
            "week": week,
            "soon": await _soon(visit) if mine else [],
            "dead": await _dead(visit) if mine else [],
            "handed": handed,
            "has_read_it": _has_read(visit, handed),
            "gap": next((bar for bar in bars if not bar.person), None),
        },
    )


def _has_read(visit: Visit, handed: HandedOver | None) -> bool:
    """Say whether whoever looks wrote the notes, took over by them, or read them."""
    me = visit.caller.person
    if handed is None or me is None:
        return False
    return me in (handed.person, handed.to) or me in {who for who, _ in handed.read}


async def _soon(visit: Visit) -> list[ConflictShown]:
    """List the conflicts of the next hours, for whoever takes over."""
    found: ConflictsShown = await visit.do(
        "listConflicts", query=ConflictsWanted(is_open=True)
    )
    until = visit.now + _AHEAD
    return [one for one in found.items if one.overlap and one.overlap.start < until]


async def _dead(visit: Visit) -> list[ChannelStands]:
    """List the channels that did not answer their last check."""
    matrix: LineMatrix = await visit.do("lineMatrix")
    return [one for one in matrix.items if one.stands is Stands.DEAD]


async def _week(visit: Visit) -> list[Day]:
    """Lay out a week of the desk's watch plan; no day where nothing is planned."""
    begin = visit.now.replace(hour=0, minute=0, second=0, microsecond=0)
    wanted = AheadWanted(since=begin, days=_DAYS)
    ahead: WatchAhead = await visit.do(
        "readWatchAhead", query=wanted, desk=visit.caller.desk
    )
    if not ahead.planned and not ahead.gaps:
        return []
    with visit.looking() as view:
        names = {one.id: one.pseudonym for one in view.persons.values()}
    days = [begin + number * _DAY for number in range(_DAYS)]
    return [
        Day(
            begins_at=day,
            bars=tuple(_bars(ahead, day, names)),
            now_x=_share(visit.now - day) if day <= visit.now < day + _DAY else None,
        )
        for day in days
    ]


def _bars(ahead: WatchAhead, day: Instant, names: dict[PersonId, str]) -> Iterator[Bar]:
    ends = day + _DAY
    planned: list[tuple[Stretch | Gap, str]] = [
        (one, names.get(one.person, one.person)) for one in ahead.planned
    ]
    for one, person in [*planned, *((gap, "") for gap in ahead.gaps)]:
        since, until = max(one.since, day), min(one.until, ends)
        if since < until:
            yield Bar(
                x=_share(since - day),
                width=_share(until - since),
                person=person,
                role=one.role,
                since=one.since,
                until=one.until,
            )


def _share(part: Duration) -> float:
    return round(100 * (part / _DAY), 3)


def _now(watches: tuple[Watch, ...], now: Instant) -> list[Watch]:
    return [one for one in watches if one.since <= now < one.until]


def _roles(visit: Visit, members: tuple[Person, ...]) -> tuple[Role, ...]:
    """List the roles of whoever looks, the one they would stand the watch in first."""
    me = next((one for one in members if one.id == visit.caller.person), None)
    roles = me.roles if me else ()
    first = [role for role in _STANDING if role in roles]
    return (*first, *(role for role in roles if role not in first))


def _theirs(visit: Visit) -> list[Call]:
    """List the open calls that whoever looks has, to be taken over one by one."""
    me = visit.caller.person
    return [one for one in standing(visit) if one.is_open and me and one.holds(me)]


async def _take(visit: Visit) -> str:
    with visit.looking() as view:
        members = view.members_of(visit.caller.desk)
    roles = _roles(visit, members)
    wanted = visit.said("role")
    role = Role(wanted) if wanted in tuple(Role) else next(iter(roles), Role.OPERATOR)
    hours = visit.said("hours")
    long = (
        Duration(hours=min(int(hours), _LONGEST)) if hours.isdecimal() else _WATCH_FOR
    )
    body = WatchWanted(role=role, until=visit.now + long, has_read=_read_of(visit))
    await visit.do("takeWatch", body, desk=visit.caller.desk)
    return "/" if visit.said("back") == "/" else "/roster"


def _read_of(visit: Visit) -> Instant | None:
    """Return which handover's notes stood on the page that was pressed."""
    said = visit.said("has_read")
    return parse_instant(said) if said else None


async def _leave(visit: Visit) -> str:
    body = HandOver(
        to=visit.said("to"),
        secret=(visit.form.get("secret") or [""])[0],
        taken=tuple(CallId(one) for one in visit.all_said("taken")),
        notes=visit.said("notes")[:LONGEST_NOTES],
    )
    await visit.do("handOver", body, desk=visit.caller.desk)
    return "/roster"


PAGES: Final = (Page(path="/roster", see=_see, may=LOOKING),)
FORMS: Final = (
    Form(path="/roster/take", do=_take, on=_see, may=SIGNED_IN, is_once=True),
    Form(path="/roster/leave", do=_leave, on=_see, may=SIGNED_IN),
)
