"""Screen many plans against many notices, on every core, in the order they came.

Notices are read once and kept packed, about 700 bytes each. Plans pass through in
parcels: each is ordered by place and time, looked for and judged, and its rows come
out in the order of the plans, so that a million of them need no room.

The compiled parts run without the GIL; each thread has a desk of its own. Rows are
written as the bytes that come out: a million plans may meet twenty million times.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import lru_cache
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
from clearline.model.instants import FOREVER
from clearline.model.screenings import Verdict
from clearline.rules.screening import explain, say_unlocated
from clearline.service.intake import Parcel

_FOREVER_US: Final = microseconds(FOREVER)
_FIRST_US: Final = microseconds(datetime.min.replace(tzinfo=UTC))
_SECOND_US: Final = 1_000_000
_DATUMS: Final = {code: datum for datum, code in CODES.items()}
_NOWHERE: Final = -1


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
    rows: bytes


class _Told(NamedTuple):
    """Hold rows and what orders them: plan, beginning, certainty, separation."""

    asked: NDArray[np.int64]
    start_us: NDArray[np.int64]
    is_unsure: NDArray[np.bool_]
    apart_m: NDArray[np.float64]
    notices: NDArray[np.int64]
    lines: list[str]


class Notices:
    """Keep notices to screen against.

    Attributes:
        standing: What they take up, numbered in the order they came.
    """

    def __init__(self) -> None:
        """Start with none."""
        self.standing = Standing()
        self._quoted: list[str] = []
        self._unlocated: list[int] = []
        self._reasons: list[str] = []
        self._windows = np.empty((0, 2), np.int64)

    def __len__(self) -> int:
        """Count them."""
        return len(self._quoted)

    def file(self, parcels: Iterable[Parcel]) -> Iterator[int]:
        """File notices; yield how many there are now, after each parcel."""
        for parcel in parcels:
            first = len(self)
            self.standing.file_all(parcel.packed, len(parcel.ids))
            self._quoted += map(_quoted, parcel.ids)
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
        desks = deque(self.standing.desk() for _ in range(threads))
        waiting: deque[Future[Screened]] = deque()
        with ThreadPoolExecutor(threads) as pool:
            for parcel in parcels:
                waiting.append(pool.submit(self._screen, parcel, desks))
                if len(waiting) > 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def _screen(self, parcel: Parcel, desks: deque[Desk]) -> Screened:
        desk = desks.popleft()  # as many as there are threads
        try:
            met = self.standing.meet(near_together(parcel.packed), desk)
        finally:
            desks.append(desk)
        told = self._told(parcel, met)
        if self._unlocated or parcel.unlocated:
            told = _both(told, self._untold(parcel))
        order = np.lexsort(
            (told.notices, told.apart_m, told.is_unsure, told.start_us, told.asked)
        )
        lines = [told.lines[at] for at in order.tolist()]
        return Screened(
            parcel=parcel,
            asked=told.asked[order],
            notices=told.notices[order],
            is_sure=~told.is_unsure[order],
            rows="".join(lines).encode(),
        )

    def _told(self, parcel: Parcel, met: NDArray[np.void]) -> _Told:
        """Tell every pair that was found."""
        pieces = parcel.packed.pieces
        starts = np.searchsorted(pieces["extent"], np.arange(len(parcel.ids) + 1))
        a = pieces[starts[met["asked"]]]
        b = self.standing.pool.pieces[self.standing.rows[met["extent"], 0]]
        from_us, until_us = self._overlaps(parcel.packed, starts, met, a, b)
        codes, apart_m = met["code"], met["separation_m"]
        is_quick = (codes == NEAR) & (apart_m <= 0.0)
        is_unsure = np.zeros(len(met), np.bool_)
        heads = [f'{{"plan":{_quoted(name)},"notice":' for name in parcel.ids]
        first_at, last_at = _instants(from_us), _instants(until_us)
        lines: list[str] = []
        for asked, number, is_overlap, first, last in zip(
            met["asked"].tolist(),
            met["extent"].tolist(),
            is_quick.tolist(),
            first_at,
            last_at,
            strict=True,
        ):
            if is_overlap:
                lines.append(
                    f'{heads[asked]}{self._quoted[number]},"verdict":"conflict",'
                    f'"separation_m":0.0,"overlap_start":{first},'
                    f'"overlap_end":{last},"why":"The footprints overlap."}}\n'
                )
                continue
            at = len(lines)
            verdict, why = _explained(int(codes[at]), float(apart_m[at]), a[at], b[at])
            is_unsure[at] = verdict is not Verdict.CONFLICT
            lines.append(
                f'{heads[asked]}{self._quoted[number]},"verdict":"{verdict}",'
                f'"separation_m":{round(float(apart_m[at]), 3)!r},'
                f'"overlap_start":{first},"overlap_end":{last},"why":{why}}}\n'
            )
        return _Told(
            asked=met["asked"].astype(np.int64),
            start_us=from_us,
            is_unsure=is_unsure,
            apart_m=apart_m,
            notices=met["extent"].astype(np.int64),
            lines=lines,
        )

    def _overlaps(
        self,
        packed: Packed,
        starts: NDArray[np.int64],
        met: NDArray[np.void],
        a: NDArray[np.void],
        b: NDArray[np.void],
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return from when to when both may be there; where one moves, and be near."""
        from_us = np.maximum(
            a["from_us"] - a["buffer_us"], b["from_us"] - b["buffer_us"]
        )
        until_us = np.minimum(
            a["until_us"] + a["buffer_us"], b["until_us"] + b["buffer_us"]
        )
        for at in np.flatnonzero((a["clock"] >= 0) | (b["clock"] >= 0)).tolist():
            asked, number, code, _ = met[at].tolist()
            plan = packed._replace(
                pieces=packed.pieces[int(starts[asked]) : int(starts[asked + 1])]
            )
            doubt_m = a[at]["precision_m"] + b[at]["precision_m"]
            within_m = a[at]["buffer_m"] + b[at]["buffer_m"]
            within_m += doubt_m if code & PLACE_UNSURE else 0.0
            is_banded = True
            from_us[at], until_us[at] = contact_of_all(
                *plan,
                *self.standing.packed(number),
                float(within_m + CLOSE_M),
                is_banded,
            )
        return from_us, until_us

    def _untold(self, parcel: Parcel) -> _Told:
        """Tell every pair of which one is nowhere located."""
        nowhere = dict(parcel.unlocated)
        pieces = parcel.packed.pieces
        starts = np.searchsorted(pieces["extent"], np.arange(len(parcel.ids)))
        rows: list[tuple[int, int, int, int]] = []
        for asked in range(len(parcel.ids)):
            if asked in nowhere:
                rows.append((asked, 0, 0, _NOWHERE))
                continue
            piece = pieces[starts[asked]]
            from_us = piece["from_us"] - piece["buffer_us"]
            until_us = piece["until_us"] + piece["buffer_us"]
            first_us = np.maximum(self._windows[:, 0], from_us)
            last_us = np.minimum(self._windows[:, 1], until_us)
            rows += [
                (asked, int(first_us[at]), int(last_us[at]), at)
                for at in np.flatnonzero(first_us < last_us).tolist()
            ]
        table = np.array(rows, np.int64).reshape(-1, 4)
        first_at, last_at = _instants(table[:, 1]), _instants(table[:, 2])
        notices = np.full(len(rows), _NOWHERE)
        lines: list[str] = []
        for row, (asked, _, _, at) in enumerate(rows):
            plan = _quoted(parcel.ids[asked])
            if at == _NOWHERE:
                why = _quoted(_why_nowhere(nowhere[asked]))
                lines.append(_unknown(plan, "null", "null", "null", why))
                continue
            notices[row] = self._unlocated[at]
            notice, why = self._quoted[self._unlocated[at]], self._reasons[at]
            lines.append(_unknown(plan, notice, first_at[row], last_at[row], why))
        return _Told(
            asked=table[:, 0],
            start_us=table[:, 1],
            is_unsure=np.ones(len(rows), np.bool_),
            apart_m=np.zeros(len(rows)),
            notices=notices,
            lines=lines,
        )


