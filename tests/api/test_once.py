"""What is asked twice is done once: idempotency keys."""

import concurrent.futures
import hashlib
import threading

import pytest

from api.nodes import running
from api.test_notices import a_site, details_of
from clearline.service.ports import StoreRefused
from clearline.web.once import LONGEST_KEY
from notice_forms import SITE

WEST = {"from_desk": "north-ops", "to_desk": "south-ops", "medium": "sms"}


def keyed(key):
    """Give the header of a key."""
    return {"idempotency-key": key}


def test_the_same_key_gets_the_same_answer_and_nothing_is_done(node):
    """A request that is sent again because its answer was lost does nothing twice."""
    with node.as_person("admin") as admin:
        first = admin.post("/api/v1/sheets", json={}, headers=keyed("a"))
        size = node.service.node.log.size
        again = admin.post("/api/v1/sheets", json={}, headers=keyed("a"))
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert again.headers["content-type"] == "application/json"
    assert node.service.node.log.size == size


def test_the_same_key_with_another_body_is_refused(node):
    """Whoever mixes two requests up is told, and the second is not done."""
    with node.as_person("admin") as admin:
        admin.post("/api/v1/lines", json=WEST, headers=keyed("a"))
        other = admin.post(
            "/api/v1/lines", json={**WEST, "medium": "voice"}, headers=keyed("a")
        )
        elsewhere = admin.post(
            "/api/v1/parties/south/decision-times",
            json={"action": "a", "decides_within_s": 1},
            headers=keyed("a"),
        )
        lines = admin.get("/api/v1/lines").json()["items"]
        declared = list(node.service.node.picture.declared.values())
    assert other.status_code == elsewhere.status_code == 409
    assert other.json()["type"].endswith("#saidotherwise")
    assert [one["medium"] for one in lines] == ["sms"]
    assert declared == []


def test_a_key_belongs_to_who_sent_it(node):
    """Two people who happen to draw the same key do not get each other's answer."""
    with node.as_person("admin") as admin, node.as_person("duty") as duty:
        ours = admin.post("/api/v1/sheets", json={}, headers=keyed("a")).json()
        theirs = duty.post("/api/v1/sheets", json={}, headers=keyed("a")).json()
    assert ours["id"] != theirs["id"]
    assert (ours["desk"], theirs["desk"]) == ("north-ops", "south-ops")


def test_an_answer_is_kept_across_a_restart(tmp_path):
    """A node that was started anew in between still knows what it answered."""
    folder = tmp_path / "data"
    with running(folder) as node, node.as_person("admin") as admin:
        first = admin.post("/api/v1/sheets", json={}, headers=keyed("a"))
        token = admin.headers["authorization"].removeprefix("Bearer ")
    with running(folder, has_people=False) as node, node.anybody(token) as admin:
        size = node.service.node.log.size
        again = admin.post("/api/v1/sheets", json={}, headers=keyed("a"))
        other = admin.post("/api/v1/sheets", json={"id": "x"}, headers=keyed("a"))
        after = node.service.node.log.size
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert other.status_code == 409
    assert after == size


def test_a_refusal_is_not_kept(node):
    """What was refused did nothing; once it is possible the same key does it."""
    given = {**WEST, "to_desk": "west-ops"}
    with node.as_person("admin") as admin:
        refused = admin.post("/api/v1/lines", json=given, headers=keyed("a"))
        admin.put("/api/v1/desks/west-ops", json={"party": "south", "name": "West"})
        again = admin.post("/api/v1/lines", json=given, headers=keyed("a"))
    assert refused.is_client_error
    assert again.status_code == 201


def test_a_secret_is_told_once_and_its_key_made_once(node, tmp_path):
    """The same key makes no second key for a machine, and tells none again."""
    given = {"desk": "south-ops", "name": "planner", "scopes": ["read"]}
    with node.as_person("admin") as admin:
        first = admin.post("/api/v1/keys", json=given, headers=keyed("a"))
        again = admin.post("/api/v1/keys", json=given, headers=keyed("a"))
        made = admin.get("/api/v1/keys").json()["items"]
    assert first.json()["token"]
    assert again.status_code == 409
    assert again.json()["type"].endswith("#toldonce")
    assert first.json()["token"] not in again.text
    assert [one["name"] for one in made] == ["planner"]
    kept = b"".join(one.read_bytes() for one in tmp_path.rglob("local.sqlite*"))
    assert kept
    assert first.json()["token"].encode() not in kept


