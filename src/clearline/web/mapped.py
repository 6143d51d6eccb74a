"""Put on one map what one viewer may see: notices, calls' places, conflicts.

Everything begins at `rules.disclosure`: a notice known coarsely is its cell, one known
to exist has no place here. Conflicts are those the log holds and this viewer may know
of; they have a place only where both notices are known exactly. Nothing is drawn finer
than it was told: a place is as wide as what it may be off.

The node's own log is shown with the first: positions and conflicts its party keeps to
itself, to that party alone.

Notices are read a few at a time, so that a STOP never waits for a map.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
import numpy as np
import shapely
from shapely.geometry import shape as as_shape

from clearline.compose.node import Node
from clearline.compose.service import Service
from clearline.geo.geodesy import around, distance_m
from clearline.geo.separation import middle
from clearline.model.calls import Call
from clearline.model.conflicts import Conflict
from clearline.model.instants import FOREVER, Duration, Instant
from clearline.model.layers import DISCLAIMER
from clearline.model.notice_details import MovementDetails, NoticeKind
from clearline.model.notice_seen import Cell, NoticeSeen
from clearline.model.notices import NoticeId
from clearline.model.places import Circle, Point, Position, Sector, Unlocated
from clearline.model.shapes import Corridor, Footprint, MultiPolygon, Polygon
from clearline.picture.picture import View
from clearline.rules.disclosure import (
    Viewer,
    fixed_words,
    may_see_call,
    may_see_conflict,
    notice_for,
)
from clearline.rules.screening import LOADING
from clearline.wire.forms.mapped import MapFeature, MapShown, OnMap, Passing, What

LOOKED_AT: Final = 20_000
"""How many notices are looked at for one map, the newest."""
MOST: Final = 5_000
"""How many are put on it."""

HOLDS_FOR: Final = Duration(seconds=15)
UNSURE_FOR: Final = Duration(seconds=1)
"""How long a map holds on which something could not be looked at, yet."""
MOST_KEPT: Final = 64

_AT_ONCE: Final = 200
_STEP_DEG: Final = 6.0
_AND: Final = " \N{MULTIPLICATION SIGN} "
_NONE: Final = (None, 0.0, 0.0)
_COARSE: Final = "What is known coarsely was not compared: call the desk."

Drawn = tuple[dict[str, Any] | None, float, float]
"""A geometry, a radius and a half width, metres."""


class KeptMaps:
    """Keep the newest map of each viewer, so that page and script share one making.

    A map holds for the size of both logs it was made at, and for a quarter of a
    minute: windows open and close without an entry. Threads may ask.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._kept: dict[Viewer, tuple[int, MapShown]] = {}

    def map_for(self, service: Service, viewer: Viewer, now: Instant) -> MapShown:
        """Say all that one viewer's map shows now; not in the writer's thread."""
        own_size = service.own.node.log.size
        size, kept = self._kept.get(viewer, (-1, None))
        is_same = (
            kept is not None
            and kept.size == service.node.log.size
            and size == own_size
            and not service.node.writer.unrecorded()
        )
        holds_for = UNSURE_FOR if kept and LOADING in kept.not_checked else HOLDS_FOR
        if not (kept and is_same and now - kept.as_of < holds_for):
            kept = map_for(service, viewer, now)
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[viewer] = own_size, kept
        return kept


def map_for(service: Service, viewer: Viewer, now: Instant) -> MapShown:
    """Say all that one viewer's map shows; not in the writer's thread.

    Args:
        service: Whose logs they are.
        viewer: Who looks.
        now: The instant it is shown for.
    """
    node, own = service.node, service.own.node
    size = _size(node)
    first = _notices(node, viewer, now, size)
    kept = _notices(own, viewer, now, _size(own))
    seen = [*kept.seen, *first.seen][:MOST]
    with service.own.log.looking_at_both() as view:
        conflicts = _conflicts(view, viewer, now)
    calls = [
        call
        for one in (node, own)
        for call in _calls(one, viewer, _size(one), is_past=False)
    ]
    missing = [_COARSE] if any(one.revision is None for one in seen) else []
    if not (node.lookout.is_loaded and own.lookout.is_loaded):
        missing.append(LOADING)
    return MapShown(
        as_of=now,
        size=size,
        features=(
            *(_notice(one, now) for one in seen),
            *(_call(call) for call in calls),
            *(_conflict(*one) for one in conflicts),
        ),
        is_cut=first.is_cut or len(first.seen) + len(kept.seen) > MOST,
        not_checked=tuple(missing),
        disclaimer=DISCLAIMER,
    )