def _both(one: _Told, other: _Told) -> _Told:
    return _Told(
        asked=np.append(one.asked, other.asked),
        start_us=np.append(one.start_us, other.start_us),
        is_unsure=np.append(one.is_unsure, other.is_unsure),
        apart_m=np.append(one.apart_m, other.apart_m),
        notices=np.append(one.notices, other.notices),
        lines=one.lines + other.lines,
    )


def _unknown(plan: str, notice: str, first: str, last: str, why: str) -> str:
    return (
        f'{{"plan":{plan},"notice":{notice},"verdict":"cannot_tell",'
        f'"separation_m":null,"overlap_start":{first},"overlap_end":{last},'
        f'"why":{why}}}\n'
    )


def _why_nowhere(extent: Extent) -> str:
    name: str = extent.footprint.name  # type: ignore[union-attr]
    return say_unlocated(name)


def _quoted(text: str) -> str:
    """Write a text as JSON."""
    return msgspec.json.encode(text).decode()


def _instants(at_us: NDArray[np.int64]) -> list[str]:
    """Write instants as JSON; `null` from `FOREVER` on. Few of them differ."""
    some, which = np.unique(at_us, return_inverse=True)
    held = np.maximum(some, _FIRST_US)
    texts = np.datetime_as_string(held.astype("datetime64[us]"), unit="s").astype(
        object
    )
    for at in np.flatnonzero(held % _SECOND_US).tolist():
        texts[at] = f"{texts[at]}.{held[at] % _SECOND_US:06}"
    quoted = np.array([f'"{text}Z"' for text in texts], object)
    quoted[some >= _FOREVER_US] = "null"
    return quoted[which].tolist()  # type: ignore[no-any-return]


def _explained(
    code: int, apart_m: float, a: np.void, b: np.void
) -> tuple[Verdict, str]:
    """Say what a pair is, and why as JSON."""
    margin_m = float(a["buffer_m"] + b["buffer_m"])
    doubt_m = float(a["precision_m"] + b["precision_m"])
    if code == NEAR:
        return _explained_near(_said(apart_m), margin_m)
    bands = _say_band(a), _say_band(b)
    verdict, why = explain(code, apart_m, margin_m, doubt_m, bands)
    return verdict, _quoted(why)


@lru_cache(maxsize=65_536)
def _explained_near(apart_m: float, margin_m: float) -> tuple[Verdict, str]:
    verdict, why = explain(NEAR, apart_m, margin_m, 0.0, ("", ""))
    return verdict, _quoted(why)


def _said(apart_m: float) -> float:
    """Return a length that is said in the same words, one for many."""
    whole_m = float(round(apart_m))
    return whole_m if 0.0 < whole_m < 1_000.0 else apart_m  # noqa: PLR2004 (then in km)


def _say_band(piece: np.void) -> str:
    datum = _DATUMS.get(int(piece["datum"]))
    if datum is None:
        return "all altitudes"
    return f"{piece['floor_mm'] / 1000:g} to {piece['ceiling_mm'] / 1000:g} m {datum}"
