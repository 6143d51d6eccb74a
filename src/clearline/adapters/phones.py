"""Keep what telephones need beside the log: PINs, wrong tries, who raised what.

The contracts are `Pins`, `Tries` and `Callers` of `service.switchboard`.
"""

import threading
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from clearline.adapters.local import LocalStore
from clearline.adapters.queries import queries
from clearline.adapters.write_behind import WriteBehind
from clearline.model.calls import CallId
from clearline.model.instants import Duration, parse_instant, write_instant
from clearline.model.parties import Medium, PersonId
from clearline.service.calling import Address
from clearline.service.ports import Clock

FREE_TRIES: Final = 5
"""How many wrong codes or PINs in a row one number may send."""

_MOST_FOUND: Final = 10

LOCKED_FOR: Final = Duration(minutes=15)
"""How long after the last wrong one nothing secret is taken from there."""


class LocalPins:
    """Look PINs up in the local store; only argon2 hashes are there."""

    def __init__(self, store: LocalStore, hasher: PasswordHasher | None = None) -> None:
        """Use the store; tests give a hasher that is quick."""
        self._store = store
        self._hasher = hasher or PasswordHasher()
        self._sql = queries("phones")

    def is_pin(self, person: PersonId, pin: str) -> bool:
        """Say whether `pin` is the person's."""
        found = self._store.ask(self._sql["pin"], person=person)
        if not found:
            return False
        try:
            return self._hasher.verify(str(found[0][0]), pin)
        except (VerificationError, InvalidHashError):
            return False


class LocalTries:
    """Count wrong codes and PINs by where they came from."""

    def __init__(self, store: LocalStore, clock: Clock) -> None:
        """Use the store; node time decides when a lock is over."""
        self._store = store
        self._clock = clock
        self._sql = queries("phones")

    def is_locked(self, whose: str) -> bool:
        """Say whether too many were wrong from there, and lately."""
        found = self._store.ask(self._sql["tries"], whose=whose)
        if not found or found[0][0] < FREE_TRIES:
            return False
        return self._clock.read().at - parse_instant(found[0][1]) < LOCKED_FOR

    def fail(self, whose: str) -> None:
        """Count a wrong one."""
        now = self._clock.read().at
        self._store.ask(
            self._sql["fail"],
            whose=whose,
            now=write_instant(now),
            before=write_instant(now - LOCKED_FOR),
        )

    def forgive(self, whose: str) -> None:
        """Start to count anew, after a right one."""
        self._store.ask(self._sql["forgive"], whose=whose)


class LocalCallers:
    """Keep where whoever raised a call is told how it stands.

    All of it lies in memory too, and is written behind: nobody who rings or tells
    waits for the disk.
    """

    def __init__(self, store: LocalStore) -> None:
        """Read what is kept."""
        self._sql = queries("phones")
        self._behind = WriteBehind(store)
        self._lock = threading.Lock()
        self._at: dict[CallId, Address] = {}
        for call, person, medium, address, language in store.ask(self._sql["callers"]):
            self._at[CallId(call)] = Address(
                person=PersonId(person),
                medium=Medium(medium),
                address=address,
                language=language,
            )

    def keep(self, call: CallId, at: Address) -> None:
        """Keep where the caller of a call is."""
        with self._lock:
            self._at[call] = at
        self._behind.later(
            self._sql["keep_caller"],
            call=call,
            medium=at.medium,
            address=at.address,
            person=at.person,
            language=at.language,
        )

    def of(self, call: CallId) -> Address | None:
        """Say where the caller of a call is; nothing if it came another way."""
        return self._at.get(call)

    def calls_from(self, medium: Medium, address: str) -> tuple[CallId, ...]:
        """List the calls raised from an address, newest first, at most ten."""
        with self._lock:
            kept = list(self._at.items())
        found = [c for c, at in kept if (at.medium, at.address) == (medium, address)]
        return tuple(reversed(found[-_MOST_FOUND:]))

    def close(self) -> None:
        """Let the disk have what is not written yet, if it takes it."""
        self._behind.close()
