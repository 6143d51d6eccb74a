"""Every screen by the rules of WCAG 2.2 AA, in every theme, language and size."""

from itertools import product
from pathlib import Path

import pytest

from browser.desks import desk
from browser.pictures import SCREENS, SIZES, UNFOLDED, address, staged, unfold

AXE = Path(__file__).parents[2] / "console" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CHECKED = [one for one in SCREENS if one not in ("lost", "help")]
RUN = """async (rules) => {
  const found = await window.axe.run(document, {runOnly: rules});
  return found.violations.map(one => one.id + ': ' + one.nodes
    .slice(0, 3).map(node => node.html.slice(0, 120)).join(' | '));
}"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """Run a node in a bad hour, for screens that are only looked at."""
    from api.nodes import running  # noqa: PLC0415 (of this file alone)

    with running(tmp_path_factory.mktemp("node") / "data") as served:
        staged(served)
        yield served


@pytest.mark.parametrize(
    ("theme", "tag", "size"), list(product(("dark", "light"), ("en", "ar"), SIZES))
)
def test_no_screen_breaks_a_rule(browser, shared, theme, tag, size):
    """Zero violations on every screen."""
    base = shared.url.replace("127.0.0.1", "localhost")
    chosen = [
        {"name": "clearline_theme", "value": theme, "url": base},
        {"name": "clearline_language", "value": tag, "url": base},
    ]
    broken = {}
    for person in ("duty", "controller", "lina", "admin", None):
        how = {**SIZES[size], "reduced_motion": "reduce", "bypass_csp": True}
        with desk(browser, shared, person, **how) as page:
            # A day is replayed when its page is first opened; that takes a while.
            page.set_default_timeout(180_000)
            page.context.add_cookies(chosen)
            for screen in CHECKED:
                if SCREENS[screen][0] != person:
                    continue
                page.goto(address(shared, screen))
                page.wait_for_selector("#frame")
                if screen in UNFOLDED:
                    unfold(page)
                # As tall as the page, so that the bar below covers nothing of it.
                high = page.evaluate("document.documentElement.scrollHeight")
                wide = SIZES[size]["viewport"]["width"]
                page.set_viewport_size({"width": wide, "height": high + 60})
                page.add_script_tag(path=AXE)
                if found := page.evaluate(RUN, RULES):
                    broken[screen] = found
    assert broken == {}
