"""Measure distances and bearings on the WGS 84 ellipsoid.

Everything here is Karney's geodesic ("Algorithms for geodesics", J. Geodesy 87,
2013) as PROJ carries it, good to nanometres. PROJ is loaded on first use, because
most commands never measure anything.
"""

import math
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from clearline.model.places import Position

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pyproj import Geod, Proj

_BENT_M = 300_000.0
_FALSE_NORTHING_M = 10_000_000.0


@cache
def _geod() -> "Geod":
    from pyproj import Geod  # noqa: PLC0415 (loading PROJ takes a fifth of a second)

    return Geod(ellps="WGS84")


@cache
def _utm(zone: int) -> "Proj":
    from pyproj import Proj  # noqa: PLC0415 (as above)

    return Proj(proj="utm", zone=zone, ellps="WGS84")


def distance_m(start: Position, end: Position) -> float:
    """Return the length of the shortest geodesic between two positions, metres."""
    return inverse(start, end)[0]


def bearing_deg(start: Position, end: Position) -> float:
    """Return the true bearing of `end` seen from `start`, degrees, [0, 360).

    Between equal positions every bearing is as good as another; do not ask.
    """
    return inverse(start, end)[1]


def inverse(start: Position, end: Position) -> tuple[float, float]:
    """Return the distance in metres and the true bearing at `start` in [0, 360)."""
    azimuth, _, length = _geod().inv(start.lon, start.lat, end.lon, end.lat)
    turn = float(azimuth) % 360.0
    return float(length), turn if turn < 360.0 else 0.0  # noqa: PLR2004 (-1e-15 % 360)


def destination(origin: Position, bearing_deg: float, range_m: float) -> Position:
    """Return where one arrives on a geodesic from `origin`.

    Args:
        origin: Start.
        bearing_deg: True bearing at the origin, degrees clockwise, any turn.
        range_m: Metres along the geodesic, zero or more.
    """
    lon, lat, _ = _geod().fwd(origin.lon, origin.lat, bearing_deg, range_m)
    return Position(lon=float(lon), lat=float(lat))


def around(
    origin: Position, bearings_deg: Sequence[float], range_m: float
) -> list[tuple[float, float]]:
    """Return where one arrives by each bearing, lon lat, degrees; as `destination`."""
    count = len(bearings_deg)
    lons, lats, _ = _geod().fwd(
        [origin.lon] * count, [origin.lat] * count, bearings_deg, [range_m] * count
    )
    return [(float(lon), float(lat)) for lon, lat in zip(lons, lats, strict=True)]


def arrival(
    origin: Position, bearing_deg: float, range_m: float
) -> tuple[Position, float]:
    """Return where one arrives, and the true bearing in which one goes on there.

    Args:
        origin: Start.
        bearing_deg: True bearing at the origin, degrees clockwise, any turn.
        range_m: Metres along the geodesic; less than zero walks backwards.
    """
    lon, lat, back_deg = _geod().fwd(origin.lon, origin.lat, bearing_deg, range_m)
    return Position(lon=float(lon), lat=float(lat)), float(back_deg) + 180.0


def laid_flat(
    centre: Position, lon_lat: "NDArray[np.float64]"
) -> "NDArray[np.float64]":
    """Return where positions lie in the plane about a centre, metres east and north.

    Distances and bearings from the centre are true, anywhere on Earth (azimuthal
    equidistant).

    Args:
        centre: Where east and north are counted from.
        lon_lat: (n, 2) float64, degrees.
    """
    import numpy as np  # noqa: PLC0415 (only extents need it)

    count = len(lon_lat)
    azimuths, _, lengths = _geod().inv(
        np.full(count, centre.lon), np.full(count, centre.lat), *lon_lat.T
    )
    turned = np.radians(azimuths)
    return np.column_stack((lengths * np.sin(turned), lengths * np.cos(turned)))


def cut_points(
    starts: "NDArray[np.float64]", ends: "NDArray[np.float64]", longest_m: float
) -> "tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]":
    """Return the points that cut geodesics into equal parts short enough.

    Args:
        starts: (n, 2) float64, lon lat, degrees.
        ends: The other ends, the same shape.
        longest_m: Longest part, metres.

    Returns:
        For each point the row of its geodesic (k,), its share of the way (k,), and
        its position (k, 2), in order along the geodesics.
    """
    import numpy as np  # noqa: PLC0415 (only extents need it)

    azimuths, _, lengths = _geod().inv(*starts.T, *ends.T)
    parts = np.maximum(1, np.ceil(lengths / longest_m)).astype(np.int64)
    rows = np.repeat(np.arange(len(starts)), parts - 1)
    # 1, 2, ... within each geodesic.
    steps = np.arange(len(rows)) - np.repeat(
        np.cumsum(parts - 1) - parts + 1, parts - 1
    )
    shares = (steps + 1) / parts[rows]
    from_lon, from_lat = starts[rows].T
    lon, lat, _ = _geod().fwd(
        from_lon, from_lat, azimuths[rows], shares * lengths[rows]
    )
    return rows, shares, np.column_stack((lon, lat))


def grid_convergence_deg(at: Position, zone: int) -> float:
    """Return how far grid north of a UTM zone lies clockwise of true north."""
    factors = _utm(zone).get_factors(at.lon, at.lat)
    return float(factors.meridian_convergence)


def grid_to_true_deg(
    origin: Position, zone: int, grid_deg: float, range_m: float
) -> float:
    """Return the true bearing of a bearing on the grid of a UTM zone.

    The convergence at the origin, and the small angle between the geodesic and the
    straight line on the grid. Beyond `_BENT_M` that angle is left out: nobody lays
    a ruler over so many sheets.

    Args:
        origin: Where the bearing is measured.
        zone: UTM zone.
        grid_deg: Degrees clockwise from grid north.
        range_m: Metres along the geodesic to the other end.

    Returns:
        Degrees clockwise from true north, any turn.
    """
    true_deg = grid_deg + grid_convergence_deg(origin, zone)
    if not 0.0 < range_m <= _BENT_M:
        return true_deg
    east_m, north_m = _utm(zone)(origin.lon, origin.lat)
    for _ in range(3):
        end = destination(origin, true_deg, range_m)
        end_east_m, end_north_m = _utm(zone)(end.lon, end.lat)
        shown_deg = math.degrees(math.atan2(end_east_m - east_m, end_north_m - north_m))
        true_deg += (grid_deg - shown_deg + 180.0) % 360.0 - 180.0
    return true_deg


def from_utm(
    zone: int, easting_m: float, northing_m: float, *, is_south: bool
) -> Position:
    """Return the position of UTM metres.

    Args:
        zone: 1 to 60.
        easting_m: 500,000 on the central meridian.
        northing_m: From the equator; in the south plus 10,000,000.
        is_south: Which half the northing counts in.
    """
    from_equator_m = northing_m - _FALSE_NORTHING_M if is_south else northing_m
    lon, lat = _utm(zone)(easting_m, from_equator_m, inverse=True)
    return Position(lon=float(lon), lat=float(lat))


def to_utm(position: Position, zone: int) -> tuple[float, float]:
    """Return easting and northing in a UTM zone, metres, counted in its own half."""
    easting_m, northing_m = _utm(zone)(position.lon, position.lat)
    if position.lat < 0.0:
        northing_m += _FALSE_NORTHING_M
    return float(easting_m), float(northing_m)
