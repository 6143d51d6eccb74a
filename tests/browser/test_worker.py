"""The service worker: the console starts with the node dead, and says so."""

import re

from playwright.sync_api import expect

from api.nodes import running
from browser.desks import desk, raise_call


def test_the_console_starts_with_the_node_dead(browser, tmp_path):
    """The shell and the last picture are shown, as LOST, with their age."""
    with running(tmp_path / "data") as served:
        raise_call(served, "lina")
        opened = desk(browser, served, "duty")
        page = opened.__enter__()
        page.goto("/")
        page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
        page.goto("/")
        expect(page.locator("#link")).to_contain_text("LIVE")
        kept = page.evaluate(
            "caches.open('clearline-1').then(one => one.keys())"
            ".then(keys => keys.map(one => new URL(one.url).pathname))"
        )
    assert "/" in kept
    assert not [path for path in kept if path.startswith("/api")]
    page.clock.install()
    page.goto("/")
    expect(page.locator("li[data-call]")).to_have_count(1)
    page.clock.fast_forward(10_000)
    expect(page.locator("#link")).to_contain_text("LOST")
    expect(page.locator("#lost")).to_contain_text("Nothing you press is being sent")
    page.keyboard.press("Shift+S")
    expect(page.locator("h1")).to_contain_text("STOP by voice")
    opened.__exit__(None, None, None)


def test_signing_out_leaves_nothing_behind(browser, node):
    """The kept picture goes with the person who looked at it."""
    raise_call(node, "lina")
    with desk(browser, node, "duty") as page:
        page.goto("/")
        page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
        page.goto("/")
        page.goto("/more")
        page.get_by_role("button", name="Sign out").click()
        expect(page).to_have_url(re.compile("/sign-in"))
        kept = page.evaluate(
            "caches.keys().then(names => Promise.all(names.map(one => "
            "caches.open(one).then(c => c.match('/')))))"
        )
        assert not any(kept)
        page.goto("/")
        expect(page.locator("li[data-call]")).to_have_count(0)
