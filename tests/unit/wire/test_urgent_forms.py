"""A STOP is read whatever is wrong with it; a call that can wait is refused."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearline.model.calls import Kind
from clearline.wire.forms.urgent import read_call

ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda some: (
        st.lists(some, max_size=3)
        | st.dictionaries(st.text(max_size=8), some, max_size=3)
    ),
    max_leaves=8,
)
ON_CARD = ("where", "where_again", "what", "why", "confidence", "colour")
BESIDE = ("id", "to_desk", "precedence", "said_at", "of", "ends_in_s", "evidence")


def read(**given):
    """Read a form."""
    return read_call(json.dumps(given).encode())


def test_a_call_without_a_mistake_is_read_as_it_is():
    """Nothing is left out, nothing added."""
    found = read(kind="WARN", to_desk="south-ops", card={"what": "fire"})
    assert (found.kind, found.to_desk, found.card.what) == (
        Kind.WARN,
        "south-ops",
        "fire",
    )
    assert read_call(b"{}").kind is Kind.STOP


def test_what_cannot_be_read_of_a_stop_rings_along_as_it_was_sent():
    """A confidence that is none, a place in a form nobody agreed: both are words."""
    where = {"lat": 35.3, "lng": 40.1}
    found = read(id=7, card={"where": where, "why": "Ours.", "confidence": 7})
    assert found.kind is Kind.STOP
    assert (found.id, found.card.confidence, found.card.where) == (None, None, None)
    assert found.card.why.startswith("Ours. (sent, and not readable here: ")
    assert 'where: {"lat":35.3,"lng":40.1}' in found.card.why
    assert set(found.left_out) == {"id", "card.where", "card.confidence"}


def test_words_too_long_are_cut_and_the_rest_is_read():
    """Nobody reads a megabyte to stop; the beginning rings."""
    found = read(kind="HOLD", to_desk="south-ops", card={"what": "x" * 1_000_000})
    assert len(found.card.what) == 4_000
    assert found.to_desk == "south-ops"


def test_a_call_that_can_wait_is_refused_with_its_mistake():
    """A RELEASE most of all is never half read."""
    for kind in ("RELEASE", "WARN", "QUERY", "STOPP"):
        with pytest.raises(msgspec.ValidationError):
            read(kind=kind, card={"confidence": 7})
    for data in (b"[]", b'"STOP"', b"{", b"7"):
        with pytest.raises(msgspec.DecodeError):
            read_call(data)


@given(
    kind=st.sampled_from(["STOP", "HOLD"]),
    beside=st.dictionaries(st.sampled_from(BESIDE), ANY),
    card=ANY | st.dictionaries(st.sampled_from(ON_CARD), ANY),
)
def test_no_form_keeps_a_stop_from_being_read(kind, beside, card):
    """Whatever stands in its fields."""
    found = read(kind=kind, card=card, **beside)
    assert found.kind == kind
    assert len(found.card.why) <= 4_000
