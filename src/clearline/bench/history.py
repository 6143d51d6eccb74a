"""Measure one long log: opening it, restarting on it, and looking back in it.

Workload: notices of one circle each, spread over the globe, one a second of node
time. The files are as warm as the system's cache leaves them.
"""

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Final

import msgspec

from clearline.adapters.data_folder import OpenedFolder, open_folder
from clearline.bench.machine import Spread, spread
from clearline.compose.node import open_node
from clearline.model.entries import Entry, Realm
from clearline.model.instants import Duration, Instant, Window
from clearline.model.notice_acts import NoticeFiled
from clearline.model.notices import NoticeId, Revision
from clearline.model.parties import Actor, DeskId, PartyId, Strength
from clearline.model.places import Circle, Place, PlaceFormat, Position
from clearline.picture.picture import Picture
from clearline.picture.whereabouts_snapshot import copy_of
from clearline.service.restore import (
    keep_whereabouts,
    restore,
    restore_whereabouts,
    take_snapshots,
)
from clearline.wire.entries import write_entry

ORIGIN: Final = "bench.example/clearline/exercise"
"""Name of the logs benches write."""

START: Final = datetime(2016, 9, 17, 13, 55, tzinfo=UTC)
"""Node time of the first entry."""

_AT_ONCE: Final = 4_096
_FEW: Final = 5
_MANY: Final = 200


class History(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what was measured on one long log; seconds unless its name says more.

    Attributes:
        open_log_s: Open the folder and be ready to append, without a picture.
        restart_duty_s: Until what is due can ring, with a snapshot.
        restart_whole_s: Until notices are there as well and can be screened exactly.
        restart_told_s: Until what is told less than exactly is there too.
        restart_rss_mb: Resident memory of the whole node then, 10^6 bytes.
        restart_bare_s: The whole picture folded from the log, without a snapshot.
        at_ms: Look at the picture at a past instant and read one notice.
        prove_ms: Write a receipt for an entry anywhere in the log.
        read_per_s: Payloads read in order, held against the tree.
        file_mb: Size of the log's file, 10^6 bytes, with its snapshots.
    """

    entries: int
    append_per_s: int
    open_log_s: float
    restart_duty_s: float
    restart_whole_s: float
    restart_told_s: float
    restart_rss_mb: float
    restart_bare_s: float
    at_ms: Spread
    prove_ms: Spread
    read_per_s: int
    file_mb: float


def filed(number: int) -> bytes:
    """Write the payload of one notice, as the service writes it."""
    centre = Position(lon=number * 7 % 3_600 / 10 - 179.9, lat=number % 1_200 / 10 - 60)
    act = NoticeFiled(
        notice=NoticeId(f"notice-{number}"),
        owner=PartyId("north"),
        by=Actor(
            party=PartyId("north"), desk=DeskId("north"), strength=Strength.PASSWORD
        ),
        revision=Revision(
            number=1,
            what="Relief convoy of four vehicles, roof markings, two stops",
            where=Place(
                footprint=Circle(centre=centre, radius_m=500.0),
                text=f"{centre.lat:.4f} {centre.lon:.4f}, 500 m around",
                format=PlaceFormat.DECIMAL,
            ),
            buffer_m=500.0,
            window=Window(start=_at(number), end=_at(number + 7_200)),
            tells=(DeskId("south"),),
        ),
    )
    return write_entry(Entry(at=_at(number), realm=Realm.EXERCISE, act=act))


def measure_history(folder: Path, entries: int) -> History:
    """Write a log of so many notices, and measure what a node does with it."""
    append_per_s = _fill(folder, entries)
    open_s = [_timed_s(lambda: _open(folder).close()) for _ in range(_FEW)]
    opened = _open(folder)
    prove = [partial(opened.log.prove, at) for at in _spread_over(entries)]
    read_s = _timed_s(lambda: deque(opened.log.read(0, entries), maxlen=0))
    proofs_ms = [_timed_s(one) * 1000 for one in prove]
    started = time.perf_counter()
    picture = restore(opened.log, opened.store)
    bare_s = time.perf_counter() - started
    looks = [partial(_look_back, picture, at) for at in _spread_over(entries)]
    looks_ms = [_timed_s(one) * 1000 for one in looks]
    take_snapshots(opened.store, picture, opened.log.size)
    where = restore_whereabouts(opened.log, opened.store, picture)
    keep_whereabouts(opened.store, copy_of(where))
    del where
    opened.close()
    del picture, looks
    duty_s, whole_s, told_s, rss_mb = _restart(folder)
    return History(
        entries=entries,
        append_per_s=append_per_s,
        open_log_s=round(median(open_s), 3),
        restart_duty_s=duty_s,
        restart_whole_s=whole_s,
        restart_told_s=told_s,
        restart_rss_mb=rss_mb,
        restart_bare_s=round(bare_s, 3),
        at_ms=spread(looks_ms),
        prove_ms=spread(proofs_ms),
        read_per_s=int(entries / read_s),
        file_mb=round((folder / "ledger.sqlite").stat().st_size / 1e6, 1),
    )


def _fill(folder: Path, entries: int) -> int:
    opened = open_folder(folder, now=START, origin=ORIGIN)
    spent = 0.0
    for first in range(0, entries, _AT_ONCE):
        said = [filed(n) for n in range(first, min(entries, first + _AT_ONCE))]
        spent += _timed_s(partial(opened.log.append, said, now=START))
    opened.close()
    return int(entries / spent)


def _restart(folder: Path) -> tuple[float, float, float, float]:
    """Start a node on the folder, each time in a process of its own.

    Returns:
        Medians: seconds until what is due can ring, until notices are there as well,
        and until what is told coarsely is; resident memory then, 10^6 bytes.
    """
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as fresh:
        runs = [fresh.submit(_restart_once, folder).result() for _ in range(_FEW)]
    *spent, rss_mb = (median(values) for values in zip(*runs, strict=True))
    duty_s, whole_s, told_s = (round(one, 3) for one in spent)
    return duty_s, whole_s, told_s, round(rss_mb, 1)


def _restart_once(folder: Path) -> tuple[float, float, float, float]:
    started = time.perf_counter()
    node = open_node(folder, hear=lambda _written: None)
    duty_s = time.perf_counter() - started
    node.lookout.load_exactly(node.log, node.store)
    whole_s = time.perf_counter() - started
    node.lookout.load_told()
    told_s = time.perf_counter() - started
    rss_mb = _resident_mb()
    node.abandon()
    return duty_s, whole_s, told_s, rss_mb


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) * 1024 / 1e6


def _look_back(picture: Picture, number: int) -> None:
    """Find what stood when a notice was filed, and read that notice."""
    view = picture.at(picture.size_at(_at(number)))
    notice = view.notices.get(NoticeId(f"notice-{number}"))
    if notice is None:
        raise LookupError(number)


def _open(folder: Path) -> OpenedFolder:
    return open_folder(folder, now=START)


def _spread_over(entries: int) -> range:
    return range(0, entries, max(1, entries // _MANY))


def _at(number: int) -> Instant:
    return START + Duration(seconds=number)


def _timed_s(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
