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
from itertools import pairwise, product

import numpy as np
from pyproj import Geod, Transformer

from clearline.model.extents import Corridor, MultiPolygon, Polygon
from clearline.model.places import Circle, Point

GEOD = Geod(ellps="WGS84")
_TO_DEGREES = Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)
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
    return min(_between(a, b) for a in bodies(one) for b in bodies(other))


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


def nearest(p, q, points=21, rounds=9):
    """Return the least distance of two edges and where on each it is reached."""
    p0, p1, q0, q1 = 0.0, 1.0, 0.0, 1.0
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
        p0, p1 = max(0.0, f[i] - reach_p), min(1.0, f[i] + reach_p)
        q0, q1 = max(0.0, g[j] - reach_q), min(1.0, g[j] + reach_q)
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


class Leg:
    """An edge, when it may be passed, and what thickens it in space and time.

    `earliest` and `latest` hold seconds at the start and at the end of the edge.
    """

    def __init__(self, edge, earliest, latest, radius_m, buffer_s):
        """Hold them."""
        self.edge, self.earliest, self.latest = edge, earliest, latest
        self.radius_m, self.buffer_s = radius_m, buffer_s

    def span(self):
        """Return the first and the last second of it."""
        return self.earliest[0] - self.buffer_s, self.latest[1] + self.buffer_s

    def shares(self, t):
        """Return the least and greatest share it may be at, at seconds t."""
        (e0, e1), (l0, l1) = self.earliest, self.latest
        later, sooner = t + self.buffer_s, t - self.buffer_s
        most = np.where(later >= e1, 1.0, (later - e0) / max(1e-9, e1 - e0))
        least = np.where(sooner <= l0, 0.0, (sooner - l0) / max(1e-9, l1 - l0))
        return np.clip(least, 0.0, 1.0), np.clip(most, 0.0, 1.0)


def legs(extent):
    """Return everything an extent may be at, as legs; areas are not known here."""
    footprint, buffer_s = extent.footprint, extent.buffer_s
    start, end = _seconds(extent.window.start), _seconds(extent.window.end)
    if not (isinstance(footprint, Corridor) and footprint.passages):
        (body,) = bodies(footprint)
        assert not body.rings
        return [
            Leg(edge, (start, start), (end, end), body.radius_m, buffer_s)
            for edge in body.edges
        ]
    stops = [
        (
            p,
            (_seconds(passage.arrives_from), _seconds(passage.leaves_from)),
            (_seconds(passage.arrives_by), _seconds(passage.leaves_by)),
        )
        for p, passage in zip(footprint.path, footprint.passages, strict=True)
    ]
    stays = [(_edge(p, p), earliest, latest) for p, earliest, latest in stops]
    ways = [
        (_edge(p, q), (first[1], first2[0]), (last[1], last2[0]))
        for (p, first, last), (q, first2, last2) in pairwise(stops)
    ]
    return [Leg(*leg, footprint.half_width_m, buffer_s) for leg in (*stays, *ways)]


def _seconds(at):
    return (at - EPOCH).total_seconds() - 1_772_323_200.0  # 2026-03-01


def moving_separation_m(one, other):
    """Return the least distance at one time of two extents; none: infinity."""
    return _least(one, other, None)


def separation_at_m(one, other, t):
    """Return the least distance of two extents at seconds t after 2026-03-01."""
    return _least(one, other, t)


def _least(one, other, t):
    """Take pairs of legs in the order of how near they could be."""
    pairs = sorted(
        (
            (_bound_m(a, b), k, a, b)
            for k, (a, b) in enumerate(product(legs(one), legs(other)))
        ),
    )
    best = math.inf
    for bound_m, _, a, b in pairs:
        if bound_m < best:
            best = min(best, _nearest_in_time(a, b, t))
    return best


def _bound_m(a, b):
    """Return a length that two legs cannot be nearer than."""
    (lon, lat), (lon2, lat2) = a.edge.at(0.5), b.edge.at(0.5)
    reach_m = (a.edge.length_m + b.edge.length_m) * 0.51 + a.radius_m + b.radius_m
    return GEOD.inv(lon, lat, lon2, lat2)[2] - reach_m - 1.0


def _nearest_in_time(a, b, at=None):
    start = max(a.span()[0], b.span()[0])
    end = min(a.span()[1], b.span()[1])
    if start > end or (at is not None and not start <= at <= end):
        return math.inf
    t0, t1 = first, last = (start, end) if at is None else (at, at)
    p0, p1, q0, q1 = 0.0, 1.0, 0.0, 1.0
    best = math.inf
    for _ in range(18):
        t = np.linspace(t0, t1, 11 if t1 > t0 else 1)
        x = np.linspace(p0, p1, 9 if a.edge.length_m else 1)
        y = np.linspace(q0, q1, 9 if b.edge.length_m else 1)
        tt, xx, yy = np.meshgrid(t, x, y, indexing="ij")
        (f0, f1), (g0, g1) = a.shares(tt), b.shares(tt)
        lon, lat = a.edge.at(f0 + xx * (f1 - f0))
        lon2, lat2 = b.edge.at(g0 + yy * (g1 - g0))
        apart = GEOD.inv(lon, lat, lon2, lat2)[2]
        i, j, k = np.unravel_index(np.argmin(apart), apart.shape)
        best = min(best, apart[i, j, k])
        # The next points lie around the nearest, two steps to either side.
        t0, t1 = _around(t, i, first, last)
        p0, p1 = _around(x, j, 0.0, 1.0)
        q0, q1 = _around(y, k, 0.0, 1.0)
    return max(0.0, best - a.radius_m - b.radius_m)


def _around(values, i, least, most):
    if len(values) == 1:
        return least, most
    reach = 2 * (values[1] - values[0])
    return max(least, values[i] - reach), min(most, values[i] + reach)


def lon_lat(x, y, z):
    """Return the (lon, lat) of a point on the ellipsoid, by PROJ."""
    return _TO_DEGREES.transform(x, y, z)[:2]


def separation_from_area_m(mover, area):
    """Return how near something that moves comes to an area while that is there."""
    start = _seconds(area.window.start) - area.buffer_s
    end = _seconds(area.window.end) + area.buffer_s
    best = math.inf
    for leg in legs(mover):
        if leg.span()[0] > end or leg.span()[1] < start:
            continue
        least, _ = leg.shares(np.float64(start))
        _, most = leg.shares(np.float64(end))
        (lon0, lon1), (lat0, lat1) = leg.edge.at([least, most])
        part = Edge((lon0, lat0), (lon1, lat1))
        for body in bodies(area.footprint):
            moving = Body([part], leg.radius_m)
            best = min(best, _between(moving, body))
    return best
