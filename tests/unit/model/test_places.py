"""Places are valid by construction and survive the wire unchanged."""

import math

import msgspec
import pytest

from clearline.model.errors import BadInput
from clearline.model.places import (
    ALL_ROUND,
    BearingAndRange,
    Circle,
    FactStatus,
    Interval,
    NamedOrigin,
    Place,
    PlaceFormat,
    Point,
    Position,
    Sector,
    Unlocated,
    clockwise,
    exactly,
)

HERE = Position(lon=40.1760, lat=35.2854)
AIRFIELD = NamedOrigin(name="Deir ez-Zor", kind="airfield", position=HERE)


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        (0.0, 90.0001),
        (0.0, -91.0),
        (180.0001, 0.0),
        (-181.0, 0.0),
        (math.nan, 0.0),
        (0.0, math.nan),
        (math.inf, 0.0),
        (0.0, -math.inf),
    ],
)
def test_a_position_off_the_globe_cannot_be_built(lon, lat):
    """Degrees beyond the poles or the antimeridian, or no numbers, are refused."""
    with pytest.raises(BadInput, match="does not exist"):
        Position(lon=lon, lat=lat)


def test_an_impossible_position_does_not_come_in_by_the_wire():
    """Decoding builds no position that the constructor would refuse."""
    with pytest.raises(BadInput, match="latitude of 100"):
        msgspec.json.decode(b'{"lon": 1.0, "lat": 100.0}', type=Position)


def test_the_antimeridian_has_one_name():
    """180 degrees west and east are the same meridian and the same value."""
    assert Position(lon=-180.0, lat=1.0) == Position(lon=180.0, lat=1.0)
    assert Position(lon=-180.0, lat=1.0).lon == 180.0


def test_no_zero_is_negative():
    """A negative zero would be printed as the other hemisphere; it becomes zero."""
    position = Position(lon=-0.0, lat=-0.0)
    assert math.copysign(1.0, position.lon) == 1.0
    assert math.copysign(1.0, position.lat) == 1.0


@pytest.mark.parametrize("ends", [(2.0, 1.0), (math.nan, 1.0), (0.0, math.inf)])
def test_an_interval_runs_upward_between_numbers(ends):
    """An interval with its ends exchanged or infinite is refused."""
    with pytest.raises(BadInput, match="interval"):
        Interval(least=ends[0], most=ends[1])


def test_an_interval_holds_its_ends():
    """Both ends of an interval are inside."""
    interval = Interval(least=3.0, most=6.0)
    assert interval.holds(3.0)
    assert interval.holds(6.0)
    assert not interval.holds(6.0001)
    assert (interval.middle, interval.width) == (4.5, 3.0)


@pytest.mark.parametrize(
    ("from_deg", "to_deg", "least", "most"),
    [
        (202.5, 247.5, 202.5, 247.5),
        (337.5, 22.5, 337.5, 382.5),
        (-22.5, 22.5, 337.5, 382.5),
        (360.0, 10.0, 0.0, 10.0),
        (90.0, 90.0, 90.0, 90.0),
        (350.0, 340.0, 350.0, 700.0),
    ],
)
def test_bearings_turn_clockwise_across_north(from_deg, to_deg, least, most):
    """Turning clockwise from one bearing to the other gives one growing interval."""
    assert clockwise(from_deg, to_deg) == Interval(least=least, most=most)


def test_a_hair_below_north_starts_within_the_turn():
    """A start that rounds to a full turn is north itself, so that a sector takes it."""
    bearings = clockwise(-1e-20, 10.0)
    assert bearings.least == 0.0
    assert Sector(origin=HERE, bearing_deg=bearings, range_m=exactly(1.0))


@pytest.mark.parametrize(
    ("bearing_deg", "range_m"),
    [
        (Interval(least=360.0, most=370.0), Interval(least=0.0, most=1.0)),
        (Interval(least=-10.0, most=10.0), Interval(least=0.0, most=1.0)),
        (Interval(least=10.0, most=370.1), Interval(least=0.0, most=1.0)),
        (ALL_ROUND, Interval(least=-1.0, most=1.0)),
        (ALL_ROUND, Interval(least=0.0, most=21_000_000.0)),
    ],
)
def test_a_sector_turns_once_and_stays_on_earth(bearing_deg, range_m):
    """Bearings beyond one turn and ranges beyond the Earth are refused."""
    with pytest.raises(BadInput):
        Sector(origin=HERE, bearing_deg=bearing_deg, range_m=range_m)
    with pytest.raises(BadInput):
        BearingAndRange(origin=AIRFIELD, bearing_deg=bearing_deg, range_m=range_m)


