"""Put a case's places on the ellipsoid, for a map and for other tools.

What nobody can locate has no outline. A place told from an origin is a sector between
two bearings and two ranges; where both are exact it is the one point they lead to.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import TypeAlias

from clearline.geo.geodesy import destination
from clearline.model.beats import (
    AtPoint,
    FromOrigin,
    Nowhere,
    PlaceId,
    SameAs,
    ToldPlace,
)
from clearline.model.casefiles import CaseFile
from clearline.model.places import Point, Position, Sector
from clearline.replay.page.projection import rings

Located: TypeAlias = Point | Sector


def located(case: CaseFile) -> dict[PlaceId, Located]:
    """Return where each place lies that somebody can locate."""
    places = {place.id: place for place in case.places}
    found = {name: _where(places, place) for name, place in places.items()}
    return {name: where for name, where in found.items() if where is not None}


def _where(places: Mapping[PlaceId, ToldPlace], place: ToldPlace) -> Located | None:
    match place.where:
        case AtPoint() as at:
            position = Position(lon=at.lon, lat=at.lat)
            return Point(position=position, precision_m=at.precision_m)
        case SameAs(place=other):
            same = places[other]
            return None if isinstance(same.where, SameAs) else _where(places, same)
        case Nowhere():
            return None
        case FromOrigin() as told:
            origin = places[told.origin].where
            if not isinstance(origin, AtPoint):
                return None
            start = Position(lon=origin.lon, lat=origin.lat)
            if told.bearing_deg.width == 0 and told.range_m.width == 0:
                end = destination(start, told.bearing_deg.least, told.range_m.least)
                return Point(position=end, precision_m=origin.precision_m)
            return Sector(
                origin=start,
                bearing_deg=told.bearing_deg,
                range_m=told.range_m,
                precision_m=origin.precision_m,
            )


def geometry(where: Located | None) -> list[list[list[float]]] | list[float] | None:
    """Return rings, or a position, lon lat, for GeoJSON; nothing for no place."""
    match where:
        case None:
            return None
        case Point(position=at):
            return [at.lon, at.lat]
        case Sector():
            return [_wound(ring) for ring in rings(where)]


def _wound(ring: list[Position]) -> list[list[float]]:
    """Close a ring and wind it counter-clockwise (RFC 7946, 3.1.6)."""
    points = [[round(at.lon, 6), round(at.lat, 6)] for at in ring]
    closed = [*points, points[0]] if points[0] != points[-1] else points
    pairs = pairwise(closed)
    doubled = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)
    return closed if doubled >= 0 else closed[::-1]
