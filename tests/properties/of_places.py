"""Strategies for places anywhere on Earth, its seams and poles included."""

from hypothesis import strategies as st

from clearline.model.places import (
    Circle,
    Interval,
    Point,
    Position,
    Sector,
    clockwise,
)

_SEAMS_LON = [-180.0, 180.0, -179.999999, 179.999999, 0.0, -1e-9, 6.0, 42.0, 3.0]
_SEAMS_LAT = [-90.0, 90.0, -89.99999, 89.99999, 0.0, -1e-9, 84.0, -80.0, 72.0, 56.0]


def positions(south=-90.0, north=90.0):
    """Anywhere between two latitudes, with a liking for seams."""
    lats = [lat for lat in _SEAMS_LAT if south <= lat <= north]
    return st.builds(
        Position,
        lon=st.one_of(st.floats(-180.0, 180.0), st.sampled_from(_SEAMS_LON)),
        lat=st.one_of(st.floats(south, north), st.sampled_from(lats)),
    )


def intervals(least, most):
    """Any interval within two numbers, single numbers included."""
    return st.tuples(st.floats(least, most), st.floats(least, most)).map(
        lambda ends: Interval(least=min(ends), most=max(ends))
    )


def bearings():
    """Any turn, from a single bearing to all but a full one."""
    return st.builds(clockwise, st.floats(0.0, 359.9), st.floats(0.0, 359.9))


def points(near=None):
    """Any point, or one near a position."""
    where = positions() if near is None else near
    return st.builds(Point, position=where, precision_m=st.floats(0.0, 1e5))


def sectors(origins=None, widest_m=20_000.0):
    """Any sector up to a range."""
    return st.builds(
        Sector,
        origin=positions() if origins is None else origins,
        bearing_deg=bearings(),
        range_m=intervals(0.0, widest_m),
    )


def circles(centres=None, widest_m=20_000.0):
    """Any circle up to a radius."""
    return st.builds(
        Circle,
        centre=positions() if centres is None else centres,
        radius_m=st.floats(0.1, widest_m),
    )
