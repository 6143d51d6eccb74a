"""Every payload says what it is, when, and in which realm."""

from datetime import UTC, datetime

import pytest

from clearline.ledger.header import HeaderMalformed, read_header, realm_of
from clearline.model.entries import Realm
from unit.ledger.made_log import payload


def test_a_header_is_read():
    """What a payload says first is read, with its instants in UTC."""
    header = read_header(
        payload(0, recorded_at="2016-09-17T16:55:05+03:00", clock_error_s=0.5)
    )
    assert header.type == "shown"
    assert header.v == 1
    assert header.realm is Realm.EXERCISE
    assert header.at == datetime(2016, 9, 17, 13, 55, tzinfo=UTC)
    assert header.recorded_at == datetime(2016, 9, 17, 13, 55, 5, tzinfo=UTC)
    assert header.clock_error_s == 0.5
    assert header.act == {"call": "k1", "device": "screen 0"}


def test_what_a_later_release_adds_is_left_alone():
    """A log written tomorrow still verifies today."""
    header = read_header(payload(0, type="not_invented_yet", v=7, more={"a": [1]}))
    assert (header.type, header.v) == ("not_invented_yet", 7)


@pytest.mark.parametrize("realm", ["live", "exercise", "model"])
def test_an_origin_ends_in_its_realm(realm):
    """The realm can be read off the log's name."""
    assert realm_of(f"north.example/clearline/{realm}") == realm


@pytest.mark.parametrize(
    "origin", ["", "live", "north.example", "n.example/Live", "n.example/live/", "a/b"]
)
def test_an_origin_without_a_realm_is_refused(origin):
    """A log has to say whether it is earnest."""
    with pytest.raises(HeaderMalformed):
        realm_of(origin)