def test_two_at_once_are_done_once(node):
    """A second request of a key waits for the first, and gets its answer."""
    many = 8
    at_once = threading.Barrier(many)

    def ask(_):
        with node.as_person("admin") as admin:
            at_once.wait(10)
            return admin.post("/api/v1/sheets", json={}, headers=keyed("a")).json()

    with concurrent.futures.ThreadPoolExecutor(many) as pool:
        ids = {said["id"] for said in pool.map(ask, range(many))}
    assert len(ids) == 1
    assert not node.app._once._under_way


@pytest.mark.parametrize("key", ["", "x" * (LONGEST_KEY + 1)])
def test_a_key_that_is_none_is_refused(node, key):
    """Rather than done as if no key had been sent."""
    with node.as_person("admin") as admin:
        said = admin.post("/api/v1/sheets", json={}, headers=keyed(key))
    assert said.status_code == 400


def test_a_stop_waits_for_no_key(node, monkeypatch):
    """The store that keeps answers is dead: a STOP with a key rings, twice as once."""

    def dead(*_):
        raise StoreRefused("The disk is gone.", state="", next="")

    monkeypatch.setattr(node.service.answers, "before", dead)
    monkeypatch.setattr(node.service.answers, "keep", dead)
    with node.as_person("lina") as lina:
        first = lina.post("/api/v1/calls", json={}, headers=keyed("a")).json()
        again = lina.post("/api/v1/calls", json={}, headers=keyed("a")).json()
        other = lina.post(
            "/api/v1/calls", json={"card": {"what": "shelling"}}, headers=keyed("a")
        )
        sheet = lina.post("/api/v1/sheets", json={}).json()["id"]
        of_sheet = lina.post(
            f"/api/v1/sheets/{sheet}/call", json={}, headers=keyed("b")
        )
    assert [one["id"] for one in first["calls"]] == [
        one["id"] for one in again["calls"]
    ]
    assert other.status_code == 201
    assert {one["id"] for one in other.json()["calls"]}.isdisjoint(
        one["id"] for one in first["calls"]
    )
    assert of_sheet.status_code == 201


def test_what_is_done_is_told_though_its_answer_cannot_be_kept(node, monkeypatch):
    """A full disk after the act does not make a refusal of it."""

    def full(*_):
        raise StoreRefused("The disk is full.", state="", next="")

    monkeypatch.setattr(node.service.answers, "keep", full)
    with node.as_person("admin") as admin:
        said = admin.post("/api/v1/sheets", json={}, headers=keyed("a"))
    assert said.status_code == 201


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("/api/v1/sheets", {}),
        ("/api/v1/lines", WEST),
        ("/api/v1/lines/checks", {"to_desk": "south-ops", "medium": "screen"}),
    ],
)
def test_killed_after_it_acted_a_request_never_acts_twice(
    tmp_path, monkeypatch, path, given
):
    """Its answer was lost: the same key names the entries it is done in."""
    folder = tmp_path / "data"
    with running(folder) as node, node.as_person("admin") as admin:
        token = admin.headers["authorization"].removeprefix("Bearer ")
        monkeypatch.setattr(node.service.answers, "keep", lambda *_: None)
        before = node.service.node.log.size
        assert admin.post(path, json=given, headers=keyed("a")).status_code == 201
        acted = node.service.node.log.size
    with running(folder, has_people=False) as node, node.anybody(token) as admin:
        size = node.service.node.log.size
        again = admin.post(path, json=given, headers=keyed("a"))
        assert again.status_code == 409, again.text
        assert again.json()["type"].endswith("#doneuntold")
        assert any(
            str(index) in again.json()["title"] for index in range(before, acted)
        )
        assert node.service.node.log.size == size
        other = admin.post(path, json={**given, "x": 1}, headers=keyed("a"))
        assert other.status_code in (409, 422)


