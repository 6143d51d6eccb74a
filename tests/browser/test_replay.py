"""A day is stepped through with keys, with links alone, and by what one desk knew."""

import re
from html import unescape

import pytest
from playwright.sync_api import expect

from api.nodes import running
from browser.desks import desk, have, raise_call
from mapped import convoy, file

DAY = "/replay/deir-ez-zor-2016"
PATIENCE_MS = 120_000


@pytest.fixture(scope="module")
def replaying(tmp_path_factory):
    """Run a node for the whole file: the day is played once."""
    with running(tmp_path_factory.mktemp("node") / "data") as served:
        yield served


@pytest.fixture
def page(browser, replaying):
    """Open the day as somebody on the desk."""
    with desk(browser, replaying, "duty") as opened:
        opened.set_default_timeout(PATIENCE_MS)
        opened.goto(DAY)
        yield opened


def test_keys_move_one_cursor_over_everything(page):
    """Comma, full stop, brackets: the words, the mark, the clock and the address."""
    expect(page.locator("#replay-play")).to_be_visible()
    expect(page.locator("#map-slot .as-of")).to_contain_text("REPLAY 12:25Z")
    cursor = page.locator("#replay-cursor")
    before = cursor.get_attribute("x1")
    for _ in range(5):
        page.keyboard.press(".")
    expect(page.locator("#replay-n")).to_have_text("6")
    expect(page.locator("#replay-at")).to_have_text("13:24:00Z")
    expect(page.locator("#told > li:not([hidden])")).to_have_count(6)
    expect(page.locator("#told > li.now")).to_contain_text("asks for the usual contact")
    expect(page.locator("#map-slot .as-of")).to_contain_text("REPLAY 13:24Z")
    assert cursor.get_attribute("x1") != before
    page.keyboard.press(",")
    expect(page.locator("#replay-n")).to_have_text("5")
    page.keyboard.press("]")
    expect(page.locator("#replay-at")).to_have_text("13:24:00Z")
    page.keyboard.press("[")
    expect(page.locator("#replay-at")).to_have_text("12:55:00Z")
    assert "step=5" in page.url
    page.reload()
    expect(page.locator("#replay-n")).to_have_text("5")


def test_space_plays_to_the_end_and_0_goes_back_to_live(page):
    """It stops by itself at the last moment; 0 is the watch again."""
    expect(page.locator("#replay-play")).to_contain_text("Play")
    page.keyboard.press("Space")
    expect(page.locator("#replay-play")).to_contain_text("Pause")
    expect(page.locator("#replay-n")).to_have_text("13", timeout=PATIENCE_MS)
    expect(page.locator("#replay-play")).to_contain_text("Play")
    page.keyboard.press("0")
    expect(page).to_have_url(re.compile("/$"))


def test_what_a_desk_knew_is_less_than_what_happened(page):
    """At the first strike the telephone to the coalition had been told nothing."""
    page.locator("select[name=see]").select_option("russia-line")
    expect(page.locator("#told-nothing")).to_be_visible()
    for _ in range(5):
        page.keyboard.press(".")
    expect(page.locator("#told > li:not([hidden])")).to_have_count(1)
    expect(page.locator("#h-told")).to_have_text("What this desk knew")


def test_both_days_stand_on_one_axis_and_the_models_is_stamped(page):
    """As recorded above, with the line below; MODEL stands on what a model made."""
    expect(page.locator(".tracks h3")).to_have_text(
        ["As recorded", "With the line · MODEL"]
    )
    assert page.locator(".stamps").inner_text().count("MODEL") == 0
    page.get_by_role("link", name="With the line").click()
    expect(page.locator(".stamps")).to_contain_text("MODEL")
    expect(page.locator("#told")).to_contain_text("They disagree")


def test_calls_stay_live_beside_a_replay(page, replaying):
    """A STOP that comes stands over it at once."""
    expect(page.locator("#link")).to_contain_text("LIVE")
    raise_call(replaying, "lina", id_="beside")
    expect(page.locator("#band .flash")).to_contain_text("STOP")


def test_without_scripts_every_step_is_a_page(browser, replaying):
    """Next, before, five minutes, what if: all of it by links and a form."""
    with desk(browser, replaying, "duty", java_script_enabled=False) as page:
        page.set_default_timeout(PATIENCE_MS)
        page.goto("/replay")
        page.get_by_role("link", name=re.compile("a call to stop waits")).click()
        page.get_by_role("link", name=re.compile("^Next")).click()
        expect(page.locator("#replay-n")).to_have_text("2")
        page.get_by_role("link", name=re.compile(r"^\+5 min")).click()
        expect(page.locator("#replay-at")).to_have_text("12:55:00Z")
        expect(page.locator("#told > li:not([hidden])")).to_have_count(5)
        page.get_by_role("link", name=re.compile("^Before")).click()
        expect(page.locator("#replay-n")).to_have_text("4")


