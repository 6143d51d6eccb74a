"""A call over HTTP, from an empty object to its end."""

import pytest

from clearline.model.calls import Kind
from clearline.web.endpoints import READING, WRITING


def raised(client, **given):
    """Raise a call and return what was said."""
    said = client.post("/api/v1/calls", json=given)
    assert said.status_code == 201, said.text
    return said.json()


def test_an_empty_object_is_a_stop_to_every_other_party(node):
    """Nothing has to be filled in: who calls is enough."""
    with node.as_person("lina") as lina:
        said = raised(lina)
    assert said["is_durable"]
    assert {call["to_party"] for call in said["calls"]} == {"south", "monitor"}
    assert {call["kind"] for call in said["calls"]} == {"STOP"}
    assert all(call["is_ringing"] for call in said["calls"])


def test_a_device_raises_a_stop_with_nobody_signed_in(node):
    """An enrolled device may raise STOP and HOLD, and no more."""
    with node.as_person("admin") as admin:
        given = {"desk": "north-ops", "name": "wall screen"}
        token = admin.post("/api/v1/devices", json=given).json()["token"]
    with node.anybody(token) as device:
        (call,) = raised(device, to_desk="south-ops")["calls"]
        assert call["raised_by"]["strength"] == "device_only"
        assert call["raised_by"]["person"] is None
        assert raised(device, kind="HOLD", to_desk="south-ops")["calls"]
        refused = device.post("/api/v1/calls", json={"kind": "QUERY"})
        assert refused.status_code == 403
        path = f"/api/v1/calls/{call['id']}/acknowledgement"
        assert device.post(path, json={}).status_code == 403


def test_a_whole_call_is_answered_over_http(node):
    """Raised, acknowledged, read back, passed on, ceased, closed by both."""
    with node.as_person("lina") as lina, node.as_person("duty") as duty:
        card = {"where": "37S FV 048 031", "what": "air strikes", "confidence": 3}
        (call,) = raised(lina, to_desk="south-ops", card=card)["calls"]
        path = f"/api/v1/calls/{call['id']}"
        assert call["card"]["where"]["format"] == "mgrs"

        def does(who, what, **given):
            said = who.post(f"{path}/{what}", json=given)
            assert said.status_code == 200, said.text
            return said.json()

        assert does(duty, "acknowledgement")["call"]["phase"] == "HELD"
        wanted = duty.get(f"{path}/readback").json()["elements"]
        said = [{"name": one["name"], "text": one["text"]} for one in wanted]
        assert does(duty, "readback", said=said)["is_match"]
        assert does(duty, "passing-on", to_desk="south-air")["call"]["passed"]
        assert does(duty, "ceased")["call"]["phase"] == "CEASED"
        assert does(duty, "closing")["call"]["is_open"]
        over = does(lina, "closing")["call"]
        assert (over["is_open"], over["ending"]) == (False, "closed")
        entries = lina.get(f"{path}/entries").json()["items"]
    acts = [one["act"] for one in entries]
    assert acts[0] == "call_raised"
    assert acts[-1] == "call_ended"
    assert [one["index"] for one in entries] == sorted(one["index"] for one in entries)


def test_a_readback_that_differs_says_where(node):
    """What came back wrong is named, and everybody is rung again."""
    with node.as_person("lina") as lina, node.as_person("duty") as duty:
        card = {"where": "35.2663 N 40.1527 E"}
        (call,) = raised(lina, to_desk="south-ops", card=card)["calls"]
        said = duty.post(
            f"/api/v1/calls/{call['id']}/readback",
            json={"said": [{"name": "where", "text": "35.2043 N 40.1760 E"}]},
        ).json()
    assert not said["is_match"]
    outcomes = {one["name"]: one["outcome"] for one in said["result"]["elements"]}
    assert outcomes["where"] == "differs"
    assert said["call"]["is_ringing"]


def test_a_place_nobody_can_read_never_holds_a_stop_up(node):
    """Words that are no place stay the words they were."""
    with node.as_person("lina") as lina:
        card = {"where": "the white house by the river"}
        (call,) = raised(lina, to_desk="south-ops", card=card)["calls"]
    assert call["card"]["where"]["text"] == "the white house by the river"
    assert call["card"]["where"]["footprint"]["type"] == "unlocated"


def test_the_same_call_said_again_changes_nothing(node):
    """By its id, or by the idempotency key, a call is raised once."""
    with node.as_person("lina") as lina:
        first = raised(lina, id="stop-7", to_desk="south-ops")
        size = node.service.node.log.size
        again = raised(lina, id="stop-7", to_desk="south-ops")
        assert again["calls"][0]["number"] == first["calls"][0]["number"]
        assert node.service.node.log.size == size
        key = {"idempotency-key": "one press"}
        ids = {
            lina.post("/api/v1/calls", json={}, headers=key).json()["calls"][0]["id"]
            for _ in range(3)
        }
    assert len(ids) == 1


def test_a_stop_with_mistakes_rings_all_the_same(node):
    """It says what was left out; a call that can wait is refused instead."""
    with node.as_person("lina") as lina:
        card = {"where": ["35.3", "40.1"], "what": "fire", "confidence": 7}
        given = {"to_desk": "south-ops", "card": card, "said_at": "now"}
        said = raised(lina, **given)
        assert set(said["left_out"]) == {"said_at", "card.where", "card.confidence"}
        (call,) = said["calls"]
        assert call["kind"] == "STOP"
        assert 'where: ["35.3","40.1"]' in call["card"]["why"]
        refused = lina.post("/api/v1/calls", json=given | {"kind": "WARN"})
    assert refused.status_code == 400


