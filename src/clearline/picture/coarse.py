"""Say which notices are told coarsely where, so that nobody learns more by asking.

A plan of a party is held against what that party may see. What it may see coarsely
stands here as circles over the cells it lies in (`geo.cells`), never as itself: the
answer to any plan is the same wherever in its cells the notice really is. Notices
that are told alike stand here once, however many they are.

    told alike = the same cells and reach, hours or days, owner, desk to call, kind,
                 and the same desks told coarsely

It follows a picture as `picture.whereabouts` does, and is derived like it.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from clearline.geo.cells import coarse_of
from clearline.geo.codes import APART
from clearline.geo.packing import pack
from clearline.geo.standing import Desk, Standing
from clearline.model.extents import Extent, ends_at, starts_at
from clearline.model.instants import FOREVER, Duration, Instant, Window
from clearline.model.notices import Notice, NoticeId, NoticeKind, Precision, Revision
from clearline.model.parties import DeskId, PartyId
from clearline.model.positions import Circle, Unlocated

Moved = list[tuple[NoticeId, list[tuple[int, Notice]]]]


class ToldAlike(NamedTuple):
    """Say what notices have in common that are told less than exactly in one way.

    Attributes:
        precision: Coarse, or existence alone: then there are no circles.
        circles: Over their cells; none where nobody located them.
        window: Whole hours or days.
        desk: Which desk of the owner to call.
        told: Which desks are told so.
        exactly: Which desks are told more than that.
    """

    precision: Precision
    circles: tuple[Circle, ...]
    window: Window
    owner: PartyId
    desk: DeskId
    kind: NoticeKind
    told: tuple[DeskId, ...]
    exactly: tuple[DeskId, ...]


class Coarse:
    """Hold what is told less than exactly, and find what of it may meet a plan."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._standing = Standing()
        self._numbers: dict[ToldAlike, tuple[int, ...]] = {}
        self._groups: dict[int, ToldAlike] = {}
        self._placeless: dict[ToldAlike, None] = {}
        self._of: dict[NoticeId, tuple[ToldAlike, ...]] = {}
        self._count: dict[ToldAlike, int] = {}
        self._desk: Desk | None = None

    def __len__(self) -> int:
        """Count the notices that are told so."""
        return len(self._of)

    def load(self, dumped: Iterable[tuple[NoticeId, list[tuple[int, Notice]]]]) -> None:
        """Enter everything that stands, as a picture's history gives it out."""
        for _, pairs in dumped:
            self._put(pairs[-1][1])

    def follow(self, moved: Moved) -> None:
        """Bring notices to where they stand."""
        for key, pairs in moved:
            self._take_out(key)
            if pairs:
                self._put(pairs[-1][1])

    def near(self, plan: Extent) -> Iterator[ToldAlike]:
        """Find what may meet a plan as far as it is told, each once."""
        found: dict[ToldAlike, None] = {}
        if not isinstance(plan.footprint, Unlocated):
            for row in self._standing.meet(pack([plan]), self._set_desk()):
                if int(row["code"]) != APART:
                    found[self._groups[int(row["extent"])]] = None
        span = Window(start=starts_at(plan), end=ends_at(plan))
        for group in self._placeless:
            if group.window.overlap(span) is not None:
                found[group] = None
        yield from found

    def _put(self, notice: Notice) -> None:
        groups = tuple(told_alike(notice))
        if not groups:
            return
        self._of[notice.id] = groups
        for group in groups:
            self._count[group] = self._count.get(group, 0) + 1
            if self._count[group] == 1:
                self._enter(group)

    def _enter(self, group: ToldAlike) -> None:
        numbers = tuple(
            self._standing.file(pack([Extent(footprint=one, window=group.window)]))
            for one in group.circles
        )
        self._numbers[group] = numbers
        self._groups.update(dict.fromkeys(numbers, group))
        if not numbers:
            self._placeless[group] = None

    def _take_out(self, notice: NoticeId) -> None:
        for group in self._of.pop(notice, ()):
            self._count[group] -= 1
            if self._count[group]:
                continue
            del self._count[group]
            self._placeless.pop(group, None)
            for number in self._numbers.pop(group):
                self._standing.withdraw(number)
                del self._groups[number]

    def _set_desk(self) -> Desk:
        """Return a desk that fits what is held; setting one for each plan costs."""
        desk, grid = self._desk, self._standing.index.grid
        if (
            desk is None
            or len(desk.found) != len(grid.slots)
            or len(desk.seen) != len(self._standing.rows)
        ):
            desk = self._desk = self._standing.desk()
        return desk


def told_alike(notice: Notice) -> Iterator[ToldAlike]:
    """Say how a notice is told less than exactly, in each way it is."""
    revision = notice.revision
    if notice.withdrawn_at is not None or not revision.tells:
        return
    told: dict[Precision, list[DeskId]] = {precision: [] for precision in Precision}
    for desk in revision.tells:
        precision = revision.precision_for(desk)
        if precision is not None and notice.reaches(desk):
            told[precision].append(desk)
    exactly: list[DeskId] = []
    for precision in Precision:
        if precision is not Precision.EXACT and told[precision]:
            yield ToldAlike(
                precision=precision,
                circles=_circles(revision) if precision is Precision.COARSE else (),
                window=coarse_window(revision, precision),
                owner=notice.owner,
                desk=notice.filed_by.desk,
                kind=revision.kind,
                told=tuple(told[precision]),
                exactly=tuple(exactly),
            )
        exactly += told[precision]


def _circles(revision: Revision) -> tuple[Circle, ...]:
    footprint = revision.shape or revision.where.footprint
    return coarse_of(footprint, revision.buffer_m).circles()


def coarse_window(revision: Revision, precision: Precision) -> Window:
    """Return the whole hours or days a revision lies in, its margins included."""
    step = Duration(hours=1) if precision is Precision.COARSE else Duration(days=1)
    margin = Duration(seconds=revision.buffer_s)
    start = _floor(revision.window.start - margin, step)
    end = revision.window.end
    if end >= FOREVER - 2 * _DAY:
        return Window(start=start, end=FOREVER)
    return Window(start=start, end=_floor(end + margin - _TICK, step) + step)


_TICK: Final = Duration(microseconds=1)
_DAY: Final = Duration(days=1)


def _floor(at: Instant, step: Duration) -> Instant:
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return day + (at - day) // step * step
