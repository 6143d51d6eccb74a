"""Take features in by parcels, packed: the plain ones together, others one by one.

    bytes -> features as they stand      `wire.features`
          -> plain ones, in columns      `wire.columns`, `geo.simple`
          -> any other, carefully        `wire.features`
          -> one packed parcel           `geo.packing`

Which way a feature went cannot be told from what comes out.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from clearline.geo.kernels import AREA
from clearline.geo.packing import Packed, Plain, pack, pack_plain
from clearline.geo.simple import surely_simple
from clearline.model.extents import Extent
from clearline.model.places import Unlocated
from clearline.wire.columns import Columns, columns
from clearline.wire.features import (
    BadFeature,
    Edges,
    Format,
    Names,
    Raw,
    read_feature,
    split_features,
)

_AT_ONCE: Final = 8_192
_LEFT_OUT: Final = -1


class Parcel(NamedTuple):
    """Hold some features of a file, in order.

    Attributes:
        ids: Of those that could be read.
        packed: What they take up; `extent` counts them from 0.
        unlocated: Those that are nowhere located, by that number.
        bad: What could not be read, in order.
    """

    ids: list[str]
    packed: Packed
    unlocated: list[tuple[int, Extent]]
    bad: list[BadFeature]


def take_in(
    lines: Iterable[bytes], form: Format, *, edges: Edges = Edges.GEODESIC
) -> Iterator[Parcel]:
    """Read the features of a file.

    Args:
        lines: As `wire.features.read_features` takes them.
        form: The same.
        edges: The same.

    Raises:
        NotFeatures: The same.
    """
    names = Names()
    coming = split_features(lines, form)
    while some := list(islice(coming, _AT_ONCE)):
        yield _parcel(some, names, edges)


def parcel_of(named: Sequence[tuple[str, Extent]]) -> Parcel:
    """Make a parcel of extents and the ids they have."""
    return Parcel(
        ids=[name for name, _ in named],
        packed=pack([extent for _, extent in named]),
        unlocated=_unlocated(enumerate(extent for _, extent in named)),
        bad=[],
    )


def _parcel(some: Sequence[Raw | BadFeature], names: Names, edges: Edges) -> Parcel:
    """Read features, of which some are known to be bad."""
    raws = [one for one in some if isinstance(one, Raw)]
    plain = _simple(columns([raw.data for raw in raws], edges))
    plain_ids = dict(zip(plain.at.tolist(), plain.ids, strict=True))
    numbers = np.full(len(raws), _LEFT_OUT)
    bad: list[BadFeature] = []
    ids: list[str] = []
    others: list[tuple[int, Extent]] = []
    at = -1
    for one in some:
        if isinstance(one, BadFeature):
            bad.append(one)
            continue
        at += 1
        name, extent = plain_ids.get(at), None
        try:
            if name is None:
                name, extent = _carefully(one, edges)
            if mistake := names.take(name, one.line):
                raise mistake
        except BadFeature as mistake:
            bad.append(mistake)
            continue
        if extent is not None:
            others.append((len(ids), extent))
        numbers[at] = len(ids)
        ids.append(name)
    plain = plain.only(numbers[plain.at] != _LEFT_OUT)
    return Parcel(ids, _packed(plain, numbers, others), _unlocated(others), bad)


def _carefully(raw: Raw, edges: Edges) -> tuple[str, Extent]:
    feature = read_feature(raw.data, raw.line, edges)
    return feature.id, feature.extent


def _simple(some: Columns) -> Columns:
    """Leave out the rings that are not surely simple."""
    is_area = some.kind == AREA
    if not is_area.any():
        return some
    rings = surely_simple(
        some.degrees[np.repeat(is_area, some.counts)], some.counts[is_area]
    )
    is_simple = np.ones(len(some.ids), np.bool_)
    is_simple[is_area] = rings
    return some.only(is_simple)


def _packed(
    plain: Columns, numbers: NDArray[np.int64], others: list[tuple[int, Extent]]
) -> Packed:
    rows = Plain(
        extents=numbers[plain.at],
        kind=plain.kind,
        lengths=plain.lengths,
        times=plain.times,
        bands=plain.bands,
        datums=plain.datums,
        counts=plain.counts,
        degrees=plain.degrees,
    )
    return pack_plain(rows, others)


def _unlocated(some: Iterable[tuple[int, Extent]]) -> list[tuple[int, Extent]]:
    return [one for one in some if isinstance(one[1].footprint, Unlocated)]
