"""What is about to happen: the list and the strip of the watch, as its page says them.

The strip is made by the node, so most of this reads the page and drives no browser.
"""

import re

from playwright.sync_api import expect

from browser.desks import desk, raise_call
from clearline.model.instants import Duration, Window
from clearline.model.notice_details import MovementDetails, Stop
from clearline.model.notices import Precision
from clearline.model.passages import Passage
from clearline.model.places import Position
from clearline.model.shapes import Corridor
from mapped import area, consent, convoy


def page_of(node, person, path="/"):
    """Read a page as a browser without scripts would."""
    node.service._loading.join()
    assert node.service.own.screener.settle()
    with node.as_person(person) as client:
        answer = client.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


def strip_of(html):
    """Return the strip alone, and the list before it."""
    found = re.search(r'<section class="coming".*?</section>', html, re.DOTALL)
    said, _, strip = found[0].partition('<div class="tracks ahead"')
    return said, strip


def soon(node, begins_h, ends_h):
    """Return a window some hours from now."""
    now = node.service.node.clock.read().at
    return Window(
        start=now + Duration(hours=begins_h), end=now + Duration(hours=ends_h)
    )


def driving(node, name="M-107", **said):
    """File a convoy that leaves in an hour, passes a depot, and arrives two later."""
    window = soon(node, 1, 4)
    passages = tuple(
        Passage(eta=window.start + Duration(hours=at)) for at in (0, 1.5, 3)
    )
    path = ((39.90, 35.44), (40.14, 35.336), (40.30, 35.20))
    shape = Corridor(
        path=tuple(Position(lon=lon, lat=lat) for lon, lat in path),
        half_width_m=800,
        passages=passages,
    )
    details = MovementDetails(stops=(Stop(at=1, name="Depot"),))
    window = Window(start=window.start, end=window.end + Duration(minutes=1))
    convoy(node, name, shape=shape, window=window, details=details, **said)


def test_what_comes_stands_in_its_order_and_on_the_strip(node):
    """A convoy leaves, passes, meets and arrives; conflicts stand first."""
    driving(node)
    area(node, person="duty", window=soon(node, 2, 5), tells=(), consents=())
    said, strip = strip_of(page_of(node, "duty"))
    listed = re.findall("<li.*?</li>", said, re.DOTALL)
    words = [re.sub("<[^>]+>", "", line) for line in listed]
    happens = [
        next(
            (
                what
                for what in ("leaves", "begins", "Depot", "first contact")
                if what in one
            ),
            "",
        )
        for one in words
    ]
    assert [one for one in happens if one] == [
        "leaves", "begins", "first contact", "Depot"
    ]  # fmt: skip
    lanes = re.findall(r'<div class="strip (?:conflict|notice) ?(\w*)', strip)
    assert lanes == ["direct", "movement", "activity"]
    assert strip.count('class="pass"') == 3
    assert strip.count("bar not-yet") == 2


def test_who_may_not_know_sees_neither_lane_nor_line(node):
    """Coarsely a convoy has whole hours and no stops; whoever was not told, nothing."""
    driving(node, consents=consent(Precision.COARSE))
    said, strip = strip_of(page_of(node, "duty"))
    assert "Depot" not in said + strip
    assert 'class="pass"' not in strip
    assert re.search(r"M-107.*?from \d\d:00Z", strip, re.DOTALL)
    said, strip = strip_of(page_of(node, "observer"))
    assert "M-107" not in said + strip


def test_what_begins_beyond_the_hours_shown_is_not_on_the_strip(node):
    """Other hours are a link, and the list goes as far as there is something."""
    area(node, person="duty", window=soon(node, 8, 9), tells=(), consents=())
    said, strip = strip_of(page_of(node, "duty"))
    assert "A-031" in said
    assert "A-031" not in strip
    assert 'href="/?ahead=12#coming"' in said
    _, strip = strip_of(page_of(node, "duty", "/?ahead=12"))
    assert "A-031" in strip
    _, strip = strip_of(page_of(node, "duty", "/?ahead=nonsense"))
    assert "A-031" not in strip


def test_the_line_of_now_moves_by_itself_and_the_strip_needs_no_script(browser, node):
    """Drawn by the node; a script only moves the line on."""
    driving(node)
    raise_call(node, "lina")
    page_of(node, "duty")
    line = ".ahead > .cursor line"
    with desk(browser, node, "duty", java_script_enabled=False) as page:
        page.goto("/")
        page.locator(".ahead .lane a", has_text="M-107").click()
        expect(page.locator("h1")).to_contain_text("M-107")
    with desk(browser, node, "duty") as page:
        page.clock.install()
        page.goto("/")
        before = float(page.locator(line).get_attribute("x1").rstrip("%"))
        page.clock.fast_forward(180_000)
        page.wait_for_function(
            "([line, before]) => parseFloat(document.querySelector(line)"
            ".getAttribute('x1')) > before + 0.5",
            arg=[line, before],
        )
