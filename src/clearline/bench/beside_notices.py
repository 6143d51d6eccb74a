"""Stand an R*Tree of SQLite beside a node of notices: the same places, the same plans.

It proposes what may meet, by boxes of place, time and altitude, from memory. It keeps
no log, signs nothing, knows nobody's consent and judges nothing: it is what a database
with an index on places costs, and no more.
"""

import gc
import time
from collections.abc import Callable, Iterable

import msgspec

from clearline.bench.machine import Spread, spread
from clearline.bench.peers import SqliteTree, boxes
from clearline.geo.packing import pack
from clearline.model.extents import Extent


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what was measured of the peer.

    Attributes:
        enter_s: Until every extent is in it; what a restart costs it as well.
        plan_ms: What may meet a plan, proposed.
        rss_mb: By how much the process grew, 10^6 bytes.
    """

    name: str
    enter_s: float
    plan_ms: Spread
    rss_mb: float


def measure_beside(
    extents: Iterable[Extent], plans: Iterable[Extent], rss_mb: Callable[[], float]
) -> Beside:
    """Enter extents into the peer, and ask it for each plan.

    Args:
        extents: What stands.
        plans: What is planned.
        rss_mb: Says how large the process is, 10^6 bytes.
    """
    pieces = pack(extents).pieces
    asked = [boxes(pack([plan]).pieces).tolist() for plan in plans]
    gc.collect()
    before_mb, began = rss_mb(), time.perf_counter()
    tree = SqliteTree(pieces)
    entered_s = time.perf_counter() - began
    grown_mb = rss_mb() - before_mb
    took = []
    for of_pieces in asked:
        began = time.perf_counter()
        for box in of_pieces:
            tree.look_in(box)
        took.append((time.perf_counter() - began) * 1e3)
    return Beside(
        name="SQLite R*Tree, in memory",
        enter_s=round(entered_s, 2),
        plan_ms=spread(took),
        rss_mb=round(grown_mb, 1),
    )