def test_one_thing_is_changed_and_run_again(page):
    """Both lanes' figures, the minutes between them, and MODEL beside it."""
    form = page.locator("#whatif form")
    knob = form.locator("select[name=knob] option").first.get_attribute("value")
    form.locator("select[name=knob]").select_option(knob)
    form.locator("input[name=value]").fill("T+40:00")
    form.get_by_role("button").click()
    expect(page.locator("#whatif")).to_contain_text("T+40:00", timeout=PATIENCE_MS)
    expect(page.locator("#whatif thead").first).to_contain_text("changed")
    expect(page.locator("#whatif")).to_contain_text("until it stopped")
    expect(page.locator(".stamps")).to_contain_text("MODEL")


def test_a_knob_that_cannot_be_meant_is_refused_in_words(page):
    """The page says what it takes; nothing was replayed."""
    form = page.locator("#whatif form")
    form.locator("input[name=value]").fill("soon")
    form.get_by_role("button").click()
    said = page.locator(".problem")
    expect(said).to_contain_text("Nothing was replayed", timeout=PATIENCE_MS)


def test_the_nodes_own_log_is_stepped_through(browser, node):
    """Entry by entry, with the map as it stood, and only what this desk may see."""
    file(node, "S-014")
    convoy(node)
    raise_call(node, "lina")
    with desk(browser, node, "duty") as page:
        page.goto("/replay/log?step=1")
        expect(page.locator("#told > li:not([hidden])")).to_have_count(1)
        expect(page.locator("#map-slot")).to_have_attribute("data-drawn", "1")
        page.keyboard.press(".")
        expect(page.locator("#map-slot")).to_have_attribute("data-drawn", "2")
        page.keyboard.press(".")
        expect(page.locator("#map-slot")).to_have_attribute("data-drawn", "3")
        expect(page.locator("#told")).to_contain_text("STOP 1")
    with desk(browser, node, "observer") as page:
        page.goto("/replay/log")
        expect(page.locator("main")).to_contain_text("Nothing this desk may see")


def test_what_is_shown_is_kept_as_a_page_a_table_and_shapes(page, replaying):
    """Up to this step and as this desk knew it; figures against what was promised."""
    measured = page.locator(".measured")
    row = measured.locator("tr", has_text="until somebody who could stop it had it")
    expect(row).to_contain_text("01:30")
    expect(row).to_contain_text("27:00 min late")
    links = measured.get_by_role("link").all()
    assert [one.inner_text() for one in links] == [
        *("HTML", "PDF", "CSV", "GEOJSON", "KML"),
    ]
    with looking(replaying) as duty:
        table = duty.get(f"{DAY}/saved/csv?step=3").text
        whole = duty.get(f"{DAY}/saved/html?step=3&play=line").text
        shapes = duty.get(f"{DAY}/saved/geojson?step=3").json()
        globe = duty.get(f"{DAY}/saved/kml?step=3").text
        known = duty.get(f"{DAY}/saved/csv?step=3&see=russia-line").text
        paper = [duty.get(f"{DAY}/saved/pdf?step=3&play=line") for _ in range(2)]
        earlier = duty.get(f"{DAY}/saved/pdf?step=2&play=line")
        other = duty.get(f"{DAY}/saved/docx?step=3")
    assert paper[0].headers["content-type"] == "application/pdf"
    assert paper[0].content[:5] == b"%PDF-"
    assert paper[0].content == paper[1].content != earlier.content
    assert len(table.splitlines()) == 4
    assert table.splitlines()[1].startswith("1,2016-09-17T12:25:00Z,")
    assert len(known.splitlines()) == 1
    assert "MODEL" in whole
    assert "<script" not in whole
    assert "Borders and names imply no endorsement." in whole
    assert shapes["features"]
    assert shapes["disclaimer"] == "Borders and names imply no endorsement."
    assert {one["properties"]["label"] for one in shapes["features"]} <= {
        unescape(one) for one in re.findall("<name>([^<]*)</name>", globe)
    }
    assert "Borders and names imply no endorsement." in globe
    assert other.status_code == 404


def test_the_nodes_own_calls_are_measured(browser, node):
    """Each step has what it may take; one that has not come is a dash."""
    raise_call(node, "lina")
    have(node, "duty", "c1")
    with desk(browser, node, "duty") as page:
        page.goto("/replay/log")
        row = page.locator(".measured tbody tr")
        expect(row).to_contain_text("STOP 1")
        expect(row).to_contain_text("/ 00:30 min")
        expect(row).to_contain_text("— / 01:00 min")
    with looking(node) as duty:
        table = duty.get("/replay/log/saved/csv").text
        assert "call,STOP 1," in table
        assert "STOP 1" in duty.get("/replay/log/saved/html").text
        assert duty.get("/replay/log/saved/pdf").content[:5] == b"%PDF-"
        assert duty.get("/replay/log/saved/geojson").status_code == 404
    with looking(node, "observer") as observer:
        assert "STOP" not in observer.get("/replay/log/saved/csv").text


def looking(served, person="duty"):
    """Ask for what a person's browser would keep."""
    client = served.as_person(person)
    client.headers["accept"] = "text/html"
    return client
