"""Filing a notice, and what becomes of two that meet."""

import re

from playwright.sync_api import expect

from browser.desks import HOSPITAL, desk, raise_call
from clearline.model.instants import Duration


def notices(node):
    """List every notice the node knows."""
    with node.service.node.looking() as view:
        return list(view.notices.values())


def fill(page, *, where="37S FV 069 053", what="Convoy of six trucks"):
    """Fill in what a notice needs, as somebody at the screen types it."""
    page.get_by_label(re.compile("^Where")).fill(where)
    page.get_by_label(re.compile("^begins")).fill("2031-03-01T14:00")
    page.get_by_label(re.compile("^is over")).fill("2031-03-01T15:20")
    page.get_by_label(re.compile("^What it is")).fill(what)
    page.get_by_label("monitor-ops", exact=True).check()


def test_without_scripts_a_notice_is_looked_over_and_filed(browser, node):
    """What is wrong is said first; then it is filed, and read by whom it names."""
    with desk(browser, node, "duty", java_script_enabled=False) as page:
        page.goto("/notices/new")
        fill(page)
        page.get_by_role("button", name="Look it over").click()
        expect(page.locator("main")).to_contain_text("It can be filed as it stands")
        expect(page.locator("main")).to_contain_text("Not checked:")
        assert notices(node) == []
        page.get_by_role("button", name="File it").click()
        expect(page.locator("h1")).to_contain_text("activity")
        expect(page.locator(".callhead")).to_contain_text("not yet read by monitor-ops")
    (filed,) = notices(node)
    assert filed.revision.what == "Convoy of six trucks"
    assert filed.revision.tells == ("monitor-ops",)
    assert filed.revision.window.start.isoformat() == "2031-03-01T14:00:00+00:00"
    with desk(browser, node, "observer") as page:
        page.goto("/plans")
        page.locator("tbody a").first.click()
        expect(page.locator("main")).to_contain_text("coarsely only")
        page.get_by_role("button", name="acknowledged").click()
        expect(page.locator("main")).to_contain_text("monitor-ops: acknowledged")


def test_a_place_of_two_meanings_is_not_filed_before_one_is_chosen(browser, node):
    """Pressing File with two readings asks which; the chosen one is filed."""
    with desk(browser, node, "duty") as page:
        page.goto("/notices/new")
        fill(page, where="10.5, 20.5")
        page.get_by_role("button", name="File it").click()
        expect(page.locator("main")).to_contain_text("It cannot be filed yet")
        expect(page.locator("#place-read")).to_contain_text("several things")
        expect(page.locator("#place-read")).not_to_contain_text("nobody could put")
        assert notices(node) == []
        page.locator("#place-read input[type=radio]").nth(0).check()
        page.get_by_role("button", name="File it").click()
        expect(page.locator(".callhead")).to_contain_text("revision 1")
    (filed,) = notices(node)
    assert filed.revision.where.text == "10.5, 20.5"


def test_pressed_twice_it_is_one_notice(browser, node):
    """The form carries the notice's id: filing again changes nothing."""
    with desk(browser, node, "duty") as page:
        page.goto("/notices/new")
        fill(page)
        page.get_by_role("button", name="File it").dblclick()
        expect(page.locator(".callhead")).to_contain_text("revision 1")
    assert len(notices(node)) == 1


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(browser, node):
    """A notice that ends before it begins is refused at its field."""
    with desk(browser, node, "duty") as page:
        page.goto("/notices/new")
        fill(page)
        page.get_by_label(re.compile("^is over")).fill("2031-03-01T13:00")
        page.get_by_role("button", name="File it").click()
        expect(page.locator("#problem")).to_contain_text("cannot be filed yet")
        expect(page.locator("#wrong-end-1")).to_be_visible()
        expect(page.get_by_label(re.compile("^What it is"))).to_have_value(
            "Convoy of six trucks"
        )
    assert notices(node) == []


def test_two_that_meet_are_a_conflict_with_ways_out(browser, node):
    """Both owners, the time to contact, ways out that draft the call, and a state."""
    for person in ("duty", "lina"):
        with node.as_person(person) as client:
            other = "north-ops" if person == "duty" else "south-ops"
            given = {
                "id": f"n-{person}",
                "what": "convoy" if person == "lina" else "artillery practice",
                "where": "37S FV 069 053",
                "start": "2031-03-01T14:00:00Z",
                "end": "2031-03-01T15:20:00Z",
                "buffer_m": 500,
                "tells": [other],
                "consents": [
                    {
                        "desk": other,
                        "precision": "exact",
                        "by": "us",
                        "source": "a form",
                    }
                ],
            }
            client.post("/api/v1/notices", json=given).raise_for_status()
    with desk(browser, node, "duty") as page:
        page.goto("/plans")
        page.locator("li.conflict a").click()
        expect(page.locator("main")).to_contain_text("Ways out")
        expect(page.get_by_role("img", name="Picture of the closest")).to_be_visible()
        expect(page.locator("dl.when")).to_contain_text("first contact14:00:00Z")
        expect(page.locator("main")).to_contain_text("Not checked:")
        page.get_by_role("button", name="We talk about it").click()
        expect(page.locator(".stands")).to_contain_text("being talked about")
        page.get_by_role("link", name=re.compile("^Propose it")).first.click()
        expect(page.get_by_label("what", exact=True)).to_have_value(
            re.compile("^About n-duty and n-lina")
        )
        page.get_by_role("button", name="Send").click()
        expect(page.locator("h1")).to_contain_text("QUERY")


def test_a_stop_that_lands_says_what_of_ours_it_touches(browser, node):
    """The called desk reads which of its notices lies there, and whom to tell."""
    node.service._loading.join()  # until then it says that it cannot tell
    with node.as_person("duty") as client:
        now = node.service.node.clock.read().at
        given = {
            "id": "n-practice",
            "what": "artillery practice",
            "where": HOSPITAL,
            "end": (now + Duration(hours=4)).isoformat(),
        }
        client.post("/api/v1/notices", json=given).raise_for_status()
    raise_call(node, "lina")
    with desk(browser, node, "duty") as page:
        page.goto("/calls/c1")
        expect(page.locator(".touched")).to_contain_text("n-practice")
        expect(page.locator(".touched")).to_contain_text("south-air")
