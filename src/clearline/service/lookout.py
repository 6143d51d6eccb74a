"""Keep what is where in step with the picture, and screen plans against it.

    writer's thread   `follow`: names what a durable batch moved, and touches no index
    its own thread    brings the index to where they stand; tidies what is over
    any thread        `screen`: first whatever is still waiting, then the plan

One lock guards the index, and the writer never takes it: no screening, however wide,
and no tidying ever delays a call. A batch is named before anybody is answered, so
whoever was told that a notice is filed finds it when screening next.

If the index cannot follow for a fault of ours, it is let go of, and every screening
says *cannot tell* from then on: an index out of step would say *none found*.
"""

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, NamedTuple

from clearline.model.extents import Extent
from clearline.model.instants import Duration, Instant
from clearline.model.notices import Notice, NoticeId
from clearline.model.places import Unlocated
from clearline.model.screenings import Screening
from clearline.picture.picture import Picture
from clearline.rules.screening import LOADING
from clearline.service.log import Log
from clearline.service.ports import Clock, Store
from clearline.service.restore import (
    keep_whereabouts,
    restore_notices,
    restore_told,
    restore_whereabouts,
)

if TYPE_CHECKING:  # it loads compiled code, which a node does last
    from clearline.picture.coarse import Coarse, ToldAlike
    from clearline.picture.whereabouts import Candidate, Whereabouts

TIDY_EVERY: Final = Duration(minutes=1)
"""How often what is over is moved out of the way, node time."""

_TIDIED_AT_ONCE: Final = 1_000
"""How many notices are moved while the index is held; some ten milliseconds."""


class Near(NamedTuple):
    """Hold what may meet a plan.

    Attributes:
        exact: What stands there, whoever may see it.
        coarse: What is told less than exactly and may be there.
        missing: What could not be looked at, in sentences.
    """

    exact: "tuple[Candidate, ...]"
    coarse: "tuple[ToldAlike, ...]"
    as_of: Instant
    missing: tuple[str, ...]


