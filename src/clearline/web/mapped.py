"""Put on one map what one viewer may see: notices, calls' places, conflicts.

Everything begins at `rules.disclosure`: a notice known coarsely is its cell, one known
to exist has no place here, and two are said to conflict only where this viewer knows
both exactly. Nothing is drawn finer than it was told: a place is as wide as what it may
be off.

Notices are read a few at a time, so that a STOP never waits for a map.
"""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import shape as as_shape

from clearline.compose.node import Node
from clearline.geo.geodesy import around, distance_m
from clearline.geo.separation import middle
from clearline.model.calls import Call
from clearline.model.errors import ClearlineError
from clearline.model.instants import FOREVER, Duration, Instant
from clearline.model.layers import DISCLAIMER
from clearline.model.notice_details import NoticeKind
from clearline.model.notice_seen import Cell, NoticeSeen
from clearline.model.notices import NoticeId
from clearline.model.places import Circle, Point, Position, Sector, Unlocated
from clearline.model.screenings import Met, Verdict
from clearline.model.shapes import Corridor, Footprint, MultiPolygon, Polygon
from clearline.rules.disclosure import (
    Viewer,
    fixed_words,
    may_see_call,
    notice_for,
)
from clearline.wire.forms.mapped import MapFeature, MapShown, OnMap, What

LOOKED_AT: Final = 20_000
"""How many notices are looked at for one map, the newest."""
MOST: Final = 5_000
"""How many are put on it."""
SCREENED: Final = 500
"""How many are held against the others for conflicts, those that begin first."""

HOLDS_FOR: Final = Duration(seconds=15)
UNSURE_FOR: Final = Duration(seconds=1)
"""How long a map holds on which something could not be looked at, yet."""
MOST_KEPT: Final = 64

_AT_ONCE: Final = 200
_STEP_DEG: Final = 6.0
_MOVING: Final = frozenset({NoticeKind.MOVEMENT, NoticeKind.ACTIVITY})
_AND: Final = " \N{MULTIPLICATION SIGN} "
_NONE: Final = (None, 0.0, 0.0)

Drawn = tuple[dict[str, Any] | None, float, float]
"""A geometry, a radius and a half width, metres."""


