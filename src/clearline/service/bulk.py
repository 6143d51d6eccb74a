"""Screen many plans against many notices, on every core, in the order they came.

Notices are read once and kept packed, about 700 bytes each. Plans pass through in
parcels: each is ordered by place and time, looked for and judged, and its rows come
out in the order of the plans, so that a million of them need no room.

The compiled parts run without the GIL; each thread has a desk of its own. Rows are
written in `service.bulk_rows`: a million plans may meet thirty million times.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from clearline.geo.altitudes import CODES
from clearline.geo.codes import NEAR, PLACE_UNSURE
from clearline.geo.contact import contact_of_all
from clearline.geo.kernels import CLOSE_M
from clearline.geo.microseconds import microseconds
from clearline.geo.packing import Packed
from clearline.geo.standing import Desk, Standing, near_together
from clearline.model.extents import Extent, ends_at, starts_at
from clearline.model.instants import FOREVER, Duration, Window
from clearline.model.places import Circle, Position
from clearline.model.screenings import Verdict
from clearline.rules.screening import explain, say_unlocated
from clearline.service.bulk_rows import (
    NOBODY,
    Table,
    Texts,
    between,
    in_order,
    joined,
    texts,
    write,
)
from clearline.service.intake import Parcel, parcel_of

_FOREVER_US: Final = microseconds(FOREVER)
_KILOMETRE_M: Final = 1_000.0
_NEAR_HALF: Final = 1e-6
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


class Screened(NamedTuple):
    """Hold what was found of a parcel of plans.

    Attributes:
        parcel: The plans.
        asked: (m,) which of them, row by row, in order.
        notices: (m,) numbers of the notices they meet or may; -1: the plan itself
            is nowhere located.
        is_sure: (m,) whether it is a conflict.
        rows: The same as NDJSON, a `Row` a line.
    """

    parcel: Parcel
    asked: NDArray[np.int64]
    notices: NDArray[np.int64]
    is_sure: NDArray[np.bool_]
    rows: memoryview


class Notices:
    """Keep notices to screen against.

    Attributes:
        standing: What they take up, numbered in the order they came.
    """

    def __init__(self) -> None:
        """Start with none."""
        self.standing = Standing()
        self._names: list[bytes] = []
        self._unlocated: list[int] = []
        self._reasons: list[bytes] = []
        self._windows = np.empty((0, 2), np.int64)

    def __len__(self) -> int:
        """Count them."""
        return len(self._names)

    def file(self, parcels: Iterable[Parcel]) -> Iterator[int]:
        """File notices; yield how many there are now, after each parcel."""
        for parcel in parcels:
            first = len(self)
            self.standing.file_all(parcel.packed, len(parcel.ids))
            self._names += map(_quoted, parcel.ids)
            windows = [
                (microseconds(starts_at(extent)), microseconds(ends_at(extent)))
                for _, extent in parcel.unlocated
            ]
            if windows:
                self._windows = np.append(self._windows, windows, axis=0)
            for number, extent in parcel.unlocated:
                self._unlocated.append(first + number)
                self._reasons.append(_quoted(_why_nowhere(extent)))
            yield len(self)

    def packed(self, number: int) -> Packed:
        """Return what a notice takes up, numbered 0."""
        return self.standing.packed(number)

    def screen(self, parcels: Iterable[Parcel]) -> Iterator[Screened]:
        """Screen plans, parcel by parcel.

        Rows come by plan, in the order given; of one plan by beginning of the
        overlap, then certainty, then separation, then as the notices were given.
        """
        threads = len(os.sched_getaffinity(0))
        names = texts(self._names)
        desks = deque(self.standing.desk() for _ in range(threads))
        waiting: deque[Future[Screened]] = deque()
        with ThreadPoolExecutor(threads) as pool:
            for parcel in parcels:
                waiting.append(pool.submit(self._screen, parcel, names, desks))
                if len(waiting) > 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def _screen(self, parcel: Parcel, names: Texts, desks: deque[Desk]) -> Screened:
        desk = desks.popleft()  # as many as there are threads
        try:
            met = self.standing.meet(near_together(parcel.packed), desk)
        finally:
            desks.append(desk)
        whys = _Sentences()
        told = self._told(parcel, met, whys)
        if self._unlocated or parcel.unlocated:
            told = joined((told, self._untold(parcel, whys)))
        told = in_order(told, len(parcel.ids))
        plans = texts(list(map(_quoted, parcel.ids)))
        return Screened(
            parcel=parcel,
            asked=told.asked,
            notices=told.notices,
            is_sure=~told.is_unsure,
            rows=write(told, plans, names, texts(whys.said)),
        )

    def _told(self, parcel: Parcel, met: NDArray[np.void], whys: "_Sentences") -> Table:
        """Tell every pair that was found."""
        pieces, pool = parcel.packed.pieces, self.standing.pool.pieces
        starts = np.searchsorted(pieces["extent"], np.arange(len(parcel.ids) + 1))
        count = len(met)
        start_us, until_us = np.empty(count, np.int64), np.empty(count, np.int64)
        margin_m, is_moving = np.empty(count), np.empty(count, np.bool_)
        between(
            met, pieces, starts, pool, self.standing.rows,
            start_us, until_us, margin_m, is_moving,
        )  # fmt: skip
        for at in np.flatnonzero(is_moving).tolist():
            start_us[at], until_us[at] = self._contact(parcel.packed, starts, met[at])
        codes, apart_m = met["code"], met["separation_m"]
        is_unsure = codes != NEAR
        why = np.zeros(count, np.int64)  # the footprints overlap
        is_beside = ~is_unsure & (apart_m > 0.0)
        why[is_beside] = whys.near(apart_m[is_beside], margin_m[is_beside])
        for at in np.flatnonzero(is_unsure).tolist():
            a = pieces[starts[met["asked"][at]]]
            b = pool[self.standing.rows[met["extent"][at], 0]]
            why[at] = whys.unsure(int(codes[at]), float(apart_m[at]), a, b)
        return Table(
            asked=met["asked"].astype(np.int64),
            notices=met["extent"].astype(np.int64),
            start_us=start_us,
            until_us=until_us,
            is_unsure=is_unsure,
            apart_m=apart_m,
            why=why,
        )

    def _contact(
        self, packed: Packed, starts: NDArray[np.int64], met: np.void
    ) -> tuple[int, int]:
        """Return from when to when two may be near each other, one of which moves."""
        asked, number, code, _ = met.tolist()
        plan = packed._replace(
            pieces=packed.pieces[int(starts[asked]) : int(starts[asked + 1])]
        )
        notice = self.standing.packed(number)
        a, b = plan.pieces[0], notice.pieces[0]
        within_m = a["buffer_m"] + b["buffer_m"]
        within_m += (a["precision_m"] + b["precision_m"]) * bool(code & PLACE_UNSURE)
        is_banded = True
        found: tuple[int, int] = contact_of_all(
            *plan, *notice, float(within_m + CLOSE_M), is_banded
        )
        return found

    def _untold(self, parcel: Parcel, whys: "_Sentences") -> Table:
        """Tell every pair of which one is nowhere located."""
        nowhere = dict(parcel.unlocated)
        pieces = parcel.packed.pieces
        starts = np.searchsorted(pieces["extent"], np.arange(len(parcel.ids)))
        why = [whys.add(reason) for reason in self._reasons]
        rows: list[tuple[int, int, int, int, int]] = []
        for asked in range(len(parcel.ids)):
            if asked in nowhere:
                reason = whys.add(_quoted(_why_nowhere(nowhere[asked])))
                rows.append((asked, NOBODY, _FOREVER_US, _FOREVER_US, reason))
                continue
            piece = pieces[starts[asked]]
            from_us = piece["from_us"] - piece["buffer_us"]
            until_us = piece["until_us"] + piece["buffer_us"]
            first_us = np.maximum(self._windows[:, 0], from_us)
            last_us = np.minimum(self._windows[:, 1], until_us)
            rows += [
                (
                    asked,
                    self._unlocated[at],
                    int(first_us[at]),
                    int(last_us[at]),
                    why[at],
                )
                for at in np.flatnonzero(first_us < last_us).tolist()
            ]
        table = np.array(rows, np.int64).reshape(-1, 5)
        asked_at, notices, start_us, until_us, why_at = table.T
        return Table(
            asked=asked_at,
            notices=notices,
            start_us=start_us,
            until_us=until_us,
            is_unsure=np.ones(len(rows), np.bool_),
            apart_m=np.full(len(rows), np.nan),
            why=why_at,
        )


def warm() -> None:
    """Screen one thing against another, so that what writes rows is compiled."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    gate = Extent(
        footprint=Circle(centre=Position(lon=40.0, lat=35.0), radius_m=100.0),
        window=Window(start=start, end=start + Duration(hours=1)),
    )
    held = Notices()
    deque(held.file([parcel_of([("gate", gate), ("again", gate)])]), maxlen=0)
    deque(held.screen([parcel_of([("plan", gate)])]), maxlen=0)


