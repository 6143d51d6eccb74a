"""Strategies for places anywhere on Earth, its seams and poles included."""

from hypothesis import strategies as st

from clearline.geo.geodesy import destination
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


@st.composite
def neighbours(draw):
    """Two footprints of any kind, near each other, anywhere."""
    here = draw(positions())
    there = destination(
        here, draw(st.floats(0.0, 360.0)), draw(st.floats(0.0, 60_000.0))
    )
    kinds = (points, sectors, circles)
    first, second = draw(st.sampled_from(kinds)), draw(st.sampled_from(kinds))
    return draw(first(st.just(here))), draw(second(st.just(there)))


@st.composite
def parts_of(draw, footprint):
    """A position inside a footprint."""
    turn, share = draw(st.floats(0.0, 1.0)), draw(st.floats(0.0, 1.0))
    match footprint:
        case Point(position=position):
            return position
        case Circle(centre=centre, radius_m=radius_m):
            return destination(centre, turn * 360.0, share * radius_m)
        case Sector(origin=origin, bearing_deg=bearing, range_m=reach):
            return destination(
                origin,
                bearing.least + turn * bearing.width,
                reach.least + share * reach.width,
            )
