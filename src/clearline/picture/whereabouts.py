"""Say which notices stand where, now and after any earlier entry.

    now    what stands: filed, not withdrawn, not over
    past   what stood once: amended since, withdrawn, or over

Each revision stands for the entries `[since, until)`. Withdrawing moves it from one
index to the other, so that screening as of now looks at what stands now alone, and
screening as of an earlier entry looks at both.

It is derived from a picture and follows it: the picture names the notices that an
entry touched or took back, and `catch_up` brings them to where they stand. A node
loads it last; until then whoever asks is told that nothing can be told.
"""

import math
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Final, NamedTuple

from clearline.geo.packing import Packed, microseconds, pack
from clearline.geo.standing import Standing
from clearline.model.extents import Extent
from clearline.model.instants import FOREVER, Duration, Instant
from clearline.model.notices import Notice, NoticeId, Revision
from clearline.model.places import Unlocated
from clearline.picture.picture import Picture

STILL: Final = 2**62
"""The end of what stands now."""

_AT_ONCE: Final = 50_000


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


class Whereabouts:
    """Follow a picture, and find what stands where a plan would be.

    Attributes:
        now: The extents that stand.
        past: The extents that stood.
    """

    def __init__(self, picture: Picture) -> None:
        """Enter every notice of a picture, and follow it from here on."""
        self._picture = picture
        self.now, self.past = Shelf(), Shelf()
        self._looked_back_to: Instant | None = None
        picture.moved_notices = {}
        stood = (
            one
            for notice, pairs in picture.notices.dump_at(picture.size)
            for one in _stood(notice, pairs)
        )
        while some := list(islice(stood, _AT_ONCE)):
            self._enter(some)

    def catch_up(self) -> None:
        """Bring every notice the picture touched since to where it stands."""
        moved = self._picture.moved_notices
        if not moved:
            return
        self._picture.moved_notices = {}
        for notice in moved:
            self.now.leave(notice)
            self.past.leave(notice)
            pairs = self._picture.notices.history_of(notice)
            self._enter(list(_stood(notice, pairs)))

    def expire(self, now: Instant) -> int:
        """Move what is over, margins included, out of the way; count it.

        It changes no answer: whoever asks about an earlier time still finds it.
        """
        over = list(self.now.over(now))
        for one in over:
            self.now.leave(one.notice)
        self.past.enter(over)
        if self._looked_back_to is None or now > self._looked_back_to:
            self._looked_back_to = now
        return len(over)

    def near(self, plan: Extent, size: int | None = None) -> Iterator[Candidate]:
        """Find what stood after the first `size` entries and may meet a plan.

        Args:
            plan: Located somewhere.
            size: `None` for what stands now.

        Yields:
            Every notice that meets it or may, each once, in no order.
        """
        self.catch_up()
        asked = pack([plan])
        for one in self.now.near(plan, asked):
            if size is None or one.stood.since < size:
                yield one
        if size is None and not self._is_before_expiry(plan):
            return
        as_of = STILL if size is None else size
        for one in self.past.near(plan, asked):
            if one.stood.since < as_of <= one.stood.until:
                yield one

    def _is_before_expiry(self, plan: Extent) -> bool:
        """Say whether a plan begins before something that was moved away was over."""
        if self._looked_back_to is None:
            return False
        return starts_at(plan) < self._looked_back_to

    def _enter(self, stood: list[Stood]) -> None:
        self.now.enter([one for one in stood if one.until == STILL])
        self.past.enter([one for one in stood if one.until != STILL])


class Shelf:
    """Hold revisions in one index, and find them by the numbers it gives.

    Attributes:
        standing: The index and what it holds.
        unlocated: Those that nobody can put on a map, by number.
    """

    def __init__(self) -> None:
        """Start with nothing."""
        self.standing = Standing()
        self.unlocated: dict[int, Extent] = {}
        self._of: dict[int, Stood] = {}
        self._numbers: dict[NoticeId, list[int]] = {}

    def __len__(self) -> int:
        """Count what is held."""
        return len(self._of)

    def enter(self, stood: list[Stood]) -> None:
        """Enter revisions, packed together."""
        if not stood:
            return
        extents = [extent_of(one.revision) for one in stood]
        packed = pack(extents)
        numbers: Iterable[int] = (
            [self.standing.file(packed)]
            if len(stood) == 1
            else self.standing.file_all(packed, len(stood))
        )
        for number, one, extent in zip(numbers, stood, extents, strict=True):
            self._of[number] = one
            self._numbers.setdefault(one.notice, []).append(number)
            if isinstance(extent.footprint, Unlocated):
                self.unlocated[number] = extent

    def leave(self, notice: NoticeId) -> None:
        """Take every revision of a notice out, if any is in."""
        for number in self._numbers.pop(notice, ()):
            self.standing.withdraw(number)
            self.unlocated.pop(number, None)
            del self._of[number]

    def over(self, now: Instant) -> Iterator[Stood]:
        """Name what is over at an instant, margins included."""
        for number in self.standing.ended(microseconds(now)).tolist():
            yield self._of[number]
        for number, extent in self.unlocated.items():
            if ends_at(extent) <= now:
                yield self._of[number]

    def near(self, plan: Extent, asked: Packed) -> Iterator[Candidate]:
        """Find what meets a plan, or may."""
        for row in self.standing.meet(asked):
            yield Candidate(
                stood=self._of[int(row["extent"])],
                code=int(row["code"]),
                separation_m=float(row["separation_m"]),
            )
        for number, extent in self.unlocated.items():
            if starts_at(plan) < ends_at(extent) and starts_at(extent) < ends_at(plan):
                yield Candidate(self._of[number], None, math.inf)


def extent_of(revision: Revision) -> Extent:
    """Return what a revision takes up, in space and time, with its margin."""
    return Extent(
        footprint=revision.where.footprint,
        window=revision.window,
        buffer_m=revision.buffer_m,
    )


def starts_at(extent: Extent) -> Instant:
    """Return the beginning of an extent's window, its margin included."""
    return _shifted(extent.window.start, -extent.buffer_s)


def ends_at(extent: Extent) -> Instant:
    """Return the end of an extent's window, its margin included."""
    return _shifted(extent.window.end, extent.buffer_s)


def _shifted(at: Instant, by_s: float) -> Instant:
    """Move an instant, but not out of the years there are."""
    if at >= FOREVER:
        return FOREVER
    try:
        return min(FOREVER, at + Duration(seconds=by_s))
    except OverflowError:
        return FOREVER if by_s > 0 else datetime.min.replace(tzinfo=UTC)


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
