"""The console in every language: nothing untranslated, everything on its side."""

import pytest
from playwright.sync_api import expect

from browser.desks import desk, have, raise_call
from clearline.model.calls import Kind

PAGES = (
    *("/", "/calls/c1", "/calls/c4", "/stop", "/call", "/sheets", "/roster"),
    *("/lines", "/ledger", "/more", "/secrets", "/cards", "/find?q=1", "/voice"),
    *("/plans", "/notices/new", "/cases", "/calls/none", "/nowhere"),
)

LEFT = """() => {
  const theirs = 'bdi, .n, time, kbd, script, noscript, option, #local, #clock, '
    + '[lang=en], form[action="/choices/language"], #place-read';
  const said = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, at = node.parentElement;
    if (at.closest(theirs)) continue;
    const bare = node.textContent.replace(/\\[[^\\]]*\\]/g, '')
      .replace(/UTC|MGRS|km|clearline|GeoNames CC BY 4.0|Natural Earth/g, '');
    if (/[A-Za-z]{2}/.test(bare)) said.push(bare.trim());
  }
  return said;
}"""


def in_language(page, node, tag):
    """Choose a language as the page's own button does."""
    base = node.url.replace("127.0.0.1", "localhost")
    page.context.add_cookies(
        [{"name": "clearline_language", "value": tag, "url": base}]
    )


def some_calls(node):
    """Raise calls of several kinds, one of them taken."""
    raise_call(node, "lina", id_="c1")
    raise_call(node, "lina", Kind.WARN, where="", what="...", id_="c2")
    raise_call(node, "duty", Kind.HOLD, to="north-ops", where="", what="", id_="c4")
    have(node, "duty", "c1")


def test_no_sentence_is_left_untranslated(browser, node):
    """In the pseudo-locale every word of ours stands in brackets, on every page."""
    some_calls(node)
    with desk(browser, node, "duty") as page:
        in_language(page, node, "en-XA")
        left = {}
        for path in PAGES:
            page.goto(path)
            if found := page.evaluate(LEFT):
                left[path] = found
    assert left == {}


@pytest.mark.parametrize("width", [390, 1366])
def test_the_longest_words_fit(browser, node, width):
    """A third longer than English, no page scrolls sideways."""
    some_calls(node)
    with desk(browser, node, "duty", viewport={"width": width, "height": 800}) as page:
        in_language(page, node, "en-XA")
        for path in PAGES:
            page.goto(path)
            over = page.evaluate(
                "document.documentElement.scrollWidth"
                " - document.documentElement.clientWidth"
            )
            assert over <= 0, path


def test_arabic_reads_from_the_right_and_figures_from_the_left(browser, node):
    """STOP and calls stand at the right edge; grids and times keep their order."""
    some_calls(node)
    with desk(browser, node, "duty") as page:
        page.goto("/more")
        page.get_by_role("button", name="العربية").click()
        page.goto("/")
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        stop = page.locator("a.stop").bounding_box()
        assert stop["x"] > 1366 / 2
        for one in page.locator(".n").all()[:20]:
            assert one.evaluate("one => getComputedStyle(one).direction") == "ltr"
        expect(page.locator("#c-c1")).to_contain_text("STOP أوقفوا")


def test_the_senders_words_stand_beside_the_readers(browser, node):
    """The card's lines are said in Arabic; what was written stays as it was."""
    some_calls(node)
    with desk(browser, node, "duty") as page:
        in_language(page, node, "ar")
        page.goto("/calls/c1")
        expect(page.locator(".card")).to_contain_text("أوقفوا الآن ما هو مذكور أدناه")
        expect(page.locator(".card")).to_contain_text("Shelling of the hospital")
