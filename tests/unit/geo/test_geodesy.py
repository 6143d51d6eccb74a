"""Distances and bearings are those of the ellipsoid."""

import pytest

from clearline.geo.geodesy import (
    bearing_deg,
    destination,
    distance_m,
    grid_convergence_deg,
    inverse,
)
from clearline.model.places import Position

JFK = Position(lon=-(73 + 46 / 60 + 44 / 3600), lat=40 + 38 / 60 + 23 / 3600)
SINGAPORE = Position(lon=103 + 59 / 60 + 22 / 3600, lat=1 + 21 / 60 + 33 / 3600)


def test_a_published_geodesic():
    """JFK to Singapore is 15,347,628 m at 3°18'29.9", as GeodSolve's manual has it."""
    length_m, azimuth_deg = inverse(JFK, SINGAPORE)
    assert length_m == pytest.approx(15_347_628, abs=0.5)
    assert azimuth_deg == pytest.approx(3 + 18 / 60 + 29.9 / 3600, abs=0.05 / 3600)


def test_there_and_back():
    """Going the distance along the bearing arrives where the bearing was taken."""
    length_m, azimuth_deg = inverse(JFK, SINGAPORE)
    assert distance_m(destination(JFK, azimuth_deg, length_m), SINGAPORE) < 1e-6
    assert distance_m(SINGAPORE, JFK) == pytest.approx(length_m, abs=1e-6)


def test_bearings_count_from_north_clockwise():
    """A bearing lies in [0, 360), never negative."""
    here = Position(lon=0.0, lat=0.0)
    assert bearing_deg(here, Position(lon=-1.0, lat=0.0)) == pytest.approx(270.0)
    assert bearing_deg(here, Position(lon=0.0, lat=1.0)) == 0.0


def test_across_the_antimeridian_is_near():
    """Two positions either side of the antimeridian are neighbours."""
    west, east = Position(lon=179.999, lat=10.0), Position(lon=-179.999, lat=10.0)
    assert distance_m(west, east) == pytest.approx(219.3, abs=0.5)


def test_over_the_pole_and_on():
    """Going north past the pole comes down the opposite meridian."""
    there = destination(Position(lon=30.0, lat=89.9), 0.0, 22_338.8)
    assert there.lat == pytest.approx(89.9, abs=1e-4)
    assert there.lon == pytest.approx(-150.0, abs=1e-6)


def test_grid_north_leaves_true_north_towards_the_zone_edges():
    """Convergence is zero on the central meridian and grows as sin(latitude)."""
    assert grid_convergence_deg(Position(lon=39.0, lat=35.0), 37) == pytest.approx(0.0)
    east = grid_convergence_deg(Position(lon=40.176, lat=35.2854), 37)
    assert east == pytest.approx(0.6794, abs=1e-3)
    assert grid_convergence_deg(Position(lon=38.0, lat=35.0), 37) < 0.0
