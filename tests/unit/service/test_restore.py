"""How a picture is built again at a start: what rings first, and never wrong."""

import hashlib
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from clearline.compose.node import Node, memory_node
from clearline.model.calls import CallId, Kind
from clearline.model.commands import Command
from clearline.model.entries import Entry, NodeStarted, Realm
from clearline.model.errors import LostCertainty
from clearline.model.instants import Duration, Window
from clearline.model.notice_commands import FileNotice
from clearline.model.notices import NoticeId, Revision
from clearline.model.parties import DeskId
from clearline.model.places import Place, PlaceFormat, Point, Position
from clearline.picture import snapshot
from clearline.picture.picture import SHELVES, Picture, View, fold
from clearline.picture.snapshot import NOTICES, SnapshotMismatch, read_snapshot
from clearline.service.ports import DiskReadOnly, Snapshot
from clearline.service.restore import (
    PARTS,
    restore,
    restore_duty,
    restore_notices,
    take_snapshots,
)
from clearline.service.writer import Asked, Outcome, Written
from clearline.wire.entries import UnreadableEntry, read_entry, write_entry
from faults.desks import LINE, Dial, acknowledge, stop
from faults.nodes import ORIGIN, START, CountedChance

HERE = Place(
    footprint=Point(position=Position(lon=40.0, lat=35.0), precision_m=10.0),
    text="here",
    format=PlaceFormat.GEOMETRY,
)


def files(notice: str) -> FileNotice:
    """Let south's duty officer file a notice."""
    return FileNotice(
        notice=NoticeId(notice),
        by=acknowledge("").by,
        revision=Revision(
            number=1,
            what=notice,
            where=HERE,
            window=Window(start=START, end=START + Duration(hours=1)),
            tells=(DeskId("n"),),
        ),
    )


class Post:
    """A node with desks, calls and notices in its log."""

    def __init__(self, seed: bytes = b"") -> None:
        self.clock = Dial()
        self.node: Node = memory_node(
            ORIGIN, hear=lambda _: None, clock=self.clock, chance=CountedChance(seed)
        )
        self.node.begin()
        self.log, self.store = self.node.log, self.node.store
        self.ask(*LINE, files("plan-1"), stop("stop-1"), stop("stop-2"))

    def ask(self, *commands: Command) -> None:
        """Have commands recorded."""
        replies: list[Outcome] = []
        self.node.writer.write(
            [Asked(command=one, reply=replies.append) for one in commands]
        )
        assert all(isinstance(reply, Written) for reply in replies)

    def keeps(self) -> int:
        """Keep snapshots of what stands; return the size they stand for."""
        take_snapshots(self.store, self.node.picture, self.log.size)
        return self.log.size

    def goes_on(self) -> None:
        """Let more happen: an answer, a notice, a ring."""
        self.ask(acknowledge("stop-1"), files("plan-2"), stop("stop-3", Kind.HOLD))
        self.clock.now += Duration(minutes=1)
        self.node.writer.run_due()

    def entries(self) -> list[Entry]:
        """Read the log."""
        return [read_entry(said) for _, said in self.log.read(0, self.log.size)]


