"""A spoken-call sheet over HTTP, from picking up to the STOP."""

import pytest


def opened(client, **given):
    """Open a sheet and return it."""
    said = client.post("/api/v1/sheets", json=given)
    assert said.status_code == 201, said.text
    return said.json()


def test_a_sheet_becomes_a_stop_in_one_act(node):
    """Heard, placed live, read back: the STOP rings with what was understood."""
    with node.as_person("lina") as lina:
        sheet = opened(lina)
        assert "I have no place yet" in sheet["read_back"]
        path = f"/api/v1/sheets/{sheet['id']}"
        noted = lina.post(
            f"{path}/notes",
            json={
                "words": "they are shelling us",
                "caller": "a nurse",
                "place": "35.2900N 40.1300E",
                "what": "the shelling",
            },
        ).json()
        assert noted["heard"] == 1
        assert noted["where"]["text"] == "35.2900N 40.1300E"
        assert "the shelling" in noted["read_back"]
        assert noted["due_at"] > sheet["due_at"]
        said = lina.post(f"{path}/call", json={})
        assert said.status_code == 201, said.text
        raised = said.json()
        assert raised["is_durable"]
        call = lina.get(f"/api/v1/calls/{raised['calls'][0]}").json()
        assert (call["kind"], call["card"]["what"]) == ("STOP", "the shelling")
        assert lina.get(path).json()["ending"] == "raised"


def test_a_place_of_two_minds_is_shown_and_chosen(shared):
    """Several readings come back, and the one that was chosen stands."""
    with shared.as_person("lina") as lina:
        path = f"/api/v1/sheets/{opened(lina)['id']}/notes"
        asked = lina.post(path, json={"place": "35.2900 40.1300"}).json()
        assert len(asked["readings"]) == 2
        assert asked["where"] is None
        chosen = lina.post(path, json={"place": "35.2900 40.1300", "choice": 1}).json()
        assert chosen["where"] == asked["readings"][0]["place"]


def test_a_device_alone_may_pick_up(shared):
    """Whoever hears the telephone writes, signed in or not."""
    with shared.as_person("admin") as admin:
        given = {"desk": "north-ops", "name": "telephone table"}
        token = admin.post("/api/v1/devices", json=given).json()["token"]
    with shared.anybody(token) as device:
        sheet = opened(device, id="mine-1")
        assert opened(device, id="mine-1")["opened_at"] == sheet["opened_at"]
        said = device.post(f"/api/v1/sheets/{sheet['id']}/call", json={"kind": "HOLD"})
        assert said.status_code == 201


@pytest.mark.parametrize("who", ["duty", "chief", "observer"])
def test_another_desk_sees_no_sheet(shared, who):
    """What was said on our telephone is not there for anybody else."""
    with shared.as_person("lina") as lina:
        path = f"/api/v1/sheets/{opened(lina)['id']}"
    with shared.as_person(who) as other:
        assert other.get(path).status_code == 404
        for what in ("notes", "call", "end"):
            assert other.post(f"{path}/{what}", json={}).status_code == 404


def test_nobody_writes_without_being_known(shared):
    """An unknown caller opens nothing."""
    with shared.anybody() as nobody:
        assert nobody.post("/api/v1/sheets", json={}).status_code == 401


def test_what_is_over_takes_no_more(shared):
    """A sheet that was put away stays as it was."""
    with shared.as_person("lina") as lina:
        path = f"/api/v1/sheets/{opened(lina)['id']}"
        assert lina.post(f"{path}/end").json()["ending"] == "finished"
        refused = lina.post(f"{path}/notes", json={"what": "more"})
        assert refused.status_code == 422
        assert refused.headers["content-type"] == "application/problem+json"


def test_a_sheet_becomes_no_query(shared):
    """Only STOP and HOLD are made of a sheet."""
    with shared.as_person("lina") as lina:
        path = f"/api/v1/sheets/{opened(lina)['id']}/call"
        assert lina.post(path, json={"kind": "QUERY"}).status_code == 422
