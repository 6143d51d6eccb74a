"""The tutorial from start to first STOP, walked as it is written, and its pictures.

    ./run test pictures     walks it and takes the pictures of docs/pictures anew

Otherwise nothing is written: what the tutorial says is done, and each picture it and
the README show is there.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from api.nodes import running
from browser.desks import desk
from browser.pictures import small
from clearline.exercise.playing import Exercise

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
PAGE = ROOT / "docs" / "tutorials" / "from-start-to-first-stop.md"
IS_TAKING = os.environ.get("CLEARLINE_PICTURES") == "1"
LARGEST = 100 * 1024
CODE = "a sentence of words"
PATIENCE = 20_000  # a busy machine's disk is slow
SCREEN = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def picture(page, name, height=None):
    """Take a picture where they are asked for; where not, see that it is there.

    Args:
        page: What is on it.
        name: Its file, without the ending.
        height: How much of the page from its top, in pixels; all that is seen.
    """
    if not IS_TAKING:
        assert (PICTURES / f"{name}.png").exists(), f"{name}: ./run test pictures"
        return
    page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
    page.wait_for_timeout(700)  # the map's tiles, after everything else
    size = page.viewport_size
    clip = {"x": 0, "y": 0, "width": size["width"], "height": height or size["height"]}
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / f"{name}.png").write_bytes(small(page.screenshot(clip=clip)))


def shown():
    """Name the pictures that the pages show."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    return {
        name
        for page in pages
        for name in re.findall(r"pictures/([\w-]+)\.png", page.read_text("utf-8"))
    }


@pytest.fixture
def exercise(tmp_path):
    """Run the exercise as `./run demo` does, ten times as fast."""
    environment = {
        name: value for name, value in os.environ.items() if "BASEMAP" in name
    }
    at = tmp_path / "data"
    with running(at, has_people=False, environment=environment) as served:
        played = Exercise(served.service, CODE, pace=0.1)
        played.start()
        yield served
        played.stop()


@pytest.fixture
def new_node(tmp_path):
    """Run a node nobody is entered on, as `./run serve` does."""
    with running(tmp_path / "data", has_people=False) as served:
        yield served


def test_every_picture_is_shown_and_small():
    """Each picture shown is there; none lies about unseen, or is large."""
    there = {path.stem for path in PICTURES.glob("*.png")}
    assert there == shown()
    assert 4 <= len(there) <= 10
    for path in PICTURES.glob("*.png"):
        assert path.stat().st_size <= LARGEST, path.name


def test_the_exercise_goes_as_the_tutorial_says(browser, exercise):
    """Signed in, a STOP comes: had, read back, passed on, ceased."""
    with desk(browser, exercise, None, **SCREEN) as page:
        page.goto(f"/sign-in?person=you&code={CODE}")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.locator("#link")).to_contain_text("LIVE", timeout=PATIENCE)
        page.keyboard.press("w")
        expect(page.locator("#frame .desk")).to_contain_text("watch you")
        expect(page.locator("li[data-new]")).to_have_count(1, timeout=PATIENCE)
        picture(page, "watch")
        page.keyboard.press("a")
        expect(page.locator("main")).to_contain_text("ACKNOWLEDGED")
        page.goto("/calls/clinic-stop")
        page.get_by_label("word", exact=True).fill("STOP")
        page.get_by_label("number", exact=True).fill("1")
        page.get_by_label("place", exact=True).fill("50.1288 N 7.7302 E")
        picture(page, "read-back")
        page.get_by_role("button", name="Caller confirmed it aloud").click()
        page.get_by_role("button", name="WILCO").click()
        page.get_by_label("pass it on to").select_option("battery")
        page.get_by_role("button", name="Pass on").click()
        expect(page.locator(".steps")).to_contain_text(
            re.compile("The battery: ceased"), timeout=PATIENCE
        )
        page.get_by_label("what has stopped").fill("the battery")
        page.get_by_role("button", name="It has ceased").click()
        closes(page)
        expect(page.locator(".callhead")).to_contain_text("OVER", timeout=PATIENCE)
        picture(page, "over", 720)


def test_a_node_of_ones_own_goes_as_the_tutorial_says(browser, new_node):
    """First person, the other side, a device; then STOP until both sides close it."""
    code = new_node.service.setup_code
    with (
        desk(browser, new_node, None, **SCREEN) as north,
        desk(browser, new_node, None, **PHONE) as south,
    ):
        first_person(north, code)
        once = the_other_side(north)
        comes_in(south, once)
        north.goto("/")
        expect(north.locator("#link")).to_contain_text("LIVE", timeout=PATIENCE)
        north.keyboard.press("w")
        expect(north.locator("#frame .desk")).to_contain_text("watch Lina")
        stop_from(north)
        has_it(south)
        expect(north.locator("table.board td.done")).to_have_count(5, timeout=PATIENCE)
        picture(north, "board", 400)
        south.get_by_label("what has stopped").fill("all our guns")
        south.get_by_role("button", name="It has ceased").click()
        closes(south)
        north.locator("table.board a").click()
        expect(north.locator(".callhead")).to_contain_text("CEASED")
        closes(north)
        expect(north.locator(".callhead")).to_contain_text("OVER")


