"""At 64 kbit/s and 600 ms there and back: counted in bytes and trips, not on a clock.

A line of that kind carries 8 bytes a millisecond, and each thing that has to be asked
for after another has come costs 600 ms more. What must be there before somebody can
answer a call is counted so: three seconds with the style kept, five without.
"""

import re

from playwright.sync_api import expect

from browser.desks import desk, raise_call
from clearline.model.calls import Kind

BYTES_A_MS = 8.0
TRIP_MS = 600.0
WARM_MS, COLD_MS = 3_000.0, 5_000.0
BLOCKING = ("document", "stylesheet")


def counted(page, base):
    """Ask for the watch and count what came before it could be painted."""
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    came, kinds = {}, {}
    client.on(
        "Network.responseReceived",
        lambda said: kinds.__setitem__(said["requestId"], said["type"].lower()),
    )
    client.on(
        "Network.loadingFinished",
        lambda said: came.__setitem__(said["requestId"], said["encodedDataLength"]),
    )
    page.goto(base)
    expect(page.locator("button[data-key=a]").first).to_be_visible()
    client.detach()
    weighed = [(kinds.get(one, ""), size) for one, size in came.items()]
    return [(kind, size) for kind, size in weighed if kind in BLOCKING and size]


def takes_ms(blocking, trips):
    """Say how long a narrow line takes for it, at least."""
    return sum(size for _, size in blocking) / BYTES_A_MS + trips * TRIP_MS


def test_the_reply_buttons_are_there_in_time_on_a_narrow_line(browser, node):
    """Twenty calls in Arabic: nothing blocks them but the page and its style."""
    for number in range(20):
        kind = Kind.STOP if number % 2 else Kind.WARN
        raise_call(
            node, "lina", kind, id_=f"c{number}", where=f"35.{2000 + number} N 40.1 E"
        )
    with desk(browser, node, "duty", service_workers="block") as page:
        base = node.url.replace("127.0.0.1", "localhost")
        page.context.add_cookies(
            [{"name": "clearline_language", "value": "ar", "url": base}]
        )
        cold = counted(page, "/")
        warm = counted(page, "/?again")
    assert sorted(kind for kind, _ in cold) == ["document", "stylesheet"]
    # TLS 1.3 over TCP takes two trips before the first is asked; then page, then style.
    assert takes_ms(cold, trips=4) <= COLD_MS, cold
    assert [kind for kind, _ in warm] == ["document"]
    assert takes_ms(warm, trips=2) <= WARM_MS, warm


def test_a_call_is_answered_over_a_narrow_line(browser, node):
    """With the line as narrow as that in Chromium, it is taken with one press."""
    raise_call(node, "lina")
    with desk(browser, node, "duty", service_workers="block") as page:
        client = page.context.new_cdp_session(page)
        client.send("Network.enable")
        client.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": TRIP_MS,
                "downloadThroughput": BYTES_A_MS * 1_000,
                "uploadThroughput": BYTES_A_MS * 1_000,
            },
        )
        page.goto("/", wait_until="commit")
        page.get_by_role("button", name=re.compile("^ACK")).click(timeout=60_000)
        expect(page.locator("li[data-new]")).to_have_count(0, timeout=60_000)


def test_at_400_percent_a_call_is_answered(browser, node):
    """A window of 1280 by 800 is 320 by 200 then: the page has it, and STOP stays."""
    raise_call(node, "lina")
    with desk(browser, node, "duty", viewport={"width": 320, "height": 200}) as page:
        page.goto("/")
        ack = page.locator("button[data-key=a]").first
        ack.scroll_into_view_if_needed()
        expect(page.locator("a.stop")).to_be_in_viewport(ratio=1)
        ack.click()
        expect(page.locator("li[data-new]")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") == 320
