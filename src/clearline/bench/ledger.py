"""Measure signed durable appends, restart, reading, and the picture in the past.

Workload: notices of one circle each, written as the service writes them. Every
append is signed, salted, hashed into the tree, its checkpoint signed, and durable
when it counts. Ways of appending are measured in rounds that take turns with the
peer, so that a busy machine hurts both alike; the median round is told.

- *one by one*: one entry, durable, then the next; urgent ones also keep their
  checkpoint apart before they count.
- *batched*: 256 entries to a batch.
- *1,000 waiting*: as many askers, each with one entry under way, asking again as
  soon as it is answered; one batch is signed while the one before it is written.

Peer in the same run: bare SQLite, the same release and settings, inserting the
same envelopes durably into one table: no signature, no tree, no checkpoint. And
below both: appending the same bytes to a file with fdatasync.
"""

import os
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Final, TypeVar

import apsw
import msgspec

from clearline.adapters.data_folder import open_folder
from clearline.bench.history import ORIGIN, START, History, filed, measure_history
from clearline.bench.machine import Machine, Spread, describe, spread
from clearline.ledger.envelope import seal_envelope
from clearline.ledger.keys import SignerKey
from clearline.service.log import Log, Prepared

BATCH: Final = 256
WAITING: Final = 1_000
ARRIVING_PER_S: Final = 5_000
ROUNDS: Final = 5

T = TypeVar("T")


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """Hold how fast entries became durable.

    Attributes:
        per_s: Entries a second, the median round.
        least_per_s: The slowest round.
        wait_ms: From asking to durable and in the tree, milliseconds.
    """

    per_s: int
    least_per_s: int
    wait_ms: Spread


class LedgerBench(msgspec.Struct, frozen=True, kw_only=True):
    """Hold everything that was measured, and on what."""

    entries: int
    payload_bytes: int
    envelope_bytes: int
    one_by_one: Rate
    one_by_one_urgent: Rate
    batched: Rate
    waiting_1000: Rate
    arriving_5000_per_s: Rate
    peer: str
    peer_one_by_one: Rate
    peer_batched: Rate
    file_one_by_one: Rate
    history: History | None
    must_per_s: int
    must_p99_ms: float
    must_restart_s: float
    must_at_s: float
    sqlite: str
    disk: str
    machine: Machine


def run(*, entries: int = 20_000, history: int = 1_000_000) -> LedgerBench:
    """Measure on fresh folders in the temporary directory.

    Args:
        entries: How many entries to append in each way of appending.
        history: How long a log is restarted and looked back in; 0 for none.
    """
    with tempfile.TemporaryDirectory(prefix="clearline-bench-") as name:
        folder = Path(name)
        bench = _Appending(folder, entries)
        rates = bench.rates()
        past = measure_history(folder / "long", history) if history else None
        return LedgerBench(
            entries=entries,
            payload_bytes=len(filed(0)),
            envelope_bytes=len(bench.envelopes[0]),
            **rates,
            peer="bare SQLite inserts of the same envelopes, WAL, synchronous=FULL",
            history=past,
            must_per_s=5_000,
            must_p99_ms=20.0,
            must_restart_s=10.0,
            must_at_s=1.0,
            sqlite=apsw.sqlite_lib_version(),
            disk=_disk_of(folder),
            machine=describe(),
        )


class _Round(msgspec.Struct, frozen=True, kw_only=True):
    per_s: float
    waits_ms: list[float]


