"""What a snapshot promises: the same picture, or none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearline.bench.history import filed
from clearline.model.calls import Kind
from clearline.picture import snapshot
from clearline.picture.picture import SHELVES, Picture, View
from clearline.picture.snapshot import (
    DUTY,
    FORMAT,
    NOTICES,
    SnapshotMismatch,
    read_snapshot,
    write_snapshot,
)
from clearline.wire.entries import read_entry
from phone import Line


def day() -> Line:
    """A line on which something happened."""
    line = Line()
    line.raises()
    line.raises(Kind.HOLD, call="hold-1")
    line.after(minutes=1)
    line.acknowledges("duty")
    return line


LINE = day()
SIZE = LINE.picture.size


def shelves(view: View) -> dict[str, list[object]]:
    """List everything a view keeps."""
    return {name: list(getattr(view, name).values()) for name in SHELVES}


@settings(deadline=None, max_examples=25)
@given(size=st.integers(1, SIZE))
def test_a_snapshot_reads_as_the_picture_at_its_size(size: int) -> None:
    """Both parts together are what stood, with all of its past."""
    read, last = Picture(), b"commitment"
    assert read_snapshot(write_snapshot(LINE.picture, DUTY, size, last), read) == last
    notices = write_snapshot(LINE.picture, NOTICES, size, last)
    other = Picture()
    assert read_snapshot(notices, other) == last
    assert shelves(read) == shelves(LINE.picture.at(size))
    assert read.size == other.size == size
    for look in range(0, size, 7):
        assert shelves(read.at(look)) == shelves(LINE.picture.at(look))


def test_the_two_parts_hold_everything_once() -> None:
    """No shelf is forgotten, and none is in both parts."""
    assert sorted((*DUTY, *NOTICES)) == sorted(SHELVES)


def test_many_keys_go_in_small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many keys a shelf has, all of them are read again."""
    whole = write_snapshot(LINE.picture, DUTY, SIZE, b"")
    monkeypatch.setattr(snapshot, "_KEYS_A_FRAME", 1)
    pieces = write_snapshot(LINE.picture, DUTY, SIZE, b"")
    assert len(pieces) > len(whole)
    read = Picture()
    read_snapshot(pieces, read)
    assert shelves(read) == shelves(LINE.picture)


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=64))
def test_any_bytes_are_a_snapshot_or_a_mismatch(data: bytes) -> None:
    """Nothing on disk brings a start down."""
    with pytest.raises(SnapshotMismatch):
        read_snapshot(data, Picture())


@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, len(write_snapshot(LINE.picture, DUTY, SIZE, b"")) - 1))
def test_a_snapshot_that_ends_early_is_none_or_is_shorter(at: int) -> None:
    """Cut anywhere it is a mismatch, unless it is cut between two shelves.

    That one is caught by the digest the store keeps beside it.
    """
    cut = write_snapshot(LINE.picture, DUTY, SIZE, b"")[:at]
    read = Picture()
    try:
        read_snapshot(cut, read)
    except SnapshotMismatch:
        return
    assert read.size == SIZE
    missing = [name for name in DUTY if not len(getattr(read, name))]
    assert missing


def test_another_format_is_named() -> None:
    """Who looks at a log of the start sees why it was slow."""
    data = write_snapshot(LINE.picture, DUTY, SIZE, b"")
    old = data.replace(b"format" + bytes([FORMAT]), b"format" + bytes([FORMAT - 1]))
    assert old != data
    with pytest.raises(SnapshotMismatch, match=f"format is {FORMAT - 1}"):
        read_snapshot(old, Picture())


def _with_notices() -> Picture:
    picture = Picture()
    for number in range(5):
        picture.fold(read_entry(filed(number)))
    return picture


def test_notices_are_read_when_they_are_asked_for() -> None:
    """They stand as they were written until then, and are the same afterwards."""
    picture, other = _with_notices(), Picture()
    data = write_snapshot(picture, NOTICES, picture.size, b"")
    read_snapshot(data, other)
    assert shelves(other)["notices"] == shelves(picture)["notices"]
    assert write_snapshot(other, NOTICES, picture.size, b"") == data


def test_notices_of_another_shape_are_a_mismatch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is read later has no second chance: its shape is compared at once."""
    picture = _with_notices()
    data = write_snapshot(picture, NOTICES, picture.size, b"")
    monkeypatch.setattr(snapshot, "_shape", lambda: "another")
    with pytest.raises(SnapshotMismatch, match="another release"):
        read_snapshot(data, Picture())
