"""Measure screening: one plan at a time against N live notices, and many.

Workload: `bench.workload`, drawn from a seed. What is measured of ours:

    build     notices packed into pieces and filed, 50,000 at a time
    one       a plan packed, looked for, judged; from the extent to the meetings
    many      all plans in one call on one core, ordered by place and time
    insert    notices filed one by one, each from its extent: packed, and filed
    delete    the same withdrawn, one by one
    restore   packed arrays read from a file and filed, the index built anew
    bulk      asked for: as many plans as notices, from files (`bench.bulk`)

Peers in the same process, on the same pieces, with the same judge: SQLite's R*Tree in
memory, and shapely's STRtree, which knows no time and is built once.

Exactness is part of every run: for a sample of plans, every piece that stands is
judged, without any index, and what was found must be the same, pair by pair and
metre by metre; separations of pairs in that sample are measured once more by
Karney's geodesics. A difference ends the run with an error.
"""

import os
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from clearline.bench import bulk
from clearline.bench.exactness import near_pieces, not_exact
from clearline.bench.machine import Machine, Spread, describe, spread
from clearline.bench.peers import ShapelyTree, SqliteTree, boxes, flat_boxes
from clearline.bench.workload import Kind, Workload
from clearline.geo.certify import certify
from clearline.geo.codes import APART, CLOSE
from clearline.geo.kernels import judge_pairs
from clearline.geo.packing import Packed, pack
from clearline.geo.standing import Standing, certain, near_together
from clearline.geo.warm import warm
from clearline.model.extents import Extent

_AT_ONCE: Final = 50_000
_SINGLY: Final = 20_000
_CERTIFIED: Final = 300
_AGREES_M: Final = 0.05


