"""The page about telephones says what the switchboard says."""

import tomllib
from importlib import resources
from pathlib import Path

import pytest

from clearline.adapters.phones import FREE_TRIES, LOCKED_FOR
from clearline.rules.coded import LONGEST_READ, PHRASES, REASONS
from clearline.rules.sheets import LEFT_FOR
from clearline.service.phones.lifting import RELEASE_WITHIN
from clearline.service.switchboard import MOST_REPLIES, REPLIES_WITHIN, SHORTEST_NUMBER

PAGE = (Path(__file__).parents[2] / "docs/reference/phones.md").read_text("utf-8")
ENGLISH = tomllib.loads(
    resources.files("clearline.service.phones.replies")
    .joinpath("en.toml")
    .read_text("utf-8")
)


@pytest.mark.parametrize("key", ENGLISH)
def test_every_reply_stands_on_the_page(key):
    """Whoever reads it knows what they will be answered, word for word."""
    assert f"`{ENGLISH[key]}`" in PAGE


def test_every_phrase_and_reason_stands_on_the_page():
    """Whatever is understood can be looked up."""
    for phrases in PHRASES.values():
        for phrase in phrases:
            assert f"`{phrase}`" in PAGE
    for figure, reason in REASONS.items():
        assert f"| {figure} | {reason} |" in PAGE


def test_the_limits_are_those_of_the_code():
    """Numbers on the page are the numbers that hold."""
    minutes = int(LOCKED_FOR.total_seconds() // 60)
    assert f"| {FREE_TRIES}, then none is looked at for {minutes} min;" in PAGE
    assert f"up to | {LONGEST_READ} characters |" in PAGE
    assert f"fewer than {SHORTEST_NUMBER} figures" in PAGE
    within = int(REPLIES_WITHIN.total_seconds() // 60)
    assert f"{MOST_REPLIES} in {within} minutes" in " ".join(PAGE.split())
    assert f"writes for {LEFT_FOR.total_seconds():.0f} seconds" in PAGE
    assert f"within {RELEASE_WITHIN.total_seconds() / 60:.0f} minutes" in PAGE
