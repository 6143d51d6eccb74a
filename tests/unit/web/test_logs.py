"""What a node logs of itself, and what it never does."""

import io
import json
import logging

import pytest

from clearline.model.calls import Card
from clearline.model.entries import Entry, Realm
from clearline.model.places import Place, PlaceFormat, Unlocated
from clearline.service.writer import Written
from clearline.web.logs import LibrariesHeard, Logbook
from clearline.wire.entries import read_entry
from phone import NOON, Line
from unit.wire.samples import payloads

WORDS = "the white house by the river"


def written(*acts):
    """Write acts down as a writer would hand them out."""
    entries = tuple(Entry(at=NOON, realm=Realm.EXERCISE, act=act) for act in acts)
    return Written(entries=entries, first=40, is_durable=True)


def test_a_call_is_logged_by_its_number_and_never_by_its_place():
    """Who keeps the machine sees that a STOP came; where it is stays in the ledger."""
    out = io.StringIO()
    line = Line()
    where = Place(footprint=Unlocated(name=WORDS), text=WORDS, format=PlaceFormat.NAME)
    acts = line.raises(card=Card(where=where, what=WORDS, why=WORDS))
    Logbook(out, as_json=True).hear(written(*acts))
    lines = [json.loads(text) for text in out.getvalue().splitlines()]
    assert [one["event"] for one in lines] == ["call_raised", "rang"]
    assert lines[0]["number"] == 1
    assert lines[0]["index"] == 40
    assert WORDS not in out.getvalue()


@pytest.mark.parametrize("as_json", [True, False])
def test_no_act_of_any_type_puts_its_words_into_the_log(as_json):
    """Every word somebody said reads `said` in the samples; none of them comes out."""
    out = io.StringIO()
    book = Logbook(out, as_json=as_json)
    acts = [read_entry(line).act for line in payloads()]
    book.hear(written(*acts))
    text = out.getvalue()
    assert len(text.splitlines()) == len(acts)
    for word in ("where", "card", "pseudonym", "passkeys", "words", "address"):
        assert f'"{word}"' not in text


def test_what_is_not_recorded_has_no_index():
    """An entry that is not in the log yet is not given a place in it."""
    out = io.StringIO()
    acts = Line().raises()
    entries = tuple(Entry(at=NOON, realm=Realm.EXERCISE, act=act) for act in acts)
    early = Written(entries=entries, first=None, is_durable=False)
    Logbook(out, as_json=True).hear(early)
    assert json.loads(out.getvalue().splitlines()[0])["index"] is None


def test_what_a_library_warns_of_is_one_object_a_line_too():
    """A supervisor reads JSON alone; once it is over nothing is heard any more."""
    out = io.StringIO()
    with LibrariesHeard(Logbook(out, as_json=True)).hearing():
        logging.getLogger("uvicorn.error").warning("Invalid %s received.", "request")
        logging.getLogger("uvicorn.error").info("nothing to act on")
    logging.getLogger("uvicorn.error").warning("said to nobody")
    (line,) = out.getvalue().splitlines()
    said = json.loads(line)
    assert said["event"] == "library_warned"
    assert (said["of"], said["said"]) == ("uvicorn.error", "Invalid request received.")
