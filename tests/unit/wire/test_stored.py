"""What a release wrote is read for ever."""

from pathlib import Path

import pytest

from clearline.wire.entries import (
    NAMES,
    READERS,
    UnreadableEntry,
    read_entry,
    write_entry,
)
from unit.wire.samples import payloads

STORED = sorted((Path(__file__).parent / "stored").glob("*.jsonl"))


@pytest.mark.parametrize("stored", STORED, ids=lambda path: path.stem)
def test_every_stored_payload_is_read(stored: Path) -> None:
    """Each line is an entry of the type it says, and is written as it was."""
    for line in stored.read_bytes().splitlines():
        entry = read_entry(line)
        assert NAMES[type(entry.act)].encode() in line
        assert write_entry(entry) == line


def test_every_type_that_is_read_is_stored() -> None:
    """A new act type, or a new version of one, is stored with its release."""
    lines = [line for stored in STORED for line in stored.read_bytes().splitlines()]
    for name, version in READERS:
        start = b'{"type":"%s","v":%d,' % (name.encode(), version)
        assert any(line.startswith(start) for line in lines), name


def test_the_newest_release_is_written_as_it_is_stored() -> None:
    """The format has not changed since it was stored."""
    assert STORED[-1].read_bytes().splitlines() == payloads()


@pytest.mark.parametrize("spoilt", [b'"v":1', b'"type":"rang"'])
def test_a_type_or_version_nobody_knows_is_named(spoilt: bytes) -> None:
    """An entry of a newer release stops the reader, who says so."""
    line = next(p for p in payloads() if b'"type":"rang"' in p)
    with pytest.raises(UnreadableEntry):
        read_entry(line.replace(spoilt, spoilt.replace(b"1", b"9").replace(b"r", b"q")))
