"""One call from its first ring to its end, as people at a screen take it."""

import re

import pytest
from playwright.sync_api import expect

from browser.desks import HOSPITAL, PASSWORD, call_of, desk, have, raise_call
from clearline.model.calls import Answer, Kind


def all_calls(node):
    """List every call the node knows."""
    with node.service.node.looking() as view:
        return list(view.calls.values())


def test_without_scripts_a_person_signs_in_answers_and_stops(browser, node):
    """The whole walk works with JavaScript off: real forms, and a page after each."""
    raise_call(node, "lina")
    with desk(browser, node, None, java_script_enabled=False) as page:
        page.goto("/")
        page.get_by_label("Who").fill("duty")
        page.get_by_label("Password, or one-time code").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("li[data-new]")).to_have_count(1)
        page.get_by_role("button", name=re.compile("^ACK")).click()
        page.get_by_role("link", name=re.compile("^Go on")).click()
        page.get_by_label("word").fill("STOP")
        page.get_by_label("number").fill(str(call_of(node, "c1").number))
        page.get_by_label("place", exact=True).fill(HOSPITAL)
        page.get_by_label("what", exact=True).fill("shelling of the hospital")
        page.get_by_role("button", name=re.compile("^Compare")).click()
        expect(page.locator("#readback")).to_contain_text("matched")
        page.get_by_role("button", name="WILCO", exact=True).click()
        expect(page.locator(".steps p strong", has_text="WILCO")).to_be_visible()
        page.get_by_label("what has stopped").fill("battery told")
        page.get_by_role("button", name="It has ceased").click()
        expect(page.locator(".callhead")).to_contain_text("CEASED")
        page.get_by_role("link", name=re.compile("^STOP Shift")).click()
        page.get_by_role("button", name=re.compile("Send STOP now")).click()
        expect(page.locator("table.board tbody tr")).to_have_count(2)
    call = call_of(node, "c1")
    assert call.has_read_back_at is not None
    assert call.has_ceased_at is not None
    assert [one.answer for one in call.answers] == [Answer.WILCO]
    assert {one.to_party for one in all_calls(node) if one.id != "c1"} == {
        "north",
        "monitor",
    }


def test_a_call_is_taken_and_answered_with_the_keyboard_alone(browser, node):
    """A acknowledges, R goes to the readback, and Tab and Enter do the rest."""
    raise_call(node, "lina")
    with desk(browser, node, "duty") as page:
        page.goto("/")
        page.keyboard.press("a")
        expect(page.locator("li[data-new]")).to_have_count(0)
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("STOP")
        field = page.get_by_label("word")
        field.focus()
        for said in ("STOP", str(call_of(node, "c1").number), HOSPITAL):
            page.keyboard.type(said)
            page.keyboard.press("Tab")
        page.keyboard.type("Shelling of the hospital")
        page.keyboard.press("Enter")
        expect(page.locator("#readback")).to_contain_text("matched")
        page.get_by_role("button", name="WILCO", exact=True).press("Enter")
        expect(page.locator(".steps p strong", has_text="WILCO")).to_be_visible()
    call = call_of(node, "c1")
    assert call.holders[0].by.person == "duty"
    assert call.has_read_back_at is not None
    assert call.answers[0].answer is Answer.WILCO


def test_stop_is_two_actions_from_anywhere_even_while_typing(browser, node):
    """F9 opens the sheet out of a field; Enter sends; nothing has to be filled in."""
    with desk(browser, node, "duty") as page:
        page.goto("/call")
        page.get_by_label("what").fill("S")
        page.keyboard.press("Shift+S")
        expect(page).to_have_url(re.compile("/call$"))
        page.keyboard.press("F9")
        expect(
            page.get_by_role("button", name=re.compile("Send STOP now"))
        ).to_be_enabled()
        expect(
            page.get_by_role("button", name=re.compile("Send STOP now"))
        ).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("table.board tbody tr")).to_have_count(2)
    assert {one.kind for one in all_calls(node)} == {Kind.STOP}


