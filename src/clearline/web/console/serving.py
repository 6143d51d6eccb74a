"""Serve the console: find who asks, let the screen answer, say every failure as a page.

    request -> form -> who asks -> may they -> screen -> template -> page
                                      |           |
                    sign-in, or who can           '- refused: the same page, its problem

A form that is sent twice is done once: by the operation itself, or by the id the form
carries, which is kept with where it led.
"""

import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qs, quote

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from clearline.model.errors import ClearlineError
from clearline.service.writer import OurFault
from clearline.web.caller import find_caller, not_signed_in
from clearline.web.console import (
    admin,
    agreements,
    call,
    cards,
    cases,
    choices,
    exercise,
    files,
    find,
    ledger,
    lines,
    notices,
    plans,
    replay,
    roster,
    sheet,
    signing_in,
    stop,
    watch,
)
from clearline.web.console.assets import assets
from clearline.web.console.bare import bare
from clearline.web.console.frame import frame
from clearline.web.console.languages import accepted, chosen
from clearline.web.console.pages import (
    Form,
    Gone,
    Page,
    Problem,
    Sent,
    Shown,
    Visit,
    problem_of,
)
from clearline.web.console.rendering import HEADERS, render, respond
from clearline.web.console.uploads import MULTIPART, Upload, read_parts
from clearline.web.endpoints import OPEN, Asking, May, Shared, not_allowed
from clearline.web.refusals import (
    NotAllowed,
    NotFromThisPage,
    NotSignedIn,
    SaidOtherwise,
    TooLong,
    status_of,
)

PARTS: Final = (
    signing_in,
    watch,
    call,
    stop,
    notices,
    plans,
    files,
    sheet,
    roster,
    lines,
    ledger,
    cases,
    replay,
    admin,
    agreements,
    find,
    cards,
    choices,
    exercise,
)
"""The screens, one file each; a new one stands here and in `frame.SCREENS`."""

PAGES: Final[tuple[Page, ...]] = tuple(one for part in PARTS for one in part.PAGES)
FORMS: Final[tuple[Form, ...]] = tuple(one for part in PARTS for one in part.FORMS)

_ID_BYTES: Final = 4
_SCREENS: Final = frozenset(one.path for one in PAGES)
_KEPT: Final = HTTPStatus.SEE_OTHER


def routes(shared: Shared) -> list[BaseRoute]:
    """Make the routes of every page, form and built file."""
    made: list[BaseRoute] = [
        Route(one.path, _looking(shared, one), methods=["GET"]) for one in PAGES
    ]
    made += [Route(one.path, _doing(shared, one), methods=["POST"]) for one in FORMS]
    made += [
        Route("/static/{name}", _static, methods=["GET"]),
        Route("/worker.js", _worker, methods=["GET"]),
        Route("/app.webmanifest", _manifest, methods=["GET"]),
    ]
    return made


def wants_page(request: Request) -> bool:
    """Say whether whoever asks reads pages, and no problems in JSON."""
    is_api = request.url.path.startswith("/api/")
    return not is_api and "text/html" in request.headers.get("accept", "")


def kept_back(shared: Shared, request: Request, error: Exception) -> Response:
    """Answer with a page where nothing came of a request, whatever kept it back."""
    visit = _visit(shared, request)
    with suppress(Exception):  # nobody known may be told that, too
        visit = _known(shared, visit, OPEN)
    return _kept_back(visit, error)


def _looking(shared: Shared, page: Page) -> Callable[[Request], Awaitable[Response]]:
    async def look(request: Request) -> Response:
        visit = _visit(shared, request)
        try:
            visit = _known(shared, visit, page.may)
            _require(visit, page.may)
            seen = await page.see(visit)
            return _file_of(seen) if isinstance(seen, Sent) else _page(visit, seen)
        except NotSignedIn:
            return _to_sign_in(request)
        except Exception as error:  # noqa: BLE001 (a fault of ours is said as a page)
            return _kept_back(visit, error)

    return look


def _doing(shared: Shared, form: Form) -> Callable[[Request], Awaitable[Response]]:
    async def act(request: Request) -> Response:
        visit = _visit(shared, request)
        try:
            fields, brought = await _read(request, form.longest)
            visit = replace(visit, form=fields, files=brought)
            visit = _known(shared, visit, form.may)
            _require(visit, form.may)
            return await _once(form, visit)
        except ClearlineError as error:
            return await _again(form, visit, error)
        except Exception as error:  # noqa: BLE001 (a fault of ours is said as a page)
            return _kept_back(visit, error)

    return act


# --- who asks -----------------------------------------------------------------


def _visit(shared: Shared, request: Request) -> Visit:
    asking = Asking(
        shared=shared,
        request=request,
        known=None,
        path={name: str(value) for name, value in request.path_params.items()},
    )
    wanted = [request.cookies.get(choices.LANGUAGE_COOKIE, "")]
    wanted += accepted(request.headers.get("accept-language", ""))
    theme = request.cookies.get(choices.THEME_COOKIE, "")
    return Visit(
        asking=asking,
        language=chosen([tag for tag in wanted if tag]),
        theme=theme if theme in choices.THEMES else choices.THEMES[0],
    )


def _known(shared: Shared, visit: Visit, may: May) -> Visit:
    """Find who asks."""
    service, request = shared.service, visit.asking.request
    with service.node.looking() as view:
        caller = find_caller(
            request,
            service.tokens,
            view,
            service.operator.token,
            is_open=may.is_open,
            csrf=visit.said("csrf"),
        )
    return replace(visit, asking=replace(visit.asking, known=caller))


def _require(visit: Visit, may: May) -> None:
    """Refuse whoever may not."""
    known = visit.asking.known
    if not may.is_open and known is None:
        raise not_signed_in()
    if known is not None and not may.admits(known):
        raise not_allowed("See or do this here.")


