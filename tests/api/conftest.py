"""Start nodes for tests of the API."""

import pytest

from api.nodes import running


@pytest.fixture
def node(tmp_path):
    """Run a node with three parties of its own for one test."""
    with running(tmp_path / "data") as served:
        yield served


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """Run a node that the tests of a file only look at, or call on."""
    with running(tmp_path_factory.mktemp("node") / "data") as served:
        yield served