class Spy:
    """Be the log, and note from where it is read."""

    def __init__(self, post: Post) -> None:
        self._log = post.log
        self.size = post.log.size
        self.read_from: list[int] = []

    def read(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """Read, and note it."""
        self.read_from.append(start)
        return self._log.read(start, stop)


def shelves(view: View, *, without: tuple[str, ...] = ()) -> dict[str, list[object]]:
    """List everything a picture keeps."""
    names = (name for name in SHELVES if name not in without)
    return {name: list(getattr(view, name).values()) for name in names}


def is_whole(picture: Picture, post: Post) -> None:
    """Hold a picture against the fold of the whole log."""
    folded = fold(iter(post.entries()))
    assert shelves(picture) == shelves(folded)
    assert list(picture.times) == list(folded.times)
    assert picture.size == folded.size == post.log.size
    assert picture.next_due() == folded.next_due()
    for size in (0, picture.size // 2, picture.size - 1):
        assert shelves(picture.at(size)) == shelves(folded.at(size))


# --- order ------------------------------------------------------------------------
def test_calls_come_first_and_notices_after() -> None:
    """What rings is there before anything large is read, and says what is not."""
    post = Post()
    picture = restore_duty(post.log, post.store)
    folded = fold(iter(post.entries()))
    duty = shelves(picture, without=NOTICES)
    assert duty == shelves(folded, without=NOTICES)
    assert picture.next_due() == folded.next_due()
    assert picture.size == post.log.size
    assert not picture.has_notices
    assert list(picture.notices.values()) == []
    restore_notices(post.log, post.store, picture)
    assert picture.has_notices
    is_whole(picture, post)


def test_a_new_log_has_nothing_to_load() -> None:
    """A first start may file notices at once."""
    node = memory_node(
        ORIGIN, hear=lambda _: None, clock=Dial(), chance=CountedChance()
    )
    picture = restore_duty(node.log, node.store)
    assert picture.has_notices
    assert picture.size == 0
    assert picture.next_due() is None


def test_what_happens_before_the_notices_are_there_is_not_lost() -> None:
    """A call answered while notices load stands, and so does every notice."""
    post = Post()
    picture = restore_duty(post.log, post.store)
    size = picture.size
    post.ask(acknowledge("stop-1"))
    for entry in post.entries()[size:]:
        picture.fold(entry)
    restore_notices(post.log, post.store, picture)
    is_whole(picture, post)


# --- snapshots --------------------------------------------------------------------
def test_from_snapshots_only_what_came_after_is_read() -> None:
    """A start costs what happened since, not what ever happened."""
    post = Post()
    size = post.keeps()
    post.goes_on()
    spy = Spy(post)
    is_whole(restore(spy, post.store), post)  # type: ignore[arg-type]
    assert spy.read_from == [size, size]


def test_a_snapshot_taken_beside_the_writer_stands_for_its_own_size() -> None:
    """What was folded meanwhile is not in it, and comes from the log."""
    post = Post()
    size = post.log.size
    post.goes_on()
    take_snapshots(post.store, post.node.picture, size)
    for name in PARTS:
        kept = post.store.snapshot(name)
        assert kept is not None
        assert kept.size == size
    is_whole(restore(post.log, post.store), post)


def test_without_notices_no_snapshot_says_that_there_are_none() -> None:
    """A node stopped before its notices were loaded has them at the next start."""
    post = Post()
    size = post.keeps()
    post.goes_on()
    picture = restore_duty(post.log, post.store)
    take_snapshots(post.store, picture, post.log.size)
    for name in PARTS:
        kept = post.store.snapshot(name)
        assert kept is not None
        assert kept.size == size
    is_whole(restore(post.log, post.store), post)


def test_an_empty_log_keeps_no_snapshot() -> None:
    """There is nothing to stand for."""
    node = memory_node(
        ORIGIN, hear=lambda _: None, clock=Dial(), chance=CountedChance()
    )
    take_snapshots(node.store, node.picture, 0)
    assert node.store.snapshot("duty") is None


def test_a_snapshot_of_another_log_is_dropped() -> None:
    """The same number of entries is not the same entries."""
    post, other = Post(), Post(b"another")
    other.keeps()
    for name in PARTS:
        kept = other.store.snapshot(name)
        assert kept is not None
        post.store.save_snapshot(kept)
    is_whole(restore(post.log, post.store), post)
    assert [post.store.snapshot(name) for name in PARTS] == [None, None]


def test_a_snapshot_of_a_longer_log_is_dropped() -> None:
    """What a lost end had is not brought back by a snapshot."""
    post, longer = Post(), Post()
    longer.goes_on()
    longer.keeps()
    for name in PARTS:
        kept = longer.store.snapshot(name)
        assert kept is not None
        post.store.save_snapshot(kept)
    is_whole(restore(post.log, post.store), post)
    assert post.node.picture.calls.get(CallId("stop-3")) is None


def with_data(kept: Snapshot, data: bytes) -> Snapshot:
    """Put other bytes into a snapshot, with the digest they have."""
    return replace(kept, data=data, digest=hashlib.sha256(data).digest())


def spoilt(data: bytes, how: str) -> bytes:
    """Spoil a snapshot so that its digest would not show it."""
    if how == "cut":
        return data[: len(data) // 2]
    if how == "empty":
        return b""
    if how == "noise":
        return hashlib.sha256(data).digest() * 40
    head_ends = 4 + int.from_bytes(data[:4], "big")
    if how == "a head where a shelf is due":
        return data + data[:head_ends]
    head = snapshot._heads.decode(data[4:head_ends])
    changed = {
        "another format": replace(head, format=snapshot.FORMAT - 1),
        "too few instants": replace(head, times=head.times[:8]),
        "half an instant": replace(head, times=head.times + b"\0"),
    }[how]
    return snapshot._framed(snapshot._encoder.encode(changed)) + data[head_ends:]


@pytest.mark.parametrize(
    "how",
    [
        "cut",
        "empty",
        "noise",
        "a head where a shelf is due",
        "another format",
        "too few instants",
        "half an instant",
    ],
)
def test_a_snapshot_that_cannot_be_read_is_dropped(how: str) -> None:
    """Whatever stands in a snapshot, a start is slower at worst and never wrong."""
    post = Post()
    post.keeps()
    kept = post.store.snapshot("duty")
    assert kept is not None
    data = spoilt(kept.data, how)
    post.store.save_snapshot(with_data(kept, data))
    is_whole(restore(post.log, post.store), post)
    assert post.store.snapshot("duty") is None
    assert post.store.snapshot("notices") is not None


def test_values_no_longer_taken_make_a_snapshot_useless_and_no_more() -> None:
    """A release that has become stricter starts from the log and not from an error."""
    post = Post()
    post.keeps()
    kept = post.store.snapshot("duty")
    assert kept is not None
    data = kept.data.replace(b"repeat_after\xa5PT30S", b"repeat_after\xa5-PT3S")
    assert data != kept.data
    post.store.save_snapshot(with_data(kept, data))
    with pytest.raises(SnapshotMismatch, match="-1 day"):
        read_snapshot(data, Picture())
    is_whole(restore(post.log, post.store), post)


def test_a_disk_that_keeps_a_useless_snapshot_hinders_no_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a read-only disk what is due rings all the same."""
    post = Post()
    post.keeps()
    kept = post.store.snapshot("duty")
    assert kept is not None
    post.store.save_snapshot(with_data(kept, b"noise"))

    def refuses(name: str) -> None:
        raise DiskReadOnly(name, state="Nothing.", next="Mend it.")

    monkeypatch.setattr(post.store, "drop_snapshot", refuses)
    is_whole(restore(post.log, post.store), post)


# --- what cannot be restored ------------------------------------------------------
def test_an_entry_that_cannot_be_read_stops_the_start() -> None:
    """Nothing is left out of a picture in silence."""
    post = Post()
    entry = Entry(at=START, realm=Realm.EXERCISE, act=NodeStarted(size=0))
    later = write_entry(entry).replace(b'"v":1', b'"v":9')
    prepared = post.log.prepare([later], now=START)
    post.log.store(prepared)
    post.log.settle(prepared)
    with pytest.raises(UnreadableEntry, match="9"):
        restore_duty(post.log, post.store)
    assert issubclass(UnreadableEntry, LostCertainty)