class _Appending:
    """Take the ways of appending in turn, round by round."""

    def __init__(self, folder: Path, entries: int) -> None:
        signer = SignerKey(name=ORIGIN, seed=bytes(range(32)))
        count = max(BATCH, entries // ROUNDS)
        self.payloads = [filed(number) for number in range(count)]
        self.envelopes = [seal_envelope(said, signer) for said in self.payloads]
        self._opened = open_folder(folder / "node", now=START, origin=ORIGIN)
        self._peer = _Peer(folder / "peer.sqlite")
        self._file = folder / "file"
        few = min(count, 500)
        self._ways: dict[str, Callable[[], _Round]] = {
            "one_by_one": lambda: self._singles(few, is_urgent=False),
            "one_by_one_urgent": lambda: self._singles(few, is_urgent=True),
            "peer_one_by_one": lambda: _timed(
                self.envelopes[:few], lambda one: self._peer.insert([one])
            ),
            "file_one_by_one": lambda: self._to_file(few),
            "batched": self._batches,
            "peer_batched": lambda: _timed(
                _batches(self.envelopes), self._peer.insert, BATCH
            ),
            "waiting_1000": lambda: _waiting(self._opened.log, self.payloads),
            "arriving_5000_per_s": lambda: _arriving(self._opened.log, self.payloads),
        }

    def rates(self) -> dict[str, Rate]:
        """Measure all ways in turn, and sum up."""
        rounds = [
            {name: way() for name, way in self._ways.items()} for _ in range(ROUNDS)
        ]
        self._opened.close()
        self._peer.close()
        return {name: _rate([one[name] for one in rounds]) for name in self._ways}

    def _singles(self, count: int, *, is_urgent: bool) -> _Round:
        log = self._opened.log
        return _timed(
            self.payloads[:count],
            lambda one: log.append([one], now=START, is_urgent=is_urgent),
        )

    def _batches(self) -> _Round:
        log = self._opened.log
        return _timed(
            _batches(self.payloads), lambda some: log.append(some, now=START), BATCH
        )

    def _to_file(self, count: int) -> _Round:
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

        def put(envelope: bytes) -> None:
            os.write(handle, envelope)
            os.fdatasync(handle)

        try:
            return _timed(self.envelopes[:count], put)
        finally:
            os.close(handle)


class _Peer:
    """Insert bytes into a bare SQLite table, as durable as ours."""

    def __init__(self, path: Path) -> None:
        self._db = apsw.Connection(str(path))
        self._db.pragma("journal_mode", "wal")
        self._db.pragma("synchronous", 2)
        self._db.execute("CREATE TABLE said (n INTEGER PRIMARY KEY, bytes BLOB) STRICT")

    def insert(self, some: list[bytes]) -> None:
        """Insert a batch and return when it is durable."""
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany(
            "INSERT INTO said (bytes) VALUES (?)", [(one,) for one in some]
        )
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


class _Line:
    """Let a log answer a line of askers, as the writer of a node does.

    One batch is signed while the one before it is written; an asker is answered
    when its entry is durable and in the tree.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._disk = ThreadPoolExecutor(1)
        self._writing: tuple[Prepared, list[float], Future[None]] | None = None
        self.waits_ms: list[float] = []

    def take(self, some: list[tuple[float, bytes]]) -> int:
        """Sign some (when asked, what), answer those before them; say how many."""
        before = None if self._writing is None else self._writing[0]
        said = [one for _, one in some]
        prepared = self._log.prepare(said, now=START, after=before) if some else None
        answered = self._answer()
        if prepared is not None:
            asked_at = [at for at, _ in some]
            stored = self._disk.submit(self._log.store, prepared)
            self._writing = (prepared, asked_at, stored)
        return answered

    def close(self) -> None:
        """Answer the last and let go of the thread."""
        self._answer()
        self._disk.shutdown()

    def _answer(self) -> int:
        if self._writing is None:
            return 0
        prepared, asked_at, stored = self._writing
        stored.result()
        self._log.settle(prepared)
        now = time.perf_counter()
        self.waits_ms += [(now - at) * 1000 for at in asked_at]
        self._writing = None
        return len(asked_at)


def _waiting(log: Log, payloads: list[bytes]) -> _Round:
    """Let `WAITING` askers ask again as soon as they are answered."""
    line, rest = _Line(log), iter(payloads[WAITING:])
    started = time.perf_counter()
    asked = deque((started, one) for one in payloads[:WAITING])
    while asked:
        answered = line.take([asked.popleft() for _ in range(min(BATCH, len(asked)))])
        now = time.perf_counter()
        asked.extend((now, one) for one in islice(rest, answered))
    line.close()
    spent = time.perf_counter() - started
    return _Round(per_s=len(line.waits_ms) / spent, waits_ms=line.waits_ms)


def _arriving(log: Log, payloads: list[bytes]) -> _Round:
    """Let askers arrive evenly, `ARRIVING_PER_S`, whatever becomes of the others."""
    line, at = _Line(log), 0
    started = time.perf_counter()
    while at < len(payloads):
        due = int((time.perf_counter() - started) * ARRIVING_PER_S) + 1
        end = min(due, at + BATCH, len(payloads))
        line.take([(started + n / ARRIVING_PER_S, payloads[n]) for n in range(at, end)])
        at = end
    line.close()
    spent = time.perf_counter() - started
    return _Round(per_s=len(line.waits_ms) / spent, waits_ms=line.waits_ms)


def _timed(
    items: Iterable[T], append: Callable[[T], object], per_item: int = 1
) -> _Round:
    """Append each item and note how long it took."""
    waits, done = [], 0
    started = time.perf_counter()
    for item in items:
        before = time.perf_counter()
        append(item)
        waits.append((time.perf_counter() - before) * 1000)
        done += per_item
    return _Round(per_s=done / (time.perf_counter() - started), waits_ms=waits)


def _batches(items: list[bytes]) -> list[list[bytes]]:
    """Cut into whole batches; what is left over is left out."""
    whole = len(items) - len(items) % BATCH
    return [items[at : at + BATCH] for at in range(0, whole, BATCH)]


def _rate(rounds: list[_Round]) -> Rate:
    return Rate(
        per_s=int(median(one.per_s for one in rounds)),
        least_per_s=int(min(one.per_s for one in rounds)),
        wait_ms=spread([wait for one in rounds for wait in one.waits_ms]),
    )


def _disk_of(folder: Path) -> str:
    """Name the file system a folder lies on, and what it lies on."""
    best = ("", "unknown")
    for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines():
        device, point, kind, *_ = line.split(" ")
        if folder.resolve().is_relative_to(point) and len(point) >= len(best[0]):
            best = (point, f"{kind} on {device}")
    return best[1]
