"""Measure distances and bearings on the WGS 84 ellipsoid.

Everything here is Karney's geodesic ("Algorithms for geodesics", J. Geodesy 87,
2013) as PROJ carries it, good to nanometres. PROJ is loaded on first use, because
most commands never measure anything.
"""

from functools import cache
from typing import TYPE_CHECKING

from clearline.model.places import Position

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pyproj import Geod, Proj


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
    """Return how far grid north of a UTM zone lies clockwise of true north.

    A true bearing is the grid bearing plus this. Small differences between a
    geodesic and a straight grid line (under 0.01 degree within 50 km) are left out.
    """
    factors = _utm(zone).get_factors(at.lon, at.lat)
    return float(factors.meridian_convergence)
