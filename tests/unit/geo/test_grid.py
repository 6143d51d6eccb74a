"""MGRS references: square letters kept, cells covered, the missing asked for."""

import pytest

from clearline.geo.geodesy import distance_m
from clearline.geo.grid import in_next_squares, share_digits, write_grid, zone_of
from clearline.geo.plain import NoReading
from clearline.geo.reading import read_place
from clearline.model.places import PlaceFormat, Position

AIRFIELD = Position(lon=40.1760, lat=35.2854)


@pytest.mark.parametrize(
    ("text", "precision_m"),
    [
        ("37S FV 0 0", 7_075.0),
        ("37SFV0605", 707.5),
        ("37S FV 069 053", 70.75),
        ("37SFV 0694 0532", 7.08),
        ("37S FV 06940 05327", 0.71),
        ("37s fv 069 053", 70.75),
        ("MGRS: 37S FV 069053", 70.75),
        ("usng 37S-FV-069-053", 70.75),
    ],
)
def test_a_reference_is_its_cell(text, precision_m):
    """The centre of the cell, with half its diagonal: the airfield lies in each."""
    (reading,) = read_place(text)
    point = reading.place.footprint
    assert reading.place.format is PlaceFormat.MGRS
    assert point.precision_m == precision_m
    assert distance_m(point.position, AIRFIELD) <= precision_m


def test_the_centre_and_not_the_corner():
    """A 100 m cell is placed 50 m in from its south-west corner, both ways."""
    (cell,) = read_place("37S FV 069 053")
    (metre,) = read_place("37S FV 06950 05350")
    apart_m = distance_m(cell.place.footprint.position, metre.place.footprint.position)
    assert apart_m == pytest.approx(0.7, abs=0.1)


def test_another_square_is_another_place():
    """The same digits in the next square lie 100 km away."""
    (north,) = read_place("37S FV 070 963")
    (south,) = read_place("37S FU 070 963")
    apart_m = distance_m(north.place.footprint.position, south.place.footprint.position)
    assert apart_m == pytest.approx(100_000, rel=0.001)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("37S 069 053", "Which 100 km square"),
        ("37S069053", "Which 100 km square"),
        ("37S 06 05", "Which 100 km square"),
        ("37 S 0694 0532", "Which 100 km square"),
        ("38T 12 34", "Which 100 km square"),
        ("38T 12", "Which 100 km square"),
        ("38T 1 2", "Which 100 km square"),
        ("069 053", "Which 100 km square"),
        ("069053", "Which 100 km square"),
        ("FV 069 053", "Which zone"),
        ("FV069053", "Which zone"),
        ("37S FV", "no digits"),
        ("37S FV 0690 053", "same number of digits"),
        ("37S FV 06 90 05", "same number of digits"),
        ("37S FV 069", "3 digits"),
        ("37S FV 069405327123", "12 digits"),
        ("37I FV 069 053", "no MGRS latitude band I"),
        ("37A FV 069 053", "no MGRS latitude band A"),
        ("37S IV 069 053", "no MGRS cell"),
        ("38S FV 069 053", "no MGRS cell"),
        ("61S FV 069 053", "no MGRS cell"),
        ("0S FV 069 053", "no MGRS cell"),
        ("37S AV 05000 05000", "outside its own zone"),
        ("2N NR 0 0", "outside its own zone"),
        ("ZAH 00 000", "same number of digits"),
        ("ZIH 1212", "no MGRS cell"),
        ("AJZ 9999", "no MGRS cell"),
    ],
)
def test_what_is_missing_or_wrong_is_asked_for(text, why):
    """No letter or digit is ever supplied: what is missing is named and asked for."""
    with pytest.raises(NoReading, match=why) as refusal:
        read_place(text)
    assert refusal.value.next


def test_a_latitude_with_its_hemisphere_is_no_grid():
    """Whole degrees with a hemisphere stay degrees."""
    assert read_place("37 S 40 E")[0].place.format is PlaceFormat.DECIMAL
    assert [r.place.format for r in read_place("37S 40")] == [PlaceFormat.DECIMAL] * 2