class Peer(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what was measured of a peer; `None` for what it cannot do.

    Attributes:
        exact: Whether it found the same pairs as ours for every plan asked.
    """

    name: str
    build_s: float
    p50_us: float
    p99_us: float
    checks_per_s: int
    inserts_per_s: int | None
    deletes_per_s: int | None
    exact: bool


class Screening(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what was measured.

    Attributes:
        n: Notices that stand.
        pieces: What they were packed into.
        build_s: Until all are filed; drawing them is not part of it.
        pack_s: How much of that is packing.
        rss_mb: By how much the process grew, 10^6 bytes.
        index_mb: Of that, the index and the packed extents in use.
        p50_us: One plan, from its extent to what it meets, microseconds.
        looked_us: Of that, without packing the plan.
        processor_us: One plan, as `p50_us`, in time of the processor: what others
            on the machine took in between is left out.
        checks_per_s: Plans screened in one call, on one core.
        inserts_per_s: Filed one by one, each from its extent.
        packs_per_s: How fast the packing of that is.
        files_per_s: How fast the filing of that is.
        met: Notices that meet a plan, mean.
        exact: Pairs in the sample that were found and judged rightly: all.
        bulk: As many plans as notices, from files; only where that was asked for.
        load: Load average of the machine over the last minute, when measured.
    """

    workload: Kind
    n: int
    seed: int
    pieces: int
    build_s: float
    pack_s: float
    rss_mb: float
    index_mb: float
    p50_us: float
    p99_us: float
    looked_us: Spread
    processor_us: Spread
    checks_per_s: int
    inserts_per_s: int
    packs_per_s: int
    files_per_s: int
    deletes_per_s: int
    restore_s: float
    met: float
    exact: bool
    sampled_plans: int
    sampled_pairs: int
    certified_pairs: int
    peers: tuple[Peer, ...]
    bulk: bulk.Bulk | None
    load: float
    machine: Machine


def run(  # noqa: PLR0913 (each is an option of the command)
    *,
    n: int,
    plans: int = 5_000,
    sample: int = 50,
    seed: int = 1,
    workload: Kind = Kind.THEATRE,
    is_bulk: bool = False,
) -> Screening:
    """Build the workload and measure it.

    Args:
        n: Notices.
        plans: Plans screened one by one, and all at once.
        sample: Plans whose answers are held against judging every notice.
        seed: Of the workload.
        workload: Which.
        is_bulk: Whether as many plans as notices are screened from files as well.

    Raises:
        NotExact: An answer was wrong.
    """
    drawn = Workload(workload, seed)
    asked = list(drawn.plans(plans))
    warm()
    before_mb = _rss_mb()
    standing, build_s, pack_s = _build(drawn.notices(n), n)
    rss_mb = _rss_mb() - before_mb
    index_mb = standing.nbytes / 1e6
    one_us, looked_us, processor_us, met = _one_by_one(standing, asked)
    checks_per_s = _all_at_once(standing, asked)
    pairs, certified = _require_exact(standing, asked[:sample])
    pace = _come_and_go(standing, list(drawn.notices(min(n, _SINGLY))))
    restore_s = _restore(standing)
    return Screening(
        workload=workload,
        n=n,
        seed=seed,
        pieces=len(standing.index),
        build_s=round(build_s, 2),
        pack_s=round(pack_s, 2),
        rss_mb=round(rss_mb, 1),
        index_mb=round(index_mb, 1),
        p50_us=one_us.p50,
        p99_us=one_us.p99,
        looked_us=looked_us,
        processor_us=processor_us,
        checks_per_s=checks_per_s,
        inserts_per_s=pace.inserts,
        packs_per_s=pace.packs,
        files_per_s=pace.files,
        deletes_per_s=pace.deletes,
        restore_s=round(restore_s, 2),
        met=round(met, 2),
        exact=True,
        sampled_plans=min(sample, plans),
        sampled_pairs=pairs,
        certified_pairs=certified,
        peers=tuple(_peers(standing, asked[: max(sample, 300)])),
        bulk=bulk.run(workload, n, seed, sample) if is_bulk else None,
        load=round(os.getloadavg()[0], 2),
        machine=describe(),
    )


def _build(notices: Iterator[Extent], n: int) -> tuple[Standing, float, float]:
    standing = Standing(room=n)
    pack_s = file_s = 0.0
    while some := list(islice(notices, _AT_ONCE)):
        started = time.perf_counter()
        packed = pack(some)
        packed_at = time.perf_counter()
        standing.file_all(packed, len(some))
        pack_s += packed_at - started
        file_s += time.perf_counter() - packed_at
    return standing, pack_s + file_s, pack_s


def _one_by_one(
    standing: Standing, asked: list[Extent]
) -> tuple[Spread, Spread, Spread, float]:
    desk = standing.desk()
    one_us, looked_us, processor_us, met = [], [], [], 0
    for plan in asked:
        worked = time.thread_time()
        started = time.perf_counter()
        packed = pack([plan])
        packed_at = time.perf_counter()
        met += len(standing.meet(packed, desk))
        ended = time.perf_counter()
        one_us.append((ended - started) * 1e6)
        looked_us.append((ended - packed_at) * 1e6)
        processor_us.append((time.thread_time() - worked) * 1e6)
    return spread(one_us), spread(looked_us), spread(processor_us), met / len(asked)


def _all_at_once(standing: Standing, asked: list[Extent]) -> int:
    started = time.perf_counter()
    standing.meet(near_together(pack(asked)))
    return int(len(asked) / (time.perf_counter() - started))


class _Pace(NamedTuple):
    """How many a second, one by one."""

    inserts: int
    packs: int
    files: int
    deletes: int


def _come_and_go(standing: Standing, more: list[Extent]) -> _Pace:
    """File notices one by one, and withdraw them: what stood stands again."""
    some: list[Packed] = []
    pack_s = _timed_s(lambda: some.extend(pack([one]) for one in more))
    numbers: list[int] = []
    file_s = _timed_s(lambda: numbers.extend(map(standing.file, some)))
    leave_s = _timed_s(lambda: deque(map(standing.withdraw, numbers), maxlen=0))
    numbers.clear()
    insert_s = _timed_s(
        lambda: numbers.extend(standing.file(pack([one])) for one in more)
    )
    deque(map(standing.withdraw, numbers), maxlen=0)
    count = len(more)
    return _Pace(
        inserts=int(count / insert_s),
        packs=int(count / pack_s),
        files=int(count / file_s),
        deletes=int(count / leave_s),
    )


def _restore(standing: Standing) -> float:
    with tempfile.TemporaryDirectory() as folder:
        packed, extents = standing.copy()
        for name, array in zip(Packed._fields, packed, strict=True):
            np.save(Path(folder) / name, array)
        del packed
        started = time.perf_counter()
        read = Packed(
            *(np.load(Path(folder) / f"{name}.npy") for name in Packed._fields)
        )
        again = Standing(room=len(read.pieces))
        again.file_all(read, extents)
        return time.perf_counter() - started


# --- exactness ----------------------------------------------------------------


def _require_exact(standing: Standing, asked: list[Extent]) -> tuple[int, int]:
    """Judge every piece that stands, and compare; count pairs and those certified.

    Raises:
        NotExact: A pair is missing, is too many, or is judged otherwise.
    """
    pairs = certified = 0
    for plan in asked:
        packed = pack([plan])
        near: set[int] = set()
        for i, j in near_pieces(standing, packed):
            if certified < _CERTIFIED:
                _require_certain(packed, i, standing.pool, j)
                certified += 1
            near.add(int(standing.pool.pieces[j]["extent"]))
        judged = {number: certain(packed, standing.packed(number)) for number in near}
        needed = {number: told for number, told in judged.items() if told[0] != APART}
        found = {
            int(row["extent"]): (int(row["code"]), float(row["separation_m"]))
            for row in standing.meet(packed)
        }
        if found != needed:
            raise not_exact(f"{len(found)} notices were found, {len(needed)} meet")
        pairs += len(found)
    return pairs, certified


def _require_certain(packed: Packed, i: int, pool: Packed, j: int) -> None:
    (code,), (apart_m,) = judge_pairs(*packed, _row(i), *pool, _row(j))
    sure, sure_m = certify(packed, i, pool, j, int(code) | CLOSE)
    is_close = bool(code & CLOSE)
    if (not is_close and sure != code) or (
        sure != APART and abs(sure_m - apart_m) > _AGREES_M
    ):
        raise not_exact(f"a pair {apart_m} m apart is {sure_m} m apart")


def _row(at: int) -> NDArray[np.int64]:
    return np.array([at], np.int64)


# --- peers --------------------------------------------------------------------


class _Tree(Protocol):
    def look_in(self, box: list[float]) -> NDArray[np.int32]: ...


def _peers(standing: Standing, asked: list[Extent]) -> Iterator[Peer]:
    rows = np.flatnonzero(standing.index.grid.slots >= 0)
    pieces = standing.pool.pieces[rows]
    packed = [pack([plan]) for plan in asked]
    ours = [set(standing.meet(one)["extent"].tolist()) for one in packed]
    started = time.perf_counter()
    sqlite = SqliteTree(pieces)
    build_s = time.perf_counter() - started
    last = np.arange(max(0, len(pieces) - _SINGLY), len(pieces))
    leave_s = _timed_s(partial(sqlite.leave, last.tolist()))
    enter_s = _timed_s(partial(sqlite.enter, pieces, int(last[0]), len(pieces)))
    yield _peer(
        "SQLite R*Tree, in memory",
        build_s,
        _ask(
            sqlite,
            [boxes(one.pieces).tolist() for one in packed],
            packed,
            standing,
            rows,
        ),
        ours,
        (int(len(last) / enter_s), int(len(last) / leave_s)),
    )
    del sqlite
    started = time.perf_counter()
    shapely = ShapelyTree(pieces)
    build_s = time.perf_counter() - started
    yield _peer(
        "shapely STRtree",
        build_s,
        _ask(
            shapely, [flat_boxes(one.pieces) for one in packed], packed, standing, rows
        ),
        ours,
        (None, None),
    )


def _peer(
    name: str,
    build_s: float,
    asked: list[tuple[float, set[int]]],
    ours: list[set[int]],
    rates: tuple[int | None, int | None],
) -> Peer:
    times_us = spread([spent * 1e6 for spent, _ in asked])
    return Peer(
        name=name,
        build_s=round(build_s, 2),
        p50_us=times_us.p50,
        p99_us=times_us.p99,
        checks_per_s=int(len(asked) / sum(spent for spent, _ in asked)),
        inserts_per_s=rates[0],
        deletes_per_s=rates[1],
        exact=[found for _, found in asked] == ours,
    )


def _ask(
    tree: _Tree,
    all_boxes: list[list[list[float]]],
    asked: list[Packed],
    standing: Standing,
    rows: NDArray[np.int64],
) -> list[tuple[float, set[int]]]:
    """Look into a peer for every plan, and judge what it proposes."""
    answers = []
    for plan, of_pieces in zip(asked, all_boxes, strict=True):
        started = time.perf_counter()
        met: set[int] = set()
        for i, box in enumerate(of_pieces):
            near = rows[tree.look_in(box)]
            codes, _ = judge_pairs(*plan, np.full(len(near), i), *standing.pool, near)
            met.update(standing.pool.pieces["extent"][near[codes != APART]].tolist())
        answers.append((time.perf_counter() - started, met))
    return answers


def _timed_s(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _rss_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
