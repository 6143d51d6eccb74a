"""Turn what a screen shows into HTML: one environment a language, escaped by default.

Numbers, times and grids are isolated left to right (`n`), what people wrote is
isolated in its own direction (`<bdi>`), and every instant carries itself in full, so
that the page's clock counts from it and never from itself.
"""

import gzip
from collections.abc import Callable
from datetime import UTC
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from clearline.geo.alphabets import ALPHABETS
from clearline.geo.separation import middle
from clearline.geo.voice import spell
from clearline.geo.writing import write_decimal, write_mgrs
from clearline.model.instants import Instant, write_instant
from clearline.model.notice_details import NoticeKind
from clearline.model.places import Place, Unlocated
from clearline.service.phrases import say
from clearline.web.console import sentences
from clearline.web.console.assets import assets
from clearline.web.console.labels import ELEMENTS, HAPPENED, HAPPENS, LABELS
from clearline.web.console.languages import PSEUDO, languages, say_day, texts
from clearline.web.console.pages import Shown, Visit
from clearline.web.shown import is_by_line

HTML: Final = "text/html; charset=utf-8"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self' blob:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""No script but ours, no request to anywhere else (CSP Level 3)."""

HEADERS: Final = {
    "cache-control": "no-store",
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "vary": "accept-encoding, accept-language, cookie",
}
_SHORT: Final = 700
_FINEST_M: Final = 1.0
_NOTHING: Final = Markup()


@lru_cache(maxsize=16)
def _environment(tag: str) -> Environment:
    made = Environment(
        loader=PackageLoader("clearline.web.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    known = texts(tag)
    made.install_gettext_callables(  # type: ignore[attr-defined]
        known.gettext, known.ngettext, newstyle=True
    )
    made.filters.update(n=isolate, z=zulu, zs=zulu_seconds, grid=_grid, latlon=_latlon)
    made.filters.update(
        ours=lambda text: sentences.say(text, tag),
        spelled=lambda text: _spelled(text, tag),
    )
    made.tests.update(by_line=is_by_line)
    made.globals.update(
        label=_labelling(tag),
        phrase=lambda key: _phrase(tag, key),
        languages=languages(),
        asset=lambda name: assets().url(name),
    )
    return made


def render(visit: Visit, shown: Shown, frame: dict[str, Any]) -> str:
    """Write a page."""
    tag, now = visit.language.tag, visit.now
    template = _environment(tag).get_template(shown.template)
    return template.render(
        **frame,
        **shown.has,
        visit=visit,
        language=visit.language,
        now=now,
        until=lambda at: _count(at, now, "until"),
        since=lambda at: _count(at, now, "since"),
        day=lambda at: Markup("<time>{}</time>").format(say_day(at, tag)),
        once=visit.once,
        problem=visit.problem,
        typed=visit.typed,
    )


def respond(html: str, request: Request, status: int = 200) -> Response:
    """Answer with a page, compressed where that is worth it."""
    body, headers = html.encode(), dict(HEADERS)
    if len(body) > _SHORT and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 6, mtime=0)
        headers["content-encoding"] = "gzip"
    return Response(body, status_code=status, media_type=HTML, headers=headers)


def isolate(text: object) -> Markup:
    """Isolate figures, a grid or a time left to right, in the face of figures."""
    return Markup('<bdi dir="ltr" class="n">{}</bdi>').format(text)


def zulu(at: Instant) -> Markup:
    """Write an instant to the minute, UTC, with the whole of it beside."""
    return _time(at, f"{at.astimezone(UTC):%H:%M}Z")


def zulu_seconds(at: Instant) -> Markup:
    """Write an instant to the second, UTC."""
    return _time(at, f"{at.astimezone(UTC):%H:%M:%S}Z")


def _time(at: Instant, text: str, more: Markup = _NOTHING) -> Markup:
    return Markup('<time dir="ltr" class="n" datetime="{}"{}>{}</time>').format(
        write_instant(at), more, text
    )


def _count(at: Instant, now: Instant, way: str) -> Markup:
    """Write how long is left, or how long ago; a script counts on from the instant."""
    seconds = round((at - now).total_seconds())
    seconds = seconds if way == "until" else -seconds
    is_over = way == "until" and seconds < 0
    kind = Markup(" data-{}{}").format(way, Markup(" data-over") if is_over else "")
    return _time(at, f"{'+' if is_over else ''}{span(abs(seconds))}", kind)


def span(seconds: int) -> str:
    """Write a length of time as figures: `00:41`, `3 h 05`, `2 d 4 h`."""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    if days:
        return f"{days}d{hour:02d}h"
    return f"{hours}h{minute:02d}" if hours else f"{minute:02d}:{second:02d}"


def _grid(place: Place) -> str:
    """Write a place as MGRS, no finer than it was told; empty where it is vague."""
    if isinstance(place.footprint, Unlocated):
        return ""
    off_m = max(place.precision_m or 0.0, _FINEST_M)
    return write_mgrs(middle(place.footprint), off_m) or ""


def _latlon(place: Place) -> str:
    """Write a place as decimal degrees, no finer than it was told."""
    if isinstance(place.footprint, Unlocated):
        return ""
    off_m = max(place.precision_m or 0.0, _FINEST_M)
    return write_decimal(middle(place.footprint), off_m)


def _spelled(text: str, tag: str) -> Markup:
    """Spell a text for voice in the reader's alphabet; letters it lacks are ICAO's."""
    alphabet = ALPHABETS.get(tag)
    if alphabet is None:
        return isolate(spell(text))
    return Markup("<bdi>{}</bdi>").format(spell(text, alphabet))


def _phrase(tag: str, key: str) -> str:
    """Say a coded phrase of the line, in the reader's language."""
    if tag == PSEUDO:
        return texts(tag).gettext(say("en", key))
    return say(tag, key)


def _labelling(tag: str) -> Callable[[object], str]:
    """Return what names a coded word in a language."""
    known = texts(tag)

    def label(word: object) -> str:
        if isinstance(word, StrEnum) and type(word) in LABELS:
            return known.gettext(LABELS[type(word)][word])
        key = str(word)
        said = ELEMENTS.get(key) or HAPPENED.get(key) or HAPPENS.get(key)
        said = said or LABELS[NoticeKind].get(key)
        if said:
            return known.gettext(said)
        return _phrase(tag, f"kind.{word}").replace("_", " ")

    return label
