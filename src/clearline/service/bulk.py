"""Screen many plans against many notices, on every core, in the order they came.

Notices are read once and kept packed, about 700 bytes each. Plans pass through in
parcels: each is packed, ordered by place and time, looked for and judged, and its
rows come out in the order of the plans, so that a million of them need no room.

The compiled parts run without the GIL; each thread has a desk of its own.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from clearline.geo.altitudes import CODES
from clearline.geo.codes import NEAR, PLACE_UNSURE
from clearline.geo.contact import contact_of_all
from clearline.geo.kernels import CLOSE_M
from clearline.geo.microseconds import microseconds
from clearline.geo.packing import Packed, instant, pack
from clearline.geo.standing import Desk, Standing, near_together
from clearline.model.extents import Extent, ends_at, starts_at
from clearline.model.instants import FOREVER, Instant, write_instant
from clearline.model.places import Unlocated
from clearline.model.screenings import Verdict
from clearline.rules.screening import explain, say_unlocated

_NOTICES_AT_ONCE: Final = 50_000
_PLANS_AT_ONCE: Final = 4_096
_FOREVER_US: Final = microseconds(FOREVER)
_FIRST_US: Final = microseconds(datetime.min.replace(tzinfo=UTC))
_OVERLAP: Final = explain(NEAR, 0.0, 0.0, 0.0, ("", ""))
_DATUMS: Final = {code: datum for datum, code in CODES.items()}


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one pair that meets or may; pairs that do not are not listed.

    Attributes:
        notice: `None` where the plan itself is nowhere located.
        overlap_start: RFC 3339, UTC, margins included.
        overlap_end: The same; `None` where neither ends until it is withdrawn.
    """

    plan: str
    notice: str | None
    verdict: Verdict
    separation_m: float | None
    overlap_start: str | None
    overlap_end: str | None
    why: str


class Named(NamedTuple):
    """Hold an extent with the id it came with."""

    id: str
    extent: Extent


