"""Keep who is let in by a token: sessions, devices at desks, machine clients.

    cls_...   a session: a person who signed in
    cld_...   a device enrolled at a desk: STOP and HOLD, and no more
    clk_...   the key of a machine client: its scopes, at its desk

A token is 32 drawn bytes; only its SHA-256 is kept. All of them are in memory too,
so that a disk that hangs never stands between somebody and a STOP.
"""

import base64
import hashlib
import threading
from typing import Any, Final

import msgspec

from clearline.adapters.local import LocalStore
from clearline.adapters.queries import queries
from clearline.model.access import Scope
from clearline.model.instants import Duration, Instant, parse_instant, write_instant
from clearline.model.parties import DeskId, PersonId, Strength
from clearline.service.ports import Chance, Clock

SESSION_FOR: Final = Duration(hours=14)
"""How long a session lasts: a long watch and its handover."""

SESSION, DEVICE, KEY = "cls_", "cld_", "clk_"
_BYTES: Final = 32
_ID_BYTES: Final = 6


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a signed-in person at a screen."""

    token_hash: bytes
    person: PersonId
    strength: Strength
    device: str
    csrf: str
    is_under_duress: bool
    begun_at: Instant
    ends_at: Instant


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a screen or telephone enrolled at a desk."""

    id: str
    token_hash: bytes
    desk: DeskId
    name: str
    enrolled_at: Instant
    revoked_at: Instant | None = None


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a machine client's key."""

    id: str
    token_hash: bytes
    desk: DeskId
    name: str
    scopes: frozenset[Scope]
    made_at: Instant
    revoked_at: Instant | None = None


