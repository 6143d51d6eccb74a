"""Keep what persons prove themselves with: passwords, PINs, one-time codes.

Only argon2 hashes are kept (RFC 9106, the library's own parameters). Guessing gets
slow: after `FREE_TRIES` failures each further try waits twice as long as the one
before, up to `LONGEST_WAIT`. Nothing here is asked before a STOP or HOLD.

A duress word is a second password. It signs in as the first does; that it was used
is told to whoever asked, and never to the screen.
"""

from typing import Final

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from clearline.adapters.local import LocalStore
from clearline.adapters.queries import queries
from clearline.model.access import SecretKind
from clearline.model.errors import BadInput
from clearline.model.instants import Duration, Instant, parse_instant, write_instant
from clearline.model.parties import PersonId
from clearline.service.ports import Clock

FREE_TRIES: Final = 5
LONGEST_WAIT: Final = Duration(minutes=15)
SHORTEST_PASSWORD: Final = 10
SHORTEST_PIN: Final = 4
ONCE_FOR: Final = Duration(hours=24)
"""How long a one-time code opens the door."""

_LONGEST: Final = 1024


class LockedOut(BadInput):
    """Refuse a try because too many before it failed."""

    def __init__(self, wait: Duration) -> None:
        """Say how long to wait."""
        self.wait_s = max(1, round(wait.total_seconds()))
        super().__init__(
            f"Too many tries failed; the next one is taken in {self.wait_s} s.",
            state="Nobody was signed in. STOP and HOLD from an enrolled device or a "
            "telephone are not held up by this.",
            next="Wait, or have an administrator set a one-time code.",
        )


class WeakSecret(BadInput):
    """Refuse a secret that would be guessed."""


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """Say what somebody proved themselves with."""

    kind: SecretKind

    @property
    def is_under_duress(self) -> bool:
        """Say whether the duress word was used."""
        return self.kind is SecretKind.DURESS


class Secrets:
    """Keep and check secrets, in the local store."""

    def __init__(
        self, store: LocalStore, clock: Clock, hasher: PasswordHasher | None = None
    ) -> None:
        """Use the store; tests give a hasher that is quick."""
        self._store = store
        self._clock = clock
        self._hasher = hasher or PasswordHasher()
        self._sql = queries("credentials")
        self._nobodys = self._hasher.hash("nobody")

    def keep(self, person: PersonId, kind: SecretKind, secret: str) -> None:
        """Keep a secret in place of the one before.

        Raises:
            WeakSecret: It is too short, too long, or is the other password.
            StoreRefused: The disk refused; the one before holds.
        """
        _require_strong(kind, secret)
        self._require_other(person, kind, secret)
        now = self._clock.read().at
        ends_at = write_instant(now + ONCE_FOR) if kind is SecretKind.ONCE else None
        self._store.ask(
            self._sql["keep_secret"],
            person=person,
            kind=kind,
            hash=self._hasher.hash(secret),
            now=write_instant(now),
            ends_at=ends_at,
        )

    def has(self, person: PersonId, kind: SecretKind) -> bool:
        """Say whether a person has such a secret."""
        return self._hash_of(person, kind) is not None

    def drop(self, person: PersonId, kind: SecretKind) -> bool:
        """Take a secret away; whether there was one."""
        found = self._store.ask(self._sql["drop_secret"], person=person, kind=kind)
        return bool(found)

    def prove(
        self, person: PersonId, secret: str, kinds: tuple[SecretKind, ...]
    ) -> Proof | None:
        """Say by which of `kinds` a secret proves a person, or nothing.

        As much work is done for somebody unknown. A one-time code is used up.

        Raises:
            LockedOut: Too many tries failed before; this one was not looked at.
            StoreRefused: The disk refused to count; nobody is signed in.
        """
        self._require_turn(person)
        found = None
        for kind in kinds:
            kept = self._hash_of(person, kind)
            if self._is(kept or self._nobodys, secret) and kept is not None:
                found = found or Proof(kind=kind)
        if found is None:
            now = write_instant(self._clock.read().at)
            self._store.ask(self._sql["count_failure"], whose=person, now=now)
            return None
        self._store.ask(self._sql["forgive"], whose=person)
        if found.kind is SecretKind.ONCE and not self.drop(person, SecretKind.ONCE):
            return None  # somebody else used it a moment ago
        return found

    def _require_turn(self, person: PersonId) -> None:
        rows = self._store.ask(self._sql["tries"], whose=person)
        if not rows or rows[0][0] < FREE_TRIES:
            return
        failed, last_at = int(rows[0][0]), parse_instant(rows[0][1])
        doublings = min(failed - FREE_TRIES, 30)
        wait = min(LONGEST_WAIT, Duration(seconds=2**doublings))
        left = last_at + wait - self._clock.read().at
        if left > Duration(0):
            raise LockedOut(left)

    def _hash_of(self, person: PersonId, kind: SecretKind) -> str | None:
        rows = self._store.ask(self._sql["secret"], person=person, kind=kind)
        if not rows or _is_over(rows[0][1], self._clock.read().at):
            return None
        return str(rows[0][0])

    def _is(self, kept: str, secret: str) -> bool:
        try:
            return self._hasher.verify(kept, secret[:_LONGEST])
        except (VerificationError, InvalidHashError):
            return False

    def _require_other(self, person: PersonId, kind: SecretKind, secret: str) -> None:
        """Refuse one word as both the password and the duress word."""
        pair = (SecretKind.PASSWORD, SecretKind.DURESS)
        if kind not in pair:
            return
        other = self._hash_of(person, pair[kind is SecretKind.PASSWORD])
        if other is not None and self._is(other, secret):
            raise _weak("The password and the duress word are the same.")


def _is_over(ends_at: str | None, now: Instant) -> bool:
    return ends_at is not None and parse_instant(ends_at) <= now


def _require_strong(kind: SecretKind, secret: str) -> None:
    if len(secret) > _LONGEST:
        raise _weak(f"A secret has at most {_LONGEST} characters.")
    if kind is SecretKind.PIN:
        if not (secret.isascii() and secret.isdecimal()) or len(secret) < SHORTEST_PIN:
            raise _weak(f"A PIN is at least {SHORTEST_PIN} digits.", _ANOTHER_PIN)
        if len(set(secret)) == 1:
            raise _weak("One digit over and over is no PIN.", _ANOTHER_PIN)
    elif kind is not SecretKind.ONCE and len(secret) < SHORTEST_PASSWORD:
        raise _weak(f"A password has at least {SHORTEST_PASSWORD} characters.")


_ANOTHER = "Choose another; a sentence of a few words is easy to keep in mind."
_ANOTHER_PIN = "Choose another, of figures alone."


def _weak(what: str, another: str = _ANOTHER) -> WeakSecret:
    return WeakSecret(what, state="The one before it, if any, holds.", next=another)