class Notices:
    """Keep notices to screen against."""

    def __init__(self, *, cell_m: float = 8_192.0) -> None:
        """Start with none; `cell_m` as for `geo.index.Index`."""
        self._standing = Standing(cell_m=cell_m)
        self._ids: list[str] = []
        self._unlocated: list[tuple[str, str, Instant, Instant]] = []

    def __len__(self) -> int:
        """Count them."""
        return len(self._ids)

    def file(self, notices: Iterable[Named]) -> Iterator[int]:
        """File notices; yield how many there are now, after each parcel."""
        coming = iter(notices)
        while some := list(islice(coming, _NOTICES_AT_ONCE)):
            extents = [one.extent for one in some]
            self._standing.file_all(pack(extents), len(extents))
            self._ids += [one.id for one in some]
            self._unlocated += [
                (one.id, place.name, starts_at(one.extent), ends_at(one.extent))
                for one in some
                if isinstance(place := one.extent.footprint, Unlocated)
            ]
            yield len(self)

    def screen(self, plans: Iterable[Named]) -> Iterator[tuple[int, list[Row]]]:
        """Screen plans; yield how many a parcel held, and its rows.

        Rows come by plan, in the order given; of one plan by beginning of the
        overlap, then certainty, then separation.
        """
        threads = len(os.sched_getaffinity(0))
        desks = deque(self._standing.desk() for _ in range(threads))
        waiting: deque[Future[tuple[int, list[Row]]]] = deque()
        coming = iter(plans)
        with ThreadPoolExecutor(threads) as pool:
            while some := list(islice(coming, _PLANS_AT_ONCE)):
                waiting.append(pool.submit(self._screen, some, desks))
                if len(waiting) > 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def _screen(self, plans: list[Named], desks: deque[Desk]) -> tuple[int, list[Row]]:
        desk = desks.popleft()  # as many as there are threads
        try:
            packed = pack([plan.extent for plan in plans])
            met = self._standing.meet(near_together(packed), desk)
        finally:
            desks.append(desk)
        rows = list(self._told(plans, packed, met))
        rows += self._untold(plans)
        rows.sort(key=_order)
        return len(plans), [row for _, _, _, _, row in rows]

    def _told(
        self, plans: list[Named], packed: Packed, met: NDArray[np.void]
    ) -> Iterator["_Sortable"]:
        """Tell every pair that was found."""
        starts = np.searchsorted(packed.pieces["extent"], np.arange(len(plans) + 1))
        a = packed.pieces[starts[met["asked"]]]
        b = self._standing.pool.pieces[self._standing.rows[met["extent"], 0]]
        from_us = np.maximum(
            a["from_us"] - a["buffer_us"], b["from_us"] - b["buffer_us"]
        )
        until_us = np.minimum(
            a["until_us"] + a["buffer_us"], b["until_us"] + b["buffer_us"]
        )
        margins_m = a["buffer_m"] + b["buffer_m"]
        for at in np.flatnonzero((a["clock"] >= 0) | (b["clock"] >= 0)).tolist():
            asked, number, code, _ = met[at].tolist()
            plan = _part(packed, int(starts[asked]), int(starts[asked + 1]))
            doubt_m = a[at]["precision_m"] + b[at]["precision_m"]
            within_m = margins_m[at] + (doubt_m if code & PLACE_UNSURE else 0.0)
            is_banded = True
            from_us[at], until_us[at] = contact_of_all(
                *plan,
                *self._standing.packed(number),
                float(within_m + CLOSE_M),
                is_banded,
            )
        columns = (from_us.tolist(), until_us.tolist(), margins_m.tolist())
        pairs = zip(met.tolist(), *columns, strict=True)
        for at, ((asked, number, code, apart_m), start, end, margin_m) in enumerate(
            pairs
        ):
            if code == NEAR and apart_m <= 0.0:
                verdict, why = _OVERLAP
            else:
                verdict, why = explain(
                    code,
                    apart_m,
                    margin_m,
                    float(a[at]["precision_m"] + b[at]["precision_m"]),
                    (_say_band(a[at]), _say_band(b[at])),
                )
            row = Row(
                plan=plans[asked].id,
                notice=self._ids[number],
                verdict=verdict,
                separation_m=round(apart_m, 3),
                overlap_start=_told_at(start),
                overlap_end=None if end >= _FOREVER_US else _told_at(end),
                why=why,
            )
            yield asked, start, verdict is not Verdict.CONFLICT, apart_m, row

    def _untold(self, plans: list[Named]) -> Iterator["_Sortable"]:
        """Tell every pair of which one is nowhere located."""
        for asked, (plan, extent) in enumerate(plans):
            if isinstance(extent.footprint, Unlocated):
                why = say_unlocated(extent.footprint.name)
                yield asked, 0, True, 0.0, _unknown(plan, None, None, None, why)
                continue
            for notice, name, start, end in self._unlocated:
                first, last = max(start, starts_at(extent)), min(end, ends_at(extent))
                if first < last:
                    row = _unknown(plan, notice, first, last, say_unlocated(name))
                    yield asked, microseconds(first), True, 0.0, row


_Sortable = tuple[int, int, bool, float, Row]


def _order(row: _Sortable) -> tuple[int, int, bool, float, str]:
    return (*row[:4], row[4].notice or "")


def _unknown(
    plan: str, notice: str | None, start: Instant | None, end: Instant | None, why: str
) -> Row:
    return Row(
        plan=plan,
        notice=notice,
        verdict=Verdict.CANNOT_TELL,
        separation_m=None,
        overlap_start=None if start is None else write_instant(start),
        overlap_end=None if end in {None, FOREVER} else write_instant(end),
        why=why,
    )


def _part(packed: Packed, start: int, stop: int) -> Packed:
    return packed._replace(pieces=packed.pieces[start:stop])


@lru_cache(maxsize=65_536)
def _told_at(at_us: int) -> str:
    return write_instant(instant(max(_FIRST_US, min(at_us, _FOREVER_US))))


def _say_band(piece: np.void) -> str:
    datum = _DATUMS.get(int(piece["datum"]))
    if datum is None:
        return "all altitudes"
    return f"{piece['floor_mm'] / 1000:g} to {piece['ceiling_mm'] / 1000:g} m {datum}"
