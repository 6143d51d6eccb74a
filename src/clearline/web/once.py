"""Do once what is asked twice: the same idempotency key gets the same answer.

    key new                 done; the answer is kept for a day, across restarts
    key known, same body    the answer that was kept; nothing is done
    key known, other body   refused: whoever asks has mixed two things up
    two at once             the second waits for the first one's answer

A refusal is not kept: it did nothing, and asking again may be right by then. Acts about
calls keep nothing here; a STOP waits for no store. What a keyed request leads to names
it in the log, so its answer is found there (`recalled`).

| if the node is killed       | then, for the same key                               |
|-----------------------------|------------------------------------------------------|
| before it is kept as begun  | it is done                                           |
| before it acted             | the log has nothing of it: it is done                |
| before its answer was kept  | the first answer, made again of its entries; refused |
|                             | naming them where that cannot be                     |

It cannot be where an operation asks several things, or answers from more than the log.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final, NamedTuple

from msgspec.structs import replace
from starlette.responses import Response

from clearline.model.entries import DecisionTimeDeclared, Entry, LineSet, OriginNamed
from clearline.model.errors import ClearlineError
from clearline.model.parties import Actor
from clearline.service.ports import StoreRefused
from clearline.web.caller import Caller
from clearline.web.endpoints import Asking, Endpoint, Repeat
from clearline.web.recalled import digest_of, recall
from clearline.web.refusals import BadRequest, DoneUntold, SaidOtherwise, ToldOnce

_BEGUN: Final = 0
_MOST_NAMED: Final = 10
_NOBODYS: Final = (LineSet, OriginNamed, DecisionTimeDeclared)

LONGEST_KEY: Final = 200
"""How long an idempotency key may be, characters."""


class _Key(NamedTuple):
    whose: str
    key: str
    said: bytes


class Once:
    """Keep answers, and let no two requests of one key run at a time."""

    def __init__(self) -> None:
        """Start with nobody asking."""
        self._under_way: dict[tuple[str, str], tuple[asyncio.Lock, int]] = {}

    async def answer(
        self,
        endpoint: Endpoint,
        asking: Asking,
        body: bytes,
        do: Callable[[Asking], Awaitable[Response]],
    ) -> Response | tuple[int, bytes]:
        """Do what is asked, or give the status and body it was answered with before.

        Raises:
            BadRequest: The key is too long, or none.
            SaidOtherwise: The key came before with another request.
            ToldOnce: It was done before, and its answer held a secret.
        """
        key = asking.request.headers.get("idempotency-key")
        if endpoint.method != "POST" or key is None:
            return await do(asking)
        whose = asking.known.name if asking.known else asking.from_address
        said = hashlib.sha256(f"{asking.request.url.path}\n".encode() + body).digest()
        if 0 < len(key) <= LONGEST_KEY:
            asking = replace(asking, digest=digest_of(whose, key, said))
        elif endpoint.repeat is not Repeat.BY_ID:
            raise _no_key()
        if endpoint.repeat is Repeat.BY_ID:
            return await do(asking)
        async with self._turn(whose, key):
            return await self._in_turn(endpoint, asking, _Key(whose, key, said), do)

    async def _in_turn(
        self,
        endpoint: Endpoint,
        asking: Asking,
        key: _Key,
        do: Callable[[Asking], Awaitable[Response]],
    ) -> Response | tuple[int, bytes]:
        answers = asking.service.answers
        before = await asking.aside(lambda: answers.before(*key))
        if before is not None and before.is_other:
            raise _said_otherwise(key.key)
        if before is not None and endpoint.repeat is Repeat.UNTOLD:
            raise _told_once()
        if before is not None and before.status != _BEGUN:
            return before.status, before.body
        if before is not None:
            asking = await self._begun(endpoint, asking, before.body)
        else:
            sizes = _sizes(asking)
            await asking.aside(lambda: answers.begin(*key, sizes))
        try:
            response = await do(asking)
        except ClearlineError:
            with suppress(StoreRefused):  # then its next try looks at the log
                await asking.aside(lambda: answers.drop(key.whose, key.key))
            raise
        kept = b"" if endpoint.repeat is Repeat.UNTOLD else bytes(response.body)
        status = response.status_code
        with suppress(StoreRefused):  # it is done: that is told, kept or not
            await asking.aside(lambda: answers.keep(*key, status, kept))
        return response

    async def _begun(self, endpoint: Endpoint, asking: Asking, sizes: bytes) -> Asking:
        """Look what a request led to that was begun and never answered.

        Returns:
            The request as it is asked now: over again where it was done, to be
            answered as it would have been; anew where it was not.

        Raises:
            DoneUntold: It was, or may have been, done, and what was answered cannot
                be said again.
        """
        own, first = asking.service.own.node, asking.service.node
        nodes = dict(zip((first, own), map(int, sizes.split()), strict=True))
        if endpoint.recalls:
            since = range(nodes[first], first.log.size)
            recalled = await recall(asking, since)
            if recalled is not None:
                return recalled
        done = await asking.aside(
            lambda: [
                index
                for node, size in nodes.items()
                for index, entry in asking.service.entries(
                    range(size, node.log.size), node
                )
                if _may_be_its(entry, asking, is_marked=endpoint.recalls)
            ]
        )
        if done:
            raise _done_untold(done)
        return asking

    @asynccontextmanager
    async def _turn(self, whose: str, key: str) -> AsyncIterator[None]:
        """Wait until no other request of this key is under way."""
        lock, waiting = self._under_way.get((whose, key), (asyncio.Lock(), 0))
        self._under_way[whose, key] = lock, waiting + 1
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._under_way[whose, key]
            if waiting == 1:
                del self._under_way[whose, key]
            else:
                self._under_way[whose, key] = lock, waiting - 1


def _sizes(asking: Asking) -> bytes:
    service = asking.service
    return f"{service.node.log.size} {service.own.node.log.size}".encode()


def _may_be_its(entry: Entry, asking: Asking, *, is_marked: bool) -> bool:
    """Say whether an entry may be what a request led to; where it is marked, it is."""
    if is_marked:
        return entry.request == asking.digest
    return _is_theirs(entry, asking.known)


def _is_theirs(entry: Entry, caller: Caller | None) -> bool:
    """Say whether an entry may be what a caller's request led to.

    What says nobody's name is set up by whoever administers: it may be anybody's.
    """
    act = entry.act
    if isinstance(act, _NOBODYS):
        return True
    by = getattr(act, "by", None)
    if not isinstance(by, Actor) or caller is None:
        return False
    if caller.person is not None:
        return by.person == caller.person
    return by.desk == caller.desk and by.device == caller.device


def _no_key() -> BadRequest:
    return BadRequest(
        f"An idempotency key has 1 to {LONGEST_KEY} characters.",
        state="Nothing was done.",
        next="Draw one at random for each new request.",
    )


def _said_otherwise(key: str) -> SaidOtherwise:
    return SaidOtherwise(
        f"The idempotency key {key!r} came before with another request.",
        state="Nothing was done; the first request stands as it was answered.",
        next="Draw a new key for each new request.",
    )


def _done_untold(entries: list[int]) -> DoneUntold:
    named = ", ".join(map(str, entries[:_MOST_NAMED]))
    return DoneUntold(
        "This was asked before the node went down, and what you did then stands in "
        f"the log: {named}.",
        state="Nothing was done now.",
        next="Look at what stands. If that is not what you asked for, ask anew with a "
        "new key.",
    )


def _told_once() -> ToldOnce:
    return ToldOnce(
        "This was done when it was first asked, and its answer held a secret.",
        state="Nothing was done now; secrets are told once and kept by nobody.",
        next="If that answer is lost, take back what was made and ask with a new key.",
    )
