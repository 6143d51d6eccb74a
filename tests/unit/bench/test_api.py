"""The API measured, small."""

from clearline.bench.api import run
from clearline.bench.requests import request


def test_everything_that_is_asked_is_answered_as_it_should_be():
    """No figure is of refusals: each kind of request gets the status it is for."""
    found = run(requests=20, acts=25, calls=3, lines=2)
    assert {one.name: one.other for one in found.requests if one.other} == {}
    counts = {one.name: one.took_ms.n for one in found.requests}
    assert counts["read a call"] == 20
    assert counts["acknowledge a STOP"] == counts["raise a STOP"] == 25
    assert counts["sign in"] == 1
    assert all(one.per_second > 0 for one in found.requests)
    assert sum(name.startswith("peer") for name in counts) == 3


def test_a_request_has_its_own_length():
    """What is asked is HTTP: a body is as long as it says."""
    said = request("POST", "/x", body=b"{}")
    head, _, body = said.partition(b"\r\n\r\n")
    assert b"Content-Length: 2" in head.split(b"\r\n")
    assert body == b"{}"