# --- forms --------------------------------------------------------------------


async def _read(
    request: Request, longest: int
) -> tuple[dict[str, list[str]], dict[str, Upload]]:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > longest:
            raise TooLong(
                f"The form is longer than {longest} bytes.",
                state="Nothing was done.",
                next="Say it shorter.",
            )
        parts.append(part)
    body, kind = b"".join(parts), request.headers.get("content-type", "")
    if kind.startswith(MULTIPART):
        return read_parts(kind, body)
    text = body.decode("utf-8", "replace")
    return parse_qs(text, keep_blank_values=True, max_num_fields=500), {}


async def _once(form: Form, visit: Visit) -> Response:
    """Do what a form asks; the same form again leads where it led before."""
    once = visit.said("once")
    if not form.is_once or not once:
        return _led(visit, await form.do(visit))
    answers, whose, key = visit.service.answers, visit.caller.name, f"form {once}"
    everything = (sorted(visit.form.items()), sorted(map(repr, visit.files.items())))
    said = hashlib.sha256(repr(everything).encode()).digest()
    aside = visit.asking.aside
    before = await aside(lambda: answers.before(whose, key, said))
    if before is not None and before.is_other:
        raise SaidOtherwise(
            "This form was sent before with something else in it.",
            state="Nothing was done now; what was sent first stands.",
            next="Open the page again for a new form.",
        )
    if before is not None:
        return RedirectResponse(before.body.decode(), _KEPT, headers=HEADERS)
    response = _led(visit, await form.do(visit))
    to = response.headers.get("location", "")
    if to:
        await aside(lambda: answers.keep(whose, key, said, _KEPT, to.encode()))
    return response


def _led(visit: Visit, came: str | Gone | Shown) -> Response:
    if isinstance(came, Shown):
        return _page(visit, came)
    gone = came if isinstance(came, Gone) else Gone(to=came)
    response = RedirectResponse(gone.to, _KEPT, headers={**HEADERS, **gone.headers})
    for cookie in gone.cookies:
        response.headers.append("set-cookie", cookie)
    return response


async def _again(form: Form, visit: Visit, error: ClearlineError) -> Response:
    """Show the page of a form once more, with why nothing was done."""
    if isinstance(error, NotSignedIn | NotAllowed | NotFromThisPage):
        return _kept_back(visit, error)
    told = replace(visit, problem=_problem(visit, error))
    try:
        return _page(told, await form.on(told), status_of(error))
    except ClearlineError:
        return _kept_back(visit, error)
    except Exception as worse:  # noqa: BLE001 (a fault of ours is said as a page)
        return _kept_back(visit, worse)


# --- pages --------------------------------------------------------------------


def _file_of(sent: Sent) -> Response:
    kept = {"content-disposition": f'attachment; filename="{sent.name}"'}
    return Response(sent.body, media_type=sent.media, headers={**HEADERS, **kept})


def _page(visit: Visit, shown: Shown, status: int = 200) -> Response:
    html = render(visit, shown, frame(visit, _SCREENS))
    response = respond(html, visit.asking.request, status)
    for cookie in shown.cookies:
        response.headers.append("set-cookie", cookie)
    return response


def _kept_back(visit: Visit, error: Exception) -> Response:
    """Say why nothing came of it; with next to nothing where the page fails too."""
    said = _said(visit, error)
    told = replace(visit, problem=_problem(visit, said))
    try:
        return _page(told, Shown(template="refused.html"), status_of(said))
    except Exception as worse:  # noqa: BLE001 (STOP stays within reach)
        visit.service.listeners.trouble = worse
        return bare(visit, _problem(visit, said))


def _said(visit: Visit, error: Exception) -> ClearlineError:
    """Say what kept it back; a fault of ours is kept for whoever looks for it."""
    if isinstance(error, ClearlineError):
        return error
    visit.service.listeners.trouble = error
    return _our_fault(error)


def _our_fault(error: Exception) -> OurFault:
    return OurFault(
        f"A fault of ours kept this from being answered: {type(error).__name__}.",
        state="It may have been done or not; look before you say it again.",
        next="Use voice for anything urgent, and report the fault.",
    )


def _problem(visit: Visit, error: ClearlineError) -> Problem:
    id_ = visit.service.chance.draw(_ID_BYTES).hex()
    return problem_of(error, status_of(error), id_)


def _to_sign_in(request: Request) -> Response:
    path = request.url.path
    query = f"?{request.url.query}" if request.url.query else ""
    then = "" if path == "/" else f"?then={quote(path + query)}"
    return RedirectResponse(f"/sign-in{then}", HTTPStatus.SEE_OTHER, headers=HEADERS)


# --- built files --------------------------------------------------------------


async def _static(request: Request) -> Response:
    return _file(request, str(request.path_params["name"]))


async def _worker(request: Request) -> Response:
    return _file(request, "worker.js", is_kept=False)


def _file(request: Request, name: str, *, is_kept: bool = True) -> Response:
    try:
        return assets().respond(name, request, is_kept=is_kept)
    except ClearlineError:
        return Response(status_code=HTTPStatus.NOT_FOUND, headers=HEADERS)


async def _manifest(request: Request) -> Response:
    del request
    icon: dict[str, Any] = {
        "src": assets().url("icon.svg"),
        "sizes": "any",
        "type": "image/svg+xml",
    }
    import json  # noqa: PLC0415

    said = {
        "name": "clearline",
        "short_name": "clearline",
        "start_url": "/",
        "display": "standalone",
        "background_color": "#0e1a24",
        "theme_color": "#0e1a24",
        "icons": [icon],
    }
    return Response(
        json.dumps(said), media_type="application/manifest+json", headers=HEADERS
    )