def test_a_stop_with_fields_nobody_knows_rings_and_names_them(node):
    """A misspelt field keeps a STOP or HOLD from nothing; a WARN is refused at it."""
    given = {"to_desk": "south-ops", "vehicles": 3, "card": {"wat": "fire"}}
    with node.as_person("lina") as lina:
        for kind in ("STOP", "HOLD"):
            said = raised(lina, **given, kind=kind)
            assert set(said["left_out"]) == {"vehicles", "card.wat"}
            (call,) = said["calls"]
            assert call["kind"] == kind
            assert 'wat: "fire"' in call["card"]["why"]
        refused = lina.post("/api/v1/calls", json=given | {"kind": "WARN"})
    assert refused.status_code == 422
    assert [one["field"] for one in refused.json()["faults"]] == [
        "vehicles",
        "card.wat",
    ]


@pytest.mark.parametrize("kind", ["STOP", "HOLD"])
def test_a_desk_nobody_knows_is_said_and_everybody_rung(node, kind):
    """The answer names the address as what was left out, and where it rings."""
    with node.as_person("lina") as lina:
        said = raised(lina, kind=kind, to_desk="suoth-ops")
        every = raised(lina, kind=kind, card={"what": "another"})
    assert said["left_out"] == ["to_desk"]
    assert every["left_out"] == []
    where = [call["to_desk"] for call in said["calls"]]
    assert where == [call["to_desk"] for call in every["calls"]]
    assert where


def test_calls_are_listed_newest_first_in_pages(node):
    """A cursor leads through all calls, each once."""
    with node.as_person("lina") as lina:
        for count in range(7):
            raised(lina, id=f"w{count}", kind="WARN", to_desk="south-ops")
        numbers, after = [], ""
        while True:
            page = lina.get("/api/v1/calls", params={"limit": 3, "after": after}).json()
            numbers += [call["number"] for call in page["items"]]
            after = page["next"]
            if not after:
                break
        wrong = lina.get("/api/v1/calls", params={"after": "nonsense"})
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 7
    assert wrong.status_code == 400


def test_a_machine_client_never_acknowledges(node):
    """A key may raise and read for its desk; only a person has a call."""
    with node.as_person("admin") as admin:
        given = {"desk": "south-ops", "name": "planner", "scopes": ["calls", "read"]}
        token = admin.post("/api/v1/keys", json=given).json()["token"]
    with node.as_person("lina") as lina, node.anybody(token) as machine:
        (call,) = raised(lina, to_desk="south-ops")["calls"]
        assert machine.get(f"/api/v1/calls/{call['id']}").status_code == 200
        path = f"/api/v1/calls/{call['id']}/acknowledgement"
        assert machine.post(path, json={}).status_code == 403
        assert raised(machine, kind="WARN", to_desk="north-ops")["calls"]


def test_what_nobody_may_see_looks_as_if_it_were_not_there(node):
    """A desk that a call never reached gets the answer for no call at all."""
    with node.as_person("lina") as lina, node.as_person("observer") as observer:
        (call,) = raised(lina, to_desk="south-ops")["calls"]
        hidden = observer.get(f"/api/v1/calls/{call['id']}")
        nothing = observer.get("/api/v1/calls/no-such-call")
        acked = observer.post(f"/api/v1/calls/{call['id']}/acknowledgement", json={})
    assert hidden.status_code == nothing.status_code == acked.status_code == 404
    assert hidden.json() == nothing.json() == acked.json()


def test_a_release_needs_both_sides(node):
    """The raising party proposes it, one person of the other side confirms it."""
    with node.as_person("lina") as lina, node.as_person("duty") as duty:
        (stop,) = raised(lina, to_desk="south-ops")["calls"]
        (release,) = raised(lina, kind="RELEASE", of=stop["id"])["calls"]
        own = lina.post(
            f"/api/v1/calls/{release['id']}/answer", json={"answer": "AFFIRM"}
        )
        assert own.status_code in (403, 409)
        assert lina.get(f"/api/v1/calls/{stop['id']}").json()["is_in_force"]
        said = duty.post(
            f"/api/v1/calls/{release['id']}/answer", json={"answer": "AFFIRM"}
        )
        assert said.status_code == 200, said.text
        assert not lina.get(f"/api/v1/calls/{stop['id']}").json()["is_in_force"]


@pytest.mark.parametrize("kind", [Kind.STOP, Kind.HOLD])
def test_a_stop_is_never_throttled(node, kind):
    """A caller who may ask nothing else any more still raises a STOP and a HOLD."""
    for rate in (READING, WRITING):
        node.exhaust("person lina", rate)
    with node.as_person("lina") as lina:
        query = lina.post("/api/v1/calls", json={"kind": "QUERY"})
        assert query.status_code == 429
        assert int(query.headers["retry-after"]) >= 1
        assert lina.get("/api/v1/calls").status_code == 429
        assert raised(lina, kind=kind, to_desk="south-ops")["calls"]


def test_a_receipt_of_an_entry_proves_it_offline(node):
    """Whoever may see an entry gets its envelope, salt and proof."""
    with node.as_person("lina") as lina, node.as_person("observer") as observer:
        said = raised(lina, to_desk="south-ops")
        path = f"/api/v1/ledger/entries/{said['first']}/receipt"
        receipt = lina.get(path)
        assert receipt.status_code == 200
        assert receipt.text
        assert observer.get(path).status_code == 404
        assert lina.get("/api/v1/ledger/entries/99999/receipt").status_code == 404
        assert (
            node.service.node.log.origin in lina.get("/api/v1/ledger/checkpoint").text
        )
