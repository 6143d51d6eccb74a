"""Every error has one shape, whatever went wrong and wherever it was seen."""

import json
import socket

import msgspec
import pytest
from starlette.requests import Request

from api.nodes import running
from clearline.client import Client, Refused
from clearline.model.access import Scope
from clearline.model.errors import LostCertainty
from clearline.model.faults import FilingRefused
from clearline.service.ports import StoreRefused
from clearline.web import protocol
from clearline.web.app import ENDPOINTS, _body
from clearline.web.endpoints import PROVING, READING, WRITING

MEMBERS = {"type", "title", "status", "detail", "next", "exit_code"}
PERSON = "/api/v1/persons/lina"


def is_problem(said, status, name):
    """Hold an answer against the shape, and against what it should say."""
    assert said.status_code == status, said.text
    assert said.headers["content-type"] == "application/problem+json"
    problem = said.json()
    assert problem.keys() == MEMBERS
    assert problem["status"] == status
    assert problem["type"] == f"docs/reference/errors.md#{name}"
    assert all(problem[one].strip() for one in ("title", "detail", "next"))
    return problem


@pytest.mark.parametrize(
    ("asked", "status", "name"),
    [
        (("GET", "/api/v1/nothing", {}), 404, "notthere"),
        (("GET", "/api/v1/calls/no-such-call", {}), 404, "notthere"),
        (("GET", "/api/v1/calls/", {}), 404, "notthere"),
        (("POST", "/api/v1/calls/", {"json": {}}), 404, "notthere"),
        (("GET", "/api/v1/ledger/entries/x/receipt", {}), 404, "notthere"),
        (("GET", "/api/v1/%2e%2e/%2e%2e/etc/passwd", {}), 404, "notthere"),
        (("PATCH", "/api/v1/calls", {}), 405, "notthisway"),
        (("OPTIONS", "/api/v1/calls", {}), 405, "notthisway"),
        (("POST", "/api/v1/calls", {"content": b"{"}), 400, "badrequest"),
        (("GET", "/api/v1/calls?limit=0", {}), 400, "badrequest"),
        (("GET", "/api/v1/calls?limit=many", {}), 400, "badrequest"),
        (("GET", "/api/v1/calls?kind=SHOUT", {}), 400, "badrequest"),
        (("GET", "/api/v1/calls?after=%00", {}), 400, "badrequest"),
        (("PUT", f"{PERSON}/pin", {"json": {"pin": "12"}}), 422, "weaksecret"),
        (("POST", "/api/v1/calls", {"data": {"kind": "STOP"}}), 415, "notthiskind"),
    ],
    ids=lambda one: " ".join(one[:2]) if isinstance(one, tuple) else str(one),
)
def test_a_refusal_says_what_happened_and_what_to_do(shared, asked, status, name):
    """Not there, not this way, not readable, not this kind, not possible: one shape."""
    method, path, more = asked
    if "content" in more:
        more = {**more, "headers": {"content-type": "application/json"}}
    with shared.as_person("admin") as admin:
        is_problem(admin.request(method, path, **more), status, name)


@pytest.mark.parametrize(
    "endpoint",
    [one for one in ENDPOINTS if one.takes is not None and one.name != "raiseCall"],
    ids=lambda one: one.name,
)
def test_a_body_with_a_field_nobody_knows_is_refused_at_it(endpoint):
    """Whatever the operation, no field of its body is passed over in silence."""
    body = msgspec.json.encode({"no_such_field": 1})
    with pytest.raises(FilingRefused) as caught:
        _body(endpoint, Request({"type": "http", "headers": []}), body)
    faults = {one.field: one for one in caught.value.faults}
    assert "no field 'no_such_field'" in faults["no_such_field"].wrong
    known = getattr(endpoint.takes, "__struct_encode_fields__", ())
    assert all(name in faults["no_such_field"].right for name in known)


def test_an_unknown_field_is_said_at_its_place(shared):
    """422, the shape every form is refused in, with the fields that are known."""
    with shared.as_person("admin") as admin:
        said = admin.put(f"{PERSON}/pin", json={"pin": "123456", "pinn": 1})
    assert said.status_code == 422
    (fault,) = said.json()["faults"]
    assert fault["field"] == "pinn"
    assert "`pin`" in fault["right"]


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "", "json"])
def test_a_body_of_another_kind_is_refused_as_such(shared, kind):
    """JSON that says it is something else is not guessed at."""
    with shared.as_person("lina") as lina:
        said = lina.post("/api/v1/calls", content=b"{}", headers={"content-type": kind})
    is_problem(said, 415, "notthiskind")


