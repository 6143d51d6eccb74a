"""Keep what was answered to requests that may be sent again."""

from typing import Final

import msgspec

from clearline.adapters.local import LocalStore
from clearline.adapters.queries import queries
from clearline.model.instants import Duration, write_instant
from clearline.service.ports import Clock

KEPT_FOR: Final = Duration(days=1)
"""How long the same idempotency key gets the same answer."""


class Before(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what was answered before.

    Attributes:
        status: 0 where it was begun, and nobody kept what came of it.
        body: What was answered; how far the logs were, where it was only begun.
        is_other: Whether the request before was another one.
    """

    status: int
    body: bytes
    is_other: bool


class Answers:
    """Keep answers in the local store."""

    def __init__(self, store: LocalStore, clock: Clock) -> None:
        """Use the store."""
        self._store = store
        self._clock = clock
        self._sql = queries("credentials")

    def before(self, whose: str, key: str, request_hash: bytes) -> Before | None:
        """Return what a caller's key was answered before, or nothing."""
        found = self._store.ask(self._sql["answered"], whose=whose, key=key)
        if not found:
            return None
        hash_, status, body = found[0]
        return Before(status=status, body=body, is_other=hash_ != request_hash)

    def begin(self, whose: str, key: str, request_hash: bytes, sizes: bytes) -> None:
        """Say that a request is begun, before it does anything.

        Raises:
            StoreRefused: The disk refused; nothing is to be done.
        """
        self._write(whose, key, request_hash, 0, sizes)

    def drop(self, whose: str, key: str) -> None:
        """Forget a request that was begun and did nothing."""
        self._store.ask(self._sql["drop_begun"], whose=whose, key=key)

    def keep(
        self, whose: str, key: str, request_hash: bytes, status: int, body: bytes
    ) -> None:
        """Keep an answer; old ones are forgotten meanwhile."""
        self._write(whose, key, request_hash, status, body)
        before = write_instant(self._clock.read().at - KEPT_FOR)
        self._store.ask(self._sql["forget_answers"], before=before)

    def _write(
        self, whose: str, key: str, request_hash: bytes, status: int, body: bytes
    ) -> None:
        now = self._clock.read().at
        self._store.ask(
            self._sql["keep_answer"],
            whose=whose,
            key=key,
            request_hash=request_hash,
            status=status,
            body=body,
            now=write_instant(now),
        )
