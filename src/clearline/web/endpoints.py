"""Describe an operation of the API once: routes, OpenAPI and tests follow from it.

Each noun's file lists its operations as `Endpoint`s. An operation says what it takes
and gives, who may ask, and how often. Its `handle` gets one `Asking` and returns a
value, which is encoded; everything it refuses is a `ClearlineError`.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from enum import Enum, auto
from typing import Any, Final

import msgspec
from starlette.requests import Request

from clearline.compose.service import Service
from clearline.ledger.sealed import SealedPart
from clearline.model.commands import Command
from clearline.model.instants import Instant
from clearline.model.parties import Role
from clearline.picture.picture import View
from clearline.service.writer import Written
from clearline.web.caller import Caller, not_signed_in
from clearline.web.feed import Feed
from clearline.web.limits import Limits, Rate
from clearline.web.mapped import KeptMaps
from clearline.web.refusals import NotAllowed, not_there
from clearline.web.replaying import Replays

LONGEST_BODY: Final = 1 << 20
"""How long a body may be that is no file, bytes."""

READING: Final = Rate(200, 50)
"""How often one caller may look."""

WRITING: Final = Rate(60, 10)
"""How often one caller may say something that is no STOP or HOLD."""

PROVING: Final = Rate(10, 0.2)
"""How often somebody unknown may try to prove who they are, from one address."""


class Repeat(Enum):
    """Say what becomes of a POST that comes again with the same idempotency key.

    Attributes:
        KEPT: The same answer, and nothing is done.
        UNTOLD: Nothing is done; the answer held a secret, which is told once.
        BY_ID: It is looked at anew: an id in it, or what stands, makes it the same.
    """

    KEPT = auto()
    UNTOLD = auto()
    BY_ID = auto()


class May(msgspec.Struct, frozen=True, kw_only=True):
    """Say who may ask for an operation.

    Attributes:
        is_open: Anybody, known or not.
        roles: A person in one of these roles; any signed-in person if empty.
        has_device: A device at a desk, with nobody signed in.
        scope: A machine client that has this scope; none if empty.
    """

    is_open: bool = False
    roles: frozenset[Role] = frozenset()
    has_device: bool = False
    scope: str = ""

    def admits(self, caller: Caller) -> bool:
        """Say whether a known caller may ask."""
        if self.is_open:
            return True
        if caller.is_machine:
            return bool(self.scope) and self.scope in caller.scopes
        if caller.person is None:
            return self.has_device
        return not self.roles or bool(self.roles & caller.roles)


OPEN: Final = May(is_open=True)
SIGNED_IN: Final = May()
ADMINISTRATOR: Final = May(roles=frozenset({Role.ADMINISTRATOR}), scope="admin")
LOOKING: Final = May(has_device=True, scope="read")
CALLING: Final = May(has_device=True, scope="calls")


class Shared(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what every operation works with."""

    service: Service
    feed: Feed
    limits: Limits
    maps: KeptMaps = msgspec.field(default_factory=KeptMaps)
    replays: Replays = msgspec.field(default_factory=Replays)


