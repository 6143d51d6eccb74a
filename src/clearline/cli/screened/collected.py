"""Pick what a page about a screening shows, while rows pass by."""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

import msgspec
import numpy as np

from clearline.geo.packing import Packed
from clearline.model.screenings import Verdict
from clearline.service.bulk import Row, Screened

MOST_ROWS: Final = 500
"""Rows that are shown; with them the plans and notices they name."""
MOST_UNMET: Final = 200
"""Plans that are drawn though they meet nothing."""


class Shape(NamedTuple):
    """Hold one extent to draw.

    Attributes:
        name: Its id.
        role: `plan` or `notice`.
        verdict: The gravest of its rows; `none` for a plan that has none.
        packed: What it takes up; no pieces where it is nowhere located.
    """

    name: str
    role: str
    verdict: str
    packed: Packed


class _Pair(NamedTuple):
    plan: int
    notice: int
    row: Row


class Collected:
    """Keep the first rows, the plans and notices they name, and count the rest."""

    def __init__(self, notice: Callable[[int], Packed]) -> None:
        """Start with nothing; `notice` returns what the one of that number takes up."""
        self._notice = notice
        self._pairs: list[_Pair] = []
        self._plans: dict[int, tuple[str, Packed]] = {}
        self._unmet: list[Shape] = []
        self.plan_count = 0
        self.unmet_count = 0
        self.row_count = 0
        self.bad_count = 0

    def see(self, some: Screened) -> None:
        """Look at what was found of one parcel of plans."""
        room = MOST_ROWS - len(self._pairs)
        lines = bytes(some.rows).splitlines()[:room] if room else []
        for line, asked, notice in zip(
            lines, some.asked.tolist(), some.notices.tolist(), strict=False
        ):
            row = msgspec.json.decode(line, type=Row)
            self._pairs.append(_Pair(self.plan_count + asked, notice, row))
            self._plans[self.plan_count + asked] = row.plan, _part(some, asked)
        is_met = np.zeros(len(some.parcel.ids), np.bool_)
        is_met[some.asked] = True
        unmet = np.flatnonzero(~is_met)
        self.unmet_count += len(unmet)
        for asked in unmet[: MOST_UNMET - len(self._unmet)].tolist():
            name = some.parcel.ids[asked]
            self._unmet.append(Shape(name, "plan", "none", _part(some, asked)))
        self.plan_count += len(some.parcel.ids)
        self.row_count += len(some.asked)

    @property
    def rows(self) -> list[Row]:
        """Return the rows that are shown."""
        return [pair.row for pair in self._pairs]

    @property
    def unmet_shown(self) -> int:
        """Count the plans that are drawn though they meet nothing."""
        return len(self._unmet)

    @property
    def met_shown(self) -> int:
        """Count the plans of the rows that are shown."""
        return len(self._plans)

    def met(self, most: int) -> list[int]:
        """Return the first plans that meet something, by number."""
        return list(self._plans)[:most]

    def name_of(self, plan: int) -> str:
        """Return the id of a plan that meets something."""
        return self._plans[plan][0]

    def about(self, plan: int) -> list[Shape]:
        """Return a plan and the notices it meets or may."""
        return self._drawn([pair for pair in self._pairs if pair.plan == plan])

    def rows_of(self, plan: int) -> list[Row]:
        """Return the rows of a plan that are shown."""
        return [pair.row for pair in self._pairs if pair.plan == plan]

    def shapes(self) -> list[Shape]:
        """Return everything to draw, what matters most last."""
        return self._unmet + self._drawn(self._pairs)

    def _drawn(self, pairs: list[_Pair]) -> list[Shape]:
        notices = {pair.notice: pair.row.notice or "" for pair in pairs}
        notices.pop(-1, None)
        verdicts: dict[tuple[str, int], str] = {}
        for pair in pairs:
            for key in (("plan", pair.plan), ("notice", pair.notice)):
                if verdicts.get(key) != Verdict.CONFLICT:
                    verdicts[key] = pair.row.verdict
        plans = {pair.plan: pair.row.plan for pair in pairs}
        return [
            Shape(name, "notice", verdicts["notice", number], self._notice(number))
            for number, name in notices.items()
        ] + [
            Shape(name, "plan", verdicts["plan", number], self._plans[number][1])
            for number, name in plans.items()
        ]


def nowhere(shapes: Iterable[Shape]) -> list[Shape]:
    """Return those that are nowhere located."""
    return [shape for shape in shapes if len(shape.packed.pieces) == 0]


def _part(some: Screened, asked: int) -> Packed:
    """Return the pieces of one plan, and the vertices of all."""
    packed = some.parcel.packed
    start, stop = np.searchsorted(packed.pieces["extent"], [asked, asked + 1])
    return packed._replace(pieces=packed.pieces[start:stop])
