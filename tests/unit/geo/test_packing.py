"""Packing: what an extent becomes for the compiled judges."""

import itertools
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from clearline.geo.ellipsoid import from_degrees, to_degrees
from clearline.geo.geodesy import destination, distance_m
from clearline.geo.kernels import AREA, PATH
from clearline.geo.meeting import meet, separation_m
from clearline.geo.microseconds import microseconds
from clearline.geo.packing import GEOID_SLOPE, instant, pack, window
from clearline.geo.separation import separation
from clearline.model.extents import (
    AltitudeBand,
    Corridor,
    Datum,
    Extent,
    MultiPolygon,
    Polygon,
)
from clearline.model.instants import FOREVER, Window
from clearline.model.passages import Passage, span
from clearline.model.places import (
    ALL_ROUND,
    Circle,
    Interval,
    Point,
    Position,
    Sector,
    Unlocated,
    clockwise,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE = Position(lon=40.0, lat=35.0)
EVER = Window(start=NOON, end=FOREVER)


def still(footprint, **rest):
    """Something that stands from noon on."""
    return Extent(footprint=footprint, window=EVER, **rest)


def vertices_of(packed, row):
    """The vertices of one piece as positions."""
    piece = packed.pieces[row]
    rows = packed.vertices[piece["first"] : piece["first"] + piece["count"]]
    return [
        None if np.isnan(x) else Position(lon=lon, lat=lat)
        for x, y, z in rows
        for lon, lat in [to_degrees((x, y, z))]
    ]


def test_a_circle_is_one_vertex_with_a_radius():
    """Everything else about it stands in its row."""
    circle = Circle(centre=HERE, radius_m=500.0, precision_m=10.0)
    packed = pack([still(circle, buffer_m=100.0, buffer_s=1.5)], first_extent=7)
    (piece,) = packed.pieces
    assert piece["kind"] == PATH
    assert (piece["count"], piece["clock"], piece["extent"]) == (1, -1, 7)
    assert (piece["radius_m"], piece["buffer_m"]) == (500.0, 100.0)
    assert piece["reach_m"] == 610.0
    assert piece["from_us"] == microseconds(NOON)
    assert piece["until_us"] == microseconds(FOREVER)
    assert piece["buffer_us"] == 1_500_000
    assert tuple(packed.vertices[0]) == from_degrees(40.0, 35.0)


def test_what_is_nowhere_has_no_piece():
    """The others keep their numbers."""
    packed = pack([still(Unlocated(name="Kroum hill")), still(Point(
        position=HERE, precision_m=0.0))])  # fmt: skip
    assert packed.pieces["extent"].tolist() == [1]


def test_nothing_packs_to_nothing():
    """No extents, no rows."""
    assert [len(array) for array in pack([])] == [0, 0, 0]


@pytest.mark.parametrize("half_width_m", [0.0, 200.0, 500.0, 5_000.0, 50_000.0])
def test_a_corridor_is_cut_to_its_width(half_width_m):
    """Pieces of at most 8 km, or as long as it is wide up to 25 km."""
    path = (HERE, destination(HERE, 80.0, 100_000.0), destination(HERE, 70.0, 140e3))
    packed = pack([still(Corridor(path=path, half_width_m=half_width_m))])
    longest_m = max(8_000.0, min(half_width_m, 25e3))
    ends = [vertices_of(packed, row) for row in range(len(packed.pieces))]
    assert ends[0][0] == pytest.approx(path[0]) or distance_m(ends[0][0], HERE) < 1e-6
    assert distance_m(ends[-1][-1], path[-1]) < 1e-6
    for before, after in itertools.pairwise(ends):
        assert distance_m(before[-1], after[0]) < 1e-6
    lengths = [
        sum(distance_m(p, q) for p, q in itertools.pairwise(piece)) for piece in ends
    ]
    assert max(lengths) <= longest_m * (1 + 1e-9)
    assert min(lengths) > longest_m / 3
    assert sum(lengths) == pytest.approx(
        distance_m(path[0], path[1]) + distance_m(path[1], path[2]), abs=1e-3
    )


def test_short_legs_share_a_piece():
    """A track of a thousand short legs is not a thousand pieces."""
    path = [HERE]
    for k in range(1_000):
        path.append(destination(path[-1], 90.0 + 30.0 * (k % 2), 20.0))
    packed = pack([still(Corridor(path=tuple(path), half_width_m=100.0))])
    assert len(packed.pieces) <= 15
    assert packed.pieces["count"].sum() == 1_001 + len(packed.pieces) - 1


def test_long_edges_are_cut_on_their_geodesic():
    """Each new vertex of a leg of 4,000 km lies on it, none farther than 25 km on."""
    end = destination(HERE, 70.0, 4_000_000.0)
    area = Polygon(outer=(HERE, end, destination(HERE, 110.0, 4_000_000.0)))
    packed = pack([still(area)])
    ring = vertices_of(packed, 0)
    assert ring[0] == ring[-1]
    on_first = ring[: ring.index(min(ring, key=lambda at: distance_m(at, end))) + 1]
    assert len(on_first) == 161
    for p, q in itertools.pairwise(ring):
        assert distance_m(p, q) <= 25_000.001
    for at in on_first:
        assert distance_m(HERE, at) + distance_m(at, end) == pytest.approx(
            4_000_000.0, abs=1e-5
        )


def test_holes_are_parted_by_a_gap_and_parts_by_pieces():
    """Rings of one part lie in one piece, each closed; parts are pieces."""
    square = (
        HERE,
        Position(lon=40.1, lat=35.0),
        Position(lon=40.1, lat=35.1),
        Position(lon=40.0, lat=35.1),
    )
    hole = (
        Position(lon=40.02, lat=35.02),
        Position(lon=40.04, lat=35.02),
        Position(lon=40.04, lat=35.04),
    )
    parts = Polygon(outer=square, holes=(hole,)), Polygon(outer=hole)
    packed = pack([still(MultiPolygon(parts=parts, precision_m=5.0))])
    assert packed.pieces["kind"].tolist() == [AREA, AREA]
    assert packed.pieces["extent"].tolist() == [0, 0]
    assert packed.pieces["precision_m"].tolist() == [5.0, 5.0]
    assert [at is None for at in vertices_of(packed, 0)] == [False] * 5 + [True] + [
        False
    ] * 4


def test_clocks_run_evenly_along_a_long_leg():
    """Cut into pieces, a leg of two hours is passed evenly, to a millisecond."""
    path = (HERE, destination(HERE, 90.0, 200_000.0))
    passages = (
        Passage(eta=NOON, late_for=timedelta(minutes=10)),
        Passage(eta=NOON + timedelta(hours=2), early_for=timedelta(minutes=20)),
    )
    corridor = Corridor(path=path, half_width_m=100.0, passages=passages)
    packed = pack([Extent(footprint=corridor, window=span(passages))])
    start = microseconds(NOON)
    for row, piece in enumerate(packed.pieces):
        for k, at in enumerate(vertices_of(packed, row)):
            earliest, latest = packed.clocks[piece["clock"] + k] - start
            share = distance_m(HERE, at) / 200_000.0
            assert earliest == pytest.approx(share * 100 * 60e6, abs=1_000.0)
            assert latest == pytest.approx((10 + share * 110) * 60e6, abs=1_000.0)
    assert packed.pieces["from_us"].min() == start
    assert packed.pieces["until_us"].max() == start + 7_200_000_001


def test_a_stop_is_a_leg_in_time():
    """Where it stays, it is from its first arrival to its last departure."""
    path = (HERE, destination(HERE, 90.0, 1_000.0), destination(HERE, 90.0, 2_000.0))
    passages = (
        Passage(eta=NOON),
        Passage(eta=NOON + timedelta(hours=1), dwell_for=timedelta(hours=3)),
        Passage(eta=NOON + timedelta(hours=5)),
    )
    corridor = Corridor(path=path, half_width_m=10.0, passages=passages)
    convoy = Extent(footprint=corridor, window=span(passages))
    guest = Extent(
        footprint=Circle(centre=path[1], radius_m=10.0),
        window=Window(start=NOON + timedelta(hours=2), end=NOON + timedelta(hours=3)),
    )
    found = meet(convoy, guest)
    assert found.separation_m == 0.0
    assert found.contact == guest.window


@pytest.mark.parametrize(
    "sector",
    [
        Sector(origin=HERE, bearing_deg=clockwise(202.5, 247.5),
               range_m=Interval(least=3_000.0, most=6_000.0)),
        Sector(origin=HERE, bearing_deg=clockwise(340.0, 20.0),
               range_m=Interval(least=0.0, most=90_000.0)),
        Sector(origin=HERE, bearing_deg=ALL_ROUND,
               range_m=Interval(least=3_000.0, most=6_000.0)),
        Sector(origin=HERE, bearing_deg=ALL_ROUND,
               range_m=Interval(least=0.0, most=6_000.0)),
        Sector(origin=HERE, bearing_deg=clockwise(90.0, 90.0),
               range_m=Interval(least=3_000.0, most=6_000.0)),
        Sector(origin=HERE, bearing_deg=clockwise(90.0, 180.0),
               range_m=Interval(least=3_000.0, most=3_000.0)),
        Sector(origin=HERE, bearing_deg=clockwise(90.0, 90.0),
               range_m=Interval(least=3_000.0, most=3_000.0)),
    ],
)  # fmt: skip
def test_a_sector_is_as_far_as_the_search_of_its_outline_finds(sector):
    """A sector's outline is laid down to half a metre, whatever is degenerate."""
    for turn in range(0, 360, 24):
        for away_m in (0.0, 2_000.0, 4_500.0, 7_000.0, 95_000.0):
            point = Point(position=destination(HERE, turn, away_m), precision_m=0.0)
            expected_m = separation(sector, point).least
            found_m = separation_m(still(sector), still(point))
            assert found_m == pytest.approx(expected_m, abs=1.5)


class Slope:
    """A geoid that lies 0 to 10 m up, by longitude."""

    def heights_m(self, lon_lat):
        """Return ten metres at 41 east, none at 40."""
        height_m = (lon_lat[:, 0] - 40.0) * 10.0
        return np.column_stack((height_m - 1.0, height_m + 1.0))


def test_a_geoid_is_asked_at_each_piece():
    """Each piece of a corridor has the sea where it is, and some for its reach."""
    path = (HERE, Position(lon=41.0, lat=35.0))
    band = AltitudeBand(floor_m=100.0, ceiling_m=200.0, datum=Datum.WGS84)
    extent = still(Corridor(path=path, half_width_m=500.0), band=band)
    packed = pack([extent], geoid=Slope())
    first, last = packed.pieces[0], packed.pieces[-1]
    slack_mm = 1_000 + GEOID_SLOPE * first["reach_m"] * 1_000 + 1
    assert 99_000 - slack_mm <= first["least_mm"] <= 100_000
    assert 90_000 - slack_mm <= last["least_mm"] <= 91_000
    assert 190_000 <= last["most_mm"] <= 191_000 + slack_mm


def test_instants_are_kept_to_the_microsecond():
    """Before 1970, now, and for ever; beyond that is for ever too."""
    for at in (datetime(1, 1, 1, tzinfo=UTC), NOON, FOREVER):
        assert instant(microseconds(at)) == at
    odd = NOON + timedelta(microseconds=1)
    assert window(microseconds(NOON), microseconds(odd)) == Window(start=NOON, end=odd)
    assert instant(microseconds(FOREVER) + 1) == FOREVER
    assert instant(microseconds(datetime(1, 1, 1, tzinfo=UTC)) - 5).year == 1
