"""The record on a screen: harm reported, a statement taken, an allegation answered."""

from playwright.sync_api import expect

from api.nodes import PASSWORD
from browser.desks import desk, raise_call


def reported(page):
    """Report harm on the call there is."""
    page.goto("/cases")
    page.get_by_label("Case", exact=True).fill("ferry")
    page.get_by_label("What happened").fill("The ferry was hit.")
    page.get_by_label("About the call").select_option("c1")
    page.get_by_role("button", name="Report").click()
    expect(page.locator("main")).to_contain_text("Its evidence is held")


def test_without_scripts_harm_opens_a_case_and_a_statement_is_taken(browser, node):
    """The walk is whole with JavaScript off, and a sealed name is on no page."""
    raise_call(node, "lina")
    with desk(browser, node, "lina", java_script_enabled=False) as page:
        reported(page)
        page.get_by_text("Take a statement").click()
        page.get_by_label("Role").fill("nurse")
        page.get_by_label("Pseudonym").fill("witness 1")
        page.get_by_label("What was said").fill("Two came in before the call.")
        page.get_by_label("Name: sealed").fill("Somebody's own name")
        page.get_by_role("button", name="Take it").click()
        expect(page.locator("main")).to_contain_text("Two came in before the call.")
        page.get_by_role("link", name="what the record settles").click()
        expect(page.locator("main")).to_contain_text("No question says")
        page.get_by_role("link", name="who knew what").click()
        expect(page.locator("main")).to_contain_text("first acknowledged")
        expect(page.locator("main")).to_contain_text("south-ops: duty officer")
        assert "own name" not in page.content()


def test_what_is_alleged_is_put_to_the_other_party_and_answered(browser, node):
    """South sees what it is asked, and nothing else of the case, and answers it."""
    raise_call(node, "lina")
    with desk(browser, node, "lina") as lina, desk(browser, node, "duty") as duty:
        reported(lina)
        lina.get_by_text("Make an allegation").click()
        lina.get_by_label("Against").select_option("south")
        lina.get_by_label("What is alleged").fill("South fired after the HOLD.")
        lina.get_by_label("What they are asked").fill("Did you fire?")
        lina.get_by_role("button", name="Ask them").click()
        expect(lina.locator("main")).to_contain_text("No reply.")
        duty.goto("/cases")
        expect(duty.locator("main")).to_contain_text("Did you fire?")
        expect(duty.locator("main")).to_contain_text("Your party keeps no case.")
        duty.get_by_label("Reply, for your party").fill("We did not.")
        duty.get_by_role("button", name="Answer").click()
        expect(duty.locator("main")).to_contain_text("Your reply")
        lina.reload()
        expect(lina.locator("main")).to_contain_text("We did not.")


def test_a_finding_of_two_is_joint_and_a_hold_is_let_go_by_two(browser, node):
    """South agrees on its own screen; and types its password on north's."""
    raise_call(node, "lina")
    with desk(browser, node, "lina") as lina, desk(browser, node, "duty") as duty:
        reported(lina)
        lina.get_by_text("Make a finding").click()
        lina.get_by_label("What your party finds").fill("The word came late.")
        lina.get_by_role("checkbox", name="south").check()
        lina.get_by_role("button", name="Enter the finding").click()
        expect(lina.locator("main")).to_contain_text("has not said whether it agrees")
        duty.goto("/cases")
        expect(duty.locator("main")).to_contain_text("The word came late.")
        duty.get_by_role("button", name="We do not agree").click()
        expect(duty.locator("#problem")).to_contain_text("not said why")
        duty.get_by_role("button", name="It is our finding too").click()
        expect(duty.locator("main")).to_contain_text("Your party has agreed.")
        lina.reload()
        expect(lina.locator("main")).to_contain_text("Joint finding of north, south")
        lina.get_by_text("Let the hold go").click()
        lina.get_by_label("Second person").fill("duty")
        lina.get_by_label("their password").fill(PASSWORD)
        lina.get_by_label("Why", exact=True).nth(1).fill("Both sides have copies.")
        lina.get_by_role("button", name="Let it go").click()
        expect(lina.locator("main")).to_contain_text("Its evidence is not held.")


def test_a_case_is_referred_and_read_by_the_body_alone(browser, node):
    """What south may see follows from who it is; it finds its report under Cases."""
    raise_call(node, "lina")
    with desk(browser, node, "lina") as lina, desk(browser, node, "duty") as duty:
        reported(lina)
        lina.get_by_text("Refer the case").click()
        lina.get_by_label("To a party of this line").select_option("south")
        lina.get_by_role("button", name="Refer it").click()
        expect(lina.locator("main")).to_contain_text("no words of statements")
        duty.goto("/cases")
        duty.get_by_role("link", name="Report as one page").click()
        expect(duty.locator("header")).to_contain_text("for: south (parties)")


def test_a_lesson_is_set_and_closed(browser, node):
    """It has a desk that owns it, a day, and in the end how it was met."""
    raise_call(node, "lina")
    with desk(browser, node, "lina") as page:
        reported(page)
        page.get_by_text("Set a lesson").click()
        page.get_by_label("What is to be done differently").fill("Ring roles.")
        page.get_by_label("Desk that sees to it").select_option("north-ops")
        page.get_by_label("Due on").fill("2199-01-01")
        page.get_by_role("button", name="Set it").click()
        page.get_by_label("How it was met").fill("Ladders ring roles.")
        page.get_by_role("button", name="Close it").click()
        expect(page.locator("main")).to_contain_text("Ladders ring roles.")
