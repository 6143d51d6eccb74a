"""The map shows what is where, to hands that have no pointer and eyes that tire."""

import re

import pytest
from playwright.sync_api import expect

from basemaps import small_packages
from browser.desks import desk, raise_call
from clearline.adapters.basemap.installed import InstalledBasemap
from clearline.adapters.basemap.making import make
from clearline.geo.reading import read_place
from clearline.web.console.assets import FOLDER
from mapped import area, convoy, file

SLOT = "#map-slot"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Make a small base map once."""
    folder = tmp_path_factory.mktemp("world")
    make(small_packages(folder), folder / "world.pmtiles")
    return folder / "world.pmtiles"


def meeting(node):
    """Notify a convoy, and an area of somebody else that it meets."""
    convoy(node)
    area(node, person="duty", tells=(), consents=())
    node.service._loading.join()
    assert node.service.own.screener.settle()


def shown(page, *, facts):
    """Open the watch, and wait until the map has drawn so many facts."""
    page.goto("/")
    expect(page.locator(SLOT)).to_have_attribute("data-drawn", str(facts))
    return page.locator(SLOT)


def test_everything_is_drawn_and_nothing_leaves_the_origin(browser, node, world):
    """Notices, a conflict and a call; base tiles come from the node, like all else."""
    node.service.basemap = InstalledBasemap(world)
    meeting(node)
    raise_call(node, "lina")
    with desk(browser, node, "duty") as page:
        asked = []
        page.on("response", lambda one: asked.append((one.url, one.status)))
        slot = shown(page, facts=4)
        expect(slot.locator(".foot")).to_contain_text("Natural Earth")
        expect(slot.locator(".foot")).to_contain_text("imply no endorsement")
        expect(slot.locator(".as-of")).to_contain_text(re.compile(r"LIVE \d\d:\d\dZ"))
        page.wait_for_load_state("networkidle")
        tiles = [status for url, status in asked if "/tiles/" in url]
        assert tiles
        assert set(tiles) <= {200, 204}


def test_without_a_base_map_the_grid_is_drawn_and_it_says_so(browser, node, tmp_path):
    """No base map is no reason for no map."""
    node.service.basemap = InstalledBasemap(tmp_path / "none")
    file(node, "S-014")
    with desk(browser, node, "duty") as page:
        slot = shown(page, facts=1)
        expect(slot.locator(".foot")).to_contain_text("the grid alone")


def test_the_map_comes_after_the_words(browser, node):
    """Its script is asked for once the page is there, and never holds a button up."""
    raise_call(node, "lina")
    with desk(browser, node, "duty") as page:
        page.route("**/static/map-*", lambda route: route.abort())
        page.goto("/")
        page.get_by_role("button", name=re.compile("^ACK")).click()
        expect(page.locator("li[data-new]")).to_have_count(0)
        expect(page.locator("details.facts")).to_contain_text("STOP 1")


def test_every_fact_of_the_map_is_in_the_table(browser, node):
    """Without a script the table stands open, with grid, margin and window."""
    meeting(node)
    raise_call(node, "lina")
    with desk(browser, node, "duty", java_script_enabled=False) as page:
        page.goto("/")
        rows = page.locator("details.facts tbody tr")
        expect(rows).to_have_count(4)
        for name in ("A-031 × M-107", "STOP 1", "M-107", "A-031"):  # noqa: RUF001
            expect(page.locator("details.facts")).to_contain_text(name)
        expect(rows.filter(has_text="STOP 1")).to_contain_text("37S FV 069 053")


def test_the_map_is_walked_with_the_keyboard(browser, node):
    """M goes there, Tab from one thing to the next, Enter opens, Tab goes on."""
    raise_call(node, "lina")
    file(node, "S-014")
    with desk(browser, node, "duty") as page:
        slot = shown(page, facts=2)
        page.keyboard.press("m")
        expect(slot).to_be_focused()
        page.keyboard.press("Tab")
        expect(slot).to_have_attribute("data-chosen", "call c1")
        expect(slot.locator(".map-card")).to_contain_text("Shelling of the hospital")
        expect(slot.locator("[role=status]")).to_contain_text("STOP 1, north")
        page.keyboard.press("Tab")
        expect(slot).to_have_attribute("data-chosen", "S-014")
        expect(slot.locator(".map-card")).to_contain_text("exactly")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/calls/c1$"))


def test_arrows_and_signs_move_the_map(browser, node):
    """Arrows pan, plus and minus zoom; Tab past the last thing leaves the map."""
    file(node, "S-014")
    with desk(browser, node, "duty") as page:
        slot = shown(page, facts=1)
        slot.focus()
        page.wait_for_load_state("networkidle")
        before = slot.get_attribute("data-frames")
        for key in ("ArrowLeft", "ArrowUp", "+", "-"):
            page.keyboard.press(key)
            expect(slot).not_to_have_attribute("data-frames", before)
            page.wait_for_load_state("networkidle")
            before = slot.get_attribute("data-frames")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(slot).not_to_be_focused()


def test_a_thousand_notices_are_drawn_in_every_frame(browser, node):
    """While somebody drags, each frame has all of them; none is left out."""
    for number in range(1_000):
        lon, lat = 39.0 + number % 40 * 0.05, 34.0 + number // 40 * 0.08
        where = read_place(f"{lat:.4f} N {lon:.4f} E", ())[0].place
        file(node, f"S-{number:04}", where=where)
    with desk(browser, node, "duty") as page:
        slot = shown(page, facts=1_000)
        page.wait_for_load_state("networkidle")
        before = int(slot.get_attribute("data-frames"))
        page.evaluate(
            """async () => {
              const pane = document.querySelector("#map-slot .ol-viewport");
              const box = pane.getBoundingClientRect();
              const send = (type, dx) => pane.dispatchEvent(new PointerEvent(type, {
                bubbles: true, pointerId: 1, isPrimary: true, buttons: 1,
                clientX: box.x + box.width / 2 + dx, clientY: box.y + 100 }));
              send("pointerdown", 0);
              for (let dx = 1; dx <= 30; dx += 1) {
                send("pointermove", dx * 4);
                await new Promise(requestAnimationFrame);
              }
              send("pointerup", 120);
            }"""
        )
        frames = int(slot.get_attribute("data-frames")) - before
        assert frames >= 15, frames
        assert int(slot.get_attribute("data-drawn")) >= 900


def test_far_out_a_flash_and_a_conflict_are_never_a_count(browser, node):
    """Sites gather into a number; what needs somebody stands alone."""
    for number in range(30):
        file(node, f"S-{number:03}")
    meeting(node)
    raise_call(node, "lina")
    with desk(browser, node, "duty") as page:
        slot = shown(page, facts=30 + 2 + 1 + 1)
        slot.focus()
        for _ in range(5):
            page.keyboard.press("-")
        expect(slot).to_have_attribute("data-signs", "3")  # all sites; conflict; STOP
        expect(slot).to_have_attribute("data-drawn", "34")


def test_all_scripts_together_stay_within_their_budget():
    """180 kB compressed for everything a browser is ever sent to run."""
    sizes = {one.name: one.stat().st_size for one in FOLDER.glob("*.js.br")}
    assert any(name.startswith("map-") for name in sizes)
    assert sum(sizes.values()) <= 180_000, sizes