class KeptMaps:
    """Keep the newest map of each viewer, so that page and script share one making.

    A map holds for the size of the log it was made at, and for a quarter of a minute:
    windows open and close without an entry. Threads may ask.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._kept: dict[Viewer, MapShown] = {}

    def map_for(self, node: Node, viewer: Viewer, now: Instant) -> MapShown:
        """Say all that one viewer's map shows now; not in the writer's thread."""
        kept = self._kept.get(viewer)
        is_same = kept is not None and kept.size == node.log.size
        is_recorded = not node.writer.unrecorded()
        holds_for = UNSURE_FOR if kept and kept.not_checked else HOLDS_FOR
        if not (kept and is_same and is_recorded and now - kept.as_of < holds_for):
            kept = map_for(node, viewer, now)
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[viewer] = kept
        return kept


def map_for(
    node: Node, viewer: Viewer, now: Instant, *, size: int | None = None
) -> MapShown:
    """Say all that one viewer's map shows; not in the writer's thread.

    Args:
        node: Whose log it is.
        viewer: Who looks.
        now: The instant it is shown for.
        size: How many entries it rests on; all of them unless said. As it stood
            earlier, conflicts are not looked for.
    """
    is_past = size is not None
    size, seen, is_cut = _notices(node, viewer, now, size)
    features = [_notice(one, now) for one in seen]
    calls = [_call(call) for call in _calls(node, viewer, size, is_past=is_past)]
    conflicts, missing = (
        ([], ("Conflicts are not looked for in the past.",))
        if is_past
        else _conflicts(node, seen, features)
    )
    return MapShown(
        as_of=now,
        size=size,
        features=(*features, *calls, *conflicts),
        is_cut=is_cut,
        not_checked=missing,
        disclaimer=DISCLAIMER,
    )


# --- what the viewer may see ----------------------------------------------------------


def _notices(
    node: Node, viewer: Viewer, now: Instant, size: int | None
) -> tuple[int, list[NoticeSeen], bool]:
    """Return the size of the log, what is seen of it, and whether there is more."""
    with node.writer.gate:
        size = node.log.size if size is None else min(size, node.log.size)
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
    return size, found[:MOST], len(keys) > LOOKED_AT or len(found) > MOST


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
        _of_cell(seen.cell) if seen.cell is not None else drawn(footprint)
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
        ),
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


def _of_cell(cell: Cell) -> Drawn:
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


def _conflicts(
    node: Node, seen: list[NoticeSeen], features: list[MapFeature]
) -> tuple[list[MapFeature], tuple[str, ...]]:
    """Hold what moves or is done against all else this viewer knows exactly.

    Two of which neither is an activity conflict only if they are movements of two
    parties: a convoy on its way to a hospital meets it, and that is what it is for.
    """
    exact = {one.id: one for one in seen if one.revision is not None}
    drawn = {one.id: one for one in features}
    moving = [one for one in exact.values() if one.kind in _MOVING]
    moving.sort(key=lambda one: one.window.start if one.window else FOREVER)
    found: dict[tuple[str, ...], MapFeature] = {}
    missing = []
    if len(moving) > SCREENED:
        missing.append(f"{len(moving) - SCREENED} that begin later were not compared.")
    if len(exact) < len(seen):
        missing.append("What is known coarsely was not compared: call the desk.")
    try:
        for one in moving[:SCREENED]:
            met_, not_looked_at = _met(node, one)
            missing += [why for why in not_looked_at if why not in missing]
            for met in met_:
                other = exact.get(NoticeId(met.notice))
                if other is None or not _matters(one, other):
                    continue
                pair = tuple(sorted((one.id, other.id)))
                found.setdefault(pair, _conflict(pair, met, drawn))
    except ClearlineError as error:
        missing.append(str(error))
    return list(found.values()), tuple(missing)


def _matters(one: NoticeSeen, other: NoticeSeen) -> bool:
    if one.id == other.id:
        return False
    kinds = {one.kind, other.kind}
    return NoticeKind.ACTIVITY in kinds or (
        kinds == {NoticeKind.MOVEMENT} and one.owner != other.owner
    )


def _met(node: Node, one: NoticeSeen) -> tuple[list[Met], tuple[str, ...]]:
    """Return what one certainly meets, and what could not be looked at."""
    revision = one.revision
    if revision is None or isinstance(revision.where.footprint, Unlocated):
        return [], ()
    screened = node.screen(revision.extent)
    sure = [met for met in screened.met if met.verdict is Verdict.CONFLICT]
    return sure, screened.missing


def _conflict(
    pair: tuple[str, ...], met: Met, drawn: dict[str, MapFeature]
) -> MapFeature:
    first, second = (drawn[one] for one in pair)
    at, radius_m = _between(first, second)
    return MapFeature(
        id=f"conflict {' '.join(pair)}",
        geometry=_geometry("Point", at) if at else None,
        properties=OnMap(
            what=What.CONFLICT,
            kind=met.severity or "",
            label=f"{pair[0]}{_AND}{pair[1]}",
            says=met.why,
            owner=f"{first.properties.owner}{_AND}{second.properties.owner}",
            to="/plans",
            at=at,
            radius_m=radius_m,
            starts_at=met.overlap.start if met.overlap else None,
            ends_at=met.overlap.end if met.overlap else None,
            is_active=True,
            between=pair,
            apart_m=met.separation_m,
        ),
    )


def _between(
    first: MapFeature, second: MapFeature
) -> tuple[tuple[float, float] | None, float]:
    """Say where two come nearest on the ground, and how wide that is."""
    if first.geometry is None or second.geometry is None:
        return None, 0.0
    shapes = [as_shape(one.geometry) for one in (first, second)]
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
