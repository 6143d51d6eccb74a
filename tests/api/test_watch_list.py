"""Watches planned over the API: rotations, overrides, and the gaps ahead."""

from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest

from clearline.model.commands import ReadZones

PLAN = "/api/v1/desks/south-ops/watch/plan"
AHEAD = "/api/v1/desks/south-ops/watch/ahead"
TURNS = {
    "name": "turns",
    "role": "duty_officer",
    "persons": ["duty", "director"],
    "zone": "Asia/Damascus",
    "first": "2026-03-01T08:00:00",
    "shift_s": 43_200,
}


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


def now(node):
    """Say what time it is at the node."""
    return node.service.node.clock.read().at


def planned(who):
    """Set the plan of south-ops."""
    said = who("admin").put(PLAN, json={"rotations": [TURNS]})
    assert said.status_code == 200, said.text
    return said.json()


def test_a_plan_comes_back_as_it_was_given(who):
    """What was set is what is read; members of the party may look."""
    plan = planned(who)
    assert plan["rotations"][0]["persons"] == ["duty", "director"]
    again = who("duty").get(PLAN).json()
    looks = [datetime.fromisoformat(one.pop("next_at")) for one in (plan, again)]
    assert again == plan
    assert looks == sorted(looks), "it is looked at once it is due"


def test_another_partys_plan_is_not_there(who):
    """Who is planned when is its own party's to know."""
    planned(who)
    for path in (PLAN, AHEAD):
        assert who("observer").get(path).status_code == 404
    own = who("observer").get("/api/v1/watches/ahead")
    assert own.json() == {"items": []}


def test_a_plan_is_changed_only_as_it_was_read(who):
    """`If-Match` of an older plan is refused, so that nobody's change is lost."""
    planned(who)
    admin, none = who("admin"), {"rotations": []}
    for _ in range(10):
        tag = admin.get(PLAN).headers["etag"]
        said = admin.put(PLAN, json=none, headers={"if-match": tag})
        if said.status_code != 412:  # it was not looked at in between
            break
    assert said.status_code == 200
    again = admin.put(PLAN, json={"rotations": [TURNS]}, headers={"if-match": tag})
    assert again.status_code == 412


def test_what_lies_ahead_is_shown_with_its_gaps(node, who):
    """Who is planned, when nobody is, and who has not taken the watch now."""
    planned(who)
    duty = who("duty")
    ahead = duty.get(AHEAD, params={"days": 2}).json()
    assert {one["person"] for one in ahead["planned"]} == {"duty", "director"}
    assert ahead["gaps"] == []
    since = now(node) + timedelta(days=1)
    window = {
        "since": since.isoformat(),
        "until": (since + timedelta(hours=30)).isoformat(),
    }
    for person in ("duty", "director"):
        said = duty.post(
            "/api/v1/desks/south-ops/watch/overrides",
            json={**window, "id": f"off-{person}", "instead_of": person, "why": "ill"},
        )
        assert said.status_code == 201, said.text
    (gap,) = duty.get(AHEAD, params={"days": 4}).json()["gaps"]
    assert gap["role"] == "duty_officer"
    items = duty.get("/api/v1/watches/ahead", params={"days": 4}).json()["items"]
    assert [one["desk"] for one in items] == ["south-ops"]
    path = "/api/v1/desks/south-ops/watch/overrides/off-duty"
    assert duty.delete(path).status_code == 200
    assert duty.delete(path).status_code == 422


def test_who_is_planned_and_has_not_taken_the_watch_is_named(who):
    """Planned at every hour and not there: shown; the one who is there is not."""
    for persons, missing in ((["director"], ["director"]), (["duty"], [])):
        given = {"rotations": [{**TURNS, "persons": persons}]}
        assert who("admin").put(PLAN, json=given).status_code == 200
        found = who("duty").get("/api/v1/desks/south-ops/watch").json()["not_taken"]
        assert [one["person"] for one in found] == missing


def test_a_zone_nobody_knows_is_refused(who):
    """With the three sentences every refusal has."""
    turns = {**TURNS, "zone": "Mars/Olympus"}
    said = who("admin").put(PLAN, json={"rotations": [turns]})
    assert said.status_code == 422
    assert "Mars/Olympus" in said.json()["title"]


def test_an_override_is_its_own_desks(node, who):
    """A person of another desk changes nothing here."""
    planned(who)
    since = now(node) + timedelta(days=1)
    given = {
        "since": since.isoformat(),
        "until": (since + timedelta(hours=1)).isoformat(),
        "instead_of": "duty",
    }
    path = "/api/v1/desks/south-ops/watch/overrides"
    assert who("chief").post(path, json=given).status_code == 404


def test_a_gap_that_is_near_rings_the_desk(node, who):
    """Nobody planned within the hour: a WARN rings, to whoever is there."""
    turns = {**TURNS, "until": "2026-03-02T08:00:00"}
    admin = who("admin")
    assert admin.put(PLAN, json={"rotations": [turns]}).status_code == 200

    def warned():
        calls = who("duty").get("/api/v1/calls").json()["items"]
        return [call for call in calls if "planned" in call["card"]["what"]]

    for _ in range(100):
        if warned():
            break
        node.service.node.runner.ask(ReadZones(zones=())).result(5)
    (warn,) = warned()
    assert warn["kind"] == "WARN"
    assert warn["to_desk"] == "south-ops"