def test_killed_before_it_acted_a_request_is_done_when_it_comes_again(tmp_path):
    """Nothing of theirs stands in the log since it was begun: it is done now, once."""
    folder = tmp_path / "data"
    with running(folder) as node, node.as_person("admin") as admin:
        token = admin.headers["authorization"].removeprefix("Bearer ")
        body = b"{}"
        said = hashlib.sha256(b"/api/v1/sheets\n" + body).digest()
        admin.post("/api/v1/sheets", json={}, headers=keyed("first"))
        ((whose,),) = node.service.local.ask("SELECT DISTINCT whose FROM idempotency")
        sizes = f"{node.service.node.log.size} {node.service.own.node.log.size}"
        node.service.answers.begin(whose, "a", said, sizes.encode())
    with running(folder, has_people=False) as node, node.anybody(token) as admin:
        headers = {**keyed("a"), "content-type": "application/json"}
        done = admin.post("/api/v1/sheets", content=body, headers=headers)
        assert done.status_code == 201, done.text
        again = admin.post("/api/v1/sheets", content=body, headers=headers)
        assert again.content == done.content


STOP = {"id": "c1", "to_desk": "south-ops", "card": {"what": "the shelling"}}
WARN = {"kind": "WARN", "to_desk": "south-ops", "card": {"what": "a convoy is late"}}
AMENDED = a_site(
    "n-1", what="moved", details=details_of(SITE, ref="n-1", request="amend")
)
STATEMENT = {"id": "s-1", "role": "nurse", "pseudonym": "one", "said": "Two came in."}
ASKED = (
    ("lina", "/calls", STOP),
    ("lina", "/calls", {}),
    ("lina", "/calls", {"kind": "HOLD", "ends_in_s": 900}),
    ("lina", "/calls", WARN),
    ("duty", "/calls/c1/acknowledgement", {}),
    ("duty", "/calls/c1/readback", {"said": [{"name": "kind", "text": "STOP"}]}),
    ("duty", "/calls/c1/answer", {"answer": "WILCO"}),
    ("lina", "/calls", {"kind": "RELEASE", "of": "c1"}),
    ("duty", "/calls/c1/acknowledgement/withdrawal", {"why": "not ours"}),
    ("lina", "/notices", a_site("n-1")),
    ("lina", "/notices", {**a_site("n-2"), "id": None}),
    ("duty", "/notices/n-1/answers", {"disposition": "acknowledged"}),
    ("lina", "/notices/n-1/revisions", AMENDED),
    ("lina", "/notices/n-1/withdrawal", {}),
    ("lina", "/harm", {"case": "ferry", "says": "It was hit.", "call": "c1"}),
    ("lina", "/cases/ferry/statements", STATEMENT),
)
"""What is asked, one after the other, each with a key of its own."""


def ask_all(node):
    """Ask for everything; list what was answered."""
    answers = []
    for number, (who, path, given) in enumerate(ASKED):
        with node.as_person(who) as asker:
            key = keyed(f"key {number}")
            answers.append(asker.post(f"/api/v1{path}", json=given, headers=key))
    return answers


def test_killed_before_it_was_told_the_first_answer_is_made_again(
    tmp_path, monkeypatch
):
    """Same status, same bytes, nothing done, whatever came to stand meanwhile."""
    folder = tmp_path / "data"
    with running(folder) as node:
        monkeypatch.setattr(node.service.answers, "keep", lambda *_: None)
        first = ask_all(node)
        assert [one.status_code for one in first if one.is_error] == []
    monkeypatch.undo()
    with running(folder, has_people=False) as node:
        size = node.service.node.log.size
        again, once_more = ask_all(node), ask_all(node)
        assert node.service.node.log.size == size
    for asked, was, now, then in zip(ASKED, first, again, once_more, strict=True):
        assert (now.status_code, now.json()) == (was.status_code, was.json()), asked
        assert was.content == now.content == then.content, asked


def test_an_answer_given_once_is_not_taken_for_another_request(node):
    """Another key, or another body, is another request: it is looked at anew."""
    with node.as_person("lina") as lina, node.as_person("duty") as duty:
        lina.post("/api/v1/calls", json=STOP, headers=keyed("a"))
        path = "/api/v1/calls/c1/acknowledgement"
        first = duty.post(path, json={}, headers=keyed("b")).json()
        same = duty.post(path, json={}, headers=keyed("b")).json()
        other = duty.post(path, json={}, headers=keyed("c")).json()
        theirs = lina.post(
            "/api/v1/calls", json={**STOP, "card": {}}, headers=keyed("a")
        )
    assert first["has_changed"]
    assert first == same
    assert not other["has_changed"]
    assert theirs.json()["calls"][0]["id"] != "c1"
