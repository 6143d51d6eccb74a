"""Say a fault of ours with as little as can fail, and keep STOP within reach.

No template, no frame, no look at the log: whatever broke a page may break those too.
What happened, what state things are in and what to do are there, and the plain form
that sends a STOP to every other party.
"""

from http import HTTPStatus
from typing import Final

from markupsafe import Markup, escape
from starlette.responses import Response

from clearline.web.console.assets import assets
from clearline.web.console.languages import texts
from clearline.web.console.pages import Problem, Visit
from clearline.web.console.rendering import HEADERS, HTML
from clearline.web.console.sentences import say

_PAGE: Final = Markup(
    '<!doctype html>\n<html lang="{tag}" dir="{direction}" data-theme="{theme}">\n'
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width">\n'
    "<title>{title}</title>{style}\n<body>\n"
    '<main id="main" class="page narrow"><section class="problem" id="problem" '
    'role="alert"><h1>{title}</h1>\n<p>{what}</p>\n<p>{state}</p>\n'
    "<p><strong>{next}</strong></p>\n"
    '<p class="dim">{report} <bdi dir="ltr">{id}</bdi></p></section>\n{stop}\n'
    '<p><a class="button" href="/voice">{voice}</a> '
    '<a class="button" href="/">{watch}</a></p></main>\n</body></html>\n'
)
_STOP: Final = Markup(
    '<form method="post" action="/stop">'
    '<input type="hidden" name="csrf" value="{csrf}">'
    '<input type="hidden" name="once" value="{once}">'
    '<button class="stop">{send}</button></form>'
)
_STYLE: Final = Markup('<link rel="stylesheet" href="{}">')


def bare(visit: Visit, problem: Problem) -> Response:
    """Answer with a page that needs nothing but itself."""
    _ = texts(visit.language.tag).gettext
    html = _PAGE.format(
        tag=visit.language.tag,
        direction=visit.language.direction,
        theme=visit.theme,
        title=_("Not done"),
        style=_style(),
        what=_said(visit, problem.what),
        state=_said(visit, problem.state),
        next=_said(visit, problem.next),
        report=_("To report it, name"),
        id=problem.id,
        stop=_stop(visit, _("Send STOP now")),
        voice=_("STOP by voice"),
        watch=_("To the watch"),
    )
    status = problem.status or HTTPStatus.INTERNAL_SERVER_ERROR
    return Response(html, status_code=status, media_type=HTML, headers=HEADERS)


def _stop(visit: Visit, send: str) -> Markup:
    """Give the form that sends a STOP, to whoever may send one from here."""
    known = visit.asking.known
    if known is None:
        return Markup()
    csrf = known.session.csrf if known.session else ""
    return _STOP.format(csrf=csrf, once=visit.once(), send=send)


def _style() -> Markup:
    try:
        url = assets().url("console.css")
    except Exception:  # noqa: BLE001 (a plain page is a page)
        return Markup()
    return _STYLE.format(url) if url else Markup()


def _said(visit: Visit, sentence: str) -> Markup:
    try:
        return say(sentence, visit.language.tag)
    except Exception:  # noqa: BLE001 (better English than nothing)
        return escape(sentence)
