"""Let a reader choose language, light and how much goes over the wire."""

from typing import Final
from urllib.parse import urlsplit

from clearline.web.console.languages import PSEUDO, languages
from clearline.web.console.pages import Form, Gone, Page, Shown, Visit
from clearline.web.endpoints import OPEN

LANGUAGE_COOKIE: Final = "clearline_language"
THEME_COOKIE: Final = "clearline_theme"
LOW_COOKIE: Final = "clearline_low"
THEMES: Final = ("dark", "light")
"""The first is what an operator gets who chose nothing."""

_FOR: Final = "Path=/; SameSite=Lax; Max-Age=31536000"


async def _more(visit: Visit) -> Shown:
    del visit
    return Shown(template="more.html")


async def _language(visit: Visit) -> Gone:
    tag = visit.said("language")
    known = tag if tag in languages() or tag == PSEUDO else "en"
    return _back(visit, f"{LANGUAGE_COOKIE}={known}; {_FOR}")


async def _theme(visit: Visit) -> Gone:
    other = THEMES[1 - THEMES.index(visit.theme)]
    return _back(visit, f"{THEME_COOKIE}={other}; {_FOR}")


async def _low(visit: Visit) -> Gone:
    is_low = visit.asking.request.cookies.get(LOW_COOKIE) == "1"
    return _back(visit, f"{LOW_COOKIE}={0 if is_low else 1}; {_FOR}")


def _back(visit: Visit, cookie: str) -> Gone:
    """Go back to the page it was chosen on, and to no other site."""
    came = urlsplit(visit.asking.request.headers.get("referer", ""))
    is_ours = came.netloc == visit.asking.request.url.netloc
    query = f"?{came.query}" if came.query else ""
    return Gone(to=f"{came.path or '/'}{query}" if is_ours else "/", cookies=(cookie,))


PAGES: Final = (Page(path="/more", see=_more, may=OPEN),)
FORMS: Final = (
    Form(path="/choices/language", do=_language, on=_more, may=OPEN),
    Form(path="/choices/theme", do=_theme, on=_more, may=OPEN),
    Form(path="/choices/low", do=_low, on=_more, may=OPEN),
)
