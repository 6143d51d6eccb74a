"""Compiled geometry on the ellipsoid, beside PROJ."""

import math
import random

import pytest
from pyproj import Geod, Transformer

from clearline.geo.edges import between_edges, from_edge, nearest_in_plane, on_edge
from clearline.geo.ellipsoid import (
    chord,
    distance,
    flat,
    from_degrees,
    lifted,
    plane_at,
    scaled,
    to_degrees,
)

GEOD = Geod(ellps="WGS84")
TO_ECEF = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
SOMEWHERE = [
    (40.0, 35.0), (180.0, 10.0), (-180.0, -65.0), (30.0, 89.9), (0.0, 90.0),
    (0.0, -90.0), (0.0, 0.0), (-75.0, 45.0),
]  # fmt: skip


def away(lon, lat, azimuth_deg, length_m):
    """Where one arrives, as (lon, lat), by PROJ."""
    return GEOD.fwd(lon, lat, azimuth_deg, length_m)[:2]


@pytest.mark.parametrize(("lon", "lat"), SOMEWHERE)
def test_degrees_become_ecef_as_proj_has_it(lon, lat):
    """To a hundredth of a micrometre, and back."""
    point = from_degrees(lon, lat)
    assert point == pytest.approx(TO_ECEF.transform(lon, lat, 0.0), abs=1e-8)
    back = to_degrees(point)
    assert distance(from_degrees(*back), point) < 1e-8


@pytest.mark.parametrize(
    ("length_m", "error_m"),
    [
        (0.001, 1e-8), (99.0, 1e-8), (1e4, 1e-8), (1e5, 1e-4), (2.4e5, 0.006),
        (1e6, 0.1), (1e7, 50.0), (1.9e7, 1_000.0), (1.999e7, 40_000.0),
    ],
)  # fmt: skip
def test_distances_are_karneys(length_m, error_m):
    """In every direction from everywhere; near an antipode to 0.2 %."""
    draw = random.Random(1)  # noqa: S311 (a fixed set of places)
    for _ in range(400):
        here = draw.uniform(-180, 180), math.degrees(math.asin(draw.uniform(-1, 1)))
        there = away(*here, draw.uniform(0, 360), length_m)
        found_m = distance(from_degrees(*here), from_degrees(*there))
        assert found_m == pytest.approx(length_m, abs=error_m)
        assert chord(from_degrees(*here), from_degrees(*there)) <= length_m + 1e-8


@pytest.mark.parametrize(("lon", "lat"), SOMEWHERE)
def test_a_chord_is_lifted_onto_its_geodesic(lon, lat):
    """Places on edges of 25 km lie on the geodesic to a tenth of a millimetre."""
    for azimuth in range(0, 360, 15):
        end = away(lon, lat, azimuth, 25_000.0)
        a, b = from_degrees(lon, lat), from_degrees(*end)
        for share in (0.1, 0.25, 0.5, 0.9):
            on = to_degrees(on_edge(a, b, share))
            bearing, _, along_m = GEOD.inv(lon, lat, *on)
            aside_m = along_m * math.sin(math.radians(bearing - azimuth))
            assert abs(aside_m) < 1e-4


def test_what_is_lifted_or_scaled_lies_on_the_ellipsoid():
    """Its height there is nothing."""
    to_height = Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)
    a, b = from_degrees(40.0, 35.0), from_degrees(40.5, 35.0)
    middle = tuple((p + q) / 2 for p, q in zip(a, b, strict=True))
    assert to_height.transform(*middle)[2] < -10.0
    assert abs(to_height.transform(*lifted(middle))[2]) < 1e-6
    assert abs(to_height.transform(*scaled((1.0, 2.0, 3.0)))[2]) < 1e-6


@pytest.mark.parametrize(("lon", "lat"), SOMEWHERE)
def test_geodesics_are_straight_in_the_plane(lon, lat):
    """The middle of a geodesic of 40 km past the centre lies on the straight line."""
    plane = plane_at(from_degrees(lon, lat))
    for azimuth in range(0, 360, 30):
        start = away(lon, lat, azimuth, 15_000.0)
        end = away(lon, lat, azimuth + 100.0, 15_000.0)
        bearing, _, length_m = GEOD.inv(*start, *end)
        middle = away(*start, bearing, length_m / 2)
        (ax, ay), (bx, by), (cx, cy) = (
            flat(plane, from_degrees(*at)) for at in (start, end, middle)
        )
        aside_m = ((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) / math.hypot(
            bx - ax, by - ay
        )
        assert abs(aside_m) < 5e-4


@pytest.mark.parametrize(("lon", "lat"), SOMEWHERE)
@pytest.mark.parametrize("aside_m", [0.0, 0.5, 1_000.0, 100_000.0])
def test_a_point_beside_an_edge_is_as_far_as_it_was_put(lon, lat, aside_m):
    """Put square to the middle of an edge of 24 km, it is that far from the edge."""
    for azimuth in range(0, 360, 20):
        end = away(lon, lat, azimuth, 24_000.0)
        middle = away(lon, lat, azimuth, 12_000.0)
        back = GEOD.inv(*middle, *end)[0]
        point = away(*middle, back + 90.0, aside_m)
        found_m, share = from_edge(
            from_degrees(*point), from_degrees(lon, lat), from_degrees(*end)
        )
        assert found_m == pytest.approx(aside_m, abs=1e-3)
        assert share == pytest.approx(0.5, abs=1e-3)


def test_crossing_edges_touch_where_they_cross():
    """The diagonals of a small square meet in the middle of both."""
    a, b, c, d = (
        from_degrees(*at) for at in [(40, 35), (40.1, 35.1), (40.1, 35), (40, 35.1)]
    )
    apart_m, f, g = between_edges(a, b, c, d)
    assert apart_m == 0.0
    assert (f, g) == (pytest.approx(0.5, abs=1e-3), pytest.approx(0.5, abs=1e-3))


@pytest.mark.parametrize(
    ("edges", "apart"),
    [
        (((0, 0), (2, 0), (1, 1), (1, 3)), 1.0),
        (((0, 0), (2, 0), (3, 0), (4, 0)), 1.0),
        (((0, 0), (2, 0), (1, 0), (4, 0)), 0.0),
        (((0, 0), (2, 0), (0, 1), (2, 1)), 1.0),
        (((0, 0), (0, 0), (3, 4), (3, 4)), 5.0),
        (((0, 0), (0, 0), (-1, 2), (1, 2)), 2.0),
        (((0, 0), (2, 2), (0, 2), (2, 0)), 0.0),
    ],
)
def test_edges_of_a_plane(edges, apart):
    """Beside, in line, over each other, parallel, points, crossing."""
    floats = [tuple(map(float, at)) for at in edges]
    found, f, g = nearest_in_plane(*floats)
    assert math.sqrt(found) == pytest.approx(apart)
    a, b, c, d = floats
    p = [s + f * (e - s) for s, e in zip(a, b, strict=True)]
    q = [s + g * (e - s) for s, e in zip(c, d, strict=True)]
    assert math.dist(p, q) == pytest.approx(apart)
