"""Say which notices are told coarsely where, so that nobody learns more by asking.

A plan of a party is held against what that party may see. What it may see coarsely
stands here as circles over the cells it lies in (`geo.cells`), never as itself: the
answer to any plan is the same wherever in its cells the notice really is. Notices
that are told alike stand here once, however many they are.

    told alike = the same cells and reach, hours or days, owner, desk to call, kind,
                 and the same desks told coarsely

It follows a picture as `picture.whereabouts` does, and is derived like it.
"""

from collections.abc import Hashable, Iterable, Iterator
from itertools import islice
from typing import Any, Final, NamedTuple, TypeVar

from clearline.geo.cells import Coarse as Cells
from clearline.geo.cells import coarse_of, coarse_told
from clearline.geo.codes import APART
from clearline.geo.packing import pack
from clearline.geo.standing import Desk, Standing
from clearline.model.extents import Extent, ends_at, starts_at
from clearline.model.instants import Window
from clearline.model.notices import Notice, NoticeId, NoticeKind, Precision, Revision
from clearline.model.parties import DeskId, PartyId
from clearline.model.positions import Unlocated
from clearline.picture.hours import coarse_window

Moved = list[tuple[NoticeId, list[tuple[int, Notice]]]]
T = TypeVar("T", bound=Hashable)

_AT_ONCE: Final = 16_384
_NOWHERE: Final = Cells((), 0.0)


class ToldAlike(NamedTuple):
    """Say what notices have in common that are told less than exactly in one way.

    Attributes:
        precision: Coarse, or existence alone: then there are no cells.
        cells: Where they lie, and how far they reach; none where nobody located them.
        window: Whole hours or days.
        desk: Which desk of the owner to call.
        told: Which desks are told so.
        exactly: Which desks are told more than that.
    """

    precision: Precision
    cells: Cells
    window: Window
    owner: PartyId
    desk: DeskId
    kind: NoticeKind
    told: tuple[DeskId, ...]
    exactly: tuple[DeskId, ...]


class _Held:
    """Hold a group, how many notices are in it, and the numbers of its circles."""

    __slots__ = ("count", "group", "numbers")

    def __init__(self, group: ToldAlike) -> None:
        self.group = group
        self.count = 0
        self.numbers: tuple[int, ...] = ()


class Coarse:
    """Hold what is told less than exactly, and find what of it may meet a plan."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._standing = Standing()
        self._held: dict[ToldAlike, _Held] = {}
        self._by_number: list[_Held | None] = []
        self._placeless: dict[ToldAlike, None] = {}
        self._of: dict[NoticeId, tuple[_Held, ...]] = {}
        self._same: dict[Hashable, Any] = {}
        self._desk: Desk | None = None

    def __len__(self) -> int:
        """Count the notices that are told so."""
        return len(self._of)

    def load(self, dumped: Iterable[tuple[NoticeId, list[tuple[int, Notice]]]]) -> None:
        """Enter everything that stands, as a picture's history gives it out."""
        new: list[_Held] = []
        for _, pairs in dumped:
            new += self._put(pairs[-1][1])
            if len(new) >= _AT_ONCE:
                self._enter_all(new)
                new = []
        self._enter_all(new)
        self._same = {}  # what comes one by one is too little to be shared

    def follow(self, moved: Moved) -> None:
        """Bring notices to where they stand."""
        for key, pairs in moved:
            self._take_out(key)
            if pairs:
                for held in self._put(pairs[-1][1]):
                    self._enter(held)

    def near(self, plan: Extent) -> Iterator[ToldAlike]:
        """Find what may meet a plan as far as it is told, each once."""
        found: dict[ToldAlike, None] = {}
        if not isinstance(plan.footprint, Unlocated):
            for row in self._standing.meet(pack([plan]), self._set_desk()):
                held = self._by_number[int(row["extent"])]
                if int(row["code"]) != APART and held is not None:
                    found[held.group] = None
        span = Window(start=starts_at(plan), end=ends_at(plan))
        for group in self._placeless:
            if group.window.overlap(span) is not None:
                found[group] = None
        yield from found

    def _put(self, notice: Notice) -> list[_Held]:
        """Count a notice in its groups; return those that are still to be entered."""
        of: list[_Held] = []
        new: list[_Held] = []
        for group in told_alike(notice):
            held = self._held.get(group)
            if held is None:
                held = _Held(self._made_of_shared(group))
                self._held[held.group] = held
                new.append(held)
            held.count += 1
            of.append(held)
        if of:
            self._of[notice.id] = tuple(of)
        return new

    def _enter(self, held: _Held) -> None:
        """Enter one group, in rows that were withdrawn where there are some."""
        self._note(held, [self._standing.file(pack([one])) for one in _extents(held)])

    def _enter_all(self, new: list[_Held]) -> None:
        """Enter many groups, packed together."""
        extents = [extent for held in new for extent in _extents(held)]
        numbers = iter(self._standing.file_all(pack(extents), len(extents)))
        for held in new:
            self._note(held, list(islice(numbers, len(held.group.cells.cells))))

    def _note(self, held: _Held, numbers: list[int]) -> None:
        """Note under which numbers a group stands."""
        held.numbers = tuple(numbers)
        if not numbers:
            self._placeless[held.group] = None
            return
        more = max(numbers) + 1 - len(self._by_number)
        self._by_number.extend([None] * more)
        for number in numbers:
            self._by_number[number] = held

    def _take_out(self, notice: NoticeId) -> None:
        for held in self._of.pop(notice, ()):
            held.count -= 1
            if held.count:
                continue
            del self._held[held.group]
            self._placeless.pop(held.group, None)
            for number in held.numbers:
                self._standing.withdraw(number)
                self._by_number[number] = None

    def _made_of_shared(self, group: ToldAlike) -> ToldAlike:
        """Return an equal one whose parts are those that others have already."""
        return group._replace(
            cells=self._shared(group.cells),
            window=self._shared(group.window),
            told=self._shared(group.told),
            exactly=self._shared(group.exactly),
        )

    def _shared(self, part: T) -> T:
        found: T = self._same.setdefault(part, part)
        return found

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
                cells=_cells(revision) if precision is Precision.COARSE else _NOWHERE,
                window=coarse_window(revision, precision),
                owner=notice.owner,
                desk=notice.filed_by.desk,
                kind=revision.kind,
                told=tuple(told[precision]),
                exactly=tuple(exactly),
            )
        exactly += told[precision]


def _cells(revision: Revision) -> Cells:
    if revision.cells is not None:
        return coarse_told(revision.cells)
    footprint = revision.shape or revision.where.footprint
    return coarse_of(footprint, revision.buffer_m)


def _extents(held: _Held) -> list[Extent]:
    window = held.group.window
    return [
        Extent(footprint=circle, window=window) for circle in held.group.cells.circles()
    ]
