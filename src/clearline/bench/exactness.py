"""Hold what an index finds against judging every piece there is."""

from collections.abc import Iterator

import numpy as np

from clearline.geo.codes import APART
from clearline.geo.kernels import judge_pairs
from clearline.geo.packing import Packed
from clearline.geo.standing import Standing
from clearline.model.errors import BrokenPromise


class NotExact(BrokenPromise):
    """Admit that the index or the judge answered wrongly."""


def near_pieces(standing: Standing, packed: Packed) -> Iterator[tuple[int, int]]:
    """Judge pieces against every one that stands, without an index; yield the near."""
    every = np.flatnonzero(standing.index.grid.slots >= 0)
    for i in range(len(packed.pieces)):
        codes, _ = judge_pairs(*packed, np.full(len(every), i), *standing.pool, every)
        for at in np.flatnonzero(codes != APART).tolist():
            yield i, int(every[at])


def not_exact(why: str) -> NotExact:
    """Make the error of a run whose answers are wrong."""
    return NotExact(
        f"Screening was not exact: {why}.",
        state="The figures of this run are worth nothing.",
        next="Report it with the seed and the size of the workload.",
    )
