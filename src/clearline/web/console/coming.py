"""Lay out what is about to happen: a list of what comes next, and one axis of time.

    conflicts    from first contact until they are apart
    calls        what is waited for, as marks
    notices      what begins, passes, ends within the hours shown

All of it comes from the map its viewer sees, so the strip shows nothing the map and
its table do not. What moves and was not heard of for long says so, as on the map.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from clearline.model.calls import ClockName
from clearline.model.instants import Duration, Instant
from clearline.model.notice_details import NoticeKind
from clearline.web.console.board import Row, name_of
from clearline.web.console.pages import Visit
from clearline.wire.forms.mapped import OnMap, What

HOURS: Final = (3, 6, 12, 24)
"""How far ahead can be looked."""

FRESH_FOR: Final = Duration(hours=1)
LAST_KNOWN_AFTER: Final = Duration(hours=3)
"""What moves is heard of once an hour; what was not for three is where it was last."""

_USUAL: Final = 6
_BEHIND: Final = 6
"""A part of what is ahead is shown behind now: one in so many."""

_MOST_LANES: Final = 6
_MOST_NEXT: Final = 8
_TICKS: Final = {3: 30, 6: 60, 12: 120, 24: 240}
_ORDER: Final = {What.CONFLICT: 0, What.CALL: 1, What.NOTICE: 2}
_MOVES: Final = frozenset({NoticeKind.MOVEMENT, NoticeKind.POSITION})


class Next(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """Hold one thing that comes: when, what happens, to what, and where to look.

    Attributes:
        happens: A coded word: `call`, `line`, `watch`, `contact`, `apart`, `begins`,
            `ends`, `leaves`, `passes`, `arrives`.
        place: Where it is passed, if that has a name.
    """

    at: Instant
    happens: str
    name: str
    to: str
    place: str = ""


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a mark on a lane, its place in percent of the axis."""

    x: float
    at: Instant
    name: str
    letter: str = ""


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one line of the strip.

    Attributes:
        of: What it is of, as the map has it.
        x: Where its bar begins, percent; `width` is how long it is.
        is_cut: Whether it goes on beyond the axis.
        age: `fresh`, `old` or `last-known`, by when it was last heard of.
    """

    of: OnMap
    x: float
    width: float
    is_cut: bool
    marks: tuple[Mark, ...]
    age: str


class Strip(msgspec.Struct, frozen=True, kw_only=True):
    """Hold the axis and all that lies on it.

    Attributes:
        ahead: How many hours ahead it shows.
        more: How many lanes there are besides.
    """

    ahead: int
    begins_at: Instant
    ends_at: Instant
    now_x: float
    ticks: tuple[Mark, ...]
    calls: tuple[Mark, ...]
    lanes: tuple[Lane, ...]
    more: int


def age_of(of: OnMap, now: Instant) -> str:
    """Say how old what is known of something is, in three steps."""
    if of.what is not What.NOTICE or of.kind not in _MOVES or not of.is_active:
        return "fresh"
    age = now - of.changed_at if of.changed_at else Duration(0)
    if age <= FRESH_FOR:
        return "fresh"
    return "old" if age <= LAST_KNOWN_AFTER else "last-known"


def coming(visit: Visit, rows: list[Row], shown: list[OnMap]) -> list[Next]:
    """List what comes next, the soonest first."""
    found = [*_of_calls(rows), *_of_desk(visit), *_of_map(shown)]
    return sorted(one for one in found if one.happens == "call" or one.at > visit.now)[
        :_MOST_NEXT
    ]


def _of_calls(rows: list[Row]) -> Iterator[Next]:
    for row in rows:
        if row.due is not None and row.due.name is not ClockName.RING:
            call = row.call
            name = f"{call.kind} {call.number}"
            yield Next(
                at=row.due.due_at, happens="call", name=name, to=f"/calls/{call.id}"
            )


def _of_desk(visit: Visit) -> list[Next]:
    now, desk = visit.now, visit.caller.desk
    with visit.looking() as view:
        lines = [
            Next(at=line.next_at, happens="line", name=line.medium, to="/lines")
            for line in view.lines.values()
            if desk in (line.from_desk, line.to_desk)
        ]
        watches = [
            Next(
                at=watch.until,
                happens="watch",
                name=name_of(view, watch.person),
                to="/roster",
            )
            for watch in view.watches.get(desk) or ()
            if watch.since <= now < watch.until
        ]
    return [*lines, *watches]


def _of_map(shown: list[OnMap]) -> Iterator[Next]:
    for of in shown:
        begins, ends = "begins", "ends"
        if of.what is What.CALL:
            continue
        if of.what is What.CONFLICT:
            begins, ends = "contact", "apart"
        elif of.kind == NoticeKind.MOVEMENT:
            begins, ends = "leaves", "arrives"
        for at, happens in ((of.starts_at, begins), (of.ends_at, ends)):
            if at is not None:
                yield Next(at=at, happens=happens, name=of.label, to=of.to)
        for one in of.passes[1:-1]:
            if place := one.name:
                yield Next(
                    at=one.at, happens="passes", name=of.label, to=of.to, place=place
                )


def strip(visit: Visit, rows: list[Row], shown: list[OnMap]) -> Strip:
    """Lay all that happens within the hours asked for on one axis."""
    asked = visit.query("ahead")
    ahead = int(asked) if asked in {str(one) for one in HOURS} else _USUAL
    now = visit.now
    axis = _Axis(
        now - Duration(hours=ahead) / _BEHIND, now + Duration(hours=ahead), now
    )
    lanes = [lane for of in shown if (lane := axis.lane(of)) is not None]
    lanes.sort(key=lambda lane: (_ORDER[lane.of.what], _turns_at(lane.of, now)))
    due = [one for one in _of_calls(rows) if axis.holds(one.at)]
    return Strip(
        ahead=ahead,
        begins_at=axis.begins_at,
        ends_at=axis.ends_at,
        now_x=axis.x(now),
        ticks=tuple(axis.ticks(_TICKS[ahead])),
        calls=tuple(Mark(x=axis.x(one.at), at=one.at, name=one.name) for one in due),
        lanes=tuple(lanes[:_MOST_LANES]),
        more=max(0, len(lanes) - _MOST_LANES),
    )


def _turns_at(of: OnMap, now: Instant) -> Instant:
    """Return when something next begins or ends."""
    turns = [at for at in (of.starts_at, of.ends_at) if at is not None and at > now]
    return min(turns, default=now.replace(year=9999))


class _Axis:
    """Say where on the axis an instant lies."""

    def __init__(self, begins_at: Instant, ends_at: Instant, now: Instant) -> None:
        self.begins_at, self.ends_at, self._now = begins_at, ends_at, now

    def x(self, at: Instant) -> float:
        share = (at - self.begins_at) / (self.ends_at - self.begins_at)
        return round(100 * min(1.0, max(0.0, share)), 2)

    def holds(self, at: Instant) -> bool:
        return self.begins_at <= at <= self.ends_at

    def ticks(self, every_min: int) -> Iterator[Mark]:
        step = Duration(minutes=every_min)
        midnight = self.begins_at.replace(hour=0, minute=0, second=0, microsecond=0)
        at = midnight + step * ((self.begins_at - midnight) // step + 1)
        while at < self.ends_at:
            yield Mark(x=self.x(at), at=at, name=f"{at:%H:%M}Z")
            at += step

    def lane(self, of: OnMap) -> Lane | None:
        """Return the lane of what begins, ends or conflicts within the axis."""
        turns = [at for at in (of.starts_at, of.ends_at) if at is not None]
        if of.what is What.CALL or not turns:
            return None
        starts = of.starts_at or self.begins_at
        is_apart = starts > self.ends_at or (
            of.ends_at is not None and of.ends_at < self.begins_at
        )
        stands = not any(self.holds(at) for at in turns)
        if is_apart or (stands and of.kind == NoticeKind.SITE):
            return None
        x, end = self.x(starts), self.x(of.ends_at) if of.ends_at else 100.0
        marks = [
            Mark(x=self.x(one.at), at=one.at, name=one.name)
            for one in of.passes
            if self.holds(one.at)
        ]
        return Lane(
            of=of,
            x=x,
            width=round(max(0.4, end - x), 2),
            is_cut=of.ends_at is None or of.ends_at > self.ends_at,
            marks=tuple(marks),
            age=age_of(of, self._now),
        )