def test_pressed_twice_and_sent_again_it_is_one_stop(browser, node):
    """The form carries the id: two presses and a retry make one STOP to each party."""
    with desk(browser, node, "duty") as page:
        page.goto("/stop")
        button = page.get_by_role("button", name=re.compile("Send STOP now"))
        expect(button).to_be_enabled()
        fields = page.evaluate(
            "Object.fromEntries(new FormData(document.querySelector('#stop-form')))"
        )
        button.dblclick()
        expect(page.locator("table.board")).to_be_visible()
        for _ in range(2):
            again = page.request.post("/stop", form=fields)
            assert again.url.endswith(page.url.rpartition("/")[2])
    assert len(all_calls(node)) == 2


def test_two_operators_of_one_desk_see_who_has_it(browser, node):
    """First answer wins: the other's screen is silent and says who, with no reload."""
    with desk(browser, node, "duty") as one, desk(browser, node, "director") as other:
        one.goto("/")
        other.goto("/")
        expect(other.locator("#link")).to_contain_text("LIVE")
        raise_call(node, "lina")
        expect(one.locator("li[data-new]")).to_have_count(1)
        expect(other.locator("li[data-new]")).to_have_count(1)
        one.get_by_role("button", name=re.compile("^ACK")).click()
        expect(other.locator("li[data-new]")).to_have_count(0)
        expect(other.locator("li[data-call]")).to_contain_text("ACKNOWLEDGED · duty")


def test_what_somebody_types_survives_twenty_live_updates(browser, node):
    """Text, caret and focus stay through twenty events; the page is new around them."""
    raise_call(node, "lina")
    with desk(browser, node, "duty") as page:
        page.goto("/calls/c1")
        field = page.get_by_label("place", exact=True)
        field.fill("37S FV 0")
        field.press("ArrowLeft")
        for number in range(20):
            raise_call(node, "lina", Kind.WARN, id_=f"w{number}", where="", what="x")
        expect(page.locator("#new")).to_have_text("21 new")
        assert field.input_value() == "37S FV 0"
        assert field.evaluate(
            "one => [one === document.activeElement, one.selectionStart]"
        ) == [
            True,
            7,
        ]
        have(node, "director", "c1")
        expect(page.locator(".callhead")).to_contain_text("director")
        assert field.input_value() == "37S FV 0"


def test_rows_are_not_sorted_anew_under_the_pointer(browser, node):
    """A FLASH does not push the row somebody is about to press; it waits below."""
    raise_call(node, "lina", Kind.WARN, id_="w1", where="", what="first")
    with desk(browser, node, "duty") as page:
        page.goto("/")
        page.locator("#c-w1").hover()
        raise_call(node, "lina", id_="c1")
        expect(page.locator("li[data-new]")).to_have_count(2)
        assert page.locator("li[data-call]").first.get_attribute("data-call") == "w1"
        page.locator("#h-map").hover()
        raise_call(node, "lina", Kind.WARN, id_="w2", where="", what="third")
        expect(page.locator("li[data-new]")).to_have_count(3)
        assert page.locator("li[data-call]").first.get_attribute("data-call") == "c1"


def test_a_flash_is_over_every_other_screen(browser, node):
    """Somebody in the roster sees a STOP at once, with a way to it."""
    with desk(browser, node, "duty") as page:
        page.goto("/roster")
        expect(page.locator("#link")).to_contain_text("LIVE")
        raise_call(node, "lina")
        expect(page.locator("#band .flash")).to_contain_text("STOP")
        page.locator("#band a").click()
        expect(page).to_have_url(re.compile("/calls/c1$"))


@pytest.mark.parametrize(
    "path", ["/", "/calls/c1", "/stop", "/roster", "/more", "/call"]
)
def test_nothing_scrolls_sideways_at_320_pixels(browser, node, path):
    """Every page is usable at 320 px, which is 400 % zoom of a 1280 px screen."""
    raise_call(node, "lina", what="Shelling of the hospital " * 6)
    with desk(browser, node, "duty", viewport={"width": 320, "height": 640}) as page:
        page.goto(path)
        wide = page.evaluate(
            "(({scrollWidth, clientWidth}) => [scrollWidth, clientWidth])"
            "(document.documentElement)"
        )
        assert wide[0] <= wide[1], wide
