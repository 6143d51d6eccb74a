"""A passkey in the browser: made, signed in with, and a STOP lifted by its word."""

import re
from contextlib import contextmanager

from playwright.sync_api import expect

from browser.desks import call_of, desk, raise_call
from clearline.model.parties import Strength


@contextmanager
def authenticator(page):
    """Give a browser a device that keeps passkeys and knows its owner."""
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    made = client.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    yield lambda: client.send("WebAuthn.getCredentials", made)["credentials"]
    client.detach()


def make_and_sign_in(page, kept, person):
    """Make a passkey on this device, leave, and come back with it."""
    page.goto("/secrets")
    page.get_by_role("button", name="Make a passkey on this device").click()
    expect(page.locator("main")).to_contain_text("1 entered.")
    assert len(kept()) == 1
    page.context.clear_cookies()
    page.goto("/sign-in")
    page.locator("input[name=person]").fill(person)
    page.get_by_role("button", name="With a passkey").click()
    expect(page.locator("#frame")).to_contain_text(re.compile("new", re.IGNORECASE))


def test_a_passkey_is_made_signs_in_and_is_what_the_log_names(browser, node):
    """Who proposes and who confirms a RELEASE are known by passkey, and it says so."""
    raise_call(node, "lina")
    with (
        desk(browser, node, "lina") as north,
        desk(browser, node, "duty") as south,
        authenticator(north) as norths,
        authenticator(south) as souths,
    ):
        make_and_sign_in(north, norths, "lina")
        make_and_sign_in(south, souths, "duty")
        north.goto("/calls/c1")
        north.get_by_role("link", name=re.compile("^Propose RELEASE")).click()
        north.get_by_role("button", name="Send").click()
        expect(north.locator("h1")).to_contain_text("RELEASE")
        release = north.url.rpartition("/")[2]
        south.goto(f"/calls/{release}")
        south.get_by_role("button", name="AFFIRM").click()
        expect(south.locator(".steps p strong", has_text="AFFIRM")).to_be_visible()
        south.goto("/calls/c1")
        expect(south.locator("main")).to_contain_text("lifted")
    proposed, lifted = call_of(node, release), call_of(node, "c1")
    assert not lifted.is_open
    assert proposed.raised_by.strength is Strength.PASSKEY
    assert [one.by.strength for one in proposed.answers] == [Strength.PASSKEY]