class Recalled:
    """Hold what a request led to the first time, while it is asked over again."""

    def __init__(self, written: Written) -> None:
        """Begin before it was asked of the writer.

        Args:
            written: What followed; it is in the log.
        """
        assert written.first is not None  # noqa: S101 (it was found in the log)
        self.written = written
        self.at = written.entries[0].at
        self.size = written.first

    def ask(self) -> Written:
        """Say again what followed; what stands from now on stood after it."""
        assert self.written.first is not None  # noqa: S101 (the same)
        self.size = self.written.first + len(self.written.entries)
        return self.written


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one request as an operation sees it.

    Attributes:
        path: The parts of the path that vary, by name.
        query: The query, as the operation's own type; `None` where it has none.
        body: The body, likewise.
        digest: What its entries are known by; nothing where it has no key of its own.
        recalled: What it led to before, where it is asked over again.
    """

    shared: Shared
    request: Request
    known: Caller | None
    path: dict[str, str]
    query: Any = None
    body: Any = None
    digest: str | None = None
    recalled: Recalled | None = None

    @property
    def service(self) -> Service:
        """Return the node and what is around it."""
        return self.shared.service

    @property
    def caller(self) -> Caller:
        """Return who asks.

        Raises:
            NotSignedIn: Nobody is known to.
        """
        if self.known is None:
            raise not_signed_in()
        return self.known

    @property
    def from_address(self) -> str:
        """Return the network address it came from."""
        return self.request.client.host if self.request.client else ""

    @contextmanager
    def looking(self) -> Iterator[View]:
        """Look at what stands; where it was asked before, at what stood then."""
        size = self.recalled.size if self.recalled else None
        with self.service.own.log.looking_at_both(size) as view:
            yield view

    def drawn_id(self, kind: str) -> str:
        """Draw an id; one that follows from the request where that has a key."""
        if self.digest is None:
            return f"{kind}{self.service.chance.draw(12).hex()}"
        return f"{kind}{hashlib.sha256(self.digest.encode()).hexdigest()[:24]}"

    @property
    def now(self) -> Instant:
        """Return node time; where it was asked before, that of then."""
        return self.recalled.at if self.recalled else self.service.node.clock.read().at

    async def ask(
        self, command: Command, sealed: tuple[SealedPart, ...] = ()
    ) -> Written:
        """Ask the writer, and wait for what followed; sealed parts lie beside it.

        Raises:
            ClearlineError: It is refused.
        """
        if self.recalled is not None:
            return self.recalled.ask()
        asked = self.service.own.log.ask_either(command, sealed, self.digest)
        return await asyncio.wrap_future(asked)

    async def aside(self, do: Callable[[], Any]) -> Any:
        """Do something slow in a thread, so that nobody else waits."""
        return await asyncio.get_running_loop().run_in_executor(None, do)

    def slow_down(self, rate: Rate, who: str = "") -> None:
        """Count this request against its caller's rate.

        Raises:
            TooMany: It came too soon.
        """
        known = self.known.name if self.known else self.from_address
        now = self.service.node.clock.read().at
        self.shared.limits.take(who or known, rate, now)

    def require_own_desk(self, desk: str) -> None:
        """Refuse a desk that is not the caller's own, unless they administer.

        Raises:
            NotThere: It is not theirs; whether it exists is not said.
        """
        if desk != self.caller.desk and not self.caller.is_administrator:
            raise not_there(f"desk {desk!r}")


Handle = Callable[[Asking], Awaitable[Any]]


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Describe one operation.

    Attributes:
        name: Its `operationId`.
        does: What it does, in a sentence.
        says: More about it, in sentences; may be empty.
        takes: Type of the body; `None` where it takes none.
        query: Type of the query, each field with a default.
        gives: Type of the answer's body; `None` where there is none.
        media: Media type of the answer where it is not JSON.
        status: Status of an answer that is no problem.
        also: Other statuses it may answer with, and what each means.
        refuses: Statuses it refuses with besides those its shape tells.
        rate: How often; `None` where the operation counts by itself, or never.
        repeat: What the same idempotency key again leads to.
        recalls: Whether its first answer can be made again from the log: it says what
            followed from one command, and what stood after it.
        longest: How long its body may be, bytes.
    """

    method: str
    path: str
    name: str
    does: str
    handle: Handle
    may: May
    says: str = ""
    takes: Any = None
    query: Any = None
    gives: Any = None
    media: str = "application/json"
    status: int = 200
    also: dict[int, str] = {}
    refuses: tuple[int, ...] = ()
    rate: Rate | None = READING
    repeat: Repeat = Repeat.KEPT
    recalls: bool = False
    longest: int = LONGEST_BODY


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """Hold an answer whose status or headers are not the usual ones."""

    body: Any
    status: int
    headers: dict[str, str] = {}
    cookies: tuple[str, ...] = ()


def require_allowed(endpoint: Endpoint, caller: Caller | None) -> None:
    """Refuse whoever may not ask.

    Raises:
        NotSignedIn: Nobody is known to ask.
        NotAllowed: Who asks may not.
    """
    if endpoint.may.is_open:
        return
    if caller is None:
        raise not_signed_in()
    if not endpoint.may.admits(caller):
        raise not_allowed(endpoint.does)


def not_allowed(does: str) -> NotAllowed:
    """Refuse what this caller may not do."""
    return NotAllowed(
        f"You may not do this: {does[0].lower()}{does[1:]}",
        state="Nothing was done.",
        next="Ask somebody who has the role for it, or sign in as a person.",
    )
