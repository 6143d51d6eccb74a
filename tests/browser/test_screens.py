"""The other screens: the telephone sheet, the roster, lines, the ledger, admin."""

import re

from playwright.sync_api import expect

from browser.desks import PASSWORD, call_of, desk, have, raise_call
from clearline.model.calls import Kind


def sheet_calls(node):
    """List the calls that came of sheets."""
    with node.service.node.looking() as view:
        return [one for one in view.calls.values() if one.id.startswith("sheet-")]


def test_what_somebody_telephones_becomes_a_stop_in_one_press(browser, node):
    """First words, a place read as it is typed, the text to read back, and STOP."""
    with desk(browser, node, "duty") as page:
        page.goto("/sheets")
        page.get_by_role("button", name="Open a sheet").click()
        page.get_by_label("First words").fill("They are hitting our men, make it stop")
        where = page.get_by_label(re.compile("^Where"))
        where.fill("37S FV 069 053")
        expect(page.locator("#place-read")).to_contain_text("35.286 N 40.176 E")
        expect(page.locator("#place-read")).to_contain_text("tree seven sierra")
        page.get_by_label("What is to stop").fill("air strikes")
        page.get_by_role("button", name="Make it a STOP").click()
        expect(page.locator("table.board tbody tr")).to_have_count(2)
    calls = sheet_calls(node)
    assert {one.to_party for one in calls} == {"north", "monitor"}
    assert {one.card.what for one in calls} == {"air strikes"}
    assert all(one.card.where.text == "37S FV 069 053" for one in calls)


def test_a_place_that_means_several_things_is_asked_about(browser, node):
    """Nothing is guessed: the readings are shown, and one is chosen."""
    with desk(browser, node, "duty", java_script_enabled=False) as page:
        page.goto("/sheets")
        page.get_by_role("button", name="Open a sheet").click()
        page.get_by_label(re.compile("^Where")).fill("10.5, 20.5")
        page.get_by_role("button", name="Write it down").click()
        choices = page.locator("#place-read input[type=radio]")
        expect(page.locator("#place-read")).to_contain_text("several things")
        choices.nth(1).check()
        page.get_by_role("button", name="Write it down").click()
        expect(page.locator("section.panel")).to_contain_text("The place is")


def test_a_watch_is_handed_over_and_open_calls_one_by_one(browser, node):
    """What the incoming person takes is theirs; what they do not take rings again."""
    raise_call(node, "lina", id_="c1")
    raise_call(node, "observer", Kind.HOLD, id_="c2", where="")
    have(node, "duty", "c1")
    have(node, "duty", "c2")
    with desk(browser, node, "duty") as page:
        page.goto("/roster")
        page.locator("input[name=taken][value=c1]").check()
        page.locator("select[name=to]").select_option("director")
        page.get_by_label(re.compile("their password")).fill("not theirs")
        page.get_by_role("button", name="Hand over and leave").click()
        expect(page.locator("#problem")).to_contain_text("You still have the watch")
        page.locator("input[name=taken][value=c1]").check()
        page.locator("select[name=to]").select_option("director")
        page.get_by_label(re.compile("^notes for")).fill("The ferry runs late.")
        page.get_by_label(re.compile("their password")).fill(PASSWORD)
        page.get_by_role("button", name="Hand over and leave").click()
        expect(page.locator("#frame")).to_contain_text("watch director")
        expect(page.locator(".notes")).to_contain_text("both signed")
        expect(page.locator(".notes")).to_contain_text("The ferry runs late.")
    assert [one.by.person for one in call_of(node, "c1").holders] == ["director"]
    assert call_of(node, "c2").holders == ()
    assert call_of(node, "c2").is_ringing


def test_who_comes_later_takes_the_watch_by_its_notes(browser, node):
    """Left to nobody, the notes wait; taking the watch says that they were read."""
    with node.as_person("duty") as duty:
        left = {"notes": "Air control answers by telephone only."}
        watch = "/api/v1/desks/south-ops/watch"
        duty.post(f"{watch}/handover", json=left).raise_for_status()
    with desk(browser, node, "director", java_script_enabled=False) as page:
        page.goto("/roster")
        expect(page.locator(".notes")).to_contain_text("by telephone only")
        page.get_by_role("button", name=re.compile("^I have read this")).click()
        expect(page.locator(".notes")).to_contain_text("read by director")
    with node.as_person("lina") as other:
        assert other.get("/api/v1/desks/south-ops/watch").json()["handover"] is None


def test_standby_says_until_when(browser, node):
    """A question promised an answer shows until when, to both sides."""
    raise_call(node, "observer", Kind.QUERY, id_="c1", where="")
    with desk(browser, node, "duty", java_script_enabled=False) as page:
        page.goto("/calls/c1")
        page.get_by_label(re.compile("^STANDBY")).select_option("15")
        page.get_by_role("button", name="STANDBY").click()
        expect(page.locator("main")).to_contain_text(re.compile(r"STANDBY · until"))
    (given,) = call_of(node, "c1").answers
    assert call_of(node, "c1").standby_until == given.until
    with desk(browser, node, "observer", java_script_enabled=False) as page:
        page.goto("/calls/c1")
        expect(page.locator(".reached")).to_contain_text(re.compile("STANDBY until"))


def test_the_week_shows_who_is_planned_and_hatches_when_nobody_is(browser, node):
    """A gap is drawn as one, named NOBODY, and said in a sentence too."""
    plan = {
        "rotations": [
            {
                "name": "day",
                "role": "duty_officer",
                "persons": ["duty", "director"],
                "zone": "UTC",
                "first": "2026-01-01T06:00:00",
                "until": "2026-01-02T06:00:00",
            }
        ]
    }
    with node.as_person("admin") as admin:
        assert admin.put("/api/v1/desks/south-ops/watch/plan", json=plan).is_success
    with desk(browser, node, "duty") as page:
        page.goto("/roster")
        expect(page.locator(".weekday svg g.gap")).to_have_count(7)
        expect(page.locator(".roster")).to_contain_text("NOBODY from")