def map_of_entry(node: Node, viewer: Viewer, then: Instant, size: int) -> MapShown:
    """Say what one viewer's map showed when the log had so many entries.

    Args:
        node: Whose log it is; what a party keeps to itself has no place in its order.
        viewer: Who looks.
        then: The instant of the last of those entries.
        size: How many entries it rests on.
    """
    size = min(size, _size(node))
    found = _notices(node, viewer, then, size)
    calls = _calls(node, viewer, size, is_past=True)
    with node.writer.gate:
        conflicts = _conflicts(node.picture.at(size), viewer, then)
    return MapShown(
        as_of=then,
        size=size,
        features=(
            *(_notice(one, then) for one in found.seen[:MOST]),
            *(_call(call) for call in calls),
            *(_conflict(*one) for one in conflicts),
        ),
        is_cut=found.is_cut,
        not_checked=(),
        disclaimer=DISCLAIMER,
    )


# --- what the viewer may see ----------------------------------------------------------


class _Found(msgspec.Struct, frozen=True, kw_only=True):
    seen: list[NoticeSeen]
    is_cut: bool


def _size(node: Node) -> int:
    with node.writer.gate:
        return node.log.size


def _notices(node: Node, viewer: Viewer, now: Instant, size: int) -> _Found:
    """Return what is seen of a log, and whether there is more."""
    with node.writer.gate:
        keys = node.picture.notices.newest_keys(LOOKED_AT + 1)
    found: list[NoticeSeen] = []
    for first in range(0, min(len(keys), LOOKED_AT), _AT_ONCE):
        with node.writer.gate:
            view = node.picture.at(size)
            for key in keys[first : first + _AT_ONCE]:
                notice = view.notices.get(key)
                if notice is None or notice.is_over:
                    continue
                seen = notice_for(view, viewer, notice, now)
                if seen is not None and not _has_ended(seen, now):
                    found.append(seen)
    is_cut = len(keys) > LOOKED_AT or len(found) > MOST
    return _Found(seen=found, is_cut=is_cut)


def _has_ended(seen: NoticeSeen, now: Instant) -> bool:
    window = seen.window
    return seen.is_withdrawn or (window is not None and window.end <= now)


def _calls(node: Node, viewer: Viewer, size: int, *, is_past: bool) -> list[Call]:
    """Return calls whose place stands: open, or a STOP in force."""
    with node.writer.gate:
        early, view = node.writer.unrecorded(), node.picture
        newest = [
            call
            if call.id in early and not is_past
            else view.calls.get_at(call.id, size)
            for call in view.calls.values()
        ]
        return [
            call
            for call in newest
            if call is not None
            and (call.is_open or call.is_in_force)
            and call.card.where is not None
            and may_see_call(view, viewer, call)
        ]


# --- as features ----------------------------------------------------------------------


def _notice(seen: NoticeSeen, now: Instant) -> MapFeature:
    footprint = None
    if seen.revision is not None:
        footprint = seen.revision.shape or seen.revision.where.footprint
    geometry, radius_m, half_width_m = (
        of_cell(seen.cell) if seen.cell is not None else drawn(footprint)
    )
    window = seen.window
    told = [move.at for move in seen.moves]
    if seen.notice is not None:
        told.append(seen.notice.filed_at)
    return MapFeature(
        id=seen.id,
        geometry=geometry,
        properties=OnMap(
            what=What.NOTICE,
            kind=seen.kind or "",
            label=seen.id,
            sign=_sign(seen),
            says=seen.revision.what if seen.revision else seen.says,
            owner=seen.owner,
            call=seen.call,
            to=f"/notices/{seen.id}",
            at=_at(footprint, geometry),
            radius_m=radius_m,
            half_width_m=half_width_m,
            buffer_m=seen.revision.buffer_m if seen.revision else 0.0,
            level=seen.level,
            status=seen.status,
            starts_at=window.start if window else None,
            ends_at=None if window is None or window.end == FOREVER else window.end,
            changed_at=max(told, default=None),
            is_active=window is not None and window.start <= now < window.end,
            is_own=seen.is_own,
            passes=_passes(seen),
        ),
    )


