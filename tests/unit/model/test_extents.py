"""Extents are what can be meant; what cannot is refused, and shows what is wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from clearline.model.extents import (
    AltitudeBand,
    Corridor,
    Datum,
    Extent,
    MultiPolygon,
    Polygon,
)
from clearline.model.instants import FOREVER, NotUtc, Window
from clearline.model.passages import Pace, Passage, span
from clearline.model.places import Circle, Interval, Position, Sector
from clearline.model.rings import MOST_POSITIONS, NotAnExtent

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALL_DAY = Window(start=NOON - timedelta(hours=12), end=NOON + timedelta(hours=12))


def at(lon, lat):
    """A position."""
    return Position(lon=lon, lat=lat)


def ring(*lon_lat):
    """A ring of (lon, lat)."""
    return tuple(at(lon, lat) for lon, lat in lon_lat)


SQUARE = ring((0, 0), (1, 0), (1, 1), (0, 1))


@pytest.mark.parametrize(
    "outer",
    [
        ring((0, 0), (1, 1), (1, 0), (0, 1)),
        ring((179, 0), (-179, 1), (-179, 0), (179, 1)),
        ring((0, 89), (180, 89), (90, 89), (-90, 89)),
        ring((0, 0), (4, 0), (4, 4), (2, -1), (0, 4)),
    ],
)
def test_a_ring_that_crosses_itself_shows_where(outer):
    """The message names the place and both edges, also at the antimeridian and pole."""
    with pytest.raises(NotAnExtent, match=r"crosses itself near .*: the edge from"):
        Polygon(outer=outer)


def test_the_place_of_a_crossing_is_where_it_is():
    """The two diagonals of a square meet in its middle."""
    with pytest.raises(NotAnExtent, match=r"near 0\.500\d\d N 179\.9\d*[05]* E|180"):
        Polygon(outer=ring((179, 0), (-179, 1), (-179, 0), (179, 1)))


@pytest.mark.parametrize(
    "outer",
    [
        ring((0, 0), (1, 0), (2, 0)),
        ring((0, 0), (0, 1), (0, 2), (0, 1.5)),
        ring((10, 89), (10, 90), (-170, 89)),
        ring((0, 0), (0.000000001, 0), (0, 0.000000001)),
    ],
)
def test_a_ring_without_area_is_refused(outer):
    """What lies on one geodesic bounds nothing, over the pole as well."""
    with pytest.raises(NotAnExtent, match="no area"):
        Polygon(outer=outer)


@pytest.mark.parametrize(
    ("outer", "says"),
    [
        (ring((0, 0), (1, 0)), "2 positions"),
        (ring((0, 0), (0, 0), (1, 1), (0, 1)), "twice in a row"),
        (ring((0, 0), (1, 1), (0, 1), (0, 0)), "twice in a row"),
        (ring((10, 60), (11, 60), (-169, 61)), r"6,5\d\d km long"),
        (ring((0, 20), (40, 20), (80, 20), (120, 20), (160, 20), (-160, 20),
              (-120, 20), (-80, 20), (-40, 20)), "nobody can tell its inside"),
    ],
)  # fmt: skip
def test_a_ring_that_cannot_be_meant_is_refused(outer, says):
    """Too few, repeated, half a turn off, all round the Earth: each is named."""
    with pytest.raises(NotAnExtent, match=says):
        Polygon(outer=outer)


def test_half_a_turn_off_is_called_by_its_name():
    """A longitude wrong by 180 degrees is what the message asks about."""
    with pytest.raises(NotAnExtent) as caught:
        Polygon(outer=ring((10, 60), (11, 60), (-169, 61)))
    assert "half a turn (180 degrees)" in caught.value.next


@pytest.mark.parametrize(
    "outer",
    [
        ring((0, 70), (120, 70), (-120, 70)),
        ring((179, 0), (-179, 0), (-179, 1), (179, 1)),
        ring((0, -89.999), (90, -89.999), (180, -89.999), (-90, -89.999)),
        ring((0, 0), (0, 1), (1, 1), (1, 0)),
        ring((0, 0), (2, 0), (2, 2), (1, 0.5), (0, 2)),
        ring((40, 35), (40.00002, 35), (40.00002, 35.00002)),
    ],
)
def test_seams_poles_and_either_way_round_are_ordinary(outer):
    """No ring is refused for where it lies or how it is turned."""
    assert Polygon(outer=outer).outer == outer


@pytest.mark.parametrize(
    ("holes", "says"),
    [
        ((ring((2, 2), (2, 3), (3, 2)),), "Hole 1, .* lies outside the outer ring"),
        ((ring((0.5, 0.5), (0.5, 1.5), (0.6, 0.5)),), "outer ring and hole 1 cross"),
        ((ring((0.2, 0.2), (0.8, 0.2), (0.5, 0.8)),
          ring((0.4, 0.3), (0.5, 0.3), (0.5, 0.4))), "Hole 2, .* lies inside hole 1"),
        ((ring((0.2, 0.2), (0.8, 0.8), (0.8, 0.2), (0.2, 0.8)),), "Hole 1 crosses"),
        ((SQUARE,), "leave nothing"),
    ],
)  # fmt: skip
def test_holes_lie_inside_and_apart(holes, says):
    """A hole outside, across, nested, crossed or as large as all of it is refused."""
    with pytest.raises(NotAnExtent, match=says):
        Polygon(outer=SQUARE, holes=holes)


def test_a_hole_may_touch_the_edge():
    """Touching leaves no doubt about what is inside."""
    hole = ring((0, 0), (0.5, 0.1), (0.5, 0.5))
    assert Polygon(outer=SQUARE, holes=(hole,)).holes == (hole,)


def test_an_area_of_too_many_positions_is_refused():
    """A ring takes a bounded time to look at."""
    many = tuple(at(k / MOST_POSITIONS, 0.0) for k in range(MOST_POSITIONS))
    with pytest.raises(NotAnExtent, match=r"10002 positions is too long"):
        Polygon(outer=(*many, at(1.0, 1.0), at(0.0, 1.0)))


def test_an_area_without_parts_is_nowhere():
    """No part, no place."""
    with pytest.raises(NotAnExtent, match="without parts"):
        MultiPolygon(parts=())


@pytest.mark.parametrize(
    ("path", "says"),
    [
        (ring((0, 0)), "1 positions"),
        (ring((0, 0), (0, 0)), "leads nowhere"),
        (ring((0, 0), (179, 0)), r"19,9\d\d km long"),
    ],
)
def test_a_path_leads_somewhere(path, says):
    """One position, one place only, or nearly the opposite of the Earth: refused."""
    with pytest.raises(NotAnExtent, match=says):
        Corridor(path=path, half_width_m=10.0)


def passage(minutes, **minutes_for):
    """A passage so many minutes after noon."""
    return Passage(
        eta=NOON + timedelta(minutes=minutes),
        **{f"{name}_for": timedelta(minutes=m) for name, m in minutes_for.items()},
    )


def test_a_passage_says_when_it_may_be_there():
    """Early, late, dwell and overstay give two arrivals and two departures."""
    stop = passage(60, early=5, late=10, dwell=30, overstay=15)
    assert stop.arrives_from == NOON + timedelta(minutes=55)
    assert stop.arrives_by == NOON + timedelta(minutes=70)
    assert stop.leaves_from == NOON + timedelta(minutes=85)
    assert stop.leaves_by == NOON + timedelta(minutes=115)


@pytest.mark.parametrize(
    ("passages", "says"),
    [
        ((passage(0),), "1 passages do not fit 2 positions"),
        ((passage(10), passage(10)), "its times run backwards"),
        ((passage(0, dwell=30), passage(20)), "its times run backwards"),
        ((passage(0, late=30), passage(20)), "takes no time or less at the latest"),
        ((passage(0), passage(20, early=30)), "takes no time or less at the earliest"),
        (
            (passage(0), passage(1)),
            r"111\.3 km long and takes 1.0 min as expected: 6,6",
        ),
    ],
)
def test_passages_run_forward(passages, says):
    """What would leave a position after it reached the next one is refused."""
    with pytest.raises(NotAnExtent, match=says):
        Corridor(path=SQUARE[:2], half_width_m=10.0, passages=passages)


@pytest.mark.parametrize(
    ("passages", "says"),
    [
        (
            (passage(0), passage(60)),
            "takes 60.0 min as expected: 111 km/h, faster than 72 km/h",
        ),
        (
            (passage(0), passage(100, early=20)),
            "takes 80.0 min at the earliest: 83 km/h, faster than 72 km/h",
        ),
        (
            (passage(0, late=20), passage(100)),
            "takes 80.0 min at the latest: 83 km/h, faster than 72 km/h",
        ),
        (
            (passage(0), passage(100, late=300)),
            "takes 400.0 min at the latest: 17 km/h, slower than 36 km/h",
        ),
    ],
)
def test_a_pace_nobody_can_keep_is_named_with_its_figures(passages, says):
    """Which leg, how long, in what time, how fast that is, and how fast was said."""
    pace = Pace(fastest_mps=20.0, slowest_mps=10.0)
    with pytest.raises(NotAnExtent, match=says) as refused:
        Corridor(path=SQUARE[:2], half_width_m=10.0, passages=passages, pace=pace)
    assert "0.00000 N 0.00000 E to 0.00000 N 1.00000 E" in refused.value.what
    assert "both times" in refused.value.next


def test_a_place_passed_twice_in_a_row_takes_no_time():
    """A stop may be told as an arrival and a departure of their own."""
    path = (SQUARE[0], SQUARE[1], SQUARE[1])
    passages = (passage(0), passage(120), passage(120, dwell=30))
    Corridor(path=path, half_width_m=0.0, passages=passages)


@pytest.mark.parametrize(
    ("fastest", "slowest", "says"),
    [
        (10.0, 20.0, "from 20 to 10 m/s"),
        (2_000.0, 0.0, "from 0 to 2000 m/s"),
        (float("nan"), 0.0, "means nothing"),
        (10.0, -1.0, "from -1 to 10"),
        (0.0, 0.0, "does not move"),
    ],
)
def test_a_pace_is_metres_a_second_that_somebody_can_have(fastest, slowest, says):
    """Kilometres an hour by mistake, or both the wrong way round, are refused."""
    with pytest.raises(NotAnExtent, match=says):
        Pace(fastest_mps=fastest, slowest_mps=slowest)


def test_a_pace_without_times_is_refused():
    """It would be passed over in silence."""
    with pytest.raises(NotAnExtent, match="without times"):
        Corridor(path=SQUARE[:2], half_width_m=1.0, pace=Pace(fastest_mps=20.0))


def test_a_passage_is_never_less_than_nothing():
    """A negative lateness is a mistake, not an earliness."""
    with pytest.raises(NotAnExtent, match="late_for"):
        passage(0, late=-1)


def test_a_passage_says_its_zone():
    """An hour without a zone is no instant."""
    with pytest.raises(NotUtc):
        Passage(eta=datetime(2026, 3, 1, 12))  # noqa: DTZ001 (the point)


def test_the_window_of_a_movement_holds_all_its_passages():
    """A window that ends before the last may have come is refused; its span fits."""
    corridor = Corridor(
        path=SQUARE[:2], half_width_m=10.0, passages=(passage(0), passage(30, late=30))
    )
    assert span(corridor.passages).end > NOON + timedelta(hours=1)
    Extent(footprint=corridor, window=span(corridor.passages))
    short = Window(start=NOON, end=NOON + timedelta(minutes=45))
    with pytest.raises(NotAnExtent, match="beyond the window"):
        Extent(footprint=corridor, window=short)


@pytest.mark.parametrize(
    ("band", "says"),
    [
        ({"floor_m": 300.0, "ceiling_m": 100.0}, "upside down"),
        ({"floor_m": float("nan"), "ceiling_m": 100.0}, "upside down"),
        ({"floor_m": 0.0, "ceiling_m": 2e6}, "leaves the"),
        ({"floor_m": 0.0, "ceiling_m": 9.0,
          "ground_m": Interval(least=0.0, most=9.0)}, "says nothing"),
    ],
)  # fmt: skip
def test_a_band_has_a_floor_below_its_ceiling(band, says):
    """Upside down, no numbers, or out in space: refused."""
    with pytest.raises(NotAnExtent, match=says):
        AltitudeBand(**band)


def test_a_band_above_the_ground_may_say_how_high_that_is():
    """Its owner may know."""
    ground = Interval(least=200.0, most=350.0)
    band = AltitudeBand(floor_m=0.0, ceiling_m=100.0, datum=Datum.AGL, ground_m=ground)
    assert band.ground_m == ground


@pytest.mark.parametrize(
    "margin",
    [
        {"buffer_m": -1.0},
        {"buffer_m": float("nan")},
        {"buffer_s": -1.0},
        {"buffer_s": 1e12},
        {"buffer_s": float("inf")},
    ],
)
def test_margins_are_zero_or_more(margin):
    """A margin that would take something away, or is endless, is refused."""
    with pytest.raises(NotAnExtent):
        Extent(
            footprint=Circle(centre=at(0, 0), radius_m=1.0), window=ALL_DAY, **margin
        )


def test_a_sector_as_wide_as_an_ocean_is_not_compared():
    """A sector that reaches 5,000 km may be told, but not screened."""
    sector = Sector(
        origin=at(0, 0),
        bearing_deg=Interval(least=0.0, most=90.0),
        range_m=Interval(least=0.0, most=5e6),
    )
    with pytest.raises(NotAnExtent, match="cannot be compared"):
        Extent(footprint=sector, window=ALL_DAY)


def test_a_window_may_hold_for_ever():
    """Until withdrawn is an explicit end."""
    window = Window(start=NOON, end=FOREVER)
    extent = Extent(footprint=Circle(centre=at(0, 0), radius_m=1.0), window=window)
    assert extent.window.end == FOREVER
