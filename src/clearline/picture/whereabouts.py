"""Say which notices stand where, now and after any earlier entry.

    now    what stands: filed, not withdrawn, not over
    past   what stood once: amended since, withdrawn, or over

Each revision stands for the entries `[since, until)`. Withdrawing moves it from one
index to the other, so that screening as of now looks at what stands now alone, and
screening as of an earlier entry looks at both.

It is derived from a picture and follows it in two steps, so that two threads may
share the work: `Picture.take_moved`, in the thread that folds, names the notices
touched or taken back since, with all they ever said; `follow`, in whichever thread
has the index, brings them to where they stand. A node loads it last; until then
whoever asks is told that nothing can be told.
"""

import math
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from clearline.geo.microseconds import microseconds
from clearline.geo.packing import Packed, pack
from clearline.geo.standing import Desk, Standing
from clearline.model.extents import Extent, ends_at, starts_at
from clearline.model.instants import Instant
from clearline.model.notices import Notice, NoticeId, Revision
from clearline.model.places import Unlocated
from clearline.model.rings import NotAnExtent
from clearline.picture.history import History
from clearline.picture.picture import Picture

STILL: Final = 2**62
"""The end of what stands now."""

_AT_ONCE: Final = 50_000
_NONE: Final = -1

ROW: Final = np.dtype(
    [
        ("since", "i8"),  # entries [since, until) for which it stood
        ("until", "i8"),
        ("over_us", "i8"),  # end of its window, margin included, since 1970
        ("before", "i4"),  # number of another revision of the same notice; -1: none
    ]
)


class Stood(NamedTuple):
    """Say which revision of a notice stood for the entries `[since, until)`."""

    notice: NoticeId
    revision: Revision
    since: int
    until: int


class Candidate(NamedTuple):
    """Hold what stands where a plan may be.

    Attributes:
        code: What `geo.kernels.judge` answers; `None` for a place nobody located.
        separation_m: Between the footprints, metres; infinity where unlocated.
    """

    stood: Stood
    code: int | None
    separation_m: float


Moved = list[tuple[NoticeId, list[tuple[int, Notice]]]]
"""Notices that were touched, each with every value it had and its entry."""


class Whereabouts:
    """Follow a picture, and find what stands where a plan would be.

    Attributes:
        size: After how many entries of the picture.
        now: The extents that stand.
        past: The extents that stood.
        looked_back_to: Up to when what was over was moved out of the way.
    """

    def __init__(
        self,
        picture: Picture,
        size: int | None = None,
        *,
        shelves: "tuple[Shelf, Shelf] | None" = None,
        looked_back_to: Instant | None = None,
    ) -> None:
        """Enter every notice of a picture, and follow it from here on.

        Args:
            picture: What is followed.
            size: As it stood after so many entries; what came later is followed.
            shelves: What is kept of now and past after `size` entries, from a
                snapshot; then only what was touched later is entered.
            looked_back_to: Kept with them.
        """
        if picture.moved_notices is None:
            picture.moved_notices = {}
        self._picture = picture
        self.size = picture.size if size is None else size
        self.looked_back_to = looked_back_to
        notices = picture.notices
        if shelves is not None:
            self.now, self.past = shelves
            later = notices.changed_since(self.size)
            moved = [(notice, notices.history_of(notice)) for notice in later]
            self.follow(moved, picture.size)
            return
        self.now, self.past = Shelf(notices), Shelf(notices)
        stood = (
            one
            for notice, pairs in notices.dump_at(self.size)
            for one in _stood(notice, pairs)
        )
        while some := list(islice(stood, _AT_ONCE)):
            self._enter(some)

    def follow(self, moved: Moved, size: int) -> None:
        """Bring notices to where they stand after `size` entries."""
        for notice, pairs in moved:
            self.now.leave(notice)
            self.past.leave(notice)
            self._enter(list(_stood(notice, pairs)))
        self.size = size

    def catch_up(self) -> None:
        """Do both, for whoever folds and asks in one thread."""
        self.follow(self._picture.take_moved(), self._picture.size)

    def expire(self, now: Instant, most: int | None = None) -> int:
        """Move what is over, margins included, out of the way; count it.

        It changes no answer: whoever asks about an earlier time still finds it.

        Args:
            now: Node time.
            most: At most so many; those that are left are found by the next call.
        """
        over = self.now.over(microseconds(now), most)
        for number in over:
            self.now.hand_over(number, self.past)
        if over and (self.looked_back_to is None or now > self.looked_back_to):
            self.looked_back_to = now
        return len(over)

    def near(self, plan: Extent, size: int | None = None) -> Iterator[Candidate]:
        """Find what stood after the first `size` entries and may meet a plan.

        Args:
            plan: Located somewhere.
            size: `None` for what stands now.

        Yields:
            Every notice that meets it or may, each once, in no order.
        """
        asked = pack([plan])
        as_of = STILL if size is None else size
        yield from self.now.near(plan, asked, as_of)
        if size is not None or self._is_before_expiry(plan):
            yield from self.past.near(plan, asked, as_of)

    def _is_before_expiry(self, plan: Extent) -> bool:
        """Say whether a plan begins before something that was moved away was over."""
        if self.looked_back_to is None:
            return False
        return starts_at(plan) < self.looked_back_to

    def _enter(self, stood: list[Stood]) -> None:
        self.now.enter([one for one in stood if one.until == STILL])
        self.past.enter([one for one in stood if one.until != STILL])


