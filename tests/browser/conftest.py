"""Drive the console with the system's own Chromium."""

import pytest
from playwright.sync_api import expect, sync_playwright

from api.nodes import running
from browser.desks import CHROMIUM, FLAGS

expect.set_options(timeout=20_000)  # patience with a busy machine; nothing is timed


@pytest.fixture(scope="session")
def browser():
    """Start the system's Chromium once."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as play:
        made = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", *FLAGS]
        )
        yield made
        made.close()


@pytest.fixture
def node(tmp_path):
    """Run a node with three parties of its own for one test."""
    with running(tmp_path / "data") as served:
        yield served