class Tokens:
    """Make, find and end tokens."""

    def __init__(self, store: LocalStore, chance: Chance, clock: Clock) -> None:
        """Read every token there is."""
        self._store = store
        self._chance = chance
        self._clock = clock
        self._sql = queries("credentials")
        self._lock = threading.Lock()
        now = write_instant(clock.read().at)
        store.ask(self._sql["forget_sessions"], now=now)
        self._sessions = {
            row[0]: _session(row) for row in store.ask(self._sql["sessions"], now=now)
        }
        self._devices = {
            row[1]: _device(row) for row in store.ask(self._sql["devices"])
        }
        self._keys = {row[1]: _key(row) for row in store.ask(self._sql["keys"])}

    # --- finding --------------------------------------------------------------

    def session(self, token: str) -> Session | None:
        """Return the session of a token, unless it has ended."""
        found = self._sessions.get(hash_of(token))
        return found if found and found.ends_at > self._clock.read().at else None

    def has_session(self, person: PersonId) -> bool:
        """Say whether somebody is signed in anywhere."""
        now = self._clock.read().at
        with self._lock:
            found = tuple(self._sessions.values())
        return any(one.person == person and one.ends_at > now for one in found)

    def device(self, token: str) -> Device | None:
        """Return the device of a token, unless it was revoked."""
        found = self._devices.get(hash_of(token))
        return found if found and found.revoked_at is None else None

    def key(self, token: str) -> Key | None:
        """Return the machine client of a token, unless it was revoked."""
        found = self._keys.get(hash_of(token))
        return found if found and found.revoked_at is None else None

    def every_device(self) -> tuple[Device, ...]:
        """List every device, revoked ones too."""
        return tuple(self._devices.values())

    def every_key(self) -> tuple[Key, ...]:
        """List every machine client, revoked ones too."""
        return tuple(self._keys.values())

    # --- sessions ---------------------------------------------------------------

    def begin(
        self,
        person: PersonId,
        strength: Strength,
        device: str,
        *,
        is_under_duress: bool = False,
    ) -> tuple[str, Session]:
        """Begin a session; the token is told once.

        Raises:
            StoreRefused: The disk refused; nobody is signed in.
        """
        now, token = self._clock.read().at, self._token(SESSION)
        session = Session(
            token_hash=hash_of(token),
            person=person,
            strength=strength,
            device=device,
            csrf=self._token(""),
            is_under_duress=is_under_duress,
            begun_at=now,
            ends_at=now + SESSION_FOR,
        )
        self._store.ask(
            self._sql["keep_session"],
            token_hash=session.token_hash,
            person=person,
            strength=strength,
            device=device,
            csrf=session.csrf,
            under_duress=int(is_under_duress),
            now=write_instant(now),
            ends_at=write_instant(session.ends_at),
        )
        with self._lock:
            self._sessions[session.token_hash] = session
        return token, session

    def strengthen(self, session: Session, strength: Strength) -> None:
        """Keep that a session's person is known by something better than before.

        Raises:
            StoreRefused: The disk refused; the session stays as it was.
        """
        self._store.ask(
            self._sql["strengthen_session"],
            token_hash=session.token_hash,
            strength=strength,
        )
        with self._lock:
            kept = self._sessions.get(session.token_hash)
            if kept is not None:
                better = msgspec.structs.replace(kept, strength=strength)
                self._sessions[session.token_hash] = better

    def end(self, session: Session) -> None:
        """End one session."""
        with self._lock:
            self._sessions.pop(session.token_hash, None)
        self._store.ask(self._sql["end_session"], token_hash=session.token_hash)

    def end_all(self, person: PersonId) -> tuple[Session, ...]:
        """Sign a person out everywhere; return what ended."""
        with self._lock:
            ended = tuple(s for s in self._sessions.values() if s.person == person)
            for session in ended:
                del self._sessions[session.token_hash]
        self._store.ask(self._sql["end_sessions"], person=person)
        return ended

    # --- devices and keys ---------------------------------------------------------

    def enrol(self, desk: DeskId, name: str) -> tuple[str, Device]:
        """Enrol a device at a desk; the token is told once.

        Raises:
            StoreRefused: The disk refused; nothing was enrolled.
        """
        now, token = self._clock.read().at, self._token(DEVICE)
        device = Device(
            id=self._id(),
            token_hash=hash_of(token),
            desk=desk,
            name=name,
            enrolled_at=now,
        )
        self._store.ask(
            self._sql["keep_device"],
            id=device.id,
            token_hash=device.token_hash,
            desk=desk,
            name=name,
            now=write_instant(now),
        )
        with self._lock:
            self._devices[device.token_hash] = device
        return token, device

    def make_key(
        self, desk: DeskId, name: str, scopes: frozenset[Scope]
    ) -> tuple[str, Key]:
        """Make a machine client's key; it is told once.

        Raises:
            StoreRefused: The disk refused; no key was made.
        """
        now, token = self._clock.read().at, self._token(KEY)
        key = Key(
            id=self._id(),
            token_hash=hash_of(token),
            desk=desk,
            name=name,
            scopes=scopes,
            made_at=now,
        )
        self._store.ask(
            self._sql["keep_key"],
            id=key.id,
            secret_hash=key.token_hash,
            desk=desk,
            name=name,
            scopes=" ".join(sorted(scopes)),
            now=write_instant(now),
        )
        with self._lock:
            self._keys[key.token_hash] = key
        return token, key

    def revoke(self, id_: str) -> bool:
        """Let a device or key act no more; whether there was one that could."""
        now = self._clock.read().at
        with self._lock:
            is_found = _revoke(self._devices, id_, now) or _revoke(self._keys, id_, now)
        for name in ("revoke_device", "revoke_key"):
            self._store.ask(self._sql[name], id=id_, now=write_instant(now))
        return is_found

    def _token(self, prefix: str) -> str:
        drawn = base64.urlsafe_b64encode(self._chance.draw(_BYTES))
        return prefix + drawn.decode().rstrip("=")

    def _id(self) -> str:
        return self._chance.draw(_ID_BYTES).hex()


def hash_of(token: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _revoke(kept: dict[bytes, Any], id_: str, now: Instant) -> bool:
    for hash_, one in kept.items():
        if one.id == id_ and one.revoked_at is None:
            kept[hash_] = msgspec.structs.replace(one, revoked_at=now)
            return True
    return False


def _session(row: tuple[Any, ...]) -> Session:
    token_hash, person, strength, device, csrf, under_duress, begun_at, ends_at = row
    return Session(
        token_hash=token_hash,
        person=PersonId(person),
        strength=Strength(strength),
        device=device,
        csrf=csrf,
        is_under_duress=bool(under_duress),
        begun_at=parse_instant(begun_at),
        ends_at=parse_instant(ends_at),
    )


def _device(row: tuple[Any, ...]) -> Device:
    id_, token_hash, desk, name, enrolled_at, revoked_at = row
    return Device(
        id=id_,
        token_hash=token_hash,
        desk=DeskId(desk),
        name=name,
        enrolled_at=parse_instant(enrolled_at),
        revoked_at=parse_instant(revoked_at) if revoked_at else None,
    )


def _key(row: tuple[Any, ...]) -> Key:
    id_, secret_hash, desk, name, scopes, made_at, revoked_at = row
    return Key(
        id=id_,
        token_hash=secret_hash,
        desk=DeskId(desk),
        name=name,
        scopes=frozenset(Scope(scope) for scope in scopes.split()),
        made_at=parse_instant(made_at),
        revoked_at=parse_instant(revoked_at) if revoked_at else None,
    )
