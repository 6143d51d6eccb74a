"""Notices from the command line, by two people at two desks."""

import json

import msgspec
import pytest

from api.test_notices import a_convoy, a_site
from clearline.model.notices import LEGAL_LINE
from cli.test_node import desks  # noqa: F401 (a fixture)

SHOWS = (
    ("notice", "show", "s1"),
    ("notice", "list"),
    ("notice", "count"),
    ("notice", "check", "clearance.json"),
)


@pytest.fixture
def forms(tmp_path, monkeypatch):
    """Write forms of a site, a convoy and one with everything wrong."""
    monkeypatch.chdir(tmp_path)
    wrong = a_convoy("c-wrong", details={"kind": "movement"})
    for name, form in (
        ("site", a_site("s1")),
        ("convoy", a_convoy("c1")),
        ("wrong", wrong),
        ("clearance", {"what": "mines are cleared", "where": "37S FV 069 053"}),
    ):
        (tmp_path / f"{name}.json").write_bytes(msgspec.json.encode(form))
    return tmp_path


def test_a_notice_from_the_command_line(desks, forms):  # noqa: F811 (the fixture)
    """Filed, listed, answered and counted; every face has the legal line."""
    north, south = desks
    north.signs_in("lina")
    south.signs_in("duty")
    assert "[s1]" in north.says("notice", "file", "site.json")
    told = json.loads(north.says("notice", "show", "s1", "--json"))
    assert told["unread"] == ["south-air"]
    seen = south.says("notice", "list", "--told")
    assert "site (health) of north" in seen
    coarse = south.says("notice", "show", "s1")
    assert "within 35.5 to 35.6 N" in coarse
    assert "56789" not in coarse
    (forms / "answer.eml").write_bytes(b"From: a desk\r\nSubject: yes\r\n\r\nseen\r\n")
    south.says("notice", "answer", "s1", "acknowledged", "--original", "answer.eml")
    assert "south-ops: acknowledged" in north.says("notice", "show", "s1")
    for words in SHOWS:
        assert LEGAL_LINE in north.says(*words)


@pytest.mark.usefixtures("forms")
def test_everything_wrong_is_printed_at_its_field(desks):  # noqa: F811 (the fixture)
    """In words and as JSON; the exit code says that it was refused."""
    north, _ = desks
    north.signs_in("lina")
    said = north.says("notice", "file", "wrong.json", code=2)
    for field in ("details.armed_escort", "details.purpose", "details.contacts"):
        assert field in said
    assert "nobody was told" in said
    problem = json.loads(north.says("notice", "file", "wrong.json", "--json", code=2))
    assert {one["severity"] for one in problem["faults"]} >= {"refuse"}
    assert not json.loads(
        north.says("notice", "check", "wrong.json", "--json", code=3)
    )["is_taken"]
    said = north.says("notice", "file", "not-there.json", code=2)
    assert "no form of a notice" in said


@pytest.mark.usefixtures("forms")
def test_a_convoy_from_the_command_line(desks):  # noqa: F811 (the fixture)
    """Departed, late, arrived; how it went is counted."""
    north, _ = desks
    north.signs_in("lina")
    north.says("notice", "file", "convoy.json")
    north.says("notice", "life", "c1", "arrived", code=2)
    for state in ("departed", "delayed", "arrived"):
        north.says("notice", "life", "c1", state)
    assert "completed" in north.says("notice", "outcome", "c1", "facilitated")
    listed = north.says("notice", "list", "--own", "--every", "--kind", "movement")
    assert "[c1]" in listed
    month = json.loads(north.says("notice", "show", "c1", "--json"))["window"]["start"]
    assert "movement, completed, facilitated" in north.says(
        "notice", "count", month[:7]
    )


def test_what_is_to_be_corrected_and_of_which_revision_an_answer_was(desks):  # noqa: F811
    """A notice comes back with why; an answer to what no longer stands says so."""
    north, south = desks
    north.signs_in("lina")
    south.signs_in("duty")
    client = north.served
    with client.as_person("lina") as lina, client.as_person("observer") as observer:
        form = a_site("s9", through="monitor-ops")
        assert lina.post("/api/v1/notices", json=form).status_code == 201
        returned = {"routing": "returned", "why": "which building?"}
        observer.post("/api/v1/notices/s9/routing", json=returned)
        said = north.says("notice", "show", "s9")
        assert "monitor-ops: returned " in said
        assert "which building?" in said
        sent = {"routing": "forwarded", "to": "south-ops"}
        observer.post("/api/v1/notices/s9/routing", json=sent)
        south.says("notice", "answer", "s9", "acknowledged")
        form["details"]["request"] = "amend"
        lina.post("/api/v1/notices/s9/revisions", json=form | {"what": "it moved"})
    said = north.says("notice", "show", "s9")
    assert "south-ops: acknowledged (of revision 1)" in said
