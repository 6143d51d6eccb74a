"""Measure as many plans as notices, from files, as `clearline screen` does it.

Both are written as NDJSON to a temporary folder first, which is not measured. Then:

    read      the notices, packed and filed; the plans, packed
    screen    every plan against every notice, on all cores; rows as NDJSON, counted
              and thrown away: how fast a disk takes them is not measured

The command does the reading of plans beside the screening; here they come one after
the other, so that each can be told. For a sample of plans every notice is judged
without any index.
"""

import os
import resource
import tempfile
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from clearline.bench.exactness import near_pieces, not_exact
from clearline.bench.workload import Kind, Workload
from clearline.geo.codes import APART
from clearline.geo.packing import Packed
from clearline.geo.standing import certain
from clearline.model.extents import Extent
from clearline.service.bulk import Notices, Screened
from clearline.service.intake import Parcel, take_in
from clearline.wire.features import Format, write_feature

_PLANS: Final = "plans.ndjson"
_NOTICES: Final = "notices.ndjson"


class Bulk(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what was measured.

    Attributes:
        read_notices_s: From the file until all are filed.
        read_plans_s: From the file until all are packed.
        screen_s: From there until every row is written, on all cores.
        rows: Pairs that meet or may.
        rows_mb: What they take as NDJSON, 10^6 bytes.
        most_mb: The most the process ever took, all benches of the run, 10^6 bytes.
        load: Load average of the machine over the last minute, when screened.
    """

    plans: int
    notices: int
    files_mb: float
    read_notices_s: float
    read_plans_s: float
    screen_s: float
    rows: int
    rows_mb: float
    cores: int
    most_mb: float
    sampled_plans: int
    load: float


def run(workload: Kind, n: int, seed: int, sample: int) -> Bulk:
    """Draw n plans and n notices, write them down, and screen them.

    Raises:
        NotExact: A plan of the sample was answered wrongly.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        drawn = Workload(workload, seed)
        _write(folder / _PLANS, "p", drawn.plans(n))
        _write(folder / _NOTICES, "n", drawn.notices(n))
        files_mb = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        held = Notices()
        started = time.perf_counter()
        with (folder / _NOTICES).open("rb") as file:
            deque(held.file(take_in(file, Format.NDJSON)), maxlen=0)
        filed_at = time.perf_counter()
        with (folder / _PLANS).open("rb") as file:
            plans = list(take_in(file, Format.NDJSON))
        packed_at = time.perf_counter()
        rows = size = 0
        first: Screened | None = None
        for some in held.screen(plans):
            first = first or some
            rows, size = rows + len(some.asked), size + len(some.rows)
        ended = time.perf_counter()
    if first is not None:
        _require_exact(held, first, sample)
    return Bulk(
        plans=sum(len(one.ids) for one in plans),
        notices=len(held),
        files_mb=round(files_mb, 1),
        read_notices_s=round(filed_at - started, 2),
        read_plans_s=round(packed_at - filed_at, 2),
        screen_s=round(ended - packed_at, 2),
        rows=rows,
        rows_mb=round(size / 1e6, 1),
        cores=len(os.sched_getaffinity(0)),
        most_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3, 1),
        sampled_plans=min(sample, n),
        load=round(os.getloadavg()[0], 2),
    )


def _write(path: Path, letter: str, extents: Iterable[Extent]) -> None:
    with path.open("wb") as file:
        file.writelines(
            write_feature(f"{letter}{at}", one) + b"\n"
            for at, one in enumerate(extents)
        )


def _require_exact(held: Notices, some: Screened, sample: int) -> None:
    """Judge the first plans of a parcel against everything, and compare."""
    standing = held.standing
    for asked in range(min(sample, len(some.parcel.ids))):
        part = _part(some.parcel, asked)
        near = {
            int(standing.pool.pieces[j]["extent"])
            for _, j in near_pieces(standing, part)
        }
        needed = {
            number
            for number in near
            if certain(part, standing.packed(number))[0] != APART
        }
        found = set(some.notices[some.asked == asked].tolist())
        if found != needed:
            raise not_exact(f"{len(found)} notices were found, {len(needed)} meet")


def _part(parcel: Parcel, asked: int) -> Packed:
    pieces = parcel.packed.pieces
    return parcel.packed._replace(pieces=pieces[pieces["extent"] == asked])
