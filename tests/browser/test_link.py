"""The live link: what a screen says of its own age, and what it rings."""

import re

from playwright.sync_api import expect

from api.nodes import running
from browser.desks import desk, raise_call
from clearline.model.calls import Kind

SEEN = """() => {
  window.seen = [];
  new MutationObserver(() => {
    const chip = document.getElementById("link").className.split(" ").pop();
    const band = document.getElementById("lost").hidden ? "hidden" : "shown";
    const now = `${chip}, band ${band}`;
    if (chip !== "live" && seen.at(-1) !== now) seen.push(now);
  }).observe(document.getElementById("link"), { attributes: true });
}"""
"""Note what the chip of the link and the band below it say, whenever that changes."""


def test_a_dead_node_is_late_then_lost_then_back(browser, tmp_path):
    """LIVE, LATE, LOST with nothing sent, and BACK with what happened meanwhile."""
    folder = tmp_path / "data"
    with running(folder) as served:
        port = int(served.url.rpartition(":")[2])
        opened = desk(browser, served, "duty")
        page = opened.__enter__()
        numbers = {"numbers": [{"number": "+1 555-0100", "says": "duty"}]}
        with served.as_person("admin") as admin:
            path = "/api/v1/desks/north-ops/numbers"
            admin.put(path, json=numbers).raise_for_status()
        page.clock.install()
        page.goto("/")
        expect(page.locator("#link")).to_contain_text("LIVE")
        page.evaluate(SEEN)
        token = page.context.cookies()
    assert token
    page.clock.run_for(10_000)  # each look at the link on the way is taken
    expect(page.locator("#link")).to_contain_text("LOST")
    assert page.evaluate("seen") == ["late, band hidden", "lost, band shown"]
    band = page.locator("#lost")
    expect(band).to_contain_text(re.compile(r"NO LINK\. for 00:\d\d Picture as of"))
    expect(band).to_contain_text("north-ops +15550100")
    with running(folder, has_people=False, port=port) as served:
        raise_call(served, "lina", id_="c9")
        page.clock.fast_forward(3_000)
        expect(page.locator("#link")).to_contain_text("LIVE")
        expect(page.locator("#lost")).to_contain_text("Link back")
        expect(page.locator("#lost")).to_contain_text("happened meanwhile:")
        expect(page.locator("#since li", has_text="STOP 1").first).to_be_visible()
        expect(page.locator("li[data-new]")).to_have_count(1)
        page.get_by_role("button", name="Seen").click()
        expect(page.locator("#lost")).to_be_hidden()
        opened.__exit__(None, None, None)


def test_with_the_link_lost_nothing_is_sent(browser, node):
    """A form pressed while LOST stays here, and the band says so."""
    raise_call(node, "lina")
    with desk(browser, node, "duty") as page:
        page.goto("/")
        expect(page.locator("#link")).to_contain_text("LIVE")
        page.evaluate("document.body.dataset.feed = '/nowhere'")
        asked = []
        page.on("request", lambda one: asked.append(one.method))
        node.app.shared.feed.cut("person duty")
        page.route("**/api/v1/feed*", lambda route: route.abort())
        page.clock.install()
        page.clock.fast_forward(10_000)
        expect(page.locator("#link")).to_contain_text("LOST")
        page.get_by_role("button", name=re.compile("^ACK")).click()
        expect(page.locator("#lost")).to_contain_text("Nothing you press is being sent")
        assert "POST" not in asked


PULSES = """async (sound) => {
  const wave = await window.clearlineSound.rendered(sound);
  let pulses = 0, quiet = 1000;
  for (const one of wave) {
    if (Math.abs(one) <= 0.05) quiet += 1;
    else { if (quiet > 160) pulses += 1; quiet = 0; }
  }
  return pulses;
}"""


