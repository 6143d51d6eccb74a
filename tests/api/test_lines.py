"""Lines checked over the API, and how every channel to a desk stands."""

from contextlib import ExitStack

import pytest

from clearline.model.commands import ReadZones
from clearline.model.parties import Medium

CHECKS = "/api/v1/lines/checks"
MATRIX = "/api/v1/lines/matrix"


@pytest.fixture
def who(node):
    """Give the client of a person, the same each time."""
    with ExitStack() as opened:
        known = {}

        def person(name):
            if name not in known:
                known[name] = opened.enter_context(node.as_person(name))
            return known[name]

        yield person


def rows(client, desk="south-ops"):
    """Read the rows of a desk, by medium."""
    said = client.get(MATRIX, params={"desk": desk})
    assert said.status_code == 200, said.text
    return {row["medium"]: row for row in said.json()["items"]}


def test_a_check_on_demand_is_answered_and_stands_in_the_matrix(who):
    """Who answered and how soon, on a row of its own; nobody's name across parties."""
    said = who("lina").post(CHECKS, json={"to_desk": "south-ops", "medium": "screen"})
    assert said.status_code == 201, said.text
    (called,) = said.json()["items"]
    assert called["trouble"] == ""
    assert rows(who("lina"))["screen"]["under_way"] == called["call"]
    done = who("duty").post(f"/api/v1/calls/{called['call']}/acknowledgement")
    assert done.status_code == 200, done.text
    row = rows(who("director"))["screen"]
    assert (row["stands"], row["place"]) == ("good", 1)
    assert row["last"]["by"] == "duty"
    assert row["times"]["good"] == 1
    assert row["persons"][0]["person"] == "duty"
    told = rows(who("lina"))["screen"]
    assert told["stands"] == "good"
    assert told["persons"] == []
    assert "duty" not in str(told)


def test_every_medium_of_a_desk_is_checked_at_once(who):
    """What this node cannot carry is said at once, not in ten minutes."""
    admin = who("admin")
    person = admin.get("/api/v1/persons/duty").json()
    given = {
        "desk": "south-ops",
        "pseudonym": person["pseudonym"],
        "roles": person["roles"],
        "media": ["screen", "voice"],
    }
    assert admin.put("/api/v1/persons/duty", json=given).status_code == 200
    said = who("lina").post(CHECKS, json={"to_desk": "south-ops"}).json()["items"]
    by_medium = {one["medium"]: one for one in said}
    assert by_medium["screen"]["trouble"] == ""
    assert by_medium["voice"]["trouble"] != ""
    again = who("lina").post(CHECKS, json={"to_desk": "south-ops"}).json()["items"]
    assert {one["call"] for one in again} == {None}


def test_a_check_of_nobodys_desk_is_not_there(who):
    """And one that rings already is refused by name."""
    client = who("lina")
    assert client.post(CHECKS, json={"to_desk": "nowhere"}).status_code == 404
    assert client.get(MATRIX, params={"desk": "nowhere"}).status_code == 404
    one = {"to_desk": "south-ops", "medium": "screen"}
    assert client.post(CHECKS, json=one).status_code == 201
    assert client.post(CHECKS, json=one).status_code == 409


def test_the_matrix_has_a_row_for_every_desk_and_medium(who):
    """Never checked is a row too: it is nobody's good line."""
    admin = who("admin")
    line = {"from_desk": "north-ops", "to_desk": "south-hq", "medium": "sms"}
    later = {**line, "next_at": "2090-01-01T00:00:00Z"}
    assert admin.post("/api/v1/lines", json=later).status_code == 201
    items = admin.get(MATRIX).json()["items"]
    assert {row["desk"] for row in items} >= {"north-ops", "south-hq", "south-ops"}
    (sms,) = [row for row in items if row["medium"] == "sms"]
    assert (sms["stands"], sms["party"], sms["every_s"]) == ("never", "south", 43200)
    assert sms["next_at"] == "2090-01-01T00:00:00Z"


NUMBERS = "/api/v1/desks/south-ops/numbers"


def test_a_desks_numbers_stand_on_its_phone_card_for_every_party(who):
    """In the order they were given, beside the channels; no person's is among them."""
    given = {"numbers": [{"number": "+1 555-0100", "says": "duty"}]}
    assert who("admin").put(NUMBERS, json=given).status_code == 204
    said = who("lina").get("/api/v1/phone-cards", params={"desk": "south-ops"})
    (card,) = said.json()["items"]
    assert card["numbers"] == [{"number": "+15550100", "says": "duty"}]
    assert [one["medium"] for one in card["channels"]]
    assert all(not one["persons"] for one in card["channels"])
    assert len(who("lina").get("/api/v1/phone-cards").json()["items"]) > 1
    wrong = {"numbers": [{"number": "the duty telephone"}]}
    assert who("admin").put(NUMBERS, json=wrong).status_code == 422
    nobody = who("admin").put("/api/v1/desks/nobody/numbers", json=given)
    assert nobody.status_code == 404
    assert who("admin").put(NUMBERS, json={"numbers": []}).status_code == 204
    again = who("lina").get("/api/v1/phone-cards", params={"desk": "south-ops"})
    assert again.json()["items"][0]["numbers"] == []


def test_channels_that_are_on_are_found_and_set(node):
    """What this node cannot carry is left alone; looked at again, nothing is new."""
    service = node.service
    assert service.line_keeper.look() > 0
    service.node.runner.ask(ReadZones(zones=())).result(20)
    with service.node.looking() as view:
        lines = list(view.lines.values())
    assert {line.medium for line in lines if line.is_default} == {Medium.SCREEN}
    assert service.line_keeper.look() == 0