def _passes(seen: NoticeSeen) -> tuple[Passing, ...]:
    """Say when a movement passes the positions of its path, where that is known."""
    revision = seen.revision
    if revision is None or not isinstance(revision.shape, Corridor):
        return ()
    details = revision.details
    stops = details.stops if isinstance(details, MovementDetails) else ()
    names = {stop.at: stop.name for stop in stops}
    return tuple(
        Passing(at=passage.eta, until=passage.leaves_by, name=names.get(at, ""))
        for at, passage in enumerate(revision.shape.passages)
    )


def _sign(seen: NoticeSeen) -> str:
    """Return the letter a site is marked with, by what it is for."""
    if seen.kind is not NoticeKind.SITE:
        return ""
    if seen.revision is not None:
        return fixed_words(seen.revision)[:1].upper()
    return seen.says[:1].upper()


def _call(call: Call) -> MapFeature:
    where = call.card.where
    footprint = where.footprint if where is not None else None
    geometry, radius_m, half_width_m = drawn(footprint)
    return MapFeature(
        id=f"call {call.id}",
        geometry=geometry,
        properties=OnMap(
            what=What.CALL,
            kind=call.kind,
            label=f"{call.kind} {call.number}",
            says=call.card.what,
            owner=call.raised_by.party,
            call=call.raised_by.desk,
            to=f"/calls/{call.id}",
            at=_at(footprint, geometry),
            radius_m=radius_m,
            half_width_m=half_width_m,
            starts_at=call.raised_at,
            changed_at=call.changed_at,
            is_active=True,
            precedence=call.precedence,
            is_open=call.is_open,
        ),
    )


