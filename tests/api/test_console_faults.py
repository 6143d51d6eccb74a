"""A fault of ours is a page too: what happened, what to do, and STOP within reach."""

import re

import pytest

from clearline.web.console import serving

PAGE = {"accept": "text/html"}


def looking(served, person="duty"):
    """Look at the pages as a person does whose browser runs no scripts."""
    client = served.as_person(person)
    client.headers.update(PAGE)
    token = client.headers.pop("authorization").removeprefix("Bearer ")
    client.cookies.set("clearline_session", token)
    return client


def fail(*_, **__):
    """Fail as nobody foresaw."""
    message = "the picture on the wall"
    raise RuntimeError(message)


def require_page(page):
    """Be sure that a page says the three things a problem says."""
    assert page.status_code == 500
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "A fault of ours kept this from being answered: RuntimeError." in page.text
    assert "It may have been done or not" in page.text
    assert "Use voice for anything urgent" in page.text
    assert "the picture on the wall" not in page.text


def test_a_page_that_cannot_be_written_is_answered_with_one_that_can(node, monkeypatch):
    """Its own part fails; around it everything is as on every page."""
    whole = serving.render

    def render(visit, shown, around):
        return fail() if shown.template == "cards.html" else whole(visit, shown, around)

    monkeypatch.setattr(serving, "render", render)
    with looking(node) as duty:
        page = duty.get("/cards")
    require_page(page)
    assert 'href="/stop"' in page.text
    assert "<nav" in page.text


@pytest.mark.parametrize("path", ["/", "/cards", "/nowhere", "/calls/none"])
def test_stop_goes_out_though_no_page_can_be_made(node, monkeypatch, path):
    """What stands on every page fails; the form of the bare page rings all the same."""
    monkeypatch.setattr(serving, "frame", fail)
    with looking(node) as duty:
        page = duty.get(path)
        assert page.headers["content-type"].startswith("text/html")
        hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
        sent = duty.post("/stop", data=hidden)
        again = duty.post("/stop", data=hidden)
    assert sent.status_code == again.status_code == 303
    with node.service.node.looking() as view:
        raised = [one for one in view.calls.values() if one.kind == "STOP"]
    assert {one.to_party for one in raised} == {"north", "monitor"}
    assert len(raised) == 2


def test_a_form_whose_page_fails_is_answered_with_a_page(node, monkeypatch):
    """Refused, and the page it would be shown on fails too: still it is said."""
    with looking(node) as duty:
        csrf = re.search(r'data-csrf="([^"]*)"', duty.get("/call").text)[1]
        monkeypatch.setattr(serving, "render", fail)
        page = duty.post("/call", data={"csrf": csrf, "kind": "SHOUT"})
    require_page(page)
    assert 'action="/stop"' in page.text


def test_nobody_is_offered_what_they_could_not_send(node, monkeypatch):
    """Without anybody signed in the page leads to the words to say by telephone."""
    monkeypatch.setattr(serving, "frame", fail)
    with node.anybody() as nobody:
        page = nobody.get("/sign-in", headers=PAGE)
    require_page(page)
    assert "<form" not in page.text
    assert 'href="/voice"' in page.text


def test_a_way_a_path_does_not_take_is_answered_to_a_reader_as_a_page(node):
    """And still says which ways it takes."""
    with looking(node) as duty:
        page = duty.request("DELETE", "/cards")
    assert page.status_code == 405
    assert page.headers["content-type"].startswith("text/html")
    assert "allow" in page.headers
