"""Keep what a courier has still to carry: what is ready, what rests, what is in hand.

    put --> ready --take--> in hand --done-->
              ^                | later(at)
              '---- at --------' resting

Pure: time is an argument. Most urgent first, everybody's first before anybody's
second. Only one thing at a time is in hand for one address, so that a slow one
holds up nobody but itself; what else waits for it is set aside. A newer ring of the
same call to the same address takes the place of an older one.
"""

import heapq
from collections import defaultdict
from typing import Final

import msgspec

from clearline.model.calls import AttemptId, Kind
from clearline.model.instants import Instant
from clearline.service.calling import Message, Ring
from clearline.service.waitlist import TOLD, Rank, Waitlist, rank_of

MOST_WAITING: Final = 2_000
"""How much of one rank waits; more is refused. A STOP is never refused."""

_NEVER_FULL: Final = frozenset({Kind.STOP, Kind.HOLD})

Item = Ring | Message
Key = tuple[str, ...]


class Job(msgspec.Struct, kw_only=True):
    """Hold one thing to carry and how often it was tried.

    Attributes:
        put_at: When it was first taken in, node time.
        tries: How often carrying it has begun.
        is_gone: Whether it was let go while it was in hand.
    """

    item: Item
    key: Key
    rank: Rank
    put_at: Instant
    tries: int = 0
    is_gone: bool = False

    @property
    def attempt(self) -> AttemptId | None:
        """Name the attempt it rings for; a message has none."""
        return self.item.attempt if isinstance(self.item, Ring) else None


class Backlog:
    """Hold jobs by where they stand."""

    def __init__(self, most: int = MOST_WAITING) -> None:
        """Start empty; at most so many of each rank wait, STOP and HOLD aside."""
        self._most = most
        self._jobs: dict[Key, Job] = {}
        self._ready: Waitlist[Job] = Waitlist()
        self._resting: list[tuple[Instant, int, Job]] = []
        self._aside: dict[str, list[tuple[Rank, int, Job]]] = defaultdict(list)
        self._in_hand: dict[str, Job] = {}
        self._keys: dict[AttemptId, set[Key]] = defaultdict(set)
        self._count: dict[Rank, int] = defaultdict(int)
        self._came = 0

    def put(self, item: Item, now: Instant) -> Job | None:
        """Take an item in.

        Returns:
            The job that is not carried because of it: an older one whose place it
            took, or this very one, where too many of its rank wait; or nothing.
        """
        rank = _rank(item)
        job = Job(item=item, key=_key(item), rank=rank, put_at=now)
        older = self._forget(job.key)
        is_urgent = isinstance(item, Ring) and item.kind in _NEVER_FULL
        if older is None and not is_urgent and self._count[rank] >= self._most:
            return job
        self._keep(job)
        self._make_ready(job)
        return older

    def take(self, now: Instant) -> Job | None:
        """Take the next job in hand, if one is ready by `now`."""
        while self._resting and self._resting[0][0] <= now:
            job = heapq.heappop(self._resting)[2]
            if self._jobs.get(job.key) is job:
                self._make_ready(job)
        while (found := self._ready.take()) is not None:
            address = found.item.address
            if address not in self._in_hand:
                self._forget(found.key)
                self._in_hand[address] = found
                found.tries += 1
                return found
            self._came += 1
            heapq.heappush(self._aside[address], (found.rank, self._came, found))
        return None

    def done(self, job: Job) -> None:
        """Let a job out of hand."""
        if self._in_hand.get(job.item.address) is job:
            del self._in_hand[job.item.address]
        self._call_in(job.item.address)

    def later(self, job: Job, at: Instant) -> bool:
        """Let a job out of hand and rest until `at`.

        Returns:
            Whether it rests; not if it was let go, or a newer one took its place.
        """
        self.done(job)
        if job.is_gone or job.key in self._jobs:
            return False
        self._keep(job)
        self._came += 1
        heapq.heappush(self._resting, (at, self._came, job))
        return True

    def let_go(self, attempt: AttemptId) -> tuple[Job, ...]:
        """Let an attempt's jobs wait no longer; return those that were waiting."""
        for job in self._in_hand.values():
            if job.attempt == attempt:
                job.is_gone = True
        keys = tuple(self._keys.get(attempt, ()))
        found = (self._forget(key) for key in keys)
        return tuple(job for job in found if job is not None)

    def next_at(self) -> Instant | None:
        """Return when the next resting job is due again, or nothing."""
        return self._resting[0][0] if self._resting else None

    @property
    def has_ready(self) -> bool:
        """Say whether something waits for a hand; its address may still be in one."""
        return len(self._ready) > 0

    def __len__(self) -> int:
        """Count what waits, rests or is in hand."""
        return len(self._jobs) + len(self._in_hand)

    def _keep(self, job: Job) -> None:
        self._jobs[job.key] = job
        self._count[job.rank] += 1
        if job.attempt is not None:
            self._keys[job.attempt].add(job.key)

    def _forget(self, key: Key) -> Job | None:
        job = self._jobs.pop(key, None)
        if job is None:
            return None
        was_ready = self._ready.drop(key) is not None
        self._count[job.rank] -= 1
        if job.attempt is not None:
            self._keys[job.attempt].discard(key)
            if not self._keys[job.attempt]:
                del self._keys[job.attempt]
        if was_ready:
            self._call_in(job.item.address)
        return job

    def _call_in(self, address: str) -> None:
        """Make ready the next of what was set aside for an address, if it is free."""
        if address in self._in_hand:
            return
        aside = self._aside.get(address, [])
        while aside:
            waiting = heapq.heappop(aside)[2]
            if self._jobs.get(waiting.key) is waiting:
                self._make_ready(waiting)
                return
        self._aside.pop(address, None)

    def _make_ready(self, job: Job) -> None:
        self._ready.put(job.key, job, rank=job.rank, whose=job.item.address)


def _rank(item: Item) -> Rank:
    return rank_of(item.kind, item.precedence) if isinstance(item, Ring) else TOLD


def _key(item: Item) -> Key:
    """Name a ring by its call and address, a message by its very words."""
    if isinstance(item, Ring):
        return ("ring", item.call, item.person, item.address)
    return ("tell", item.call or "", item.address, item.name or item.words.text)