def test_json_in_any_case_and_with_a_charset_is_json(shared):
    """`Application/JSON; charset=utf-8` is what many programs send."""
    with shared.as_person("lina") as lina:
        said = lina.post(
            "/api/v1/calls",
            content=b"{}",
            headers={"content-type": "Application/JSON; charset=utf-8"},
        )
    assert said.status_code == 201


def test_too_long_a_body_is_refused_though_nobody_said_how_long(shared):
    """A body that comes in pieces, with no length said, is cut off too."""

    def pieces():
        yield b'{"id": "'
        for _ in range(40):
            yield b"x" * 65_536
        yield b'"}'

    with shared.as_person("lina") as lina:
        said = lina.post(
            "/api/v1/calls",
            content=pieces(),
            headers={"content-type": "application/json"},
        )
    is_problem(said, 413, "toolong")


def test_nobody_known_is_told_how_to_be_known(shared):
    """401 names the scheme; so do a token of nobody's and one that was taken back."""
    for token in ("", "cls_nothing", "clk_nothing", "cld_nothing", "x" * 5000):
        with shared.anybody(token) as nobody:
            said = nobody.get("/api/v1/calls")
        is_problem(said, 401, "notsignedin")
        assert said.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("caller", "rate", "asked"),
    [
        ("person lina", READING, ("GET", "/api/v1/calls", None)),
        ("person lina", WRITING, ("POST", "/api/v1/sheets", {})),
        ("person lina", WRITING, ("POST", "/api/v1/calls", {"kind": "QUERY"})),
        ("sign-in 127.0.0.1", PROVING, ("POST", "/api/v1/sessions", None)),
    ],
    ids=str,
)
def test_too_often_says_when_to_come_again(node, caller, rate, asked):
    """429 carries Retry-After, and what was asked was not done."""
    node.exhaust(caller, rate)
    method, path, body = asked
    if path == "/api/v1/sessions":
        body = {"person": "lina", "secret": "a sentence of words"}
    size = node.service.node.log.size
    with node.as_person("lina") as lina:
        said = lina.request(method, path, json=body)
    problem = is_problem(said, 429, "toomany")
    assert int(said.headers["retry-after"]) >= 1
    assert "STOP" in problem["detail"]
    assert node.service.node.log.size == size


@pytest.mark.parametrize("kind", ["STOP", "HOLD"])
@pytest.mark.parametrize("by", ["person", "device", "key"])
def test_a_flood_of_ones_own_keeps_no_stop_out(node, by, kind):
    """Whoever has used up every rate, as whatever they are known, still stops."""
    with node.as_person("admin") as admin:
        given = {"desk": "north-ops", "name": "x"}
        device = admin.post("/api/v1/devices", json=given).json()
        key = admin.post("/api/v1/keys", json={**given, "scopes": ["calls"]}).json()
    names = {"device": f"device {device['id']}", "key": f"key {key['id']}"}
    for rate in (READING, WRITING, PROVING):
        for caller in (names.get(by, "person lina"), "127.0.0.1"):
            node.exhaust(caller, rate)
    who = {
        "person": node.as_person("lina"),
        "device": node.anybody(device["token"]),
        "key": node.anybody(key["token"]),
    }[by]
    with who as somebody:
        for _ in range(100):
            said = somebody.post("/api/v1/calls", json={"kind": kind})
            assert said.status_code == 201, said.text


class Unforeseen(Exception):
    """Be a fault nobody thought of."""


@pytest.mark.parametrize(
    ("raised", "status", "name"),
    [
        (Unforeseen("boom with a secret in it"), 500, "ourfault"),
        (StoreRefused("The disk is gone.", state="Nothing.", next="Look."), 503, ""),
        (LostCertainty("It is not known.", state="Stopped.", next="Look."), 503, ""),
    ],
    ids=["a fault", "a broken promise", "lost certainty"],
)
def test_what_we_could_not_do_is_a_problem_too(node, monkeypatch, raised, status, name):
    """A fault of ours, a dead disk, lost certainty: said plainly, and no more."""

    def breaks(*_):
        raise raised

    monkeypatch.setattr(node.service.tokens, "every_key", breaks)
    with node.as_person("admin") as admin:
        said = admin.get("/api/v1/keys")
        is_problem(said, status, name or type(raised).__name__.lower())
        assert "a secret in it" not in said.text
        assert admin.get("/api/v1/node").status_code == 200