def test_a_line_is_checked_by_hand_and_shows_its_round_trip(browser, node):
    """A check is a call like any other; once answered the channel is good."""
    with desk(browser, node, "duty") as page:
        page.goto("/lines")
        row = page.locator("tr", has_text="north-ops")
        expect(row).to_contain_text("never checked")
        page.locator("select[name=to]").select_option("north-ops")
        page.get_by_role("button", name="Start the check").click()
        expect(page.locator("h1")).to_contain_text("LINE CHECK")
        have(node, "lina", page.url.rpartition("/")[2])
        page.goto("/lines")
        expect(row).to_contain_text(re.compile(r"good.*\d+\.\d s"))


def test_the_ledger_verifies_itself_and_says_unbroken(browser, node):
    """V walks over every entry and prints how many there are, and the head."""
    raise_call(node, "lina")
    with desk(browser, node, "duty") as page:
        page.goto("/ledger")
        page.keyboard.press("v")
        expect(page.locator(".ok")).to_contain_text(
            re.compile(r"Unbroken: \d+ entries")
        )
        expect(page.locator("main")).to_contain_text(re.compile("head [0-9a-f]{64}"))


def test_a_desk_does_not_see_in_the_ledger_what_it_may_not_see(browser, node):
    """Of another desk's call there is a number, a time and a commitment."""
    raise_call(
        node, "lina", Kind.QUERY, to="monitor-ops", what="SECRET WORDS", id_="q1"
    )
    with desk(browser, node, "duty") as page:
        page.goto("/ledger?only=")
        expect(page.locator("tbody")).to_contain_text("not shown to this desk")
        assert "QUERY" not in page.locator("tbody").inner_text()


def test_an_administrator_sees_who_sees_what_before_a_change(browser, node):
    """A new auditor's reach is said first; only a second press enters them."""
    with desk(browser, node, "admin") as page:
        page.goto("/admin")
        form = page.locator("form[action='/admin/persons']")
        form.get_by_label("id", exact=True).fill("newcomer")
        form.get_by_label("pseudonym").fill("Heron")
        form.get_by_label("auditor").check()
        form.get_by_role("button", name="Who would see what?").click()
        expect(page.locator("#problem")).to_contain_text("every call of north")
        with node.service.node.looking() as view:
            assert view.persons.get("newcomer") is None
        page.get_by_role("button", name="Enter it").click()
        row = page.locator("tr", has_text="Heron")
        row.get_by_role("button", name="One-time code").click()
        code = page.locator(".secret").inner_text()
    with desk(browser, node, None) as page:
        page.goto("/sign-in")
        page.get_by_label("Who").fill("newcomer")
        page.get_by_label(re.compile("^Password")).fill(code)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page).to_have_url(re.compile("/secrets"))


def test_who_may_not_is_told_who_can(browser, node):
    """An operator at the admin page reads what to do, and nothing is shown."""
    with desk(browser, node, "duty") as page:
        page.goto("/admin")
        expect(page.locator("main")).to_contain_text("An administrator")
        assert page.locator("form[action='/admin/persons']").count() == 0


def test_an_enrolled_screen_stops_with_nobody_signed_in(browser, node):
    """The wall screen sees its desk and sends STOP, and nothing else."""
    given = {"desk": "south-ops", "name": "wall"}
    with node.as_person("admin") as admin:
        token = admin.post("/api/v1/devices", json=given).json()["token"]
    with desk(browser, node, None) as page:
        base = node.url.replace("127.0.0.1", "localhost")
        page.context.add_cookies(
            [{"name": "clearline_device", "value": token, "url": base}]
        )
        page.goto("/")
        page.keyboard.press("Shift+S")
        page.get_by_role("button", name=re.compile("Send STOP now")).click()
        expect(page.locator("table.board tbody tr")).to_have_count(2)


def test_nobody_known_is_shown_the_words_to_say(browser, node):
    """STOP with nobody signed in shows the script for the telephone."""
    with desk(browser, node, None) as page:
        page.goto("/stop")
        expect(page.locator("main")).to_contain_text("STOP goes by voice")


def test_a_call_is_found_by_its_number_and_its_words(browser, node):
    """The slash key opens it; a place that is typed is read as well."""
    raise_call(node, "lina")
    with desk(browser, node, "duty") as page:
        page.goto("/")
        page.keyboard.press("/")
        page.keyboard.type("shelling")
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text("STOP 1")
        page.goto("/find?q=37S FV 069 053")
        expect(page.locator(".reading")).to_contain_text("35.286 N 40.176 E")


def test_admin_keeps_what_a_party_declares_and_from_when_a_line_is_checked(
    browser, node
):
    """Where the line is too slow it says so; a check begins when it is said to."""
    with desk(browser, node, "admin") as page:
        page.goto("/admin")
        page.get_by_label("about what").fill("artillery")
        page.get_by_label("decides within, seconds").fill("10")
        page.get_by_role("button", name="Keep what they declared").click()
        expect(page.locator(".over")).to_contain_text("this line cannot win")
        page.locator("summary", has_text="checked lines").click()
        page.get_by_label("first check, UTC").fill("2099-05-04T06:00")
        page.get_by_role("button", name="Check this line").click()
        page.locator("summary", has_text="checked lines").click()
        checked = page.locator("details", has_text="checked lines").locator("li")
        expect(checked).to_contain_text("06:00Z")
        page.locator("summary", has_text="What is kept").click()
        expect(page.locator("main")).to_contain_text("erased 30 days after it is over")