class Lookout:
    """Hold what is where, once it is loaded, and answer from any thread.

    Attributes:
        trouble: Why the index could not follow, if it could not.
    """

    def __init__(self, *, picture: Picture, clock: Clock, is_threaded: bool) -> None:
        """Start with nothing; whoever asks is told that notices are being loaded.

        Args:
            picture: What is followed; only its writer changes it.
            clock: What tells node time.
            is_threaded: Whether following gets a thread of its own; otherwise it
                happens when somebody screens.
        """
        self._picture = picture
        self._clock = clock
        self._where: Whereabouts | None = None
        self._coarse: Coarse | None = None
        self._moved_since: deque[list[tuple[NoticeId, list[tuple[int, Notice]]]]] = (
            deque()
        )
        self._lock = threading.Lock()
        self._waiting: deque[list[tuple[NoticeId, list[tuple[int, Notice]]]]] = deque()
        self._size = 0
        self._tidied_at: Instant | None = None
        self._aside: ThreadPoolExecutor | None = None
        if is_threaded:
            self._aside = ThreadPoolExecutor(1, thread_name_prefix="whereabouts")
        self._is_awake = False
        self._is_closed = False
        self.trouble: Exception | None = None

    @property
    def is_loaded(self) -> bool:
        """Say whether plans can be screened."""
        return self._where is not None

    def load(self, log: Log, store: Store) -> None:
        """Load all there is; may run while the writer writes."""
        self.load_exactly(log, store)
        self.load_told()

    def load_exactly(self, log: Log, store: Store) -> None:
        """Load notices and where they stand: plans can be screened from then on."""
        self._picture.moved_notices = {}  # from here on, so that nothing is missed
        self._size = log.size
        if not self._picture.has_notices:
            restore_notices(log, store, self._picture)
        where = restore_whereabouts(log, store, self._picture)
        with self._lock:
            self._where = where
            self._catch_up()

    def load_told(self) -> None:
        """Load what is told less than exactly; until then nobody can tell of it."""
        coarse = restore_told(self._picture, self._size)
        with self._lock:
            while self._moved_since:
                coarse.follow(self._moved_since.popleft())
            self._coarse = coarse

    def follow(self, size: int) -> None:
        """Name what the batch that is durable now has moved: the writer's part."""
        if self._picture.moved_notices is None:
            return
        moved = self._picture.take_moved()
        if moved:
            self._waiting.append(moved)
        self._size = size
        if moved:
            self._wake()

    def screen(
        self, plan: Extent, *, at: Instant | None = None, missing: Sequence[str] = ()
    ) -> Screening:
        """Screen a plan against what stands, or stood at an earlier instant.

        Args:
            plan: Where and when.
            at: Node time; `None` for now.
            missing: What the caller knows could not be looked at, in sentences.
        """
        from clearline.rules.screening import screen  # noqa: PLC0415 (the same)

        now = self._now()
        is_past = at is not None and at < now
        as_of = at if at is not None and is_past else now
        with self._lock:
            self._catch_up()
            if self._aside is None:
                self._tidy()
            if self.trouble is not None:
                missing = (*missing, _say_trouble(self.trouble))
            told = screen(
                self._where,
                plan,
                as_of=as_of,
                size=self._picture.size_at(as_of) if is_past else None,
                missing=missing,
            )
        self._wake()
        return told

    def near(self, plan: Extent) -> "Near":
        """Find what stands where a plan may be, exactly and as it is told.

        Args:
            plan: Where and when; of one that nobody located only the latter is found.
        """
        with self._lock:
            self._catch_up()
            if self._aside is None:
                self._tidy()
            where, coarse = self._where, self._coarse
            if where is None or coarse is None:
                why = LOADING if self.trouble is None else _say_trouble(self.trouble)
                return Near((), (), self._now(), (why,))
            is_located = not isinstance(plan.footprint, Unlocated)
            exact = tuple(where.near(plan)) if is_located else ()
            near = Near(exact, tuple(coarse.near(plan)), self._now(), ())
        self._wake()
        return near

    def keep(self, store: Store) -> None:
        """Keep what is where for a quick start.

        Raises:
            StoreRefused: The disk refused; the older snapshot stays.
        """
        if self._where is None:
            return
        from clearline.picture.whereabouts_snapshot import (  # noqa: PLC0415 (the same)
            copy_of,
        )

        with self._lock:
            self._catch_up()
            kept = copy_of(self._where) if self._where is not None else None
        if kept is not None:
            keep_whereabouts(store, kept)

    def close(self) -> None:
        """Let go of the thread; what is where is not kept."""
        self._is_closed = True
        if self._aside is not None:
            self._aside.shutdown()

    def _now(self) -> Instant:
        now, last = self._clock.read().at, self._picture.last_at()
        return last if last is not None and last > now else now

    # --- with the lock ------------------------------------------------------------

    def _catch_up(self) -> None:
        """Bring the index to where what is durable stands; the lock is held."""
        size = self._size  # read first: what comes after is followed again, at worst
        where = self._where
        if where is None:
            return
        try:
            while self._waiting:
                moved = self._waiting.popleft()
                where.follow(moved, size)
                if self._coarse is not None:
                    self._coarse.follow(moved)
                else:
                    self._moved_since.append(moved)
            where.size = size
        except Exception as error:  # noqa: BLE001 (out of step is worse than none)
            self._where, self.trouble = None, error

    def _tidy(self) -> bool:
        """Move some of what is over away; say whether there is more. Lock held."""
        now, where = self._now(), self._where
        if where is None:
            return False
        is_time = self._tidied_at is None or now - self._tidied_at >= TIDY_EVERY
        if not is_time:
            return False
        try:
            is_more = where.expire(now, _TIDIED_AT_ONCE) == _TIDIED_AT_ONCE
        except Exception as error:  # noqa: BLE001 (the same)
            self._where, self.trouble = None, error
            return False
        if not is_more:
            self._tidied_at = now
        return is_more

    # --- aside -------------------------------------------------------------------

    def _wake(self) -> None:
        """See to it that somebody follows and tidies soon."""
        if self._aside is None or self._is_awake or self._is_closed:
            return
        self._is_awake = True
        self._aside.submit(self._work)

    def _work(self) -> None:
        """Follow and tidy in small steps, so that whoever screens waits for one."""
        self._is_awake = False  # whatever comes from here on wakes us again
        is_more = True
        while is_more and not self._is_closed:
            with self._lock:
                self._catch_up()
                is_more = self._tidy()


def _say_trouble(error: Exception) -> str:
    return (
        f"What is where could not be followed, for a fault of ours ({error!r}); "
        "start the node again."
    )