def _at(
    footprint: Footprint | None, geometry: dict[str, Any] | None
) -> tuple[float, float] | None:
    """Say where the sign of something stands: on it, where it has a middle."""
    if geometry is None:
        return None
    if isinstance(footprint, Corridor):
        at = footprint.path[len(footprint.path) // 2]
        return at.lon, at.lat
    if footprint is None or isinstance(footprint, Polygon | MultiPolygon):
        inside = as_shape(geometry).representative_point()
        return float(inside.x), float(inside.y)
    if isinstance(footprint, Unlocated):
        return None
    at = middle(footprint)
    return at.lon, at.lat


def drawn(footprint: Footprint | None) -> Drawn:  # noqa: PLR0911 (one for each shape)
    """Return what a footprint is drawn as, with what it may be off."""
    match footprint:
        case Point(position=at, precision_m=off_m):
            return _geometry("Point", (at.lon, at.lat)), off_m, 0.0
        case Circle(centre=at, radius_m=radius_m, precision_m=off_m):
            return _geometry("Point", (at.lon, at.lat)), radius_m + off_m, 0.0
        case Corridor(path=path, half_width_m=half_m, precision_m=off_m):
            line = [(at.lon, at.lat) for at in path]
            return _geometry("LineString", line), 0.0, half_m + off_m
        case Sector():
            return _geometry("Polygon", [_sector(footprint)]), 0.0, 0.0
        case Polygon():
            return _geometry("Polygon", _rings(footprint)), 0.0, 0.0
        case MultiPolygon(parts=parts):
            return _geometry("MultiPolygon", [_rings(p) for p in parts]), 0.0, 0.0
        case _:
            return _NONE


def of_cell(cell: Cell) -> Drawn:
    """Return what a cell is drawn as."""
    west, south, east, north = cell.west, cell.south, cell.east, cell.north
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return _geometry("Polygon", [ring]), 0.0, 0.0


def _geometry(kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": kind, "coordinates": coordinates}


def _rings(polygon: Polygon) -> list[list[tuple[float, float]]]:
    return [[(at.lon, at.lat) for at in (*r, r[0])] for r in polygon.rings()]


def _sector(sector: Sector) -> list[tuple[float, float]]:
    """Draw a sector as a ring, with the margin it may be off in range."""
    bearings, ranges = sector.bearing_deg, sector.range_m
    steps = max(2, int(bearings.width / _STEP_DEG) + 1)
    turned = np.linspace(bearings.least, bearings.most, steps).tolist()
    outer = around(sector.origin, turned, ranges.most + sector.precision_m)
    nearest_m = max(0.0, ranges.least - sector.precision_m)
    inner = around(sector.origin, turned, nearest_m) if nearest_m else []
    tip = [] if inner else [(sector.origin.lon, sector.origin.lat)]
    return [*outer, *reversed(inner), *tip, outer[0]]


# --- conflicts ------------------------------------------------------------------------


_Geometry = dict[str, Any] | None
_Pair = tuple[Conflict, _Geometry, _Geometry]


def _conflicts(view: View, viewer: Viewer, now: Instant) -> list[_Pair]:
    """List the conflicts that stand and that this viewer may know of."""
    return [
        (
            conflict,
            _exact(view, viewer, conflict.one.notice, now),
            _exact(view, viewer, conflict.other.notice, now),
        )
        for conflict in view.conflicts.values()
        if conflict.is_open and may_see_conflict(viewer, conflict)
    ]


def _conflict(conflict: Conflict, one: _Geometry, other: _Geometry) -> MapFeature:
    sides = (conflict.one, conflict.other)
    at, radius_m = _between(one, other)
    overlap = conflict.overlap
    return MapFeature(
        id=f"conflict {conflict.id}",
        geometry=_geometry("Point", at) if at else None,
        properties=OnMap(
            what=What.CONFLICT,
            kind=conflict.severity or "",
            label=_AND.join(sorted(side.notice or side.owner for side in sides)),
            says=conflict.why,
            owner=_AND.join(conflict.owners),
            to=f"/conflicts/{conflict.id}",
            at=at,
            radius_m=radius_m,
            status=conflict.state,
            starts_at=overlap.start if overlap else None,
            ends_at=None if overlap is None or overlap.end == FOREVER else overlap.end,
            is_active=True,
            between=tuple(sorted(side.notice for side in sides if side.notice)),
            apart_m=conflict.separation_m,
        ),
    )


def _exact(view: View, viewer: Viewer, key: NoticeId, now: Instant) -> _Geometry:
    """Return what a notice is drawn as, where this viewer knows it exactly."""
    notice = view.notices.get(key)
    seen = notice_for(view, viewer, notice, now) if notice is not None else None
    if seen is None or seen.revision is None:
        return None
    geometry, _, _ = drawn(seen.revision.shape or seen.revision.where.footprint)
    return geometry


def _between(
    first: _Geometry, second: _Geometry
) -> tuple[tuple[float, float] | None, float]:
    """Say where two come nearest on the ground, and how wide that is."""
    if first is None or second is None:
        return None, 0.0
    shapes = [as_shape(one) for one in (first, second)]
    common = shapely.intersection(*shapes)
    if not common.is_empty:
        inside = common.representative_point()
        return (float(inside.x), float(inside.y)), _reach_m(common, inside)
    line = shapely.shortest_line(*shapes)
    inside = line.interpolate(0.5, normalized=True)
    return (float(inside.x), float(inside.y)), _reach_m(line, inside)


def _reach_m(shape: Any, inside: Any) -> float:
    """Say how far a shape reaches from a point in it, by the corners of its box."""
    west, south, east, north = shape.bounds
    middle_ = Position(lon=inside.x, lat=inside.y)
    corners = ((west, south), (east, north))
    return max(distance_m(middle_, Position(lon=x, lat=y)) for x, y in corners)


def facts_of(shown: MapShown) -> Iterator[MapFeature]:
    """List what a table beside the map says: conflicts first, then calls, notices."""
    order = {What.CONFLICT: 0, What.CALL: 1, What.NOTICE: 2}
    yield from sorted(
        shown.features, key=lambda one: (order[one.properties.what], one.id)
    )
