"""What goes over the wire: bytes counted, requests counted, nothing timed."""

import gzip
import re

import pytest
from playwright.sync_api import expect

from browser.desks import desk, raise_call
from clearline.model.calls import Kind

BUDGET = {"html and css": 15_000, "script": 180_000, "font": 100_000}


def size_of(response) -> int:
    """Count what a response's body weighed as it came over the wire."""
    return response.request.sizes()["responseBodySize"]


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_the_watch_with_twenty_calls_is_small(browser, node, tag):
    """HTML and CSS, scripts, and fonts each keep to their budget in both languages."""
    for number in range(20):
        kind = Kind.STOP if number % 2 else Kind.WARN
        where = f"35.{2000 + number} N 40.1760 E"
        what = f"Convoy {number} is 40 min late and now inside AREA KILO"
        raise_call(node, "lina", kind, id_=f"c{number}", where=where, what=what)
    weighed = dict.fromkeys(BUDGET, 0)
    with desk(browser, node, "duty") as page:
        base = node.url.replace("127.0.0.1", "localhost")
        page.context.add_cookies(
            [{"name": "clearline_language", "value": tag, "url": base}]
        )
        answers = []
        page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 (a builtin is not taken)
        page.goto("/")
        page.evaluate("document.fonts.ready.then(() => 1)")
        for answer in answers:
            kind = answer.request.resource_type
            kind = "html and css" if kind in ("document", "stylesheet") else kind
            if kind in weighed:
                weighed[kind] += size_of(answer)
    assert all(weighed[kind] > 0 for kind in BUDGET)
    assert {
        kind: size for kind, size in weighed.items() if size > BUDGET[kind]
    } == {}, weighed


def test_the_steady_stream_is_a_few_hundred_bytes_a_beat(node):
    """A beat each second is under 2 kbit; in low bandwidth one comes every five."""
    with node.as_person("duty") as client:
        for beat_s, most in ((1, 250), (5, 250)):
            path = f"/api/v1/feed?beat_s={beat_s}"
            with client.stream("GET", path, timeout=30) as stream:
                for line in stream.iter_lines():
                    if line.startswith("data: ") and '"wall"' in line:
                        assert len(line) + len("event: beat\n\n\n") <= most
                        break


def test_low_bandwidth_asks_for_fewer_beats_and_waits_longer(browser, node):
    """The choice is kept; the stream is asked for with it, and LATE is further off."""
    with desk(browser, node, "duty") as page:
        page.goto("/more")
        page.get_by_role("button", name=re.compile("^Low bandwidth")).click()
        expect(page.locator("body")).to_have_attribute("data-low", "")
        with page.expect_request("**/api/v1/feed?beat_s=5*"):
            page.goto("/")
        page.clock.install()
        expect(page.locator("#link")).to_contain_text("LIVE")
        page.clock.fast_forward(9_000)
        expect(page.locator("#link")).to_contain_text("LIVE")


def test_files_are_served_as_they_were_compressed(node):
    """Brotli where it is taken, gzip else; kept for ever, by a name with its digest."""
    with node.anybody() as client:
        page = client.get("/sign-in", headers={"accept-encoding": "gzip"})
        assert page.headers["content-encoding"] == "gzip"
        sheet = re.search(r'href="(/static/console-[0-9a-f]{12}\.css)"', page.text)
        plain = client.get(sheet[1], headers={"accept-encoding": "identity"})
        for coding in ("br", "gzip"):
            with client.stream(
                "GET", sheet[1], headers={"accept-encoding": coding}
            ) as packed:
                raw = b"".join(packed.iter_raw())
                assert packed.headers["content-encoding"] == coding
                assert "immutable" in packed.headers["cache-control"]
                assert len(raw) < len(plain.content) / 3
                if coding == "gzip":
                    assert gzip.decompress(raw) == plain.content


def test_a_page_obeys_a_strict_policy(node):
    """No script but ours, nothing inline, nothing from elsewhere, in no frame."""
    with node.anybody() as client:
        answer = client.get("/sign-in")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert " style=" not in answer.text
    assert not re.search(r"<script(?![^>]*\ssrc=)", answer.text)
    assert not re.search(r"\son[a-z]+=", answer.text)


def test_the_page_is_whole_before_any_script(browser, node):
    """Reply buttons stand in the HTML itself: they wait for no script and no stream."""
    raise_call(node, "lina")
    with node.as_person("duty") as client:
        html = client.get("/", headers={"accept": "text/html"}).text
    assert re.search(r'<button class="main" data-key="a">ACK', html)
    with desk(browser, node, "duty") as page:
        page.route("**/static/*.js", lambda route: route.abort())
        page.goto("/")
        page.get_by_role("button", name=re.compile("^ACK")).click()
        expect(page.locator("li[data-new]")).to_have_count(0)
