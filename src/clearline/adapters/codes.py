"""Keep the one-time codes of attempts; the contract is `service.calling.Codes`.

Six digits, so that a tired person can press them. A code opens one attempt, once,
and only the call it belongs to; guessing one takes half a million tries on average
for each attempt that rings, and wrong tries are counted by whoever takes them.
"""

from typing import Final

from clearline.adapters.local import LocalStore
from clearline.adapters.queries import queries
from clearline.model.calls import AttemptId, CallId
from clearline.model.errors import BrokenPromise
from clearline.model.instants import Duration, write_instant
from clearline.model.parties import PersonId
from clearline.service.ports import Chance, Clock

KEPT_FOR: Final = Duration(days=7)
"""How long a code is known after it was made."""

_DIGITS: Final = 6
_TRIES: Final = 50
_BYTES: Final = 8


class NoCodeLeft(BrokenPromise):
    """Admit that no free code was found."""


class LocalCodes:
    """Keep codes in the local store."""

    def __init__(self, store: LocalStore, chance: Chance, clock: Clock) -> None:
        """Use the store; codes are drawn from `chance`."""
        self._store = store
        self._chance = chance
        self._clock = clock
        self._sql = queries("codes")

    def make(self, attempt: AttemptId, call: CallId, person: PersonId) -> str:
        """Make and keep a code, six digits, that no open attempt has.

        Asked again for the same attempt, it answers the same code.

        Raises:
            StoreRefused: The disk refused; the attempt has no code.
            NoCodeLeft: A million codes are taken.
        """
        found = self._store.ask(self._sql["of_attempt"], attempt=attempt)
        if found:
            return str(found[0][0])
        for _ in range(_TRIES):
            drawn = int.from_bytes(self._chance.draw(_BYTES), "big")
            code = f"{drawn % 10**_DIGITS:0{_DIGITS}d}"
            kept = self._store.ask(
                self._sql["keep"],
                code=code,
                attempt=attempt,
                call=call,
                person=person,
                now=self._now(),
            )
            if kept:
                return code
        raise NoCodeLeft(
            f"No free code was found for {attempt} in {_TRIES} tries.",
            state="It rings without a code and can be answered with the PIN.",
            next="Look why so many calls are open; codes are forgotten after a week.",
        )

    def whose(self, code: str) -> tuple[AttemptId, CallId, PersonId] | None:
        """Say which attempt a code belongs to, used or not; nothing if unknown."""
        found = self._store.ask(self._sql["whose"], code=code)
        if not found:
            return None
        attempt, call, person = found[0]
        return AttemptId(attempt), CallId(call), PersonId(person)

    def use(self, code: str) -> bool:
        """Use a code up; whether it was still unused."""
        return bool(self._store.ask(self._sql["use"], code=code, now=self._now()))

    def forget_old(self) -> None:
        """Forget codes made more than `KEPT_FOR` ago."""
        before = write_instant(self._clock.read().at - KEPT_FOR)
        self._store.ask(self._sql["forget"], before=before)

    def _now(self) -> str:
        return write_instant(self._clock.read().at)
