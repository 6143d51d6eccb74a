"""`clearline.client` speaks every operation of the API, with types."""

import contextlib
import inspect
import re
import typing

import httpx
import msgspec
import pytest

from api.nodes import running
from clearline.client import Client
from clearline.model.access import Scope
from clearline.model.calls import Ladder
from clearline.model.errors import ClearlineError
from clearline.model.instants import parse_instant
from clearline.model.places import NamedOrigin
from clearline.web.app import ENDPOINTS
from clearline.web.examples import EXAMPLES
from clearline.wire.forms.calls import CallGiven

OTHERS = {
    "metrics": "Prometheus reads them",
    "openapi": "generators read it",
    "trustPage": "a browser reads it, before anything is trusted",
    "authority": "curl fetches it, before anything is trusted",
    "wantPasskey": "passkeys lie in browsers",
    "signInByPasskey": "passkeys lie in browsers",
    "newPasskey": "passkeys lie in browsers",
    "enterPasskey": "passkeys lie in browsers",
}
"""Operations no Python program needs the client for, and who uses them."""


def given(kind):
    """Make an argument of a type."""
    for one in ENDPOINTS:
        if one.takes is kind:
            return msgspec.convert(EXAMPLES[one.name], kind)
    if typing.get_origin(kind) is frozenset:
        return frozenset({Scope.READ})
    if typing.get_origin(kind) in (dict, typing.get_origin(typing.Mapping[str, str])):
        return {"where": "x"}
    if kind in (Ladder, NamedOrigin):
        raise AssertionError(f"an example of {kind} is missing")
    if isinstance(kind, type) and issubclass(kind, str) and kind is not str:
        return next(iter(kind))
    return {int: 1, float: 1.0, str: "x"}.get(kind) or parse_instant(
        "2026-03-01T12:00:00Z"
    )


@pytest.fixture
def asked(monkeypatch):
    """Note every request that the client makes, and answer none."""
    noted = []

    def note(_self, method, url, **_more):
        noted.append((method, str(url).partition("?")[0]))
        raise httpx.ConnectError("nobody there")

    monkeypatch.setattr(httpx.Client, "request", note)
    monkeypatch.setattr(httpx.Client, "stream", note)
    return noted


def test_the_client_knows_every_operation(asked):
    """Whatever can be done over HTTP a program can do by name."""
    client = Client("http://localhost")
    for name, method in inspect.getmembers(client, inspect.ismethod):
        if name.startswith("_") or name in ("close", "ask"):
            continue
        hints = typing.get_type_hints(method)
        wanted = inspect.signature(method).parameters.values()
        needed = {
            one.name: given(hints[one.name])
            for one in wanted
            if one.default is inspect.Parameter.empty
        }
        with contextlib.suppress(ClearlineError, httpx.HTTPError):
            made = method(**needed)
            if inspect.isgenerator(made):
                next(made)
    with contextlib.suppress(ClearlineError):
        client.sign_out(everywhere=True)
    wrong = []
    for one in ENDPOINTS:
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", one.path)
        is_known = any(
            method == one.method and re.fullmatch(pattern, url) for method, url in asked
        )
        if not is_known and one.name not in OTHERS:
            wrong.append(one.name)
    assert not wrong, " ".join(wrong)


def test_a_long_history_comes_page_after_page(tmp_path):
    """Entries and calls come all, each once, in their order, whatever a page holds."""
    with running(tmp_path / "data") as node, node.as_person("lina") as lina:
        token = lina.headers["authorization"].removeprefix("Bearer ")
        with Client(node.url, token=token) as client:
            for number in range(5):
                client.raise_call(CallGiven(id=f"stop-{number}", to_desk="south-ops"))
            whole = list(client.entries("stop-0"))
            path = "/api/v1/calls/stop-0/entries"
            found, after = [], ""
            while True:
                query = {"limit": "1", "after": after}
                page = lina.get(path, params=query).json()
                assert len(page["items"]) == 1
                found += [one["index"] for one in page["items"]]
                after = page["next"]
                if not after:
                    break
            numbers = [one.number for one in client.every_call()]
    assert len(whole) > 1
    assert found == [one.index for one in whole] == sorted(set(found))
    assert len(numbers) == 5


def test_a_list_that_grows_meanwhile_shows_nothing_twice(tmp_path):
    """A call that is raised between two pages moves no other one."""
    with running(tmp_path / "data") as node, node.as_person("lina") as lina:
        for _ in range(4):
            lina.post("/api/v1/calls", json={"kind": "WARN", "to_desk": "south-ops"})
        first = lina.get("/api/v1/calls", params={"limit": 2}).json()
        lina.post("/api/v1/calls", json={"kind": "WARN", "to_desk": "south-ops"})
        query = {"limit": 2, "after": first["next"]}
        second = lina.get("/api/v1/calls", params=query).json()
    numbers = [one["number"] for one in first["items"] + second["items"]]
    assert numbers == [4, 3, 2, 1]
    assert second["next"] == ""


@pytest.mark.parametrize("cursor", ["bjE", "nonsense", "%", "bg", "bjE=" * 2000, "é"])
def test_a_cursor_that_was_made_up_is_read_or_refused(shared, cursor):
    """What stands where a cursor should is one, or is refused."""
    with shared.as_person("lina") as lina:
        said = lina.get("/api/v1/calls", params={"after": cursor})
    assert said.status_code == (200 if cursor == "bjE" else 400)
