"""What a release wrote is read for ever."""

import json
from pathlib import Path

import pytest

from clearline.model.entries import Entry
from clearline.wire.entries import (
    NAMES,
    READERS,
    UnreadableEntry,
    read_entry,
    write_entry,
)
from unit.wire.samples import payloads, words_in

STORED = sorted((Path(__file__).parent / "stored").glob("*.jsonl"))
LINES = [line for stored in STORED for line in stored.read_bytes().splitlines()]


def is_kept(said: object, again: object) -> bool:
    """Say whether all that was said is said again; more may be."""
    if isinstance(said, dict):
        return isinstance(again, dict) and all(
            key in again and is_kept(value, again[key]) for key, value in said.items()
        )
    if isinstance(said, list):
        return (
            isinstance(again, list)
            and len(said) == len(again)
            and all(is_kept(*pair) for pair in zip(said, again, strict=True))
        )
    return said == again


@pytest.mark.parametrize("stored", STORED, ids=lambda path: path.stem)
def test_every_stored_payload_is_read(stored: Path) -> None:
    """Each line is an entry of the type it says, and nothing of it is lost."""
    for line in stored.read_bytes().splitlines():
        entry = read_entry(line)
        said = json.loads(line)
        assert NAMES[type(entry.act)] == said["type"]
        written = write_entry(entry)
        assert is_kept(said, json.loads(written)), line
        assert read_entry(written) == entry


def test_every_type_that_is_read_is_stored() -> None:
    """A new act type, or a new version of one, is stored with its release."""
    stored = {(said["type"], said["v"]) for said in map(json.loads, LINES)}
    assert stored == set(READERS)


def test_every_fixed_word_is_stored() -> None:
    """A word the wire knows is read for ever, whatever the code calls it later.

    Renaming the value of an enum would leave every log that holds it unreadable.
    """
    stored = set().union(*(words_in(read_entry(line).act) for line in LINES))
    known = set().union(*(words_in(read_entry(line).act) for line in payloads()))
    assert known <= stored
    assert len(known) > 150


def test_every_field_of_every_act_is_stored() -> None:
    """No field is read for ever that was never stored with something in it."""
    for kind, name in NAMES.items():
        acts = [
            entry.act
            for entry in map(read_entry, LINES)
            if isinstance(entry, Entry) and type(entry.act) is kind
        ]
        for field in kind.__struct_fields__:  # type: ignore[attr-defined]
            said = [getattr(act, field) for act in acts]
            assert any(one not in (None, "", ()) for one in said), f"{name}.{field}"


def test_the_newest_release_is_written_as_it_is_stored() -> None:
    """The format has not changed since it was stored."""
    assert STORED[-1].read_bytes().splitlines() == payloads()


@pytest.mark.parametrize("spoilt", [b'"v":1', b'"type":"rang"'])
def test_a_type_or_version_nobody_knows_is_named(spoilt: bytes) -> None:
    """An entry of a newer release stops the reader, who says so."""
    line = next(p for p in payloads() if b'"type":"rang"' in p)
    with pytest.raises(UnreadableEntry):
        read_entry(line.replace(spoilt, spoilt.replace(b"1", b"9").replace(b"r", b"q")))


def test_what_a_newer_release_added_is_passed_over() -> None:
    """An older reader takes what it knows of an act and leaves the rest alone."""
    for line in LINES:
        whole = json.loads(line)
        whole["act"]["added_later"] = {"more": [1, 2]}
        whole["also_added"] = "x"
        written = json.dumps(whole, separators=(",", ":"), ensure_ascii=False)
        assert read_entry(written.encode()) == read_entry(line)
