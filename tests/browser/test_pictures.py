"""Every screen there is has its picture taken and is checked by the rules."""

import re

from browser.pictures import SCREENS
from clearline.web.console.serving import PAGES

NOT_SCREENS = {
    "/files/template": "a file",
    "/files/out": "a file",
    "/files/{import}/sheet": "a file",
    "/ledger/since": "a part of the ledger's page",
    "/replay/log/saved/{form}": "a file",
    "/replay/{name}/saved/{form}": "a file",
}
"""Pages that are no screen, and why."""


def shown() -> set[str]:
    """Return the paths of the pages that the screens are of, the first that fits."""
    fits = [(one.path, re.sub(r"\{[^}]*\}", "[^/]+", one.path)) for one in PAGES]
    ats = [at.partition("?")[0] for _, at in SCREENS.values()]
    return {next(path for path, fit in fits if re.fullmatch(fit, at)) for at in ats}


def test_every_page_has_a_screen():
    """A page that is added is looked at, or is said to be no screen."""
    assert {one.path for one in PAGES} - shown() == set(NOT_SCREENS)