@pytest.mark.parametrize("radius_m", [0.0, -1.0, math.nan, 3e7])
def test_a_circle_has_a_radius(radius_m):
    """A circle without an inside, or larger than the Earth, is refused."""
    with pytest.raises(BadInput, match="radius"):
        Circle(centre=HERE, radius_m=radius_m)


def test_the_smallest_and_the_loosest_can_be_built():
    """A circle of a centimetre and a bearing known to half a turn are values."""
    assert Circle(centre=HERE, radius_m=0.01).radius_m == 0.01
    loose = BearingAndRange(
        origin=AIRFIELD,
        bearing_deg=exactly(0.0),
        range_m=exactly(1.0),
        bearing_precision_deg=180.0,
    )
    with pytest.raises(BadInput, match="bearing precision"):
        msgspec.structs.replace(loose, bearing_precision_deg=180.1)


@pytest.mark.parametrize("precision_m", [-1.0, math.nan, math.inf])
def test_a_precision_is_a_length(precision_m):
    """A precision that is no length is refused, wherever it stands."""
    with pytest.raises(BadInput, match="precision"):
        Point(position=HERE, precision_m=precision_m)
    with pytest.raises(BadInput, match="precision"):
        Circle(centre=HERE, radius_m=1.0, precision_m=precision_m)
    with pytest.raises(BadInput, match="precision"):
        NamedOrigin(name="X", position=HERE, precision_m=precision_m)
    with pytest.raises(BadInput, match="precision"):
        BearingAndRange(
            origin=AIRFIELD,
            bearing_deg=ALL_ROUND,
            range_m=exactly(1.0),
            bearing_precision_deg=precision_m,
        )


def test_nothing_is_called_nothing():
    """A name of blanks names no place and no origin."""
    with pytest.raises(BadInput):
        Unlocated(name="  ")
    with pytest.raises(BadInput):
        NamedOrigin(name=" ", position=HERE)


@pytest.mark.parametrize(
    ("name", "kind", "label"),
    [
        ("Deir ez-Zor", "airfield", "Deir ez-Zor (airfield)"),
        ("Deir ez-Zor Airfield", "airfield", "Deir ez-Zor Airfield"),
        ("Pontoon", "", "Pontoon"),
    ],
)
def test_an_origin_is_labelled_with_its_kind(name, kind, label):
    """Two origins of one name are told apart by kind, said once."""
    assert NamedOrigin(name=name, kind=kind, position=HERE).label == label


FOOTPRINTS = [
    Point(position=HERE, precision_m=11.0),
    Circle(centre=HERE, radius_m=500.0),
    Sector(
        origin=HERE,
        bearing_deg=clockwise(337.5, 22.5),
        range_m=Interval(least=3_000.0, most=6_000.0),
        precision_m=500.0,
    ),
    Unlocated(name="points 1 and 2 on Kroum hill"),
]


@pytest.mark.parametrize("footprint", FOOTPRINTS, ids=lambda f: type(f).__name__)
def test_a_place_survives_the_wire(footprint):
    """A place of any footprint is the same after JSON, its words included."""
    place = Place(
        footprint=footprint,
        text="as told",
        format=PlaceFormat.GEOMETRY,
        told_from=BearingAndRange(
            origin=NamedOrigin(
                name="Deir ez-Zor", position=HERE, status=FactStatus.UNVERIFIED
            ),
            bearing_deg=exactly(180.0),
            range_m=exactly(9_000.0),
        ),
    )
    assert msgspec.json.decode(msgspec.json.encode(place), type=Place) == place


def test_a_place_knows_its_precision_and_origin():
    """Precision comes from the footprint, an unlocated name has none."""
    told = [Place(footprint=f, text="t", format=PlaceFormat.NAME) for f in FOOTPRINTS]
    assert [place.precision_m for place in told] == [11.0, 0.0, 500.0, None]
    assert told[0].origin is None