class _Sentences:
    """Keep the sentences rows of a parcel say, each once, as JSON.

    Attributes:
        said: In the order they were first said.
    """

    def __init__(self) -> None:
        _, overlap = explain(NEAR, 0.0, 0.0, 0.0, ("", ""))
        self.said: list[bytes] = []
        self._numbers: dict[bytes, int] = {}
        self.add(_quoted(overlap))

    def add(self, quoted: bytes) -> int:
        """Return the number of a sentence."""
        number = self._numbers.setdefault(quoted, len(self.said))
        if number == len(self.said):
            self.said.append(quoted)
        return number

    def near(
        self, apart_m: NDArray[np.float64], margin_m: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """Return the numbers of what is said of pairs within their margins."""
        some, which = np.unique(_said(apart_m) + 1j * margin_m, return_inverse=True)
        numbers = [
            self.add(_quoted(explain(NEAR, one.real, one.imag, 0.0, ("", ""))[1]))
            for one in some.tolist()
        ]
        return np.array(numbers, np.int64)[which]

    def unsure(self, code: int, apart_m: float, a: np.void, b: np.void) -> int:
        """Return the number of what is said of a pair that cannot be told."""
        margin_m = float(a["buffer_m"] + b["buffer_m"])
        doubt_m = float(a["precision_m"] + b["precision_m"])
        bands = _say_band(a), _say_band(b)
        return self.add(_quoted(explain(code, apart_m, margin_m, doubt_m, bands)[1]))


def _why_nowhere(extent: Extent) -> str:
    name: str = extent.footprint.name  # type: ignore[union-attr]
    return say_unlocated(name)


def _quoted(text: str) -> bytes:
    """Write a text as JSON."""
    return msgspec.json.encode(text)


def _said(apart_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bring together lengths above zero that `say_length` says in the same words."""
    whole, tenths = np.rint(apart_m), np.rint(apart_m / 100.0)
    is_whole = (apart_m >= 1.0) & (whole < _KILOMETRE_M)
    # Halfway between two tenths the digits of the length itself decide.
    is_halfway = np.abs(np.abs(apart_m / 100.0 - tenths) - 0.5) < _NEAR_HALF
    is_tenth = (apart_m >= _KILOMETRE_M) & ~is_halfway
    return np.where(is_whole, whole, np.where(is_tenth, tenths * 100.0, apart_m))


def _say_band(piece: np.void) -> str:
    datum = _DATUMS.get(int(piece["datum"]))
    if datum is None:
        return "all altitudes"
    return f"{piece['floor_mm'] / 1000:g} to {piece['ceiling_mm'] / 1000:g} m {datum}"
