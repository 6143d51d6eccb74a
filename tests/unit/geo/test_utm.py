"""UTM: zone with band or hemisphere, both meanings of S, the impossible refused."""

import pytest

from clearline.geo.geodesy import distance_m
from clearline.geo.plain import NoReading
from clearline.geo.reading import read_place
from clearline.geo.utm import write_utm
from clearline.model.places import PlaceFormat, Position

AIRFIELD = Position(lon=40.1760, lat=35.2854)


@pytest.mark.parametrize(
    "text",
    [
        "37 north 606940 mE 3905328 mN",
        "37 north 606940 3905328",
        "37N 606940 3905328",
        "37 N 606940 3905328",
        "UTM 37N 606940E 3905328N",
        "UTM zone 37N E606940 N3905328",
        "zone 37 north easting 606940 northing 3905328",
        "37N N 3905328 E 606940",
        "606940 3905328 37N",
        "606940 mE, 3905328 mN, zone 37 north",
        "37N 606940m 3905328m",
        "UTM: 37N, 606940, 3905328 WGS84",
        "٣٧N ٦٠٦٩٤٠ ٣٩٠٥٣٢٨",  # noqa: RUF001 (Arabic-Indic digits)
    ],
)
def test_zone_and_metres_are_a_point(text):
    """Every usual way to write one position has one reading, to a metre."""
    (reading,) = read_place(text)
    point = reading.place.footprint
    assert reading.place.format is PlaceFormat.UTM
    assert point.precision_m == 1.0
    assert distance_m(point.position, AIRFIELD) < 1.0


def test_s_is_a_band_and_a_hemisphere():
    """37S is Syria by its band and the southern ocean by its hemisphere: both."""
    band, half = read_place("37S 606940 3905328")
    assert distance_m(band.place.footprint.position, AIRFIELD) < 1.0
    assert "latitude band S" in band.understood
    assert half.place.footprint.position.lat == pytest.approx(-54.99, abs=0.01)
    assert "southern hemisphere" in half.understood
    assert "from reading 2" in band.understood


def test_s_has_one_meaning_where_the_other_lies_nowhere():
    """A northing that no band S has leaves the hemisphere, and the reading says so."""
    (south,) = read_place("37S 606940 9000000")
    assert south.place.footprint.position.lat == pytest.approx(-9.05, abs=0.01)
    assert "southern hemisphere" in south.understood


def test_n_is_the_same_place_either_way():
    """Band N lies in the northern hemisphere: no choice is left."""
    (reading,) = read_place("37N 606940 405328")
    assert reading.place.footprint.position.lat == pytest.approx(3.67, abs=0.01)


def test_words_say_the_hemisphere():
    """North and south in full are hemispheres and nothing else."""
    (south,) = read_place("37 south 606940 3905328")
    assert south.place.footprint.position.lat < 0.0


def test_another_band_has_to_hold_the_northing():
    """A band that contradicts the northing is refused with what it would be."""
    (reading,) = read_place("37T 606940 4650328")
    assert reading.place.footprint.position.lat == pytest.approx(42.0, abs=0.1)
    with pytest.raises(NoReading, match=r"35\.3° is not in band T"):
        read_place("37T 606940 3905328")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("37 606940 3905328", "Which hemisphere"),
        ("606940 3905328", "Which zone"),
        ("UTM 606940 mE 3905328 mN", "Which zone"),
        ("61N 606940 3905328", "no UTM zone 61"),
        ("0N 606940 3905328", "no UTM zone 0"),
        ("37N 906940 3905328", "easting of 906940"),
        ("37N 099999 3905328", "easting of 099999"),
        ("37N 606940 13905328", "northing of 13905328"),
        ("37I 606940 3905328", "no UTM latitude band I"),
        ("37A 606940 3905328", "no UTM latitude band A"),
        ("37N 606940 9505328", "beyond UTM"),
        ("37N 150000 7905328", "outside zone 37"),
    ],
)
def test_what_is_missing_or_impossible_is_asked_for(text, why):
    """No zone or hemisphere is supplied, and no figures are taken that cannot be."""
    with pytest.raises(NoReading, match=why) as refusal:
        read_place(text)
    assert refusal.value.next


def test_a_zone_may_be_used_a_little_beyond_its_edge():
    """Forty kilometres into the next zone are read, and the reading says so."""
    (reading,) = read_place("37N 790000 3905328")
    assert "beyond the edge of its zone" in reading.understood
    assert reading.place.footprint.position.lon > 42.0


def test_norway_has_zones_of_its_own():
    """Around Norway a zone is read where the rule or its exception puts it."""
    for text, lon in (("32V 250000 6700000", 4.5), ("31V 550000 6700000", 3.9)):
        (reading,) = read_place(text)
        assert reading.place.footprint.position.lon == pytest.approx(lon, abs=0.1)


def test_decimals_and_stated_worth_make_the_precision():
    """A digit more is ten times as good; what is said to be coarser is coarser."""
    (fine,) = read_place("37N 606940.12 3905328.34")
    assert fine.place.precision_m == 0.01
    (rough,) = read_place("37N 606900 3905300 ±100 m")
    assert rough.place.precision_m == 100.0
    (said,) = read_place("37N 606900 3905300 +/- 0.5 km")
    assert said.place.precision_m == 500.0


def test_beyond_the_zones_nothing_is_written():
    """Near the poles there is no UTM, and where nothing is known no metres."""
    assert write_utm(Position(lon=0.0, lat=84.5), 1.0) is None
    assert write_utm(Position(lon=0.0, lat=-80.5), 1.0) is None
    assert write_utm(AIRFIELD, 20_000.0) is None
    assert write_utm(AIRFIELD, 10_000.0) == ("37 north 610000 mE 3910000 mN ±10000 m")
    assert write_utm(Position(lon=40.176, lat=-35.2854), 1.0) == (
        "37 south 606941 mE 6094672 mN"
    )
