"""Say how near two extents come, slowly and plainly, by Karney's geodesics alone.

The oracle of everything compiled. A footprint is edges (a start and an end each),
thickened by a radius, and perhaps rings with an inside. To find where two edges come
nearest, points are laid on both, the nearest two are taken, and points are laid
closer and closer around them. Whether a point is inside is asked by standing there
and turning to follow the ring all the way round. Nothing is projected, no sphere is
assumed, and no code is shared with what is tested but the model.
"""

import math
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
from pyproj import Geod

from clearline.model.extents import Corridor, MultiPolygon, Polygon
from clearline.model.places import Circle, Point

GEOD = Geod(ellps="WGS84")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def distance_m(p, q):
    """Return the geodesic distance of two (lon, lat)."""
    return GEOD.inv(*p, *q)[2]


class Edge:
    """A geodesic from one (lon, lat) to another, or a point."""

    def __init__(self, start, end):
        """Measure it once."""
        self.start, self.end = start, end
        self.azimuth, _, self.length_m = GEOD.inv(*start, *end)

    def at(self, shares):
        """Return lon and lat at shares of the way."""
        shares = np.asarray(shares, float)
        start = np.broadcast_to(np.array(self.start), (*shares.shape, 2))
        azimuth = np.full(shares.shape, self.azimuth)
        lon, lat, _ = GEOD.fwd(
            start[..., 0], start[..., 1], azimuth, shares * self.length_m
        )
        return lon, lat


class Body:
    """The edges of a footprint, its radius, and its rings, if it has an inside."""

    def __init__(self, edges, radius_m=0.0, rings=()):
        """Hold them."""
        self.edges, self.radius_m, self.rings = edges, radius_m, rings


def bodies(footprint):
    """Return the bodies of a footprint: one, or one for each part."""
    match footprint:
        case Point(position=at):
            return [Body([_edge(at, at)])]
        case Circle(centre=at, radius_m=radius_m):
            return [Body([_edge(at, at)], radius_m)]
        case Corridor(path=path, half_width_m=half_width_m):
            return [Body([_edge(p, q) for p, q in pairwise(path)], half_width_m)]
        case Polygon():
            rings = [(*ring, ring[0]) for ring in footprint.rings()]
            edges = [_edge(p, q) for ring in rings for p, q in pairwise(ring)]
            return [Body(edges, rings=rings)]
        case MultiPolygon(parts=parts):
            return [body for part in parts for body in bodies(part)]
    raise NotImplementedError(footprint)


def _edge(p, q):
    return Edge((p.lon, p.lat), (q.lon, q.lat))


def separation_m(one, other):
    """Return the least distance between two footprints that stand still."""
    return min(
        _between(a, b) for a in bodies(one) for b in bodies(other)
    )


def _between(a, b):
    starts_inside = any(
        is_inside((ring[0].lon, ring[0].lat), area.rings)
        for area, body in ((a, b), (b, a))
        for ring in (body.rings or [[_Start(body.edges[0].start)]])
        if area.rings
    )
    if starts_inside:
        return 0.0
    apart_m = min(nearest(p, q)[0] for p in a.edges for q in b.edges)
    return max(0.0, apart_m - a.radius_m - b.radius_m)


class _Start:
    def __init__(self, at):
        self.lon, self.lat = at


def nearest(p, q, points=21, rounds=9, shares_p=(0.0, 1.0), shares_q=(0.0, 1.0)):
    """Return the least distance of two edges and where on each it is reached."""
    (p0, p1), (q0, q1) = shares_p, shares_q
    least_p, most_p, least_q, most_q = p0, p1, q0, q1
    for _ in range(rounds):
        f = np.linspace(p0, p1, points if p.length_m else 1)
        g = np.linspace(q0, q1, points if q.length_m else 1)
        ff, gg = np.meshgrid(f, g, indexing="ij")
        lon, lat = p.at(ff)
        lon2, lat2 = q.at(gg)
        apart = GEOD.inv(lon, lat, lon2, lat2)[2]
        i, j = np.unravel_index(np.argmin(apart), apart.shape)
        best = apart[i, j], f[i], g[j]
        # The next points lie around the nearest two, three steps to either side.
        reach_p = 3 * (p1 - p0) / max(1, len(f) - 1)
        reach_q = 3 * (q1 - q0) / max(1, len(g) - 1)
        p0, p1 = max(least_p, f[i] - reach_p), min(most_p, f[i] + reach_p)
        q0, q1 = max(least_q, g[j] - reach_q), min(most_q, g[j] + reach_q)
    return best


def is_inside(at, rings):
    """Say whether one turns right round an odd number of times, facing each ring."""
    return sum(_turns(at, ring) for ring in rings) % 2 == 1


def _turns(at, ring):
    """Return how often one turns round when following a ring with the eyes."""
    turned = 0.0
    for p, q in pairwise(ring):
        edge = _edge(p, q)
        near_m = max(1.0, nearest(Edge(at, at), edge, rounds=4)[0])
        steps = min(20_000, 2 + math.ceil(8 * edge.length_m / near_m))
        lon, lat = edge.at(np.linspace(0.0, 1.0, steps))
        here = np.full(steps, at[0]), np.full(steps, at[1])
        azimuths = GEOD.inv(*here, lon, lat)[0]
        turned += np.sum((np.diff(azimuths) + 180.0) % 360.0 - 180.0)
    return abs(round(turned / 360.0))