@pytest.mark.parametrize(
    ("lat", "lon", "reference"),
    [
        (60.0, 5.0, "32V KM 76979 58157"),
        (75.0, 8.0, "31X FD 44293 29692"),
        (75.0, 20.9, "33X XD 70192 32079"),
        (75.0, 21.1, "35X LD 29807 32079"),
        (75.0, 33.1, "37X CD 29807 32079"),
        (0.0, 180.0, "1N AA 66021 00000"),
        (-1e-9, 0.5, "31N BA 21723 00000"),
    ],
    ids=["32V", "31X", "33X", "35X", "37X", "antimeridian", "a hair south of zero"],
)
def test_odd_zones_come_back(lat, lon, reference):
    """Where zones are not six degrees wide, or meet, references still come back."""
    position = Position(lon=lon, lat=lat)
    assert write_grid(position, 0.1) == reference
    (reading,) = read_place(reference)
    assert distance_m(position, reading.place.footprint.position) <= 0.72


def test_a_reference_is_no_finer_than_deserved():
    """The cell's half diagonal is at least the precision; too coarse is not written."""
    assert write_grid(AIRFIELD, 11.13) == "37S FV 069 053"
    assert write_grid(AIRFIELD, 7_075.0) == "37S FV 0 0"
    assert write_grid(AIRFIELD, 7_076.0) is None


@pytest.mark.parametrize(
    ("lat", "lon", "reference"),
    [
        (90.0, 10.0, "Z AH 00000 00000"),
        (89.5, 10.0, "Z AG 09639 45331"),
        (85.0, -170.0, "Y ZN 03545 47018"),
        (-85.0, 30.0, "B CS 77728 81040"),
        (-90.0, 10.0, "B AN 00000 00000"),
    ],
)
def test_the_polar_zones_are_written_and_come_back(lat, lon, reference):
    """Beyond the numbered zones A, B, Y and Z are read and written alike."""
    position = Position(lon=lon, lat=lat)
    assert write_grid(position, 0.71) == reference
    for text in (reference, reference.replace(" ", ""), f"USNG {reference}"):
        (reading,) = read_place(text)
        point = reading.place.footprint
        assert point.precision_m == 0.71
        assert distance_m(position, point.position) <= 0.72
    assert zone_of(position) is None
    assert not share_digits(position, AIRFIELD, 10.0)


@pytest.mark.parametrize("text", ["Bay 12", "bay 1234", "BAY 12", "Bay 1234"])
def test_a_name_like_a_polar_square_stays_a_name(text):
    """Small letters or few digits are somebody's name before they are Antarctica."""
    with pytest.raises(NoReading):
        read_place(text)


def test_the_squares_around_have_the_same_digits():
    """The eight squares around a position, 100 km off or 141 across the corner."""
    around = [distance_m(AIRFIELD, there) for there in in_next_squares(AIRFIELD)]
    assert len(around) == 8
    assert min(around) == pytest.approx(100_000, rel=0.001)
    assert max(around) == pytest.approx(141_421, rel=0.001)
    assert list(in_next_squares(Position(lon=0.0, lat=89.0))) == []
    assert len(list(in_next_squares(Position(lon=0.0, lat=-0.1)))) == 5


def test_the_same_digits_in_another_square_are_found():
    """A slip in the square letters shows as equal digits elsewhere."""
    (elsewhere,) = read_place("37S FU 06940 05327")
    there = elsewhere.place.footprint.position
    assert share_digits(AIRFIELD, there, 10.0)
    assert not share_digits(AIRFIELD, AIRFIELD, 10.0)
    assert not share_digits(AIRFIELD, Position(lon=40.2, lat=34.4), 10.0)


def test_the_zone_of_a_position():
    """A position knows its UTM zone."""
    assert zone_of(AIRFIELD) == 37
