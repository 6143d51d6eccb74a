"""A form of a notice is read whole: what nobody knows is never passed over."""

import json

import msgspec
import pytest

from clearline.model.faults import FilingRefused
from clearline.wire.forms.closed import read_notice

SITE = {
    "what": "the clinic",
    "where": "35.33612N 40.13921E",
    "details": {"kind": "site", "function": "health"},
}
CROSSED = {
    "type": "polygon",
    "outer": [
        {"lon": 40.1, "lat": 35.3},
        {"lon": 40.2, "lat": 35.4},
        {"lon": 40.2, "lat": 35.3},
        {"lon": 40.1, "lat": 35.4},
    ],
}


def refused(**more):
    """Read the form of a clinic with something else in it; return its faults."""
    with pytest.raises(FilingRefused) as caught:
        read_notice(json.dumps(SITE | more).encode())
    return {one.field: (one.wrong, one.right) for one in caught.value.faults}


def details(**more):
    """Say more of the clinic."""
    return SITE["details"] | more


def test_a_form_with_nothing_wrong_is_read():
    """What is known is taken as it stands."""
    read = read_notice(json.dumps(SITE | {"tells": ["south-ops"]}).encode())
    assert (read.what, read.tells) == ("the clinic", ("south-ops",))


def test_two_kinds_are_never_one_submission():
    """Vehicles in a site are a movement's: a notice of its own."""
    wrong, right = refused(details=details(vehicles=[]))["details.vehicles"]
    assert "passed over" in wrong
    assert "field of a movement" in right


@pytest.mark.parametrize(
    ("more", "field", "hint"),
    [
        ({"wher_again": "x"}, "wher_again", "`where_again`"),
        ({"tell": ["south-ops"]}, "tell", "`tells`"),
        (
            {"consents": [{"desk": "south-ops", "precison": "exact"}]},
            "consents[0].precison",
            "`precision`",
        ),
        (
            {"details": {"kind": "movement", "armed_escorts": True}},
            "details.armed_escorts",
            "`armed_escort`",
        ),
    ],
)
def test_a_field_written_wrong_is_a_mistake_at_its_place(more, field, hint):
    """Guards under a name nobody knows would be guards nobody is told of."""
    assert hint in refused(**more)[field][1]


@pytest.mark.parametrize(
    ("more", "field", "right"),
    [
        ({"details": details(request="banana")}, "details.request", "add, amend"),
        ({"details": {"kind": "thing"}}, "details.kind", "site, movement"),
        ({"details": {"function": "health"}}, "details.kind", "site, movement"),
        ({"start": "2031-03-01T00:00:00"}, "start", "with its zone"),
        ({"buffer_m": "wide"}, "buffer_m", "Correct it"),
        ({"tells": [7]}, "tells[0]", "Correct it"),
        ({"shape": CROSSED}, "shape", "order of the positions"),
    ],
)
def test_what_a_field_does_not_take_is_said_there(more, field, right):
    """With the words of its list, or what would be right."""
    assert right in refused(**more)[field][1]


def test_all_of_it_comes_at_once():
    """A form is corrected once, whatever is wrong with it."""
    found = refused(start="noon", end="night", tell=[], details=details(request="x"))
    assert set(found) == {"start", "end", "tell", "details.request"}


def test_what_is_missing_is_said():
    """A notice that does not say what it is about is none."""
    with pytest.raises(FilingRefused, match="what"):
        read_notice(b"{}")


def test_what_is_no_json_is_no_form():
    """That is for whoever sent it, and names no field."""
    with pytest.raises(msgspec.DecodeError):
        read_notice(b"{")
