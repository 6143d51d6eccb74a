"""Put the web face together: routes from the table, one error shape, one feed.

    request -> who asks -> may they -> how often -> body, query -> operation
                                                                     |
    answer, or a problem  <------------------------------------------'

Nothing is decided here. Whatever goes wrong becomes a problem with the same three
sentences a command prints; what nobody foresaw is a 500 that says so, and is kept.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from clearline.compose.service import Service
from clearline.model.errors import ClearlineError
from clearline.service.writer import OurFault
from clearline.web.api import (
    access,
    agreements,
    calls,
    cases,
    conflicts,
    control,
    drafts,
    exchange,
    feed,
    imports,
    ledger,
    line,
    lines,
    maps,
    node,
    notices,
    persons,
    places,
    sessions,
    setup,
    sheets,
    sources,
    trust,
    watches,
    watchplans,
)
from clearline.web.caller import find_caller
from clearline.web.conditions import (
    CHANGING,
    is_as_it_was,
    is_conditional,
    require_conditions,
    tag_of,
)
from clearline.web.console import serving
from clearline.web.endpoints import (
    Answered,
    Asking,
    Endpoint,
    Shared,
    require_allowed,
)
from clearline.web.feed import Feed
from clearline.web.limits import Limits
from clearline.web.once import Once
from clearline.web.refusals import (
    BadRequest,
    NotThere,
    NotThisKind,
    NotThisWay,
    TooLong,
    not_there,
    status_of,
    wait_of,
)
from clearline.wire.forms.calls import CallGiven
from clearline.wire.forms.closed import read_closed, read_notice
from clearline.wire.forms.notices import NoticeGiven
from clearline.wire.forms.urgent import read_call
from clearline.wire.problems import PROBLEM_TYPE, problem

ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    *node.ENDPOINTS,
    *trust.ENDPOINTS,
    *setup.ENDPOINTS,
    *sessions.ENDPOINTS,
    *line.ENDPOINTS,
    *lines.ENDPOINTS,
    *persons.ENDPOINTS,
    *access.ENDPOINTS,
    *watches.ENDPOINTS,
    *watchplans.ENDPOINTS,
    *drafts.ENDPOINTS,
    *notices.ENDPOINTS,
    *calls.ENDPOINTS,
    *sheets.ENDPOINTS,
    *sources.ENDPOINTS,
    *cases.ENDPOINTS,
    *conflicts.ENDPOINTS,
    *control.ENDPOINTS,
    *agreements.ENDPOINTS,
    *places.ENDPOINTS,
    *maps.ENDPOINTS,
    *imports.ENDPOINTS,
    *exchange.ENDPOINTS,
    *ledger.ENDPOINTS,
    *feed.ENDPOINTS,
)
"""Every operation of the API."""

_HEADERS: Final = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
_JSON: Final = "application/json"
_log: Final = logging.getLogger(__name__)


class App:
    """Hold the web face of one service."""

    def __init__(self, service: Service, feed_: Feed) -> None:
        """Make the routes; `asgi` is what a server serves."""
        self.shared = Shared(service=service, feed=feed_, limits=Limits())
        feed_.beside(service.own.node)
        service.own_listeners.add(feed_.hear_own)
        self._by_path = {(one.method, one.path): one for one in ENDPOINTS}
        self.fault: Exception | None = None
        self._once = Once()
        self._changing = asyncio.Lock()
        self.asgi = Starlette(
            routes=self._routes(),
            lifespan=self._lifespan,
            exception_handlers={
                HTTPException: self._not_routed,
                Exception: self._not_foreseen,
            },
        )
        # A path with a stroke too many is not there; a redirect would lose a STOP.
        self.asgi.router.redirect_slashes = False

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        del app
        self.shared.feed.begin()
        self.shared.service.run()
        try:
            yield
        finally:
            await self.shared.feed.end()

    def _routes(self) -> list[BaseRoute]:
        return [
            Route(one.path, self._serving(one), methods=[one.method])
            for one in ENDPOINTS
        ] + serving.routes(self.shared)

    def _serving(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        async def serve(request: Request) -> Response:
            try:
                return await self._serve(endpoint, request)
            except ClearlineError as error:
                return refusal(error)
            except Exception as error:  # noqa: BLE001 (said plainly, and the line kept)
                return await self._not_foreseen(request, error)

        return serve

    async def _serve(self, endpoint: Endpoint, request: Request) -> Response:
        service = self.shared.service
        with service.node.looking() as view:
            caller = find_caller(
                request,
                service.tokens,
                view,
                service.operator.token,
                is_open=endpoint.may.is_open,
            )
        require_allowed(endpoint, caller)
        asking = Asking(
            shared=self.shared,
            request=request,
            known=caller,
            path={name: str(value) for name, value in request.path_params.items()},
        )
        if endpoint.rate is not None:
            asking.slow_down(endpoint.rate)
        body = (
            await _read_body(request, endpoint) if endpoint.takes is not None else b""
        )
        asking = msgspec.structs.replace(
            asking, query=_query(endpoint, request), body=_body(endpoint, request, body)
        )
        if endpoint.method in CHANGING:
            return await self._unless_changed(endpoint, asking, body)
        return await self._once_done(endpoint, asking, body)

    async def _unless_changed(
        self, endpoint: Endpoint, asking: Asking, body: bytes
    ) -> Response:
        """Make a change if what stands is as the caller takes it to be.

        One change at a time, so that of two that hang on the same tag one is refused.
        """
        async with self._changing:
            headers = asking.request.headers
            if is_conditional(headers):
                require_conditions(headers, await self._stands(endpoint, asking))
            return await self._once_done(endpoint, asking, body)

    async def _stands(self, endpoint: Endpoint, asking: Asking) -> str:
        """Return the tag of what a path answers the caller; nothing where it does not.

        Raises:
            ClearlineError: Nobody can say now.
        """
        reading = self._by_path.get(("GET", endpoint.path))
        if reading is None:
            return ""
        plain = msgspec.structs.replace(asking, body=None, query=None)
        try:
            return tag_of(msgspec.json.encode(await reading.handle(plain)))
        except NotThere:
            return ""

    async def _once_done(
        self, endpoint: Endpoint, asking: Asking, body: bytes
    ) -> Response:
        async def do(asked: Asking) -> Response:
            return _respond(endpoint, await endpoint.handle(asked), asked.request)

        done = await self._once.answer(endpoint, asking, body, do)
        return done if isinstance(done, Response) else _plain(*done)

    async def _not_routed(self, request: Request, error: Exception) -> Response:
        status = getattr(error, "status_code", 500)
        if status == 405:  # noqa: PLR2004 (RFC 9110 section 15.5.6)
            allowed = sorted(m for m, path in self._by_path if _is_at(path, request))
            said = NotThisWay(
                f"{request.url.path} does not take {request.method}.",
                state="Nothing was done.",
                next=f"It takes {', '.join(allowed)}; /api/v1/openapi.json has all.",
            )
            if serving.wants_page(request):
                page = serving.kept_back(self.shared, request, said)
                page.headers["allow"] = ", ".join(allowed)
                return page
            return refusal(said, {"allow": ", ".join(allowed)})
        nothing = not_there(f"path {request.url.path}")
        if serving.wants_page(request):
            return serving.kept_back(self.shared, request, nothing)
        return refusal(nothing)

    async def _not_foreseen(self, request: Request, error: Exception) -> Response:
        self.fault = error
        _log.error("a fault of ours", exc_info=error)
        if serving.wants_page(request):
            return serving.kept_back(self.shared, request, error)
        return refusal(
            OurFault(
                f"A fault of ours kept {request.method} {request.url.path} from being "
                f"answered: {type(error).__name__}.",
                state="It may have been done or not; look before you say it again.",
                next="Use voice for anything urgent, and report the fault.",
            )
        )


def refusal(error: ClearlineError, headers: dict[str, str] | None = None) -> Response:
    """Answer with a problem (RFC 9457)."""
    status = status_of(error)
    said = {**problem(error), "status": status}
    more = dict(headers or {})
    if (wait_s := wait_of(error)) is not None:
        more["retry-after"] = str(wait_s)
    if status == 401:  # noqa: PLR2004 (RFC 9110 section 15.5.2)
        more["www-authenticate"] = "Bearer"
    return Response(
        msgspec.json.encode(said),
        status_code=status,
        media_type=PROBLEM_TYPE,
        headers={**_HEADERS, **more},
    )


async def _read_body(request: Request, endpoint: Endpoint) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > endpoint.longest:
            raise TooLong(
                f"The body is longer than {endpoint.longest} bytes.",
                state="Nothing was done.",
                next="Say it shorter; files are given in parts.",
            )
        parts.append(part)
    return b"".join(parts)


_READ_BY: Final[dict[Any, Callable[[bytes], Any]]] = {
    NoticeGiven: read_notice,
    CallGiven: read_call,
}
"""What reads a form that is more than its fields."""


def _body(endpoint: Endpoint, request: Request, body: bytes) -> Any:
    if endpoint.takes is None:
        return None
    kind = request.headers.get("content-type", _JSON).partition(";")[0].strip().lower()
    if kind != _JSON:
        raise NotThisKind(
            f"The body is {kind or 'of no kind'}, not {_JSON}.",
            state="Nothing was done.",
            next=f"Send JSON in UTF-8, with Content-Type: {_JSON}.",
        )
    try:
        if read := _READ_BY.get(endpoint.takes):
            return read(body or b"{}")
        return read_closed(body or b"{}", endpoint.takes)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _bad_request(f"The body cannot be read: {error}.") from error


def _query(endpoint: Endpoint, request: Request) -> Any:
    if endpoint.query is None:
        return None
    try:
        return msgspec.convert(dict(request.query_params), endpoint.query, strict=False)
    except msgspec.ValidationError as error:
        raise _bad_request(f"The query cannot be read: {error}.") from error


def _bad_request(what: str) -> BadRequest:
    return BadRequest(
        what,
        state="Nothing was done.",
        next="Correct it; /api/v1/openapi.json says what is taken.",
    )


def _respond(endpoint: Endpoint, gave: Any, request: Request) -> Response:
    if isinstance(gave, Response):
        return gave
    answered = gave if isinstance(gave, Answered) else None
    body, status = (
        (answered.body, answered.status) if answered else (gave, endpoint.status)
    )
    response = _plain(status, b"" if body is None else msgspec.json.encode(body))
    if answered is not None:
        for name, value in answered.headers.items():
            response.headers[name] = value
        for cookie in answered.cookies:
            response.headers.append("set-cookie", cookie)
    if endpoint.method == "GET" and body is not None:
        tag = tag_of(bytes(response.body))
        response.headers["etag"] = tag
        if response.status_code == endpoint.status and is_as_it_was(
            request.headers, tag
        ):
            return Response(status_code=304, headers={**_HEADERS, "etag": tag})
    return response


def _plain(status: int, body: bytes) -> Response:
    media = _JSON if body else None
    return Response(body, status_code=status, media_type=media, headers=_HEADERS)


def _is_at(path: str, request: Request) -> bool:
    match, _ = Route(path, lambda _request: Response()).matches(
        {**request.scope, "method": "GET"}
    )
    return match.value > 0