def form_of(page, action):
    """Find one form of the admin page."""
    return page.locator(f"form[action='/admin/{action}']")


def first_person(page, code):
    """Enter the first person with the code the node printed."""
    page.goto("/first")
    page.get_by_label("Code the node printed").fill(code)
    party = page.locator("fieldset", has_text="Your party")
    party.get_by_label("id", exact=True).fill("north")
    party.get_by_label("name", exact=True).fill("Northern relief")
    party.get_by_label("standing").select_option("participant")
    own = page.locator("fieldset", has_text="Your desk")
    own.get_by_label("id", exact=True).fill("north-ops")
    own.get_by_label("name", exact=True).fill("Relief operations")
    you = page.locator("fieldset").last
    you.get_by_label("id", exact=True).fill("lina")
    you.get_by_label("what you are called").fill("Lina")
    you.get_by_label("password").fill("a sentence of words")
    picture(page, "first")
    page.get_by_role("button", name="Enter and sign in").click()
    expect(page.locator("#frame .desk")).to_contain_text("Relief operations")


def the_other_side(page):
    """Enter another party, its desk and its officer, and this screen as a device."""
    page.goto("/admin")
    form = form_of(page, "parties")
    form.get_by_label("id", exact=True).fill("south")
    form.get_by_label("name", exact=True).fill("Southern command")
    form.get_by_label("standing").select_option("party")
    form.get_by_role("button").click()
    expect(page.locator("summary", has_text="2 parties")).to_be_visible()
    form = form_of(page, "desks")
    form.get_by_label("id", exact=True).fill("south-ops")
    form.get_by_label("name", exact=True).fill("Southern operations")
    form.get_by_label("party").select_option("south")
    form.get_by_role("button").click()
    page.get_by_role("button", name="Enter it").click()
    expect(page.locator("summary", has_text="2 desks")).to_be_visible()
    form = form_of(page, "persons")
    form.get_by_label("id", exact=True).fill("duty")
    form.get_by_label("pseudonym").fill("Officer 7")
    form.get_by_label("desk").select_option("south-ops")
    form.get_by_label("duty officer").check()
    form.get_by_role("button").click()
    expect(page.locator("#problem")).to_contain_text("Who sees what afterwards")
    page.get_by_role("button", name="Enter it").click()
    expect(page.locator("summary", has_text="2 persons")).to_be_visible()
    page.locator("summary", has_text="devices").click()
    form = form_of(page, "devices")
    form.get_by_label("name", exact=True).fill("wall screen")
    form.get_by_label("it is this very screen").check()
    form.get_by_role("button").click()
    expect(page.locator(".secret")).to_be_visible()
    row = page.locator("tr", has_text="Officer 7")
    row.get_by_role("button", name="One-time code").click()
    told = page.locator("section", has_text="duty").locator(".secret")
    return told.inner_text()


def comes_in(page, once):
    """Sign in with a one-time code, set a password and take the watch."""
    page.goto("/sign-in")
    page.get_by_label("Who").fill("duty")
    page.get_by_label(re.compile("^Password")).fill(once)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label(re.compile("^new, at least")).fill("another sentence")
    page.get_by_role("button", name="Set the password").click()
    page.get_by_role("button", name="Take the watch").click()
    expect(page.locator("#frame .desk")).to_contain_text("watch Officer 7")


def stop_from(page):
    """Send STOP in two actions, with one line and a place in it."""
    page.keyboard.press("Shift+S")
    page.get_by_label(re.compile("^what, in one line")).fill("Shells at the clinic")
    page.get_by_label(re.compile("^where")).fill("37S FV 069 053")
    expect(page.locator("#place-read")).to_contain_text("35.286 N 40.176 E")
    picture(page, "stop")
    page.get_by_role("button", name=re.compile("Send STOP now")).click()
    expect(page.locator("table.board tbody tr")).to_have_count(1, timeout=PATIENCE)


def has_it(page):
    """Have the call, read it back and say WILCO, on a telephone."""
    expect(page.locator("li[data-new]")).to_have_count(1, timeout=PATIENCE)
    picture(page, "phone")
    page.get_by_role("button", name=re.compile("^ACK")).click()
    page.locator("li[data-call] .head a").click()
    page.get_by_label("word", exact=True).fill("stop")
    page.get_by_label("number", exact=True).fill("1")
    page.get_by_label("place", exact=True).fill("37SFV069053")
    page.get_by_label("what", exact=True).fill("shells at the clinic")
    page.get_by_role("button", name=re.compile("^Compare")).click()
    expect(page.locator("#readback")).to_contain_text("matched")
    page.get_by_role("button", name="WILCO").click()


def closes(page):
    """Say that it is over for this side."""
    page.get_by_label("close, because").fill("it has stopped")
    page.get_by_role("button", name="Close for our side").click()
