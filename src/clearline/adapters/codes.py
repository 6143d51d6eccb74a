"""Keep the one-time codes of attempts; the contract is `service.calling.Codes`.

Six digits, so that a tired person can press them. A code opens one attempt, once,
and only the call it belongs to; wrong tries are counted by whoever takes them.

Codes live in memory and are written to the local store behind everybody's back: a
ring waits for no disk. A code made within a moment of the process being killed may
be unknown after it, and then its call has been rung again with another one.
"""

import threading
from typing import Final

import msgspec

from clearline.adapters.local import LocalStore
from clearline.adapters.queries import queries
from clearline.adapters.write_behind import WriteBehind
from clearline.model.calls import AttemptId, CallId
from clearline.model.errors import BrokenPromise
from clearline.model.instants import Duration, Instant, parse_instant, write_instant
from clearline.model.parties import PersonId
from clearline.service.ports import Chance, Clock

KEPT_FOR: Final = Duration(days=7)
"""How long a code is known after it was made."""

MOST_KEPT: Final = 100_000
"""How many codes are known; a flood forgets the oldest, whose calls rang since."""

_DIGITS: Final = 6
_TRIES: Final = 50
_BYTES: Final = 8


class NoCodeLeft(BrokenPromise):
    """Admit that no free code was found."""


class _Kept(msgspec.Struct, kw_only=True):
    """Hold what a code opens."""

    attempt: AttemptId
    call: CallId
    person: PersonId
    made_at: Instant
    is_used: bool = False


class LocalCodes:
    """Keep codes in memory, and in the local store as soon as it takes them."""

    def __init__(self, store: LocalStore, chance: Chance, clock: Clock) -> None:
        """Read what the store has; from then on it is only written to."""
        self._chance = chance
        self._clock = clock
        self._sql = queries("codes")
        self._behind = WriteBehind(store)
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept] = {}
        self._of: dict[AttemptId, str] = {}
        for code, attempt, call, person, made_at, used_at in store.ask(
            self._sql["all"]
        ):
            self._of[attempt] = code
            self._kept[code] = _Kept(
                attempt=attempt,
                call=call,
                person=person,
                made_at=parse_instant(made_at),
                is_used=used_at is not None,
            )

    def make(self, attempt: AttemptId, call: CallId, person: PersonId) -> str:
        """Make and keep a code, six digits, that no open attempt has.

        Asked again for the same attempt, it answers the same code. No disk is
        waited for.

        Raises:
            NoCodeLeft: No free digits were found; the attempt has no code.
        """
        now = self._clock.read().at
        with self._lock:
            if attempt in self._of:
                return self._of[attempt]
            self._forget(now)
            code = self._draw(attempt)
            self._of[attempt] = code
            self._kept[code] = _Kept(
                attempt=attempt, call=call, person=person, made_at=now
            )
            self._behind.later(
                self._sql["keep"],
                code=code,
                attempt=attempt,
                call=call,
                person=person,
                now=write_instant(now),
            )
        return code

    def whose(self, code: str) -> tuple[AttemptId, CallId, PersonId] | None:
        """Say which attempt a code belongs to, used or not; nothing if unknown."""
        with self._lock:
            kept = self._kept.get(code)
        return (kept.attempt, kept.call, kept.person) if kept else None

    def use(self, code: str) -> bool:
        """Use a code up; whether it was still unused."""
        with self._lock:
            kept = self._kept.get(code)
            if kept is None or kept.is_used:
                return False
            kept.is_used = True
            self._behind.later(
                self._sql["use"],
                code=code,
                attempt=kept.attempt,
                now=write_instant(self._clock.read().at),
            )
        return True

    def forget_old(self) -> None:
        """Forget codes made more than `KEPT_FOR` ago."""
        with self._lock:
            self._forget(self._clock.read().at)

    def close(self) -> None:
        """Let the disk have what is not written yet, if it takes it."""
        self._behind.close()

    def _draw(self, attempt: AttemptId) -> str:
        for _ in range(_TRIES):
            drawn = int.from_bytes(self._chance.draw(_BYTES), "big")
            code = f"{drawn % 10**_DIGITS:0{_DIGITS}d}"
            if code not in self._kept:
                return code
        raise NoCodeLeft(
            f"No free code was found for {attempt} in {_TRIES} tries.",
            state="It rings without a code and can be answered with the PIN.",
            next="Look why chance gives the same digits again and again.",
        )

    def _forget(self, now: Instant) -> None:
        """Forget from the oldest on what is too old, or more than are kept."""
        while self._kept:
            code, oldest = next(iter(self._kept.items()))
            is_old = now - oldest.made_at > KEPT_FOR
            if not is_old and len(self._kept) < MOST_KEPT:
                return
            del self._kept[code]
            del self._of[oldest.attempt]
            self._behind.later(self._sql["forget"], code=code, attempt=oldest.attempt)