def spoken(node, said):
    """Send bytes to the node, and read what it says until it hangs up."""
    address = node.url.removeprefix("http://").split(":")
    with socket.create_connection((address[0], int(address[1])), timeout=10) as line:
        line.sendall(said)
        answer = b""
        while part := line.recv(65_536):
            answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return int(first.split()[1]), headers, body


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01", 400),
        (b"HELLO\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nbad header\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nhost: x\r\ncontent-length: many\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nhost: x\r\nx: " + b"y" * 200_000, 431),
        (b"GET / HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * 50_000, 431),
    ],
    ids=["tls", "words", "no header", "no length", "a long header", "many headers"],
)
def test_what_is_no_http_is_a_problem_too(shared, said, status):
    """Whoever speaks TLS to an open port, or without end, is told so as ever."""
    found, headers, body = spoken(shared, said)
    assert found == status
    assert headers["content-type"] == "application/problem+json"
    problem = json.loads(body)
    assert problem.keys() == MEMBERS
    assert problem["status"] == status


@pytest.mark.parametrize("said", [b"", b"POST /api/v1/calls HTTP/1.1\r\nhost: x\r\n"])
def test_half_a_request_is_not_waited_with_for_ever(tmp_path, monkeypatch, said):
    """A line on which nothing whole comes is let go, and says why."""
    monkeypatch.setattr(protocol, "HEAD_WITHIN_S", 0.2)
    with running(tmp_path / "data", has_people=False) as node:
        found, headers, _ = spoken(node, said)
    assert found == 408
    assert headers["content-type"] == "application/problem+json"


def test_the_head_of_a_request_may_be_long(shared):
    """Sixty thousand bytes of headers are still read."""
    with shared.anybody() as anybody:
        said = anybody.get("/api/v1/node", headers={"x": "y" * 60_000})
    assert said.status_code == 200


def test_many_requests_on_one_line_do_not_add_up(shared):
    """The limit is of one request's headers, not of all that a line ever carried."""
    with shared.anybody() as anybody:
        for _ in range(40):
            said = anybody.get("/api/v1/node", headers={"x": "y" * 8_000})
            assert said.status_code == 200


def test_head_is_answered_as_get_without_its_body(shared):
    """HEAD has the headers of GET (RFC 9110 section 9.3.2)."""
    with shared.as_person("duty") as duty:
        get, head = duty.get("/api/v1/parties"), duty.head("/api/v1/parties")
        lost = duty.head("/api/v1/calls/no-such-call")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == get.headers["etag"]
    assert head.headers["content-length"] == get.headers["content-length"]
    assert lost.status_code == 404


def test_a_key_that_is_taken_back_acts_no_more(node):
    """At once, on a line that is open, and after a restart of whoever holds it."""
    with node.as_person("admin") as admin:
        given = {"desk": "south-ops", "name": "planner", "scopes": ["read", "calls"]}
        made = admin.post("/api/v1/keys", json=given).json()
        with node.anybody(made["token"]) as machine:
            assert machine.get("/api/v1/calls").status_code == 200
            with machine.stream("GET", "/api/v1/feed") as stream:
                events = stream.iter_lines()
                next(events)
                assert admin.delete(f"/api/v1/keys/{made['id']}").status_code == 204
                for _ in events:
                    pass  # the stream ends
            is_problem(machine.get("/api/v1/calls"), 401, "notsignedin")
            is_problem(machine.post("/api/v1/calls", json={}), 401, "notsignedin")
        again = admin.delete(f"/api/v1/keys/{made['id']}")
        is_problem(again, 404, "notthere")


def test_the_client_raises_what_the_node_said(node):
    """From Python a problem is an error with the same three sentences and exit code."""
    with node.as_person("admin") as admin:
        token = admin.headers["authorization"].removeprefix("Bearer ")
    with Client(node.url, token=token) as client:
        with pytest.raises(Refused) as refused:
            client.call("no-such-call")
        key = client.make_key("south-ops", "planner", frozenset({Scope.READ}))
        assert key.token
    assert refused.value.status == 404
    assert refused.value.name == "notthere"
    assert refused.value.exit_code == 2
