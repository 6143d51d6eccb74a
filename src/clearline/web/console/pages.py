"""Describe a page once: its path, who may look, what it shows, what its forms do.

    Page(path, see)    GET   -> Shown(template, what it needs)
    Form(path, do, on) POST  -> the path of the page that shows what came of it (303)
                                refused: the page `on`, with the problem above the form

A form does what the API does, through the same operation: who may, how often and what
follows is said once. Nothing here needs a script.
"""

import base64
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from clearline.compose.service import Service
from clearline.model.errors import ClearlineError
from clearline.model.instants import Instant
from clearline.picture.picture import View
from clearline.web.caller import Caller
from clearline.web.console.languages import Language
from clearline.web.console.uploads import Upload
from clearline.web.endpoints import (
    LOOKING,
    Asking,
    Endpoint,
    May,
    require_allowed,
)

LONGEST_FORM: Final = 256 * 1024
"""How long a form may be that brings no file, bytes."""

_ONCE_BYTES: Final = 9


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Hold why something was not done, as a page says it.

    Attributes:
        id: What to name when reporting it.
    """

    id: str
    status: int
    what: str
    state: str
    next: str


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one request of a browser as a screen sees it."""

    asking: Asking
    language: Language
    theme: str
    form: dict[str, list[str]] = {}
    files: dict[str, Upload] = {}
    problem: Problem | None = None

    @property
    def service(self) -> Service:
        """Return the node and what is around it."""
        return self.asking.service

    @property
    def caller(self) -> Caller:
        """Return who asks."""
        return self.asking.caller

    @property
    def now(self) -> Instant:
        """Return node time."""
        return self.service.node.clock.read().at

    @property
    def path(self) -> str:
        """Return the path asked for."""
        return self.asking.request.url.path

    @contextmanager
    def looking(self) -> Iterator[View]:
        """Look at what stands and is recorded."""
        with self.asking.looking() as view:
            yield view

    def part(self, name: str) -> str:
        """Return a part of the path that varies."""
        return self.asking.path[name]

    def query(self, name: str) -> str:
        """Return a field of the query, or an empty text."""
        return self.asking.request.query_params.get(name, "")

    def said(self, name: str) -> str:
        """Return a field of the form, or an empty text."""
        return (self.form.get(name) or [""])[0].strip()

    def typed(self, name: str) -> str:
        """Return what was typed, to be put back into the form; never a secret."""
        return "" if name in _NOT_PUT_BACK else self.said(name)

    def all_said(self, name: str) -> tuple[str, ...]:
        """Return every value of a field of the form."""
        return tuple(self.form.get(name, ()))

    def once(self) -> str:
        """Draw an id for a form, so that sending it twice does it once."""
        drawn = self.service.chance.draw(_ONCE_BYTES)
        return base64.urlsafe_b64encode(drawn).decode()

    async def do(
        self, name: str, body: Any = None, query: Any = None, **path: str
    ) -> Any:
        """Do an operation of the API, as this caller.

        Raises:
            ClearlineError: It is refused.
        """
        endpoint = _operations()[name]
        require_allowed(endpoint, self.asking.known)
        if query is None and endpoint.query is not None:
            query = endpoint.query()
        asking = replace(self.asking, path=path, body=body, query=query)
        if endpoint.rate is not None:
            asking.slow_down(endpoint.rate)
        return await endpoint.handle(asking)

    def may(self, name: str) -> bool:
        """Say whether this caller may ask for an operation of the API."""
        may, known = _operations()[name].may, self.asking.known
        return may.is_open or (known is not None and may.admits(known))


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Name a template and hold what it shows."""

    template: str
    has: dict[str, Any] = {}
    cookies: tuple[str, ...] = ()


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """Send the browser on, with cookies or other headers."""

    to: str
    cookies: tuple[str, ...] = ()
    headers: dict[str, str] = {}


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a file that a browser keeps, in the place of a page."""

    body: bytes
    media: str
    name: str


See = Callable[[Visit], Awaitable[Shown]]
Do = Callable[[Visit], Awaitable[str | Gone | Shown]]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Describe a page to look at.

    Attributes:
        see: What it shows; a file where one is asked for.
        may: Who may look; others are told who can.
    """

    path: str
    see: Callable[[Visit], Awaitable[Shown | Sent]]
    may: May = LOOKING


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """Describe what a form does.

    Attributes:
        on: What to show, with the problem, where it is refused.
        is_once: Whether the form's id is kept, so that sending it twice does it once;
            not where the operation is idempotent by itself.
        longest: How long it may be, bytes; more where it brings a file.
    """

    path: str
    do: Do
    on: See
    may: May = May()
    is_once: bool = False
    longest: int = LONGEST_FORM


@lru_cache(maxsize=1)
def _operations() -> dict[str, Endpoint]:
    from clearline.web.app import ENDPOINTS  # noqa: PLC0415 (the app holds pages too)

    return {one.name: one for one in ENDPOINTS}


_NOT_PUT_BACK: Final = frozenset({"csrf", "once", "secret", "now", "code"})


def problem_of(error: ClearlineError, status: int, id_: str) -> Problem:
    """Say an error as a page does."""
    return Problem(
        id=id_,
        status=status,
        what=error.what,
        state=error.state,
        next=error.next,
    )
