"""The first half minute: an exercise runs, and a STOP is taken with the keys alone."""

import re

import pytest
from playwright.sync_api import expect

from api.nodes import running
from browser.desks import call_of, desk
from clearline.exercise.playing import Exercise

CODE = "a sentence of words"


@pytest.fixture
def valley_node(tmp_path):
    """Run the exercise on a node of its own, ten times as fast as it is shown."""
    with running(tmp_path / "data", has_people=False) as served:
        exercise = Exercise(served.service, CODE, pace=0.1)
        exercise.start()
        yield served
        exercise.stop()


def signed_in(page):
    """Sign in as whoever tries the exercise, and wait for the STOP."""
    page.goto(f"/sign-in?person=you&code={CODE}")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("li[data-new]")).to_have_count(1, timeout=20_000)


def test_a_stop_comes_and_is_taken_with_the_keys_alone(browser, valley_node):
    """Signed in, the STOP comes, W and A take it; the page ticks what was done."""
    with desk(browser, valley_node, None) as page:
        signed_in(page)
        page.keyboard.press("w")
        expect(page.locator("#frame .desk")).to_contain_text("watch you")
        page.keyboard.press("a")
        expect(page.locator("main")).to_contain_text("ACKNOWLEDGED")
        page.goto("/exercise")
        expect(page.locator(".tries li", has_text="done")).to_have_count(2)


def test_an_exercise_of_ones_own_speaks_of_its_own_desks(node):
    """No valley and no battery where there is none: whom it rings is named."""
    with node.as_person("duty") as client:
        page = client.get("/exercise", headers={"accept": "text/html"}).text
    assert "the valley" not in page
    assert "battery" not in page
    assert "Nobody is played" in page
    assert "<bdi>north-ops</bdi>" in page


def test_everybody_else_answers(browser, valley_node):
    """Passed on, the battery obeys and says so; reported, the caller closes."""
    with desk(browser, valley_node, None) as page:
        signed_in(page)
        page.get_by_role("button", name=re.compile("^ACK")).click()
        page.goto("/calls/clinic-stop")
        expect(page.locator("#realm")).to_contain_text("what to try")
        page.get_by_role("button", name="Caller confirmed it aloud").click()
        expect(page.locator("#realm")).to_contain_text("Replay what you just did")
        page.get_by_label("pass it on to").select_option("battery")
        page.get_by_role("button", name="Pass on").click()
        head = page.locator(".callhead")
        page.goto("/calls/clinic-stop/battery")
        expect(head).to_contain_text(re.compile("CEASED|OVER"), timeout=20_000)
        page.goto("/calls/clinic-stop")
        page.get_by_label("what has stopped").fill("the battery")
        page.get_by_role("button", name="It has ceased").click()
        expect(head).to_contain_text("CEASED")
    call = call_of(valley_node, "clinic-stop")
    assert call.has_ceased_at is not None


def test_what_there_is_to_try_is_for_who_is_signed_in(browser, node):
    """Nobody unknown reads the page; it leads to signing in, and back."""
    with desk(browser, node, None) as page:
        page.goto("/exercise")
        assert page.url.endswith("/sign-in?then=/exercise")