def test_each_precedence_has_its_own_count_of_pulses(browser, node):
    """10, 3, 2 and 1 pulses come out of the rendered sound; a lost link has two."""
    with desk(browser, node, "duty") as page:
        page.goto("/")
        counted = {
            sound: page.evaluate(PULSES, sound)
            for sound in ("FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE", "LOST")
        }
    assert counted == {
        "FLASH": 10,
        "IMMEDIATE": 3,
        "PRIORITY": 2,
        "ROUTINE": 1,
        "LOST": 2,
    }


def test_the_press_that_takes_the_watch_turns_the_sound_on(browser, node):
    """Until then a chip says SOUND OFF; then a FLASH sounds until it is answered."""
    raise_call(node, "lina")
    with desk(browser, node, "director") as page:
        page.goto("/")
        expect(page.locator("#sound")).to_have_text("SOUND OFF")
        page.keyboard.press("w")
        expect(page.locator("#sound")).to_have_text("SOUND ON")
        expect(page.locator("#frame")).to_contain_text("director")
        expect(page.locator("html")).to_have_attribute("data-sounds", "FLASH")
        page.keyboard.press("a")
        expect(page.locator("html")).to_have_attribute("data-sounds", "")


def test_a_hidden_page_still_rings(browser, node):
    """A call that comes while another tab is in front is scheduled all the same."""
    with desk(browser, node, "director") as page:
        page.goto("/")
        page.keyboard.press("w")
        expect(page.locator("#sound")).to_have_text("SOUND ON")
        front = page.context.new_page()
        front.goto("about:blank")
        front.bring_to_front()
        raise_call(node, "lina")
        expect(page.locator("html")).to_have_attribute("data-sounds", "FLASH")
        assert int(page.locator("html").get_attribute("data-bursts")) >= 12


def test_each_new_call_is_said_once_and_moves_no_focus(browser, node):
    """A FLASH is said at once, a WARN politely, and the focus stays where it was."""
    with desk(browser, node, "duty") as page:
        page.goto("/")
        expect(page.locator("#link")).to_contain_text("LIVE")
        page.get_by_role("link", name="Roster").focus()
        raise_call(node, "lina")
        expect(page.locator("#shout")).to_have_text(re.compile("FLASH STOP 1"))
        assert page.evaluate("document.activeElement.textContent") == "Roster"


def test_many_tabs_of_one_browser_share_one_stream(browser, node):
    """Eight tabs open and hear, where a browser opens six connections and no more."""
    feed = node.app.shared.feed
    with desk(browser, node, "duty") as page:
        tabs = [page, *(page.context.new_page() for _ in range(7))]
        for tab in tabs:
            tab.goto("/")
        raise_call(node, "lina")
        for tab in tabs:
            expect(tab.locator("li[data-new]")).to_have_count(1)
            expect(tab.locator("#link")).to_contain_text("LIVE")
        assert feed.screens == 1
        # The tab that follows the node is closed: the next one follows it.
        page.close()
        raise_call(node, "lina", Kind.WARN, id_="c2")
        for tab in tabs[1:]:
            expect(tab.locator("li[data-new]")).to_have_count(2)


def test_a_tab_that_sleeps_leaves_the_stream_to_one_that_is_looked_at(browser, node):
    """The page in front takes over when the one that followed has fallen silent."""
    with desk(browser, node, "duty") as page:
        page.goto("/")
        expect(page.locator("#link")).to_contain_text(re.compile(r"LIVE \d"))
        front = page.context.new_page()
        front.goto("/")
        expect(front.locator("#link")).to_contain_text(re.compile(r"LIVE \d"))
        asleep = page.context.new_cdp_session(page)
        asleep.send("Page.setWebLifecycleState", {"state": "frozen"})
        raise_call(node, "lina")
        expect(front.locator("li[data-new]")).to_have_count(1)
        expect(front.locator("#link")).to_contain_text(re.compile(r"LIVE \d"))
        asleep.send("Page.setWebLifecycleState", {"state": "active"})
        expect(page.locator("li[data-new]")).to_have_count(1)
