"""The cards of the desks: one page of A5 each, in every language."""

import re

import pytest

from api.nodes import running
from browser.desks import desk
from clearline.model.notices import LEGAL_LINE
from clearline.service.phrases import languages, phrases
from clearline.web.console.cards import CARDS

A5_PT = (419.5, 595.3)  # 148 by 210 mm


@pytest.fixture(scope="module")
def desks_node(tmp_path_factory):
    """Run one node for every card."""
    with running(tmp_path_factory.mktemp("cards") / "data") as served:
        yield served


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("role", CARDS)
def test_a_card_fits_one_page_of_a5(browser, desks_node, role, tag):
    """Printed, each card is one page, and nothing hangs over its edge."""
    with desk(browser, desks_node, None) as page:
        page.goto(f"/cards/{role}?in={tag}")
        assert page.locator(".opcard").get_attribute("lang") == tag
        printed = page.pdf(prefer_css_page_size=True)
        over = page.locator(".opcard").evaluate("c => c.scrollWidth - c.clientWidth")
    assert over <= 0
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    box = re.search(rb"/MediaBox\s*\[([^\]]+)\]", printed)
    size = [float(one) for one in box[1].split()][2:]
    assert size == pytest.approx(A5_PT, abs=1)


def test_every_phrase_of_a_card_stands_on_one(browser, desks_node):
    """No phrase is kept for a card that nobody prints."""
    said = ""
    with desk(browser, desks_node, "duty") as page:
        page.goto("/more")
        page.get_by_role("link", name="Operators' cards").click()
        page.wait_for_url("**/cards")
        said += page.locator("main").inner_text()
        for role in CARDS:
            page.goto(f"/cards/{role}")
            said += page.locator("main").inner_text()
    for key, phrase in phrases("en").items():
        if key.startswith("card."):
            assert phrase in said, key


def test_the_legal_line_is_that_of_notices():
    """What a card says of notifying is what stands on every notice."""
    assert phrases("en")["card.legal"] == LEGAL_LINE


def test_a_card_of_nobody_is_not_there(browser, desks_node):
    """A role without a card is refused by a page."""
    with desk(browser, desks_node, None) as page:
        assert page.goto("/cards/nobody").status == 404
