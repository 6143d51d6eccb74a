"""Read many plain features at once, into columns; the careful reader has the rest.

A feature is plain where a point, a circle, a corridor without passages, or a polygon
of one ring says nothing unusual: most of a file of a million. Everything here only
ever *leaves out* what it is not sure of: that is read by `wire.features` one by one,
which says what is wrong with it, or finds it right after all. What is taken here is
what the careful reader would have made of it, to the last bit.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Final, NamedTuple, TypeAlias

import msgspec
import numpy as np
from msgspec import UNSET, UnsetType
from numpy.typing import NDArray

from clearline.model.extents import HIGHEST_M, LONGEST_BUFFER_S, LOWEST_M, Datum
from clearline.model.instants import FOREVER
from clearline.model.places import FARTHEST_M
from clearline.model.rings import MOST_POSITIONS
from clearline.wire.geojson import (
    ALWAYS,
    KNOWN,
    NOT_JSON,
    Edges,
    Found,
    Keys,
    LineGeometry,
    PointGeometry,
    PolygonGeometry,
    Properties,
    nearly,
)

PATH: Final = 0
AREA: Final = 1

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SHORT_DEG: Final = 20.0
"""Legs and edges shorter than this, both ways, need no closer look."""
_FEWEST: Final = 4
_TOO_LONG_S: Final = 2.0 * LONGEST_BUFFER_S


class Columns(NamedTuple):
    """Hold plain features, a row for each.

    Attributes:
        ids: As written.
        at: (n,) int64: which of the features given, ascending.
        kind: (n,) int8: `PATH`, or `AREA`: one closed ring, not looked at yet.
        lengths: (n, 3) float64 metres: radius or half width, buffer, precision.
        times: (n, 3) int64 microseconds: start and end since 1970, and the buffer.
        bands: (n, 2) float64 metres: floor and ceiling.
        datums: What they are counted from; `None`: all altitudes.
        counts: (n,) int64: positions.
        degrees: (v, 2) float64: longitude and latitude of all positions, WGS 84.
    """

    ids: list[str]
    at: NDArray[np.int64]
    kind: NDArray[np.int8]
    lengths: NDArray[np.float64]
    times: NDArray[np.int64]
    bands: NDArray[np.float64]
    datums: list[Datum | None]
    counts: NDArray[np.int64]
    degrees: NDArray[np.float64]

    def only(self, kept: NDArray[np.bool_]) -> "Columns":
        """Return the rows that are kept."""
        if kept.all():
            return self
        rows = np.flatnonzero(kept).tolist()
        return Columns(
            ids=[self.ids[row] for row in rows],
            at=self.at[kept],
            kind=self.kind[kept],
            lengths=self.lengths[kept],
            times=self.times[kept],
            bands=self.bands[kept],
            datums=[self.datums[row] for row in rows],
            counts=self.counts[kept],
            degrees=self.degrees[np.repeat(kept, self.counts)],
        )


_FOUND: Final = msgspec.json.Decoder(Found)
_KEYS: Final = msgspec.json.Decoder(Keys)


def columns(features: Sequence[bytes], edges: Edges) -> Columns:
    """Return what is plain of some features.

    Args:
        features: GeoJSON features, one each.
        edges: What runs between two positions where a feature does not say.
    """
    rows = _Rows(edges)
    for at, found in enumerate(_found(features)):
        rows.add(at, found)
    some = rows.columns()
    return some.only(_are_sound(some))


def _found(features: Sequence[bytes]) -> list[Found]:
    """Decode features together; `_NOT_PLAIN` stands for what needs a closer look."""
    together = _together(features)
    if together is not None:
        return together
    if len(features) == 1:
        return [_NOT_PLAIN]
    middle = len(features) // 2
    return _found(features[:middle]) + _found(features[middle:])


def _together(features: Sequence[bytes]) -> list[Found] | None:
    """Decode features that are all as they should be.

    No JSON value goes on from `}` to a line that begins with `{`. So where there are
    as many values as lines, each line is one.
    """
    if not all(one.startswith(b"{") and one.endswith(b"}") for one in features):
        return None
    lines = b"\n".join(features)
    try:
        found, keys = _FOUND.decode_lines(lines), _KEYS.decode_lines(lines)
    except NOT_JSON:
        return None
    names = {name for one in keys for name in one.properties or ()}
    if len(found) != len(features) or any(nearly(name) for name in names - KNOWN):
        return None
    return found


_NOT_PLAIN: Final = Found()


class _Rows:
    """Take features one after another, as far as each is plain by itself."""

    def __init__(self, edges: Edges) -> None:
        self._edges = edges
        self._ids: list[str] = []
        self._at: list[int] = []
        self._kind: list[int] = []
        self._lengths: list[float] = []
        self._times: list[int] = []
        self._bands: list[float] = []
        self._datums: list[Datum | None] = []
        self._counts: list[int] = []
        self._degrees: list[float] = []

    def columns(self) -> Columns:
        """Return what was plain."""
        degrees = np.array(self._degrees, np.float64).reshape(-1, 2) + 0.0
        degrees[degrees[:, 0] == -180.0, 0] = 180.0  # noqa: PLR2004 (as `Position`)
        return Columns(
            ids=self._ids,
            at=np.array(self._at, np.int64),
            kind=np.array(self._kind, np.int8),
            lengths=np.array(self._lengths, np.float64).reshape(-1, 3),
            times=np.array(self._times, np.int64).reshape(-1, 3),
            bands=np.array(self._bands, np.float64).reshape(-1, 2),
            datums=self._datums,
            counts=np.array(self._counts, np.int64),
            degrees=degrees,
        )

    def add(self, at: int, one: Found) -> None:
        """Add a feature, if it says nothing unusual."""
        p = one.properties
        if p is None or one.id is None or one.id == "" or not _is_usual(one, p):
            return
        shape = _shape(one.geometry, p, p.edges or self._edges)
        if shape is None or isinstance(one.id, float):
            return
        kind, radius_m, positions = shape
        if min(map(len, positions)) < 2:  # noqa: PLR2004 (longitude and latitude)
            return
        self._ids.append(str(one.id))
        self._at.append(at)
        self._kind.append(kind)
        self._lengths += (radius_m, p.buffer_m or 0.0, p.precision_m or 0.0)
        self._times += (
            _ALWAYS_US if p.start is None else _microseconds(p.start),
            _FOREVER_US if p.end is None else _microseconds(p.end),
            round(min(p.buffer_s or 0.0, _TOO_LONG_S) * 1e6),
        )
        self._bands += (
            LOWEST_M if p.floor_m is None else p.floor_m,
            HIGHEST_M if p.ceiling_m is None else p.ceiling_m,
        )
        self._datums.append(p.datum)
        self._counts.append(len(positions))
        for position in positions:
            self._degrees += position[:2]


_READ: Final = frozenset(
    {
        *("start", "end", "radius_m", "half_width_m", "floor_m", "ceiling_m", "datum"),
        *("buffer_m", "buffer_s", "precision_m", "edges", "name"),
    }
)
_UNUSUAL: Final = sorted(KNOWN - _READ)
_NONE_OF_THEM: Final = (None,) * len(_UNUSUAL)
_unusual: Final = attrgetter(*_UNUSUAL)


def _is_usual(one: Found, p: Properties) -> bool:
    return (
        p.start is not UNSET
        and p.end is not UNSET
        and _unusual(p) == _NONE_OF_THEM
        and one.radius_m is UNSET
        and one.half_width_m is UNSET
        and one.buffer_m is UNSET
        and one.buffer_s is UNSET
    )


_Shape: TypeAlias = tuple[int, float, Sequence[list[float]]]


def _shape(geometry: Any, p: Properties, edges: Edges) -> _Shape | None:
    """Return kind, radius or half width, and positions."""
    kind = type(geometry)
    if kind is PointGeometry:
        if p.half_width_m is None:
            radius_m = _agreed(geometry.radius_m, p.radius_m)
            return PATH, radius_m, (geometry.coordinates,)
    elif p.radius_m is not None or edges is Edges.PLANAR:
        return None
    elif kind is LineGeometry:
        if len(geometry.coordinates) > 1:
            half_width_m = _agreed(geometry.half_width_m, p.half_width_m)
            return PATH, half_width_m, geometry.coordinates
    elif (
        kind is PolygonGeometry
        and p.half_width_m is None
        and len(geometry.coordinates) == 1
    ):
        (ring,) = geometry.coordinates
        if len(ring) >= _FEWEST and ring[0][:2] == ring[-1][:2]:
            return AREA, 0.0, ring
    return None


def _agreed(one: float | None, other: float | None) -> float:
    """Return a length told in one place or two; below zero where they differ."""
    if one is None or other is None or one == other:
        return other or one or 0.0
    return -1.0


def _microseconds(at: datetime | UnsetType) -> int:
    span = at - _EPOCH  # type: ignore[operator]
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


_ALWAYS_US: Final = _microseconds(ALWAYS)
_FOREVER_US: Final = _microseconds(FOREVER)
_LAST_US: Final = _microseconds(datetime.max.replace(tzinfo=UTC))


def _are_sound(some: Columns) -> NDArray[np.bool_]:
    """Say which rows say nothing that cannot be meant, as far as numbers tell."""
    start, end, buffer_us = some.times.T
    floor_m, ceiling_m = some.bands.T
    is_banded = np.array([datum is not None for datum in some.datums], np.bool_)
    is_band = (floor_m <= ceiling_m) & (floor_m >= LOWEST_M) & (ceiling_m <= HIGHEST_M)
    is_sound: NDArray[np.bool_] = (
        (start < end)
        & (start >= _ALWAYS_US)
        & (end <= _LAST_US)
        & (buffer_us <= LONGEST_BUFFER_S * 1e6)
        & ((some.lengths >= 0.0) & (some.lengths <= FARTHEST_M)).all(axis=1)
        & (is_band | ~is_banded)
        & _are_somewhere(some)
    )
    return is_sound


def _are_somewhere(some: Columns) -> NDArray[np.bool_]:
    """Say which rows lie on Earth, on legs that have one way and some length."""
    if len(some.ids) == 0:
        return np.empty(0, np.bool_)
    starts = np.cumsum(some.counts) - some.counts
    lon, lat = np.abs(some.degrees).T
    is_on_earth = np.logical_and.reduceat((lon <= 180.0) & (lat <= 90.0), starts)  # noqa: PLR2004
    # From each position to the next of the same feature; the last has none.
    way = np.zeros(len(some.degrees))
    way[:-1] = np.abs(np.diff(some.degrees, axis=0)).max(axis=1)
    way[starts[1:] - 1] = 0.0
    is_single = some.counts == 1
    is_led = np.maximum.reduceat(way, starts)
    is_path = (some.kind == PATH) & (is_led > 0.0)
    is_somewhere: NDArray[np.bool_] = (
        is_on_earth
        & (is_led < _SHORT_DEG)
        & (some.counts <= MOST_POSITIONS)
        & (is_single | is_path | (some.kind == AREA))
    )
    return is_somewhere