class Shelf:
    """Hold revisions in one index, and find them by the numbers it gives.

    Attributes:
        standing: The index and what it holds.
        notices: Which notice each number is a revision of.
        rows: (e,) ROW: when each stood.
        unlocated: Those that nobody can put on a map, by number.
    """

    def __init__(self, history: History[NoticeId, Notice]) -> None:
        """Start with nothing.

        Args:
            history: Where revisions are read from, by notice and entry.
        """
        self.standing = Standing()
        self.notices: list[NoticeId] = []
        self.rows = np.empty(0, ROW)
        self.unlocated: dict[int, Extent] = {}
        self._history = history
        self._newest: dict[NoticeId, int] = {}
        self._desk: Desk | None = None

    @classmethod
    def resumed(
        cls,
        history: History[NoticeId, Notice],
        packed: Packed,
        notices: list[NoticeId],
        rows: NDArray[np.void],
    ) -> "Shelf":
        """Stand again as `copy` gave it out."""
        shelf = cls(history)
        shelf.standing = Standing(room=max(1_024, len(packed.pieces)))
        shelf.standing.file_all(packed, len(notices))
        shelf.notices, shelf.rows = notices, rows
        # Of several revisions the newest is the one no other names.
        newest = np.ones(len(rows), np.bool_)
        newest[rows["before"][rows["before"] >= 0]] = False
        numbers = np.flatnonzero(newest).tolist()
        shelf._newest = {notices[number]: number for number in numbers}
        bare = np.flatnonzero(shelf.standing.rows[: len(rows), 1] == 0).tolist()
        shelf.unlocated = {number: shelf.extent(number) for number in bare}
        return shelf

    def copy(self) -> tuple[Packed, list[NoticeId], NDArray[np.void]]:
        """Give out what stands: packed, numbered from 0, with notices and rows."""
        numbers = self.standing.numbers()
        packed, _ = self.standing.copy()
        rows = self.rows[numbers]
        again = np.full(len(self.rows) + 1, _NONE, np.int32)
        again[numbers] = np.arange(len(numbers))
        rows["before"] = again[rows["before"]]
        return packed, [self.notices[number] for number in numbers.tolist()], rows

    def __len__(self) -> int:
        """Count what is held."""
        return len(self.standing)

    def enter(self, stood: list[Stood]) -> None:
        """Enter revisions, packed together."""
        if not stood:
            return
        extents = [_extent_of(one.revision) for one in stood]
        packed = pack(extents)
        numbers: Iterable[int] = (
            [self.standing.file(packed)]
            if len(stood) == 1
            else self.standing.file_all(packed, len(stood))
        )
        for number, one, extent in zip(numbers, stood, extents, strict=True):
            over_us = microseconds(ends_at(extent))
            self.put(number, one.notice, one.since, one.until, over_us)
            if isinstance(extent.footprint, Unlocated):
                self.unlocated[number] = extent

    def leave(self, notice: NoticeId) -> None:
        """Take every revision of a notice out, if any is in."""
        number = self._newest.pop(notice, _NONE)
        while number != _NONE:
            self.standing.withdraw(number)
            self.unlocated.pop(number, None)
            number = int(self.rows[number]["before"])

    def over(self, now_us: int, most: int | None = None) -> list[int]:
        """Return numbers of what is over at an instant, margins included."""
        numbers = self.standing.numbers()
        is_over = self.rows["over_us"][numbers] <= now_us
        found: list[int] = numbers[is_over][:most].tolist()
        return found

    def hand_over(self, number: int, other: "Shelf") -> None:
        """Move the only revision of its notice to another shelf, as it is packed."""
        notice, row = self.notices[number], self.rows[number].copy()
        packed = self.standing.packed(number)
        extent = self.unlocated.get(number)
        self.leave(notice)
        there = other.standing.file(packed)
        other.put(there, notice, *row.tolist()[:3])
        if extent is not None:
            other.unlocated[there] = extent

    def near(self, plan: Extent, asked: Packed, as_of: int) -> Iterator[Candidate]:
        """Find what meets a plan, or may, and stood after `as_of` entries."""
        for row in self.standing.meet(asked, self._set_desk()):
            number = int(row["extent"])
            if self._stood_at(number, as_of):
                apart_m = float(row["separation_m"])
                yield Candidate(self._stood(number), int(row["code"]), apart_m)
        for number, extent in self.unlocated.items():
            if (
                starts_at(plan) < ends_at(extent)
                and starts_at(extent) < ends_at(plan)
                and self._stood_at(number, as_of)
            ):
                yield Candidate(self._stood(number), None, math.inf)

    def put(
        self, number: int, notice: NoticeId, since: int, until: int, over_us: int
    ) -> None:
        """Note what a number stands for."""
        if number >= len(self.rows):
            longer = np.empty(max(1_024, 2 * len(self.rows), number + 1), ROW)
            longer[: len(self.rows)] = self.rows
            self.rows = longer
        self.notices.extend([notice] * (number + 1 - len(self.notices)))
        self.notices[number] = notice
        self.rows[number] = (since, until, over_us, self._newest.get(notice, _NONE))
        self._newest[notice] = number

    def _stood_at(self, number: int, as_of: int) -> bool:
        row = self.rows[number]
        return bool(row["since"] < as_of <= row["until"])

    def _stood(self, number: int) -> Stood:
        since, until = self.rows[number].tolist()[:2]
        notice = self.notices[number]
        return Stood(notice, self._revision(notice, since), since, until)

    def extent(self, number: int) -> Extent:
        """Return what the revision of a number takes up."""
        since = int(self.rows[number]["since"])
        return _extent_of(self._revision(self.notices[number], since))

    def _revision(self, notice: NoticeId, since: int) -> Revision:
        given: Any = self._history.given(notice, since)
        revision: Revision = given.revision
        return revision

    def _set_desk(self) -> Desk:
        """Return a desk that fits what is held; setting one for each plan costs."""
        desk, grid = self._desk, self.standing.index.grid
        if (
            desk is None
            or len(desk.found) != len(grid.slots) + 1
            or len(desk.seen) != len(self.standing.rows)
        ):
            desk = self._desk = self.standing.desk()
        return desk


def _extent_of(revision: Revision) -> Extent:
    """Return what a revision takes up; what nobody can compare is nowhere yet."""
    try:
        return revision.extent
    except NotAnExtent:  # filed when it could be; a node starts on its log all the same
        nowhere = Unlocated(name=revision.where.text or "a place without words")
        return Extent(footprint=nowhere, window=revision.window)


def _stood(notice: NoticeId, pairs: list[tuple[int, Notice]]) -> Iterator[Stood]:
    """Yield the revisions of one notice with the entries for which they stood."""
    since, standing = 0, None
    for entry, value in pairs:
        revision = None if value.withdrawn_at is not None else value.revision
        if standing is not None and revision != standing:
            yield Stood(notice, standing, since, entry)
        if revision != standing:
            since, standing = entry, revision
    if standing is not None:
        yield Stood(notice, standing, since, STILL)
